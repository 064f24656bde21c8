// SPDX-License-Identifier: GPL-2.0
/*
 * The compiler of unwind tables against readelf, which runs call frame
 * programs by itself: real files, every row of every function, every byte of
 * it and of the gaps between.
 *
 * UNWIND_FILES in the environment: a file of paths, one a line, in place of
 * the few files that every machine has (tests/unwind/all gives all it finds).
 */
#include "unit.h"

#include <errno.h>

#include "../../kmod/core/table_lookup.h"
#include "../../user/unwind/compile.h"
#include "readelf_frames.h"
#include "resolve_inputs.h"

static const char *const x86_64_names[] = { "rax", "rdx", "rcx", "rbx",
					    "rsi", "rdi", "rbp", "rsp" };

struct comparison {
	const struct elf *elf;
	struct unwind_table table;
	struct readelf_frames frames;
	bool arm64;
	unsigned long long rows, bytes, expressions, wrong;
};

static const char *register_name(const struct comparison *comparison,
				 unsigned int number)
{
	static char name[8];

	if (comparison->arm64 && number == 31)
		return "sp";
	if (!comparison->arm64 && number < 8)
		return x86_64_names[number];
	snprintf(name, sizeof(name), comparison->arm64 ? "x%u" : "r%u", number);
	return name;
}

/* A cell such as "c-16": where something is saved. */
static bool place_matches(const char *cell, const char *prefix, int32_t offset)
{
	char text[READELF_CELL];

	snprintf(text, sizeof(text), "%s%+d", prefix, offset);
	return !strcmp(cell, text);
}

static bool cfa_matches(const struct comparison *comparison,
			const struct dither_rule *rule, const char *cell)
{
	bool arm64 = comparison->arm64;

	switch (rule->cfa) {
	case DITHER_CFA_SP:
		return place_matches(cell, arm64 ? "sp" : "rsp",
				     rule->cfa_offset);
	case DITHER_CFA_FP:
		return place_matches(cell, arm64 ? "x29" : "rbp",
				     rule->cfa_offset);
	case DITHER_CFA_REGISTER:
		return place_matches(cell,
				     register_name(comparison,
						   rule->cfa_register),
				     rule->cfa_offset);
	default:
		return rule->cfa != DITHER_CFA_NONE && !strcmp(cell, "exp");
	}
}

/* Without a column, and for "s", it is unchanged; "u" may mean that, too. */
static bool saved_matches(uint8_t saved, int32_t offset, const char *cell)
{
	bool unknown = !*cell || !strcmp(cell, "u");

	switch (saved) {
	case DITHER_SAVED_NOT:
		return unknown || !strcmp(cell, "s");
	case DITHER_SAVED_CFA:
		return place_matches(cell, "c", offset) || !strcmp(cell, "exp");
	case DITHER_SAVED_SP:
	case DITHER_SAVED_FP:
		return !strcmp(cell, "exp");
	default:
		return unknown;
	}
}

/* Only what really has no rule may have none. */
static bool is_unsupported(const struct comparison *comparison,
			   const struct readelf_row *row)
{
	const char *ra = row->ra;

	if (!strcmp(row->cfa, "exp") || !strcmp(row->sp, "exp"))
		return true;
	if (*row->sp && strcmp(row->sp, "u") != 0 &&
	    strcmp(row->sp, "v+0") != 0 && strcmp(row->sp, "s") != 0)
		return true;
	return strncmp(ra, "c-", 2) != 0 && strncmp(ra, "c+", 2) != 0 &&
	       !(comparison->arm64 && !*ra) && strcmp(ra, "u") != 0;
}

static bool rule_matches(const struct comparison *comparison,
			 const struct dither_rule *rule,
			 const struct readelf_row *row)
{
	bool fp_lost = rule->fp == DITHER_SAVED_UNDEFINED &&
		       strncmp(row->fp, "c-", 2) != 0 &&
		       strncmp(row->fp, "c+", 2) != 0;

	if (rule->cfa == DITHER_CFA_UNSUPPORTED)
		return is_unsupported(comparison, row);
	return cfa_matches(comparison, rule, row->cfa) &&
	       saved_matches(rule->ra, rule->ra_offset, row->ra) &&
	       (fp_lost || saved_matches(rule->fp, rule->fp_offset, row->fp)) &&
	       row->signal == !!(rule->flags & DITHER_RULE_SIGNAL);
}

