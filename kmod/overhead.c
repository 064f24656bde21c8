// SPDX-License-Identifier: GPL-2.0
/*
 * An interrupt takes away from the program that it interrupts more than its
 * handler takes: entry, exit, the kernel's list of timers, the device that is
 * set anew, in a guest the hypervisor too. So a loop reads the clock while a
 * timer interrupts it, and looks how long that held it up. One of the shortest
 * times counts: others are of more than this interrupt, or of a CPU that the
 * hypervisor took away meanwhile, and a budget that is charged with these would
 * slow the clock for as long as the module is loaded.
 *
 * An interrupt of user mode takes longer, and no loop of ours runs there. So a
 * sampled program is interrupted again as soon as it is reached, by interrupts
 * that each raise the next: from the end of one to the beginning of the next is
 * the way out and the way in. The same in the loop above; the difference is what
 * user mode takes more.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/sort.h>

#include "compat/hrtimer.h"
#include "compat/irq_work.h"
#include "overhead.h"

#define INTERRUPTS 31U
#define APART_NS 20000U
#define PATIENCE_NS 20000000U	/* for all of them, on slow machines */
#define READINGS 256U
/* Of interrupts that raise each other: in a chain, and chains that are tried. */
#define LINKS 16U
#define CHAINS 64

struct dither_overhead dither_overhead;
DEFINE_PER_CPU(u64, dither_shared_ns);

static struct hrtimer timer;
/* Written in the interrupt, read by the loop that it interrupts. */
static u32 left;
static u64 handler_ns;

/* One chain at a time, on one CPU. */
static struct {
	unsigned long busy;
	bool user; /* where it began, and goes on */
	u32 links;
	u64 end; /* of the last interrupt */
	u64 gaps[LINKS]; /* from there to the next */
} chain;
static u64 kernel_gap; /* a usual one of the kernel's; 0: not measured */
static atomic_t chains_left = ATOMIC_INIT(CHAINS);

static enum hrtimer_restart interrupt(struct hrtimer *unused)
{
	u64 begun = ktime_get_mono_fast_ns();

	hrtimer_set_expires(&timer, ns_to_ktime(begun + APART_NS));
	WRITE_ONCE(left, left - 1);
	WRITE_ONCE(handler_ns, ktime_get_mono_fast_ns() - begun);
	return left ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

static void link_chain(struct irq_work *work);
static struct irq_work chain_work = DITHER_IRQ_WORK(link_chain);

static int compare(const void *a, const void *b)
{
	u64 one = *(const u64 *)a, other = *(const u64 *)b;

	return one < other ? -1 : one > other;
}

/* A lower quartile: a few of them may be of more than that. */
static void end_chain(void)
{
	u64 gap;

	sort(chain.gaps, LINKS, sizeof(*chain.gaps), compare, NULL);
	gap = chain.gaps[LINKS / 4];
	if (!chain.user) {
		kernel_gap = gap;
	} else if (gap > kernel_gap) {
		gap += dither_overhead.timer_ns - kernel_gap;
		WRITE_ONCE(dither_overhead.user_timer_ns,
			   min_t(u64, gap, NSEC_PER_MSEC));
		WRITE_ONCE(dither_overhead.user_unknown, false);
	}
	/* Pairs with the acquire of who waits for it, or begins another. */
	smp_store_release(&chain.busy, 0);
}

static void link_chain(struct irq_work *work)
{
	u64 begun = ktime_get_mono_fast_ns();

	if (chain.end)
		chain.gaps[chain.links++] = begun - chain.end;
	if (chain.links == LINKS) {
		end_chain();
		return;
	}
	irq_work_queue(work);
	chain.end = ktime_get_mono_fast_ns();
}

static bool begin_chain(bool user)
{
	if (test_and_set_bit(0, &chain.busy))
		return false;
	chain.user = user;
	chain.links = 0;
	chain.end = 0;
	irq_work_queue(&chain_work);
	return true;
}

void dither_overhead_measure_user(void)
{
	if (atomic_read(&chains_left) > 0 && begin_chain(true))
		atomic_dec(&chains_left);
}

static u64 read_clock(void)
{
	u64 begun = ktime_get_mono_fast_ns();
	u32 i;

	for (i = 1; i < READINGS; i++)
		ktime_get_mono_fast_ns();
	return div_u64(ktime_get_mono_fast_ns() - begun, READINGS);
}

/* How long the loop was held up, by each interrupt that it has seen. */
static u32 watch_interrupts(u64 *gaps)
{
	u64 last = ktime_get_mono_fast_ns(), end = last + PATIENCE_NS;
	u32 seen = left, count = 0;
	u64 now, own;

	while (seen && last < end) {
		now = ktime_get_mono_fast_ns();
		if (READ_ONCE(left) == seen) {
			last = now;
			continue;
		}
		seen = READ_ONCE(left);
		/* The interrupt came before or after the last reading. */
		now = ktime_get_mono_fast_ns();
		own = READ_ONCE(handler_ns) + 2 * dither_overhead.clock_ns;
		if (count < INTERRUPTS && now - last > own)
			gaps[count++] = now - last - own;
		last = now;
	}
	return count;
}

/* Interrupts that nobody can raise come with the tick: they are no measure. */
static void measure_chain(void)
{
	u64 end = ktime_get_mono_fast_ns() + PATIENCE_NS;

	begin_chain(false);
	/* Pairs with the release of its end. */
	while (smp_load_acquire(&chain.busy) && ktime_get_mono_fast_ns() < end)
		cpu_relax();
	irq_work_sync(&chain_work);
	if (kernel_gap > 4ULL * dither_overhead.timer_ns)
		kernel_gap = 0;
}

void dither_overhead_measure(void)
{
	u64 gaps[INTERRUPTS];
	u32 count;

	dither_overhead.clock_ns = read_clock();
	/* Else timers come with the tick, which is an interrupt all the same. */
	if (hrtimer_resolution > 1)
		return;
	left = INTERRUPTS;
	hrtimer_setup(&timer, interrupt, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start(&timer, ns_to_ktime(APART_NS),
		      HRTIMER_MODE_REL_PINNED_HARD);
	count = watch_interrupts(gaps);
	hrtimer_cancel(&timer);
	if (!count)
		return;
	sort(gaps, count, sizeof(*gaps), compare, NULL);
	dither_overhead.timer_ns = min_t(u64, gaps[count / 8], NSEC_PER_MSEC);
	dither_overhead.user_timer_ns = dither_overhead.timer_ns;
	measure_chain();
	dither_overhead.user_unknown = kernel_gap;
}

void dither_overhead_uninit(void)
{
	WRITE_ONCE(dither_overhead.user_unknown, false);
	irq_work_sync(&chain_work);
}
