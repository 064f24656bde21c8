/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Unwind tables handed over for files of every kind, good, spoilt, torn, and
 * twice; and what the module says it has.
 */
#ifndef HOSTILE_TABLES_H
#define HOSTILE_TABLES_H

#include <stdbool.h>

#include "calls.h"

/* In each process: descriptors of every kind; @can: there are tables here. */
void tables_init(bool can);

/* Any of those descriptors; most are not files. */
int tables_descriptor(uint64_t *random);

void tables_give(struct model *model);
/* For a file that nobody else has: every answer is known. */
void tables_give_own(struct model *model);
void tables_count(struct model *model);

#endif
