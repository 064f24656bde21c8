/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The ABI between the dither module and the programs that read /dev/dither.
 *
 * This comment and the ones below are the specification; docs/abi.md only adds
 * a tour. Kernel and user space include this very file.
 *
 * A session is one open of /dev/dither (CAP_PERFMON, or CAP_SYS_ADMIN before
 * Linux 5.8). Its life:
 *
 *	open        EPERM without the capability; EMFILE: max_sessions are open
 *	CONFIGURE   once; allocates a ring for every CPU that is present
 *	mmap        per CPU: the tail page, then head page and data
 *	START       the clocks run; records appear
 *	SNAPSHOT    per process that was there before START (optional)
 *	TABLE       per file that user stacks are to be unwound in, at any
 *		    time after open (optional)
 *	poll        readable at the watermark or after wakeup_ms; once
 *	            stopped, until all is read, then POLLHUP
 *	STOP        the clocks stand; what is in the rings stays readable
 *	LEDGER      at any time after CONFIGURE, per CPU
 *	close       ends everything, as the death of the process does
 *
 * CONFIGURE, START, SNAPSHOT and TABLE need the capability of the process that
 * calls them as well, at the time of the call: EACCES without it, or where a
 * security module allows no kernel profiling (kernels that export
 * perf_allow_kernel(): 6.12 and later). A descriptor that is passed on lets a
 * process without the capability read and stop a session, and no more.
 *
 * Every structure that crosses the border by ioctl begins with its own size.
 * A smaller size than the module knows is an older caller: the missing fields
 * are zero. A larger one is accepted when the unknown bytes are zero, else
 * E2BIG. Unknown flags and non-zero reserved fields are EINVAL.
 *
 * Numbers of processes and threads, in records too, are those of the PID
 * namespace of who opened the session. 0 in a sample: a process that is not in
 * it; such processes have no other records.
 *
 * All times are nanoseconds of CLOCK_MONOTONIC. All integers have the
 * machine's byte order. All structures have the same layout for 32 and 64 bit
 * callers.
 */
#ifndef DITHER_ABI_H
#define DITHER_ABI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define DITHER_DEVICE		"/dev/dither"
#define DITHER_ABI_MAJOR	1
#define DITHER_ABI_MINOR	5

/* Limits of a configuration. */
#define DITHER_PERIOD_MIN_NS	50000ULL	/* 20 kHz */
#define DITHER_PERIOD_MAX_NS	1000000000ULL	/* 1 Hz */
#define DITHER_RING_MIN		(64U << 10)	/* bytes per CPU */
#define DITHER_RING_MAX		(256U << 20)
#define DITHER_RING_SIDE	(256U << 10)	/* see DITHER_MMAP_DATA */
#define DITHER_DEPTH_MAX	255U		/* frames of one stack */
#define DITHER_DEPTH_DEFAULT	127U
#define DITHER_PIDS_MAX		1024U
#define DITHER_JITTER_MAX_PPM	1000000U
#define DITHER_BUDGET_MAX_PPM	1000000U	/* no limit at all */
#define DITHER_BUDGET_DEFAULT_PPM 10000U	/* 1% of each CPU */
#define DITHER_SHIFT_MAX	12U		/* governor: cells up to 2^12 */
#define DITHER_CELL_MAX_NS	250000000ULL	/* … and up to this; periods that
						 * are longer stay as they are
						 */
#define DITHER_COUNTERS_MAX	6U
#define DITHER_EVENT_PERIOD_MAX	(1ULL << 40)
#define DITHER_BUILD_ID_MAX	20U
#define DITHER_COMM_LEN		16U

/*
 * Policies: where, within or between its cells, a sampling instant lies. See
 * kmod/core/schedule.h for the exact arithmetic.
 */
enum dither_policy {
	DITHER_POLICY_STRATIFIED = 0,	/* one uniform point in every cell */
	DITHER_POLICY_POISSON = 1,	/* exponential intervals */
	DITHER_POLICY_UNIFORM = 2,	/* intervals uniform in T(1 +- jitter) */
	DITHER_POLICY_FIXED = 3,	/* the start of every cell */
	DITHER_POLICY_COUNT
};

