/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mappings of a session's ring, right and wrong, and what may be tried on
 * them. One thread at a time.
 */
#ifndef HOSTILE_MAPS_H
#define HOSTILE_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct maps {
	int fd;
	bool writable;		/* how .fd was opened */
	unsigned int cpus;	/* numbers below it may have a ring */
	bool configured;
	uint32_t size;		/* of the data, where a CPU is sampled, */
	uint32_t side;		/* … and where not */
	const uint8_t *mask;	/* of sampled CPUs; NULL: all */
	uint32_t mask_bytes;
	/* Of the CPU that was mapped last; NULL: not mapped. */
	uint32_t *tail;
	uint32_t *head;
	size_t data_bytes;	/* head page included */
};

/* mmap() with anything; a mapping that is right is kept. */
void maps_try(struct maps *maps, uint64_t *random);

/* Both of one CPU, as they must be. */
void maps_make(struct maps *maps, unsigned int cpu);
void maps_drop(struct maps *maps);

/* Something that one may, or may not, do to a mapping. */
void maps_attack(struct maps *maps, uint64_t *random);

#endif
