// SPDX-License-Identifier: GPL-2.0
/* See compile.h: sections, entries, programs, rules and rows in that order. */
#include "compile.h"

#include <errno.h>
#include <stdlib.h>

#include "eh_frame.h"
#include "entry_code.h"
#include "rows.h"
#include "rules.h"
#include "sections.h"
#include "stubs.h"
#include "trampoline.h"

/* The better ones first: see eh_frame_sort(). */
enum source { SOURCE_EH_FRAME, SOURCE_DEBUG_FRAME, SOURCE_TRAMPOLINE };

struct compilation {
	struct frames frames;
	struct sections sections;
	struct rules rules;
	struct rows rows;
	struct unwind_statistics *statistics;
};

const char *unwind_unsupported_name(enum unwind_unsupported why)
{
	static const char *const names[UNWIND_UNSUPPORTED_COUNT] = {
		[UNWIND_SUPPORTED] = "supported",
		[UNWIND_CFA_EXPRESSION] = "CFA expression",
		[UNWIND_CFA_REGISTER] = "CFA register",
		[UNWIND_RETURN_ADDRESS] = "return address",
		[UNWIND_STACK_POINTER] = "stack pointer",
		[UNWIND_FRAME_POINTER] = "frame pointer",
		[UNWIND_RANGE] = "range",
		[UNWIND_INSTRUCTION] = "instruction",
		[UNWIND_ENTRY] = "entry",
	};

	return names[why];
}

/* A part of a function with one state: put its rule, unless it has it yet. */
static int put_state(struct compilation *compilation, struct program *program,
		     bool signal, uint64_t offset, int *number)
{
	struct unwind_statistics *statistics = compilation->statistics;
	struct dither_rule rule;
	enum unwind_unsupported why;

	if (program->changed) {
		why = cfi_program_rule(program->base->machine, &program->state,
				       signal, &rule);
		statistics->unsupported[why]++;
		*number = rules_add(&compilation->rules, &rule);
		if (*number < 0)
			return *number;
		program->changed = false;
	}
	return rows_put(&compilation->rows, offset, (uint16_t)*number);
}

static bool works(const struct compilation *compilation, int number)
{
	return compilation->rules.rules[number].cfa != DITHER_CFA_UNSUPPORTED;
}

static int compile_function(struct compilation *compilation,
			    const struct function *function)
{
	const struct frames *frames = &compilation->frames;
	const struct cie *cie = &frames->cies[function->cie];
	const struct elf_load *load = &frames->elf->loads[function->load];
	uint64_t address = load->address + (function->start - load->offset);
	uint64_t end = address + function->length, next;
	struct program program;
	int number = 0, code;
	bool more;

	cfi_program_begin(&program, &cie->base, function->program,
			  function->cfi_program_bytes, address);
	do {
		more = cfi_program_step(&program);
		next = program.next < end ? program.next : end;
		code = put_state(compilation, &program, cie->signal,
				 program.location - load->address + load->offset,
				 &number);
		if (code)
			return code;
		if (works(compilation, number))
			compilation->statistics->covered_bytes +=
				next - program.location;
	} while (more && program.next < end);
	return 0;
}

static int compile_functions(struct compilation *compilation)
{
	const struct frames *frames = &compilation->frames;
	uint64_t end = 0;
	int code;

	for (size_t i = 0; i < frames->function_count; i++) {
		const struct function *function = &frames->functions[i];

		if (function->start > end) {
			code = rows_put(&compilation->rows, end, 0);
			if (code)
				return code;
		}
		code = compile_function(compilation, function);
		if (code)
			return code;
		end = function->start + function->length;
	}
	return rows_put(&compilation->rows, end, 0);
}

static uint64_t executable_bytes(const struct elf *elf,
				 const struct sections *sections)
{
	uint64_t bytes = 0;

	if (sections->executable_bytes)
		return sections->executable_bytes;
	for (size_t i = 0; i < elf->load_count; i++) {
		const struct elf_load *load = &elf->loads[i];

		if (load->executable && load->offset <= elf->bytes)
			bytes += load->file_bytes < elf->bytes - load->offset ?
					 load->file_bytes :
					 elf->bytes - load->offset;
	}
	return bytes;
}

static int read_section(struct compilation *compilation,
			const struct section *section, enum source source,
			struct error *error)
{
	if (!section->data)
		return 0;
	compilation->statistics->frame_bytes += section->size;
	return eh_frame_read(&compilation->frames, section,
			     compilation->sections.data_base, source, error);
}

static int read_frames(struct compilation *compilation, struct elf *elf,
		       struct error *error)
{
	struct sections *sections = &compilation->sections;
	struct frames *frames = &compilation->frames;
	int code = sections_find(elf, sections, error);

	if (!code)
		code = read_section(compilation, &sections->eh_frame,
				    SOURCE_EH_FRAME, error);
	if (!code)
		code = read_section(compilation, &sections->debug_frame,
				    SOURCE_DEBUG_FRAME, error);
	if (code)
		return code;
	trampoline_find(frames, SOURCE_TRAMPOLINE);
	stubs_find(frames, elf, SOURCE_TRAMPOLINE);
	entry_find(frames, elf, SOURCE_TRAMPOLINE);
	eh_frame_sort(frames);
	compilation->statistics->unsupported[UNWIND_ENTRY] = frames->unknown;
	compilation->statistics->functions = frames->function_count;
	compilation->statistics->executable_bytes =
		executable_bytes(elf, sections);
	if (!frames->function_count)
		return error_set(error, -ENODATA,
				 "no call frame information");
	return 0;
}

static int compile(struct compilation *compilation, struct elf *elf,
		   struct unwind_table *table, struct error *error)
{
	int code = read_frames(compilation, elf, error);

	if (code)
		return code;
	code = compile_functions(compilation);
	if (code)
		return error_set(error, code,
				 "exceeds a table: %zu rules, %zu rows, %zu pages of 64 KiB",
				 compilation->rules.count,
				 compilation->rows.count,
				 compilation->rows.page_count);
	table->image = rows_image(&compilation->rows, &compilation->rules,
				  compilation->frames.machine->number,
				  &table->bytes);
	table->statistics.table_bytes = table->bytes;
	table->statistics.rows = compilation->rows.count;
	table->statistics.rules = compilation->rules.count;
	return 0;
}

int unwind_compile(struct elf *elf, struct unwind_table *table,
		   struct error *error)
{
	const char *ident = elf_getident(elf->handle, NULL);
	struct compilation compilation = {
		.frames = { .machine = machine_of(elf->machine), .elf = elf },
		.statistics = &table->statistics,
	};
	int code;

	*table = (struct unwind_table){ .image = NULL };
	if (!compilation.frames.machine || ident[EI_CLASS] != ELFCLASS64 ||
	    ident[EI_DATA] != ELFDATA2LSB)
		return error_set(error, -ENOTSUP,
				 "of a machine that there are no unwind tables for");
	rules_begin(&compilation.rules);
	code = compile(&compilation, elf, table, error);
	rows_end(&compilation.rows);
	rules_end(&compilation.rules);
	eh_frame_end(&compilation.frames);
	sections_release(&compilation.sections);
	return code;
}

void unwind_table_free(struct unwind_table *table)
{
	free(table->image);
	table->image = NULL;
}
