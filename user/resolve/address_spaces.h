/* SPDX-License-Identifier: GPL-2.0 */
/* The address spaces of all processes of a recording, told in time order. */
#ifndef RESOLVE_ADDRESS_SPACES_H
#define RESOLVE_ADDRESS_SPACES_H

#include "mappings.h"

struct spaces;

struct spaces *spaces_new(void);
void spaces_free(struct spaces *spaces);

/* A new process: a copy of its parent's mappings. */
void spaces_fork(struct spaces *spaces, uint32_t tgid, uint32_t parent_tgid);

/* All mappings are gone. */
void spaces_exec(struct spaces *spaces, uint32_t tgid);

/* Nothing is known any more of the processes of @tgid's class. */
void spaces_forget(struct spaces *spaces, uint32_t tgid);

/*
 * The process is gone; its mappings stay for samples that come late, until
 * the number is used again.
 */
void spaces_exit(struct spaces *spaces, uint32_t tgid);

/* @mapping replaces what it overlaps. */
void spaces_map(struct spaces *spaces, uint32_t tgid,
		const struct mapping *mapping);

/* NULL: nothing known there. Valid until the process changes. */
const struct mapping *spaces_find(const struct spaces *spaces, uint32_t tgid,
				  uint64_t address);

#endif
