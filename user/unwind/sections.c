// SPDX-License-Identifier: GPL-2.0
/* See sections.h. libelf finds sections; what they claim is checked here. */
#include "sections.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "../base/alloc.h"
#include "pointer.h"

/* Deflate spends at least two bits on 258 bytes. */
#define RATIO_MAX 1032
#define INFLATED_MAX ((uint64_t)256 << 20)

/* @size bytes of zlib's at @packed, which are to become exactly @length. */
static int inflate_section(struct sections *sections, const unsigned char *packed,
			   uint64_t size, uint64_t length, struct error *error)
{
	struct section *section = &sections->debug_frame;
	uLongf got = length;

	if (length > INFLATED_MAX || length / RATIO_MAX > size)
		return error_set(error, -EINVAL,
				 "%s claims %llu bytes in %llu compressed ones",
				 section->name, (unsigned long long)length,
				 (unsigned long long)size);
	sections->inflated = alloc_zeroed(1, length + 1);
	if (uncompress(sections->inflated, &got, packed, size) != Z_OK ||
	    got != length)
		return error_set(error, -EINVAL,
				 "%s does not inflate to the %llu bytes that it claims",
				 section->name, (unsigned long long)length);
	section->data = sections->inflated;
	section->size = length;
	return 0;
}

/* SHF_COMPRESSED: a header, then the data; zlib's is the kind that is common. */
static int read_compressed(struct elf *elf, Elf_Scn *handle,
			   const GElf_Shdr *header, struct sections *sections,
			   struct error *error)
{
	GElf_Chdr chdr;
	Elf_Data *data;

	if (header->sh_offset > elf->bytes ||
	    header->sh_size > elf->bytes - header->sh_offset ||
	    header->sh_size < sizeof(Elf64_Chdr) ||
	    !gelf_getchdr(handle, &chdr))
		return error_set(error, -EINVAL, "damaged header of compressed %s",
				 sections->debug_frame.name);
	if (chdr.ch_type != ELFCOMPRESS_ZLIB)
		return 0;
	data = elf_rawdata(handle, NULL);
	if (!data || !data->d_buf || data->d_size < sizeof(Elf64_Chdr))
		return 0;
	return inflate_section(sections,
			       (unsigned char *)data->d_buf + sizeof(Elf64_Chdr),
			       data->d_size - sizeof(Elf64_Chdr), chdr.ch_size,
			       error);
}

/* .zdebug_frame, as it was before: "ZLIB" and the length, big-endian. */
static int read_compressed_gnu(const Elf_Data *data, struct sections *sections,
			       struct error *error)
{
	const unsigned char *bytes = data->d_buf;
	uint64_t length = 0;

	if (data->d_size < 12 || memcmp(bytes, "ZLIB", 4) != 0)
		return 0;
	for (int i = 4; i < 12; i++)
		length = length << 8 | bytes[i];
	return inflate_section(sections, bytes + 12, data->d_size - 12, length,
			       error);
}

static void take(struct section *section, const Elf_Data *data,
		 uint64_t address)
{
	section->data = data->d_buf;
	section->size = data->d_size;
	section->address = address;
}

/* One section, if it is one of those that matter. The first of a name counts. */
static int look_at(struct elf *elf, Elf_Scn *handle, const GElf_Shdr *header,
		   struct sections *sections, struct error *error)
{
	const char *name = elf_section_name(elf, header);
	bool debug = !strcmp(name, ".debug_frame");
	bool gnu = !strcmp(name, ".zdebug_frame");
	bool eh = !strcmp(name, ".eh_frame");
	Elf_Data *data;

