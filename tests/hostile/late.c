// SPDX-License-Identifier: GPL-2.0
/*
 * A session of kernel mode that is configured, says "configured", and starts at
 * the end of its input: what was allowed may not be any more. Prints what START
 * says. Exit status: 0, or 1 if there is no session.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/session.h"

int main(void)
{
	const struct dither_config config = { .period_ns = 1000000 };
	struct session session;
	int error = session_open(&session, &config);
	char byte;

	if (error) {
		printf("%s\n", strerror(-error));
		return 1;
	}
	puts("configured");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	printf("START: %s\n", strerror(-session_start(&session)));
	session_close(&session);
	return 0;
}
