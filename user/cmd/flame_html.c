// SPDX-License-Identifier: GPL-2.0
/* See flame_html.h. */
#include "flame_html.h"

#include <stdlib.h>

#include "../load/confidence.h"
#include "../stats/noise.h"

/* The frames that are no more than noise become one; samples move with them. */
static struct profile *take_noise(struct input *input,
				  const struct shares *shares)
{
	uint32_t *map;
	struct profile *sure =
		profile_without_noise(input->profile, shares, &map);

	for (size_t i = 0; i < input->times.count; i++)
		input->times.items[i].node = map[input->times.items[i].node];
	free(map);
	return sure;
}

static void add_set(const struct flame_options *options, struct input *input,
		    const char *unit, const struct html_options *html,
		    const struct difference *difference, FILE *output,
		    bool first)
{
	const struct load *load = &input->load;
	struct profile *sure = NULL;
	struct shares shares;
	char *lost = NULL;
	struct html_set set = {
		.name = "count",
		.unit = unit,
		.profile = input->profile,
		.difference = difference,
	};

	if (input->has_times)
		sample_times_sort(&input->times);
	if (input->kind == INPUT_RECORDING) {
		set.name = load->weigh.by == WEIGH_TIME ? "time" : set.unit;
		shares = confidence_shares(load, &options->confidence);
		set.shares = &shares;
		set.unsure = confidence_none(load);
		lost = lost_text(&load->lost);
		set.lost = lost;
	}
	if (options->merge_noise)
		set.profile = sure = take_noise(input, &shares);
	/* The other one has no part of the time that is selected. */
	if (input->has_times && !difference)
		set.times = &input->times;
	html_add(output, html, &set, first);
	profile_free(sure);
	free(lost);
}

/* The recording once more, by another event; one without samples is left out. */
static int add_event(const struct flame_options *options, const char *event,
		     const struct html_options *html, FILE *output,
		     struct error *error)
{
	struct input_options own = options->input;
	struct input input;
	int result;

	own.load.event = event;
	result = input_open(&own, &input, error);
	if (result)
		return result;
	if (profile_total(input.profile) > 0)
		add_set(options, &input, load_unit(&input.load), html, NULL,
			output, false);
	input_close(&input);
	return 0;
}

int flame_html(const struct flame_options *options, struct input *input,
	       const char *unit, const struct html_options *html,
	       const struct difference *difference, FILE *output,
	       struct error *error)
{
	const struct recorded_events *events = &input->load.events;
	const struct sample_weight *weigh = &input->load.weigh;
	int result = 0;

	html_begin(output, html);
	add_set(options, input, unit, html, difference, output, true);
	if (input->kind == INPUT_RECORDING && !options->input.load.event &&
	    !difference)
		for (unsigned int i = 0; i < events->count && !result; i++)
			if (weigh->by != WEIGH_EVENT || weigh->event != (int)i)
				result = add_event(options,
						   events->event[i].name, html,
						   output, error);
	html_end(output);
	return result;
}
