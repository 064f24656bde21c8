// SPDX-License-Identifier: GPL-2.0
/* See cpu_list.h. */
#include "cpu_list.h"

#include <stdio.h>

char *cpu_list_text(const bool *marked, unsigned int count)
{
	const char *comma = "";
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	for (unsigned int first = 0; first < count; first++) {
		unsigned int last = first;

		if (!marked[first])
			continue;
		while (last + 1 < count && marked[last + 1])
			last++;
		if (last > first)
			fprintf(out, "%s%u-%u", comma, first, last);
		else
			fprintf(out, "%s%u", comma, first);
		comma = ",";
		first = last;
	}
	fclose(out);
	return text;
}