/* dither_config.flags */
#define DITHER_F_SEED		(1U << 0)  /* .seed is given, else drawn */
#define DITHER_F_IDLE		(1U << 1)  /* sample idle CPUs too */
#define DITHER_F_INHERIT	(1U << 2)  /* .pids' children belong to them */
#define DITHER_F_USER_ONLY	(1U << 3)  /* no samples in kernel mode */
#define DITHER_F_KERNEL_ONLY	(1U << 4)  /* no samples in user mode */
#define DITHER_F_OVERWRITE	(1U << 5)  /* flight recorder: oldest go first */
#define DITHER_F_TABLES		(1U << 6)  /* unwind user stacks by tables, too */
#define DITHER_F_NO_CLOCK	(1U << 7)  /* samples by .events alone */
#define DITHER_F_ALL		((1U << 8) - 1)

/* DITHER_IOC_INFO: what this module on this machine can do. */
struct dither_info {
	__u32 size;
	__u16 abi_major;
	__u16 abi_minor;
	__u32 features;		/* DITHER_FEATURE_* */
	__u32 cpus;		/* CPU numbers lie in [0, cpus) */
	__u32 page_size;
	__u32 reserved;
	__u64 memory_max;	/* since minor version 4: bytes that the rings
				 * of all sessions may take together
				 */
	__u32 timer_ns;		/* since minor version 4: resolution of
				 * instants: 1, or a tick without
				 * DITHER_FEATURE_HIGH_RES
				 */
	__u32 reserved2;	/* since minor version 4: 0 */
};

#define DITHER_FEATURE_KERNEL_STACK	(1U << 0)
#define DITHER_FEATURE_USER_STACK	(1U << 1) /* by frame pointer */
#define DITHER_FEATURE_IDLE_HOOK	(1U << 2) /* idle CPUs are not woken */
#define DITHER_FEATURE_MAPS		(1U << 3) /* new mappings are reported */
#define DITHER_FEATURE_LINK_REGISTER	(1U << 4) /* see DITHER_STACK_LR */
#define DITHER_FEATURE_UNWIND_TABLES	(1U << 5)
#define DITHER_FEATURE_PMU		(1U << 6) /* hardware counters */
#define DITHER_FEATURE_OFF_CPU		(1U << 7)
/* Since minor version 4: instants are not those of the tick. */
#define DITHER_FEATURE_HIGH_RES		(1U << 8)
/* Since minor version 5: BPF programs and trampolines have CODE records, too. */
#define DITHER_FEATURE_CODE		(1U << 9)

/* dither_event.flags */
#define DITHER_EVENT_USER_ONLY		(1U << 0)  /* what user mode does */
#define DITHER_EVENT_KERNEL_ONLY	(1U << 1)  /* … and the kernel */
#define DITHER_EVENT_ALL		((1U << 2) - 1)

/*
 * An event to be counted on every CPU of the session, as in struct
 * perf_event_attr: .type, .config, .config1, .config2. It has a counter of its
 * own all the time, never one shared in turns, or is refused.
 *
 * With a .period it makes samples as well: one each .period events on average,
 * every single distance drawn anew, uniformly in .period * [1/4, 7/4]; see
 * kmod/core/period.h. With .target_ns, .period is only how it begins, and
 * follows what the CPU does so that samples come that far apart.
 *
 * .error, which is written for each event when CONFIGURE ends with ENODEV:
 *
 *	ENOENT		no PMU knows it
 *	EOPNOTSUPP	not this event, or not as a clock: it has no registers
 *	EXDEV		counted for a group of CPUs, not for each
 *	EBUSY		no counter is free
 *	EINVAL		the PMU does not take these values
 *	EACCES, EPERM	not permitted
 */
struct dither_event {
	__u32 size;		/* also the distance of two in the array */
	__u32 flags;		/* DITHER_EVENT_* */
	__u32 type;
	__s32 error;		/* out: 0, or why it is refused, negative */
	__u64 config;
	__u64 config1;
	__u64 config2;
	__u64 period;		/* 0: counted only */
	__u64 target_ns;	/* 0: .period stays */
};

