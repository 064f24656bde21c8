/* SPDX-License-Identifier: GPL-2.0 */
/* What libdw finds: the other unwinder, that the module's is held against. */
#ifndef VERIFY_REFERENCE_H
#define VERIFY_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "copies.h"

#define REFERENCE_FRAMES_MAX 512

struct process;
struct reference;

struct reference_stack {
	uint64_t addresses[REFERENCE_FRAMES_MAX]; /* [0]: where it was */
	unsigned int count;
	bool outside;		/* memory was wanted that is not in the copy */
	uint64_t missed;	/* … first at this address */
	const char *error;	/* why it did not reach the root, or NULL */
};

/* libdw's idea of the process as it is now; NULL: it can make none. */
struct reference *reference_new(const struct process *process);
void reference_free(struct reference *reference);

void reference_unwind(struct reference *reference, const struct copy *copy,
		      struct reference_stack *stack);

/* Whether there is call frame information for the code at @address. */
bool reference_has_rule(struct reference *reference, uint64_t address);

/*
 * Whether the CFA of the code at @address is in a register other than the stack
 * and the frame pointer, by call frame information.
 */
bool reference_needs_register(struct reference *reference, uint64_t address);

/* Print "name+0x12 (file)". */
void reference_print(struct reference *reference, uint64_t address);

#endif
