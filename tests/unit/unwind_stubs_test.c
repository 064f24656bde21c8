// SPDX-License-Identifier: GPL-2.0
/* The jumps to other libraries' functions of arm64, user/unwind/stubs.h. */
#include "unit.h"

#include <errno.h>

#include "frame_compile.h"
#include "../../user/unwind/dwarf.h"

#define STUBS 0x80U	/* bytes of all */
#define IS(address, ...)						\
	CU_ASSERT(same_rule(rule_at(&table, TEXT + (address)), (__VA_ARGS__)))
#define RULE(offset)							\
	((struct dither_rule){ .cfa = DITHER_CFA_SP, .cfa_offset = (offset) })
#define NONE ((struct dither_rule){ .cfa = DITHER_CFA_NONE })

#define LANDING "\x5f\x24\x03\xd5"	/* bti c */
#define STORE "\xf0\x7b\xbf\xa9"	/* stp x16, x30, [sp, #-16]! */
#define OTHER "\x1f\x20\x03\xd5"	/* nop */

static struct unwind_table table;
static struct error error;

static int compile_stubs(uint16_t machine, const char *code, uint64_t bytes,
			 bool stubs, const struct frame_bytes *eh)
{
	unsigned char text[TEXT_SIZE] = { 0 };
	const struct frame_file_spec spec = {
		.machine = machine,
		.eh = eh ? eh->bytes : NULL,
		.eh_size = eh ? eh->count : 0,
		.text_offset = TEXT_OFFSET,
		.text_size = bytes,
		.text = text,
		.stubs = stubs,
	};

	memcpy(text, code, 8);
	unwind_table_free(&table);
	return compile_spec(&spec, &table, &error);
}

static void found(void)
{
	CU_ASSERT_EQUAL_FATAL(compile_stubs(EM_AARCH64, STORE OTHER, STUBS,
					    true, NULL), 0);
	IS(0, RULE(0));
	IS(4, RULE(16));
	IS(31, RULE(16));
	IS(32, RULE(0));
	IS(STUBS - 1, RULE(0));
	IS(STUBS, NONE);
	/* With a landing pad before. */
	CU_ASSERT_EQUAL_FATAL(compile_stubs(EM_AARCH64, LANDING STORE, STUBS,
					    true, NULL), 0);
	IS(4, RULE(0));
	IS(8, RULE(16));
	IS(32, RULE(0));
	/* Nothing but the way to the linker. */
	CU_ASSERT_EQUAL_FATAL(compile_stubs(EM_AARCH64, STORE OTHER, 32, true,
					    NULL), 0);
	IS(31, RULE(16));
	IS(32, NONE);
}

static void left_alone(void)
{
	static const uint8_t says[] = { DW_CFA_def_cfa, 31, 48 };
	struct frame_bytes eh = { .count = 0 };
	size_t cie = put_cie(&eh, "zR", DW_EH_PE_absptr);

	/* Of arm64: the return address in x30, and nothing to begin with. */
	eh.bytes[14] = 30;
	eh.count -= 5;
	end_entry(&eh);
	CU_ASSERT_EQUAL(compile_stubs(EM_AARCH64, OTHER OTHER, STUBS, true,
				      NULL), -ENODATA);
	CU_ASSERT_EQUAL(compile_stubs(EM_AARCH64, STORE OTHER, STUBS, false,
				      NULL), -ENODATA);
	CU_ASSERT_EQUAL(compile_stubs(EM_X86_64, STORE OTHER, STUBS, true,
				      NULL), -ENODATA);
	CU_ASSERT_EQUAL(compile_stubs(EM_AARCH64, STORE OTHER, 31, true, NULL),
			-ENODATA);
	/* What tells of itself is believed. */
	put_fde(&eh, cie, TEXT, 8, says, sizeof(says));
	CU_ASSERT_EQUAL_FATAL(compile_stubs(EM_AARCH64, STORE OTHER, STUBS,
					    true, &eh), 0);
	CU_ASSERT_EQUAL(rule_at(&table, TEXT).cfa_offset, 48);
}

