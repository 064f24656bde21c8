/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads numbers and strings of DWARF sections, of either byte order. What lies
 * beyond the end reads as 0, and sets .bad for good.
 */
#ifndef RESOLVE_DWARF_READER_H
#define RESOLVE_DWARF_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dwarf_reader {
	const unsigned char *at, *end;
	bool big; /* byte order */
	bool bad;
};

/* 1 to 8 bytes. */
uint64_t dwarf_number(struct dwarf_reader *reader, unsigned int bytes);
uint64_t dwarf_unsigned(struct dwarf_reader *reader); /* LEB128 */
int64_t dwarf_signed(struct dwarf_reader *reader);
/* Up to a zero byte; "" where there is none before the end. */
const char *dwarf_string(struct dwarf_reader *reader);
void dwarf_skip(struct dwarf_reader *reader, uint64_t bytes);

#endif
