/* SPDX-License-Identifier: GPL-2.0 */
/* Folded text without a fault as a profile, of which all is summed up. */
#ifndef FOLDED_TEXT_H
#define FOLDED_TEXT_H

#include <string.h>

#include "../../user/text/folded.h"
#include "unit.h"

/* The caller's to free; @order as in struct folded_options. */
static inline struct profile *read_ordered(const char *text,
					   struct sample_times *order)
{
	const struct folded_options options = { .order = order };
	struct profile *profile = profile_new();
	struct folded_summary summary;
	FILE *input = fmemopen((void *)text, strlen(text), "r");
	struct lines *lines = lines_new(input, "in");

	CU_ASSERT_EQUAL(folded_read(lines, &options, profile, &summary, NULL),
			0);
	CU_ASSERT_EQUAL(summary.problems.count, 0);
	lines_free(lines);
	fclose(input);
	profile_finish(profile);
	return profile;
}

static inline struct profile *read_text(const char *text)
{
	return read_ordered(text, NULL);
}

#endif
