// SPDX-License-Identifier: GPL-2.0
/* What is written after -e and --clock, with a made-up sysfs. */
#include "unit.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../user/capture/event_spec.h"

static char sysfs[] = "/tmp/events_test.XXXXXX";
static struct event_list list;
static struct error error;

static void put(const char *path, const char *text)
{
	char full[128];
	FILE *file;

	snprintf(full, sizeof(full), "%s/%s", sysfs, path);
	if (!text) {
		mkdir(full, 0700);
		return;
	}
	file = fopen(full, "w");
	fputs(text, file);
	fclose(file);
}

static bool make_sysfs(void)
{
	if (!mkdtemp(sysfs))
		return false;
	put("cpu", NULL);
	put("cpu/format", NULL);
	put("cpu/events", NULL);
	put("cpu/type", "4\n");
	put("cpu/format/event", "config:0-7,32-35\n");
	put("cpu/format/umask", "config:8-15\n");
	put("cpu/format/inv", "config:23\n");
	put("cpu/format/ldlat", "config1:0-15\n");
	put("cpu/format/odd", "config9:0-15\n");
	put("cpu/events/mem-loads", "event=0xcd,umask=0x1,ldlat=3\n");
	put("cpu/events/loop", "loop\n");
	put("armv8_pmuv3", NULL);
	put("armv8_pmuv3/format", NULL);
	put("armv8_pmuv3/events", NULL);
	put("armv8_pmuv3/type", "8\n");
	put("armv8_pmuv3/format/event", "config:0-15\n");
	put("armv8_pmuv3/events/inst_retired", "event=0x0008\n");
	put("broken", NULL);
	put("broken/type", "many\n");
	return true;
}

static int add(const char *text)
{
	events_free(&list);
	return events_add(&list, text, sysfs, &error);
}

static void is(unsigned int number, uint32_t type, uint64_t config)
{
	CU_ASSERT_EQUAL(list.event[number].type, type);
	CU_ASSERT_EQUAL(list.event[number].config, config);
	CU_ASSERT_EQUAL(list.event[number].size, sizeof(struct dither_event));
	CU_ASSERT_EQUAL(list.event[number].period, 0);
}

static void generic(void)
{
	CU_ASSERT_EQUAL(add("cycles,instructions,page-faults,cs"), 0);
	CU_ASSERT_EQUAL_FATAL(list.count, 4);
	is(0, PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES);
	is(1, PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS);
	is(2, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS);
	is(3, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES);
	CU_ASSERT_STRING_EQUAL(list.name[3], "cs");
	CU_ASSERT_EQUAL(add("LLC-load-misses,dTLB-stores"), 0);
	is(0, PERF_TYPE_HW_CACHE, 0x10002);
	is(1, PERF_TYPE_HW_CACHE, 0x00103);
}

static void raw(void)
{
	CU_ASSERT_EQUAL(add("r1A8,r11:u"), 0);
	is(0, PERF_TYPE_RAW, 0x1a8);
	is(1, PERF_TYPE_RAW, 0x11);
	CU_ASSERT_EQUAL(list.event[1].flags, DITHER_EVENT_USER_ONLY);
}

static void terms(void)
{
	CU_ASSERT_EQUAL(add("cpu/event=0x1c2,umask=0x81,inv/,cpu/mem-loads/"),
			0);
	CU_ASSERT_EQUAL_FATAL(list.count, 2);
	is(0, 4, 0x1008081c2ULL);
	is(1, 4, 0x1cd);
	CU_ASSERT_EQUAL(list.event[1].config1, 3);
	CU_ASSERT_EQUAL(add("cpu/config=7,config2=9/k"), 0);
	is(0, 4, 7);
	CU_ASSERT_EQUAL(list.event[0].config2, 9);
	CU_ASSERT_EQUAL(list.event[0].flags, DITHER_EVENT_KERNEL_ONLY);
	CU_ASSERT_EQUAL(add("inst_retired:uk"), 0);
	is(0, 8, 8);
	CU_ASSERT_EQUAL(list.event[0].flags, 0);
}

