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

struct table_mapping {
	uint64_t start, limit; /* [start, limit); both 0: not known */
	uint64_t offset;       /* of start, in the file */
	uint32_t file;	       /* texts; */
	uint32_t build_id;     /* hexadecimal; TRACES_NONE: not known */
};

struct table_location {
	uint64_t address; /* of a caller: within its call; 0: not known */
	uint32_t mapping; /* TRACES_NONE: not known */
	uint32_t name;	  /* texts: for people, */
	uint32_t symbol;  /* and as the file has it */
	uint32_t kind;	  /* enum table_kind */
	uint32_t source;  /* text: its file of source; TRACES_NONE: not known */
	uint32_t line;	  /* in that; 0: not known */
};

enum table_kind {
	TRACE_PROGRAM,
	TRACE_KERNEL,
	TRACE_GENERATED, /* by a program while it ran */
	TRACE_INLINED,
};

/* What .known says is known of these; texts are so unless TRACES_NONE. */
#define TRACE_PID 1U
#define TRACE_TID 2U
#define TRACE_CPU 4U

struct table_labels {
	uint32_t process, thread; /* texts */
	uint32_t pid, tid, cpu;
	uint32_t known;
};

/* What values count, as texts: "cpu" in "nanoseconds". */
struct sample_column {
	uint32_t type, unit;
};

/* One value of a sample: a list, the last one ends with TRACES_NONE. */
struct table_value {
	uint32_t column, next;
	double value;
};

struct table_sample {
	uint32_t stack; /* node of .stacks, the innermost frame's */
	uint32_t values;
	struct table_labels labels;
};

/* When a sample was taken, and what it counted for. */
struct table_moment {
	uint64_t time; /* ns */
	double value;
	uint32_t sample, column;
};

struct sample_table {
	struct string_table *texts;
	struct table_mapping *mappings;
	struct table_location *locations;
	struct sample_column *columns;
	struct table_sample *samples;
	struct table_value *values;
	size_t mapping_count, location_count, column_count, sample_count,
		value_count;
	/* In the order of sample_table_moment(). */
	struct table_moment *times;
	size_t moment_count;
	/* Never finished; its nodes' names are locations. */
	struct profile *stacks;
	/* For those who add: */
	struct string_table *keys[4];
	size_t room[6];
};

struct sample_table *sample_table_new(void);
void sample_table_free(struct sample_table *table);

uint32_t sample_table_text(struct sample_table *table, const char *text,
			   size_t length);
/* Structures without padding, of which every byte counts. */
uint32_t sample_table_mapping(struct sample_table *table,
			      const struct table_mapping *mapping);
uint32_t sample_table_location(struct sample_table *table,
			       const struct table_location *location);
uint32_t sample_table_column(struct sample_table *table, const char *type,
			     const char *unit);

/* Those of @count frames, innermost first, with these labels. */
uint32_t sample_table_sample(struct sample_table *table,
			     const uint32_t *locations, size_t count,
			     const struct table_labels *labels);
void sample_table_add(struct sample_table *table, uint32_t sample,
		      uint32_t column, double value);

/* Keep when it was, beside what sample_table_add() sums up. */
void sample_table_moment(struct sample_table *table,
			 const struct table_moment *moment);
/* In the order of time, equal ones as they were. */
void sample_table_sort(struct sample_table *table);

/* The sample's value in @column, 0 if it has none. */
double sample_table_value(const struct sample_table *table,
			  const struct table_sample *sample, uint32_t column);

/*
 * How many of @name's last bytes are the suffix with which folded text marks
 * frames of @kind: "_[k]".
 */
size_t sample_table_suffix(const char *name, size_t length, uint32_t kind);

/* Where names are all there is: a finished profile's, valued in @column. */
void sample_table_add_profile(struct sample_table *table,
			      const struct profile *profile, uint32_t column);

#endif
