// SPDX-License-Identifier: GPL-2.0
#include "perf_text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/utf8.h"

#define MILLISECOND 1000000U /* ns */
#define UNKNOWN "[unknown]"

struct writer {
	const struct sample_table *table;
	const struct perf_text_facts *facts;
	FILE *output;
};

/* What is printed of a moment or, where there is none, of a sample. */
struct printed {
	const struct table_sample *sample;
	uint64_t time;
	double value;
	uint32_t column;
};

/* Nothing that would end a line. */
static void put_text(FILE *output, const char *text, size_t length)
{
	char bytes[4];
	uint32_t character;
	size_t count;

	for (size_t i = 0; i < length;) {
		i += utf8_next(text + i, length - i, &character);
		count = utf8_encode(character, bytes);
		fwrite(bytes, 1, count, output);
	}
}

static const char *text_of(const struct writer *writer, uint32_t number,
			   size_t *length)
{
	const struct string_table *texts = writer->table->texts;

	*length = string_table_length(texts, number);
	return string_table_text(texts, number);
}

static bool is_generated(const char *file)
{
	return !strncmp(file, "/tmp/perf-", 10) || !strncmp(file, "[JIT]", 5) ||
	       strstr(file, "/jitted-");
}

/* The object by which a reader tells what kind of code it is. */
static void put_object(const struct writer *writer,
		       const struct table_location *location,
		       const struct table_labels *labels)
{
	FILE *output = writer->output;
	const char *file = UNKNOWN;
	size_t length = strlen(UNKNOWN);

	if (location->mapping != TRACES_NONE)
		file = text_of(writer,
			       writer->table->mappings[location->mapping].file,
			       &length);
	if (location->kind == TRACE_INLINED)
		fputs("inlined", output);
	else if (location->kind == TRACE_KERNEL &&
		 (location->mapping == TRACES_NONE ||
		  !strcmp(file, "[kernel]")))
		fputs("[kernel.kallsyms]", output);
	else if (location->kind == TRACE_GENERATED && !is_generated(file))
		fprintf(output, "/tmp/perf-%" PRIu32 ".map", labels->pid);
	else
		put_text(output, file, length);
}

/* "f+0x12" would be read as f, so that such a name gets an offset. */
static bool ends_in_offset(const char *name, size_t length)
{
	size_t i = length;

	while (i && strchr("0123456789abcdef", name[i - 1]))
		i--;
	return i < length && i > 3 && !memcmp(name + i - 3, "+0x", 3);
}

static void put_frame(const struct writer *writer, uint32_t number,
		      const struct table_labels *labels)
{
	const struct table_location *location =
		&writer->table->locations[number];
	size_t length;
	const char *name = text_of(writer, location->name, &length);

	length -= sample_table_suffix(name, length, location->kind);
	fprintf(writer->output, "\t%16" PRIx64 " ", location->address);
	put_text(writer->output, name, length);
	if (!length)
		fputs(UNKNOWN, writer->output);
	if (ends_in_offset(name, length))
		fputs("+0x0", writer->output);
	fputs(" (", writer->output);
	put_object(writer, location, labels);
	fputs(")\n", writer->output);
}

static const char *event_of(const struct writer *writer, uint32_t column)
{
	const struct sample_table *table = writer->table;
	const char *type;

	if (writer->facts->events && writer->facts->events[column])
		return writer->facts->events[column];
	type = string_table_text(table->texts, table->columns[column].type);
	return strcmp(type, "cpu") ? type : "cpu-clock";
}

/* The outermost frame; PROFILE_ROOT: there is none. */
static uint32_t outermost(const struct sample_table *table, uint32_t stack)
{
	uint32_t up;

	while (stack != PROFILE_ROOT &&
	       (up = profile_node(table->stacks, stack).parent) != PROFILE_ROOT)
		stack = up;
	return stack;
}

static void put_thread(const struct writer *writer,
		       const struct table_labels *labels, uint32_t comm)
{
	FILE *output = writer->output;

	if (!labels->known)
		fprintf(output, " %" PRIu32 "/%" PRIu32 " [000]", comm + 1,
			comm + 1);
	else if (labels->known & TRACE_PID)
		fprintf(output, " %" PRIu32 "/%" PRIu32, labels->pid,
			labels->tid);
	else
		fprintf(output, " %" PRIu32, labels->tid);
	if (labels->known & TRACE_CPU)
		fprintf(output, " [%03" PRIu32 "]", labels->cpu);
}

static void put_sample(const struct writer *writer,
		       const struct printed *printed)
{
	const struct sample_table *table = writer->table;
	const struct table_labels *labels = &printed->sample->labels;
	bool known = labels->known & TRACE_TID;
	uint32_t stack = printed->sample->stack, end = PROFILE_ROOT, comm;
	const char *text = UNKNOWN;
	size_t length = strlen(UNKNOWN);
	FILE *output = writer->output;

	if (!known)
		end = outermost(table, stack);
	if (!known && end == PROFILE_ROOT)
		return;
	comm = known ? labels->thread :
		       table->locations[profile_node(table->stacks, end).name]
			       .name;
	if (comm != TRACES_NONE)
		text = text_of(writer, comm, &length);
	put_text(output, text, length);
	put_thread(writer, labels, comm);
	fprintf(output, " %" PRIu64 ".%06" PRIu64 ": %10" PRIu64 " %s: \n",
		printed->time / 1000000000, printed->time / 1000 % 1000000,
		(uint64_t)round(fmin(printed->value, 0x1p62)),
		event_of(writer, printed->column));
	for (; stack != end; stack = profile_node(table->stacks, stack).parent)
		put_frame(writer, profile_node(table->stacks, stack).name,
			  labels);
	fputc('\n', output);
}

/* Of samples whose moments are not known: each value of each. */
static void put_sums(const struct writer *writer)
{
	const struct sample_table *table = writer->table;
	struct printed printed = { .time = 0 };

	for (size_t i = 0; i < table->sample_count; i++) {
		printed.sample = &table->samples[i];
		for (uint32_t j = printed.sample->values; j != TRACES_NONE;
		     j = table->values[j].next) {
			printed.time += MILLISECOND;
			printed.value = table->values[j].value;
			printed.column = table->values[j].column;
			put_sample(writer, &printed);
		}
	}
}

void perf_text_write(const struct sample_table *table,
		     const struct perf_text_facts *facts, FILE *output)
{
	const struct writer writer = { table, facts, output };
	uint64_t time = 0;

	if (!table->moment_count)
		put_sums(&writer);
	for (size_t i = 0; i < table->moment_count; i++) {
		const struct table_moment *moment = &table->times[i];

		time += MILLISECOND;
		put_sample(&writer,
			   &(struct printed){
				   .sample = &table->samples[moment->sample],
				   .time = facts->timed ? moment->time : time,
				   .value = moment->value,
				   .column = moment->column,
			   });
	}
}
