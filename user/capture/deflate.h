/* SPDX-License-Identifier: GPL-2.0 */
/* A text that is compressed as it is made: it alone may be more than memory. */
#ifndef CAPTURE_DEFLATE_H
#define CAPTURE_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>

struct packing {
	z_stream stream;
	unsigned char *bytes;	/* .stream.total_out of them */
	size_t room;
	size_t text_bytes;	/* so far */
};

/* False: there is no memory for it. */
bool packing_begin(struct packing *packing);
void packing_add(struct packing *packing, const char *text, size_t length);
/* Nothing is added later. */
void packing_finish(struct packing *packing);
void packing_free(struct packing *packing);

#endif
