// SPDX-License-Identifier: GPL-2.0
/* See text_kind.h. */
#include "text_kind.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "../base/lines.h"
#include "folded.h"
#include "foreign.h"
#include "perf_layout.h"

/* Stacks of one frame each: a profile has few, a list of numbers has many. */
#define SINGLE_MAX 20

/* Lines of a text, as folded stacks. */
struct tally {
	uint64_t lines;	 /* but blank ones and comments, */
	uint64_t stacks; /* those that end in a blank and a count, */
	uint64_t deep;	 /* … of several frames, */
	uint64_t spaced; /* … as in a sentence, */
	uint64_t odd;	 /* … of one frame that looks like no function, */
	uint64_t marked; /* … or surely is one */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

/* Whether no function and no thread is called so: "12", "size:", "a b". */
static bool is_odd(const char *text, size_t length)
{
	size_t words = 1;
	bool letter = false;

	for (size_t i = 0; i < length; i++) {
		letter |= is_letter(text[i]);
		words += i && is_blank(text[i]) && !is_blank(text[i - 1]);
	}
	return !letter || words > 1 || is_blank(*text) ||
	       strchr(":=,|", text[length - 1]) || *text == '@';
}

/* "read_[k]", "std::sort", "[libc.so.6]". */
static bool is_marked(const char *text, size_t length)
{
	return memmem(text, length, "::", 2) ||
	       (text[length - 1] == ']' &&
		(text[0] == '[' || memmem(text, length, "_[", 2)));
}

/*
 * A line in which ';' parts clauses, as in code, logs and prose. No thread's name
 * has quotes among several blanks.
 */
static bool is_sentence(const char *text, size_t length, const char *semicolon)
{
	size_t blanks = 0;

	if (memmem(text, length, ";;;", 3))
		return true;
	for (const char *at = text; at < semicolon; at++)
		blanks += is_blank(*at);
	if (blanks > 2 && memchr(text, '"', (size_t)(semicolon - text)))
		return true;
	if (!memmem(text, length, "; ", 2))
		return false;
	return blanks > 1 || memmem(text, length, " ; ", 3) ||
	       memchr(text, '"', length) || is_blank(*text);
}

static void count_stack(struct tally *tally, const char *text, size_t length)
{
	const char *semicolon;

	while (length && !is_blank(text[length - 1]))
		length--;
	while (length && is_blank(text[length - 1]))
		length--;
	tally->stacks++;
	semicolon = memchr(text, ';', length);
	if (!semicolon) {
		tally->odd += !length || is_odd(text, length);
		tally->marked += length && is_marked(text, length);
		return;
	}
	tally->deep++;
	tally->spaced += is_sentence(text, length, semicolon);
}

static void count_line(struct tally *tally, const char *text, size_t length)
{
	while (length && is_blank(text[length - 1]))
		length--;
	if (!length || folded_is_comment(text, length))
		return;
	tally->lines++;
	if (!memchr(text, '\0', length) && folded_is_stack(text, length))
		count_stack(tally, text, length);
}

static void count_lines(struct tally *tally, const char *text, size_t length)
{
	const char *end = text + length, *newline;

	for (; text < end; text = newline + 1) {
		newline = memchr(text, '\n', (size_t)(end - text));
		if (!newline)
			newline = end;
		count_line(tally, text, (size_t)(newline - text));
	}
}

static bool most(uint64_t partial, uint64_t whole, bool lenient)
{
	return partial && (lenient || partial >= whole - partial);
}

/* Nearly all lines are stacks, as no text is by chance. */
static bool is_surely_folded(const struct tally *tally)
{
	return tally->stacks * 10 >= tally->lines * 9 &&
	       tally->deep * 2 >= tally->stacks &&
	       tally->spaced * 2 < tally->deep;
}

static bool is_folded(const struct tally *tally, bool lenient)
{
	if (!most(tally->stacks, tally->lines, lenient))
		return false;
	if (!tally->deep)
		return lenient ||
		       (tally->marked && tally->odd * 2 <= tally->stacks) ||
		       (tally->stacks <= SINGLE_MAX && !tally->odd);
	return tally->deep * 10 >= tally->stacks &&
	       tally->spaced * 2 < tally->deep;
}

static int refuse(const char *name, const struct foreign *foreign,
		  struct error *error)
{
	return error_set(error, -EINVAL, "%s: seems to be %s: %s", name,
			 foreign->name, foreign->advice);
}

static int refuse_frameless(const char *name, struct error *error)
{
	return error_set(error, -EINVAL,
			 "%s: seems to be what `perf script` prints, but no "
			 "sample has a frame (fields ip, sym): record with -g",
			 name);
}

static int refuse_headless(const char *name, struct error *error)
{
	return error_set(error, -EINVAL,
			 "%s: seems to be what `perf script` prints, but where "
			 "samples begin cannot be told: print the fields comm, "
			 "tid, time and event, too",
			 name);
}

int text_kind_find(const char *name, const char *text, size_t length,
		   bool lenient, enum text_kind *kind, struct error *error)
{
	const struct foreign *foreign;
	struct tally tally = { 0 };
	struct perf_layout layout;

	*kind = TEXT_FOLDED;
	/* Binary, or one line that does not end here: its reader will judge. */
	if ((memchr(text, '\0', length) && !lenient) ||
	    (length >= LINES_PEEK && !memchr(text, '\n', length))) {
		foreign = foreign_find(text, length);
		if (!foreign)
			foreign = foreign_look(text, length);
		return foreign ? refuse(name, foreign, error) : 0;
	}
	count_lines(&tally, text, length);
	if (is_surely_folded(&tally) && tally.stacks)
		return 0;
	perf_layout_find(text, length, &layout);
	if (layout.samples && layout.lines >= tally.stacks &&
	    most(layout.lines, layout.lines + layout.others, lenient)) {
		*kind = TEXT_PERF_SCRIPT;
		return 0;
	}
	foreign = foreign_find(text, length);
	if (foreign)
		return refuse(name, foreign, error);
	if (layout.headers && !layout.lines &&
	    layout.headers * 2 >= tally.lines)
		return refuse_frameless(name, error);
	if (is_folded(&tally, lenient))
		return 0;
	if (!tally.lines)
		return error_set(error, -EINVAL, "%s: is empty%s: no samples",
				 name, length ? " but for comments" : "");
	if (layout.orphans * 3 >= tally.lines && !layout.lines)
		return refuse_headless(name, error);
	return refuse(name, foreign_guess(text, length), error);
}
