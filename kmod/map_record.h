/* SPDX-License-Identifier: GPL-2.0 */
/*
 * MAP records: a mapping's place, and the name, identity and build-id of the
 * file behind it. Task context, may sleep.
 */
#ifndef DITHER_MAP_RECORD_H
#define DITHER_MAP_RECORD_H

#include "code_files.h"

struct file;
struct mm_struct;
struct task_struct;
struct vm_area_struct;

struct dither_mapping {
	struct file *file; /* NULL: anonymous; a reference is held */
	u64 start;
	u64 length;
	u64 offset;
	u32 tgid;
	u32 tid;
	u8 flags; /* DITHER_MAP_*, DITHER_RECORD_SNAPSHOT */
};

struct dither_map_record {
	struct dither_identity identity;
	struct dither_file *known; /* with a reference, or NULL */
	bool anonymous;		   /* generated code: no identity */
	bool described;
	struct dither_map map;
	/* and its path, up to PATH_MAX and the end of its last 8 bytes */
};

/* @task's @vma, whose lock is held, with a reference to the file. Atomic, too. */
void dither_mapping_of(struct dither_mapping *mapping,
		       const struct vm_area_struct *vma,
		       const struct task_struct *task);

/* Room for a record, not initialised, or NULL. */
struct dither_map_record *dither_map_record_new(void);
void dither_map_record_free(struct dither_map_record *record);

/*
 * A path may be as old as the 134 ms that begin at a multiple of them, and what
 * it leads through may have been moved since.
 */
#define DITHER_PATH_SPAN_SHIFT 27

/*
 * Fill it in but for its time, its size, and what describes its file: path and
 * build-id. @mm: where the mapping is; NULL: not known. An end follows.
 */
void dither_map_record_begin(struct dither_map_record *record,
			     const struct dither_mapping *mapping,
			     struct mm_struct *mm);

/* How large it will most likely be. */
u32 dither_map_record_expect(const struct dither_map_record *record);

/* The rest, unless it is there, from the same mapping. */
void dither_map_record_describe(struct dither_map_record *record,
				const struct dither_mapping *mapping);

void dither_map_record_end(struct dither_map_record *record);

/* The identity of the file that it names, or NULL: there is none. */
static inline const struct dither_identity *
dither_map_record_identity(const struct dither_map_record *record)
{
	return record->anonymous ? NULL : &record->identity;
}

int dither_map_record_init(void);
void dither_map_record_uninit(void);

#endif
