// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as an ELF file: on disk as a program's file would be, and in
 * memory as the vDSO would be.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../user/resolve/debug_line.h"
#include "../../user/resolve/elf.h"
#include "../../user/resolve/image.h"
#include "../../user/resolve/plt.h"
#include "../../user/resolve/symtab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An error has a text, a symbol a name and a start before its address. */
static void ask(const struct symbols *symbols, uint64_t address)
{
	struct symbol symbol;

	if (symbols_find(symbols, address, &symbol) &&
	    (!symbol.name[0] || symbol.start > address))
		abort();
}

static void use(struct elf *elf)
{
	struct symbols *symbols = symbols_new();
	struct debug_lines *lines;
	uint32_t line;
	struct error error = { "" };
	const char *name;
	uint32_t crc;

	if (symtab_read(elf, symbols, &error) && !error.text[0])
		abort();
	plt_read(elf, symbols);
	symbols_finish(symbols);
	elf_debug_link(elf, &name, &crc);
	symtab_is_full(elf);
	for (size_t i = 0; i < elf->load_count; i++) {
		for (uint64_t at = 0; at < 0x4000; at += 0x40) {
			uint64_t address;

			if (image_address(elf->loads, elf->load_count, at,
					  &address))
				ask(symbols, address);
			ask(symbols, elf->loads[i].address + at);
		}
	}
	lines = debug_lines_read(elf);
	for (uint64_t at = 0; lines && at < 0x4000; at += 4)
		if (debug_lines_find(lines, at, &name, &line) &&
		    (!*name || !line))
			abort();
	debug_lines_free(lines);
	symbols_free(symbols);
	elf_close(elf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int file = memfd_create("elf", MFD_CLOEXEC);
	struct error error = { "" };
	struct image *image;
	struct elf *elf;

	if (file < 0 || write(file, data, size) != (ssize_t)size)
		abort();
	if (!elf_read(file, size, &elf, &error))
		use(elf);
	else if (!error.text[0])
		abort();
	if (!image_load_memory(data, size, &image, &error))
		image_free(image);
	return 0;
}
