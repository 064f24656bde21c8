// SPDX-License-Identifier: GPL-2.0
/* See input.h. */
#include "input.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/alloc.h"
#include "../file/format.h"
#include "../text/perf_imported.h"
#include "../text/text_kind.h"
#include "complain.h"

#define MAGIC_LENGTH (sizeof(FILE_MAGIC) - 1)
#define COPY_BYTES (64U << 10)

static int judge(const struct input *input, const struct input_options *options,
		 const struct problems *problems, uint64_t stacks,
		 struct error *error)
{
	uint64_t left = problems->count + problems->ignored;

	complain_of_lines(input->name, problems);
	if (!stacks)
		return error_set(error, -EINVAL, "%s: no samples", input->name);
	if (left > problems->used && !options->lenient)
		return error_set(error, -EINVAL,
				 "%s: %" PRIu64 " lines left out, %" PRIu64
				 " used: not a profile, or damaged (--lenient "
				 "reads it even so)",
				 input->name, left, problems->used);
	if (problems->count && options->strict)
		return error_set(
			error, -EINVAL,
			"%s: what cannot be used is an error (--strict)",
			input->name);
	return 0;
}

static void tell_events(const struct input *input,
			const struct input_options *options)
{
	const struct perf_script_summary *script = &input->script;

	if (options->load.event || script->event_count < 2)
		return;
	error_print("%s: %u events, each below a frame of its own; --event "
		    "NAME takes one:",
		    input->name, script->event_count);
	for (unsigned int i = 0; i < script->event_count; i++)
		error_print("  %s: %" PRIu64 " samples", script->events[i].name,
			    script->events[i].samples);
}

/* What is missing for a reason that the text does not show. */
static void report_fields(const struct input *input)
{
	if (input->script.no_comm)
		error_print("%s: no names of threads (perf script's field "
			    "comm): stacks begin with functions",
			    input->name);
	if (input->script.no_objects)
		error_print("%s: no files of functions (perf script's field "
			    "dso): the kernel's are marked by their addresses",
			    input->name);
}

/* Where samples' times go, or NULL. */
static struct sample_times *times_of(struct input *input,
				     const struct input_options *options)
{
	return options->times || options->order ? &input->times : NULL;
}

static struct perf_script_options
script_options(struct input *input, const struct input_options *options)
{
	return (struct perf_script_options){
		.event = options->load.event,
		.samples = options->samples,
		.pid = options->load.pid,
		.tid = options->load.tid,
		.cpu = options->load.cpu,
		.modules = options->load.modules,
		.mangled = options->load.mangled,
		.times = times_of(input, options),
		.table = options->load.table,
		.parallel = input->parallel,
	};
}

/* Behind the last sample of perf's. */
static int end_script(struct input *input, const struct input_options *options,
		      struct error *error)
{
	input->has_times = times_of(input, options) &&
			   input->script.all_times && input->script.samples;
	tell_events(input, options);
	if (options->load.event && !input->script.samples)
		return error_set(error, -EINVAL, "%s: no samples of event %s",
				 input->name, options->load.event);
	return judge(input, options, &input->script.problems,
		     input->script.samples, error);
}

static int read_script(struct input *input, const struct input_options *options,
		       struct lines *lines, struct error *error)
{
	const struct perf_script_options script =
		script_options(input, options);
	int result = perf_script_read(lines, &script, input->profile,
				      &input->script, error);

	if (!result)
		report_fields(input);
	return result ? result : end_script(input, options, error);
}

/* The order of lines is known to one thread only. */
static int read_folded(struct input *input, const struct input_options *options,
		       struct lines *lines, struct error *error)
{
	const struct folded_options folded = {
		.parallel = options->order ? NULL : &input->parallel,
		.order = options->order ? &input->times : NULL,
		.demangle = !options->as_written && !options->load.mangled,
	};
	int result = folded_read(lines, &folded, input->profile, &input->folded,
				 error);

	return result ? result :
			judge(input, options, &input->folded.problems,
			      input->folded.stacks, error);
}

static void forget_profile(struct input *input)
{
	profile_free(input->profile);
	input->profile = NULL;
	sample_times_free(&input->times);
}

static int read_text(struct input *input, const struct input_options *options,
		     struct lines *lines, struct error *error)
{
	size_t length;
	const char *begin = lines_peek(lines, &length);
	enum text_kind kind;
	int result = lines_failed(lines, error);

	if (result && !length)
		return result;
	result = text_kind_find(input->name, begin, length, options->lenient,
				&kind, error);
	if (result)
		return result;
	input->profile = profile_new();
	if (kind == TEXT_PERF_SCRIPT) {
		input->kind = INPUT_PERF_SCRIPT;
		result = read_script(input, options, lines, error);
	} else {
		input->kind = INPUT_FOLDED;
		result = read_folded(input, options, lines, error);
	}
	if (result) {
		forget_profile(input);
		return result;
	}
	profile_finish(input->profile);
	return 0;
}

