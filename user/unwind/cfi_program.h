/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Call frame programs: what the bytes of a CIE and an FDE say of the CFA, the
 * frame pointer, rbx and the return address, from one address to the next. The stack
 * pointer is the CFA, or what says otherwise is no rule; of the other registers
 * nothing is kept. compile.c runs one for each function.
 */
#ifndef UNWIND_CFI_PROGRAM_H
#define UNWIND_CFI_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "compile_statistics.h"
#include "cursor.h"
#include "machine.h"
#include "pointer.h"

/* Where something is saved: struct dither_rule's words, or why not. */
struct cfi_program_place {
	uint8_t saved;		/* enum dither_saved */
	uint8_t unsupported;	/* enum unwind_unsupported */
	int32_t offset;
};

struct cfi_program_state {
	/*
	 * REGISTER stands for SP and FP, too: later instructions may change
	 * the register or the offset alone. These two outlive an expression.
	 */
	uint8_t cfa;		/* enum dither_cfa */
	uint8_t cfa_unsupported;
	int16_t expression_addend;
	int32_t expression_offset;
	uint32_t cfa_register;
	int64_t cfa_offset;
	struct cfi_program_place fp, ra, sp, bx;
	bool go;		/* DITHER_RULE_GO */
};

/* What a program needs to know of its CIE. */
struct cfi_program_base {
	const struct machine *machine;
	struct cfi_program_state initial; /* what DW_CFA_restore goes back to */
	uint64_t code_factor;
	int64_t data_factor;
	struct pointer_base pointers;	/* of DW_CFA_set_loc */
	uint8_t encoding;
};

#define PROGRAM_DEPTH 16	/* of states remembered; compilers use 2 */

struct program {
	const struct cfi_program_base *base;
	struct cursor cursor;
	uint64_t location;	/* the state holds from here on */
	uint64_t next;		/* to here; UINT64_MAX: to the end */
	struct cfi_program_state state;
	bool changed; /* since cfi_program_begin() or the last step */
	unsigned int depth;
	struct cfi_program_state remembered[PROGRAM_DEPTH];
};

/* Before the CIE's own program; base->initial is to become its last state. */
void cfi_program_state_reset(const struct machine *machine,
			     struct cfi_program_state *state);

/* Run instructions for addresses from @location on. */
void cfi_program_begin(struct program *program,
		       const struct cfi_program_base *base,
		       const unsigned char *bytes, uint64_t size,
		       uint64_t location);

/*
 * Run up to where the location advances: ->state holds in [->location,
 * ->next). Returns false when that was the last of it. What follows a damaged
 * or unknown instruction is unsupported.
 */
bool cfi_program_step(struct program *program);

/*
 * The state as a rule. Returns why it is one of no use (the rule is then
 * UNSUPPORTED) or of limited use (UNWIND_FRAME_POINTER).
 */
enum unwind_unsupported cfi_program_rule(const struct machine *machine,
					 const struct cfi_program_state *state,
					 bool signal, struct dither_rule *rule);

#endif
