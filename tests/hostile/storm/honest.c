// SPDX-License-Identifier: GPL-2.0
/* One session after the other, each for some hundred milliseconds. */
#include "honest.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "../../unit/random_numbers.h"
#include "../lib/session.h"
#include "../lib/stream.h"
#include "../lib/tally.h"

static bool can_unwind;

static void choose(struct dither_config *config, uint64_t *random)
{
	static const uint32_t flags[] = { 0, 0, DITHER_F_USER_ONLY,
					  DITHER_F_KERNEL_ONLY, DITHER_F_IDLE };
	bool tables = can_unwind && random_below(random, 2);

	*config = (struct dither_config){
		.flags = flags[random_below(random, 5)] |
			 (tables ? DITHER_F_TABLES : 0),
		.policy = random_below(random, DITHER_POLICY_COUNT),
		.period_ns = 1000000 << random_below(random, 3),
		.ring_bytes = DITHER_RING_MIN << random_below(random, 3),
		.budget_ppm = random_below(random, 2) ? DITHER_BUDGET_MAX_PPM : 0,
	};
}

static void must(const char *what, int result)
{
	if (result < 0)
		tally_fail("an honest session: %s: %d", what, result);
}

static void record(struct session *session, uint64_t *random)
{
	struct pollfd poller = { session->fd, POLLIN, 0 };
	uint64_t rounds = 5 + random_below(random, 20);
	struct stream stream;

	stream_begin(&stream, session);
	must("START", session_start(session));
	must("SNAPSHOT", session_snapshot(session, getpid()));
	while (rounds--) {
		must("poll", poll(&poller, 1, 50));
		stream_drain(&stream);
	}
	must("STOP", session_stop(session));
	while (stream_drain(&stream))
		;
	must("poll", poll(&poller, 1, 0));
	if (poller.revents != POLLHUP)
		tally_fail("an honest session: poll says %#x at its end",
			   poller.revents);
	stream_settle(&stream);
	stream_end(&stream);
	tally_reach(TALLY_HONEST);
}

void honest_run(uint64_t seed, const volatile bool *stop)
{
	struct dither_config config;
	struct session session;
	uint64_t random = seed;
	int error;

	while (!*stop) {
		choose(&config, &random);
		error = session_open(&session, &config);
		if (error == -EMFILE || error == -ENOMEM) {
			usleep(1000);	/* others have it all */
			continue;
		}
		must("open", error);
		if (error)
			return;
		record(&session, &random);
		can_unwind = session.info.features & DITHER_FEATURE_UNWIND_TABLES;
		session_close(&session);
	}
}
