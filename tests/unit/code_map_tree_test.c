// SPDX-License-Identifier: GPL-2.0
/*
 * The tree of ranges of a process: kmod/core/code_map_tree.h, against a plain
 * array. Files are counters of references; nodes are freed in batches, as by
 * the module, and what was freed is overwritten.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../kmod/core/code_map_tree.h"

enum { FILES = 61, VERSIONS = 8 };

struct dither_file {
	int references;
};

struct dither_user {
	long nodes;
};

static struct dither_file files[FILES];
static struct dither_user user;
static struct dither_node *dead;
static long nodes_left = -1; /* -1: no end of memory */
static long nodes_made;

struct dither_node *dither_node_new(struct dither_user *charged)
{
	struct dither_node *node;

	if (!nodes_left)
		return NULL;
	nodes_left -= nodes_left > 0;
	node = malloc(sizeof(*node));
	memset(node, 0xa5, sizeof(*node));
	node->user = charged;
	charged->nodes++;
	nodes_made++;
	return node;
}

void dither_node_bury(struct dither_node *node)
{
	node->dead.next = (struct llist_node *)dead;
	dead = node;
}

void dither_node_share_file(struct dither_file *file)
{
	file->references++;
}

static void free_node(struct dither_node *node)
{
	if (!node->level) {
		for (u32 i = 0; i < node->count; i++) {
			if (node->ranges[i].file)
				node->ranges[i].file->references--;
		}
	}
	node->user->nodes--;
	memset(node, 0x5a, sizeof(*node));
	free(node);
}

/* As the module's worker: all are released before any is freed. */
static void free_dead(void)
{
	struct dither_node *batch = NULL, *node;

	while (dead) {
		node = dead;
		dead = (struct dither_node *)node->dead.next;
		dither_node_release(node);
		node->dead.next = (struct llist_node *)batch;
		batch = node;
	}
	while (batch) {
		node = batch;
		batch = (struct dither_node *)node->dead.next;
		free_node(node);
	}
}

static void nothing_is_left(void)
{
	long references = 0;

	free_dead();
	for (int i = 0; i < FILES; i++)
		references += labs(files[i].references);
	CU_ASSERT_EQUAL(references, 0);
	CU_ASSERT_EQUAL(user.nodes, 0);
}

/* The model: ranges in order. Anonymous neighbours are one in both. */
struct model {
	u32 count, room;
	struct dither_range *ranges;
};

static void model_insert(struct model *model, u32 at, struct dither_range range)
{
	if (model->count == model->room) {
		model->room = 2 * model->room + 64;
		model->ranges =
			realloc(model->ranges, model->room * sizeof(range));
	}
	memmove(model->ranges + at + 1, model->ranges + at,
		(model->count - at) * sizeof(range));
	model->ranges[at] = range;
	model->count++;
}

static void model_remove(struct model *model, u32 at)
{
	memmove(model->ranges + at, model->ranges + at + 1,
		(--model->count - at) * sizeof(*model->ranges));
}

