// SPDX-License-Identifier: GPL-2.0
/*
 * See perf_after_event.h. What follows the frame is cut off from the right,
 * word by word; of the addresses that are left, the frame's is the last one.
 */
#include "perf_after_event.h"

#include <string.h>

#include "perf_words.h"

#define ADDRESS_DIGITS 16
#define DATA_COLUMNS (ADDRESS_DIGITS + 1)
#define SURE_DIGITS 6 /* no symbol is taken for an address of so many */

static bool is(const struct perf_word *word, const char *text)
{
	return word->length == strlen(text) &&
	       !memcmp(word->text, text, word->length);
}

static bool is_hexadecimal(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!perf_is_hexadecimal(text[i]))
			return false;
	return length && length <= ADDRESS_DIGITS;
}

/* "4K", "2M", "1G", "N/A". */
static bool is_page_size(const struct perf_word *word)
{
	size_t digits = 0;

	if (is(word, "N/A"))
		return true;
	while (digits < word->length && perf_is_digit(word->text[digits]))
		digits++;
	return digits && digits + 1 == word->length &&
	       perf_is_one_of(word->text[digits], "KMGT");
}

/* "0x4005c0/0x4005d0/P/-/-/3": what was predicted, and two marks. */
static bool is_branch(const struct perf_word *word)
{
	const char *end = word->text + word->length;

	for (const char *at = word->text; at + 7 <= end; at++)
		if (at[0] == '/' && perf_is_one_of(at[1], "MPN-") &&
		    at[2] == '/' && perf_is_one_of(at[3], "X-") &&
		    at[4] == '/' && perf_is_one_of(at[5], "A-") && at[6] == '/')
			return at > word->text;
	return false;
}

/* "AX:0x1f", "ABI:2". */
static bool is_register(const struct perf_word *word)
{
	const char *colon = memchr(word->text, ':', word->length);
	const char *end = word->text + word->length;

	if (!colon || colon == word->text || colon + 1 == end)
		return false;
	if (end - colon > 3 && colon[1] == '0' && colon[2] == 'x')
		return is_hexadecimal(colon + 3, (size_t)(end - colon) - 3);
	return colon - word->text == 3 && !memcmp(word->text, "ABI", 3) &&
	       is_hexadecimal(colon + 1, (size_t)(end - colon) - 1);
}

/* "ilen: 4", "insn: 66 0f ef c0": whether it ends at *end, which moves. */
static bool cut_code(const char *begin, const char **end)
{
	const char *at = *end;
	struct perf_word word;

	while (perf_last_word(begin, &at, &word)) {
		if (is(&word, "insn:") || is(&word, "ilen:")) {
			*end = at;
			return true;
		}
		if (word.length > 2 || !is_hexadecimal(word.text, word.length))
			return false;
	}
	return false;
}

/* "IPC: 1.50 (30/20)". */
static bool cut_rate(const char *begin, const char **end)
{
	const char *at = *end;
	struct perf_word word;

	if (!perf_last_word(begin, &at, &word) || word.text[0] != '(' ||
	    !perf_last_word(begin, &at, &word) ||
	    !perf_last_word(begin, &at, &word) || !is(&word, "IPC:"))
		return false;
	*end = at;
	return true;
}

static bool cut_word(const char *begin, const char **end)
{
	const char *at = *end;
	struct perf_word word;

	if (!perf_last_word(begin, &at, &word))
		return false;
	if (is_page_size(&word) || is_branch(&word) || is_register(&word) ||
	    /* A physical address, which no blank parts from the frame. */
	    (is_hexadecimal(word.text, word.length) &&
	     word.text + word.length - perf_word_column(begin, &word) ==
		     ADDRESS_DIGITS)) {
		*end = at;
		return true;
	}
	return false;
}

static const char *trim(const char *begin, const char *end)
{
	while (end > begin && perf_is_blank(end[-1]))
		end--;
	return end;
}

/* Where what may follow a frame begins. */
static const char *cut_tail(const char *begin, const char *end)
{
	do
		end = trim(begin, end);
	while (cut_word(begin, &end) || cut_code(begin, &end) ||
	       cut_rate(begin, &end));
	return end;
}

bool perf_rest_follows(const char *text, size_t length)
{
	return cut_tail(text, text + length) == text;
}

/* A branch's target stands behind its address: "from (object) => to (object)". */
static const char *cut_target(const char *begin, const char *end)
{
	const char *arrow = memmem(begin, (size_t)(end - begin), " => ", 4);

	return arrow ? arrow : end;
}

struct candidate {
	struct perf_word word;
	bool aligned; /* as perf prints addresses */
};

/* An address that something other than perf's list of a data source follows. */
static bool is_candidate(const char *begin, const char *end,
			 const struct perf_word *word,
			 struct candidate *candidate)
{
	const char *at = word->text + word->length;
	const char *column = perf_word_column(begin, word);
	struct perf_word next;

	if (!is_hexadecimal(word->text, word->length) ||
	    !perf_next_word(&at, end, &next) || next.text[0] == '|')
		return false;
	candidate->word = *word;
	candidate->aligned = word->text + word->length - column >=
			     ADDRESS_DIGITS;
	return candidate->aligned || column == begin ||
	       word->text - column > 1 || word->length >= SURE_DIGITS;
}

/* The last one, among those with perf's columns if there are any. */
static bool find_address(const char *begin, const char *end,
			 struct candidate *found)
{
	struct candidate candidate;
	const char *at = begin;
	struct perf_word word;
	bool any = false;

	while (perf_next_word(&at, end, &word)) {
		if (!is_candidate(begin, end, &word, &candidate) ||
		    (any && found->aligned && !candidate.aligned))
			continue;
		*found = candidate;
		any = true;
	}
	return any;
}

/* Whether an object in brackets is followed by something. */
static bool goes_on(const char *text, const char *end)
{
	const char *open, *close;

	if (end[-1] == ')')
		return false;
	open = memmem(text, (size_t)(end - text), " (/", 3);
	if (!open)
		open = memmem(text, (size_t)(end - text), " ([", 3);
	close = open ? memchr(open, ')', (size_t)(end - open)) : NULL;
	return close;
}

enum perf_rest perf_rest_frame(const char **text, size_t *length)
{
	const char *begin = *text, *end = begin + *length;
	struct candidate found = { .aligned = false };

	if (!*length)
		return PERF_REST_NOTHING;
	end = cut_tail(begin, cut_target(begin, end));
	if (!find_address(begin, end, &found))
		return PERF_REST_NOTHING;
	if (perf_word_column(begin, &found.word) == begin &&
	    found.word.text + found.word.length - begin == DATA_COLUMNS)
		return PERF_REST_DATA;
	*text = found.word.text;
	*length = (size_t)(end - found.word.text);
	/* Events' own text may hold numbers of any kind. */
	if (!found.aligned && end[-1] != ')')
		return PERF_REST_NOTHING;
	return goes_on(*text, end) ? PERF_REST_UNKNOWN : PERF_REST_FRAME;
}
