// SPDX-License-Identifier: GPL-2.0
/* dither export: any profile, for other tools' viewers. */
#include "cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/output_file.h"
#include "../export/json_formats.h"
#include "../load/input_options.h"
#include "../load/weight_unit.h"
#include "export_pprof.h"
#include "export_samples.h"

static const char help[] =
	"usage: dither export [options] FORMAT [FILE]\n"
	"Write a profile in another tool's format:\n"
	"  pprof       profile.proto in gzip: pprof, Pyroscope, Parca\n"
	"  speedscope  JSON: speedscope.app\n"
	"  perf        as perf script prints: Firefox Profiler\n"
	"  folded      as dither fold writes\n"
	"  grafana     JSON: the nested set of Grafana's flame graph\n"
	"\n" OPTIONS_SYMBOLS_HELP OPTIONS_ROOTS_HELP OPTIONS_TEXT_HELP
		OPTIONS_UNSEEN_HELP
	"  -o, --output FILE  where to (default: standard output)\n"
	"  -h, --help         this text\n";

static const struct option long_options[] = {
	OPTIONS_SYMBOLS,
	OPTIONS_ROOTS,
	OPTIONS_TEXT,
	OPTIONS_UNSEEN,
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};

/* Of a recording: time, or what --event made of the weights. */
static void meaning_of_recording(const struct input *input,
				 struct value_type *meaning)
{
	const struct load *load = &input->load;
	double period =
		(double)recording_number(input->load.recording, "period_ns");

	if (load->weigh.by == WEIGH_EVENT) {
		meaning->name = sample_weight_unit(&load->weigh, &load->events);
	} else if (load->weigh.by == WEIGH_TIME && period > 0) {
		meaning->name = "cpu";
		meaning->type = "nanoseconds";
		meaning->scale = period;
	}
}

static struct value_type meaning_of(const struct input *input,
				    const struct input_options *options)
{
	struct value_type meaning = { .name = "samples",
				      .type = "count",
				      .scale = 1 };
	const char *event = unit_event(input, options);

	if (input->kind == INPUT_RECORDING) {
		meaning_of_recording(input, &meaning);
	} else if (event) {
		meaning.name = event;
		if (unit_is_clock(event)) {
			meaning.name = "cpu";
			meaning.type = "nanoseconds";
		}
	}
	return meaning;
}

typedef void write_format(const struct input *input,
			  const struct input_options *options,
			  const struct value_type *meaning, FILE *output);

static void write_pprof(const struct input *input,
			const struct input_options *options,
			const struct value_type *meaning, FILE *output)
{
	(void)meaning;
	export_pprof(input, options, output);
}

static void write_speedscope(const struct input *input,
			     const struct input_options *options,
			     const struct value_type *meaning, FILE *output)
{
	(void)meaning;
	export_speedscope(input, options, output);
}

static void write_perf(const struct input *input,
		       const struct input_options *options,
		       const struct value_type *meaning, FILE *output)
{
	(void)meaning;
	export_perf(input, options, output);
}

static void write_folded(const struct input *input,
			 const struct input_options *options,
			 const struct value_type *meaning, FILE *output)
{
	(void)options;
	(void)meaning;
	folded_write(input->profile, output);
}

static void write_grafana(const struct input *input,
			  const struct input_options *options,
			  const struct value_type *meaning, FILE *output)
{
	(void)options;
	nested_set_write(input->profile, meaning, output);
}

static const struct format {
	const char *name;
	write_format *write;
	bool table; /* it takes all that samples know, threads too */
	bool binary;
} formats[] = {
	{ "pprof", write_pprof, true, true },
	{ "speedscope", write_speedscope, true, false },
	{ "perf", write_perf, true, false },
	{ "folded", write_folded, false, false },
	{ "grafana", write_grafana, false, false },
};

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

static int export_to(const struct format *format,
		     const struct input_options *options, const char *path)
{
	struct error error = { "" };
	struct value_type meaning;
	struct input input;
	int code = EXIT_CANNOT;
	FILE *output;

	if (input_open(options, &input, &error)) {
		error_print("%s", error.text);
		return EXIT_USAGE;
	}
	meaning = meaning_of(&input, options);
	output = output_open(path);
	if (output) {
		format->write(&input, options, &meaning, output);
		code = output_close(output, path);
	}
	input_close(&input);
	return code;
}

int cmd_export(int argc, char **argv)
{
	struct input_options options = { .as_written = true };
	const struct format *format;
	const char *path = NULL;
	int option, code;

	options_begin();
	while ((option = getopt_long(argc, argv, ":hi:o:", long_options,
				     NULL)) != -1) {
		if (options_take_input(&options, option))
			continue;
		switch (option) {
		case 'o':
			path = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_DONE;
		default:
			return options_wrong(option, argv);
		}
	}
	format = optind < argc ? find_format(argv[optind]) : NULL;
	if (!format) {
		error_print("export: %s: give pprof, speedscope, perf, folded "
			    "or grafana, and then the input",
			    optind < argc ? argv[optind] : "no format");
		return EXIT_USAGE;
	}
	optind++;
	if (options_input(&options.load, argc, argv))
		return EXIT_USAGE;
	if (format->table &&
	    (options.load.pid || options.load.tid || options.load.cpu)) {
		error_print("export: --pid, --tid and --cpu make frames, which "
			    "%s does not take: it has threads of its own",
			    format->name);
		return EXIT_USAGE;
	}
	if (format->binary && output_is_terminal(path)) {
		error_print("export: %s is binary, and standard output is a "
			    "terminal: give -o FILE, or redirect it",
			    format->name);
		return EXIT_USAGE;
	}
	/* But for folded stacks, which are as fold writes them. */
	if (format->write != write_folded)
		options.as_written = false;
	/* "name\tmodule": text's own frames are names alone then. */
	options.load.modules = format->table;
	options.load.lines = format->binary;
	if (format->table)
		options.load.table = sample_table_new();
	code = export_to(format, &options, path);
	sample_table_free(options.load.table);
	return code;
}
