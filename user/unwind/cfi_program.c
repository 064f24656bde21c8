// SPDX-License-Identifier: GPL-2.0
/*
 * The call frame instructions of DWARF 5, GNU and arm64. Each takes at least
 * one byte and is run once for a function, so the section's size bounds the
 * work.
 */
#include "cfi_program.h"

#include "dwarf.h"
#include "expression.h"

void cfi_program_state_reset(const struct machine *machine,
			     struct cfi_program_state *state)
{
	*state = (struct cfi_program_state){
		.cfa = DITHER_CFA_UNSUPPORTED,
		.cfa_unsupported = UNWIND_INSTRUCTION,
		/* No half of a CFA is one. */
		.cfa_register = UINT32_MAX,
		.cfa_offset = INT64_MIN,
	};
	if (!machine->link_register)
		state->ra.unsupported = UNWIND_RETURN_ADDRESS;
}

void cfi_program_begin(struct program *program,
		       const struct cfi_program_base *base,
		       const unsigned char *bytes, uint64_t size,
		       uint64_t location)
{
	program->base = base;
	program->cursor = (struct cursor){ .at = bytes, .end = bytes + size };
	program->location = location;
	program->next = location;
	program->state = base->initial;
	program->changed = true;
	program->depth = 0;
}

static void cfa_is_unsupported(struct cfi_program_state *state,
			       enum unwind_unsupported why)
{
	state->cfa = DITHER_CFA_UNSUPPORTED;
	state->cfa_unsupported = (uint8_t)why;
}

/* Nothing after this is understood. */
static void fail(struct program *program)
{
	cursor_fail(&program->cursor);
	cfa_is_unsupported(&program->state, UNWIND_INSTRUCTION);
}

static void define_cfa(struct program *program, uint64_t reg, int64_t offset)
{
	struct cfi_program_state *state = &program->state;

	state->cfa = DITHER_CFA_REGISTER;
	state->cfa_register = reg > UINT32_MAX ? UINT32_MAX : (uint32_t)reg;
	state->cfa_offset = offset;
}

static int64_t read_factored(struct program *program)
{
	int64_t offset = cursor_sleb(&program->cursor);

	/* INT64_MIN fits no rule: it ends as out of range. */
	if (__builtin_mul_overflow(offset, program->base->data_factor, &offset))
		return INT64_MIN;
	return offset;
}

static int64_t read_factored_unsigned(struct program *program, bool negative)
{
	uint64_t number = cursor_uleb(&program->cursor);
	int64_t offset;

	if (__builtin_mul_overflow(number, program->base->data_factor,
				   &offset) ||
	    offset == INT64_MIN)
		return INT64_MIN;
	return negative ? -offset : offset;
}

static int64_t read_offset(struct program *program)
{
	uint64_t offset = cursor_uleb(&program->cursor);

	return offset > INT64_MAX ? INT64_MIN : (int64_t)offset;
}

/* Where @reg's place is kept, or NULL: nobody asks for it. */
static struct cfi_program_place *place_of(struct program *program, uint64_t reg)
{
	if (reg == program->base->machine->fp)
		return &program->state.fp;
	if (reg == program->base->machine->ra)
		return &program->state.ra;
	if (reg == program->base->machine->sp)
		return &program->state.sp;
	if (reg == program->base->machine->bx)
		return &program->state.bx;
	return NULL;
}

static void set_place(struct program *program, uint64_t reg, uint8_t saved,
		      int64_t offset)
{
	struct cfi_program_place *place = place_of(program, reg);

	if (!place)
		return;
	*place = (struct cfi_program_place){ .saved = saved };
	if (offset == (int32_t)offset)
		place->offset = (int32_t)offset;
	else
		place->unsupported = UNWIND_RANGE;
	program->changed = true;
}

static void set_unsupported(struct program *program, uint64_t reg)
{
	struct cfi_program_place *place = place_of(program, reg);

	if (!place)
		return;
	*place = (struct cfi_program_place){
		.unsupported = UNWIND_RETURN_ADDRESS,
	};
	program->changed = true;
}

/* The value is what it was: for a return address, in the link register. */
static void set_same(struct program *program, uint64_t reg)
{
	const struct machine *machine = program->base->machine;

	if (reg == machine->ra && !machine->link_register)
		set_unsupported(program, reg);
	else
		set_place(program, reg, DITHER_SAVED_NOT, 0);
}

static void restore(struct program *program, uint64_t reg)
{
	const struct machine *machine = program->base->machine;

	if (reg == machine->fp)
		program->state.fp = program->base->initial.fp;
	else if (reg == machine->ra)
		program->state.ra = program->base->initial.ra;
	else if (reg == machine->sp)
		program->state.sp = program->base->initial.sp;
	else if (reg == machine->bx)
		program->state.bx = program->base->initial.bx;
	else
		return;
	program->changed = true;
}

