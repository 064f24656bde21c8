// SPDX-License-Identifier: GPL-2.0
/* The vDSO, which every process has, as this one has it. */
#include <elf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>

#include "capture_metadata.h"

#if __SIZEOF_POINTER__ == 8
typedef Elf64_Ehdr elf_header;
#else
typedef Elf32_Ehdr elf_header;
#endif

/* The image ends behind its section headers, as linkers lay it out. */
const void *capture_vdso(size_t *bytes)
{
	const elf_header *header = (const void *)getauxval(AT_SYSINFO_EHDR);

	if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG))
		return NULL;
	*bytes = header->e_shoff + (size_t)header->e_shnum * header->e_shentsize;
	return header;
}

int capture_write_vdso(struct writer *writer, struct error *error)
{
	size_t bytes;
	const void *image = capture_vdso(&bytes);
	const struct iovec part = { (void *)image, image ? bytes : 0 };

	return image ? writer_chunk(writer, CHUNK_VDSO, &part, 1, error) : 0;
}
