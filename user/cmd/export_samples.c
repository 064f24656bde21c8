// SPDX-License-Identifier: GPL-2.0
#include "export_samples.h"

#include <stdlib.h>

#include "../base/alloc.h"
#include "../export/perf_text.h"
#include "../export/speedscope.h"

static bool begin(const struct input *input, struct sample_table *table)
{
	if (input->kind == INPUT_FOLDED)
		sample_table_add_profile(table, input->profile,
					 sample_table_column(table, "samples",
							     "count"));
	sample_table_sort(table);
	return input->kind == INPUT_RECORDING ||
	       (input->kind == INPUT_PERF_SCRIPT && input->script.all_times);
}

/* By column, the name of the one event that is in it. The caller's to free(). */
static const char **event_names(const struct input *input,
				const struct sample_table *table)
{
	const char **names =
		alloc_zeroed(table->column_count + 1, sizeof(*names));
	unsigned int *counts =
		alloc_zeroed(table->column_count + 1, sizeof(*counts));

	if (input->kind != INPUT_PERF_SCRIPT)
		goto out;
	for (unsigned int i = 0; i < input->script.event_count; i++) {
		const struct perf_script_event *event =
			&input->script.events[i];

		if (event->column == TRACES_NONE)
			continue;
		counts[event->column]++;
		names[event->column] = counts[event->column] == 1 &&
						       *event->name ?
					       event->name :
					       NULL;
	}
out:
	free(counts);
	return names;
}

void export_perf(const struct input *input, const struct input_options *options,
		 FILE *output)
{
	struct sample_table *table = options->load.table;
	struct perf_text_facts facts = { .timed = begin(input, table) };
	const char **names = event_names(input, table);

	facts.events = names;
	perf_text_write(table, &facts, output);
	free(names);
}

/* Columns that moments count in; without any, the first. */
static uint32_t *shown_columns(const struct sample_table *table, size_t *count)
{
	bool *has = alloc_zeroed(table->column_count + 1, sizeof(*has));
	uint32_t *columns =
		alloc_zeroed(table->column_count + 1, sizeof(*columns));

	for (size_t i = 0; i < table->moment_count; i++)
		has[table->times[i].column] = true;
	*count = 0;
	for (uint32_t i = 0; i < table->column_count; i++)
		if (has[i])
			columns[(*count)++] = i;
	if (!*count)
		*count = 1;
	free(has);
	return columns;
}

void export_speedscope(const struct input *input,
		       const struct input_options *options, FILE *output)
{
	struct sample_table *table = options->load.table;
	struct speedscope_facts facts = {
		.title = input->name,
		.timed = begin(input, table),
	};
	uint32_t *columns = shown_columns(table, &facts.column_count);

	facts.columns = columns;
	speedscope_write(table, &facts, output);
	free(columns);
}
