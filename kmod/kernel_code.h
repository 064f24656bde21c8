/* SPDX-License-Identifier: GPL-2.0 */
/*
 * CODE records of modules (kernel_code.c), and of BPF programs and trampolines
 * (kernel_code_bpf.c), written into the rings of all running sessions.
 */
#ifndef DITHER_KERNEL_CODE_H
#define DITHER_KERNEL_CODE_H

#include "../include/dither/abi.h"

/* The watch; needed while any session runs. Task context. 0, or an error. */
int dither_code_watch(void);
void dither_code_unwatch(void);

/* Kernel code that was loaded or unloaded. Empty and nameless code is skipped. */
struct dither_code_event {
	enum dither_code_kind kind;
	unsigned int flags;	/* DITHER_CODE_* */
	unsigned long start, length;
	const char *name;
};

/* Write a record for each running session. Any context but NMI. */
void dither_code_emit(const struct dither_code_event *event);

/* The part of kernel_code_bpf.c. */
int dither_code_bpf_watch(void);
void dither_code_bpf_unwatch(void);
bool dither_code_bpf_can_watch(void);

#endif
