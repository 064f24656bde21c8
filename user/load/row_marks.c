// SPDX-License-Identifier: GPL-2.0
#include "row_marks.h"

#include <string.h>

#include "../profile/synthetic_frames.h"

#define MOST .5 /* of a function's total */

char mark_of_name(const char *text, size_t length)
{
	const char *tab = memrchr(text, '\t', length);

	if (tab)
		length = (size_t)(tab - text);
	return synthetic_meaning(text, length) ? MARK_SYNTHETIC : MARK_NONE;
}

char mark_of_function(const struct function *function, double masked)
{
	char mark = mark_of_name(function->text, function->length);

	if (mark == MARK_NONE && masked > MOST * function->total)
		mark = MARK_ENABLES;
	return mark;
}

char marks_use(struct marks *marks, char mark)
{
	marks->synthetic |= mark == MARK_SYNTHETIC;
	marks->enables |= mark == MARK_ENABLES;
	return mark;
}

void marks_explain(const struct marks *marks, FILE *output)
{
	if (marks->enables)
		fprintf(output,
			"  %c interrupts were off until this function turned "
			"them on: most of its total is what\n"
			"    ran before, unseen, and not its own work\n",
			MARK_ENABLES);
	if (marks->synthetic)
		fprintf(output,
			"  %c no function: time in which no sample was taken "
			"(--no-unseen leaves it out)\n",
			MARK_SYNTHETIC);
}
