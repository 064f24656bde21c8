// SPDX-License-Identifier: GPL-2.0
/*
 * See perf_layout.h. A line begins a sample for sure only if a frame follows, on
 * it or below: of such lines those fields are counted that may be there or not.
 */
#include "perf_layout.h"

#include <string.h>

#include "perf_after_event.h"
#include "perf_message.h"
#include "perf_symbol.h"
#include "perf_words.h"

#define LONG 4096 /* bytes of a frame */

/* Lines with one mark. */
struct tally {
	uint64_t headers, samples;
	uint64_t ids, no_comm, narrow, sure, latency, cut, eight, full;
};

struct finder {
	struct perf_layout *layout;
	struct tally tallies[PERF_MARK_IDS + 1];
	bool open;	/* a line that may begin a sample was read, */
	bool confirmed; /* … and does */
	struct perf_probe probe;
	enum perf_rest rest;
	uint64_t frames, symbols, objects, data, unknown, instructions;
	uint64_t padded; /* frames with perf's columns */
};

static void count(struct tally *tally, const struct perf_probe *probe)
{
	tally->ids += probe->has_ids;
	tally->no_comm += probe->no_comm;
	tally->narrow += probe->narrow;
	tally->sure += probe->narrow && probe->sure;
	tally->eight += probe->eight;
	tally->full += probe->full;
	tally->latency += probe->latency;
	tally->cut += probe->cut;
}

static void confirm(struct finder *finder)
{
	if (!finder->open || finder->confirmed)
		return;
	finder->confirmed = true;
	finder->tallies[finder->probe.mark].samples++;
	count(&finder->tallies[finder->probe.mark], &finder->probe);
	finder->layout->lines++;
}

/* A frame with its address at @text, in a line that begins at @line. */
static void count_frame(struct finder *finder, const char *line,
			const char *text, size_t length)
{
	struct perf_word address = { .text = text };
	size_t digits = perf_address_digits(text, length);
	size_t columns =
		digits + (size_t)(text - perf_word_column(line, &address));
	struct perf_symbol symbol;

	text += digits;
	length -= digits;
	while (length && perf_is_blank(*text)) {
		text++;
		length--;
	}
	finder->frames++;
	/*
	 * A tab, a blank, or the blanks around nothing come before it; those of
	 * whole fields, on a sample's own line.
	 */
	finder->padded +=
		columns >= PERF_ADDRESS_MAX &&
		(columns <= PERF_ADDRESS_MAX + 2 || line == finder->probe.rest);
	perf_symbol_parse(text, length, &symbol);
	finder->symbols += symbol.name_length > 0;
	finder->objects += length && text[length - 1] == ')';
}

/* A sample without frames below it may have one on its own line. */
static void end_sample(struct finder *finder)
{
	const char *text = finder->probe.rest;
	size_t length = finder->probe.rest_length;
	struct perf_layout *layout = finder->layout;

	if (finder->open && !finder->confirmed && finder->rest) {
		if (finder->rest != PERF_REST_DATA) {
			perf_rest_frame(&text, &length);
			count_frame(finder, finder->probe.rest, text, length);
		}
		finder->data += finder->rest == PERF_REST_DATA;
		finder->unknown += finder->rest == PERF_REST_UNKNOWN;
		confirm(finder);
	} else if (finder->open && !finder->confirmed &&
		   finder->probe.mark != PERF_MARK_TIME) {
		layout->others++;
	}
	finder->open = false;
}

/*
 * Whether a frame is one by more than a number: it has an object, an offset, or
 * perf's columns. Of a very long one the end may be missing here.
 */
static bool is_telling(const char *line, const char *text, size_t length)
{
	struct perf_word address = { .text = text };

	return length && (length > LONG || text[length - 1] == ')' ||
			  memmem(text, length, "+0x", 3) ||
			  text + perf_address_digits(text, length) -
					  perf_word_column(line, &address) >=
				  PERF_ADDRESS_MAX);
}

static void begin_sample(struct finder *finder, const struct perf_probe *probe)
{
	const char *text = probe->rest;
	size_t length = probe->rest_length;

	end_sample(finder);
	finder->probe = *probe;
	finder->open = true;
	finder->confirmed = false;
	finder->rest = perf_rest_frame(&text, &length);
	if (probe->mark != PERF_MARK_TIME &&
	    !is_telling(probe->rest, text, length))
		finder->rest = PERF_REST_NOTHING;
	finder->tallies[probe->mark].headers++;
}

/* A line below the one that begins a sample. False: it is no such line. */
static bool chain_line(struct finder *finder, const char *text, size_t length)
{
	struct perf_layout *layout = finder->layout;
	const char *at = text, *end = text + length;
	size_t digits;

	while (at < end && perf_is_blank(*at))
		at++;
	digits = perf_address_digits(at, (size_t)(end - at));
	if (!digits || (layout->tabs && *text != '\t')) {
		layout->sources |= finder->confirmed && *text != '\t' &&
				   at - text == 2;
		return finder->confirmed && (*text == '\t' || at - text == 2);
	}
	if (*text == '\t' && digits == PERF_ADDRESS_MAX && at + digits < end &&
	    at[digits] == '\t') {
		finder->instructions++;
		return true;
	}
	if (!finder->confirmed && !is_telling(text, at, (size_t)(end - at)))
		return false;
	layout->chains = true;
	layout->tabs |= *text == '\t';
	confirm(finder);
	count_frame(finder, text, at, (size_t)(end - at));
	layout->lines++;
	return true;
}

