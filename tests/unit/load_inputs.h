/* SPDX-License-Identifier: GPL-2.0 */
/* Recordings made by hand, record by record, for load_test.c. */
#ifndef LOAD_INPUTS_H
#define LOAD_INPUTS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include "../../user/file/writer.h"
#include "../../include/dither/abi.h"

#define PROCESS 100U
#define KERNEL_TEXT 0xffffffff81000000ULL

static const char kernel_symbols[] = "ffffffff81000000 outer\n"
				     "ffffffff81000100 middle\n"
				     "ffffffff81000200 inner\n"
				     "ffffffff81000300 ext_work\t[ext4]\n"
				     "ffffffff81000400 _RNvC4rust4work\n";

/* The records of CPU 0, in order. */
struct ring {
	_Alignas(8) unsigned char bytes[1 << 16];
	size_t length;
	uint64_t time;
};

static char directory[] = "/tmp/load_test.XXXXXX";
static char recording_file[64], program_file[64];

static inline void put(struct ring *ring, void *record, size_t size)
{
	struct dither_record *header = record;

	header->size = (uint16_t)((size + 7) & ~(size_t)7);
	memset(ring->bytes + ring->length, 0, header->size);
	memcpy(ring->bytes + ring->length, record, size);
	ring->length += header->size;
}

static inline void put_comm(struct ring *ring, uint32_t tid, const char *comm)
{
	struct dither_comm record = {
		.header = { .type = DITHER_RECORD_COMM, .tid = tid },
		.time = ++ring->time,
		.tgid = PROCESS,
	};

	strncpy(record.comm, comm, sizeof(record.comm) - 1);
	put(ring, &record, sizeof(record));
}

static inline void put_fork(struct ring *ring, uint32_t parent, uint32_t tid)
{
	struct dither_fork record = {
		.header = { .type = DITHER_RECORD_FORK, .tid = tid },
		.time = ++ring->time,
		.tgid = PROCESS,
		.parent_tgid = PROCESS,
		.parent_tid = parent,
	};

	put(ring, &record, sizeof(record));
}

static inline void put_forget(struct ring *ring, uint32_t tgid)
{
	struct dither_forget record = {
		.header = { .type = DITHER_RECORD_FORGET, .tid = tgid },
		.time = ++ring->time,
	};

	put(ring, &record, sizeof(record));
}

static inline void put_dropped(struct ring *ring, uint32_t tgid, uint32_t forks,
			       uint32_t names)
{
	struct dither_dropped record = {
		.header = { .type = DITHER_RECORD_DROPPED, .tid = tgid },
		.time = ++ring->time,
		.first = 1000000000,
		.last = 2500000000,
		.count = { forks, names },
	};

	put(ring, &record, sizeof(record));
}

/* @count addresses follow, uint64_t each, innermost first. */
static inline void put_stack(struct ring *ring, unsigned int flags,
			     unsigned int end, unsigned int count, ...)
{
	struct {
		struct dither_stack stack;
		uint8_t room[256];
	} record = { .stack = {
			     .header = { .type = DITHER_RECORD_STACK,
					 .tid = 0 },
			     .frames = (uint16_t)count,
			     .unwinder = DITHER_UNWIND_FRAME_POINTER,
			     .end = (uint8_t)end,
		     } };
	uint8_t *data =
		(uint8_t *)&record + offsetof(struct dither_stack, data);
	uint64_t previous = 0;
	size_t used = 0;
	va_list addresses;

	record.stack.header.flags = (uint8_t)flags;
	va_start(addresses, count);
	for (unsigned int i = 0; i < count; i++) {
		uint64_t address = va_arg(addresses, uint64_t);
		uint64_t difference = address - previous;
		uint64_t zigzag = difference << 1 ^ -(difference >> 63);

		previous = address;
		for (; zigzag > 0x7f; zigzag >>= 7)
			data[used++] = (uint8_t)(zigzag | 0x80);
		data[used++] = (uint8_t)zigzag;
	}
	va_end(addresses);
	put(ring, &record, offsetof(struct dither_stack, data) + used);
}

/* The same, made by @unwinder. */
#define put_stack_by(ring, made_by, ...)                                       \
	do {                                                                   \
		struct dither_stack *put_by =                                  \
			(void *)((ring)->bytes + (ring)->length);              \
                                                                               \
		put_stack(ring, __VA_ARGS__);                                  \
		put_by->unwinder = (made_by);                                  \
	} while (0)

static inline void make_sample(struct dither_sample *sample, uint32_t tid,
			       unsigned int flags, uint64_t ip)
{
	memset(sample, 0, sizeof(*sample));
	sample->header.type = DITHER_RECORD_SAMPLE;
	sample->header.flags = (uint8_t)flags;
	sample->header.tid = tid;
	sample->ip = ip;
	sample->tgid = PROCESS;
	sample->lateness = 1500;
}

