/* SPDX-License-Identifier: GPL-2.0 */
/* Where the kernel's code lies that comes and goes. */
#ifndef CAPTURE_CODE_EXTENTS_H
#define CAPTURE_CODE_EXTENTS_H

#include "kernel_symbols.h"

struct code_extent {
	uint64_t start, end;
	char *module;		/* "[ext4]", "[bpf]" */
	char *name;		/* of a function by itself, or NULL */
};

/*
 * Symbols must not be older than what they are of,
 * or what came in between would be without any for good.
 */
struct code_extents {
	uint64_t state;		/* differs where other code is there */
	struct code_extent *extent;	/* by start, none overlapping */
	size_t count, room;
};

/* What differs with what is there; cheap. */
uint64_t extents_state(void);

/* Ask for modules and programs, then, with @symbols read later, find the rest. */
void extents_begin(struct code_extents *extents);
void extents_finish(struct code_extents *extents,
		    const struct captured_symbols *symbols);
void extents_free(struct code_extents *extents);

/* Whether the one is among them, begins there and is called so. */
bool extents_have(const struct code_extents *extents,
		  const struct code_extent *extent);

/*
 * A line of /proc/modules: all that the module has in memory, which begins with
 * its code. False: it is none, or without address.
 */
bool extents_parse_module(const char *line, struct code_extent *extent);

/* A line of /proc/vmallocinfo. False: it is none, or addresses are hidden. */
bool extents_parse_area(const char *line, uint64_t *start, uint64_t *end);

#endif
