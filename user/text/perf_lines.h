/* SPDX-License-Identifier: GPL-2.0 */
/*
 * perf-script text line by line: which lines begin a sample, which are its
 * frames, and which are of no use. What is made of samples is their taker's.
 */
#ifndef TEXT_PERF_LINES_H
#define TEXT_PERF_LINES_H

#include "../base/lines.h"
#include "../profile/problems.h"
#include "perf_layout.h"

/* A line of a call chain; pieces of the line. */
struct perf_frame {
	const char *digits; /* of the address */
	size_t digit_count; /* 0: not told */
	const char *text;   /* what is behind it: "symbol+0x1a (object)" */
	size_t length;
};

struct perf_taker {
	/* A sample begins; false: it is not wanted, nor are its frames. */
	bool (*begin)(void *context, const struct perf_header *header);
	/* Its next frame, the innermost first. */
	void (*frame)(void *context, const struct perf_frame *frame);
	/* It has been told. */
	void (*end)(void *context);
};

struct perf_lines {
	const struct perf_taker *taker;
	void *context;
	const struct perf_layout *layout;
	struct problems *problems;
	uint64_t line; /* the number of the last one */
	size_t depth;  /* of the sample, so far */
	bool open;     /* a sample has begun */
	bool wanted;   /* and is to be kept */
	bool unknown;  /* its first line cannot be read */
	bool ended;    /* what follows its frames has come */
	bool too_deep;
	bool single; /* what is held back is of the sample's first line */
	char *held;  /* a frame that is held back, see perf_lines.c */
	size_t held_length, held_room;
};

void perf_lines_free(struct perf_lines *lines);

/* True: no sample is open, and any line may follow. */
bool perf_lines_take(struct perf_lines *lines, struct line *line);

/* The text ends here. */
void perf_lines_end(struct perf_lines *lines);

/* 0: not told. */
uint64_t perf_lines_address(const struct perf_frame *frame);

/* Without blanks at its end. */
void perf_lines_trim(struct line *line);
/* Whether a line without those begins a sample, whatever came before it. */
bool perf_lines_begins(const struct perf_lines *lines, const struct line *line);

#endif
