/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Recordings as the module makes them, without it: a clock for each of two
 * CPUs serves the schedule late, sleeps, loses, filters and changes its rate,
 * and writes what kmod/clock.c and kmod/sample.c would.
 */
#ifndef SCHEDULE_INPUTS_H
#define SCHEDULE_INPUTS_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../../kmod/core/schedule.h"
#include "../../user/base/policy.h"
#include "../../user/file/writer.h"
#include "random_numbers.h"
#include "scratch_file.h"
#include "unit.h"

#define ORIGIN 86400123456789ULL
#define PERIOD 1000003ULL
#define SEED 42ULL
#define CPUS 2
#define CHUNK_RECORDS 100
#define SHIFT_MOST 3U

struct plan {
	uint32_t policy, jitter_ppm;
};

/* What is spoilt. A sample's .place counts from 1, on CPU 1. */
struct spoil {
	void (*sample)(struct dither_sample *sample);
	uint64_t place;
	void (*rate)(struct dither_rate *rate);	      /* the second of CPU 1 */
	void (*ledger)(struct dither_ledger *ledger); /* of CPU 1 */
	const char *meta;   /* lines that overrule those before */
	unsigned int chunk; /* of CPU 1, from 1: is missing */
	bool killed;	    /* ends without ledger, stop and END */
	bool by_events;	    /* no clock */
	bool delay; /* one RATE record stands behind a sample of its shape */
};

struct maker {
	const struct spoil *spoil;
	struct writer *writer;
	struct dither_schedule schedule;
	struct dither_ledger ledger;
	uint64_t time, random, samples, rates;
	uint32_t overruns, wanted_shift, cpu, position, lost;
	struct dither_rate delayed;
	unsigned int records, chunks;
	size_t length;
	unsigned char bytes[CHUNK_RECORDS * 128];
};

static inline void maker_flush(struct maker *maker)
{
	struct chunk_ring head = {
		.cpu = maker->cpu,
		.position = maker->position,
	};
	const struct iovec parts[] = {
		{ &head, sizeof(head) },
		{ maker->bytes, maker->length },
	};

	if (!maker->length)
		return;
	maker->chunks++;
	if (maker->cpu != 1 || maker->chunks != maker->spoil->chunk)
		CU_ASSERT_EQUAL_FATAL(writer_chunk(maker->writer, CHUNK_RING,
						   parts, 2, NULL),
				      0);
	maker->position += (uint32_t)maker->length;
	maker->length = 0;
	maker->records = 0;
}

static inline void maker_put(struct maker *maker, const void *record,
			     uint8_t type, size_t size)
{
	struct dither_record *header = (void *)(maker->bytes + maker->length);

	memcpy(header, record, size);
	header->size = (uint16_t)size;
	header->type = type;
	maker->length += size;
	if (++maker->records == CHUNK_RECORDS)
		maker_flush(maker);
}

static inline void put_losses(struct maker *maker)
{
	const struct dither_lost_record record = {
		.time = maker->time,
		.count[DITHER_LOST_RING] = maker->lost,
	};

	if (!maker->lost)
		return;
	maker->lost = 0;
	maker_put(maker, &record, DITHER_RECORD_LOST, sizeof(record));
}

static inline void put_rate(struct maker *maker, enum dither_rate_reason reason)
{
	const struct dither_schedule *schedule = &maker->schedule;
	struct dither_rate record = {
		.header.tid = reason,
		.time = maker->time,
		.origin = schedule->origin,
		.number = schedule->number,
		.cell_ns = schedule->cell,
		.shift = schedule->shift,
	};

	put_losses(maker);
	maker->rates++;
	if (maker->cpu == 1 && maker->rates == 2 && maker->spoil->rate)
		maker->spoil->rate(&record);
	if (maker->cpu == 1 && maker->rates == 2 && maker->spoil->delay)
		maker->delayed = record;
	else
		maker_put(maker, &record, DITHER_RECORD_RATE, sizeof(record));
}

static inline uint64_t maker_pass(struct maker *maker)
{
	uint64_t passed = dither_schedule_pass(&maker->schedule, maker->time);

	if (maker->schedule.resumed) {
		maker->schedule.resumed = false;
		put_rate(maker, DITHER_RATE_RESUME);
	}
	return passed;
}

static inline void put_sample(struct maker *maker, uint64_t due, uint8_t event)
{
	uint64_t late = maker->time - due;
	struct dither_sample record = {
		.time = maker->time,
		.lateness = late < UINT32_MAX ? (uint32_t)late : UINT32_MAX,
		.event = event,
	};

	put_losses(maker);
	if (event) {
		maker->ledger.events++;
		maker->ledger.event_kept++;
	} else {
		record.overruns = maker->overruns;
		record.shift = (uint8_t)maker->schedule.shift;
		maker->overruns = 0;
		maker->samples++;
		maker->ledger.kept++;
		if (maker->cpu == 1 && maker->samples == maker->spoil->place)
			maker->spoil->sample(&record);
	}
	maker_put(maker, &record, DITHER_RECORD_SAMPLE, sizeof(record));
	if (!event && maker->delayed.cell_ns) {
		maker_put(maker, &maker->delayed, DITHER_RECORD_RATE,
			  sizeof(maker->delayed));
		maker->delayed.cell_ns = 0;
	}
}

