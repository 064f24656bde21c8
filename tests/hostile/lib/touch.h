/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading and writing memory that may not be there, or not be one's own to
 * write, and living on. Any thread; what else faults ends the process.
 */
#ifndef HOSTILE_TOUCH_H
#define HOSTILE_TOUCH_H

#include <stdint.h>

/* Catch SIGSEGV and SIGBUS from here on. */
void touch_init(void);

/* As system calls do: 0, or -1 with EFAULT. @value may be NULL. */
int touch_read(const volatile uint32_t *at, uint32_t *value);
int touch_write(volatile uint32_t *at, uint32_t value);

#endif
