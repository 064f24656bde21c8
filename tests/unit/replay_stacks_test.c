// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks in a replay: a sample gets its own stack or, where the file does not
 * hold it, none; never another one.
 */
#include "replay_log.h"

static void finds_stacks_by_number(void)
{
	static const uint64_t kernel[] = { 0xffffffff81000010,
					   0xffffffff80000000,
					   0xffffffff81000010, 0 };
	static const uint64_t user[] = { 0x7fff00001234, 0x401000, UINT64_MAX,
					 1ULL << 63 };

	begin();
	epoch(&rings[0], 1);
	stack_of(&rings[0], NUMBER(1, 1), KERNEL, 4, kernel);
	stack_of(&rings[0], NUMBER(1, 2), 0, 4, user);
	sample(&rings[0], 1, NUMBER(1, 1), NUMBER(1, 2));
	pad(&rings[0]);
	sample(&rings[0], 2, NONE, NUMBER(1, 2));
	/* Each ring has its own numbers; each kind is what it says. */
	epoch(&rings[1], 1);
	sample(&rings[1], 3, NONE, NUMBER(1, 2));
	sample(&rings[0], 4, NUMBER(1, 2), NUMBER(1, 1));
	stack(&rings[0], NUMBER(1, 3), 0, 0x33);
	stack_of(&rings[0], NUMBER(1, 4), 0, 0, NULL);
	sample(&rings[0], 5, NUMBER(1, 9), NUMBER(1, 3));
	sample(&rings[0], 6, NONE, NUMBER(1, 4));
	expect("sample 0@1 kffffffff81000010,ffffffff80000000,ffffffff81000010,0"
	       " u7fff00001234,401000,ffffffffffffffff,8000000000000000\n"
	       "sample 0@2 k- u7fff00001234,401000,ffffffffffffffff,"
	       "8000000000000000\n"
	       "partial 1@3 k- u-\npartial 0@4 k- u-\npartial 0@5 k- u33\n"
	       "sample 0@6 k- u\n");
}

static void keep_attributes(void *context, unsigned int cpu,
			    const struct dither_sample *record,
			    const struct replay_stack *kernel,
			    const struct replay_stack *user)
{
	struct replay_stack *kept = context;

	(void)cpu;
	(void)record;
	CU_ASSERT_PTR_NULL(kernel);
	CU_ASSERT_PTR_NOT_NULL_FATAL(user);
	CU_ASSERT_EQUAL(user->addresses[user->count - 1], 4096 * 256);
	*kept = *user;
}

static void keeps_depth_and_attributes(void)
{
	struct replay_handler handler = { .sample = keep_attributes };
	struct recording *recording;
	struct replay_stack kept = { .count = 0 };
	uint64_t addresses[256];

	for (unsigned int i = 0; i < 256; i++)
		addresses[i] = 4096 * ((uint64_t)i + 1);
	begin();
	stack_of(&rings[0], NUMBER(1, 1), DITHER_STACK_LR, 256, addresses);
	sample(&rings[0], 1, NONE, NUMBER(1, 1));
	finish();
	handler.context = &kept;
	CU_ASSERT_EQUAL_FATAL(recording_open(file_path(), &recording, NULL), 0);
	CU_ASSERT_EQUAL(replay_run(recording, &handler, NULL), 0);
	CU_ASSERT_EQUAL(kept.count, 256);
	CU_ASSERT_EQUAL(kept.flags, DITHER_STACK_LR);
	CU_ASSERT_EQUAL(kept.unwinder, DITHER_UNWIND_FRAME_POINTER);
	CU_ASSERT_EQUAL(kept.end, DITHER_END_DEPTH);
	recording_close(recording);
}

static void finds_adjacent_stacks(void)
{
	begin();
	stack(&rings[0], ADJACENT, KERNEL, 0x11);
	stack(&rings[0], ADJACENT, 0, 0x22);
	sample(&rings[0], 1, ADJACENT, ADJACENT);
	stack(&rings[0], ADJACENT, KERNEL, 0x33);
	sample(&rings[0], 2, ADJACENT, NONE);
	stack(&rings[0], ADJACENT, 0, 0x44);
	sample(&rings[0], 3, NONE, ADJACENT);
	lost(&rings[0], 4);
	stack(&rings[0], NUMBER(1, 1), KERNEL, 0x55);
	stack(&rings[0], ADJACENT, 0, 0x66);
	sample(&rings[0], 5, NUMBER(1, 1), ADJACENT);
	expect("sample 0@1 k11 u22\nsample 0@2 k33 u-\nsample 0@3 k- u44\n"
	       "lost 0@4 7\nsample 0@5 k55 u66\n");
}

