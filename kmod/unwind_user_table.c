// SPDX-License-Identifier: GPL-2.0
/*
 * From a frame to its caller by the rule that its file's table has for the
 * address, as include/dither/table.h says. Where there is no table or no rule,
 * a frame pointer leads on if it holds one. No frame is made of an address that
 * lies in no executable mapping.
 *
 * Most rules were looked up by an earlier sample: they are found among the kept
 * ones without leaving the window to user memory.
 */
#include <linux/hash.h>
#include <linux/mm.h>

#include "arch.h"
#include "compat/uaccess.h"
#include "missing_tables.h"
#include "process_maps.h"
#include "session_state.h"
#include "table_registry.h"
#include "unwind.h"
#include "unwind_user_table.h"

/* A power of two. Few return addresses are in use at a time. */
#define RULES_KEPT_BITS 8

struct dither_kept_rule {
	unsigned long address;
	u64 map;		/* dither_code_map.id; 0: free */
	u32 generation;		/* of tables */
	bool in_code;		/* else the rule is for a first frame only */
	struct dither_rule rule;
};

struct dither_kept_rule *dither_kept_rules_new(int node)
{
	return kvzalloc_node(dither_kept_rules_bytes(),
			     GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL |
				     __GFP_NOWARN,
			     node);
}

size_t dither_kept_rules_bytes(void)
{
	return sizeof(struct dither_kept_rule) << RULES_KEPT_BITS;
}

#if DITHER_ARCH_USER_FRAMES

/* A kind of CFA that no table has: the file has no table. */
#define CFA_NO_TABLE DITHER_CFA_COUNT

/* No reason to end. */
#define GOES_ON 0xff

/* Not aligned: never a frame pointer. */
#define FRAME_POINTER_LOST 1UL

/* Not aligned either: the frame's rbx is not known. */
#define BX_LOST 1UL

/* What is known of a frame. */
struct frame {
	unsigned long caller;	/* the return address into it; 0: the first */
	unsigned long lookup;	/* the address that its rule stands for */
	unsigned long sp;
	unsigned long fp;
	unsigned long link;	/* the link register, if .link_known */
	unsigned long bx;	/* where its rbx is saved; 0: in the register */
	bool link_known;
	bool sp_known;		/* else .sp lies somewhere below it */
	bool first;		/* all registers are known */
	bool chained;		/* .fp is from where a frame pointer led */
	u8 failing;		/* DITHER_END_*, if .caller is not code */
};

struct table_walk {
	struct dither_walk *walk;
	const struct pt_regs *regs;
	const struct dither_code_map *map;
	struct dither_kept_rule *kept;
	struct dither_kept_rule *unmapped; /* kept for this walk only, or NULL */
	u32 kept_bits;
	u32 generation;
	bool with_ip;
	bool by_table;
	bool by_frame_pointer;
	struct frame frame;
};

static __always_inline struct dither_kept_rule *
place_of(const struct table_walk *walk, unsigned long address)
{
	return &walk->kept[walk->kept_bits ?
				   hash_long(address, RULES_KEPT_BITS) :
				   0];
}

static __always_inline bool uses_table(const struct dither_rule *rule)
{
	return rule->cfa != DITHER_CFA_NONE && rule->cfa < DITHER_CFA_UNSUPPORTED;
}

static __always_inline bool needs_sp(const struct dither_rule *rule)
{
	return rule->cfa == DITHER_CFA_SP || rule->cfa == DITHER_CFA_SP_DEREF ||
	       rule->ra == DITHER_SAVED_SP || rule->fp == DITHER_SAVED_SP;
}

/* Whether it is not for rules to lead on from this frame. */
static __always_inline bool goes_by_frame_pointer(const struct frame *frame,
						  const struct dither_rule *rule)
{
	if (!DITHER_ARCH_FRAME_ON_TOP && !frame->sp_known && needs_sp(rule))
		return true;
	return rule->flags & DITHER_RULE_GO && !frame->first;
}

/* Go on to the caller: GOES_ON, or why there is none. The window is open. */
static __always_inline u8 leave_by_frame_pointer(struct frame *frame,
						 const struct dither_rule *rule)
{
	unsigned long next, caller;

	frame->failing = rule->cfa == DITHER_CFA_UNSUPPORTED ?
				 DITHER_END_UNSUPPORTED :
				 DITHER_END_NO_TABLE;
	if (uses_table(rule)) {
		if (rule->ra == DITHER_SAVED_UNDEFINED)
			return DITHER_END_ROOT;
		frame->failing = DITHER_END_BROKEN;
		/* It may lie on another stack. */
		if (rule->flags & DITHER_RULE_GO) {
			frame->sp = 0;
			frame->chained = true;
		}
	}
	/* A first one may be anything, and so lead to anything: 0 as well. */
	if (!frame->fp && frame->chained)
		return DITHER_END_ROOT;
	if (frame->fp < frame->sp || frame->fp & (sizeof(long) - 1) ||
	    frame->fp >= TASK_SIZE_MAX - 2 * sizeof(long))
		return frame->failing;
	dither_get_user_word(next, frame->fp, fault);
	dither_get_user_word(caller, frame->fp + sizeof(long), fault);
	frame->sp = frame->fp + 2 * sizeof(long);
	frame->sp_known = DITHER_ARCH_FRAME_ON_TOP;
	frame->bx = BX_LOST;
	frame->fp = next;
	frame->caller = dither_user_address(caller);
	frame->lookup = frame->caller - 1;
	if (frame->caller < PAGE_SIZE)
		return frame->chained ? DITHER_END_ROOT : frame->failing;
	frame->link_known = false;
	frame->first = false;
	frame->chained = true;
	return GOES_ON;

fault:
	return DITHER_END_FAULT;
}

