// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a recording as the recorder would, of programs that never ran: two
 * processes of a given file, one of two threads, kernel halves, a library that
 * is not there, a counted and a sampled event, weights.
 *
 * recording PROGRAM OUTPUT: the same bytes for the same program.
 */
#include <elf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <zlib.h>

#include "../../include/dither/abi.h"
#include "../../user/file/writer.h"

#define SAMPLES 4000
#define DEPTH 12U
#define PLACES 60U
#define KERNEL_TEXT 0xffffffff81000000ULL
#define BASE 0x555555000000ULL
#define LIBRARY 0x7ffff7000000ULL
#define PAGES 16U

static _Alignas(8) unsigned char ring[1 << 22];
static size_t length;
static uint64_t now = 1000000000;

static const char meta[] =
	"version=1.3\ncommand=made by hand\npolicy=stratified\n"
	"period_ns=1000003\nstart_ns=1000000000\n"
	"start_realtime_ns=1700000000000000000\nclock=time\n"
	"event.1=instructions\nevent.1.period=0\n"
	"event.2=cache-misses\nevent.2.period=1000\n"
	"stop_ns=6000000000\n";

static uint32_t draw(uint32_t below)
{
	static uint64_t state = 1;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(state >> 33) % below;
}

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void put(void *record, size_t size)
{
	struct dither_record *header = record;

	header->size = (uint16_t)((size + 7) & ~(size_t)7);
	memcpy(ring + length, record, size);
	length += header->size;
}

static void put_comm(uint32_t tgid, uint32_t tid, const char *comm)
{
	struct dither_comm record = {
		.header = { .type = DITHER_RECORD_COMM, .tid = tid },
		.time = now,
		.tgid = tgid,
	};

	strncpy(record.comm, comm, sizeof(record.comm) - 1);
	put(&record, sizeof(record));
}

static void put_map(uint32_t tgid, uint64_t start, const Elf64_Phdr *text,
		    const char *path)
{
	struct {
		struct dither_map map;
		char room[512];
	} record = { .map = {
			     .header = { .type = DITHER_RECORD_MAP,
					 .tid = tgid },
			     .time = now,
			     .start = start,
			     .length = (text->p_filesz + 4095) & ~4095ULL,
			     .offset = text->p_offset,
			     .tgid = tgid,
			     .path_len = (uint16_t)strlen(path),
			     .build_id_size = 4,
			     .build_id = { 0xde, 0xad, 0xbe, 0xef },
		     } };
	struct stat status;

	if (strlen(path) >= sizeof(record.room))
		exit(2);
	if (!stat(path, &status)) {
		record.map.build_id_size = 0;
		record.map.inode = status.st_ino;
		record.map.file_size = (uint64_t)status.st_size;
		record.map.mtime_ns = status.st_mtim.tv_sec * 1000000000LL +
				      status.st_mtim.tv_nsec;
		record.map.dev_major = major(status.st_dev);
		record.map.dev_minor = minor(status.st_dev);
	}
	memcpy((char *)&record + offsetof(struct dither_map, path), path,
	       strlen(path));
	put(&record, offsetof(struct dither_map, path) + strlen(path) + 1);
}

static void put_stack(const uint64_t *addresses, unsigned int count,
		      unsigned int flags)
{
	struct {
		struct dither_stack stack;
		uint8_t room[10 * DEPTH];
	} record = { .stack = {
			     .header = { .type = DITHER_RECORD_STACK,
					 .flags = (uint8_t)flags },
			     .frames = (uint16_t)count,
			     .unwinder = DITHER_UNWIND_FRAME_POINTER,
			     .end = DITHER_END_ROOT,
		     } };
	uint8_t *data =
		(uint8_t *)&record + offsetof(struct dither_stack, data);
	uint64_t before = 0;
	size_t used = 0;

	for (unsigned int i = 0; i < count; i++) {
		uint64_t difference = addresses[i] - before;
		uint64_t zigzag = difference << 1 ^ -(difference >> 63);

		before = addresses[i];
		for (; zigzag > 0x7f; zigzag >>= 7)
			data[used++] = (uint8_t)(zigzag | 0x80);
		data[used++] = (uint8_t)zigzag;
	}
	put(&record, offsetof(struct dither_stack, data) + used);
}

