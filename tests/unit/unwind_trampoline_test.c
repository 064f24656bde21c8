// SPDX-License-Identifier: GPL-2.0
/*
 * Returns from signal handlers, user/unwind/trampoline.h, and what else is
 * special to arm64 or to signal frames.
 */
#include "unit.h"

#include <errno.h>

#include "frame_compile.h"
#include "../../user/unwind/dwarf.h"

#define NONE ((struct dither_rule){ .cfa = DITHER_CFA_NONE })
#define IS(address, ...)						\
	CU_ASSERT(same_rule(rule_at(&table, TEXT + (address)), (__VA_ARGS__)))

/* As the kernel's signal frames are on both machines. */
static const struct dither_rule x86_64_return = {
	.cfa = DITHER_CFA_SP_DEREF,
	.cfa_offset = 160,
	.fp = DITHER_SAVED_SP,
	.fp_offset = 120,
	.ra = DITHER_SAVED_SP,
	.ra_offset = 168,
	.flags = DITHER_RULE_SIGNAL,
};
static const struct dither_rule arm64_return = {
	.cfa = DITHER_CFA_SP_DEREF,
	.cfa_offset = 560,
	.fp = DITHER_SAVED_SP,
	.fp_offset = 544,
	.ra = DITHER_SAVED_SP,
	.ra_offset = 568,
	.flags = DITHER_RULE_SIGNAL,
};

static struct unwind_table table;
static struct error error;

/* @size bytes of code at TEXT + @at, in a text of @text_size. */
static int compile_code(uint16_t machine, const struct frame_bytes *eh,
			uint64_t at, const void *code, size_t size,
			uint64_t text_size)
{
	unsigned char *text = calloc(1, text_size);
	const struct frame_file_spec spec = {
		.machine = machine,
		.eh = eh ? eh->bytes : NULL,
		.eh_size = eh ? eh->count : 0,
		.text_offset = TEXT_OFFSET,
		.text_size = text_size,
		.text = text,
	};
	int result;

	if (!text)
		abort();
	memcpy(text + at, code, size);
	unwind_table_free(&table);
	result = compile_spec(&spec, &table, &error);
	free(text);
	return result;
}

#define X86_CODE "\x48\xc7\xc0\x0f\0\0\0\x0f\x05"
#define X86_SHORT "\xb8\x0f\0\0\0\x0f\x05"
#define ARM_CODE "\x68\x11\x80\xd2\x01\0\0\xd4"

static void found(void)
{
	CU_ASSERT_EQUAL_FATAL(compile_code(EM_X86_64, NULL, 0x33, X86_CODE, 9,
					   TEXT_SIZE), 0);
	/* A handler's return address is 0x33, and is looked up one below. */
	IS(0x31, NONE);
	IS(0x32, x86_64_return);
	IS(0x33, x86_64_return);
	IS(0x3b, x86_64_return);
	/* In the system call it is behind the last instruction. */
	IS(0x3c, x86_64_return);
	IS(0x3d, NONE);
	CU_ASSERT_EQUAL_FATAL(compile_code(EM_X86_64, NULL, 0x100, X86_SHORT, 7,
					   TEXT_SIZE), 0);
	IS(0xff, x86_64_return);
	IS(0x107, x86_64_return);
	IS(0x108, NONE);
	CU_ASSERT_EQUAL_FATAL(compile_code(EM_AARCH64, NULL, 0x40, ARM_CODE, 8,
					   TEXT_SIZE), 0);
	IS(0x3e, NONE);
	IS(0x3f, arm64_return);
	IS(0x48, arm64_return);
	IS(0x49, NONE);
	/* Where the segment begins, nothing is before. */
	CU_ASSERT_EQUAL_FATAL(compile_code(EM_X86_64, NULL, 0, X86_CODE, 9,
					   TEXT_SIZE), 0);
	IS(0, x86_64_return);
}

static void left_alone(void)
{
	static const uint8_t signal[] = { DW_CFA_def_cfa_offset, 16 };
	struct frame_bytes eh = { .count = 0 };
	size_t cie = put_cie(&eh, "zSR", DW_EH_PE_absptr);
	struct dither_rule said = { .cfa = DITHER_CFA_SP,
				    .cfa_offset = 16,
				    .ra = DITHER_SAVED_CFA,
				    .ra_offset = -8,
				    .flags = DITHER_RULE_SIGNAL };

	/* Instructions of arm64 are not in the middle of others. */
	CU_ASSERT_EQUAL(compile_code(EM_AARCH64, NULL, 0x42, ARM_CODE, 8,
				     TEXT_SIZE), -ENODATA);
	/* Each machine has its own. */
	CU_ASSERT_EQUAL(compile_code(EM_X86_64, NULL, 0x40, ARM_CODE, 8,
				     TEXT_SIZE), -ENODATA);
	/* A C library that tells of it: from one byte before. */
	put_fde(&eh, cie, TEXT + 0x3f, 10, signal, sizeof(signal));
	CU_ASSERT_EQUAL_FATAL(compile_code(EM_X86_64, &eh, 0x40, X86_CODE, 9,
					   TEXT_SIZE), 0);
	IS(0x3e, NONE);
	IS(0x3f, said);
	IS(0x48, said);
	/* … and not of the address in the system call. */
	IS(0x49, x86_64_return);
	IS(0x4a, NONE);
	/* A function that ends where it begins keeps its last byte. */
	CU_ASSERT_EQUAL_FATAL(compile_code(EM_X86_64, &eh, 0x49, X86_CODE, 9,
					   TEXT_SIZE), 0);
	IS(0x48, said);
	IS(0x49, x86_64_return);
	IS(0x51, x86_64_return);
}

