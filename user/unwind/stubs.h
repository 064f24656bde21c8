/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The jumps to other libraries' functions (.plt). On x86-64 some linkers write
 * call frame information for them; lld and mold do not, and none does on arm64.
 */
#ifndef UNWIND_STUBS_H
#define UNWIND_STUBS_H

#include "eh_frame.h"

/* Add those that say nothing of themselves to @frames, as functions of @source. */
void stubs_find(struct frames *frames, struct elf *elf, uint8_t source);

#endif