static void remember_state(struct program *program)
{
	if (program->depth == PROGRAM_DEPTH)
		fail(program);
	else
		program->remembered[program->depth++] = program->state;
}

static void restore_state(struct program *program)
{
	if (!program->depth)
		fail(program);
	else
		program->state = program->remembered[--program->depth];
}

static const unsigned char *read_block(struct program *program, uint64_t *size)
{
	*size = cursor_uleb(&program->cursor);
	return cursor_take(&program->cursor, *size);
}

static void define_cfa_expression(struct program *program)
{
	const struct machine *machine = program->base->machine;
	struct cfi_program_state *state = &program->state;
	enum unwind_unsupported why;
	struct expression value;
	uint64_t size;
	const unsigned char *bytes = read_block(program, &size);

	if (!bytes)
		return;
	why = expression_read(machine, bytes, size, false,
			      UNWIND_CFA_EXPRESSION, &value);
	if (why) {
		cfa_is_unsupported(state, why);
		return;
	}
	state->expression_offset = value.offset;
	state->expression_addend = value.addend;
	if (value.base == EXPRESSION_PLT)
		state->cfa = DITHER_CFA_PLT;
	else if (value.base != EXPRESSION_REGISTER)
		cfa_is_unsupported(state, UNWIND_CFA_EXPRESSION);
	else if (!value.dereferenced)
		define_cfa(program, value.reg, value.offset);
	else if (value.reg == machine->sp)
		state->cfa = DITHER_CFA_SP_DEREF;
	else if (value.reg == machine->fp)
		state->cfa = DITHER_CFA_FP_DEREF;
	else
		cfa_is_unsupported(state, UNWIND_CFA_EXPRESSION);
}

/* The register is saved at the address that an expression yields. */
static void set_expression(struct program *program)
{
	const struct machine *machine = program->base->machine;
	uint64_t reg = cursor_uleb(&program->cursor), size;
	const unsigned char *bytes = read_block(program, &size);
	struct expression value;

	if (!bytes || !place_of(program, reg))
		return;
	if (expression_read(machine, bytes, size, true, UNWIND_RETURN_ADDRESS,
			    &value) ||
	    value.dereferenced)
		set_unsupported(program, reg);
	else if (value.base == EXPRESSION_CFA)
		set_place(program, reg, DITHER_SAVED_CFA, value.offset);
	else if (value.base != EXPRESSION_REGISTER)
		set_unsupported(program, reg);
	else if (value.reg == machine->sp)
		set_place(program, reg, DITHER_SAVED_SP, value.offset);
	else if (value.reg == machine->fp)
		set_place(program, reg, DITHER_SAVED_FP, value.offset);
	else
		set_unsupported(program, reg);
}

/* Backwards, nothing is meant that anybody could follow. */
static void set_location(struct program *program)
{
	const struct cfi_program_base *base = program->base;
	uint64_t location;

	if (!pointer_known(base->encoding, &base->pointers)) {
		fail(program);
		return;
	}
	location = pointer_read(&program->cursor, base->encoding,
				&base->pointers);
	if (location < program->location)
		fail(program);
	else
		program->next = location;
}

static void advance(struct program *program, uint64_t delta)
{
	if (__builtin_mul_overflow(delta, program->base->code_factor, &delta) ||
	    __builtin_add_overflow(program->location, delta, &program->next))
		program->next = UINT64_MAX;
}

/* Instructions about one register. */
static void operate_register(struct program *program, uint8_t operation)
{
	struct cursor *cursor = &program->cursor;
	uint64_t reg = cursor_uleb(cursor);

	switch (operation) {
	case DW_CFA_offset_extended:
		set_place(program, reg, DITHER_SAVED_CFA,
			  read_factored_unsigned(program, false));
		break;
	case DW_CFA_offset_extended_sf:
		set_place(program, reg, DITHER_SAVED_CFA,
			  read_factored(program));
		break;
	case DW_CFA_GNU_negative_offset_extended:
		set_place(program, reg, DITHER_SAVED_CFA,
			  read_factored_unsigned(program, true));
		break;
	case DW_CFA_restore_extended:
		restore(program, reg);
		break;
	case DW_CFA_undefined:
		if (reg != program->base->machine->sp)
			set_place(program, reg, DITHER_SAVED_UNDEFINED, 0);
		break;
	case DW_CFA_same_value:
		set_same(program, reg);
		break;
	case DW_CFA_val_offset:
	case DW_CFA_val_offset_sf:
		/* Signed or not, a number takes the same bytes. */
		if (cursor_uleb(cursor) || reg != program->base->machine->sp)
			set_unsupported(program, reg);
		else
			set_same(program, reg);
		break;
	case DW_CFA_register:
		cursor_uleb(cursor);
		set_unsupported(program, reg);
		break;
	case DW_CFA_val_expression:
		cursor_take(cursor, cursor_uleb(cursor));
		set_unsupported(program, reg);
		break;
	}
}