static __always_inline u8 leave_by_rule(struct frame *frame,
					const struct dither_rule *rule,
					const struct pt_regs *regs)
{
	bool is_signal = rule->flags & DITHER_RULE_SIGNAL;
	unsigned long fp = frame->fp, sp = frame->sp;
	unsigned long cfa, caller, at;

	if (rule->ra == DITHER_SAVED_UNDEFINED)
		return DITHER_END_ROOT;

	switch (rule->cfa) {
	case DITHER_CFA_SP:
		cfa = sp + rule->cfa_offset;
		break;
	case DITHER_CFA_FP:
		cfa = fp + rule->cfa_offset;
		break;
	case DITHER_CFA_REGISTER:
		if (!frame->first && (rule->cfa_register != DITHER_ARCH_BX ||
				      frame->bx == BX_LOST))
			return DITHER_END_UNSUPPORTED;
		cfa = dither_dwarf_register(regs, rule->cfa_register);
		if (!frame->first && frame->bx)
			dither_get_user_word(cfa, frame->bx, fault);
		cfa += rule->cfa_offset;
		break;
	case DITHER_CFA_SP_DEREF:
		dither_get_user_word(cfa, sp + rule->cfa_offset, fault);
		cfa += rule->cfa_addend;
		break;
	case DITHER_CFA_FP_DEREF:
		dither_get_user_word(cfa, fp + rule->cfa_offset, fault);
		cfa += rule->cfa_addend;
		break;
	case DITHER_CFA_PLT:
		cfa = sp + rule->cfa_offset +
		      ((frame->lookup & 15) >= rule->cfa_addend ? 8 : 0);
		break;
	default:
		return DITHER_END_UNSUPPORTED;
	}
	/*
	 * Stacks grow downwards: the caller's frame lies above, unless this
	 * one has none and its caller's address is in a register, or a signal
	 * has come on a stack of its own.
	 */
	if (unlikely(cfa <= sp) && !is_signal &&
	    !(cfa == sp && frame->link_known))
		return DITHER_END_BROKEN;

	at = cfa + rule->ra_offset;
	switch (rule->ra) {
	case DITHER_SAVED_NOT:
		if (!frame->link_known)
			return DITHER_END_BROKEN;
		caller = frame->link;
		break;
	case DITHER_SAVED_SP:
		at = sp + rule->ra_offset;
		dither_get_user_word(caller, at, fault);
		break;
	case DITHER_SAVED_FP:
		at = fp + rule->ra_offset;
		fallthrough;
	default:
		dither_get_user_word(caller, at, fault);
	}

	switch (rule->fp) {
	case DITHER_SAVED_NOT:
		if (rule->flags & DITHER_RULE_GO &&
		    fp == cfa - 2 * sizeof(long))
			dither_get_user_word(frame->fp, fp, fault);
		break;
	case DITHER_SAVED_CFA:
		dither_get_user_word(frame->fp, cfa + rule->fp_offset, fault);
		break;
	case DITHER_SAVED_SP:
		dither_get_user_word(frame->fp, sp + rule->fp_offset, fault);
		break;
	case DITHER_SAVED_FP:
		dither_get_user_word(frame->fp, fp + rule->fp_offset, fault);
		break;
	default:
		frame->fp = FRAME_POINTER_LOST;
	}

	if (rule->bx)
		frame->bx = rule->bx == DITHER_BX_LOST ?
				    BX_LOST :
				    cfa - sizeof(long) * rule->bx;
	frame->link_known = DITHER_ARCH_LINK_REGISTER && is_signal;
	if (frame->link_known)
		dither_get_user_word(frame->link, at - DITHER_ARCH_SIGNAL_LINK,
				     fault);
	frame->sp = cfa;
	frame->sp_known = true;
	frame->first = false;
	frame->chained = false;
	frame->caller = dither_user_address(caller);
	frame->lookup = frame->caller - !is_signal;
	frame->failing = DITHER_END_BROKEN;
	return frame->caller < PAGE_SIZE ? DITHER_END_ROOT : GOES_ON;

fault:
	return DITHER_END_FAULT;
}

/*
 * Walk on by rules that are kept. GOES_ON: the next frame's is not. What lies
 * in here runs with user memory open, and calls nothing.
 */
