// SPDX-License-Identifier: GPL-2.0
/*
 * What a static program spends its time in: its C library. Sorting through a
 * callback, formatting, scanning, memory. Usage: library ROUNDS
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES 400

static int by_text(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static double once(unsigned int seed)
{
	char *lines[LINES], text[128];
	double sum = 0, value;

	for (int i = 0; i < LINES; i++) {
		seed = seed * 1103515245 + 12345;
		snprintf(text, sizeof(text), "%08x %.6f %s", seed, sqrt(seed),
			 seed & 1 ? "odd" : "even");
		lines[i] = strdup(text);
	}
	qsort(lines, LINES, sizeof(*lines), by_text);
	for (int i = 0; i < LINES; i++) {
		if (sscanf(lines[i], "%x %lf", &seed, &value) == 2)
			sum += value;
		free(lines[i]);
	}
	return sum;
}

int main(int argc, char **argv)
{
	double sum = 0;

	for (int i = argc > 1 ? atoi(argv[1]) : 100; i > 0; i--)
		sum += once((unsigned int)i);
	printf("%f\n", sum);
	return 0;
}
