/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What could not be used, as sentences for the report: each one once, in the
 * order in which it came up.
 */
#ifndef RESOLVE_COMPLAINTS_H
#define RESOLVE_COMPLAINTS_H

#include <stddef.h>

struct complaints;

struct complaints *complaints_new(void);
void complaints_free(struct complaints *complaints);

void complaints_add(struct complaints *complaints, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

size_t complaints_count(const struct complaints *complaints);
const char *complaints_text(const struct complaints *complaints,
			    size_t number);

#endif
