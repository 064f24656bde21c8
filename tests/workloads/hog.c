// SPDX-License-Identifier: GPL-2.0
/*
 * Takes memory, and uses it, until it is killed: the first that the kernel
 * should think of when there is none left, unless OOM_SCORE is given. With MIB
 * it takes no more than that, and stays.
 *
 * Usage: hog [OOM_SCORE [MIB]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PIECE (1 << 20)

int main(int argc, char **argv)
{
	FILE *score = fopen("/proc/self/oom_score_adj", "we");
	long left = argc > 2 ? atol(argv[2]) : -1;

	if (score) {
		fputs(argc > 1 ? argv[1] : "1000", score);
		fclose(score);
	}
	while (left--) {
		void *piece = mmap(NULL, PIECE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (piece == MAP_FAILED)
			usleep(1000);
		else
			memset(piece, 1, PIECE);
	}
	pause();
}
