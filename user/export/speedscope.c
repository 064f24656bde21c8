// SPDX-License-Identifier: GPL-2.0
/*
 * speedscope lays the samples of a profile end to end, each as wide as its
 * weight. A sample stands for the time that ended when it was taken, so a
 * thread's samples are moved apart by samples without frames.
 */
#include "speedscope.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/decimal.h"
#include "../base/json.h"

#define DECIMALS 6

struct writer {
	const struct sample_table *table;
	const struct speedscope_facts *facts;
	FILE *output;
	struct string_table *keys; /* name and file of a frame */
	uint32_t *frames;    /* by location */
	uint32_t *stack;     /* frames of the stack at hand */
	size_t room;
	bool any; /* profile was written */
};

static void put_number(FILE *output, double value)
{
	char buffer[DECIMAL_MAX];

	fputs(decimal_trimmed(buffer, value, DECIMALS), output);
}

static void put_string(const struct writer *writer, uint32_t text)
{
	const struct string_table *texts = writer->table->texts;

	json_text(writer->output, string_table_text(texts, text),
		  string_table_length(texts, text));
}

static void put_frame(const struct writer *writer,
		      const struct table_location *location)
{
	const struct sample_table *table = writer->table;
	FILE *output = writer->output;
	fputs("{\"name\":", output);
	if (string_table_length(table->texts, location->name))
		put_string(writer, location->name);
	else
		fputs("\"[empty]\"", output);
	if (location->mapping != TRACES_NONE) {
		fputs(",\"file\":", output);
		put_string(writer, table->mappings[location->mapping].file);
	}
	fputc('}', output);
}

/* Locations of one function are one frame, whatever their address and line. */
static void put_frames(struct writer *writer)
{
	const struct sample_table *table = writer->table;

	writer->frames = alloc_zeroed(table->location_count + 1,
				      sizeof(*writer->frames));
	for (size_t i = 0; i < table->location_count; i++) {
		const struct table_location *location = &table->locations[i];
		uint32_t mapping = location->mapping;
		const uint32_t key[] = {
			location->name,
			mapping == TRACES_NONE ? TRACES_NONE :
						 table->mappings[mapping].file,
		};
		uint32_t known = string_table_count(writer->keys);

		writer->frames[i] = string_table_add(
			writer->keys, (const char *)key, sizeof(key));
		if (writer->frames[i] < known)
			continue;
		fputs(i ? ",\n" : "\n", writer->output);
		put_frame(writer, location);
	}
}

/* Outermost first. */
static void put_stack(struct writer *writer, uint32_t number)
{
	const struct profile *stacks = writer->table->stacks;
	struct profile_node node = profile_node(stacks, number);
	size_t count = 0;

	for (; node.name != PROFILE_NONE;
	     node = profile_node(stacks, node.parent)) {
		writer->stack = alloc_grow(writer->stack, count, &writer->room,
					   sizeof(*writer->stack));
		writer->stack[count++] = writer->frames[node.name];
	}
	fputc('[', writer->output);
	while (count--)
		fprintf(writer->output, count ? "%" PRIu32 "," : "%" PRIu32,
			writer->stack[count]);
	fputc(']', writer->output);
}

static const char *unit_of(const struct sample_table *table, uint32_t column)
{
	const char *unit =
		string_table_text(table->texts, table->columns[column].unit);

	return strcmp(unit, "nanoseconds") ? "none" : "nanoseconds";
}

static void begin_profile(struct writer *writer, const char *name,
			  uint32_t column, double end)
{
	FILE *output = writer->output;

	fputs(writer->any ? ",\n" : "\n", output);
	writer->any = true;
	fputs("{\"type\":\"sampled\",\"name\":", output);
	json_text(output, name, strlen(name));
	fprintf(output, ",\"unit\":\"%s\",\"startValue\":0,\"endValue\":",
		unit_of(writer->table, column));
	put_number(output, end);
}

