// SPDX-License-Identifier: GPL-2.0
/*
 * One sample: filter, walk, intern, reserve the exact size, copy. Called by
 * the clock in hard interrupt context, and by events in any context up to NMI;
 * one that interrupts another in here walks in scratch space of its own.
 */
#include <linux/ktime.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>

#include "arch.h"
#include "compat/sched.h"
#include "core/stack_record.h"
#include "pid_translation.h"
#include "record_output.h"
#include "sample.h"
#include "session_state.h"
#include "stack_hash.h"
#include "unwind.h"

/* A stack on its way into the ring. */
struct stack_entry {
	struct dither_walk walk;
	u32 ref;
	u32 bytes;		/* of its STACK record; 0: none is needed */
	u32 shared;		/* outer frames that .base has in that one */
	bool claimed;		/* .ref, in the intern table */
	struct dither_base *base; /* NULL: it is to be whole, and no base */
};

/* What is to be sampled. */
struct moment {
	struct pt_regs *regs;
	u64 now;
	u64 due;
	u8 event;
	const struct dither_counts *counts; /* NULL: none */
};

/* What sampling contexts need, by how deep they nest on this CPU. */
struct dither_scratch {
	u32 used;
	struct stack_entry kernel_entry[DITHER_NESTING_MAX];
	struct stack_entry user_entry[DITHER_NESTING_MAX];
	struct dither_cached_stack kernel[DITHER_NESTING_MAX];
	struct dither_cached_stack
		user[DITHER_NESTING_MAX - 1]; /* from level 1 on */
};

static struct dither_scratch __percpu *scratches;

static void begin_walk(const struct dither_cpu *cpu, struct stack_entry *entry,
		       struct dither_cached_stack *cached, u8 flags)
{
	entry->walk.cached = cached;
	entry->walk.room = cpu->session->config.max_depth;
	entry->walk.count = 0;
	entry->walk.flags = flags;
	entry->walk.same = false;
	entry->walk.tables = NULL;
	entry->walk.kept = NULL;
	entry->base = NULL;
}

/* Where user stacks are unwound by tables, too. */
static void use_tables(struct dither_cpu *cpu, struct stack_entry *entry,
		       u32 level)
{
	if (!(cpu->session->config.flags & DITHER_F_TABLES))
		return;
	entry->walk.tables = cpu;
	/* One context at a time. */
	if (level)
		return;
	entry->walk.kept = cpu->kept_rules;
	entry->base = &cpu->base;
}

/* The cached stack is this very stack, with a number of this epoch. */
static inline bool has_number(const struct dither_cpu *cpu,
			      const struct dither_walk *walk)
{
	return walk->same && walk->cached->epoch == cpu->intern.epoch;
}

static noinline void find_number(struct dither_cpu *cpu,
				 struct stack_entry *entry)
{
	struct dither_walk *walk = &entry->walk;
	u64 hash;

	/*
	 * A walk without an address is kept all the same, for the reason why
	 * it ended.
	 */
	hash = dither_stack_hash(walk, cpu->session->hash_keys);
	switch (dither_intern_find(&cpu->intern, hash, &entry->ref)) {
	case DITHER_INTERN_KNOWN:
		return;
	case DITHER_INTERN_CLAIMED:
		entry->claimed = true;
		break;
	case DITHER_INTERN_NO_PLACE:
		entry->ref = DITHER_STACK_ADJACENT;
		break;
	}
	/* No epoch begins before this sample has been written. */
	entry->shared = entry->base && entry->base->epoch == cpu->intern.epoch ?
				dither_stack_record_shared(walk, entry->base) :
				0;
	entry->bytes = dither_stack_record_bytes(walk, entry->shared);
}

static inline void intern_stack(struct dither_cpu *cpu,
				struct stack_entry *entry)
{
	entry->claimed = false;
	entry->bytes = 0;
	if (likely(has_number(cpu, &entry->walk)))
		entry->ref = entry->walk.cached->ref;
	else
		find_number(cpu, entry);
}

static noinline void settle_number(struct dither_cpu *cpu,
				   struct stack_entry *entry, bool written)
{
	const struct dither_walk *walk = &entry->walk;
	struct dither_cached_stack *cached = walk->cached;

	if (entry->claimed)
		dither_intern_settle(&cpu->intern, entry->ref, written);
	if (entry->base && entry->claimed && written && !entry->shared)
		dither_stack_record_keep(entry->base, walk, entry->ref,
					 cpu->intern.epoch);
	if (written && entry->bytes)
		local64_inc(&cpu->account.stacks_written);
	else if (written)
		local64_inc(&cpu->account.stacks_shared);
	cached->count = walk->count;
	cached->room = walk->room;
	cached->flags = walk->flags;
	cached->unwinder = walk->unwinder;
	cached->end = walk->end;
	cached->ref = entry->ref;
	cached->epoch = written && entry->ref != DITHER_STACK_ADJACENT ?
				cpu->intern.epoch :
				DITHER_EPOCH_NONE;
}

