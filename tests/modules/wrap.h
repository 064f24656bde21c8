/* SPDX-License-Identifier: GPL-2.0 */
/* What `ld --wrap` makes of functions of the module that tests step before. */
#ifndef DITHER_TEST_WRAP_H
#define DITHER_TEST_WRAP_H

#include "../../kmod/unwind.h"

/* What others call; and the module's own. */
void __wrap_dither_unwind_user(struct pt_regs *regs, bool with_ip,
			       struct dither_walk *walk);
void __real_dither_unwind_user(struct pt_regs *regs, bool with_ip,
			       struct dither_walk *walk);

#endif
