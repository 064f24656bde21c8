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
	struct traces *traces;
	struct frame *frames; /* by their number */
	size_t frame_count, frame_room;
	uint32_t *locations; /* of the sample at hand */
	size_t depth, room;
	uint32_t samples; /* column */
	bool has_clock;
};

struct perf_traces *perf_traces_new(struct traces *traces)
{
	struct perf_traces *perf = alloc_zeroed(1, sizeof(*perf));

	perf->traces = traces;
	perf->samples = traces_column(traces, "samples", "count");
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
	struct trace_mapping mapping = { .build_id = TRACES_NONE };
	size_t length = symbol->object_length, suffix = sizeof(deleted) - 1;

	if (!length || is(symbol->object, length, "[unknown]") ||
	    is(symbol->object, length, "inlined"))
		return TRACES_NONE;
	if (length > suffix &&
	    !memcmp(symbol->object + length - suffix, deleted, suffix))
		length -= suffix;
	mapping.file = traces_text(perf->traces, symbol->object, length);
	return traces_mapping(perf->traces, &mapping);
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
		.name = traces_text(perf->traces, name, length),
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
		return traces_column(perf->traces, name, "count");
	if (perf->has_clock)
		return traces_column(perf->traces, name, "nanoseconds");
	perf->has_clock = true;
	return traces_column(perf->traces, "cpu", "nanoseconds");
}

void perf_traces_push(struct perf_traces *perf, uint32_t number,
		      uint64_t address)
{
	const struct trace_location location = {
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
		traces_location(perf->traces, &location);
}

void perf_traces_clear(struct perf_traces *perf)
{
	perf->depth = 0;
}

void perf_traces_labels(struct perf_traces *perf,
			const struct perf_header *header,
			struct trace_labels *labels)
{
	*labels = (struct trace_labels){
		.process = TRACES_NONE,
		.thread = header->has_comm ?
				  traces_text(perf->traces, header->comm,
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
			const struct trace_labels *labels, uint32_t column,
			double period, uint64_t time)
{
	struct trace_moment moment = {
		.time = time,
		.value = period,
		.column = column,
	};
	uint32_t sample = traces_sample(perf->traces, perf->locations,
					perf->depth, labels);

	traces_add(perf->traces, sample, perf->samples, 1);
	if (column != perf->samples)
		traces_add(perf->traces, sample, column, period);
	moment.sample = sample;
	traces_moment(perf->traces, &moment);
	perf->depth = 0;
}
