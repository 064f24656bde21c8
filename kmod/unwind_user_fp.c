// SPDX-License-Identifier: GPL-2.0
/*
 * User stacks by frame pointer: two words a frame, read inside one opening of
 * the window to user memory, since a helper call per frame costs more than the
 * rest of the walk.
 *
 * Most of a stack stays as it was from one sample to the next. So the last
 * walk's trail is read again first: as long as each frame still holds the
 * words it held, the stack is by construction the same, and nothing is to be
 * checked, stored or hashed. The walk proper goes on where they differ.
 */
#include <linux/sizes.h>

#include "arch.h"
#include "compat/uaccess.h"
#include "unwind.h"
#include "unwind_user_table.h"

#if DITHER_ARCH_USER_FRAMES

/*
 * How many frames from @first on are as they were; *frame is where the first
 * of them lies, and then the first that is not. The cached links are compared
 * with what user memory yields, and never followed.
 */
static __always_inline u32
follow_cached(const struct dither_cached_stack *cached, u32 first,
	      unsigned long *frame, const unsigned int bytes)
{
	const unsigned long *addresses = cached->addresses;
	const unsigned long *links = cached->links;
	unsigned long next, caller;
	size_t count = cached->count;
	size_t i;

#pragma GCC unroll 4
	for (i = first; i < count; i++) {
		dither_get_user_pair(next, caller, *frame, bytes, out);
		next = dither_frame_record(next);
		if (next != links[i] ||
		    dither_user_address(caller) != addresses[i])
			break;
		*frame = next;
	}
out:
	return i;
}

/* Walk on from frame number @i, which lies at @frame. */
static __always_inline void walk_frames(struct dither_walk *walk, u32 i,
					unsigned long frame,
					const unsigned int bytes)
{
	const unsigned long limit = TASK_SIZE_MAX - 2 * bytes;
	struct dither_cached_stack *cached = walk->cached;
	unsigned long next, caller;
	u32 room = walk->room;
	u8 end = DITHER_END_DEPTH;
	bool beyond = false;

	for (; i < room; i++) {
		beyond = true;
		end = DITHER_END_FAULT;
		dither_get_user_pair(next, caller, frame, bytes, out);
		caller = dither_user_address(caller);
		next = dither_frame_record(next);
		end = DITHER_END_ROOT;
		/* Nothing runs in the first page: no return address. */
		if (caller < PAGE_SIZE)
			break;
		/* No program's code: the word was never a frame. */
		end = DITHER_END_BROKEN;
		if (caller >= TASK_SIZE_MAX)
			break;
		cached->addresses[i] = caller;
		cached->links[i] = next;
		beyond = false;
		if (!next) {
			end = DITHER_END_ROOT;
			i++;
			break;
		}
		/* Stacks grow downwards: the caller's frame lies above. */
		if (next <= frame || next >= limit || next & (bytes - 1)) {
			i++;
			break;
		}
		frame = next;
		end = DITHER_END_DEPTH;
	}
out:
	walk->count = i;
	walk->end = end;
	cached->beyond = beyond;
	/* Words of 4 bytes are no links of a 64 bit program's. */
	if (bytes == sizeof(long))
		cached->linked = i;
}

/*
 * The frame to begin with: not that of a leaf which says where its caller's
 * lies and nothing else. Such a word is told from a return address by lying
 * above it on the stack, aligned as the stack is, and not far: no code does.
 */
static __always_inline unsigned long first_frame(unsigned long frame)
{
	unsigned long word;

	if (!DITHER_ARCH_BARE_LEAVES)
		return frame;
	dither_get_user_word(word, frame + sizeof(long), out);
	if (!(word & 15) && word - frame - 2 * sizeof(long) - 1 < SZ_64K)
		return dither_frame_record(word);
out:
	return frame;
}