static void refused(void)
{
	static const char *const wrong[] = {
		"",
		"cycle",
		"cycles,",
		"cycles:x",
		"cycles:",
		"r",
		"rxyz",
		"r11111111111111111",
		"cpu/",
		"cpu//x/",
		"cpu/event=0x3c",
		"cpu/event=many/",
		"cpu/event=-1/",
		"cpu/event=0x1000/",
		"cpu/inv=2/",
		"cpu/odd=1/",
		"cpu/loop/",
		"cpu/nothing/",
		"gpu/event=1/",
		"broken/event=1/",
		"../cpu/event=1/",
		"cpu/../type/",
		"cycles,instructions,r1,r2,r3,r4,r5",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		error.text[0] = '\0';
		if (add(wrong[i]) != -EINVAL)
			printf("# %s was taken\n", wrong[i]);
		CU_ASSERT_EQUAL(add(wrong[i]), -EINVAL);
		CU_ASSERT(strlen(error.text) > 10);
	}
}

static void once(void)
{
	CU_ASSERT_EQUAL(add("cycles,cpu-cycles,cycles:u"), 0);
	CU_ASSERT_EQUAL(list.count, 2);
}

static void clocks(void)
{
	bool time = false;

	CU_ASSERT_EQUAL(add("instructions"), 0);
	CU_ASSERT(!events_make_samples(&list));
	CU_ASSERT_EQUAL(events_add_clocks(&list,
					  "cycles:u:1000000,instructions",
					  sysfs, &time, &error),
			0);
	CU_ASSERT(!time);
	CU_ASSERT(events_make_samples(&list));
	CU_ASSERT_EQUAL_FATAL(list.count, 2);
	CU_ASSERT_EQUAL(list.event[1].period, 1000000);
	CU_ASSERT_EQUAL(list.event[1].target_ns, 0);
	CU_ASSERT_EQUAL(list.event[1].flags, DITHER_EVENT_USER_ONLY);
	CU_ASSERT(list.event[0].period > 0);
	events_aim(&list, 5000000);
	CU_ASSERT_EQUAL(list.event[0].target_ns, 5000000);
	CU_ASSERT_EQUAL(list.event[1].target_ns, 0);
	CU_ASSERT_EQUAL(events_add_clocks(&list, "time,cpu/event=1/:77", sysfs,
					  &time, &error),
			0);
	CU_ASSERT(time);
	CU_ASSERT_EQUAL(list.event[2].period, 77);
	CU_ASSERT_EQUAL(events_add_clocks(&list, "cycles:0", sysfs, &time,
					  &error),
			-EINVAL);
	CU_ASSERT_EQUAL(events_add_clocks(&list, "cycles:2000000000000", sysfs,
					  &time, &error),
			-EINVAL);
	CU_ASSERT_EQUAL(events_add_clocks(&list, "cycles:12k", sysfs, &time,
					  &error),
			-EINVAL);
}

static void dropped(void)
{
	CU_ASSERT_EQUAL(add("cycles,instructions,r1"), 0);
	events_drop(&list, 1);
	CU_ASSERT_EQUAL_FATAL(list.count, 2);
	CU_ASSERT_STRING_EQUAL(list.name[1], "r1");
	is(1, PERF_TYPE_RAW, 1);
}

static void reasons(void)
{
	struct dither_event event = { .error = -ENOENT };

	CU_ASSERT_PTR_NOT_NULL(strstr(events_refusal(&event, false), "no PMU"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(events_refusal(&event, true), "not supported"));
	event.error = -EBUSY;
	CU_ASSERT_PTR_NOT_NULL(
		strstr(events_refusal(&event, true), "no counter is free"));
	event.error = -EACCES;
	CU_ASSERT_PTR_NOT_NULL(
		strstr(events_refusal(&event, false), "permission"));
	event = (struct dither_event){ .type = PERF_TYPE_SOFTWARE,
				       .error = -EOPNOTSUPP,
				       .period = 1 };
	CU_ASSERT_PTR_NOT_NULL(strstr(events_refusal(&event, false), "clock"));
}

static const struct unit_case cases[] = {
	{ "perf's generic names are the kernel's numbers", generic },
	{ "raw events are hexadecimal, with modifiers", raw },
	{ "a PMU's terms fill the bits that sysfs says", terms },
	{ "what is no event is refused with a reason", refused },
	{ "an event under two names is one event", once },
	{ "a clock is an event with a period or a frequency", clocks },
	{ "an event that is left out leaves the others in place", dropped },
	{ "each refusal of the module has its own sentence", reasons },
};

int main(void)
{
	char command[64];
	int status;

	if (!make_sysfs())
		return 2;
	status = unit_run("events", cases, sizeof(cases) / sizeof(cases[0]));
	events_free(&list);
	snprintf(command, sizeof(command), "rm -r %s", sysfs);
	return system(command) ? 2 : status;
}
