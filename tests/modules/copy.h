/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module made with TEST=copy writes beside samples, for tests/verify:
 * with each user stack that is walked by tables, the registers that it was
 * walked from and a copy of the stack's memory. Other readers skip these
 * records by their size.
 *
 * In one ring, right before the sample: one REGISTERS record, then MEMORY
 * records in any number. Where the stack is an alternate signal stack, memory
 * of the stack that the signal came upon follows that of its own. What is
 * missing, was not in memory at that moment, or had no room in the ring.
 */
#ifndef DITHER_TEST_COPY_H
#define DITHER_TEST_COPY_H

#include "../../include/dither/abi.h"

#define DITHER_TEST_REGISTERS 0xE0	/* header.type */
#define DITHER_TEST_MEMORY 0xE1

/* arm64 has the most: x0 to x30, sp. */
#define DITHER_TEST_REGISTERS_MAX 32

struct dither_test_registers {
	struct dither_record header;	/* .tid: the thread */
	__u64 pc;
	__u64 values[DITHER_TEST_REGISTERS_MAX]; /* by DWARF's numbers */
};

struct dither_test_memory {
	struct dither_record header;
	__u64 address;
	__u8 bytes[];			/* up to header.size */
};

#endif