/* By stack. The caller's to free(). */
static double *sums_of(const struct sample_table *table, uint32_t column,
		       double *total)
{
	double *sums =
		alloc_zeroed(profile_nodes(table->stacks), sizeof(*sums));

	*total = 0;
	for (size_t i = 0; i < table->sample_count; i++) {
		double value =
			sample_table_value(table, &table->samples[i], column);

		sums[table->samples[i].stack] += value;
		*total += value;
	}
	return sums;
}

static void put_all(struct writer *writer, uint32_t column)
{
	const struct sample_table *table = writer->table;
	const char *title = writer->facts->title, *separator = "\n";
	bool one = writer->facts->column_count == 1;
	char *name = alloc_format(
		"%s%s%s", title, one ? "" : ": ",
		one ? "" :
		      string_table_text(table->texts,
					table->columns[column].type));
	double total, *sums = sums_of(table, column, &total);
	uint32_t count = profile_nodes(table->stacks);

	begin_profile(writer, name, column, total);
	fputs(",\n\"samples\":[", writer->output);
	for (uint32_t i = 0; i < count; i++) {
		if (!(sums[i] > 0))
			continue;
		fputs(separator, writer->output);
		put_stack(writer, i);
		separator = ",\n";
	}
	fputs("],\n\"weights\":[", writer->output);
	separator = "";
	for (uint32_t i = 0; i < count; i++) {
		if (!(sums[i] > 0))
			continue;
		fputs(separator, writer->output);
		put_number(writer->output, sums[i]);
		separator = ",";
	}
	fputs("]}", writer->output);
	free(sums);
	free(name);
}

/* A thread's moments in one column are next to each other, in their order. */
struct placed {
	const struct table_moment *moment;
	const struct table_labels *labels;
	size_t place;
};

