// SPDX-License-Identifier: GPL-2.0
/*
 * Which processes are asked for again, and when:
 * user/capture/process_requests.h.
 */
#include "unit.h"

#include "../../user/capture/process_requests.h"

static struct forgotten *forgotten;
static uint32_t class;
static uint64_t bytes;

static void once_each(void)
{
	forgotten = forgotten_new();
	CU_ASSERT_FALSE(forgotten_next(forgotten, 10, &class, &bytes));
	forgotten_add(forgotten, 7);
	forgotten_add(forgotten, 65536 + 7);
	forgotten_add(forgotten, 3);
	CU_ASSERT_TRUE(forgotten_next(forgotten, 10, &class, &bytes));
	CU_ASSERT_EQUAL(class, 3);
	CU_ASSERT_EQUAL(bytes, FORGOTTEN_ONE);
	CU_ASSERT_TRUE(forgotten_next(forgotten, 10, &class, &bytes));
	CU_ASSERT_EQUAL(class, 7);
	CU_ASSERT_FALSE(forgotten_next(forgotten, 10, &class, &bytes));
	forgotten_free(forgotten);
}

static void once_a_second(void)
{
	int asked = 0;

	forgotten = forgotten_new();
	for (int i = 0; i < 1000; i++) {
		forgotten_add(forgotten, 7);
		asked +=
			forgotten_next(forgotten, 10 + i * .01, &class, &bytes);
	}
	CU_ASSERT(asked >= 9 && asked <= 10);
	forgotten_free(forgotten);
}

static void so_many_a_second(void)
{
	uint32_t asked = 0;

	forgotten = forgotten_new();
	for (int i = 0; i < 1000; i++) {
		for (uint32_t j = 0; j < 60; j++)
			forgotten_add(forgotten, i * 60 + j);
		while (forgotten_next(forgotten, 10 + i * .01, &class, &bytes))
			asked++;
	}
	CU_ASSERT(asked <= 11 * FORGOTTEN_COUNT);
	CU_ASSERT(asked >= 10 * FORGOTTEN_COUNT);
	forgotten_free(forgotten);
}

static void so_many_bytes(void)
{
	uint64_t all = 0;

	forgotten = forgotten_new();
	for (int i = 0; i < 1000; i++) {
		for (uint32_t j = 0; j < 60; j++)
			forgotten_add(forgotten, i * 60 + j);
		while (forgotten_next(forgotten, 10 + i * .01, &class,
				      &bytes)) {
			CU_ASSERT(bytes > 0 && bytes <= FORGOTTEN_ONE);
			forgotten_spend(forgotten, bytes);
			all += bytes;
		}
	}
	CU_ASSERT(all <= FORGOTTEN_BURST + 10 * FORGOTTEN_RATE);
	CU_ASSERT(all >= 9 * FORGOTTEN_RATE);
	forgotten_free(forgotten);
}

/* Also where some are told of all the time. */
static void turns(void)
{
	int last = 0;

	forgotten = forgotten_new();
	forgotten_add(forgotten, 60000);
	for (int i = 0; i < 1000 && !last; i++) {
		for (uint32_t j = 0; j < 100; j++)
			forgotten_add(forgotten, j);
		while (forgotten_next(forgotten, 10 + i * .01, &class, &bytes))
			last += class == 60000;
	}
	CU_ASSERT_EQUAL(last, 1);
	forgotten_free(forgotten);
}

static const struct unit_case cases[] = {
	{ "a class is asked for once, whichever of its processes were told",
	  once_each },
	{ "a class is asked for once a second", once_a_second },
	{ "only so many classes are asked for in a second", so_many_a_second },
	{ "only so many bytes are asked for in a second", so_many_bytes },
	{ "classes take turns", turns },
};

UNIT_MAIN("forgotten", cases)
