/* SPDX-License-Identifier: GPL-2.0 */
/* The report on folded stacks and perf-script text. */
#ifndef REPORT_REPORT_TEXT_H
#define REPORT_REPORT_TEXT_H

#include <stdio.h>

#include "../load/input.h"
#include "../profile/functions.h"

/* @unit: unit_of() the input. At most @limit functions; 0: all. */
void report_text(const struct input *input, const char *unit,
		 enum functions_order order, size_t limit, FILE *output);

#endif
