// SPDX-License-Identifier: GPL-2.0
/* See pointer.h. Pointers are 8 bytes: 32 bit files are refused before. */
#include "pointer.h"

#include "dwarf.h"

static bool format_known(uint8_t encoding)
{
	switch (encoding & DW_EH_PE_format) {
	case DW_EH_PE_absptr:
	case DW_EH_PE_uleb128:
	case DW_EH_PE_udata2:
	case DW_EH_PE_udata4:
	case DW_EH_PE_udata8:
	case DW_EH_PE_sleb128:
	case DW_EH_PE_sdata2:
	case DW_EH_PE_sdata4:
	case DW_EH_PE_sdata8:
		return true;
	default:
		return false;
	}
}

bool pointer_known(uint8_t encoding, const struct pointer_base *base)
{
	uint8_t relative = encoding & DW_EH_PE_base;

	if (encoding & DW_EH_PE_indirect || !format_known(encoding))
		return false;
	return !relative || relative == DW_EH_PE_pcrel ||
	       (relative == DW_EH_PE_datarel && base->data_base);
}

static uint64_t read_format(struct cursor *cursor, uint8_t encoding)
{
	switch (encoding & DW_EH_PE_format) {
	case DW_EH_PE_uleb128:
		return cursor_uleb(cursor);
	case DW_EH_PE_sleb128:
		return (uint64_t)cursor_sleb(cursor);
	case DW_EH_PE_udata2:
		return cursor_fixed(cursor, 2);
	case DW_EH_PE_sdata2:
		return (uint64_t)(int16_t)cursor_fixed(cursor, 2);
	case DW_EH_PE_udata4:
		return cursor_fixed(cursor, 4);
	case DW_EH_PE_sdata4:
		return (uint64_t)(int32_t)cursor_fixed(cursor, 4);
	default:
		return cursor_fixed(cursor, 8);
	}
}

uint64_t pointer_read(struct cursor *cursor, uint8_t encoding,
		      const struct pointer_base *base)
{
	uint64_t place = base->address + (uint64_t)(cursor->at - base->data);
	uint64_t value = read_format(cursor, encoding);

	switch (encoding & DW_EH_PE_base) {
	case DW_EH_PE_pcrel:
		return place + value;
	case DW_EH_PE_datarel:
		return base->data_base + value;
	default:
		return value;
	}
}

bool pointer_read_plain(struct cursor *cursor, uint8_t encoding,
			uint64_t *value)
{
	*value = 0;
	if (encoding == DW_EH_PE_omit)
		return true;
	/* Padding up to an aligned place: nothing makes it any more. */
	if (encoding == DW_EH_PE_aligned || !format_known(encoding))
		return false;
	*value = read_format(cursor, encoding);
	return true;
}
