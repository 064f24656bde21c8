/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Samples of perf's into a profile, or, for a thread that reads a piece of a
 * text, into a part (partial_profile.h): by lines, or one by one from what was
 * imported.
 */
#ifndef TEXT_PERF_READER_H
#define TEXT_PERF_READER_H

#include "partial_profile.h"
#include "perf_keys.h"
#include "perf_lines.h"
#include "perf_options.h"
#include "perf_samples.h"
#include "perf_symbol.h"

struct perf_reader {
	const struct perf_script_options *options;
	struct profile *profile;
	struct perf_script_summary *summary;
	struct partial_profile
		*partial; /* where samples go; NULL: to the profile */
	struct perf_lines lines;
	struct perf_keys keys; /* their numbers index firsts */
	uint32_t *frames;      /* names of the profile */
	size_t frame_count, frame_room;
	uint32_t *firsts; /* by key: its first frame, the innermost */
	size_t key_count, key_room;
	uint32_t *chain; /* of the sample, innermost first */
	size_t depth, chain_room;
	/* By event: names of the profile, or PROFILE_NONE. */
	uint32_t event_roots[PERF_SCRIPT_EVENTS];
	uint32_t names_before[PERF_SCRIPT_EVENTS]; /* its first sample */
	bool too_many_events;
	unsigned int first; /* event; PERF_SCRIPT_EVENTS: none yet */
	/* Each sample has its event as a root: always so in a part. */
	bool parted;
	unsigned int event;
	uint64_t weight;
	uint64_t time;
	uint32_t roots[4]; /* innermost last */
	unsigned int root_count;
	struct perf_traces *table; /* NULL: not wanted */
	struct table_labels labels;
};

void perf_reader_init(struct perf_reader *reader,
		      const struct perf_script_options *options,
		      const struct perf_layout *layout);
void perf_reader_free(struct perf_reader *reader);

/* Another profile: what was known of the names of the one before is not. */
void perf_reader_profile(struct perf_reader *reader, struct profile *profile);

/* True: no sample is open, and any line may follow. */
bool perf_reader_line(struct perf_reader *reader, struct line *line);

/* The text ends here. */
void perf_reader_end(struct perf_reader *reader);

/*
 * The same without lines. A sample begins (false: it is not wanted), its frames
 * are pushed by their numbers, the innermost first, and it ends.
 */
bool perf_reader_begin_sample(struct perf_reader *reader,
			      const struct perf_header *header);
void perf_reader_push(struct perf_reader *reader, uint32_t frame,
		      uint64_t address);
void perf_reader_end_sample(struct perf_reader *reader);
/* A frame whose number is the next one, from 0 on. */
void perf_reader_add_frame(struct perf_reader *reader,
			   const struct perf_symbol *symbol);

/*
 * The number of an event in the summary, which it is added to, with this
 * period; PERF_SCRIPT_EVENTS: there are too many.
 */
unsigned int perf_reader_find_event(struct perf_reader *reader,
				    const char *name, size_t length,
				    uint64_t period);
/* Before the first line of a text. */
void perf_reader_summary(struct perf_reader *reader,
			 struct perf_script_summary *summary);
/*
 * A sample of this event comes. If it is the second event, from now on each
 * sample has a root, and those that came get one.
 */
void perf_reader_part_events(struct perf_reader *reader, unsigned int event);
/* The name of the event's root; in a part one that no frame can have. */
uint32_t perf_reader_event_root(struct perf_reader *reader, unsigned int event);

#endif
