// SPDX-License-Identifier: GPL-2.0
/*
 * Writes folded stacks. The tree is walked in the order that sorting the
 * finished lines would give, so that never more than one line and one sorted
 * set of siblings a level are held.
 */
#include "folded.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/bytes.h"
#include "../base/decimal.h"
#include "../base/encoding.h"

/* Sums of decimals have no more; of less than 1 nothing is to become 0. */
#define COUNT_DECIMALS 6
#define SMALL_DECIMALS 9
#define SUM_MAX 0x1p120 /* what decimal_sum() takes */
#define TAIL_MAX (DECIMAL_MAX + 1)

struct frames {
	uint32_t *names;
	size_t count, room;
};

/* A node's own line, or all lines of its children. */
struct item {
	uint32_t node;
	bool children;
};

struct items {
	struct item *items;
	size_t count, room;
};

/* Its items end where those of the level above it begin. */
struct level {
	size_t begin, next;
	size_t path_length; /* of the line so far, up to these items */
};

/* What follows the name in the line; returns its length. */
static size_t item_tail(const struct profile *profile, const struct item *item,
			char tail[TAIL_MAX])
{
	double self = profile_node(profile, item->node).self;

	tail[0] = item->children ? ';' : ' ';
	tail[1] = '\0';
	if (item->children)
		return 1;
	if (self >= PROFILE_EXACT && self < SUM_MAX)
		decimal_sum(tail + 1, self, profile_rest(profile, item->node));
	else
		decimal_trimmed(tail + 1, self,
				self < 1 ? SMALL_DECIMALS : COUNT_DECIMALS);
	return strlen(tail);
}

static const char *item_name(const struct profile *profile,
			     const struct item *item, size_t *length)
{
	uint32_t name = profile_node(profile, item->node).name;

	*length = profile_text_length(profile, name);
	return profile_text(profile, name);
}

/* The order of two items when the name of @a is the beginning of that of @b. */
static int by_rest(const struct profile *profile, const struct item *a,
		   const struct item *b)
{
	char a_tail[TAIL_MAX], b_tail[TAIL_MAX], *rest;
	size_t a_name, b_name, a_length, b_length;
	const char *name;
	int order;

	item_name(profile, a, &a_name);
	name = item_name(profile, b, &b_name);
	a_length = item_tail(profile, a, a_tail);
	b_length = item_tail(profile, b, b_tail);
	rest = alloc_zeroed(b_name - a_name + b_length, 1);
	memcpy(rest, name + a_name, b_name - a_name);
	memcpy(rest + b_name - a_name, b_tail, b_length);
	order = bytes_compare(a_tail, a_length, rest,
			      b_name - a_name + b_length);
	free(rest);
	return order;
}

/*
 * The order of "name;" and "name count" as bytes, which is that of the whole
 * lines: no "name;" is the beginning of another one, for names hold no ';'.
 */
static int by_line(const void *left, const void *right, void *context)
{
	const struct profile *profile = context;
	const struct item *a = left, *b = right;
	size_t a_length, b_length;
	const char *a_name = item_name(profile, a, &a_length);
	const char *b_name = item_name(profile, b, &b_length);
	int order = memcmp(a_name, b_name,
			   a_length < b_length ? a_length : b_length);

	if (order)
		return order;
	if (a_length == b_length)
		return a->children - b->children;
	if (a_length < b_length)
		return by_rest(profile, a, b);
	return -by_rest(profile, b, a);
}

static struct level open_level(const struct profile *profile, uint32_t parent,
			       size_t path_length, struct items *items)
{
	struct level level = {
		.begin = items->count,
		.next = items->count,
		.path_length = path_length,
	};
	uint32_t child = profile_node(profile, parent).first_child;

	while (child != PROFILE_NONE) {
		struct profile_node node = profile_node(profile, child);

		for (int children = 0; children < 2; children++) {
			if (children ? node.first_child == PROFILE_NONE :
				       !(node.self > 0))
				continue;
			items->items = alloc_grow(items->items, items->count,
						  &items->room,
						  sizeof(*items->items));
			items->items[items->count++] =
				(struct item){ child, children };
		}
		child = node.next_sibling;
	}
	if (items->count - level.begin > 1)
		qsort_r(items->items + level.begin, items->count - level.begin,
			sizeof(*items->items), by_line, (void *)profile);
	return level;
}