static __always_inline void walk_user(struct dither_walk *walk, bool known,
				      u32 leads, unsigned long frame,
				      const unsigned int bytes)
{
	const unsigned long limit = TASK_SIZE_MAX - 2 * bytes;
	struct dither_cached_stack *cached = walk->cached;
	u32 i = leads;

	if (frame >= limit || frame & (bytes - 1)) {
		walk->count = leads;
		walk->end = frame ? DITHER_END_BROKEN : DITHER_END_ROOT;
		return;
	}
	if (!dither_user_access_begin(frame, 2 * bytes)) {
		walk->count = leads;
		walk->end = DITHER_END_FAULT;
		return;
	}
	frame = first_frame(frame);
	if (known && cached->first == frame) {
		i = follow_cached(cached, leads, &frame, bytes);
		/* Else the frame that ended the walk is to be looked at again. */
		if (i == cached->count && !cached->beyond) {
			walk->count = i;
			walk->end = cached->end;
			walk->same = true;
			cached->linked = i;
			goto out;
		}
	} else {
		cached->first = frame;
	}
	walk_frames(walk, i, frame, bytes);
out:
	dither_user_access_end();
}

/*
 * What stands before the callers: the instruction pointer, or the link
 * register. Returns how many there are; *known: they are as they were.
 */
static u32 lead(struct pt_regs *regs, bool with_ip, struct dither_walk *walk,
		bool *known)
{
	struct dither_cached_stack *cached = walk->cached;
	unsigned long address;
	u32 leads = 0;

	if (with_ip) {
		address = instruction_pointer(regs);
		leads = 1;
	} else if (DITHER_ARCH_LINK_REGISTER) {
		/* In a system call it has been the caller's to lose. */
		address = dither_user_address(dither_link_register(regs));
		walk->flags |= DITHER_STACK_LR;
		leads = 1;
	}
	/* Only a walk by frame pointers has left links, one for each frame. */
	*known = cached->count > leads && cached->linked == cached->count &&
		 cached->leads == leads && cached->flags == walk->flags &&
		 cached->unwinder == walk->unwinder &&
		 cached->room == walk->room;
	if (leads) {
		*known = *known && cached->addresses[0] == address;
		cached->addresses[0] = address;
	}
	/* Until this walk has left its own, or found them again. */
	cached->linked = 0;
	cached->leads = leads;
	return leads;
}

void dither_unwind_user(struct pt_regs *regs, bool with_ip,
			struct dither_walk *walk)
{
	unsigned long frame = dither_frame_record(dither_frame_pointer(regs));
	bool compat = dither_regs_compat(regs);
	bool known;
	u32 leads;

	if (walk->tables && !compat && dither_unwind_table(regs, with_ip, walk))
		return;
	walk->unwinder = DITHER_UNWIND_FRAME_POINTER;
	if (compat && !DITHER_ARCH_COMPAT_FRAMES)
		walk->unwinder = DITHER_UNWIND_NONE;
	leads = lead(regs, with_ip, walk, &known);
	if (walk->unwinder == DITHER_UNWIND_NONE) {
		walk->count = leads;
		walk->end = DITHER_END_UNSUPPORTED;
		return;
	}
	if (compat)
		walk_user(walk, false, leads, frame, 4);
	else
		walk_user(walk, known, leads, frame, sizeof(long));
}

#else

void dither_unwind_user(struct pt_regs *regs, bool with_ip,
			struct dither_walk *walk)
{
	unsigned long caller = dither_user_address(dither_link_register(regs));
	unsigned long *addresses = walk->cached->addresses;

	walk->unwinder = DITHER_UNWIND_NONE;
	walk->end = DITHER_END_UNSUPPORTED;
	if (with_ip) {
		addresses[walk->count++] = instruction_pointer(regs);
	} else if (DITHER_ARCH_LINK_REGISTER && caller < TASK_SIZE_MAX) {
		/* It may hold anything. */
		walk->flags |= DITHER_STACK_LR;
		addresses[walk->count++] = caller;
	}
}

#endif
