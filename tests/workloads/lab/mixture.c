// SPDX-License-Identifier: GPL-2.0
/*
 * Nine functions by chance: the i-th has i parts of 45 of the pieces, whose
 * lengths are exponential.
 *
 * Usage: mixture SECONDS PIECE_US [CPU]
 */
#include "truth.h"

#include <math.h>
#include <unistd.h>

#define COUNT 9

#define FUNCTION(i)                                                        \
	__attribute__((noinline)) static uint64_t mixture_##i(uint64_t ns) \
	{                                                                  \
		return truth_use(ns);                                      \
	}

FUNCTION(1)
FUNCTION(2)
FUNCTION(3)
FUNCTION(4)
FUNCTION(5)
FUNCTION(6)
FUNCTION(7)
FUNCTION(8)
FUNCTION(9)

static const struct {
	const char *name;
	uint64_t (*function)(uint64_t ns);
} functions[COUNT] = {
	{ "mixture_1", mixture_1 }, { "mixture_2", mixture_2 },
	{ "mixture_3", mixture_3 }, { "mixture_4", mixture_4 },
	{ "mixture_5", mixture_5 }, { "mixture_6", mixture_6 },
	{ "mixture_7", mixture_7 }, { "mixture_8", mixture_8 },
	{ "mixture_9", mixture_9 },
};

static int draw(void)
{
	double at = drand48() * COUNT * (COUNT + 1) / 2;
	int i = 0;

	while (i < COUNT - 1 && at >= i + 1)
		at -= ++i;
	return i;
}

int main(int argc, char **argv)
{
	uint64_t begin, end, worked[COUNT] = { 0 };

	if (argc < 3)
		return 2;
	truth_pin(argc > 3 ? argv[3] : NULL);
	begin = truth_now();
	srand48((long)(begin ^ (uint64_t)getpid()));
	end = begin + (uint64_t)(atof(argv[1]) * 1e9);
	while (truth_now() < end) {
		int i = draw();

		worked[i] += functions[i].function(
			(uint64_t)(-log(1 - drand48()) * atof(argv[2]) * 1e3));
	}
	truth_window(begin, truth_now());
	for (int i = 0; i < COUNT; i++)
		truth_of(functions[i].name, worked[i]);
	return 0;
}
