// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of spaces and their nodes. A worker frees those that nobody has any
 * more, many at a time, after one wait for readers. A reader may come from a
 * node to those below it, whose last reference was dropped meanwhile: so all
 * references of what is to be freed are dropped before the wait.
 */
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "code_files.h"
#include "code_map.h"
#include "memory_shares.h"
#include "overhead.h"

/* What is freed after one wait, about; the rest has another. */
#define BATCH_MAX 16384U
/* A burst of exits is one batch. */
#define DELAY msecs_to_jiffies(50)

static atomic64_t map_number;
static LLIST_HEAD(dead_maps);
static LLIST_HEAD(dead_nodes);
static struct kmem_cache *map_cache, *node_cache;

static void free_node(struct dither_node *node)
{
	u32 i;

	for (i = 0; !node->level && i < node->count; i++) {
		if (node->ranges[i].file)
			dither_file_put(node->ranges[i].file);
	}
	dither_give_back(node->user, sizeof(*node));
	kmem_cache_free(node_cache, node);
}

static void free_map(struct dither_code_map *map)
{
	dither_give_back(map->user, sizeof(*map));
	kmem_cache_free(map_cache, map);
}

static void free_dead(struct work_struct *work);
static DECLARE_DELAYED_WORK(free_work, free_dead);

/* Dead nodes, released, and those that so became dead. */
static struct llist_node *collect_nodes(void)
{
	struct llist_node *all = NULL, *some;
	struct dither_node *node, *next;
	u32 count = 0;

	while (count < BATCH_MAX) {
		some = llist_del_all(&dead_nodes);
		if (!some)
			break;
		llist_for_each_entry_safe(node, next, some, dead) {
			dither_node_release(node);
			node->dead.next = all;
			all = &node->dead;
			count++;
			cond_resched();
		}
	}
	return all;
}

static void free_dead(struct work_struct *work)
{
	struct llist_node *maps = llist_del_all(&dead_maps);
	struct dither_code_map *map, *next_map;
	struct dither_node *node, *next;
	struct dither_stint stint = dither_stint_begin();
	struct llist_node *nodes;

	llist_for_each_entry(map, maps, dead)
		dither_tree_put(rcu_dereference_protected(map->root, true));
	nodes = collect_nodes();
	dither_stint_end(stint);
	if (!maps && !nodes)
		return;
	/* Whoever found one of them has left it after this. */
	synchronize_rcu();
	stint = dither_stint_begin();
	llist_for_each_entry_safe(map, next_map, maps, dead)
		free_map(map);
	llist_for_each_entry_safe(node, next, nodes, dead) {
		free_node(node);
		cond_resched();
	}
	dither_stint_end(stint);
}

void dither_code_map_put(struct dither_code_map *map)
{
	if (map && refcount_dec_and_test(&map->references) &&
	    llist_add(&map->dead, &dead_maps))
		schedule_delayed_work(&free_work, DELAY);
}

void dither_node_bury(struct dither_node *node)
{
	if (llist_add(&node->dead, &dead_nodes))
		schedule_delayed_work(&free_work, DELAY);
}

static bool any_dead(void)
{
	return !llist_empty(&dead_nodes) || !llist_empty(&dead_maps);
}

/* What is put meanwhile is not waited for: others may go on with that. */
void dither_code_map_settle(void)
{
	u32 tries = 3;

	do {
		flush_delayed_work(&free_work);
	} while (any_dead() && --tries);
}

void dither_node_share_file(struct dither_file *file)
{
	dither_file_share(file);
}

static void *charged(struct kmem_cache *cache, u32 bytes,
		     struct dither_user *user)
{
	void *object;

	if (!dither_charge(user, bytes))
		return NULL;
	object = kmem_cache_alloc(cache, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!object)
		dither_give_back(user, bytes);
	return object;
}

struct dither_node *dither_node_new(struct dither_user *user)
{
	struct dither_node *node = charged(node_cache, sizeof(*node), user);

	if (node)
		node->user = user;
	return node;
}

struct dither_code_map *dither_code_map_new(struct dither_node *root, u32 count,
					    struct dither_user *user)
{
	struct dither_code_map *map = charged(map_cache, sizeof(*map), user);

	if (!map) {
		dither_tree_put_now(root);
		return NULL;
	}
	map->id = atomic64_inc_return(&map_number);
	refcount_set(&map->references, 1);
	map->count = count;
	RCU_INIT_POINTER(map->root, root);
	map->user = user;
	return map;
}

/*
 * All of an object that is looked at is written first. A cache whose objects
 * have a constructor is not cleared at each allocation by kernels that do so.
 */
static void construct(void *object)
{
}

int dither_code_map_init(void)
{
	map_cache = kmem_cache_create("dither_code_map",
				      sizeof(struct dither_code_map), 0, 0,
				      construct);
	node_cache = kmem_cache_create("dither_node",
				       sizeof(struct dither_node), 0,
				       SLAB_HWCACHE_ALIGN, construct);
	if (map_cache && node_cache)
		return 0;
	dither_code_map_uninit();
	return -ENOMEM;
}

void dither_code_map_uninit(void)
{
	while (any_dead())
		dither_code_map_settle();
	flush_delayed_work(&free_work);
	kmem_cache_destroy(map_cache);
	kmem_cache_destroy(node_cache);
}
