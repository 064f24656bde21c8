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
#include "folded_names.h"
#include "folded_number.h"
#include "partial_profile.h"
#include "stack_queue.h"

/* So many stacks enter the profile together. */
#define TOGETHER 64

/*
 * Folded text is mostly sorted, and a line begins as the one before did. The
 * names of that beginning need not be looked up again. Where it is not sorted,
 * stacks enter the profile some at a time, which is faster.
 */
struct reader {
	struct profile *profile;
	struct folded_summary *summary;
	struct sample_times *order;	/* NULL: not wanted; no parts then */
	bool is_whole;			/* not of a thread that reads pieces */
	struct folded_names *demangled; /* NULL: names stay as they are */
	uint64_t line;			/* the number of the last one */
	char *stack;			/* of the line before */
	size_t length, room;
	size_t *ends;	 /* of its frames, in @stack */
	uint32_t *names; /* of its frames */
	size_t count, end_room, name_room;
	struct stack_queue queue;
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

static void add_frame(struct reader *reader, size_t end, uint32_t name)
{
	reader->ends = alloc_grow(reader->ends, reader->count,
				  &reader->end_room, sizeof(*reader->ends));
	reader->names = alloc_grow(reader->names, reader->count,
				   &reader->name_room, sizeof(*reader->names));
	reader->ends[reader->count] = end;
	reader->names[reader->count++] = name;
}

/* The frames of this stack from @at on, some of them. Returns where they end. */
static const char *add_frames(struct reader *reader, const char *text,
			      const char *at, const char *end)
{
	struct string_table_word words[INTERN_TOGETHER];
	uint32_t names[INTERN_TOGETHER];
	const char *next;
	size_t count = 0;

	do {
		next = memchr(at, ';', (size_t)(end - at));
		if (!next)
			next = end;
		words[count++] =
			(struct string_table_word){ at, (size_t)(next - at) };
		at = next + 1;
	} while (next != end && count < INTERN_TOGETHER);
	folded_names_several(reader->demangled, reader->profile, words, count,
			     names);
	for (size_t i = 0; i < count; i++)
		add_frame(reader,
			  (size_t)(words[i].text + words[i].length - text),
			  names[i]);
	return next;
}

/* Makes @names those of this stack. Returns how many stay as they were. */
static size_t find_names(struct reader *reader, const char *text, size_t length)
{
	size_t same =
		common_prefix(reader->stack, reader->length, text, length);
	const char *end = text + length, *at = text;
	size_t shared;

	/* Whole frames only: the ';' behind must be the same, too. */
	while (reader->count && reader->ends[reader->count - 1] >= same)
		reader->count--;
	shared = reader->count;
	if (shared)
		at += reader->ends[shared - 1] + 1;
	keep_stack(reader, text, length, same);
	while ((at = add_frames(reader, text, at, end)) != end)
		at++;
	return shared;
}

static void flush(struct reader *reader)
{
	stack_queue_flush(&reader->queue, reader->profile, reader->order);
}

static void add_stack(struct reader *reader, const char *text, size_t length,
		      const struct folded_number *count)
{
	size_t shared = find_names(reader, text, length);
	const struct stack_weight weight = { *count, reader->line };

	stack_queue_add(&reader->queue, reader->names, reader->count, shared,
			NULL, &weight);
	reader->summary->stacks++;
	reader->summary->problems.used++;
	if (reader->is_whole && reader->queue.count == TOGETHER)
		flush(reader);
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
		reader->summary->two_counts += ends_in_count(text, word - 1);
		add_stack(reader, text, word - 1, &count);
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
	struct partial_profile partial; /* names only */
	struct stack_queue stacks;
	struct folded_summary summary;
	uint64_t lines;
};

struct worker {
	struct reader reader;
	struct partial_source source;
};

static void *worker_new(const void *reader)
{
	struct worker *worker = alloc_zeroed(1, sizeof(*worker));

	if (((const struct reader *)reader)->demangled)
		worker->reader.demangled = folded_names_new();
	return worker;
}

static void reader_free(struct reader *reader)
{
	free(reader->stack);
	free(reader->ends);
	free(reader->names);
	stack_queue_free(&reader->queue);
	folded_names_free(reader->demangled);
}

static void worker_free(void *context)
{
	struct worker *worker = context;

	reader_free(&worker->reader);
	partial_source_free(&worker->source);
	free(worker);
}

static void *read_part(void *context, struct lines *piece)
{
	struct folded_part *made = alloc_zeroed(1, sizeof(*made));
	struct worker *worker = context;
	struct reader *reader = &worker->reader;
	struct line line;

	made->partial.anew = partial_source_begin(&worker->source);
	if (made->partial.anew) {
		reader->count = 0;
		if (reader->demangled)
			folded_names_clear(reader->demangled);
	}
	reader->profile = worker->source.profile;
	reader->summary = &made->summary;
	reader->line = 0;
	while (lines_next(piece, &line))
		read_stack(reader, &line);
	partial_source_end(&worker->source, &made->partial);
	made->stacks = reader->queue;
	reader->queue = (struct stack_queue){ 0 };
	made->lines = reader->line;
	return made;
}

static void free_part(void *made)
{
	struct folded_part *partial = made;

	partial_free(&partial->partial);
	stack_queue_free(&partial->stacks);
	free(partial);
}

/* The caller's reader, with a map for each worker. */
struct whole {
	struct reader reader;
	struct partial_map maps[PARALLEL_THREADS_MAX];
};

static bool add_part(void *context, unsigned int worker, const void *made)
{
	const struct folded_part *from = made;
	struct whole *whole = context;
	struct reader *reader = &whole->reader;
	struct partial_map *map = &whole->maps[worker];
	const struct stack_queue *stacks = &from->stacks;
	size_t begin = 0;

	partial_map_add(map, &from->partial, reader->profile, NULL);
	for (size_t i = 0; i < stacks->count; i++) {
		const struct profile_stack *stack = &stacks->stacks[i];

		stack_queue_add(&reader->queue, stacks->names + begin,
				stack->end - begin, i ? stack->shared : 0,
				map->names, &stacks->weights[i]);
		begin = stack->end;
		if (reader->queue.count == TOGETHER)
			flush(reader);
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
	.partial_free = free_part,
	.add = add_part,
};

int folded_read(struct lines *lines, const struct folded_options *options,
		struct profile *profile, struct folded_summary *summary,
		struct error *error)
{
	static const struct folded_options defaults = { 0 };
	static const struct parallel alone = { .threads = 1 };
	/* Its reader comes first, so that it is one for read_stack(). */
	struct whole *whole = alloc_zeroed(1, sizeof(*whole));

	if (!options)
		options = &defaults;
	memset(summary, 0, sizeof(*summary));
	whole->reader.profile = profile;
	whole->reader.order = options->order;
	whole->reader.is_whole = true;
	whole->reader.summary = summary;
	if (options->demangle)
		whole->reader.demangled = folded_names_new();
	parallel_read(lines, options->parallel ? options->parallel : &alone,
		      &format, whole);
	flush(&whole->reader);
	for (size_t i = 0; i < PARALLEL_THREADS_MAX; i++)
		partial_map_free(&whole->maps[i]);
	reader_free(&whole->reader);
	free(whole);
	return lines_failed(lines, error);
}

bool folded_is_stack(const char *text, size_t length)
{
	size_t word;
	double count;

	word = last_word(text, length);
	return word && folded_count(text + word, length - word, &count);
}
