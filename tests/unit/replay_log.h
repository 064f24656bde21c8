/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the tests of the replay: records of two CPUs are put by hand, become a
 * recording, and are replayed into a log of one line per record.
 */
#ifndef REPLAY_LOG_H
#define REPLAY_LOG_H

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../user/file/replay.h"
#include "../../user/file/writer.h"
#include "scratch_file.h"
#include "unit.h"

/* Records of one CPU that are not yet in the file. */
struct ring {
	unsigned int cpu;
	uint32_t position;
	size_t length;
	uint64_t words[8192];
};

static struct ring rings[2];
static struct writer *writer;

static inline void begin(void)
{
	for (unsigned int cpu = 0; cpu < 2; cpu++) {
		rings[cpu].cpu = cpu;
		rings[cpu].position = 0;
		rings[cpu].length = 0;
	}
	CU_ASSERT_EQUAL_FATAL(writer_open(file_path(), &writer, NULL), 0);
}

/* What @ring holds becomes a chunk. */
static inline void flush(struct ring *ring)
{
	struct chunk_ring head = {
		.cpu = ring->cpu,
		.position = ring->position,
	};
	struct iovec parts[] = {
		{ .iov_base = &head, .iov_len = sizeof(head) },
		{ .iov_base = ring->words, .iov_len = ring->length },
	};

	CU_ASSERT_EQUAL_FATAL(writer_chunk(writer, CHUNK_RING, parts, 2, NULL),
			      0);
	ring->position += ring->length;
	ring->length = 0;
}

/* What @ring holds is lost on its way into the file. */
static inline void lose(struct ring *ring)
{
	ring->position += ring->length;
	ring->length = 0;
}

static inline void finish(void)
{
	for (int cpu = 0; cpu < 2; cpu++)
		if (rings[cpu].length)
			flush(&rings[cpu]);
	CU_ASSERT_EQUAL_FATAL(writer_close(writer, NULL), 0);
}

static inline void *put(struct ring *ring, const void *record, size_t size)
{
	unsigned char *place = (unsigned char *)ring->words + ring->length;
	struct dither_record *header = (struct dither_record *)place;

	memset(place, 0, (size + 7) & ~(size_t)7);
	memcpy(place, record, size);
	header->size = (size + 7) & ~(size_t)7;
	ring->length += header->size;
	return place;
}

static inline struct dither_sample *sample(struct ring *ring, uint64_t time,
					   uint32_t kernel, uint32_t user)
{
	struct dither_sample record = {
		.header.type = DITHER_RECORD_SAMPLE,
		.time = time,
		.kernel_stack = kernel,
		.user_stack = user,
	};

	return put(ring, &record, sizeof(record));
}

static inline void bytes_of_stack(struct ring *ring, uint32_t number,
				  uint8_t flags, unsigned int frames,
				  const void *data, size_t length)
{
	unsigned char buffer[4096] = { 0 };
	struct dither_stack *record = (struct dither_stack *)buffer;

	record->header.type = DITHER_RECORD_STACK;
	record->header.flags = flags;
	record->header.tid = number;
	record->frames = frames;
	record->unwinder = DITHER_UNWIND_FRAME_POINTER;
	record->end = DITHER_END_DEPTH;
	memcpy(record->data, data, length);
	put(ring, buffer, offsetof(struct dither_stack, data) + length);
}

/* Addresses as STACK records have them; returns how many bytes. */
static inline size_t encode(unsigned char *data, unsigned int frames,
			    const uint64_t *addresses)
{
	unsigned char *at = data;
	uint64_t previous = 0;

	for (unsigned int i = 0; i < frames; i++) {
		uint64_t difference = addresses[i] - previous;
		uint64_t value = difference << 1 ^ -(difference >> 63);

		for (; value >= 0x80; value >>= 7)
			*at++ = value | 0x80;
		*at++ = value;
		previous = addresses[i];
	}
	return at - data;
}

static inline void stack_of(struct ring *ring, uint32_t number, uint8_t flags,
			    unsigned int frames, const uint64_t *addresses)
{
	unsigned char data[3000] = { 0 };

	bytes_of_stack(ring, number, flags, frames, data,
		       encode(data, frames, addresses));
}

/* A stack of one frame. */
static inline void stack(struct ring *ring, uint32_t number, uint8_t flags,
			 uint64_t address)
{
	stack_of(ring, number, flags, 1, &address);
}

