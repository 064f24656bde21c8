// SPDX-License-Identifier: GPL-2.0
/* See compared_inputs.h. */
#include "compared_inputs.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/decimal.h"
#include "../base/terminal_text.h"
#include "../stats/interval.h"
#include "row_marks.h"

/* Folded counts are taken as samples: nothing else is known of them. */
static double samples_of(const struct input *input)
{
	double total = profile_total(input->profile);

	if (input->kind == INPUT_FOLDED)
		return total;
	return interval_effective(total, profile_squares(input->profile));
}

static int open_one(const struct input_options *options, const char *path,
		    struct input *input, struct error *error)
{
	struct input_options own = *options;
	int result;

	own.load.path = path;
	own.times = true;
	result = input_open(&own, input, error);
	if (result)
		return result;
	if (profile_total(input->profile) > 0)
		return 0;
	input_close(input);
	return error_set(error, -ENODATA, "%s: no samples to compare", path);
}

static struct compare_side side_of(const struct input *input, double samples)
{
	return (struct compare_side){
		.profile = input->profile,
		.times = input->has_times ? &input->times : NULL,
		.samples = samples,
	};
}

static void close_side(struct pair_side *side)
{
	for (size_t i = 0; i < side->count; i++)
		input_close(&side->inputs[i]);
	free(side->inputs);
}

static int open_side(const struct input_options *options,
		     const struct pair_paths *paths, struct pair_side *side,
		     struct error *error)
{
	int result;

	*side = (struct pair_side){
		.inputs = alloc_zeroed(paths->count, sizeof(*side->inputs)),
	};
	for (size_t i = 0; i < paths->count; i++) {
		result = open_one(options, paths->paths[i], &side->inputs[i],
				  error);
		if (result) {
			close_side(side);
			return result;
		}
		side->count++;
		side->samples += samples_of(&side->inputs[i]);
	}
	return 0;
}

/* The caller's to free(). */
static struct compare_side *given_of(const struct pair_side *side)
{
	struct compare_side *given = alloc_zeroed(side->count, sizeof(*given));

	for (size_t i = 0; i < side->count; i++)
		given[i] =
			side_of(&side->inputs[i], samples_of(&side->inputs[i]));
	return given;
}

int pair_open(const struct input_options *options,
	      const struct pair_paths *base, const struct pair_paths *now,
	      double fdr, struct pair *pair, struct error *error)
{
	struct compare_side *given[2];
	int result = open_side(options, base, &pair->base, error);

	if (result)
		return result;
	result = open_side(options, now, &pair->now, error);
	if (result) {
		close_side(&pair->base);
		return result;
	}
	given[0] = given_of(&pair->base);
	given[1] = given_of(&pair->now);
	pair->comparison = compare_many(given[0], pair->base.count, given[1],
					pair->now.count, fdr);
	free(given[0]);
	free(given[1]);
	/* Of several, it is how they differ that counts. */
	if (!comparison_timed(pair->comparison) && pair->base.count == 1)
		error_print("no times in the input: samples are taken as "
			    "independent, which finds too many changes");
	return 0;
}

void pair_close(struct pair *pair)
{
	comparison_free(pair->comparison);
	close_side(&pair->base);
	close_side(&pair->now);
}

/* Signs are written apart: decimal.h knows none, and no locale either. */
static const char *points(char buffer[DECIMAL_MAX + 1], double difference)
{
	buffer[0] = difference < 0 ? '-' : '+';
	decimal_fixed(buffer + 1, fabs(difference) * 100, 2);
	return buffer;
}

static void put_measure(const struct measure *measure, FILE *output)
{
	char base[DECIMAL_MAX], now[DECIMAL_MAX], change[DECIMAL_MAX + 1];

	fprintf(output, "%6s %6s %7s%c ",
		decimal_fixed(base, measure->base * 100, 2),
		decimal_fixed(now, measure->now * 100, 2),
		points(change, measure->now - measure->base),
		measure->changed ? '*' : ' ');
}

static const char *fate(const struct change *change)
{
	if (!(change->total.now > 0))
		return "gone";
	return change->total.base > 0 ? "" : "new";
}

static void put_change(const struct change *change, struct marks *marks,
		       FILE *output)
{
	double by = change->total.now_weight - change->total.base_weight;
	char weight[DECIMAL_MAX], q[DECIMAL_MAX];

	put_measure(&change->self, output);
	put_measure(&change->total, output);
	decimal_grouped(weight, fabs(by), 2);
	fprintf(output, "%c%-13s %5s %-4s%c", by < 0 ? '-' : '+', weight,
		decimal_fixed(q, fmin(change->self.q, change->total.q), 3),
		fate(change),
		marks_use(marks, mark_of_name(change->text, change->length)));
	terminal_text(output, change->text, change->length, 0);
	fputc('\n', output);
}

static bool differs(const struct change *change, const void *context)
{
	(void)context;
	return change->self.base_weight != change->self.now_weight ||
	       change->total.base_weight != change->total.now_weight;
}

size_t pair_table(const struct pair *pair, size_t limit,
		  bool (*wanted)(const struct change *change,
				 const void *context),
		  const void *context, FILE *output)
{
	struct marks marks = { false, false };
	size_t count, shown = 0;
	const struct change *changes =
		comparison_changes(pair->comparison, &count);

	if (!wanted)
		wanted = differs;
	for (size_t i = 0; i < count; i++) {
		if (!wanted(&changes[i], context) || (limit && shown == limit))
			continue;
		if (!shown++)
			fprintf(output,
				"%6s %6s %7s  %6s %6s %7s  %-14s %5s %-4s %s\n",
				"self%", "now", "change", "total%", "now",
				"change", "weight", "q", "", "function");
		put_change(&changes[i], &marks, output);
	}
	marks_explain(&marks, output);
	return shown;
}

bool pair_share(const char *text, double *value)
{
	if (!decimal_read(text, value, &text))
		return false;
	if (!strcmp(text, "%") || !strcmp(text, "pp"))
		*value /= 100;
	else if (*text)
		return false;
	return *value > 0 && *value < 1;
}