static void complain(struct comparison *comparison, uint64_t address,
		     const struct dither_rule *rule,
		     const struct readelf_row *row)
{
	if (comparison->wrong++ >= 10)
		return;
	fprintf(stderr,
		"0x%llx: rule cfa %u+%d (register %u) fp %u%+d ra %u%+d flags %u, readelf cfa %s fp %s ra %s sp %s\n",
		(unsigned long long)address, rule->cfa, rule->cfa_offset,
		rule->cfa_register, rule->fp, rule->fp_offset, rule->ra,
		rule->ra_offset, rule->flags, row ? row->cfa : "none",
		row ? row->fp : "", row ? row->ra : "", row ? row->sp : "");
}

/* False: of no executable segment, or not in the file. */
static bool to_offset(const struct elf *elf, uint64_t address, uint64_t *offset)
{
	for (size_t i = 0; i < elf->load_count; i++) {
		const struct elf_load *load = &elf->loads[i];

		if (!load->executable || address < load->address ||
		    address - load->address >= load->file_bytes)
			continue;
		*offset = address - load->address + load->offset;
		return *offset < elf->bytes;
	}
	return false;
}

/* Where a program begins; see entry_code.h. */
static bool is_beginning(const struct comparison *comparison, uint64_t address,
			 const struct dither_rule *rule)
{
	GElf_Ehdr header;

	return gelf_getehdr(comparison->elf->handle, &header) &&
	       address >= header.e_entry && address - header.e_entry < 128 &&
	       rule->ra == DITHER_SAVED_UNDEFINED;
}

/* Every byte of [@start, @end) is to have what @row says, or rule 0. */
static void compare_range(struct comparison *comparison, uint64_t start,
			  uint64_t end, const struct readelf_row *row)
{
	const struct dither_rule *none = (const void *)
		(comparison->table.image + sizeof(struct dither_table_header));
	const struct dither_rule *rule, *last = NULL;
	uint64_t offset;

	for (uint64_t at = start; at < end; at++) {
		if (!to_offset(comparison->elf, at, &offset))
			return;
		rule = dither_table_find(comparison->table.image, offset);
		comparison->bytes++;
		if (rule == last)
			continue;
		last = rule;
		if (row ? !rule_matches(comparison, rule, row) :
			  rule != none &&
				  !is_beginning(comparison, at, rule))
			complain(comparison, at, rule, row);
	}
	if (row) {
		comparison->rows++;
		comparison->expressions += !strcmp(row->cfa, "exp");
	}
}

/* What compile.h says of functions that overlap. */
static bool is_hidden(const struct readelf_function *function,
		      const struct readelf_function *last, uint64_t eh_end)
{
	return (last && last->start == function->start) ||
	       (function->debug && function->start < eh_end);
}

static void compare_functions(struct comparison *comparison)
{
	const struct readelf_frames *frames = &comparison->frames;
	const struct readelf_function *last = NULL;
	uint64_t eh_end = 0, end = 0;

	for (size_t i = 0; i < frames->function_count; i++) {
		const struct readelf_function *function = &frames->functions[i];
		uint64_t limit = function->end;

		if (function->foreign || is_hidden(function, last, eh_end))
			continue;
		for (size_t next = i + 1; next < frames->function_count; next++)
			if (!frames->functions[next].foreign &&
			    !is_hidden(&frames->functions[next], function,
				       function->debug ? 0 : function->end)) {
				if (frames->functions[next].start < limit)
					limit = frames->functions[next].start;
				break;
			}
		if (last && end < function->start)
			compare_range(comparison, end, function->start, NULL);
		for (size_t r = 0; r < function->row_count; r++) {
			const struct readelf_row *row =
				&frames->rows[function->first_row + r];

			compare_range(comparison, row->start,
				      row->end < limit ? row->end : limit, row);
		}
		last = function;
		end = limit;
		if (!function->debug)
			eh_end = limit;
	}
}

/* False: it is no file that there are tables for. */
static bool compare_file(struct comparison *comparison, const char *path)
{
	struct error error = { "" };
	struct stat status;
	struct elf *elf;
	int file = elf_open_regular(path, &status, &error);
	int code;

	*comparison = (struct comparison){ .elf = NULL };
	if (file < 0 || elf_read(file, (uint64_t)status.st_size, &elf, &error))
		return false;
	comparison->elf = elf;
	comparison->arm64 = elf->machine == EM_AARCH64;
	code = unwind_compile(elf, &comparison->table, &error);
	if (code != -ENOTSUP)
		readelf_frames_read(&comparison->frames, path,
				    comparison->arm64);
	if (!code) {
		compare_functions(comparison);
		comparison->wrong += dither_table_check(
					     comparison->table.image,
					     comparison->table.bytes) != 0;
		unwind_table_free(&comparison->table);
	} else if (code != -ENODATA && code != -ENOTSUP) {
		fprintf(stderr, "%s: %s\n", path, error.text);
		comparison->wrong++;
	}
	readelf_frames_free(&comparison->frames);
	elf_close(elf);
	return !code;
}