	if (header->sh_flags & SHF_EXECINSTR &&
	    header->sh_type == SHT_PROGBITS && header->sh_size <= elf->bytes)
		sections->executable_bytes += header->sh_size;
	if (!strcmp(name, ".got.plt") ||
	    (!strcmp(name, ".got") && !sections->data_base))
		sections->data_base = header->sh_addr;
	if (!strcmp(name, ".note.go.buildid"))
		sections->debug_frame.go = true;
	if (!(eh && !sections->eh_frame.data) &&
	    !((debug || gnu) && !sections->debug_frame.data))
		return 0;
	if (header->sh_type == SHT_NOBITS || !header->sh_size)
		return 0;	/* of a separate debug file */
	if (debug && header->sh_flags & SHF_COMPRESSED)
		return read_compressed(elf, handle, header, sections, error);
	data = elf_section_data(elf, handle, header);
	if (!data || !data->d_buf)
		return error_set(error, -EINVAL,
				 "%s at 0x%llx of %llu bytes cannot be read from %llu",
				 name, (unsigned long long)header->sh_offset,
				 (unsigned long long)header->sh_size,
				 (unsigned long long)elf->bytes);
	if (gnu)
		return read_compressed_gnu(data, sections, error);
	take(eh ? &sections->eh_frame : &sections->debug_frame, data,
	     header->sh_addr);
	return 0;
}

/* The rest of the segment that @address is loaded from. */
static Elf_Data *segment_rest(struct elf *elf, uint64_t address)
{
	for (size_t i = 0; i < elf->load_count; i++) {
		const struct elf_load *load = &elf->loads[i];
		uint64_t inside = address - load->address;

		if (address < load->address || inside >= load->file_bytes ||
		    load->offset > elf->bytes ||
		    load->file_bytes > elf->bytes - load->offset)
			continue;
		return elf_getdata_rawchunk(elf->handle,
					    (int64_t)(load->offset + inside),
					    load->file_bytes - inside,
					    ELF_T_BYTE);
	}
	return NULL;
}

/* PT_GNU_EH_FRAME: a version, three encodings, and where .eh_frame is. */
static int look_by_header(struct elf *elf, const GElf_Phdr *header,
			  struct sections *sections, struct error *error)
{
	struct pointer_base base = { .address = header->p_vaddr,
				     .data_base = header->p_vaddr };
	struct cursor cursor = { .failed = false };
	uint8_t version, encoding;
	uint64_t address;
	Elf_Data *data;

	data = segment_rest(elf, header->p_vaddr);
	if (data && data->d_buf) {
		base.data = data->d_buf;
		cursor.at = base.data;
		cursor.end = base.data + data->d_size;
	}
	version = cursor_u8(&cursor);
	encoding = cursor_u8(&cursor);
	cursor_take(&cursor, 2);
	if (cursor.failed || version != 1 || !pointer_known(encoding, &base))
		return error_set(error, -EINVAL,
				 "damaged .eh_frame_hdr at address 0x%llx",
				 (unsigned long long)header->p_vaddr);
	address = pointer_read(&cursor, encoding, &base);
	data = cursor.failed ? NULL : segment_rest(elf, address);
	if (!data || !data->d_buf)
		return error_set(error, -EINVAL,
				 ".eh_frame_hdr names address 0x%llx, where the file has nothing",
				 (unsigned long long)address);
	take(&sections->eh_frame, data, address);
	sections->eh_frame.open_ended = true;
	return 0;
}

static int find_by_headers(struct elf *elf, struct sections *sections,
			   struct error *error)
{
	GElf_Phdr header;
	size_t count;

	if (elf_getphdrnum(elf->handle, &count))
		return 0;
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(elf->handle, (int)i, &header) ||
		    header.p_type != PT_GNU_EH_FRAME)
			continue;
		return look_by_header(elf, &header, sections, error);
	}
	return 0;
}

int sections_find(struct elf *elf, struct sections *sections,
		  struct error *error)
{
	Elf_Scn *handle = NULL;
	GElf_Shdr header;
	bool any = false;
	int code;

	*sections = (struct sections){
		.eh_frame = { .name = ".eh_frame" },
		.debug_frame = { .name = ".debug_frame", .debug = true },
	};
	while ((handle = elf_nextscn(elf->handle, handle))) {
		if (!gelf_getshdr(handle, &header))
			continue;
		any = true;
		code = look_at(elf, handle, &header, sections, error);
		if (code)
			return code;
	}
	return any ? 0 : find_by_headers(elf, sections, error);
}

void sections_release(struct sections *sections)
{
	free(sections->inflated);
}
