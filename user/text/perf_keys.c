// SPDX-License-Identifier: GPL-2.0
/* See perf_keys.h. */
#include "perf_keys.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

void perf_keys_reset(struct perf_keys *keys)
{
	string_table_free(keys->keys);
	keys->keys = string_table_new();
}

void perf_keys_free(struct perf_keys *keys)
{
	string_table_free(keys->keys);
	free(keys->key);
}

static bool is_hexadecimal(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* Where the offset begins in "symbol+0x1a (object)", and behind it; or none. */
static bool find_offset(const char *text, size_t length, const char **begin,
			const char **end)
{
	const char *bracket = memrchr(text, '(', length), *at;

	if (!bracket || bracket < text + 4)
		return false;
	*end = at = bracket - 1;
	while (at > text && is_hexadecimal(at[-1]))
		at--;
	*begin = at - 3;
	return **end == ' ' && at != *end && at - text >= 4 &&
	       !memcmp(*begin, "+0x", 3);
}

/* The offset would tell the same function apart. */
uint32_t perf_keys_find(struct perf_keys *keys, const char **text,
			size_t *length)
{
	const char *begin, *end;
	size_t head, tail;

	if (find_offset(*text, *length, &begin, &end)) {
		head = (size_t)(begin - *text);
		tail = *length - (size_t)(end - *text);
		if (keys->room < *length) {
			keys->room = *length * 2;
			keys->key = alloc_resize(keys->key, keys->room, 1);
		}
		memcpy(keys->key, *text, head);
		memcpy(keys->key + head, end, tail);
		*text = keys->key;
		*length = head + tail;
	}
	return string_table_add(keys->keys, *text, *length);
}
