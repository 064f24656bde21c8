/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Processes that mean harm: their memory, registers and code change in any way,
 * and what the module knows of their code does so with them.
 */
#ifndef WALKS_WORLD_H
#define WALKS_WORLD_H

#include "memory.h"

#define WORLD_PROCESSES 6

struct world_process {
	struct task_struct task;
	struct mm_struct mm;
	struct memory memory;
	struct world_map *map; /* NULL: the module knows none */
};

extern struct world_process world_processes[WORLD_PROCESSES];

/* The same seed makes the same world. */
void world_begin(u64 seed);

/* In [0, @bound). */
u64 world_draw(u64 bound);

/* Something happens to a process, or to a table. */
void world_step(void);

/* @process runs; NULL: nothing that has user memory does. */
void world_run(struct world_process *process);

/* Whether its memory is the one that is loaded; read nothing if it is not. */
void world_load(bool own);

/* Write any word anywhere, as another thread of the process that runs. */
void world_scribble(void);

/* What a sampler that an interrupt finds in the kernel was interrupted in. */
struct pt_regs world_kernel_regs(void);

#endif
