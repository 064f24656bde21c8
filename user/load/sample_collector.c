// SPDX-License-Identifier: GPL-2.0
/*
 * See sample_collector.h. A column has the weights that report gives the
 * samples, time turned into nanoseconds.
 */
#include "sample_collector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../profile/synthetic_frames.h"

struct column {
	struct weigh weigh;
	double scale; /* of a weight, to what the column counts */
	uint32_t number;
};

struct tracer {
	struct sample_table *table;
	struct resolver *resolver;
	struct weigh weigh; /* for moments */
	struct column columns[2 + DITHER_COUNTERS_MAX];
	unsigned int column_count;
	uint32_t *locations; /* of the sample at hand */
	size_t count, room;
};

/* An event may have been given twice: the first one counts. */
static void add_column(struct tracer *tracer, const char *type,
		       const char *unit, double scale,
		       const struct weigh *weigh)
{
	size_t known = tracer->table->column_count;
	uint32_t number = sample_table_column(tracer->table, type, unit);

	if (number < known)
		return;
	tracer->columns[tracer->column_count++] = (struct column){
		.weigh = *weigh,
		.scale = scale,
		.number = number,
	};
}

struct tracer *tracer_new(struct sample_table *table, struct resolver *resolver,
			  const struct recorded_events *events,
			  const struct weigh *weighed, uint64_t period_ns)
{
	struct tracer *tracer = alloc_zeroed(1, sizeof(*tracer));
	struct weigh weigh = { .by = WEIGH_ALL };

	tracer->table = table;
	tracer->resolver = resolver;
	tracer->weigh = *weighed;
	add_column(tracer, "samples", "count", 1, &weigh);
	weigh.by = WEIGH_TIME;
	if (events->time && period_ns)
		add_column(tracer, "cpu", "nanoseconds", (double)period_ns,
			   &weigh);
	else if (events->time)
		add_column(tracer, "cells", "count", 1, &weigh);
	for (unsigned int i = 0; i < events->count; i++)
		if (!weigh_choose(events, events->event[i].name, &weigh, NULL))
			add_column(tracer, events->event[i].name, "count", 1,
				   &weigh);
	return tracer;
}

void tracer_free(struct tracer *tracer)
{
	if (!tracer)
		return;
	free(tracer->locations);
	free(tracer);
}

/* That of a clock or of an event; NULL: there is none. */
static const struct column *find_column(const struct tracer *tracer,
					enum weigh_by by, int event)
{
	for (unsigned int i = 0; i < tracer->column_count; i++) {
		const struct weigh *weigh = &tracer->columns[i].weigh;

		if (weigh->by == by &&
		    (by != WEIGH_EVENT || weigh->event == event))
			return &tracer->columns[i];
	}
	return NULL;
}

uint32_t tracer_column(const struct tracer *tracer)
{
	const struct column *column =
		find_column(tracer, tracer->weigh.by, tracer->weigh.event);

	return column ? column->number : 0;
}

static void push(struct tracer *tracer, const struct table_location *location)
{
	tracer->locations = alloc_grow(tracer->locations, tracer->count,
				       &tracer->room,
				       sizeof(*tracer->locations));
	tracer->locations[tracer->count++] =
		sample_table_location(tracer->table, location);
}

static uint32_t text_of(struct tracer *tracer, const char *text)
{
	return text ? sample_table_text(tracer->table, text, strlen(text)) :
		      TRACES_NONE;
}

static uint32_t build_id_of(struct tracer *tracer,
			    const struct resolved_mapping *mapping)
{
	char text[2 * DITHER_BUILD_ID_MAX + 1] = "";

	if (!mapping->build_id_size)
		return TRACES_NONE;
	for (size_t i = 0; i < mapping->build_id_size; i++)
		snprintf(text + 2 * i, 3, "%02x", mapping->build_id[i]);
	return text_of(tracer, text);
}

static uint32_t mapping_of(struct tracer *tracer,
			   const struct traced_frame *frame, uint64_t address)
{
	struct resolved_mapping found;
	struct table_mapping mapping;

	if (frame->kernel ?
		    !resolver_kernel_mapping(tracer->resolver, address,
					     &found) :
		    !resolver_user_mapping(tracer->resolver, frame->tgid,
					   address, &found))
		return TRACES_NONE;
	mapping = (struct table_mapping){
		.start = found.start,
		.limit = found.end,
		.offset = found.offset,
		.file = text_of(tracer, found.file),
		.build_id = build_id_of(tracer, &found),
	};
	return sample_table_mapping(tracer->table, &mapping);
}

