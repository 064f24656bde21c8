// SPDX-License-Identifier: GPL-2.0
/*
 * One sample: filter, walk into this context's scratch, intern, reserve the
 * exact size, copy. Called by the clock in hard interrupt context.
 */
#include <linux/percpu.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>

#include "arch.h"
#include "output.h"
#include "sample.h"
#include "session.h"
#include "unwind.h"

/* One per nesting level: an interrupting context has its own. */
struct dither_scratch {
	unsigned long kernel[DITHER_DEPTH_MAX + 1];
	unsigned long user[DITHER_DEPTH_MAX + 1];
};

struct dither_scratches {
	u32 used;
	struct dither_scratch level[DITHER_NESTING_MAX];
};

static struct dither_scratches __percpu *scratches;

/* A stack on its way into the ring. */
struct stack_entry {
	struct dither_walk walk;
	enum dither_intern_result result;
	u32 ref;
	u32 bytes;		/* of its STACK record; 0: none is needed */
	u8 kind;		/* DITHER_STACK_KERNEL or 0 */
};

static u64 zigzag(u64 address, u64 previous)
{
	s64 difference = address - previous;

	return ((u64)difference << 1) ^ (u64)(difference >> 63);
}

static u32 varint_bytes(u64 value)
{
	return (fls64(value | 1) + 6) / 7;
}

static u32 stack_bytes(const struct dither_walk *walk)
{
	u32 bytes = sizeof(struct dither_stack);
	u64 previous = 0;
	u32 i;

	for (i = 0; i < walk->count; i++) {
		bytes += varint_bytes(zigzag(walk->addresses[i], previous));
		previous = walk->addresses[i];
	}
	return ALIGN(bytes, 8);
}

static u8 *write_stack(u8 *at, const struct stack_entry *entry)
{
	const struct dither_walk *walk = &entry->walk;
	struct dither_stack *record = (void *)at;
	u8 *end = at + entry->bytes;
	u64 previous = 0;
	u32 i;

	record->header.size = entry->bytes;
	record->header.type = DITHER_RECORD_STACK;
	record->header.flags = entry->kind | walk->flags;
	record->header.tid = entry->ref;
	record->frames = walk->count;
	record->unwinder = walk->unwinder;
	record->end = walk->end;
	at = record->data;
	for (i = 0; i < walk->count; i++) {
		u64 value = zigzag(walk->addresses[i], previous);

		for (; value >= 0x80; value >>= 7)
			*at++ = value | 0x80;
		*at++ = value;
		previous = walk->addresses[i];
	}
	while (at < end)
		*at++ = 0;
	return end;
}

static void intern_stack(struct dither_cpu *cpu, struct stack_entry *entry)
{
	struct dither_walk *walk = &entry->walk;

	/*
	 * An empty walk says nothing that the sample does not, except why:
	 * so it is kept too.
	 */
	walk->hash = dither_hash(walk->hash, walk->count << 16 |
						     walk->end << 8 |
						     walk->flags << 4 |
						     walk->unwinder);
	entry->result = dither_intern_find(&cpu->intern, walk->hash,
					   &entry->ref);
	if (entry->result == DITHER_INTERN_KNOWN) {
		entry->bytes = 0;
		return;
	}
	if (entry->result == DITHER_INTERN_NO_PLACE)
		entry->ref = DITHER_STACK_ADJACENT;
	entry->bytes = stack_bytes(walk);
}

static void settle_stack(struct dither_cpu *cpu, struct stack_entry *entry,
			 bool written)
{
	if (!entry->walk.room)
		return;
	if (entry->result == DITHER_INTERN_CLAIMED)
		dither_intern_settle(&cpu->intern, entry->ref, written);
	if (!written)
		return;
	if (entry->result == DITHER_INTERN_KNOWN)
		cpu->account.stacks_shared++;
	else
		cpu->account.stacks_written++;
}

static void begin_walk(struct dither_cpu *cpu, struct stack_entry *entry,
		       unsigned long *addresses, u8 kind)
{
	entry->kind = kind;
	entry->walk.addresses = addresses;
	entry->walk.room = cpu->session->config.max_depth;
	entry->walk.hash = cpu->session->hash_key ^ kind;
}

/* The user half of the current task, if it has one. */
static bool has_user_half(void)
{
	return !(current->flags & PF_KTHREAD) && current->mm &&
	       user_mode(task_pt_regs(current));
}

