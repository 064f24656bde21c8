// SPDX-License-Identifier: GPL-2.0
/* The progress line; see progress.h. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define INTERVAL 0.5

struct totals {
	uint64_t samples; /* those by events, too */
	uint64_t lost;	  /* of samples */
	uint64_t overruns;
	uint64_t records; /* of processes, that were not written */
};

double progress_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec * 1e-9;
}

static uint64_t lost_samples(const __u64 lost[DITHER_LOST_COUNT])
{
	return lost[DITHER_LOST_RING] + lost[DITHER_LOST_NESTED] +
	       lost[DITHER_LOST_REGS];
}

static struct totals add_up(struct capture_device *device)
{
	struct totals totals = { 0 };
	struct dither_ledger ledger;

	for (unsigned int i = 0; i < device->ring_count; i++) {
		if (capture_ledger(device, &device->rings[i], &ledger))
			continue;
		totals.samples += ledger.kept + ledger.event_kept;
		totals.overruns += ledger.overruns;
		totals.lost += lost_samples(ledger.lost) +
			       lost_samples(ledger.event_lost);
		totals.records += ledger.lost[DITHER_LOST_PROCESS] +
				  ledger.lost[DITHER_LOST_MAPPING] +
				  ledger.lost[DITHER_LOST_FLOOD];
	}
	return totals;
}

static double megabytes(const struct writer *writer)
{
	return writer_bytes(writer) / 1e6;
}

void progress_init(struct progress *progress, bool quiet)
{
	*progress = (struct progress){
		.wanted = !quiet && isatty(STDERR_FILENO),
	};
}

void progress_begin(struct progress *progress)
{
	progress->started = progress_now();
	progress->next = 0;
}

/* Whether a line is to be written now. */
static bool is_due(struct progress *progress)
{
	double now = progress_now();

	if (!progress->wanted || now < progress->next)
		return false;
	progress->next = now + INTERVAL;
	progress->shown = true;
	return true;
}

void progress_tables(struct progress *progress, size_t left)
{
	if (!is_due(progress))
		return;
	fprintf(stderr, "\rcompiling unwind tables: %zu files to go \033[K",
		left);
	fflush(stderr);
}

void progress_update(struct progress *progress, struct capture_device *device,
		     const struct writer *writer)
{
	struct totals totals;

	if (!is_due(progress))
		return;
	totals = add_up(device);
	fprintf(stderr,
		"\r%.0f s, %" PRIu64 " samples, %" PRIu64
		" lost, %.1f MB \033[K",
		progress_now() - progress->started, totals.samples, totals.lost,
		megabytes(writer));
	fflush(stderr);
}

void progress_clear(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}

void progress_summary(struct capture_device *device,
		      const struct writer *writer, const char *path)
{
	struct totals totals = add_up(device);

	fprintf(stderr,
		"dither: %" PRIu64 " samples, %" PRIu64 " lost, %" PRIu64
		" overrun, %.2f MB in %s\n",
		totals.samples, totals.lost, totals.overruns, megabytes(writer),
		path);
	if (device->slowest_ns)
		fprintf(stderr,
			"dither: slowed down to %.1f Hz on the way, to stay within --budget: dither report shows when\n",
			1e9 / (double)device->slowest_ns);
	if (totals.records)
		fprintf(stderr,
			"dither: %" PRIu64
			" records of processes were not written: see dither report\n",
			totals.records);
}
