// SPDX-License-Identifier: GPL-2.0
/* From records to stacks. */
#include "unit.h"

#include <errno.h>

#include "../../user/load/load.h"
#include "../../user/text/folded.h"
#include "load_inputs.h"

#define USER DITHER_SAMPLE_USER
#define KTHREAD DITHER_SAMPLE_KTHREAD
#define IN_KERNEL DITHER_STACK_KERNEL
#define NEAR DITHER_STACK_ADJACENT
#define K(offset) (KERNEL_TEXT + (uint64_t)(offset))
#define U(offset) (0x401000ULL + (uint64_t)(offset))
#define ROOT 0x20
#define CALLER 0x60
#define LEAF 0xa0

static struct load_options plain;

/* Load what the ring holds and compare its folded text. */
static void expect(const struct ring *ring, const struct load_options *given,
		   const char *folded)
{
	struct load_options options = *given;
	struct error error = { "" };
	struct load load;
	char *text = NULL;
	size_t length;
	FILE *output;

	write_recording(ring, "", NULL);
	options.path = recording_file;
	CU_ASSERT_EQUAL_FATAL(load_open(&options, &load, &error), 0);
	CU_ASSERT_EQUAL(recording_damage_count(load.recording), 0);
	output = open_memstream(&text, &length);
	folded_write(load.profile, output);
	fclose(output);
	if (strcmp(text, folded))
		printf("# got:\n%s", text);
	CU_ASSERT_STRING_EQUAL(text, folded);
	free(text);
	load_close(&load);
}

static void user_sample(struct ring *ring, uint64_t ip, uint32_t stack)
{
	struct dither_sample sample;

	make_sample(&sample, PROCESS, USER, ip);
	sample.user_stack = stack;
	put_sample(ring, &sample);
}

static void both_halves(void)
{
	struct ring ring = { .length = 0 };
	struct dither_sample sample;

	make_sample(&sample, PROCESS, 0, K(0x210));
	put_comm(&ring, PROCESS, "prog");
	put_map(&ring, U(0), 0x1000, program_file, 0);
	put_stack(&ring, IN_KERNEL, DITHER_END_ROOT, 2, K(0x110), K(0x10));
	put_stack(&ring, 0, DITHER_END_ROOT, 2, U(LEAF), U(ROOT));
	sample.kernel_stack = sample.user_stack = NEAR;
	put_sample(&ring, &sample);
	expect(&ring, &plain,
	       "prog;root;leaf;outer_[k];middle_[k];inner_[k] 1\n");
}

static void return_addresses(void)
{
	struct ring ring = { .length = 0 };
	struct dither_sample sample;

	make_sample(&sample, PROCESS, 0, K(0x200));
	put_comm(&ring, PROCESS, "prog");
	put_map(&ring, U(0), 0x1000, program_file, 0);
	/* Each right behind a call that ends a function. */
	put_stack(&ring, IN_KERNEL, DITHER_END_ROOT, 1, K(0x200));
	put_stack(&ring, 0, DITHER_END_ROOT, 2, U(0x80), U(0x40));
	sample.kernel_stack = sample.user_stack = NEAR;
	put_sample(&ring, &sample);
	/* The user ip is no return address: 0x80 is the leaf's beginning. */
	expect(&ring, &plain, "prog;root;leaf;middle_[k];inner_[k] 1\n");

	ring.length = 0;
	put_map(&ring, U(0), 0x1000, program_file, 0);
	put_stack(&ring, 0, DITHER_END_ROOT, 2, U(0x80), U(0x40));
	user_sample(&ring, U(0x80), NEAR);
	expect(&ring, &plain, "[unknown];root;caller;leaf 1\n");
}

