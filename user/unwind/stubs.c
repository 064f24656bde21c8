// SPDX-License-Identifier: GPL-2.0
/*
 * See stubs.h. A stub leaves the stack and the link register as they are. All
 * begin with the way to the dynamic linker, which stores two words first.
 */
#include "stubs.h"

#include <string.h>

#include "../base/alloc.h"
#include "dwarf.h"

#define HEADER_BYTES 32U

/* stp x16, x30, [sp, #-16]! */
static const uint8_t store[] = { 0xf0, 0x7b, 0xbf, 0xa9 };

/* The second is for a header that begins with a landing pad. */
static const uint8_t plain[] = { DW_CFA_def_cfa, 31, 0 };
static const uint8_t stores[] = { DW_CFA_def_cfa, 31, 0, DW_CFA_advance_loc + 4,
				  DW_CFA_def_cfa_offset, 16 };
static const uint8_t stores_later[] = { DW_CFA_def_cfa, 31, 0,
					DW_CFA_advance_loc + 8,
					DW_CFA_def_cfa_offset, 16 };

static uint32_t add_cie(struct frames *frames)
{
	struct cie *cie;

	frames->cies = alloc_grow(frames->cies, frames->cie_count,
				  &frames->cie_room, sizeof(*cie));
	cie = &frames->cies[frames->cie_count];
	*cie = (struct cie){ .known = true };
	cie->base.machine = frames->machine;
	cie->base.code_factor = 1;
	cie->base.data_factor = 1;
	program_state_reset(frames->machine, &cie->base.initial);
	return (uint32_t)frames->cie_count++;
}

static void add_function(struct frames *frames, uint64_t address,
			 uint64_t length, const uint8_t *program, uint32_t bytes,
			 uint8_t source)
{
	struct function function = { .source = source };

	if (!length || !frames_place(frames, address, length, &function))
		return;
	function.cie = add_cie(frames);
	function.program = program;
	function.program_bytes = bytes;
	frames->functions = alloc_grow(frames->functions,
				       frames->function_count,
				       &frames->function_room,
				       sizeof(function));
	frames->functions[frames->function_count++] = function;
}

static void add_stubs(struct frames *frames, const GElf_Shdr *header,
		      const unsigned char *code, uint8_t source)
{
	uint64_t address = header->sh_addr, rest = header->sh_size - HEADER_BYTES;

	if (!memcmp(code, store, sizeof(store)))
		add_function(frames, address, HEADER_BYTES, stores,
			     sizeof(stores), source);
	else if (!memcmp(code + 4, store, sizeof(store)))
		add_function(frames, address, HEADER_BYTES, stores_later,
			     sizeof(stores_later), source);
	else
		return;
	add_function(frames, address + HEADER_BYTES, rest, plain, sizeof(plain),
		     source);
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
