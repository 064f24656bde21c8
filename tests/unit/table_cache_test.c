// SPDX-License-Identifier: GPL-2.0
/* Tables kept on disk: user/unwind/table_cache.h. */
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "../../user/unwind/table_cache.h"
#include "resolve_inputs.h"

typedef int compiler(struct elf *elf, struct unwind_table *table,
		     struct error *error);

/* The table of ./program: false if there is none. */
static bool make(compiler *compile, struct unwind_table *table)
{
	struct stat status;
	struct elf *elf;
	int file = elf_open_regular("program", &status, NULL), code;

	*table = (struct unwind_table){ .image = NULL };
	CU_ASSERT_FATAL(file >= 0);
	CU_ASSERT_EQUAL_FATAL(elf_read(file, (uint64_t)status.st_size, &elf,
				       NULL), 0);
	code = compile(elf, table, NULL);
	elf_close(elf);
	return !code;
}

static bool is_same(const struct unwind_table *a, const struct unwind_table *b)
{
	return a->bytes == b->bytes && !memcmp(a->image, b->image, a->bytes) &&
	       !memcmp(&a->statistics, &b->statistics, sizeof(a->statistics));
}

/* Files in the cache; the path of one of them. */
static unsigned int cached_files(char path[300])
{
	DIR *directory = opendir("cache/dither/tables");
	unsigned int count = 0;
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(path, 300, "cache/dither/tables/%s", entry->d_name);
		count++;
	}
	if (directory)
		closedir(directory);
	return count;
}

static void prepare(const char *flags)
{
	char cache[80];

	inputs_begin();
	snprintf(cache, sizeof(cache), "%s/cache", inputs_directory);
	setenv("XDG_CACHE_HOME", cache, 1);
	inputs_write("program.c", "int main(void) { return 0; }", 28);
	CU_ASSERT_EQUAL_FATAL(inputs_shell("rm -rf cache && gcc %s -o program program.c",
					   flags), 0);
}

/* Zeros where the program's .eh_frame is; all else stays, the build-id too. */
static void spoil_program(void)
{
	CU_ASSERT_EQUAL_FATAL(
		inputs_shell("set -- $(readelf -SW program |"
			     " sed -n 's/^.*\\.eh_frame  *PROGBITS *//p') &&"
			     " dd if=/dev/zero of=program conv=notrunc bs=1"
			     " seek=$((0x$2)) count=$((0x$3)) 2>/dev/null"), 0);
}

static void spoil_byte(const char *path, off_t at)
{
	int file = open(path, O_RDWR);
	unsigned char byte;

	CU_ASSERT_FATAL(file >= 0);
	CU_ASSERT_EQUAL(pread(file, &byte, 1, at), 1);
	byte ^= 1;
	CU_ASSERT_EQUAL(pwrite(file, &byte, 1, at), 1);
	close(file);
}

static void kept(void)
{
	struct unwind_table compiled, first, second, third;
	char path[300];

	prepare("-Wl,--build-id");
	CU_ASSERT_TRUE_FATAL(make(unwind_compile, &compiled));
	CU_ASSERT_EQUAL(cached_files(path), 0);
	CU_ASSERT_TRUE_FATAL(make(unwind_cached, &first));
	CU_ASSERT_EQUAL(cached_files(path), 1);
	CU_ASSERT_TRUE(is_same(&compiled, &first));
	/* Only the cache can still tell. */
	spoil_program();
	CU_ASSERT_FALSE(make(unwind_compile, &third) &&
			is_same(&compiled, &third));
	unwind_table_free(&third);
	CU_ASSERT_TRUE_FATAL(make(unwind_cached, &second));
	CU_ASSERT_TRUE(is_same(&compiled, &second));
	unwind_table_free(&compiled);
	unwind_table_free(&first);
	unwind_table_free(&second);
}

/* Every part of the file: its header, the statistics, the image. */
static void damaged(void)
{
	struct unwind_table compiled, cached;
	struct stat status;
	char path[300];

	prepare("-Wl,--build-id");
	CU_ASSERT_TRUE_FATAL(make(unwind_compile, &compiled));
	CU_ASSERT_TRUE_FATAL(make(unwind_cached, &cached));
	unwind_table_free(&cached);
	CU_ASSERT_EQUAL_FATAL(cached_files(path), 1);
	CU_ASSERT_EQUAL_FATAL(stat(path, &status), 0);
	for (off_t at = 0; at < status.st_size; at += 11) {
		spoil_byte(path, at);
		CU_ASSERT_TRUE_FATAL(make(unwind_cached, &cached));
		CU_ASSERT_TRUE(is_same(&compiled, &cached));
		unwind_table_free(&cached);
	}
	for (off_t size = 0; size < status.st_size; size += 101) {
		CU_ASSERT_EQUAL(truncate(path, size), 0);
		CU_ASSERT_TRUE_FATAL(make(unwind_cached, &cached));
		CU_ASSERT_TRUE(is_same(&compiled, &cached));
		unwind_table_free(&cached);
	}
	/* And it is mended. */
	CU_ASSERT_EQUAL(cached_files(path), 1);
	spoil_program();
	CU_ASSERT_TRUE_FATAL(make(unwind_cached, &cached));
	CU_ASSERT_TRUE(is_same(&compiled, &cached));
	unwind_table_free(&cached);
	unwind_table_free(&compiled);
}

static void not_kept(void)
{
	struct unwind_table table;
	char path[300];

	prepare("-Wl,--build-id=none");
	CU_ASSERT_TRUE(make(unwind_cached, &table));
	unwind_table_free(&table);
	CU_ASSERT_EQUAL(cached_files(path), 0);
	prepare("-Wl,--build-id");
	inputs_write("cache", "", 0);
	CU_ASSERT_TRUE(make(unwind_cached, &table));
	unwind_table_free(&table);
}

static const struct unit_case cases[] = {
	{ "what was compiled once comes from the cache", kept },
	{ "a damaged cache is not believed, but mended", damaged },
	{ "without a build-id, or a place for it, nothing is kept", not_kept },
};

UNIT_MAIN("unwind cache", cases)
