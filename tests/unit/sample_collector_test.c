// SPDX-License-Identifier: GPL-2.0
/* From records to traces: what profile.proto is made of. */
#include "unit.h"

#include "../../user/load/load.h"
#include "late_inputs.h"

#define K(offset) (KERNEL_TEXT + (uint64_t)(offset))
#define U(offset) (0x401000ULL + (uint64_t)(offset))
#define NEAR DITHER_STACK_ADJACENT

static struct sample_table *table;
static struct load load;

static void open_ring(const struct ring *ring, const char *meta,
		      const char *event)
{
	struct load_options options = { .path = recording_file,
					.event = event };

	table = options.table = sample_table_new();
	write_recording(ring, meta, NULL);
	CU_ASSERT_EQUAL_FATAL(load_open(&options, &load, NULL), 0);
}

static void close_ring(void)
{
	load_close(&load);
	sample_table_free(table);
}

static const char *text_at(uint32_t number)
{
	return number == TRACES_NONE ? "-" :
				       string_table_text(table->texts, number);
}

/* The frame @depth of a sample, 0 the innermost. */
static const struct table_location *frame_at(size_t sample, int depth)
{
	struct profile_node node =
		profile_node(table->stacks, table->samples[sample].stack);

	while (depth--)
		node = profile_node(table->stacks, node.parent);
	return &table->locations[node.name];
}

static void expect_frame(size_t sample, int depth, uint64_t address,
			 const char *name, const char *file, uint64_t start)
{
	const struct table_location *location = frame_at(sample, depth);
	const struct table_mapping *mapping =
		location->mapping == TRACES_NONE ?
			NULL :
			&table->mappings[location->mapping];

	CU_ASSERT_EQUAL(location->address, address);
	CU_ASSERT_STRING_EQUAL(text_at(location->name), name);
	CU_ASSERT_STRING_EQUAL(mapping ? text_at(mapping->file) : "-", file);
	CU_ASSERT_EQUAL(mapping ? mapping->start : 0, start);
	CU_ASSERT(!mapping ||
		  (mapping->start <= address && address < mapping->limit));
}

/* -1: the sample has none in that column. */
static double value_at(size_t sample, const char *column)
{
	for (uint32_t i = table->samples[sample].values; i != TRACES_NONE;
	     i = table->values[i].next)
		if (!strcmp(text_at(table->columns[table->values[i].column]
					    .type),
			    column))
			return table->values[i].value;
	return -1;
}

static void frames(void)
{
	struct ring ring = { .length = 0 };
	const struct table_labels *labels;
	struct dither_sample sample;
	struct dither_map *map;

	put_comm(&ring, PROCESS, "prog");
	put_comm(&ring, PROCESS + 1, "worker");
	map = (void *)(ring.bytes + ring.length);
	put_map(&ring, U(0), 0x1000, program_file, 0);
	map->build_id_size = 2;
	map->build_id[0] = 0x0a;
	map->build_id[1] = 0xbc;
	make_sample(&sample, PROCESS + 1, 0, K(0x310));
	put_stack(&ring, DITHER_STACK_KERNEL, DITHER_END_ROOT, 1, K(0x110));
	put_stack(&ring, 0, DITHER_END_ROOT, 2, U(0xa0), 0x666ULL);
	sample.kernel_stack = sample.user_stack = NEAR;
	sample.shift = 1;
	put_sample(&ring, &sample);
	put_sample(&ring, &sample);
	open_ring(&ring, "period_ns=2000\n", NULL);
	CU_ASSERT_EQUAL_FATAL(table->sample_count, 2);
	expect_frame(0, 0, K(0x310), "ext_work", "[ext4]", K(0x300));
	expect_frame(0, 1, K(0x10f), "middle", "[kernel]", K(0));
	expect_frame(0, 2, U(0xa0), "[program+0x10a0]", program_file, U(0));
	expect_frame(0, 3, 0x665, "[unknown]", "-", 0);
	expect_frame(1, 0, K(0x310), "ext_work", "[ext4]", K(0x300));
	expect_frame(1, 1, 0, "[stack lost]", "-", 0);
	CU_ASSERT_EQUAL(table->mappings[frame_at(0, 2)->mapping].offset,
			0x1000);
	CU_ASSERT_STRING_EQUAL(
		text_at(table->mappings[frame_at(0, 2)->mapping].build_id),
		"0abc");
	labels = &table->samples[0].labels;
	CU_ASSERT_STRING_EQUAL(text_at(labels->process), "prog");
	CU_ASSERT_STRING_EQUAL(text_at(labels->thread), "worker");
	CU_ASSERT_EQUAL(labels->pid, PROCESS);
	CU_ASSERT_EQUAL(labels->tid, PROCESS + 1);
	CU_ASSERT_EQUAL(labels->known, TRACE_PID | TRACE_TID | TRACE_CPU);
	CU_ASSERT_EQUAL(value_at(0, "samples"), 1);
	CU_ASSERT_EQUAL(value_at(0, "cpu"), 4000);
	CU_ASSERT_STRING_EQUAL(text_at(table->columns[load.sample_column].type),
			       "cpu");
	close_ring();
}

