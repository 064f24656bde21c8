/* SPDX-License-Identifier: GPL-2.0 */
/* What `dither record` has to do with unwind tables, from the first to last. */
#ifndef CMD_RECORD_TABLES_H
#define CMD_RECORD_TABLES_H

#include "../capture/device.h"
#include "../capture/tables.h"
#include "record_options.h"

/* Set or leave DITHER_F_TABLES, by what is asked for and what can be. */
void record_tables_choose(struct record_options *options,
			  const struct dither_info *info);

/*
 * Begin, if that is set, to supply @device with the tables of what will be
 * recorded; tables_wait() tells when that is done. Draining goes on with it.
 */
int record_tables_begin(struct capture_device *device,
			const struct record_options *options,
			struct error *error);

void record_tables_end(struct capture_device *device,
		       struct tables_result *result);

/* Say what went wrong, in one line at most for each kind. */
void record_tables_complain(const struct tables_result *result);

#endif