/*
 * DITHER_IOC_CONFIGURE: once per session, before anything else but INFO.
 * Written back: .seed as used, .ring_bytes, .watermark, .budget_ppm,
 * .max_depth and .wakeup_ms with their defaults filled in where 0 was given;
 * since minor version 4 .memory and .memory_left as well, even with ENOMEM.
 *
 * Without .cpumask every CPU is sampled but those that the machine keeps free
 * of noise: isolcpus and nohz_full. (If these are all CPUs, all are sampled.)
 *
 * The default of .ring_bytes is the largest power of two, at most 1 MiB and at
 * least DITHER_RING_MIN, with which the session takes at most a quarter of
 * .memory_left.
 *
 * The reader is woken when a ring holds .watermark bytes, and when something
 * is written, on any CPU, .wakeup_ms or more after the session's last wake-up.
 * A session that falls silent wakes no reader for what it wrote before: give
 * poll() a timeout. poll() returns POLLIN until the reader has moved a tail, and
 * then not before the next wake-up: drain all rings each time.
 *
 * EINVAL: out of range; unknown flag; USER_ONLY with KERNEL_ONLY; NO_CLOCK
 * without an event that makes samples. ENODEV: an event is refused; the session
 * may be configured again, with others. EOPNOTSUPP: no unwind tables, or no
 * events, on this machine.
 * EPERM: kernel samples asked for while the kernel is locked down (START says
 * so, too). EACCES: see above. ESRCH: a pid does not exist. EBUSY: already
 * configured. ENOMEM: .memory is more than .memory_left, or than the machine or
 * the caller's memory cgroup, which it is charged to, can spare.
 */
struct dither_config {
	__u32 size;
	__u32 flags;
	__u32 policy;		/* enum dither_policy */
	__u32 jitter_ppm;	/* UNIFORM only: 0 .. 1e6, else 0 */
	__u64 period_ns;	/* mean distance of two instants on one CPU */
	__u64 seed;
	__u32 ring_bytes;	/* data per CPU, a power of two; 0: see above */
	__u32 watermark;	/* bytes that wake the reader; 0: a quarter */
	__u32 wakeup_ms;	/* see above; 0: 100 */
	__u32 budget_ppm;	/* share of each CPU; 0: the module parameter of
				 * that name, 1% by default
				 */
	__u32 max_depth;	/* frames of one stack; 0: 127 */
	__u32 nr_pids;		/* 0: every process */
	__u64 pids;		/* pointer to __s32[nr_pids]: process numbers */
	__u64 cpumask;		/* pointer to bytes, bit c: CPU c; or 0 */
	__u32 cpumask_bytes;
	__u32 nr_events;	/* at most DITHER_COUNTERS_MAX */
	__u64 events;		/* pointer to struct dither_event[nr_events] */
	__u64 memory;		/* since minor version 4, out: bytes that this
				 * session's rings take
				 */
	__u64 memory_left;	/* since minor version 4, out: bytes that other
				 * sessions leave of dither_info.memory_max
				 */
};

/*
 * DITHER_IOC_SNAPSHOT: writes COMM records of every thread and MAP records of
 * every executable mapping of one process into the caller's CPU's ring, marked
 * DITHER_RECORD_SNAPSHOT. A process that the session's filter leaves out
 * yields nothing. Where a FORGET record is due for the process, it comes first.
 *
 * Returns 0 when done, 1 when the ring is full: drain it and call again with
 * the structure as it was written back.
 *
 * ESRCH: no such process (the usual race, to be ignored). EINVAL: not running.
 */
struct dither_snapshot {
	__u32 size;
	__s32 pid;		/* a process number, as in records */
	__u64 cursor;		/* 0 at first, then the module's own */
	__u64 bytes;		/* since minor version 4: records beyond so many
				 * bytes are left out; 0: no limit. Written
				 * back: the bytes left, at least 1.
				 */
};

/*
 * DITHER_IOC_TABLE: the unwind table (include/dither/table.h) of a file, for
 * all sessions with DITHER_F_TABLES. The module knows the file by device,
 * inode, size and the times of its last modification and change, which it takes
 * from .fd; a file that has changed is another file, unless it is mapped as it
 * was. Tables stay until the last session is closed, or until others need their
 * room: the one that was not used for longest is dropped first, and requested
 * again by the next walk that needs it.
 *
 * EBADF: .fd is not an open regular file. EINVAL: not a table, or for another
 * machine. EPROTO: a table of another version. EEXIST: there is one
 * already. E2BIG: larger than all tables together may be. ENOMEM. EOPNOTSUPP:
 * no tables on this machine.
 */
struct dither_table_image {
	__u32 size;
	__s32 fd;		/* -1: the vDSO */
	__u64 image;		/* pointer to .bytes bytes */
	__u64 bytes;		/* 0: the file has none: never ask again */
	__u32 flags;		/* none yet: 0 */
	__u32 reserved;		/* 0 */
};

