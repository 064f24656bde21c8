// SPDX-License-Identifier: GPL-2.0
/* See records.h; the format is include/dither/abi.h's. */
#include "records.h"

#include "memory.h"

/* Between two calls of records_compare(), by one sample and what nests in it. */
#define EXPECTED_MAX 64
#define STACKS_MAX 4096 /* slots of the intern table, at most */
#define SLOT(ref) ((ref) & ((1U << DITHER_STACK_SLOT_BITS) - 1))

struct expectation {
	u64 time;
	bool has_stack;
	struct records_stack stack;
};

struct records {
	struct records_stack stacks[STACKS_MAX];
	u32 refs[STACKS_MAX];	       /* 0: none of this epoch */
	struct records_stack adjacent; /* the last user stack without number */
	bool is_adjacent;
	struct expectation expected[EXPECTED_MAX];
	u32 expected_count;
	u32 position;
	u64 compared;
};

struct records *records_new(void)
{
	return calloc(1, sizeof(struct records));
}

u64 records_compared(const struct records *records)
{
	return records->compared;
}

void records_expect(struct records *records, u64 time,
		    const struct records_stack *stack)
{
	struct expectation *expected;

	if (records->expected_count == EXPECTED_MAX)
		walks_fail("more samples nest than can");
	expected = &records->expected[records->expected_count++];
	expected->time = time;
	expected->has_stack = stack;
	if (stack)
		expected->stack = *stack;
}

static u64 unzigzag(u64 value)
{
	return value >> 1 ^ -(value & 1);
}

static const u8 *read_addresses(const u8 *at, const u8 *end, u64 *addresses,
				u32 count)
{
	u64 previous = 0;

	for (u32 i = 0; i < count; i++) {
		u64 value = 0;
		int shift = 0;

		do {
			if (at == end || shift > 63)
				walks_fail("a STACK record ends early");
			value |= (u64)(*at & 0x7f) << shift;
			shift += 7;
		} while (*at++ & 0x80);
		previous = addresses[i] = previous + unzigzag(value);
	}
	return at;
}

/* The last addresses of an earlier stack. */
static void read_base(const struct records *records,
		      const struct dither_stack *record,
		      struct records_stack *stack, u32 *own)
{
	struct dither_stack_base base;
	const struct records_stack *known;

	memcpy(&base, record->data, DITHER_STACK_BASE_BYTES);
	known = &records->stacks[SLOT(base.stack) % STACKS_MAX];
	if (!base.stack ||
	    records->refs[SLOT(base.stack) % STACKS_MAX] != base.stack)
		walks_fail("a STACK record's base is none of this epoch");
	if (base.frames > known->count || base.frames > stack->count)
		walks_fail("a STACK record's base is too short");
	*own = stack->count - base.frames;
	memcpy(stack->addresses + *own,
	       known->addresses + known->count - base.frames,
	       base.frames * sizeof(u64));
}

static void read_stack(struct records *records,
		       const struct dither_stack *record)
{
	const u8 *at = record->data;
	const u8 *end = (const u8 *)record + record->header.size;
	struct records_stack stack = {
		.count = record->frames,
		.flags = record->header.flags & ~DITHER_STACK_BASE,
		.unwinder = record->unwinder,
		.end = record->end,
	};
	u32 own = stack.count;
	u32 ref = record->header.tid;

	if (record->header.flags & DITHER_STACK_BASE) {
		read_base(records, record, &stack, &own);
		at += DITHER_STACK_BASE_BYTES;
	}
	read_addresses(at, end, stack.addresses, own);
	if (ref != DITHER_STACK_ADJACENT) {
		records->refs[SLOT(ref) % STACKS_MAX] = ref;
		records->stacks[SLOT(ref) % STACKS_MAX] = stack;
	} else if (!(stack.flags & DITHER_STACK_KERNEL)) {
		records->adjacent = stack;
		records->is_adjacent = true;
	}
}

static const struct records_stack *find_stack(const struct records *records,
					      u32 ref)
{
	if (ref == DITHER_STACK_ADJACENT)
		return records->is_adjacent ? &records->adjacent : NULL;
	return records->refs[SLOT(ref) % STACKS_MAX] == ref ?
		       &records->stacks[SLOT(ref) % STACKS_MAX] :
		       NULL;
}

static void compare_stacks(const struct records_stack *found,
			   const struct records_stack *wanted)
{
	u32 i;

	for (i = 0; i < min_t(u32, found->count, wanted->count); i++) {
		if (found->addresses[i] != wanted->addresses[i])
			break;
	}
	if (found->count != wanted->count || i < wanted->count ||
	    found->flags != wanted->flags || found->end != wanted->end ||
	    found->unwinder != wanted->unwinder)
		walks_fail(
			"the sample's stack has %u addresses, unwinder %u, end %u; without cached state %u, %u, %u; the first %u are the same",
			found->count, found->unwinder, found->end,
			wanted->count, wanted->unwinder, wanted->end, i);
}

static const struct expectation *find_expected(const struct records *records,
					       u64 time)
{
	for (u32 i = 0; i < records->expected_count; i++) {
		if (records->expected[i].time == time)
			return &records->expected[i];
	}
	return NULL;
}

static void read_sample(struct records *records,
			const struct dither_sample *sample)
{
	const struct expectation *expected =
		find_expected(records, sample->time);
	const struct records_stack *found;

	if (!expected)
		return;
	if (expected->has_stack != (sample->user_stack != DITHER_STACK_NONE))
		walks_fail("a user stack is %s",
			   expected->has_stack ? "missing" : "too many");
	records->compared++;
	if (!expected->has_stack)
		return;
	found = find_stack(records, sample->user_stack);
	if (!found)
		walks_fail("the sample's stack %#x is none of this epoch",
			   sample->user_stack);
	compare_stacks(found, &expected->stack);
	records->is_adjacent = false;
}

static void read_record(struct records *records,
			const struct dither_record *record)
{
	switch (record->type) {
	case DITHER_RECORD_EPOCH:
		memset(records->refs, 0, sizeof(records->refs));
		break;
	case DITHER_RECORD_STACK:
		read_stack(records, (const void *)record);
		break;
	case DITHER_RECORD_SAMPLE:
		read_sample(records, (const void *)record);
		break;
	}
}

void records_compare(struct records *records, struct dither_ring *ring,
		     struct dither_tail *tail, bool read)
{
	while (records->position != ring->reserved) {
		const struct dither_record *record =
			(void *)(ring->data +
				 (records->position & (ring->size - 1)));

		if (!record->size || record->size & 7)
			walks_fail("a record has %u bytes", record->size);
		read_record(records, record);
		records->position += record->size;
	}
	records->expected_count = 0;
	if (read)
		tail->tail = records->position;
}
