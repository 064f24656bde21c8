// SPDX-License-Identifier: GPL-2.0
/*
 * The rules are written down here a second time, from the specification: where
 * module and test disagree, one of them is wrong.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../unit/random_numbers.h"

/* A page for numbers and one for masks, each before one that is not there. */
static uint8_t *numbers, *masks;
static size_t page;
static unsigned int cpu_count;
static bool has_tables;

void config_init(unsigned int cpus, bool tables)
{
	page = sysconf(_SC_PAGESIZE);
	cpu_count = cpus;
	has_tables = tables;
	numbers = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	masks = numbers + 2 * page;
	if (numbers == MAP_FAILED || mprotect(numbers + page, page, PROT_NONE) ||
	    mprotect(masks + page, page, PROT_NONE)) {
		perror("memory");
		exit(2);
	}
}

static uint64_t address(const void *pointer)
{
	return (uintptr_t)pointer;
}

static void make_pids(struct config_case *made, uint64_t *random)
{
	struct dither_config *config = &made->config;
	int32_t *pids = (int32_t *)numbers;
	uint32_t count = 1 + random_below(random, 8);

	pids[0] = getpid();
	for (uint32_t i = 1; i < count; i++)
		pids[i] = random_below(random, 2) ? getppid() : 1;
	config->nr_pids = count;
	made->pids = address(pids);
	made->pids_error = 0;
	switch (random_below(random, 12)) {
	case 0:
		pids[random_below(random, count)] = 0;
		made->pids_error = ESRCH;
		break;
	case 1:	/* beyond what Linux gives, and negative */
		pids[random_below(random, count)] = random_next(random) | 1U << 30;
		made->pids_error = ESRCH;
		break;
	case 2:
		made->pids = address(numbers + page) - 4 * (count - 1) - 1;
		made->pids_error = EFAULT;
		break;
	case 3:
		made->pids = ~0ULL - 4 * count;
		made->pids_error = EFAULT;
		break;
	case 4:
		config->nr_pids = DITHER_PIDS_MAX;
		for (uint32_t i = 0; i < DITHER_PIDS_MAX && 4 * i < page; i++)
			pids[i] = 1;
		break;
	}
	config->pids = made->pids;
}

static void make_mask(struct config_case *made, uint64_t *random)
{
	struct dither_config *config = &made->config;
	uint32_t bytes = (cpu_count + 7) / 8 + random_below(random, 9);

	memset(masks, 0, page);
	masks[0] = 1 + random_below(random, cpu_count < 8 ? (1 << cpu_count) - 1 : 255);
	made->mask = address(masks);
	made->mask_error = 0;
	config->cpumask_bytes = bytes;
	switch (random_below(random, 12)) {
	case 0:
		masks[0] = 0;
		made->mask_error = EINVAL;
		break;
	case 1:
		bytes = cpu_count / 8 + 1;
		masks[bytes - 1] |= 1 << cpu_count % 8;
		made->mask_error = EINVAL;
		config->cpumask_bytes = bytes;
		break;
	case 2:	/* nothing is there after the first bytes */
		made->mask = address(masks + page) - bytes + 1;
		made->mask_error = EFAULT;
		break;
	case 3:
		made->mask = ~0ULL - page;
		made->mask_error = EFAULT;
		break;
	case 4:
		config->cpumask_bytes = page;
		break;
	}
	config->cpumask = made->mask;
}

static void make_good(struct config_case *made, uint64_t *random)
{
	static const uint32_t periods[] = { 200000, 1000000, 1000000, 3000000 };
	static const uint32_t rings[] = { 64 << 10, 64 << 10, 128 << 10, 0 };
	struct dither_config *config = &made->config;

	*made = (struct config_case){
		.config.size = sizeof(*config),
		.config.policy = random_below(random, DITHER_POLICY_COUNT),
		.config.period_ns = periods[random_below(random, 4)],
		.config.seed = random_next(random),
		.config.ring_bytes = rings[random_below(random, 4)],
		.config.max_depth = random_below(random, DITHER_DEPTH_MAX + 1),
		.config.flags = random_next(random) & DITHER_F_ALL &
				~DITHER_F_NO_CLOCK,
	};
	if (config->policy == DITHER_POLICY_UNIFORM)
		config->jitter_ppm = random_below(random, DITHER_JITTER_MAX_PPM + 1);
	if (config->flags & DITHER_F_USER_ONLY)
		config->flags &= ~DITHER_F_KERNEL_ONLY;
	if (!random_below(random, 3))
		config->watermark = 1 + random_below(random, 64 << 10);
	if (!random_below(random, 3))
		config->wakeup_ms = 1 + random_below(random, 200);
	if (!random_below(random, 3))
		config->budget_ppm = 1 + random_below(random, 100000);
	if (!random_below(random, 3))
		make_pids(made, random);
	if (!random_below(random, 3))
		make_mask(made, random);
}

static uint64_t near(uint64_t *random, uint64_t value)
{
	return value - 1 + random_below(random, 3);
}

