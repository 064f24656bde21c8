// SPDX-License-Identifier: GPL-2.0
/*
 * Entries of .eh_frame and .debug_frame, user/unwind/eh_frame.h, and where they
 * are found, sections.h: which bytes of the file are whose, and what is said
 * of files that are damaged or of another kind.
 */
#include "unit.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "frame_compile.h"
#include "../../user/unwind/dwarf.h"

#define NONE ((struct dither_rule){ .cfa = DITHER_CFA_NONE })
#define X86(offset)							\
	((struct dither_rule){ .cfa = DITHER_CFA_SP, .cfa_offset = offset, \
			       .ra = DITHER_SAVED_CFA, .ra_offset = -8 })
#define IS(address, ...)						\
	CU_ASSERT(same_rule(rule_at(&table, TEXT + (address)), (__VA_ARGS__)))

static struct unwind_table table;
static struct error error;

static int compile_it(const struct frame_bytes *frames)
{
	unwind_table_free(&table);
	return compile_frames(EM_X86_64, frames, &table, &error);
}

/* A function with a CFA that tells it from others. */
static void put_function(struct frame_bytes *out, size_t cie, uint64_t start,
			 uint64_t length, uint8_t cfa)
{
	const uint8_t program[] = { DW_CFA_def_cfa_offset, cfa };

	put_fde(out, cie, start, length, program, sizeof(program));
}

static void ranges(void)
{
	struct frame_bytes frames = { .count = 0 };
	size_t cie = put_cie(&frames, "zR", DW_EH_PE_absptr);

	put_function(&frames, cie, TEXT + 0x400, 0x100, 48);
	put_function(&frames, cie, TEXT, 0x100, 16);
	put_function(&frames, cie, TEXT + 0x180, 0x80, 24);
	/* Of no length, in another; where another begins; in its middle. */
	put_function(&frames, cie, TEXT + 0x190, 0, 32);
	put_function(&frames, cie, TEXT + 0x180, 0x10, 40);
	put_function(&frames, cie, TEXT + 0x440, 0x40, 56);
	/* Dropped by the linker; outside; across the segment's end. */
	put_function(&frames, cie, 0, 0x100, 64);
	put_function(&frames, cie, TEXT + TEXT_SIZE, 0x100, 64);
	put_function(&frames, cie, TEXT - 0x10, 0x100, 64);
	put_function(&frames, cie, TEXT + TEXT_SIZE - 0x10, 0x100, 72);
	CU_ASSERT_EQUAL_FATAL(compile_it(&frames), 0);
	CU_ASSERT_EQUAL(table.statistics.functions, 5);
	IS(-1, NONE);
	IS(0, X86(16));
	IS(0xff, X86(16));
	IS(0x100, NONE);
	IS(0x17f, NONE);
	IS(0x180, X86(24));
	IS(0x1ff, X86(24));
	IS(0x200, NONE);
	IS(0x43f, X86(48));
	IS(0x440, X86(56));
	IS(0x47f, X86(56));
	IS(0x480, NONE);	/* as binary searches have it */
	IS(TEXT_SIZE - 0x11, NONE);
	IS(TEXT_SIZE - 1, X86(72));
	IS(TEXT_SIZE, NONE);
	CU_ASSERT_EQUAL(table.statistics.covered_bytes, 0x100 + 0x80 + 0x80 + 0x10);
}

/* A CIE in which one thing after the other can be wrong. */
struct cie_spec {
	uint8_t version;
	const char *letters;
	uint8_t address_bytes, segment_bytes, ra;
};

static int compile_cie(const struct cie_spec *spec)
{
	static const uint8_t data[] = { DW_EH_PE_absptr, DW_EH_PE_absptr, 1, 2,
					3, 4, 5, 6, 7, 8, DW_EH_PE_omit };
	struct frame_bytes frames = { .count = 0 };

	begin_entry(&frames);
	put(&frames, 0, 4);
	put(&frames, spec->version, 1);
	put_bytes(&frames, spec->letters, strlen(spec->letters) + 1);
	if (spec->version == 4) {
		put(&frames, spec->address_bytes, 1);
		put(&frames, spec->segment_bytes, 1);
	}
	put_uleb(&frames, 1);
	put_sleb(&frames, -8);
	put(&frames, spec->ra, 1);
	if (*spec->letters) {
		put_uleb(&frames, sizeof(data));
		put_bytes(&frames, data, sizeof(data));
	}
	put_bytes(&frames, "\x0c\x07\x08\x90\x01", 5);
	end_entry(&frames);
	begin_entry(&frames);
	put(&frames, frames.count, 4);
	put(&frames, TEXT, 8);
	put(&frames, 0x100, 8);
	if (*spec->letters)
		put_uleb(&frames, 0);
	end_entry(&frames);
	return compile_it(&frames);
}

