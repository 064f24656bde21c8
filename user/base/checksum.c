// SPDX-License-Identifier: GPL-2.0
/* See checksum.h. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "checksum.h"

uint64_t checksum(const void *data, size_t length)
{
	return data ? XXH64(data, length, 0) : XXH64("", 0, 0);
}

uint64_t checksum_parts(const struct iovec *parts, int count)
{
	XXH64_state_t state;

	XXH64_reset(&state, 0);
	for (int i = 0; i < count; i++)
		if (parts[i].iov_len)
			XXH64_update(&state, parts[i].iov_base,
				     parts[i].iov_len);
	return XXH64_digest(&state);
}
