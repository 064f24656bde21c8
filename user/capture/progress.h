/* SPDX-License-Identifier: GPL-2.0 */
/* What a recording says about itself on stderr: while it runs, and after. */
#ifndef CAPTURE_PROGRESS_H
#define CAPTURE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../file/writer.h"
#include "kernel_session.h"

struct progress {
	bool shown; /* a line stands on the terminal */
	bool wanted;
	double started; /* seconds, CLOCK_MONOTONIC */
	double next;
};

/* Before all others. */
void progress_init(struct progress *progress, bool quiet);

/* The recording begins now. */
void progress_begin(struct progress *progress);

/* The recording waits for @left unwind tables; as progress_update(). */
void progress_tables(struct progress *progress, size_t left);

/* At most twice a second, and only when stderr is a terminal. */
void progress_update(struct progress *progress, struct capture_device *device,
		     const struct writer *writer);

/* Wipe the line. */
void progress_clear(struct progress *progress);

/* One closing line. */
void progress_summary(struct capture_device *device,
		      const struct writer *writer, const char *path);

double progress_now(void);

#endif
