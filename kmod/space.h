/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The code that is mapped in an address space, as the unwinder knows it. A space
 * never changes: each new mapping makes another one, and readers have the old
 * or the new under RCU. Unmapping is not followed. Nothing runs in what is gone,
 * and what comes in its place is told.
 */
#ifndef DITHER_SPACE_H
#define DITHER_SPACE_H

#include <linux/llist.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>

#include "tables.h"

/* More than any program has; bounds what one process costs. */
#define DITHER_RANGES_MAX 4096U
#define DITHER_PRUNE_MIN 256U

struct dither_range {
	unsigned long start;
	unsigned long end;
	u64 offset;			/* of .start in the file, bytes */
	struct dither_file *file;	/* NULL: anonymous, generated code */
};

struct dither_space {
	u64 id;				/* no two spaces ever have the same; not 0 */
	refcount_t processes;
	bool complete;			/* else what is not here may be code, too */
	u32 count;
	u32 prune_at;			/* as many are likely to be partly gone */
	struct llist_node dead;
	struct dither_range ranges[];	/* ascending, none overlapping */
};

/* The range that has @address, or NULL. IRQ and NMI safe. */
const struct dither_range *dither_space_range(const struct dither_space *space,
					      unsigned long address);

/* With room for @count ranges, and a reference; NULL: no memory. May sleep. */
struct dither_space *dither_space_new(u32 count,
				      const struct dither_space *like);

/* Drop a reference; NULL is fine. Any task context. */
void dither_space_put(struct dither_space *space);

/* What was @old's, with @added over it; @old may be NULL. May sleep. */
struct dither_space *dither_space_with(const struct dither_space *old,
				       const struct dither_range *added);

/* The same ranges but those for which @is_there, unless NULL, says no. */
struct dither_space *
dither_space_copy(const struct dither_space *old,
		  bool (*is_there)(const struct dither_range *range, void *data),
		  void *data);

/* Whether @wanted is there as it is; @space may be NULL. */
bool dither_space_has(const struct dither_space *space,
		      const struct dither_range *wanted);

/* Wait until what nobody has any more is freed. */
void dither_spaces_settle(void);

#endif
