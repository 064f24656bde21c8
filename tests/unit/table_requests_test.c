// SPDX-License-Identifier: GPL-2.0
/*
 * Which tables the module asks for: user/capture/table_requests.h, and the
 * drain.
 */
#include "unit.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../user/capture/drain.h"
#include "../../user/capture/table_requests.h"
#include "../../user/capture/table_thread.h"
#include "../../user/file/records.h"
#include "random_numbers.h"
#include "scratch_file.h"

#define SIZE 4096U

/* A ring of its own, so that what lies behind it is nobody's. */
struct ring {
	unsigned char *data;
	uint32_t tail, head;
};

static uint32_t found[64];
static unsigned int found_count;
static uint32_t forgotten[64];
static unsigned int forgotten_count;
static char last_path[128];
static uint32_t files[64];
static unsigned int file_count, code_count;

static void on_found(void *context, const struct dither_map *record)
{
	(void)context;
	found[found_count++ % 64] = record->tgid;
	snprintf(last_path, sizeof(last_path), "%s", record->path);
}

static void on_forget(void *context, const struct dither_forget *record)
{
	(void)context;
	forgotten[forgotten_count++ % 64] = record->header.tid;
}

static void on_file(void *context, const struct dither_map *record)
{
	(void)context;
	files[file_count++ % 64] = record->tgid;
}

static void on_code(void *context, const struct dither_code *record)
{
	(void)context;
	(void)record;
	code_count++;
}

static struct ring begin(uint32_t position)
{
	struct ring ring = { calloc(1, SIZE), position, position };

	found_count = forgotten_count = file_count = code_count = 0;
	return ring;
}

static void end(struct ring *ring)
{
	free(ring->data);
}

static struct dither_record *place(struct ring *ring, uint8_t type,
				   uint16_t size)
{
	struct dither_record *record =
		(void *)(ring->data + (ring->head & (SIZE - 1)));

	*record = (struct dither_record){ .size = size, .type = type };
	ring->head += size;
	return record;
}

static void put_rate(struct ring *ring, uint32_t reason, uint64_t cell_ns)
{
	struct dither_rate *rate = (void *)place(ring, DITHER_RECORD_RATE,
						 sizeof(struct dither_rate));

	rate->header.tid = reason;
	rate->cell_ns = cell_ns;
}

static struct dither_map *put_wanted(struct ring *ring, uint32_t tgid,
				     const char *path)
{
	size_t size = (offsetof(struct dither_map, path) + strlen(path) + 8) &
		      ~(size_t)7;
	struct dither_map *record =
		(void *)place(ring, DITHER_RECORD_TABLE_WANTED, (uint16_t)size);

	record->tgid = tgid;
	record->path_len = (uint16_t)strlen(path);
	strcpy(record->path, path);
	return record;
}

static void find(const struct ring *ring)
{
	const struct table_requests_handler handler = {
		.table = on_found,
		.file = on_file,
		.snapshot = on_forget,
		.code = on_code,
	};

	table_requests_find(ring->data, SIZE, ring->tail, ring->head, &handler);
}

static void all_found(void)
{
	struct ring ring = begin(64);
	struct dither_map *map;

	put_wanted(&ring, 1, "/lib/one");
	place(&ring, DITHER_RECORD_SAMPLE, sizeof(struct dither_sample));
	map = put_wanted(&ring, 9, "/lib/mapped");
	map->header.type = DITHER_RECORD_MAP;
	place(&ring, 200, 16);
	put_wanted(&ring, 2, "");
	find(&ring);
	CU_ASSERT_EQUAL(found_count, 2);
	CU_ASSERT_EQUAL(found[0], 1);
	CU_ASSERT_EQUAL(found[1], 2);
	ring.head = ring.tail;
	find(&ring);
	CU_ASSERT_EQUAL(found_count, 2);
	end(&ring);
}

/* From a little before 2^32, which is a little before the data's end. */
static void wrapped(void)
{
	struct ring ring = begin(0U - 256);

	put_wanted(&ring, 1, "/a");
	place(&ring, DITHER_RECORD_PAD, (uint16_t)(0U - ring.head));
	CU_ASSERT_EQUAL(ring.head, 0);
	put_wanted(&ring, 2, "/b");
	find(&ring);
	CU_ASSERT_EQUAL(found_count, 2);
	CU_ASSERT_EQUAL(found[1], 2);
	CU_ASSERT_STRING_EQUAL(last_path, "/b");
	end(&ring);
}

static void forgets_found(void)
{
	struct ring ring = begin(64);

	place(&ring, DITHER_RECORD_FORGET, sizeof(struct dither_forget))->tid =
		5;
	put_wanted(&ring, 1, "/lib/one");
	place(&ring, DITHER_RECORD_SAMPLE, sizeof(struct dither_sample))->tid =
		6;
	place(&ring, DITHER_RECORD_FORGET, sizeof(struct dither_forget))->tid =
		7;
	/* Too short to be one. */
	place(&ring, DITHER_RECORD_FORGET, 8)->tid = 8;
	find(&ring);
	CU_ASSERT_EQUAL(found_count, 1);
	CU_ASSERT_EQUAL(forgotten_count, 2);
	CU_ASSERT_EQUAL(forgotten[0], 5);
	CU_ASSERT_EQUAL(forgotten[1], 7);
	end(&ring);
}

