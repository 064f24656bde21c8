// SPDX-License-Identifier: GPL-2.0
/*
 * What was counted is told three times: as an account, which must balance; by
 * function, and by stack, as ratios that tell a busy core from a stalled one.
 */
#include "report_events.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/bytes.h"
#include "../stats/interval.h"
#include "../load/event_ratios.h"
#include "../load/confidence.h"
#include "report_unsampled.h"
#include "../base/terminal_text.h"

#define STACKS_SHOWN 10
#define STACK_WIDTH 96
#define LATE_SHARE .9 /* of the events; less than that is worth a word */

void report_clocks(const struct load *load, FILE *output)
{
	for (unsigned int i = 0; i < load->events.count; i++) {
		const struct recorded_event *event = &load->events.event[i];

		fprintf(output, "  %-10s", i ? "" : "events");
		terminal_text(output, event->name, strlen(event->name), 0);
		if (event->period && event->target_ns)
			fprintf(output, ", samples at %.1f Hz",
				1e9 / (double)event->target_ns);
		else if (event->period)
			fprintf(output,
				", a sample each %" PRIu64 " on average",
				event->period);
		fputc('\n', output);
	}
	if (!load->events.time)
		fprintf(output, "  %-10snone by time; what follows is by %s\n",
			"clock",
			sample_weight_unit(&load->weigh, &load->events));
}

static void add(struct dither_ledger_event *sum,
		const struct dither_ledger_event *event)
{
	sum->counted += event->counted;
	sum->attributed += event->attributed;
	sum->filtered += event->filtered;
	sum->lost += event->lost;
	sum->asleep += event->asleep;
	sum->unsampled += event->unsampled;
	sum->unknown += event->unknown;
	sum->unknown_windows += event->unknown_windows;
	sum->overflows += event->overflows;
	sum->throttled += event->throttled;
}

static bool sum_up(const struct load *load, unsigned int number,
		   struct dither_ledger_event *sum)
{
	bool any = false;

	*sum = (struct dither_ledger_event){ 0 };
	for (unsigned int cpu = 0; cpu < recording_cpus(load->recording);
	     cpu++) {
		const struct dither_ledger *ledger =
			recording_ledger(load->recording, cpu);

		if (!ledger || number >= ledger->nr_events)
			continue;
		add(sum, &ledger->event[number]);
		any = true;
	}
	return any;
}

static void account_line(const char *name,
			 const struct dither_ledger_event *event, FILE *output)
{
	uint64_t terms = event->attributed + event->filtered + event->lost +
			 event->asleep + event->unsampled + event->unknown;
	int64_t difference = (int64_t)(event->counted - terms);

	fprintf(output, "  ");
	terminal_column(output, name, strlen(name), 18);
	fprintf(output,
		" %14" PRIu64 " %14" PRIu64 " %11" PRIu64 " %9" PRIu64
		" %12" PRIu64 " %11" PRIu64 " %9" PRIu64,
		(uint64_t)event->counted, (uint64_t)event->attributed,
		(uint64_t)event->filtered, (uint64_t)event->lost,
		(uint64_t)event->asleep, (uint64_t)event->unsampled,
		(uint64_t)event->unknown);
	if (difference)
		fprintf(output, "  NOT BALANCED by %" PRId64 "\n", difference);
	else
		fprintf(output, "  balanced\n");
}

/* @stood_for: by its samples. */
static void remarks(const char *name, const struct dither_ledger_event *event,
		    double stood_for, FILE *output)
{
	double all = event->counted ? (double)event->counted : 1;

	if (event->overflows)
		fprintf(output,
			"  %s: %" PRIu64
			" overflows; the samples stand for %.1f%% of what was counted%s\n",
			name, (uint64_t)event->overflows, 100 * stood_for / all,
			stood_for < LATE_SHARE * all ?
				": INTERRUPTS CAME LATE, or samples were lost" :
				"");
	if (event->throttled)
		fprintf(output,
			"  %s: THROTTLED by the kernel %" PRIu64
			" times, each until its next tick: samples and counts are missing (a longer period, or kernel.perf_event_max_sample_rate)\n",
			name, (uint64_t)event->throttled);
	if (event->unknown_windows)
		fprintf(output,
			"  %s: its counter did not run all the time: %" PRIu64
			" values are not known\n",
			name, (uint64_t)event->unknown_windows);
}

