// SPDX-License-Identifier: GPL-2.0
/* dither import: what perf script prints as a recording, names and all. */
#include "cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/alloc.h"
#include "../base/output_file.h"
#include "../load/complain.h"
#include "../load/input_options.h"
#include "../text/perf_import.h"
#include "../text/text_kind.h"

static const char help[] =
	"usage: dither import [options] FILE\n"
	"Write a recording from what perf script prints ('-': standard input;\n"
	"gzip and zstd are unpacked), by the names that it prints.\n"
	"\n"
	"  -i, --input FILE   the text, if it is not the argument\n"
	"  -o, --output FILE  (default: dither.dither)\n"
	"      --strict       lines that cannot be used are an error\n"
	"      --lenient      read a text of which more lines are left out than\n"
	"                     used\n"
	"  -q, --quiet        no summary\n"
	"  -h, --help         this text\n";

static const struct option long_options[] = {
	{ "input", required_argument, NULL, 'i' },
	{ "output", required_argument, NULL, 'o' },
	{ "strict", no_argument, NULL, OPTION_STRICT },
	{ "lenient", no_argument, NULL, OPTION_LENIENT },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

struct import_options {
	struct input_options input;
	const char *output;
	bool quiet;
};

struct import {
	const struct import_options *options;
	const char *name; /* of the input, for messages */
	FILE *input;
	struct lines *lines;
	struct writer *writer;
	struct perf_import_summary summary;
	struct error error;
};

/* What it was that was imported: one line, whatever it is called. */
static char *describe_input(const struct import *import)
{
	char *text = alloc_format(
		"imported=perf script\nimported_from=%s\npolicy=imported\n",
		import->name);
	char *name = strstr(text, "imported_from=");
	size_t length = strlen(import->name);

	name += strlen("imported_from=");
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)name[i] < ' ')
			name[i] = '?';
	return text;
}

/* What is known behind the last line. */
static char *describe_samples(const struct import *import)
{
	const struct perf_import_summary *summary = &import->summary;
	char *text = alloc_format("lines_left_out=%" PRIu64
				  "\nother_records=%" PRIu64 "\n",
				  summary->problems.count, summary->other);
	char *whole;

	if (!summary->samples || !summary->all_times)
		return text;
	whole = alloc_format("%sstart_ns=%" PRIu64 "\nstop_ns=%" PRIu64 "\n",
			     text, summary->first_time, summary->last_time);
	free(text);
	return whole;
}

static int write_meta(struct import *import, char *text)
{
	const struct iovec part = { text, strlen(text) };
	int result = writer_chunk(import->writer, CHUNK_META, &part, 1,
				  &import->error);

	free(text);
	return result ? EXIT_CANNOT : 0;
}

static int refuse(struct import *import, const char *why)
{
	error_set(&import->error, -EINVAL, "%s: %s", import->name, why);
	return EXIT_USAGE;
}

/* Before the output is touched. */
static int look_at_input(struct import *import)
{
	size_t length;
	const char *begin = lines_peek(import->lines, &length);
	struct stat input, output;
	enum text_kind kind;

	if (length >= sizeof(FILE_MAGIC) - 1 &&
	    !memcmp(begin, FILE_MAGIC, sizeof(FILE_MAGIC) - 1))
		return refuse(import, "is a recording already");
	if (lines_failed(import->lines, &import->error) && !length)
		return EXIT_USAGE;
	if (text_kind_find(import->name, begin, length,
			   import->options->input.lenient, &kind,
			   &import->error))
		return EXIT_USAGE;
	if (kind != TEXT_PERF_SCRIPT)
		return refuse(
			import,
			"is not what perf script prints; folded stacks have no samples to import");
	if (!fstat(fileno(import->input), &input) && S_ISREG(input.st_mode) &&
	    !stat(import->options->output, &output) &&
	    input.st_dev == output.st_dev && input.st_ino == output.st_ino)
		return refuse(import, "is the input and the output");
	return 0;
}

static int judge(struct import *import)
{
	const struct problems *problems = &import->summary.problems;

	complain_of_lines(import->name, problems);
	if (!import->summary.samples)
		return refuse(import, "no samples");
	if (problems->count + problems->ignored > problems->used &&
	    !import->options->input.lenient)
		return refuse(
			import,
			"more lines left out than used: damaged (--lenient reads it even so)");
	if (problems->count && import->options->input.strict)
		return refuse(import,
			      "what cannot be used is an error (--strict)");
	return 0;
}

static int fill(struct import *import)
{
	int code = write_meta(import, describe_input(import));

	if (code)
		return code;
	if (perf_import(import->lines, import->writer, &import->summary,
			&import->error))
		return import->summary.unwritten ? EXIT_CANNOT : EXIT_USAGE;
	code = judge(import);
	return code ? code : write_meta(import, describe_samples(import));
}

static int write_recording(struct import *import)
{
	const char *output = import->options->output;
	double megabytes;
	int code;

	if (writer_open(output, &import->writer, &import->error))
		return EXIT_CANNOT;
	code = fill(import);
	if (code) {
		writer_abandon(import->writer);
		return code;
	}
	megabytes = (double)writer_bytes(import->writer) / 1e6;
	if (writer_close(import->writer, &import->error))
		return EXIT_CANNOT;
	if (!import->options->quiet)
		error_print("%" PRIu64 " samples, %.2f MB in %s",
			    import->summary.samples, megabytes, output);
	return EXIT_DONE;
}

/* The text is still there: what was made of a part of it is of no use. */
static void remove_part(const struct import *import)
{
	const char *output = import->options->output;

	if (import->writer && output_remove(output))
		error_print("import: %s is not whole, and removed", output);
}

static int import_text(const struct import_options *options)
{
	const char *path = options->input.load.path;
	bool is_stdin = !strcmp(path, "-");
	struct import import = {
		.options = options,
		.name = is_stdin ? "stdin" : path,
		.input = is_stdin ? stdin : fopen(path, "r"),
	};
	int code;

	if (!import.input) {
		error_print("import: %s: cannot be opened: %s", path,
			    strerror(errno));
		return EXIT_USAGE;
	}
	/* A file size limit is a full disk like any other. */
	signal(SIGXFSZ, SIG_IGN);
	import.lines = lines_new(import.input, import.name);
	code = look_at_input(&import);
	if (!code)
		code = write_recording(&import);
	if (code) {
		error_print("import: %s", import.error.text);
		remove_part(&import);
	}
	lines_free(import.lines);
	if (!is_stdin)
		fclose(import.input);
	return code;
}

int cmd_import(int argc, char **argv)
{
	struct import_options options = { .output = "dither.dither" };
	int option;

	options_begin();
	while ((option = getopt_long(argc, argv, ":hi:o:q", long_options,
				     NULL)) != -1) {
		switch (option) {
		case 'o':
			options.output = optarg;
			break;
		case 'q':
			options.quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_DONE;
		case 'i':
		case OPTION_STRICT:
		case OPTION_LENIENT:
			options_take_input(&options.input, option);
			break;
		default:
			return options_wrong(option, argv);
		}
	}
	if (!options.input.load.path && optind == argc) {
		error_print("import: give what perf script prints: a file, or "
			    "'-' for standard input");
		return EXIT_USAGE;
	}
	if (options_input(&options.input.load, argc, argv))
		return EXIT_USAGE;
	return import_text(&options);
}
