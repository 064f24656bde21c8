// SPDX-License-Identifier: GPL-2.0
/* See export_pprof.h. */
#include "export_pprof.h"

#include "../export/pprof.h"
#include "../load/clock_duration.h"

static void facts_of_recording(const struct load *load,
			       struct sample_table *table,
			       struct pprof_facts *facts)
{
	int leader = events_leader(&load->events);
	bool seen;

	facts->shown = load->sample_column;
	facts->time_ns = recording_number(load->recording, "start_realtime_ns");
	facts->duration_ns = ran_ns(load, &seen);
	if (load->events.time) {
		facts->period = recording_number(load->recording, "period_ns");
		facts->period_of =
			sample_table_column(table, "cpu", "nanoseconds");
	} else if (leader >= 0 && !load->events.event[leader].target_ns) {
		facts->period = load->events.event[leader].period;
		facts->period_of = sample_table_column(
			table, load->events.event[leader].name, "count");
	}
}

static void facts_of_script(const struct perf_script_summary *script,
			    bool samples, struct pprof_facts *facts)
{
	const struct perf_script_event *event = script->events;
	const struct perf_script_event *end = event + script->event_count;

	if (script->samples && script->all_times)
		facts->duration_ns = script->last_time - script->first_time;
	while (event < end && event->column == TRACES_NONE)
		event++;
	if (event == end)
		return;
	facts->shown = event->column;
	if (samples)
		return;
	facts->period_of = event->column;
	facts->period = event->period;
}

void export_pprof(const struct input *input,
		  const struct input_options *options, FILE *output)
{
	struct sample_table *table = options->load.table;
	struct pprof_facts facts = { 0 };

	switch (input->kind) {
	case INPUT_RECORDING:
		facts_of_recording(&input->load, table, &facts);
		break;
	case INPUT_PERF_SCRIPT:
		facts_of_script(&input->script, options->samples, &facts);
		break;
	case INPUT_FOLDED:
		sample_table_add_profile(table, input->profile,
					 sample_table_column(table, "samples",
							     "count"));
		break;
	}
	pprof_write(table, &facts, output);
}