static inline void put_sample(struct ring *ring, struct dither_sample *sample)
{
	sample->time = ++ring->time;
	put(ring, sample, sizeof(*sample));
}

/* A sample without stacks. */
static inline void put_bare(struct ring *ring, uint32_t tid, unsigned int flags,
			    uint64_t ip)
{
	struct dither_sample sample;

	make_sample(&sample, tid, flags, ip);
	put_sample(ring, &sample);
}

static inline void put_chunk(struct writer *writer, enum chunk_type type,
			     const void *head, size_t head_length,
			     const void *data, size_t length)
{
	const struct iovec parts[] = {
		{ (void *)head, head_length },
		{ (void *)data, length },
	};

	CU_ASSERT_EQUAL(writer_chunk(writer, type, parts, 2, NULL), 0);
}

/* Write recording_file. @ledger may be NULL. */
static inline void write_recording(const struct ring *ring, const char *meta,
				   const struct dither_ledger *ledger)
{
	const struct chunk_ring head = { .cpu = 0 };
	const struct chunk_symbols symbols = { sizeof(kernel_symbols) - 1 };
	unsigned char deflated[512];
	uLongf length = sizeof(deflated);
	struct writer *writer;
	struct utsname here;

	CU_ASSERT_EQUAL_FATAL(writer_open(recording_file, &writer, NULL), 0);
	/* Files are this machine's. */
	uname(&here);
	put_chunk(writer, CHUNK_META, "host=", 5, here.nodename,
		  strlen(here.nodename));
	put_chunk(writer, CHUNK_META, meta, strlen(meta), "", 0);
	compress(deflated, &length, (const Bytef *)kernel_symbols,
		 sizeof(kernel_symbols) - 1);
	put_chunk(writer, CHUNK_KERNEL_SYMBOLS, &symbols, sizeof(symbols),
		  deflated, length);
	put_chunk(writer, CHUNK_RING, &head, sizeof(head), ring->bytes,
		  ring->length);
	if (ledger)
		put_chunk(writer, CHUNK_LEDGER, ledger, sizeof(*ledger), "", 0);
	CU_ASSERT_EQUAL(writer_close(writer, NULL), 0);
}

/*
 * A program whose functions' addresses are known: root at 0x401000, caller at
 * 0x401040, leaf at 0x401080, 64 bytes each. Not to be run.
 */
static inline bool build_program(void)
{
	static const char source[] =
		"__asm__(\".globl _start\\n_start:\\n\");\n"
		"#define FUNCTION(name) \".type \" #name \", STT_FUNC\\n\" \\\n"
		"#name \": .skip 64\\n.size \" #name \", 64\\n\"\n"
		"__asm__(FUNCTION(root) FUNCTION(caller) FUNCTION(leaf));\n";
	char path[80], command[400];
	FILE *file;

	snprintf(path, sizeof(path), "%s/program.c", directory);
	file = fopen(path, "w");
	fputs(source, file);
	fclose(file);
	snprintf(command, sizeof(command),
		 "gcc -nostdlib -static -no-pie -Wl,-z,separate-code "
		 "-Wl,-Ttext=0x401000 -Wl,--build-id=none %s -o %s",
		 path, program_file);
	return !system(command);
}

static inline void put_map(struct ring *ring, uint64_t start, uint64_t offset,
			   const char *path, unsigned int flags)
{
	struct {
		struct dither_map map;
		char room[128];
	} record = { .map = {
			     .header = { .type = DITHER_RECORD_MAP,
					 .flags = (uint8_t)flags,
					 .tid = PROCESS },
			     .time = ++ring->time,
			     .start = start,
			     .length = 0x1000,
			     .offset = offset,
			     .tgid = PROCESS,
			     .path_len = (uint16_t)strlen(path),
		     } };
	struct stat status;

	if (!stat(path, &status)) {
		record.map.inode = status.st_ino;
		record.map.file_size = (uint64_t)status.st_size;
		record.map.mtime_ns = status.st_mtim.tv_sec * 1000000000LL +
				      status.st_mtim.tv_nsec;
		record.map.dev_major = major(status.st_dev);
		record.map.dev_minor = minor(status.st_dev);
	}
	memcpy((char *)&record + offsetof(struct dither_map, path), path,
	       strlen(path));
	put(ring, &record,
	    offsetof(struct dither_map, path) + strlen(path) + 1);
}

/* The test program's main(): the cases in a directory of their own. */
static inline int run_with_inputs(const char *suite,
				  const struct unit_case *cases, size_t count)
{
	char command[64];
	int status;

	if (!mkdtemp(directory))
		return 2;
	snprintf(recording_file, sizeof(recording_file), "%s/a.dither",
		 directory);
	snprintf(program_file, sizeof(program_file), "%s/program", directory);
	if (!build_program())
		return 2;
	status = unit_run(suite, cases, count);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	return system(command) ? 2 : status;
}

#endif