/*
 * Instructions about the CFA. Hand-written code goes back from an expression
 * to the register or offset from before it, as C libraries' unwinders do.
 */
static void operate_cfa(struct program *program, uint8_t operation)
{
	struct cfi_program_state *state = &program->state;
	struct cursor *cursor = &program->cursor;
	uint64_t reg;

	program->changed = true;
	switch (operation) {
	case DW_CFA_def_cfa:
		reg = cursor_uleb(cursor);
		define_cfa(program, reg, read_offset(program));
		break;
	case DW_CFA_def_cfa_sf:
		reg = cursor_uleb(cursor);
		define_cfa(program, reg, read_factored(program));
		break;
	case DW_CFA_def_cfa_register:
		reg = cursor_uleb(cursor);
		define_cfa(program, reg, state->cfa_offset);
		break;
	case DW_CFA_def_cfa_offset:
		define_cfa(program, state->cfa_register, read_offset(program));
		break;
	case DW_CFA_def_cfa_offset_sf:
		define_cfa(program, state->cfa_register, read_factored(program));
		break;
	case DW_CFA_def_cfa_expression:
		define_cfa_expression(program);
		break;
	}
}

static void operate(struct program *program, uint8_t operation)
{
	struct cursor *cursor = &program->cursor;

	switch (operation) {
	case DW_CFA_nop:
		break;
	case DW_CFA_set_loc:
		set_location(program);
		break;
	case DW_CFA_advance_loc1:
		advance(program, cursor_u8(cursor));
		break;
	case DW_CFA_advance_loc2:
		advance(program, cursor_fixed(cursor, 2));
		break;
	case DW_CFA_advance_loc4:
		advance(program, cursor_u32(cursor));
		break;
	case DW_CFA_MIPS_advance_loc8:
		advance(program, cursor_fixed(cursor, 8));
		break;
	case DW_CFA_offset_extended:
	case DW_CFA_offset_extended_sf:
	case DW_CFA_GNU_negative_offset_extended:
	case DW_CFA_restore_extended:
	case DW_CFA_undefined:
	case DW_CFA_same_value:
	case DW_CFA_register:
	case DW_CFA_val_offset:
	case DW_CFA_val_offset_sf:
	case DW_CFA_val_expression:
		operate_register(program, operation);
		break;
	case DW_CFA_expression:
		set_expression(program);
		break;
	case DW_CFA_def_cfa:
	case DW_CFA_def_cfa_sf:
	case DW_CFA_def_cfa_register:
	case DW_CFA_def_cfa_offset:
	case DW_CFA_def_cfa_offset_sf:
	case DW_CFA_def_cfa_expression:
		operate_cfa(program, operation);
		break;
	case DW_CFA_remember_state:
		remember_state(program);
		break;
	case DW_CFA_restore_state:
		restore_state(program);
		program->changed = true;
		break;
	case DW_CFA_GNU_args_size:
		cursor_uleb(cursor);
		break;
	case DW_CFA_AARCH64_negate_ra_state:
	case DW_CFA_AARCH64_negate_ra_state_with_pc:
		/* Signed or not: signatures are stripped from any address. */
		if (program->base->machine->number != DITHER_TABLE_ARM64)
			fail(program);
		break;
	default:
		fail(program);
	}
}

bool cfi_program_step(struct program *program)
{
	struct cursor *cursor = &program->cursor;
	uint8_t operation, low;

	program->location = program->next;
	while (cursor_left(cursor)) {
		operation = *cursor->at++;
		low = operation & 0x3f;
		switch (operation & 0xc0) {
		case DW_CFA_advance_loc:
			advance(program, low);
			break;
		case DW_CFA_offset:
			set_place(program, low, DITHER_SAVED_CFA,
				  read_factored_unsigned(program, false));
			break;
		case DW_CFA_restore:
			restore(program, low);
			break;
		default:
			operate(program, operation);
		}
		if (cursor->failed)
			break;
		if (program->next != program->location)
			return true;
	}
	if (cursor->failed) {
		fail(program);
		program->changed = true;
	}
	program->next = UINT64_MAX;
	return false;
}
