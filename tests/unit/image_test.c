// SPDX-License-Identifier: GPL-2.0
/*
 * Whether the file at hand is still the one that ran, and where its bytes lie:
 * user/resolve/image.h, code_module.h.
 */
#include "unit.h"

#include "resolve_records.h"
#include "../../user/resolve/image.h"

static struct resolver *resolver;

static void begin(void)
{
	records_prepare();
	resolver = resolver_new(NULL);
}

static void end(void)
{
	resolver_free(resolver);
}

/* The name at @address of process 1. */
static const struct name *at(uint64_t address)
{
	return resolver_user(resolver, 1, address, false);
}

static void test_replaced(void)
{
	const struct name *name;
	char text[64];
	struct run run;

	begin();
	records_build("x", "-pie -fPIE");
	records_run(&run, "./x");
	records_build("x", "-pie -fPIE -DOTHER");
	records_replay(resolver, &run, 1);
	name = at(run.address[1]);
	CU_ASSERT_EQUAL(name->kind, NAME_REPLACED);
	snprintf(text, sizeof(text), "[x+0x%llx]",
		 (unsigned long long)(run.address[1] - run.maps[0].map.start +
				      run.maps[0].map.offset));
	CU_ASSERT_STRING_EQUAL(name->text, text);
	at(run.address[2]);
	CU_ASSERT_EQUAL_FATAL(resolver_complaint_count(resolver), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(resolver_complaint(resolver, 0),
				      "/x: its build-id"));
	end();
}

static void test_touched(void)
{
	struct run run;

	begin();
	records_build("x", "-Wl,--build-id=none");
	records_run(&run, "./x");
	CU_ASSERT_EQUAL(inputs_shell("touch -d 2001-01-01 x"), 0);
	records_replay(resolver, &run, 1);
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_REPLACED);
	end();
	/* a build-id is enough */
	begin();
	records_build("x", "-Wl,--build-id");
	records_run(&run, "./x");
	CU_ASSERT_EQUAL(inputs_shell("touch -d 2001-01-01 x"), 0);
	records_replay(resolver, &run, 1);
	CU_ASSERT_STRING_EQUAL(at(run.address[1])->text, "inner");
	end();
}

static void know(const struct record *record, const char *path)
{
	struct recorded_content known = {
		.inode = record->map.inode,
		.bytes = record->map.file_size,
		.mtime_ns = record->map.mtime_ns,
		.dev_major = record->map.dev_major,
		.dev_minor = record->map.dev_minor,
	};
	struct stat status;
	struct elf *elf;
	int file = elf_open_regular(path, &status, NULL);

	CU_ASSERT_EQUAL_FATAL(elf_read(file, (uint64_t)status.st_size, &elf,
				       NULL), 0);
	CU_ASSERT(content_read(elf, &known.content));
	elf_close(elf);
	resolver_content(resolver, &known);
}

static void complains(const char *text)
{
	CU_ASSERT_EQUAL_FATAL(resolver_complaint_count(resolver), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(resolver_complaint(resolver, 0), text));
}

/* As reproducible builds and images have them: another file in all but that. */
static void test_same_size_and_time(void)
{
	struct run run;

	records_prepare();
	records_build("x", "-Wl,--build-id=none");
	records_build("y", "-Wl,--build-id=none -Dinner=other");
	CU_ASSERT_EQUAL(inputs_shell("touch -d @1 x y"), 0);
	records_run(&run, "./x");
	CU_ASSERT_EQUAL(inputs_shell("mv x z && cp -p y x"), 0);
	begin();
	records_replay(resolver, &run, 1);
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_REPLACED);
	complains("another file");
	end();
	/* In place: the same inode. */
	begin();
	CU_ASSERT_EQUAL(inputs_shell("mv z x"), 0);
	know(&run.maps[0], "x");
	CU_ASSERT_EQUAL(inputs_shell("cat y >x; touch -d @1 x"), 0);
	records_replay(resolver, &run, 1);
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_REPLACED);
	complains("its code is not");
	end();
}

static void test_changed_since(void)
{
	struct resolver_options options = { .calendar_ns = 1 };
	struct run run;

	records_prepare();
	records_build("x", "-Wl,--build-id=none");
	records_run(&run, "./x");
	resolver = resolver_new(&options);
	records_replay(resolver, &run, 1);
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_REPLACED);
	complains("changed since");
	end();
	options.calendar_ns = INT64_MAX / 2;
	resolver = resolver_new(&options);
	records_replay(resolver, &run, 1);
	CU_ASSERT_STRING_EQUAL(at(run.address[1])->text, "inner");
	end();
	options.foreign = true;
	resolver = resolver_new(&options);
	records_replay(resolver, &run, 1);
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_REPLACED);
	complains("another machine");
	end();
}

