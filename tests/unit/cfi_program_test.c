// SPDX-License-Identifier: GPL-2.0
/*
 * Call frame programs, instruction by instruction, as rules: user/unwind/
 * cfi_program.h and cfi_rule.c, through whole files.
 */
#include "unit.h"

#include "frame_compile.h"
#include "../../user/unwind/dwarf.h"

#define BREG(n) (DW_OP_breg0 + (n))
#define ADVANCE(n) (DW_CFA_advance_loc + (n))

/* The rule of x86-64's functions where they begin, changed in parts. */
#define X86(...)							\
	((struct dither_rule){ .cfa = DITHER_CFA_SP, .cfa_offset = 8,	\
			       .ra = DITHER_SAVED_CFA, .ra_offset = -8,	\
			       ##__VA_ARGS__ })
#define UNSUPPORTED ((struct dither_rule){ .cfa = DITHER_CFA_UNSUPPORTED })

static struct unwind_table table;

/* One function of 0x100 bytes with this program, under a common CIE. */
static int compile_program(const void *program, size_t size)
{
	struct frame_bytes frames = { .count = 0 };
	struct error error = { "" };
	size_t cie = put_cie(&frames, "zR", DW_EH_PE_absptr);

	put_fde(&frames, cie, TEXT, 0x100, program, size);
	unwind_table_free(&table);
	return compile_frames(EM_X86_64, &frames, &table, &error);
}

#define COMPILE(...)							\
	CU_ASSERT_EQUAL_FATAL(						\
		compile_program((const uint8_t[]){ 0, ##__VA_ARGS__ },	\
				sizeof((const uint8_t[]){ 0, ##__VA_ARGS__ })), 0)

#pragma GCC diagnostic ignored "-Woverride-init"

#define IS(address, ...)						\
	CU_ASSERT(same_rule(rule_at(&table, TEXT + (address)), (__VA_ARGS__)))

/* Each thing counted as unsupported, by its reason. */
#define COUNTED(why, count)						\
	CU_ASSERT_EQUAL(table.statistics.unsupported[why], count)

static void cfas(void)
{
	COMPILE();
	IS(0, X86());
	IS(0xff, X86());
	IS(0x100, (struct dither_rule){ 0 });
	COMPILE(ADVANCE(1), DW_CFA_def_cfa_offset, 16, ADVANCE(3),
		DW_CFA_def_cfa_register, 6, ADVANCE(0x3f), DW_CFA_def_cfa, 7,
		0x90, 0x04);
	IS(0, X86());
	IS(1, X86(.cfa_offset = 16));
	IS(3, X86(.cfa_offset = 16));
	IS(4, X86(.cfa = DITHER_CFA_FP, .cfa_offset = 16));
	IS(0x42, X86(.cfa = DITHER_CFA_FP, .cfa_offset = 16));
	IS(0x43, X86(.cfa_offset = 528));
	COMPILE(DW_CFA_def_cfa_sf, 6, 0x7e, ADVANCE(1),
		DW_CFA_def_cfa_offset_sf, 0x7d, ADVANCE(1), DW_CFA_def_cfa, 10,
		0);
	IS(0, X86(.cfa = DITHER_CFA_FP, .cfa_offset = 16));
	IS(1, X86(.cfa = DITHER_CFA_FP, .cfa_offset = 24));
	IS(2, X86(.cfa = DITHER_CFA_REGISTER, .cfa_register = 10,
		  .cfa_offset = 0));
}

static void advances(void)
{
	COMPILE(DW_CFA_advance_loc1, 0x80, DW_CFA_def_cfa_offset, 16,
		DW_CFA_advance_loc2, 0x20, 0x00, DW_CFA_def_cfa_offset, 24,
		DW_CFA_advance_loc4, 0x10, 0, 0, 0, DW_CFA_def_cfa_offset, 32,
		DW_CFA_MIPS_advance_loc8, 0x08, 0, 0, 0, 0, 0, 0, 0,
		DW_CFA_def_cfa_offset, 40, ADVANCE(0), DW_CFA_def_cfa_offset,
		48, DW_CFA_set_loc, 0xf0, 0x40, 0x40, 0, 0, 0, 0, 0,
		DW_CFA_def_cfa_offset, 56);
	IS(0x7f, X86());
	IS(0x80, X86(.cfa_offset = 16));
	IS(0x9f, X86(.cfa_offset = 16));
	IS(0xa0, X86(.cfa_offset = 24));
	IS(0xb0, X86(.cfa_offset = 32));
	IS(0xb8, X86(.cfa_offset = 48));
	IS(0xef, X86(.cfa_offset = 48));
	IS(0xf0, X86(.cfa_offset = 56));
	/* Backwards, or beyond the function: no further. */
	COMPILE(ADVANCE(8), DW_CFA_def_cfa_offset, 16, DW_CFA_set_loc, 0x07,
		0x40, 0x40, 0, 0, 0, 0, 0);
	IS(7, X86());
	IS(8, UNSUPPORTED);
	COUNTED(UNWIND_INSTRUCTION, 1);
	COMPILE(DW_CFA_advance_loc2, 0, 1, DW_CFA_def_cfa_offset, 16);
	IS(0xff, X86());
	IS(0x100, (struct dither_rule){ 0 });
	CU_ASSERT_EQUAL(table.statistics.rows, 3);
	COMPILE(DW_CFA_MIPS_advance_loc8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, DW_CFA_def_cfa_offset, 16);
	IS(0xff, X86());
}

#define FP(...) X86(.fp = DITHER_SAVED_CFA, .fp_offset = __VA_ARGS__)

static void places(void)
{
	COMPILE(DW_CFA_offset + 6, 2, ADVANCE(1), DW_CFA_restore + 6,
		ADVANCE(1), DW_CFA_offset_extended, 6, 3, ADVANCE(1),
		DW_CFA_restore_extended, 6, ADVANCE(1),
		DW_CFA_offset_extended_sf, 6, 0x7e, ADVANCE(1),
		DW_CFA_GNU_negative_offset_extended, 6, 4, ADVANCE(1),
		DW_CFA_undefined, 6, ADVANCE(1), DW_CFA_same_value, 6);
	IS(0, FP(-16));
	IS(1, X86());
	IS(2, FP(-24));
	IS(3, X86());
	IS(4, FP(16));
	IS(5, FP(32));
	IS(6, X86(.fp = DITHER_SAVED_UNDEFINED));
	IS(7, X86());
	COMPILE(DW_CFA_offset + 16, 5, ADVANCE(1), DW_CFA_restore + 16,
		ADVANCE(1), DW_CFA_undefined, 16, ADVANCE(1),
		DW_CFA_same_value, 16, ADVANCE(1), DW_CFA_register, 16, 1);
	IS(0, X86(.ra_offset = -40));
	IS(1, X86());
	IS(2, X86(.ra = DITHER_SAVED_UNDEFINED, .ra_offset = 0));
	IS(3, UNSUPPORTED);
	IS(4, UNSUPPORTED);
	COUNTED(UNWIND_RETURN_ADDRESS, 2);
	/* Registers that nobody asks for make no rows. */
	COMPILE(DW_CFA_offset + 13, 2, ADVANCE(1), DW_CFA_restore + 13,
		ADVANCE(1), DW_CFA_expression, 12, 2, BREG(6), 0x70);
	CU_ASSERT_EQUAL(table.statistics.rows, 3);
}

static void places_of_rbx(void)
{
	COMPILE(DW_CFA_offset + 3, 3, ADVANCE(1), DW_CFA_restore + 3,
		ADVANCE(1), DW_CFA_offset_extended, 3, 0xfe, 1, ADVANCE(1),
		DW_CFA_offset_extended, 3, 0xff, 1, ADVANCE(1),
		DW_CFA_offset_extended_sf, 3, 0x7f, ADVANCE(1),
		DW_CFA_undefined, 3, ADVANCE(1), DW_CFA_expression, 3, 2,
		BREG(7), 0, ADVANCE(1), DW_CFA_register, 3, 1, ADVANCE(1),
		DW_CFA_same_value, 3);
	IS(0, X86(.bx = 3));
	IS(1, X86());
	IS(2, X86(.bx = 254));
	for (int i = 3; i < 8; i++)
		IS(i, X86(.bx = DITHER_BX_LOST));
	IS(8, X86());
}

static void lost_frame_pointers(void)
{
	COMPILE(DW_CFA_register, 6, 11, ADVANCE(1), DW_CFA_val_offset, 6, 2,
		ADVANCE(1), DW_CFA_val_offset_sf, 6, 0x7e, ADVANCE(1),
		DW_CFA_val_expression, 6, 2, BREG(7), 0, ADVANCE(1),
		DW_CFA_expression, 6, 2, BREG(1), 0, ADVANCE(1),
		DW_CFA_expression, 6, 3, BREG(6), 0, DW_OP_deref);
	for (int i = 0; i < 6; i++)
		IS(i, X86(.fp = DITHER_SAVED_UNDEFINED));
	COUNTED(UNWIND_FRAME_POINTER, 6);
	COUNTED(UNWIND_SUPPORTED, 0);
}

static void expressions(void)
{
	/* gcc's realigned stack, to its end. */
	COMPILE(DW_CFA_def_cfa, 10, 0, ADVANCE(10), DW_CFA_expression, 6, 2,
		BREG(6), 0, ADVANCE(2), DW_CFA_def_cfa_expression, 3, BREG(6),
		0x78, DW_OP_deref, ADVANCE(1), DW_CFA_def_cfa, 10, 0,
		ADVANCE(1), DW_CFA_def_cfa, 7, 8, DW_CFA_restore + 6);
	IS(0, X86(.cfa = DITHER_CFA_REGISTER, .cfa_register = 10,
		  .cfa_offset = 0));
	IS(12, X86(.cfa = DITHER_CFA_FP_DEREF, .cfa_offset = -8,
		   .fp = DITHER_SAVED_FP));
	IS(14, X86());
	COMPILE(DW_CFA_def_cfa_expression, 6, BREG(7), 0x98, 0x04, DW_OP_deref,
		DW_OP_plus_uconst, 56, DW_CFA_expression, 6, 2, BREG(7), 16,
		DW_CFA_expression, 16, 2, BREG(7), 24);
	IS(0, (struct dither_rule){ .cfa = DITHER_CFA_SP_DEREF,
				    .cfa_offset = 536,
				    .cfa_addend = 56,
				    .fp = DITHER_SAVED_SP,
				    .fp_offset = 16,
				    .ra = DITHER_SAVED_SP,
				    .ra_offset = 24 });
	COMPILE(DW_CFA_def_cfa_expression, 11, BREG(7), 8, BREG(16), 0,
		DW_OP_lit15, DW_OP_and, DW_OP_lit0 + 10, DW_OP_ge, DW_OP_lit3,
		DW_OP_shl, DW_OP_plus);
	IS(0, X86(.cfa = DITHER_CFA_PLT, .cfa_addend = 10));
	COMPILE(DW_CFA_def_cfa_expression, 3, BREG(1), 0, DW_OP_deref,
		ADVANCE(1), DW_CFA_def_cfa_expression, 2, BREG(1), 16,
		DW_CFA_expression, 6, 2, DW_OP_plus_uconst, 24);
	IS(0, UNSUPPORTED);
	IS(1, X86(.cfa = DITHER_CFA_REGISTER, .cfa_register = 1,
		  .cfa_offset = 16, .fp = DITHER_SAVED_CFA, .fp_offset = 24));
	COUNTED(UNWIND_CFA_EXPRESSION, 1);
}

/* As hand-written assembly does it: the offset is what it was before. */
static void after_expressions(void)
{
	COMPILE(DW_CFA_def_cfa_offset, 56, ADVANCE(1),
		DW_CFA_def_cfa_register, 0, ADVANCE(1),
		DW_CFA_def_cfa_expression, 5, BREG(7), 0, DW_OP_deref,
		DW_OP_plus_uconst, 48, ADVANCE(1), DW_CFA_def_cfa_register, 7);
	IS(1, X86(.cfa = DITHER_CFA_REGISTER, .cfa_offset = 56));
	IS(2, X86(.cfa = DITHER_CFA_SP_DEREF, .cfa_offset = 0,
		  .cfa_addend = 48));
	IS(3, X86(.cfa_offset = 56));
}

static void remembered(void)
{
	COMPILE(ADVANCE(1), DW_CFA_def_cfa_offset, 16, DW_CFA_offset + 6, 2,
		ADVANCE(1), DW_CFA_remember_state, DW_CFA_def_cfa_offset, 8,
		DW_CFA_restore + 6, ADVANCE(1), DW_CFA_remember_state,
		DW_CFA_def_cfa_offset, 80, ADVANCE(1), DW_CFA_restore_state,
		ADVANCE(1), DW_CFA_restore_state, ADVANCE(1),
		DW_CFA_restore_state);
	IS(1, X86(.cfa_offset = 16, .fp = DITHER_SAVED_CFA, .fp_offset = -16));
	IS(2, X86());
	IS(3, X86(.cfa_offset = 80));
	IS(4, X86());
	IS(5, X86(.cfa_offset = 16, .fp = DITHER_SAVED_CFA, .fp_offset = -16));
	IS(6, UNSUPPORTED);	/* there was no third one */
	COUNTED(UNWIND_INSTRUCTION, 1);
}

static void depth(void)
{
	uint8_t program[] = { [0 ... 16] = DW_CFA_remember_state };

	CU_ASSERT_EQUAL(compile_program(program, 16), 0);
	IS(0, X86());
	CU_ASSERT_EQUAL(compile_program(program, 17), 0);
	IS(0, UNSUPPORTED);
}

/* Each operand cut off; instructions that do not exist. */
static void damage(void)
{
	static const uint8_t known[] = { 0x00, 0x0a, 0x0b };

	for (int op = 0; op < 256; op++) {
		const uint8_t program[] = { ADVANCE(4), (uint8_t)op };
		bool plain = memchr(known, op, sizeof(known)) ||
			     (op & 0xc0) == DW_CFA_advance_loc ||
			     (op & 0xc0) == DW_CFA_restore;

		CU_ASSERT_EQUAL(compile_program(program, 2), 0);
		IS(3, X86());
		IS(0xff, plain && op != DW_CFA_restore_state ? X86() :
							       UNSUPPORTED);
	}
	COMPILE(ADVANCE(1), DW_CFA_def_cfa_expression, 0xff, 0xff, 0xff, 0xff,
		0x0f, BREG(7));
	IS(1, UNSUPPORTED);
	/* What arm64 means by it is nothing here. */
	COMPILE(DW_CFA_AARCH64_negate_ra_state);
	IS(0, UNSUPPORTED);
	COMPILE(DW_CFA_GNU_args_size, 0x80, 0x01, DW_CFA_def_cfa_offset, 16);
	IS(0, X86(.cfa_offset = 16));
}

static void ranges(void)
{
	COMPILE(DW_CFA_def_cfa_offset, 0xff, 0xff, 0xff, 0xff, 0x07, ADVANCE(1),
		DW_CFA_def_cfa_offset, 0x80, 0x80, 0x80, 0x80, 0x08, ADVANCE(1),
		DW_CFA_def_cfa_offset, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0x01, ADVANCE(1), DW_CFA_def_cfa, 7, 8,
		DW_CFA_offset + 16, 0xff, 0xff, 0xff, 0xff, 0x7f, ADVANCE(1),
		DW_CFA_offset + 16, 1, DW_CFA_offset_extended_sf, 6, 0x80, 0x80,
		0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f);
	IS(0, X86(.cfa_offset = INT32_MAX));
	IS(1, UNSUPPORTED);
	IS(2, UNSUPPORTED);
	IS(3, UNSUPPORTED);
	IS(4, X86(.fp = DITHER_SAVED_UNDEFINED));
	COUNTED(UNWIND_RANGE, 3);
	COUNTED(UNWIND_FRAME_POINTER, 1);
	COMPILE(DW_CFA_def_cfa_register, 16, ADVANCE(1),
		DW_CFA_def_cfa_register, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01,
		ADVANCE(1), DW_CFA_def_cfa_register, 15);
	IS(0, UNSUPPORTED);
	IS(1, UNSUPPORTED);
	IS(2, X86(.cfa = DITHER_CFA_REGISTER, .cfa_register = 15));
	COUNTED(UNWIND_CFA_REGISTER, 2);
}

/* A CIE that leaves the CFA to its functions. */
static void halves(void)
{
	static const uint8_t offset[] = { DW_CFA_def_cfa_offset, 16, ADVANCE(1),
					  DW_CFA_def_cfa_register, 7 };
	static const uint8_t both[] = { DW_CFA_def_cfa_register, 7, ADVANCE(1),
					DW_CFA_def_cfa_offset, 16 };
	const uint8_t *programs[] = { offset, both };

	for (int i = 0; i < 2; i++) {
		struct frame_bytes frames = { .count = 0 };
		struct error error = { "" };
		size_t cie = put_cie(&frames, "zR", DW_EH_PE_absptr);

		/* Nothing in place of def_cfa; the return address stays. */
		memset(frames.bytes + 17, DW_CFA_nop, 3);
		put_fde(&frames, cie, TEXT, 0x100, programs[i], sizeof(both));
		unwind_table_free(&table);
		CU_ASSERT_EQUAL_FATAL(compile_frames(EM_X86_64, &frames, &table,
						     &error), 0);
		IS(0, UNSUPPORTED);
		IS(1, X86(.cfa_offset = 16));
	}
}

/* What says that the caller's stack pointer is not the CFA is no rule. */
static void stack_pointers(void)
{
	COMPILE(DW_CFA_register, 7, 8, ADVANCE(1), DW_CFA_val_offset, 7, 0,
		ADVANCE(1), DW_CFA_val_offset, 7, 1, ADVANCE(1),
		DW_CFA_restore + 7, ADVANCE(1), DW_CFA_offset + 7, 3,
		ADVANCE(1), DW_CFA_same_value, 7, ADVANCE(1),
		DW_CFA_def_cfa_expression, 4, BREG(7), 0xa0, 0x01, DW_OP_deref,
		DW_CFA_expression, 7, 3, BREG(7), 0xa0, 0x01, ADVANCE(1),
		DW_CFA_expression, 7, 3, BREG(7), 0xa8, 0x01);
	IS(0, UNSUPPORTED);
	IS(1, X86());
	IS(2, UNSUPPORTED);
	IS(3, X86());
	IS(4, UNSUPPORTED);
	IS(5, X86());
	IS(6, X86(.cfa = DITHER_CFA_SP_DEREF, .cfa_offset = 160));
	IS(7, UNSUPPORTED);
	COUNTED(UNWIND_STACK_POINTER, 4);
}

static const struct unit_case cases[] = {
	{ "a CFA is a register and an offset, set together or apart", cfas },
	{ "half of a CFA is none, until the other half is said", halves },
	{ "locations advance by each instruction's size, never back",
	  advances },
	{ "places of the frame pointer and return address are followed",
	  places },
	{ "places of rbx are followed as far as rules can tell",
	  places_of_rbx },
	{ "a frame pointer that is computed is lost, and counted",
	  lost_frame_pointers },
	{ "expressions become rules of their kind or are unsupported",
	  expressions },
	{ "behind an expression the register and offset from before are back",
	  after_expressions },
	{ "states are remembered and restored, the CFA with them", remembered },
	{ "16 states are remembered, not more", depth },
	{ "what follows a damaged or unknown instruction is unsupported",
	  damage },
	{ "numbers that no rule can hold are unsupported", ranges },
	{ "a stack pointer other than the CFA is unsupported", stack_pointers },
};

UNIT_MAIN("unwind_program", cases)
