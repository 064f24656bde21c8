// SPDX-License-Identifier: GPL-2.0
/* See palette_map.h. */
#include "palette_map.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/bytes.h"
#include "../base/string_table.h"

#define ARROW "->rgb("

struct palette_map {
	struct string_table *names;
	uint32_t *colours; /* by name */
	size_t room, added;
};

struct palette_map *palette_map_new(void)
{
	struct palette_map *map = alloc_zeroed(1, sizeof(*map));

	map->names = string_table_new();
	return map;
}

void palette_map_free(struct palette_map *map)
{
	if (!map)
		return;
	string_table_free(map->names);
	free(map->colours);
	free(map);
}

/* Whether the name was not there. */
static bool add(struct palette_map *map, const char *name, size_t length,
		uint32_t **colour)
{
	uint32_t count = string_table_count(map->names);
	uint32_t number = string_table_add(map->names, name, length);

	if (number == count)
		map->colours = alloc_grow(map->colours, count, &map->room,
					  sizeof(*map->colours));
	*colour = &map->colours[number];
	return number == count;
}

/* "12,", and on to what stands behind it. */
static bool read_part(const char **text, const char *end, char stop,
		      uint32_t *colour)
{
	const char *digits = *text;
	uint32_t part = 0;

	for (; *text < end && **text >= '0' && **text <= '9'; (*text)++)
		if (*text - digits >= 3)
			return false;
		else
			part = part * 10 + (uint32_t)(**text - '0');
	if (*text == digits || part > 255 || *text == end || **text != stop)
		return false;
	(*text)++;
	*colour = *colour << 8 | part;
	return true;
}

/* A name may hold an arrow itself: the last one counts. */
static bool read_line(struct palette_map *map, const char *text, size_t length)
{
	const char *end = text + length, *at = NULL, *next = text;
	uint32_t colour = 0, *place;

	while ((next = memmem(next, (size_t)(end - next), ARROW,
			      strlen(ARROW)))) {
		at = next;
		next += strlen(ARROW);
	}
	if (!at || memchr(text, '\0', length))
		return false;
	next = at + strlen(ARROW);
	if (!read_part(&next, end, ',', &colour) ||
	    !read_part(&next, end, ',', &colour) ||
	    !read_part(&next, end, ')', &colour) || next != end)
		return false;
	add(map, text, (size_t)(at - text), &place);
	*place = colour;
	return true;
}

int palette_map_read(struct palette_map *map, struct lines *lines,
		     struct error *error)
{
	struct line line;

	while (lines_next(lines, &line)) {
		size_t length = line.length;

		while (length && (line.text[length - 1] == '\r' ||
				  line.text[length - 1] == ' '))
			length--;
		if (!line.too_long &&
		    (!length || read_line(map, line.text, length)))
			continue;
		return error_set(error, -EINVAL,
				 "%s:%" PRIu64 ": not NAME->rgb(R,G,B)",
				 lines_name(lines), lines_number(lines));
	}
	return lines_failed(lines, error);
}

uint32_t palette_map_colour(struct palette_map *map, const char *name,
			    size_t length, uint32_t otherwise)
{
	uint32_t *colour;

	if (add(map, name, length, &colour)) {
		*colour = otherwise;
		map->added++;
	}
	return *colour;
}

size_t palette_map_added(const struct palette_map *map)
{
	return map->added;
}

struct entry {
	const char *name;
	size_t length;
	uint32_t colour;
};

static int by_name(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	return bytes_compare(a->name, a->length, b->name, b->length);
}

void palette_map_write(const struct palette_map *map, FILE *output)
{
	uint32_t count = string_table_count(map->names);
	struct entry *entries =
		alloc_zeroed((size_t)count + 1, sizeof(*entries));

	for (uint32_t i = 0; i < count; i++)
		entries[i] = (struct entry){ string_table_text(map->names, i),
					     string_table_length(map->names, i),
					     map->colours[i] };
	qsort(entries, count, sizeof(*entries), by_name);
	for (uint32_t i = 0; i < count; i++) {
		const struct entry *entry = &entries[i];

		if (memchr(entry->name, '\n', entry->length) ||
		    memchr(entry->name, '\0', entry->length))
			continue;
		fwrite(entry->name, 1, entry->length, output);
		fprintf(output, ARROW "%u,%u,%u)\n",
			(unsigned int)(entry->colour >> 16 & 0xff),
			(unsigned int)(entry->colour >> 8 & 0xff),
			(unsigned int)(entry->colour & 0xff));
	}
	free(entries);
}
