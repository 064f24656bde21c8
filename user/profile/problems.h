/* SPDX-License-Identifier: GPL-2.0 */
/* Lines that a reader could not use: all counted, the first ones told. */
#ifndef PROFILE_PROBLEMS_H
#define PROFILE_PROBLEMS_H

#include <stdint.h>

#include "../base/lines.h"

#define PROBLEMS_KEPT 8U

struct problems {
	uint64_t count;
	char text[PROBLEMS_KEPT][256]; /* "FILE:3: …" */
};

/* On the line read last. */
void problems_add(struct problems *problems, const struct lines *lines,
		  const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Text from outside for a message: short, and harmless to a terminal. */
const char *problems_quote(const char *text, size_t length, char out[24]);

#endif
