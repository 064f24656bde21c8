// SPDX-License-Identifier: GPL-2.0
/*
 * See entry_code.h. Where it ends is told by a symbol; else it is not believed
 * to be longer than any that was seen, or than up to what tells of itself.
 */
#include "entry_code.h"

#include <string.h>

#include "dwarf.h"

#define BYTES_MAX 128U

/* Of a library, too, the header may name an address: that of its first byte. */
#define LOOK_BYTES 16U

static const uint8_t x86_64_program[] = { DW_CFA_def_cfa, 7, 8,
					  DW_CFA_undefined, 16 };
static const uint8_t arm64_program[] = { DW_CFA_def_cfa, 31, 0,
					 DW_CFA_undefined, 30 };

struct beginning {
	uint16_t machine;
	uint8_t bytes;
	uint8_t code[4];
};

/* What only who is not called does: the stack's top is an argument, or there is
 * no caller's frame.
 */
static const struct beginning beginnings[] = {
	{ DITHER_TABLE_X86_64, 3, { 0x48, 0x89, 0xe7 } }, /* mov %rsp, %rdi */
	{ DITHER_TABLE_X86_64, 2, { 0x31, 0xed } },	  /* xor %ebp, %ebp */
	{ DITHER_TABLE_X86_64,
	  4,
	  { 0x48, 0x8b, 0x3c, 0x24 } }, /* mov (%rsp), %rdi */
	{ DITHER_TABLE_ARM64, 4, { 0xe0, 0x03, 0x00, 0x91 } }, /* mov x0, sp */
	{ DITHER_TABLE_ARM64, 4, { 0x1d, 0x00, 0x80, 0xd2 } }, /* mov x29, #0 */
	{ DITHER_TABLE_ARM64, 4, { 0x1e, 0x00, 0x80, 0xd2 } }, /* mov x30, #0 */
};

static bool is_program(struct elf *elf, const GElf_Ehdr *header)
{
	GElf_Phdr segment;
	size_t count;

	if (header->e_type == ET_EXEC)
		return true;
	if (elf_getphdrnum(elf->handle, &count))
		return false;
	for (size_t i = 0; i < count; i++)
		if (gelf_getphdr(elf->handle, (int)i, &segment) &&
		    segment.p_type == PT_INTERP)
			return true;
	return false;
}

/* A loader, or a program that needs none, is a library by its header. */
static bool looks_like_one(const struct frames *frames, struct elf *elf,
			   const struct function *place)
{
	Elf_Data *data = elf_getdata_rawchunk(
		elf->handle, (int64_t)place->start,
		place->length < LOOK_BYTES ? place->length : LOOK_BYTES,
		ELF_T_BYTE);

	for (size_t i = 0; data && data->d_buf &&
			   i < sizeof(beginnings) / sizeof(beginnings[0]);
	     i++)
		if (beginnings[i].machine == frames->machine->number &&
		    memmem(data->d_buf, data->d_size, beginnings[i].code,
			   beginnings[i].bytes))
			return true;
	return false;
}

static bool tells_of_itself(const struct frames *frames,
			    const struct function *place)
{
	for (size_t i = 0; i < frames->function_count; i++) {
		const struct function *function = &frames->functions[i];

		if (function->start <= place->start &&
		    place->start - function->start < function->length)
			return true;
	}
	return false;
}

/* How long it is by one symbol: that of its own, or of what comes next. */
static void narrow(const GElf_Sym *symbol, uint64_t entry, uint64_t *length)
{
	unsigned int type = GELF_ST_TYPE(symbol->st_info);
	uint64_t bytes = symbol->st_value - entry;

	if (symbol->st_shndx == SHN_UNDEF || symbol->st_value < entry ||
	    (type != STT_FUNC && type != STT_NOTYPE))
		return;
	if (symbol->st_value == entry)
		bytes = symbol->st_size;
	/* Without a type it is a place in the code. */
	else if (type == STT_NOTYPE && !symbol->st_size)
		return;
	if (bytes && bytes < *length)
		*length = bytes;
}

static uint64_t length_of(struct elf *elf, uint64_t entry)
{
	uint64_t length = BYTES_MAX;
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	GElf_Sym symbol;

	while ((section = elf_nextscn(elf->handle, section))) {
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) ||
		    (header.sh_type != SHT_SYMTAB &&
		     header.sh_type != SHT_DYNSYM))
			continue;
		data = elf_section_data(elf, section, &header);
		for (int i = 0; data && gelf_getsym(data, i, &symbol); i++)
			narrow(&symbol, entry, &length);
	}
	return length;
}

void entry_find(struct frames *frames, struct elf *elf, uint8_t source)
{
	bool is_arm64 = frames->machine->number == DITHER_TABLE_ARM64;
	const struct eh_frame_own own = {
		.program = is_arm64 ? arm64_program : x86_64_program,
		.bytes = is_arm64 ? sizeof(arm64_program) :
				    sizeof(x86_64_program),
		.source = source,
	};
	struct function place;
	GElf_Ehdr header;

	if (!gelf_getehdr(elf->handle, &header) || !header.e_entry ||
	    !eh_frame_place(frames, header.e_entry, BYTES_MAX, &place) ||
	    tells_of_itself(frames, &place))
		return;
	if (is_program(elf, &header) || looks_like_one(frames, elf, &place))
		eh_frame_add(frames, header.e_entry,
			     length_of(elf, header.e_entry), &own);
}
