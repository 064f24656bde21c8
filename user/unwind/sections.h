/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a file keeps its call frame information: by section headers, or
 * without them by the program header that the C library's unwinder goes by.
 */
#ifndef UNWIND_SECTIONS_H
#define UNWIND_SECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../resolve/elf.h"

struct section {
	const char *name;
	const unsigned char *data;	/* NULL: the file has none */
	size_t size;
	uint64_t address;
	/* It ends at its first terminator, or at what cannot be an entry. */
	bool open_ended;
	bool debug;		/* .debug_frame: other identifiers and offsets */
	/* Go's: its functions save the frame pointer without saying so. */
	bool go;
};

struct sections {
	struct section eh_frame, debug_frame;
	uint64_t data_base;	/* for DW_EH_PE_datarel; 0: not known */
	uint64_t executable_bytes;	/* of sections; 0: not known */
	void *inflated;
};

/*
 * Fill @sections from @elf, which must outlive them. -EINVAL: what should be
 * there is damaged. It is to be released either way.
 */
int sections_find(struct elf *elf, struct sections *sections,
		  struct error *error);
void sections_release(struct sections *sections);

#endif
