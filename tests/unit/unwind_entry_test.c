// SPDX-License-Identifier: GPL-2.0
/* Where programs begin: user/unwind/entry_code.h. */
#include "unit.h"

#include <errno.h>

#include "frame_compile.h"
#include "resolve_inputs.h"
#include "../../user/unwind/dwarf.h"

#define LOADER "\x48\x89\xe7\xe8\x00\x00\x00\x00" /* mov %rsp, %rdi; call */
#define OTHER "\x55\x48\x89\xe5\xe8\x00\x00\x00"

static struct unwind_table table;
static struct error error;

static int compile_entry(const char *code, uint64_t entry, bool program,
			 const struct frame_bytes *eh)
{
	unsigned char text[TEXT_SIZE] = { 0 };
	const struct frame_file_spec spec = {
		.machine = EM_X86_64,
		.eh = eh ? eh->bytes : NULL,
		.eh_size = eh ? eh->count : 0,
		.text_offset = TEXT_OFFSET,
		.text_size = TEXT_SIZE,
		.text = text,
		.entry = entry,
		.program = program,
	};

	memcpy(text, code, 8);
	unwind_table_free(&table);
	return compile_spec(&spec, &table, &error);
}

static bool is_root(uint64_t offset)
{
	const struct dither_rule rule = rule_at(&table, TEXT + offset);

	return rule.cfa == DITHER_CFA_SP && rule.ra == DITHER_SAVED_UNDEFINED;
}

static void found(void)
{
	CU_ASSERT_EQUAL_FATAL(compile_entry(LOADER, TEXT, false, NULL), 0);
	CU_ASSERT(is_root(0));
	CU_ASSERT(is_root(127));
	CU_ASSERT_FALSE(is_root(128));
	CU_ASSERT_EQUAL_FATAL(compile_entry(OTHER, TEXT, true, NULL), 0);
	CU_ASSERT(is_root(0));
}

static void left_alone(void)
{
	static const uint8_t says[] = { DW_CFA_def_cfa, 7, 48 };
	struct frame_bytes eh = { .count = 0 };
	size_t cie = put_cie(&eh, "zR", DW_EH_PE_absptr);

	/* A library, which has no beginning. */
	CU_ASSERT_EQUAL(compile_entry(OTHER, TEXT, false, NULL), -ENODATA);
	CU_ASSERT_EQUAL(compile_entry(LOADER, 0, false, NULL), -ENODATA);
	CU_ASSERT_EQUAL(compile_entry(LOADER, TEXT + TEXT_SIZE, true, NULL),
			-ENODATA);
	/* What tells of itself is believed, and ends what does not. */
	put_fde(&eh, cie, TEXT, 8, says, sizeof(says));
	CU_ASSERT_EQUAL_FATAL(compile_entry(LOADER, TEXT, true, &eh), 0);
	CU_ASSERT_EQUAL(rule_at(&table, TEXT).cfa_offset, 48);
	CU_ASSERT_FALSE(is_root(8));
	eh.count = 0;
	cie = put_cie(&eh, "zR", DW_EH_PE_absptr);
	put_fde(&eh, cie, TEXT + 32, 8, says, sizeof(says));
	CU_ASSERT_EQUAL_FATAL(compile_entry(LOADER, TEXT, true, &eh), 0);
	CU_ASSERT(is_root(31));
	CU_ASSERT_EQUAL(rule_at(&table, TEXT + 32).cfa_offset, 48);
	CU_ASSERT_FALSE(is_root(40));
}

/* Symbols tell where it ends. */
static void symbols(void)
{
	static const char source[] =
		".globl _start, next\n.type _start,@function\n.type next,@function\n"
		"_start: xor %%ebp, %%ebp\ncall next\nlabel: hlt\n%s"
		"next: ret\n.size next, 1\n.skip 200, 0x90\n";
	static const char *const sizes[] = { "",
					     ".size _start, 7\nnop\nnop\n" };
	char text[400];

	inputs_begin();
	for (int i = 0; i < 2; i++) {
		GElf_Ehdr header;
		struct stat status;
		struct elf *elf;
		int file;
		int length = snprintf(text, sizeof(text), source, sizes[i]);

		inputs_write("entry.s", text, (size_t)length);
		CU_ASSERT_EQUAL_FATAL(
			inputs_shell(
				"gcc -nostdlib -static -no-pie -o entry entry.s"),
			0);
		file = elf_open_regular("entry", &status, NULL);
		CU_ASSERT_EQUAL_FATAL(elf_read(file, (uint64_t)status.st_size,
					       &elf, NULL),
				      0);
		gelf_getehdr(elf->handle, &header);
		unwind_table_free(&table);
		CU_ASSERT_EQUAL_FATAL(unwind_compile(elf, &table, &error), 0);
		for (size_t j = 0; j < elf->load_count; j++) {
			const struct elf_load *load = &elf->loads[j];
			uint64_t at =
				header.e_entry - load->address + load->offset;

			if (!load->executable)
				continue;
			/* 2 + 5 + 1 bytes, or as many as it says that it has. */
			CU_ASSERT_EQUAL(dither_table_find(table.image, at)->ra,
					DITHER_SAVED_UNDEFINED);
			CU_ASSERT_EQUAL(
				dither_table_find(table.image, at + 6)->ra,
				DITHER_SAVED_UNDEFINED);
			CU_ASSERT_EQUAL(
				dither_table_find(table.image, at + 8)->cfa,
				DITHER_CFA_NONE);
			CU_ASSERT_EQUAL(
				dither_table_find(table.image, at + 7)->cfa,
				i ? DITHER_CFA_NONE : DITHER_CFA_SP);
		}
		elf_close(elf);
	}
}

/* What glibc's loader begins with. */
static void of_this_machine(void)
{
	GElf_Ehdr header;
	struct stat status;
	struct elf *elf;
	int file =
		elf_open_regular("/lib64/ld-linux-x86-64.so.2", &status, NULL);

	if (file < 0)
		return;
	CU_ASSERT_EQUAL_FATAL(
		elf_read(file, (uint64_t)status.st_size, &elf, NULL), 0);
	gelf_getehdr(elf->handle, &header);
	unwind_table_free(&table);
	CU_ASSERT_EQUAL_FATAL(unwind_compile(elf, &table, &error), 0);
	for (size_t i = 0; i < elf->load_count; i++) {
		const struct elf_load *load = &elf->loads[i];
		uint64_t at = header.e_entry - load->address;

		if (load->executable && at < load->file_bytes)
			CU_ASSERT_EQUAL(dither_table_find(table.image,
							  at + load->offset)
						->ra,
					DITHER_SAVED_UNDEFINED);
	}
	elf_close(elf);
}

static const struct unit_case cases[] = {
	{ "where a program begins there is no caller", found },
	{ "libraries, and what tells of itself, are left alone", left_alone },
	{ "the beginning ends where symbols say", symbols },
	{ "the loader's beginning is known", of_this_machine },
};

UNIT_MAIN("unwind_entry", cases)
