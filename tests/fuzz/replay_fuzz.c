// SPDX-License-Identifier: GPL-2.0
/*
 * Records of any kind against a promise that is sound: `lab replay` must end,
 * and its account be one. The first bytes choose policy and seed, the rest are
 * records of one CPU, their sizes and types made sound.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../user/base/policy.h"
#include "../../user/file/writer.h"
#include "../../user/schedule/schedule_audit.h"

#define SLOT sizeof(struct dither_lost_record)

static void put(struct writer *writer, enum chunk_type type, const void *head,
		size_t head_length, const void *data, size_t length)
{
	const struct iovec parts[] = {
		{ (void *)head, head_length },
		{ (void *)data, length },
	};

	if (writer_chunk(writer, type, parts, 2, NULL))
		abort();
}

/* Each record takes a slot, and is of a type that the replay looks at. */
static void repair(uint8_t *data, size_t count)
{
	static const uint8_t types[] = {
		DITHER_RECORD_SAMPLE,
		DITHER_RECORD_RATE,
		DITHER_RECORD_LOST,
		DITHER_RECORD_SAMPLE,
	};
	struct dither_sample sample;

	for (size_t i = 0; i < count; i++) {
		memcpy(&sample, data + i * SLOT, sizeof(sample));
		sample.header.size = SLOT;
		sample.header.type = types[sample.header.type % 4];
		sample.header.tid %= 4;
		/* Or most of the time would go into passing draws. */
		sample.time %= 1ULL << 36;
		if (sample.header.type == DITHER_RECORD_SAMPLE)
			sample.counters = 0;
		memcpy(data + i * SLOT, &sample, sizeof(sample));
	}
}

static void write_file(const char *path, const uint8_t *data, size_t size)
{
	const struct chunk_ring ring = { .cpu = 0, .position = data[2] & 64 };
	size_t count = (size - 4) / SLOT;
	uint8_t *records = malloc(count * SLOT + 1);
	struct writer *writer;
	char text[160];

	memcpy(records, data + 4, count * SLOT);
	repair(records, count);
	snprintf(text, sizeof(text),
		 "policy=%s\nseed=%u\nperiod_ns=1000000\njitter_ppm=%u\n%s",
		 policy_names[data[0] % DITHER_POLICY_COUNT], data[1],
		 data[2] * 1000U, data[3] & 1 ? "stop_ns=68719476736\n" : "");
	if (writer_open(path, &writer, NULL))
		abort();
	put(writer, CHUNK_META, text, strlen(text), "", 0);
	put(writer, CHUNK_RING, &ring, sizeof(ring), records, count * SLOT);
	if (writer_close(writer, NULL))
		abort();
	free(records);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recording *recording;
	struct schedule_audit result;
	char path[64];

	if (size < 4)
		return 0;
	snprintf(path, sizeof(path), "/tmp/replay_fuzz.%d", getpid());
	write_file(path, data, size);
	if (recording_open(path, &recording, NULL))
		abort();
	if (schedule_audit(recording, NULL, NULL, &result, NULL))
		abort();
	for (unsigned int i = 0; i < result.count; i++)
		if (result.cpus[i].samples != result.cpus[i].met +
						      result.cpus[i].unknown +
						      result.cpus[i].missed)
			abort();
	free(result.cpus);
	recording_close(recording);
	unlink(path);
	return 0;
}
