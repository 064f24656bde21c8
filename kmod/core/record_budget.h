/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The budget of process records on one CPU, in bytes: for the CPU, within it for
 * each user, within that for each process that pays. Pure arithmetic, which
 * user space compiles, too. Called by one context at a time (record_output.c
 * sees to that), but for may_ask().
 *
 * RATE and BURST are what an honest load needs, which is about 1,100 bytes for a
 * fork, exec and exit with five mappings: 170 of these a second and CPU for one
 * process that starts others, 230 for a user, and as many more at once. A build
 * with a job on each CPU has some ten.
 */
#ifndef DITHER_RECORD_BUDGET_H
#define DITHER_RECORD_BUDGET_H

#include "portable.h"
#include "../../include/dither/abi.h"

/* Bytes a second, and at once. No user has more than half of the CPU's. */
#define DITHER_FLOOD_CPU_RATE	(512U << 10)
#define DITHER_FLOOD_USER_RATE	(256U << 10)
#define DITHER_FLOOD_PAYER_RATE	(192U << 10)
#define DITHER_FLOOD_ASK_RATE	(64U << 10)	/* of TABLE_WANTED records */

/* The age at which a drop is reported. */
#define DITHER_FLOOD_TELL_NS	1000000000ULL

/* Of the tables: places in which a key may stand, and how many times these. */
#define DITHER_FLOOD_WAYS	4U
#define DITHER_FLOOD_USERS	(4 * DITHER_FLOOD_WAYS)
#define DITHER_FLOOD_PAYERS	(8 * DITHER_FLOOD_WAYS)

#define DITHER_FLOOD_NEVER	(~0ULL)

/* A bucket that is full again at .full: a second before that it was empty. */
struct dither_flood_bucket {
	u64 key;
	u64 full;
};

/* Who causes a record. */
struct dither_flood_cause {
	u32 tgid;		/* who pays, in the initial namespace, */
	u32 number;		/* … and in that of the session's opener */
	u32 user;
	enum dither_dropped_kind kind;
};

struct dither_flood {
	u64 full;		/* of the CPU, as in a bucket */
	u64 asked;		/* of TABLE_WANTED records, as in a bucket */
	u64 due;		/* when DROPPED records are due, or NEVER */
	u64 told;		/* of records of evicted payers, as in a bucket */
	u64 key;		/* of the hash */
	u32 busy;		/* in use: record_output.c */
	local_t dropped;
	struct dither_flood_bucket users[DITHER_FLOOD_USERS];
	struct dither_flood_bucket payers[DITHER_FLOOD_PAYERS];
	/* What each payer's records were dropped of; no .count: nothing. */
	struct dither_dropped drops[DITHER_FLOOD_PAYERS];
	struct dither_dropped evicted;	/* of one that had to make room, */
	struct dither_dropped others;	/* … and of more than one */
};

/* @key: what no program can know. */
void dither_flood_init(struct dither_flood *flood, u64 key);

/* Whether a record of so many bytes is to be written; if not, it is counted. */
bool dither_flood_admit(struct dither_flood *flood,
			const struct dither_flood_cause *cause, u32 bytes,
			u64 now);

/*
 * Whether a TABLE_WANTED record of so many bytes may be written: files that
 * need one can be made in any number. Any context; two that meet may both.
 */
bool dither_flood_may_ask(struct dither_flood *flood, u32 bytes, u64 now);

/*
 * The next DROPPED record that is due at @now, all but its .time; NEVER: any
 * that there is. False: there is none.
 */
bool dither_flood_take(struct dither_flood *flood, u64 now,
		       struct dither_dropped *record);

/* There was no room for it. */
void dither_flood_give_back(struct dither_flood *flood,
			    const struct dither_dropped *record);

#endif
