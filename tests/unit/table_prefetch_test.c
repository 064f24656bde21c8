// SPDX-License-Identifier: GPL-2.0
/*
 * Which files a recording will need tables of, before it begins: user/capture/
 * proc_maps.h, dynamic_loader.h and command_files.h.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "../../user/capture/command_files.h"
#include "../../user/capture/dynamic_loader.h"
#include "../../user/capture/proc_maps.h"
#include "resolve_inputs.h"

/* Paths, a line each, in the order in which they were found; the first ones. */
static char found[16384];
static unsigned int found_count;

static void on_found(void *context, const char *path)
{
	CU_ASSERT_PTR_EQUAL(context, found);
	found_count++;
	if (strlen(found) + strlen(path) + 2 < sizeof(found))
		strcat(strcat(found, path), "\n");
}

static void search(const char *command)
{
	*found = '\0';
	found_count = 0;
	program_files(command, on_found, found);
}

/* Whether the file that @path leads to is among them. */
static bool has(const char *path)
{
	char *real = realpath(path, NULL), line[4200];
	bool is;

	if (!real)
		return false;
	snprintf(line, sizeof(line), "%s\n", real);
	is = strstr(found, line);
	free(real);
	return is;
}

static void parsed(const char *text, const char *paths)
{
	char copy[1024];

	snprintf(copy, sizeof(copy), "%s", text);
	*found = '\0';
	loader_parse(copy, on_found, found);
	CU_ASSERT_STRING_EQUAL(found, paths);
}

static void lists(void)
{
	parsed("\tlinux-vdso.so.1 (0x00007ffd5a5e5000)\n"
	       "\tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f8)\n"
	       "\tlibgone.so => not found\n"
	       "\tlibnear.so => ./a (b)/libnear.so (0x00007f1)\n"
	       "\t/opt/with => in it/l.so => /opt/with/l.so (0x00007f1)\n"
	       "\t/lib64/ld-linux-x86-64.so.2 (0x00007f81d5fd5000)\n",
	       "/lib/x86_64-linux-gnu/libz.so.1\n"
	       "./a (b)/libnear.so\n"
	       "in it/l.so => /opt/with/l.so\n"
	       "/lib64/ld-linux-x86-64.so.2\n");
	parsed("\t/lib/ld-musl-x86_64.so.1 (0x7f10)\n"
	       "\tlibc.musl-x86_64.so.1 => /lib/ld-musl-x86_64.so.1 (0x7f10)",
	       "/lib/ld-musl-x86_64.so.1\n/lib/ld-musl-x86_64.so.1\n");
	parsed("\tstatically linked\n", "");
	parsed("Usage: ld.so [OPTION]... /FILE\n\n => (0x\n(0x1)\n (0x2)\n", "");
	parsed("", "");
}

static void interpreter(const char *text, const char *expected)
{
	char line[256];
	const char *name;

	snprintf(line, sizeof(line), "%s", text);
	name = program_interpreter(line);
	CU_ASSERT_STRING_EQUAL(name ? name : "(none)", expected);
}

static void interpreters(void)
{
	interpreter("/bin/sh", "/bin/sh");
	interpreter(" \t/usr/bin/perl -w", "/usr/bin/perl");
	interpreter("/usr/bin/env python3", "python3");
	interpreter("/usr/bin/env -S A=1 python3 -u", "python3");
	interpreter("/usr/bin/env", "/usr/bin/env");
	interpreter("/bin/envoy x", "/bin/envoy");
	interpreter("", "(none)");
	interpreter("  ", "(none)");
}

static void build(void)
{
	inputs_begin();
	inputs_write("library.c", "int number(void) { return 0; }", 30);
	inputs_write("program.c",
		     "int number(void); int main(void) { return number(); }",
		     53);
	CU_ASSERT_EQUAL_FATAL(
		inputs_shell("mkdir -p bin && gcc -shared -fPIC -o libours.so library.c &&"
			     " gcc -o bin/program program.c -L. -lours"
			     " -Wl,-rpath,'$ORIGIN/..'"), 0);
}

