// SPDX-License-Identifier: GPL-2.0
/*
 * Samples begin with a line of their own and end where the next one begins, at
 * a blank line or with the text. Two kinds of frames are held back: one on the
 * sample's first line, for perf repeats in a call chain what it has shown there;
 * and, where lines of source follow frames, the last one, for such a line says
 * whether the frame was inlined.
 */
#include "perf_lines.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "perf_after_event.h"
#include "perf_message.h"
#include "perf_options.h"
#include "perf_words.h"

#define INLINED " (inlined)"
#define KERNEL " ([kernel.kallsyms])"
#define SOURCE_INDENT 2

void perf_lines_trim(struct line *line)
{
	while (line->length && perf_is_blank(line->text[line->length - 1]))
		line->length--;
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

/* The address at @text, of so many digits, and what follows it. */
static struct perf_frame frame_at(const char *text, size_t length,
				  size_t digits)
{
	struct perf_frame frame = { .digits = text, .digit_count = digits };
	size_t skip = digits;

	while (skip < length && perf_is_blank(text[skip]))
		skip++;
	frame.text = text + skip;
	frame.length = length - skip;
	return frame;
}

static void append(struct perf_lines *lines, const char *text, size_t length)
{
	while (lines->held_room < lines->held_length + length) {
		lines->held_room = (lines->held_length + length) * 2;
		lines->held = alloc_resize(lines->held, lines->held_room, 1);
	}
	memcpy(lines->held + lines->held_length, text, length);
	lines->held_length += length;
}

static void hold(struct perf_lines *lines, const char *text, size_t length)
{
	lines->held_length = 0;
	append(lines, text, length);
}

static void push_held(struct perf_lines *lines)
{
	struct perf_frame frame;

	if (!lines->held_length)
		return;
	frame = frame_at(lines->held, lines->held_length,
			 perf_address_digits(lines->held, lines->held_length));
	lines->held_length = 0;
	push_frame(lines, &frame);
}

/*
 * The upper half of all addresses is the kernel's; only where no objects are
 * printed is a frame judged by that.
 */
static bool is_kernel(const struct perf_lines *lines, const char *text,
		      size_t length)
{
	return lines->layout->no_objects && text[length - 1] != ')' &&
	       perf_address_digits(text, length) == PERF_ADDRESS_MAX &&
	       *text >= '8';
}

static void hold_frame(struct perf_lines *lines, const char *text,
		       size_t length)
{
	hold(lines, text, length);
	if (is_kernel(lines, text, length))
		append(lines, KERNEL, strlen(KERNEL));
}

/* A frame of a call chain, whose address has so many digits. */
static void take_frame(struct perf_lines *lines, const char *text,
		       size_t length, size_t digits)
{
	const struct perf_layout *layout = lines->layout;
	struct perf_frame frame;

	if (lines->held_length) {
		if (lines->single)
			lines->held_length = 0;
		lines->single = false;
		push_held(lines);
	}
	if (layout->sources || layout->no_objects) {
		hold_frame(lines, text, length);
		return;
	}
	frame = frame_at(text, length, digits);
	push_frame(lines, &frame);
}

static void end_sample(struct perf_lines *lines)
{
	bool wanted = lines->open && lines->wanted;

	lines->open = false;
	if (!wanted)
		return;
	push_held(lines);
	lines->taker->end(lines->context);
}

/* Nothing is made of the frames that follow. */
static void begin_unknown(struct perf_lines *lines, const char *problem)
{
	end_sample(lines);
	lines->open = true;
	lines->wanted = false;
	lines->unknown = true;
	problems_add(lines->problems, lines->line, "%s", problem);
}

static void begin_sample(struct perf_lines *lines,
			 const struct perf_header *header)
{
	const char *text = header->rest;
	size_t length = header->rest_length;
	enum perf_rest rest = perf_rest_frame(&text, &length);

	if (rest == PERF_REST_UNKNOWN) {
		begin_unknown(lines, "what follows the frame is not known");
		return;
	}
	end_sample(lines);
	lines->open = true;
	lines->unknown = false;
	lines->ended = false;
	lines->depth = 0;
	lines->too_deep = false;
	lines->held_length = 0;
	lines->single = rest == PERF_REST_FRAME;
	lines->problems->used++;
	lines->wanted = lines->taker->begin(lines->context, header);
	if (lines->wanted && lines->single)
		hold_frame(lines, text, length);
}

/* A line of source; behind an inlined frame it says so. */
static void source_line(struct perf_lines *lines, const struct line *line)
{
	size_t size = strlen(INLINED);

	lines->problems->used++;
	if (lines->held_length && line->length > size &&
	    !memcmp(line->text + line->length - size, INLINED, size))
		append(lines, INLINED, size);
}

/* An indented line that is no frame. */
static void aside_line(struct perf_lines *lines, const struct line *line,
		       size_t indent)
{
	if (perf_message_is(line->text, line->length))
		return;
	if (indent == SOURCE_INDENT)
		source_line(lines, line);
	else
		problems_add(lines->problems, lines->line,
			     "neither a frame nor what follows one");
}

/*
 * Without a tab a frame has an address or an object; both, where others have
 * tabs.
 */
static bool is_frame(const struct perf_lines *lines, const struct line *line,
		     size_t digits)
{
	bool has_object = line->text[line->length - 1] == ')';

	if (line->text[0] == '\t')
		return true;
	return lines->layout->tabs ? digits && has_object :
				     digits || has_object;
}

static void chain_line(struct perf_lines *lines, const struct line *line)
{
	size_t indent = 0, digits, length = line->length;
	const char *text = line->text;

	if (!lines->open) {
		if (!perf_message_is(text, length))
			problems_add(
				lines->problems, lines->line,
				"a frame, but no sample that it belongs to");
		return;
	}
	if (lines->unknown) {
		lines->problems->ignored++;
		return;
	}
	while (perf_is_blank(text[indent]))
		indent++;
	digits = perf_address_digits(text + indent, length - indent);
	if (!is_frame(lines, line, digits)) {
		aside_line(lines, line, indent);
		return;
	}
	lines->problems->used++;
	if (lines->wanted)
		take_frame(lines, text + indent, length - indent, digits);
}

/* A line that is not indented and begins no sample. */
static void other_line(struct perf_lines *lines, const struct line *line)
{
	const char *text = line->text;

	if (*text == '#' || *text == '|' || perf_message_is(text, line->length))
		return;
	/* Between frames it is a message; the sample goes on. */
	if (lines->open && lines->layout->chains && !lines->ended)
		problems_add(lines->problems, lines->line,
			     "neither a frame nor the beginning of a sample");
	else
		begin_unknown(lines,
			      "neither a frame nor the beginning of a sample");
}

/* What perf prints behind the frames, on a line of its own. */
static bool is_tail(const struct line *line)
{
	return line->text[0] == ' ' &&
	       perf_rest_follows(line->text, line->length);
}

/* The line is trimmed, not empty, and holds no NUL. */
static bool is_header(const struct perf_lines *lines, const struct line *line,
		      struct perf_header *header)
{
	return line->text[0] != '\t' &&
	       perf_header_parse(line->text, line->length,
				 &lines->layout->fields, header) &&
	       (header->has_time || line->text[0] != '#');
}

bool perf_lines_begins(const struct perf_lines *lines, const struct line *line)
{
	struct perf_header header;

	return line->length && !memchr(line->text, '\0', line->length) &&
	       !is_tail(line) && is_header(lines, line, &header);
}

static void take(struct perf_lines *lines, struct line *line)
{
	struct problems *problems = lines->problems;
	struct perf_header header;
	const char *end;

	if (line->too_long) {
		problems_add(problems, lines->line, "longer than %u bytes",
			     LINES_MAX);
		return;
	}
	perf_lines_trim(line);
	end = line->text + line->length;
	if (!line->length) {
		end_sample(lines);
	} else if (memchr(line->text, '\0', line->length)) {
		problems_add(problems, lines->line,
			     "a NUL byte: this is not text");
	} else if (line->text[0] == '\t') {
		chain_line(lines, line);
	} else if (lines->open && is_tail(line)) {
		problems->used++;
		lines->ended = true;
	} else if (is_header(lines, line, &header)) {
		begin_sample(lines, &header);
	} else if (perf_message_record(line->text, end) < end) {
		/* Without a time, and indented as the samples are. */
		return;
	} else if (line->text[0] == ' ' ||
		   perf_is_bare_frame(line->text, line->length)) {
		chain_line(lines, line);
	} else {
		other_line(lines, line);
	}
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
	free(lines->held);
}
