// SPDX-License-Identifier: GPL-2.0
/* Good calls, and calls with too much, too little or something bad in them. */
#include "calls.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../../unit/random_numbers.h"
#include "config.h"

long calls_make(struct model *model, enum tally_operation operation,
		unsigned long command, void *argument,
		const struct verdict *verdict, const char *what)
{
	long result = tally_note(operation, ioctl(model->fd, command, argument));

	if (!verdict_holds(verdict, result))
		tally_fail("%s: %ld (configured %d, running %d, stopped %d)", what,
			   result, model->configured, model->running, model->stopped);
	return result;
}

void calls_info(struct model *model)
{
	struct dither_info info = { 0 };
	struct verdict verdict = { 0 };
	void *argument;
	long result;

	if (!random_below(&model->random, 8))
		info.reserved = random_next(&model->random);
	if (!random_below(&model->random, 8))
		info.reserved2 = random_next(&model->random);
	argument = argument_place(&model->argument, &model->random, &info,
				  sizeof(info), &verdict);
	if (info.reserved || info.reserved2)
		verdict_add(&verdict, EINVAL);
	result = calls_make(model, TALLY_INFO, DITHER_IOC_INFO, argument, &verdict, "INFO");
	argument_return(&model->argument, "INFO", result, &info);
	if (!result && info.size >= sizeof(info) &&
	    memcmp(&info.abi_major, &model->info.abi_major, sizeof(info) - 4))
		tally_fail("INFO differs from what it was");
}

/* Of a CPU that is not sampled. */
static uint32_t side_ring(uint32_t ring)
{
	uint32_t side = ring / 4;

	if (side < DITHER_RING_MIN)
		return DITHER_RING_MIN;
	return side > DITHER_RING_SIDE ? DITHER_RING_SIDE : side;
}

/* The module's own choice, which depends on the machine and on others. */
static uint32_t default_ring(const struct model *model)
{
	uint32_t side = 0;

	for (unsigned int cpu = 0; cpu < model->cpus; cpu++) {
		struct dither_ledger ledger = { .size = sizeof(ledger), .cpu = cpu };

		if (tally_note(TALLY_LEDGER, ioctl(model->fd, DITHER_IOC_LEDGER, &ledger)))
			tally_fail("no ledger of CPU %u", cpu);
		if (ledger.role == DITHER_ROLE_SAMPLED)
			return ledger.ring_bytes;
		side = ledger.ring_bytes;
	}
	return 4 * side;
}

/* What the session is now as it was asked to be, defaults filled in. */
static void adopt(struct model *model, const struct config_case *made)
{
	const struct dither_config *config = &made->config;

	model->configured = true;
	model->config = *config;
	model->maps.configured = true;
	model->maps.size = config->ring_bytes ? config->ring_bytes :
						default_ring(model);
	model->maps.side = side_ring(model->maps.size);
	model->maps.mask = NULL;
	if (config->cpumask) {
		model->maps.mask = model->mask;
		model->maps.mask_bytes = config->cpumask_bytes < sizeof(model->mask) ?
						 config->cpumask_bytes :
						 sizeof(model->mask);
		memcpy(model->mask, (void *)(uintptr_t)config->cpumask,
		       model->maps.mask_bytes);
	}
	tally_reach(TALLY_CONFIGURED);
}

static void check_written_back(const struct dither_config *asked,
			       const struct dither_config *got)
{
	if (got->size < sizeof(*got))
		return;
	if (got->flags != asked->flags || got->policy != asked->policy ||
	    got->period_ns != asked->period_ns ||
	    (asked->flags & DITHER_F_SEED && got->seed != asked->seed) ||
	    !got->ring_bytes || !got->watermark || !got->wakeup_ms ||
	    !got->budget_ppm || !got->max_depth)
		tally_fail("CONFIGURE wrote back something else");
}

void calls_configure(struct model *model, unsigned int changes)
{
	struct verdict verdict = { 0 };
	struct dither_config got = { 0 };
	struct config_case made;
	void *argument;
	long result;

	config_make(&made, &model->random, changes);
	argument = argument_place(&model->argument, &model->random, &made.config,
				  sizeof(made.config), &verdict);
	config_judge(&made, &verdict);
	/* Before it looks at anything. */
	if (model->configured)
		verdict = (struct verdict){ 1, { EBUSY } };
	else if (!verdict.count)	/* others may have it all */
		verdict = (struct verdict){ 2, { ENOMEM, 0 } };
	result = calls_make(model, TALLY_CONFIGURE, DITHER_IOC_CONFIGURE, argument,
		      &verdict, "CONFIGURE");
	argument_return(&model->argument, "CONFIGURE", result, &got);
	if (model->configured)
		tally_reach(TALLY_CONFIGURED_TWICE);
	else if (!result)
		adopt(model, &made);
	if (!result)
		check_written_back(&made.config, &got);
	if (result == -EFAULT && model->argument.read_only)
		tally_reach(TALLY_WRITE_BACK_FAILED);
	if (result == -ENOMEM)
		tally_reach(TALLY_ALL_MEMORY);
}

