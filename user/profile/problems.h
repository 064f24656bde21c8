/* SPDX-License-Identifier: GPL-2.0 */
/* Lines that a reader could not use: all counted, the first ones quoted. */
#ifndef PROFILE_PROBLEMS_H
#define PROFILE_PROBLEMS_H

#include <stddef.h>
#include <stdint.h>

#define PROBLEMS_KEPT 8U

struct problem {
	uint64_t line; /* from 1 */
	char text[160];
};

struct problems {
	uint64_t count;
	uint64_t ignored; /* lines left out without a problem of their own */
	uint64_t used;	  /* lines that were not left out */
	struct problem kept[PROBLEMS_KEPT];
};

void problems_add(struct problems *problems, uint64_t line, const char *format,
		  ...) __attribute__((format(printf, 3, 4)));

/* Those of a piece of the text that begins behind @lines lines. */
void problems_append(struct problems *problems, const struct problems *more,
		     uint64_t lines);

/* Text from outside for a message: short, and harmless to a terminal. */
const char *problems_quote(const char *text, size_t length, char out[24]);

#endif