static void programs(void)
{
	unsigned int count = 0;
	char path[300];
	FILE *list;

	build();
	search("bin/program");
	CU_ASSERT_TRUE(has("bin/program"));
	CU_ASSERT_TRUE(has("libours.so"));
	/* All that ldd finds, the loader and the C library among it. */
	CU_ASSERT_EQUAL(inputs_shell("ldd bin/program |"
				     " grep -o '/[^ ]* (0x' | sed 's/ (0x//' >ldd"),
			0);
	list = fopen("ldd", "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(list);
	while (fscanf(list, "%299s", path) == 1) {
		CU_ASSERT_TRUE(has(path));
		count++;
	}
	fclose(list);
	CU_ASSERT(count >= 3);
	CU_ASSERT_EQUAL(inputs_shell("gcc -static -nostdlib -Wl,-e,number -o fixed library.c"),
			0);
	search("./fixed");
	CU_ASSERT_TRUE(has("fixed"));
	CU_ASSERT_EQUAL(found_count, 1);
	search("bin/absent");
	search("absent");
	search("");
	search("/dev/null");
	search(".");
	CU_ASSERT_EQUAL(found_count, 0);
}

static void paths(void)
{
	char *old = strdup(getenv("PATH")), path[400];

	build();
	CU_ASSERT_EQUAL(inputs_shell("mkdir -p first/program second && cp fixed second/program && touch first/fixed"),
			0);
	snprintf(path, sizeof(path), "/nowhere:first:%s/second:bin",
		 inputs_directory);
	setenv("PATH", path, 1);
	/* Neither a directory nor what may not be run. */
	search("program");
	CU_ASSERT_TRUE(has("second/program"));
	CU_ASSERT_EQUAL(found_count, 1);
	search("fixed");
	CU_ASSERT_EQUAL(found_count, 0);
	setenv("PATH", "first:", 1);
	search("fixed");
	CU_ASSERT_TRUE(has("fixed"));
	unsetenv("PATH");
	search("sh");
	CU_ASSERT_TRUE(has("/bin/sh"));
	setenv("PATH", old, 1);
	free(old);
}

static void scripts(void)
{
	char text[200];

	build();
	snprintf(text, sizeof(text), "#!%s/fixed -x\n", inputs_directory);
	inputs_write("one", text, strlen(text));
	snprintf(text, sizeof(text), "#! %s/one\n", inputs_directory);
	inputs_write("two", text, strlen(text));
	snprintf(text, sizeof(text), "#!%s/round\n", inputs_directory);
	inputs_write("round", text, strlen(text));
	inputs_write("env", "#!/usr/bin/env sh\n", 18);
	inputs_write("bare", "exit 0\n", 7);
	inputs_write("nameless", "#! \n", 4);
	search("./one");
	CU_ASSERT_TRUE(has("fixed"));
	search("./two");
	CU_ASSERT_TRUE(has("fixed"));
	CU_ASSERT_EQUAL(found_count, 1);
	search("./round");
	CU_ASSERT_EQUAL(found_count, 0);
	search("./env");
	CU_ASSERT_TRUE(has("/bin/sh"));
	CU_ASSERT_FALSE(has("/usr/bin/env"));
	search("./bare");
	CU_ASSERT_TRUE(has("/bin/sh"));
	search("./nameless");
	CU_ASSERT_EQUAL(found_count, 0);
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* A program whose loader is this script. */
static void link_to(const char *loader, const char *script)
{
	inputs_write(loader, script, strlen(script));
	CU_ASSERT_EQUAL_FATAL(inputs_shell("chmod +x %s &&"
					   " gcc -o odd library.c -nostdlib"
					   " -fPIE -pie -Wl,-e,number"
					   " -Wl,--dynamic-linker=%s/%s",
					   loader, inputs_directory, loader), 0);
}

static void odd_loaders(void)
{
	time_t begun;

	build();
	link_to("ld-slow.so", "#!/bin/sh\necho '/bin/sh (0x1)'\nexec sleep 60\n");
	begun = seconds();
	search("./odd");
	CU_ASSERT(seconds() - begun < 10);
	CU_ASSERT_TRUE(has("odd"));
	CU_ASSERT_TRUE(has("ld-slow.so"));
	CU_ASSERT_TRUE(has("/bin/sh"));
	link_to("ld-fails.so", "#!/bin/sh\nexit 1\n");
	search("./odd");
	CU_ASSERT_EQUAL(found_count, 2);
	link_to("ld-wordy.so", "#!/bin/sh\nexec yes '/bin/sh (0x1)'\n");
	search("./odd");
	CU_ASSERT(found_count > 1000);
	/* It would run the program, for all we know. */
	link_to("other", "#!/bin/sh\ntouch ran\n");
	search("./odd");
	CU_ASSERT_TRUE(has("other"));
	CU_ASSERT_EQUAL(found_count, 2);
	CU_ASSERT_NOT_EQUAL(access("ran", F_OK), 0);
}

static bool parse(const char *text, struct mapped *mapped)
{
	static char line[512];

	snprintf(line, sizeof(line), "%s", text);
	return mapped_parse(line, mapped);
}

static void map_lines(void)
{
	struct mapped mapped;

	CU_ASSERT_TRUE(parse("7f1a00000000-7f1a00001000 r-xp 00002000 fd:1f 1234567890123                  /a b/c (deleted)\n",
			     &mapped));
	CU_ASSERT_EQUAL(mapped.start, 0x7f1a00000000);
	CU_ASSERT_EQUAL(mapped.end, 0x7f1a00001000);
	CU_ASSERT_EQUAL(mapped.inode, 1234567890123);
	CU_ASSERT_EQUAL(mapped.device, 0xfd0000001fULL);
	CU_ASSERT_TRUE(mapped.executable);
	CU_ASSERT_STRING_EQUAL(mapped.path, "/a b/c (deleted)");
	CU_ASSERT_TRUE(parse("1000-2000 rw-s 00000000 00:05 7 /dev/zero",
			     &mapped));
	CU_ASSERT_FALSE(mapped.executable);
	CU_ASSERT_STRING_EQUAL(mapped.path, "/dev/zero");
	CU_ASSERT_TRUE(parse("1000-2000 rwxp 00000000 00:00 0 \n", &mapped));
	CU_ASSERT_EQUAL(mapped.inode, 0);
	CU_ASSERT_STRING_EQUAL(mapped.path, "");
	CU_ASSERT_FALSE(parse("2000-1000 r-xp 00000000 00:00 0 \n", &mapped));
	CU_ASSERT_FALSE(parse("1000-2000 r-x 00000000 00:00 0 \n", &mapped));
	CU_ASSERT_FALSE(parse("1000-2000 r-xp 00000000 00:00\n", &mapped));
	CU_ASSERT_FALSE(parse("VmFlags: rd ex mr\n", &mapped));
	CU_ASSERT_FALSE(parse("\n", &mapped));
}

static struct {
	struct mapped mapped;
	unsigned int count;
	ino_t inode;		/* looked for */
} own;

static void on_mapped(void *context, pid_t pid, const struct mapped *mapped)
{
	CU_ASSERT_PTR_EQUAL(context, &own);
	CU_ASSERT_EQUAL(pid, getpid());
	CU_ASSERT_TRUE(mapped->executable);
	if (mapped->inode == own.inode) {
		own.mapped = *mapped;
		own.count++;
	}
}

static ino_t inode_of(int file)
{
	struct stat status = { .st_ino = 0 };

	if (file >= 0)
		fstat(file, &status);
	close(file);
	return status.st_ino;
}

static void mappings(void)
{
	struct stat status;
	int file;

	inputs_begin();
	CU_ASSERT_EQUAL(inputs_shell("rm -f mapped && cp /bin/true mapped"), 0);
	file = open("mapped", O_RDONLY);
	CU_ASSERT_EQUAL_FATAL(fstat(file, &status), 0);
	CU_ASSERT_PTR_NOT_EQUAL_FATAL(mmap(NULL, 4096, PROT_READ | PROT_EXEC,
					   MAP_PRIVATE, file, 0), MAP_FAILED);
	CU_ASSERT_PTR_NOT_EQUAL_FATAL(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE,
					   file, 4096), MAP_FAILED);
	close(file);
	own.inode = status.st_ino;
	own.count = 0;
	mapped_each(getpid(), on_mapped, &own);
	CU_ASSERT_EQUAL(own.count, 1);
	mapped_each(1 << 30, on_mapped, &own);
	CU_ASSERT_EQUAL(own.count, 1);
}

/* By its place where that is allowed to us, else by its names. */
static void opening(void)
{
	char path[128], decoy[160];
	struct stat status;
	ino_t inode;

	mappings();
	snprintf(path, sizeof(path), "%s/mapped", inputs_directory);
	CU_ASSERT_EQUAL(inode_of(mapped_open(getpid(), own.mapped.start,
					     own.mapped.end, path)),
			own.inode);
	CU_ASSERT_EQUAL(inode_of(mapped_open(getpid(), 1, 2, path)), own.inode);
	CU_ASSERT_EQUAL(inode_of(mapped_open(1 << 30, 1, 2, path)), own.inode);
	CU_ASSERT_EQUAL(inode_of(mapped_open(0, 0, 0, path)), own.inode);
	/* Deleted: the place leads to it, the name to another one. */
	snprintf(decoy, sizeof(decoy), "%s (deleted)", path);
	CU_ASSERT_EQUAL(inputs_shell("rm mapped && cp /bin/true 'mapped (deleted)'"),
			0);
	CU_ASSERT_EQUAL_FATAL(stat(decoy, &status), 0);
	CU_ASSERT(mapped_open(getpid(), 1, 2, decoy) < 0);
	inode = inode_of(mapped_open(getpid(), own.mapped.start, own.mapped.end,
				     decoy));
	CU_ASSERT_NOT_EQUAL(inode, status.st_ino);
	CU_ASSERT(!inode || inode == own.inode);
	if (!geteuid())
		CU_ASSERT_EQUAL(inode, own.inode);
	/* A pipe that nobody writes to would be waited for. */
	CU_ASSERT_EQUAL(inputs_shell("mkfifo pipe"), 0);
	snprintf(path, sizeof(path), "%s/pipe", inputs_directory);
	CU_ASSERT_EQUAL(mapped_open(0, 0, 0, path), -ENOEXEC);
	CU_ASSERT(mapped_open(0, 0, 0, "mapped (deleted)") < 0);
	CU_ASSERT(mapped_open(0, 0, 0, "") < 0);
}

static const struct unit_case cases[] = {
	{ "the loader's list is understood, glibc's and musl's", lists },
	{ "a script's first line names what runs", interpreters },
	{ "a program's files are those of ldd", programs },
	{ "commands are found as exec finds them", paths },
	{ "scripts lead to their interpreters, and not in circles", scripts },
	{ "loaders that hang, fail or talk do no harm", odd_loaders },
	{ "lines of maps are understood", map_lines },
	{ "mappings that can be run are told", mappings },
	{ "the mapped file is opened, and nothing but files", opening },
};

UNIT_MAIN("ahead", cases)
