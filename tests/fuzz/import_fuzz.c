// SPDX-License-Identifier: GPL-2.0
/*
 * What perf prints, from anybody, packed or not: imported and read back it
 * folds as the text itself does, and no part of the recording is damaged.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../user/text/folded.h"
#include "../../user/text/perf_import.h"
#include "../../user/text/perf_imported.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct lines *open_lines(const uint8_t *data, size_t size, FILE **input)
{
	*input = fmemopen((void *)data, size, "r");
	return lines_new(*input, "fuzz");
}

static char *fold(struct profile *profile, size_t *length)
{
	char *text = NULL;
	FILE *output = open_memstream(&text, length);

	profile_finish(profile);
	folded_write(profile, output);
	fclose(output);
	profile_free(profile);
	return text;
}

/* False: the text cannot be unpacked. */
static bool import(const uint8_t *data, size_t size, const char *path,
		   struct perf_import_summary *summary)
{
	struct error error = { "" };
	struct writer *writer;
	struct lines *lines;
	FILE *input;
	int result;

	if (writer_open(path, &writer, &error))
		abort();
	lines = open_lines(data, size, &input);
	result = perf_import(lines, writer, summary, &error);
	if (result && (summary->unwritten || !*error.text))
		abort();
	if (writer_close(writer, &error))
		abort();
	lines_free(lines);
	fclose(input);
	return !result;
}

static char *fold_text(const uint8_t *data, size_t size,
		       const struct perf_script_options *options,
		       struct perf_script_summary *summary, size_t *length)
{
	struct profile *profile = profile_new();
	FILE *input;
	struct lines *lines = open_lines(data, size, &input);

	if (perf_script_read(lines, options, profile, summary, NULL))
		abort();
	lines_free(lines);
	fclose(input);
	return fold(profile, length);
}

static char *fold_recording(const char *path,
			    const struct perf_script_options *options,
			    struct perf_script_summary *summary, size_t *length)
{
	struct profile *profile = profile_new();
	struct error error = { "" };
	struct recording *recording;

	if (recording_open(path, &recording, &error) ||
	    perf_imported_read(recording, options, profile, summary, &error) ||
	    !recording_complete(recording))
		abort();
	recording_close(recording);
	return fold(profile, length);
}

static void compare(const uint8_t *data, size_t size, const char *path,
		    const struct perf_import_summary *import,
		    const struct perf_script_options *options)
{
	struct perf_script_summary direct, again;
	size_t length, other_length;
	char *text = fold_text(data, size, options, &direct, &length);
	char *other = fold_recording(path, options, &again, &other_length);

	if (length != other_length || memcmp(text, other, length) ||
	    direct.samples != again.samples ||
	    direct.all_times != again.all_times ||
	    direct.event_count != again.event_count ||
	    direct.other != import->other ||
	    direct.problems.count != import->problems.count)
		abort();
	free(text);
	free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct perf_script_options options = { .parallel = { .threads = 1 } };
	struct perf_import_summary summary;
	char path[32];
	int file;

	if (!size)
		return 0;
	file = memfd_create("recording", MFD_CLOEXEC);
	if (file < 0)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (import(data, size, path, &summary)) {
		compare(data, size, path, &summary, &options);
		options.pid = options.tid = options.cpu = true;
		compare(data, size, path, &summary, &options);
		options.modules = true;
		compare(data, size, path, &summary, &options);
	}
	close(file);
	return 0;
}