static void versions(void)
{
	static const struct cie_spec known[] = {
		{ 1, "zRPL", 0, 0, 16 },     { 1, "", 0, 0, 16 },
		{ 3, "zRPLS", 0, 0, 16 },    { 4, "zRPL", 8, 0, 16 },
		{ 1, "zRPLB", 0, 0, 16 },
	};
	static const struct cie_spec unknown[] = {
		{ 2, "zRPL", 0, 0, 16 },     { 5, "zRPL", 8, 0, 16 },
		{ 4, "zRPL", 4, 0, 16 },     { 4, "zRPL", 8, 4, 16 },
		{ 1, "zRPLX", 0, 0, 16 },    { 1, "R", 0, 0, 16 },
		{ 1, "zRPL", 0, 0, 15 },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct dither_rule rule = X86(8);

		if (strchr(known[i].letters, 'S'))
			rule.flags = DITHER_RULE_SIGNAL;
		CU_ASSERT_EQUAL_FATAL(compile_cie(&known[i]), 0);
		IS(0, rule);
	}
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		CU_ASSERT_EQUAL(compile_cie(&unknown[i]), -ENODATA);
		CU_ASSERT_EQUAL(table.statistics.unsupported[UNWIND_ENTRY], 1);
	}
}

/* The address of TEXT in @encoding, for @place in the section. */
static uint64_t encode(uint8_t encoding, uint64_t place)
{
	uint64_t eh = FRAME_FILE_ADDRESS + FRAME_FILE_HEADERS;

	switch (encoding & DW_EH_PE_base) {
	case DW_EH_PE_pcrel:
		return TEXT - (eh + place);
	case DW_EH_PE_datarel:	/* from .got.plt */
		return TEXT - (FRAME_FILE_ADDRESS + 0x300);
	default:
		return TEXT;
	}
}

static int compile_encoded(uint8_t encoding)
{
	static const uint8_t sizes[] = { 8, 0, 2, 4, 8, 0, 0, 0,
					 0, 0, 2, 4, 8, 0, 0, 0 };
	uint8_t size = sizes[encoding & DW_EH_PE_format];
	struct frame_bytes frames = { .count = 0 };
	size_t cie = put_cie(&frames, "zR", encoding);

	begin_entry(&frames);
	put(&frames, frames.count - cie, 4);
	if (size) {
		put(&frames, encode(encoding, frames.count), size);
		put(&frames, 0x100, size);
	} else {
		put_sleb(&frames, (int64_t)encode(encoding, frames.count));
		put_sleb(&frames, 0x100);
	}
	put_uleb(&frames, 0);
	end_entry(&frames);
	return compile_it(&frames);
}

static void encodings(void)
{
	static const uint8_t known[] = {
		0x00, 0x01, 0x03, 0x04, 0x09, 0x0b, 0x0c, 0x10, 0x11, 0x12,
		0x13, 0x14, 0x19, 0x1a, 0x1b, 0x1c, 0x30, 0x3a, 0x3b, 0x3c,
	};

	for (size_t i = 0; i < sizeof(known); i++) {
		CU_ASSERT_EQUAL_FATAL(compile_encoded(known[i]), 0);
		IS(-1, NONE);
		IS(0, X86(8));
		IS(0xff, X86(8));
		IS(0x100, NONE);
	}
	for (int encoding = 0; encoding < 256; encoding++) {
		bool may = !(encoding & DW_EH_PE_indirect) &&
			   ((encoding & DW_EH_PE_base) == 0 ||
			    (encoding & DW_EH_PE_base) == DW_EH_PE_pcrel ||
			    (encoding & DW_EH_PE_base) == DW_EH_PE_datarel) &&
			   (encoding & 7) <= 4 && (encoding & 15) != 8;

		compile_encoded((uint8_t)encoding);
		CU_ASSERT_EQUAL(table.statistics.unsupported[UNWIND_ENTRY],
				!may);
	}
}

