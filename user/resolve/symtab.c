// SPDX-License-Identifier: GPL-2.0
/*
 * Symbol tables for symtab.h. Both tables are taken, because files exist whose
 * .symtab was thinned out to what .dynsym does not hold.
 */
#include "symtab.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

/* Of a symbol's version: of that name another is the one to link against. */
#define VERSION_HIDDEN 0x8000

struct sections {
	GElf_Shdr *headers;	/* by index; [0] is zero */
	size_t count;
};

static void read_sections(struct elf *elf, struct sections *sections)
{
	Elf_Scn *section = NULL;
	size_t count;

	sections->headers = NULL;
	sections->count = 0;
	if (elf_getshdrnum(elf->handle, &count) ||
	    count > elf->bytes / sizeof(Elf32_Shdr))
		return;
	sections->headers = alloc_zeroed(count + 1, sizeof(GElf_Shdr));
	sections->count = count;
	while ((section = elf_nextscn(elf->handle, section))) {
		size_t index = elf_ndxscn(section);

		if (index < count &&
		    !gelf_getshdr(section, &sections->headers[index]))
			memset(&sections->headers[index], 0, sizeof(GElf_Shdr));
	}
}

/*
 * ARM and RISC-V compilers mark stretches of code and data by untyped symbols
 * like "$x" and "$d.12", assemblers leave ".L…" behind: no names of code.
 */
static bool is_marker(const char *name)
{
	if (name[0] == '.' && name[1] == 'L')
		return true;
	return name[0] == '$' && isalpha((unsigned char)name[1]) &&
	       (!name[2] || name[2] == '.' || name[1] == 'x');
}

static enum symbol_rank rank_of(unsigned int binding)
{
	switch (binding) {
	case STB_GLOBAL:
	case STB_GNU_UNIQUE:
		return SYMBOL_GLOBAL;
	case STB_WEAK:
		return SYMBOL_WEAK;
	default:
		return SYMBOL_LOCAL;
	}
}

/* One symbol, if it is a function that this file defines. */
static bool read_symbol(const struct elf *elf, const struct sections *sections,
			const GElf_Sym *symbol, size_t section,
			const char *name, struct symbol_entry *entry)
{
	unsigned int type = GELF_ST_TYPE(symbol->st_info);
	const GElf_Shdr *header;

	if (!section || section >= sections->count)
		return false;
	header = &sections->headers[section];
	switch (type) {
	case STT_FUNC:
	case STT_GNU_IFUNC:
		if (!(header->sh_flags & SHF_ALLOC))
			return false;
		break;
	case STT_NOTYPE:
		if (!(header->sh_flags & SHF_EXECINSTR) || is_marker(name))
			return false;
		break;
	default:
		return false;
	}
	entry->start = symbol->st_value;
	/* Thumb code: the lowest bit tells the mode. */
	if (elf->machine == EM_ARM && type != STT_NOTYPE)
		entry->start &= ~1ULL;
	entry->size = symbol->st_size;
	entry->limit = header->sh_addr + header->sh_size;
	entry->rank = rank_of(GELF_ST_BIND(symbol->st_info));
	entry->label = type == STT_NOTYPE;
	return entry->limit > header->sh_addr &&
	       entry->start >= header->sh_addr && entry->start < entry->limit;
}

/* Section numbers that do not fit a symbol, of the table numbered @table. */
static Elf_Data *read_wide_numbers(struct elf *elf,
				   const struct sections *sections,
				   size_t table)
{
	for (size_t i = 1; i < sections->count; i++) {
		const GElf_Shdr *header = &sections->headers[i];

		if (header->sh_type == SHT_SYMTAB_SHNDX &&
		    header->sh_link == table)
			return elf_section_data(elf,
						elf_getscn(elf->handle, i),
						header);
	}
	return NULL;
}

static size_t section_of(Elf_Data *symbols, Elf_Data *wide_numbers, int at,
			 const GElf_Sym *symbol)
{
	GElf_Sym again;
	Elf32_Word number;

	if (symbol->st_shndx == SHN_XINDEX) {
		if (!wide_numbers || !gelf_getsymshndx(symbols, wide_numbers,
						       at, &again, &number))
			return SHN_UNDEF;
		return number;
	}
	return symbol->st_shndx < SHN_LORESERVE ? symbol->st_shndx : SHN_UNDEF;
}

/* The versions of the symbols of the table numbered @table, or NULL. */
static Elf_Data *read_versions(struct elf *elf, const struct sections *sections,
			       size_t table)
{
	for (size_t i = 1; i < sections->count; i++) {
		const GElf_Shdr *header = &sections->headers[i];

		if (header->sh_type == SHT_GNU_versym &&
		    header->sh_link == table)
			return elf_section_data(elf,
						elf_getscn(elf->handle, i),
						header);
	}
	return NULL;
}

