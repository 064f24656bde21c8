/* SPDX-License-Identifier: GPL-2.0 */
/* A walked stack as a STACK record. Pure; IRQ and NMI safe. */
#ifndef DITHER_STACK_RECORD_H
#define DITHER_STACK_RECORD_H

#include "unwind.h"

/* Bytes of the record, a multiple of 8. */
u32 dither_stack_record_bytes(const struct dither_walk *walk);

/* Write the record of @bytes as number @ref at @at; returns where it ends. */
u8 *dither_stack_record_write(u8 *at, const struct dither_walk *walk, u32 ref,
			      u32 bytes);

/* What a stack is known by: a keyed hash of all that its record would say. */
u64 dither_stack_record_hash(const struct dither_walk *walk, const u64 keys[2]);

#endif