/* Both sections, of lengths in 4 bytes or, behind all ones, in 8. */
static void put_wide(struct frame_bytes *out, bool debug, uint64_t id,
		     const void *body, size_t size)
{
	size_t id_bytes = debug ? 8 : 4;

	put(out, UINT32_MAX, 4);
	put(out, id_bytes + size, 8);
	put(out, id, id_bytes);
	put_bytes(out, body, size);
}

static void sections(void)
{
	static const uint8_t head[] = { 1, 0, 1, 0x78, 16, 0x0c, 7, 8, 0x90, 1 };
	const uint64_t at[2][2] = { { TEXT, 0x100 }, { TEXT + 0x80, 0x200 } };
	struct frame_bytes eh = { .count = 0 }, debug = { .count = 0 };
	struct frame_file_spec spec = {
		.machine = EM_X86_64,
		.text_offset = TEXT_OFFSET,
		.text_size = TEXT_SIZE,
	};

	put_wide(&eh, false, 0, head, sizeof(head));
	put(&eh, 0, 4);		/* linked behind another one's end */
	put_wide(&eh, false, eh.count + 12, at[0], sizeof(at[0]));
	put_wide(&debug, true, UINT64_MAX, head, sizeof(head));
	put_wide(&debug, true, 0, at[1], sizeof(at[1]));
	spec.debug = debug.bytes;
	spec.debug_size = debug.count;
	unwind_table_free(&table);
	CU_ASSERT_EQUAL_FATAL(compile_spec(&spec, &table, &error), 0);
	IS(0x7f, NONE);
	IS(0x80, X86(8));
	IS(0x27f, X86(8));
	IS(0x280, NONE);
	/* Go's functions save the frame pointer, and do not say so. */
	spec.go = true;
	unwind_table_free(&table);
	CU_ASSERT_EQUAL_FATAL(compile_spec(&spec, &table, &error), 0);
	CU_ASSERT_EQUAL(rule_at(&table, TEXT + 0x80).flags, DITHER_RULE_GO);
	/* Where .eh_frame has a function, .debug_frame is not asked. */
	spec.eh = eh.bytes;
	spec.eh_size = eh.count;
	unwind_table_free(&table);
	CU_ASSERT_EQUAL_FATAL(compile_spec(&spec, &table, &error), 0);
	IS(0, X86(8));
	IS(0xff, X86(8));
	IS(0x100, NONE);
	/* Without section headers: .eh_frame, up to the first end. */
	spec.stripped = true;
	unwind_table_free(&table);
	CU_ASSERT_EQUAL(compile_spec(&spec, &table, &error), -ENODATA);
}

static void damages(void)
{
	struct frame_bytes frames = { .count = 0 };
	size_t cie = put_cie(&frames, "zR", DW_EH_PE_absptr), whole;

	put_function(&frames, cie, TEXT, 0x100, 16);
	whole = frames.count;
	for (frames.count = 5; frames.count < whole; frames.count++) {
		int code = compile_it(&frames);

		/* All of the CIE, and fewer bytes than a length has. */
		if (frames.count >= 22 && frames.count < 26) {
			CU_ASSERT_EQUAL(code, -ENODATA);
			continue;
		}
		CU_ASSERT_EQUAL(code, -EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "damaged .eh_frame"));
	}
	frames.count = whole;
	frames.bytes[26] ^= 4;
	CU_ASSERT_EQUAL(compile_it(&frames), -EINVAL);
	CU_ASSERT_STRING_EQUAL(error.text,
			       "damaged .eh_frame: FDE without a CIE at 0x16");
}

/* Compile a file of sections that are well, after @change to its header. */
static int compile_changed(size_t at, uint8_t value)
{
	struct frame_bytes frames = { .count = 0 };
	size_t cie = put_cie(&frames, "zR", DW_EH_PE_absptr);
	struct frame_file file;
	struct elf *elf;
	int code;

	put_function(&frames, cie, TEXT, 0x100, 16);
	file = frame_file_make(&(struct frame_file_spec){
		.machine = EM_X86_64,
		.eh = frames.bytes,
		.eh_size = frames.count,
		.text_offset = TEXT_OFFSET,
		.text_size = TEXT_SIZE,
		.stripped = true,
	});
	file.bytes[at] = value;
	unwind_table_free(&table);
	code = elf_read_memory(file.bytes, file.size, &elf, &error);
	if (!code) {
		code = unwind_compile(elf, &table, &error);
		elf_close(elf);
	}
	free(file.bytes);
	return code;
}

