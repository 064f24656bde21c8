/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Processes whose threads do anything at once to the same few sessions, while
 * one more changes what the others hand over. They must survive, and so must
 * the kernel; every ledger they get to see must balance.
 */
#ifndef HOSTILE_MOB_H
#define HOSTILE_MOB_H

#include <stdbool.h>
#include <stdint.h>

/* Until *stop, or until killed; @post: where sessions are given away. */
void mob_run(uint64_t seed, const volatile bool *stop, int post);

#endif
