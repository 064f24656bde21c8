/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ioctls and poll() of one session, each with a verdict on what comes of
 * it: from what is handed over, and from the state that the session is in.
 */
#ifndef HOSTILE_CALLS_H
#define HOSTILE_CALLS_H

#include "../lib/argument.h"
#include "../lib/session.h"
#include "maps.h"

/* A session of one thread's own, and what is known of it. */
struct model {
	uint64_t random;
	int fd;			/* < 0: not open */
	bool configured;
	bool running;
	bool stopped;
	struct dither_config config;
	uint8_t mask[64];	/* … and its CPU mask, which it points to */
	struct dither_info info;
	unsigned int cpus;	/* those that have rings */
	struct maps maps;
	struct argument argument;
	uint64_t cells;		/* of the last look at CPU 0's ledger */
	int post;		/* where sessions are given away */
};

/* One of them: tallied, and judged. Returns its result, or a negative error. */
long calls_make(struct model *model, enum tally_operation operation,
		unsigned long command, void *argument,
		const struct verdict *verdict, const char *what);

void calls_info(struct model *model);
/* @changes: at most so many fields are bad. */
void calls_configure(struct model *model, unsigned int changes);
void calls_start(struct model *model);
void calls_stop(struct model *model);
void calls_snapshot(struct model *model);
void calls_ledger(struct model *model);
/* A ledger that was read: it balances, and has gone on. */
void calls_look(struct model *model, const struct dither_ledger *ledger);
void calls_unknown(struct model *model);
/* Returns what poll() says, 0 for nothing. */
int calls_poll(struct model *model);

#endif
