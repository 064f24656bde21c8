/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables that will be needed, asked for before the recording begins, so that
 * the first sample of a program is unwound like all others.
 */
#ifndef CAPTURE_TABLE_PREFETCH_H
#define CAPTURE_TABLE_PREFETCH_H

#include "table_thread.h"

/* The vDSO, which every process has. */
void table_prefetch_vdso(struct tables *tables);

/*
 * What the command @name will be run from; and the recorder itself, as which
 * it begins.
 */
void table_prefetch_command(struct tables *tables, const char *name);

/* What the processes @pids have mapped; all processes, if @count is 0. */
void table_prefetch_processes(struct tables *tables, const int *pids,
			      unsigned int count);

#endif
