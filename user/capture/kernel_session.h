/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A session of /dev/dither as the recorder sees it: configured, its rings
 * mapped. See include/dither/abi.h for what each call means.
 */
#ifndef CAPTURE_KERNEL_SESSION_H
#define CAPTURE_KERNEL_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "../../include/dither/abi.h"
#include "../base/error.h"

struct forgotten;
struct hash;
struct tables;

struct capture_ring {
	unsigned int cpu;
	const struct dither_head *head;
	const unsigned char *data;
	struct dither_tail *tail;
	uint32_t size;		/* of data */
	uint32_t role;		/* enum dither_role */
};

struct capture_device {
	int fd;
	struct dither_info info;
	struct capture_ring *rings;	/* one per CPU that is present */
	unsigned int ring_count;
	uint64_t slowest_ns;		/* longest cell that draining found the
					 * governor to set; 0: none
					 */
	struct tables *tables;		/* what draining finds wanted goes
					 * there; NULL: nowhere
					 */
	struct forgotten *forgotten;	/* the same for FORGET records */
	struct hash *hashed;		/* files that were asked for; NULL: none
					 * are to be
					 */
	unsigned int hashed_count;
	uint64_t start_ns;		/* of the clocks */
	bool code_changed;		/* draining found that modules came */
};

/*
 * Open the device. The error tells what to do: -ENOENT no module, -EACCES no
 * permission, -EPROTO another ABI.
 */
int capture_open(struct capture_device *device, struct error *error);

/*
 * Configure (defaults are written back to @config) and map the rings. The error
 * tells what was asked for, why it was refused and what to do.
 */
int capture_configure(struct capture_device *device,
		      struct dither_config *config, struct error *error);

int capture_start(struct capture_device *device, struct error *error);
int capture_stop(struct capture_device *device, struct error *error);

/* The ledger of @ring's CPU. */
int capture_ledger(struct capture_device *device,
		   const struct capture_ring *ring,
		   struct dither_ledger *ledger);

/*
 * Hand a table over: a table_loader_send, for any thread. @descriptor is the
 * device's, as a pointer.
 */
int capture_send_table(void *descriptor,
		       const struct dither_table_image *image);

/* What has become of tables: 0, or a negative errno. */
int capture_tables(const struct capture_device *device,
		   struct dither_tables *tables);

void capture_close(struct capture_device *device);

#endif
