/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests that run inside the kernel, a part of the module when it is made with
 * `make module TEST=selftest`. Each returns NULL, or what does not hold.
 */
#ifndef SELFTEST_H
#define SELFTEST_H

#include <linux/stringify.h>
#include <linux/types.h>

struct selftest {
	const char *sentence;
	const char *(*run)(void);
};

/* Each ends with one without a sentence. Task context, no session open. */
extern const struct selftest selftest_ring[];
extern const struct selftest selftest_intern[];
extern const struct selftest selftest_lookup[];
extern const struct selftest selftest_processes[];
extern const struct selftest selftest_walk[];

#define SELFTEST_EXPECT(condition)                                       \
	do {                                                             \
		if (!(condition))                                        \
			return #condition " does not hold (" __FILE__    \
					  ":" __stringify(__LINE__) ")"; \
	} while (0)

/* Where a test does its work: the contexts in which the sampler may be. */
enum selftest_context {
	SELFTEST_TASK,
	SELFTEST_NO_PREEMPTION,
	SELFTEST_NO_INTERRUPTS,
	SELFTEST_INTERRUPT, /* a hard one, on this CPU */
	SELFTEST_CONTEXTS
};

void selftest_in(enum selftest_context context, void (*function)(void *data),
		 void *data);

/*
 * Have @function interrupt this CPU again and again, from now on until the
 * other one is called. The caller stays on this CPU in between.
 */
void selftest_begin_interrupts(void (*function)(void *data), void *data);
void selftest_end_interrupts(void);

#endif
