// SPDX-License-Identifier: GPL-2.0
/*
 * The module's sampler and unwinders, compiled as they are, sample processes
 * that mean harm in random order: by clock and by event, in user and in kernel
 * mode, nested in each other, in two sessions (by tables, and by frame pointers
 * alone) on one CPU. No read may leave user memory (memory.h), and each stack
 * in the rings must be what a walk without any cached state finds (records.h).
 *
 * Usage: walks STEPS [SEED [lenient]]; lenient: a comparison counts as a clamp,
 * page faults may be on, and stacks may be wrong. See run.
 */
#include <inttypes.h>
#include <stdarg.h>

#include "memory.h"
#include "records.h"
#include "world.h"

#include "../../kmod/sample.h"
#include "../../kmod/unwind.h"
#include "../../kmod/unwind_user_table.h"

#define SESSIONS 2
#define RING_BYTES DITHER_RING_MIN
#define SLOTS 512U /* few: some stacks find no place */
#define EPOCH_BYTES 8192U

struct sampler {
	struct dither_session session;
	struct dither_cpu cpu;
	struct dither_head page;
	struct dither_tail tail;
	struct dither_intern_slot slots[SLOTS];
	struct records *records;
	_Alignas(8) u8 data[RING_BYTES];
};

static struct sampler samplers[SESSIONS];
static unsigned long nothing[DITHER_FORGET_CLASSES / (8 * sizeof(long))];
static u64 seed;
static u64 step;
static u32 depth; /* samplers that interrupt each other */
static bool nmi;
static bool racing;    /* another thread writes */
static bool referring; /* the walk that others are compared with */
static u64 nested;

void walks_fail(const char *format, ...)
{
	va_list arguments;

	printf("not ok walks: step %" PRIu64 " of seed %" PRIu64 ": ", step,
	       seed);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	fflush(stdout);
	abort();
}

bool in_nmi(void)
{
	return nmi;
}

/* Callers in the kernel: nothing here depends on them. */
void dither_unwind_kernel(struct pt_regs *regs, struct dither_walk *walk)
{
	walk->unwinder = DITHER_UNWIND_KERNEL;
	walk->end = DITHER_END_ROOT;
	while (walk->count < min_t(u32, walk->room, regs->ip & 7)) {
		walk->cached->addresses[walk->count] = regs->ip + walk->count;
		walk->count++;
	}
}

bool dither_output_prepare(struct dither_cpu *cpu, u32 number, u64 now)
{
	(void)cpu;
	walks_fail("process %u is to be forgotten at %" PRIu64, number, now);
	return false;
}

bool dither_filter_has(const struct dither_filter *filter, u32 process)
{
	return process & 1;
}

static bool passes(const struct sampler *sampler, const struct pt_regs *regs)
{
	u32 unwanted = regs->user ? DITHER_F_KERNEL_ONLY : DITHER_F_USER_ONLY;

	return !(sampler->session.config.flags & unwanted);
}

/* The stack by a walk that has nothing to remember. */
static void refer(struct sampler *sampler, struct pt_regs *regs, u64 time)
{
	static struct dither_cached_stack cached;
	struct records_stack stack = { 0 };
	struct dither_walk walk = {
		.cached = &cached,
		.room = sampler->session.config.max_depth,
		.tables = sampler->session.config.flags & DITHER_F_TABLES ?
				  &sampler->cpu :
				  NULL,
	};

	if (!current->mm || !passes(sampler, regs)) {
		records_expect(sampler->records, time, NULL);
		return;
	}
	memset(&cached, 0, sizeof(cached));
	referring = true;
	if (!regs->user && nmi && !memory_used())
		walk.end = DITHER_END_FAULT;
	else if (regs->user)
		dither_unwind_user(regs, false, &walk);
	else
		dither_unwind_user(task_pt_regs(current), true, &walk);
	referring = false;
	stack.count = walk.count;
	stack.flags = walk.flags;
	stack.unwinder = walk.unwinder;
	stack.end = walk.end;
	for (u32 i = 0; i < walk.count; i++)
		stack.addresses[i] = cached.addresses[i];
	records_expect(sampler->records, time, &stack);
}

