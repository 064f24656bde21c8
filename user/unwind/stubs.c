// SPDX-License-Identifier: GPL-2.0
/*
 * See stubs.h. A stub leaves the stack and the link register as they are. All
 * begin with the way to the dynamic linker, which stores two words first.
 */
#include "stubs.h"

#include <string.h>

#include "dwarf.h"
#include "stubs_x86.h"

#define HEADER_BYTES 32U

/* stp x16, x30, [sp, #-16]! */
static const uint8_t store[] = { 0xf0, 0x7b, 0xbf, 0xa9 };

/* The second is for a header that begins with a landing pad. */
static const uint8_t plain[] = { DW_CFA_def_cfa, 31, 0 };
static const uint8_t stores[] = {
	DW_CFA_def_cfa, 31, 0, DW_CFA_advance_loc + 4, DW_CFA_def_cfa_offset, 16
};
static const uint8_t stores_later[sizeof(stores)] = {
	DW_CFA_def_cfa, 31, 0, DW_CFA_advance_loc + 8, DW_CFA_def_cfa_offset, 16
};

static void add_stubs(struct frames *frames, const GElf_Shdr *header,
		      const unsigned char *code, uint8_t source)
{
	struct eh_frame_own first = { stores, sizeof(stores), false, source };
	struct eh_frame_own others = { plain, sizeof(plain), false, source };

	if (!memcmp(code + 4, store, sizeof(store)))
		first.program = stores_later;
	else if (memcmp(code, store, sizeof(store)) != 0)
		return;
	eh_frame_add(frames, header->sh_addr, HEADER_BYTES, &first);
	eh_frame_add(frames, header->sh_addr + HEADER_BYTES,
		     header->sh_size - HEADER_BYTES, &others);
}

static void add_section(struct frames *frames, const GElf_Shdr *header,
			const char *name, const unsigned char *code,
			uint8_t source)
{
	bool lazy = !strcmp(name, ".plt");

	if (frames->machine->number == DITHER_TABLE_X86_64)
		stubs_x86_add(frames, code, header->sh_size, header->sh_addr,
			      lazy, source);
	else if (lazy && header->sh_size >= HEADER_BYTES)
		add_stubs(frames, header, code, source);
}

void stubs_find(struct frames *frames, struct elf *elf, uint8_t source)
{
	Elf_Scn *handle = NULL;
	GElf_Shdr header;
	const char *name;
	Elf_Data *data;

	while ((handle = elf_nextscn(elf->handle, handle))) {
		if (!gelf_getshdr(handle, &header) ||
		    header.sh_type != SHT_PROGBITS)
			continue;
		name = elf_section_name(elf, &header);
		if (strcmp(name, ".plt") != 0 &&
		    strcmp(name, ".plt.sec") != 0 &&
		    strcmp(name, ".plt.got") != 0)
			continue;
		data = elf_section_data(elf, handle, &header);
		if (data && data->d_buf && data->d_size == header.sh_size)
			add_section(frames, &header, name, data->d_buf, source);
	}
}
