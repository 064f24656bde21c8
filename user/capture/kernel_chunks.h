/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's code as a recording keeps it: all symbols at the beginning, and
 * what was there besides the kernel's own, each time that this may have changed.
 */
#ifndef CAPTURE_KERNEL_CHUNKS_H
#define CAPTURE_KERNEL_CHUNKS_H

#include <stdbool.h>

#include "../file/writer.h"

struct kernel_code;

struct kernel_code *code_new(void);
void code_free(struct kernel_code *code);

/*
 * Before the recording begins, so that a killed recorder leaves a file that can be
 * read anywhere. *hidden: the kernel shows no addresses; nothing is written then,
 * nor later.
 */
int code_write_first(struct kernel_code *code, struct writer *writer,
		     bool *hidden, struct error *error);

/* Whether other modules or BPF programs are there now; cheap to ask. */
bool code_differs(struct kernel_code *code);

/* What is there now, with the symbols of those that are new. */
int code_write_again(struct kernel_code *code, struct writer *writer,
		     struct error *error);

#endif
