// SPDX-License-Identifier: GPL-2.0
/*
 * Reads folded stacks: takes whatever other tools produce, line by line, and
 * names every line that it cannot use.
 */
#include "folded.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define EXACT_MAX (1ULL << 53) /* integers up to here are exact doubles */

/*
 * Folded text is mostly sorted, and a line begins as the one before did. The
 * frames of that beginning need not be looked up again.
 */
struct reader {
	struct profile *profile;
	struct moments *order; /* NULL: not wanted */
	char *stack; /* of the line before */
	size_t length, room;
	struct frame {
		size_t end; /* behind its name, in @stack */
		uint32_t node;
	} * frames;
	size_t count, frame_room;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Digits, and decimals if any. Both the digits as an integer and the power of
 * ten are exact doubles, which makes the quotient the nearest one. Decimals
 * beyond that precision are dropped.
 */
bool folded_count(const char *text, size_t length, double *count)
{
	uint64_t digits = 0;
	double scale = 1;
	size_t i = 0;

	for (; i < length && is_digit(text[i]); i++) {
		digits = digits * 10 + (uint64_t)(text[i] - '0');
		if (digits > EXACT_MAX)
			return false;
	}
	if (!i)
		return false;
	if (i < length && text[i] == '.')
		i++;
	for (; i < length && is_digit(text[i]); i++) {
		if (digits > EXACT_MAX / 10 - 1 || scale >= 1e15)
			continue;
		digits = digits * 10 + (uint64_t)(text[i] - '0');
		scale *= 10;
	}
	*count = (double)digits / scale;
	return i == length;
}

/* Where the last word of the @length bytes at @text begins. */
static size_t last_word(const char *text, size_t length)
{
	while (length && !is_blank(text[length - 1]))
		length--;
	return length;
}

static size_t common_prefix(const char *a, size_t a_length, const char *b,
			    size_t b_length)
{
	size_t length = a_length < b_length ? a_length : b_length, i = 0;

	while (i + 8 <= length && !memcmp(a + i, b + i, 8))
		i += 8;
	while (i < length && a[i] == b[i])
		i++;
	return i;
}

static void keep_stack(struct reader *reader, const char *text, size_t length,
		       size_t same)
{
	if (!reader->stack || length > reader->room) {
		reader->room = length * 2 + 256;
		reader->stack = alloc_resize(reader->stack, reader->room, 1);
	}
	memcpy(reader->stack + same, text + same, length - same);
	reader->length = length;
}

static bool is_too_deep(const char *text, size_t length)
{
	size_t count = 1;

	if (length < FOLDED_DEPTH_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		count += text[i] == ';';
	return count > FOLDED_DEPTH_MAX;
}

/* The node of the stack's last frame. */
static uint32_t find_stack(struct reader *reader, const char *text,
			   size_t length)
{
	size_t same =
		common_prefix(reader->stack, reader->length, text, length);
	const char *end = text + length, *next, *at;
	uint32_t node;

	/* Whole frames only: the ';' behind must be the same, too. */
	while (reader->count && reader->frames[reader->count - 1].end >= same)
		reader->count--;
	at = text;
	node = PROFILE_ROOT;
	if (reader->count) {
		at += reader->frames[reader->count - 1].end + 1;
		node = reader->frames[reader->count - 1].node;
	}
	keep_stack(reader, text, length, same);
	for (;; at = next + 1) {
		next = memchr(at, ';', (size_t)(end - at));
		node = profile_child(
			reader->profile, node,
			profile_name(reader->profile, at,
				     (size_t)((next ? next : end) - at)));
		reader->frames = alloc_grow(reader->frames, reader->count,
					    &reader->frame_room,
					    sizeof(*reader->frames));
		reader->frames[reader->count++] = (struct frame){
			.end = (size_t)((next ? next : end) - text),
			.node = node,
		};
		if (!next)
			return node;
	}
}

static void read_stack(struct reader *reader, struct lines *lines,
		       const struct line *line, struct folded_summary *summary)
{
	struct problems *problems = &summary->problems;
	const char *text = line->text;
	size_t length = line->length, word;
	double count, other;
	char quote[24];
	uint32_t node;

	while (length && is_blank(text[length - 1]))
		length--;
	if (line->too_long) {
		problems_add(problems, lines, "longer than %u bytes",
			     LINES_MAX);
		return;
	}
	if (!length || text[0] == '#')
		return;
	word = last_word(text, length);
	if (memchr(text, '\0', length)) {
		problems_add(problems, lines, "a NUL byte: this is not text");
	} else if (!folded_count(text + word, length - word, &count)) {
		problems_add(problems, lines, "'%s' is not a count of samples",
			     problems_quote(text + word, length - word, quote));
	} else if (!word) {
		problems_add(problems, lines, "a count, but no stack");
	} else if (is_too_deep(text, word - 1)) {
		problems_add(problems, lines, "more than %u frames",
			     FOLDED_DEPTH_MAX);
	} else {
		length = word - 1;
		word = last_word(text, length);
		node = find_stack(reader, text, length);
		if (word && folded_count(text + word, length - word, &other))
			summary->two_counts++;
		profile_weigh(reader->profile, node, count);
		if (reader->order)
			moments_add(reader->order, lines_number(lines), node,
				    count);
		summary->stacks++;
	}
}

int folded_read(struct lines *lines, struct profile *profile,
		struct folded_summary *summary, struct error *error)
{
	return folded_read_order(lines, profile, NULL, summary, error);
}

int folded_read_order(struct lines *lines, struct profile *profile,
		      struct moments *order, struct folded_summary *summary,
		      struct error *error)
{
	struct reader reader = { .profile = profile, .order = order };
	struct line line;

	memset(summary, 0, sizeof(*summary));
	while (lines_next(lines, &line))
		read_stack(&reader, lines, &line, summary);
	free(reader.stack);
	free(reader.frames);
	return lines_failed(lines, error);
}

bool folded_is_stack(const char *text, size_t length)
{
	size_t word;
	double count;

	while (length && is_blank(text[length - 1]))
		length--;
	word = last_word(text, length);
	return word && folded_count(text + word, length - word, &count);
}
