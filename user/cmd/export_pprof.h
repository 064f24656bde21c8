/* SPDX-License-Identifier: GPL-2.0 */
/* dither export pprof: what the input knows, as profile.proto. */
#ifndef CMD_EXPORT_PPROF_H
#define CMD_EXPORT_PPROF_H

#include <stdio.h>

#include "../load/input.h"

/*
 * @options->load.traces were filled by input_open(), or, of folded stacks,
 * which know no more than their profile, are filled now.
 */
void export_pprof(const struct input *input,
		  const struct input_options *options, FILE *output);

#endif