/* DITHER_IOC_TABLES: what has become of tables since the first open session. */
struct dither_tables {
	__u32 size;
	__u32 count;		/* tables that are here now, */
	__u64 bytes;		/* … and what they take */
	__u64 bytes_max;	/* module parameter table_mb */
	__u64 dropped;		/* to make room for others */
	__u64 unmapped;		/* what the unwinder does not know for want of
				 * memory: mappings, whose frames end stacks,
				 * and processes, walked by frame pointers
				 */
	__u64 evicted;		/* since minor version 4: processes forgotten to
				 * make room, the oldest of the user who has
				 * most: until their next exec they are walked
				 * by frame pointers
				 */
};

/* Why a cell yielded no sample, or a record was not written. */
enum dither_lost {
	DITHER_LOST_RING = 0,	/* samples: no room in the ring */
	DITHER_LOST_NESTED = 1,	/* samples: more than four contexts nested */
	DITHER_LOST_REGS = 2,	/* samples: the interrupt had no registers */
	DITHER_LOST_PROCESS = 3,/* process records, not cells: no room */
	DITHER_LOST_MAPPING = 4,/* MAP records: too many at a time */
	DITHER_LOST_FLOOD = 5,	/* since minor version 4: process records over
				 * their budget; in DROPPED records, not in
				 * LOST records
				 */
	DITHER_LOST_FILTER = 6,	/* since minor version 4: processes, not
				 * records: children of .pids for which the
				 * session's filter has no place; they are
				 * not sampled
				 */
	DITHER_LOST_COUNT = 8	/* places kept */
};

/* What a CPU is to a session; since minor version 4. */
enum dither_role {
	DITHER_ROLE_SAMPLED = 0,
	DITHER_ROLE_NOT_NAMED = 1,	/* not in .cpumask */
	DITHER_ROLE_ISOLATED = 2,	/* isolcpus or nohz_full, no .cpumask */
};

/*
 * DITHER_IOC_LEDGER: the account of one CPU since START. Every cell of the
 * schedule whose instant has been dealt with is in exactly one of the terms:
 *
 *	cells == kept + idle + overruns + filtered + offline
 *		 + lost[RING] + lost[NESTED] + lost[REGS]
 *
 * .cells comes from the schedule's position, the terms from counters at the
 * places where things happen: two independent accounts that must agree.
 * For POISSON and UNIFORM a "cell" is a draw.
 *
 * Samples that no clock made, .event != 0, have a balance of their own:
 *
 *	events == event_kept + event_filtered
 *		  + event_lost[RING] + event_lost[NESTED] + event_lost[REGS]
 *
 * What the events of the session counted, since minor version 3, is accounted
 * for as well, each event by itself:
 *
 *	counted == attributed + filtered + lost + asleep + unsampled + unknown
 *
 * LEDGER interrupts a CPU only if the session samples it.
 *
 * EINVAL: no ring for that CPU.
 */
struct dither_ledger_event {
	__u64 counted;		/* by the counter itself, since START */
	__u64 attributed;	/* reported with samples */
	__u64 filtered;		/* would have gone with filtered ones, */
	__u64 lost;		/* … or with lost ones */
	__u64 asleep;		/* from when the CPU fell asleep until it woke */
	__u64 unsampled;	/* the CPU worked, but fell asleep or stopped
				 * before an instant came
				 */
	__u64 unknown;		/* while the counter did not run all the time: */
	__u64 unknown_windows;	/* … a lower bound, so often */
	__u64 overflows;	/* samples that it made, lost ones included */
	__u64 throttled;	/* times the kernel stopped it until the next
				 * tick, for coming too often
				 */
	__u64 period;		/* mean, at present */
};

struct dither_ledger {
	__u32 size;
	__u32 cpu;		/* in: which CPU */
	__u64 cells;
	__u64 kept;
	__u64 idle;		/* the CPU slept at that instant, or a timer
				 * interrupt was just waking it
				 */
	__u64 overruns;		/* passed before the previous one was served */
	__u64 filtered;		/* the session's filter left it out */
	__u64 offline;		/* the CPU was off line, or not yet started */
	__u64 lost[DITHER_LOST_COUNT];
	__u64 idle_ns;		/* time asleep; 0 without the idle hook */
	__u64 handler_ns;	/* what dither took of this CPU: samples, with
				 * their interrupts, which the budget is for;
				 * idle entry and exit; and what all sessions
				 * share: records and maps of processes
				 */
	__u64 running_ns;	/* wall time from START to now or STOP */
	__u64 bytes;		/* written to the ring, paddings included */
	__u64 stacks_written;	/* STACK records */
	__u64 stacks_shared;	/* stacks that were named by number */
	__u64 rate_changes;	/* by the governor */
	__u64 bad_tails;	/* tails outside the ring, ignored */
	__u64 shift;		/* cells are period << shift now */
	__u64 events;		/* since minor version 1 */
	__u64 event_kept;
	__u64 event_filtered;
	__u64 event_lost[DITHER_LOST_COUNT];
	__u64 nr_events;	/* since minor version 3: entries of .event */
	struct dither_ledger_event event[DITHER_COUNTERS_MAX];
	__u32 ring_bytes;	/* since minor version 4: data of this ring */
	__u32 role;		/* since minor version 4: enum dither_role */
	__u64 ringless;		/* since minor version 4: process records of the
				 * whole session that were lost on CPUs without
				 * a ring, which were added after CONFIGURE
				 */
};

