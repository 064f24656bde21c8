// SPDX-License-Identifier: GPL-2.0
/*
 * A third of the steps lead on in the life of a session, so that every state
 * is met; the others try something on it, good, spoilt or out of turn.
 */
#include "model.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../../unit/random_numbers.h"
#include "../lib/touch.h"
#include "calls.h"
#include "config.h"
#include "files.h"
#include "post.h"
#include "tables.h"

static void begin(struct model *model)
{
	int mode = random_below(&model->random, 8) ? O_RDWR : O_RDONLY;
	int fd = tally_note(TALLY_OPEN, open(DITHER_DEVICE, mode | O_CLOEXEC));

	if (fd == -EMFILE) {
		usleep(1000);	/* somebody hoards sessions */
		return;
	}
	if (fd < 0) {
		tally_fail("open: %d", fd);
		return;
	}
	model->fd = fd;
	model->configured = model->running = model->stopped = false;
	model->cells = 0;
	model->maps = (struct maps){
		.fd = fd,
		.cpus = model->cpus,
		.writable = mode == O_RDWR,
		.size = DITHER_RING_MIN,
		.side = DITHER_RING_MIN,
	};
}

/* A mapping keeps a session alive that cannot be spoken to any more. */
static void end(struct model *model)
{
	struct dither_ledger ledger = { .size = sizeof(ledger) };
	int fd = model->fd;

	if (model->running && !model->maps.head)
		tally_reach(TALLY_CLOSED_RUNNING);
	if (model->maps.head && random_below(&model->random, 2))
		maps_drop(&model->maps);
	if (!random_below(&model->random, 8))
		post_send(model->post, fd);
	if (tally_note(TALLY_CLOSE, close(fd)))
		tally_fail("close failed");
	model->fd = -1;
	if (tally_note(TALLY_LEDGER, ioctl(fd, DITHER_IOC_LEDGER, &ledger)) != -EBADF)
		tally_fail("a closed descriptor can be used");
	if (model->maps.head) {
		if (tally_note(TALLY_TOUCH, touch_read(model->maps.head, NULL)))
			tally_fail("a mapping went with the descriptor");
		tally_reach(TALLY_USED_AFTER_CLOSE);
	}
	maps_drop(&model->maps);
}

/* Until there is no room; then whatever comes is lost, and the tail is bad. */
static void fill_up(struct model *model)
{
	int i, result = 0;
	unsigned int cpu;

	if (model->maps.tail && random_below(&model->random, 2)) {
		*model->maps.tail = random_next(&model->random);
		tally_note(TALLY_SCRIBBLE, 0);
	}
	for (i = 0; model->running && !result && i < 100; i++) {
		struct dither_snapshot request = {
			.size = sizeof(request),
			.pid = getpid(),
		};

		result = tally_note(TALLY_SNAPSHOT,
				    ioctl(model->fd, DITHER_IOC_SNAPSHOT, &request));
	}
	if (result == 1)
		tally_reach(TALLY_SNAPSHOT_FULL);
	usleep(random_below(&model->random, 3000));
	for (cpu = 0; cpu < model->cpus; cpu++) {
		struct dither_ledger ledger = { .size = sizeof(ledger), .cpu = cpu };

		if (tally_note(TALLY_LEDGER, ioctl(model->fd, DITHER_IOC_LEDGER, &ledger)))
			tally_fail("no ledger of CPU %u", cpu);
		else
			calls_look(model, &ledger);
	}
}

/* Read all, as a reader does that does not care; once stopped, that is all. */
static void read_away(struct model *model)
{
	unsigned int cpu;
	int says;

	for (cpu = 0; cpu < model->cpus && model->maps.configured; cpu++) {
		maps_make(&model->maps, cpu);
		if (!model->maps.tail || !model->maps.head)
			return;
		*model->maps.tail = __atomic_load_n(model->maps.head, __ATOMIC_ACQUIRE);
	}
	says = calls_poll(model);
	if (model->stopped && says != POLLHUP)
		tally_fail("poll says %#x when all is read", says);
}