/* The files of UNWIND_FILES, or those that this test names. */
static FILE *open_list(const char *command)
{
	const char *list = getenv("UNWIND_FILES");
	FILE *paths = list ? fopen(list, "r") : popen(command, "r");

	if (!paths) {
		perror(list ? list : command);
		exit(2);
	}
	return paths;
}

static void compare_list(FILE *paths, unsigned long long rows_min)
{
	unsigned long long rows = 0, bytes = 0, expressions = 0, wrong = 0;
	unsigned int files = 0;
	char path[4096];

	while (fgets(path, sizeof(path), paths)) {
		struct comparison comparison;

		path[strcspn(path, "\n")] = '\0';
		if (compare_file(&comparison, path))
			files++;
		if (comparison.wrong)
			fprintf(stderr, "%s: %llu differences\n", path,
				comparison.wrong);
		rows += comparison.rows;
		bytes += comparison.bytes;
		expressions += comparison.expressions;
		wrong += comparison.wrong;
	}
	printf("# %u files, %llu rows, %llu bytes, %llu rows by expression: %llu differences\n",
	       files, rows, bytes, expressions, wrong);
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(rows >= rows_min);
}

static void real_files(void)
{
	FILE *paths = open_list(
		"me=$(readlink /proc/$PPID/exe);"
		" ldd \"$me\" $(command -v readelf) $(command -v bash) |"
		" sed -n 's/.* => \\([^ ]*\\) .*/\\1/p; s/^\t\\(\\/[^ ]*\\) .*/\\1/p' |"
		" sort -u; echo \"$me\"; command -v readelf; command -v bash");

	compare_list(paths, getenv("UNWIND_FILES") ? 0 : 20000);
	fclose(paths);
}

/* Enough functions for their .debug_frame to be worth compressing. */
static void write_program(void)
{
	static const char head[] =
		"int printf(const char *format, ...);\n"
		"#define FUNCTION(n) __attribute__((noinline)) int f##n(int x) {"
		" int many[x + n]; printf(\"%p\", (void *)many);"
		" return many[x] + n; }\n";
	static const char tail[] =
		"int main(int argc, char **argv) { (void)argv; return f0(argc); }\n";
	char text[1 << 14];
	size_t length = 0;

	length += (size_t)sprintf(text, "%s", head);
	for (int i = 0; i < 100; i++)
		length += (size_t)sprintf(text + length, "FUNCTION(%d)\n", i);
	length += (size_t)sprintf(text + length, "%s", tail);
	inputs_write("program.c", text, length);
}

#define ARM64_GCC "aarch64-linux-gnu-gcc -shared -fPIC -nostdlib"

static void made_files(void)
{
	static const struct {
		const char *compile;
		unsigned int rows_min;
	} makes[] = {
		{ "gcc -O2 -static-pie", 5000 },
		{ "gcc -O0 -static -s", 5000 },
		{ "gcc -O2 -fno-asynchronous-unwind-tables -g", 300 },
		{ "gcc -O2 -fno-asynchronous-unwind-tables -g -gz=zlib", 300 },
		{ "gcc -O2 -fno-asynchronous-unwind-tables -g -gz=zlib-gnu", 300 },
		{ "gcc -O2 -mstackrealign", 300 },
		/* No C library is needed for these. */
		{ ARM64_GCC " -O0", 300 },
		{ ARM64_GCC " -O2 -mbranch-protection=standard", 300 },
		{ ARM64_GCC " -O2 -mbranch-protection=pac-ret+leaf+b-key", 300 },
		{ ARM64_GCC " -O2 -fno-asynchronous-unwind-tables -g", 300 },
	};
	struct comparison comparison;

	inputs_begin();
	write_program();
	for (size_t i = 0; i < sizeof(makes) / sizeof(makes[0]); i++) {
		if (inputs_shell("%s -o made program.c 2>messages",
				 makes[i].compile)) {
			printf("# left out: %s\n", makes[i].compile);
			continue;
		}
		CU_ASSERT(compare_file(&comparison, "made"));
		CU_ASSERT_EQUAL(comparison.wrong, 0);
		CU_ASSERT(comparison.rows >= makes[i].rows_min);
	}
}

static const struct unit_case cases[] = {
	{ "each byte of real files has the rule that readelf finds", real_files },
	{ "so has each byte of programs made for it: static, of arm64, and others",
	  made_files },
};

UNIT_MAIN("unwind_readelf", cases)
