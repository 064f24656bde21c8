// SPDX-License-Identifier: GPL-2.0
/*
 * Reads folded stacks: takes whatever other tools produce, line by line, and
 * names every line that it cannot use.
 */
#include "folded.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "parallel.h"
#include "folded_number.h"
#include "partial_profile.h"

/*
 * Folded text is mostly sorted, and a line begins as the one before did. The
 * frames of that beginning need not be looked up again.
 */
struct reader {
	struct profile *profile;
	struct folded_summary *summary;
	struct moments *order; /* NULL: not wanted; no part then */
	uint64_t line;	       /* the number of the last one */
	struct part *part;     /* where stacks go; NULL: to the profile */
	char *stack;	       /* of the line before */
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

/* Where the last word of the @length bytes at @text begins. */
static size_t last_word(const char *text, size_t length)
{
	while (length && !is_blank(text[length - 1]))
		length--;
	return length;
}

/*
 * Whether a stack ends in a blank and a count. Most do not, and have no blank:
 * only as far back as a count may reach is it searched for.
 */
static bool ends_in_count(const char *text, size_t length)
{
	size_t word = length;
	double count;

	while (word && (is_digit(text[word - 1]) || text[word - 1] == '.'))
		word--;
	return word && is_blank(text[word - 1]) &&
	       folded_count(text + word, length - word, &count);
}

static size_t common_prefix(const char *a, size_t a_length, const char *b,
			    size_t b_length)
{
	size_t length = a_length < b_length ? a_length : b_length, i = 0;
	uint64_t here, there;

	for (; i + sizeof(here) <= length; i += sizeof(here)) {
		memcpy(&here, a + i, sizeof(here));
		memcpy(&there, b + i, sizeof(there));
		if (here != there)
			break;
	}
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

static void weigh(struct reader *reader, uint32_t node, double weight,
		  bool more)
{
	const struct part_sample sample = {
		.weight = weight,
		.node = node,
		.more = more,
	};

	if (reader->part)
		part_add(reader->part, &sample);
	else
		part_weigh(&sample, reader->profile, node);
	if (reader->order)
		moments_add(reader->order, reader->line, node, weight);
}

static void keep_count(struct reader *reader, uint32_t node,
		       const struct folded_number *count)
{
	weigh(reader, node, count->value, false);
	if (count->rest)
		weigh(reader, node, count->rest, true);
	reader->summary->stacks++;
	reader->summary->problems.used++;
}

bool folded_is_comment(const char *text, size_t length)
{
	return length && text[0] == '#' &&
	       (length == 1 || is_blank(text[1]) || text[1] == '#' ||
		text[1] == '!');
}

/* True, always: the next line may begin a piece. */
static bool read_stack(void *context, struct line *line)
{
	struct reader *reader = context;
	struct problems *problems = &reader->summary->problems;
	const char *text = line->text;
	size_t length = line->length, word;
	struct folded_number count;
	char quote[24];
	uint32_t node;

	reader->line++;
	while (length && is_blank(text[length - 1]))
		length--;
	if (line->too_long) {
		problems_add(problems, reader->line, "longer than %u bytes",
			     LINES_MAX);
		return true;
	}
	if (!length || folded_is_comment(text, length))
		return true;
	word = last_word(text, length);
	if (memchr(text, '\0', length)) {
		problems_add(problems, reader->line,
			     "a NUL byte: this is not text");
	} else if (!folded_number(text + word, length - word, &count)) {
		problems_add(problems, reader->line,
			     "'%s' is not a count of samples",
			     problems_quote(text + word, length - word, quote));
	} else if (!word) {
		problems_add(problems, reader->line, "a count, but no stack");
	} else if (is_too_deep(text, word - 1)) {
		problems_add(problems, reader->line, "more than %u frames",
			     FOLDED_DEPTH_MAX);
	} else {
		node = find_stack(reader, text, word - 1);
		reader->summary->two_counts += ends_in_count(text, word - 1);
		keep_count(reader, node, &count);
	}
	return true;
}

/* Behind the last newline. */
static size_t cut(const void *reader, const char *text, size_t length)
{
	const char *newline = memrchr(text, '\n', length);

	(void)reader;
	return newline ? (size_t)(newline + 1 - text) : 0;
}

struct folded_part {
	struct part part;
	struct folded_summary summary;
	uint64_t lines;
};

struct worker {
	struct reader reader;
	struct part_source source;
};

static void *worker_new(const void *reader)
{
	(void)reader;
	return alloc_zeroed(1, sizeof(struct worker));
}

static void worker_free(void *context)
{
	struct worker *worker = context;

	free(worker->reader.stack);
	free(worker->reader.frames);
	part_source_free(&worker->source);
	free(worker);
}

static void *read_part(void *context, struct lines *piece)
{
	struct folded_part *made = alloc_zeroed(1, sizeof(*made));
	struct worker *worker = context;
	struct reader *reader = &worker->reader;
	struct line line;

	made->part.anew = part_source_begin(&worker->source);
	if (made->part.anew)
		reader->count = 0;
	reader->profile = worker->source.profile;
	reader->summary = &made->summary;
	reader->part = &made->part;
	reader->line = 0;
	while (lines_next(piece, &line))
		read_stack(reader, &line);
	part_source_end(&worker->source, &made->part);
	made->lines = reader->line;
	return made;
}

static void free_part(void *made)
{
	part_free(&((struct folded_part *)made)->part);
	free(made);
}

/* The caller's reader, with a map for each worker. */
struct whole {
	struct reader reader;
	struct part_map maps[PARALLEL_THREADS_MAX];
};

static bool add_part(void *context, unsigned int worker, const void *made)
{
	const struct folded_part *from = made;
	struct whole *whole = context;
	struct reader *reader = &whole->reader;
	struct part_map *map = &whole->maps[worker];

	part_map_add(map, &from->part, reader->profile, NULL);
	for (size_t i = 0; i < from->part.sample_count; i++) {
		const struct part_sample *sample = &from->part.samples[i];

		part_weigh(sample, reader->profile, map->nodes[sample->node]);
	}
	reader->summary->stacks += from->summary.stacks;
	reader->summary->two_counts += from->summary.two_counts;
	problems_append(&reader->summary->problems, &from->summary.problems,
			reader->line);
	reader->line += from->lines;
	return true;
}

static const struct parallel_format format = {
	.cut = cut,
	.line = read_stack,
	.worker_new = worker_new,
	.worker_free = worker_free,
	.read = read_part,
	.part_free = free_part,
	.add = add_part,
};

static int read_whole(struct lines *lines, const struct parallel *parallel,
		      struct profile *profile, struct moments *order,
		      struct folded_summary *summary, struct error *error)
{
	/* Its reader comes first, so that it is one for read_stack(). */
	struct whole *whole = alloc_zeroed(1, sizeof(*whole));

	memset(summary, 0, sizeof(*summary));
	whole->reader.profile = profile;
	whole->reader.order = order;
	whole->reader.summary = summary;
	parallel_read(lines, parallel, &format, whole);
	for (size_t i = 0; i < PARALLEL_THREADS_MAX; i++)
		part_map_free(&whole->maps[i]);
	free(whole->reader.stack);
	free(whole->reader.frames);
	free(whole);
	return lines_failed(lines, error);
}

int folded_read_parallel(struct lines *lines, const struct parallel *parallel,
			 struct profile *profile,
			 struct folded_summary *summary, struct error *error)
{
	return read_whole(lines, parallel, profile, NULL, summary, error);
}

static const struct parallel alone = { .threads = 1 };

int folded_read(struct lines *lines, struct profile *profile,
		struct folded_summary *summary, struct error *error)
{
	return read_whole(lines, &alone, profile, NULL, summary, error);
}

int folded_read_order(struct lines *lines, struct profile *profile,
		      struct moments *order, struct folded_summary *summary,
		      struct error *error)
{
	return read_whole(lines, &alone, profile, order, summary, error);
}

bool folded_is_stack(const char *text, size_t length)
{
	size_t word;
	double count;

	word = last_word(text, length);
	return word && folded_count(text + word, length - word, &count);
}
