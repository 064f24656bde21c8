/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Returns from signal handlers that say nothing of themselves. The C library's
 * on x86-64 has its .eh_frame; arm64's vDSO has dropped it, and small C
 * libraries never had it.
 */
#ifndef UNWIND_TRAMPOLINE_H
#define UNWIND_TRAMPOLINE_H

#include "eh_frame.h"

/*
 * Add to @frames the sigreturn code that can be found by its instructions,
 * as functions of @source. Looks at small files, such as the vDSO, and at larger
 * ones of which @frames hardly says anything.
 */
void trampoline_find(struct frames *frames, uint8_t source);

#endif
