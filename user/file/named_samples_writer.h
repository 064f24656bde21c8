/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes NAMED_SAMPLES chunks: equal entries are kept once, until a chunk is
 * written; then all of them are forgotten, so that memory is bounded by what
 * the caller lets gather.
 */
#ifndef FILE_NAMED_SAMPLES_WRITER_H
#define FILE_NAMED_SAMPLES_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"
#include "format.h"

struct writer;
struct named_writer;

struct named_writer *named_writer_new(void);
void named_writer_free(struct named_writer *named);

/* The numbers of these, good until the next chunk; fields are set, all. */
uint32_t named_writer_text(struct named_writer *named, const char *text,
			   size_t length);
uint32_t named_writer_frame(struct named_writer *named,
			    const struct named_frame *frame);
uint32_t named_writer_thread(struct named_writer *named,
			     const struct named_thread *thread);
uint32_t named_writer_call(struct named_writer *named,
			   const struct named_call *call);
void named_writer_sample(struct named_writer *named,
			 const struct named_sample *sample);

/* What the chunk would take now. */
size_t named_writer_bytes(const struct named_writer *named);

/* Write the chunk, if there are samples, and begin another; as writer_chunk(). */
int named_writer_flush(struct named_writer *named, struct writer *writer,
		       struct error *error);

#endif
