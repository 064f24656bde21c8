/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interrupts at every place where the module's code touches what interrupts
 * share: this header, included before the .c files under test, makes each
 * marked access of theirs a point at which an interrupt may come, and tries
 * all points of all nested contexts in turn. An interrupt is a function call
 * here, which is what it is for the code that it interrupts.
 */
#ifndef INTERRUPTS_H
#define INTERRUPTS_H

#include "../../kmod/core/portable.h"

#define INTERRUPTS_LEVELS 5 /* one more than a ring can nest */
#define INTERRUPTS_STRIKES 3

struct interrupts {
	/*
	 * What runs: level 0 is interrupted, the last one not. @strike counts
	 * from 0 how often the level below has been interrupted before.
	 */
	void (*context)(u32 level, u32 strike);
	u32 levels;
	u32 strikes;	       /* of level 0, at most */
	void (*prepare)(void); /* before each trial */
	void (*watch)(void);   /* at each point; may be NULL */
	bool (*check)(void);   /* after each trial */
};

static struct {
	const struct interrupts *now; /* NULL: no interrupts */
	u32 level;
	/* Points that each level has come to, and where it is interrupted. */
	long points[INTERRUPTS_LEVELS];
	long at[INTERRUPTS_LEVELS][INTERRUPTS_STRIKES];
} interrupts_state;

static void interrupts_point(void)
{
	u32 level = interrupts_state.level;
	long point;

	if (!interrupts_state.now)
		return;
	if (interrupts_state.now->watch)
		interrupts_state.now->watch();
	point = interrupts_state.points[level]++;
	for (u32 strike = 0; strike < INTERRUPTS_STRIKES; strike++) {
		if (point != interrupts_state.at[level][strike])
			continue;
		interrupts_state.level++;
		interrupts_state.now->context(level + 1, strike);
		interrupts_state.level--;
	}
}

#undef READ_ONCE
#define READ_ONCE(x) \
	(interrupts_point(), __atomic_load_n(&(x), __ATOMIC_RELAXED))
#undef WRITE_ONCE
#define WRITE_ONCE(x, value) \
	(interrupts_point(), __atomic_store_n(&(x), (value), __ATOMIC_RELAXED))
#undef barrier
#define barrier() interrupts_point()
#undef smp_wmb
#define smp_wmb() interrupts_point()
#undef smp_store_release
#define smp_store_release(pointer, value) \
	(interrupts_point(),              \
	 __atomic_store_n(pointer, (value), __ATOMIC_RELEASE))
#define cmpxchg_local(where, old, new) \
	(interrupts_point(), (cmpxchg_local)(where, old, new))
#define local_add(amount, local) \
	(interrupts_point(), (local_add)(amount, local))
#define local_read(local) (interrupts_point(), (local_read)(local))
#define local_xchg(local, value) \
	(interrupts_point(), (local_xchg)(local, value))

struct interrupts_result {
	long trials, failed;
	/* Where the first trial that failed was interrupted. */
	long at[INTERRUPTS_LEVELS][INTERRUPTS_STRIKES];
};

static void interrupts_trial(const struct interrupts *interrupts,
			     struct interrupts_result *result)
{
	interrupts->prepare();
	memset(interrupts_state.points, 0, sizeof(interrupts_state.points));
	interrupts_state.now = interrupts;
	interrupts->context(0, 0);
	interrupts_state.now = NULL;
	result->trials++;
	if (interrupts->check() || result->failed++)
		return;
	memcpy(result->at, interrupts_state.at, sizeof(interrupts_state.at));
}

/* All trials in which each level from @level on is interrupted at most once. */
static void interrupts_nest(const struct interrupts *interrupts,
			    struct interrupts_result *result, u32 level)
{
	long *at = interrupts_state.at[level];

	interrupts_trial(interrupts, result);
	if (level + 1 == interrupts->levels)
		return;
	/* How many points there are is known when they have been passed. */
	for (at[0] = 0; at[0] < interrupts_state.points[level]; at[0]++)
		interrupts_nest(interrupts, result, level + 1);
	at[0] = -1;
}

/* All trials in which level 0 alone is interrupted, @strike times and more. */
static void interrupts_repeat(const struct interrupts *interrupts,
			      struct interrupts_result *result, u32 strike)
{
	long *at = interrupts_state.at[0];

	interrupts_trial(interrupts, result);
	if (strike == interrupts->strikes)
		return;
	for (at[strike] = strike ? at[strike - 1] + 1 : 0;
	     at[strike] < interrupts_state.points[0]; at[strike]++)
		interrupts_repeat(interrupts, result, strike + 1);
	at[strike] = -1;
}

static struct interrupts_result
interrupts_run(const struct interrupts *interrupts)
{
	struct interrupts_result result = { 0 };

	memset(interrupts_state.at, -1, sizeof(interrupts_state.at));
	interrupts_nest(interrupts, &result, 0);
	interrupts_repeat(interrupts, &result, 0);
	return result;
}

#endif