static void walk_stacks(struct dither_cpu *cpu, struct pt_regs *regs,
			struct dither_scratch *scratch,
			struct stack_entry *kernel, struct stack_entry *user)
{
	if (user_mode(regs)) {
		begin_walk(cpu, user, scratch->user, 0);
		dither_unwind_user(regs, false, &user->walk);
		intern_stack(cpu, user);
		return;
	}
	begin_walk(cpu, kernel, scratch->kernel, DITHER_STACK_KERNEL);
	dither_unwind_kernel(regs, &kernel->walk);
	intern_stack(cpu, kernel);
	if (has_user_half() &&
	    !(cpu->session->config.flags & DITHER_F_KERNEL_ONLY)) {
		begin_walk(cpu, user, scratch->user, 0);
		dither_unwind_user(task_pt_regs(current), true, &user->walk);
		intern_stack(cpu, user);
	}
}

static u8 sample_flags(struct pt_regs *regs)
{
	u8 flags = 0;

	if (user_mode(regs))
		flags |= DITHER_SAMPLE_USER;
	if (is_idle_task(current))
		flags |= DITHER_SAMPLE_IDLE;
	else if (current->flags & PF_KTHREAD)
		flags |= DITHER_SAMPLE_KTHREAD;
	else if (user_mode(regs) && dither_regs_compat(regs))
		flags |= DITHER_SAMPLE_COMPAT;
	return flags;
}

static void write_sample(struct dither_cpu *cpu, struct pt_regs *regs, u64 now,
			 u64 due, struct dither_scratch *scratch)
{
	struct stack_entry kernel, user;
	struct dither_sample *sample;
	u64 lateness = now - due;
	u32 position;
	bool nested;
	u8 *at;

	kernel.walk = (struct dither_walk){};
	user.walk = (struct dither_walk){};
	kernel.ref = DITHER_STACK_NONE;
	kernel.bytes = 0;
	user.ref = DITHER_STACK_NONE;
	user.bytes = 0;

	dither_intern_begin(&cpu->intern, &cpu->ring, now);
	walk_stacks(cpu, regs, scratch, &kernel, &user);
	at = dither_ring_reserve(&cpu->ring,
				 kernel.bytes + user.bytes + sizeof(*sample),
				 now, &position, &nested);
	if (likely(at)) {
		if (kernel.bytes)
			at = write_stack(at, &kernel);
		if (user.bytes)
			at = write_stack(at, &user);
		sample = (void *)at;
		sample->header.size = sizeof(*sample);
		sample->header.type = DITHER_RECORD_SAMPLE;
		sample->header.flags = sample_flags(regs);
		sample->header.tid = current->pid;
		sample->time = now;
		sample->ip = instruction_pointer(regs);
		sample->tgid = current->tgid;
		sample->lateness = min_t(u64, lateness, U32_MAX);
		sample->kernel_stack = kernel.ref;
		sample->user_stack = user.ref;
		sample->overruns = cpu->overruns;
		sample->counters = 0;
		sample->event = 0;
		sample->shift = cpu->schedule.shift;
		dither_output_commit(cpu, now);
		cpu->overruns = 0;
		cpu->account.kept++;
	} else {
		enum dither_lost cause = nested ? DITHER_LOST_NESTED :
						  DITHER_LOST_RING;

		dither_ring_lose(&cpu->ring, cause, now);
		cpu->account.lost[cause]++;
	}
	settle_stack(cpu, &kernel, at);
	settle_stack(cpu, &user, at);
	dither_intern_end(&cpu->intern);
}

static bool is_filtered(struct dither_cpu *cpu, struct pt_regs *regs)
{
	u32 unwanted = user_mode(regs) ? DITHER_F_KERNEL_ONLY :
					 DITHER_F_USER_ONLY;

	if (cpu->session->config.flags & unwanted)
		return true;
	return !dither_filter_passes(&cpu->session->filter, current->tgid);
}

void dither_sample_take(struct dither_cpu *cpu, struct pt_regs *regs, u64 now,
			u64 due)
{
	struct dither_scratches *scratch = this_cpu_ptr(scratches);
	u32 level = scratch->used;

	if (unlikely(!regs)) {
		dither_ring_lose(&cpu->ring, DITHER_LOST_REGS, now);
		cpu->account.lost[DITHER_LOST_REGS]++;
		return;
	}
	if (is_filtered(cpu, regs)) {
		cpu->account.filtered++;
		return;
	}
	if (unlikely(level >= DITHER_NESTING_MAX)) {
		dither_ring_lose(&cpu->ring, DITHER_LOST_NESTED, now);
		cpu->account.lost[DITHER_LOST_NESTED]++;
		return;
	}
	WRITE_ONCE(scratch->used, level + 1);
	barrier();
	write_sample(cpu, regs, now, due, &scratch->level[level]);
	barrier();
	WRITE_ONCE(scratch->used, level);
}

int dither_sample_init(void)
{
	scratches = alloc_percpu(struct dither_scratches);
	return scratches ? 0 : -ENOMEM;
}

void dither_sample_uninit(void)
{
	free_percpu(scratches);
}