static void takes_no_stack_from_afar(void)
{
	begin();
	stack(&rings[0], ADJACENT, 0, 0x11);
	sample(&rings[0], 1, NONE, ADJACENT);
	sample(&rings[0], 2, NONE, ADJACENT);
	stack(&rings[0], ADJACENT, 0, 0x22);
	pad(&rings[0]);
	sample(&rings[0], 3, NONE, ADJACENT);
	stack(&rings[0], ADJACENT, 0, 0x33);
	lost(&rings[0], 4);
	sample(&rings[0], 5, NONE, ADJACENT);
	stack(&rings[0], ADJACENT, 0, 0x44);
	flush(&rings[0]);
	sample(&rings[0], 6, NONE, ADJACENT);
	stack(&rings[0], ADJACENT, 0, 0x55);
	stack(&rings[0], ADJACENT, KERNEL, 0x66);
	sample(&rings[0], 7, ADJACENT, ADJACENT);
	stack(&rings[0], ADJACENT, KERNEL, 0x77);
	stack(&rings[0], ADJACENT, 0, 0x88);
	stack(&rings[0], ADJACENT, 0, 0x99);
	sample(&rings[0], 8, ADJACENT, ADJACENT);
	expect("sample 0@1 k- u11\npartial 0@2 k- u-\npartial 0@3 k- u-\n"
	       "lost 0@4 7\npartial 0@5 k- u-\npartial 0@6 k- u-\n"
	       "partial 0@7 k66 u-\npartial 0@8 k- u99\n");
}

static void forgets_old_epochs(void)
{
	begin();
	epoch(&rings[0], 1);
	stack(&rings[0], NUMBER(1, 1), 0, 0x11);
	stack(&rings[0], NUMBER(2, 5), 0, 0x15);
	epoch(&rings[0], 2);
	sample(&rings[0], 1, NONE, NUMBER(1, 1));
	sample(&rings[0], 2, NONE, NUMBER(2, 5));
	stack(&rings[0], NUMBER(2, 1), 0, 0x21);
	sample(&rings[0], 3, NONE, NUMBER(2, 1));
	epoch(&rings[0], 3);
	sample(&rings[0], 4, NONE, NUMBER(1, 1));
	sample(&rings[0], 5, NONE, NUMBER(2, 1));
	sample(&rings[0], 6, NONE, NUMBER(3, 1));
	expect("sample 0@1 k- u11\nsample 0@2 k- u15\nsample 0@3 k- u21\n"
	       "partial 0@4 k- u-\nsample 0@5 k- u21\npartial 0@6 k- u-\n");
}

static void is_not_fooled_by_wrapped_epochs(void)
{
	begin();
	epoch(&rings[0], 5);
	stack(&rings[0], NUMBER(5, 1), 0, 0x11);
	epoch(&rings[0], 5 + 4096);
	sample(&rings[0], 1, NONE, NUMBER(5, 1));
	stack(&rings[0], NUMBER(5, 1), 0, 0x22);
	sample(&rings[0], 2, NONE, NUMBER(5, 1));
	epoch(&rings[0], 6 + 4096);
	sample(&rings[0], 3, NONE, NUMBER(5, 1));
	/* The number of an epoch goes through zero in 12 bits. */
	epoch(&rings[0], 8191);
	stack(&rings[0], NUMBER(4095, 1), 0, 0x33);
	epoch(&rings[0], 8192);
	stack(&rings[0], NUMBER(0, 1), 0, 0x44);
	sample(&rings[0], 4, NONE, NUMBER(4095, 1));
	sample(&rings[0], 5, NONE, NUMBER(0, 1));
	/* The same number again: begun afresh. */
	epoch(&rings[0], 8192);
	sample(&rings[0], 6, NONE, NUMBER(0, 1));
	expect("partial 0@1 k- u-\nsample 0@2 k- u22\nsample 0@3 k- u22\n"
	       "sample 0@4 k- u33\nsample 0@5 k- u44\npartial 0@6 k- u-\n");
}

