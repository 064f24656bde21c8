// SPDX-License-Identifier: GPL-2.0
/* See perf_before_event.h. Fields are read from right to left. */
#include "perf_before_event.h"

#include <stddef.h>
#include <string.h>

#define CPU_COLUMNS_LATENCY 3
#define MISC_COLUMNS 6

static bool parse_cpu(const struct perf_word *word, struct perf_header *header)
{
	uint64_t value;
	size_t length;

	if (word->length < 3 || word->text[0] != '[')
		return false;
	length = perf_digits(word->text + 1, word->length - 1, &value);
	if (!length || length + 2 != word->length || value > UINT32_MAX ||
	    word->text[word->length - 1] != ']')
		return false;
	header->cpu = (uint32_t)value;
	header->has_cpu = true;
	return true;
}

/* A number of 32 bits; perf writes -1 where it knows none. */
static size_t parse_id(const char *text, const char *end, uint32_t *id)
{
	bool minus = text < end && *text == '-';
	uint64_t value;
	size_t length;

	length =
		perf_digits(text + minus, (size_t)(end - text) - minus, &value);
	*id = (uint32_t)value;
	return length && value <= UINT32_MAX ? length + minus : 0;
}

/* "tid", "pid/tid". */
bool perf_before_ids(const struct perf_word *word, struct perf_header *header)
{
	const char *text = word->text, *end = text + word->length;
	size_t length = parse_id(text, end, &header->tid);

	if (!length)
		return false;
	header->has_pid = false;
	header->has_tid = true;
	text += length;
	if (text == end)
		return true;
	if (*text++ != '/')
		return false;
	header->pid = header->tid;
	length = parse_id(text, end, &header->tid);
	header->has_pid = true;
	return length && text + length == end;
}

static void set_comm(struct perf_header *header, const char *begin,
		     const char *end)
{
	while (begin < end && perf_is_blank(*begin))
		begin++;
	while (begin < end && perf_is_blank(end[-1]))
		end--;
	header->comm = begin;
	header->comm_length = (size_t)(end - begin);
	header->has_comm = true;
}

/* perf's date for the time of day: "2026-11-30 15:07:21.328764", or "N/A". */
static void skip_date(const char *begin, const char **end)
{
	const char *at = *end;
	struct perf_word word;

	if (!perf_last_word(begin, &at, &word))
		return;
	if (word.length == 3 && !memcmp(word.text, "N/A", 3)) {
		*end = at;
		return;
	}
	if (word.length < 8 || word.text[2] != ':' || word.text[5] != ':' ||
	    !perf_is_digit(word.text[0]) ||
	    !perf_last_word(begin, &at, &word) || word.length != 10 ||
	    word.text[4] != '-' || word.text[7] != '-')
		return;
	*end = at;
}

/* perf's letters for the mode: "U", "K", …, in a column of their own. */
static void skip_misc(const char *begin, const char **end)
{
	const char *at = *end;
	struct perf_word word;

	if (!perf_last_word(begin, &at, &word) ||
	    (size_t)(*end - word.text) < MISC_COLUMNS ||
	    word.length >= MISC_COLUMNS)
		return;
	for (size_t i = 0; i < word.length; i++)
		if (!perf_is_one_of(word.text[i], "KUHGgMESp"))
			return;
	*end = at;
}

/* "[001]", and the kernel's flags behind it, such as "d.h1.". */
void perf_before_cpu(const char *begin, const char **end,
		     struct perf_header *header)
{
	const char *at = *end;
	struct perf_word word;

	if (!perf_last_word(begin, &at, &word))
		return;
	if (!parse_cpu(&word, header) &&
	    (perf_before_ids(&word, header) ||
	     !perf_last_word(begin, &at, &word) || !parse_cpu(&word, header)))
		return;
	*end = at;
}

/*
 * The number in a column at *at, which is moved behind it and a blank: padded
 * by blanks on its left, or wider. False: there is none.
 */
static bool take_column(const char **at, const char *end, ptrdiff_t columns,
			uint32_t *number)
{
	const char *text = *at;
	size_t length;

	while (text < end && *text == ' ')
		text++;
	length = parse_id(text, end, number);
	if (!length || text + length - *at < columns ||
	    (text + length - *at > columns && text > *at))
		return false;
	*at = text + length + 1;
	return *at <= end;
}

/* "pid/tid ", of which the second is padded on its right. */
static bool take_ids(const char **at, const char *end,
		     struct perf_header *header)
{
	const char *text;
	size_t length;

	header->has_tid = true;
	if (!take_column(at, end, PERF_TID_COLUMNS, &header->tid))
		return false;
	header->has_pid = (*at)[-1] == '/';
	if (!header->has_pid)
		return (*at)[-1] == ' ';
	header->pid = header->tid;
	text = *at;
	length = parse_id(text, end, &header->tid);
	*at += (length > PERF_TID_COLUMNS ? length : PERF_TID_COLUMNS) + 1;
	return length && *at <= end && (*at)[-1] == ' ';
}

/* "    comm   tid cpu " of perf script -L, up to @end. */
bool perf_before_latency(const char *begin, const char *end,
			 struct perf_header *header)
{
	const char *at = begin + PERF_COMM_COLUMNS_LATENCY + 1;

	if (end - begin < PERF_COMM_COLUMNS_LATENCY + 1 || at[-1] != ' ' ||
	    !take_ids(&at, end, header) ||
	    !take_column(&at, end, CPU_COLUMNS_LATENCY, &header->cpu))
		return false;
	while (at < end && perf_is_blank(*at))
		at++;
	if (at < end)
		return false;
	header->has_cpu = true;
	set_comm(header, begin, begin + PERF_COMM_COLUMNS_LATENCY);
	return true;
}

/* "VM:12345 VCPU:001" before a guest's sample. */
static const char *skip_guest(const char *begin, const char *end)
{
	const char *at = begin + 3;
	struct perf_word word;
	uint64_t number;

	if (end - begin < 4 || memcmp(begin, "VM:", 3) ||
	    !perf_next_word(&at, end, &word) || !perf_is_number(&word, &number))
		return begin;
	begin = at;
	if (perf_next_word(&at, end, &word) && word.length > 5 &&
	    !memcmp(word.text, "VCPU:", 5))
		begin = at;
	return begin;
}

void perf_before_skip(const char **begin, const char **end)
{
	*begin = skip_guest(*begin, *end);
	skip_date(*begin, end);
	skip_misc(*begin, end);
}

bool perf_before_parse(const char *begin, const char *end,
		       const struct perf_fields *fields,
		       struct perf_header *header)
{
	struct perf_word word;

	perf_before_skip(&begin, &end);
	if (fields->latency)
		return perf_before_latency(begin, end, header);
	perf_before_cpu(begin, &end, header);
	header->has_tid = header->has_pid = false;
	if (!fields->no_tid && (!perf_last_word(begin, &end, &word) ||
				!perf_before_ids(&word, header)))
		return false;
	if (!fields->no_comm)
		set_comm(header, begin, end);
	return true;
}
