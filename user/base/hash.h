/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hash from a pair of numbers to a small number. Nothing walks it, so that
 * its order cannot leak into any output.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#define TABLE_NONE UINT32_MAX

struct hash;

struct hash *hash_new(void);
void hash_free(struct hash *table);

/* TABLE_NONE: not there. */
uint32_t hash_get(const struct hash *table, uint64_t first, uint64_t second);

/* Set or replace; @value is below TABLE_NONE. */
void hash_put(struct hash *table, uint64_t first, uint64_t second,
	      uint32_t value);

#endif