static void write_lines(const struct profile *profile, FILE *output)
{
	size_t depth = 0, room = 0, path_room = TAIL_MAX, length, tail_length;
	struct level *levels = NULL, *level;
	struct items items = { 0 };
	struct item item;
	char *path, tail[TAIL_MAX];
	const char *name;
	bool begun = false;

	path = alloc_zeroed(path_room, 1);
	levels = alloc_grow(levels, depth, &room, sizeof(*levels));
	levels[depth++] = open_level(profile, PROFILE_ROOT, 0, &items);
	while (depth) {
		level = &levels[depth - 1];
		if (level->next == items.count) {
			items.count = level->begin;
			depth--;
			continue;
		}
		item = items.items[level->next++];
		name = item_name(profile, &item, &length);
		while (path_room < level->path_length + length + TAIL_MAX + 1)
			path = alloc_grow(path, path_room, &path_room, 1);
		memcpy(path + level->path_length, name, length);
		length += level->path_length;
		tail_length = item_tail(profile, &item, tail);
		memcpy(path + length, tail, tail_length);
		length += tail_length;
		if (item.children) {
			levels = alloc_grow(levels, depth, &room,
					    sizeof(*levels));
			levels[depth++] =
				open_level(profile, item.node, length, &items);
			continue;
		}
		path[length++] = '\n';
		if (!begun && !encoding_passes(path, length))
			fputs(ENCODING_MARK, output);
		begun = true;
		fwrite(path, 1, length, output);
	}
	free(path);
	free(levels);
	free(items.items);
}

/* Whether a line that begins with this name would be read as a comment. */
static bool is_comment(const struct profile *profile, uint32_t name)
{
	return folded_is_comment(profile_text(profile, name),
				 profile_text_length(profile, name));
}

/* What no line holds, or no frame. */
static bool is_foreign(char c)
{
	return c == ';' || c == '\n' || !c;
}

static bool is_clean(const struct profile *profile)
{
	struct profile_node node = profile_node(profile, PROFILE_ROOT);

	for (uint32_t i = 0; i < profile_names(profile); i++) {
		const char *text = profile_text(profile, i);
		size_t length = profile_text_length(profile, i);

		for (size_t j = 0; j < length; j++)
			if (is_foreign(text[j]))
				return false;
	}
	for (uint32_t i = node.first_child; i != PROFILE_NONE;
	     i = node.next_sibling) {
		node = profile_node(profile, i);
		if (is_comment(profile, node.name))
			return false;
	}
	return true;
}

static uint32_t clean_name(const struct profile *profile, struct profile *copy,
			   uint32_t name, bool outermost)
{
	bool comment = outermost && is_comment(profile, name);
	size_t length = profile_text_length(profile, name);
	char *text = alloc_zeroed(length + 1, 1);
	uint32_t number;

	memcpy(text, profile_text(profile, name), length);
	for (size_t i = 0; i < length; i++)
		if (is_foreign(text[i]) || (comment && !i))
			text[i] = '_';
	number = profile_name(copy, text, length);
	free(text);
	return number;
}

/* Names may fall together once cleaned, so their stacks are added afresh. */
static struct profile *clean_copy(const struct profile *profile)
{
	struct profile *copy = profile_new();
	struct frames frames = { 0 };

	for (uint32_t i = PROFILE_ROOT + 1; i < profile_nodes(profile); i++) {
		struct profile_node node = profile_node(profile, i);
		double self = node.self;
		uint32_t end;

		if (!(self > 0))
			continue;
		frames.count = 0;
		for (; node.name != PROFILE_NONE;
		     node = profile_node(profile, node.parent)) {
			frames.names = alloc_grow(frames.names, frames.count,
						  &frames.room,
						  sizeof(*frames.names));
			frames.names[frames.count++] =
				clean_name(profile, copy, node.name,
					   node.parent == PROFILE_ROOT);
		}
		for (size_t j = 0; j < frames.count / 2; j++) {
			uint32_t *other = &frames.names[frames.count - 1 - j];
			uint32_t swap = frames.names[j];

			frames.names[j] = *other;
			*other = swap;
		}
		end = profile_add(copy, frames.names, frames.count, self);
		if (profile_rest(profile, i))
			profile_weigh_more(copy, end, profile_rest(profile, i));
	}
	free(frames.names);
	profile_finish(copy);
	return copy;
}

void folded_write(const struct profile *profile, FILE *output)
{
	struct profile *copy;

	if (is_clean(profile)) {
		write_lines(profile, output);
		return;
	}
	copy = clean_copy(profile);
	write_lines(copy, output);
	profile_free(copy);
}
