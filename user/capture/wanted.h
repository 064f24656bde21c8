/* SPDX-License-Identifier: GPL-2.0 */
/* The tables that the module asks for, found among the records of a ring. */
#ifndef CAPTURE_WANTED_H
#define CAPTURE_WANTED_H

#include <stdint.h>

#include "../../include/dither/abi.h"

/*
 * Call @found for each whole TABLE_WANTED record between the positions @tail
 * and @head of the ring's @data, of @size bytes; its path is terminated. Looks
 * at headers only, and gives up at one that cannot be.
 */
void wanted_find(const unsigned char *data, uint32_t size, uint32_t tail,
		 uint32_t head,
		 void (*found)(void *context, const struct dither_map *record),
		 void *context);

#endif
