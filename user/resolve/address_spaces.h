/* SPDX-License-Identifier: GPL-2.0 */
/* The address spaces of all processes of a recording, told in time order. */
#ifndef RESOLVE_ADDRESS_SPACES_H
#define RESOLVE_ADDRESS_SPACES_H

#include "mappings.h"

struct address_spaces;

struct address_spaces *address_spaces_new(void);
void address_spaces_free(struct address_spaces *spaces);

/* A new process: a copy of its parent's mappings. */
void address_spaces_fork(struct address_spaces *spaces, uint32_t tgid,
			 uint32_t parent_tgid);

/* All mappings are gone. */
void address_spaces_exec(struct address_spaces *spaces, uint32_t tgid);

/* Nothing is known any more of the processes of @tgid's class. */
void address_spaces_forget(struct address_spaces *spaces, uint32_t tgid);

/*
 * The process is gone; its mappings stay for samples that come late, until
 * the number is used again.
 */
void address_spaces_exit(struct address_spaces *spaces, uint32_t tgid);

/* @mapping replaces what it overlaps. */
void address_spaces_map(struct address_spaces *spaces, uint32_t tgid,
			const struct mapping *mapping);

/* NULL: nothing known there. Valid until the process changes. */
const struct mapping *address_spaces_find(const struct address_spaces *spaces,
					  uint32_t tgid, uint64_t address);

#endif
