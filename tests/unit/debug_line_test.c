// SPDX-License-Identifier: GPL-2.0
/* Lines of source of programs that are made here, of each version of DWARF. */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../user/resolve/debug_line.h"
#include "resolve_inputs.h"

#define TEXT 0x10000ULL

/* Nothing is linked behind first(), but for second(), and unused() is gone. */
static const char source[] = "#include \"sub/inner.h\"\n"
			     "int first(int a)\n"
			     "{\n"
			     "	a += 1;\n"
			     "	a = inner(a);\n"
			     "	return a;\n"
			     "}\n"
			     "int unused(int a) { return a; }\n"
			     "int second(int a)\n"
			     "{ return a + 2; }\n";
static const char inner[] = "__attribute__((always_inline))\n"
			    "static inline int inner(int a)\n"
			    "{\n"
			    "	return a * 77;\n"
			    "}\n";

static struct debug_lines *read_program(const char *path)
{
	struct debug_lines *lines;
	struct stat status;
	struct error error;
	struct elf *elf;
	int file = elf_open_regular(path, &status, &error);

	CU_ASSERT_FATAL(file >= 0);
	CU_ASSERT_EQUAL_FATAL(
		elf_read(file, (uint64_t)status.st_size, &elf, &error), 0);
	lines = debug_lines_read(elf);
	elf_close(elf);
	return lines;
}

/* Of each byte what addr2line says; returns how many have a line. */
static unsigned int agree(const struct debug_lines *lines, uint64_t from,
			  uint64_t to)
{
	unsigned int known = 0;
	char command[160], text[256];
	FILE *pipe;

	snprintf(command, sizeof(command),
		 "for a in $(seq %llu %llu); do printf '%%x\\n' $a; done | "
		 "addr2line -e program",
		 (unsigned long long)from, (unsigned long long)to - 1);
	pipe = popen(command, "r");
	for (uint64_t at = from; at < to; at++) {
		const char *file = "", *base;
		uint32_t line = 0;
		char *colon;

		CU_ASSERT_PTR_NOT_NULL_FATAL(fgets(text, sizeof(text), pipe));
		colon = strrchr(text, ':');
		CU_ASSERT_PTR_NOT_NULL_FATAL(colon);
		*colon = '\0';
		base = strrchr(text, '/') ? strrchr(text, '/') + 1 : text;
		if (!debug_lines_find(lines, at, &file, &line)) {
			CU_ASSERT_EQUAL(atoi(colon + 1), 0);
			continue;
		}
		known++;
		file = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
		CU_ASSERT_EQUAL(line, (uint32_t)atoi(colon + 1));
		CU_ASSERT_STRING_EQUAL(file, base);
	}
	pclose(pipe);
	return known;
}

/* From nm; 0: there is none. */
static uint64_t address_of(const char *name)
{
	char command[80], text[64] = "";
	FILE *pipe;

	snprintf(command, sizeof(command), "nm program | grep ' %s$'", name);
	pipe = popen(command, "r");
	if (!fgets(text, sizeof(text), pipe))
		text[0] = '0';
	pclose(pipe);
	return strtoull(text, NULL, 16);
}

static void begin(void)
{
	inputs_begin();
	CU_ASSERT_EQUAL_FATAL(inputs_shell("mkdir -p sub"), 0);
	inputs_write("sub/inner.h", inner, sizeof(inner) - 1);
	inputs_write("program.c", source, sizeof(source) - 1);
}

static bool build(const char *options)
{
	char command[256];

	snprintf(
		command, sizeof(command),
		"gcc -O0 -nostdlib -static -ffunction-sections -fcf-protection=none "
		"-Wl,--gc-sections,-e,first,-u,second,-Ttext=0x10000 "
		"%s -o program program.c 2>/dev/null",
		options);
	return !inputs_shell(command);
}

static void versions(void)
{
	static const char *const all[] = {
		"-gdwarf-2",	       "-gdwarf-3",
		"-gdwarf-4",	       "-gdwarf-5",
		"-gdwarf-5 -gdwarf64", "-gdwarf-4 -gz",
		"-gdwarf-5 -gz",       "-g -gno-as-loc-support",
	};

	begin();
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct debug_lines *lines;
		uint64_t first, second;
		const char *file;
		uint32_t line;

		if (!build(all[i])) {
			printf("# gcc cannot: %s\n", all[i]);
			continue;
		}
		first = address_of("first");
		second = address_of("second");
		CU_ASSERT_EQUAL(address_of("unused"), 0);
		lines = read_program("program");
		CU_ASSERT_PTR_NOT_NULL_FATAL(lines);
		/* Of both, 40 bytes; addr2line of 2022 cannot read dwarf64. */
		if (!strstr(all[i], "dwarf64"))
			CU_ASSERT(agree(lines, TEXT, TEXT + 128) > 40);
		CU_ASSERT(debug_lines_find(lines, first, &file, &line));
		CU_ASSERT_EQUAL(line, 3);
		CU_ASSERT(debug_lines_find(lines, second, &file, &line));
		CU_ASSERT_EQUAL(line, 10);
		/* Version 5 alone says where the compiler ran. */
		if (strstr(all[i], "dwarf-5"))
			CU_ASSERT(!strncmp(file, inputs_directory,
					   strlen(inputs_directory)));
		CU_ASSERT_FALSE(debug_lines_find(lines, 0, &file, &line));
		CU_ASSERT_FALSE(
			debug_lines_find(lines, TEXT - 1, &file, &line));
		CU_ASSERT_FALSE(
			debug_lines_find(lines, TEXT + 4096, &file, &line));
		debug_lines_free(lines);
	}
}

static void none(void)
{
	begin();
	CU_ASSERT(build("-g0"));
	CU_ASSERT_PTR_NULL(read_program("program"));
	debug_lines_free(NULL);
}

/* Each byte of the section is changed: what comes of it is of the file, or none. */
static void damaged(void)
{
	unsigned char bytes[65536];
	size_t length;
	FILE *file;

	begin();
	CU_ASSERT_FATAL(build("-gdwarf-5"));
	file = fopen("program", "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	for (size_t i = 64; i < length; i++) {
		struct debug_lines *lines;
		struct error error;
		struct elf *elf;

		bytes[i] ^= 0xa5;
		if (!elf_read_memory(bytes, length, &elf, &error)) {
			lines = debug_lines_read(elf);
			elf_close(elf);
			for (uint64_t at = TEXT; lines && at < TEXT + 64;
			     at++) {
				const char *name = NULL;
				uint32_t line = 0;

				if (debug_lines_find(lines, at, &name, &line))
					CU_ASSERT(name && *name && line);
			}
			debug_lines_free(lines);
		}
		bytes[i] ^= 0xa5;
	}
}

static const struct unit_case cases[] = {
	{ "lines are found by DWARF 2 to 5, compressed or not", versions },
	{ "without debug information there are none", none },
	{ "any changed byte leaves lines that are of a file, or none",
	  damaged },
};

UNIT_MAIN("debug_line", cases)