static void keeps_stacks_over_a_gap(void)
{
	begin();
	epoch(&rings[0], 1);
	stack(&rings[0], NUMBER(1, 1), 0, 0x11);
	stack(&rings[0], NUMBER(1, 2), 0, 0x12);
	flush(&rings[0]);
	stack(&rings[0], NUMBER(1, 3), 0, 0x13);
	lose(&rings[0]);
	sample(&rings[0], 1, NONE, NUMBER(1, 1));
	sample(&rings[0], 2, NONE, NUMBER(1, 3));
	stack(&rings[0], NUMBER(1, 2), 0, 0x99);
	sample(&rings[0], 3, NONE, NUMBER(1, 2));
	flush(&rings[0]);
	epoch(&rings[0], 2);
	sample(&rings[0], 4, NONE, NUMBER(1, 1));
	expect_damaged(
		"sample 0@1 k- u11\npartial 0@2 k- u-\nsample 0@3 k- u99\n"
		"sample 0@4 k- u11\n",
		1, ": CPU 0: records before this piece are missing");
}

static void loses_stacks_with_their_epoch(void)
{
	begin();
	epoch(&rings[0], 1);
	stack(&rings[0], NUMBER(1, 1), 0, 0x11);
	flush(&rings[0]);
	epoch(&rings[0], 2); /* to 4097 */
	lose(&rings[0]);
	sample(&rings[0], 1, NONE, NUMBER(1, 1));
	flush(&rings[0]);
	stack(&rings[0], NUMBER(1, 2), 0, 0x22);
	sample(&rings[0], 2, NONE, NUMBER(1, 2));
	epoch(&rings[0], 4098);
	sample(&rings[0], 3, NONE, NUMBER(1, 2));
	flush(&rings[0]);
	epoch(&rings[0], 4099);
	lose(&rings[0]);
	sample(&rings[0], 4, NONE, NUMBER(2, 1));
	stack(&rings[0], NUMBER(3, 1), 0, 0x33);
	sample(&rings[0], 5, NONE, NUMBER(3, 1));
	epoch(&rings[0], 4100);
	flush(&rings[0]);
	epoch(&rings[0], 4107);
	lose(&rings[0]);
	/* No EPOCH record follows: the numbers tell what they can. */
	sample(&rings[0], 6, NONE, NUMBER(3, 1));
	stack(&rings[0], NUMBER(11, 1), 0, 0x44);
	sample(&rings[0], 7, NONE, NUMBER(11, 1));
	sample(&rings[0], 8, NONE, NUMBER(3, 1));
	expect_damaged("partial 0@1 k- u-\nsample 0@2 k- u22\n"
		       "sample 0@3 k- u22\npartial 0@4 k- u-\n"
		       "sample 0@5 k- u33\nsample 0@6 k- u33\n"
		       "sample 0@7 k- u44\npartial 0@8 k- u-\n",
		       3, "missing");
}

static void begins_in_the_middle(void)
{
	begin();
	rings[0].position = 4096;
	stack(&rings[0], NUMBER(7, 1), 0, 0x11);
	sample(&rings[0], 1, NONE, NUMBER(7, 1));
	sample(&rings[0], 2, NONE, NUMBER(7, 2));
	epoch(&rings[0], 8);
	sample(&rings[0], 3, NONE, NUMBER(7, 1));
	stack(&rings[0], NUMBER(100, 1), 0, 0x22);
	sample(&rings[0], 4, NONE, NUMBER(100, 1));
	expect_damaged(
		"sample 0@1 k- u11\npartial 0@2 k- u-\nsample 0@3 k- u11\n"
		"partial 0@4 k- u-\n",
		1, ": CPU 0: a stack is not of this epoch, left out");
}