/* The first that ends above @address. */
static u32 model_after(const struct model *model, unsigned long address)
{
	u32 low = 0, high = model->count;

	while (low < high) {
		u32 middle = (low + high) / 2;

		if (model->ranges[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void model_add(struct model *model, struct dither_range added)
{
	u32 at = model_after(model, added.start);

	while (at < model->count && model->ranges[at].start < added.end) {
		struct dither_range old = model->ranges[at];

		model_remove(model, at);
		if (old.end > added.end) {
			struct dither_range right = old;

			right.offset += added.end - right.start;
			right.start = added.end;
			model_insert(model, at, right);
		}
		if (old.start < added.start) {
			struct dither_range left = old;

			left.end = added.start;
			model_insert(model, at++, left);
		}
	}
	model_insert(model, at, added);
}

static struct model model_copy(const struct model *model)
{
	struct model copy = { model->count, model->count, NULL };

	copy.ranges = malloc((copy.count + 1) * sizeof(*copy.ranges));
	memcpy(copy.ranges, model->ranges, copy.count * sizeof(*copy.ranges));
	return copy;
}

static bool agrees(const struct dither_range *found, const struct model *model,
		   unsigned long address)
{
	u32 at = model_after(model, address);
	const struct dither_range *expected =
		at < model->count && model->ranges[at].start <= address ?
			&model->ranges[at] :
			NULL;

	if (!found || !expected)
		return !found == !expected;
	return found->file == expected->file && found->start <= address &&
	       found->end > address &&
	       (!found->file || found->offset - found->start ==
					expected->offset - expected->start);
}

/* In the tree's words; anonymous neighbours may be two. */
static bool same_everywhere(const struct dither_node *root,
			    const struct model *model)
{
	struct dither_range leaf[DITHER_LEAF_RANGES];
	unsigned long from = 0, next, last = 0;
	bool same = true;
	u32 i, count;

	do {
		count = dither_tree_leaf(root, from, leaf, &next);
		for (i = 0; i < count; i++) {
			same &= leaf[i].start >= last &&
				leaf[i].start < leaf[i].end;
			last = leaf[i].end;
			same &= agrees(&leaf[i], model, leaf[i].start);
			same &= agrees(&leaf[i], model, leaf[i].end - 1);
		}
		from = next;
	} while (next);
	for (i = 0; i < model->count; i++) {
		const struct dither_range *range = &model->ranges[i];

		same &= agrees(dither_tree_find(root, range->start), model,
			       range->start);
		same &= agrees(dither_tree_find(root, range->end - 1), model,
			       range->end - 1);
		same &= agrees(dither_tree_find(root, range->end), model,
			       range->end);
	}
	return same;
}

static u64 state;

static u32 draw(u32 below)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (state >> 33) % below;
}

static bool overlaps(const struct dither_node *root,
		     const struct dither_range *range)
{
	const struct dither_range *next = dither_tree_after(root, range->start);

	return next && next->start < range->end;
}

static u32 size; /* of the addresses, in ranges */

static struct dither_range draw_range(void)
{
	struct dither_range range;

	range.start = 0x1000UL * (1 + draw(2 * size));
	range.end = range.start + 0x800 * (1 + draw(3));
	if (!draw(200))
		range.end =
			range.start + 0x1000UL * draw(size / 4 + 2) + 0x1000;
	range.file = draw(8) ? &files[draw(FILES)] : NULL;
	range.offset = range.file ? 0x1000ULL * draw(1000) : 0;
	return range;
}

struct version {
	struct dither_node *root;
	struct model model;
};

static void drop(struct version *version)
{
	dither_tree_put(version->root);
	free(version->model.ranges);
	*version = (struct version){ 0 };
}

static int append(struct dither_node **root, const struct dither_range *range)
{
	struct dither_tree_spare spare = { NULL };
	int more = dither_tree_append(root, range, &spare);

	if (more == -ENOBUFS) {
		more = dither_tree_spare_make(&spare, &user);
		if (!more)
			more = dither_tree_append(root, range, &spare);
	}
	dither_tree_spare_drop(&spare);
	return more;
}

/* In place where that is possible, as the module does. */
static bool add(struct dither_node **root, const struct dither_range *range,
		int *more)
{
	bool in_hole = !overlaps(*root, range);
	struct dither_node *made;

	*more = append(root, range);
	if (*more >= 0)
		return in_hole;
	if (dither_tree_with(*root, range, &user, &made, more))
		return false;
	if (draw(2))
		dither_tree_put_now(*root);
	else
		dither_tree_put(*root);
	*root = made;
	return true;
}

static void random_history(u32 addresses, u32 steps)
{
	static struct version versions[VERSIONS];
	struct dither_node *root = NULL;
	struct model model = { 0 };
	int wrong = 0, more, count = 0;

	size = addresses;
	for (u32 step = 0; step < steps; step++) {
		struct dither_range range = draw_range();
		unsigned long address = 0x800UL * draw(4 * size + 8);
		u32 i;

		wrong += !add(&root, &range, &more);
		count += more;
		model_add(&model, range);
		wrong += !agrees(dither_tree_find(root, address), &model,
				 address);
		if (!draw(64)) {
			struct version *version = &versions[draw(VERSIONS)];

			drop(version);
			version->root = root;
			dither_tree_share(root);
			version->model = model_copy(&model);
		}
		if (!draw(50))
			free_dead();
		i = draw(VERSIONS);
		if (versions[i].root)
			wrong += !agrees(dither_tree_find(versions[i].root,
							  address),
					 &versions[i].model, address);
		if (!draw(steps / 50 + 1)) {
			wrong += !same_everywhere(root, &model);
			for (i = 0; i < VERSIONS; i++)
				wrong += !same_everywhere(versions[i].root,
							  &versions[i].model);
		}
	}
	wrong += !same_everywhere(root, &model);
	CU_ASSERT_EQUAL(wrong, 0);
	/* Anonymous neighbours may be one or two. */
	CU_ASSERT(count > 0 && count <= (int)model.count);
	for (int i = 0; i < VERSIONS; i++)
		drop(&versions[i]);
	dither_tree_put(root);
	free(model.ranges);
	nothing_is_left();
}

static void test_random(void)
{
	state = 1;
	random_history(10, 100000);
	random_history(100, 100000);
	random_history(1000, 100000);
	random_history(20000, 100000);
}

static struct dither_range nth(u32 n)
{
	return (struct dither_range){
		.start = 0x10000UL + 0x2000UL * n,
		.end = 0x11000UL + 0x2000UL * n,
		.offset = n,
		.file = &files[n % FILES],
	};
}

/* Upwards or downwards. */
static struct dither_node *make(u32 count, bool down, int *total)
{
	struct dither_node *root = NULL;
	int more;

	*total = 0;
	for (u32 i = 0; i < count; i++) {
		struct dither_range range = nth(down ? count - 1 - i : i);

		if (!add(&root, &range, &more))
			CU_FAIL("no memory");
		*total += more;
	}
	return root;
}

/* As a program has it: below and above it others are mapped. */
static void make_between(bool down)
{
	static const unsigned long around[] = { 0x1000, 0x3000, 0x5000,
						1UL << 40, 1UL << 41 };
	struct dither_range range = { .file = &files[0] };
	struct dither_node *root = NULL;
	long before = nodes_made;
	int more, total = 0, anew = 0;

	for (int i = 0; i < 5; i++) {
		range.start = around[i];
		range.end = around[i] + 0x1000;
		CU_ASSERT(add(&root, &range, &more));
	}
	for (u32 i = 0; i < 20000; i++) {
		range = nth(down ? 20000 - 1 - i : i);
		more = append(&root, &range);
		anew += more < 0;
		if (more < 0)
			CU_ASSERT(add(&root, &range, &more));
		total += more;
	}
	free_dead();
	CU_ASSERT_EQUAL(total, 20000);
	/* leaves are all but full, and there is a third of them above at most */
	CU_ASSERT(user.nodes < 20000 / 12 * 5 / 4);
	/* the way from the root is made anew for a parent that is full */
	CU_ASSERT(anew < 20000 / 15 / 14 + 5);
	/* of all that was made on the way */
	CU_ASSERT(nodes_made - before < 20000 / 15 * 5 / 2);
	dither_tree_put(root);
	nothing_is_left();
}

static void test_cost(void)
{
	make_between(false);
	make_between(true);
}

/* What a fork and one mapping of its own cost. */
static void test_shared(void)
{
	struct dither_node *root, *child;
	struct dither_range range = { 0x100, 0x200, 0, &files[1] };
	long before;
	int total, more;

	root = make(20000, false, &total);
	free_dead();
	before = user.nodes;
	dither_tree_share(root);
	CU_ASSERT_EQUAL(append(&root, &range), -EAGAIN);
	CU_ASSERT_EQUAL(dither_tree_with(root, &range, &user, &child, &more),
			0);
	CU_ASSERT_EQUAL(more, 1);
	CU_ASSERT(user.nodes - before <= 6);
	CU_ASSERT_PTR_NULL(dither_tree_find(root, 0x100));
	CU_ASSERT_PTR_NOT_NULL(dither_tree_find(child, 0x100));
	/* what the child has in common is not changed in place by either */
	range = nth(5);
	range.start += 0x1000;
	range.end += 0x1000;
	CU_ASSERT_EQUAL(append(&child, &range), -EAGAIN);
	dither_tree_put(root);
	dither_tree_put(root);
	free_dead();
	CU_ASSERT_PTR_NOT_NULL(dither_tree_find(child, nth(19999).start));
	/* now it is the child's only */
	range = nth(19999);
	range.start += 0x1000;
	range.end += 0x1000;
	CU_ASSERT_EQUAL(append(&child, &range), 1);
	dither_tree_put(child);
	nothing_is_left();
}

static void test_anonymous(void)
{
	struct dither_range range = { 0x5000, 0x6000, 0, NULL };
	struct dither_node *root = NULL;
	int more;

	CU_ASSERT(add(&root, &range, &more));
	for (u32 i = 1; i < 1000; i++) {
		range.start = 0x5000 + 0x1000UL * i;
		range.end = range.start + 0x1000;
		CU_ASSERT_EQUAL(append(&root, &range), 0);
	}
	range.start = 0x4000;
	range.end = 0x5000;
	CU_ASSERT_EQUAL(append(&root, &range), 0);
	CU_ASSERT_EQUAL(root->count, 1);
	CU_ASSERT_EQUAL(root->ranges[0].start, 0x4000);
	CU_ASSERT_EQUAL(root->ranges[0].end, 0x5000 + 0x1000 * 1000);
	dither_tree_put(root);
	nothing_is_left();
}

/* Each change with too few nodes leaves the tree as it was, and nothing else. */
static void test_no_memory(void)
{
	struct dither_range all = { 0x12000, 0x10000UL + 0x2000UL * 1999, 0,
				    &files[2] };
	struct dither_range hole = { 0x11000, 0x12000, 0, &files[3] };
	const struct dither_range *changes[] = { &all, &hole };
	struct dither_node *root, *made;
	int total, more;
	long before;

	root = make(2000, false, &total);
	free_dead();
	for (int i = 0; i < 2; i++) {
		for (nodes_left = 0;; nodes_left = total + 1) {
			total = nodes_left;
			before = user.nodes;
			if (!dither_tree_with(root, changes[i], &user, &made,
					      &more))
				break;
			CU_ASSERT_PTR_NULL(made);
			free_dead();
			CU_ASSERT_EQUAL(user.nodes, before);
		}
		CU_ASSERT(total > 1);
		CU_ASSERT_EQUAL(more, i ? 1 : -1997);
		dither_tree_put(made);
		free_dead();
	}
	nodes_left = -1;
	dither_tree_put(root);
	nothing_is_left();
}

/* The same of a change in place, whose nodes are made before it. */
static void test_no_spare(void)
{
	struct dither_node *root, *before;
	struct dither_range range;
	int total;
	long made;

	root = make(20 * DITHER_LEAF_RANGES, false, &total);
	range = nth(total);
	free_dead();
	before = root;
	made = user.nodes;
	for (nodes_left = 0; nodes_left < 2; nodes_left++) {
		long left = nodes_left;

		CU_ASSERT_EQUAL(append(&root, &range), -ENOMEM);
		CU_ASSERT_PTR_EQUAL(root, before);
		free_dead();
		CU_ASSERT_EQUAL(user.nodes, made);
		nodes_left = left;
	}
	CU_ASSERT_EQUAL(append(&root, &range), 1);
	nodes_left = -1;
	CU_ASSERT_PTR_NOT_EQUAL(root, before);
	/* who went down from there before finds what he would have found */
	CU_ASSERT_PTR_NULL(dither_tree_find(before, range.start));
	CU_ASSERT_PTR_NOT_NULL(dither_tree_find(before, nth(total - 1).start));
	CU_ASSERT_PTR_NOT_NULL(dither_tree_find(root, range.start));
	free_dead();
	CU_ASSERT_EQUAL(user.nodes, made + 1);
	dither_tree_put(root);
	nothing_is_left();
}

static bool every_third(const struct dither_range *range)
{
	return range->offset % 3 == 0;
}

static void test_load(void)
{
	for (u32 size_now = 0; size_now < 20000; size_now = size_now * 3 + 1) {
		struct dither_tree_loader loader = { .user = &user };
		struct dither_range leaf[DITHER_LEAF_RANGES];
		struct dither_node *root, *made;
		unsigned long from = 0, next;
		int total, wrong = 0;
		u32 i, count;

		root = make(size_now, true, &total);
		do {
			count = dither_tree_leaf(root, from, leaf, &next);
			for (i = 0; i < count; i++) {
				if (every_third(&leaf[i]))
					dither_tree_load(&loader, &leaf[i]);
			}
			from = next;
		} while (next);
		CU_ASSERT_EQUAL(dither_tree_loaded(&loader, &made), 0);
		CU_ASSERT_EQUAL(loader.ranges, (size_now + 2) / 3);
		for (i = 0; i < size_now; i++) {
			struct dither_range range = nth(i);

			wrong += !dither_tree_find(made, range.start) !=
				 !every_third(&range);
		}
		CU_ASSERT_EQUAL(wrong, 0);
		dither_tree_put(root);
		free_dead();
		CU_ASSERT(user.nodes <= (long)loader.ranges / 15 * 9 / 8 + 3);
		dither_tree_put_now(made);
		nothing_is_left();
	}
}

static const struct unit_case cases[] = {
	{ "random changes of 10 to 20,000 ranges give what an array gives, and kept versions stay",
	  test_random },
	{ "20,000 mappings in a row make full leaves and few nodes on the way",
	  test_cost },
	{ "a copy shares all but the way to what was changed", test_shared },
	{ "generated code that is mapped piece by piece is one range",
	  test_anonymous },
	{ "without memory a change leaves the tree as it was", test_no_memory },
	{ "without memory for a leaf nothing is changed in place, and what was there before stays for readers",
	  test_no_spare },
	{ "a tree is made of ranges in order, with full leaves", test_load },
};

UNIT_MAIN("space_tree", cases)
