/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a recording needs of the machine besides samples: what was recorded,
 * the vDSO, the ledgers, the processes that run already.
 */
#ifndef CAPTURE_CAPTURE_METADATA_H
#define CAPTURE_CAPTURE_METADATA_H

#include "../file/writer.h"
#include "event_spec.h"
#include "kernel_session.h"

int capture_write_meta(const struct capture_device *device,
		       struct writer *writer,
		       const struct dither_config *config, char **command,
		       struct error *error);

/* What the numbers in samples are of; nothing where there are no events. */
int capture_write_events(struct writer *writer, unsigned int flags,
			 const struct event_list *events, struct error *error);

/* When the clocks began to run, which they do. */
int capture_write_start(struct capture_device *device, struct writer *writer,
			struct error *error);

/* What is known only at the end. */
int capture_write_end_meta(struct capture_device *device,
			   struct writer *writer, struct error *error);

/* The vDSO as it is mapped in this process, or NULL. */
const void *capture_vdso(size_t *bytes);
int capture_write_vdso(struct writer *writer, struct error *error);

int capture_write_ledgers(struct capture_device *device, struct writer *writer,
			  struct error *error);

/* -EXDEV: /proc is another PID namespace's, whose numbers mean others. */
int capture_check_proc(struct error *error);

/* Ask the module for every process under /proc, draining between. */
int capture_snapshot(struct capture_device *device, struct writer *writer,
		     struct error *error);

/*
 * Ask the module again for the processes of FORGET records, as far as their
 * budget allows; @now in seconds.
 */
int capture_relearn(struct capture_device *device, struct writer *writer,
		    double now, struct error *error);

#endif