static void put_sample(uint32_t tgid, const uint64_t *places)
{
	struct {
		struct dither_sample sample;
		uint64_t counter[3];
	} record = { .sample = {
			     .header = { .type = DITHER_RECORD_SAMPLE,
					 .tid = tgid +
						draw(tgid == 100 ? 2 : 1) },
			     .time = now += 1000003,
			     .tgid = tgid,
			     .user_stack = DITHER_STACK_ADJACENT,
			     .counters = 3,
			     .shift = draw(20) ? 0 : 1,
		     } };
	unsigned int depth = 1 + draw(DEPTH - 1);
	uint64_t stack[DEPTH];
	bool in_kernel = !draw(3);

	for (unsigned int i = 0; i < depth; i++) /* deep ones repeat */
		stack[i] = places[draw(8 + i * i) % PLACES];
	record.counter[0] = 1000003;
	record.counter[1] = draw(5000000);
	record.counter[2] = draw(100);
	if (!draw(6)) {
		record.sample.event = 2;
		record.sample.counters = 2;
		record.sample.shift = 0;
		record.counter[0] = record.counter[1] = 1000;
	}
	if (in_kernel) {
		uint64_t callers[2] = {
			KERNEL_TEXT + 0x100 * draw(30) + 5,
			KERNEL_TEXT + 0x100 * draw(5) + 9,
		};

		record.sample.ip = KERNEL_TEXT + 0x100 * draw(60);
		record.sample.kernel_stack = DITHER_STACK_ADJACENT;
		put_stack(callers, 2, DITHER_STACK_KERNEL);
	} else {
		record.sample.header.flags = DITHER_SAMPLE_USER;
		record.sample.ip = places[draw(PLACES)];
		record.sample.kernel_stack = DITHER_STACK_NONE;
	}
	put_stack(stack, depth, 0);
	put(&record, offsetof(struct dither_sample, counter) +
			     8 * record.sample.counters);
}

static void read_text(const char *path, Elf64_Phdr *text)
{
	FILE *file = fopen(path, "r");
	Elf64_Ehdr header;

	if (!file || fread(&header, sizeof(header), 1, file) != 1 ||
	    fseek(file, (long)header.e_phoff, SEEK_SET))
		die(path);
	while (header.e_phnum--)
		if (fread(text, sizeof(*text), 1, file) != 1 ||
		    (text->p_type == PT_LOAD && (text->p_flags & PF_X)))
			break;
	fclose(file);
}

static void put_chunk(struct writer *writer, enum chunk_type type,
		      const void *head, size_t head_length, const void *data,
		      size_t data_length)
{
	const struct iovec parts[] = {
		{ (void *)head, head_length },
		{ (void *)data, data_length },
	};

	if (writer_chunk(writer, type, parts, 2, NULL))
		die("writing");
}

static void put_kernel(struct writer *writer)
{
	char text[4096];
	unsigned char packed[4096];
	uLongf size = sizeof(packed);
	struct chunk_symbols head = { 0 };

	for (unsigned int i = 0; i < 60; i++)
		head.text_bytes += (uint64_t)sprintf(
			text + head.text_bytes, "%llx kernel_%u%s\n",
			KERNEL_TEXT + 0x100 * i, i, i < 50 ? "" : "\t[module]");
	compress(packed, &size, (Bytef *)text, head.text_bytes);
	put_chunk(writer, CHUNK_KERNEL_SYMBOLS, &head, sizeof(head), packed,
		  size);
}

int main(int argc, char **argv)
{
	const struct chunk_ring head = { .cpu = 3 };
	uint64_t places[2][PLACES];
	struct writer *writer;
	Elf64_Phdr text, library = { .p_filesz = PAGES << 12 };

	if (argc != 3)
		return 2;
	read_text(argv[1], &text);
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t tgid = 100 + 100 * i;
		uint64_t base = BASE + i * 0x1000000;

		put_comm(tgid, tgid, i ? "second" : "first");
		put_map(tgid, base, &text, argv[1]);
		put_map(tgid, LIBRARY, &library, "/lib/libgone.so.1");
		for (uint32_t j = 0; j < PLACES; j++)
			places[i][j] =
				j % 4 ? base + draw((uint32_t)text.p_filesz) :
					LIBRARY + draw(PAGES << 12);
	}
	put_comm(100, 101, "worker");
	for (unsigned int i = 0; i < SAMPLES; i++) {
		uint32_t second = draw(3) == 0;

		put_sample(100 + 100 * second, places[second]);
	}
	if (writer_open(argv[2], &writer, NULL))
		die(argv[2]);
	put_chunk(writer, CHUNK_META, meta, sizeof(meta) - 1, "", 0);
	put_kernel(writer);
	put_chunk(writer, CHUNK_RING, &head, sizeof(head), ring, length);
	return writer_close(writer, NULL) ? 2 : 0;
}
