// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as call frame information, compiled into a table. The first byte
 * says what the others are: sections of a file that is well otherwise, programs
 * under a CIE that is well, too, or the whole file.
 *
 * Whatever comes out must be a table, have rules for executable bytes only and
 * be what its statistics say. Every now and then the mutator begins again with
 * something that compiles.
 */
#include <errno.h>
#include <stdio.h>

#include "../../kmod/core/table_lookup.h"
#include "../../user/unwind/compile.h"
#include "../../user/unwind/dwarf.h"
#include "../unit/frame_bytes.h"
#include "../unit/frame_files.h"

#define TEXT_OFFSET 0x9000U
#define TEXT_SIZE 0xb000U
#define TEXT (FRAME_FILE_ADDRESS + TEXT_OFFSET)
#define BYTES_MAX 0x8000U
#define FILE_SIZE 0xc00U	/* of a whole one to begin with */

enum {
	ARM64 = 1,
	STRIPPED = 2,
	GO = 4,
	DEBUG = 8,	/* the second half, or all of it without EH */
	EH = 0x10,
	COMPRESSED = 0x20,
	PROGRAMS = 0x40,
	WHOLE_FILE = 0x80,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max,
			       unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);

#define MUST(condition)							\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "not so: %s\n", #condition);	\
			abort();					\
		}							\
	} while (0)

/* The end of the executable segment that has this byte of the file, or 0. */
static uint64_t segment_end(const struct elf *elf, uint64_t offset)
{
	for (size_t i = 0; i < elf->load_count; i++) {
		const struct elf_load *load = &elf->loads[i];

		if (load->executable && offset >= load->offset &&
		    offset - load->offset < load->file_bytes &&
		    offset < elf->bytes)
			return load->file_bytes < elf->bytes - load->offset ?
				       load->offset + load->file_bytes :
				       elf->bytes;
	}
	return 0;
}

/* Each row with a rule is of executable bytes. Returns how many have one. */
static uint64_t check_rows(const struct elf *elf, const unsigned char *image)
{
	const struct dither_table_header *header = (const void *)image;
	const struct dither_rule *rules = (const void *)(header + 1);
	const __u32 *pages = (const void *)(image + dither_table_pages_at(header));
	const struct dither_row *rows =
		(const void *)(image + dither_table_rows_at(header));
	uint64_t covered = 0, from, to;

	for (uint32_t page = 0; page < header->nr_pages; page++) {
		for (uint32_t i = pages[page]; i < pages[page + 1]; i++) {
			from = (uint64_t)(header->first_page + page) << 16;
			to = from + (i + 1 < pages[page + 1] ? rows[i + 1].low :
							       0x10000);
			from += rows[i].low;
			MUST(dither_table_find(image, from) ==
			     &rules[rows[i].rule]);
			MUST(dither_table_find(image, to - 1) ==
			     &rules[rows[i].rule]);
			if (!rows[i].rule)
				continue;
			if (rules[rows[i].rule].cfa != DITHER_CFA_UNSUPPORTED)
				covered += to - from;
			for (; from < to; from = segment_end(elf, from))
				MUST(segment_end(elf, from));
		}
	}
	return covered;
}

static void check_table(const struct elf *elf, const struct unwind_table *table)
{
	const struct unwind_statistics *statistics = &table->statistics;
	const struct dither_table_header *header = (const void *)table->image;

	MUST(!dither_table_check(table->image, table->bytes));
	MUST(statistics->table_bytes == table->bytes);
	MUST(statistics->rows == header->nr_rows);
	MUST(statistics->rules == header->nr_rules);
	MUST(statistics->functions);
	MUST(statistics->covered_bytes == check_rows(elf, table->image));
}

static void compile(const uint8_t *bytes, size_t size)
{
	/* Exactly as large, for reads beyond the end to be seen. */
	uint8_t *file = malloc(size + !size);
	struct unwind_table table;
	struct error error = { "" };
	struct elf *elf;
	int code;

	memcpy(file, bytes, size);
	code = elf_read_memory(file, size, &elf, &error);
	if (!code) {
		code = unwind_compile(elf, &table, &error);
		if (!code)
			check_table(elf, &table);
		else
			MUST(!table.image);
		unwind_table_free(&table);
		elf_close(elf);
	}
	MUST(!code || error.text[0]);
	MUST(!code || code == -EINVAL || code == -ENODATA || code == -ENOTSUP ||
	     code == -E2BIG || code == -ENOEXEC);
	free(file);
}

/* Each program is preceded by its size; what the CIE runs is the first one. */
static void put_programs(struct frame_bytes *out, const uint8_t *data,
			 size_t size, bool arm64)
{
	size_t cie = put_cie(out, "zR", DW_EH_PE_absptr), part;

	for (unsigned int i = 0; size && i < 100; i++) {
		part = data[0] < size ? data[0] : size - 1;
		if (part + 64 > sizeof(out->bytes) - out->count)
			return;
		if (!i) {
			out->bytes[14] = arm64 ? 30 : 16;
			put_bytes(out, data + 1, part);
			end_entry(out);
		} else {
			put_fde(out, cie, TEXT + 0x180 * i, 0x100, data + 1,
				part);
		}
		data += part + 1;
		size -= part + 1;
	}
}

