// SPDX-License-Identifier: GPL-2.0
/*
 * A comm can look like anything, so the line is read from its one sure mark,
 * the time or the event: the fields before it are perf's, from right to left,
 * and what is left is comm.
 */
#include "perf_header.h"

#include <string.h>

#include "perf_before_event.h"
#include "perf_message.h"
#include "perf_words.h"

/* perf's widths. */
#define TIME_COLUMNS 12
#define PERIOD_COLUMNS 10
#define ADDRESS_COLUMNS 17

#define METRIC "metric"

/* "1234.567890:" in seconds. */
static bool parse_time(const struct perf_word *word, uint64_t *time)
{
	uint64_t seconds, fraction;
	size_t whole, decimals;

	if (word->length < 4 || word->text[word->length - 1] != ':')
		return false;
	whole = perf_digits(word->text, word->length, &seconds);
	if (!whole || whole > 10 || word->text[whole] != '.')
		return false;
	decimals = perf_digits(word->text + whole + 1, word->length - whole - 2,
			       &fraction);
	if (!decimals || decimals > 9 ||
	    whole + 1 + decimals + 1 != word->length)
		return false;
	for (; decimals < 9; decimals++)
		fraction *= 10;
	*time = seconds * 1000000000 + fraction;
	return true;
}

static bool is_event(const struct perf_word *word)
{
	return word->length > 1 && word->text[word->length - 1] == ':';
}

/*
 * A number behind the time: the period, or an address of digits alone. Before
 * an event, or before what looks like an address, it is the period.
 */
static bool is_period(const char *behind, const char *end)
{
	struct perf_word word, next;
	size_t i = 0;

	if (!perf_next_word(&behind, end, &word) || is_event(&word))
		return true;
	while (i < word.length && perf_is_hexadecimal(word.text[i]))
		i++;
	return i == word.length && perf_next_word(&behind, end, &next) &&
	       next.text[0] != '(';
}

/* The period, if any, and the event, up to its colon. */
static void parse_after(const char *at, const char *end,
			struct perf_header *header)
{
	const char *before = at;
	struct perf_word word;

	header->rest = end;
	if (!perf_next_word(&at, end, &word))
		return;
	if (perf_is_number(&word, &header->period) && is_period(at, end)) {
		header->has_period = true;
		before = at;
		if (!perf_next_word(&at, end, &word))
			word.length = 0;
	}
	if (is_event(&word)) {
		header->event = word.text;
		header->event_length = word.length - 1;
		before = at;
	}
	header->rest = before;
	header->rest_length = (size_t)(end - before);
}

static void clear(struct perf_header *header, const char *end)
{
	memset(header, 0, sizeof(*header));
	header->comm = header->event = header->rest = end;
}

/*
 * The next word that ends in ':' from *colon on, which is moved behind it; they
 * are rare, so they lead to the marks.
 */
static bool next_mark(const char *text, const char **colon, const char *end,
		      struct perf_word *word)
{
	const char *at;

	while ((*colon = memchr(*colon, ':', (size_t)(end - *colon)))) {
		++*colon;
		if (*colon < end && !perf_is_blank(**colon))
			continue;
		at = *colon;
		if (perf_last_word(text, &at, word))
			return true;
	}
	return false;
}

/* Up to @marks, the beginning of what may hold colons of another meaning. */
static bool parse_timed(const char *text, const char *marks, const char *end,
			const struct perf_fields *fields,
			struct perf_header *header)
{
	const char *colon = text;
	struct perf_word word;

	while (next_mark(text, &colon, marks, &word)) {
		clear(header, end);
		if (!parse_time(&word, &header->time) ||
		    !perf_before_parse(text, word.text, fields, header))
			continue;
		header->has_time = true;
		parse_after(colon, end, header);
		return true;
	}
	return false;
}

/* Whether a thread's number or a CPU ends before @end. */
static bool ends_in_ids(const char *begin, const char *end)
{
	const char *at = end;
	struct perf_header unused = { 0 };
	struct perf_word word;

	perf_before_cpu(begin, &at, &unused);
	return at < end || (perf_last_word(begin, &at, &word) &&
			    perf_before_ids(&word, &unused));
}

