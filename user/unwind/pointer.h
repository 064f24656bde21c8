/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses as .eh_frame encodes them (DW_EH_PE_…). */
#ifndef UNWIND_POINTER_H
#define UNWIND_POINTER_H

#include <stdbool.h>
#include <stdint.h>

#include "cursor.h"

/* What encoded addresses may be relative to. */
struct pointer_base {
	const unsigned char *data;	/* of the section in memory here */
	uint64_t address;		/* of the same as the file has it */
	uint64_t data_base;		/* for DW_EH_PE_datarel; 0: not known */
};

/* Whether pointer_read() knows it. */
bool pointer_known(uint8_t encoding, const struct pointer_base *base);

/* An address by a known encoding. Its fit is the cursor's to tell. */
uint64_t pointer_read(struct cursor *cursor, uint8_t encoding,
		      const struct pointer_base *base);

/*
 * A length, or an address that nobody wants: only the format matters. False:
 * an unknown one.
 */
bool pointer_read_plain(struct cursor *cursor, uint8_t encoding,
			uint64_t *value);

#endif