void tracer_frame(struct tracer *tracer, const struct traced_frame *frame)
{
	uint64_t address = frame->address;
	struct table_location location;
	const char *source;

	address -= frame->is_return && address;
	location = (struct table_location){
		.address = address,
		.mapping = mapping_of(tracer, frame, address),
		.source = TRACES_NONE,
		.name = text_of(tracer, frame->name->text),
	};
	location.symbol = text_of(tracer, frame->name->symbol);
	if (!frame->kernel &&
	    resolver_user_line(tracer->resolver, frame->tgid, address, &source,
			       &location.line))
		location.source = text_of(tracer, source);
	if (frame->kernel)
		location.kind = TRACE_KERNEL;
	else if (frame->name->kind == NAME_ANONYMOUS)
		location.kind = TRACE_GENERATED;
	push(tracer, &location);
}

void tracer_text(struct tracer *tracer, const char *text, bool kernel)
{
	struct table_location location = {
		.mapping = TRACES_NONE,
		.source = TRACES_NONE,
		.name = text_of(tracer, text),
		.kind = kernel ? TRACE_KERNEL : TRACE_PROGRAM,
	};

	location.symbol = location.name;
	push(tracer, &location);
}

void tracer_leaf(struct tracer *tracer, const char *text)
{
	uint32_t leaf;

	tracer_text(tracer, text, false);
	leaf = tracer->locations[tracer->count - 1];
	memmove(tracer->locations + 1, tracer->locations,
		(tracer->count - 1) * sizeof(*tracer->locations));
	tracer->locations[0] = leaf;
}

/* By all, each sample is of the clock or event that made it. */
static const struct column *column_of(const struct tracer *tracer,
				      const struct sample_counts *counts)
{
	if (tracer->weigh.by != WEIGH_ALL)
		return find_column(tracer, tracer->weigh.by,
				   tracer->weigh.event);
	return counts->event < 0 ?
		       find_column(tracer, WEIGH_TIME, -1) :
		       find_column(tracer, WEIGH_EVENT, counts->event);
}

static bool value_of(const struct column *column,
		     const struct traced_sample *sample, double *value)
{
	if (!weigh_sample(&column->weigh, sample->counts, value))
		return false;
	*value *= column->scale;
	if (column->weigh.by == WEIGH_TIME)
		*value *= sample->cells;
	return true;
}

static void add_moment(struct tracer *tracer,
		       const struct traced_sample *sample, uint32_t number)
{
	const struct column *column = column_of(tracer, sample->counts);
	struct table_moment moment = {
		.time = sample->sample->time,
		.sample = number,
	};

	if (!column || !value_of(column, sample, &moment.value))
		return;
	moment.column = column->number;
	sample_table_moment(tracer->table, &moment);
}

void tracer_sample(struct tracer *tracer, const struct traced_sample *sample)
{
	const struct table_labels labels = {
		.process = text_of(tracer, sample->process),
		.thread = text_of(tracer, sample->thread),
		.pid = sample->sample->tgid,
		.tid = sample->sample->header.tid,
		.cpu = sample->cpu,
		.known = TRACE_PID | TRACE_TID | TRACE_CPU,
	};
	uint32_t number = sample_table_sample(tracer->table, tracer->locations,
					      tracer->count, &labels);

	for (unsigned int i = 0; i < tracer->column_count; i++) {
		const struct column *column = &tracer->columns[i];
		double value;

		if (value_of(column, sample, &value))
			sample_table_add(tracer->table, number, column->number,
					 value);
	}
	add_moment(tracer, sample, number);
	tracer->count = 0;
}

void tracer_lost(struct tracer *tracer, unsigned int cpu, uint64_t time,
		 double weight)
{
	const struct column *column = find_column(tracer, WEIGH_TIME, -1);
	const struct table_labels labels = {
		.process = TRACES_NONE,
		.thread = TRACES_NONE,
		.cpu = cpu,
		.known = TRACE_CPU,
	};
	struct table_moment moment = { .time = time };

	if (!column)
		return;
	tracer->count = 0;
	tracer_text(tracer, UNSEEN_LOST, false);
	moment.sample = sample_table_sample(tracer->table, tracer->locations,
					    tracer->count, &labels);
	moment.value = weight * column->scale;
	moment.column = column->number;
	sample_table_add(tracer->table, moment.sample, moment.column,
			 moment.value);
	sample_table_moment(tracer->table, &moment);
	tracer->count = 0;
}
