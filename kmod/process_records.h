/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life of processes, told into the rings of all running sessions: fork,
 * exec, comm, exit, and (mapping.h) executable mappings.
 */
#ifndef DITHER_PROCESS_RECORDS_H
#define DITHER_PROCESS_RECORDS_H

#include "../include/dither/abi.h"

struct dither_session;

/* The watch; needed while any session runs. Task context. */
int dither_procs_watch(void);
void dither_procs_unwatch(void);

/* DITHER_IOC_SNAPSHOT: 0, 1 (ring full, see the ABI), -ESRCH, -ENOMEM. */
int dither_procs_snapshot(struct dither_session *session,
			  struct dither_snapshot *snapshot);

#endif
