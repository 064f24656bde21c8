// SPDX-License-Identifier: GPL-2.0
/* Samples with counts, from the file to profiles, ratios and colours. */
#include "unit.h"

#include <errno.h>
#include <math.h>

#include "../../user/load/event_ratios.h"
#include "../../user/cmd/flame_overlay.h"
#include "../../user/cmd/cmd.h"
#include "../../user/load/input.h"
#include "../../user/text/folded.h"
#include "load_inputs.h"
#include "run_command.h"

#define BUSY (KERNEL_TEXT + 0x10)     /* outer */
#define STALLED (KERNEL_TEXT + 0x110) /* middle */

/* By time and by misses; the last is only counted. */
static const char hybrid[] =
	"clock=time\n"
	"event.1=cycles\nevent.1.perf=0:0:0:0:0\nevent.1.period=0\n"
	"event.2=instructions\nevent.2.perf=0:1:0:0:0\nevent.2.period=0\n"
	"event.3=cache-misses\nevent.3.perf=0:3:0:0:0\nevent.3.period=500\n";

static const char by_cycles[] =
	"clock=events\n"
	"event.1=instructions\nevent.1.perf=0:1:0:0:0\nevent.1.period=0\n"
	"event.2=cycles\nevent.2.perf=0:0:0:0:0\nevent.2.period=1000\n"
	"event.2.target_ns=1000000\n";

struct counted {
	struct dither_sample sample;
	__u64 value[DITHER_COUNTS_MAX];
};

static void put_counted(struct ring *ring, uint64_t ip, unsigned int event,
			unsigned int count, const __u64 *values)
{
	struct counted record;

	make_sample(&record.sample, PROCESS, DITHER_SAMPLE_KTHREAD, ip);
	record.sample.time = ++ring->time;
	record.sample.event = (uint8_t)event;
	record.sample.counters = (uint16_t)count;
	memcpy(record.value, values, count * sizeof(*values));
	put(ring, &record, sizeof(record.sample) + count * sizeof(*values));
}

/* ns, cycles, instructions, misses */
static const __u64 busy[] = { 1000, 100, 200, 1 };
static const __u64 stalled[] = { 1000, 100, 20, 8 };
static const __u64 unknown[] = { 1000, DITHER_COUNT_UNKNOWN, 7, 7 };
/* Mean period, distance. */
static const __u64 missed[] = { 500, 612 };

static void fill_hybrid(struct ring *ring)
{
	put_comm(ring, PROCESS, "work");
	put_counted(ring, BUSY, 0, 4, busy);
	put_counted(ring, BUSY, 0, 4, busy);
	put_counted(ring, STALLED, 0, 4, stalled);
	put_counted(ring, STALLED, 0, 4, unknown);
	put_counted(ring, STALLED, 3, 2, missed);
}

static int open_as(struct load *load, const struct ring *ring, const char *meta,
		   const char *event)
{
	struct load_options options = { .event = event };
	struct error error = { "" };

	write_recording(ring, meta, NULL);
	options.path = recording_file;
	return load_open(&options, load, &error);
}

static void expect(const struct ring *ring, const char *meta, const char *event,
		   const char *folded)
{
	struct load load;
	char *text = NULL;
	size_t length;
	FILE *output;

	CU_ASSERT_EQUAL_FATAL(open_as(&load, ring, meta, event), 0);
	CU_ASSERT_EQUAL(recording_damage_count(load.recording), 0);
	output = open_memstream(&text, &length);
	folded_write(load.profile, output);
	fclose(output);
	CU_ASSERT_STRING_EQUAL(text, folded);
	free(text);
	load_close(&load);
}

static void apart(void)
{
	struct ring ring = { .length = 0 };

	fill_hybrid(&ring);
	expect(&ring, hybrid, NULL, "work;middle_[k] 2\nwork;outer_[k] 2\n");
	expect(&ring, hybrid, "cache-misses", "work;middle_[k] 500\n");
	expect(&ring, hybrid, "instructions",
	       "work;middle_[k] 27\nwork;outer_[k] 400\n");
	expect(&ring, hybrid, "cycles",
	       "work;middle_[k] 100\nwork;outer_[k] 200\n");
}