#define DITHER_IOC_MAGIC	0xD1
#define DITHER_IOC_INFO		_IOWR(DITHER_IOC_MAGIC, 0, struct dither_info)
#define DITHER_IOC_CONFIGURE	_IOWR(DITHER_IOC_MAGIC, 1, struct dither_config)
#define DITHER_IOC_START	_IO(DITHER_IOC_MAGIC, 2)  /* EINVAL, EBUSY; see above */
#define DITHER_IOC_STOP		_IO(DITHER_IOC_MAGIC, 3)  /* EINVAL */
#define DITHER_IOC_SNAPSHOT	_IOWR(DITHER_IOC_MAGIC, 4, struct dither_snapshot)
#define DITHER_IOC_LEDGER	_IOWR(DITHER_IOC_MAGIC, 5, struct dither_ledger)
#define DITHER_IOC_TABLE	_IOWR(DITHER_IOC_MAGIC, 6, struct dither_table_image)
#define DITHER_IOC_TABLES	_IOWR(DITHER_IOC_MAGIC, 7, struct dither_tables)

/*
 * mmap. The offset names CPU and region; lengths must be exact:
 *
 *	DITHER_MMAP_TAIL(cpu)	one page, may be writable: struct dither_tail
 *	DITHER_MMAP_DATA(cpu)	one page (struct dither_head) and the data,
 *				read-only, and never to be made writable
 *
 * The data has .ring_bytes of the CPU's ledger: .ring_bytes of the
 * configuration for a CPU that is sampled. The others carry process records
 * only: a quarter of it, at least DITHER_RING_MIN and at most DITHER_RING_SIDE.
 *
 * EINVAL: no such CPU or region, a wrong length, a private mapping. EPERM: a
 * writable mapping of data, or an executable one.
 */
#define DITHER_MMAP_TAIL(cpu)	((__u64)(cpu) << 32)
#define DITHER_MMAP_DATA(cpu)	(((__u64)(cpu) << 32) | 0x80000000ULL)

/*
 * Positions are free-running 32 bit byte counts; a position's place in the
 * data is (position & (size - 1)). Bytes in [tail, head) are readable.
 *
 * Reader: load head (acquire), copy, store tail (release). A tail outside
 * [head - size, head] is ignored by the module, which then goes on with the
 * last good one.
 */
struct dither_tail {
	__u32 tail;
};

/*
 * Overwrite mode: the tail does not matter. To take a snapshot, load head
 * (acquire), copy the data, then load .ahead, then head again, each after a
 * read barrier. Writers have reached that second head, and beyond it every
 * .ahead that is at most size further on (any other level is at rest): what
 * was copied from before (the furthest of these) - size may have been
 * overwritten. Decode from the oldest entry of .epochs that is not.
 */
#define DITHER_NESTING_MAX	4U
#define DITHER_EPOCHS_KEPT	16U

struct dither_head {
	__u32 head;
	__u32 size;			/* of the data, bytes */
	__u32 ahead[DITHER_NESTING_MAX];/* by nesting level; overwrite mode */
	__u32 epoch_count;		/* epochs begun; the last is at     */
	__u32 epochs[DITHER_EPOCHS_KEPT];/* [(epoch_count - 1) % KEPT]       */
};

/*
 * Records. Each begins on 8 bytes, never crosses the end of the data, and is
 * header.size bytes long (a multiple of 8). Readers skip unknown types by
 * size. Within one ring, records stand in the order in which their space was
 * reserved; their times may differ from that by what one interrupt takes.
 */
