// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading: parameters, and the order in which parts come up. */
#include <linux/mm.h>
#include <linux/module.h>

#include "code_map.h"
#include "compat/version.h"
#include "config.h"
#include "core/limits.h"
#include "counter.h"
#include "device.h"
#include "map_record.h"
#include "mapping.h"
#include "overhead.h"
#include "pmu.h"
#include "sample.h"
#include "session.h"
#include "table_registry.h"

static unsigned int budget_ppm = DITHER_BUDGET_DEFAULT_PPM;
module_param(budget_ppm, uint, 0444);
MODULE_PARM_DESC(budget_ppm,
		 "Default share of each CPU that a session may take, in parts per million (default 10000: 1%)");

static unsigned int max_sessions = 16;
module_param(max_sessions, uint, 0444);
MODULE_PARM_DESC(max_sessions, "Sessions that may be open at a time (default 16)");

static unsigned int memory_mb;
module_param(memory_mb, uint, 0444);
MODULE_PARM_DESC(memory_mb,
		 "Memory that the rings of all sessions may take together, in MiB (default: 1/8 of RAM, at most 512 or 2 for each CPU)");

static unsigned int table_mb;
module_param(table_mb, uint, 0444);
MODULE_PARM_DESC(table_mb,
		 "Memory that unwind tables and process maps may take, in MiB (default: 1/16 of RAM, 1 to 128); the least used tables go first");

struct optional_feature {
	u32 feature;
	const char *name;
};

/* What does not hold everywhere, by what a person calls it. */
static const struct optional_feature optional[] __initconst = {
	{ DITHER_FEATURE_USER_STACK, "user stacks" },
	{ DITHER_FEATURE_UNWIND_TABLES, "unwind tables" },
	{ DITHER_FEATURE_MAPS, "new mappings" },
	{ DITHER_FEATURE_CODE, "new BPF programs" },
	{ DITHER_FEATURE_PMU, "hardware events" },
	{ DITHER_FEATURE_IDLE_HOOK, "idle CPUs left asleep" },
	{ DITHER_FEATURE_HIGH_RES, "high resolution timers" },
};

/* Tell, once, what this build has on this kernel, and what it lacks. */
static void __init announce(void)
{
	char list[2][160] = { "kernel stacks", "" };
	u32 features = dither_device_features();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(optional); i++) {
		char *to = list[!(features & optional[i].feature)];

		if (*to)
			strlcat(to, ", ", sizeof(list[0]));
		strlcat(to, optional[i].name, sizeof(list[0]));
	}
	pr_info("has: %s; lacks: %s\n", list[0], *list[1] ? list[1] : "nothing");
	if (dither_overhead.timer_ns)
		pr_info("an interrupt of the timer takes %u ns beside its handler\n",
			dither_overhead.timer_ns);
}

/* Bytes; memory_mb shows it in whole MiB. */
static u64 ring_limit __initdata;

/* Limits that no parameter sets; parameters then show what holds. */
static void __init derive_limits(void)
{
	u64 ram = (u64)totalram_pages() << PAGE_SHIFT;

	ring_limit = (u64)memory_mb << 20;
	if (!memory_mb) {
		ring_limit = dither_limit_rings(ram, num_possible_cpus());
		memory_mb = ring_limit >> 20;
	}
	if (!table_mb)
		table_mb = dither_limit_tables(ram) >> 20;
}

static int __init dither_init(void)
{
	int error;

	derive_limits();
	if (!budget_ppm || budget_ppm > DITHER_BUDGET_MAX_PPM) {
		pr_err("budget_ppm must lie in 1 to %u\n",
		       DITHER_BUDGET_MAX_PPM);
		return -EINVAL;
	}
	error = dither_sample_init();
	if (error)
		goto err_sample;
	error = dither_session_init(max_sessions, ring_limit);
	if (error)
		goto err_session;
	dither_config_init(budget_ppm);
	dither_pmu_init();
	dither_overhead_measure();
	dither_counter_measure();
	dither_tables_init((u64)table_mb << 20);
	error = dither_code_map_init();
	if (error)
		goto err_maps;
	error = dither_map_record_init();
	if (error)
		goto err_records;
	error = dither_device_init();
	if (error)
		goto err_device;
	announce();
	return 0;

err_device:
	dither_map_record_uninit();
err_records:
	dither_code_map_uninit();
err_maps:
	dither_tables_uninit();
	dither_session_uninit();
err_session:
	dither_sample_uninit();
err_sample:
	return error;
}

static void __exit dither_exit(void)
{
	dither_device_uninit();
	dither_session_end_watch();
	dither_mapping_drain();
	dither_map_record_uninit();
	dither_code_map_uninit();
	dither_tables_uninit();
	dither_session_uninit();
	dither_sample_uninit();
	dither_overhead_uninit();
}

module_init(dither_init);
module_exit(dither_exit);

MODULE_DESCRIPTION("dither: a sampling profiler with randomised instants");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
