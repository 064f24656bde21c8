/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a compilation says of itself: how much came in, how much went out, and
 * what of it no rule can say.
 */
#ifndef UNWIND_COMPILE_STATISTICS_H
#define UNWIND_COMPILE_STATISTICS_H

#include <stdint.h>

/*
 * Why something has no rule of its own. Counted once for each row that it
 * would have made; ENTRY, for each function.
 */
enum unwind_unsupported {
	UNWIND_SUPPORTED = 0,
	UNWIND_CFA_EXPRESSION,	/* CFA computed in a way that no rule has */
	UNWIND_CFA_REGISTER,	/* CFA in a register that is not general */
	UNWIND_RETURN_ADDRESS,	/* its place is computed or not given */
	UNWIND_STACK_POINTER,	/* the caller's is not the CFA */
	UNWIND_FRAME_POINTER,	/* the same; there is a rule, with fp lost */
	UNWIND_RANGE,		/* a number too large for a rule */
	UNWIND_INSTRUCTION,	/* unknown or damaged call frame instruction */
	UNWIND_ENTRY,		/* unknown augmentation or encoding */
	UNWIND_UNSUPPORTED_COUNT
};

struct unwind_statistics {
	uint64_t frame_bytes;	/* of .eh_frame and .debug_frame */
	uint64_t table_bytes;
	uint64_t functions;	/* entries that rows were made of */
	uint64_t rows;
	uint64_t rules;		/* rule 0 included */
	uint64_t executable_bytes;	/* of sections, else of segments */
	uint64_t covered_bytes;		/* of these: with a rule that works */
	uint64_t unsupported[UNWIND_UNSUPPORTED_COUNT];
};

/* In words, for a person. */
const char *unwind_unsupported_name(enum unwind_unsupported why);

#endif
