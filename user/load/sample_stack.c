// SPDX-License-Identifier: GPL-2.0
/*
 * Nothing is dropped: a stack that the file no longer holds is drawn as
 * [stack lost], a thread whose name was never seen as [unknown], so that totals
 * stay what was sampled.
 */
#include "sample_stack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

const char sample_stack_idle[] = "swapper";

static uint32_t name_of(struct sample_stack *made, const char *text)
{
	return profile_name(made->profile, text, strlen(text));
}

static void push(struct sample_stack *made, uint32_t frame)
{
	made->frames = alloc_grow(made->frames, made->count, &made->room,
				  sizeof(*made->frames));
	made->frames[made->count++] = frame;
}

/* Which half of which process an address belongs to. */
struct half {
	bool kernel;
	uint32_t tgid;
};

static const struct name *resolve(struct sample_stack *made,
				  const struct half *half, uint64_t address,
				  bool is_return)
{
	struct resolver *resolver = made->resolver;

	if (half->kernel)
		return resolver_kernel(resolver, address, is_return);
	return resolver_user(resolver, half->tgid, address, is_return);
}

/*
 * A link register is stale when the function has moved it to the stack, which
 * shows in one of two ways: a call since then has left an address within the
 * function itself, or the same address was found on the stack again. Without
 * symbols, "within the function" can only be told for another file; what is
 * not in any file is no caller.
 */
static bool is_stale(const struct name *function, const struct name *caller,
		     uint64_t link, const uint64_t *next)
{
	if (next && *next == link)
		return true;
	if (caller->kind == NAME_UNKNOWN)
		return true;
	if (!caller->symbol_start && !function->symbol_start)
		return !strcmp(caller->module, function->module);
	return caller->symbol_start == function->symbol_start;
}

static void push_named(struct sample_stack *made, const struct half *half,
		       uint64_t address, bool is_return,
		       const struct name *name)
{
	const struct collected_frame frame = {
		.kernel = half->kernel,
		.is_return = is_return,
		.tgid = half->tgid,
		.address = address,
		.name = name,
	};

	push(made, frame_names_get(made->names, name, half->kernel));
	if (made->collector)
		collector_frame(made->collector, &frame);
}

/* The instruction at @ip and its callers from @first on. */
static void push_half(struct sample_stack *made, const struct half *half,
		      uint64_t ip, const struct replay_stack *stack,
		      unsigned int first)
{
	const struct name *function = resolve(made, half, ip, false);

	push_named(made, half, ip, false, function);
	if (!stack)
		return;
	if ((stack->flags & DITHER_STACK_LR) && first < stack->count) {
		const uint64_t *link = &stack->addresses[first++];
		const struct name *caller = resolve(made, half, *link, true);

		if (!is_stale(function, caller, *link,
			      first < stack->count ? link + 1 : NULL))
			push_named(made, half, *link, true, caller);
	}
	for (unsigned int i = first; i < stack->count; i++)
		push_named(made, half, stack->addresses[i], true,
			   resolve(made, half, stack->addresses[i], true));
}

static void push_lost(struct sample_stack *made, bool kernel)
{
	const struct name lost = {
		.text = "[stack lost]",
		.module = "",
		.kind = NAME_UNKNOWN,
	};

	push(made, frame_names_make(made->names, &lost, kernel));
	if (made->collector)
		collector_text(made->collector, lost.text, kernel);
}

static void push_user_frames(struct sample_stack *made,
			     const struct dither_sample *sample,
			     const struct replay_stack *user)
{
	const struct half half = { false, sample->tgid };
	bool in_user = sample->header.flags & DITHER_SAMPLE_USER;

	/* In kernel mode the stack's first address is the user ip itself. */
	if (in_user)
		push_half(made, &half, sample->ip, user, 0);
	else if (user && user->count)
		push_half(made, &half, user->addresses[0], user, 1);
	if (!user && sample->user_stack != DITHER_STACK_NONE)
		push_lost(made, false);
}

static void push_number(struct sample_stack *made, const char *what,
			uint32_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "[%s %" PRIu32 "]", what, number);
	push(made, name_of(made, text));
}

static void push_roots(struct sample_stack *made, unsigned int cpu,
		       const struct dither_sample *sample)
{
	uint32_t comm =
		threads_get(made->threads, sample->header.tid, sample->tgid);

	if (made->cpu)
		push_number(made, "cpu", cpu);
	if (made->tid)
		push_number(made, "tid", sample->header.tid);
	if (made->pid)
		push_number(made, "pid", sample->tgid);
	if (sample->header.flags & DITHER_SAMPLE_IDLE)
		comm = name_of(made, sample_stack_idle);
	else if (comm == THREADS_UNKNOWN)
		comm = name_of(made, "[unknown]");
	push(made, comm);
}

/* Which clock a sample is of, where they stand together. */
static void push_maker(struct sample_stack *made,
		       const struct sample_counts *counts)
{
	const struct recorded_events *events = made->events;
	char *text = alloc_format(
		"[%s]",
		counts->event < 0 ? "time" : events->event[counts->event].name);

	push(made, name_of(made, text));
	free(text);
}

void sample_stack_make(struct sample_stack *made, unsigned int cpu,
		       const struct dither_sample *sample,
		       const struct sample_counts *counts,
		       const struct replay_stack *kernel,
		       const struct replay_stack *user)
{
	static const struct half kernel_half = { .kernel = true };
	unsigned int flags = sample->header.flags;

	made->count = 0;
	if (!(flags & DITHER_SAMPLE_USER)) {
		push_half(made, &kernel_half, sample->ip, kernel, 0);
		if (!kernel && sample->kernel_stack != DITHER_STACK_NONE)
			push_lost(made, true);
	}
	if (!(flags & (DITHER_SAMPLE_KTHREAD | DITHER_SAMPLE_IDLE)))
		push_user_frames(made, sample, user);
	if (!made->no_roots)
		push_roots(made, cpu, sample);
	if (made->makers)
		push_maker(made, counts);
	for (size_t i = 0, j = made->count; i + 1 < j; i++, j--) {
		uint32_t frame = made->frames[i];

		made->frames[i] = made->frames[j - 1];
		made->frames[j - 1] = frame;
	}
}

void sample_stack_leaf(struct sample_stack *made, const char *text)
{
	const struct name name = {
		.text = text,
		.module = "",
		.kind = NAME_UNKNOWN,
	};

	push(made, frame_names_make(made->names, &name, false));
}

void sample_stack_free(struct sample_stack *made)
{
	free(made->frames);
}
