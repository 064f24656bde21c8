/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A session as an honest program has one: opened, configured, mapped on every
 * CPU that has a ring. All return 0 or a negative error. One thread at a time.
 */
#ifndef HOSTILE_SESSION_H
#define HOSTILE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "../../../include/dither/abi.h"

#define SESSION_CPUS_MAX 64

struct session_ring {
	unsigned int cpu;
	uint32_t size;
	struct dither_tail *tail;
	const struct dither_head *head;
	const uint8_t *data;
};

struct session {
	int fd;
	struct dither_info info;
	struct dither_config config;	/* as written back */
	unsigned int ring_count;
	struct session_ring rings[SESSION_CPUS_MAX];
};

int session_open(struct session *session, const struct dither_config *config);
/* On a descriptor that is open already, and stays so. */
int session_adopt(struct session *session, int fd,
		  const struct dither_config *config);
int session_start(struct session *session);
int session_stop(struct session *session);
int session_snapshot(const struct session *session, int pid);
int session_ledger(const struct session *session, unsigned int cpu,
		   struct dither_ledger *ledger);
void session_close(struct session *session);

/* What the specification promises of every ledger. */
bool session_balances(const struct dither_ledger *ledger);

#endif
