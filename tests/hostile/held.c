// SPDX-License-Identifier: GPL-2.0
/*
 * A session that nobody reads, which keeps the newest of its records: what its
 * sampling costs is then its own cost. With tables it begins with a snapshot of
 * all processes. Prints "ready" when it runs; at the end of standard input what
 * unwind tables and maps of processes take, and a line for each CPU of what its
 * ledger says. A line of input before that has it print "own" and what the
 * ledgers call dither's own time, in sum.
 *
 * Usage: held PERIOD_NS [tables]. Exit status: 0, or 1 if there is no session
 * or a ledger does not balance.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/session.h"

static void print_tables(const struct session *session)
{
	struct dither_tables tables = { .size = sizeof(tables) };

	if (!ioctl(session->fd, DITHER_IOC_TABLES, &tables))
		printf("tables %u %" PRIu64 " of %" PRIu64
		       " bytes evicted=%" PRIu64 " unmapped=%" PRIu64 "\n",
		       tables.count, (uint64_t)tables.bytes,
		       (uint64_t)tables.bytes_max, (uint64_t)tables.evicted,
		       (uint64_t)tables.unmapped);
}

static void snapshot_all(const struct session *session)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;

	while (processes && (entry = readdir(processes))) {
		int pid = atoi(entry->d_name);

		if (pid)
			session_snapshot(session, pid);
	}
	if (processes)
		closedir(processes);
}

static void print_own_time(const struct session *session)
{
	uint64_t own = 0;

	for (unsigned int i = 0; i < session->ring_count; i++) {
		struct dither_ledger ledger = { 0 };

		if (!session_ledger(session, session->rings[i].cpu, &ledger))
			own += ledger.handler_ns;
	}
	printf("own %" PRIu64 "\n", own);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct dither_config config = {
		.flags = DITHER_F_OVERWRITE,
		.budget_ppm = 1000000,
		.ring_bytes = 1 << 18,
	};
	static struct session session;
	bool whole = true;
	char byte;
	int error;

	if (argc < 2 || argc > 3 || (argc == 3 && strcmp(argv[2], "tables"))) {
		fprintf(stderr, "usage: held PERIOD_NS [tables]\n");
		return 2;
	}
	config.period_ns = strtoull(argv[1], NULL, 0);
	if (argc == 3)
		config.flags |= DITHER_F_TABLES;
	error = session_open(&session, &config);
	if (!error)
		error = session_start(&session);
	if (error) {
		printf("there is no session: %s\n", strerror(-error));
		return 1;
	}
	if (config.flags & DITHER_F_TABLES)
		snapshot_all(&session);
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		print_own_time(&session);
	print_tables(&session);
	session_stop(&session);
	for (unsigned int i = 0; i < session.ring_count; i++) {
		struct dither_ledger ledger = { 0 };

		if (session_ledger(&session, session.rings[i].cpu, &ledger))
			continue;
		whole = whole && session_balances(&ledger);
		printf("cpu %u cells %" PRIu64 " kept %" PRIu64 " idle %" PRIu64
		       " handler_ns %" PRIu64 "\n",
		       ledger.cpu, (uint64_t)ledger.cells,
		       (uint64_t)ledger.kept, (uint64_t)ledger.idle,
		       (uint64_t)ledger.handler_ns);
	}
	session_close(&session);
	return whole ? 0 : 1;
}
