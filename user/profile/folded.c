// SPDX-License-Identifier: GPL-2.0
/*
 * Reads folded stacks: takes whatever other tools produce, line by line, and
 * names every line that it cannot use.
 */
#include "folded.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define EXACT_MAX (1ULL << 53) /* integers up to here are exact doubles */

struct line {
	char *text;
	size_t length, room;
	unsigned long long number;
	bool too_long;
};

/* False at the end of the input. */
static bool read_line(FILE *input, struct line *line)
{
	int c = getc_unlocked(input);

	line->length = 0;
	line->too_long = false;
	if (c == EOF)
		return false;
	line->number++;
	for (; c != EOF && c != '\n'; c = getc_unlocked(input)) {
		if (line->length == FOLDED_LINE_MAX) {
			line->too_long = true;
			continue;
		}
		line->text =
			alloc_grow(line->text, line->length, &line->room, 1);
		line->text[line->length++] = (char)c;
	}
	return true;
}

static void problem(struct folded_summary *summary, const char *name,
		    const struct line *line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void problem(struct folded_summary *summary, const char *name,
		    const struct line *line, const char *format, ...)
{
	size_t room = sizeof(summary->problem[0]);
	va_list args;
	char *text;
	int used;

	if (summary->problems++ >= FOLDED_PROBLEMS_KEPT)
		return;
	text = summary->problem[summary->problems - 1];
	used = snprintf(text, room, "%.150s:%llu: ", name, line->number);
	va_start(args, format);
	vsnprintf(text + used, room - used, format, args);
	va_end(args);
}

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
static bool parse_count(const char *text, size_t length, double *count)
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

/* For a message: nothing that could steer a terminal, not too long. */
static const char *quoted(const char *text, size_t length, char out[24])
{
	size_t i;

	for (i = 0; i < length && i < 20; i++)
		out[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	memcpy(out + i, i < length ? ".." : "", i < length ? 3 : 1);
	return out;
}

struct frames {
	uint32_t *names;
	size_t count, room;
};

static void split_stack(struct profile *profile, struct frames *frames,
			const char *text, size_t length)
{
	const char *end = text + length, *next;

	frames->count = 0;
	for (;; text = next + 1) {
		next = memchr(text, ';', (size_t)(end - text));
		frames->names = alloc_grow(frames->names, frames->count,
					   &frames->room,
					   sizeof(*frames->names));
		frames->names[frames->count++] = profile_name(
			profile, text, (size_t)((next ? next : end) - text));
		if (!next)
			return;
	}
}

static size_t count_frames(const char *text, size_t length)
{
	size_t count = 1;

	for (size_t i = 0; i < length; i++)
		count += text[i] == ';';
	return count;
}

static void read_stack(struct profile *profile, struct frames *frames,
		       const struct line *line, const char *name,
		       struct folded_summary *summary)
{
	const char *text = line->text;
	size_t length = line->length, word;
	double count, other;
	char quote[24];

	while (length && is_blank(text[length - 1]))
		length--;
	if (!length || text[0] == '#')
		return;
	word = last_word(text, length);
	if (line->too_long)
		problem(summary, name, line, "longer than %u bytes",
			FOLDED_LINE_MAX);
	else if (memchr(text, '\0', length))
		problem(summary, name, line, "a NUL byte: this is not text");
	else if (!parse_count(text + word, length - word, &count))
		problem(summary, name, line, "'%s' is not a count of samples",
			quoted(text + word, length - word, quote));
	else if (!word)
		problem(summary, name, line, "a count, but no stack");
	else if (count_frames(text, word - 1) > FOLDED_DEPTH_MAX)
		problem(summary, name, line, "more than %u frames",
			FOLDED_DEPTH_MAX);
	else {
		length = word - 1;
		word = last_word(text, length);
		if (word && parse_count(text + word, length - word, &other))
			summary->two_counts++;
		split_stack(profile, frames, text, length);
		profile_add(profile, frames->names, frames->count, count);
		summary->stacks++;
	}
}

int folded_read(FILE *input, const char *name, struct profile *profile,
		struct folded_summary *summary, struct error *error)
{
	struct frames frames = { 0 };
	struct line line = { 0 };

	memset(summary, 0, sizeof(*summary));
	while (read_line(input, &line))
		if (line.length)
			read_stack(profile, &frames, &line, name, summary);
	free(frames.names);
	free(line.text);
	if (ferror(input))
		return error_set(error, -EIO,
				 "%s: reading failed after line %llu", name,
				 line.number);
	return 0;
}
