// SPDX-License-Identifier: GPL-2.0
/*
 * See content_hash.h. The file's bytes are taken as they are, but for the ELF
 * header, which stripping changes.
 */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "content_hash.h"

#include <stdlib.h>
#include <unistd.h>

#include "../base/alloc.h"
#include "elf.h"

#define HEADER_BYTES 64U
#define BLOCK_BYTES (256U << 10)

struct reader {
	struct elf *elf;
	unsigned char *block;
	uint64_t unread; /* damaged files can name bytes again and again */
	XXH64_state_t state;
};

static bool take(struct reader *reader, uint64_t offset, uint64_t bytes)
{
	if (offset > reader->elf->bytes ||
	    bytes > reader->elf->bytes - offset || bytes > reader->unread)
		return false;
	reader->unread -= bytes;
	while (bytes) {
		size_t part = bytes < BLOCK_BYTES ? bytes : BLOCK_BYTES;
		ssize_t got = pread(reader->elf->file, reader->block, part,
				    (off_t)offset);

		if (got <= 0)
			return false;
		XXH64_update(&reader->state, reader->block, (size_t)got);
		offset += (uint64_t)got;
		bytes -= (uint64_t)got;
	}
	return true;
}

static bool take_code(struct reader *reader)
{
	for (size_t i = 0; i < reader->elf->load_count; i++) {
		const struct elf_load *load = &reader->elf->loads[i];
		uint64_t end = load->offset + load->file_bytes;
		uint64_t start = load->offset < HEADER_BYTES ? HEADER_BYTES :
							       load->offset;

		if (end < load->offset)
			return false;
		if (load->executable && start < end &&
		    !take(reader, start, end - start))
			return false;
	}
	return true;
}

/* A table of symbols and their names. *found: there is one. */
static bool take_symbols(struct reader *reader, uint32_t type, bool *found)
{
	Elf *handle = reader->elf->handle;
	GElf_Shdr header, names;
	Elf_Scn *section = NULL;

	*found = false;
	while ((section = elf_nextscn(handle, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != type)
			continue;
		*found = true;
		section = elf_getscn(handle, header.sh_link);
		return section && gelf_getshdr(section, &names) &&
		       take(reader, header.sh_offset, header.sh_size) &&
		       take(reader, names.sh_offset, names.sh_size);
	}
	return true;
}

static bool read_all(struct reader *reader, struct content *content)
{
	bool found;

	XXH64_reset(&reader->state, 0);
	if (!take_code(reader) || !take_symbols(reader, SHT_DYNSYM, &found))
		return false;
	content->code = XXH64_digest(&reader->state);
	XXH64_reset(&reader->state, 0);
	if (!take_symbols(reader, SHT_SYMTAB, &found))
		return false;
	content->names = found ? XXH64_digest(&reader->state) : 0;
	return true;
}

bool content_read(struct elf *elf, struct content *content)
{
	struct reader reader = { .elf = elf, .unread = elf->bytes * 2 };
	bool done;

	if (elf->file < 0)
		return false;
	reader.block = alloc_zeroed(BLOCK_BYTES, 1);
	done = read_all(&reader, content);
	free(reader.block);
	return done;
}

bool content_agrees(const struct content *recorded, const struct content *found)
{
	return recorded->code == found->code &&
	       (recorded->names == found->names || !recorded->names ||
		!found->names);
}
