/* SPDX-License-Identifier: GPL-2.0 */
/* User stacks by unwind tables, and by frame pointers where there are none. */
#ifndef DITHER_UNWIND_USER_TABLE_H
#define DITHER_UNWIND_USER_TABLE_H

#include <linux/types.h>

struct dither_kept_rule;
struct dither_walk;
struct pt_regs;

/*
 * Place for the rules that were found lately on one CPU, for one context at a
 * time; NULL: no memory. kvfree() it.
 */
struct dither_kept_rule *dither_kept_rules_new(int node);

/* Bytes that this takes. */
size_t dither_kept_rules_bytes(void);

/*
 * As dither_unwind_user(), by @walk->tables, for a 64 bit process whose
 * mappings are known. False, and nothing is changed: none is known.
 */
bool dither_unwind_table(struct pt_regs *regs, bool with_ip,
			 struct dither_walk *walk);

#endif
