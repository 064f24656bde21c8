// SPDX-License-Identifier: GPL-2.0
/*
 * Samples begin with a line of their own and end where the next one begins, at
 * a blank line or with the text.
 */
#include "perf_lines.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "perf_script.h"

#define ADDRESS_MAX 16 /* digits */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

void perf_lines_trim(struct line *line)
{
	while (line->length && is_blank(line->text[line->length - 1]))
		line->length--;
}

/* Most of a chain's bytes may be hexadecimal digits. */
static const bool hexadecimal[256] = {
	['0' ... '9'] = true,
	['a' ... 'f'] = true,
};

static size_t address_digits(const char *text, size_t length)
{
	size_t i = 0;

	while (i < length && i <= ADDRESS_MAX &&
	       hexadecimal[(unsigned char)text[i]])
		i++;
	return i <= ADDRESS_MAX && (i == length || text[i] == ' ') ? i : 0;
}

uint64_t perf_lines_address(const struct perf_frame *frame)
{
	const char *digits = frame->digits;
	uint64_t address = 0;

	for (size_t i = 0; i < frame->digit_count; i++)
		address = address << 4 |
			  (uint64_t)(digits[i] <= '9' ? digits[i] - '0' :
							digits[i] - 'a' + 10);
	return address;
}

static void push_frame(struct perf_lines *lines, const struct perf_frame *frame)
{
	if (lines->depth == PERF_SCRIPT_DEPTH_MAX) {
		if (!lines->too_deep)
			problems_add(lines->problems, lines->line,
				     "more than %u frames, the others left out",
				     PERF_SCRIPT_DEPTH_MAX);
		lines->too_deep = true;
		return;
	}
	lines->depth++;
	lines->taker->frame(lines->context, frame);
}

/* The address at @text, and what follows it. */
static struct perf_frame frame_at(const char *text, size_t length)
{
	struct perf_frame frame = {
		.digits = text,
		.digit_count = address_digits(text, length),
	};
	size_t skip = frame.digit_count;

	while (skip < length && text[skip] == ' ')
		skip++;
	frame.text = text + skip;
	frame.length = length - skip;
	return frame;
}

/*
 * Samples without a call chain have their frame on the same line. perf repeats
 * in a chain what it has shown there, so it counts where no chain follows.
 */
static void hold_single(struct perf_lines *lines,
			const struct perf_header *header)
{
	const char *text = header->rest;
	size_t length = header->rest_length;
	size_t digits = address_digits(text, length);

	if (!digits || digits == length || text[length - 1] != ')')
		return;
	if (lines->single_room < length) {
		lines->single_room = length * 2;
		lines->single =
			alloc_resize(lines->single, lines->single_room, 1);
	}
	memcpy(lines->single, text, length);
	lines->single_length = length;
}

static void end_sample(struct perf_lines *lines)
{
	bool wanted = lines->open && lines->wanted;
	struct perf_frame frame;

	lines->open = false;
	if (!wanted)
		return;
	if (lines->single_length) {
		frame = frame_at(lines->single, lines->single_length);
		lines->taker->frame(lines->context, &frame);
	}
	lines->taker->end(lines->context);
}

static void begin_sample(struct perf_lines *lines,
			 const struct perf_header *header)
{
	end_sample(lines);
	lines->open = true;
	lines->depth = 0;
	lines->too_deep = false;
	lines->single_length = 0;
	lines->wanted = lines->taker->begin(lines->context, header);
	if (lines->wanted)
		hold_single(lines, header);
}

static void chain_line(struct perf_lines *lines, const struct line *line)
{
	size_t begin = 0, length = line->length;
	const char *text = line->text;
	struct perf_frame frame;

	if (!lines->open) {
		problems_add(lines->problems, lines->line,
			     "a frame, but no sample that it belongs to");
		return;
	}
	if (!lines->wanted)
		return;
	while (is_blank(text[begin]))
		begin++;
	frame = frame_at(text + begin, length - begin);
	/* Two blanks and no address: a place in the source, not a frame. */
	if (!frame.digit_count && text[0] != '\t' && text[length - 1] != ')')
		return;
	lines->single_length = 0;
	push_frame(lines, &frame);
}

/* The line is trimmed, not empty, and holds no NUL. */
static bool is_header(const struct line *line, struct perf_header *header)
{
	return line->text[0] != '\t' &&
	       perf_header_parse(line->text, line->length, header) &&
	       (header->has_time || line->text[0] != '#');
}

bool perf_lines_begins(const struct line *line, struct perf_header *header)
{
	return line->length && !memchr(line->text, '\0', line->length) &&
	       is_header(line, header);
}

static void take(struct perf_lines *lines, struct line *line)
{
	struct problems *problems = lines->problems;
	struct perf_header header;

	if (line->too_long) {
		problems_add(problems, lines->line, "longer than %u bytes",
			     LINES_MAX);
		return;
	}
	perf_lines_trim(line);
	if (!line->length) {
		end_sample(lines);
		return;
	}
	if (memchr(line->text, '\0', line->length)) {
		problems_add(problems, lines->line,
			     "a NUL byte: this is not text");
		return;
	}
	if (line->text[0] == '\t') {
		chain_line(lines, line);
		return;
	}
	if (is_header(line, &header)) {
		begin_sample(lines, &header);
		return;
	}
	if (line->text[0] == ' ') {
		chain_line(lines, line);
		return;
	}
	if (line->text[0] == '#')
		return;
	end_sample(lines);
	/* Its frames are no further problems. */
	lines->open = true;
	lines->wanted = false;
	problems_add(problems, lines->line,
		     "neither a frame nor the beginning of a sample");
}

bool perf_lines_take(struct perf_lines *lines, struct line *line)
{
	lines->line++;
	take(lines, line);
	return !lines->open;
}

void perf_lines_end(struct perf_lines *lines)
{
	end_sample(lines);
}

void perf_lines_free(struct perf_lines *lines)
{
	free(lines->single);
}
