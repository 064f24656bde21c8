/* SPDX-License-Identifier: GPL-2.0 */
/* The first line of a sample in `perf script` text. */
#ifndef TEXT_PERF_HEADER_H
#define TEXT_PERF_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a first line is recognised by. */
enum perf_mark {
	PERF_MARK_TIME,	 /* "1234.567890:" */
	PERF_MARK_EVENT, /* no time, but "cycles:" behind a number */
	PERF_MARK_IDS,	 /* neither, but the thread's number at its end */
};

/*
 * Which fields perf was told to print, as far as a line alone does not tell:
 * the same for all first lines of a text. See perf_layout.h.
 */
struct perf_fields {
	enum perf_mark mark; /* lines with this one, and with those before it */
	bool no_comm, no_tid;
	bool latency; /* perf script -L: the CPU has no brackets */
};

/* Pieces of the line, which must stay. */
struct perf_header {
	const char *comm, *event, *rest; /* rest: what follows the event */
	size_t comm_length, event_length, rest_length;
	uint32_t pid, tid, cpu;
	bool has_comm, has_pid, has_tid, has_cpu, has_time, has_period;
	uint64_t time; /* ns */
	uint64_t period;
};

/*
 * "comm pid/tid [cpu] misc date time: period event: …", of which perf may have
 * been told to leave out some. The comm may hold blanks and numbers and be
 * empty. False: it is none.
 */
bool perf_header_parse(const char *text, size_t length,
		       const struct perf_fields *fields,
		       struct perf_header *header);

/* What a line says of the fields, before they are known. */
struct perf_probe {
	enum perf_mark mark;
	bool has_ids; /* a number where the thread's would be; */
	bool no_comm; /* nothing before it */
	bool narrow;  /* … that perf would pad: it may be the comm's end */
	bool sure;    /* other fields are padded as perf does, for sure */
	bool eight;   /* the comm ends after 8 columns, */
	bool full;    /* … all of which it takes */
	bool latency; /* as of perf script -L */
	bool cut;     /* … and the comm fills its columns: it may be cut */
	const char *rest;
	size_t rest_length;
};

/* False: the line has none of the marks. */
bool perf_header_probe(const char *text, size_t length,
		       struct perf_probe *probe);

/* Whether it is a record of perf's own that is no sample. */
bool perf_header_is_record(const struct perf_header *header);

#endif
