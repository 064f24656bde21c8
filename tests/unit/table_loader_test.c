// SPDX-License-Identifier: GPL-2.0
/*
 * Files become tables in the module: user/capture/table_loader.h and
 * table_thread.h.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "../../kmod/core/table_lookup.h"
#include "../../user/capture/capture_metadata.h"
#include "../../user/capture/table_loader.h"
#include "../../user/capture/table_thread.h"
#include "resolve_inputs.h"

/* The module, as it were. */
static struct {
	pthread_mutex_t mutex;
	unsigned int tables, nones, bad;
	ino_t inode;		/* of the last file */
	int fd;			/* … and its number */
	int answer;
} module = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static int take(void *context, const struct dither_table_image *image)
{
	const void *bytes = (const void *)(uintptr_t)image->image;
	struct stat status = { .st_ino = 0 };

	pthread_mutex_lock(&module.mutex);
	module.bad += context != &module || image->size != sizeof(*image) || image->flags ||
		      image->reserved || !bytes != !image->bytes ||
		      (bytes && dither_table_check(bytes, image->bytes)) ||
		      (image->fd >= 0 && fstat(image->fd, &status));
	module.tables += !!image->bytes;
	module.nones += !image->bytes;
	module.inode = status.st_ino;
	module.fd = image->fd;
	pthread_mutex_unlock(&module.mutex);
	return module.answer;
}

static struct table_loader *begin(void)
{
	inputs_begin();
	setenv("XDG_CACHE_HOME", inputs_directory, 1);
	module.tables = module.nones = module.bad = 0;
	module.answer = 0;
	return table_loader_new(take, &module);
}

static void end(struct table_loader *loader)
{
	CU_ASSERT_EQUAL(module.bad, 0);
	table_loader_free(loader);
}

static void give(struct table_loader *loader, const char *path, bool asked)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);

	CU_ASSERT_FATAL(file >= 0);
	table_loader_file(loader, file, path, asked);
	/* taken over */
	CU_ASSERT_EQUAL(fcntl(file, F_GETFD), -1);
}

static void program(void)
{
	struct table_loader *loader = begin();
	struct stat status;

	CU_ASSERT_EQUAL(stat("/bin/sh", &status), 0);
	give(loader, "/bin/sh", false);
	CU_ASSERT_EQUAL(module.tables, 1);
	CU_ASSERT_EQUAL(module.inode, status.st_ino);
	CU_ASSERT_EQUAL(table_loader_counts(loader)->tables, 1);
	CU_ASSERT_EQUAL(table_loader_counts(loader)->refused, 0);
	end(loader);
}

static void none(void)
{
	struct table_loader *loader = begin();

	inputs_write("text", "#!/bin/sh\n", 10);
	inputs_write("damaged", "\177ELF, as it were", 16);
	inputs_write("bare.c", "void f(void) {}", 15);
	CU_ASSERT_EQUAL_FATAL(inputs_shell("gcc -nostdlib -shared -fno-asynchronous-unwind-tables -o bare bare.c"),
			      0);
	give(loader, "text", false);
	give(loader, "damaged", false);
	give(loader, "bare", true);
	CU_ASSERT_EQUAL(module.tables, 0);
	CU_ASSERT_EQUAL(module.nones, 3);
	CU_ASSERT_EQUAL(table_loader_counts(loader)->without, 3);
	end(loader);
}

/* More rules than a table can hold: it is reported, and not tried again. */
static void too_large(void)
{
	static const char source[] = ".globl _start\n_start:\n.cfi_startproc\n"
				     ".set i, 16\n.rept 66000\nnop\n"
				     ".cfi_def_cfa_offset i\n"
				     ".set i, i + 8\n.endr\nret\n"
				     ".cfi_endproc\n";
	struct table_loader *loader = begin();

	inputs_write("large.s", source, sizeof(source) - 1);
	CU_ASSERT_EQUAL_FATAL(inputs_shell("gcc -nostdlib -static -o large large.s"),
			      0);
	give(loader, "large", true);
	CU_ASSERT_EQUAL(module.tables, 0);
	CU_ASSERT_EQUAL(module.nones, 1);
	CU_ASSERT_EQUAL(table_loader_counts(loader)->without, 1);
	give(loader, "large", false);
	CU_ASSERT_EQUAL(module.nones, 1);
	end(loader);
}

