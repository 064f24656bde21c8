// SPDX-License-Identifier: GPL-2.0
/*
 * Opens arbitrary bytes as a recording and replays it; the first byte says
 * whether its checksums are repaired.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../user/file/replay.h"
#include "../../user/text/perf_imported.h"
#include "fuzzed_recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read everything that a handler is promised. */
static uint64_t seen;

static void add_stack(const struct replay_stack *stack)
{
	for (unsigned int i = 0; stack && i < stack->count; i++)
		seen += stack->addresses[i];
}

static void on_sample(void *context, unsigned int cpu,
		      const struct dither_sample *sample,
		      const struct replay_stack *kernel,
		      const struct replay_stack *user)
{
	(void)context;
	seen += cpu + sample->ip;
	for (unsigned int i = 0; i < sample->counters; i++)
		seen += sample->counter[i];
	add_stack(kernel);
	add_stack(user);
}

static void on_comm(void *context, const struct dither_comm *record)
{
	(void)context;
	seen += strlen(record->comm);
}

static void on_dropped(void *context, const struct dither_dropped *record)
{
	(void)context;
	for (int kind = 0; kind < DITHER_DROPPED_KINDS; kind++)
		seen += record->count[kind];
}

static void on_forget(void *context, const struct dither_forget *record)
{
	(void)context;
	seen += record->time;
}

static void on_map(void *context, const struct dither_map *record)
{
	(void)context;
	if (strlen(record->path) != record->path_len)
		abort();
	for (unsigned int i = 0; i < record->build_id_size; i++)
		seen += record->build_id[i];
}

static void on_lost(void *context, unsigned int cpu,
		    const struct dither_lost_record *record)
{
	(void)context;
	seen += cpu + record->count[DITHER_LOST_COUNT - 1];
}

static const struct replay_handler handler = {
	.sample = on_sample,
	.comm = on_comm,
	.map = on_map,
	.dropped = on_dropped,
	.forget = on_forget,
	.lost = on_lost,
};

static void read_named(struct recording *recording)
{
	const struct perf_script_options options = { .cpu = true };
	struct profile *profile = profile_new();
	struct perf_script_summary summary;

	if (perf_imported_read(recording, &options, profile, &summary, NULL))
		abort();
	profile_finish(profile);
	if (profile_node(profile, PROFILE_ROOT).samples != summary.samples)
		abort();
	profile_free(profile);
}

static void read_all(struct recording *recording)
{
	struct recorded_text text;
	size_t length, first;

	for (size_t i = 0; i < recording_kernel_texts(recording); i++) {
		if (!recording_kernel_text(recording, i, &text))
			continue;
		seen += strlen(text.text);
		free(text.text);
	}
	if (recording_files(recording, &length))
		seen += recording_files(recording, &length)[length - 1].code;
	if (recording_vdso(recording, &length))
		seen += recording_vdso(recording, &length)[length - 1];
	if (recording_meta(recording, "key"))
		seen += strlen(recording_meta(recording, "key"));
	for (unsigned int cpu = 0; cpu < recording_cpus(recording); cpu++)
		if (recording_ledger(recording, cpu))
			seen += recording_ledger(recording, cpu)->shift;
	read_named(recording);
	if (replay_run(recording, &handler, NULL))
		abort();
	/* A second time, nothing new may be found. */
	first = recording_damage_count(recording);
	if (replay_run(recording, &handler, NULL) ||
	    recording_damage_count(recording) != first)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recording *recording;
	struct error error = { .text = "" };
	char path[FUZZED_PATH_MAX];
	int fd;

	if (!size)
		return 0;
	fd = fuzzed_recording(data, size, path);
	if (!recording_open(path, &recording, &error)) {
		read_all(recording);
		recording_close(recording);
	} else if (!error.text[0]) {
		abort();
	}
	close(fd);
	return 0;
}
