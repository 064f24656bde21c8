/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The entries of .eh_frame and .debug_frame: CIEs, and the functions that
 * their FDEs describe, as ranges of the file. compile.c runs the programs.
 *
 * What is damaged is an error; what is not known (an augmentation, an
 * encoding) is counted and left out.
 */
#ifndef UNWIND_EH_FRAME_H
#define UNWIND_EH_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"
#include "cfi_program.h"
#include "machine.h"
#include "sections.h"

struct cie {
	uint64_t offset;	/* in its section */
	struct cfi_program_base base;
	uint8_t address_bytes;
	bool augmented;		/* FDEs have augmentation data, too ('z') */
	bool signal;
	bool known;
};

/* A function: a part of the file that an FDE describes. */
struct function {
	uint64_t start;		/* in the file */
	const unsigned char *program;
	uint32_t length;
	uint32_t cfi_program_bytes;
	uint32_t cie;		/* number in struct frames */
	uint16_t load;		/* number of the segment in struct elf */
	uint8_t source;		/* the lower one wins; of eh_frame_read() */
};

struct frames {
	const struct machine *machine;
	const struct elf *elf;
	struct cie *cies;
	size_t cie_count, cie_room;
	struct function *functions;
	size_t function_count, function_room;
	uint64_t unknown;	/* FDEs left out */
	uint8_t **kept;		/* programs */
	size_t kept_count, kept_room;
};

/*
 * Add what @section holds to @frames. @data_base: for DW_EH_PE_datarel, or 0.
 * -EINVAL: damaged.
 */
int eh_frame_read(struct frames *frames, const struct section *section,
		  uint64_t data_base, uint8_t source, struct error *error);

/*
 * The function of an FDE with these addresses, clipped to the executable
 * segment where it begins. False: no segment has it.
 */
bool eh_frame_place(const struct frames *frames, uint64_t address,
		    uint64_t length, struct function *function);

/* What is known of code that does not tell itself: a call frame program. */
struct eh_frame_own {
	const uint8_t *program; /* is kept */
	uint32_t bytes;
	bool signal;
	uint8_t source;
};

/* Make a copy of a call frame program that lasts, for @own. */
void eh_frame_keep(struct frames *frames, const uint8_t *program,
		   uint32_t bytes, struct eh_frame_own *own);

/* Add @length bytes of code at @address, clipped; nothing where there is none. */
void eh_frame_add(struct frames *frames, uint64_t address, uint64_t length,
		  const struct eh_frame_own *own);

/*
 * In ascending order, none overlapping: where a function begins, one that
 * began before ends; of those that begin at the same place the first in the
 * file counts; and one of a higher source number must begin where no function
 * of a lower one is.
 */
void eh_frame_sort(struct frames *frames);

void eh_frame_end(struct frames *frames);

#endif
