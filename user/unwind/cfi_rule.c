// SPDX-License-Identifier: GPL-2.0
/* From what a call frame program says to a rule: see cfi_program.h. */
#include "cfi_program.h"

static enum unwind_unsupported cfa_rule(const struct machine *machine,
					const struct cfi_program_state *state,
					struct dither_rule *rule)
{
	if (state->cfa == DITHER_CFA_UNSUPPORTED)
		return state->cfa_unsupported;
	rule->cfa = state->cfa;
	if (state->cfa != DITHER_CFA_REGISTER) {
		rule->cfa_offset = state->expression_offset;
		rule->cfa_addend = state->expression_addend;
		return UNWIND_SUPPORTED;
	}
	if (state->cfa_offset != (int32_t)state->cfa_offset)
		return UNWIND_RANGE;
	rule->cfa_offset = (int32_t)state->cfa_offset;
	if (state->cfa_register == machine->sp) {
		rule->cfa = DITHER_CFA_SP;
	} else if (state->cfa_register == machine->fp) {
		rule->cfa = DITHER_CFA_FP;
	} else {
		if (state->cfa_register >= machine->registers)
			return UNWIND_CFA_REGISTER;
		rule->cfa_register = (uint8_t)state->cfa_register;
	}
	return UNWIND_SUPPORTED;
}

/*
 * The caller's stack pointer is the CFA. Signal frames save it, and say of the
 * CFA that it is what they saved: that is the same.
 */
static bool sp_is_cfa(const struct cfi_program_place *sp,
		      const struct dither_rule *rule)
{
	if (sp->unsupported)
		return false;
	switch (sp->saved) {
	case DITHER_SAVED_NOT:
		return true;
	case DITHER_SAVED_SP:
		return rule->cfa == DITHER_CFA_SP_DEREF && !rule->cfa_addend &&
		       rule->cfa_offset == sp->offset;
	case DITHER_SAVED_FP:
		return rule->cfa == DITHER_CFA_FP_DEREF && !rule->cfa_addend &&
		       rule->cfa_offset == sp->offset;
	default:
		return false;
	}
}

/*
 * No call stores its return address above the CFA. arm64's stubs store two
 * words before they jump to the dynamic linker, which counts them to the
 * caller's frame.
 */
static void lift_cfa(const struct machine *machine, struct dither_rule *rule)
{
	if (!machine->link_register || rule->cfa != DITHER_CFA_SP ||
	    rule->ra != DITHER_SAVED_CFA || rule->ra_offset != 8 ||
	    rule->cfa_offset > INT32_MAX - 16)
		return;
	rule->cfa_offset += 16;
	rule->ra_offset -= 16;
	if (rule->fp == DITHER_SAVED_CFA && rule->fp_offset >= INT32_MIN + 16)
		rule->fp_offset -= 16;
}

static uint8_t bx_rule(const struct cfi_program_place *bx)
{
	if (bx->unsupported)
		return DITHER_BX_LOST;
	if (bx->saved == DITHER_SAVED_NOT)
		return DITHER_BX_NOT;
	if (bx->saved != DITHER_SAVED_CFA || bx->offset % 8 ||
	    bx->offset > -8 || bx->offset <= -8 * DITHER_BX_LOST)
		return DITHER_BX_LOST;
	return (uint8_t)(bx->offset / -8);
}

enum unwind_unsupported cfi_program_rule(const struct machine *machine,
					 const struct cfi_program_state *state,
					 bool signal, struct dither_rule *rule)
{
	enum unwind_unsupported why;

	*rule = (struct dither_rule){ .cfa = DITHER_CFA_NONE };
	why = cfa_rule(machine, state, rule);
	if (!why)
		why = state->ra.unsupported;
	if (!why && !sp_is_cfa(&state->sp, rule))
		why = UNWIND_STACK_POINTER;
	if (why) {
		*rule = (struct dither_rule){ .cfa = DITHER_CFA_UNSUPPORTED };
		return why;
	}
	rule->ra = state->ra.saved;
	rule->ra_offset = state->ra.offset;
	rule->fp = state->fp.saved;
	rule->fp_offset = state->fp.offset;
	rule->flags = signal ? DITHER_RULE_SIGNAL : 0;
	if (state->go)
		rule->flags |= DITHER_RULE_GO;
	rule->bx = bx_rule(&state->bx);
	lift_cfa(machine, rule);
	if (!state->fp.unsupported)
		return UNWIND_SUPPORTED;
	rule->fp = DITHER_SAVED_UNDEFINED;
	rule->fp_offset = 0;
	return UNWIND_FRAME_POINTER;
}