/* @own addresses, then @shared ones of stack @base. */
static void stack_on(uint32_t number, uint8_t flags, unsigned int own,
		     const uint64_t *addresses, uint32_t base, uint16_t shared)
{
	struct dither_stack_base reference = { .stack = base, .frames = shared };
	unsigned char data[256], *at = data + DITHER_STACK_BASE_BYTES;

	memcpy(data, &reference, DITHER_STACK_BASE_BYTES);
	at += encode(at, own, addresses);
	bytes_of_stack(&rings[0], number, flags | DITHER_STACK_BASE,
		       own + shared, data, at - data);
}

static void adds_what_a_base_has(void)
{
	static const uint64_t whole[] = { 0x11, 0x22, 0x33 };
	static const uint64_t own[] = { 0x7fff00001234, 0x55 };

	begin();
	epoch(&rings[0], 1);
	stack_of(&rings[0], NUMBER(1, 1), 0, 3, whole);
	sample(&rings[0], 1, NONE, NUMBER(1, 1));
	stack_on(NUMBER(1, 2), 0, 2, own, NUMBER(1, 1), 2);
	sample(&rings[0], 2, NONE, NUMBER(1, 2));
	stack_on(ADJACENT, 0, 1, own, NUMBER(1, 1), 3);
	sample(&rings[0], 3, NONE, ADJACENT);
	stack_on(NUMBER(1, 3), 0, 0, own, NUMBER(1, 1), 1);
	/* What it means then counts, not what it will mean. */
	stack(&rings[0], NUMBER(1, 1), 0, 0x99);
	sample(&rings[0], 4, NONE, NUMBER(1, 3));
	expect("sample 0@1 k- u11,22,33\nsample 0@2 k- u7fff00001234,55,22,33\n"
	       "sample 0@3 k- u7fff00001234,11,22,33\nsample 0@4 k- u33\n");
}

static void misses_a_stack_whose_base_is_lost(void)
{
	static const uint64_t own[] = { 0x22 };

	begin();
	epoch(&rings[0], 1);
	flush(&rings[0]);
	stack(&rings[0], NUMBER(1, 1), 0, 0x11);
	lose(&rings[0]);
	stack_on(NUMBER(1, 2), 0, 1, own, NUMBER(1, 1), 1);
	sample(&rings[0], 1, NONE, NUMBER(1, 2));
	flush(&rings[0]);
	epoch(&rings[0], 2);
	expect_damaged("partial 0@1 k- u-\n", 1, "missing");
}

static void refuses_bad_bases(void)
{
	static const uint64_t whole[] = { 0x11, 0x22, 0x33 };
	static const struct {
		uint8_t flags;
		unsigned int own;
		uint32_t base;
		uint16_t shared;
	} bad[] = {
		{ 0, 1, NUMBER(1, 1), 4 },	/* it has three */
		{ 0, 1, NUMBER(1, 1), 65535 },
		{ 0, 1, NUMBER(1, 1), 0 },
		{ 0, 1, NUMBER(1, 2), 1 },	/* has a base itself */
		{ KERNEL, 1, NUMBER(1, 1), 1 }, /* of another kind */
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin();
		epoch(&rings[0], 1);
		stack_of(&rings[0], NUMBER(1, 1), 0, 3, whole);
		stack_on(NUMBER(1, 2), 0, 1, whole, NUMBER(1, 1), 2);
		stack_on(NUMBER(1, 3), bad[i].flags, bad[i].own, whole,
			 bad[i].base, bad[i].shared);
		sample(&rings[0], 1, NONE, NUMBER(1, 3));
		expect_damaged("partial 0@1 k- u-\n", 1,
			       "a stack does not fit its base");
	}
	begin();
	bytes_of_stack(&rings[0], ADJACENT, DITHER_STACK_BASE, 0, whole, 4);
	sample(&rings[0], 1, NONE, ADJACENT);
	expect_damaged("partial 0@1 k- u-\n", 1, "a stack's base is cut");
}

