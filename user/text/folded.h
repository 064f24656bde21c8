/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Folded stacks, the text that flame graph tools share: one stack a line,
 * frames outermost first with ';' between them, a blank, the count.
 */
#ifndef TEXT_FOLDED_H
#define TEXT_FOLDED_H

#include <stdbool.h>
#include <stdio.h>

#include "../base/error.h"
#include "../profile/problems.h"
#include "../profile/profile.h"
#include "../profile/sample_times.h"
#include "parallel.h"

#define FOLDED_DEPTH_MAX 65536U /* frames of one stack */

struct folded_summary {
	uint64_t stacks;     /* lines that became a stack */
	uint64_t two_counts; /* of those: a second number before the count */
	struct problems problems; /* lines that were left out */
};

/* How to read; NULL for all of it: by one thread, names as they are. */
struct folded_options {
	const struct parallel *parallel; /* NULL: by one thread */
	struct sample_times
		*order;	       /* each line's number and stack, as if a time */
	bool demangle;	       /* mangled names, see folded_names.h */
};

/*
 * Add the lines to @profile, which the caller finishes. Blank lines and
 * comments are skipped; blanks at a line's end do not matter, within a frame
 * they do; counts may have decimals. An error is the lines'.
 */
int folded_read(struct lines *lines, const struct folded_options *options,
		struct profile *profile, struct folded_summary *summary,
		struct error *error);

/* Whether a line, without blanks at its end, ends in a blank and a count. */
bool folded_is_stack(const char *text, size_t length);

/*
 * Whether a line is a comment: '#', and then a blank, another '#', '!' or
 * nothing. Ruby's names begin with '#', too: "#<Class:Foo>#call".
 */
bool folded_is_comment(const char *text, size_t length);

/*
 * Write a finished profile, lines in the order of their bytes. What the
 * format cannot hold becomes '_': ';', newlines and NUL in names, the '#' of
 * what would be a comment. A byte order mark comes first where the first bytes
 * would be taken for one, or for packed data. A stack without frames has no
 * line. Write errors stay in @output's error flag.
 */
void folded_write(const struct profile *profile, FILE *output);

#endif