static void once(void)
{
	struct table_loader *loader = begin();

	CU_ASSERT_EQUAL(inputs_shell("cp /bin/true copy && ln -f copy link"), 0);
	give(loader, "copy", false);
	give(loader, "copy", false);
	give(loader, "link", false);
	CU_ASSERT_EQUAL(module.tables, 1);
	/* The module has dropped it. */
	give(loader, "copy", true);
	CU_ASSERT_EQUAL(module.tables, 2);
	CU_ASSERT_EQUAL(table_loader_counts(loader)->tables, 1);
	for (int i = 0; i < 100; i++)
		give(loader, "copy", true);
	CU_ASSERT(module.tables < 20);
	/* It is another one now. */
	CU_ASSERT_EQUAL(inputs_shell("touch -d 2001-01-01 copy"), 0);
	module.tables = 0;
	give(loader, "copy", false);
	CU_ASSERT_EQUAL(module.tables, 1);
	CU_ASSERT_EQUAL(table_loader_counts(loader)->tables, 2);
	end(loader);
}

static void answers(void)
{
	struct table_loader *loader = begin();
	const struct table_loader_counts *counts = table_loader_counts(loader);

	CU_ASSERT_EQUAL(inputs_shell("cp /bin/true a && cp a b && cp a c"), 0);
	module.answer = -EEXIST;
	give(loader, "a", false);
	CU_ASSERT_EQUAL(counts->tables, 1);
	CU_ASSERT_EQUAL(counts->refused, 0);
	module.answer = -ENOMEM;
	give(loader, "b", false);
	module.answer = -E2BIG;
	give(loader, "c", false);
	CU_ASSERT_EQUAL(counts->tables, 1);
	CU_ASSERT_EQUAL(counts->refused, 2);
	CU_ASSERT_EQUAL(counts->code, -ENOMEM);
	CU_ASSERT_STRING_EQUAL(counts->path, "b");
	give(loader, "b", true);
	CU_ASSERT_EQUAL(module.tables, 3);
	CU_ASSERT_EQUAL(counts->refused, 2);
	end(loader);
}

static void vdso(void)
{
	struct table_loader *loader = begin();
	size_t bytes;

	module.fd = 0;
	table_loader_vdso(loader, false);
	table_loader_vdso(loader, false);
	if (capture_vdso(&bytes)) {
		CU_ASSERT_EQUAL(module.tables, 1);
		CU_ASSERT_EQUAL(module.fd, -1);
	} else {
		CU_ASSERT_EQUAL(module.tables + module.nones, 0);
	}
	end(loader);
}

static struct tables *begin_thread(void)
{
	struct tables *tables;

	table_loader_free(begin());
	tables = tables_begin(take, &module, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tables);
	return tables;
}

static void add(struct tables *tables, const char *path, uint64_t inode)
{
	char absolute[160];
	const struct table_request request = {
		.path = absolute,
		.inode = inode,
	};

	snprintf(absolute, sizeof(absolute), "%s/%s", inputs_directory, path);
	tables_add(tables, &request);
}

