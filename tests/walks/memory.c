// SPDX-License-Identifier: GPL-2.0
/* See memory.h. */
#include "memory.h"

/* A limit of user memory is that of one frame's words below its end, at most. */
#define SLACK_MAX 64

const unsigned long memory_segment_at[MEMORY_SEGMENTS] = {
	0x20000000UL, /* two stacks that compat reaches, */
	0x20000000UL + 2 * PAGE_SIZE,
	0x7ffd00000000UL,			    /* one that it does not, */
	TASK_SIZE_MAX - MEMORY_WORDS * sizeof(u64), /* the end of all, */
	0,					    /* and its beginning */
};

bool memory_lenient;
bool memory_atomic;
void (*memory_before_read)(void);

static struct memory *used;
static struct memory_state state;

void memory_use(struct memory *memory)
{
	used = memory;
}

struct memory *memory_used(void)
{
	return used;
}

struct memory_state memory_interrupt(void)
{
	struct memory_state interrupted = state;

	state = (struct memory_state){ 0 };
	return interrupted;
}

void memory_resume(struct memory_state interrupted)
{
	memory_check_idle();
	state = interrupted;
}

void memory_check_idle(void)
{
	if (state.open)
		walks_fail("user memory is left open");
	if (state.faults_off)
		walks_fail("page faults are left off (%d)", state.faults_off);
}

unsigned long memory_clamp(unsigned long index, unsigned long size)
{
	unsigned long value = index < size ? index : 0;

	if (size <= TASK_SIZE_MAX && TASK_SIZE_MAX - size <= SLACK_MAX)
		state.clamps[state.clamped++ % MEMORY_CLAMPS] =
			(struct memory_clamp){ value,
					       TASK_SIZE_MAX - size + 1 };
	return value;
}

bool memory_open(unsigned long at, size_t bytes)
{
	if (state.open)
		walks_fail("user memory is opened twice");
	if (at >= TASK_SIZE_MAX || bytes > TASK_SIZE_MAX - at)
		return false;
	state.open = true;
	return true;
}

void memory_close(void)
{
	if (!state.open)
		walks_fail("user memory is closed twice");
	state.open = false;
	state.clamped = 0;
}

void pagefault_disable(void)
{
	state.faults_off++;
}

void pagefault_enable(void)
{
	if (state.faults_off-- == 0)
		walks_fail("page faults are enabled twice");
}

static bool was_clamped(unsigned long at, size_t bytes)
{
	u32 count = min_t(u32, state.clamped, MEMORY_CLAMPS);

	for (u32 i = 0; i < count; i++) {
		const struct memory_clamp *clamp = &state.clamps[i];

		if (at >= clamp->value &&
		    at - clamp->value + bytes <= clamp->bytes)
			return true;
	}
	return false;
}

static void check(unsigned long at, size_t bytes)
{
	if (!state.open)
		walks_fail("%#lx is read with user memory closed", at);
	if (at >= TASK_SIZE_MAX || bytes > TASK_SIZE_MAX - at)
		walks_fail("%#lx is read, which is no user memory", at);
	if (!used)
		walks_fail("%#lx is read of another program", at);
	if (memory_lenient)
		return;
	if (!was_clamped(at, bytes))
		walks_fail("%#lx is read without having been clamped", at);
	if (!memory_atomic && !state.faults_off)
		walks_fail("%#lx is read in task context with page faults on",
			   at);
}

bool memory_read(unsigned long at, size_t bytes, void *value)
{
	check(at, bytes);
	if (memory_before_read)
		memory_before_read();
	for (int i = 0; i < MEMORY_SEGMENTS; i++) {
		unsigned long offset = at - memory_segment_at[i];

		if (offset > sizeof(used->words[i]) - bytes || used->missing[i])
			continue;
		memcpy(value, (u8 *)used->words[i] + offset, bytes);
		return true;
	}
	return false;
}
