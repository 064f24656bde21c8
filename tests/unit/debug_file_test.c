// SPDX-License-Identifier: GPL-2.0
/*
 * Symbols from separate debug files, of stripped, replaced and vanished
 * programs: user/resolve/debug_file.h, image.h.
 */
#include "unit.h"

#include "resolve_records.h"

static struct resolver *resolver;

/* A program with its debug file aside, run once; debug/ holds what is found. */
static void begin(struct run *run, const char *flags, const char *separate)
{
	struct resolver_options options = { .debug_dir = "debug" };

	records_prepare();
	CU_ASSERT_EQUAL_FATAL(inputs_shell("rm -rf debug ran* .debug;"
					   " mkdir debug"), 0);
	records_build("ran", flags);
	CU_ASSERT_EQUAL_FATAL(inputs_shell("%s", separate), 0);
	records_run(run, "./ran");
	resolver = resolver_new(&options);
	records_replay(resolver, run, 1);
}

static void end(void)
{
	resolver_free(resolver);
}

static const struct name *at(uint64_t address)
{
	return resolver_user(resolver, 1, address, false);
}

static void expect_names(const struct run *run)
{
	CU_ASSERT_STRING_EQUAL(at(run->address[0])->text, "main");
	CU_ASSERT_STRING_EQUAL(at(run->address[1] + 1)->text, "inner");
	CU_ASSERT_EQUAL(at(run->address[1] + 1)->symbol_start,
			run->address[1]);
	CU_ASSERT_EQUAL(at(run->address[2])->kind, NAME_SYMBOL);
	CU_ASSERT_EQUAL(resolver_complaint_count(resolver), 0);
}

#define OBJCOPY "objcopy --only-keep-debug ran ran.dbg && "
#define BY_BUILD_ID							\
	" && id=$(readelf -n ran | sed -n 's/.*Build ID: //p')"		\
	" && d=debug/.build-id/$(echo $id | cut -c-2) && mkdir -p $d"	\
	" && mv ran.dbg $d/$(echo $id | cut -c3-).debug"

/* As distributions leave some names in: the others are in the debug file. */
static void test_thinned(void)
{
	struct run run;

	begin(&run, "-Wl,--build-id -g",
	      OBJCOPY "objcopy -S --keep-symbol=main ran" BY_BUILD_ID);
	expect_names(&run);
	end();
	begin(&run, "-g",
	      "objcopy --only-keep-debug ran ran.dbg && objcopy -S --keep-symbol=main"
	      " --add-gnu-debuglink=ran.dbg ran");
	expect_names(&run);
	end();
}

static void test_build_id(void)
{
	struct run run;

	begin(&run, "-Wl,--build-id", OBJCOPY "strip ran" BY_BUILD_ID);
	expect_names(&run);
	end();
	begin(&run, "-Wl,--build-id -no-pie",
	      "eu-strip -f ran.dbg ran" BY_BUILD_ID);
	expect_names(&run);
	end();
}

static void check_link(const char *where)
{
	char separate[512];
	struct run run;

	snprintf(separate, sizeof(separate),
		 OBJCOPY "strip ran && objcopy --add-gnu-debuglink=ran.dbg ran"
			 " && mkdir -p %s && mv ran.dbg %s/x"
			 " && mv %s/x %s/ran.dbg",
		 where, where, where, where);
	begin(&run, "-Wl,--build-id=none", separate);
	expect_names(&run);
	end();
}

static void test_link(void)
{
	check_link(".");
	check_link(".debug");
	check_link("debug$(pwd -P)");
}

static void test_wrong_crc(void)
{
	struct run run;

	begin(&run, "-Wl,--build-id=none",
	      OBJCOPY "strip ran && objcopy --add-gnu-debuglink=ran.dbg ran"
		      " && echo >> ran.dbg");
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_MODULE);
	CU_ASSERT_EQUAL_FATAL(resolver_complaint_count(resolver), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(resolver_complaint(resolver, 0),
				      "/ran.dbg: its CRC-32"));
	end();
}

