/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a program begins: code that nobody called. C libraries write it in
 * assembly, often without call frame information.
 */
#ifndef UNWIND_ENTRY_CODE_H
#define UNWIND_ENTRY_CODE_H

#include "eh_frame.h"

/* Add it to @frames, unless it tells of itself, as a function of @source. */
void entry_find(struct frames *frames, struct elf *elf, uint8_t source);

#endif
