// SPDX-License-Identifier: GPL-2.0
/*
 * The budget of process records against loads made up of numbers: what honest
 * ones need they get, floods do not get more, and each drop is told.
 */
#include "unit.h"

#include "../../kmod/core/record_budget.h"
#include "random_numbers.h"

#define MS 1000000ULL
#define SECOND (1000 * MS)
#define START (123 * SECOND)

static struct dither_flood flood;
static u64 told[DITHER_DROPPED_KINDS], told_records;
static u64 oldest_told; /* ns from the first drop to the record that tells it */

static void begin(void)
{
	dither_flood_init(&flood, 0x1234567890abcdefULL);
	memset(told, 0, sizeof(told));
	told_records = oldest_told = 0;
}

static void tell(u64 due, u64 now)
{
	struct dither_dropped record;

	while (dither_flood_take(&flood, due, &record)) {
		CU_ASSERT_EQUAL(record.header.size, sizeof(record));
		CU_ASSERT_EQUAL(record.header.type, DITHER_RECORD_DROPPED);
		CU_ASSERT(record.first <= record.last);
		for (int kind = 0; kind < DITHER_DROPPED_KINDS; kind++)
			told[kind] += record.count[kind];
		told_records++;
		if (now - record.first > oldest_told)
			oldest_told = now - record.first;
	}
}

/* As record_output.c has it. */
static bool admit(u32 user, u32 tgid, enum dither_dropped_kind kind, u32 bytes,
		  u64 now)
{
	const struct dither_flood_cause cause = {
		.tgid = tgid,
		.number = tgid,
		.user = user,
		.kind = kind,
	};
	bool admitted = dither_flood_admit(&flood, &cause, bytes, now);

	if (now >= flood.due)
		tell(now, now);
	return admitted;
}

static u64 all_told(void)
{
	return told[0] + told[1] + told[2] + told[3];
}

/* A program's start and end: how many of its records were not dropped. */
static int run_program(u32 user, u32 payer, u64 now)
{
	int admitted = admit(user, payer, DITHER_DROPPED_FORK, 40, now) +
		       admit(user, payer, DITHER_DROPPED_COMM, 40, now) +
		       admit(user, payer, DITHER_DROPPED_COMM, 40, now);

	for (int i = 0; i < 5; i++)
		admitted += admit(user, payer, DITHER_DROPPED_MAP, 184, now);
	return admitted + admit(user, payer, DITHER_DROPPED_EXIT, 32, now);
}

static void honest_loads(void)
{
	begin();
	/* A script that does nothing but start programs, and others beside it. */
	for (int i = 0; i < 10 * 150; i++) {
		u64 now = START + i * SECOND / 150;

		CU_ASSERT_EQUAL(run_program(1000, 77, now), 9);
		if (i % 3 == 0)
			CU_ASSERT_EQUAL(run_program(1000, 78, now), 9);
		CU_ASSERT_EQUAL(run_program(0, 1, now), 9);
	}
	/* All at once. */
	begin();
	for (int i = 0; i < 170; i++)
		CU_ASSERT_EQUAL(run_program(1000, 77, START), 9);
	CU_ASSERT_EQUAL(local_read(&flood.dropped), 0);
}

static void one_process(void)
{
	u64 bytes = 0;

	begin();
	for (u64 now = START; now < START + 3 * SECOND; now += 5000)
		bytes += admit(65534, 99, DITHER_DROPPED_COMM, 40, now) ? 40 :
									  0;
	CU_ASSERT(bytes <= 4 * (u64)DITHER_FLOOD_PAYER_RATE);
	CU_ASSERT(bytes > 4 * (u64)DITHER_FLOOD_PAYER_RATE - 1000);
	/* Who comes from elsewhere finds enough. */
	CU_ASSERT_EQUAL(run_program(1000, 7, START + 3 * SECOND), 9);
	CU_ASSERT_EQUAL(run_program(65534, 100, START + 3 * SECOND), 9);
}

/* Each with a number of its own, or with one of so many. */
static void many_processes(void)
{
	static const u32 numbers[] = { 5, 40, 1000, 1000000 };

	for (int i = 0; i < 4; i++) {
		u64 bytes = 0;
		u32 next = 0;

		begin();
		for (u64 now = START; now < START + 3 * SECOND; now += 5000) {
			u32 payer = 1000 + next++ % numbers[i];

			bytes += admit(65534, payer, DITHER_DROPPED_COMM, 40,
				       now) ?
					 40 :
					 0;
		}
		CU_ASSERT(bytes <= 4 * (u64)DITHER_FLOOD_USER_RATE);
		/* What tells of them is no flood itself. */
		CU_ASSERT(told_records < 4 * (64 + DITHER_FLOOD_PAYERS + 2));
	}
}

/* A user with any number of processes leaves half to others. */
static void half_for_others(void)
{
	u64 next_honest = START;
	u32 next = 0;

	begin();
	for (u64 now = START; now < START + 5 * SECOND; now += 5000) {
		admit(65534, 1000 + next++ % 3000, DITHER_DROPPED_FORK, 40,
		      now);
		if (now < next_honest)
			continue;
		next_honest += SECOND / 150;
		CU_ASSERT_EQUAL(run_program(1000, 7, now), 9);
	}
	CU_ASSERT(local_read(&flood.dropped) > 0);
}

