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

static atomic64_t space_number;
static LLIST_HEAD(dead_spaces);
static LLIST_HEAD(dead_nodes);
static struct kmem_cache *space_cache, *node_cache;

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

static void free_space(struct dither_space *space)
{
	dither_give_back(space->user, sizeof(*space));
	kmem_cache_free(space_cache, space);
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
	struct llist_node *spaces = llist_del_all(&dead_spaces);
	struct dither_space *space, *next_space;
	struct dither_node *node, *next;
	struct dither_stint stint = dither_stint_begin();
	struct llist_node *nodes;

	llist_for_each_entry(space, spaces, dead)
		dither_tree_put(rcu_dereference_protected(space->root, true));
	nodes = collect_nodes();
	dither_stint_end(stint);
	if (!spaces && !nodes)
		return;
	/* Whoever found one of them has left it after this. */
	synchronize_rcu();
	stint = dither_stint_begin();
	llist_for_each_entry_safe(space, next_space, spaces, dead)
		free_space(space);
	llist_for_each_entry_safe(node, next, nodes, dead) {
		free_node(node);
		cond_resched();
	}
	dither_stint_end(stint);
}

void dither_space_put(struct dither_space *space)
{
	if (space && refcount_dec_and_test(&space->references) &&
	    llist_add(&space->dead, &dead_spaces))
		schedule_delayed_work(&free_work, DELAY);
}

void dither_node_bury(struct dither_node *node)
{
	if (llist_add(&node->dead, &dead_nodes))
		schedule_delayed_work(&free_work, DELAY);
}

static bool any_dead(void)
{
	return !llist_empty(&dead_nodes) || !llist_empty(&dead_spaces);
}

/* What is put meanwhile is not waited for: others may go on with that. */
void dither_spaces_settle(void)
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

struct dither_space *dither_space_new(struct dither_node *root, u32 count,
				      struct dither_user *user)
{
	struct dither_space *space = charged(space_cache, sizeof(*space), user);

	if (!space) {
		dither_tree_put_now(root);
		return NULL;
	}
	space->id = atomic64_inc_return(&space_number);
	refcount_set(&space->references, 1);
	space->count = count;
	RCU_INIT_POINTER(space->root, root);
	space->user = user;
	return space;
}

/*
 * All of an object that is looked at is written first. A cache whose objects
 * have a constructor is not cleared at each allocation by kernels that do so.
 */
static void construct(void *object)
{
}

int dither_space_init(void)
{
	space_cache = kmem_cache_create("dither_space",
					sizeof(struct dither_space), 0, 0,
					construct);
	node_cache = kmem_cache_create("dither_node",
				       sizeof(struct dither_node), 0,
				       SLAB_HWCACHE_ALIGN, construct);
	if (space_cache && node_cache)
		return 0;
	dither_space_uninit();
	return -ENOMEM;
}

void dither_space_uninit(void)
{
	while (any_dead())
		dither_spaces_settle();
	flush_delayed_work(&free_work);
	kmem_cache_destroy(space_cache);
	kmem_cache_destroy(node_cache);
}