/* Linked against no more: by the version, or, in .symtab, by the name. */
static bool is_old(Elf_Data *versions, int at, const char *name, size_t room)
{
	const char *version;
	GElf_Versym number;

	if (versions && gelf_getversym(versions, at, &number))
		return number & VERSION_HIDDEN;
	version = memchr(name, '@', strnlen(name, room));
	return version && version != name && version[1] != '@';
}

static int read_table(struct elf *elf, const struct sections *sections,
		      size_t table, struct symbols *symbols,
		      struct error *error)
{
	const GElf_Shdr *header = &sections->headers[table];
	const char *title = header->sh_type == SHT_SYMTAB ? ".symtab" :
							    ".dynsym";
	const GElf_Shdr *names_header;
	Elf_Data *data, *names, *wide_numbers, *versions;
	size_t entry_bytes, count;
	uint32_t base;
	int code;

	data = elf_section_data(elf, elf_getscn(elf->handle, table), header);
	if (!data || !data->d_buf)
		return error_set(error, -EINVAL,
				 "damaged %s (0x%llx bytes at 0x%llx)", title,
				 (unsigned long long)header->sh_size,
				 (unsigned long long)header->sh_offset);
	if (!header->sh_link || header->sh_link >= sections->count ||
	    sections->headers[header->sh_link].sh_type != SHT_STRTAB)
		return error_set(error, -EINVAL, "%s has no table of names",
				 title);
	names_header = &sections->headers[header->sh_link];
	names = elf_section_data(elf, elf_getscn(elf->handle, header->sh_link),
				 names_header);
	if (!names || !names->d_buf)
		return error_set(error, -EINVAL,
				 "damaged names of %s (0x%llx bytes at 0x%llx)",
				 title,
				 (unsigned long long)names_header->sh_size,
				 (unsigned long long)names_header->sh_offset);
	code = symbols_add_names(symbols, names->d_buf, names->d_size, &base,
				 error);
	if (code)
		return code;
	wide_numbers = read_wide_numbers(elf, sections, table);
	versions = read_versions(elf, sections, table);
	entry_bytes = gelf_fsize(elf->handle, ELF_T_SYM, 1, EV_CURRENT);
	count = data->d_size / entry_bytes;
	if (count > INT32_MAX)
		return error_set(error, -EFBIG, "%s has %zu symbols", title,
				 count);
	for (size_t i = 1; i < count; i++) {
		struct symbol_entry entry = { .start = 0 };
		GElf_Sym symbol;

		if (!gelf_getsym(data, (int)i, &symbol) ||
		    symbol.st_name >= names->d_size)
			continue;
		if (!read_symbol(elf, sections, &symbol,
				 section_of(data, wide_numbers, (int)i,
					    &symbol),
				 (char *)names->d_buf + symbol.st_name, &entry))
			continue;
		entry.name = base + symbol.st_name;
		entry.old = is_old(versions, (int)i,
				   (char *)names->d_buf + symbol.st_name,
				   names->d_size - symbol.st_name);
		symbols_add(symbols, &entry);
	}
	return 0;
}

static bool is_debug_information(const struct elf *elf, const GElf_Shdr *header)
{
	const char *name = elf_section_name(elf, header);

	return header->sh_type == SHT_PROGBITS &&
	       (!strcmp(name, ".debug_info") || !strcmp(name, ".zdebug_info"));
}

bool symtab_is_full(struct elf *elf)
{
	bool symbols = false, information = false;
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf->handle, section))) {
		if (!gelf_getshdr(section, &header))
			continue;
		symbols |= header.sh_type == SHT_SYMTAB;
		information |= is_debug_information(elf, &header);
	}
	return symbols && information;
}

int symtab_read(struct elf *elf, struct symbols *symbols, struct error *error)
{
	bool seen_full = false, seen_dynamic = false;
	struct sections sections;
	int code = 0;

	read_sections(elf, &sections);
	for (size_t i = 1; i < sections.count; i++) {
		uint32_t type = sections.headers[i].sh_type;
		int this_code;

		if (type == SHT_SYMTAB && !seen_full)
			seen_full = true;
		else if (type == SHT_DYNSYM && !seen_dynamic)
			seen_dynamic = true;
		else
			continue;
		this_code = read_table(elf, &sections, i, symbols,
				       code ? NULL : error);
		if (!code)
			code = this_code;
	}
	free(sections.headers);
	return code;
}
