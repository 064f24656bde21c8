// SPDX-License-Identifier: GPL-2.0
/* Integers from a place on the scale on: the same bytes on every machine. */
#include "overlay.h"

#include <math.h>

#define PLACES 1000U

static const uint32_t stops[] = { 0xe8853dU, 0xf6eedcU, 0x6ea8dcU };

static uint32_t between(uint32_t from, uint32_t to, uint32_t place,
			uint32_t places)
{
	uint32_t colour = 0;

	for (unsigned int shift = 0; shift < 24; shift += 8) {
		uint32_t a = from >> shift & 0xff, b = to >> shift & 0xff;

		colour |=
			(a * (places - place) + b * place + places / 2) / places
			<< shift;
	}
	return colour;
}

uint32_t overlay_colour(const struct overlay *overlay, double value)
{
	double share = overlay->high > overlay->low ?
			       (value - overlay->low) /
				       (overlay->high - overlay->low) :
			       0.5;
	uint32_t place, half = PLACES / 2;

	if (isnan(value))
		return OVERLAY_UNKNOWN;
	place = (uint32_t)lround(fmin(1, fmax(0, share)) * PLACES);
	if (!overlay->more_is_better)
		place = PLACES - place;
	if (place < half)
		return between(stops[0], stops[1], place, half);
	return between(stops[1], stops[2], place - half, half);
}

double overlay_step(const struct overlay *overlay, unsigned int step)
{
	return overlay->low +
	       (overlay->high - overlay->low) * step / (OVERLAY_STEPS - 1);
}

unsigned int overlay_decimals(const struct overlay *overlay)
{
	double distance = overlay->high - overlay->low;
	unsigned int decimals = 0;

	while (decimals < 6 && distance * pow(10, decimals) < 20)
		decimals++;
	return decimals;
}