#define EVENTS                                                         \
	"period_ns=10\nclock=time\nevent.1=cycles\nevent.1.period=0\n" \
	"event.2=misses\nevent.2.period=50\n"

static void events(void)
{
	struct {
		struct dither_sample sample;
		uint64_t counter[3];
	} clock = { .counter = { 7, 900, DITHER_COUNT_UNKNOWN } },
	  miss = { .counter = { 50, 50 } };
	struct ring ring = { .length = 0 };

	make_sample(&clock.sample, PROCESS, DITHER_SAMPLE_USER, 0x10);
	clock.sample.counters = 3;
	put(&ring, &clock, sizeof(clock));
	make_sample(&miss.sample, PROCESS, DITHER_SAMPLE_USER, 0x20);
	miss.sample.event = 2;
	miss.sample.counters = 2;
	put(&ring, &miss, sizeof(miss));
	open_ring(&ring, EVENTS, "misses");
	CU_ASSERT_EQUAL_FATAL(table->sample_count, 2);
	CU_ASSERT_EQUAL(table->column_count, 4);
	CU_ASSERT_EQUAL(value_at(0, "samples"), 1);
	CU_ASSERT_EQUAL(value_at(0, "cpu"), 10);
	CU_ASSERT_EQUAL(value_at(0, "cycles"), 900);
	CU_ASSERT_EQUAL(value_at(0, "misses"), -1);
	CU_ASSERT_EQUAL(value_at(1, "samples"), 1);
	CU_ASSERT_EQUAL(value_at(1, "cpu"), -1);
	CU_ASSERT_EQUAL(value_at(1, "misses"), 50);
	CU_ASSERT_STRING_EQUAL(text_at(table->columns[load.sample_column].type),
			       "misses");
	close_ring();
}

/* A late sample with its cells, and lost ones: as load.h has them. */
static void unseen(void)
{
	struct ring ring = { .length = 0 };
	struct dither_sample sample;

	put_comm(&ring, PROCESS, "prog");
	for (int i = 0; i < 8; i++)
		put_bare(&ring, PROCESS, DITHER_SAMPLE_USER, 0x10);
	make_sample(&sample, PROCESS, DITHER_SAMPLE_USER, 0x10);
	sample.lateness = 900000;
	sample.overruns = 2;
	put_sample(&ring, &sample);
	put_lost(&ring, 5, 0);
	open_ring(&ring, "period_ns=1000000\n", NULL);
	CU_ASSERT_EQUAL_FATAL(table->sample_count, 3);
	CU_ASSERT_STRING_EQUAL(text_at(frame_at(1, 0)->name), "[late]");
	CU_ASSERT_STRING_EQUAL(text_at(frame_at(1, 1)->name), "[unknown]");
	CU_ASSERT_EQUAL(value_at(1, "samples"), 1);
	CU_ASSERT_EQUAL(value_at(1, "cpu"), 3000000);
	CU_ASSERT_STRING_EQUAL(text_at(frame_at(2, 0)->name), "[lost]");
	CU_ASSERT_EQUAL(value_at(2, "samples"), -1);
	CU_ASSERT_EQUAL(value_at(2, "cpu"), 5000000);
	CU_ASSERT_EQUAL(table->samples[2].labels.known, TRACE_CPU);
	CU_ASSERT_EQUAL(table->moment_count, 10);
	CU_ASSERT_EQUAL(table->times[8].value, 3000000);
	CU_ASSERT_EQUAL(table->times[9].sample, 2);
	close_ring();
}

static void no_period(void)
{
	struct ring ring = { .length = 0 };

	put_bare(&ring, PROCESS, DITHER_SAMPLE_USER, 0x10);
	put_bare(&ring, 0, DITHER_SAMPLE_IDLE, K(0x410));
	open_ring(&ring, "", NULL);
	CU_ASSERT_EQUAL_FATAL(table->sample_count, 2);
	CU_ASSERT_EQUAL(value_at(0, "cells"), 1);
	CU_ASSERT_STRING_EQUAL(text_at(table->samples[0].labels.thread), "-");
	CU_ASSERT_STRING_EQUAL(text_at(table->samples[1].labels.process),
			       "swapper");
	expect_frame(1, 0, K(0x410), "rust::work", "[kernel]", K(0));
	CU_ASSERT_STRING_EQUAL(text_at(frame_at(1, 0)->symbol),
			       "_RNvC4rust4work");
	close_ring();
}

static const struct unit_case cases[] = {
	{ "frames have address, name, and what was mapped there; callers the address of their call",
	  frames },
	{ "every event is a column, each sample in those that it counts for",
	  events },
	{ "late samples stand for the cells that they passed, and lost ones too",
	  unseen },
	{ "without a period time is counted in cells", no_period },
};

int main(void)
{
	return run_with_inputs("tracer", cases,
			       sizeof(cases) / sizeof(cases[0]));
}