static void link_register(void)
{
	struct ring ring = { .length = 0 };

	put_comm(&ring, PROCESS, "arm");
	put_map(&ring, U(0), 0x1000, program_file, 0);
	put_stack(&ring, DITHER_STACK_LR, DITHER_END_ROOT, 2, U(CALLER),
		  U(ROOT));
	user_sample(&ring, U(LEAF), NEAR);
	expect(&ring, &plain, "arm;root;caller;leaf 1\n");
	/* Stale: the leaf has called something since. */
	put_stack(&ring, DITHER_STACK_LR, DITHER_END_ROOT, 3, U(LEAF + 4),
		  U(CALLER), U(ROOT));
	user_sample(&ring, U(LEAF), NEAR);
	expect(&ring, &plain, "arm;root;caller;leaf 2\n");
	/* Stale: it is on the stack already. */
	put_stack(&ring, DITHER_STACK_LR, DITHER_END_ROOT, 3, U(CALLER),
		  U(CALLER), U(ROOT));
	user_sample(&ring, U(LEAF), NEAR);
	expect(&ring, &plain, "arm;root;caller;leaf 3\n");
	/* Alone, without a frame behind it. */
	put_stack(&ring, DITHER_STACK_LR, DITHER_END_BROKEN, 1, U(ROOT));
	user_sample(&ring, U(CALLER), NEAR);
	expect(&ring, &plain, "arm;root;caller 1\narm;root;caller;leaf 3\n");
	/* Two calls from different places of one function are two frames. */
	ring.length = 0;
	put_map(&ring, U(0), 0x1000, program_file, 0);
	put_stack(&ring, DITHER_STACK_LR, DITHER_END_ROOT, 2, U(CALLER),
		  U(CALLER + 8));
	user_sample(&ring, U(LEAF), NEAR);
	expect(&ring, &plain, "[unknown];caller;caller;leaf 1\n");
}

static void kernel_link_register(void)
{
	struct ring ring = { .length = 0 };
	struct dither_sample sample;

	make_sample(&sample, 7, KTHREAD, K(0x210));
	put_comm(&ring, 7, "kworker");
	sample.kernel_stack = NEAR;
	put_stack(&ring, IN_KERNEL | DITHER_STACK_LR, DITHER_END_ROOT, 3,
		  K(0x220), K(0x110), K(0x10));
	put_sample(&ring, &sample);
	put_stack(&ring, IN_KERNEL | DITHER_STACK_LR, DITHER_END_ROOT, 2,
		  K(0x110), K(0x10));
	put_sample(&ring, &sample);
	expect(&ring, &plain, "kworker;outer_[k];middle_[k];inner_[k] 2\n");
}

static void names_of_threads(void)
{
	struct ring ring = { .length = 0 };
	struct dither_sample sample;

	make_sample(&sample, 8, KTHREAD, K(0x10));
	put_sample(&ring, &sample);
	put_comm(&ring, 7, "one;two\n");
	put_fork(&ring, 7, 8);
	put_sample(&ring, &sample);
	put_comm(&ring, 8, "child");
	put_sample(&ring, &sample);
	put_comm(&ring, 7, "later");
	put_sample(&ring, &sample);
	/* The number comes back in the hands of a thread never named. */
	put_fork(&ring, 9, 8);
	put_sample(&ring, &sample);
	expect(&ring, &plain,
	       "[unknown];outer_[k] 2\nchild;outer_[k] 2\n"
	       "one_two_;outer_[k] 1\n");
}

static void many_threads(void)
{
	struct ring ring = { .length = 0 };

	put_comm(&ring, 1, "init");
	for (uint32_t tid = 2; tid < 700; tid++)
		put_fork(&ring, tid - 1, tid);
	put_bare(&ring, 2, KTHREAD, K(0x10));
	put_bare(&ring, 699, KTHREAD, K(0x10));
	put_bare(&ring, 700, KTHREAD, K(0x10));
	expect(&ring, &plain, "[unknown];outer_[k] 1\ninit;outer_[k] 2\n");
}

