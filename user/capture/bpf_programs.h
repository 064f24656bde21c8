/* SPDX-License-Identifier: GPL-2.0 */
/* Where the BPF programs of the running kernel lie, each function of them. */
#ifndef CAPTURE_BPF_PROGRAMS_H
#define CAPTURE_BPF_PROGRAMS_H

#include <stddef.h>
#include <stdint.h>

typedef void bpf_found(void *context, uint64_t start, uint64_t bytes);

/* Call @found for each function whose place the kernel tells; maybe for none. */
void bpf_functions(bpf_found *found, void *context);

/*
 * A number that differs where other programs are loaded; 0 where the kernel does
 * not say.
 */
uint64_t bpf_state(void);

#endif
