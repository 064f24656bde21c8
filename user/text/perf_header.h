/* SPDX-License-Identifier: GPL-2.0 */
/* The first line of a sample in `perf script` text. */
#ifndef TEXT_PERF_HEADER_H
#define TEXT_PERF_HEADER_H

#include "perf_fields.h"

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
