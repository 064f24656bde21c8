/* SPDX-License-Identifier: GPL-2.0 */
/* The jumps to other libraries' functions of x86-64, by their own instructions. */
#ifndef UNWIND_STUBS_X86_H
#define UNWIND_STUBS_X86_H

#include "eh_frame.h"

/*
 * Add @bytes of @code at @address to @frames; @lazy: it may begin with the way to
 * the dynamic linker. What is not understood is left out.
 */
void stubs_x86_add(struct frames *frames, const unsigned char *code,
		   uint64_t bytes, uint64_t address, bool lazy, uint8_t source);

#endif
