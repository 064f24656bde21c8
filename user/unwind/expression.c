// SPDX-License-Identifier: GPL-2.0
/*
 * DWARF expressions evaluated with registers as unknowns: each value on the
 * stack is a base, an offset, and at most one dereference. What needs more
 * than that is of another kind.
 */
#include "expression.h"

#include <stdbool.h>
#include <string.h>

#include "cursor.h"
#include "dwarf.h"

/* As many as any compiler's expression of these kinds ever has. */
#define STACK_MAX 8

struct value {
	enum expression_base base;
	uint8_t reg;
	bool dereferenced;
	int64_t offset;	/* before the dereference */
	int64_t addend;	/* after it */
};

struct evaluation {
	struct cursor cursor;
	struct value stack[STACK_MAX];
	unsigned int depth;
	bool other;	/* of another kind */
};

static void push(struct evaluation *evaluation, struct value value)
{
	if (evaluation->depth == STACK_MAX)
		evaluation->other = true;
	else
		evaluation->stack[evaluation->depth++] = value;
}

static void push_constant(struct evaluation *evaluation, uint64_t constant)
{
	push(evaluation, (struct value){ .base = EXPRESSION_CONSTANT,
					 .offset = (int64_t)constant });
}

static void push_register(struct evaluation *evaluation, uint64_t reg)
{
	int64_t offset = cursor_sleb(&evaluation->cursor);

	if (reg > UINT8_MAX)
		evaluation->other = true;
	push(evaluation, (struct value){ .base = EXPRESSION_REGISTER,
					 .reg = (uint8_t)reg,
					 .offset = offset });
}

static struct value pop(struct evaluation *evaluation)
{
	if (!evaluation->depth) {
		evaluation->other = true;
		return (struct value){ .base = EXPRESSION_CONSTANT };
	}
	return evaluation->stack[--evaluation->depth];
}

static void push_sum(struct evaluation *evaluation, struct value value,
		     int64_t amount)
{
	int64_t *term = value.dereferenced ? &value.addend : &value.offset;

	if (__builtin_add_overflow(*term, amount, term))
		evaluation->other = true;
	push(evaluation, value);
}

/* Of two values at most one is unknown. */
static void add(struct evaluation *evaluation)
{
	struct value second = pop(evaluation), first = pop(evaluation);

	if (second.base == EXPRESSION_CONSTANT)
		push_sum(evaluation, first, second.offset);
	else if (first.base == EXPRESSION_CONSTANT)
		push_sum(evaluation, second, first.offset);
	else
		evaluation->other = true;
}

static void subtract(struct evaluation *evaluation)
{
	struct value second = pop(evaluation), first = pop(evaluation);

	if (second.base != EXPRESSION_CONSTANT || second.offset == INT64_MIN)
		evaluation->other = true;
	else
		push_sum(evaluation, first, -second.offset);
}

static void dereference(struct evaluation *evaluation)
{
	struct value value = pop(evaluation);

	if (value.dereferenced || value.base == EXPRESSION_CONSTANT)
		evaluation->other = true;
	value.dereferenced = true;
	push(evaluation, value);
}

/* DW_OP_const1u and its kin: @size bytes, with a sign or without. */
static void push_fixed(struct evaluation *evaluation, unsigned int size,
		       bool with_sign)
{
	uint64_t value = cursor_fixed(&evaluation->cursor, size);

	if (with_sign && size < 8 && value >> (size * 8 - 1))
		value |= ~0ULL << size * 8;
	push_constant(evaluation, value);
}

