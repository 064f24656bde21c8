// SPDX-License-Identifier: GPL-2.0
/*
 * From process and address to a name, on programs that were really run:
 * user/resolve/resolve.h. Separate debug files are in debug_file_test.c.
 */
#include "unit.h"

#include <errno.h>
#include <stddef.h>

#include "resolve_records.h"

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

static void expect_function(const struct run *run, uint64_t address,
			    const char *text, const char *module)
{
	const struct name *name = at(address + 1);

	CU_ASSERT_STRING_EQUAL(name->text, text);
	CU_ASSERT_STRING_EQUAL(name->module, module);
	CU_ASSERT_EQUAL(name->kind, NAME_SYMBOL);
	CU_ASSERT_EQUAL(name->symbol_start, address);
	CU_ASSERT(run->functions >= 3);
}

/* Build, run, and ask for the addresses that the program printed. */
static void check_run(const char *flags)
{
	struct run run;

	begin();
	records_build("ran", flags);
	records_run(&run, "./ran");
	records_replay(resolver, &run, 1);
	expect_function(&run, run.address[0], "main", "ran");
	expect_function(&run, run.address[1], "inner", "ran");
	expect_function(&run, run.address[2], "visible", "ran");
	CU_ASSERT_EQUAL(resolver_complaint_count(resolver), 0);
	end();
}

static void test_makes(void)
{
	check_run("-pie -fPIE");
	check_run("-no-pie");
	check_run("-static");
	check_run("-static-pie -fPIE");
	check_run("-Wl,--build-id=none");
	check_run("-fuse-ld=gold -Wl,--build-id");
}

static void test_library(void)
{
	struct run run;

	begin();
	CU_ASSERT_EQUAL_FATAL(inputs_shell(
		"gcc -O1 -shared -fPIC -o libours.so library.c &&"
		" gcc -O1 -DLIBRARY -o linked program.c ./libours.so"), 0);
	records_run(&run, "./linked");
	records_replay(resolver, &run, 1);
	expect_function(&run, run.address[0], "main", "linked");
	expect_function(&run, run.address[3], "from_library", "libours.so");
	CU_ASSERT_PTR_NOT_NULL(strstr(at(run.address[3])->path,
				      "/libours.so"));
	end();
}

static void test_same(void)
{
	const struct name *name;
	struct run run;

	begin();
	records_build("ran", "");
	records_run(&run, "./ran");
	records_replay(resolver, &run, 1);
	records_replay(resolver, &run, 2);
	name = at(run.address[1]);
	CU_ASSERT_PTR_EQUAL(at(run.address[1]), name);
	CU_ASSERT_PTR_EQUAL(at(run.address[1] + 3), name);
	CU_ASSERT_PTR_EQUAL(resolver_user(resolver, 2, run.address[1] + 1,
					  false), name);
	CU_ASSERT_PTR_NOT_EQUAL(at(run.address[2]), name);
	end();
}

static void test_placed_twice(void)
{
	const struct name *first, *second;
	struct record record;
	struct run run;

	begin();
	records_build("ran", "-pie -fPIE");
	records_run(&run, "./ran");
	records_replay(resolver, &run, 1);
	record = run.maps[0];
	record.map.start += 0x100000000;
	record.map.tgid = 2;
	resolver_map(resolver, &record.map);
	first = at(run.address[1] + 2);
	second = resolver_user(resolver, 2, run.address[1] + 0x100000002,
			       false);
	CU_ASSERT_STRING_EQUAL(second->text, "inner");
	CU_ASSERT_EQUAL(second->symbol_start,
			first->symbol_start + 0x100000000);
	end();
}

static void test_return(void)
{
	uint64_t start, noreturn_end;
	struct run run;

	begin();
	records_build("ran", "");
	records_run(&run, "./ran");
	records_replay(resolver, &run, 1);
	/* The call that ends "leaves" returns to the next function. */
	start = run.address[4];
	noreturn_end = run.address[5];
	CU_ASSERT_STRING_EQUAL(at(start)->text, "leaves");
	CU_ASSERT_STRING_EQUAL(at(noreturn_end)->text, "follows");
	CU_ASSERT_STRING_EQUAL(resolver_user(resolver, 1, noreturn_end,
					     true)->text, "leaves");
	CU_ASSERT_EQUAL(resolver_user(resolver, 1, 0, true)->kind,
			NAME_UNKNOWN);
	end();
}

