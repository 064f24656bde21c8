// SPDX-License-Identifier: GPL-2.0
/* dither lab replay: whether the schedule that ran is the one promised. */
#include "lab.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/output_file.h"
#include "../base/terminal_text.h"
#include "../load/complain.h"
#include "../load/input_options.h"
#include "../schedule/schedule_audit.h"

#define SHOWN_MAX 10

static const char help[] =
	"usage: dither lab replay [options] [FILE]\n"
	"Recompute every instant of a recording from its seed, policy and\n"
	"period, and verify that the samples lie on them, in turn, and that the\n"
	"ledger has as many cells. Exit code 1 if something does not fit.\n"
	"\n"
	"  -i, --input FILE   the recording (default: dither.dither)\n"
	"  -h, --help         this text\n";

static const struct option long_options[] = {
	{ "input", required_argument, NULL, 'i' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

struct misfits {
	FILE *text;
	uint64_t count;
};

static void note_problem(void *context, unsigned int cpu, const char *text)
{
	struct misfits *misfits = context;

	if (misfits->count++ < SHOWN_MAX)
		fprintf(misfits->text, "  CPU %u: %s\n", cpu, text);
}

static void terminal_text_of(const struct recording *recording, const char *key)
{
	const char *text = recording_meta(recording, key);

	terminal_text(stdout, text, strlen(text), 0);
}

static void show_promise(const struct recording *recording)
{
	const char *path = recording_path(recording);

	terminal_text(stdout, path, strlen(path), 0);
	fputs(": policy ", stdout);
	terminal_text_of(recording, "policy");
	fputs(", period ", stdout);
	terminal_text_of(recording, "period_ns");
	fputs(" ns, jitter ", stdout);
	terminal_text_of(recording, "jitter_ppm");
	fputs(" ppm, seed ", stdout);
	terminal_text_of(recording, "seed");
	fputc('\n', stdout);
}

static void show_account(const struct schedule_audit *result)
{
	printf("  %4s %11s %11s %11s %11s %9s\n", "CPU", "samples", "verified",
	       "unknown", "missed", "changes");
	for (unsigned int cpu = 0; cpu < result->count; cpu++) {
		const struct schedule_check_count *count = &result->cpus[cpu];

		if (count->begun || count->samples)
			printf("  %4u %11" PRIu64 " %11" PRIu64 " %11" PRIu64
			       " %11" PRIu64 " %9" PRIu64 "\n",
			       cpu, count->samples, count->met, count->unknown,
			       count->missed, count->changes);
	}
	if (result->events)
		printf("  and %" PRIu64
		       " samples by events, which no schedule promises\n",
		       result->events);
	if (result->unknown)
		printf("  unknown: later than can be told, or behind records that are missing\n");
}

static int verdict(const struct schedule_audit *result)
{
	if (result->problems) {
		printf("NOT the schedule that was promised: %" PRIu64
		       " things do not fit\n",
		       result->problems);
		return EXIT_CHECK_FAILED;
	}
	printf("the schedule that ran is the one that was promised, as %" PRIu64
	       " of %" PRIu64 " samples show\n",
	       result->met, result->samples);
	return EXIT_DONE;
}

static int replay(struct recording *recording)
{
	struct misfits misfits = { .count = 0 };
	struct schedule_audit result;
	struct error error;
	size_t length;
	char *text;
	int code;

	if (recording_imported(recording)) {
		error_print("%s: imported: the file has no schedule that could "
			    "be verified",
			    recording_path(recording));
		return EXIT_USAGE;
	}
	misfits.text = open_memstream(&text, &length);
	code = schedule_audit(recording, note_problem, &misfits, &result,
			      &error);
	fclose(misfits.text);
	complain_of_damage(recording);
	if (code) {
		error_print("%s", error.text);
		free(text);
		return EXIT_USAGE;
	}
	show_promise(recording);
	fputs(text, stdout);
	free(text);
	if (misfits.count > SHOWN_MAX)
		printf("  and %" PRIu64 " more\n", misfits.count - SHOWN_MAX);
	show_account(&result);
	code = verdict(&result);
	free(result.cpus);
	return code;
}

static int open_and_replay(const char *path)
{
	struct recording *recording;
	struct error error;
	int code, closed;

	if (recording_open(path, &recording, &error)) {
		error_print("%s", error.text);
		return EXIT_USAGE;
	}
	code = replay(recording);
	recording_close(recording);
	closed = output_close(stdout, NULL);
	return closed ? closed : code;
}

int cmd_lab_replay(int argc, char **argv)
{
	struct load_options options = { 0 };
	int option;

	options_begin();
	while ((option = getopt_long(argc, argv, ":hi:", long_options, NULL)) !=
	       -1) {
		switch (option) {
		case 'i':
			options.path = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_DONE;
		default:
			return options_wrong(option, argv);
		}
	}
	if (options_input(&options, argc, argv))
		return EXIT_USAGE;
	return open_and_replay(options.path);
}
