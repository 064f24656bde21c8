// SPDX-License-Identifier: GPL-2.0
/* See bpf_programs.h. The kernel lists programs only with CAP_SYS_ADMIN. */
#include "bpf_programs.h"

#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A program has at most 256 functions; tails of larger ones stay nameless. */
#define FUNCTIONS_MAX 256U

/* More programs than a machine has; they may come and go while they are listed. */
#define PROGRAMS_MAX 100000U

static int call(int command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

/* The program behind @id; 0: there is none. */
static uint32_t next_id(uint32_t id)
{
	union bpf_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.start_id = id;
	return call(BPF_PROG_GET_NEXT_ID, &attributes) ? 0 : attributes.next_id;
}

static int open_program(uint32_t id)
{
	union bpf_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.prog_id = id;
	return call(BPF_PROG_GET_FD_BY_ID, &attributes);
}

static void tell_functions(int program, bpf_found *found, void *context)
{
	uint64_t starts[FUNCTIONS_MAX] = { 0 };
	uint32_t bytes[FUNCTIONS_MAX] = { 0 };
	struct bpf_prog_info info;
	union bpf_attr attributes;

	memset(&info, 0, sizeof(info));
	info.jited_ksyms = (uintptr_t)starts;
	info.nr_jited_ksyms = FUNCTIONS_MAX;
	info.jited_func_lens = (uintptr_t)bytes;
	info.nr_jited_func_lens = FUNCTIONS_MAX;
	memset(&attributes, 0, sizeof(attributes));
	attributes.info.bpf_fd = (uint32_t)program;
	attributes.info.info_len = sizeof(info);
	attributes.info.info = (uintptr_t)&info;
	if (call(BPF_OBJ_GET_INFO_BY_FD, &attributes))
		return;
	for (uint32_t i = 0; i < info.nr_jited_ksyms && i < FUNCTIONS_MAX &&
			     i < info.nr_jited_func_lens;
	     i++)
		if (starts[i] && bytes[i])
			found(context, starts[i], bytes[i]);
}

void bpf_functions(bpf_found *found, void *context)
{
	uint32_t id = 0, count = 0;

	while ((id = next_id(id)) && count++ < PROGRAMS_MAX) {
		int program = open_program(id);

		if (program < 0)
			continue;
		tell_functions(program, found, context);
		close(program);
	}
}

uint64_t bpf_state(void)
{
	uint64_t state = 0;
	uint32_t id = 0, count = 0;

	while ((id = next_id(id)) && count++ < PROGRAMS_MAX)
		state = (state + id) * 0x9e3779b97f4a7c15ULL;
	return state;
}
