/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's code through a recording: its own symbols, which stay, and
 * modules, BPF programs and trampolines, which come and go. What lies at an
 * address is told for a time, and only where the recording says that it was
 * there at that time.
 */
#ifndef RESOLVE_KERNEL_H
#define RESOLVE_KERNEL_H

#include "../../include/dither/abi.h"
#include "kallsyms.h"

struct kernel;

struct kernel *kernel_new(void);
void kernel_free(struct kernel *kernel);

/*
 * Symbols as kallsyms_parse() takes them; with a @reading all code but the
 * kernel's own that was there then, with its ends. *hidden: the kernel hid all
 * addresses.
 */
int kernel_add(struct kernel *kernel, const char *text, size_t length,
	       const struct kernel_reading *reading, bool *hidden,
	       struct error *error);

/* Code came or went. Sound, as code_problem() of file/code.h says. */
void kernel_add_record(struct kernel *kernel, const struct dither_code *record);

/*
 * What covers @address at @time. .name is NULL where only its module is known.
 * *lasting: the answer is the same at all times. Nothing is added later.
 */
bool kernel_find(struct kernel *kernel, uint64_t address, uint64_t time,
		 struct kernel_symbol *out, bool *lasting);

/* Where the code lies that kernel_find() has found: all of its module's. */
void kernel_extent(struct kernel *kernel, uint64_t address, uint64_t time,
		   uint64_t *start, uint64_t *end);

#endif
