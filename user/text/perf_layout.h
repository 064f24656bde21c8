/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which of perf's fields a text has, found in its beginning: perf prints them
 * alike for all samples, and many cannot be told apart on one line. What cannot
 * be told at all is a doubt, by which the text is refused.
 */
#ifndef TEXT_PERF_LAYOUT_H
#define TEXT_PERF_LAYOUT_H

#include "perf_header.h"

struct perf_layout {
	struct perf_fields fields;
	bool chains;	 /* frames have lines of their own, */
	bool tabs;	 /* … which begin with a tab, */
	bool sources;	 /* … and lines of source between them */
	bool no_objects; /* frames without "(object)" */
	/* In that beginning: */
	uint64_t headers; /* lines with a time, as those that begin samples, */
	uint64_t samples; /* lines that begin a sample with a frame, */
	uint64_t lines;	  /* those and their frames, */
	uint64_t others; /* and lines that are neither; blank ones are not counted */
	uint64_t orphans;  /* frames among those */
	const char *doubt; /* a field and what is wrong with it, or NULL */
};

void perf_layout_find(const char *text, size_t length,
		      struct perf_layout *layout);

#endif