static void replaces_redefined_stacks(void)
{
	static const unsigned char endless[] = { 0x80, 0x80, 0x80, 0x80 };

	begin();
	stack(&rings[0], NUMBER(1, 1), 0, 0x11);
	sample(&rings[0], 1, NONE, NUMBER(1, 1));
	stack(&rings[0], NUMBER(1, 1), 0, 0x22);
	sample(&rings[0], 2, NONE, NUMBER(1, 1));
	/* A broken one replaces it, too: which stack was meant is unknown. */
	bytes_of_stack(&rings[0], NUMBER(1, 1), 0, 1, endless, sizeof(endless));
	sample(&rings[0], 3, NONE, NUMBER(1, 1));
	bytes_of_stack(&rings[0], ADJACENT, 0, 1, endless, sizeof(endless));
	sample(&rings[0], 4, NONE, ADJACENT);
	expect_damaged(
		"sample 0@1 k- u11\nsample 0@2 k- u22\n"
		"partial 0@3 k- u-\npartial 0@4 k- u-\n",
		2, ":0xb8: CPU 0: a stack's addresses are cut or too large");
}

static void refuses_bad_addresses(void)
{
	static const struct {
		unsigned int frames;
		size_t length;
		unsigned char data[12];
		const char *damage;
	} bad[] = {
		{ 257, 4, { 2, 2, 2, 2 }, "too many frames" },
		{ 65535, 4, { 2, 2, 2, 2 }, "too many frames" },
		{ 5, 4, { 2, 2, 2, 2 }, "are cut" },
		{ 1,
		  12,
		  { 255, 255, 255, 255, 255, 255, 255, 255, 255, 2 },
		  "too large" },
		{ 1,
		  12,
		  { 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0 },
		  "too large" },
		{ 1, 4, { 2, 0, 0, 7 }, "beyond its addresses" },
	};
	static const unsigned char longest[] = { 255, 255, 255, 255, 255,
						 255, 255, 255, 255, 1 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin();
		bytes_of_stack(&rings[0], ADJACENT, 0, bad[i].frames,
			       bad[i].data, bad[i].length);
		sample(&rings[0], 1, NONE, ADJACENT);
		expect_damaged("partial 0@1 k- u-\n", 1, bad[i].damage);
	}
	begin();
	bytes_of_stack(&rings[0], ADJACENT, 0, 1, longest, sizeof(longest));
	sample(&rings[0], 1, NONE, ADJACENT);
	expect("sample 0@1 k- u8000000000000000\n");
}

static void treats_a_bad_size_as_a_gap(void)
{
	struct dither_record broken = { .type = DITHER_RECORD_PAD };
	struct dither_record *record;

	begin();
	epoch(&rings[0], 1);
	stack(&rings[0], NUMBER(1, 1), 0, 0x11);
	record = put(&rings[0], &broken, sizeof(broken));
	record->size = 0;
	epoch(&rings[0], 4097);
	flush(&rings[0]);
	sample(&rings[0], 1, NONE, NUMBER(1, 1));
	epoch(&rings[0], 4098);
	expect_damaged("partial 0@1 k- u-\n", 1, "not a multiple of 8");
}

static const struct unit_case cases[] = {
	{ "stacks are found by number and kind", finds_stacks_by_number },
	{ "the deepest stack and its attributes arrive",
	  keeps_depth_and_attributes },
	{ "adjacent stacks belong to the sample behind",
	  finds_adjacent_stacks },
	{ "nothing may stand between an adjacent stack and its sample",
	  takes_no_stack_from_afar },
	{ "numbers of old epochs name nothing", forgets_old_epochs },
	{ "epochs 4096 apart are told apart", is_not_fooled_by_wrapped_epochs },
	{ "stacks stay known over a gap within their epoch",
	  keeps_stacks_over_a_gap },
	{ "a gap that hides epochs makes their numbers unknown",
	  loses_stacks_with_their_epoch },
	{ "a recording may begin in the middle of an epoch",
	  begins_in_the_middle },
	{ "a stack's outer frames may be those of another one",
	  adds_what_a_base_has },
	{ "a stack whose base is lost is missing",
	  misses_a_stack_whose_base_is_lost },
	{ "bases that cannot be are damage", refuses_bad_bases },
	{ "a stack defined again replaces the old one",
	  replaces_redefined_stacks },
	{ "malformed addresses are damage, not frames", refuses_bad_addresses },
	{ "epochs may have begun in what a bad size hides",
	  treats_a_bad_size_as_a_gap },
};

UNIT_MAIN("replay stacks", cases)
