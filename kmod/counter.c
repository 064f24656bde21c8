// SPDX-License-Identifier: GPL-2.0
/* The speed of the cycle counter; see counter.h. */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/preempt.h>
#ifdef CONFIG_X86
#include <asm/tsc.h>
#endif

#include "counter.h"

#define ROUNDS 4
#define ROUND_NS 50000U
/* Of the speed: what the clock's adjustment may take away. */
#define MARGIN 64

u32 dither_counter_speed;

/*
 * The cycles lie between the readings of the clock. An interrupt, or a
 * hypervisor that takes the CPU away, makes the speed too low, never too high.
 */
static u64 measure_round(void)
{
	u64 begun, now, cycles;

	preempt_disable();
	begun = ktime_get_mono_fast_ns();
	cycles = get_cycles();
	do {
		now = ktime_get_mono_fast_ns();
	} while (now - begun < ROUND_NS);
	cycles = get_cycles() - cycles;
	now = ktime_get_mono_fast_ns();
	preempt_enable();
	/* Not a counter that was set back, nor one that overflowed. */
	if (cycles >> (64 - DITHER_COUNTER_SHIFT))
		return 0;
	return div64_u64(cycles << DITHER_COUNTER_SHIFT, now - begun);
}

void dither_counter_measure(void)
{
	u64 speed = 0;
	int round;

	/* A narrower one starts again from 0 within seconds. */
	if (sizeof(cycles_t) < sizeof(u64))
		return;
	for (round = 0; round < ROUNDS; round++)
		speed = max(speed, measure_round());
	speed -= speed / MARGIN;
	dither_counter_speed = speed <= U32_MAX ? speed : 0;
}

bool dither_counter_is_steady(void)
{
#if defined(CONFIG_X86)
	return dither_counter_speed && !check_tsc_unstable();
#elif defined(CONFIG_ARM64) || defined(CONFIG_RISCV)
	return dither_counter_speed;
#else
	return false;
#endif
}
