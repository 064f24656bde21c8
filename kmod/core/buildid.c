// SPDX-License-Identifier: GPL-2.0
/*
 * ELF header → program headers → PT_NOTE → GNU build-id, every step checked
 * against the bytes that are there. Only the machine's own byte order, since
 * the file is being executed; both classes. Runs in user space for its tests.
 */
#ifdef __KERNEL__
#include <linux/elf.h>
#else
#include <elf.h>
#endif

#include "buildid.h"

#ifndef NT_GNU_BUILD_ID
#define NT_GNU_BUILD_ID 3
#endif

/* @bytes at @offset of the file, or NULL when they are not all there. */
static const void *at(const u8 *file, u32 length, u64 offset, u64 bytes)
{
	if (offset > length || bytes > length - offset)
		return NULL;
	return file + offset;
}

static u32 find_in_notes(const u8 *notes, u32 length, u8 *id)
{
	Elf32_Nhdr note;	/* the same for both classes */
	u64 offset = 0;

	while (at(notes, length, offset, sizeof(note))) {
		u64 name = offset + sizeof(note);
		u64 description;
		const u8 *bytes;

		memcpy(&note, notes + offset, sizeof(note));
		description = name + (((u64)note.n_namesz + 3) & ~3ULL);
		bytes = at(notes, length, description, note.n_descsz);
		if (!bytes)
			return 0;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
		    !memcmp(notes + name, "GNU", 4) && note.n_descsz &&
		    note.n_descsz <= DITHER_BUILD_ID_MAX) {
			memcpy(id, bytes, note.n_descsz);
			return note.n_descsz;
		}
		offset = description + (((u64)note.n_descsz + 3) & ~3ULL);
	}
	return 0;
}

static u32 find_in_segment(const u8 *file, u32 length, u64 offset, u64 size,
			   u8 *id)
{
	if (offset >= length)
		return 0;
	if (size > length - offset)
		size = length - offset;
	return find_in_notes(file + offset, size, id);
}

#define DEFINE_FIND(name, ehdr_type, phdr_type)				\
static u32 name(const u8 *file, u32 length, u8 *id)			\
{									\
	ehdr_type header;						\
	phdr_type segment;						\
	u32 i, found;							\
									\
	if (!at(file, length, 0, sizeof(header)))			\
		return 0;						\
	memcpy(&header, file, sizeof(header));				\
	if (header.e_phentsize != sizeof(segment))			\
		return 0;						\
	for (i = 0; i < header.e_phnum; i++) {				\
		u64 offset = header.e_phoff + (u64)i * sizeof(segment);	\
									\
		if (!at(file, length, offset, sizeof(segment)))		\
			return 0;					\
		memcpy(&segment, file + offset, sizeof(segment));	\
		if (segment.p_type != PT_NOTE)				\
			continue;					\
		found = find_in_segment(file, length, segment.p_offset,	\
					segment.p_filesz, id);		\
		if (found)						\
			return found;					\
	}								\
	return 0;							\
}

DEFINE_FIND(find_32, Elf32_Ehdr, Elf32_Phdr)
DEFINE_FIND(find_64, Elf64_Ehdr, Elf64_Phdr)

u32 dither_buildid_find(const u8 *file, u32 length, u8 *id)
{
	if (length < EI_NIDENT || memcmp(file, ELFMAG, SELFMAG))
		return 0;
	if (file[EI_CLASS] == ELFCLASS64)
		return find_64(file, length, id);
	if (file[EI_CLASS] == ELFCLASS32)
		return find_32(file, length, id);
	return 0;
}