static void impossible_sizes(void)
{
	/* The last two reach beyond the head, and beyond the data's end. */
	static const uint16_t sizes[] = { 0, 4, 12, 0xfff8, 1 << 10 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct ring ring = begin(SIZE - 512);
		struct dither_record *record;

		put_wanted(&ring, 1, "/a");
		record = place(&ring, DITHER_RECORD_PAD, 8);
		put_wanted(&ring, 2, "/b");
		find(&ring);
		CU_ASSERT_EQUAL(found_count, 2);
		record->size = sizes[i];
		if (i == 4)
			ring.head = ring.tail + SIZE;
		find(&ring);
		CU_ASSERT_EQUAL(found_count, 3);
		end(&ring);
	}
}

static void bad_positions(void)
{
	struct ring ring = begin(0);

	put_wanted(&ring, 1, "/a");
	ring.head = ring.tail + SIZE + 8;
	find(&ring);
	ring.head = ring.tail - 8;
	find(&ring);
	ring.tail += 4;
	ring.head = ring.tail + 256;
	find(&ring);
	CU_ASSERT_EQUAL(found_count, 0);
	end(&ring);
}

static void bad_paths(void)
{
	struct ring ring = begin(0);
	struct dither_map *record = put_wanted(&ring, 1, "/seven!");
	uint16_t whole = record->header.size;

	find(&ring);
	CU_ASSERT_EQUAL(found_count, 1);
	record->path_len = 8;
	find(&ring);
	record->path_len = UINT16_MAX;
	find(&ring);
	record->path_len = 6;	/* and no end there */
	find(&ring);
	record->path_len = 0;
	record->path[0] = '\0';
	record->header.size = offsetof(struct dither_map, path);
	ring.head = record->header.size;
	find(&ring);
	CU_ASSERT_EQUAL(found_count, 1);
	record->header.size = whole;
	ring.head = whole;
	find(&ring);
	CU_ASSERT_EQUAL(found_count, 2);
	end(&ring);
}

static void any_bytes(void)
{
	uint64_t numbers = 7;

	for (int round = 0; round < 2000; round++) {
		struct ring ring = begin(0);

		for (size_t i = 0; i < SIZE; i += 4) {
			uint32_t value = (uint32_t)random_next(&numbers);

			/* mostly such as to get far */
			if (i % 8 == 0 && value % 4)
				value = (value % 16 * 8) |
					(value >> 8 & 15) << 16;
			memcpy(ring.data + i, &value, sizeof(value));
		}
		ring.tail = (uint32_t)random_next(&numbers) & ~7U;
		ring.head = ring.tail +
			    (uint32_t)random_below(&numbers, SIZE + 1);
		find(&ring);
		end(&ring);
	}
	CU_PASS("nothing beyond the ring was touched");
}

static ino_t sent_inode;
static unsigned int sent;

static int send_fake(void *context, const struct dither_table_image *image)
{
	struct stat status;

	(void)context;
	if (!fstat(image->fd, &status))
		sent_inode = status.st_ino;
	sent++;
	return 0;
}

/* The records of CPU 0 that file_path() holds, without damage. */
static unsigned int count_wanted(void)
{
	const struct dither_record *record;
	struct recording *recording;
	struct record_cursor cursor;
	unsigned int count = 0;

	CU_ASSERT_EQUAL_FATAL(recording_open(file_path(), &recording, NULL), 0);
	records_start(&cursor, recording, 0, 0);
	while ((record = records_next(&cursor)))
		count += record->type == DITHER_RECORD_TABLE_WANTED;
	CU_ASSERT_EQUAL(recording_damage_count(recording), 0);
	recording_close(recording);
	return count;
}

static struct dither_map *put_map(struct ring *ring, uint32_t tgid)
{
	struct dither_map *map = put_wanted(ring, tgid, "/lib/mapped");

	map->header.type = DITHER_RECORD_MAP;
	map->inode = 77;
	return map;
}

/* What may be gone later: those that nothing but their content tells. */
static void unidentified_found(void)
{
	struct ring ring = begin(64);
	struct dither_record *code;

	put_map(&ring, 1);
	put_map(&ring, 2)->build_id_size = 20;
	put_map(&ring, 3)->header.flags = DITHER_MAP_ANONYMOUS;
	put_map(&ring, 4)->header.flags = DITHER_MAP_VDSO;
	put_map(&ring, 5)->inode = 0;
	put_map(&ring, 6)->header.flags = DITHER_RECORD_SNAPSHOT;
	put_map(&ring, 7)->path_len = 500;
	code = place(&ring, DITHER_RECORD_CODE, sizeof(struct dither_code) + 8);
	code->flags = DITHER_CODE_GONE;
	place(&ring, DITHER_RECORD_CODE, 16);
	find(&ring);
	CU_ASSERT_EQUAL_FATAL(file_count, 2);
	CU_ASSERT_EQUAL(files[0], 1);
	CU_ASSERT_EQUAL(files[1], 6);
	CU_ASSERT_EQUAL(code_count, 1);
	CU_ASSERT_EQUAL(found_count, 0);
	end(&ring);
}

