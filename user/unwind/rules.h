/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The distinct rules of one file, numbered in order of first appearance: a
 * few hundred stand for all rows. Rule 0 is there from the start.
 */
#ifndef UNWIND_RULES_H
#define UNWIND_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "../../include/dither/table.h"

struct rules {
	struct dither_rule *rules;
	size_t count, room;
	uint32_t *slots;	/* number + 1 of a rule, by hash; 0: free */
	size_t slot_count;	/* a power of two */
};

void rules_begin(struct rules *rules);
void rules_end(struct rules *rules);

/* The rule's number, or -E2BIG: more than DITHER_TABLE_RULES_MAX. */
int rules_add(struct rules *rules, const struct dither_rule *rule);

#endif