static void many_users(void)
{
	u64 bytes = 0;
	u32 next = 0;

	begin();
	for (u64 now = START; now < START + 3 * SECOND; now += 5000, next++)
		bytes += admit(next % 100, 1000 + next % 777,
			       DITHER_DROPPED_MAP, 184, now) ?
				 184 :
				 0;
	CU_ASSERT(bytes <= 4 * (u64)DITHER_FLOOD_CPU_RATE);
	CU_ASSERT(bytes > 2 * (u64)DITHER_FLOOD_CPU_RATE);
}

/* Within a second, as long as anything happens on that CPU. */
static void drops_are_told(void)
{
	u64 now = START;

	begin();
	while (admit(1, 2, DITHER_DROPPED_MAP, 4096, now))
		;
	CU_ASSERT_EQUAL(flood.due, START + DITHER_FLOOD_TELL_NS);
	admit(1, 2, DITHER_DROPPED_EXIT, 4096, now + 7);
	CU_ASSERT_EQUAL(all_told(), 0);
	admit(9, 9, DITHER_DROPPED_FORK, 40, START + DITHER_FLOOD_TELL_NS - 1);
	CU_ASSERT_EQUAL(all_told(), 0);
	admit(9, 9, DITHER_DROPPED_FORK, 40, START + DITHER_FLOOD_TELL_NS);
	CU_ASSERT_EQUAL(told[DITHER_DROPPED_MAP], 1);
	CU_ASSERT_EQUAL(told[DITHER_DROPPED_EXIT], 1);
	CU_ASSERT_EQUAL(told_records, 1);
	CU_ASSERT_EQUAL(flood.due, DITHER_FLOOD_NEVER);
}

static void told_by_number(void)
{
	struct dither_dropped record;

	begin();
	/* The user's is used up: nobody of that user has anything. */
	while (admit(5, 1, DITHER_DROPPED_COMM, 4096, START) ||
	       admit(5, 2, DITHER_DROPPED_COMM, 4096, START))
		;
	for (u32 payer = 10; payer < 20; payer++)
		CU_ASSERT_FALSE(admit(5, payer, DITHER_DROPPED_FORK, 40,
				      START + payer));
	while (dither_flood_take(&flood, DITHER_FLOOD_NEVER, &record))
		CU_ASSERT(record.header.tid && record.header.tid < 20);
	CU_ASSERT_FALSE(dither_flood_take(&flood, DITHER_FLOOD_NEVER, &record));
}

static void given_back(void)
{
	struct dither_dropped record, again;

	begin();
	while (admit(1, 2, DITHER_DROPPED_MAP, 4096, START))
		;
	CU_ASSERT_FATAL(dither_flood_take(&flood, DITHER_FLOOD_NEVER, &record));
	dither_flood_give_back(&flood, &record);
	CU_ASSERT_FATAL(dither_flood_take(&flood, DITHER_FLOOD_NEVER, &again));
	CU_ASSERT_EQUAL(memcmp(&record, &again, sizeof(record)), 0);
	/* Of two processes: no number is right. */
	dither_flood_give_back(&flood, &record);
	record.header.tid = 3;
	dither_flood_give_back(&flood, &record);
	record.header.tid = 4;
	dither_flood_give_back(&flood, &record);
	while (dither_flood_take(&flood, DITHER_FLOOD_NEVER, &again))
		CU_ASSERT(again.header.tid == 2 || !again.header.tid);
}

/* Loads of all kinds: each drop is told once, and none late. */
static void random_loads(void)
{
	u64 random = 5, now = START, bytes = 0, dropped = 0;

	begin();
	for (int i = 0; i < 1000000; i++) {
		u32 size = 32 + 8 * (u32)random_below(&random, 60);
		u32 user = (u32)random_below(&random, 1 + i % 7 * 10);

		now += random_below(&random, i & 4096 ? 20000 : 2 * MS);
		if (admit(user, (u32)random_below(&random, 1 + i % 500),
			  (u32)random_below(&random, 4), size, now))
			bytes += size;
		else
			dropped++;
	}
	CU_ASSERT(dropped > 1000);
	CU_ASSERT_EQUAL(local_read(&flood.dropped), (long)dropped);
	CU_ASSERT(bytes <= DITHER_FLOOD_CPU_RATE +
				   (now - START) / 1000 *
					   DITHER_FLOOD_CPU_RATE / 1000000);
	/* A second, and what passes until anything happens. */
	CU_ASSERT(oldest_told <= DITHER_FLOOD_TELL_NS + 2 * MS);
	tell(DITHER_FLOOD_NEVER, now);
	CU_ASSERT_EQUAL(all_told(), dropped);
}

static void tables_wanted(void)
{
	u64 bytes = 0;

	begin();
	for (u64 now = START; now < START + 3 * SECOND; now += 5000)
		bytes += dither_flood_may_ask(&flood, 4096, now) ? 4096 : 0;
	CU_ASSERT(bytes <= 4 * (u64)DITHER_FLOOD_ASK_RATE);
	CU_ASSERT(bytes > 3 * (u64)DITHER_FLOOD_ASK_RATE);
}

static const struct unit_case cases[] = {
	{ "programs that start 150 others a second lose nothing",
	  honest_loads },
	{ "one process gets its budget and leaves the rest", one_process },
	{ "a user gets no more with ever more processes", many_processes },
	{ "a user with any number of processes leaves half to others",
	  half_for_others },
	{ "many users get the CPU's budget and no more", many_users },
	{ "drops are told a second after the first", drops_are_told },
	{ "who had to make room is told by number", told_by_number },
	{ "drops that found no room are told later", given_back },
	{ "of a million random records each drop is told, once and in time",
	  random_loads },
	{ "wishes for tables have a budget too", tables_wanted },
};

UNIT_MAIN("flood", cases)
