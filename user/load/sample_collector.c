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
	struct sample_weight weigh;
	double scale; /* of a weight, to what the column counts */
	uint32_t number;
};

struct sample_collector {
	struct sample_table *table;
	struct resolver *resolver;
	struct sample_weight weigh; /* for moments */
	struct column columns[2 + DITHER_COUNTERS_MAX];
	unsigned int column_count;
	uint32_t *locations; /* of the sample at hand */
	size_t count, room;
};

/* An event may have been given twice: the first one counts. */
static void add_column(struct sample_collector *collector, const char *type,
		       const char *unit, double scale,
		       const struct sample_weight *weigh)
{
	size_t known = collector->table->column_count;
	uint32_t number = sample_table_column(collector->table, type, unit);

	if (number < known)
		return;
	collector->columns[collector->column_count++] = (struct column){
		.weigh = *weigh,
		.scale = scale,
		.number = number,
	};
}

struct sample_collector *collector_new(struct sample_table *table,
				       struct resolver *resolver,
				       const struct recorded_events *events,
				       const struct sample_weight *weighed,
				       uint64_t period_ns)
{
	struct sample_collector *collector =
		alloc_zeroed(1, sizeof(*collector));
	struct sample_weight weigh = { .by = WEIGH_ALL };

	collector->table = table;
	collector->resolver = resolver;
	collector->weigh = *weighed;
	add_column(collector, "samples", "count", 1, &weigh);
	weigh.by = WEIGH_TIME;
	if (events->time && period_ns)
		add_column(collector, "cpu", "nanoseconds", (double)period_ns,
			   &weigh);
	else if (events->time)
		add_column(collector, "cells", "count", 1, &weigh);
	for (unsigned int i = 0; i < events->count; i++)
		if (!sample_weight_choose(events, events->event[i].name, &weigh,
					  NULL))
			add_column(collector, events->event[i].name, "count", 1,
				   &weigh);
	return collector;
}

void collector_free(struct sample_collector *collector)
{
	if (!collector)
		return;
	free(collector->locations);
	free(collector);
}

/* That of a clock or of an event; NULL: there is none. */
static const struct column *
find_column(const struct sample_collector *collector, enum weigh_by by,
	    int event)
{
	for (unsigned int i = 0; i < collector->column_count; i++) {
		const struct sample_weight *weigh =
			&collector->columns[i].weigh;

		if (weigh->by == by &&
		    (by != WEIGH_EVENT || weigh->event == event))
			return &collector->columns[i];
	}
	return NULL;
}

uint32_t collector_column(const struct sample_collector *collector)
{
	const struct column *column = find_column(
		collector, collector->weigh.by, collector->weigh.event);

	return column ? column->number : 0;
}

static void push(struct sample_collector *collector,
		 const struct table_location *location)
{
	collector->locations = alloc_grow(collector->locations,
					  collector->count, &collector->room,
					  sizeof(*collector->locations));
	collector->locations[collector->count++] =
		sample_table_location(collector->table, location);
}

static uint32_t text_of(struct sample_collector *collector, const char *text)
{
	return text ? sample_table_text(collector->table, text, strlen(text)) :
		      TRACES_NONE;
}

static uint32_t build_id_of(struct sample_collector *collector,
			    const struct resolved_mapping *mapping)
{
	char text[2 * DITHER_BUILD_ID_MAX + 1] = "";

	if (!mapping->build_id_size)
		return TRACES_NONE;
	for (size_t i = 0; i < mapping->build_id_size; i++)
		snprintf(text + 2 * i, 3, "%02x", mapping->build_id[i]);
	return text_of(collector, text);
}

static uint32_t mapping_of(struct sample_collector *collector,
			   const struct collected_frame *frame,
			   uint64_t address)
{
	struct resolved_mapping found;
	struct table_mapping mapping;

	if (frame->kernel ?
		    !resolver_kernel_mapping(collector->resolver, address,
					     &found) :
		    !resolver_user_mapping(collector->resolver, frame->tgid,
					   address, &found))
		return TRACES_NONE;
	mapping = (struct table_mapping){
		.start = found.start,
		.limit = found.end,
		.offset = found.offset,
		.file = text_of(collector, found.file),
		.build_id = build_id_of(collector, &found),
	};
	return sample_table_mapping(collector->table, &mapping);
}

