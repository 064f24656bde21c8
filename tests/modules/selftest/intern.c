// SPDX-License-Identifier: GPL-2.0
/* The table of stacks by number, used by a task and by interrupts at once. */
#include <linux/preempt.h>
#include <linux/slab.h>

#include "../../../kmod/core/stack_intern.h"
#include "selftest.h"

#define SLOTS 1024U
#define HASHES 64U
#define ROUNDS 20000

struct table {
	struct dither_intern intern;
	struct dither_intern_slot slots[SLOTS];
	u32 number[HASHES]; /* of those that were written */
	u64 claimed;
	u64 known;
	u64 wrong;
	u32 next;
};

static u64 hash_of(u32 number)
{
	return (number + 1) * 0x9e3779b97f4a7c15ULL;
}

/*
 * Look one up; who claims it writes it. An interrupt may do the same between
 * any two steps: both then have a number, or one none, never two.
 */
static void look_up(struct table *table, u32 number)
{
	u32 ref;

	switch (dither_intern_find(&table->intern, hash_of(number), &ref)) {
	case DITHER_INTERN_KNOWN:
		table->known++;
		if (ref != READ_ONCE(table->number[number]))
			table->wrong++;
		break;
	case DITHER_INTERN_CLAIMED:
		table->claimed++;
		/* Two slots may come to hold it, one of an interrupt's. */
		WRITE_ONCE(table->number[number], ref);
		dither_intern_settle(&table->intern, ref, true);
		break;
	case DITHER_INTERN_NO_PLACE:
		break;
	}
}

static void look_up_interrupting(void *data)
{
	struct table *table = data;

	/* Others than the task's: which of two claims is found is not said. */
	look_up(table, HASHES / 2 + table->next++ % (HASHES / 2));
}

static const char *look_up_all(struct table *table)
{
	unsigned int i;

	dither_intern_init(&table->intern, table->slots, SLOTS, 1U << 30);
	table->intern.epoch = 1;
	migrate_disable();
	selftest_begin_interrupts(look_up_interrupting, table);
	for (i = 0; i < ROUNDS || (table->next < HASHES && i < 100 * ROUNDS);
	     i++) {
		preempt_disable();
		look_up(table, i % (HASHES / 2));
		preempt_enable();
	}
	selftest_end_interrupts();
	migrate_enable();
	SELFTEST_EXPECT(table->wrong == 0);
	SELFTEST_EXPECT(table->claimed == HASHES);
	SELFTEST_EXPECT(table->known > ROUNDS / 2);
	return NULL;
}

static const char *test_interrupts(void)
{
	struct table *table = kzalloc(sizeof(*table), GFP_KERNEL);
	const char *wrong;

	SELFTEST_EXPECT(table);
	wrong = look_up_all(table);
	kfree(table);
	return wrong;
}

/* A claim that is not settled yet, or whose record was lost. */
static const char *claim(struct table *table)
{
	struct dither_intern *intern = &table->intern;
	u32 first, second;

	dither_intern_init(intern, table->slots, SLOTS, 1U << 30);
	intern->epoch = 1;
	SELFTEST_EXPECT(dither_intern_find(intern, 7, &first) ==
			DITHER_INTERN_CLAIMED);
	SELFTEST_EXPECT(dither_intern_find(intern, 7, &second) !=
			DITHER_INTERN_KNOWN);
	dither_intern_settle(intern, first, false);
	SELFTEST_EXPECT(dither_intern_find(intern, 7, &second) ==
			DITHER_INTERN_CLAIMED);
	dither_intern_settle(intern, second, true);
	SELFTEST_EXPECT(dither_intern_find(intern, 7, &first) ==
			DITHER_INTERN_KNOWN);
	return NULL;
}

static const char *test_claims(void)
{
	struct table *table = kzalloc(sizeof(*table), GFP_KERNEL);
	const char *wrong;

	SELFTEST_EXPECT(table);
	wrong = claim(table);
	kfree(table);
	return wrong;
}

const struct selftest selftest_intern[] = {
	{ "stacks keep their numbers while interrupts look up theirs",
	  test_interrupts },
	{ "a stack that is not written yet, or was lost, is known to nobody",
	  test_claims },
	{},
};
