/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is done to the unwinder while it walks: each of these is the life of one
 * process, until *stop, all at the same time.
 */
#ifndef HOSTILE_LIES_H
#define HOSTILE_LIES_H

#include <stdbool.h>
#include <stdint.h>

/* What became of it, in memory that all processes share. */
struct lies_count {
	uint64_t given;	  /* tables that were taken, for code that runs, */
	uint64_t refused; /* … and those that were no tables */
	uint64_t fillers; /* tables that push others out */
	uint64_t mappings;
	uint64_t stacks; /* that were no stacks */
	uint64_t processes;
	uint64_t failures;
};

struct lies {
	uint64_t random;
	const volatile bool *stop;
	struct lies_count *count;
};

/* Hand over tables for the files of all these programs. */
void lies_give(struct lies *lies);
/* Map, move and unmap code, and run it, in several threads. */
void lies_map(struct lies *lies);
/* Run with stack and frame pointers that point anywhere. */
void lies_stand(struct lies *lies);
/* Fork, exec, and load libraries. */
void lies_breed(struct lies *lies);
/* What they exec: load libraries and end. */
int lies_bred(void);

#endif
