// SPDX-License-Identifier: GPL-2.0
/* The reader's half of the ring protocol of include/dither/abi.h. */
#include "drain.h"

#include <stdbool.h>

#include "../base/hash.h"
#include "process_requests.h"
#include "table_requests.h"
#include "table_thread.h"

/* Files without a build-id: more than programs and libraries of a machine. */
#define HASHED_MAX 65536U

/* record's summary prints the lowest rate. */
static void note_rate(void *context, const struct dither_rate *record)
{
	struct capture_device *device = context;

	if (record->header.tid == DITHER_RATE_SLOWER &&
	    record->cell_ns > device->slowest_ns)
		device->slowest_ns = record->cell_ns;
}

static uint64_t device_of(const struct dither_map *record)
{
	return (uint64_t)record->dev_major << 32 | record->dev_minor;
}

static struct table_request request_of(const struct dither_map *record)
{
	return (struct table_request){
		.pid = (pid_t)record->tgid,
		.start = record->start,
		.end = record->start + record->length,
		.device = device_of(record),
		.inode = record->inode,
		.path = record->path,
	};
}

static void add_wanted(void *context, const struct dither_map *record)
{
	struct table_request request = request_of(record);
	struct capture_device *device = context;

	request.vdso = record->header.flags & DITHER_MAP_VDSO;
	request.asked = true;
	tables_add(device->tables, &request);
}

/* Each once: a process may map the same file as often as it likes. */
static bool is_new(struct capture_device *device,
		   const struct dither_map *record)
{
	uint64_t rest = record->file_size * 0x9e3779b97f4a7c15ULL ^
			(uint64_t)record->mtime_ns;

	rest ^= device_of(record) * 0xbf58476d1ce4e5b9ULL;
	if (hash_get(device->hashed, record->inode, rest) != TABLE_NONE ||
	    device->hashed_count == HASHED_MAX)
		return false;
	hash_put(device->hashed, record->inode, rest, 0);
	device->hashed_count++;
	return true;
}

static void add_content(void *context, const struct dither_map *record)
{
	struct table_request request = request_of(record);
	struct capture_device *device = context;

	request.content = true;
	request.bytes = record->file_size;
	request.mtime_ns = record->mtime_ns;
	request.time = record->time;
	if (is_new(device, record))
		tables_add(device->tables, &request);
}

static void add_forgotten(void *context, const struct dither_forget *record)
{
	struct capture_device *device = context;

	forgotten_add(device->forgotten, record->header.tid);
}

static void add_code(void *context, const struct dither_code *record)
{
	struct capture_device *device = context;

	/* The others have their names with them. */
	if (record->kind == DITHER_CODE_MODULE &&
	    !(record->header.flags & DITHER_CODE_GONE))
		device->code_changed = true;
}

static void look_for_wishes(struct capture_device *device,
			    const struct capture_ring *ring, uint32_t tail,
			    uint32_t head)
{
	const struct table_requests_handler handler = {
		.context = device,
		.rate = note_rate,
		.table = device->tables ? add_wanted : NULL,
		.file = device->tables && device->hashed ? add_content : NULL,
		.code = add_code,
		.snapshot = device->forgotten ? add_forgotten : NULL,
	};

	table_requests_find(ring->data, ring->size, tail, head, &handler);
}

static int drain_ring(struct capture_device *device, struct capture_ring *ring,
		      struct writer *writer, struct error *error)
{
	/* Pairs with the module's release: what is below head is written. */
	uint32_t head = __atomic_load_n(&ring->head->head, __ATOMIC_ACQUIRE);
	uint32_t tail = ring->tail->tail;
	uint32_t begin = tail & (ring->size - 1);
	uint32_t length = head - tail;
	uint32_t first = ring->size - begin < length ? ring->size - begin :
						       length;
	struct chunk_ring where = { .cpu = ring->cpu, .position = tail };
	const struct iovec parts[] = {
		{ &where, sizeof(where) },
		{ (void *)(ring->data + begin), first },
		{ (void *)ring->data, length - first },
	};
	int result;

	if (!length)
		return 0;
	result = writer_chunk(writer, CHUNK_RING, parts, 3, error);
	look_for_wishes(device, ring, tail, head);
	/* Our reads come before the module's writes into the room they free. */
	__atomic_store_n(&ring->tail->tail, head, __ATOMIC_RELEASE);
	return result;
}

int capture_drain(struct capture_device *device, struct writer *writer,
		  struct error *error)
{
	int result = 0;

	for (unsigned int i = 0; i < device->ring_count; i++) {
		int one = drain_ring(device, &device->rings[i], writer, error);

		if (one)
			result = one;
	}
	return result;
}