struct dither_record {
	__u16 size;		/* bytes, this header included */
	__u8 type;		/* enum dither_record_type */
	__u8 flags;		/* by type */
	__u32 tid;		/* the thread it is about, or by type */
};

enum dither_record_type {
	DITHER_RECORD_PAD = 0,		/* skip .size bytes */
	DITHER_RECORD_SAMPLE = 1,
	DITHER_RECORD_STACK = 2,
	DITHER_RECORD_EPOCH = 3,
	DITHER_RECORD_LOST = 4,
	DITHER_RECORD_RATE = 5,
	DITHER_RECORD_FORK = 6,
	DITHER_RECORD_COMM = 7,
	DITHER_RECORD_EXIT = 8,
	DITHER_RECORD_MAP = 9,
	DITHER_RECORD_TABLE_WANTED = 10,
	DITHER_RECORD_SWITCH = 11,		/* kept for off-CPU time */
	DITHER_RECORD_WAKE = 12,		/* kept for off-CPU time */
	DITHER_RECORD_DROPPED = 13,		/* since minor version 4 */
	DITHER_RECORD_FORGET = 14,		/* since minor version 4 */
	DITHER_RECORD_CODE = 15,		/* since minor version 5 */
};

/* Flag of COMM and MAP: was so already at START; see DITHER_IOC_SNAPSHOT. */
#define DITHER_RECORD_SNAPSHOT	0x80

/* dither_sample.header.flags */
#define DITHER_SAMPLE_USER	0x01	/* .ip is a user address */
#define DITHER_SAMPLE_COMPAT	0x02	/* a 32 bit process on a 64 bit kernel */
#define DITHER_SAMPLE_KTHREAD	0x04	/* a kernel thread: no user half */
#define DITHER_SAMPLE_IDLE	0x08	/* the idle task */

/*
 * A stack's number. 0: there is none. DITHER_STACK_ADJACENT: the STACK record
 * of that kind which stands right before the sample (they are reserved
 * together). Else the STACK record of the same ring with that number in
 * header.tid, the latest one before the sample; the upper 12 bits are the
 * epoch it belongs to.
 */
#define DITHER_STACK_NONE	0U
#define DITHER_STACK_ADJACENT	0xffffffffU
#define DITHER_STACK_SLOT_BITS	20
#define DITHER_STACK_EPOCH(ref)	((ref) >> DITHER_STACK_SLOT_BITS)

struct dither_sample {
	struct dither_record header;
	__u64 time;		/* when the handler ran */
	__u64 ip;		/* the interrupted instruction */
	__u32 tgid;		/* process */
	__u32 lateness;		/* ns, time - due; 0xffffffff: that or more */
	__u32 kernel_stack;	/* callers of .ip; NONE for user mode */
	__u32 user_stack;	/* user mode: callers of .ip; else all frames */
	__u32 overruns;		/* cells passed unserved since the last one */
	__u16 counters;		/* values that follow; see below */
	__u8 event;		/* what caused it; 0: the clock, else 1 + the
				 * place in dither_config.events
				 */
	__u8 shift;		/* weight: 2^shift cells of the base period;
				 * 0 if no clock made it, as .lateness and
				 * .overruns are
				 */
	__u64 counter[];
};

/*
 * dither_sample.counter. A sample made by an event has first
 *
 *	the mean period in force: how many events it stands for
 *	events since this event's last sample on this CPU, lost ones included
 *
 * Then, in a session with events, with samples of the clock, or, without a
 * clock (DITHER_F_NO_CLOCK), of the first event that makes samples:
 *
 *	ns since the last instant on this CPU, time asleep left out: the
 *	counters were on, and running, for that long
 *	for each event of the session what it counted meanwhile, or
 *	DITHER_COUNT_UNKNOWN where its counter did not run all the time
 */
#define DITHER_COUNT_UNKNOWN	(~0ULL)
#define DITHER_COUNTS_MAX	(2U + 1 + DITHER_COUNTERS_MAX)

/* dither_stack.header.flags */
#define DITHER_STACK_KERNEL	0x01	/* else user */
#define DITHER_STACK_LR		0x02	/* address 0 is the link register */
#define DITHER_STACK_BASE	0x04	/* .data begins with a dither_stack_base:
					 * user stacks, with DITHER_F_TABLES
					 */

