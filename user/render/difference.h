/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How each frame of a profile differs from another profile's, for its colour:
 * red grew, blue shrank, the paler the less; every kind of colour vision keeps
 * these two apart.
 */
#ifndef RENDER_DIFFERENCE_H
#define RENDER_DIFFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "../profile/profile.h"

#define DIFFERENCE_SAME 0xe6e6e6U
#define DIFFERENCE_GREW 0xd6604dU
#define DIFFERENCE_SHRANK 0x4393c3U

struct difference;

/*
 * Both finished, and to live as long. Frames are the same on the same path.
 * @negate: what is drawn as @now is the earlier of the two.
 */
struct difference *difference_new(const struct profile *now,
				  const struct profile *base, bool negate);
void difference_free(struct difference *difference);

/* Changes of a node's shares, -1 to 1; it is one of the profile @now. */
double difference_total(const struct difference *difference, uint32_t node);
double difference_self(const struct difference *difference, uint32_t node);

/* A frame of @base that has no match in @now, though its parent has. */
struct difference_gone {
	uint32_t parent; /* of @now */
	const char *name;
	size_t length;
	double change; /* of its share; all of it */
};

#define DIFFERENCE_GONE_SHOWN 3U /* by name; of more there is the number */

/* Those below a node, the greatest first. */
const struct difference_gone *
difference_gone(const struct difference *difference, uint32_t node,
		size_t *count);
/* The sum of all changes by such frames, wherever. */
double difference_gone_all(const struct difference *difference);

/* 0xrrggbb; the greatest change of all is the strongest colour. */
uint32_t difference_colour(const struct difference *difference, uint32_t node);

#endif
