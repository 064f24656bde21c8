// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the tests when anything is written to the module's parameter selftest,
 * in the context of who writes, whose memory some of them use. Results go to
 * the kernel's log as TAP; reading the parameter gives "PASSED FAILED".
 */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>

#include "../../../kmod/compat/hrtimer.h"
#include "selftest.h"

/* Often enough to meet each step of what it interrupts, in a slow machine too. */
#define INTERVAL_NS 20000

static const struct selftest *const suites[] = {
	selftest_ring,	    selftest_intern, selftest_lookup,
	selftest_processes, selftest_walk,
};

static DEFINE_MUTEX(lock);
static unsigned int passed;
static unsigned int failed;

static struct interruption {
	struct hrtimer timer;
	void (*function)(void *data);
	void *data;
	bool again;
	bool done;
} interruption;

static enum hrtimer_restart interrupt(struct hrtimer *timer)
{
	interruption.function(interruption.data);
	WRITE_ONCE(interruption.done, true);
	if (!READ_ONCE(interruption.again))
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, ns_to_ktime(INTERVAL_NS));
	return HRTIMER_RESTART;
}

static void begin(void (*function)(void *data), void *data, bool again)
{
	interruption.function = function;
	interruption.data = data;
	interruption.again = again;
	interruption.done = false;
	hrtimer_setup(&interruption.timer, interrupt, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start(&interruption.timer, ns_to_ktime(INTERVAL_NS),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

void selftest_begin_interrupts(void (*function)(void *data), void *data)
{
	begin(function, data, true);
}

void selftest_end_interrupts(void)
{
	WRITE_ONCE(interruption.again, false);
	hrtimer_cancel(&interruption.timer);
}

static void interrupt_once(void (*function)(void *data), void *data)
{
	begin(function, data, false);
	while (!READ_ONCE(interruption.done))
		cpu_relax();
	hrtimer_cancel(&interruption.timer);
}

void selftest_in(enum selftest_context context, void (*function)(void *data),
		 void *data)
{
	unsigned long flags;

	switch (context) {
	case SELFTEST_NO_PREEMPTION:
		preempt_disable();
		function(data);
		preempt_enable();
		break;
	case SELFTEST_NO_INTERRUPTS:
		local_irq_save(flags);
		function(data);
		local_irq_restore(flags);
		break;
	case SELFTEST_INTERRUPT:
		interrupt_once(function, data);
		break;
	default:
		function(data);
	}
}

static void run(const struct selftest *test)
{
	const char *wrong = test->run();

	if (wrong) {
		failed++;
		pr_info("not ok %u - selftest: %s: %s\n", passed + failed,
			test->sentence, wrong);
	} else {
		passed++;
		pr_info("ok %u - selftest: %s\n", passed + failed,
			test->sentence);
	}
}

static int run_all(const char *text, const struct kernel_param *parameter)
{
	const struct selftest *test;
	unsigned int i;

	mutex_lock(&lock);
	passed = 0;
	failed = 0;
	pr_info("TAP version 13\n");
	for (i = 0; i < ARRAY_SIZE(suites); i++) {
		for (test = suites[i]; test->sentence; test++)
			run(test);
	}
	pr_info("1..%u\n", passed + failed);
	mutex_unlock(&lock);
	return 0;
}

static int get_counts(char *text, const struct kernel_param *parameter)
{
	return sysfs_emit(text, "%u %u\n", passed, failed);
}

static const struct kernel_param_ops operations = {
	.set = run_all,
	.get = get_counts,
};

module_param_cb(selftest, &operations, NULL, 0644);
MODULE_PARM_DESC(selftest, "Write to run the tests inside the kernel");
