// SPDX-License-Identifier: GPL-2.0
/* See recorded_contents.h; filled and asked by code_module.c. */
#include "recorded_contents.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/hash.h"

struct known {
	struct content content;
	bool changed;
};

struct contents {
	struct hash *numbers; /* identity -> known */
	struct known *known;
	size_t count, room;
};

struct contents *contents_new(void)
{
	struct contents *contents = alloc_zeroed(1, sizeof(*contents));

	contents->numbers = hash_new();
	return contents;
}

void contents_free(struct contents *contents)
{
	hash_free(contents->numbers);
	free(contents->known);
	free(contents);
}

void contents_add(struct contents *contents, uint32_t identity,
		  const struct content *content)
{
	uint32_t number = hash_get(contents->numbers, identity, 0);

	if (number != TABLE_NONE) {
		struct known *known = &contents->known[number];

		known->changed |=
			memcmp(&known->content, content, sizeof(*content)) != 0;
		return;
	}
	hash_put(contents->numbers, identity, 0, (uint32_t)contents->count);
	contents->known = alloc_grow(contents->known, contents->count,
				     &contents->room, sizeof(*contents->known));
	contents->known[contents->count++] =
		(struct known){ .content = *content };
}

void contents_find(const struct contents *contents, uint32_t identity,
		   struct recorded_file *file)
{
	uint32_t number = hash_get(contents->numbers, identity, 0);
	const struct known *known;

	if (number == TABLE_NONE)
		return;
	known = &contents->known[number];
	file->known = known->changed ? CONTENT_CHANGED : CONTENT_KNOWN;
	file->content = known->content;
}
