// SPDX-License-Identifier: GPL-2.0
/* A function of ours with a probe whose handler does nothing is called. */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/workqueue.h>

#include "kprobe_cost.h"
#include "kprobes.h"

#define CALLS 16U
#define ROUNDS 8U
/* Probes are made jumps some ticks after they came, or the last one went. */
#define DELAY msecs_to_jiffies(200)

u32 dither_kprobe_ns;

/* With room for a jump. */
static noinline __noclone void dither_kprobe_cost_place(void)
{
	asm volatile("nop\nnop\nnop\nnop\nnop\nnop\nnop\nnop");
}

static int do_nothing(struct kprobe *probe, struct pt_regs *regs)
{
	return 0;
}

static struct dither_kprobe cost_probe = {
	.function = "dither_kprobe_cost_place",
	.handler = do_nothing,
};

/* One of its rounds is without interrupts. */
static void measure(struct work_struct *work)
{
	u64 least = U64_MAX, begun;
	u32 round, call;

	for (round = 0; round < ROUNDS; round++) {
		preempt_disable();
		begun = ktime_get_mono_fast_ns();
		for (call = 0; call < CALLS; call++)
			dither_kprobe_cost_place();
		least = min(least, ktime_get_mono_fast_ns() - begun);
		preempt_enable();
	}
	WRITE_ONCE(dither_kprobe_ns,
		   min_t(u64, div_u64(least, CALLS), NSEC_PER_MSEC));
}

static DECLARE_DELAYED_WORK(measure_work, measure);

void dither_kprobe_cost_watch(void)
{
	if (dither_kprobe_attach(&cost_probe))
		return;
	measure(NULL);
	schedule_delayed_work(&measure_work, DELAY);
}

void dither_kprobe_cost_unwatch(void)
{
	cancel_delayed_work_sync(&measure_work);
	dither_kprobe_detach(&cost_probe);
}
