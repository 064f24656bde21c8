// SPDX-License-Identifier: GPL-2.0
/* See deflate.h. */
#include "deflate.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

bool packing_begin(struct packing *packing)
{
	memset(packing, 0, sizeof(*packing));
	/* The fastest level: this delays the recording. */
	return deflateInit(&packing->stream, 1) == Z_OK;
}

/* Take @text in; with Z_FINISH, to the end. */
static void pack(struct packing *packing, const char *text, size_t length,
		 int flush)
{
	z_stream *stream = &packing->stream;
	int result;

	packing->text_bytes += length;
	stream->next_in = (unsigned char *)text;
	stream->avail_in = length;
	do {
		if (packing->room - stream->total_out < 1 << 12) {
			packing->room = packing->room ? packing->room * 2 :
							1 << 16;
			packing->bytes =
				alloc_resize(packing->bytes, packing->room, 1);
		}
		stream->next_out = packing->bytes + stream->total_out;
		stream->avail_out = packing->room - stream->total_out;
		result = deflate(stream, flush);
	} while (stream->avail_in || (flush == Z_FINISH && result == Z_OK));
}

void packing_add(struct packing *packing, const char *text, size_t length)
{
	pack(packing, text, length, Z_NO_FLUSH);
}

void packing_finish(struct packing *packing)
{
	pack(packing, "", 0, Z_FINISH);
}

void packing_free(struct packing *packing)
{
	deflateEnd(&packing->stream);
	free(packing->bytes);
}
