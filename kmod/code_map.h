/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The code that is mapped in an address space, as the unwinder has it: a tree
 * of ranges under a number. What was found under a number stays true as long
 * as a process has a space of that number: a mapping where nothing was is added
 * to it; anything else makes another space. Unmapping is not followed. Nothing
 * runs in what is gone, and what comes in its place is reported.
 *
 * Readers have the old space or the new under RCU. A space with more than one
 * reference does not change.
 */
#ifndef DITHER_CODE_MAP_H
#define DITHER_CODE_MAP_H

#include <linux/llist.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>

#include "core/code_map_tree.h"

struct dither_code_map {
	u64 id;		       /* no two spaces ever have the same; not 0 */
	refcount_t references; /* processes, and who makes another of it */
	u32 count;	       /* ranges, of a process that maps */
	struct dither_node __rcu *root; /* NULL: empty */
	struct dither_user *user;	/* whom it is charged to */
	struct llist_node dead;
};

/* The range that has @address, or NULL. Under RCU; IRQ and NMI safe. */
static inline const struct dither_range *
dither_code_map_range(const struct dither_code_map *map, unsigned long address)
{
	return dither_tree_find(rcu_dereference(map->root), address);
}

/*
 * Of a space that does not change: by who has a reference beside the process,
 * or the lock of the process that has the only one. NULL has none.
 */
static inline struct dither_node *
dither_code_map_root(const struct dither_code_map *map)
{
	return map ? rcu_dereference_protected(map->root, true) : NULL;
}

/*
 * One of @root, whose reference it takes, charged to @user; NULL, and the
 * reference is dropped: no memory. May sleep.
 */
struct dither_code_map *dither_code_map_new(struct dither_node *root, u32 count,
					    struct dither_user *user);

/* Drop a reference; NULL is fine. Any task context. */
void dither_code_map_put(struct dither_code_map *map);

/* Wait until what nobody has any more is freed. */
void dither_code_map_settle(void);

int dither_code_map_init(void);
void dither_code_map_uninit(void);

#endif