/* Who made a stack. */
enum dither_unwinder {
	DITHER_UNWIND_NONE = 0,		/* registers only */
	DITHER_UNWIND_FRAME_POINTER = 1,
	DITHER_UNWIND_KERNEL = 2,	/* the kernel's own (ORC) */
	DITHER_UNWIND_TABLE = 3,	/* unwind tables */
	DITHER_UNWIND_MIXED = 4,	/* frame pointers where tables say nothing */
};

/* Why a stack ended. */
enum dither_unwind_end {
	DITHER_END_ROOT = 0,	/* reached the first frame */
	DITHER_END_DEPTH = 1,	/* max_depth */
	DITHER_END_FAULT = 2,	/* the next frame's memory is not present */
	DITHER_END_BROKEN = 3,	/* the chain does not go on upwards, or, by
				 * tables, not into code
				 */
	DITHER_END_NO_TABLE = 4,/* neither a table nor a frame pointer here */
	DITHER_END_UNSUPPORTED = 5, /* no way to walk this kind of process, or,
				     * by tables, a rule that none can tell
				     */
};

/*
 * The addresses are return addresses, innermost first; the first one of a
 * user stack sampled in kernel mode is the user instruction pointer itself.
 * They are written as LEB128 varints of the zigzag difference to the previous
 * one (the first: to 0).
 *
 * With DITHER_STACK_LR the first address is the link register at the sample:
 * the caller, when the sampled function has not stored it (a leaf, a
 * prologue), else stale. Who has symbols can tell: it is stale when it lies in
 * the sampled function itself, in no function at all, or equals the next
 * address.
 *
 * With DITHER_STACK_BASE the outermost addresses are those of another STACK
 * record of the same ring and epoch, and not repeated. That one stands before
 * this one, is of the same kind and has no base itself.
 */
struct dither_stack {
	struct dither_record header;	/* .tid: the stack's number */
	__u16 frames;			/* addresses, those of a base too */
	__u8 unwinder;			/* enum dither_unwinder */
	__u8 end;			/* enum dither_unwind_end */
	__u8 data[];			/* then zeros up to header.size */
};

struct dither_stack_base {
	__u32 stack;			/* its number */
	__u16 frames;			/* how many of its last addresses; 1 to
					 * dither_stack.frames
					 */
};

/* Of it in .data; what follows stands right behind. */
#define DITHER_STACK_BASE_BYTES	6U

/* From here on, stacks are numbered afresh. header.tid: the epoch's number. */
struct dither_epoch {
	struct dither_record header;
	__u64 time;
};

/* Records lost since the last LOST record of this ring. */
struct dither_lost_record {
	struct dither_record header;
	__u64 time;
	__u64 first;			/* time of the first and */
	__u64 last;			/* of the last loss */
	__u32 count[DITHER_LOST_COUNT];	/* by enum dither_lost */
};

/* Why a RATE record was written: header.tid. */
enum dither_rate_reason {
	DITHER_RATE_START = 0,
	DITHER_RATE_SLOWER = 1,	/* governor: over budget */
	DITHER_RATE_FASTER = 2,	/* governor: load has fallen */
	DITHER_RATE_RESUME = 3,	/* a renewal schedule begins anew after a gap */
};

/*
 * The schedule from here on. Cell .number is the first that it describes.
 * STRATIFIED and FIXED: cell n covers [origin + n * cell_ns, + cell_ns).
 * POISSON and UNIFORM: the instant before draw .number lay at .origin; after
 * START and RESUME there was none, and the process is in equilibrium there.
 */
struct dither_rate {
	struct dither_record header;
	__u64 time;
	__u64 origin;
	__u64 number;
	__u64 cell_ns;
	__u32 shift;
	__u32 reserved;
};

struct dither_fork {
	struct dither_record header;	/* .tid: the new thread */
	__u64 time;
	__u32 tgid;			/* its process; == .tid: a new process */
	__u32 parent_tgid;
	__u32 parent_tid;
	__u32 reserved;
};

#define DITHER_COMM_EXEC	0x01	/* by exec: all mappings are gone */

struct dither_comm {
	struct dither_record header;
	__u64 time;
	__u32 tgid;
	__u32 reserved;
	char comm[DITHER_COMM_LEN];	/* always terminated */
};

/* No thread of its process lives on. Threads that go together all say so. */
#define DITHER_EXIT_PROCESS	0x01

struct dither_exit {
	struct dither_record header;
	__u64 time;
	__u32 tgid;
	__u32 reserved;
};

#define DITHER_MAP_ANONYMOUS	0x01	/* no file: generated code */
#define DITHER_MAP_VDSO		0x02
#define DITHER_MAP_COMPAT	0x04	/* of a 32 bit process */

