// SPDX-License-Identifier: GPL-2.0
/* See flame_html.h. */
#include "flame_html.h"

static struct html_set set_of(struct input *input)
{
	const struct load *load = &input->load;
	struct html_set set = {
		.name = "count",
		.unit = "samples",
		.profile = input->profile,
	};

	if (input->has_times) {
		moments_sort(&input->times);
		set.moments = &input->times;
	}
	if (input->kind != INPUT_RECORDING)
		return set;
	set.unit = weigh_unit(&load->weigh, &load->events);
	set.name = load->weigh.by == WEIGH_TIME ? "time" : set.unit;
	return set;
}

/* The recording once more, by another event; one without samples is left out. */
static int add_event(const struct input_options *options, const char *event,
		     const struct html_options *html, FILE *output,
		     struct error *error)
{
	struct input_options own = *options;
	struct input input;
	struct html_set set;
	int result;

	own.load.event = event;
	result = input_open(&own, &input, error);
	if (result)
		return result;
	if (profile_total(input.profile) > 0) {
		set = set_of(&input);
		html_add(output, html, &set, false);
	}
	input_close(&input);
	return 0;
}

int flame_html(const struct input_options *options, struct input *input,
	       const char *unit, const struct html_options *html, FILE *output,
	       struct error *error)
{
	const struct recorded_events *events = &input->load.events;
	const struct weigh *weigh = &input->load.weigh;
	struct html_set set = set_of(input);
	int result = 0;

	set.unit = unit;
	html_begin(output, html);
	html_add(output, html, &set, true);
	if (input->kind == INPUT_RECORDING && !options->load.event)
		for (unsigned int i = 0; i < events->count && !result; i++)
			if (weigh->by != WEIGH_EVENT || weigh->event != (int)i)
				result = add_event(options,
						   events->event[i].name, html,
						   output, error);
	html_end(output);
	return result;
}