static void test_wrong_build_id(void)
{
	struct run run;

	begin(&run, "-Wl,--build-id",
	      "gcc -DOTHER -Wl,--build-id -o ran.dbg program.c && strip ran"
	      BY_BUILD_ID);
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_MODULE);
	CU_ASSERT_EQUAL_FATAL(resolver_complaint_count(resolver), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(resolver_complaint(resolver, 0),
				      "its build-id is not"));
	end();
}

static void check_vanished(const char *flags, const char *separate,
			   const char *fate)
{
	struct run run;

	begin(&run, flags, separate);
	CU_ASSERT_EQUAL_FATAL(inputs_shell("%s", fate), 0);
	expect_names(&run);
	/* no symbol there: the file address, as the debug file has it */
	CU_ASSERT_EQUAL(at(run.maps[0].map.start + run.maps[0].map.length -
			   1)->kind, NAME_MODULE);
	end();
}

static void test_vanished(void)
{
	static const char *const ways[] = {
		OBJCOPY "true" BY_BUILD_ID,
		"cp ran ran.dbg" BY_BUILD_ID,
		"cp ran copy && eu-strip -f ran.dbg copy" BY_BUILD_ID,
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		check_vanished("-Wl,--build-id", ways[i], "rm ran");
		check_vanished("-Wl,--build-id -no-pie", ways[i], "rm ran");
		if (i < 2)	/* eu-strip leaves static programs whole */
			check_vanished("-Wl,--build-id -static", ways[i],
				       "echo other > ran");
		/* text and data in one part of the file, not on a page */
		check_vanished("-Wl,--build-id -Wl,-z,noseparate-code",
			       ways[i], "rm ran");
		check_vanished("-Wl,--build-id -fuse-ld=gold", ways[i],
			       "gcc -DOTHER -o ran program.c");
	}
	if (!inputs_shell("llvm-objcopy-14 --version > /dev/null 2>&1"))
		check_vanished("-Wl,--build-id",
			       "llvm-objcopy-14 --only-keep-debug ran ran.dbg"
			       BY_BUILD_ID, "rm ran");
}

/* A mapping of another size cannot be told to begin where the load does. */
static void test_not_placed(void)
{
	struct run run;

	begin(&run, "-Wl,--build-id", OBJCOPY "true" BY_BUILD_ID);
	CU_ASSERT_EQUAL(remove("ran"), 0);
	resolver_free(resolver);
	resolver = resolver_new(&(struct resolver_options){
		.debug_dir = "debug" });
	run.maps[0].map.length += 0x1000;
	records_replay(resolver, &run, 1);
	CU_ASSERT_EQUAL(at(run.address[1])->kind, NAME_MISSING);
	CU_ASSERT_EQUAL(at(run.address[2])->kind, NAME_MISSING);
	CU_ASSERT_EQUAL(resolver_complaint_count(resolver), 1);
	end();
}

static void test_deleted(void)
{
	struct run run;

	begin(&run, "-Wl,--build-id", OBJCOPY "true" BY_BUILD_ID);
	resolver_free(resolver);
	resolver = resolver_new(&(struct resolver_options){
		.debug_dir = "debug" });
	CU_ASSERT_EQUAL(remove("ran"), 0);
	strcat(run.maps[0].map.path, " (deleted)");
	run.maps[0].map.path_len += 10;
	records_replay(resolver, &run, 1);
	CU_ASSERT_STRING_EQUAL(at(run.address[1])->text, "inner");
	CU_ASSERT_STRING_EQUAL(at(run.address[1])->module, "ran");
	end();
}

static const struct unit_case cases[] = {
	{ "a program with some symbols gets the others from its debug file",
	  test_thinned },
	{ "a stripped program's symbols are found by build-id",
	  test_build_id },
	{ "or by debug link: next to it, in .debug, in the debug directory",
	  test_link },
	{ "a debug file with another CRC is not used", test_wrong_crc },
	{ "a debug file with another build-id is not used",
	  test_wrong_build_id },
	{ "a vanished or replaced program is named by its debug file",
	  test_vanished },
	{ "where the debug file does not fit the mapping, nothing is named",
	  test_not_placed },
	{ "a deleted program is named by its debug file", test_deleted },
};

UNIT_MAIN("debugfile", cases)
