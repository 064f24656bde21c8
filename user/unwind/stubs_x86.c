// SPDX-License-Identifier: GPL-2.0
/*
 * See stubs_x86.h. Linkers lay stubs out in many ways, but in slots of 16 bytes, in
 * which only pushes move the stack pointer: the number of the function, and what
 * the dynamic linker is to know. Where entries push that number, the first slot,
 * which they go on to, has it on the stack from the beginning.
 */
#include "stubs_x86.h"

#include <string.h>

#include "dwarf.h"

#define SLOT 16U
#define PUSHES_MAX 2U

/* The return address, register 16, at CFA - 8. */
#define RETURN DW_CFA_offset_extended_sf, 16, 0x78

struct shape {
	bool known;
	uint8_t bytes; /* one slot, or two */
	unsigned int pushes;
	uint8_t behind[PUSHES_MAX]; /* where each push ends */
};

struct instruction {
	uint8_t bytes;
	bool push;
	uint8_t length; /* operands included */
	uint8_t code[4];
};

static const struct instruction instructions[] = {
	{ 4, false, 4, { 0xf3, 0x0f, 0x1e, 0xfa } }, /* endbr64 */
	{ 2, false, 6, { 0xff, 0x25 } },	     /* jmp *place */
	{ 3, false, 7, { 0xf2, 0xff, 0x25 } },	     /* bnd jmp *place */
	{ 2, true, 6, { 0xff, 0x35 } },		     /* push place */
	{ 1, true, 5, { 0x68 } },		     /* push $number */
	{ 1, true, 2, { 0x6a } },
	{ 2, true, 2, { 0x41, 0x53 } },	 /* push %r11 */
	{ 1, false, 5, { 0xe9 } },	 /* jmp */
	{ 2, false, 6, { 0xf2, 0xe9 } }, /* bnd jmp */
	{ 1, false, 2, { 0xeb } },
	{ 2, false, 6, { 0x41, 0xbb } },       /* mov $number, %r11d */
	{ 3, false, 7, { 0x4c, 0x8d, 0x1d } }, /* lea place, %r11 */
	{ 3, false, 7, { 0x4c, 0x8b, 0x1d } }, /* mov place, %r11 */
	{ 3, false, 3, { 0x41, 0xff, 0xe3 } }, /* jmp *%r11 */
	{ 3, false, 3, { 0x0f, 0x1f, 0x00 } }, /* nop */
	{ 3, false, 4, { 0x0f, 0x1f, 0x40 } },
	{ 3, false, 5, { 0x0f, 0x1f, 0x44 } },
	{ 4, false, 6, { 0x66, 0x0f, 0x1f, 0x44 } },
	{ 3, false, 7, { 0x0f, 0x1f, 0x80 } },
	{ 3, false, 8, { 0x0f, 0x1f, 0x84 } },
	{ 2, false, 2, { 0x66, 0x90 } },
	{ 1, false, 1, { 0x90 } },
	{ 1, false, 1, { 0xcc } }, /* int3 */
};

static const struct instruction *decode(const unsigned char *at, size_t left)
{
	for (size_t i = 0; i < sizeof(instructions) / sizeof(instructions[0]);
	     i++)
		if (instructions[i].length <= left &&
		    !memcmp(at, instructions[i].code, instructions[i].bytes))
			return &instructions[i];
	return NULL;
}

/* Of what begins at @slot, where @left bytes are. */
static struct shape shape_of(const unsigned char *slot, uint64_t left)
{
	struct shape shape = { .known = true, .bytes = SLOT };

	for (size_t at = 0; at < shape.bytes;) {
		const struct instruction *instruction =
			decode(slot + at, left - at);

		if (!instruction ||
		    (instruction->push && shape.pushes == PUSHES_MAX))
			return (struct shape){ .bytes = SLOT };
		at += instruction->length;
		/* The way to the linker may be longer. */
		if (at > shape.bytes)
			shape.bytes += SLOT;
		if (shape.bytes > left || shape.bytes > 2 * SLOT)
			return (struct shape){ .bytes = SLOT };
		if (instruction->push)
			shape.behind[shape.pushes++] = (uint8_t)at;
	}
	return shape;
}