void report_events(const struct load *load, FILE *output)
{
	struct dither_ledger_event sum;

	if (!load->events.count)
		return;
	fprintf(output, "\nEvents: counted = attributed + filtered + lost + "
			"asleep + unsampled + unknown\n");
	fprintf(output, "  %-18s %14s %14s %11s %9s %12s %11s %9s\n", "event",
		"counted", "attributed", "filtered", "lost", "asleep",
		"unsampled", "unknown");
	for (unsigned int i = 0; i < load->events.count; i++)
		if (sum_up(load, i, &sum))
			account_line(load->events.event[i].name, &sum, output);
	for (unsigned int i = 0; i < load->events.count; i++)
		if (sum_up(load, i, &sum))
			remarks(load->events.event[i].name, &sum,
				load->stood_for[i], output);
	if (load->unknown)
		fprintf(output,
			"  %" PRIu64
			" samples have counts that are not known, and no part in ratios\n",
			load->unknown);
	if (load->strange)
		fprintf(output,
			"  %" PRIu64
			" samples are of events that the file does not name\n",
			load->strange);
}

/* A function or a stack, and its sums for each ratio. */
struct row {
	const char *text;
	size_t length;
	uint32_t node;
	double weight;
	struct ratio_sums sums[EVENT_RATIOS_MAX];
};

static int by_weight(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	if (a->weight != b->weight)
		return a->weight < b->weight ? 1 : -1;
	if (a->text && b->text)
		return bytes_compare(a->text, a->length, b->text, b->length);
	return a->node < b->node ? -1 : a->node > b->node;
}

static void add_node(const struct load *load, const struct event_ratio *ratios,
		     unsigned int count, uint32_t node, struct row *row)
{
	row->weight += profile_node(load->profile, node).self;
	for (unsigned int i = 0; i < count; i++)
		event_sums_sum(load->event_sums, node, false, ratios[i].a,
			       ratios[i].b, &row->sums[i]);
}

static bool ends_here(const struct load *load, uint32_t node)
{
	return profile_node(load->profile, node).self > 0;
}

static struct row *by_function(const struct load *load,
			       const struct event_ratio *ratios,
			       unsigned int count, size_t *rows)
{
	uint32_t names = profile_names(load->profile);
	struct row *all = alloc_zeroed((size_t)names + 1, sizeof(*all));
	uint32_t nodes = profile_nodes(load->profile);

	for (uint32_t node = PROFILE_ROOT + 1; node < nodes; node++) {
		uint32_t name = profile_node(load->profile, node).name;

		if (!ends_here(load, node))
			continue;
		all[name].text = profile_text(load->profile, name);
		all[name].length = profile_text_length(load->profile, name);
		add_node(load, ratios, count, node, &all[name]);
	}
	*rows = 0;
	for (uint32_t name = 0; name < names; name++)
		if (all[name].text)
			all[(*rows)++] = all[name];
	return all;
}

static struct row *by_stack(const struct load *load,
			    const struct event_ratio *ratios,
			    unsigned int count, size_t *rows)
{
	uint32_t nodes = profile_nodes(load->profile);
	struct row *all = alloc_zeroed((size_t)nodes + 1, sizeof(*all));

	*rows = 0;
	for (uint32_t node = PROFILE_ROOT + 1; node < nodes; node++) {
		if (!ends_here(load, node))
			continue;
		all[*rows].node = node;
		add_node(load, ratios, count, node, &all[(*rows)++]);
	}
	return all;
}

static void put_ratio(const struct load *load, const struct ratio_sums *sums,
		      double scale, FILE *output)
{
	struct interval interval;
	double ratio = event_sums_ratio(sums, &interval) * scale;
	char text[48];

	if (isnan(ratio)) {
		fprintf(output, " %8s %-17s", "-", "");
		return;
	}
	if (confidence_none(load))
		snprintf(text, sizeof(text), "[no interval]");
	else if (isinf(interval.high))
		snprintf(text, sizeof(text), "[?]");
	else
		snprintf(text, sizeof(text), "[%.3f-%.3f]",
			 interval.low * scale, interval.high * scale);
	fprintf(output, " %8.3f %-17s", ratio, text);
}

