/* SPDX-License-Identifier: GPL-2.0 */
/* The part of the report on stacks: how far they reach, and why no further. */
#ifndef REPORT_REPORT_STACKS_H
#define REPORT_REPORT_STACKS_H

#include <stdio.h>

#include "../load/load.h"

/* How user stacks were to be walked, a line for the report's head. */
void report_unwinder(const struct load *load, FILE *output);

void report_stacks(const struct load *load, FILE *output);

#endif