static int by_number(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int by_thread(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	uint32_t known = a->labels->known & b->labels->known;
	int order = by_number(a->moment->column, b->moment->column);

	if (!order)
		order = by_number(b->labels->known & TRACE_TID,
				  a->labels->known & TRACE_TID);
	if (!order && (known & TRACE_PID))
		order = by_number(a->labels->pid, b->labels->pid);
	if (!order && (known & TRACE_TID))
		order = by_number(a->labels->tid, b->labels->tid);
	if (!order && !(known & TRACE_TID))
		order = by_number(a->labels->cpu, b->labels->cpu);
	return order;
}

static int by_place(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	int order = by_thread(left, right);

	return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* The name that the thread had at last. */
static char *name_of(const struct writer *writer, const struct placed *last)
{
	const struct sample_table *table = writer->table;
	const struct table_labels *labels = last->labels;
	const char *thread =
		labels->thread == TRACES_NONE ?
			"[unknown]" :
			string_table_text(table->texts, labels->thread);
	bool one = writer->facts->column_count == 1;
	const char *event = string_table_text(
		table->texts, table->columns[last->moment->column].type);

	if (!(labels->known & TRACE_TID))
		return alloc_format("no thread, CPU %" PRIu32 "%s%s",
				    labels->cpu, one ? "" : ": ",
				    one ? "" : event);
	if (labels->known & TRACE_PID)
		return alloc_format("%s (%" PRIu32 "/%" PRIu32 ")%s%s", thread,
				    labels->pid, labels->tid, one ? "" : ": ",
				    one ? "" : event);
	return alloc_format("%s (%" PRIu32 ")%s%s", thread, labels->tid,
			    one ? "" : ": ", one ? "" : event);
}

/* How long before the sample there was none; @at: where the last one ended. */
static double gap_before(const struct writer *writer,
			 const struct placed *placed, double origin, double at)
{
	const struct table_moment *moment = placed->moment;
	double start = (double)moment->time - origin - moment->value;

	if (strcmp(unit_of(writer->table, moment->column), "nanoseconds"))
		return 0;
	return fmax(0, floor(start - at));
}

typedef void put_item(struct writer *writer, const struct placed *placed,
		      double gap, bool first);

static void put_item_stack(struct writer *writer, const struct placed *placed,
			   double gap, bool first)
{
	fputs(first ? "\n" : ",\n", writer->output);
	if (gap > 0)
		fputs("[],\n", writer->output);
	put_stack(writer, writer->table->samples[placed->moment->sample].stack);
}

static void put_item_weight(struct writer *writer, const struct placed *placed,
			    double gap, bool first)
{
	if (!first)
		fputc(',', writer->output);
	if (gap > 0) {
		put_number(writer->output, gap);
		fputc(',', writer->output);
	}
	put_number(writer->output, placed->moment->value);
}

/* @put: NULL: nothing. Returns where the last one ends. */
static double walk(struct writer *writer, const struct placed *placed,
		   size_t count, double origin, put_item *put)
{
	double at = 0;

	for (size_t i = 0; i < count; i++) {
		double gap = gap_before(writer, &placed[i], origin, at);

		if (put)
			put(writer, &placed[i], gap, !i);
		at += gap + placed[i].moment->value;
	}
	return at;
}

static void put_thread(struct writer *writer, const struct placed *placed,
		       size_t count, double origin)
{
	char *name = name_of(writer, &placed[count - 1]);

	begin_profile(writer, name, placed->moment->column,
		      walk(writer, placed, count, origin, NULL));
	fputs(",\n\"samples\":[", writer->output);
	walk(writer, placed, count, origin, put_item_stack);
	fputs("],\n\"weights\":[", writer->output);
	walk(writer, placed, count, origin, put_item_weight);
	fputs("]}", writer->output);
	free(name);
}

static bool is_shown(const struct writer *writer, uint32_t column)
{
	for (size_t i = 0; i < writer->facts->column_count; i++)
		if (writer->facts->columns[i] == column)
			return true;
	return false;
}

/* Where all threads begin: no sample stands for time before. */
static double origin_of(const struct placed *placed, size_t count)
{
	double origin = INFINITY;

	for (size_t i = 0; i < count; i++)
		origin = fmin(origin, (double)placed[i].moment->time -
					      placed[i].moment->value);
	return fmax(0, origin);
}

static void put_threads(struct writer *writer)
{
	const struct sample_table *table = writer->table;
	struct placed *placed =
		alloc_zeroed(table->moment_count + 1, sizeof(*placed));
	size_t count = 0;
	double origin;

	for (size_t i = 0; i < table->moment_count; i++) {
		const struct table_moment *moment = &table->times[i];

		if (is_shown(writer, moment->column) && moment->value > 0)
			placed[count++] = (struct placed){
				moment,
				&table->samples[moment->sample].labels,
				i,
			};
	}
	if (count)
		qsort(placed, count, sizeof(*placed), by_place);
	origin = origin_of(placed, count);
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count; next++)
			if (by_thread(&placed[i], &placed[next]))
				break;
		put_thread(writer, placed + i, next - i, origin);
	}
	free(placed);
}

void speedscope_write(const struct sample_table *table,
		      const struct speedscope_facts *facts, FILE *output)
{
	struct writer writer = {
		.table = table,
		.facts = facts,
		.output = output,
		.keys = string_table_new(),
	};

	fputs("{\"$schema\":"
	      "\"https://www.speedscope.app/file-format-schema.json\",\n"
	      "\"exporter\":\"dither\",\"name\":",
	      output);
	json_text(output, facts->title, strlen(facts->title));
	fputs(",\"activeProfileIndex\":0,\n\"shared\":{\"frames\":[", output);
	put_frames(&writer);
	fputs("]},\n\"profiles\":[", output);
	for (size_t i = 0; i < facts->column_count; i++)
		put_all(&writer, facts->columns[i]);
	if (facts->timed)
		put_threads(&writer);
	fputs("]}\n", output);
	string_table_free(writer.keys);
	free(writer.frames);
	free(writer.stack);
}
