// SPDX-License-Identifier: GPL-2.0
/*
 * A line program makes sequences of rows, each ascending by address. Linkers
 * leave the programs of functions that they removed, at address 0: those are
 * left out.
 */
#include "debug_line.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/string_table.h"
#include "debug_line_header.h"

#define ROWS_MAX (1U << 24)
#define INFLATED_MAX ((uint64_t)512 << 20)
#define RATIO_MAX 1032 /* of deflate */

struct row {
	uint64_t address;
	uint32_t file; /* text */
	uint32_t line; /* 0: none */
};

struct sequence {
	uint64_t start, end; /* addresses */
	size_t first, count; /* rows */
};

struct debug_lines {
	struct string_table *files;
	struct row *rows;
	struct sequence *sequences; /* ascending by start */
	size_t row_count, row_room, count, room;
};

/* The registers of a line program. */
struct state {
	uint64_t address, file, line;
	size_t first; /* row of the sequence */
	bool begun;
};

static Elf_Data *inflated(Elf_Scn *section)
{
	GElf_Shdr header;
	GElf_Chdr claim;

	if (!gelf_getshdr(section, &header) || !gelf_getchdr(section, &claim) ||
	    claim.ch_size > INFLATED_MAX ||
	    claim.ch_size / RATIO_MAX > header.sh_size ||
	    elf_compress(section, 0, 0) < 0)
		return NULL;
	return elf_getdata(section, NULL);
}

static struct dwarf_reader find_section(struct elf *elf, const char *name)
{
	const char *ident = elf_getident(elf->handle, NULL);
	struct dwarf_reader reader = {
		.big = ident && ident[EI_DATA] == ELFDATA2MSB,
	};
	Elf_Scn *section = NULL;
	Elf_Data *data = NULL;
	GElf_Shdr header;

	while (!data && (section = elf_nextscn(elf->handle, section))) {
		if (!gelf_getshdr(section, &header) ||
		    strcmp(elf_section_name(elf, &header), name))
			continue;
		data = header.sh_flags & SHF_COMPRESSED ?
			       inflated(section) :
			       elf_section_data(elf, section, &header);
	}
	if (data && data->d_buf) {
		reader.at = data->d_buf;
		reader.end = reader.at + data->d_size;
	}
	return reader;
}

static void put_row(struct debug_lines *lines, struct state *state,
		    const struct line_header *header)
{
	uint32_t file = state->file < header->file_count ?
				header->files[state->file] :
				0;
	uint32_t line = state->line <= UINT32_MAX ? (uint32_t)state->line : 0;
	struct row *last;

	if (!state->begun) {
		state->first = lines->row_count;
		state->begun = true;
	}
	if (lines->row_count > state->first) {
		last = &lines->rows[lines->row_count - 1];
		if (last->file == file && last->line == line)
			return;
		if (last->address == state->address) {
			last->file = file;
			last->line = line;
			return;
		}
	}
	if (lines->row_count == ROWS_MAX)
		return;
	lines->rows = alloc_grow(lines->rows, lines->row_count,
				 &lines->row_room, sizeof(*lines->rows));
	lines->rows[lines->row_count++] =
		(struct row){ state->address, file, line };
}

static void end_sequence(struct debug_lines *lines, struct state *state)
{
	const struct row *first = &lines->rows[state->first];
	size_t count = lines->row_count - state->first;

	if (state->begun && count && first->address &&
	    first->address < state->address) {
		lines->sequences = alloc_grow(lines->sequences, lines->count,
					      &lines->room,
					      sizeof(*lines->sequences));
		lines->sequences[lines->count++] = (struct sequence){
			.start = first->address,
			.end = state->address,
			.first = state->first,
			.count = count,
		};
	} else if (state->begun) {
		lines->row_count = state->first;
	}
	*state = (struct state){ .file = 1, .line = 1 };
}

static void run_extended(struct debug_lines *lines, struct state *state,
			 struct dwarf_reader *reader)
{
	enum { END_SEQUENCE = 1, SET_ADDRESS = 2 };
	uint64_t length = dwarf_unsigned(reader);
	struct dwarf_reader inner = *reader;
	uint64_t operation;

	dwarf_skip(reader, length);
	if (!length || reader->bad)
		return;
	operation = dwarf_number(&inner, 1);
	if (operation == END_SEQUENCE)
		end_sequence(lines, state);
	else if (operation == SET_ADDRESS && length - 1 <= 8)
		state->address = dwarf_number(&inner, (unsigned int)length - 1);
}