static void test_no_symbol(void)
{
	const struct name *name;
	char text[64];
	struct run run;

	begin();
	records_build("bare", "-s -pie -fPIE");
	records_run(&run, "./bare");
	records_replay(resolver, &run, 1);
	name = at(run.address[1]);
	CU_ASSERT_EQUAL(name->kind, NAME_MODULE);
	CU_ASSERT_EQUAL(name->symbol_start, 0);
	CU_ASSERT_STRING_EQUAL(name->module, "bare");
	/* the default layout of a PIE: addresses count from its first byte */
	snprintf(text, sizeof(text), "[bare+0x%llx]",
		 (unsigned long long)(run.address[1] - run.base));
	CU_ASSERT_STRING_EQUAL(name->text, text);
	CU_ASSERT_EQUAL(resolver_complaint_count(resolver), 0);
	end();
}

static void test_special(void)
{
	struct record record = { 0 };
	struct error error = { "" };
	uint64_t address;
	size_t length;
	struct run run;
	char *image;

	begin();
	CU_ASSERT_EQUAL(at(0x1000)->kind, NAME_UNKNOWN);
	CU_ASSERT_STRING_EQUAL(at(0x1000)->text, "[unknown]");
	CU_ASSERT_STRING_EQUAL(at(0x1000)->module, "");

	record.map.start = 0x10000;
	record.map.length = 0x1000;
	record.map.tgid = 1;
	record.map.header.flags = DITHER_MAP_ANONYMOUS;
	resolver_map(resolver, &record.map);
	CU_ASSERT_EQUAL(at(0x10010)->kind, NAME_ANONYMOUS);
	CU_ASSERT_STRING_EQUAL(at(0x10010)->text, "[anon]");
	CU_ASSERT_STRING_EQUAL(at(0x10010)->module, "[anon]");
	CU_ASSERT_PTR_EQUAL(at(0x10010), at(0x10020));

	/* any library can stand in for the vDSO */
	CU_ASSERT_EQUAL_FATAL(inputs_shell(
		"gcc -O1 -shared -fPIC -o libours.so library.c &&"
		" gcc -O1 -DLIBRARY -o linked program.c ./libours.so"), 0);
	records_run(&run, "./linked");
	image = inputs_read("libours.so", &length);
	record.map.header.flags = DITHER_MAP_VDSO;
	record.map.start = 0x20000;
	record.map.length = 0x10000;
	resolver_map(resolver, &record.map);
	address = 0x20000 + run.address[3] - run.library_base;
	CU_ASSERT_EQUAL(at(address + 1)->kind, NAME_MODULE);
	CU_ASSERT_EQUAL(strncmp(at(address + 1)->text, "[vdso+0x", 8), 0);
	CU_ASSERT_EQUAL(resolver_add_vdso(resolver, (unsigned char *)"no", 2,
					  &error), -ENOEXEC);
	CU_ASSERT_EQUAL(resolver_add_vdso(resolver, (unsigned char *)image,
					  length, &error), 0);
	free(image);
	CU_ASSERT_STRING_EQUAL(at(address + 2)->text, "from_library");
	CU_ASSERT_STRING_EQUAL(at(address + 2)->module, "[vdso]");
	CU_ASSERT_STRING_EQUAL(at(address + 2)->path, "");
	CU_ASSERT_EQUAL(at(address + 2)->symbol_start, address);

	record.map.header.flags = DITHER_MAP_VDSO | DITHER_MAP_COMPAT;
	record.map.start = 0x40000;
	record.map.length = 0x1000;
	resolver_map(resolver, &record.map);
	CU_ASSERT_STRING_EQUAL(at(0x40010)->text, "[vdso+0x10]");
	CU_ASSERT_EQUAL(at(0x40010)->kind, NAME_MODULE);
	end();
}