static bool is_lost(const struct load *load, const struct row *row)
{
	uint32_t name = profile_node(load->profile, row->node).name;

	if (row->text)
		return report_is_lost(row->text);
	return name != PROFILE_NONE &&
	       report_is_lost(profile_text(load->profile, name));
}

static void put_row(const struct load *load, const struct row *row,
		    const struct event_ratio *ratios, unsigned int count,
		    FILE *output)
{
	struct shares shares = confidence_shares(load, &confidence_usual);
	double total = profile_total(load->profile);
	double share = total > 0 ? row->weight / total : 0;

	if (is_lost(load, row))
		fprintf(output, "%6.2f %-14s", 100 * share, "");
	else
		report_share(&shares, share, row->weight, output);
	for (unsigned int i = 0; i < count; i++)
		put_ratio(load, &row->sums[i], ratios[i].scale, output);
}

/* "inner < caller < …": names without their modules, as far as there is room. */
static void put_stack(const struct load *load, uint32_t node, FILE *output)
{
	size_t used = 0;

	while (node != PROFILE_ROOT && used < STACK_WIDTH) {
		struct profile_node at = profile_node(load->profile, node);
		const char *text = profile_text(load->profile, at.name);
		const char *tab = strchr(text, '\t');
		size_t length = tab ? (size_t)(tab - text) : strlen(text);

		if (used) {
			fputs(" < ", output);
			used += 3;
		}
		used += terminal_text(output, text, length, 32);
		node = at.parent;
	}
	if (node != PROFILE_ROOT)
		fputs(" ..", output);
}

static void put_name(const struct row *row, FILE *output)
{
	const char *tab = memchr(row->text, '\t', row->length);

	terminal_text(output, row->text,
		      tab ? (size_t)(tab - row->text) : row->length, 48);
}

static void put_titles(const struct event_ratio *ratios, unsigned int count,
		       const char *what, FILE *output)
{
	fprintf(output, "%6s %-14s", "self%", "[95% sure]");
	for (unsigned int i = 0; i < count; i++) {
		fprintf(output, " ");
		terminal_column(output, ratios[i].name, strlen(ratios[i].name),
				26);
	}
	fprintf(output, " %s\n", what);
}

static void put_total(const struct load *load, const struct event_ratio *ratios,
		      unsigned int count, FILE *output)
{
	struct row all = { .weight = profile_total(load->profile) };

	for (unsigned int i = 0; i < count; i++)
		event_sums_sum(load->event_sums, PROFILE_ROOT, true,
			       ratios[i].a, ratios[i].b, &all.sums[i]);
	put_row(load, &all, ratios, count, output);
	fprintf(output, " all\n");
}

void report_ratios(const struct load *load, unsigned long limit, FILE *output)
{
	struct event_ratio ratios[EVENT_RATIOS_MAX];
	unsigned int count = event_ratios(&load->events, ratios);
	struct row *rows;
	size_t all;

	if (!load->event_sums || !count || load->weigh.by == WEIGH_ALL)
		return;
	rows = by_function(load, ratios, count, &all);
	qsort(rows, all, sizeof(*rows), by_weight);
	fprintf(output, "\nRatios of events by function, of what was counted "
			"since the instant before each sample\n");
	put_titles(ratios, count, "function", output);
	put_total(load, ratios, count, output);
	for (size_t i = 0; i < all && (!limit || i < limit); i++) {
		put_row(load, &rows[i], ratios, count, output);
		fputc(' ', output);
		put_name(&rows[i], output);
		fputc('\n', output);
	}
	free(rows);
	rows = by_stack(load, ratios, count, &all);
	qsort(rows, all, sizeof(*rows), by_weight);
	fprintf(output, "\nRatios of events by stack\n");
	put_titles(ratios, count, "stack, innermost first", output);
	for (size_t i = 0; i < all && i < STACKS_SHOWN; i++) {
		put_row(load, &rows[i], ratios, count, output);
		fputc(' ', output);
		put_stack(load, rows[i].node, output);
		fputc('\n', output);
	}
	free(rows);
}