static inline void epoch(struct ring *ring, uint32_t number)
{
	struct dither_epoch record = {
		.header.type = DITHER_RECORD_EPOCH,
		.header.tid = number,
	};

	put(ring, &record, sizeof(record));
}

static inline void pad(struct ring *ring)
{
	struct dither_record record = { .type = DITHER_RECORD_PAD };

	put(ring, &record, sizeof(record));
}

static inline void lost(struct ring *ring, uint64_t time)
{
	struct dither_lost_record record = {
		.header.type = DITHER_RECORD_LOST,
		.time = time,
		.count[0] = 7,
	};

	put(ring, &record, sizeof(record));
}

static inline void rate(struct ring *ring, uint64_t time)
{
	struct dither_rate record = {
		.header.type = DITHER_RECORD_RATE,
		.time = time,
		.cell_ns = 1000,
	};

	put(ring, &record, sizeof(record));
}

static inline void fork_of(struct ring *ring, uint64_t time, uint32_t tid,
			   uint32_t tgid)
{
	struct dither_fork record = {
		.header.type = DITHER_RECORD_FORK,
		.header.tid = tid,
		.time = time,
		.tgid = tgid,
	};

	put(ring, &record, sizeof(record));
}

static inline struct dither_comm *comm(struct ring *ring, uint64_t time,
				       uint32_t tid, uint32_t tgid,
				       uint8_t flags, const char *name)
{
	struct dither_comm record = {
		.header.type = DITHER_RECORD_COMM,
		.header.flags = flags,
		.header.tid = tid,
		.time = time,
		.tgid = tgid,
	};

	memcpy(record.comm, name, strlen(name));
	return put(ring, &record, sizeof(record));
}

static inline void exit_of(struct ring *ring, uint64_t time, uint32_t tgid)
{
	struct dither_exit record = {
		.header.type = DITHER_RECORD_EXIT,
		.header.tid = tgid,
		.time = time,
		.tgid = tgid,
	};

	put(ring, &record, sizeof(record));
}

static inline struct dither_map *map(struct ring *ring, uint64_t time,
				     uint32_t tgid, uint8_t flags,
				     const char *file)
{
	unsigned char buffer[256] = { 0 };
	struct dither_map *record = (struct dither_map *)buffer;

	record->header.type = DITHER_RECORD_MAP;
	record->header.flags = flags;
	record->header.tid = tgid;
	record->time = time;
	record->tgid = tgid;
	record->path_len = strlen(file);
	memcpy(record->path, file, record->path_len);
	return put(ring, buffer,
		   offsetof(struct dither_map, path) + record->path_len +
			   1);
}

static inline void forget(struct ring *ring, uint64_t time, uint32_t tgid)
{
	struct dither_forget record = {
		.header.type = DITHER_RECORD_FORGET,
		.header.tid = tgid,
		.time = time,
	};

	put(ring, &record, sizeof(record));
}

static inline struct dither_record *dropped(struct ring *ring, uint64_t time,
					    uint32_t tgid, uint32_t count)
{
	struct dither_dropped record = {
		.header.type = DITHER_RECORD_DROPPED,
		.header.tid = tgid,
		.time = time,
		.count = { count },
	};

	return put(ring, &record, sizeof(record));
}

/* The log. */
struct log {
	char *text;
	size_t length;
	FILE *stream;
	bool partial; /* the next sample misses a stack */
};

static inline void print_stack(struct log *log, const char *kind,
			       const struct replay_stack *stack)
{
	fprintf(log->stream, " %s", kind);
	if (!stack) {
		fputc('-', log->stream);
		return;
	}
	for (unsigned int i = 0; i < stack->count; i++)
		fprintf(log->stream, "%s%" PRIx64, i ? "," : "",
			stack->addresses[i]);
}

static inline void on_sample(void *context, unsigned int cpu,
			     const struct dither_sample *sample,
			     const struct replay_stack *kernel,
			     const struct replay_stack *user)
{
	struct log *log = context;

	fprintf(log->stream, "%s %u@%" PRIu64,
		log->partial ? "partial" : "sample", cpu,
		(uint64_t)sample->time);
	print_stack(log, "k", kernel);
	print_stack(log, "u", user);
	fputc('\n', log->stream);
	log->partial = false;
}