/* Sessions until there are no more, or no memory for them; others go without. */
static void hoard(bool memory)
{
	int fds[64], count = 0;
	long error = 0;

	while (!error && count < 64) {
		struct dither_config config = {
			.size = sizeof(config),
			.period_ns = DITHER_PERIOD_MAX_NS,
			.ring_bytes = DITHER_RING_MAX,
		};

		fds[count] = tally_note(TALLY_OPEN, open(DITHER_DEVICE, O_RDWR | O_CLOEXEC));
		if (fds[count] < 0)
			error = fds[count];
		else if (memory)
			error = tally_note(TALLY_CONFIGURE,
					   ioctl(fds[count++], DITHER_IOC_CONFIGURE, &config));
		else
			count++;
	}
	if (error == -EMFILE)
		tally_reach(TALLY_ALL_SESSIONS);
	if (error == -ENOMEM)
		tally_reach(TALLY_ALL_MEMORY);
	while (count--)
		close(fds[count]);
}

static void run_on(struct model *model)
{
	switch (random_below(&model->random, 8)) {
	case 0:
		calls_stop(model);
		break;
	case 1:
		maps_drop(&model->maps);
		end(model);
		break;
	case 2:
	case 3:
		fill_up(model);
		break;
	case 4:
		read_away(model);
		break;
	}
}

static void lead_on(struct model *model)
{
	if (!model->configured)
		calls_configure(model, 0);
	else if (!model->maps.head)
		maps_make(&model->maps, random_below(&model->random, model->cpus));
	else if (!model->running && !model->stopped)
		calls_start(model);
	else if (model->running)
		run_on(model);
	else if (model->maps.writable && random_below(&model->random, 3))
		read_away(model);
	else
		end(model);
}

static void attack(struct model *model)
{
	switch (random_below(&model->random, 40)) {
	case 0:
	case 1:
		calls_info(model);
		break;
	case 2:
	case 3:
	case 4:
	case 5:
		calls_configure(model, 2);
		break;
	case 6:
		calls_start(model);
		break;
	case 7:
		if (!random_below(&model->random, 8))
			calls_stop(model);
		break;
	case 8:
	case 9:
	case 10:
		calls_snapshot(model);
		break;
	case 11:
	case 12:
	case 13:
		calls_ledger(model);
		break;
	case 14:
		calls_unknown(model);
		break;
	case 15:
	case 16:
		calls_poll(model);
		break;
	case 17:
	case 18:
	case 19:
		maps_try(&model->maps, &model->random);
		break;
	case 20:
	case 21:
	case 22:
	case 23:
		maps_attack(&model->maps, &model->random);
		break;
	case 24:
		if (!random_below(&model->random, 8))
			end(model);
		break;
	case 25:
		if (!tally_reached(TALLY_ALL_MEMORY))
			hoard(true);
		else if (!tally_reached(TALLY_ALL_SESSIONS) ||
			 !random_below(&model->random, 32))
			hoard(false);
		break;
	case 26:
	case 27:
	case 28:
	case 29:
		tables_give(model);
		break;
	case 30:
		tables_give_own(model);
		break;
	case 31:
		tables_count(model);
		break;
	default:
		files_attack(model->fd, &model->random);
	}
}

/* From a session like any other: what this machine has. */
static void learn(struct model *model)
{
	const struct dither_config config = {
		.period_ns = DITHER_PERIOD_MAX_NS,
		.ring_bytes = DITHER_RING_MIN,
	};
	struct session session;

	while (session_open(&session, &config))
		usleep(1000);	/* others have all sessions, or all memory */
	model->info = session.info;
	model->cpus = session.ring_count;
	session_close(&session);
}

static bool has_tables(const struct model *model)
{
	return model->info.features & DITHER_FEATURE_UNWIND_TABLES;
}

void model_run(uint64_t seed, const volatile bool *stop, int post)
{
	struct model model = { .random = seed, .fd = -1, .post = post };

	touch_init();
	argument_init(&model.argument);
	learn(&model);
	config_init(model.info.cpus, has_tables(&model));
	tables_init(has_tables(&model));
	while (!*stop) {
		if (model.fd < 0)
			begin(&model);
		else if (!random_below(&model.random, 3))
			lead_on(&model);
		else
			attack(&model);
	}
	if (model.fd >= 0)
		end(&model);
}
