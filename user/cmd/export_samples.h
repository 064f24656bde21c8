/* SPDX-License-Identifier: GPL-2.0 */
/* Exports of samples, not of sums: perf's text, speedscope. */
#ifndef CMD_EXPORT_SAMPLES_H
#define CMD_EXPORT_SAMPLES_H

#include <stdio.h>

#include "../load/input.h"

/*
 * @options->load.traces were filled by input_open(), or, of folded stacks,
 * which know no more than their profile, are filled now.
 */
void export_perf(const struct input *input, const struct input_options *options,
		 FILE *output);
void export_speedscope(const struct input *input,
		       const struct input_options *options, FILE *output);

#endif