static void test_kernel(void)
{
	static const char text[] = "ffff000000001000 schedule\n"
				   "ffff000000002000 ext4_read\t[ext4]\n";
	static const char zeros[] = "0 schedule\n0 other\n";
	struct error error = { "" };
	const struct name *name;

	begin();
	CU_ASSERT_EQUAL(resolver_kernel(resolver, 0xffff000000001010,
					false)->kind, NAME_UNKNOWN);
	CU_ASSERT_EQUAL(resolver_add_kernel(resolver, text, strlen(text),
					    &error), 0);
	name = resolver_kernel(resolver, 0xffff000000002000, true);
	CU_ASSERT_STRING_EQUAL(name->text, "schedule");
	CU_ASSERT_STRING_EQUAL(name->module, "[kernel]");
	CU_ASSERT_STRING_EQUAL(name->path, "");
	CU_ASSERT_EQUAL(name->symbol_start, 0xffff000000001000);
	CU_ASSERT_PTR_EQUAL(resolver_kernel(resolver, 0xffff000000001010,
					    false), name);
	name = resolver_kernel(resolver, 0xffff000000002000, false);
	CU_ASSERT_STRING_EQUAL(name->text, "ext4_read");
	CU_ASSERT_STRING_EQUAL(name->module, "[ext4]");
	name = resolver_kernel(resolver, 0x1000, false);
	CU_ASSERT_STRING_EQUAL(name->text, "[unknown]");
	CU_ASSERT_EQUAL(resolver_add_kernel(resolver, "junk\n", 5, &error),
			-EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "line 1"));
	CU_ASSERT_EQUAL(resolver_complaint_count(resolver), 0);
	CU_ASSERT_EQUAL(resolver_add_kernel(resolver, zeros, strlen(zeros),
					    &error), 0);
	CU_ASSERT_STRING_EQUAL(resolver_kernel(resolver, 0xffff000000001010,
					       false)->text, "schedule");
	CU_ASSERT_EQUAL(resolver_complaint_count(resolver), 1);
	end();
}

/* What comes and goes is asked for at a time. */
static void test_kernel_times(void)
{
	static const char text[] = "ffff000000001000 schedule\n"
				   "ffff000000002000 ext4_read\t[ext4]\n";
	static const char code[] =
		"ffff000000002000-ffff000000004000\t[ext4]\n"
		"ffff000000006000-ffff000000006040 bpf_prog_1_p\t[bpf]\n";
	static const struct kernel_reading first = { 10, 20 }, second = { 90, 99 };
	struct error error = { "" };
	const struct name *name;
	struct resolved_mapping mapping;

	begin();
	CU_ASSERT_EQUAL(resolver_add_kernel(resolver, text, strlen(text),
					    &error), 0);
	CU_ASSERT_EQUAL(resolver_add_kernel_code(resolver, code, strlen(code),
						 &first, &error), 0);
	CU_ASSERT_EQUAL(resolver_add_kernel_code(
				resolver,
				"ffff000000005000-ffff000000005100\t[m]\n", 38,
				&second, &error), 0);
	resolver_set_time(resolver, 20);
	name = resolver_kernel(resolver, 0xffff000000003fff, false);
	CU_ASSERT_STRING_EQUAL(name->text, "ext4_read");
	name = resolver_kernel(resolver, 0xffff000000006010, false);
	CU_ASSERT_STRING_EQUAL(name->text, "bpf_prog_1_p");
	CU_ASSERT_STRING_EQUAL(name->module, "[bpf]");
	CU_ASSERT(resolver_kernel_mapping(resolver, 0xffff000000003000,
					  &mapping));
	CU_ASSERT_EQUAL(mapping.start, 0xffff000000002000);
	CU_ASSERT_EQUAL(mapping.end, 0xffff000000004000);
	CU_ASSERT_STRING_EQUAL(mapping.file, "[ext4]");
	CU_ASSERT_EQUAL(resolver_kernel(resolver, 0xffff000000005010,
					false)->kind, NAME_UNKNOWN);
	resolver_set_time(resolver, 100);
	CU_ASSERT_EQUAL(resolver_kernel(resolver, 0xffff000000003fff,
					false)->kind, NAME_UNKNOWN);
	name = resolver_kernel(resolver, 0xffff000000005010, false);
	CU_ASSERT_STRING_EQUAL(name->text, "[m+0x10]");
	CU_ASSERT_STRING_EQUAL(name->module, "[m]");
	CU_ASSERT_EQUAL(name->kind, NAME_MODULE);
	CU_ASSERT_STRING_EQUAL(resolver_kernel(resolver, 0xffff000000001010,
					       false)->text, "schedule");
	end();
}