static void exec_forgets(void)
{
	struct ring ring = { .length = 0 };
	struct dither_comm exec = {
		.header = { .type = DITHER_RECORD_COMM,
			    .flags = DITHER_COMM_EXEC,
			    .tid = PROCESS },
		.tgid = PROCESS,
		.comm = "new",
	};

	put_comm(&ring, PROCESS, "old");
	put_map(&ring, U(0), 0x1000, program_file, 0);
	user_sample(&ring, U(LEAF), DITHER_STACK_NONE);
	put_comm(&ring, PROCESS, "renamed");
	user_sample(&ring, U(LEAF), DITHER_STACK_NONE);
	exec.time = ++ring.time;
	put(&ring, &exec, sizeof(exec));
	user_sample(&ring, U(LEAF), DITHER_STACK_NONE);
	expect(&ring, &plain, "new;[unknown] 1\nold;leaf 1\nrenamed;leaf 1\n");
}

/* All of the class, and nobody else. */
static void forgotten(void)
{
	struct ring ring = { .length = 0 };

	put_comm(&ring, PROCESS, "old");
	put_comm(&ring, 7, "thread");
	put_map(&ring, U(0), 0x1000, program_file, 0);
	put_forget(&ring, PROCESS + 1);
	user_sample(&ring, U(LEAF), DITHER_STACK_NONE);
	put_forget(&ring, PROCESS + DITHER_FORGET_CLASSES);
	user_sample(&ring, U(LEAF), DITHER_STACK_NONE);
	put_bare(&ring, 7, KTHREAD, K(0x10));
	put_comm(&ring, PROCESS, "new");
	user_sample(&ring, U(LEAF), DITHER_STACK_NONE);
	put_map(&ring, U(0), 0x1000, program_file, 0);
	user_sample(&ring, U(LEAF), DITHER_STACK_NONE);
	put_bare(&ring, 7, KTHREAD, K(0x10));
	expect(&ring, &plain,
	       "[unknown];[unknown] 1\n[unknown];outer_[k] 2\nnew;[unknown] 1\n"
	       "new;leaf 1\nold;leaf 1\n");
}

/* A thread of a process of which no more is known. */
static void other_process(void)
{
	struct ring ring = { .length = 0 };
	struct dither_sample sample;

	put_comm(&ring, 7, "thread");
	put_bare(&ring, 7, KTHREAD, K(0x10));
	make_sample(&sample, 7, KTHREAD, K(0x10));
	sample.tgid = PROCESS + 1;
	put_sample(&ring, &sample);
	expect(&ring, &plain, "[unknown];outer_[k] 1\nthread;outer_[k] 1\n");
}

static void lost_stacks(void)
{
	struct ring ring = { .length = 0 };
	struct load_options options = { .path = recording_file };
	struct dither_sample sample;
	struct load load;

	make_sample(&sample, PROCESS, 0, K(0x210));
	put_comm(&ring, PROCESS, "prog");
	put_map(&ring, U(0), 0x1000, program_file, 0);
	user_sample(&ring, U(LEAF), 77);
	sample.kernel_stack = 78;
	sample.user_stack = 79;
	sample.shift = 3;
	put_sample(&ring, &sample);
	expect(&ring, &plain,
	       "prog;[stack lost];[stack lost]_[k];inner_[k] 8\n"
	       "prog;[stack lost];leaf 1\n");
	CU_ASSERT_EQUAL_FATAL(load_open(&options, &load, NULL), 0);
	CU_ASSERT_EQUAL(load.statistics.missing, 3);
	CU_ASSERT_EQUAL(profile_total(load.profile), 9);
	load_close(&load);
}

static void no_stack(void)
{
	struct ring ring = { .length = 0 };

	put_comm(&ring, PROCESS, "prog");
	put_map(&ring, U(0), 0x1000, program_file, 0);
	user_sample(&ring, U(LEAF), DITHER_STACK_NONE);
	put_bare(&ring, PROCESS, 0, K(0x210));
	expect(&ring, &plain, "prog;inner_[k] 1\nprog;leaf 1\n");
}

static void kinds(void)
{
	struct ring ring = { .length = 0 };

	put_comm(&ring, PROCESS, "prog");
	put_map(&ring, 0x700000, 0, "", DITHER_MAP_ANONYMOUS);
	user_sample(&ring, 0x700010, DITHER_STACK_NONE);
	user_sample(&ring, 0x10, DITHER_STACK_NONE);
	put_bare(&ring, 0, DITHER_SAMPLE_IDLE | KTHREAD, K(0x10));
	put_bare(&ring, 3, KTHREAD, K(0x310));
	expect(&ring, &plain,
	       "[unknown];ext_work_[k] 1\nprog;[anon]_[j] 1\n"
	       "prog;[unknown] 1\nswapper;outer_[k] 1\n");
}