/* After the ring has taken the sample, or has not. */
static inline void settle_stack(struct dither_cpu *cpu,
				struct stack_entry *entry, bool written)
{
	if (likely(written && has_number(cpu, &entry->walk)))
		local64_inc(&cpu->account.stacks_shared);
	else
		settle_number(cpu, entry, written);
}

static u8 context_flags(struct pt_regs *regs)
{
	if (user_mode(regs))
		return dither_regs_compat(regs) ?
			       DITHER_SAMPLE_USER | DITHER_SAMPLE_COMPAT :
			       DITHER_SAMPLE_USER;
	if (is_idle_task(current))
		return DITHER_SAMPLE_IDLE;
	return current->flags & PF_KTHREAD ? DITHER_SAMPLE_KTHREAD : 0;
}

static inline struct dither_tally *tally_of(struct dither_cpu *cpu,
					    const struct moment *moment)
{
	return moment->event ? &cpu->account.event : &cpu->account.clock;
}

static enum dither_outcome lose(struct dither_cpu *cpu, enum dither_lost cause,
				const struct moment *moment)
{
	dither_ring_lose(&cpu->ring, cause, moment->now);
	local64_inc(&tally_of(cpu, moment)->lost[cause]);
	return DITHER_OUTCOME_LOST;
}

static u8 *write_stack(u8 *at, const struct stack_entry *entry)
{
	return dither_stack_record_write(at, &entry->walk, entry->ref,
					 entry->bytes, entry->base,
					 entry->shared);
}

/* Behind a sample that is in the ring already. */
static noinline void write_counts(struct dither_sample *sample,
				  const struct dither_counts *counts)
{
	u16 i;

	sample->counters = counts->count;
	sample->header.size += counts->count * sizeof(u64);
	for (i = 0; i < counts->count; i++)
		sample->counter[i] = counts->value[i];
}

/* Write the sample behind what new stacks it brings; NULL: it has none. */
static bool write_sample(struct dither_cpu *cpu, const struct moment *moment,
			 const struct stack_entry *kernel,
			 const struct stack_entry *user)
{
	u32 bytes = sizeof(struct dither_sample);
	struct task_struct *task = current;
	struct dither_sample *sample;
	u8 *at;

	if (kernel)
		bytes += kernel->bytes;
	if (user)
		bytes += user->bytes;
	if (unlikely(moment->counts))
		bytes += moment->counts->count * sizeof(u64);
	at = dither_ring_reserve(&cpu->ring, bytes, moment->now, NULL);
	if (unlikely(!at)) {
		lose(cpu, dither_ring_refusal(&cpu->ring), moment);
		dither_output_wake(cpu, moment->now);
		return false;
	}
	if (kernel && kernel->bytes)
		at = write_stack(at, kernel);
	if (user && user->bytes)
		at = write_stack(at, user);
	sample = (void *)at;
	sample->header.size = sizeof(*sample);
	sample->header.type = DITHER_RECORD_SAMPLE;
	sample->header.flags = context_flags(moment->regs);
	sample->header.tid = dither_number_of_thread(cpu->session, task);
	sample->time = moment->now;
	sample->ip = instruction_pointer(moment->regs);
	sample->tgid = dither_number_of_process(cpu->session, task);
	sample->lateness = min_t(u64, moment->now - moment->due, U32_MAX);
	sample->kernel_stack = kernel ? kernel->ref : DITHER_STACK_NONE;
	sample->user_stack = user ? user->ref : DITHER_STACK_NONE;
	sample->counters = 0;
	sample->event = moment->event;
	if (likely(!moment->event)) {
		sample->overruns = cpu->overruns;
		sample->shift = cpu->schedule.shift;
		cpu->overruns = 0;
	} else {
		sample->overruns = 0;
		sample->shift = 0;
	}
	if (unlikely(moment->counts))
		write_counts(sample, moment->counts);
	dither_output_commit(cpu, moment->now);
	local64_inc(&tally_of(cpu, moment)->kept);
	return true;
}

static bool sample_user_mode(struct dither_cpu *cpu,
			     const struct moment *moment,
			     struct stack_entry *user)
{
	bool written;

	dither_unwind_user(moment->regs, false, &user->walk);
	intern_stack(cpu, user);
	written = write_sample(cpu, moment, NULL, user);
	settle_stack(cpu, user, written);
	return written;
}

/* Whether the current task has a user half to walk. */
static bool has_user_half(const struct dither_cpu *cpu)
{
	return !(current->flags & DITHER_PF_NO_USER_HALF) && current->mm &&
	       user_mode(task_pt_regs(current)) &&
	       !(cpu->session->config.flags & DITHER_F_KERNEL_ONLY);
}