static void test_mangled(void)
{
	static const char text[] = "ffff000000001000 _RNvC6kernel4main\n"
				   "ffff000000002000 memcpy\n";
	struct resolver_options options = { .mangled = true };
	const struct name *name;

	begin();
	CU_ASSERT_EQUAL(resolver_add_kernel(resolver, text, strlen(text),
					    NULL), 0);
	name = resolver_kernel(resolver, 0xffff000000001010, false);
	CU_ASSERT_STRING_EQUAL(name->text, "kernel::main");
	CU_ASSERT_STRING_EQUAL(name->symbol, "_RNvC6kernel4main");
	name = resolver_kernel(resolver, 0xffff000000002010, false);
	CU_ASSERT_STRING_EQUAL(name->text, "memcpy");
	CU_ASSERT_STRING_EQUAL(name->symbol, "memcpy");
	end();
	resolver = resolver_new(&options);
	CU_ASSERT_EQUAL(resolver_add_kernel(resolver, text, strlen(text),
					    NULL), 0);
	name = resolver_kernel(resolver, 0xffff000000001010, false);
	CU_ASSERT_STRING_EQUAL(name->text, "_RNvC6kernel4main");
	CU_ASSERT_STRING_EQUAL(name->symbol, "_RNvC6kernel4main");
	end();
}

/* Thumb functions have odd addresses, and calls from them odd returns. */
static void test_thumb(void)
{
	static const char source[] =
		".text\n.type place,@function\nplace: .skip 8, 0x90\n"
		".size place, 0\n.globl thumb\n.set thumb, place + 1\n"
		".type thumb,@function\n.size thumb, 8\n"
		".type after,@function\nafter: .skip 8, 0x90\n"
		".size after, 8\n";
	struct record record = { 0 };
	uint64_t start = 0;
	size_t length;
	char *image;

	begin();
	inputs_write("thumb.s", source, sizeof(source) - 1);
	CU_ASSERT_EQUAL_FATAL(inputs_shell("gcc -m32 -nostdlib -shared"
					   " -o thumb thumb.s"), 0);
	image = inputs_read("thumb", &length);
	image[offsetof(Elf32_Ehdr, e_machine)] = EM_ARM;
	CU_ASSERT_EQUAL(resolver_add_vdso(resolver, (unsigned char *)image,
					  length, NULL), 0);
	free(image);
	record.map.header.flags = DITHER_MAP_VDSO;
	record.map.start = 0x10000;
	record.map.length = 0x10000;
	record.map.tgid = 1;
	resolver_map(resolver, &record.map);
	while (start < 0x10000 && strcmp(at(0x10000 + start)->text, "thumb"))
		start++;
	start += 0x10000;
	CU_ASSERT_EQUAL(at(start)->symbol_start, start);
	CU_ASSERT_EQUAL(start % 2, 0);
	CU_ASSERT_STRING_EQUAL(at(start + 8)->text, "after");
	CU_ASSERT_STRING_EQUAL(resolver_user(resolver, 1, start + 8,
					     true)->text, "thumb");
	CU_ASSERT_STRING_EQUAL(resolver_user(resolver, 1, start + 9,
					     true)->text, "thumb");
	end();
}