static void advance(struct state *state, const struct line_header *header,
		    uint64_t operations)
{
	state->address += operations * header->instruction;
}

static void run_standard(struct debug_lines *lines, struct state *state,
			 const struct line_header *header, unsigned int opcode,
			 struct dwarf_reader *reader)
{
	enum {
		COPY = 1,
		ADVANCE_PC = 2,
		ADVANCE_LINE = 3,
		SET_FILE = 4,
		CONST_ADD_PC = 8,
		FIXED_ADVANCE_PC = 9
	};

	switch (opcode) {
	case COPY:
		put_row(lines, state, header);
		break;
	case ADVANCE_PC:
		advance(state, header, dwarf_unsigned(reader));
		break;
	case ADVANCE_LINE:
		state->line += (uint64_t)dwarf_signed(reader);
		break;
	case SET_FILE:
		state->file = dwarf_unsigned(reader);
		break;
	case CONST_ADD_PC:
		advance(state, header,
			(255U - header->opcode_base) / header->line_range);
		break;
	case FIXED_ADVANCE_PC:
		state->address += dwarf_number(reader, 2);
		break;
	default:
		for (unsigned int i = header->lengths[opcode - 1]; i--;)
			dwarf_unsigned(reader);
	}
}

static void run_special(struct debug_lines *lines, struct state *state,
			const struct line_header *header, unsigned int opcode)
{
	unsigned int adjusted = opcode - header->opcode_base;

	advance(state, header, adjusted / header->line_range);
	state->line +=
		(uint64_t)(int64_t)(header->line_base +
				    (int)(adjusted % header->line_range));
	put_row(lines, state, header);
}

static void run(struct debug_lines *lines, const struct line_header *header)
{
	struct dwarf_reader reader = header->program;
	struct state state = { .file = 1, .line = 1 };

	while (reader.at < reader.end) {
		unsigned int opcode = (unsigned int)dwarf_number(&reader, 1);

		if (!opcode)
			run_extended(lines, &state, &reader);
		else if (opcode < header->opcode_base)
			run_standard(lines, &state, header, opcode, &reader);
		else
			run_special(lines, &state, header, opcode);
	}
	/* What has no end is of no extent. */
	if (state.begun)
		lines->row_count = state.first;
}

static int by_start(const void *left, const void *right)
{
	const struct sequence *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

struct debug_lines *debug_lines_read(struct elf *elf)
{
	struct dwarf_reader section = find_section(elf, ".debug_line");
	struct line_strings strings;
	struct debug_lines *lines;
	struct line_header header;

	if (!section.at)
		return NULL;
	strings.line = find_section(elf, ".debug_line_str");
	strings.all = find_section(elf, ".debug_str");
	lines = alloc_zeroed(1, sizeof(*lines));
	lines->files = string_table_new();
	string_table_add(lines->files, "", 0); /* number 0: not known */
	while (line_header_read(&section, &strings, lines->files, &header)) {
		run(lines, &header);
		line_header_free(&header);
	}
	if (!lines->count) {
		debug_lines_free(lines);
		return NULL;
	}
	qsort(lines->sequences, lines->count, sizeof(*lines->sequences),
	      by_start);
	return lines;
}

void debug_lines_free(struct debug_lines *lines)
{
	if (!lines)
		return;
	string_table_free(lines->files);
	free(lines->rows);
	free(lines->sequences);
	free(lines);
}

static const struct sequence *find_sequence(const struct debug_lines *lines,
					    uint64_t address)
{
	size_t low = 0, high = lines->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (lines->sequences[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && address < lines->sequences[low - 1].end ?
		       &lines->sequences[low - 1] :
		       NULL;
}

bool debug_lines_find(const struct debug_lines *lines, uint64_t address,
		      const char **file, uint32_t *line)
{
	const struct sequence *sequence = find_sequence(lines, address);
	const struct row *rows;
	size_t low = 0, high;

	if (!sequence)
		return false;
	rows = lines->rows + sequence->first;
	high = sequence->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rows[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || !rows[low - 1].line || !rows[low - 1].file)
		return false;
	*file = string_table_text(lines->files, rows[low - 1].file);
	*line = rows[low - 1].line;
	return true;
}