static void weights(void)
{
	struct ring ring = { .length = 0 };
	struct dither_sample sample;

	make_sample(&sample, 7, KTHREAD, K(0x10));
	put_sample(&ring, &sample);
	sample.shift = 4;
	put_sample(&ring, &sample);
	expect(&ring, &plain, "[unknown];outer_[k] 17\n");
}

static void wrong_weight(void)
{
	struct ring ring = { .length = 0 };
	struct dither_sample sample;
	struct load_options options = { .path = recording_file };
	struct load load;

	make_sample(&sample, 7, KTHREAD, K(0x10));
	sample.shift = 200;
	put_sample(&ring, &sample);
	write_recording(&ring, "", NULL);
	CU_ASSERT_EQUAL_FATAL(load_open(&options, &load, NULL), 0);
	CU_ASSERT_EQUAL(profile_total(load.profile), 1 << DITHER_SHIFT_MAX);
	CU_ASSERT_EQUAL(recording_damage_count(load.recording), 1);
	load_close(&load);
}

static void roots(void)
{
	const struct load_options all = { .pid = true,
					  .tid = true,
					  .cpu = true };
	const struct load_options table = { .modules = true, .pid = true };
	struct ring ring = { .length = 0 };
	struct dither_sample sample;

	make_sample(&sample, 7, KTHREAD, K(0x310));
	put_comm(&ring, 7, "work");
	put_stack(&ring, IN_KERNEL, DITHER_END_ROOT, 1, K(0x10));
	sample.kernel_stack = NEAR;
	put_sample(&ring, &sample);
	expect(&ring, &all,
	       "work;[pid 100];[tid 7];[cpu 0];outer_[k];ext_work_[k] 1\n");
	expect(&ring, &table, "outer\t[kernel];ext_work\t[ext4] 1\n");
}

static void statistics(void)
{
	struct ring ring = { .length = 0 };
	struct dither_sample sample;
	struct load_options options = { .path = recording_file };
	struct dither_lost_record lost = {
		.header = { .type = DITHER_RECORD_LOST },
		.first = 5,
		.last = 9,
		.count = { 2, 0, 1 },
	};
	struct load load;

	make_sample(&sample, 7, KTHREAD, K(0x10));
	sample.lateness = 300;
	sample.overruns = 4;
	put_sample(&ring, &sample);
	sample.lateness = 100;
	put_stack(&ring, IN_KERNEL, DITHER_END_FAULT, 1, K(0x10));
	sample.kernel_stack = NEAR;
	put_sample(&ring, &sample);
	sample.lateness = 200;
	put_stack(&ring, IN_KERNEL, 99, 1, K(0x10));
	put_sample(&ring, &sample);
	user_sample(&ring, 1, DITHER_STACK_NONE);
	put(&ring, &lost, sizeof(lost));
	lost.first = 3;
	lost.last = 4;
	put(&ring, &lost, sizeof(lost));
	write_recording(&ring, "", NULL);
	CU_ASSERT_EQUAL_FATAL(load_open(&options, &load, NULL), 0);
	CU_ASSERT_EQUAL(load.statistics.samples, 4);
	CU_ASSERT_EQUAL(load.statistics.user, 1);
	CU_ASSERT_EQUAL(load.statistics.overruns, 12);
	CU_ASSERT_EQUAL(load.statistics.lateness[0], 100);
	CU_ASSERT_EQUAL(load.statistics.lateness[3], 1500);
	CU_ASSERT_EQUAL(load.statistics.ends[HALF_KERNEL][STACK_NONE], 1);
	CU_ASSERT_EQUAL(load.statistics.ends[HALF_KERNEL][DITHER_END_FAULT], 1);
	CU_ASSERT_EQUAL(load.statistics.ends[HALF_KERNEL][STACK_UNKNOWN_END],
			1);
	CU_ASSERT_EQUAL(load.statistics.ends[HALF_USER][STACK_NONE], 1);
	CU_ASSERT_EQUAL(load.statistics.lost[DITHER_LOST_RING].count, 4);
	CU_ASSERT_EQUAL(load.statistics.lost[DITHER_LOST_RING].first, 3);
	CU_ASSERT_EQUAL(load.statistics.lost[DITHER_LOST_RING].last, 9);
	CU_ASSERT_EQUAL(load.statistics.lost[DITHER_LOST_NESTED].count, 0);
	CU_ASSERT_EQUAL(load.statistics.lost[DITHER_LOST_REGS].count, 2);
	load_close(&load);
}

