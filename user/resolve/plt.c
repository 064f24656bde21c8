// SPDX-License-Identifier: GPL-2.0
/*
 * Procedure linkage tables for plt.h. Linkers lay them out in many ways, so
 * nothing is assumed of their order: each entry's own instructions tell which
 * slot it jumps through, and the relocation of that slot tells the function.
 */
#include "plt.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

/* A place that the dynamic linker fills with a function's address. */
struct slot {
	uint64_t address;
	uint32_t name;		/* in the symbols */
};

struct slots {
	struct slot *items;
	size_t count, room;
};

static int compare(const void *left, const void *right)
{
	const struct slot *a = left, *b = right;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	return a->name < b->name ? -1 : a->name > b->name;
}

static const struct slot *find_slot(const struct slots *slots,
				    uint64_t address)
{
	size_t low = 0, high = slots->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (slots->items[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == slots->count || slots->items[low].address != address)
		return NULL;
	return &slots->items[low];
}

static bool is_function_slot(const struct elf *elf, uint64_t type)
{
	if (elf->machine == EM_X86_64)
		return type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT;
	return type == R_AARCH64_JUMP_SLOT || type == R_AARCH64_GLOB_DAT;
}

static void add_slots(struct elf *elf, Elf_Data *relocations,
		      Elf_Data *table, size_t name_bytes, uint32_t base,
		      struct slots *slots)
{
	size_t count = relocations->d_size /
		       gelf_fsize(elf->handle, ELF_T_RELA, 1, EV_CURRENT);

	for (size_t i = 0; i < count && i < INT32_MAX; i++) {
		GElf_Rela relocation;
		GElf_Sym symbol;
		struct slot *slot;

		if (!gelf_getrela(relocations, (int)i, &relocation) ||
		    !is_function_slot(elf, GELF_R_TYPE(relocation.r_info)) ||
		    GELF_R_SYM(relocation.r_info) > INT32_MAX ||
		    !gelf_getsym(table, (int)GELF_R_SYM(relocation.r_info),
				 &symbol) ||
		    symbol.st_name >= name_bytes)
			continue;
		slots->items = alloc_grow(slots->items, slots->count,
					  &slots->room, sizeof(*slot));
		slot = &slots->items[slots->count++];
		slot->address = relocation.r_offset;
		slot->name = base + symbol.st_name;
	}
}

/* All relocations by way of the dynamic symbol table. */
static void read_slots(struct elf *elf, struct symbols *symbols,
		       struct slots *slots)
{
	Elf_Scn *section = NULL, *dynamic = NULL;
	GElf_Shdr header, names_header;
	Elf_Data *table, *names;
	Elf_Scn *names_section;
	uint32_t base;

	while ((section = elf_nextscn(elf->handle, section))) {
		if (gelf_getshdr(section, &header) &&
		    header.sh_type == SHT_DYNSYM) {
			dynamic = section;
			break;
		}
	}
	if (!dynamic)
		return;
	/* Read before, by symtab_read(): libelf keeps it. */
	table = elf_getdata(dynamic, NULL);
	names_section = elf_getscn(elf->handle, header.sh_link);
	if (!table || !table->d_buf || !names_section ||
	    !gelf_getshdr(names_section, &names_header) ||
	    names_header.sh_type != SHT_STRTAB)
		return;
	names = elf_getdata(names_section, NULL);
	if (!names || !names->d_buf ||
	    symbols_add_names(symbols, names->d_buf, names->d_size, &base,
			      NULL))
		return;
	section = NULL;
	while ((section = elf_nextscn(elf->handle, section))) {
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) ||
		    header.sh_type != SHT_RELA ||
		    header.sh_link != elf_ndxscn(dynamic))
			continue;
		data = elf_section_data(elf, section, &header);
		if (data && data->d_buf)
			add_slots(elf, data, table, names->d_size, base, slots);
	}
	if (slots->count)
		qsort(slots->items, slots->count, sizeof(*slots->items),
		      compare);
}