/*
 * The user half of a task in the kernel. An NMI may come while another address
 * space is loaded for a moment: then none of this one's memory can be read.
 */
static void walk_user_half(struct dither_walk *walk)
{
	if (likely(!in_nmi() || dither_user_memory_loaded(current->mm))) {
		dither_unwind_user(task_pt_regs(current), true, walk);
	} else {
		walk->unwinder = DITHER_UNWIND_NONE;
		walk->end = DITHER_END_FAULT;
	}
}

static bool sample_kernel_mode(struct dither_cpu *cpu,
			       const struct moment *moment,
			       struct stack_entry *kernel,
			       struct stack_entry *user)
{
	bool with_user = has_user_half(cpu);
	bool written;

	dither_unwind_kernel(moment->regs, &kernel->walk);
	intern_stack(cpu, kernel);
	if (with_user) {
		walk_user_half(&user->walk);
		intern_stack(cpu, user);
	}
	written = write_sample(cpu, moment, kernel, with_user ? user : NULL);
	settle_stack(cpu, kernel, written);
	if (with_user)
		settle_stack(cpu, user, written);
	return written;
}

static bool is_filtered(const struct dither_cpu *cpu, struct pt_regs *regs)
{
	u32 unwanted = user_mode(regs) ? DITHER_F_KERNEL_ONLY :
					 DITHER_F_USER_ONLY;

	if (cpu->session->config.flags & unwanted)
		return true;
	return !dither_filter_passes(&cpu->session->filter, current->tgid);
}

static __always_inline enum dither_outcome take(struct dither_cpu *cpu,
						const struct moment *moment)
{
	struct dither_scratch *scratch = this_cpu_ptr(scratches);
	u32 level = scratch->used;
	struct stack_entry *user;
	bool written;

	if (unlikely(!moment->regs))
		return lose(cpu, DITHER_LOST_REGS, moment);
	if (is_filtered(cpu, moment->regs)) {
		local64_inc(&tally_of(cpu, moment)->filtered);
		return DITHER_OUTCOME_FILTERED;
	}
	if (unlikely(level >= DITHER_NESTING_MAX))
		return lose(cpu, DITHER_LOST_NESTED, moment);
	if (unlikely(!dither_output_before_sample(cpu, moment->now)))
		return lose(cpu, dither_ring_refusal(&cpu->ring), moment);
	WRITE_ONCE(scratch->used, level + 1);
	barrier();
	dither_intern_begin(&cpu->intern, &cpu->ring, moment->now);
	user = &scratch->user_entry[level];
	if (likely(!level)) {
		begin_walk(cpu, user, &cpu->last_user, 0);
	} else {
		scratch->user[level - 1].count = 0;
		begin_walk(cpu, user, &scratch->user[level - 1], 0);
	}
	use_tables(cpu, user, level);
	if (user_mode(moment->regs)) {
		written = sample_user_mode(cpu, moment, user);
	} else {
		struct stack_entry *kernel = &scratch->kernel_entry[level];

		begin_walk(cpu, kernel, &scratch->kernel[level],
			   DITHER_STACK_KERNEL);
		written = sample_kernel_mode(cpu, moment, kernel, user);
	}
	dither_intern_end(&cpu->intern);
	barrier();
	WRITE_ONCE(scratch->used, level);
	return written ? DITHER_OUTCOME_KEPT : DITHER_OUTCOME_LOST;
}

/* With what the session's events have counted. */
static noinline void take_counted(struct dither_cpu *cpu, struct moment *moment)
{
	struct dither_counts counts;

	counts.count = 0;
	dither_pmu_read(&cpu->pmu, moment->now, &counts);
	moment->counts = &counts;
	dither_pmu_account(&cpu->pmu, &counts, take(cpu, moment));
}

void dither_sample_take(struct dither_cpu *cpu, struct pt_regs *regs, u64 now,
			u64 due)
{
	struct moment moment = {
		.regs = regs,
		.now = now,
		.due = due,
	};

	if (unlikely(cpu->pmu.count))
		take_counted(cpu, &moment);
	else
		take(cpu, &moment);
}

enum dither_outcome dither_sample_event(struct dither_cpu *cpu,
					struct pt_regs *regs, u8 event,
					const struct dither_counts *counts)
{
	const u64 now = ktime_get_mono_fast_ns();
	const struct moment moment = {
		.regs = regs,
		.now = now,
		.due = now,
		.event = event,
		.counts = counts,
	};
	enum dither_outcome outcome;

	local64_inc(&cpu->account.events);
	outcome = take(cpu, &moment);
	local_add(ktime_get_mono_fast_ns() - now, &cpu->other_ns);
	return outcome;
}

int dither_sample_init(void)
{
	scratches = alloc_percpu(struct dither_scratch);
	return scratches ? 0 : -ENOMEM;
}

void dither_sample_uninit(void)
{
	free_percpu(scratches);
}