/* Modules that come, and nothing else, are read at once. */
static void code_drained(void)
{
	static const struct {
		uint8_t flags;
		uint16_t kind;
		bool changed;
	} cases[] = {
		{ 0, DITHER_CODE_MODULE, true },
		{ DITHER_CODE_INIT, DITHER_CODE_MODULE, true },
		{ DITHER_CODE_GONE, DITHER_CODE_MODULE, false },
		{ 0, DITHER_CODE_BPF, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ring ring = begin(0);
		struct dither_head head = { .size = SIZE };
		struct dither_tail tail = { .tail = 0 };
		struct capture_ring one = {
			.head = &head, .tail = &tail, .data = ring.data,
			.size = SIZE,
		};
		struct capture_device device = { .rings = &one, .ring_count = 1 };
		struct dither_code *code = (void *)place(
			&ring, DITHER_RECORD_CODE, sizeof(*code) + 8);
		struct writer *writer;

		code->header.flags = cases[i].flags;
		code->kind = cases[i].kind;
		head.head = ring.head;
		CU_ASSERT_EQUAL_FATAL(writer_open(file_path(), &writer, NULL),
				      0);
		CU_ASSERT_EQUAL(capture_drain(&device, writer, NULL), 0);
		CU_ASSERT_EQUAL(device.code_changed, cases[i].changed);
		writer_abandon(writer);
		end(&ring);
	}
}

static void drained(void)
{
	struct ring ring = begin(0);
	struct dither_head head = { .size = SIZE };
	struct dither_tail tail = { .tail = 0 };
	struct capture_ring one = {
		.head = &head, .tail = &tail, .data = ring.data, .size = SIZE,
	};
	struct capture_device device = { .rings = &one, .ring_count = 1 };
	struct tables_result result;
	struct writer *writer;
	struct stat status;

	CU_ASSERT_EQUAL_FATAL(stat("/bin/sh", &status), 0);
	put_wanted(&ring, 0, "/bin/sh");
	head.head = ring.head;
	device.tables = tables_begin(send_fake, NULL, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(device.tables);
	CU_ASSERT_EQUAL_FATAL(writer_open(file_path(), &writer, NULL), 0);
	CU_ASSERT_EQUAL(capture_drain(&device, writer, NULL), 0);
	CU_ASSERT_EQUAL(tail.tail, ring.head);
	CU_ASSERT_EQUAL(capture_drain(&device, writer, NULL), 0);
	CU_ASSERT_EQUAL(tables_wait(device.tables, 60000), 0);
	tables_end(device.tables, &result);
	CU_ASSERT_EQUAL(sent, 1);
	CU_ASSERT_EQUAL(sent_inode, status.st_ino);
	/* Without anybody to be told, draining is the same. */
	device.tables = NULL;
	put_wanted(&ring, 0, "/bin/cat");
	head.head = ring.head;
	CU_ASSERT_EQUAL(device.slowest_ns, 0);
	put_rate(&ring, DITHER_RATE_SLOWER, 4000000);
	put_rate(&ring, DITHER_RATE_SLOWER, 8000000);
	put_rate(&ring, DITHER_RATE_FASTER, 16000000);
	put_rate(&ring, DITHER_RATE_SLOWER, 2000000);
	head.head = ring.head;
	CU_ASSERT_EQUAL(capture_drain(&device, writer, NULL), 0);
	CU_ASSERT_EQUAL(device.slowest_ns, 8000000);
	CU_ASSERT_EQUAL(sent, 1);
	CU_ASSERT_EQUAL(writer_close(writer, NULL), 0);
	CU_ASSERT_EQUAL(count_wanted(), 2);
	end(&ring);
}

static const struct unit_case cases[] = {
	{ "processes to be asked for again are found among others",
	  forgets_found },
	{ "each wanted table is found among other records", all_found },
	{ "files without a build-id, and code of the kernel, are found",
	  unidentified_found },
	{ "modules that came are to be read", code_drained },
	{ "the search goes on at the ring's beginning", wrapped },
	{ "it ends at a size that cannot be", impossible_sizes },
	{ "positions that cannot be yield nothing", bad_positions },
	{ "a path that does not fit its record is not used", bad_paths },
	{ "it stays within the ring, whatever that holds", any_bytes },
	{ "draining supplies what is wanted, notes how slow the governor went, and keeps the records", drained },
};

UNIT_MAIN("wanted", cases)
