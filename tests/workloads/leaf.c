// SPDX-License-Identifier: GPL-2.0
/*
 * Works in a function that calls nothing, whose return address some machines
 * keep in a register and nowhere else. Usage: leaf MILLIONS   (loop rounds)
 */
#include <stdint.h>
#include <stdlib.h>

static volatile uint64_t sink;

__attribute__((noinline)) static void leaf(uint64_t rounds)
{
	for (uint64_t i = 0; i < rounds; i++)
		sink += i;
}

__attribute__((noinline)) static void caller(uint64_t rounds)
{
	leaf(rounds);
	sink++;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	for (int i = atoi(argv[1]); i > 0; i--)
		caller(1000000);
	return 0;
}