static void add_stub(struct symbols *symbols, const struct slots *slots,
		     const GElf_Shdr *section, size_t offset, size_t bytes,
		     uint64_t slot_address)
{
	const struct slot *slot = find_slot(slots, slot_address);
	struct symbol_entry entry = {
		.start = section->sh_addr + offset,
		.size = bytes,
		.limit = section->sh_addr + section->sh_size,
		.rank = SYMBOL_STUB,
	};

	if (!slot)
		return;
	entry.name = slot->name;
	symbols_add(symbols, &entry);
}

static uint32_t little32(const unsigned char *bytes)
{
	return bytes[0] | bytes[1] << 8 | bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/*
 * jmp *displacement(%rip), perhaps behind endbr64, and a bnd prefix or the number of
 * the function (mov $number, %r11d).
 */
static void read_x86(const unsigned char *code, size_t bytes,
		     const GElf_Shdr *section, const struct slots *slots,
		     struct symbols *symbols)
{
	static const unsigned char endbr[] = { 0xf3, 0x0f, 0x1e, 0xfa };
	size_t entry = section->sh_entsize == 8 ? 8 : 16;

	for (size_t at = 0; at + entry <= bytes; at += entry) {
		size_t jump = at;
		uint64_t next;

		if (!memcmp(code + jump, endbr, sizeof(endbr)))
			jump += sizeof(endbr);
		if (code[jump] == 0xf2)
			jump++;
		else if (code[jump] == 0x41 && code[jump + 1] == 0xbb)
			jump += 6;
		if (jump + 6 > at + entry || code[jump] != 0xff ||
		    code[jump + 1] != 0x25)
			continue;
		next = section->sh_addr + jump + 6;
		add_stub(symbols, slots, section, at, entry,
			 next + (uint64_t)(int32_t)little32(code + jump + 2));
	}
}

/* adrp x16, page; ldr x17, [x16, offset]; …; br x17, perhaps behind bti. */
static void read_arm64(const unsigned char *code, size_t bytes,
		       const GElf_Shdr *section, const struct slots *slots,
		       struct symbols *symbols)
{
	for (size_t at = 0; at + 16 <= bytes; at += 4) {
		uint32_t adrp = little32(code + at);
		uint32_t ldr = little32(code + at + 4);
		uint64_t page = (section->sh_addr + at) & ~0xfffULL;
		size_t start = at, end = at + 8;
		uint64_t pages;

		if ((adrp & 0x9f00001f) != 0x90000010 ||
		    (ldr & 0xffc003ff) != 0xf9400211)
			continue;
		pages = (adrp >> 3 & 0x1ffffc) | (adrp >> 29 & 3);
		if (pages & 0x100000)	/* 21 bits, signed */
			pages |= ~0x1fffffULL;
		page += pages << 12;
		if (at >= 4 && little32(code + at - 4) == 0xd503245f)
			start -= 4;
		while (end + 4 <= bytes && end < at + 24) {
			end += 4;
			if (little32(code + end - 4) == 0xd61f0220)
				break;
		}
		add_stub(symbols, slots, section, start, end - start,
			 page + (ldr >> 10 & 0xfff) * 8);
	}
}

void plt_read(struct elf *elf, struct symbols *symbols)
{
	struct slots slots = { 0 };
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (elf->machine != EM_X86_64 && elf->machine != EM_AARCH64)
		return;
	read_slots(elf, symbols, &slots);
	while (slots.count && (section = elf_nextscn(elf->handle, section))) {
		const char *name;
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) ||
		    header.sh_type != SHT_PROGBITS ||
		    !(header.sh_flags & SHF_EXECINSTR))
			continue;
		name = elf_section_name(elf, &header);
		if (strcmp(name, ".plt") && strcmp(name, ".plt.sec") &&
		    strcmp(name, ".plt.got"))
			continue;
		data = elf_section_data(elf, section, &header);
		if (!data || !data->d_buf)
			continue;
		if (elf->machine == EM_X86_64)
			read_x86(data->d_buf, data->d_size, &header, &slots,
				 symbols);
		else
			read_arm64(data->d_buf, data->d_size, &header, &slots,
				   symbols);
	}
	free(slots.items);
}
