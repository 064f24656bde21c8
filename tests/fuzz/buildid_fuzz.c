// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as the beginning of a file, whole and cut in half: a build-id is
 * at most as long as the place for it, and stands in what could be read behind
 * the header of a GNU note.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../kmod/core/buildid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int stands_in(const uint8_t *data, size_t size, const uint8_t *id,
		     uint32_t length)
{
	static const uint8_t owner[] = { 'G', 'N', 'U', 0 };
	const uint32_t header[] = { sizeof(owner), length, 3 };
	uint8_t note[sizeof(header) + sizeof(owner) + DITHER_BUILD_ID_MAX];

	memcpy(note, header, sizeof(header));
	memcpy(note + sizeof(header), owner, sizeof(owner));
	memcpy(note + sizeof(header) + sizeof(owner), id, length);
	return memmem(data, size, note,
		      sizeof(header) + sizeof(owner) + length) != NULL;
}

/* In memory of its own, so that reading beyond it is noticed. */
static void look(const uint8_t *data, size_t size)
{
	uint8_t id[DITHER_BUILD_ID_MAX];
	uint8_t *file = malloc(size);
	uint32_t length;

	if (!file)
		return;
	memcpy(file, data, size);
	length = dither_buildid_find(file, (uint32_t)size, id);
	if (length > sizeof(id) ||
	    (length && !stands_in(file, size, id, length)))
		abort();
	free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (size > DITHER_BUILDID_READ)
		size = DITHER_BUILDID_READ;
	look(data, size);
	look(data, size / 2);
	return 0;
}