void calls_start(struct model *model)
{
	struct verdict verdict = { 0 };

	if (!model->configured || model->stopped)
		verdict_add(&verdict, EINVAL);
	else if (model->running)
		verdict_add(&verdict, EBUSY);
	if (calls_make(model, TALLY_START, DITHER_IOC_START, NULL, &verdict, "START"))
		return;
	model->running = true;
	tally_reach(TALLY_RUNNING);
	if (model->config.flags & DITHER_F_OVERWRITE)
		tally_reach(TALLY_OVERWRITING);
	if (model->config.flags & DITHER_F_TABLES)
		tally_reach(TALLY_UNWINDING);
}

void calls_stop(struct model *model)
{
	struct verdict verdict = { 0 };

	if (!model->running)
		verdict_add(&verdict, EINVAL);
	if (calls_make(model, TALLY_STOP, DITHER_IOC_STOP, NULL, &verdict, "STOP"))
		return;
	model->running = false;
	model->stopped = true;
	tally_reach(TALLY_STOPPED);
}

void calls_snapshot(struct model *model)
{
	struct dither_snapshot request = { 0 };
	struct verdict verdict = { 0 };
	uint64_t bytes;
	void *argument;
	long result;

	switch (random_below(&model->random, 8)) {
	case 0:
		request.pid = random_next(&model->random) | 1 << 30;
		break;
	case 1:
		request.pid = 1;
		break;
	default:
		request.pid = getpid();
	}
	if (!random_below(&model->random, 3))
		request.cursor = random_next(&model->random) >>
				 random_below(&model->random, 64);
	if (!random_below(&model->random, 3))
		request.bytes = random_next(&model->random) >>
				random_below(&model->random, 64);
	argument = argument_place(&model->argument, &model->random, &request,
				  sizeof(request), &verdict);
	bytes = request.bytes;
	if (request.size < offsetof(struct dither_snapshot, bytes) || !model->running)
		verdict_add(&verdict, EINVAL);
	if (request.pid != getpid() && request.pid != 1)
		verdict_add(&verdict, ESRCH);
	result = calls_make(model, TALLY_SNAPSHOT, DITHER_IOC_SNAPSHOT, argument,
		      &verdict, "SNAPSHOT");
	argument_return(&model->argument, "SNAPSHOT", result, &request);
	if (result >= 0 && (request.bytes > bytes || !request.bytes != !bytes))
		tally_fail("SNAPSHOT leaves %llu of %llu bytes",
			   (unsigned long long)request.bytes,
			   (unsigned long long)bytes);
	if (result >= 0)
		tally_reach(result ? TALLY_SNAPSHOT_FULL : TALLY_SNAPSHOT_DONE);
}

void calls_look(struct model *model, const struct dither_ledger *ledger)
{
	if (!session_balances(ledger))
		tally_fail("the ledger of CPU %u does not balance", ledger->cpu);
	if (ledger->lost[DITHER_LOST_RING] || ledger->lost[DITHER_LOST_PROCESS])
		tally_reach(TALLY_RECORDS_LOST);
	if (ledger->bad_tails)
		tally_reach(TALLY_BAD_TAIL);
	if (ledger->cpu)
		return;
	if (ledger->cells < model->cells)
		tally_fail("the ledger's cells went back");
	model->cells = ledger->cells;
}

void calls_ledger(struct model *model)
{
	struct dither_ledger ledger = { 0 };
	struct verdict verdict = { 0 };
	void *argument;
	long result;

	if (random_below(&model->random, 8))
		ledger.cpu = random_below(&model->random, model->cpus);
	else
		ledger.cpu = random_next(&model->random) >> random_below(&model->random, 32);
	argument = argument_place(&model->argument, &model->random, &ledger,
				  sizeof(ledger), &verdict);
	if (!model->configured || ledger.cpu >= model->cpus)
		verdict_add(&verdict, EINVAL);
	result = calls_make(model, TALLY_LEDGER, DITHER_IOC_LEDGER, argument, &verdict,
		      "LEDGER");
	argument_return(&model->argument, "LEDGER", result, &ledger);
	if (!result && ledger.size >= sizeof(ledger))
		calls_look(model, &ledger);
}

void calls_unknown(struct model *model)
{
	const struct verdict verdict = { 1, { ENOTTY } };
	unsigned long command;

	command = random_below(&model->random, 2) ?
			  _IOC(random_below(&model->random, 4), DITHER_IOC_MAGIC,
			       8 + random_below(&model->random, 248),
			       random_below(&model->random, 256)) :
			  _IOC(random_below(&model->random, 4), 'd',
			       random_below(&model->random, 8),
			       random_below(&model->random, 256));
	calls_make(model, TALLY_UNKNOWN, command, model->argument.pages, &verdict,
	     "an unknown ioctl");
}

int calls_poll(struct model *model)
{
	struct pollfd poller = { model->fd, POLLIN, 0 };

	if (tally_note(TALLY_POLL, poll(&poller, 1, random_below(&model->random, 4))) < 0) {
		tally_fail("poll failed");
		return 0;
	}
	if (!model->configured && poller.revents)
		tally_fail("poll says %#x of what is not configured", poller.revents);
	if (model->stopped && !poller.revents)
		tally_fail("poll says nothing of what has stopped");
	if (!model->stopped && poller.revents & POLLHUP)
		tally_fail("poll says that what runs has hung up");
	if (poller.revents & POLLIN)
		tally_reach(TALLY_READABLE);
	if (poller.revents & POLLHUP)
		tally_reach(TALLY_HUNG_UP);
	return poller.revents;
}
