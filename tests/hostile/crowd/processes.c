// SPDX-License-Identifier: GPL-2.0
/* See crowd.h: what happens to processes, and must be recorded in order. */
#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../unit/random_numbers.h"
#include "crowd.h"

#define PAGE 4096UL
#define MANY 200
#define MEGABYTES 16UL

extern char **environ;

void crowd_rename(uint64_t *random)
{
	char name[16];

	for (int i = 0; i < 10 * MANY; i++) {
		snprintf(name, sizeof(name), "%llx",
			 (unsigned long long)random_below(random, 1 << 30));
		prctl(PR_SET_NAME, i % 3 ? "the-same" : name);
	}
}

void crowd_fork(uint64_t *random)
{
	for (int i = 0; i < MANY / 4; i++) {
		pid_t pid = random_below(random, 4) ? vfork() : fork();

		if (!pid)
			_exit(0);
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
}

static void exec_one(void)
{
	char *arguments[] = { "true", NULL };
	pid_t pid = vfork();

	if (!pid) {
		execve("/bin/true", arguments, environ);
		_exit(1);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

void crowd_exec(uint64_t *random)
{
	for (uint64_t count = 1 + random_below(random, 8); count; count--)
		exec_one();
}

static void *end_at_once(void *argument)
{
	prctl(PR_SET_NAME, argument);
	return NULL;
}

void crowd_threads(uint64_t *random)
{
	pthread_t threads[16];

	for (uint64_t round = 0; round < 1 + random_below(random, 8); round++) {
		int count = 0;

		while (count < 16 && !pthread_create(&threads[count], NULL,
						     end_at_once, "a-thread"))
			count++;
		while (count--)
			pthread_join(threads[count], NULL);
	}
}

static void set_frame_pointer(pid_t pid, uint64_t word)
{
	struct user_regs_struct registers;
	struct iovec vector = { &registers, sizeof(registers) };

	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &vector))
		return;
#if defined(__x86_64__)
	registers.rbp = word;
	registers.rsp = word + 64;
#elif defined(__aarch64__)
	registers.regs[29] = word;
	registers.sp = word + 64;
#endif
	ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &vector);
}

/* A child that loops without any memory of its own; it is killed in the end. */
void crowd_trace(uint64_t *random)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			__asm__ volatile("" : : : "memory");
	}
	if (pid < 0)
		return;
	if (!ptrace(PTRACE_SEIZE, pid, 0, 0)) {
		for (int i = 0; i < 20; i++) {
			ptrace(PTRACE_INTERRUPT, pid, 0, 0);
			waitpid(pid, NULL, 0);
			set_frame_pointer(pid, random_next(random));
			ptrace(PTRACE_CONT, pid, 0, 0);
			usleep(500);
		}
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void crowd_map_code(uint64_t *random)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	void *at[MANY];
	int count = 1 + random_below(random, MANY);

	for (int i = 0; i < count; i++) {
		/* Neighbours would become one mapping. */
		at[i] = i % 2 ? mmap(NULL, PAGE, PROT_READ | PROT_EXEC,
				     MAP_PRIVATE, fd, 0) :
				mmap(NULL, PAGE,
				     PROT_READ | PROT_WRITE | PROT_EXEC,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (at[i] != MAP_FAILED && !(i % 5))
			mprotect(at[i], PAGE, PROT_READ);
		if (at[i] != MAP_FAILED && !(i % 5))
			mprotect(at[i], PAGE, PROT_READ | PROT_EXEC);
	}
	for (int i = 0; i < count; i++) {
		if (at[i] != MAP_FAILED)
			munmap(at[i], PAGE);
	}
	close(fd);
}

void crowd_fill_memory(uint64_t *random)
{
	size_t bytes = (1 + random_below(random, MEGABYTES)) << 20;
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return;
	for (size_t i = 0; i < bytes; i += PAGE)
		at[i] = 1;
	munmap(at, bytes);
}