/* Whether a rule by address tells it: then many slots are one function. */
static bool is_plain(const struct shape *shape)
{
	return !shape->pushes || (shape->pushes == 1 && shape->bytes == SLOT);
}

static void add_plain(struct frames *frames, uint64_t address, uint64_t bytes,
		      const struct shape *shape, uint8_t above,
		      struct eh_frame_own *own)
{
	const uint8_t stays[] = { RETURN, DW_CFA_def_cfa, 7, above };
	const uint8_t limit = (uint8_t)(DW_OP_lit0 + shape->behind[0]);
	const uint8_t moves[] = {
		RETURN,	   DW_CFA_def_cfa_expression,
		11,	   DW_OP_breg7,
		above,	   DW_OP_breg16,
		0,	   DW_OP_lit15,
		DW_OP_and, limit,
		DW_OP_ge,  DW_OP_lit3,
		DW_OP_shl, DW_OP_plus,
	};

	if (shape->pushes && shape->behind[0] < SLOT)
		eh_frame_keep(frames, moves, sizeof(moves), own);
	else
		eh_frame_keep(frames, stays, sizeof(stays), own);
	eh_frame_add(frames, address, bytes, own);
}

/* The stack pointer, and the CFA so far above it; then 8 more behind each push. */
static void add(struct frames *frames, uint64_t address, uint64_t bytes,
		const struct shape *shape, uint8_t above, uint8_t source)
{
	struct eh_frame_own own = { .source = source };
	uint8_t program[6 + 3 * PUSHES_MAX] = { RETURN, DW_CFA_def_cfa, 7,
						above };
	uint8_t *at = program + 6, before = 0;

	if (is_plain(shape)) {
		add_plain(frames, address, bytes, shape, above, &own);
		return;
	}
	for (unsigned int i = 0; i < shape->pushes; i++) {
		*at++ = (uint8_t)(DW_CFA_advance_loc + shape->behind[i] -
				  before);
		*at++ = DW_CFA_def_cfa_offset;
		*at++ = (uint8_t)(above + 8 * (i + 1));
		before = shape->behind[i];
	}
	eh_frame_keep(frames, program, (uint32_t)(at - program), &own);
	eh_frame_add(frames, address, bytes, &own);
}

static bool is_alike(const struct shape *a, const struct shape *b)
{
	return a->known == b->known && a->bytes == b->bytes &&
	       a->pushes == b->pushes &&
	       !memcmp(a->behind, b->behind, sizeof(a->behind));
}

/* Slots that are alike are one function. */
static void add_slots(struct frames *frames, const unsigned char *code,
		      uint64_t bytes, uint64_t address, uint8_t source)
{
	struct shape run = { .known = false };
	uint64_t begin = 0, at = 0;

	while (bytes - at >= SLOT) {
		struct shape shape = shape_of(code + at, bytes - at);

		if (!is_plain(&shape) || !is_alike(&run, &shape)) {
			if (run.known)
				add(frames, address + begin, at - begin, &run,
				    8, source);
			run = shape;
			begin = at;
		}
		at += shape.bytes;
	}
	if (run.known)
		add(frames, address + begin, at - begin, &run, 8, source);
}

static bool entries_push(const unsigned char *code, uint64_t bytes)
{
	struct shape shape;

	for (; bytes >= SLOT; code += shape.bytes, bytes -= shape.bytes) {
		shape = shape_of(code, bytes);
		if (shape.pushes)
			return true;
	}
	return false;
}

void stubs_x86_add(struct frames *frames, const unsigned char *code,
		   uint64_t bytes, uint64_t address, bool lazy, uint8_t source)
{
	struct shape first;

	/* The rule for a push is by the address. */
	if (bytes < SLOT || address % SLOT)
		return;
	first = shape_of(code, bytes);
	if (lazy && first.pushes &&
	    entries_push(code + first.bytes, bytes - first.bytes)) {
		add(frames, address, first.bytes, &first, 16, source);
		code += first.bytes;
		address += first.bytes;
		bytes -= first.bytes;
	}
	add_slots(frames, code, bytes, address, source);
}
