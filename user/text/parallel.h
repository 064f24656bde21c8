/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads a text by several threads. It is cut between records; each piece is
 * read by a thread that shares nothing with the others, into a part, and the
 * caller's thread adds the parts in the order of the text. What comes of it
 * does not depend on the number of threads.
 */
#ifndef TEXT_PARALLEL_H
#define TEXT_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/lines.h"

#define PARALLEL_THREADS_MAX 256U
#define PARALLEL_PIECE (512U << 10)

struct parallel {
	unsigned int threads; /* 0: as many as CPUs; 1: the caller's alone */
	size_t piece;	      /* bytes; 0: PARALLEL_PIECE */
};

/* How a format is read. */
struct parallel_format {
	/* Up to where the text is whole records; 0: nowhere. */
	size_t (*cut)(const void *reader, const char *text, size_t length);
	/*
	 * In the caller's thread, straight into the profile: the next line.
	 * True: the line after it may begin a piece.
	 */
	bool (*line)(void *reader, struct line *line);
	/* A thread's own reader: what it is told by @reader may not change. */
	void *(*worker_new)(const void *reader);
	void (*worker_free)(void *worker);
	/* In the thread: a piece as a part, which shares nothing with it. */
	void *(*read)(void *worker, struct lines *piece);
	void (*partial_free)(void *partial);
	/*
	 * In the caller's thread: add the part by worker number @worker. False:
	 * it cannot be added as a part, and is not; the piece and all that
	 * follows are read line by line.
	 */
	bool (*add)(void *reader, unsigned int worker, const void *partial);
};

/* All lines, whether by threads or not. */
void parallel_read(struct lines *lines, const struct parallel *parallel,
		   const struct parallel_format *format, void *reader);

#endif
