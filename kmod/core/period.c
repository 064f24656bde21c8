// SPDX-License-Identifier: GPL-2.0
/* The arithmetic of period.h, in integers. */
#include "period.h"
#include "schedule.h"

/* One step changes the mean by this factor at most, either way. */
#define STEP_MAX 4

static u64 limit(u64 mean)
{
	if (!mean)
		return 1;
	return min_t(u64, mean, DITHER_EVENT_PERIOD_MAX);
}

void dither_period_start(struct dither_period *period, u64 seed, u32 cpu,
			 u32 event, u64 mean, u64 target_ns)
{
	u64 key = dither_schedule_mix(seed + ((u64)cpu + 1) * DITHER_GOLDEN);

	*period = (struct dither_period){
		.key = dither_schedule_mix(key +
					   ((u64)event + 1) * DITHER_GOLDEN),
		.wanted = limit(mean),
		.target_ns = target_ns,
	};
}

u64 dither_period_draw(struct dither_period *period)
{
	u64 mean = limit(period->wanted << period->shift);
	u64 spread = mean - mean / 4;
	u32 random = dither_schedule_draw(period->key, period->number) >> 32;
	u64 drawn = mean - spread + dither_schedule_scale(2 * spread, random);

	period->means[period->number % DITHER_PERIOD_KEPT] = mean;
	period->number++;
	return drawn ? drawn : 1;
}

/*
 * A quarter of the way to what would have met the target. A long silence says
 * little about the rate at which events come when they do: it counts as eight
 * targets, no more.
 */
void dither_period_adapt(struct dither_period *period, u64 events, u64 ns)
{
	u64 target = period->target_ns, fit, most, least;

	if (!target || !events)
		return;
	if (ns > 8 * target)
		ns = 8 * target;
	if (!ns)
		ns = 1;
	most = limit(period->wanted * STEP_MAX);
	least = limit(period->wanted / STEP_MAX);
	/* events * target / ns, without overflow and in 1/1024. */
	if (events < (1ULL << 22))
		fit = div64_u64(events * (target >> 4), (ns >> 4) + 1);
	else
		fit = div64_u64(events, (ns >> 10) + 1) * (target >> 10);
	if (fit > most)
		fit = most;
	if (fit < least)
		fit = least;
	if (fit > period->wanted)
		period->wanted += (fit - period->wanted + 3) / 4;
	else
		period->wanted -= (period->wanted - fit) / 4;
	period->wanted = limit(period->wanted);
}
