/* SPDX-License-Identifier: GPL-2.0 */
/* What an attacker is who has no privilege. One thread at a time. */
#ifndef HOSTILE_NOBODY_H
#define HOSTILE_NOBODY_H

/* Users below it have no names either: NOBODY - 1, NOBODY - 2 … */
#define NOBODY 65534

/* Run by root, this process becomes nobody; exits with 2 if it cannot. */
void become_nobody(void);

#endif
