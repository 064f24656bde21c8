/* SPDX-License-Identifier: GPL-2.0 */
/*
 * perf-script text of all kinds, and what becomes of it, number by number: for
 * tests that read the same in two ways.
 */
#ifndef SCRIPT_RESULTS_H
#define SCRIPT_RESULTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/text/perf_script.h"
#include "random_numbers.h"

static inline bool same_problems(const struct problems *a,
				 const struct problems *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count && i < PROBLEMS_KEPT; i++)
		same = a->kept[i].line == b->kept[i].line &&
		       !strcmp(a->kept[i].text, b->kept[i].text);
	return same;
}

static inline bool same_script(const struct perf_script_summary *s,
			       const struct perf_script_summary *t)
{
	bool same = s->samples == t->samples && s->other == t->other &&
		    s->all_periods == t->all_periods &&
		    s->all_times == t->all_times &&
		    s->first_time == t->first_time &&
		    s->last_time == t->last_time &&
		    s->event_count == t->event_count &&
		    same_problems(&s->problems, &t->problems);

	for (unsigned int i = 0; same && i < s->event_count; i++)
		same = !strcmp(s->events[i].name, t->events[i].name) &&
		       s->events[i].period == t->events[i].period &&
		       s->events[i].samples == t->events[i].samples;
	return same;
}

static inline bool same_names(const struct profile *a, const struct profile *b)
{
	bool same = profile_names(a) == profile_names(b);

	for (uint32_t i = 0; same && i < profile_names(a); i++) {
		size_t length = profile_text_length(a, i);

		same = length == profile_text_length(b, i) &&
		       !memcmp(profile_text(a, i), profile_text(b, i), length);
	}
	return same;
}

static inline bool same_nodes(const struct profile *a, const struct profile *b)
{
	bool same = profile_nodes(a) == profile_nodes(b) &&
		    profile_samples(a) == profile_samples(b) &&
		    profile_total(a) == profile_total(b) &&
		    profile_squares(a) == profile_squares(b);

	for (uint32_t i = 0; same && i < profile_nodes(a); i++) {
		struct profile_node node = profile_node(a, i);
		struct profile_node other = profile_node(b, i);

		same = node.name == other.name && node.parent == other.parent &&
		       node.self == other.self && node.samples == other.samples;
	}
	return same;
}

static inline bool same_times(const struct sample_times *a,
			      const struct sample_times *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++)
		same = a->items[i].time == b->items[i].time &&
		       a->items[i].weight == b->items[i].weight &&
		       a->items[i].node == b->items[i].node;
	return same;
}

static inline size_t below(uint64_t *state, size_t count)
{
	return (size_t)random_below(state, count);
}

/*
 * What perf prints, and what it never would: so many samples, of different
 * events and periods.
 */
static inline void put_script(FILE *file, uint64_t *state, size_t records,
			      unsigned int events, size_t periods)
{
	static const char *const bad[] = {
		"nonsense\n",  "\t1 f (/b)\n",
		"# comment\n", "\n",
		"  f.c:12\n",  "a 1 [0] 2.0: PERF_RECORD_MMAP2 1/1: x\n",
		" \r\n",
	};

	for (size_t i = 0; i < records; i++) {
		size_t depth = below(state, 12);

		if (!below(state, 12)) {
			fputs(bad[below(state, 7)], file);
			if (!below(state, 9))
				fwrite("x\0 1\n", 1, 5, file);
		}
		fprintf(file, "comm%zu%s %zu/%zu [%03zu] %zu.%06zu: %zu e%zu:",
			below(state, 3), below(state, 20) ? "" : " ]x [",
			below(state, 4) + 1, below(state, 9) + 1,
			below(state, 4), i, below(state, 1000000),
			below(state, periods), below(state, events));
		if (!below(state, 10))
			fputs(" 4010 single+0x1 (/b)", file);
		fputs(below(state, 9) ? "\n" : " \r\n", file);
		while (depth--)
			fprintf(file, "%s%zx f%zu+0x%zx (%s)\n",
				below(state, 9) ? "\t   " : "      ",
				below(state, 1 << 20) + 1, below(state, 40),
				below(state, 99),
				below(state, 4) ? "/bin/x" :
						  "[kernel.kallsyms]");
		if (below(state, 5))
			fputs("\n", file);
	}
}

#endif