static struct frame_file make_file(uint8_t flags, const uint8_t *data,
				   size_t size)
{
	bool both = flags & EH && flags & DEBUG;
	size_t half = both ? size / 2 : size;
	struct frame_file_spec spec = {
		.machine = flags & ARM64 ? EM_AARCH64 : EM_X86_64,
		.text_offset = TEXT_OFFSET,
		.text_size = TEXT_SIZE,
		.stripped = flags & STRIPPED,
		.go = flags & GO,
	};

	if (flags & EH || !(flags & DEBUG)) {
		spec.eh = data;
		spec.eh_size = half;
	}
	if (flags & DEBUG) {
		spec.debug = data + size - half;
		spec.debug_size = half;
		spec.debug_flags = flags & COMPRESSED ? SHF_COMPRESSED : 0;
		spec.debug_name = data[0] & 1 && flags & COMPRESSED ?
					  ".zdebug_frame" :
					  NULL;
	}
	return frame_file_make(&spec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame_bytes programs = { .count = 0 };
	struct frame_file file;

	if (size < 2 || size > BYTES_MAX)
		return 0;
	if (data[0] & WHOLE_FILE) {
		compile(data + 1, size - 1);
		return 0;
	}
	if (data[0] & PROGRAMS) {
		put_programs(&programs, data + 1, size - 1, data[0] & ARM64);
		file = make_file(data[0] & ~DEBUG, programs.bytes,
				 programs.count);
	} else {
		file = make_file(data[0], data + 1, size - 1);
	}
	compile(file.bytes, file.size);
	free(file.bytes);
	return 0;
}

/* Of every kind of instruction one, some of them twice. */
static const uint8_t instructions[] = {
	0x41, 0x0e, 16, 0x86, 2, 0x43, 0x0d, 6, 0x0a, 0x02, 0x30, 0xc6, 0x0c, 7,
	8, 0x41, 0x0b, 0x48, 0x2e, 16, 0x44, 0x9d, 2, 0x0c, 10, 0, 0x45, 0x10,
	6, 2, 0x76, 0, 0x45, 0x0f, 3, 0x76, 0x78, 0x06, 0x45, 0x0f, 11, 0x77,
	8, 0x80, 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22, 0x41, 0x0f, 6,
	0x77, 0x98, 4, 0x06, 0x23, 56, 0x10, 16, 2, 0x77, 24, 0x2d,
};

/* Functions that may overlap, under one CIE, by addresses of both kinds. */
static void put_functions(struct frame_bytes *out, unsigned int seed)
{
	size_t cie = put_cie(out, "zR", seed & 1 ? 0x1b : 0);
	uint64_t address, program, size;

	for (unsigned int i = 0; i < 1 + (seed >> 1 & 3); i++) {
		address = TEXT + i * (seed >> 3 & 0xfff);
		program = (seed >> 15) % sizeof(instructions);
		size = sizeof(instructions) - program;
		if (!(seed & 1)) {
			put_fde(out, cie, address, 0x100,
				instructions + program, size);
			continue;
		}
		begin_entry(out);
		put(out, out->count - cie, 4);
		put(out, address - (FRAME_FILE_ADDRESS + FRAME_FILE_HEADERS +
				    out->count), 4);
		put(out, 0x100, 4);
		put_uleb(out, 0);
		put_bytes(out, instructions + program, size);
		end_entry(out);
	}
}

/* Something that compiles, as sections or as a file. */
static size_t put_seed(uint8_t *out, unsigned int seed)
{
	struct frame_bytes frames = { .count = 0 };
	struct frame_file file;

	put_functions(&frames, seed >> 4);
	if (seed & 7) {
		out[0] = seed >> 3 & (STRIPPED | GO | EH);
		memcpy(out + 1, frames.bytes, frames.count);
		return frames.count + 1;
	}
	file = frame_file_make(&(struct frame_file_spec){
		.machine = EM_X86_64,
		.eh = frames.bytes,
		.eh_size = frames.count,
		.text_offset = FILE_SIZE - 0x400,
		.text_size = 0x400,
		.stripped = seed & 8,
	});
	out[0] = WHOLE_FILE;
	memcpy(out + 1, file.bytes, file.size);
	/* The segment as far as functions think it is. */
	out[1 + 0x40 + 0x38 + 0x12] = TEXT >> 16 & 0xff;
	out[1 + 0x40 + 0x38 + 0x11] = TEXT >> 8 & 0xff;
	free(file.bytes);
	return file.size + 1;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max,
			       unsigned int seed)
{
	if (size_max > FILE_SIZE && (size < 2 || !(seed % 61)))
		return put_seed(data, seed * 2654435761U >> 4);
	return LLVMFuzzerMutate(data, size, size_max);
}
