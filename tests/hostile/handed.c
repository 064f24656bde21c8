// SPDX-License-Identifier: GPL-2.0
/*
 * Uses a session on a descriptor that somebody else has opened, with whatever
 * capabilities this process has.
 *
 * Usage: handed FD. Exit status: 0, or 1 with what failed.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/session.h"

static int failed(const char *what, int error)
{
	printf("%s: %s\n", what, strerror(-error));
	return 1;
}

static int use(struct session *session)
{
	struct dither_ledger ledger;
	int error;

	error = session_start(session);
	if (error)
		return failed("START", error);
	poll(NULL, 0, 100);
	error = session_stop(session);
	if (error)
		return failed("STOP", error);
	for (unsigned int i = 0; i < session->ring_count; i++) {
		error = session_ledger(session, session->rings[i].cpu, &ledger);
		if (error)
			return failed("LEDGER", error);
		if (!session_balances(&ledger))
			return failed("the ledger does not balance", 0);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct dither_config config = { .period_ns = 1000000 };
	struct session session;
	int error;

	if (argc != 2) {
		fprintf(stderr, "usage: handed FD\n");
		return 2;
	}
	error = session_adopt(&session, atoi(argv[1]), &config);
	return error ? failed("the session", error) : use(&session);
}