static void thread(void)
{
	const struct table_request vdso_request = { .vdso = true };
	struct tables *tables = begin_thread();
	struct tables_result result;

	CU_ASSERT_EQUAL(inputs_shell("cp /bin/true a && cp a b"), 0);
	inputs_write("text", "#!/bin/sh\n", 10);
	add(tables, "a", 0);
	add(tables, "b", 0);
	add(tables, "text", 0);
	add(tables, "absent", 0);
	CU_ASSERT_EQUAL(tables_wait(tables, 60000), 0);
	tables_add(tables, &vdso_request);
	CU_ASSERT_EQUAL(tables_wait(tables, 60000), 0);
	CU_ASSERT(module.tables >= 2);
	CU_ASSERT_EQUAL(module.nones, 1);
	module.answer = -ENOMEM;
	CU_ASSERT_EQUAL(inputs_shell("cp a c"), 0);
	add(tables, "c", 0);
	CU_ASSERT_EQUAL(tables_wait(tables, 60000), 0);
	tables_end(tables, &result);
	CU_ASSERT_EQUAL(module.bad, 0);
	CU_ASSERT_FALSE(result.left);
	CU_ASSERT_EQUAL(result.loader.refused, 1);
	CU_ASSERT_EQUAL(result.forgotten, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(result.path);
	CU_ASSERT_PTR_NOT_NULL(strstr(result.path, "/c"));
	free(result.path);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* As a MAP record made at @time tells of @path. */
static struct table_request content_of(const char *path, uint64_t time)
{
	struct stat status;

	CU_ASSERT_EQUAL_FATAL(stat(path, &status), 0);
	return (struct table_request){
		.device = (uint64_t)major(status.st_dev) << 32 |
			  minor(status.st_dev),
		.inode = status.st_ino,
		.bytes = (uint64_t)status.st_size,
		.mtime_ns = status.st_mtim.tv_sec * 1000000000LL +
			    status.st_mtim.tv_nsec,
		.time = time,
		.content = true,
	};
}

static void hash(struct tables *tables, const char *path,
		 const struct table_request *wanted)
{
	struct table_request request = *wanted;
	char absolute[160];

	snprintf(absolute, sizeof(absolute), "%s/%s", inputs_directory, path);
	request.path = absolute;
	tables_add(tables, &request);
}

static void hashes(void)
{
	struct tables *tables;
	struct table_request wanted;
	struct tables_result result;
	struct chunk_file *files;
	uint64_t before = now_ns();
	size_t count;

	table_loader_free(begin());
	tables = tables_begin(NULL, NULL, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tables);
	CU_ASSERT_EQUAL(inputs_shell("sleep .05; cp /bin/true a; cp a b; sleep .05"), 0);
	inputs_write("text", "#!/bin/sh\n", 10);
	wanted = content_of("a", now_ns());
	hash(tables, "a", &wanted);
	/* Another file of that name; one that changed since; no program. */
	hash(tables, "b", &wanted);
	wanted.time = before;
	hash(tables, "a", &wanted);
	wanted.time = now_ns();
	wanted.mtime_ns++;
	hash(tables, "a", &wanted);
	wanted = content_of("text", 0);
	hash(tables, "text", &wanted);
	tables_settle(tables, 60000);
	files = tables_files(tables, &count);
	CU_ASSERT_EQUAL_FATAL(count, 1);
	wanted = content_of("a", 0);
	CU_ASSERT_EQUAL(files[0].inode, wanted.inode);
	CU_ASSERT_EQUAL(files[0].bytes, wanted.bytes);
	CU_ASSERT(files[0].code != 0);
	free(files);
	CU_ASSERT_PTR_NULL(tables_files(tables, &count));
	CU_ASSERT_EQUAL(count, 0);
	tables_end(tables, &result);
	CU_ASSERT_FALSE(result.left);
}

/* With the module's lock held, the thread stays at the first of them. */
static void queue(void)
{
	struct tables *tables = begin_thread();
	struct tables_result result;

	CU_ASSERT_EQUAL(inputs_shell("cp /bin/true a"), 0);
	pthread_mutex_lock(&module.mutex);
	add(tables, "a", 1);
	for (int times = 0; times < 3; times++)
		for (uint64_t inode = 10; inode < 20; inode++)
			add(tables, "absent", inode);
	CU_ASSERT_EQUAL(tables_wait(tables, 1), 11);
	for (uint64_t inode = 100; inode < 8100; inode++)
		add(tables, "absent", inode);
	CU_ASSERT_EQUAL(tables_wait(tables, 1), 4096);
	pthread_mutex_unlock(&module.mutex);
	tables_end(tables, &result);
	CU_ASSERT_FALSE(result.left);
	CU_ASSERT_EQUAL(result.forgotten, 8000 - (4096 - 11));
	free(result.path);
}

static void hanging(void)
{
	struct tables *tables = begin_thread();
	struct tables_result result;
	struct timespec begun, ended;

	CU_ASSERT_EQUAL(inputs_shell("cp /bin/true a"), 0);
	pthread_mutex_lock(&module.mutex);
	add(tables, "a", 1);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	CU_ASSERT_EQUAL(tables_wait(tables, 10), 1);
	tables_end(tables, &result);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	CU_ASSERT_TRUE(result.left);
	CU_ASSERT(ended.tv_sec - begun.tv_sec < 10);
	pthread_mutex_unlock(&module.mutex);
}

static const struct unit_case cases[] = {
	{ "a file whose table is too large is reported as one without, once",
	  too_large },
	{ "a program's table goes with the open file", program },
	{ "the module is told which files have none", none },
	{ "a file is supplied once, and a few times more if asked for", once },
	{ "a table that is there already is no failure, others are", answers },
	{ "the vDSO's table goes without a file", vdso },
	{ "files are hashed that are the wanted ones, and have not changed",
	  hashes },
	{ "the thread supplies what it is asked for", thread },
	{ "what waits is one for each file, and bounded", queue },
	{ "a thread that hangs does not keep the end from coming", hanging },
};

UNIT_MAIN("supply", cases)
