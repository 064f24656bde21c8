/* SPDX-License-Identifier: GPL-2.0 */
/* Sets of CPUs as people and the kernel write them: 0,2-5. */
#ifndef BASE_CPU_LIST_H
#define BASE_CPU_LIST_H

#include <stdbool.h>

/*
 * The numbers below @count that are @marked, as a list; free() it. An empty
 * string if there is none.
 */
char *cpu_list_text(const bool *marked, unsigned int count);

#endif
