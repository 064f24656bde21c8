// SPDX-License-Identifier: GPL-2.0
/*
 * A session of the default CPUs whose ledgers are read again and again: does
 * that disturb the CPUs that it leaves alone?
 *
 * Usage: ledgers COUNT. Exit status: 0, or 1 with what failed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "lib/session.h"

int main(int argc, char **argv)
{
	const struct dither_config config = {
		.period_ns = DITHER_PERIOD_MAX_NS,
	};
	int count = argc == 2 ? atoi(argv[1]) : 0;
	struct dither_ledger ledger;
	struct session session;

	if (count < 1) {
		fprintf(stderr, "usage: ledgers COUNT\n");
		return 2;
	}
	if (session_open(&session, &config) || session_start(&session)) {
		printf("no session\n");
		return 1;
	}
	for (int i = 0; i < count; i++) {
		for (unsigned int j = 0; j < session.ring_count; j++) {
			if (session_ledger(&session, session.rings[j].cpu,
					   &ledger)) {
				printf("no ledger\n");
				return 1;
			}
		}
	}
	session_close(&session);
	return 0;
}
