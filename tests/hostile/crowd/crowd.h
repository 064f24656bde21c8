/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an unprivileged program may do to annoy a profiler of all programs. Each
 * function does one such thing for some milliseconds and returns, in a process
 * of its own that may be killed at any time; what a kernel does not allow is
 * left out.
 */
#ifndef HOSTILE_CROWD_H
#define HOSTILE_CROWD_H

#include <stdint.h>

/* Of processes. */
void crowd_rename(uint64_t *random);
void crowd_fork(uint64_t *random);
void crowd_exec(uint64_t *random);
void crowd_threads(uint64_t *random);
void crowd_trace(uint64_t *random); /* another one's registers change */

/* Of memory. */
void crowd_map_code(uint64_t *random);
void crowd_fill_memory(uint64_t *random);

/* Of stacks. */
void crowd_poison(uint64_t *random); /* chains that lead anywhere */
void crowd_switch_stacks(uint64_t *random);
void crowd_pull_pages(uint64_t *random); /* … from under the frames */
void crowd_hold_pages(uint64_t *random); /* … by userfaultfd */
void crowd_signals(uint64_t *random);	 /* on stacks of their own */

#endif
