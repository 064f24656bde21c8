/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one of the lab's programs logged of itself; tests/workloads/lab/truth.h
 * specifies the lines. Other lines are of no concern here.
 */
#ifndef LAB_TRUTH_H
#define LAB_TRUTH_H

#include "../base/error.h"
#include "subject.h"

#define TRUTH_NAME_MAX 31U

struct truth {
	uint64_t begin, end; /* CLOCK_MONOTONIC, ns */
	unsigned int count;
	struct {
		char name[TRUTH_NAME_MAX + 1];
		uint64_t ns;
	} functions[SUBJECT_FUNCTIONS];
};

/* -EINVAL: not a log of that kind. -EIO, …: it cannot be read. */
int truth_read(const char *path, struct truth *truth, struct error *error);

#endif
