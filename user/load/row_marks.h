/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Marks in front of rows that are not what they seem: artefacts of how a
 * program was sampled.
 */
#ifndef LOAD_ROW_MARKS_H
#define LOAD_ROW_MARKS_H

#include <stdbool.h>
#include <stdio.h>

#include "../profile/functions.h"

#define MARK_NONE ' '
#define MARK_SYNTHETIC '~' /* no function: a frame for what was not sampled */
#define MARK_ENABLES '!'   /* most of it is time with interrupts off */

/* Of a name, whose module stands behind a tab, if at all. */
char mark_of_name(const char *text, size_t length);

/* Of a function of which @masked is what came late, interrupts being off. */
char mark_of_function(const struct function *function, double masked);

struct marks {
	bool synthetic, enables;
};

/* Remember that @mark was used; returns it. */
char marks_use(struct marks *marks, char mark);

/* What those that were used stand for, a line each. */
void marks_explain(const struct marks *marks, FILE *output);

#endif
