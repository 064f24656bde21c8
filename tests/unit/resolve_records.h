/* SPDX-License-Identifier: GPL-2.0 */
/*
 * MAP records for the tests of user/resolve, taken from a program that runs:
 * it prints its own mappings and where its functions are.
 */
#ifndef RESOLVE_RECORDS_H
#define RESOLVE_RECORDS_H

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "resolve_inputs.h"
#include "../../user/resolve/elf.h"
#include "../../user/resolve/resolve.h"

struct record {
	struct dither_map map;
	char path[512];		/* map.path */
};

/* What one run of a program told; its records are of process 1. */
struct run {
	uint64_t address[6];	/* see the program */
	int functions;
	uint64_t base;		/* where its file's first byte is */
	uint64_t library_base;	/* the same of libours.so */
	struct record maps[16];	/* executable ones; [0] is the program's */
	int map_count;
};

static inline void records_prepare(void)
{
	static const char program[] =
		"#include <stdio.h>\n"
		"#include <stdlib.h>\n"
		"#ifdef OTHER\n"
		"int more(int x) { return x * 77; }\n"
		"#endif\n"
		"extern int from_library(int);\n"
		"extern void leaves(void), follows(void);\n"
		"__asm__(\".text\\n"
		".globl leaves, follows\\n"
		".type leaves,@function\\nleaves: call abort\\n"
		".size leaves, . - leaves\\n"
		".type follows,@function\\nfollows: ret\\n"
		".size follows, . - follows\\n\");\n"
		"__attribute__((noinline)) static int inner(int x) {"
		" return x * 3 + rand(); }\n"
		"__attribute__((noinline)) int visible(int x) {"
		" return inner(x) + rand(); }\n"
		"int main(int argc, char **argv) {\n"
		" char line[600]; FILE *maps = fopen(\"/proc/self/maps\", \"r\");\n"
		" (void)argv;\n"
		" printf(\"0 %p\\n1 %p\\n2 %p\\n\", (void *)main,"
		" (void *)inner, (void *)visible);\n"
		"#ifdef LIBRARY\n"
		" printf(\"3 %p\\n\", (void *)from_library);\n"
		"#endif\n"
		" printf(\"4 %p\\n5 %p\\n\", (void *)leaves, (void *)follows);\n"
		" if (maps) while (fgets(line, sizeof(line), maps))"
		" fputs(line, stdout);\n"
		" return visible(argc) == 1;\n"
		"}\n";
	static const char library[] =
		"int from_library(int x) { return x * 5; }\n";

	inputs_begin();
	inputs_write("program.c", program, sizeof(program) - 1);
	inputs_write("library.c", library, sizeof(library) - 1);
}

static inline void records_build(const char *name, const char *flags)
{
	CU_ASSERT_EQUAL_FATAL(inputs_shell("gcc -O1 %s -o %s program.c", flags,
					   name), 0);
}

/* What a MAP record says of a file, from the file. */
static inline void records_describe(struct dither_map *map, const char *path)
{
	struct stat status;
	struct elf *elf;
	int file = elf_open_regular(path, &status, NULL);

	if (file < 0)
		return;
	map->inode = status.st_ino;
	map->file_size = (uint64_t)status.st_size;
	map->mtime_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 +
			status.st_mtim.tv_nsec;
	map->dev_major = major(status.st_dev);
	map->dev_minor = minor(status.st_dev);
	if (elf_read(file, map->file_size, &elf, NULL))
		return;
	map->build_id_size = (uint8_t)elf->build_id_size;
	memcpy(map->build_id, elf->build_id, elf->build_id_size);
	elf_close(elf);
}

/* One line of /proc/self/maps. */
static inline void records_add(struct run *run, const char *line)
{
	unsigned long long start, stop, offset;
	struct record *record = &run->maps[run->map_count];
	char permissions[8], path[400] = "";

	if (run->map_count == 16 ||
	    sscanf(line, "%llx-%llx %7s %llx %*s %*s %399s", &start, &stop,
		   permissions, &offset, path) < 4 || path[0] != '/')
		return;
	if (!offset && strstr(path, "libours"))
		run->library_base = start;
	if (!offset && !run->base)
		run->base = start;
	if (permissions[2] != 'x')
		return;
	memset(record, 0, sizeof(*record));
	record->map.header.type = DITHER_RECORD_MAP;
	record->map.header.size = sizeof(*record);
	record->map.tgid = 1;
	record->map.start = start;
	record->map.length = stop - start;
	record->map.offset = offset;
	record->map.path_len = (uint16_t)strlen(path);
	strcpy(record->map.path, path);
	records_describe(&record->map, path);
	run->map_count++;
}

static inline void records_run(struct run *run, const char *command)
{
	FILE *pipe = popen(command, "r");
	unsigned long long address;
	char line[600];
	int which;

	memset(run, 0, sizeof(*run));
	CU_ASSERT_PTR_NOT_NULL_FATAL(pipe);
	while (fgets(line, sizeof(line), pipe)) {
		if (sscanf(line, "%d 0x%llx", &which, &address) == 2 &&
		    which >= 0 && which < 6) {
			run->address[which] = address;
			run->functions++;
		} else {
			records_add(run, line);
		}
	}
	pclose(pipe);
	CU_ASSERT_FATAL(run->map_count > 0 && run->functions >= 5);
}

static inline void records_replay(struct resolver *resolver,
				  const struct run *run, uint32_t tgid)
{
	for (int i = 0; i < run->map_count; i++) {
		struct record record = run->maps[i];

		record.map.tgid = tgid;
		resolver_map(resolver, &record.map);
	}
}

#endif
