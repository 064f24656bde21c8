// SPDX-License-Identifier: GPL-2.0
/*
 * See stubs.h. A stub leaves the stack and the link register as they are. All
 * begin with the way to the dynamic linker, which stores two words first.
 */
#include "stubs.h"

#include <string.h>

#include "dwarf.h"

#define HEADER_BYTES 32U

/* stp x16, x30, [sp, #-16]! */
static const uint8_t store[] = { 0xf0, 0x7b, 0xbf, 0xa9 };

/* The second is for a header that begins with a landing pad. */
static const uint8_t plain[] = { DW_CFA_def_cfa, 31, 0 };
static const uint8_t stores[] = { DW_CFA_def_cfa, 31, 0, DW_CFA_advance_loc + 4,
				  DW_CFA_def_cfa_offset, 16 };
static const uint8_t stores_later[sizeof(stores)] = { DW_CFA_def_cfa, 31, 0,
					DW_CFA_advance_loc + 8,
					DW_CFA_def_cfa_offset, 16 };

static void add_stubs(struct frames *frames, const GElf_Shdr *header,
		      const unsigned char *code, uint8_t source)
{
	struct frames_own first = { stores, sizeof(stores), false, source };
	struct frames_own others = { plain, sizeof(plain), false, source };

	if (!memcmp(code + 4, store, sizeof(store)))
		first.program = stores_later;
	else if (memcmp(code, store, sizeof(store)) != 0)
		return;
	frames_add(frames, header->sh_addr, HEADER_BYTES, &first);
	frames_add(frames, header->sh_addr + HEADER_BYTES,
		   header->sh_size - HEADER_BYTES, &others);
}

void stubs_find(struct frames *frames, struct elf *elf, uint8_t source)
{
	Elf_Scn *handle = NULL;
	GElf_Shdr header;
	Elf_Data *data;

	if (frames->machine->number != DITHER_TABLE_ARM64)
		return;
	while ((handle = elf_nextscn(elf->handle, handle))) {
		if (!gelf_getshdr(handle, &header) ||
		    header.sh_type != SHT_PROGBITS ||
		    header.sh_size < HEADER_BYTES ||
		    strcmp(elf_section_name(elf, &header), ".plt") != 0)
			continue;
		data = elf_section_data(elf, handle, &header);
		if (data && data->d_buf && data->d_size == header.sh_size)
			add_stubs(frames, &header, data->d_buf, source);
	}
}