/* An executable mapping; it replaces whatever it overlaps. */
struct dither_map {
	struct dither_record header;
	__u64 time;
	__u64 start;
	__u64 length;
	__u64 offset;			/* of start, in the file, bytes */
	__u64 inode;
	__u64 file_size;
	__s64 mtime_ns;
	__u32 dev_major;
	__u32 dev_minor;
	__u32 tgid;
	__u16 path_len;			/* without the terminating NULs */
	__u8 build_id_size;		/* 0: none found */
	__u8 reserved;
	__u8 build_id[DITHER_BUILD_ID_MAX];
	__u8 reserved2[4];
	char path[];			/* as its process sees it, or saw it
					 * up to 134 ms before; in a snapshot:
					 * as who asked for it
					 */
};

/*
 * DITHER_RECORD_TABLE_WANTED has this shape, too: this mapping was made, or a
 * walk came to it, and there is no table of its file. Written once for each
 * file, and again when a session starts; in sessions with DITHER_F_TABLES only.
 * Where too many are due on a CPU at a time, the next walk that comes to the file
 * writes it. .time is when it was written, .tgid whose mapping it is; with
 * DITHER_MAP_VDSO it is the vDSO.
 */

/*
 * FORK, COMM, EXIT and MAP records have a budget of their own, in bytes, per
 * session and CPU (kmod/core/record_budget.h), so that no program can fill the
 * rings with them: for the CPU, within it for each user, and within that for
 * each process. The process that caused the record pays, or, while that is
 * younger than a second, its nearest ancestor that is not. A record over the
 * budget is not written, but counted (DITHER_LOST_FLOOD). DROPPED records
 * report the counts: one for each payer, about a second after its first drop,
 * and at STOP. They add up to the ledger's count, but for DROPPED records that
 * found no room at STOP. CODE records have the same budget, and are counted as
 * MAP records are.
 */
enum dither_dropped_kind {
	DITHER_DROPPED_FORK = 0,
	DITHER_DROPPED_COMM = 1,
	DITHER_DROPPED_EXIT = 2,
	DITHER_DROPPED_MAP = 3,
	DITHER_DROPPED_KINDS
};

struct dither_dropped {
	struct dither_record header;	/* .tid: the process that pays; 0: several,
					 * or one that has no number here
					 */
	__u64 time;
	__u64 first;			/* time of the first and */
	__u64 last;			/* of the last drop */
	__u32 count[DITHER_DROPPED_KINDS];
};

/*
 * A process record was not written, for any cause. From .time on, mappings and
 * thread names that were recorded before are not valid any more, for each process
 * whose number equals header.tid modulo DITHER_FORGET_CLASSES. The record comes
 * before the first sample of such a process since the loss. SNAPSHOT of each of
 * these processes writes what is valid now; its records hold from their own time
 * on, and what held in between is unknown.
 */
#define DITHER_FORGET_CLASSES	65536U

struct dither_forget {
	struct dither_record header;	/* .tid: the process's number */
	__u64 time;
};

/* dither_code.header.flags */
#define DITHER_CODE_GONE	0x01	/* from now on it is no more, else: it is */
#define DITHER_CODE_INIT	0x02	/* of a module: what only its beginning runs */

enum dither_code_kind {
	DITHER_CODE_MODULE = 0,	/* .name: the module's; its functions are many */
	DITHER_CODE_BPF = 1,	/* .name: of this one function, as in kallsyms */
	DITHER_CODE_GENERATED = 2, /* the same, of the function tracer and probes */
};

/*
 * Kernel code was loaded or unloaded; written for every session, whatever its
 * filter. A module's record comes when its code is in memory, before any of it
 * runs. BPF programs and trampolines have records if DITHER_FEATURE_CODE is set;
 * these may be some microseconds late. Code that was loaded before START has no
 * record. A record that found no room counts as DITHER_LOST_PROCESS: then a name
 * without a GONE record must not be used after the last time at which the code is
 * known to have been loaded.
 */
#define DITHER_CODE_NAME_MAX	256U

struct dither_code {
	struct dither_record header;	/* .tid: 0 */
	__u64 time;
	__u64 start;
	__u64 length;
	__u16 kind;			/* enum dither_code_kind */
	__u16 name_len;			/* without the terminating NULs */
	__u32 reserved;
	char name[];
};

#endif /* DITHER_ABI_H */
