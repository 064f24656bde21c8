/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A .dither file opened for reading: its chunks checked and indexed, its
 * damage listed. Survives any input: what is broken is said and left out.
 */
#ifndef FILE_RECORDING_H
#define FILE_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"
#include "../../include/dither/abi.h"
#include "format.h"
#include "kernel_texts.h"
#include "named_samples.h"

struct recording;

/* One piece of a CPU's record stream, in order; gaps come from lost chunks. */
struct ring_piece {
	const unsigned char *data;
	size_t length;
	uint64_t file_offset; /* of data, for messages */
	uint32_t position;    /* ring position of the first byte */
};

/*
 * -ENOENT, -EACCES, …: cannot be opened; -EINVAL: not a .dither file, or of
 * another version or byte order. A damaged file opens; see the damage below.
 */
int recording_open(const char *path, struct recording **out,
		   struct error *error);
/* The same of a copy: @name stands for it in messages, and is its path. */
int recording_open_as(const char *path, const char *name,
		      struct recording **out, struct error *error);
void recording_close(struct recording *recording);

const char *recording_path(const struct recording *recording);

/* Value of a META key, or NULL. */
const char *recording_meta(const struct recording *recording, const char *key);
/* … as a number, which may be in hexadecimal (0x); 0: it has none. */
uint64_t recording_number(const struct recording *recording, const char *key);

/* CPU numbers lie in [0, recording_cpus()). */
unsigned int recording_cpus(const struct recording *recording);
const struct ring_piece *recording_pieces(const struct recording *recording,
					  unsigned int cpu, size_t *count);

/* How many texts of kernel symbols there are, in the file's order. */
size_t recording_kernel_texts(const struct recording *recording);
/* The text @number; false: it is damaged, which is told. */
int recording_kernel_text(struct recording *recording, size_t number,
			  struct recorded_text *text);

/* What tells files apart that were mapped and have no build-id. */
const struct chunk_file *recording_files(const struct recording *recording,
					 size_t *count);

const unsigned char *recording_vdso(const struct recording *recording,
				    size_t *length);

/* The ledger of @cpu, or NULL: newest LEDGER chunk. */
const struct dither_ledger *recording_ledger(const struct recording *recording,
					     unsigned int cpu);

/*
 * Whether it was imported: its samples are another profiler's, with names, and
 * all that it has are these chunks of them.
 */
int recording_imported(const struct recording *recording);
size_t recording_named_count(const struct recording *recording);
/* The chunk @number, to be freed; false: it is damaged, which is told. */
int recording_named(struct recording *recording, size_t number,
		    struct named *named);

/* Whether END was there and everything before it is whole. */
int recording_complete(const struct recording *recording);

/* Sentences like "FILE:0x1f40: chunk 17 (ring): checksum differs, skipped". */
size_t recording_damage_count(const struct recording *recording);
const char *recording_damage(const struct recording *recording, size_t number);
/*
 * For whoever finds damage later, inside the records. A sentence that is there
 * already is not added again; very many are cut short by a last one saying so.
 */
void recording_add_damage(struct recording *recording, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Whether a part of the file became unreadable since it was opened (it shrank,
 * or its disk failed): what was copied before a "no" is sound. Cheap enough to
 * be asked for every record.
 */
int recording_broken(const struct recording *recording);

/* The same, and whether the file is shorter now: for the end of a pass. */
int recording_shrunk(const struct recording *recording);

#endif
