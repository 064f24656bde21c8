/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The records of one CPU, one after the other through all its pieces. Every
 * record returned is at least as long as the structure of its type.
 */
#ifndef FILE_RECORDS_H
#define FILE_RECORDS_H

#include <stdbool.h>

#include "recording.h"

struct record_cursor {
	struct recording *recording; /* told of damage */
	unsigned int cpu;
	const struct ring_piece *pieces;
	size_t count;
	size_t piece; /* the one being read */
	size_t next;  /* place in it of the next record */

	/* Of the record last returned: */
	uint16_t size;
	uint64_t file_offset;
	bool first; /* of its piece */
	bool gap;   /* records are missing before it */
};

/* Begin at piece number @piece. */
void records_start(struct record_cursor *cursor, struct recording *recording,
		   unsigned int cpu, size_t piece);

/* The next record, on 8 bytes, or NULL at the end. */
const struct dither_record *records_next(struct record_cursor *cursor);

/* What is wrong with the record and its @left bytes, or NULL. */
const char *records_problem(const void *record, size_t left);

/* Report damage at the record last returned. */
void records_damage(struct record_cursor *cursor, const char *what);

#endif