static void test_changes(void)
{
	struct record record = { 0 };
	uint32_t tgid;

	begin();
	record.map.start = 0x1000;
	record.map.length = 0x1000;
	record.map.tgid = 1;
	record.map.header.flags = DITHER_MAP_ANONYMOUS;
	CU_ASSERT_EQUAL(at(0x1000)->kind, NAME_UNKNOWN);
	resolver_map(resolver, &record.map);
	CU_ASSERT_EQUAL(at(0x1000)->kind, NAME_ANONYMOUS);
	record.map.header.flags = DITHER_MAP_VDSO;
	resolver_map(resolver, &record.map);
	CU_ASSERT_STRING_EQUAL(at(0x1000)->text, "[vdso+0x0]");
	for (tgid = 2; tgid < 60000; tgid++) {
		if (at(0x1000)->kind != NAME_MODULE ||
		    resolver_user(resolver, tgid, 0x1000, false)->kind !=
			    NAME_UNKNOWN)
			break;
	}
	CU_ASSERT_EQUAL(tgid, 60000);
	end();
}

static void test_life(void)
{
	struct dither_fork fork = { .tgid = 2, .parent_tgid = 1 };
	struct dither_comm comm = { .tgid = 2 };
	struct dither_exit gone = { .tgid = 2 };
	struct record record = { 0 };

	begin();
	record.map.start = 0x1000;
	record.map.length = 0x1000;
	record.map.tgid = 1;
	record.map.header.flags = DITHER_MAP_ANONYMOUS;
	resolver_map(resolver, &record.map);
	fork.header.tid = 3;	/* a thread of process 2 */
	resolver_fork(resolver, &fork);
	CU_ASSERT_EQUAL(resolver_user(resolver, 2, 0x1000, false)->kind,
			NAME_UNKNOWN);
	fork.header.tid = 2;
	resolver_fork(resolver, &fork);
	CU_ASSERT_EQUAL(resolver_user(resolver, 2, 0x1000, false)->kind,
			NAME_ANONYMOUS);
	resolver_exec(resolver, &comm);	/* a mere change of name */
	resolver_exit(resolver, &gone);	/* of one thread */
	gone.header.flags = DITHER_EXIT_PROCESS;
	resolver_exit(resolver, &gone);
	CU_ASSERT_EQUAL(resolver_user(resolver, 2, 0x1000, false)->kind,
			NAME_ANONYMOUS);
	comm.header.flags = DITHER_COMM_EXEC;
	resolver_exec(resolver, &comm);
	CU_ASSERT_EQUAL(resolver_user(resolver, 2, 0x1000, false)->kind,
			NAME_UNKNOWN);
	CU_ASSERT_EQUAL(at(0x1000)->kind, NAME_ANONYMOUS);
	/* a mapping of no bytes and one that runs over the end */
	record.map.length = 0;
	record.map.start = 0x9000;
	resolver_map(resolver, &record.map);
	CU_ASSERT_EQUAL(at(0x9000)->kind, NAME_UNKNOWN);
	record.map.start = UINT64_MAX - 0xfff;
	record.map.length = UINT64_MAX;
	resolver_map(resolver, &record.map);
	CU_ASSERT_EQUAL(at(UINT64_MAX - 1)->kind, NAME_ANONYMOUS);
	CU_ASSERT_EQUAL(at(0x1000)->kind, NAME_ANONYMOUS);
	end();
}

static const struct unit_case cases[] = {
	{ "a mangled symbol is shown by its name, and kept; or else as it is",
	  test_mangled },
	{ "PIE, fixed, static, static-pie: names are where the program says",
	  test_makes },
	{ "a shared library's functions are named with their library",
	  test_library },
	{ "the same symbol is the same name, however often asked",
	  test_same },
	{ "one file at two places has symbols at two places",
	  test_placed_twice },
	{ "a return address names the caller, even behind its last byte",
	  test_return },
	{ "code without symbol is shown by module and file address",
	  test_no_symbol },
	{ "vDSO, generated code and unknown places have names of their own",
	  test_special },
	{ "kernel addresses are named by kernel symbols", test_kernel },
	{ "a module or BPF program has its names as long as it is there",
	  test_kernel_times },
	{ "the mode bit of 32 bit ARM is no part of an address", test_thumb },
	{ "an answer changes with the mapping, and is one process's",
	  test_changes },
	{ "forks, execs and exits take effect as the kernel means them",
	  test_life },
};

UNIT_MAIN("resolve", cases)
