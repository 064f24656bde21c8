/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Samples with what a tree of names does not hold: addresses, what was mapped
 * there, whose they were, and several values each. Equal things are kept once;
 * all numbers count up from 0 in the order of first appearance.
 */
#ifndef PROFILE_SAMPLE_TABLE_H
#define PROFILE_SAMPLE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "../base/string_table.h"
#include "profile.h"

#define TRACES_NONE UINT32_MAX

struct trace_mapping {
	uint64_t start, limit; /* [start, limit); both 0: not known */
	uint64_t offset;       /* of start, in the file */
	uint32_t file;	       /* texts; */
	uint32_t build_id;     /* hexadecimal; TRACES_NONE: not known */
};

struct trace_location {
	uint64_t address; /* of a caller: within its call; 0: not known */
	uint32_t mapping; /* TRACES_NONE: not known */
	uint32_t name;	  /* texts: for people, */
	uint32_t symbol;  /* and as the file has it */
	uint32_t kind;	  /* enum trace_kind */
	uint32_t source;  /* text: its file of source; TRACES_NONE: not known */
	uint32_t line;	  /* in that; 0: not known */
};

enum trace_kind {
	TRACE_PROGRAM,
	TRACE_KERNEL,
	TRACE_GENERATED, /* by a program while it ran */
	TRACE_INLINED,
};

/* What .known says is known of these; texts are so unless TRACES_NONE. */
#define TRACE_PID 1U
#define TRACE_TID 2U
#define TRACE_CPU 4U

struct trace_labels {
	uint32_t process, thread; /* texts */
	uint32_t pid, tid, cpu;
	uint32_t known;
};

/* What values count, as texts: "cpu" in "nanoseconds". */
struct trace_column {
	uint32_t type, unit;
};

/* One value of a sample: a list, the last one ends with TRACES_NONE. */
struct trace_value {
	uint32_t column, next;
	double value;
};

struct trace_sample {
	uint32_t stack; /* node of .stacks, the innermost frame's */
	uint32_t values;
	struct trace_labels labels;
};

/* When a sample was taken, and what it counted for. */
struct trace_moment {
	uint64_t time; /* ns */
	double value;
	uint32_t sample, column;
};

struct traces {
	struct intern *texts;
	struct trace_mapping *mappings;
	struct trace_location *locations;
	struct trace_column *columns;
	struct trace_sample *samples;
	struct trace_value *values;
	size_t mapping_count, location_count, column_count, sample_count,
		value_count;
	/* In the order of traces_moment(). */
	struct trace_moment *moments;
	size_t moment_count;
	/* Never finished; its nodes' names are locations. */
	struct profile *stacks;
	/* For those who add: */
	struct intern *keys[4];
	size_t room[6];
};

struct traces *traces_new(void);
void traces_free(struct traces *traces);

uint32_t traces_text(struct traces *traces, const char *text, size_t length);
/* Structures without padding, of which every byte counts. */
uint32_t traces_mapping(struct traces *traces,
			const struct trace_mapping *mapping);
uint32_t traces_location(struct traces *traces,
			 const struct trace_location *location);
uint32_t traces_column(struct traces *traces, const char *type,
		       const char *unit);

/* Those of @count frames, innermost first, with these labels. */
uint32_t traces_sample(struct traces *traces, const uint32_t *locations,
		       size_t count, const struct trace_labels *labels);
void traces_add(struct traces *traces, uint32_t sample, uint32_t column,
		double value);

/* Keep when it was, beside what traces_add() sums up. */
void traces_moment(struct traces *traces, const struct trace_moment *moment);
/* In the order of time, equal ones as they were. */
void traces_sort(struct traces *traces);

/* The sample's value in @column, 0 if it has none. */
double traces_value(const struct traces *traces,
		    const struct trace_sample *sample, uint32_t column);

/*
 * How many of @name's last bytes are the suffix with which folded text marks
 * frames of @kind: "_[k]".
 */
size_t traces_suffix(const char *name, size_t length, uint32_t kind);

/* Where names are all there is: a finished profile's, valued in @column. */
void traces_add_profile(struct traces *traces, const struct profile *profile,
			uint32_t column);

#endif
