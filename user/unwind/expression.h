/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DWARF expressions, as far as a rule can say the same: a register and an
 * offset, that dereferenced, and what linkers write for the PLT. cfi_program.c
 * asks for each expression that it meets.
 */
#ifndef UNWIND_EXPRESSION_H
#define UNWIND_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compile_statistics.h"
#include "machine.h"

enum expression_base {
	EXPRESSION_CONSTANT,
	EXPRESSION_REGISTER,
	EXPRESSION_CFA,
	EXPRESSION_PLT,		/* DITHER_CFA_PLT, with offset and addend */
};

/* *(base + offset) + addend if dereferenced, else base + offset. */
struct expression {
	enum expression_base base;
	uint8_t reg;		/* DWARF number of the base register */
	bool dereferenced;
	int32_t offset;
	int16_t addend;
};

/*
 * Understand the @size bytes at @bytes. @with_cfa: the CFA is on the stack
 * when it begins, as for the place of a register. Returns why not, or
 * UNWIND_SUPPORTED; the reason for expressions of other kinds is @other.
 */
enum unwind_unsupported expression_read(const struct machine *machine,
					const unsigned char *bytes, size_t size,
					bool with_cfa,
					enum unwind_unsupported other,
					struct expression *out);

#endif
