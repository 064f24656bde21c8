// SPDX-License-Identifier: GPL-2.0
/*
 * names SECONDS: computes in main > run > outer > middle > leaf_hot. With -DOTHER the
 * functions have other names of the same length, and lie in another order: built
 * alike, the file has the same size.
 */
#include <stdlib.h>
#include <time.h>

#ifdef OTHER
#define leaf_hot xold_cof
#define leaf_off xot_leaf
#define middle xiddle
#define outer xuter
#endif

#define OWN __attribute__((noinline, noclone))

static volatile unsigned long sink;

#ifdef OTHER
OWN static unsigned long leaf_off(unsigned long x)
{
	return x * 2862933555777941757UL;
}
#endif

OWN static unsigned long leaf_hot(unsigned long x)
{
	for (unsigned int i = 0; i < 6000; i++) {
		x = x * 6364136223846793005UL + i;
		x ^= x >> 17;
	}
	return x;
}

#ifndef OTHER
OWN static unsigned long leaf_off(unsigned long x)
{
	return x * 2862933555777941757UL;
}
#endif

OWN static unsigned long middle(unsigned long x)
{
	x += leaf_hot(x);
	x += leaf_off(x);
	sink = x;
	return x + 1;
}

OWN static unsigned long outer(unsigned long x)
{
	for (int i = 0; i < 4; i++)
		x += middle(x);
	sink = x;
	return x + 2;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

OWN static unsigned long run(double seconds)
{
	double end = now() + seconds;
	unsigned long x = 0;

	while (now() < end)
		x += outer(x);
	return x + 3;
}

int main(int argc, char **argv)
{
	return run(argc > 1 ? atof(argv[1]) : 1) == 42;
}
