/* SPDX-License-Identifier: GPL-2.0 */
/* Protocol buffers, as far as pprof needs them: written into memory. */
#ifndef EXPORT_PROTOBUF_H
#define EXPORT_PROTOBUF_H

#include <stddef.h>
#include <stdint.h>

struct protobuf {
	unsigned char *bytes;
	size_t length, room;
};

void protobuf_free(struct protobuf *message);
void protobuf_clear(struct protobuf *message);

/* A number alone, as in a packed field. */
void protobuf_varint(struct protobuf *message, uint64_t value);
/* 0 is left out: it is what readers take a lacking field for. */
void protobuf_number(struct protobuf *message, unsigned int field,
		     uint64_t value);
void protobuf_bytes(struct protobuf *message, unsigned int field,
		    const void *bytes, size_t length);
void protobuf_message(struct protobuf *message, unsigned int field,
		      const struct protobuf *inner);

#endif