/*
 * The period, if any, that stands before an event without a time. It has wider
 * columns than the thread's number, or stands behind that without any.
 */
static void take_period(const char *begin, const char **end,
			const struct perf_fields *fields,
			struct perf_header *header)
{
	const char *at = *end;
	struct perf_word word;
	uint64_t period;
	size_t width;

	if (!perf_last_word(begin, &at, &word) ||
	    !perf_is_number(&word, &period))
		return;
	width = perf_word_width(begin, &word);
	if (width < PERIOD_COLUMNS && !fields->no_tid &&
	    (width > word.length || !ends_in_ids(begin, at)))
		return;
	header->period = period;
	header->has_period = true;
	*end = at;
}

static bool parse_timeless(const char *text, const char *end,
			   const struct perf_fields *fields,
			   struct perf_header *header)
{
	const char *colon = text, *before;
	struct perf_word word;

	while (next_mark(text, &colon, end, &word)) {
		clear(header, end);
		before = word.text;
		if (!is_event(&word))
			continue;
		take_period(text, &before, fields, header);
		if (!perf_before_parse(text, before, fields, header) ||
		    (!header->has_tid && !header->has_period))
			continue;
		header->event = word.text;
		header->event_length = word.length - 1;
		header->rest = colon;
		header->rest_length = (size_t)(end - colon);
		return true;
	}
	return false;
}

/* Whether a word is an address with perf's columns: 16, and a blank or two. */
static bool is_address(const char *text, const struct perf_word *word)
{
	const char *end = word->text + word->length;

	if (end - perf_word_column(text, word) < ADDRESS_COLUMNS)
		return false;
	for (const char *at = word->text; at < end; at++)
		if (!perf_is_hexadecimal(*at))
			return false;
	return true;
}

/* A period that is told from a thread's number by its columns alone. */
static void take_wide_period(const char *begin, const char **end,
			     struct perf_header *header)
{
	const char *at = *end;
	struct perf_word word;

	header->has_period = perf_last_word(begin, &at, &word) &&
			     perf_is_number(&word, &header->period) &&
			     at > begin &&
			     perf_word_width(begin, &word) >= PERIOD_COLUMNS;
	if (header->has_period)
		*end = at;
}

/* The thread's number and CPU that end the line, or stand before a frame. */
static bool parse_bare(const char *text, const char *end,
		       const struct perf_fields *fields,
		       struct perf_header *header)
{
	const char *at = text, *before;
	struct perf_word word;

	clear(header, end);
	before = end;
	take_wide_period(text, &before, header);
	if (perf_before_parse(text, before, fields, header))
		return true;
	while (perf_next_word(&at, end, &word)) {
		before = perf_word_column(text, &word);
		if (before == text || !is_address(text, &word))
			continue;
		clear(header, end);
		header->rest = before;
		header->rest_length = (size_t)(end - before);
		take_wide_period(text, &before, header);
		if (perf_before_parse(text, before, fields, header))
			return true;
	}
	return false;
}

bool perf_header_parse(const char *text, size_t length,
		       const struct perf_fields *fields,
		       struct perf_header *header)
{
	const char *end = text + length;
	const char *record = perf_message_record(text, end);

	if (parse_timed(text, record, end, fields, header))
		return true;
	if (fields->mark == PERF_MARK_TIME || record < end)
		return false;
	if (parse_timeless(text, end, fields, header))
		return true;
	return fields->mark == PERF_MARK_IDS && !fields->no_tid &&
	       parse_bare(text, end, fields, header);
}

/* Whether time and period are as perf pads them: then all fields are. */
static bool is_padded(const char *text, const struct perf_word *mark,
		      enum perf_mark kind)
{
	const char *at = mark->text;
	struct perf_word period;
	uint64_t number;

	if (kind == PERF_MARK_TIME)
		return perf_word_width(text, mark) > TIME_COLUMNS;
	return perf_last_word(text, &at, &period) &&
	       perf_is_number(&period, &number) &&
	       perf_word_width(text, &period) >= PERIOD_COLUMNS;
}

