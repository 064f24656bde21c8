/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is to be done at once, found among the records of a ring: what the module
 * asks for, unwind tables and, by FORGET records, snapshots of processes; and what
 * may be gone later, files without a build-id, and symbols of the kernel's code.
 */
#ifndef CAPTURE_TABLE_REQUESTS_H
#define CAPTURE_TABLE_REQUESTS_H

#include <stdint.h>

#include "../../include/dither/abi.h"

/* Called for each whole one; the path of a mapping is terminated. */
struct table_requests_handler {
	void *context;
	void (*rate)(void *context, const struct dither_rate *record);
	void (*table)(void *context, const struct dither_map *record);
	void (*file)(void *context, const struct dither_map *record);
	void (*snapshot)(void *context, const struct dither_forget *record);
	void (*code)(void *context, const struct dither_code *record);
};

/*
 * Call @handler for what is between the positions @tail and @head of the ring's
 * @data, of @size bytes. Looks at headers only, and gives up at one that cannot
 * be.
 */
void table_requests_find(const unsigned char *data, uint32_t size,
			 uint32_t tail, uint32_t head,
			 const struct table_requests_handler *handler);

#endif
