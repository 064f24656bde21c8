// SPDX-License-Identifier: GPL-2.0
/* See lab_page.h. */
#include "lab_page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <sys/utsname.h>

#include "../base/xml.h"
#include "lab_plot.h"
#include "lab_run_table.h"
#include "lab_trial_text.h"

/* Colours that all eyes can tell apart, after Okabe and Ito. */
static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n"
	"<title>dither lab run</title>\n<style>\n"
	":root{color-scheme:light dark;--ink:#222;--faint:#ddd;--paper:#fff;"
	"--c0:#d55e00;--c1:#0072b2;--c2:#007a5a;--c3:#8a4f7d;--c4:#b07000;--c5:#555}\n"
	"@media(prefers-color-scheme:dark){:root{--ink:#ddd;--faint:#3a3a3a;--paper:#181818;"
	"--c0:#ff9050;--c1:#60b8f0;--c2:#40c8a0;--c3:#d89ac8;--c4:#e0b030;--c5:#aaa}}\n"
	"body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);"
	"max-width:920px;margin:2em auto;padding:0 1em}\n"
	"h2{margin:2em 0 .3em}h3{margin:1.4em 0 .2em}p{margin:.3em 0}\n"
	".w{overflow-x:auto}svg{width:100%;min-width:660px;height:auto;display:block}\n"
	"svg text{font-size:12px;fill:var(--ink)}\n"
	".g{stroke:var(--faint)}.t{stroke:var(--ink);stroke-width:1.6}\n"
	".i{stroke:var(--c);stroke-width:1.4;opacity:.55}circle{fill:var(--c)}\n"
	".o{fill:none;stroke:var(--c)}polyline{fill:none;stroke:var(--c);stroke-width:1.2}\n"
	"g[class^=s]>text{fill:var(--c)}\n"
	".s0{--c:var(--c0)}.s1{--c:var(--c1)}.s2{--c:var(--c2)}.s3{--c:var(--c3)}"
	".s4{--c:var(--c4)}.s5{--c:var(--c5)}\n"
	"table{border-collapse:collapse;font-variant-numeric:tabular-nums}\n"
	"td,th{padding:.1em .7em;text-align:right;white-space:nowrap}\n"
	"td:first-child,th:first-child{text-align:left}\n"
	"th{font-weight:600;border-bottom:1px solid var(--faint)}\n"
	"td:first-child,.k{color:var(--c)}.k{margin-right:1.5em;font-weight:600}\n"
	"</style></head><body>\n<h1>dither lab run</h1>\n";

static void put_text(FILE *output, const char *text)
{
	xml_text(output, text, strlen(text));
}

static void what_ran(const struct lab_cases *cases, FILE *output)
{
	struct utsname machine;

	fputs("<p>Programs that log their own truth, sampled in turn on CPU ",
	      output);
	fprintf(output, "%d", cases->cpu);
	if (!uname(&machine)) {
		fputs(" of a machine with ", output);
		put_text(output, machine.sysname);
		fputc(' ', output);
		put_text(output, machine.release);
		fputs(" on ", output);
		put_text(output, machine.machine);
	}
	fprintf(output,
		"; seed %" PRIu64 ", %u runs of each case. A dot is what a run "
		"reported of the first function, its line the 95%% interval, "
		"the tick the program's own log.</p>\n",
		cases->seed, cases->repeat);
}

static void verdict(const struct lab_cases *cases, FILE *output)
{
	struct lab_promise expected = lab_run_coverage(cases);

	fprintf(output, "<ul>\n");
	if (expected.runs)
		fprintf(output,
			"<li>stratified and poisson: the truth is in the 95%% interval of %u of %u runs</li>\n",
			expected.covered, expected.runs);
	fprintf(output,
		"<li>the instants of %" PRIu64 " of %" PRIu64
		" recordings are those of their seed</li>\n",
		cases->replayed, cases->recordings);
	if (cases->failed)
		fprintf(output, "<li>%u runs failed</li>\n", cases->failed);
	for (size_t i = 0; i < cases->left_out_count; i++) {
		fputs("<li>left out: ", output);
		put_text(output, cases->left_out[i].subject->experiment);
		fputs(", ", output);
		put_text(output, cases->left_out[i].subject->name);
		fputs(": ", output);
		put_text(output, cases->left_out[i].reason);
		fputs("</li>\n", output);
	}
	fputs("</ul>\n", output);
}

static void table_row(const struct lab_cases *cases, size_t at, FILE *output)
{
	const struct trial *trial = &cases->items[at].trial;
	char name[LAB_SAMPLER_TEXT];

	fprintf(output,
		"<tr class=\"s%u\"><td>%s</td><td>%g</td><td>%.2f</td><td>%.2f</td>"
		"<td>%.2f&#8211;%.2f</td><td>%.2f</td><td>%.0f of %u</td><td>%.2f</td>"
		"<td>%.3g</td><td>%.3f</td></tr>\n",
		lab_plot_colour(cases, at),
		lab_sampler_text(name, &trial->sampler), trial->rate,
		100 * trial->truth, 100 * trial->reported, 100 * trial->least,
		100 * trial->most, 100 * trial->worst,
		trial->covered * trial->runs, trial->runs,
		trial->floor > 0 ? trial->distance / trial->floor : 0,
		trial->variance, trial->uniform);
}