/* One sample of the running task; in an NMI its memory may not be there. */
static void sample(struct sampler *sampler, struct pt_regs *regs, bool event)
{
	u64 now = ktime_get_mono_fast_ns();

	memory_check_idle();
	if (event) {
		/* It reads the clock once before it walks. */
		now++;
		dither_sample_event(&sampler->cpu, regs, 1, NULL);
	} else {
		dither_sample_take(&sampler->cpu, regs, now, now);
	}
	memory_check_idle();
	if (!racing && !memory_lenient)
		refer(sampler, regs, now);
}

/* An event in an NMI, inside a sample. */
static void interrupt(void)
{
	struct memory_state state = memory_interrupt();
	struct pt_regs regs = world_kernel_regs();
	bool was_atomic = memory_atomic, was_nmi = nmi;
	bool was_loaded = memory_used();

	depth++;
	nested++;
	memory_atomic = true;
	nmi = true;
	world_load(world_draw(8));
	sample(&samplers[world_draw(SESSIONS)], &regs, true);
	world_load(was_loaded);
	nmi = was_nmi;
	memory_atomic = was_atomic;
	depth--;
	memory_resume(state);
}

static void before_read(void)
{
	if (referring)
		return;
	if (racing && !world_draw(4))
		world_scribble();
	if (depth < DITHER_NESTING_MAX + 1 && !world_draw(64 << depth))
		interrupt();
}

static void sample_step(void)
{
	struct sampler *sampler = &samplers[world_draw(SESSIONS)];
	struct pt_regs kernel = world_kernel_regs();
	bool event = !world_draw(4);
	bool in_user = world_draw(4);

	world_run(world_draw(32) ?
			  &world_processes[world_draw(WORLD_PROCESSES)] :
			  NULL);
	in_user = in_user && current->mm;
	racing = !world_draw(8);
	/* The clock's is an interrupt; an event may be in task context. */
	memory_atomic = !event || world_draw(2);
	if (!world_draw(256))
		sampler->session.config.max_depth = 1 + world_draw(127);
	sample(sampler, in_user ? &current->regs : &kernel, event);
	for (int i = 0; i < SESSIONS; i++)
		records_compare(samplers[i].records, &samplers[i].cpu.ring,
				&samplers[i].tail, world_draw(64));
}

static void begin_sampler(struct sampler *sampler, u32 flags)
{
	sampler->session.config.flags = flags;
	sampler->session.config.max_depth = 127;
	/* Of no process anything was dropped. */
	sampler->session.stale.due = nothing;
	sampler->cpu.flood.due = UINT64_MAX;
	sampler->session.hash_keys[0] = 0x1234567890abcdef;
	sampler->session.hash_keys[1] = 0xfedcba0987654321;
	sampler->cpu.session = &sampler->session;
	dither_ring_init(&sampler->cpu.ring, &sampler->page, &sampler->tail,
			 sampler->data, RING_BYTES, RING_BYTES / 4, false);
	dither_intern_init(&sampler->cpu.intern, sampler->slots, SLOTS,
			   EPOCH_BYTES);
	if (flags & DITHER_F_TABLES)
		sampler->cpu.kept_rules = dither_kept_rules_new(0);
	sampler->records = records_new();
}

int main(int argc, char **argv)
{
	u64 steps, compared = 0;

	if (argc < 2 || argc > 4 || (argc == 4 && strcmp(argv[3], "lenient"))) {
		fprintf(stderr, "usage: walks STEPS [SEED [lenient]]\n");
		return 2;
	}
	steps = strtoull(argv[1], NULL, 0);
	seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	memory_lenient = argc == 4;
	if (dither_sample_init())
		return 2;
	begin_sampler(&samplers[0], DITHER_F_TABLES);
	begin_sampler(&samplers[1], 0);
	world_begin(seed | 1ULL << 63);
	memory_before_read = before_read;
	for (step = 0; step < steps; step++) {
		if (!world_draw(3))
			world_step();
		sample_step();
	}
	for (int i = 0; i < SESSIONS; i++)
		compared += records_compared(samplers[i].records);
	if (compared < steps / 2 && !memory_lenient)
		walks_fail("only %" PRIu64 " samples were compared", compared);
	printf("# %" PRIu64 " steps, %" PRIu64 " nested samples, %" PRIu64
	       " stacks compared\n",
	       steps, nested, compared);
	printf("ok walks of hostile programs read user memory only, and find what walks without cached state find\n");
	return 0;
}
