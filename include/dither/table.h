/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Unwind tables: how to get from a function to its caller, for every address
 * of one file, in the form that the module walks with. User space compiles
 * them from .eh_frame (or .debug_frame) and hands them over.
 *
 * Addresses are offsets in the file, not virtual addresses: the module knows
 * mappings by file and offset, and no load address has to be worked out. Only
 * executable segments have rows.
 *
 * An image is, in this order, each part on 8 bytes and of the machine's byte
 * order:
 *
 *	struct dither_table_header
 *	struct dither_rule	rules[nr_rules]
 *	__u32			pages[nr_pages + 1]	first row of each page
 *	struct dither_row	rows[nr_rows]
 *
 * A page is 64 KiB of the file; pages[i] .. pages[i + 1] are the rows of page
 * i, which is file offset (first_page + i) << 16. Rows ascend strictly by .low
 * within their page. A row holds from its address up to the next row's; the
 * first row of a page that has any is at .low 0. A page without rows, and an
 * address outside all pages, have rule 0.
 */
#ifndef DITHER_TABLE_H
#define DITHER_TABLE_H

#include <linux/types.h>

#define DITHER_TABLE_MAGIC	0x42545744U	/* "DWTB" as bytes */
#define DITHER_TABLE_VERSION	2U
#define DITHER_TABLE_PAGE_SHIFT	16U
#define DITHER_TABLE_PAGES_MAX	(1U << 16)	/* 4 GiB of a file */
#define DITHER_TABLE_ROWS_MAX	(1U << 24)
#define DITHER_TABLE_RULES_MAX	(1U << 16)

enum dither_table_machine {
	DITHER_TABLE_X86_64 = 1,
	DITHER_TABLE_ARM64 = 2,
};

struct dither_table_header {
	__u32 magic;
	__u16 version;
	__u16 machine;		/* enum dither_table_machine */
	__u32 bytes;		/* of the whole image */
	__u32 first_page;
	__u32 nr_pages;		/* 1 .. DITHER_TABLE_PAGES_MAX */
	__u32 nr_rows;		/* 1 .. DITHER_TABLE_ROWS_MAX */
	__u32 nr_rules;		/* 1 .. DITHER_TABLE_RULES_MAX */
	__u32 reserved;		/* 0 */
};

struct dither_row {
	__u16 low;		/* address within its page */
	__u16 rule;
};

/*
 * The canonical frame address (CFA) is the stack pointer's value in the caller
 * right after the return. "fp" is rbp on x86-64, x29 on arm64.
 */
enum dither_cfa {
	DITHER_CFA_NONE = 0,	/* no information: rule 0 only */
	DITHER_CFA_SP = 1,	/* sp + cfa_offset */
	DITHER_CFA_FP = 2,	/* fp + cfa_offset */
	DITHER_CFA_REGISTER = 3,/* register .cfa_register + cfa_offset: known in
				 * the interrupted frame only, but for rbx
				 */
	DITHER_CFA_SP_DEREF = 4,/* *(sp + cfa_offset) + cfa_addend */
	DITHER_CFA_FP_DEREF = 5,/* *(fp + cfa_offset) + cfa_addend */
	DITHER_CFA_PLT = 6,	/* x86-64: sp + cfa_offset, and 8 more when
				 * (ip & 15) >= cfa_addend
				 */
	DITHER_CFA_UNSUPPORTED = 7, /* there is a rule, but of another kind */
	DITHER_CFA_COUNT
};

/* Where the caller's fp, or the return address, is. */
enum dither_saved {
	DITHER_SAVED_NOT = 0,	/* fp: unchanged. Return address: in the link
				 * register (arm64), else not known
				 */
	DITHER_SAVED_CFA = 1,	/* at CFA + offset */
	DITHER_SAVED_SP = 2,	/* at sp + offset */
	DITHER_SAVED_FP = 3,	/* at fp + offset */
	DITHER_SAVED_UNDEFINED = 4, /* return address: there is no caller. fp: its
				     * value is lost
				     */
	DITHER_SAVED_COUNT
};

/*
 * The caller of this frame was interrupted (a signal frame): its address is
 * not that of a call's end, so it is looked up as it is, not one less.
 */
#define DITHER_RULE_SIGNAL 0x01

/*
 * Go on x86-64: its functions keep frame pointers without saying so, and some
 * of its runtime changes stacks, which no rule tells. The rule is for the
 * interrupted frame only, whose caller's fp is at CFA - 16 if fp points there,
 * else still in the register; from the other frames frame pointers lead on, to
 * another stack as well.
 */
#define DITHER_RULE_GO 0x02

/*
 * rbx is what a CFA is told by in the dynamic linker's way to a function that
 * is called for the first time. It is saved below the CFA, at CFA - 8 * .bx.
 */
#define DITHER_BX_NOT	0	/* it is unchanged */
#define DITHER_BX_LOST	255	/* its value is not known */
#define DITHER_BX_NUMBER 3	/* DWARF's, for .cfa_register */

struct dither_rule {
	__u8 cfa;		/* enum dither_cfa */
	__u8 cfa_register;	/* DWARF number, for DITHER_CFA_REGISTER */
	__u8 fp;		/* enum dither_saved */
	__u8 ra;		/* enum dither_saved; x86-64: never SAVED_NOT but
				 * in rules without a CFA
				 */
	__s32 cfa_offset;
	__s32 fp_offset;
	__s32 ra_offset;
	__s16 cfa_addend;
	__u8 flags;		/* DITHER_RULE_* */
	__u8 bx;		/* x86-64: DITHER_BX_* of the caller's rbx */
};

#endif
