// SPDX-License-Identifier: GPL-2.0
/*
 * A 32 bit program without a C library: works for a fixed number of rounds in a
 * function that is ten calls deep, then exits.
 */
static volatile unsigned int sink;

void _start(void);

__attribute__((noinline)) static void compat_work(int depth)
{
	if (depth > 1) {
		compat_work(depth - 1);
		sink++;
		return;
	}
	for (unsigned int i = 0; i < 400000000; i++)
		sink += i;
}

__attribute__((noinline)) static void compat_main(void)
{
	compat_work(10);
	sink++;
}

void _start(void)
{
	compat_main();
	/* exit(0) */
	__asm__ volatile("int $0x80" : : "a"(1), "b"(0));
	__builtin_unreachable();
}