static void no_recording(void)
{
	struct load_options options = { .path = program_file };
	struct error error = { "" };
	struct load load;

	CU_ASSERT_EQUAL(load_open(&options, &load, &error), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, program_file));
	options.path = "/nonexistent";
	CU_ASSERT_EQUAL(load_open(&options, &load, &error), -ENOENT);
}

/* No module writes such a sample. */
static void idle_in_user_mode(void)
{
	const struct load_options options = { .path = recording_file,
					      .modules = true };
	struct ring ring = { .length = 0 };
	struct dither_sample sample;
	struct load load;

	make_sample(&sample, 7, DITHER_SAMPLE_USER | DITHER_SAMPLE_IDLE, 0x10);
	put_sample(&ring, &sample);
	put_sample(&ring, &sample);
	write_recording(&ring, "", NULL);
	CU_ASSERT_EQUAL_FATAL(load_open(&options, &load, NULL), 0);
	CU_ASSERT_EQUAL(profile_total(load.profile), 2);
	load_close(&load);
}

static void recorder(void)
{
	const struct load_options options = { .path = recording_file };
	struct ring ring = { .length = 0 };
	struct dither_sample sample;
	struct load load;

	make_sample(&sample, 7, USER, 0x10);
	sample.shift = 2;
	put_sample(&ring, &sample);
	sample.tgid = 42;
	sample.shift = 1;
	put_sample(&ring, &sample);
	put_sample(&ring, &sample);
	write_recording(&ring, "recorder=42\n", NULL);
	CU_ASSERT_EQUAL_FATAL(load_open(&options, &load, NULL), 0);
	CU_ASSERT_EQUAL(load.recorder, 4);
	CU_ASSERT_EQUAL(profile_total(load.profile), 8);
	load_close(&load);
	write_recording(&ring, "", NULL);
	CU_ASSERT_EQUAL_FATAL(load_open(&options, &load, NULL), 0);
	CU_ASSERT_EQUAL(load.recorder, 0);
	load_close(&load);
}

static const struct unit_case cases[] = {
	{ "user frames stand before kernel frames, outermost first",
	  both_halves },
	{ "a return address names the call before it, an ip does not",
	  return_addresses },
	{ "a link register is a caller unless it is stale", link_register },
	{ "the kernel's link register follows the same rule",
	  kernel_link_register },
	{ "threads have their name of that time, children their parent's",
	  names_of_threads },
	{ "many threads keep their names", many_threads },
	{ "an exec forgets the mappings, a new name alone does not",
	  exec_forgets },
	{ "what is to be forgotten is unknown until it is told again",
	  forgotten },
	{ "a thread's name is that of a thread of its process", other_process },
	{ "lost stacks are drawn and keep their weight", lost_stacks },
	{ "without a stack there is the instruction", no_stack },
	{ "generated code, idle and unknown are told apart", kinds },
	{ "a sample weighs two to the power of its shift", weights },
	{ "a weight out of range is damage, and bounded", wrong_weight },
	{ "process, thread and CPU become frames when asked for", roots },
	{ "lateness, losses and ends are counted", statistics },
	{ "the recorder's own weight is known", recorder },
	{ "a sample without a frame counts at the root", idle_in_user_mode },
	{ "what is no recording is refused by name", no_recording },
};

int main(void)
{
	return run_with_inputs("load", cases, sizeof(cases) / sizeof(cases[0]));
}
