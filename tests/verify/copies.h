/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The copies of stacks (tests/modules/copy.h) in a recording, by the samples
 * that they belong to.
 */
#ifndef VERIFY_COPIES_H
#define VERIFY_COPIES_H

#include <stdbool.h>
#include <stddef.h>

#include "../../user/file/recording.h"
#include "../modules/copy.h"

/* Everything points into the recording. */
struct copy {
	uint64_t time;		/* of the sample */
	uint32_t tid;
	const struct dither_test_registers *registers;
	const struct dither_test_memory **memory;
	size_t count;
};

struct copies;

struct copies *copies_read(struct recording *recording);
void copies_free(struct copies *copies);

/* All of them. */
size_t copies_count(const struct copies *copies);

/*
 * That of @sample, or NULL. The samples of one CPU are to come in the order of
 * their time.
 */
const struct copy *copies_find(struct copies *copies, unsigned int cpu,
			       const struct dither_sample *sample);

/* The word at @address, if the copy has it. */
bool copy_word(const struct copy *copy, uint64_t address, uint64_t *word);

#endif