/* As lld, mold, gold and ld.bfd lay them out. */
#define PUSH_GOT "\xff\x35\x01\x02\x03\x04"
#define JMP_GOT "\xff\x25\x01\x02\x03\x04"
#define PUSH_NUMBER "\x68\x05\x00\x00\x00"
#define JMP "\xe9\x01\x02\x03\x04"
#define ENDBR "\xf3\x0f\x1e\xfa"
#define MOV_NUMBER "\x41\xbb\x05\x00\x00\x00"
#define NOP4 "\x0f\x1f\x40\x00"
#define PLT(above, limit)						\
	((struct dither_rule){ .cfa = DITHER_CFA_PLT,			\
			       .cfa_offset = (above),			\
			       .cfa_addend = (limit),			\
			       .ra = DITHER_SAVED_CFA,			\
			       .ra_offset = -8 })
#define ABOVE(above)							\
	((struct dither_rule){ .cfa = DITHER_CFA_SP,			\
			       .cfa_offset = (above),			\
			       .ra = DITHER_SAVED_CFA,			\
			       .ra_offset = -8 })

static int compile_x86(const char *code, uint64_t bytes)
{
	unsigned char text[TEXT_SIZE] = { 0 };
	const struct frame_file_spec spec = {
		.machine = EM_X86_64,
		.text_offset = TEXT_OFFSET,
		.text_size = bytes,
		.text = text,
		.stubs = true,
	};

	memcpy(text, code, bytes);
	unwind_table_free(&table);
	return compile_spec(&spec, &table, &error);
}

static void x86_lazy(void)
{
	static const char lld[] = PUSH_GOT JMP_GOT NOP4
		JMP_GOT PUSH_NUMBER JMP JMP_GOT PUSH_NUMBER JMP;
	static const char ibt[] = PUSH_GOT JMP_GOT NOP4
		ENDBR PUSH_NUMBER JMP "\x66\x90";

	CU_ASSERT_EQUAL_FATAL(compile_x86(lld, 48), 0);
	IS(0, PLT(16, 6));
	IS(15, PLT(16, 6));
	IS(16, PLT(8, 11));
	IS(47, PLT(8, 11));
	IS(48, NONE);
	CU_ASSERT_EQUAL_FATAL(compile_x86(ibt, 32), 0);
	IS(0, PLT(16, 6));
	IS(16, PLT(8, 9));
}

static void x86_other(void)
{
	static const char mold[] = ENDBR "\x41\x53" PUSH_GOT "\xff\x25\x01\x02"
		"\x03\x04\xcc\xcc\xcc\xcc\xcc\xcc\xcc\xcc\xcc\xcc\xcc\xcc\xcc\xcc"
		ENDBR MOV_NUMBER JMP_GOT ENDBR MOV_NUMBER JMP_GOT;
	static const char now[] = JMP_GOT "\x66\x90" JMP_GOT "\x66\x90";
	static const char unknown[] = JMP_GOT "\x0f\x0b" JMP_GOT "\x66\x90"
		JMP_GOT "\x66\x90" JMP_GOT "\x66\x90";

	CU_ASSERT_EQUAL_FATAL(compile_x86(mold, 64), 0);
	IS(5, ABOVE(8));
	IS(6, ABOVE(16));
	IS(12, ABOVE(24));
	IS(32, ABOVE(8));
	IS(63, ABOVE(8));
	CU_ASSERT_EQUAL_FATAL(compile_x86(now, 16), 0);
	IS(0, ABOVE(8));
	IS(15, ABOVE(8));
	/* What is not understood is left out. */
	CU_ASSERT_EQUAL_FATAL(compile_x86(unknown, 32), 0);
	IS(0, NONE);
	IS(16, ABOVE(8));
	CU_ASSERT_EQUAL(compile_x86(unknown, 16), -ENODATA);
}

static const struct unit_case cases[] = {
	{ "stubs leave the stack as it is, but on the way to the linker", found },
	{ "stubs of x86-64 push a number, which those before them find",
	  x86_lazy },
	{ "stubs of x86-64 that push nothing, or twice, and others", x86_other },
	{ "what is no such stub gets no rule", left_alone },
};

UNIT_MAIN("unwind_stubs", cases)