/* A copy elsewhere, of another time; stripped, or not; another build. */
static void test_known_content(void)
{
	static const char *const ways[][2] = {
		{ "cp x y", "inner" },
		{ "strip x -o y", "visible" },
		{ "cp x y; strip x", "inner" },
	};
	struct run run;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		records_prepare();
		records_build("x", "-Wl,--build-id=none -rdynamic");
		CU_ASSERT_EQUAL(inputs_shell("%s", ways[i][0]), 0);
		records_run(&run, "./x");
		begin();
		know(&run.maps[0], "x");
		CU_ASSERT_EQUAL(inputs_shell("mv y x"), 0);
		records_replay(resolver, &run, 1);
		CU_ASSERT_STRING_EQUAL(at(run.address[i == 1 ? 2 : 1])->text,
				       ways[i][1]);
		CU_ASSERT_EQUAL(resolver_complaint_count(resolver), 0);
		end();
	}
	/* Symbols alone are another program's, too. */
	begin();
	records_build("x", "-Wl,--build-id=none -Dinner=after");
	records_run(&run, "./x");
	know(&run.maps[0], "x");
	records_build("x", "-Wl,--build-id=none -Dinner=inner");
	records_replay(resolver, &run, 1);
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_REPLACED);
	end();
	/* It changed while it was recorded. */
	begin();
	know(&run.maps[0], "x");
	records_build("y", "-Wl,--build-id=none -DOTHER");
	know(&run.maps[0], "y");
	records_replay(resolver, &run, 1);
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_REPLACED);
	complains("changed during the recording");
	end();
}

static void test_content_of_anything(void)
{
	struct content whole, content;
	uint64_t state = 7;
	struct elf *elf;
	size_t length;
	char *bytes;

	records_prepare();
	records_build("x", "-Wl,--build-id=none");
	bytes = inputs_read("x", &length);
	for (int round = 0; round < 300; round++) {
		size_t kept = length;
		struct stat status;

		state = state * 6364136223846793005ULL + 1;
		if (round % 2)
			kept = (state >> 33) % length;
		else if (round)
			bytes[(state >> 33) % 4096] ^= 1 << (state >> 61);
		inputs_write("damaged", bytes, kept);
		if (elf_read(elf_open_regular("damaged", &status, NULL), kept,
			     &elf, NULL))
			continue;
		if (content_read(elf, &content) && !round)
			whole = content;
		elf_close(elf);
	}
	free(bytes);
	CU_ASSERT(content_agrees(&whole, &whole));
	CU_ASSERT(whole.code && whole.names);
}

static void test_missing(void)
{
	struct record record;
	struct run run;

	begin();
	records_build("gone", "");
	records_run(&run, "./gone");
	CU_ASSERT_EQUAL(remove("gone"), 0);
	records_replay(resolver, &run, 1);
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_MISSING);
	CU_ASSERT_EQUAL(strncmp(at(run.address[1])->text, "[gone+0x", 8), 0);
	CU_ASSERT_EQUAL(resolver_complaint_count(resolver), 1);
	/* no path at all: never looked for in the current directory */
	records_build("near", "");
	record = run.maps[0];
	strcpy(record.map.path, "near");
	record.map.path_len = 4;
	resolver_map(resolver, &record.map);
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_MISSING);
	end();
}

static void test_two_paths(void)
{
	struct record record;
	struct run run;

	begin();
	records_build("ran", "-Wl,--build-id");
	records_run(&run, "./ran");
	records_replay(resolver, &run, 1);
	record = run.maps[0];
	strcpy(record.map.path, "/container/ran");
	record.map.path_len = strlen(record.map.path);
	record.map.tgid = 2;
	resolver_map(resolver, &record.map);
	CU_ASSERT_STRING_EQUAL(at(run.address[1])->text, "inner");
	CU_ASSERT_STRING_EQUAL(resolver_user(resolver, 2, run.address[1],
					     false)->text, "inner");
	CU_ASSERT_STRING_EQUAL(resolver_user(resolver, 2, run.address[1],
					     false)->path, "/container/ran");
	CU_ASSERT_EQUAL(resolver_complaint_count(resolver), 0);
	end();
}

static void test_deleted(void)
{
	struct record record;
	struct run run;

	begin();
	records_build("old", "-Wl,--build-id=none");
	records_run(&run, "./old");
	record = run.maps[0];
	strcat(record.map.path, " (deleted)");
	record.map.path_len += 10;
	resolver_map(resolver, &record.map);
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_MISSING);
	CU_ASSERT_STRING_EQUAL(at(run.address[1])->module, "old");
	end();
}

