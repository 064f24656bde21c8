// SPDX-License-Identifier: GPL-2.0
/*
 * A comm can look like anything, so the line is taken from its one sure mark,
 * the time: the numbers before it belong to perf, and what is left is comm.
 */
#include "perf_header.h"

#include <string.h>

#define NUMBER_MAX 19 /* digits that fit 64 bits */

struct word {
	const char *text;
	size_t length;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool next_word(const char **at, const char *end, struct word *word)
{
	while (*at < end && is_blank(**at))
		++*at;
	word->text = *at;
	while (*at < end && !is_blank(**at))
		++*at;
	word->length = (size_t)(*at - word->text);
	return word->length;
}

static bool last_word(const char *begin, const char **end, struct word *word)
{
	const char *at = *end;

	while (at > begin && is_blank(at[-1]))
		at--;
	word->length = 0;
	while (at > begin && !is_blank(at[-1])) {
		at--;
		word->length++;
	}
	word->text = at;
	*end = at;
	return word->length;
}

static size_t digits(const char *text, size_t length, uint64_t *value)
{
	size_t i = 0;

	*value = 0;
	for (; i < length && i < NUMBER_MAX && is_digit(text[i]); i++)
		*value = *value * 10 + (uint64_t)(text[i] - '0');
	return i;
}

/* "1234.567890:" in seconds. */
static bool parse_time(const struct word *word, uint64_t *time)
{
	uint64_t seconds, fraction;
	size_t whole, decimals;

	if (word->length < 4 || word->text[word->length - 1] != ':')
		return false;
	whole = digits(word->text, word->length, &seconds);
	if (!whole || whole > 10 || word->text[whole] != '.')
		return false;
	decimals = digits(word->text + whole + 1, word->length - whole - 2,
			  &fraction);
	if (!decimals || decimals > 9 ||
	    whole + 1 + decimals + 1 != word->length)
		return false;
	for (; decimals < 9; decimals++)
		fraction *= 10;
	*time = seconds * 1000000000 + fraction;
	return true;
}

static bool parse_cpu(const struct word *word, struct perf_header *header)
{
	uint64_t value;
	size_t length;

	if (word->length < 3 || word->text[0] != '[')
		return false;
	length = digits(word->text + 1, word->length - 1, &value);
	if (!length || length + 2 != word->length || value > UINT32_MAX ||
	    word->text[word->length - 1] != ']')
		return false;
	header->cpu = (uint32_t)value;
	header->has_cpu = true;
	return true;
}

/* "tid", "pid/tid"; perf writes -1 where it does not know. */
static bool parse_ids(const struct word *word, struct perf_header *header)
{
	const char *text = word->text, *end = text + word->length;
	uint64_t first, second;

	text += text < end && *text == '-';
	if (text == end || !is_digit(*text))
		return false;
	text += digits(text, (size_t)(end - text), &first);
	header->tid = (uint32_t)first;
	header->has_pid = false;
	if (text == end)
		return true;
	if (*text++ != '/')
		return false;
	text += text < end && *text == '-';
	if (text == end || !is_digit(*text))
		return false;
	text += digits(text, (size_t)(end - text), &second);
	header->pid = (uint32_t)first;
	header->tid = (uint32_t)second;
	header->has_pid = true;
	return text == end;
}

static void set_comm(struct perf_header *header, const char *begin,
		     const char *end)
{
	while (begin < end && is_blank(*begin))
		begin++;
	while (begin < end && is_blank(end[-1]))
		end--;
	header->comm = begin;
	header->comm_length = (size_t)(end - begin);
}

static bool parse_before(const char *begin, const char *end,
			 struct perf_header *header)
{
	struct word word;

	if (!last_word(begin, &end, &word))
		return false;
	/* Flags such as "d.h1." may stand between the CPU and the time. */
	if (!parse_cpu(&word, header) && !parse_ids(&word, header)) {
		if (!last_word(begin, &end, &word) || !parse_cpu(&word, header))
			return false;
	}
	if (header->has_cpu &&
	    (!last_word(begin, &end, &word) || !parse_ids(&word, header)))
		return false;
	set_comm(header, begin, end);
	return true;
}

/* The period, if any, and the event, up to its colon. */
static void parse_after(const char *at, const char *end,
			struct perf_header *header)
{
	const char *before = at;
	struct word word;

	if (!next_word(&at, end, &word))
		return;
	if (digits(word.text, word.length, &header->period) == word.length) {
		header->has_period = true;
		before = at;
		if (!next_word(&at, end, &word))
			return;
	}
	if (word.text[word.length - 1] == ':') {
		header->event = word.text;
		header->event_length = word.length - 1;
		before = at;
	}
	while (before < end && is_blank(*before))
		before++;
	header->rest = before;
	header->rest_length = (size_t)(end - before);
}

/* Without a time: the first number that is not the first word ends the comm. */
static bool parse_timeless(const char *text, const char *end,
			   struct perf_header *header)
{
	const char *at = text, *after;
	struct word word;

	if (at == end || is_blank(*at) || !next_word(&at, end, &word))
		return false;
	while (next_word(&at, end, &word)) {
		if (!parse_ids(&word, header))
			continue;
		set_comm(header, text, word.text);
		after = at;
		if (next_word(&at, end, &word) && parse_cpu(&word, header))
			after = at;
		parse_after(after, end, header);
		/* What is neither period nor event is no header's. */
		return !header->rest_length || header->event_length;
	}
	return false;
}

bool perf_header_parse(const char *text, size_t length,
		       struct perf_header *header)
{
	const char *end = text + length, *at = text, *colon = text;
	struct word word;

	memset(header, 0, sizeof(*header));
	header->event = header->rest = end;
	/* Colons are rare, so they lead to the time. */
	while ((colon = memchr(colon, ':', (size_t)(end - colon)))) {
		colon++;
		if (colon < end && !is_blank(*colon))
			continue;
		at = colon;
		if (!last_word(text, &at, &word) ||
		    !parse_time(&word, &header->time))
			continue;
		if (!parse_before(text, at, header))
			continue;
		header->has_time = true;
		parse_after(colon, end, header);
		return true;
	}
	return parse_timeless(text, end, header);
}

static bool names_record(const char *text, size_t length)
{
	static const char record[] = "PERF_RECORD_";

	return length >= sizeof(record) - 1 &&
	       !memcmp(text, record, sizeof(record) - 1);
}

bool perf_header_is_record(const struct perf_header *header)
{
	return names_record(header->event, header->event_length) ||
	       names_record(header->rest, header->rest_length);
}
