/* SPDX-License-Identifier: GPL-2.0 */
/* The header of a line program: its files, and how its opcodes are encoded. */
#ifndef RESOLVE_DEBUG_LINE_HEADER_H
#define RESOLVE_DEBUG_LINE_HEADER_H

#include "../base/string_table.h"
#include "dwarf_reader.h"

/* Sections of strings that headers of version 5 refer to; .at NULL: none. */
struct line_strings {
	struct dwarf_reader line, all;
};

struct line_header {
	struct dwarf_reader program;
	uint32_t *files; /* texts, by number; 0: not known */
	size_t file_count;
	unsigned int instruction; /* bytes that an operation advances by */
	int line_base;
	unsigned int line_range, opcode_base; /* not 0 */
	const unsigned char *lengths;	      /* of standard opcodes, from 1 */
};

/*
 * The next program of @section; units that cannot be read are skipped. False:
 * there is no more. Free what it returned.
 */
bool line_header_read(struct dwarf_reader *section,
		      const struct line_strings *strings,
		      struct string_table *texts, struct line_header *header);
void line_header_free(struct line_header *header);

#endif