static void remarks(const struct trial *trial, FILE *output)
{
	char name[LAB_SAMPLER_TEXT];

	if (trial->slip > 0)
		fprintf(output,
			"<p>%s: samples came late, intervals are wider by %.2f points</p>\n",
			lab_sampler_text(name, &trial->sampler),
			100 * trial->slip);
	if (trial->lost)
		fprintf(output, "<p>%s lost %.1f%% of the samples</p>\n",
			lab_sampler_text(name, &trial->sampler),
			100. * (double)trial->lost /
				(double)(trial->lost + trial->samples));
	if (trial->pairs)
		fprintf(output,
			"<p>%s: of %u pairs of runs, which differ by chance, %.0f%% called changed</p>\n",
			lab_sampler_text(name, &trial->sampler), trial->pairs,
			100 * trial->alarms);
}

static void experiment(const struct lab_cases *cases, size_t first,
		       size_t count, FILE *output)
{
	const struct subject *subject = cases->items[first].trial.subject;

	fputs("<h3>", output);
	put_text(output, subject->experiment);
	fputs(": ", output);
	put_text(output, subject->name);
	fputs("</h3>\n", output);
	if (subject->note) {
		fputs("<p>", output);
		put_text(output, subject->note);
		fputs("</p>\n", output);
	}
	lab_plot_runs(cases, first, count, output);
	fputs("<div class=\"w\"><table><tr><th>by</th><th>Hz</th><th>truth %</th><th>reported %</th>"
	      "<th>least&#8211;most</th><th>off</th><th>covered</th><th>tvd/floor</th>"
	      "<th>V</th><th>uniform</th></tr>\n",
	      output);
	for (size_t i = first; i < first + count; i++)
		if (cases->items[i].trial.runs)
			table_row(cases, i, output);
	fputs("</table></div>\n", output);
	for (size_t i = first; i < first + count; i++)
		remarks(&cases->items[i].trial, output);
}

/* Cases of one experiment and rate. */
static size_t together(const struct lab_cases *cases, size_t first)
{
	size_t count = 1;

	while (first + count < cases->count &&
	       cases->items[first + count].experiment ==
		       cases->items[first].experiment &&
	       cases->items[first + count].trial.rate ==
		       cases->items[first].trial.rate)
		count++;
	return count;
}

/* Whose colour is whose. */
static void key(const struct lab_cases *cases, bool with_perf, FILE *output)
{
	char name[LAB_SAMPLER_TEXT];

	fputs("<p>", output);
	for (unsigned int colour = 0; colour < LAB_COLOURS; colour++)
		for (size_t i = 0; i < cases->count; i++) {
			const struct sampler *sampler =
				&cases->items[i].trial.sampler;

			if (lab_plot_colour(cases, i) != colour ||
			    (sampler->perf && !with_perf))
				continue;
			fprintf(output,
				"<span class=\"k s%u\">&#9632;&#160;%s</span> ",
				colour, lab_sampler_text(name, sampler));
			break;
		}
	fputs("</p>\n", output);
}

void lab_page(const struct lab_cases *cases, FILE *output)
{
	size_t count;

	fputs(head, output);
	what_ran(cases, output);
	verdict(cases, output);
	fputs("<h2>Experiments</h2>\n<p>off: the largest error of a run, in points; "
	      "tvd/floor: total variation distance by that of independent samples; "
	      "V: variance by theirs; uniform: how probable it is that the runs' "
	      "chi-squares are by chance.</p>\n",
	      output);
	for (size_t i = 0; i < cases->count; i += count) {
		count = together(cases, i);
		experiment(cases, i, count, output);
	}
	fputs("<h2>Variance by frequency</h2>\n<p>V over the program's frequency by "
	      "the sampler's: measured (dots, with 95% bars), simulated (rings), and "
	      "the formula for bursts of .1 of a period and 200 samples (curves); "
	      "fixed has peaks where some periods are whole intervals, as at 1/3, 1/2, "
	      "1 and 3/2, and is near 0 between them.</p>\n",
	      output);
	if (lab_plot_variance(cases, output))
		key(cases, true, output);
	else
		fputs("<p>No such runs.</p>\n", output);
	fputs("<h2>Lateness</h2>\n<p>How long after the instant drawn a sample was "
	      "taken; perf does not tell.</p>\n",
	      output);
	lab_plot_lateness(cases, output);
	key(cases, false, output);
	fputs("</body></html>\n", output);
}
