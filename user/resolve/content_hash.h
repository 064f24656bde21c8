/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tells a program from any other, where it has no build-id: hashes of what it
 * runs and of its symbols (docs/file-format.md, FILES).
 */
#ifndef RESOLVE_CONTENT_HASH_H
#define RESOLVE_CONTENT_HASH_H

#include <stdbool.h>
#include <stdint.h>

struct elf;

struct content {
	uint64_t code;		/* and of the symbols that go with it */
	uint64_t names;		/* of the others; 0: there are none */
};

/* Of a file, all of whose code is read. False: it cannot be. */
bool content_read(struct elf *elf, struct content *content);

/*
 * Whether @found is the program @recorded, or that with or without the symbols
 * that can be stripped.
 */
bool content_agrees(const struct content *recorded,
		    const struct content *found);

/* What is known of a file without a build-id, as its MAP records name it. */
struct recorded_content {
	uint64_t inode, bytes;
	int64_t mtime_ns;
	uint32_t dev_major, dev_minor;
	struct content content;
};

#endif
