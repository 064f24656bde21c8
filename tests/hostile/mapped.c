// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps a running session by nothing but its mappings: the descriptor is
 * closed. Says "mapped", and waits for the end of its input.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/session.h"

int main(void)
{
	const struct dither_config config = { .period_ns = 1000000 };
	struct session session;
	char byte;
	int error = session_open(&session, &config);

	if (!error)
		error = session_start(&session);
	if (error) {
		printf("%s\n", strerror(-error));
		return 1;
	}
	close(session.fd);
	puts("mapped");
	fflush(stdout);
	return read(0, &byte, 1) != 0;
}