void collector_frame(struct sample_collector *collector,
		     const struct collected_frame *frame)
{
	uint64_t address = frame->address;
	struct table_location location;
	const char *source;

	address -= frame->is_return && address;
	location = (struct table_location){
		.address = address,
		.mapping = mapping_of(collector, frame, address),
		.source = TRACES_NONE,
		.name = text_of(collector, frame->name->text),
	};
	location.symbol = text_of(collector, frame->name->symbol);
	if (!frame->kernel &&
	    resolver_user_line(collector->resolver, frame->tgid, address,
			       &source, &location.line))
		location.source = text_of(collector, source);
	if (frame->kernel)
		location.kind = TRACE_KERNEL;
	else if (frame->name->kind == NAME_ANONYMOUS)
		location.kind = TRACE_GENERATED;
	push(collector, &location);
}

void collector_text(struct sample_collector *collector, const char *text,
		    bool kernel)
{
	struct table_location location = {
		.mapping = TRACES_NONE,
		.source = TRACES_NONE,
		.name = text_of(collector, text),
		.kind = kernel ? TRACE_KERNEL : TRACE_PROGRAM,
	};

	location.symbol = location.name;
	push(collector, &location);
}

void collector_leaf(struct sample_collector *collector, const char *text)
{
	uint32_t leaf;

	collector_text(collector, text, false);
	leaf = collector->locations[collector->count - 1];
	memmove(collector->locations + 1, collector->locations,
		(collector->count - 1) * sizeof(*collector->locations));
	collector->locations[0] = leaf;
}

/* By all, each sample is of the clock or event that made it. */
static const struct column *column_of(const struct sample_collector *collector,
				      const struct sample_counts *counts)
{
	if (collector->weigh.by != WEIGH_ALL)
		return find_column(collector, collector->weigh.by,
				   collector->weigh.event);
	return counts->event < 0 ?
		       find_column(collector, WEIGH_TIME, -1) :
		       find_column(collector, WEIGH_EVENT, counts->event);
}

static bool value_of(const struct column *column,
		     const struct collected_sample *sample, double *value)
{
	if (!sample_weight_of(&column->weigh, sample->counts, value))
		return false;
	*value *= column->scale;
	if (column->weigh.by == WEIGH_TIME)
		*value *= sample->cells;
	return true;
}

static void add_moment(struct sample_collector *collector,
		       const struct collected_sample *sample, uint32_t number)
{
	const struct column *column = column_of(collector, sample->counts);
	struct table_moment moment = {
		.time = sample->sample->time,
		.sample = number,
	};

	if (!column || !value_of(column, sample, &moment.value))
		return;
	moment.column = column->number;
	sample_table_moment(collector->table, &moment);
}

void collector_sample(struct sample_collector *collector,
		      const struct collected_sample *sample)
{
	const struct table_labels labels = {
		.process = text_of(collector, sample->process),
		.thread = text_of(collector, sample->thread),
		.pid = sample->sample->tgid,
		.tid = sample->sample->header.tid,
		.cpu = sample->cpu,
		.known = TRACE_PID | TRACE_TID | TRACE_CPU,
	};
	uint32_t number = sample_table_sample(collector->table,
					      collector->locations,
					      collector->count, &labels);

	for (unsigned int i = 0; i < collector->column_count; i++) {
		const struct column *column = &collector->columns[i];
		double value;

		if (value_of(column, sample, &value))
			sample_table_add(collector->table, number,
					 column->number, value);
	}
	add_moment(collector, sample, number);
	collector->count = 0;
}

void collector_lost(struct sample_collector *collector, unsigned int cpu,
		    uint64_t time, double weight)
{
	const struct column *column = find_column(collector, WEIGH_TIME, -1);
	const struct table_labels labels = {
		.process = TRACES_NONE,
		.thread = TRACES_NONE,
		.cpu = cpu,
		.known = TRACE_CPU,
	};
	struct table_moment moment = { .time = time };

	if (!column)
		return;
	collector->count = 0;
	collector_text(collector, SYNTHETIC_LOST, false);
	moment.sample = sample_table_sample(collector->table,
					    collector->locations,
					    collector->count, &labels);
	moment.value = weight * column->scale;
	moment.column = column->number;
	sample_table_add(collector->table, moment.sample, moment.column,
			 moment.value);
	sample_table_moment(collector->table, &moment);
	collector->count = 0;
}
