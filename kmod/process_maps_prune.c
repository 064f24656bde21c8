// SPDX-License-Identifier: GPL-2.0
/*
 * Leaving out ranges that are not mapped any more: a space is made anew, of
 * full leaves, beside the old one, in a time that depends on all it has. As
 * many mappings come before the next time.
 */
#include <linux/bitops.h>
#include <linux/sched.h>

#include "process_maps.h"

/* With a reference, or NULL. */
static struct dither_code_map *begin_prune(struct dither_process *process)
{
	struct dither_code_map *map;

	raw_spin_lock(&process->lock);
	map = dither_code_map_of(process);
	if (map)
		refcount_inc(&map->references);
	process->confirmed = false;
	raw_spin_unlock(&process->lock);
	return map;
}

/*
 * What has been removed may come again as it was, and change nothing, before
 * this; then it must not go. The reference to what is not in place is the
 * caller's to drop.
 */
static bool end_prune(struct dither_process *process,
		      struct dither_code_map *old,
		      struct dither_code_map *fresh)
{
	bool done;

	raw_spin_lock(&process->lock);
	done = fresh && !process->gone && !process->confirmed &&
	       dither_code_map_of(process) == old;
	if (done)
		rcu_assign_pointer(process->map, fresh);
	/* As much work again as this was is spread over these. */
	process->prune_in =
		max(DITHER_PRUNE_MIN, 3 * (done ? fresh : old)->count);
	raw_spin_unlock(&process->lock);
	return done;
}

/* Of a leaf in each eighth or so of the space, how many ranges are gone. */
#define LEAVES_TRIED 8U

static bool seems_worth_it(const struct dither_node *root,
			   const struct dither_range_check *check)
{
	struct dither_range ranges[DITHER_LEAF_RANGES];
	u32 i, count, looked_at = 0, there = 0;
	unsigned long at, next;

	for (i = 0; i < LEAVES_TRIED; i++) {
		at = dither_tree_part(root, i, LEAVES_TRIED);
		count = dither_tree_leaf(root, at, ranges, &next);
		looked_at += count;
		there +=
			hweight32(check->are_there(ranges, count, check->data));
	}
	return there < looked_at - looked_at / 4;
}

static void load_present(struct dither_tree_loader *loader,
			 const struct dither_node *root,
			 const struct dither_range_check *check)
{
	struct dither_range ranges[DITHER_LEAF_RANGES];
	unsigned long next = 0;
	u32 i, count, there;

	do {
		count = dither_tree_leaf(root, next, ranges, &next);
		there = check->are_there(ranges, count, check->data);
		for (i = 0; i < count; i++) {
			if (there & 1U << i)
				dither_tree_load(loader, &ranges[i]);
		}
		cond_resched();
	} while (next && !loader->failed);
}

static struct dither_code_map *pruned(struct dither_process *process,
				      const struct dither_node *root,
				      const struct dither_range_check *check)
{
	struct dither_tree_loader loader = {
		.user = READ_ONCE(process->user),
	};
	struct dither_node *made;

	load_present(&loader, root, check);
	if (dither_tree_loaded(&loader, &made))
		return NULL;
	return dither_code_map_new(made, loader.ranges, loader.user);
}

void dither_process_maps_prune(u32 tgid, const struct dither_range_check *check)
{
	struct dither_process *process = dither_process_get(tgid);
	struct dither_code_map *old, *fresh = NULL;

	if (!process)
		return;
	old = begin_prune(process);
	if (old) {
		if (seems_worth_it(dither_code_map_root(old), check))
			fresh = pruned(process, dither_code_map_root(old),
				       check);
		if (end_prune(process, old, fresh))
			dither_code_map_put(old);
		else
			dither_code_map_put(fresh);
		dither_code_map_put(old);
	}
	dither_process_put(process);
}
