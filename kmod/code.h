/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Code of the kernel that comes and goes, told into the rings of all running
 * sessions: modules (code.c), and BPF programs and trampolines (code_bpf.c).
 */
#ifndef DITHER_CODE_H
#define DITHER_CODE_H

#include "../include/dither/abi.h"

/* The watch; needed while any session runs. Task context. 0, or an error. */
int dither_code_watch(void);
void dither_code_unwatch(void);

/* What is told. */
struct dither_code_event {
	enum dither_code_kind kind;
	unsigned int flags;	/* DITHER_CODE_* */
	unsigned long start, length; /* nothing is told of nothing */
	const char *name;	/* … nor of what has no name */
};

/* Tell all running sessions. Any context but NMI. */
void dither_code_tell(const struct dither_code_event *event);

/* The part of code_bpf.c. */
int dither_code_bpf_watch(void);
void dither_code_bpf_unwatch(void);
bool dither_code_bpf_can_watch(void);

#endif