static void foreign(void)
{
	const size_t machine = offsetof(Elf64_Ehdr, e_machine);

	CU_ASSERT_EQUAL(compile_changed(machine, EM_X86_64), 0);
	CU_ASSERT_EQUAL(compile_changed(machine, EM_RISCV), -ENOTSUP);
	CU_ASSERT_EQUAL(compile_changed(machine, EM_386), -ENOTSUP);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "no unwind tables"));
	/* Another class or byte order makes nonsense of all else, too. */
	CU_ASSERT(compile_changed(EI_CLASS, ELFCLASS32) < 0);
	CU_ASSERT(compile_changed(EI_DATA, ELFDATA2MSB) < 0);
	CU_ASSERT_EQUAL(compile_changed(offsetof(Elf64_Ehdr, e_type), ET_REL),
			-ENOEXEC);
}

/* Two executable segments, the second one far behind in a sparse file. */
static void segments(void)
{
	const uint64_t far = 5ULL << 30, near = FRAME_FILE_ADDRESS + 0x10;
	struct frame_bytes frames = { .count = 0 };
	size_t cie = put_cie(&frames, "zR", DW_EH_PE_absptr);
	Elf64_Phdr *headers;
	struct frame_file file;
	struct elf *elf;
	int fd = memfd_create("far", MFD_CLOEXEC);

	put_function(&frames, cie, 0x7000000000 + 0x20, 0x10000, 16);
	put_function(&frames, cie, near, 0x100000, 24);
	file = frame_file_make(&(struct frame_file_spec){
		.machine = EM_X86_64,
		.eh = frames.bytes,
		.eh_size = frames.count,
		.text_offset = TEXT_OFFSET,
		.text_size = TEXT_SIZE,
		.stripped = true,
	});
	headers = (void *)(file.bytes + sizeof(Elf64_Ehdr));
	headers[0].p_flags |= PF_X;
	headers[1].p_offset = far;
	headers[1].p_vaddr = 0x7000000000;
	CU_ASSERT_EQUAL_FATAL(write(fd, file.bytes, TEXT_OFFSET), TEXT_OFFSET);
	free(file.bytes);
	CU_ASSERT_EQUAL_FATAL(ftruncate(fd, (off_t)(far + TEXT_SIZE)), 0);
	unwind_table_free(&table);
	CU_ASSERT_EQUAL_FATAL(elf_read(fd, far + TEXT_SIZE, &elf, &error), 0);
	/* Pages between the two are more than a table has. */
	CU_ASSERT_EQUAL(unwind_compile(elf, &table, &error), -E2BIG);
	elf->loads[0].executable = false;
	CU_ASSERT_EQUAL_FATAL(unwind_compile(elf, &table, &error), 0);
	CU_ASSERT_EQUAL(dither_table_check(table.image, table.bytes), 0);
	CU_ASSERT(same_rule(*dither_table_find(table.image, far + 0x1f), NONE));
	CU_ASSERT(same_rule(*dither_table_find(table.image, far + 0x20),
			    X86(16)));
	CU_ASSERT(same_rule(*dither_table_find(table.image,
					       far + TEXT_SIZE - 1), X86(16)));
	CU_ASSERT(same_rule(*dither_table_find(table.image, far + TEXT_SIZE),
			    NONE));
	unwind_table_free(&table);
	elf->loads[0].executable = true;
	elf->loads[1].offset = 0x10000;
	CU_ASSERT_EQUAL_FATAL(unwind_compile(elf, &table, &error), 0);
	CU_ASSERT(same_rule(*dither_table_find(table.image, 0x10), X86(24)));
	CU_ASSERT(same_rule(*dither_table_find(table.image,
					       elf->loads[0].file_bytes - 1),
			    X86(24)));
	CU_ASSERT(same_rule(*dither_table_find(table.image,
					       elf->loads[0].file_bytes),
			    NONE));
	CU_ASSERT(same_rule(*dither_table_find(table.image, 0x10020), X86(16)));
	elf_close(elf);
}

static const struct unit_case cases[] = {
	{ "functions have the bytes that they say, up to where the next begins",
	  ranges },
	{ "CIEs of other versions and augmentations are counted", versions },
	{ "addresses are read in every encoding that is known, others counted",
	  encodings },
	{ "both sections are read, long entries too; .eh_frame comes first",
	  sections },
	{ "what is damaged is named with its place", damages },
	{ "files of other machines, classes and byte orders are refused",
	  foreign },
	{ "each executable segment has its rows, also beyond 4 GiB", segments },
};

UNIT_MAIN("unwind_frames", cases)
