/* SPDX-License-Identifier: GPL-2.0 */
/* The account of a session; see struct dither_ledger. */
#ifndef DITHER_LEDGER_H
#define DITHER_LEDGER_H

struct dither_ledger;
struct dither_session;

/* The session starts, and stops. */
void dither_ledger_begin(struct dither_session *session);
void dither_ledger_end(struct dither_session *session);

/* Of the CPU that @ledger names. -EINVAL: it has no ring. */
int dither_ledger_fill(struct dither_session *session,
		       struct dither_ledger *ledger);

#endif
