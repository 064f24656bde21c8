/* SPDX-License-Identifier: GPL-2.0 */
/*
 * XXH64 with seed 0, by the xxhash library's header: the recorder takes it
 * over every byte that is sampled, where a CRC without help from the hardware
 * would cost several times as much.
 */
#ifndef BASE_CHECKSUM_H
#define BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/* Of @length bytes at @data, which may be NULL when there are none. */
uint64_t checksum(const void *data, size_t length);

/* Of the bytes of all @parts in order. */
uint64_t checksum_parts(const struct iovec *parts, int count);

#endif
