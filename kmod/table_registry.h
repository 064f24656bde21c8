/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The unwind tables of files (code_files.h): one for each file, shared by all
 * sessions. A table comes when user space hands it over, and goes when others
 * need its room, or with the last session.
 */
#ifndef DITHER_TABLE_REGISTRY_H
#define DITHER_TABLE_REGISTRY_H

#include <linux/jiffies.h>
#include <linux/rcupdate.h>

#include "code_files.h"
#include "core/table_lookup.h"
#include "table_image.h"

/*
 * Counts up when a table has come: that there was none must not be remembered
 * longer. That a table has gone does not matter: what it said stays true.
 */
extern u32 dither_tables_generation;

/* The table to walk by, or NULL. Under RCU; IRQ and NMI safe. */
static inline const void *dither_file_table(struct dither_file *file)
{
	const struct dither_uploaded_table *image =
		rcu_dereference(file->image);
	unsigned long now = jiffies;

	/* All CPUs share this line. */
	if (now - READ_ONCE(file->used) >= HZ)
		WRITE_ONCE(file->used, now);
	return image ? image->table : NULL;
}

/*
 * DITHER_IOC_TABLE, checked but for the image; DITHER_IOC_TABLES, but for
 * .evicted.
 */
int dither_tables_take(const struct dither_table_image *request);
void dither_tables_count(struct dither_tables *tables);

/* Drop tables until there is room for @bytes more of maps and files. May sleep. */
void dither_tables_make_room(u64 bytes);

/* Forget files that no process has mapped, the older half. May sleep. */
void dither_tables_forget_unmapped(void);

/* Count a mapping, or a process's, for which there was no room. */
void dither_tables_miss(void);

/* The last session is gone. */
void dither_tables_drop_all(void);

void dither_tables_init(u64 memory_limit);
void dither_tables_uninit(void);

#endif
