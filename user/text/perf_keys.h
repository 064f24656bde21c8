/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames told apart by what perf printed of them. A line of a call chain
 * without its address and offset repeats very often: it is looked up by its
 * bytes, so that each different one is taken apart once.
 */
#ifndef TEXT_PERF_KEYS_H
#define TEXT_PERF_KEYS_H

#include "../base/string_table.h"

struct perf_keys {
	struct string_table *keys;
	char *key; /* a line without its offset */
	size_t room;
};

/* No more is known of any. */
void perf_keys_reset(struct perf_keys *keys);
void perf_keys_free(struct perf_keys *keys);

/*
 * The number of what stands behind an address, from 0 on. *text and *length
 * become those of the line without its offset, until the next call.
 */
uint32_t perf_keys_find(struct perf_keys *keys, const char **text,
			size_t *length);

#endif
