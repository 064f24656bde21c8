/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What perf prints before a sample's time or event: the guest, the comm, the
 * process and thread, the CPU, the mode and the date. For perf_header.c alone.
 */
#ifndef TEXT_PERF_BEFORE_EVENT_H
#define TEXT_PERF_BEFORE_EVENT_H

#include "perf_fields.h"
#include "perf_words.h"

/* perf's widths, by which its fields are told from the end of a comm. */
#define PERF_COMM_COLUMNS_LATENCY 8
#define PERF_TID_COLUMNS 5

/* All of it, between @begin and @end; false: it cannot be that. */
bool perf_before_parse(const char *begin, const char *end,
		       const struct perf_fields *fields,
		       struct perf_header *header);

/* Its parts: the guest on the left, the mode and the date on the right; */
void perf_before_skip(const char **begin, const char **end);
/* the CPU that ends before *end, and the kernel's flags behind it; */
void perf_before_cpu(const char *begin, const char **end,
		     struct perf_header *header);
/* a word with the thread's number, or the process's and the thread's; */
bool perf_before_ids(const struct perf_word *word, struct perf_header *header);
/* comm, thread and CPU as perf script -L prints them. */
bool perf_before_latency(const char *begin, const char *end,
			 struct perf_header *header);

#endif
