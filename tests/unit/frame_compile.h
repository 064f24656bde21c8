/* SPDX-License-Identifier: GPL-2.0 */
/* Compiling the files of frame_files.h, and asking the tables for rules. */
#ifndef FRAME_COMPILE_H
#define FRAME_COMPILE_H

#include <stdio.h>

#include "../../kmod/core/table_lookup.h"
#include "../../user/unwind/compile.h"
#include "frame_bytes.h"
#include "frame_files.h"

/* Addresses of the text in files that compile_frames() makes. */
#define TEXT_OFFSET 0x4000U
#define TEXT_SIZE 0x2000U
#define TEXT (FRAME_FILE_ADDRESS + TEXT_OFFSET)

static inline int compile_spec(const struct frame_file_spec *spec,
			       struct unwind_table *table, struct error *error)
{
	struct frame_file file = frame_file_make(spec);
	struct elf *elf;
	int code = elf_read_memory(file.bytes, file.size, &elf, error);

	if (!code) {
		code = unwind_compile(elf, table, error);
		elf_close(elf);
	}
	free(file.bytes);
	if (!code && dither_table_check(table->image, table->bytes)) {
		fprintf(stderr, "compiled what is no table\n");
		abort();
	}
	return code;
}

/* Of an .eh_frame alone. */
static inline int compile_frames(uint16_t machine,
				 const struct frame_bytes *frames,
				 struct unwind_table *table,
				 struct error *error)
{
	const struct frame_file_spec spec = {
		.machine = machine,
		.eh = frames->bytes,
		.eh_size = frames->count,
		.text_offset = TEXT_OFFSET,
		.text_size = TEXT_SIZE,
	};

	return compile_spec(&spec, table, error);
}

/* Of an address in the text. */
static inline struct dither_rule rule_at(const struct unwind_table *table,
					 uint64_t address)
{
	return *dither_table_find(table->image, address - FRAME_FILE_ADDRESS);
}

static inline bool same_rule(struct dither_rule rule, struct dither_rule other)
{
	if (!memcmp(&rule, &other, sizeof(rule)))
		return true;
	fprintf(stderr,
		"cfa %u register %u offset %d addend %d, fp %u%+d, ra %u%+d, flags %u; expected %u %u %d %d, %u%+d, %u%+d, %u\n",
		rule.cfa, rule.cfa_register, rule.cfa_offset, rule.cfa_addend,
		rule.fp, rule.fp_offset, rule.ra, rule.ra_offset, rule.flags,
		other.cfa, other.cfa_register, other.cfa_offset,
		other.cfa_addend, other.fp, other.fp_offset, other.ra,
		other.ra_offset, other.flags);
	return false;
}

#endif
