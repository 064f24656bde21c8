/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Code that comes and goes, as pieces: extents, each with the time for which it
 * was there. They are made of sightings: a record says that it came or went, a
 * reading that it was there, or was not.
 */
#ifndef RESOLVE_KERNEL_PIECES_H
#define RESOLVE_KERNEL_PIECES_H

#include "../../include/dither/abi.h"
#include "kallsyms.h"

struct kernel_text {
	struct kallsyms *kallsyms;
	struct kernel_reading reading;
	bool timed;		/* it is a reading */
};

struct kernel_piece {
	struct kernel_symbol extent;
	uint64_t from, to;	/* [from, to]: it was there */
	uint64_t seen;		/* last */
	uint64_t gone;		/* a record said so; 0: none */
	const struct kallsyms *symbols; /* NULL: without */
	const struct kernel_text *reading; /* the last that had it */
	bool open, init;
};

struct pieces;

struct pieces *pieces_new(void);
void pieces_free(struct pieces *pieces);

/* In any order, before the rest. */
void pieces_add_record(struct pieces *pieces, const struct dither_code *record);

/* All texts, in their order; they stay where they are. */
void pieces_finish(struct pieces *pieces, struct kernel_text *texts,
		   size_t count);

/* The one at @address at @time, or NULL. */
const struct kernel_piece *pieces_find(const struct pieces *pieces,
				       uint64_t address, uint64_t time);

#endif
