/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ELF files with call frame information of any bytes, for the tests and the
 * fuzz harness of user/unwind: one executable segment, and .eh_frame and
 * .debug_frame named by section headers, or .eh_frame by a program header.
 */
#ifndef FRAME_FILES_H
#define FRAME_FILES_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Where things lie in the file; addresses are that and ADDRESS. */
#define FRAME_FILE_ADDRESS 0x400000ULL
#define FRAME_FILE_HEADERS 0x400U	/* room for all headers and names */

struct frame_file_spec {
	uint16_t machine;		/* EM_… */
	const void *eh, *debug;		/* the sections' bytes, or NULL */
	size_t eh_size, debug_size;
	/* The segment's place in the file: above what the sections take. */
	uint64_t text_offset, text_size;
	const void *text;		/* its bytes, or NULL: zeros */
	const char *debug_name;		/* NULL: .debug_frame */
	uint64_t debug_flags;		/* SHF_… */
	bool stripped;			/* no section headers */
	bool go;
	bool stubs;			/* the text is .plt */
	uint64_t entry;			/* address; 0: none */
	bool program;			/* not of a library's type */
};

struct frame_file {
	unsigned char *bytes;		/* to be freed */
	size_t size;
	uint64_t eh_address, text_address;
};

static inline Elf64_Shdr frame_file_section(uint32_t name, uint32_t type,
					    uint64_t offset, uint64_t size)
{
	return (Elf64_Shdr){ .sh_name = name,
			     .sh_type = type,
			     .sh_addr = FRAME_FILE_ADDRESS + offset,
			     .sh_offset = offset,
			     .sh_size = size,
			     .sh_addralign = 1 };
}

static inline void frame_file_sections(const struct frame_file_spec *spec,
				       struct frame_file *file, Elf64_Ehdr *header,
				       uint64_t eh_at, uint64_t debug_at)
{
	static const char names[] = "\0.shstrtab\0.text\0.eh_frame\0"
				    ".got.plt\0.note.go.buildid\0.plt\0";
	const uint64_t names_at = 0x340, headers_at = 0x120;
	Elf64_Shdr sections[7] = { { 0 } };
	uint16_t count = 1;

	memcpy(file->bytes + names_at, names, sizeof(names));
	strcpy((char *)file->bytes + names_at + sizeof(names),
	       spec->debug_name ? spec->debug_name : ".debug_frame");
	sections[count++] = frame_file_section(1, SHT_STRTAB, names_at, 0xc0);
	sections[count++] = frame_file_section(spec->stubs ? 53 : 11, SHT_PROGBITS,
					       spec->text_offset,
					       spec->text_size);
	sections[2].sh_flags = SHF_ALLOC | SHF_EXECINSTR;
	sections[count++] = frame_file_section(27, SHT_PROGBITS, 0x300, 8);
	if (spec->go)
		sections[count++] = frame_file_section(36, SHT_PROGBITS, 0x300,
						       8);
	if (spec->eh)
		sections[count++] = frame_file_section(17, SHT_PROGBITS, eh_at,
						       spec->eh_size);
	if (spec->debug) {
		sections[count] = frame_file_section(sizeof(names),
						     SHT_PROGBITS, debug_at,
						     spec->debug_size);
		sections[count].sh_addr = 0;
		sections[count++].sh_flags = spec->debug_flags;
	}
	memcpy(file->bytes + headers_at, sections, sizeof(sections));
	header->e_shoff = headers_at;
	header->e_shnum = count;
	header->e_shentsize = sizeof(sections[0]);
	header->e_shstrndx = 1;
}

/* .eh_frame_hdr: version 1, the section by pcrel|sdata4, no count, no table. */
static inline void frame_file_header(struct frame_file *file, uint64_t at,
				     uint64_t eh_at)
{
	int32_t distance = (int32_t)(eh_at - (at + 4));

	memcpy(file->bytes + at, "\1\x1b\xff\xff", 4);
	memcpy(file->bytes + at + 4, &distance, sizeof(distance));
}

static inline struct frame_file
frame_file_make(const struct frame_file_spec *spec)
{
	const uint64_t hdr_at = 0x310, eh_at = FRAME_FILE_HEADERS;
	const uint64_t debug_at = eh_at + (spec->eh_size + 7) / 8 * 8;
	struct frame_file file = {
		.size = spec->text_offset + spec->text_size,
		.eh_address = FRAME_FILE_ADDRESS + eh_at,
		.text_address = FRAME_FILE_ADDRESS + spec->text_offset,
	};
	Elf64_Ehdr header = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1 },
		.e_type = spec->program ? ET_EXEC : ET_DYN,
		.e_entry = spec->entry,
		.e_machine = spec->machine,
		.e_version = 1,
		.e_phoff = sizeof(header),
		.e_ehsize = sizeof(header),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 3,
	};
	const Elf64_Phdr segments[3] = {
		{ .p_type = PT_LOAD,
		  .p_flags = PF_R,
		  .p_vaddr = FRAME_FILE_ADDRESS,
		  .p_filesz = eh_at + spec->eh_size,
		  .p_memsz = eh_at + spec->eh_size },
		{ .p_type = PT_LOAD,
		  .p_flags = PF_R | PF_X,
		  .p_offset = spec->text_offset,
		  .p_vaddr = FRAME_FILE_ADDRESS + spec->text_offset,
		  .p_filesz = spec->text_size,
		  .p_memsz = spec->text_size },
		{ .p_type = spec->stripped && spec->eh ? PT_GNU_EH_FRAME :
							 PT_NULL,
		  .p_offset = hdr_at,
		  .p_vaddr = FRAME_FILE_ADDRESS + hdr_at,
		  .p_filesz = 8,
		  .p_memsz = 8 },
	};

	if (debug_at + spec->debug_size > spec->text_offset)
		abort();
	file.bytes = calloc(1, file.size);
	if (!file.bytes)
		abort();
	if (!spec->stripped)
		frame_file_sections(spec, &file, &header, eh_at, debug_at);
	frame_file_header(&file, hdr_at, eh_at);
	memcpy(file.bytes, &header, sizeof(header));
	memcpy(file.bytes + sizeof(header), segments, sizeof(segments));
	if (spec->eh)
		memcpy(file.bytes + eh_at, spec->eh, spec->eh_size);
	if (spec->debug)
		memcpy(file.bytes + debug_at, spec->debug, spec->debug_size);
	if (spec->text)
		memcpy(file.bytes + spec->text_offset, spec->text,
		       spec->text_size);
	return file;
}

#endif
