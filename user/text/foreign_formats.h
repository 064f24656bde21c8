/* SPDX-License-Identifier: GPL-2.0 */
/* The table behind foreign.h. */
#ifndef TEXT_FOREIGN_FORMATS_H
#define TEXT_FOREIGN_FORMATS_H

#include <stddef.h>

#define FOREIGN_MARKS 3
#define FOREIGN_NO_STACKS                                                    \
	"it holds no stacks that dither reads; give a recording of "         \
	"`dither record`, what `perf script` prints, or folded stacks (the " \
	"stackcollapse tools make them)"

enum foreign_where {
	FOREIGN_BYTES, /* the first mark begins the file, the others are in it */
	FOREIGN_TEXT,  /* the same behind blanks, */
	FOREIGN_LINES, /* each begins a line, behind blanks, */
	FOREIGN_HOLDS, /* each is somewhere */
};

struct foreign {
	const char *name;   /* "an SVG picture" */
	const char *advice; /* what to do instead */
};

struct foreign_format {
	struct foreign foreign;
	enum foreign_where where;
	size_t size; /* of the first mark, where it holds NULs; or 0 */
	const char *marks[FOREIGN_MARKS]; /* all of them are needed */
};

/* More telling marks come first: a profile in JSON before JSON. */
extern const struct foreign_format foreign_formats[];
extern const size_t foreign_format_count;

#endif
