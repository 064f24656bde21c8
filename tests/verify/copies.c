// SPDX-License-Identifier: GPL-2.0
/* See copies.h. A copy whose sample was lost is followed by another's. */
#include "copies.h"

#include <stdlib.h>
#include <string.h>

#include "../../user/base/alloc.h"
#include "../../user/file/records.h"

struct queue {
	struct copy *copies;
	size_t count, room;
	size_t next;
};

struct copies {
	struct queue *queues;	/* by CPU */
	unsigned int cpus;
};

static void add_memory(struct copy *copy, size_t *room,
		       const struct dither_record *record)
{
	if (!copy->registers || record->size < sizeof(*copy->memory[0]))
		return;
	copy->memory = alloc_grow(copy->memory, copy->count, room,
				  sizeof(*copy->memory));
	copy->memory[copy->count++] = (const void *)record;
}

static void begin(struct copy *copy, size_t *room,
		  const struct dither_record *record)
{
	free(copy->memory);
	*copy = (struct copy){ .tid = record->tid };
	*room = 0;
	if (record->size >= sizeof(*copy->registers))
		copy->registers = (const void *)record;
}

/* Give the copy, if it is this one's, to @sample. */
static void settle(struct queue *queue, struct copy *copy, size_t *room,
		   const struct dither_sample *sample)
{
	if (copy->registers && copy->tid == sample->header.tid) {
		copy->time = sample->time;
		queue->copies = alloc_grow(queue->copies, queue->count,
					   &queue->room, sizeof(*copy));
		queue->copies[queue->count++] = *copy;
	} else {
		free(copy->memory);
	}
	*copy = (struct copy){ .count = 0 };
	*room = 0;
}

static void read_cpu(struct recording *recording, unsigned int cpu,
		     struct queue *queue)
{
	struct copy copy = { .count = 0 };
	const struct dither_record *record;
	struct record_cursor cursor;
	size_t room = 0;

	records_start(&cursor, recording, cpu, 0);
	while ((record = records_next(&cursor))) {
		switch (record->type) {
		case DITHER_TEST_REGISTERS:
			begin(&copy, &room, record);
			break;
		case DITHER_TEST_MEMORY:
			add_memory(&copy, &room, record);
			break;
		case DITHER_RECORD_SAMPLE:
			settle(queue, &copy, &room, (const void *)record);
			break;
		}
	}
	free(copy.memory);
}

struct copies *copies_read(struct recording *recording)
{
	struct copies *copies = alloc_zeroed(1, sizeof(*copies));

	copies->cpus = recording_cpus(recording);
	copies->queues = alloc_zeroed(copies->cpus + 1, sizeof(*copies->queues));
	for (unsigned int cpu = 0; cpu < copies->cpus; cpu++)
		read_cpu(recording, cpu, &copies->queues[cpu]);
	return copies;
}

void copies_free(struct copies *copies)
{
	for (unsigned int cpu = 0; cpu < copies->cpus; cpu++) {
		struct queue *queue = &copies->queues[cpu];

		for (size_t i = 0; i < queue->count; i++)
			free(queue->copies[i].memory);
		free(queue->copies);
	}
	free(copies->queues);
	free(copies);
}

size_t copies_count(const struct copies *copies)
{
	size_t count = 0;

	for (unsigned int cpu = 0; cpu < copies->cpus; cpu++)
		count += copies->queues[cpu].count;
	return count;
}

const struct copy *copies_find(struct copies *copies, unsigned int cpu,
			       const struct dither_sample *sample)
{
	struct queue *queue = &copies->queues[cpu];
	const struct copy *copy;

	while (queue->next < queue->count &&
	       queue->copies[queue->next].time < sample->time)
		queue->next++;
	if (queue->next == queue->count)
		return NULL;
	copy = &queue->copies[queue->next];
	return copy->time == sample->time && copy->tid == sample->header.tid ?
		       copy :
		       NULL;
}

bool copy_word(const struct copy *copy, uint64_t address, uint64_t *word)
{
	for (size_t i = 0; i < copy->count; i++) {
		const struct dither_test_memory *memory = copy->memory[i];
		uint64_t bytes = memory->header.size - sizeof(*memory);
		uint64_t at = address - memory->address;

		if (address < memory->address || bytes < sizeof(*word) ||
		    at > bytes - sizeof(*word))
			continue;
		memcpy(word, memory->bytes + at, sizeof(*word));
		return true;
	}
	return false;
}
