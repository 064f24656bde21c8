// SPDX-License-Identifier: GPL-2.0
/*
 * Sections of the report on the recording itself: whether every timer firing
 * is accounted for, how late they were, what is missing and since when.
 */
#include "report_health.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/terminal_text.h"
#include "../load/thread_names.h"
#include "report_cpus.h"

#define SHOWN_MAX 20
#define FLOODS_MAX 8
#define LATE_NS 100000U
#define BUCKETS 33 /* of a 32 bit number, by its highest bit */
#define BAR_MAX 50

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

/* Seconds since the start, as far as that is known. */
static double since_start(const struct load *load, uint64_t time)
{
	const char *start = recording_meta(load->recording, "start_ns");
	uint64_t zero = start ? strtoull(start, NULL, 10) :
				load->statistics.first_time;

	return (double)(int64_t)(time - zero) / 1e9;
}

/* Of .lost or .event_lost: those that were to be samples. */
static uint64_t lost_samples(const __u64 lost[DITHER_LOST_COUNT])
{
	return lost[DITHER_LOST_RING] + lost[DITHER_LOST_NESTED] +
	       lost[DITHER_LOST_REGS];
}

static void put_count(FILE *output, uint64_t count, int width)
{
	fprintf(output, " %*" PRIu64, width, count);
}

static void put_balance(int64_t difference, FILE *output)
{
	if (difference)
		fprintf(output, "  NOT BALANCED by %" PRId64 "\n", difference);
	else
		fprintf(output, "  balanced\n");
}

static void ledger_line(const struct dither_ledger *ledger, const char *cpu,
			FILE *output)
{
	uint64_t terms = ledger->kept + ledger->idle + ledger->overruns +
			 ledger->filtered + ledger->offline +
			 lost_samples(ledger->lost);
	int64_t difference = (int64_t)(ledger->cells - terms);

	fprintf(output, "  %4s", cpu);
	put_count(output, ledger->cells, 11);
	put_count(output, ledger->kept, 11);
	put_count(output, ledger->idle, 11);
	put_count(output, ledger->overruns, 8);
	put_count(output, ledger->filtered, 9);
	put_count(output, ledger->offline, 8);
	put_count(output, lost_samples(ledger->lost), 8);
	put_balance(difference, output);
}

/* Samples that no clock made, if there were any. */
static void event_line(const struct load *load,
		       const struct dither_ledger *ledger, FILE *output)
{
	uint64_t lost = lost_samples(ledger->event_lost);
	uint64_t terms = ledger->event_kept + ledger->event_filtered + lost;

	if (!ledger->events && !load->statistics.events)
		return;
	fprintf(output, "  by events:");
	put_count(output, ledger->events, 0);
	fprintf(output, ", kept");
	put_count(output, ledger->event_kept, 0);
	fprintf(output, ", filtered");
	put_count(output, ledger->event_filtered, 0);
	fprintf(output, ", lost");
	put_count(output, lost, 0);
	fprintf(output, ", in the file");
	put_count(output, load->statistics.events, 0);
	put_balance((int64_t)(ledger->events - terms), output);
}

static void add_ledger(struct dither_ledger *sum,
		       const struct dither_ledger *ledger)
{
	sum->cells += ledger->cells;
	sum->kept += ledger->kept;
	sum->idle += ledger->idle;
	sum->overruns += ledger->overruns;
	sum->filtered += ledger->filtered;
	sum->offline += ledger->offline;
	for (int i = 0; i < DITHER_LOST_COUNT; i++)
		sum->lost[i] += ledger->lost[i];
	sum->events += ledger->events;
	sum->event_kept += ledger->event_kept;
	sum->event_filtered += ledger->event_filtered;
	for (int i = 0; i < DITHER_LOST_COUNT; i++)
		sum->event_lost[i] += ledger->event_lost[i];
	sum->idle_ns += ledger->idle_ns;
	sum->handler_ns += ledger->handler_ns;
	sum->running_ns += ledger->running_ns;
	sum->bytes += ledger->bytes;
	sum->stacks_written += ledger->stacks_written;
	sum->stacks_shared += ledger->stacks_shared;
	sum->bad_tails += ledger->bad_tails;
}

