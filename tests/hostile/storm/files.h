/* SPDX-License-Identifier: GPL-2.0 */
/*
 * System calls that files know and this device does not: none of them may move
 * a byte. Any thread, as long as its descriptor is the device's or closed.
 */
#ifndef HOSTILE_FILES_H
#define HOSTILE_FILES_H

#include <stdint.h>

/* Before the first fork: descriptors that all use. */
void files_init(void);
void files_attack(int fd, uint64_t *random);

#endif
