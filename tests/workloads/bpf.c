// SPDX-License-Identifier: GPL-2.0
/*
 * bpf NAME INSTRUCTIONS SECONDS: loads a BPF program of that name and length and
 * runs it for so long; with 0 seconds it only keeps it, until it is killed. Ends
 * with 77 where BPF programs are not to be had.
 */
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define INSTRUCTIONS_MAX 4000

static int call(int command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static int load(const char *name, int count)
{
	static struct bpf_insn program[INSTRUCTIONS_MAX];
	union bpf_attr attributes;

	program[0] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K };
	for (int i = 1; i < count - 1; i++)
		program[i] = (struct bpf_insn){
			.code = BPF_ALU64 | BPF_MUL | BPF_K,
			.imm = 3,
		};
	program[count - 1] = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
	memset(&attributes, 0, sizeof(attributes));
	attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attributes.insns = (uintptr_t)program;
	attributes.insn_cnt = (uint32_t)count;
	attributes.license = (uintptr_t) "GPL";
	strncpy(attributes.prog_name, name, sizeof(attributes.prog_name) - 1);
	return call(BPF_PROG_LOAD, &attributes);
}

static int run(int program)
{
	static char packet[64];
	union bpf_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.test.prog_fd = (uint32_t)program;
	attributes.test.data_in = (uintptr_t)packet;
	attributes.test.data_size_in = sizeof(packet);
	attributes.test.repeat = 200;
	return call(BPF_PROG_TEST_RUN, &attributes);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int argc, char **argv)
{
	int count = argc == 4 ? atoi(argv[2]) : 0, program;
	double end;

	if (count < 2 || count > INSTRUCTIONS_MAX)
		return 2;
	program = load(argv[1], count);
	if (program < 0) {
		perror("bpf");
		return 77;
	}
	puts("loaded");
	fflush(stdout);
	if (!atof(argv[3]))
		pause();
	for (end = now() + atof(argv[3]); now() < end;) {
		if (run(program)) {
			perror("bpf: run");
			return 77;
		}
	}
	return 0;
}