void report_ledger(const struct load *load, FILE *output)
{
	struct dither_ledger sum = { 0 };
	unsigned int count = 0;
	char label[16];

	fprintf(output, "\nLedger: cells = kept + idle + overruns + filtered "
			"+ offline + lost\n");
	for (unsigned int cpu = 0; cpu < recording_cpus(load->recording);
	     cpu++) {
		const struct dither_ledger *ledger =
			recording_ledger(load->recording, cpu);

		if (!ledger)
			continue;
		if (!count++)
			fprintf(output,
				"  %4s %11s %11s %11s %8s %9s %8s %8s\n", "CPU",
				"cells", "kept", "idle", "overruns", "filtered",
				"offline", "lost");
		snprintf(label, sizeof(label), "%u", cpu);
		ledger_line(ledger, label, output);
		add_ledger(&sum, ledger);
	}
	if (!count) {
		fprintf(output,
			"  none in the file: what was lost is not known\n");
		return;
	}
	ledger_line(&sum, "all", output);
	if (sum.kept != load->statistics.samples) {
		fprintf(output, "  kept by the module:");
		put_count(output, sum.kept, 0);
		fprintf(output, ", in the file:");
		put_count(output, load->statistics.samples, 0);
		fputc('\n', output);
	}
	event_line(load, &sum, output);
	fprintf(output,
		"  dither's own time: %.3f%% of each CPU; asleep: %.1f%%\n",
		percent(sum.handler_ns, sum.running_ns),
		percent(sum.idle_ns, sum.running_ns));
	if (load->recorder > 0 && load->weigh.by == WEIGH_TIME)
		fprintf(output,
			"  the recorder, process %" PRIu64
			": %.3f%% of the weight\n",
			recording_number(load->recording, "recorder"),
			100 * load->recorder / profile_total(load->profile));
	fprintf(output, "  ring bytes:");
	put_count(output, sum.bytes, 0);
	fprintf(output, ", stacks written:");
	put_count(output, sum.stacks_written, 0);
	fprintf(output, ", named again:");
	put_count(output, sum.stacks_shared, 0);
	if (sum.bad_tails) {
		fprintf(output, ", reader's positions outside the ring:");
		put_count(output, sum.bad_tails, 0);
	}
	fputc('\n', output);
	report_cpus(load->recording, output);
}

/* The smallest value that at least @share of the samples do not exceed. */
static uint32_t quantile(const struct statistics *statistics, double share)
{
	uint64_t place = (uint64_t)((double)statistics->lateness_count * share);

	if (place >= statistics->lateness_count)
		place = statistics->lateness_count - 1;
	return statistics->lateness[place];
}

static void histogram(const struct statistics *statistics, FILE *output)
{
	uint64_t buckets[BUCKETS] = { 0 }, most = 0;
	int first = BUCKETS, last = 0;
	char from[SHOW_SPAN_MAX], to[SHOW_SPAN_MAX];

	for (uint64_t i = 0; i < statistics->lateness_count; i++) {
		uint32_t late = statistics->lateness[i];
		int bucket = late ? 32 - __builtin_clz(late) : 0;

		buckets[bucket]++;
		first = bucket < first ? bucket : first;
		last = bucket > last ? bucket : last;
		most = buckets[bucket] > most ? buckets[bucket] : most;
	}
	for (int i = first; i <= last; i++) {
		int length =
			most ? (int)((buckets[i] * BAR_MAX + most - 1) / most) :
			       0;

		fprintf(output, "  %10s .. %-10s %10" PRIu64 " %5.1f%%%s",
			show_span(from, i ? 1ULL << (i - 1) : 0),
			show_span(to, 1ULL << i), buckets[i],
			percent(buckets[i], statistics->lateness_count),
			length ? "  " : "");
		for (int j = 0; j < length; j++)
			fputc('#', output);
		fputc('\n', output);
	}
}

/* The schedule that ran is the schedule that was promised. */
static void report_instants(const struct load *load, FILE *output)
{
	uint64_t known = schedule_check_known(load->schedule_check);
	uint64_t met = schedule_check_met(load->schedule_check);

	fprintf(output, "  on their recorded instants: ");
	if (!known)
		fprintf(output, "cannot be told\n");
	else if (met == known)
		fprintf(output, "all %" PRIu64 " samples\n", known);
	else
		fprintf(output, "ONLY %" PRIu64 " of %" PRIu64 " samples\n",
			met, known);
}

void report_lateness(const struct load *load, FILE *output)
{
	const struct statistics *statistics = &load->statistics;
	uint64_t late = 0;
	char text[3][SHOW_SPAN_MAX];
	uint32_t most;

	if (!statistics->lateness_count)
		return;
	for (uint64_t i = 0; i < statistics->lateness_count; i++)
		late += statistics->lateness[i] > LATE_NS;
	most = statistics->lateness[statistics->lateness_count - 1];
	fprintf(output,
		"\nLateness of the timer: median %s, p99 %s, max %s%s\n",
		show_span(text[0], quantile(statistics, .5)),
		show_span(text[1], quantile(statistics, .99)),
		show_span(text[2], most), most == UINT32_MAX ? " or more" : "");
	fprintf(output,
		"  %.2f%% of the samples above 100 us; %" PRIu64
		" cells overrun\n",
		percent(late, statistics->lateness_count),
		statistics->overruns);
	report_instants(load, output);
	histogram(statistics, output);
}

static const char *const kinds[DITHER_DROPPED_KINDS] = {
	[DITHER_DROPPED_FORK] = "fork",
	[DITHER_DROPPED_COMM] = "name",
	[DITHER_DROPPED_EXIT] = "exit",
	[DITHER_DROPPED_MAP] = "mapping",
};