static void operate(struct evaluation *evaluation, uint8_t operation)
{
	struct cursor *cursor = &evaluation->cursor;

	if (operation >= DW_OP_lit0 && operation <= DW_OP_lit31) {
		push_constant(evaluation, operation - DW_OP_lit0);
		return;
	}
	if (operation >= DW_OP_breg0 && operation <= DW_OP_breg31) {
		push_register(evaluation, operation - DW_OP_breg0);
		return;
	}
	switch (operation) {
	case DW_OP_const1u:
	case DW_OP_const1s:
		push_fixed(evaluation, 1, operation == DW_OP_const1s);
		break;
	case DW_OP_const2u:
	case DW_OP_const2s:
		push_fixed(evaluation, 2, operation == DW_OP_const2s);
		break;
	case DW_OP_const4u:
	case DW_OP_const4s:
		push_fixed(evaluation, 4, operation == DW_OP_const4s);
		break;
	case DW_OP_const8u:
	case DW_OP_const8s:
		push_fixed(evaluation, 8, operation == DW_OP_const8s);
		break;
	case DW_OP_constu:
		push_constant(evaluation, cursor_uleb(cursor));
		break;
	case DW_OP_consts:
		push_constant(evaluation, (uint64_t)cursor_sleb(cursor));
		break;
	case DW_OP_bregx:
		push_register(evaluation, cursor_uleb(cursor));
		break;
	case DW_OP_plus_uconst:
		push_constant(evaluation, cursor_uleb(cursor));
		add(evaluation);
		break;
	case DW_OP_plus:
		add(evaluation);
		break;
	case DW_OP_minus:
		subtract(evaluation);
		break;
	case DW_OP_deref:
		dereference(evaluation);
		break;
	case DW_OP_nop:
		break;
	default:
		evaluation->other = true;
	}
}

/*
 * What linkers write for x86-64's PLT: sp + offset, and 8 more once the entry
 * has pushed, which it has from byte N of 16 on:
 * breg7 OFFSET; breg16 0; lit15; and; litN; ge; lit3; shl; plus
 */
static bool read_plt(const struct machine *machine, struct cursor cursor,
		     struct expression *out)
{
	static const uint8_t before[] = { DW_OP_breg16, 0, DW_OP_lit15,
					  DW_OP_and };
	static const uint8_t after[] = { DW_OP_ge, DW_OP_lit3, DW_OP_shl,
					 DW_OP_plus };
	int64_t offset;
	uint8_t limit;

	if (machine->number != DITHER_TABLE_X86_64 ||
	    cursor_u8(&cursor) != DW_OP_breg7)
		return false;
	offset = cursor_sleb(&cursor);
	if (cursor_left(&cursor) != sizeof(before) + 1 + sizeof(after) ||
	    offset != (int32_t)offset ||
	    memcmp(cursor.at, before, sizeof(before)) != 0 ||
	    memcmp(cursor.at + sizeof(before) + 1, after, sizeof(after)) != 0)
		return false;
	limit = cursor.at[sizeof(before)];
	if (limit < DW_OP_lit0 || limit > DW_OP_lit15)
		return false;
	*out = (struct expression){
		.base = EXPRESSION_PLT,
		.offset = (int32_t)offset,
		.addend = limit - DW_OP_lit0,
	};
	return true;
}

enum unwind_unsupported expression_read(const struct machine *machine,
					const unsigned char *bytes, size_t size,
					bool with_cfa,
					enum unwind_unsupported other,
					struct expression *out)
{
	struct evaluation evaluation = {
		.cursor = { .at = bytes, .end = bytes + size },
	};
	const struct value *value;

	if (!with_cfa && read_plt(machine, evaluation.cursor, out))
		return UNWIND_SUPPORTED;
	if (with_cfa)
		push(&evaluation, (struct value){ .base = EXPRESSION_CFA });
	while (cursor_left(&evaluation.cursor) && !evaluation.other)
		operate(&evaluation, cursor_u8(&evaluation.cursor));
	if (evaluation.other || evaluation.cursor.failed || !evaluation.depth)
		return other;
	value = &evaluation.stack[evaluation.depth - 1];
	if (value->offset != (int32_t)value->offset ||
	    value->addend != (int16_t)value->addend)
		return UNWIND_RANGE;
	*out = (struct expression){
		.base = value->base,
		.reg = value->reg,
		.dereferenced = value->dereferenced,
		.offset = (int32_t)value->offset,
		.addend = (int16_t)value->addend,
	};
	return UNWIND_SUPPORTED;
}
