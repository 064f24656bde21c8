// SPDX-License-Identifier: GPL-2.0
/* The ring, written by a task and by interrupts of its CPU at once. */
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "../../../kmod/core/ring.h"
#include "selftest.h"

#define SIZE (1U << 20)
#define WRITES 20000

/* One record: by whom, and its number. */
struct entry {
	struct dither_record header;
	u64 writer;
	u64 number;
};

struct room {
	struct dither_ring ring;
	struct dither_head *head;
	struct dither_tail *tail;
	u8 *data;
	u64 written[2];
	u64 refused[2];
	u64 nested;
};

static void write_one(struct room *room, u64 writer)
{
	struct entry *entry =
		dither_ring_reserve(&room->ring, sizeof(*entry), 1, NULL);

	if (!entry) {
		room->refused[writer]++;
		return;
	}
	*entry = (struct entry){
		.header.size = sizeof(*entry),
		.header.type = DITHER_RECORD_SAMPLE,
		.writer = writer,
		.number = room->written[writer]++,
	};
	dither_ring_commit(&room->ring);
}

static void write_interrupting(void *data)
{
	struct room *room = data;

	if (READ_ONCE(room->ring.nesting))
		room->nested++;
	write_one(room, 1);
}

/* Everything published is a whole record, in its writer's order. */
static const char *read_all(struct room *room, u64 read[2])
{
	/* Pairs with the release of who publishes. */
	u32 head = smp_load_acquire(&room->head->head);
	u32 at = room->tail->tail;

	while (at != head) {
		const struct entry *entry =
			(void *)(room->data + (at & (SIZE - 1)));

		SELFTEST_EXPECT(entry->header.size >= sizeof(entry->header));
		if (entry->header.type == DITHER_RECORD_SAMPLE) {
			SELFTEST_EXPECT(entry->writer < 2);
			SELFTEST_EXPECT(entry->number == read[entry->writer]);
			read[entry->writer]++;
		}
		at += entry->header.size;
	}
	WRITE_ONCE(room->tail->tail, at);
	return NULL;
}

static const char *write_nested(struct room *room)
{
	const char *wrong = NULL;
	u64 read[2] = { 0, 0 };
	unsigned int i;

	migrate_disable();
	selftest_begin_interrupts(write_interrupting, room);
	for (i = 0; i < WRITES || (!room->nested && i < 100 * WRITES); i++) {
		preempt_disable();
		write_one(room, 0);
		preempt_enable();
		if (i % 1000 == 0) {
			preempt_disable();
			wrong = wrong ?: read_all(room, read);
			preempt_enable();
		}
	}
	selftest_end_interrupts();
	migrate_enable();
	wrong = wrong ?: read_all(room, read);
	if (wrong)
		return wrong;
	SELFTEST_EXPECT(room->nested > 0);
	SELFTEST_EXPECT(room->ring.nesting == 0);
	SELFTEST_EXPECT(read[0] == room->written[0]);
	SELFTEST_EXPECT(read[1] == room->written[1]);
	SELFTEST_EXPECT(read[0] + room->refused[0] == i);
	return NULL;
}

static void free_room(struct room *room)
{
	if (room) {
		vfree(room->data);
		kfree(room->head);
		kfree(room->tail);
	}
	kfree(room);
}

static struct room *new_room(void)
{
	struct room *room = kzalloc(sizeof(*room), GFP_KERNEL);

	if (!room)
		return NULL;
	room->head = kzalloc(sizeof(*room->head), GFP_KERNEL);
	room->tail = kzalloc(sizeof(*room->tail), GFP_KERNEL);
	room->data = vzalloc(SIZE);
	if (!room->head || !room->tail || !room->data) {
		free_room(room);
		return NULL;
	}
	dither_ring_init(&room->ring, room->head, room->tail, room->data, SIZE,
			 SIZE, false);
	return room;
}

static const char *test_interrupts(void)
{
	struct room *room = new_room();
	const char *wrong;

	SELFTEST_EXPECT(room);
	wrong = write_nested(room);
	free_room(room);
	return wrong;
}

/* As deep as contexts nest: one more finds no place, and none is published. */
static const char *nest(struct room *room)
{
	unsigned int level;

	for (level = 0; level < DITHER_NESTING_MAX; level++) {
		struct entry *entry;

		entry = dither_ring_reserve(&room->ring, sizeof(*entry), 1,
					    NULL);
		SELFTEST_EXPECT(entry);
		entry->header.size = sizeof(*entry);
		entry->header.type = DITHER_RECORD_PAD;
		SELFTEST_EXPECT(room->head->head == 0);
	}
	SELFTEST_EXPECT(!dither_ring_reserve(&room->ring, 8, 1, NULL));
	SELFTEST_EXPECT(dither_ring_refusal(&room->ring) == DITHER_LOST_NESTED);
	while (level--) {
		SELFTEST_EXPECT(room->head->head == 0);
		dither_ring_commit(&room->ring);
	}
	SELFTEST_EXPECT(room->head->head ==
			DITHER_NESTING_MAX * sizeof(struct entry));
	return NULL;
}

static const char *test_levels(void)
{
	struct room *room = new_room();
	const char *wrong;

	SELFTEST_EXPECT(room);
	wrong = nest(room);
	free_room(room);
	return wrong;
}

const struct selftest selftest_ring[] = {
	{ "records of a task and of interrupts in its midst are whole and in order",
	  test_interrupts },
	{ "the outermost writer publishes for all levels", test_levels },
	{},
};