static bool is_all_digits(const char *begin, const char *end)
{
	while (begin < end && *begin == ' ')
		begin++;
	for (const char *at = begin; at < end; at++)
		if (!perf_is_digit(*at))
			return false;
	return begin < end;
}

/* What stands before the mark. */
static void probe_before(const char *text, const char *end, bool padded,
			 struct perf_probe *probe)
{
	const char *begin = text, *before;
	struct perf_header header;
	struct perf_word word;

	clear(&header, end);
	perf_before_skip(&begin, &end);
	if (perf_before_latency(begin, end, &header)) {
		probe->latency = probe->has_ids = true;
		probe->cut = header.comm_length == PERF_COMM_COLUMNS_LATENCY;
		return;
	}
	perf_before_cpu(begin, &end, &header);
	before = end;
	if (perf_last_word(begin, &before, &word) &&
	    perf_before_ids(&word, &header)) {
		probe->has_ids = true;
		probe->narrow = !header.has_pid &&
				word.length < PERF_TID_COLUMNS &&
				perf_word_width(begin, &word) == word.length;
		end = before;
	}
	while (end > begin && perf_is_blank(end[-1]))
		end--;
	probe->eight = end - text == PERF_COMM_COLUMNS_LATENCY &&
		       (padded || probe->mark != PERF_MARK_TIME);
	probe->full = probe->eight && *text != ' ';
	probe->sure = padded;
	/* A number as comm, and one with a CPU's columns: perf script -L. */
	if (probe->has_ids && !header.has_cpu &&
	    word.length < PERF_TID_COLUMNS && end - begin >= PERF_TID_COLUMNS &&
	    is_all_digits(begin, end))
		probe->narrow = probe->sure = true;
	probe->no_comm = end == begin;
}

bool perf_header_probe(const char *text, size_t length,
		       struct perf_probe *probe)
{
	static const struct perf_fields none = { .mark = PERF_MARK_IDS };
	const char *end = text + length, *colon = text, *before;
	const char *record = perf_message_record(text, end);
	struct perf_header header;
	struct perf_word word;
	uint64_t time;

	memset(probe, 0, sizeof(*probe));
	while (next_mark(text, &colon, record, &word)) {
		if (!parse_time(&word, &time))
			continue;
		probe_before(text, word.text,
			     is_padded(text, &word, PERF_MARK_TIME), probe);
		clear(&header, end);
		parse_after(colon, end, &header);
		probe->rest = header.rest;
		probe->rest_length = header.rest_length;
		return true;
	}
	if (record < end)
		return false;
	colon = text;
	if (next_mark(text, &colon, end, &word) && is_event(&word)) {
		probe->mark = PERF_MARK_EVENT;
		before = word.text;
		clear(&header, end);
		take_period(text, &before, &none, &header);
		probe_before(text, before,
			     is_padded(text, &word, PERF_MARK_EVENT), probe);
		probe->rest = colon;
		probe->rest_length = (size_t)(end - colon);
		/* Else it is any word before a colon. */
		return probe->has_ids || header.has_period;
	}
	probe->mark = PERF_MARK_IDS;
	if (!parse_bare(text, end, &none, &header))
		return false;
	before = header.rest;
	take_wide_period(text, &before, &header);
	probe_before(text, before, header.has_period, probe);
	probe->rest = header.rest;
	probe->rest_length = header.rest_length;
	return true;
}

static bool begins(const char *text, size_t length, const char *with)
{
	return length >= strlen(with) && !memcmp(text, with, strlen(with));
}

bool perf_header_is_record(const struct perf_header *header)
{
	const char *rest = header->rest;
	size_t length = header->rest_length;

	for (; length && perf_is_blank(*rest); length--)
		rest++;
	return begins(header->event, header->event_length, PERF_RECORD) ||
	       begins(rest, length, PERF_RECORD) ||
	       (header->event_length == strlen(METRIC) &&
		begins(header->event, header->event_length, METRIC));
}
