// SPDX-License-Identifier: GPL-2.0
/*
 * Each file is asked for once, by the first that needs it; see
 * missing_tables.h.
 */
#include <linux/ktime.h>
#include <linux/sched.h>

#include "core/code_map_tree.h"
#include "missing_tables.h"
#include "pid_translation.h"
#include "record_output.h"
#include "table_registry.h"

static atomic_t ask_generation = ATOMIC_INIT(1);

static void write_wanted(const struct dither_session *session,
			 struct dither_map *record, const struct dither_map *like,
			 const struct dither_range *range, u64 now)
{
	memcpy(record, like, like->header.size);
	record->header.type = DITHER_RECORD_TABLE_WANTED;
	record->header.flags &= ~DITHER_RECORD_SNAPSHOT;
	record->header.tid = dither_number_of_thread(session, current);
	record->time = now;
	record->tgid = dither_number_of_process(session, current);
	record->start = range->start;
	record->length = range->end - range->start;
	record->offset = range->offset;
}

void dither_tables_ask(struct dither_cpu *cpu, const struct dither_range *range)
{
	struct dither_file *file = range->file;
	u32 generation = atomic_read(&ask_generation);
	u32 asked = READ_ONCE(file->asked);
	const struct dither_map *mapping;
	struct dither_map *record;
	u64 now;

	/* Pairs with the release of who makes it. */
	mapping = smp_load_acquire(&file->mapping);
	if (asked == generation || READ_ONCE(file->none) || !mapping)
		return;
	now = ktime_get_mono_fast_ns();
	if (!dither_flood_may_ask(&cpu->flood, mapping->header.size, now))
		return;
	/* One of those that want it asks. */
	if (cmpxchg(&file->asked, asked, generation) != asked)
		return;
	record = dither_ring_reserve(&cpu->ring, mapping->header.size, now, NULL);
	if (record) {
		write_wanted(cpu->session, record, mapping, range, now);
		dither_output_commit(cpu, now);
		/* Each sample until it comes is one without it. */
		dither_output_call(cpu);
	} else {
		WRITE_ONCE(file->asked, asked);
	}
}

void dither_tables_ask_ahead(const struct dither_range *range, u32 tgid)
{
	const struct dither_session *session;
	struct dither_cpu *cpu;

	if (READ_ONCE(range->file->asked) == atomic_read(&ask_generation) ||
	    dither_file_table(range->file))
		return;
	preempt_disable();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		cpu = session->cpus[smp_processor_id()];
		if (cpu && session->config.flags & DITHER_F_TABLES &&
		    dither_filter_passes(&session->filter, tgid)) {
			dither_tables_ask(cpu, range);
			break;
		}
	}
	preempt_enable();
}

void dither_tables_ask_again(void)
{
	atomic_inc(&ask_generation);
}
