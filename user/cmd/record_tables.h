/* SPDX-License-Identifier: GPL-2.0 */
/* What `dither record` has to do with unwind tables, from the first to last. */
#ifndef CMD_RECORD_TABLES_H
#define CMD_RECORD_TABLES_H

#include "../capture/kernel_session.h"
#include "../capture/table_thread.h"
#include "../file/writer.h"
#include "record_request.h"

/* Set or leave DITHER_F_TABLES, by what is asked for and what can be. */
void record_tables_choose(struct record_options *options,
			  const struct dither_info *info);

/*
 * Begin to read files: their hashes, and, if that is set, the tables of what will
 * be recorded, to supply @device with; tables_wait() tells when those are done.
 * Draining goes on with it.
 */
int record_tables_begin(struct capture_device *device,
			const struct record_options *options,
			struct error *error);

/* Write the hashes of files that were found meanwhile. */
int record_tables_files(struct capture_device *device, struct writer *writer,
			struct error *error);

/* The recording has ended: wait, not for long, for those that are missing. */
void record_tables_settle(struct capture_device *device);

void record_tables_end(struct capture_device *device,
		       struct tables_result *result);

/* Say what went wrong, in one line at most for each kind. */
void record_tables_complain(const struct tables_result *result);

#endif
