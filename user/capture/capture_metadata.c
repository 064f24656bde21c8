// SPDX-License-Identifier: GPL-2.0
/* META: what was recorded, how, where and when; and the ledgers. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "../base/alloc.h"
#include "../base/boot_id.h"
#include "../base/policy.h"
#include "capture_metadata.h"

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000U + now.tv_nsec;
}

/* One line: what would break it is replaced. */
static void write_words(FILE *out, const char *key, char **words)
{
	fprintf(out, "%s=", key);
	for (int i = 0; words[i]; i++) {
		if (i)
			fputc(' ', out);
		for (const char *c = words[i]; *c; c++)
			fputc((unsigned char)*c < ' ' ? '?' : *c, out);
	}
	fputc('\n', out);
}

static int write_text(struct writer *writer, char *text, size_t length,
		      struct error *error)
{
	const struct iovec part = { text, length };
	int result = writer_chunk(writer, CHUNK_META, &part, 1, error);

	free(text);
	return result;
}

int capture_write_meta(const struct capture_device *device,
		       struct writer *writer,
		       const struct dither_config *config, char **command,
		       struct error *error)
{
	struct utsname system;
	char *text, *machine;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	uname(&system);
	fprintf(out, "version=%d.%d\n", DITHER_ABI_MAJOR, DITHER_ABI_MINOR);
	if (command && command[0])
		write_words(out, "command", command);
	fprintf(out, "host=%s\nkernel=%s\narch=%s\n", system.nodename,
		system.release, system.machine);
	machine = machine_name();
	if (machine)
		fprintf(out, "machine=%s\n", machine);
	free(machine);
	fprintf(out, "policy=%s\n", policy_names[config->policy]);
	fprintf(out, "period_ns=%" PRIu64 "\njitter_ppm=%u\n",
		(uint64_t)config->period_ns, config->jitter_ppm);
	fprintf(out, "seed=%" PRIu64 "\n", (uint64_t)config->seed);
	fprintf(out, "flags=%#x\nbudget_ppm=%u\nmax_depth=%u\n", config->flags,
		config->budget_ppm, config->max_depth);
	fprintf(out, "features=%#x\nunwind=%s\n", device->info.features,
		config->flags & DITHER_F_TABLES ? "tables" : "fp");
	fprintf(out, "ring_bytes=%u\ncpus=%u\n", config->ring_bytes,
		device->ring_count);
	if (device->info.timer_ns)
		fprintf(out, "timer_ns=%u\n", device->info.timer_ns);
	fprintf(out, "start_ns=%" PRIu64 "\nstart_realtime_ns=%" PRIu64 "\n",
		now_ns(CLOCK_MONOTONIC), now_ns(CLOCK_REALTIME));
	fprintf(out, "recorder=%d\n", (int)getpid());
	fclose(out);
	return write_text(writer, text, length, error);
}

int capture_write_events(struct writer *writer, unsigned int flags,
			 const struct event_list *events, struct error *error)
{
	size_t length;
	char *text;
	FILE *out;

	if (!events->count)
		return 0;
	out = open_memstream(&text, &length);
	fprintf(out, "clock=%s\n",
		flags & DITHER_F_NO_CLOCK ? "events" : "time");
	for (unsigned int i = 0; i < events->count; i++) {
		const struct dither_event *event = &events->event[i];

		fprintf(out, "event.%u=%s\n", i + 1, events->name[i]);
		fprintf(out, "event.%u.perf=%x:%llx:%llx:%llx:%x\n", i + 1,
			event->type, event->config, event->config1,
			event->config2, event->flags);
		fprintf(out, "event.%u.period=%llu\n", i + 1, event->period);
		fprintf(out, "event.%u.target_ns=%llu\n", i + 1,
			event->target_ns);
	}
	fclose(out);
	return write_text(writer, text, length, error);
}

/* For how long the clocks have run, or had when they were stopped. */
static uint64_t running_ns(struct capture_device *device)
{
	struct dither_ledger ledger;
	uint64_t longest = 0;

	for (unsigned int i = 0; i < device->ring_count; i++)
		if (!capture_ledger(device, &device->rings[i], &ledger) &&
		    ledger.running_ns > longest)
			longest = ledger.running_ns;
	return longest;
}

int capture_write_start(struct capture_device *device, struct writer *writer,
			struct error *error)
{
	uint64_t running = running_ns(device);
	uint64_t real = now_ns(CLOCK_REALTIME) - running;
	char *text;
	FILE *out;
	size_t length;

	device->start_ns = now_ns(CLOCK_MONOTONIC) - running;
	out = open_memstream(&text, &length);
	fprintf(out, "start_ns=%" PRIu64 "\nstart_realtime_ns=%" PRIu64 "\n",
		device->start_ns, real);
	fclose(out);
	return write_text(writer, text, length, error);
}

int capture_write_end_meta(struct capture_device *device,
			   struct writer *writer, struct error *error)
{
	struct dither_tables tables;
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	fprintf(out, "stop_ns=%" PRIu64 "\n",
		device->start_ns + running_ns(device));
	if (!capture_tables(device, &tables)) {
		fprintf(out, "tables_count=%u\ntables_bytes=%" PRIu64 "\n",
			tables.count, (uint64_t)tables.bytes);
		fprintf(out, "tables_dropped=%" PRIu64 "\n",
			(uint64_t)tables.dropped);
		fprintf(out, "tables_unmapped=%" PRIu64 "\n",
			(uint64_t)tables.unmapped);
		fprintf(out, "tables_evicted=%" PRIu64 "\n",
			(uint64_t)tables.evicted);
	}
	fclose(out);
	return write_text(writer, text, length, error);
}

int capture_write_ledgers(struct capture_device *device, struct writer *writer,
			  struct error *error)
{
	struct dither_ledger *ledgers;
	struct iovec part;
	size_t count = 0;
	int result;

	ledgers = alloc_zeroed(device->ring_count, sizeof(*ledgers));
	for (unsigned int i = 0; i < device->ring_count; i++)
		if (!capture_ledger(device, &device->rings[i], &ledgers[count]))
			count++;
	part = (struct iovec){ ledgers, count * sizeof(*ledgers) };
	result = writer_chunk(writer, CHUNK_LEDGER, &part, 1, error);
	free(ledgers);
	return result;
}