static noinline u8 follow(struct table_walk *table_walk)
{
	struct dither_walk *walk = table_walk->walk;
	unsigned long *addresses = walk->cached->addresses;
	const u32 generation = table_walk->generation;
	const u64 map = table_walk->map->id;
	struct frame frame = table_walk->frame;
	const struct dither_kept_rule *kept;
	u32 count = walk->count;
	u8 end = GOES_ON;

	/*
	 * Each address is clamped where it is used. What is asked for here must
	 * not depend on the frame: where this is begun does on what is kept.
	 */
	if (!dither_user_access_begin(0, sizeof(long)))
		return DITHER_END_FAULT;
	while (end == GOES_ON) {
		kept = place_of(table_walk, frame.lookup);
		if (kept->address != frame.lookup || kept->map != map ||
		    kept->generation != generation ||
		    !(kept->in_code || frame.first))
			break;
		if (frame.caller) {
			if (count == walk->room) {
				end = DITHER_END_DEPTH;
				break;
			}
			addresses[count++] = frame.caller;
		}
		if (likely(uses_table(&kept->rule) &&
			   !goes_by_frame_pointer(&frame, &kept->rule))) {
			table_walk->by_table = true;
			end = leave_by_rule(&frame, &kept->rule,
					    table_walk->regs);
			continue;
		}
		if (DITHER_ARCH_LINK_REGISTER && frame.first &&
		    !table_walk->with_ip) {
			/* The caller, or stale: see DITHER_STACK_LR. */
			addresses[count++] = dither_user_address(frame.link);
			walk->flags |= DITHER_STACK_LR;
		}
		end = leave_by_frame_pointer(&frame, &kept->rule);
		table_walk->by_frame_pointer |= end == GOES_ON;
	}
	dither_user_access_end();
	table_walk->frame = frame;
	walk->count = count;
	return end;
}

static const struct dither_rule *find_rule(struct dither_walk *walk,
					   const struct dither_range *range,
					   unsigned long address)
{
	static const struct dither_rule no_table = { .cfa = CFA_NO_TABLE };
	const void *image;

	if (!range || !range->file)
		return &no_table;
	image = dither_file_table(range->file);
	if (image)
		return dither_table_find(image, range->offset +
						(address - range->start));
	dither_tables_ask(walk->tables, range);
	return &no_table;
}

/* Keep the next frame's rule; false: it lies in no code. */
static noinline bool look_up(struct table_walk *table_walk)
{
	const struct frame *frame = &table_walk->frame;
	struct dither_kept_rule *kept = place_of(table_walk, frame->lookup);
	const struct dither_range *range;

	range = dither_code_map_range(table_walk->map, frame->lookup);
	if (!range && !frame->first)
		return false;
	/* What is mapped where nothing was does not change the space's number. */
	if (!range)
		table_walk->unmapped = kept;
	*kept = (struct dither_kept_rule){
		.address = frame->lookup,
		.map = table_walk->map->id,
		.generation = table_walk->generation,
		.in_code = range,
		.rule = *find_rule(table_walk->walk, range, frame->lookup),
	};
	return true;
}

static u8 unwinder(const struct table_walk *table_walk)
{
	if (!table_walk->by_frame_pointer)
		return table_walk->by_table ? DITHER_UNWIND_TABLE :
					      DITHER_UNWIND_NONE;
	return table_walk->by_table ? DITHER_UNWIND_MIXED :
				      DITHER_UNWIND_FRAME_POINTER;
}

static void walk_by_tables(struct table_walk *table_walk)
{
	struct dither_walk *walk = table_walk->walk;

	/* No chain of frames leads to what this walk stores. */
	walk->cached->linked = 0;
	if (table_walk->with_ip)
		walk->cached->addresses[walk->count++] =
			table_walk->frame.lookup;
	do {
		if (!look_up(table_walk)) {
			walk->end = table_walk->frame.failing;
			break;
		}
		walk->end = follow(table_walk);
	} while (walk->end == GOES_ON);
	if (table_walk->unmapped)
		table_walk->unmapped->map = 0;
	walk->unwinder = unwinder(table_walk);
}

bool dither_unwind_table(struct pt_regs *regs, bool with_ip,
			 struct dither_walk *walk)
{
	struct dither_kept_rule only;
	struct table_walk table_walk = {
		.walk = walk,
		.regs = regs,
		.kept = walk->kept ? walk->kept : &only,
		.kept_bits = walk->kept ? RULES_KEPT_BITS : 0,
		.with_ip = with_ip,
		.frame = {
			.lookup = instruction_pointer(regs),
			.sp = user_stack_pointer(regs),
			.fp = dither_frame_pointer(regs),
			.link = dither_link_register(regs),
			.link_known = DITHER_ARCH_LINK_REGISTER,
			.sp_known = true,
			.first = true,
		},
	};
	bool known;

	rcu_read_lock();
	table_walk.map = dither_process_maps_find(current->tgid);
	known = table_walk.map;
	/* Pairs with the release of who brings a table. */
	table_walk.generation = smp_load_acquire(&dither_tables_generation);
	if (known)
		walk_by_tables(&table_walk);
	rcu_read_unlock();
	return known;
}

#else

bool dither_unwind_table(struct pt_regs *regs, bool with_ip,
			 struct dither_walk *walk)
{
	return false;
}

#endif