static inline void on_missing_stack(void *context, unsigned int cpu,
				    const struct dither_sample *sample)
{
	struct log *log = context;

	(void)cpu;
	(void)sample;
	log->partial = true;
}

static inline void on_fork(void *context, const struct dither_fork *record)
{
	struct log *log = context;

	fprintf(log->stream, "fork %u/%u\n", record->tgid, record->header.tid);
}

static inline void on_comm(void *context, const struct dither_comm *record)
{
	struct log *log = context;

	fprintf(log->stream, "%s %u/%u %s\n",
		record->header.flags & DITHER_COMM_EXEC ? "exec" : "comm",
		record->tgid, record->header.tid, record->comm);
}

static inline void on_exit_of(void *context, const struct dither_exit *record)
{
	struct log *log = context;

	fprintf(log->stream, "exit %u\n", record->tgid);
}

static inline void on_map(void *context, const struct dither_map *record)
{
	struct log *log = context;

	fprintf(log->stream, "map %u %s\n", record->tgid, record->path);
}

static inline void on_dropped(void *context,
			      const struct dither_dropped *record)
{
	struct log *log = context;

	fprintf(log->stream, "dropped %u %u\n", record->header.tid,
		record->count[DITHER_DROPPED_FORK]);
}

static inline void on_forget(void *context, const struct dither_forget *record)
{
	struct log *log = context;

	fprintf(log->stream, "forget %u\n", record->header.tid);
}

static inline void on_lost(void *context, unsigned int cpu,
			   const struct dither_lost_record *record)
{
	struct log *log = context;

	fprintf(log->stream, "lost %u@%" PRIu64 " %u\n", cpu,
		(uint64_t)record->time, record->count[0]);
}

static inline void on_rate(void *context, unsigned int cpu,
			   const struct dither_rate *record)
{
	struct log *log = context;

	fprintf(log->stream, "rate %u@%" PRIu64 " %" PRIu64 "\n", cpu,
		(uint64_t)record->time, (uint64_t)record->cell_ns);
}

static const struct replay_handler log_handler = {
	.sample = on_sample,
	.missing_stack = on_missing_stack,
	.fork = on_fork,
	.comm = on_comm,
	.exit = on_exit_of,
	.map = on_map,
	.dropped = on_dropped,
	.forget = on_forget,
	.lost = on_lost,
	.rate = on_rate,
};

/* The log of replaying @recording; to be freed. */
static inline char *log_of(struct recording *recording)
{
	struct replay_handler handler = log_handler;
	struct log log = { .text = NULL };
	struct error error;

	log.stream = open_memstream(&log.text, &log.length);
	handler.context = &log;
	CU_ASSERT_EQUAL(replay_run(recording, &handler, &error), 0);
	fclose(log.stream);
	return log.text;
}

/* Replay the file; @damages sentences are expected, the first with @damage. */
static inline void expect_damaged(const char *expected, size_t damages,
				  const char *damage)
{
	struct recording *recording;
	struct error error;
	char *log;

	finish();
	CU_ASSERT_EQUAL_FATAL(recording_open(file_path(), &recording, &error),
			      0);
	log = log_of(recording);
	if (strcmp(log, expected))
		printf("# expected:\n%s# got:\n%s", expected, log);
	CU_ASSERT_STRING_EQUAL(log, expected);
	free(log);

	/* Once more: nothing is said twice. */
	free(log_of(recording));
	CU_ASSERT_EQUAL(recording_damage_count(recording), damages);
	if (recording_damage_count(recording) != damages)
		for (size_t i = 0; i < recording_damage_count(recording); i++)
			printf("# %s\n", recording_damage(recording, i));
	if (damage && recording_damage_count(recording)) {
		if (!strstr(recording_damage(recording, 0), damage))
			printf("# %s\n", recording_damage(recording, 0));
		CU_ASSERT_PTR_NOT_NULL(
			strstr(recording_damage(recording, 0), damage));
	}
	recording_close(recording);
}

static inline void expect(const char *expected)
{
	expect_damaged(expected, 0, NULL);
}

#define NUMBER(epoch, slot) \
	((uint32_t)(epoch) << DITHER_STACK_SLOT_BITS | (slot))
#define KERNEL DITHER_STACK_KERNEL
#define NONE DITHER_STACK_NONE
#define ADJACENT DITHER_STACK_ADJACENT
#define SNAPSHOT DITHER_RECORD_SNAPSHOT

#endif