/* C libraries without call frame information are larger than a vDSO. */
static void large(void)
{
	struct frame_bytes eh = { .count = 0 };
	size_t cie = put_cie(&eh, "zR", DW_EH_PE_absptr);

	CU_ASSERT_EQUAL_FATAL(compile_code(EM_X86_64, NULL, 0x70000, X86_CODE,
					   9, 0x80000), 0);
	IS(0x70000, x86_64_return);
	/* What tells of most functions is not searched for others. */
	put_fde(&eh, cie, TEXT, 0x60000, "", 0);
	CU_ASSERT_EQUAL_FATAL(compile_code(EM_X86_64, &eh, 0x70000, X86_CODE, 9,
					   0x80000), 0);
	IS(0x70000, NONE);
	CU_ASSERT_EQUAL(compile_code(EM_X86_64, NULL, 0x70000, X86_CODE, 9,
				     0x400001), -ENODATA);
}

static int compile_arm64(const void *program, size_t size)
{
	struct frame_bytes frames = { .count = 0 };
	static const uint8_t start[] = { DW_CFA_def_cfa, 31, 0 };
	size_t cie = put_cie(&frames, "zR", DW_EH_PE_absptr);

	frames.bytes[14] = 30;
	frames.count -= 5;
	put_bytes(&frames, start, sizeof(start));
	end_entry(&frames);
	put_fde(&frames, cie, TEXT, 0x100, program, size);
	unwind_table_free(&table);
	return compile_frames(EM_AARCH64, &frames, &table, &error);
}

#define ADVANCE(n) (DW_CFA_advance_loc + (n))
#define ARM(...)							\
	((struct dither_rule){ .cfa = DITHER_CFA_SP, ##__VA_ARGS__ })

static void arm64_programs(void)
{
	static const uint8_t program[] = {
		/* paciasp; stp x29, x30, [sp, #-32]!; mov x29, sp */
		DW_CFA_AARCH64_negate_ra_state, ADVANCE(4),
		DW_CFA_def_cfa_offset, 32, DW_CFA_offset + 29, 4,
		DW_CFA_offset + 30, 3, ADVANCE(4),
		DW_CFA_def_cfa_register, 29, ADVANCE(4),
		DW_CFA_remember_state,
		/* ldp x29, x30, [sp], #32; autiasp */
		DW_CFA_restore + 30, DW_CFA_restore + 29, DW_CFA_def_cfa, 31, 0,
		ADVANCE(4), DW_CFA_AARCH64_negate_ra_state_with_pc, ADVANCE(4),
		DW_CFA_restore_state, ADVANCE(4),
		DW_CFA_undefined, 30, ADVANCE(4), DW_CFA_same_value, 30,
		ADVANCE(4), DW_CFA_register, 30, 15,
	};
	const struct dither_rule in_frame = {
		.cfa = DITHER_CFA_FP,
		.cfa_offset = 32,
		.fp = DITHER_SAVED_CFA,
		.fp_offset = -32,
		.ra = DITHER_SAVED_CFA,
		.ra_offset = -24,
	};
	struct dither_rule by_sp = in_frame, last = in_frame;

	CU_ASSERT_EQUAL_FATAL(compile_arm64(program, sizeof(program)), 0);
	by_sp.cfa = DITHER_CFA_SP;
	IS(0, ARM());
	IS(4, by_sp);
	IS(8, in_frame);
	IS(12, ARM());
	IS(16, ARM());
	IS(20, in_frame);
	last.ra = DITHER_SAVED_UNDEFINED;
	last.ra_offset = 0;
	IS(24, last);
	last.ra = DITHER_SAVED_NOT;
	IS(28, last);
	IS(32, ((struct dither_rule){ .cfa = DITHER_CFA_UNSUPPORTED }));
}

static const struct unit_case cases[] = {
	{ "returns from signals are known by their code, from a byte before",
	  found },
	{ "where a function says what it is, its code is not looked at",
	  left_alone },
	{ "large files are searched if nothing else is known of them", large },
	{ "on arm64 callers are in the link register or saved, signed or not",
	  arm64_programs },
};

UNIT_MAIN("unwind_trampoline", cases)