/* As fire(); a third of one in a hundred comes some periods late. */
static inline void maker_fire(struct maker *maker)
{
	uint64_t due = maker->schedule.due, chance, passed;
	uint32_t before = maker->schedule.shift;

	chance = random_below(&maker->random, 300);
	maker->time =
		due + random_below(&maker->random, chance ? 3000 : 4 * PERIOD);
	passed = maker_pass(maker);
	maker->overruns += (uint32_t)passed - 1;
	maker->ledger.overruns += passed - 1;
	chance = random_below(&maker->random, 100);
	if (chance < 10) {
		maker->ledger.filtered++;
	} else if (chance < 12) {
		maker->ledger.lost[DITHER_LOST_RING]++;
		maker->lost++;
	} else {
		put_sample(maker, due, 0);
	}
	if (!random_below(&maker->random, 200))
		maker->wanted_shift =
			(uint32_t)random_below(&maker->random, SHIFT_MOST + 1);
	if (dither_schedule_reshape(&maker->schedule, maker->wanted_shift))
		put_rate(maker, maker->schedule.shift > before ?
					DITHER_RATE_SLOWER :
					DITHER_RATE_FASTER);
}

/* From before the next instant until some or many cells have passed. */
static inline void maker_sleep(struct maker *maker)
{
	uint64_t cells = random_below(&maker->random, 20) ? 5 : 500;

	if (maker->schedule.due <= maker->time + 1)
		return;
	maker->time += random_below(&maker->random, cells * PERIOD);
	maker->ledger.idle += maker_pass(maker);
}

static inline void maker_run(struct maker *maker, uint64_t stop)
{
	if (maker->spoil->by_events) {
		for (int i = 0; i < 50; i++)
			put_sample(maker, maker->time++, 1);
		maker_flush(maker);
		return;
	}
	put_rate(maker, DITHER_RATE_START);
	while (maker->time < stop) {
		if (!random_below(&maker->random, 10))
			maker_sleep(maker);
		else
			maker_fire(maker);
		if (!random_below(&maker->random, 50))
			put_sample(maker, maker->time, 1);
	}
	maker_flush(maker);
	maker->ledger.cells = dither_schedule_cells(&maker->schedule);
	maker->ledger.shift = maker->schedule.shift;
}

static inline void put_text(struct writer *writer, const char *text)
{
	const struct iovec part = { (void *)text, strlen(text) };

	CU_ASSERT_EQUAL_FATAL(writer_chunk(writer, CHUNK_META, &part, 1, NULL),
			      0);
}

static inline void put_ledgers(struct writer *writer,
			       const struct maker *makers)
{
	struct dither_ledger ledgers[CPUS];
	const struct iovec part = { ledgers, sizeof(ledgers) };

	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		ledgers[cpu] = makers[cpu].ledger;
	CU_ASSERT_EQUAL_FATAL(
		writer_chunk(writer, CHUNK_LEDGER, &part, 1, NULL), 0);
}

/* Write file_path(); how many samples of the clock there were. */
static inline uint64_t make_recording(const struct plan *plan,
				      const struct spoil *spoil)
{
	static struct maker makers[CPUS];
	uint64_t stop = ORIGIN + 12000 * PERIOD, last = 0, samples = 0;
	struct writer *writer;
	char text[256];

	CU_ASSERT_EQUAL_FATAL(writer_open(file_path(), &writer, NULL), 0);
	snprintf(text, sizeof(text),
		 "policy=%s\nperiod_ns=%llu\njitter_ppm=%u\nseed=%llu\n",
		 policy_names[plan->policy], PERIOD, plan->jitter_ppm, SEED);
	put_text(writer, text);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		struct maker *maker = &makers[cpu];

		memset(maker, 0, sizeof(*maker));
		maker->spoil = spoil;
		maker->writer = writer;
		maker->cpu = cpu;
		maker->time = ORIGIN;
		maker->random = 7 + cpu;
		maker->ledger.size = sizeof(maker->ledger);
		maker->ledger.cpu = cpu;
		dither_schedule_start(&maker->schedule, plan->policy,
				      plan->jitter_ppm, PERIOD, SEED, cpu,
				      ORIGIN);
		maker_run(maker, stop);
		samples += maker->samples;
		last = maker->time > last ? maker->time : last;
	}
	if (spoil->meta)
		put_text(writer, spoil->meta);
	if (!spoil->killed) {
		snprintf(text, sizeof(text), "stop_ns=%" PRIu64 "\n",
			 last + 100);
		put_text(writer, text);
		if (spoil->ledger)
			spoil->ledger(&makers[1].ledger);
		put_ledgers(writer, makers);
	}
	CU_ASSERT_EQUAL_FATAL(writer_close(writer, NULL), 0);
	return samples;
}

#endif
