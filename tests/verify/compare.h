/* SPDX-License-Identifier: GPL-2.0 */
/* The module's stack of a sample against libdw's, and what came of it. */
#ifndef VERIFY_COMPARE_H
#define VERIFY_COMPARE_H

#include "../../user/file/replay.h"
#include "reference.h"
#include "tasks.h"

/* What became of one sample. */
enum outcome {
	OUTCOME_EQUAL,		/* all frames, and both end there */
	OUTCOME_DEPTH,		/* equal up to the module's max_depth */
	OUTCOME_FAULT,		/* equal up to memory that was not present */
	OUTCOME_COPY,		/* equal up to memory that was not copied */
	OUTCOME_NO_TABLE,	/* equal up to a file that no table has come of
				 * yet, and frame pointers do not lead on
				 */
	OUTCOME_GUESS,		/* made by frame pointers, in part or in all,
				 * for want of such a table; not equal
				 */
	OUTCOME_NO_RULE,	/* libdw guessed: its file tells it nothing */
	OUTCOME_ROUND,		/* libdw goes on to where it is already */
	OUTCOME_NO_CODE,	/* libdw goes on to where no code is */
	OUTCOME_REGISTER,	/* equal up to where libdw lacks the register
				 * that the CFA is in */
	OUTCOME_REFERENCE_SHORT, /* libdw ended early, in a frame it has a
				  * rule for
				  */
	OUTCOME_UNSUPPORTED,	/* equal up to a rule that no table can tell */
	OUTCOME_MODULE_SHORT,	/* the module ended early for another reason */
	OUTCOME_DIFFERENT,	/* another address */
	OUTCOME_COUNT
};

struct totals {
	uint64_t samples;		/* compared */
	uint64_t frames;		/* compared */
	uint64_t equal;			/* … and equal */
	uint64_t outcomes[OUTCOME_COUNT];
	uint64_t rest[OUTCOME_COUNT];	/* behind the last that is equal */
	uint64_t unknown_process;	/* samples that could not be compared */
	uint64_t unusable;
	unsigned int examples;		/* of each outcome, to print */
};

void compare(struct totals *totals, const struct dither_sample *sample,
	     const struct replay_stack *user, const struct process *process,
	     const struct copy *copy);

/* Stacks that differ without an excuse. */
uint64_t totals_different(const struct totals *totals);

void totals_print(const struct totals *totals);

#endif
