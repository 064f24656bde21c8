/* SPDX-License-Identifier: GPL-2.0 */
/* The machines that tables are for, and what their DWARF numbers mean. */
#ifndef UNWIND_MACHINE_H
#define UNWIND_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../include/dither/table.h"

struct machine {
	uint16_t number;	/* enum dither_table_machine */
	uint8_t sp, fp, ra;	/* DWARF numbers; ra: the return address's */
	uint8_t bx;		/* rbx, or no register's */
	uint8_t registers;	/* general ones: 0 .. registers - 1 */
	bool link_register;	/* calls leave the return address in ra */
};

/* Of an ELF machine (EM_…), or NULL: none that tables are for. */
const struct machine *machine_of(unsigned int elf_machine);

#endif
