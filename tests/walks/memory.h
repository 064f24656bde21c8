/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of the memory of user programs, as the sampler meets it. A program
 * has a few segments of a page each at places that matter; any of them may be
 * missing, and everything else in user space is: a read there fails.
 *
 * A read by the sampler ends the test (walks_fail) unless
 * - the address lies in user space, and the task's own memory is loaded,
 * - it was clamped by memory_clamp() since the window was opened, so that no
 *   speculation goes elsewhere: a comparison is not enough,
 * - the window to user memory is open,
 * - page faults are off, or the context is one in which none is served.
 */
#ifndef WALKS_MEMORY_H
#define WALKS_MEMORY_H

#include "kernel.h"

#define MEMORY_SEGMENTS 5
#define MEMORY_WORDS 128 /* of each segment that chains lie in */

extern const unsigned long memory_segment_at[MEMORY_SEGMENTS];

struct memory {
	u64 words[MEMORY_SEGMENTS][MEMORY_WORDS];
	bool missing[MEMORY_SEGMENTS];
};

/* What the sampler reads from now on; NULL: it must not. */
void memory_use(struct memory *memory);
struct memory *memory_used(void);

/* Whether a comparison counts as a clamp, and page faults may be on. */
extern bool memory_lenient;

/* The context: whether it is one in which no fault is served (IRQ, NMI). */
extern bool memory_atomic;

/*
 * Called before each read: something interrupts the sampler, or another thread
 * of the program writes.
 */
extern void (*memory_before_read)(void);

/* More than one frame needs. */
#define MEMORY_CLAMPS 8

/* Window and faults as an interrupt finds them, to be put back after it. */
struct memory_state {
	bool open;
	int faults_off;
	u32 clamped; /* so many times since the window was opened */
	struct memory_clamp {
		unsigned long value;
		unsigned long bytes; /* that may be read from there on */
	} clamps[MEMORY_CLAMPS];
};

struct memory_state memory_interrupt(void);
void memory_resume(struct memory_state state);

/* Outside the sampler the window is closed, and page faults are on. */
void memory_check_idle(void);

/* Print what is wrong and where it was met, and end. */
__attribute__((noreturn, format(printf, 1, 2))) void
walks_fail(const char *format, ...);

#endif