static void together(void)
{
	struct ring ring = { .length = 0 };

	fill_hybrid(&ring);
	expect(&ring, hybrid, "all",
	       "[cache-misses];work;middle_[k] 1\n"
	       "[time];work;middle_[k] 2\n[time];work;outer_[k] 2\n");
}

static void event_clock(void)
{
	/* Mean, distance, ns, instructions, cycles. */
	static const __u64 values[] = { 1000, 900, 10, 30, 900 };
	static const __u64 more[] = { 2000, 2100, 10, 70, 2100 };
	struct ring ring = { .length = 0 };
	struct load load;

	put_comm(&ring, PROCESS, "work");
	put_counted(&ring, BUSY, 2, 5, values);
	put_counted(&ring, BUSY, 2, 5, more);
	expect(&ring, by_cycles, NULL, "work;outer_[k] 3000\n");
	expect(&ring, by_cycles, "instructions", "work;outer_[k] 100\n");
	CU_ASSERT_EQUAL(open_as(&load, &ring, by_cycles, "time"), -EINVAL);
	CU_ASSERT_EQUAL(open_as(&load, &ring, by_cycles, "misses"), -EINVAL);
}

static void strange(void)
{
	static const __u64 values[] = { 1000, 900 };
	struct ring ring = { .length = 0 };
	struct load load;

	put_comm(&ring, PROCESS, "work");
	put_counted(&ring, BUSY, 9, 2, values);
	put_counted(&ring, BUSY, 1, 1, values);
	put_counted(&ring, BUSY, 0, 2, values);
	CU_ASSERT_EQUAL_FATAL(open_as(&load, &ring, hybrid, NULL), 0);
	CU_ASSERT_EQUAL(load.strange, 2);
	CU_ASSERT_EQUAL(profile_samples(load.profile), 1);
	CU_ASSERT_EQUAL(load.statistics.events, 2);
	load_close(&load);
	CU_ASSERT_EQUAL_FATAL(open_as(&load, &ring, "", NULL), 0);
	CU_ASSERT_EQUAL(load.events.count, 0);
	CU_ASSERT_PTR_NULL(load.event_sums);
	load_close(&load);
}

static void ratios(void)
{
	struct ring ring = { .length = 0 };
	struct event_ratio all[EVENT_RATIOS_MAX];
	struct ratio_sums sums = { 0 };
	struct interval interval;
	struct load load;

	fill_hybrid(&ring);
	CU_ASSERT_EQUAL_FATAL(open_as(&load, &ring, hybrid, NULL), 0);
	CU_ASSERT_EQUAL(load.unknown, 1);
	CU_ASSERT_EQUAL(event_ratios(&load.events, all), 3);
	CU_ASSERT_STRING_EQUAL(all[0].name, "IPC");
	CU_ASSERT_STRING_EQUAL(all[1].name, "CPI");
	CU_ASSERT_STRING_EQUAL(all[2].name, "cache-misses/1k ins");
	event_sums_sum(load.event_sums, PROFILE_ROOT, true, all[0].a, all[0].b,
		       &sums);
	CU_ASSERT_DOUBLE_EQUAL(event_sums_ratio(&sums, &interval), 1.4, 1e-12);
	CU_ASSERT_EQUAL(sums.samples, 3);
	load_close(&load);
}

