// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a recording, all the way to a profile and its folded text:
 * metadata of events, processes, threads, names, weights. The first byte says
 * what is repaired and asked for.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../user/load/load.h"
#include "../../user/text/folded.h"
#include "fuzzed_recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const struct load *load)
{
	size_t length;
	char *text = NULL;
	FILE *output = open_memstream(&text, &length);

	folded_write(load->profile, output);
	fclose(output);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sample_times times = { 0 };
	struct load_options options = { .symfs = "/nonexistent" };
	struct error error = { .text = "" };
	struct load load;
	char path[FUZZED_PATH_MAX];
	int fd;

	if (!size)
		return 0;
	options.pid = options.tid = options.cpu = data[0] & 2;
	options.modules = data[0] & 4;
	options.times = data[0] & 8 ? &times : NULL;
	options.event = data[0] & 16 ? "all" : NULL;
	options.no_unseen = data[0] & 32;
	fd = fuzzed_recording(data, size, path);
	options.path = path;
	if (!load_open(&options, &load, &error)) {
		use(&load);
		load_close(&load);
	} else if (!error.text[0]) {
		abort();
	}
	sample_times_free(&times);
	close(fd);
	return 0;
}
