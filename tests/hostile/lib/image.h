/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images of unwind tables: random ones that pass every check and yet lie about
 * all that they say, and such as do not pass. Any thread.
 */
#ifndef HOSTILE_IMAGE_H
#define HOSTILE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

/* As large as any image that is made here. */
#define IMAGE_ROOM (256U << 10)

/* How the rules of an image lie. */
enum image_lie {
	IMAGE_ANYTHING, /* every rule that may be written down */
	IMAGE_FAR,	/* offsets as far as they go */
	IMAGE_LOOP,	/* signal frames that lead nowhere, or back */
	IMAGE_CREEP,	/* a word further each time: as deep as it goes */
	IMAGE_LIES
};

/*
 * An image in @room, which is IMAGE_ROOM bytes on 8 bytes, for pages of 64 KiB
 * of a file from @first_page on. Returns its size.
 */
uint32_t image_make(void *room, uint64_t *random, enum image_lie lie,
		    uint32_t first_page, uint32_t nr_pages);

/* Change it somewhere: its bytes, its counts, its size. Returns the size. */
uint32_t image_spoil(void *room, uint64_t *random, uint32_t bytes);

/* What the specification says of it: 0, or a negative error. */
int image_error(const void *image, uint32_t bytes);

#endif
