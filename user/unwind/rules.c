// SPDX-License-Identifier: GPL-2.0
/* See rules.h: open addressing, at most half full. */
#include "rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define SLOTS_AT_FIRST 1024

/* Offsets are multiples of 8, so the bits that choose a slot are the high ones. */
static uint64_t hash(const struct dither_rule *rule)
{
	uint64_t parts[3] = { 0 }, value;

	memcpy(parts, rule, sizeof(*rule));
	value = parts[0] * 0x9e3779b97f4a7c15ULL ^ parts[2];
	value = (value ^ value >> 32 ^ parts[1]) * 0xbf58476d1ce4e5b9ULL;
	value = (value ^ value >> 32) * 0x94d049bb133111ebULL;
	return value >> 32;
}

/* Where the rule is, or belongs. */
static uint32_t *slot_of(const struct rules *rules,
			 const struct dither_rule *rule)
{
	size_t mask = rules->slot_count - 1;
	size_t slot = hash(rule) & mask;

	while (rules->slots[slot] &&
	       memcmp(&rules->rules[rules->slots[slot] - 1], rule,
		      sizeof(*rule)) != 0)
		slot = (slot + 1) & mask;
	return &rules->slots[slot];
}

static void make_slots(struct rules *rules, size_t slot_count)
{
	free(rules->slots);
	rules->slot_count = slot_count;
	rules->slots = alloc_zeroed(slot_count, sizeof(*rules->slots));
	for (size_t i = 0; i < rules->count; i++)
		*slot_of(rules, &rules->rules[i]) = (uint32_t)i + 1;
}

void rules_begin(struct rules *rules)
{
	static const struct dither_rule none;

	*rules = (struct rules){ .count = 0 };
	make_slots(rules, SLOTS_AT_FIRST);
	rules_add(rules, &none);
}

void rules_end(struct rules *rules)
{
	free(rules->rules);
	free(rules->slots);
}

int rules_add(struct rules *rules, const struct dither_rule *rule)
{
	uint32_t *slot = slot_of(rules, rule);

	if (*slot)
		return (int)*slot - 1;
	if (rules->count == DITHER_TABLE_RULES_MAX)
		return -E2BIG;
	rules->rules = alloc_grow(rules->rules, rules->count, &rules->room,
				  sizeof(*rule));
	rules->rules[rules->count++] = *rule;
	*slot = (uint32_t)rules->count;
	if (rules->count * 2 > rules->slot_count)
		make_slots(rules, rules->slot_count * 2);
	return (int)rules->count - 1;
}
