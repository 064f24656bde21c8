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

static const struct unit_case cases[] = {
	{ "stubs leave the stack as it is, but on the way to the linker", found },
	{ "what is no such stub gets no rule", left_alone },
};

UNIT_MAIN("unwind_stubs", cases)
