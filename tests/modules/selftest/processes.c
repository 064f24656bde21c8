// SPDX-License-Identifier: GPL-2.0
/* Which processes are sampled, and how often. */
#include <linux/kernel.h>

#include "../../../kmod/filter.h"
#include "../../../kmod/core/governor.h"
#include "../../../include/dither/abi.h"
#include "selftest.h"

#define FIRST 100U
#define CHILDREN 5000U

struct family {
	struct dither_filter *filter;
	u32 inherited;
};

static void add_children(void *data)
{
	struct family *family = data;
	u32 i;

	for (i = 0; i < CHILDREN; i++) {
		dither_filter_fork(family->filter, FIRST, 1000 + i);
		dither_filter_fork(family->filter, FIRST + 1, 100000 + i);
	}
}

static const char *come_and_go(struct dither_filter *filter)
{
	struct family family = { .filter = filter };
	u32 i;

	/* Forks are seen with preemption off. */
	selftest_in(SELFTEST_NO_PREEMPTION, add_children, &family);
	SELFTEST_EXPECT(dither_filter_has(filter, FIRST));
	SELFTEST_EXPECT(!dither_filter_has(filter, FIRST + 1));
	for (i = 0; i < CHILDREN; i++) {
		SELFTEST_EXPECT(dither_filter_has(filter, 1000 + i));
		SELFTEST_EXPECT(!dither_filter_has(filter, 100000 + i));
	}
	for (i = 0; i < CHILDREN; i += 2)
		dither_filter_exit(filter, 1000 + i);
	for (i = 0; i < CHILDREN; i++)
		SELFTEST_EXPECT(dither_filter_has(filter, 1000 + i) == i % 2);
	return NULL;
}

static const char *test_filter(void)
{
	struct dither_filter filter = {};
	const u32 first = FIRST;
	const char *wrong;

	SELFTEST_EXPECT(!dither_filter_init(&filter, &first, 1, true));
	wrong = come_and_go(&filter);
	dither_filter_uninit(&filter);
	return wrong;
}

/* At 1% a handler that takes 10% of all time must become rarer, then not. */
static const char *test_governor(void)
{
	struct dither_governor governor;
	u32 shift = 0, most = 0;
	u64 now = 1;

	dither_governor_init(&governor, 10000, 1000000, now);
	for (; now < 2000000000; now += 1000000ULL << shift) {
		shift = dither_governor_charge(&governor, 100000, now);
		most = max(most, shift);
	}
	SELFTEST_EXPECT(shift >= 3 && most <= DITHER_SHIFT_MAX);
	for (; now < 60000000000; now += 1000000ULL << shift)
		shift = dither_governor_charge(&governor, 100, now);
	SELFTEST_EXPECT(shift == 0);
	return NULL;
}

const struct selftest selftest_processes[] = {
	{ "children of a chosen process are sampled until they end",
	  test_filter },
	{ "a handler over its budget becomes rarer, and comes back",
	  test_governor },
	{},
};
