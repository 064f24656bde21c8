/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of source, from the line programs of DWARF versions 2 to 5
 * (.debug_line, compressed or not).
 */
#ifndef RESOLVE_DEBUG_LINE_H
#define RESOLVE_DEBUG_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "elf.h"

struct debug_lines;

/* NULL: the file has none. What is damaged is left out. */
struct debug_lines *debug_lines_read(struct elf *elf);
void debug_lines_free(struct debug_lines *lines);

/*
 * The file and line that the code at @address, the file's own virtual address,
 * was made of; inlined code is that of its own source. False: not known. *file
 * is valid as long as the lines.
 */
bool debug_lines_find(const struct debug_lines *lines, uint64_t address,
		      const char **file, uint32_t *line);

#endif
