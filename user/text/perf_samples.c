// SPDX-License-Identifier: GPL-2.0
/* See perf_samples.h. Addresses are as perf printed them. */
#include "perf_samples.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

static const char deleted[] = " (deleted)";

struct frame {
	uint32_t name, mapping, kind;
};

struct perf_traces {
	struct sample_table *table;
	struct frame *frames; /* by their number */
	size_t frame_count, frame_room;
	uint32_t *locations; /* of the sample at hand */
	size_t depth, room;
	uint32_t samples; /* column */
	bool has_clock;
};

struct perf_traces *perf_traces_new(struct sample_table *table)
{
	struct perf_traces *perf = alloc_zeroed(1, sizeof(*perf));

	perf->table = table;
	perf->samples = sample_table_column(table, "samples", "count");
	return perf;
}

void perf_traces_free(struct perf_traces *perf)
{
	if (!perf)
		return;
	free(perf->frames);
	free(perf->locations);
	free(perf);
}

static bool is(const char *text, size_t length, const char *other)
{
	return length == strlen(other) && !memcmp(text, other, length);
}

/* The object, where it is one. */
static uint32_t mapping_of(struct perf_traces *perf,
			   const struct perf_symbol *symbol)
{
	struct table_mapping mapping = { .build_id = TRACES_NONE };
	size_t length = symbol->object_length, suffix = sizeof(deleted) - 1;

	if (!length || is(symbol->object, length, "[unknown]") ||
	    is(symbol->object, length, "inlined"))
		return TRACES_NONE;
	if (length > suffix &&
	    !memcmp(symbol->object + length - suffix, deleted, suffix))
		length -= suffix;
	mapping.file = sample_table_text(perf->table, symbol->object, length);
	return sample_table_mapping(perf->table, &mapping);
}

void perf_traces_frame(struct perf_traces *perf,
		       const struct perf_symbol *symbol, const char *name,
		       size_t length)
{
	static const uint32_t kinds[PERF_KINDS] = {
		[PERF_PROGRAM] = TRACE_PROGRAM,
		[PERF_KERNEL] = TRACE_KERNEL,
		[PERF_GENERATED] = TRACE_GENERATED,
		[PERF_INLINED] = TRACE_INLINED,
	};
	const char *tab = memrchr(name, '\t', length);

	if (tab)
		length = (size_t)(tab - name);
	perf->frames = alloc_grow(perf->frames, perf->frame_count,
				  &perf->frame_room, sizeof(*perf->frames));
	perf->frames[perf->frame_count++] = (struct frame){
		.name = sample_table_text(perf->table, name, length),
		.mapping = mapping_of(perf, symbol),
		.kind = kinds[symbol->kind],
	};
}

uint32_t perf_traces_event(struct perf_traces *perf, const char *name,
			   bool has_period)
{
	bool is_clock = !strncmp(name, "cpu-clock", strlen("cpu-clock")) ||
			!strncmp(name, "task-clock", strlen("task-clock"));

	if (!has_period || !*name)
		return perf->samples;
	if (!is_clock)
		return sample_table_column(perf->table, name, "count");
	if (perf->has_clock)
		return sample_table_column(perf->table, name, "nanoseconds");
	perf->has_clock = true;
	return sample_table_column(perf->table, "cpu", "nanoseconds");
}

void perf_traces_push(struct perf_traces *perf, uint32_t number,
		      uint64_t address)
{
	const struct table_location location = {
		.address = address,
		.mapping = perf->frames[number].mapping,
		.source = TRACES_NONE,
		.name = perf->frames[number].name,
		.symbol = perf->frames[number].name,
		.kind = perf->frames[number].kind,
	};

	perf->locations = alloc_grow(perf->locations, perf->depth, &perf->room,
				     sizeof(*perf->locations));
	perf->locations[perf->depth++] =
		sample_table_location(perf->table, &location);
}

void perf_traces_clear(struct perf_traces *perf)
{
	perf->depth = 0;
}

void perf_traces_labels(struct perf_traces *perf,
			const struct perf_header *header,
			struct table_labels *labels)
{
	*labels = (struct table_labels){
		.process = TRACES_NONE,
		.thread = header->has_comm ?
				  sample_table_text(perf->table, header->comm,
						    header->comm_length) :
				  TRACES_NONE,
		.pid = header->has_pid ? header->pid : 0,
		.tid = header->tid,
		.cpu = header->has_cpu ? header->cpu : 0,
		.known = (header->has_tid ? TRACE_TID : 0) |
			 (header->has_pid ? TRACE_PID : 0) |
			 (header->has_cpu ? TRACE_CPU : 0),
	};
}

void perf_traces_sample(struct perf_traces *perf,
			const struct table_labels *labels, uint32_t column,
			double period, uint64_t time)
{
	struct table_moment moment = {
		.time = time,
		.value = period,
		.column = column,
	};
	uint32_t sample = sample_table_sample(perf->table, perf->locations,
					      perf->depth, labels);

	sample_table_add(perf->table, sample, perf->samples, 1);
	if (column != perf->samples)
		sample_table_add(perf->table, sample, column, period);
	moment.sample = sample;
	sample_table_moment(perf->table, &moment);
	perf->depth = 0;
}