static void spoil(struct config_case *made, uint64_t *random)
{
	struct dither_config *config = &made->config;

	switch (random_below(random, 18)) {
	case 0:
		config->flags ^= 1U << random_below(random, 32);
		break;
	case 1:
		config->policy = near(random, DITHER_POLICY_COUNT);
		break;
	case 2:
		config->policy = random_next(random);
		break;
	case 3:
		config->jitter_ppm = near(random, DITHER_JITTER_MAX_PPM);
		break;
	case 4:
		config->period_ns = near(random, DITHER_PERIOD_MIN_NS);
		break;
	case 5:
		config->period_ns = near(random, DITHER_PERIOD_MAX_NS);
		break;
	case 6:
		config->period_ns = random_next(random);
		break;
	case 7:
		config->ring_bytes = 1U << random_below(random, 32);
		break;
	case 8:
		config->ring_bytes = near(random, DITHER_RING_MIN);
		break;
	case 9:
		config->ring_bytes = DITHER_RING_MAX;
		break;
	case 10:
		config->watermark = random_next(random);
		break;
	case 11:
		config->wakeup_ms = random_next(random);
		break;
	case 12:
		config->budget_ppm = near(random, DITHER_BUDGET_MAX_PPM);
		break;
	case 13:
		config->max_depth = near(random, DITHER_DEPTH_MAX);
		break;
	case 14:
		config->nr_pids = near(random, DITHER_PIDS_MAX + 1);
		made->pids_error = EFAULT;
		config->pids = made->pids = 16;
		break;
	case 15:
		config->cpumask_bytes = random_below(random, 2) ? 0 : page + 1;
		break;
	case 16:
		config->nr_events = 1U << random_below(random, 32);
		break;
	case 17:
		config->events = 1ULL << random_below(random, 64);
		break;
	}
}

/* Emulated machines are slow: what would take all of one is not asked for. */
static void be_reasonable(struct dither_config *config)
{
	if (config->period_ns >= DITHER_PERIOD_MIN_NS &&
	    config->period_ns < 5000000 &&
	    config->budget_ppm <= DITHER_BUDGET_MAX_PPM &&
	    config->budget_ppm > DITHER_BUDGET_MAX_PPM / 10)
		config->budget_ppm = 0;
}

void config_make(struct config_case *made, uint64_t *random,
		 unsigned int changes)
{
	make_good(made, random);
	for (uint64_t i = random_below(random, changes + 1); i; i--)
		spoil(made, random);
	be_reasonable(&made->config);
}

static bool fields_are_good(const struct dither_config *config)
{
	const uint32_t both = DITHER_F_USER_ONLY | DITHER_F_KERNEL_ONLY;
	uint32_t ring = config->ring_bytes ? config->ring_bytes : 1 << 20;
	bool uniform = config->policy == DITHER_POLICY_UNIFORM;

	return !(config->flags & ~DITHER_F_ALL) &&
	       (config->flags & both) != both &&
	       config->policy < DITHER_POLICY_COUNT &&
	       config->jitter_ppm <= (uniform ? DITHER_JITTER_MAX_PPM : 0) &&
	       config->period_ns >= DITHER_PERIOD_MIN_NS &&
	       config->period_ns <= DITHER_PERIOD_MAX_NS &&
	       ring >= DITHER_RING_MIN && ring >= page &&
	       ring <= DITHER_RING_MAX && !(ring & (ring - 1)) &&
	       config->watermark <= ring &&
	       config->budget_ppm <= DITHER_BUDGET_MAX_PPM &&
	       config->max_depth <= DITHER_DEPTH_MAX &&
	       config->nr_pids <= DITHER_PIDS_MAX &&
	       config->nr_events <= DITHER_COUNTERS_MAX &&
	       !config->nr_events == !config->events &&
	       (config->nr_events || !(config->flags & DITHER_F_NO_CLOCK));
}

/* No address that is made here has events. */
static void judge_events(const struct config_case *made,
			 struct verdict *verdict)
{
	if (made->config.nr_events && made->config.events)
		verdict_add(verdict, EFAULT);
}

static void judge_mask(const struct config_case *made, struct verdict *verdict)
{
	const struct dither_config *config = &made->config;

	if (!config->cpumask != !config->cpumask_bytes ||
	    config->cpumask_bytes > page)
		verdict_add(verdict, EINVAL);
	else if (config->cpumask && config->cpumask != made->mask)
		verdict_add(verdict, EFAULT);	/* cut in two */
	else if (config->cpumask && made->mask_error)
		verdict_add(verdict, made->mask_error);
}

static void judge_pids(const struct config_case *made, struct verdict *verdict)
{
	const struct dither_config *config = &made->config;

	if (!config->nr_pids)
		return;
	if (config->pids != made->pids)
		verdict_add(verdict, EFAULT);
	else if (made->pids_error)
		verdict_add(verdict, made->pids_error);
}

void config_judge(const struct config_case *made, struct verdict *verdict)
{
	if (!fields_are_good(&made->config))
		verdict_add(verdict, EINVAL);
	if (made->config.flags & DITHER_F_TABLES && !has_tables)
		verdict_add(verdict, EOPNOTSUPP);
	judge_mask(made, verdict);
	judge_pids(made, verdict);
	judge_events(made, verdict);
}