static void flood_line(const struct load *load, const struct flood *flood,
		       FILE *output)
{
	const char *separator = ":";

	fprintf(output, "    %10" PRIu64 "  ", flood->total);
	if (!flood->number)
		fprintf(output, "several processes, or not known");
	else
		fprintf(output, "process %u", flood->number);
	if (flood->name != THREADS_UNKNOWN) {
		const char *name = profile_text(load->profile, flood->name);

		fprintf(output, " (");
		terminal_text(output, name, strlen(name), 0);
		fprintf(output, ")");
	}
	for (int kind = 0; kind < DITHER_DROPPED_KINDS; kind++) {
		if (!flood->count[kind])
			continue;
		fprintf(output, "%s %s %" PRIu64, separator, kinds[kind],
			flood->count[kind]);
		separator = ",";
	}
	fprintf(output, "; from %.6f to %.6f s\n",
		since_start(load, flood->first),
		since_start(load, flood->last));
}

/* What is in no DROPPED record was dropped at the very end, or is not in the file. */
static void report_floods(const struct load *load, FILE *output)
{
	const struct floods *floods = &load->floods;
	uint64_t dropped = 0;
	size_t i;

	for (unsigned int cpu = 0; cpu < recording_cpus(load->recording);
	     cpu++) {
		const struct dither_ledger *ledger =
			recording_ledger(load->recording, cpu);

		dropped += ledger ? ledger->lost[DITHER_LOST_FLOOD] : 0;
	}
	if (dropped < floods->total)
		dropped = floods->total;
	if (!dropped)
		return;
	fprintf(output,
		"  process records over their budget: %" PRIu64
		", by process (last name told):\n",
		dropped);
	for (i = 0; i < floods->count && i < FLOODS_MAX; i++)
		flood_line(load, &floods->flood[i], output);
	if (i < floods->count)
		fprintf(output, "    and of %zu more\n", floods->count - i);
	if (floods->total < dropped)
		fprintf(output, "    %10" PRIu64 "  not told whose\n",
			dropped - floods->total);
}

void report_losses(const struct load *load, FILE *output)
{
	static const char *const causes[DITHER_LOST_COUNT] = {
		[DITHER_LOST_RING] = "samples, ring full",
		[DITHER_LOST_NESTED] = "samples, nested too deep",
		[DITHER_LOST_REGS] = "samples, no registers",
		[DITHER_LOST_PROCESS] = "process records, ring full",
		[DITHER_LOST_MAPPING] = "mappings, too many at once",
		[DITHER_LOST_FILTER] = "children, filter full",
	};
	bool any = false;

	fprintf(output, "\nLosses\n");
	for (unsigned int i = 0; i < DITHER_LOST_COUNT; i++) {
		const struct loss *loss = &load->statistics.lost[i];

		if (!loss->count)
			continue;
		any = true;
		fprintf(output,
			"  %-27s %10" PRIu64
			"  first at %.6f s, last at %.6f s\n",
			causes[i] ? causes[i] : "of a cause not known",
			loss->count, since_start(load, loss->first),
			since_start(load, loss->last));
	}
	if (load->statistics.missing) {
		any = true;
		fprintf(output,
			"  %-27s %10" PRIu64 "  drawn as [stack lost]\n",
			"stacks not in the file", load->statistics.missing);
	}
	if (!any && !load->floods.count)
		fprintf(output, "  none reported\n");
	report_floods(load, output);
}

void report_rates(const struct load *load, FILE *output)
{
	const struct statistics *statistics = &load->statistics;
	size_t i;

	fprintf(output, "\nRate: %zu changes by the governor",
		statistics->rate_count);
	if (statistics->resumes)
		fprintf(output, ", %" PRIu64 " resumed after a gap",
			statistics->resumes);
	fputc('\n', output);
	for (i = 0; i < statistics->rate_count && i < SHOWN_MAX; i++) {
		const struct rate_change *change = &statistics->rates[i];

		fprintf(output, "  %14.6f s  CPU %-4u %s, now %.1f Hz\n",
			since_start(load, change->time), change->cpu,
			change->reason == DITHER_RATE_SLOWER ? "slower" :
							       "faster",
			change->cell_ns ? 1e9 / (double)change->cell_ns : 0);
	}
	if (i < statistics->rate_count)
		fprintf(output, "  and %zu more\n", statistics->rate_count - i);
}

void report_problems(const struct load *load, FILE *output)
{
	size_t damage = recording_damage_count(load->recording);
	size_t complaints = resolver_complaint_count(load->resolver);
	const char *text;
	size_t i;

	if (!recording_complete(load->recording))
		fprintf(output, "\nThe recording is not whole.\n");
	if (damage)
		fprintf(output, "\nDamage in the file\n");
	for (i = 0; i < damage && i < SHOWN_MAX; i++) {
		text = recording_damage(load->recording, i);
		fputs("  ", output);
		terminal_text(output, text, strlen(text), 0);
		fputc('\n', output);
	}
	if (i < damage)
		fprintf(output, "  and %zu more\n", damage - i);
	if (complaints)
		fprintf(output, "\nFiles that could not be used\n");
	for (i = 0; i < complaints && i < SHOWN_MAX; i++) {
		text = resolver_complaint(load->resolver, i);
		fputs("  ", output);
		terminal_text(output, text, strlen(text), 0);
		fputc('\n', output);
	}
	if (i < complaints)
		fprintf(output, "  and %zu more\n", complaints - i);
}
