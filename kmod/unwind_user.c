// SPDX-License-Identifier: GPL-2.0
/*
 * User stacks by frame pointer: two words a frame, read inside one opening of
 * the window to user memory, since a helper call per frame costs more than the
 * rest of the walk.
 */
#include <linux/nospec.h>
#include <linux/uaccess.h>

#include "arch.h"
#include "unwind.h"

#if DITHER_ARCH_USER_FRAMES

/*
 * One word of the current process at @address, which is below @limit: clamped
 * so that not even a speculative load leaves user memory.
 */
#define GET_WORD(value, address, limit, bytes, fault)			\
	do {								\
		unsigned long at = array_index_nospec(address, limit);	\
		u32 half;						\
									\
		if ((bytes) == 8) {					\
			unsafe_get_user(value,				\
				(unsigned long __user *)at, fault);	\
		} else {						\
			unsafe_get_user(half, (u32 __user *)at, fault);	\
			value = half;					\
		}							\
	} while (0)

/*
 * Inside the user access window: no calls. Kept in locals, as the compiler
 * cannot know that the frames do not overlap *walk.
 */
static __always_inline void walk_frames(unsigned long frame,
					struct dither_walk *walk,
					const unsigned int bytes)
{
	const unsigned long limit = TASK_SIZE_MAX - 2 * bytes;
	unsigned long *addresses = walk->addresses;
	unsigned long next, caller;
	u32 count = walk->count;
	u32 room = walk->room;
	u64 hash = walk->hash;
	u8 end;

	if (frame >= limit || frame & (bytes - 1)) {
		walk->end = frame ? DITHER_END_BROKEN : DITHER_END_ROOT;
		return;
	}
	if (!user_access_begin((void __user *)frame, 2 * bytes)) {
		walk->end = DITHER_END_FAULT;
		return;
	}
	for (;;) {
		end = DITHER_END_DEPTH;
		if (count >= room)
			break;
		GET_WORD(next, frame, limit, bytes, fault);
		GET_WORD(caller, frame + bytes, limit, bytes, fault);
		caller = dither_user_address(caller);
		end = DITHER_END_ROOT;
		if (!caller)
			break;
		addresses[count++] = caller;
		hash = dither_hash(hash, caller);
		if (!next)
			break;
		/* Stacks grow downwards: the caller's frame lies above. */
		end = DITHER_END_BROKEN;
		if (next <= frame || next >= limit || next & (bytes - 1))
			break;
		frame = next;
	}
	goto out;
fault:
	end = DITHER_END_FAULT;
out:
	user_access_end();
	walk->count = count;
	walk->hash = hash;
	walk->end = end;
}

void dither_unwind_user(struct pt_regs *regs, bool with_ip,
			struct dither_walk *walk)
{
	unsigned long frame = dither_frame_pointer(regs);
	bool compat = dither_regs_compat(regs);

	walk->unwinder = DITHER_UNWIND_FRAME_POINTER;
	if (with_ip)
		dither_walk_add(walk, instruction_pointer(regs));
	if (compat && !DITHER_ARCH_COMPAT_FRAMES) {
		walk->unwinder = DITHER_UNWIND_NONE;
		walk->end = DITHER_END_UNSUPPORTED;
		return;
	}
	/* In a system call the link register has been the caller's to lose. */
	if (DITHER_ARCH_LINK_REGISTER && walk->count < walk->room && !with_ip) {
		walk->flags |= DITHER_STACK_LR;
		dither_walk_add(walk, dither_user_address(
					      dither_link_register(regs)));
	}
	pagefault_disable();
	if (compat)
		walk_frames(frame, walk, 4);
	else
		walk_frames(frame, walk, sizeof(long));
	pagefault_enable();
}

#else

void dither_unwind_user(struct pt_regs *regs, bool with_ip,
			struct dither_walk *walk)
{
	walk->unwinder = DITHER_UNWIND_NONE;
	walk->end = DITHER_END_UNSUPPORTED;
	if (with_ip)
		dither_walk_add(walk, instruction_pointer(regs));
}

#endif