static void read_line(struct finder *finder, const char *text, size_t length)
{
	struct perf_probe probe;

	while (length && perf_is_blank(text[length - 1]))
		length--;
	if (!length) {
		end_sample(finder);
		return;
	}
	if (memchr(text, '\0', length)) {
		finder->layout->others++;
		return;
	}
	if (finder->open && *text == ' ' && perf_rest_follows(text, length))
		return;
	if (*text != '\t' && perf_header_probe(text, length, &probe) &&
	    (probe.mark == PERF_MARK_TIME || *text != '#') &&
	    (probe.mark != PERF_MARK_IDS || *text != ' ' ||
	     probe.rest_length)) {
		begin_sample(finder, &probe);
		return;
	}
	if (*text != '\t' &&
	    perf_message_record(text, text + length) < text + length)
		return;
	if (finder->open &&
	    (perf_is_blank(*text) || perf_is_bare_frame(text, length)) &&
	    chain_line(finder, text, length))
		return;
	if (*text == '#' || *text == '|' || perf_message_is(text, length))
		return;
	finder->layout->others++;
	finder->layout->orphans += text[length - 1] == ')' &&
				   perf_rest_frame(&text, &length) !=
					   PERF_REST_NOTHING;
}

/* Whether perf itself printed it, columns and all. */
static bool is_padded(const struct finder *finder)
{
	return finder->padded && finder->padded == finder->frames;
}

/*
 * perf script -L has 8 columns for a comm; what fills them may have been longer.
 * Other layouts pad it to 16 where there are no call chains, and not at all
 * where there are.
 */
static bool is_cut(const struct finder *finder, const struct tally *tally)
{
	return tally->full && is_padded(finder) &&
	       (!finder->layout->chains || tally->eight > tally->full);
}

static const char *find_doubt(const struct finder *finder,
			      const struct tally *tally)
{
	const struct perf_layout *layout = finder->layout;

	if (finder->instructions)
		return "field brstackinsn: the code of branches cannot be told from call chains";
	if (tally->cut || is_cut(finder, tally))
		return "field comm: perf script -L cuts names of threads after 8 characters";
	if (tally->ids && tally->ids < tally->samples)
		return "field tid: some samples have a number where others have none";
	/* A timeless text has but its frames' columns to go by. */
	if (tally->sure ||
	    (tally->narrow && layout->fields.mark != PERF_MARK_TIME &&
	     is_padded(finder)))
		return "field tid: numbers may be threads' or the end of their names";
	if (finder->data && finder->data == tally->samples)
		return "field ip is missing: the addresses are those of data";
	if (finder->unknown && finder->unknown == tally->samples)
		return "what follows the frames is not known";
	if (finder->frames && !finder->symbols)
		return "field sym is missing: frames have no names";
	return NULL;
}

/* The fields of those lines that have frames, or else of all. */
static void find_fields(struct finder *finder)
{
	struct perf_layout *layout = finder->layout;
	struct tally sum = { 0 };

	layout->headers = finder->tallies[PERF_MARK_TIME].headers;
	for (int i = PERF_MARK_TIME; i <= PERF_MARK_IDS; i++) {
		const struct tally *tally = &finder->tallies[i];

		/* A weaker mark is one only where it is not by chance. */
		if (!tally->samples || tally->samples * 10 < sum.samples)
			continue;
		layout->fields.mark = (enum perf_mark)i;
		sum.samples += tally->samples;
		sum.ids += tally->ids;
		sum.no_comm += tally->no_comm;
		sum.narrow += tally->narrow;
		sum.sure += tally->sure;
		sum.eight += tally->eight;
		sum.full += tally->full;
		sum.latency += tally->latency;
		sum.cut += tally->cut;
	}
	layout->samples = sum.samples;
	if (!sum.samples) {
		layout->fields.mark = PERF_MARK_IDS;
		return;
	}
	layout->fields.no_tid = !sum.ids;
	layout->fields.no_comm = sum.no_comm == sum.samples;
	layout->fields.latency = sum.latency == sum.samples;
	layout->no_objects = finder->frames && !finder->objects;
	layout->doubt = find_doubt(finder, &sum);
}

void perf_layout_find(const char *text, size_t length,
		      struct perf_layout *layout)
{
	const char *end = text + length, *newline;
	struct finder finder = { .layout = layout };

	memset(layout, 0, sizeof(*layout));
	for (; text < end; text = newline + 1) {
		newline = memchr(text, '\n', (size_t)(end - text));
		if (!newline)
			newline = end;
		read_line(&finder, text, (size_t)(newline - text));
	}
	end_sample(&finder);
	find_fields(&finder);
}
