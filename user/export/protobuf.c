// SPDX-License-Identifier: GPL-2.0
/* See protobuf.h. */
#include "protobuf.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define WIRE_VARINT 0
#define WIRE_LENGTH 2

void protobuf_free(struct protobuf *message)
{
	free(message->bytes);
	*message = (struct protobuf){ 0 };
}

void protobuf_clear(struct protobuf *message)
{
	message->length = 0;
}

static void put(struct protobuf *message, const void *bytes, size_t length)
{
	if (message->room - message->length < length) {
		message->room = (message->length + length) * 2;
		message->bytes = alloc_resize(message->bytes, message->room, 1);
	}
	if (length)
		memcpy(message->bytes + message->length, bytes, length);
	message->length += length;
}

void protobuf_varint(struct protobuf *message, uint64_t value)
{
	unsigned char bytes[10];
	size_t length = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[length++] = (unsigned char)(value | 0x80);
	bytes[length++] = (unsigned char)value;
	put(message, bytes, length);
}

void protobuf_number(struct protobuf *message, unsigned int field,
		     uint64_t value)
{
	if (!value)
		return;
	protobuf_varint(message, (uint64_t)field << 3 | WIRE_VARINT);
	protobuf_varint(message, value);
}

void protobuf_bytes(struct protobuf *message, unsigned int field,
		    const void *bytes, size_t length)
{
	protobuf_varint(message, (uint64_t)field << 3 | WIRE_LENGTH);
	protobuf_varint(message, length);
	put(message, bytes, length);
}

void protobuf_message(struct protobuf *message, unsigned int field,
		      const struct protobuf *inner)
{
	protobuf_bytes(message, field, inner->bytes, inner->length);
}