static void test_sysroot(void)
{
	struct resolver_options options = { 0 };
	char root[128];
	struct run run;

	records_prepare();
	records_build("ran", "");
	records_run(&run, "./ran");
	snprintf(root, sizeof(root), "%s/root", inputs_directory);
	CU_ASSERT_EQUAL_FATAL(inputs_shell("mkdir -p root%s && mv ran root%s",
					   inputs_directory, inputs_directory),
			      0);
	options.root = root;
	resolver = resolver_new(&options);
	records_replay(resolver, &run, 1);
	CU_ASSERT_STRING_EQUAL(at(run.address[1])->text, "inner");
	/* the path stays the recorded one */
	CU_ASSERT_STRING_EQUAL(at(run.address[1])->path, run.maps[0].map.path);
	end();
}

static void test_damaged(void)
{
	uint64_t state = 5;
	int named = 0, wrong = 0;
	size_t length;
	char *bytes;
	struct run run;

	records_prepare();
	records_build("ran", "");
	records_run(&run, "./ran");
	bytes = inputs_read("ran", &length);
	for (int round = 0; round < 400; round++) {
		char *damaged = malloc(length);
		size_t kept = length;
		bool other_id = round % 2;
		const struct name *name;
		struct record record;

		memcpy(damaged, bytes, length);
		state = state * 6364136223846793005ULL + 1;
		if (round % 4 < 2)
			kept = (state >> 33) % length;
		else
			damaged[(state >> 33) % length] ^= 1 << (state >> 61);
		inputs_write("damaged", damaged, kept);
		free(damaged);
		record = run.maps[0];
		snprintf(record.map.path, sizeof(record.path), "%s/damaged",
			 inputs_directory);
		record.map.path_len = strlen(record.map.path);
		if (other_id)
			record.map.build_id[3] ^= 1;
		resolver = resolver_new(NULL);
		resolver_map(resolver, &record.map);
		name = at(run.address[1]);
		named += name->kind == NAME_SYMBOL;
		wrong += name->kind == NAME_SYMBOL && other_id;
		wrong += name->kind == NAME_REPLACED &&
			 !resolver_complaint_count(resolver);
		end();
	}
	free(bytes);
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(named > 50);
}

static void test_page_of_load(void)
{
	struct elf_load loads[] = {
		{ 0, 0, 0, 0x500, false },
		{ 0, 0x2040, 0, 0x1000, true },	/* two pages */
		{ 0, 0x8000, 0, 0x100, true },	/* one */
		{ 0, 0x9010, 0, 0x100, true },	/* one, too */
	};
	struct image image = { .loads = loads, .load_count = 4 };
	struct elf_load found;
	uint64_t address = 0;

	CU_ASSERT_FATAL(image_place(&image, 0x1000, 0x2000, &found));
	CU_ASSERT(image_address(&found, 1, 0x1040, &address));
	CU_ASSERT_EQUAL(address, 0x2040);
	CU_ASSERT(!image_address(&found, 1, 0xfff, &address));
	CU_ASSERT(!image_address(&found, 1, 0x3000, &address));
	CU_ASSERT(!image_place(&image, 0x1000, 0x1000, &found));
	CU_ASSERT(!image_place(&image, 0x1000, 0x3000, &found));
	CU_ASSERT(!image_place(&image, 0x1080, 0x2000, &found));
	/* with larger pages all of them have the same size */
	CU_ASSERT(!image_place(&image, 0x10000, 0x10000, &found));
}

static void test_page_mapped_twice(void)
{
	struct elf_load loads[] = {
		{ 0, 0x1000, 0x1000, 0x1000, false },
		{ 0x800, 0x5800, 0x1000, 0x1000, true },
	};
	uint64_t address = 0;

	CU_ASSERT(image_address(loads, 2, 0x7ff, &address));
	CU_ASSERT_EQUAL(address, 0x17ff);
	CU_ASSERT(image_address(loads, 2, 0x900, &address));
	CU_ASSERT_EQUAL(address, 0x5900);
	CU_ASSERT(!image_address(loads, 2, 0x1800, &address));
}

static const struct unit_case cases[] = {
	{ "a replaced file yields no names and one complaint", test_replaced },
	{ "without build-id, size and time must be the recorded ones",
	  test_touched },
	{ "another file of the same size and time yields no names",
	  test_same_size_and_time },
	{ "without a hash, a file that may have changed yields no names",
	  test_changed_since },
	{ "by its hash a file is known wherever it is, stripped or not",
	  test_known_content },
	{ "any bytes have a hash, or have none", test_content_of_anything },
	{ "a missing file yields offsets and a complaint", test_missing },
	{ "a file that is known by its build-id is known at every path",
	  test_two_paths },
	{ "a deleted file is missing though another has its name",
	  test_deleted },
	{ "files are looked for below the sysroot", test_sysroot },
	{ "damaged files never crash and never name another build's code",
	  test_damaged },
	{ "a load is placed by its pages, or not at all", test_page_of_load },
	{ "of two loads of one byte the executable one is meant",
	  test_page_mapped_twice },
};

UNIT_MAIN("image", cases)
