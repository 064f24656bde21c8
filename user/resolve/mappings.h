/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The executable mappings of one address space: a set of ranges that do not
 * overlap. Sets never change; replacing makes another set that shares all but
 * a few nodes with the old one, so that a fork costs nothing and a process
 * that then maps one more library costs little, whatever the recording holds.
 */
#ifndef RESOLVE_MAPPINGS_H
#define RESOLVE_MAPPINGS_H

#include <stdint.h>

struct module;

struct mapping {
	uint64_t start, end;	/* [start, end) */
	uint64_t offset;	/* of start, in the file */
	struct module *module;
};

/* NULL is the empty set. */
struct mappings;

/* One more owner, one owner less. */
struct mappings *mappings_share(struct mappings *mappings);
void mappings_drop(struct mappings *mappings);

/*
 * A set with @mapping (of at least one byte) in place of what it overlaps;
 * what sticks out of it on either side stays. The old set is not touched.
 */
struct mappings *mappings_replace(struct mappings *mappings,
				  const struct mapping *mapping);

/* NULL: none there. Valid as long as the set. */
const struct mapping *mappings_find(const struct mappings *mappings,
				    uint64_t address);

#endif
