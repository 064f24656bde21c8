/* SPDX-License-Identifier: GPL-2.0 */
/*
 * perf-script text line by line: into a profile, or, for a thread that reads a
 * piece of a text, into a part (part.h).
 */
#ifndef PROFILE_PERF_READER_H
#define PROFILE_PERF_READER_H

#include "../base/intern.h"
#include "part.h"
#include "perf_header.h"
#include "perf_script.h"
#include "perf_traces.h"

struct perf_reader {
	const struct perf_script_options *options;
	struct profile *profile;
	struct perf_script_summary *summary;
	struct part *part;   /* where samples go; NULL: to the profile */
	uint64_t line;	     /* the number of the last one */
	struct intern *keys; /* chain lines; their numbers index frames */
	uint32_t *frames;    /* names of the profile */
	size_t frame_count, frame_room;
	char *key; /* a chain line without its offset */
	size_t key_room;
	uint32_t *chain; /* of the sample, innermost first */
	size_t depth, chain_room;
	/* By event: names of the profile, or PROFILE_NONE. */
	uint32_t event_roots[PERF_SCRIPT_EVENTS];
	uint32_t names_before[PERF_SCRIPT_EVENTS]; /* its first sample */
	bool too_many_events;
	unsigned int first; /* event; PERF_SCRIPT_EVENTS: none yet */
	/* Each sample has its event as a root: always so in a part. */
	bool parted;
	bool open;   /* a sample has begun */
	bool wanted; /* and is to be kept */
	bool too_deep;
	bool single; /* its only frame stood on its first line */
	unsigned int event;
	double weight;
	uint64_t time;
	uint32_t roots[4]; /* innermost last */
	unsigned int root_count;
	struct perf_traces *traces; /* NULL: not wanted */
	struct trace_labels labels;
};

void perf_reader_init(struct perf_reader *reader,
		      const struct perf_script_options *options);
void perf_reader_free(struct perf_reader *reader);

/* Another profile: what was known of the names of the one before is not. */
void perf_reader_profile(struct perf_reader *reader, struct profile *profile);

/* True: no sample is open, and any line may follow. */
bool perf_reader_line(struct perf_reader *reader, struct line *line);

/* The text ends here. */
void perf_reader_end(struct perf_reader *reader);

/* Without blanks at its end. */
void perf_reader_trim(struct line *line);
/* Whether a line without those begins a sample, whatever came before it. */
bool perf_reader_begins(const struct line *line, struct perf_header *header);

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