static int judge_damage(const struct input *input,
			const struct input_options *options,
			const struct recording *recording, struct error *error)
{
	if (!options->strict || !recording_damage_count(recording))
		return 0;
	return error_set(error, -EINVAL, "%s: damage is an error (--strict)",
			 input->name);
}

/* What perf script printed, from a recording. */
static int read_imported(struct input *input,
			 const struct input_options *options,
			 struct recording *recording, struct error *error)
{
	const struct perf_script_options script =
		script_options(input, options);
	int result;

	input->kind = INPUT_PERF_SCRIPT;
	input->profile = profile_new();
	result = perf_imported_read(recording, &script, input->profile,
				    &input->script, error);
	complain_of_damage(recording);
	if (!result)
		result = judge_damage(input, options, recording, error);
	if (!result)
		result = end_script(input, options, error);
	if (result) {
		forget_profile(input);
		recording_close(recording);
		return result;
	}
	input->imported = recording;
	profile_finish(input->profile);
	return 0;
}

static int read_recording(struct input *input,
			  const struct input_options *options, const char *path,
			  struct error *error)
{
	struct load_options load = options->load;
	struct recording *recording;
	int result;

	result = recording_open_as(path, input->name, &recording, error);
	if (result)
		return result;
	if (recording_imported(recording))
		return read_imported(input, options, recording, error);
	load.path = path;
	load.times = times_of(input, options);
	result = load_recording(&load, recording, &input->load, error);
	if (result)
		return result;
	complain_of_damage(recording);
	complain_of_files(input->load.resolver);
	result = judge_damage(input, options, recording, error);
	if (result) {
		input_close(input);
		return result;
	}
	input->kind = INPUT_RECORDING;
	input->profile = input->load.profile;
	input->has_times = input->times.count;
	return 0;
}

/* A recording is mapped, which takes a file: of what is packed or piped. */
static int unpack_recording(struct input *input,
			    const struct input_options *options,
			    struct lines *lines, struct error *error)
{
	char path[] = "/tmp/dither-XXXXXX", *buffer;
	int fd = mkstemp(path), result = 0;
	size_t length;

	if (fd < 0)
		return error_set(error, -errno, "%s: cannot be made: %s", path,
				 strerror(errno));
	buffer = alloc_resize(NULL, COPY_BYTES, 1);
	while (!result && (length = lines_bytes(lines, buffer, COPY_BYTES)))
		if (write(fd, buffer, length) != (ssize_t)length)
			result = error_set(error, -EIO, "%s: cannot be written",
					   path);
	free(buffer);
	close(fd);
	if (!result)
		result = lines_failed(lines, error);
	if (!result)
		result = read_recording(input, options, path, error);
	unlink(path);
	return result;
}

static int read_lines(struct input *input, const struct input_options *options,
		      FILE *file, bool is_file, struct error *error)
{
	struct lines *lines = lines_new(file, input->name);
	char magic[MAGIC_LENGTH];
	const char *begin;
	size_t length;
	int result;

	begin = lines_peek(lines, &length);
	if (length < MAGIC_LENGTH || memcmp(begin, FILE_MAGIC, MAGIC_LENGTH))
		result = read_text(input, options, lines, error);
	else if (is_file && !fseek(file, 0, SEEK_SET) &&
		 fread(magic, 1, MAGIC_LENGTH, file) == MAGIC_LENGTH &&
		 !memcmp(magic, FILE_MAGIC, MAGIC_LENGTH))
		result = read_recording(input, options, options->load.path,
					error);
	else
		result = unpack_recording(input, options, lines, error);
	lines_free(lines);
	return result;
}

static bool read_threads(const char *text, struct parallel *parallel)
{
	unsigned long threads;
	char *end;

	if (!text)
		return true;
	threads = strtoul(text, &end, 10);
	parallel->threads = (unsigned int)threads;
	return *text >= '0' && *text <= '9' && !*end && threads &&
	       threads <= PARALLEL_THREADS_MAX;
}

int input_open(const struct input_options *options, struct input *input,
	       struct error *error)
{
	const char *path = options->load.path;
	bool is_stdin = !strcmp(path, "-");
	FILE *file;
	int result;

	memset(input, 0, sizeof(*input));
	if (!read_threads(options->threads, &input->parallel))
		return error_set(error, -EINVAL,
				 "--threads: '%s' is not a number from 1 to %u",
				 options->threads, PARALLEL_THREADS_MAX);
	input->name = is_stdin ? "stdin" : path;
	file = is_stdin ? stdin : fopen(path, "r");
	if (!file)
		return error_set(error, -errno, "%s: cannot be opened: %s",
				 path, strerror(errno));
	result = read_lines(input, options, file, !is_stdin, error);
	if (!is_stdin)
		fclose(file);
	return result;
}

void input_close(struct input *input)
{
	sample_times_free(&input->times);
	if (input->load.recording)
		load_close(&input->load);
	else
		profile_free(input->profile);
	recording_close(input->imported);
}
