/* SPDX-License-Identifier: GPL-2.0 */
/* User space is asked, in TABLE_WANTED records, for tables that are missing. */
#ifndef DITHER_MISSING_TABLES_H
#define DITHER_MISSING_TABLES_H

#include <linux/types.h>

struct dither_cpu;
struct dither_range;

/*
 * Ask for the table of @range's file through @cpu's ring, unless that has been
 * done. On that CPU, under RCU; IRQ and NMI safe.
 */
void dither_tables_ask(struct dither_cpu *cpu, const struct dither_range *range);

/*
 * The same, if there is none, of any session that unwinds process @tgid by
 * tables: before a sample misses it. Under RCU, in task context.
 */
void dither_tables_ask_ahead(const struct dither_range *range, u32 tgid);

/* A session starts: it is to be asked for what is missing. */
void dither_tables_ask_again(void);

#endif
