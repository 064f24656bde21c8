// SPDX-License-Identifier: GPL-2.0
/*
 * The scale spans what most of the time was spent at: from where 5% of the
 * weight lies below to where 5% lies above, so that one odd stack does not
 * make all others alike.
 */
#include "flame_overlay.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "../base/alloc.h"

#define CUT .05

static double value_of(const void *context, uint32_t node,
		       struct interval *interval)
{
	const struct flame_overlay *made = context;
	struct ratio_sums sums = { 0 };
	double ratio;

	event_sums_sum(made->event_sums, node, true, made->ratio.a,
		       made->ratio.b, &sums);
	ratio = event_sums_ratio(&sums, interval);
	interval->low *= made->ratio.scale;
	interval->high *= made->ratio.scale;
	return ratio * made->ratio.scale;
}

struct point {
	double value, weight;
};

static int by_value(const void *left, const void *right)
{
	const struct point *a = left, *b = right;

	return (a->value > b->value) - (a->value < b->value);
}

/* Ratios of the stacks' ends, in order; returns how many. */
static size_t gather(const struct flame_overlay *made,
		     const struct profile *profile, struct point *points,
		     double *all)
{
	size_t count = 0;

	*all = 0;
	for (uint32_t node = PROFILE_ROOT + 1; node < profile_nodes(profile);
	     node++) {
		double weight = profile_node(profile, node).self;
		struct ratio_sums sums = { 0 };
		struct interval interval;
		double value;

		if (!(weight > 0))
			continue;
		event_sums_sum(made->event_sums, node, false, made->ratio.a,
			       made->ratio.b, &sums);
		value = event_sums_ratio(&sums, &interval) * made->ratio.scale;
		if (isnan(value))
			continue;
		points[count++] = (struct point){ value, weight };
		*all += weight;
	}
	if (count)
		qsort(points, count, sizeof(*points), by_value);
	return count;
}

static double quantile(const struct point *points, size_t count, double place)
{
	double passed = 0;

	for (size_t i = 0; i < count; i++) {
		passed += points[i].weight;
		if (passed >= place)
			return points[i].value;
	}
	return points[count - 1].value;
}

int flame_overlay_make(struct flame_overlay *made, const struct load *load,
		       const char *wanted, struct error *error)
{
	uint32_t nodes = profile_nodes(load->profile);
	struct overlay *overlay = &made->overlay;
	struct point *points;
	double all;
	size_t count;
	int result;

	result = event_ratio_choose(&load->events, wanted, &made->ratio, error);
	if (result)
		return result;
	made->event_sums = load->event_sums;
	points = alloc_zeroed((size_t)nodes + 1, sizeof(*points));
	count = gather(made, load->profile, points, &all);
	if (!count) {
		free(points);
		return error_set(error, -EINVAL,
				 "no sample that is drawn has these counts");
	}
	*overlay = (struct overlay){
		.name = made->ratio.name,
		.value = value_of,
		.context = made,
		.low = quantile(points, count, CUT * all),
		.high = quantile(points, count, (1 - CUT) * all),
		.more_is_better = made->ratio.more_is_better,
	};
	free(points);
	/* Where all are alike, a little to each side. */
	if (!(overlay->high > overlay->low)) {
		overlay->low *= .9;
		overlay->high = overlay->high > 0 ? overlay->high * 1.1 : 1;
	}
	return 0;
}