static void colours(void)
{
	struct ring ring = { .length = 0 };
	struct flame_overlay made;
	struct interval interval;
	struct error error;
	struct load load;
	uint32_t nodes, seen = 0;

	fill_hybrid(&ring);
	CU_ASSERT_EQUAL_FATAL(open_as(&load, &ring, hybrid, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(flame_overlay_make(&made, &load, "ipc", &error),
			      0);
	CU_ASSERT_DOUBLE_EQUAL(made.overlay.low, .2, 1e-12);
	CU_ASSERT_DOUBLE_EQUAL(made.overlay.high, 2, 1e-12);
	nodes = profile_nodes(load.profile);
	for (uint32_t node = 1; node < nodes; node++) {
		uint32_t name = profile_node(load.profile, node).name;
		const char *text = profile_text(load.profile, name);
		double value = made.overlay.value(made.overlay.context, node,
						  &interval);

		if (!strcmp(text, "outer_[k]")) {
			CU_ASSERT_EQUAL(overlay_colour(&made.overlay, value),
					0x6ea8dc);
			seen++;
		} else if (!strcmp(text, "middle_[k]")) {
			CU_ASSERT_EQUAL(overlay_colour(&made.overlay, value),
					0xe8853d);
			seen++;
		}
	}
	CU_ASSERT_EQUAL(seen, 2);
	CU_ASSERT_EQUAL(overlay_colour(&made.overlay, NAN), OVERLAY_UNKNOWN);
	CU_ASSERT_EQUAL_FATAL(flame_overlay_make(&made, &load,
						 "miss:cache-misses", &error),
			      0);
	CU_ASSERT(!made.overlay.more_is_better);
	CU_ASSERT_EQUAL(overlay_colour(&made.overlay, 1e9), 0xe8853d);
	CU_ASSERT_EQUAL(flame_overlay_make(&made, &load, "miss:x", &error),
			-EINVAL);
	CU_ASSERT_EQUAL(flame_overlay_make(&made, &load, "cpi", &error),
			-EINVAL);
	load_close(&load);
}

/* The options mean the same through the reader of all kinds of input. */
static void read_as_input(void)
{
	struct ring ring = { .length = 0 };
	struct input_options options = { .times = true };
	struct error error = { "" };
	struct input input;

	fill_hybrid(&ring);
	write_recording(&ring, hybrid, NULL);
	options.load.path = recording_file;
	options.load.event = "instructions";
	CU_ASSERT_EQUAL_FATAL(input_open(&options, &input, &error), 0);
	CU_ASSERT_EQUAL(input.kind, INPUT_RECORDING);
	CU_ASSERT_EQUAL(profile_total(input.profile), 427);
	CU_ASSERT_EQUAL_FATAL(input.times.count, 4);
	CU_ASSERT_EQUAL(input.times.items[0].weight, 200);
	CU_ASSERT_EQUAL(input.times.items[2].weight, 20);
	input_close(&input);
	options.load.event = "none";
	CU_ASSERT_EQUAL(input_open(&options, &input, &error), -EINVAL);
}

static void commands(void)
{
	struct ring ring = { .length = 0 };
	char text[65536], folded[80];
	FILE *file;

	fill_hybrid(&ring);
	write_recording(&ring, hybrid, NULL);
	CU_ASSERT_EQUAL(run_command(cmd_flame, text, sizeof(text), "flame",
				    "--event", "instructions", "--color", "ipc",
				    recording_file, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "427 instructions, 100.00%"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\nIPC "));
	CU_ASSERT_EQUAL(run_command(cmd_export, text, sizeof(text), "export",
				    "perf", "--event", "instructions",
				    recording_file, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "200 instructions: \n"));
	CU_ASSERT_EQUAL(run_command(cmd_flame, text, sizeof(text), "flame",
				    "--color", "ipc", "--reverse",
				    recording_file, NULL),
			EXIT_USAGE);
	snprintf(folded, sizeof(folded), "%s/folded", directory);
	file = fopen(folded, "w");
	fputs("a;b 1\n", file);
	fclose(file);
	CU_ASSERT_EQUAL(run_command(cmd_flame, text, sizeof(text), "flame",
				    "--color", "ipc", folded, NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "--color needs a recording"));
}

static const struct unit_case cases[] = {
	{ "samples of time and of each event are folded apart", apart },
	{ "folded together, each kind stands below its own root", together },
	{ "without a clock the first event's samples are the profile",
	  event_clock },
	{ "samples of events that the file does not name are counted, not used",
	  strange },
	{ "ratios leave out samples whose counts are not known", ratios },
	{ "weights by event are those of times, too", read_as_input },
	{ "commands weigh and colour by event, recordings alone", commands },
	{ "colours go from the worse to the better end of the ratio", colours },
};

int main(void)
{
	return run_with_inputs("counts", cases,
			       sizeof(cases) / sizeof(cases[0]));
}
