// SPDX-License-Identifier: GPL-2.0
/*
 * Wilson's score interval: unlike the textbook one it stays inside [0, 1] and
 * keeps its promise for the small shares of which a profile mostly consists.
 */
#include "interval.h"

#include <math.h>

#define BISECTIONS 64

const struct confidence confidence_usual = {
	.percent = 95,
	.z = 1.959963984540054,
	.nothing = 3, /* -ln(.05), rounded up */
};

struct confidence confidence_of(double percent)
{
	double low = 0, high = 40, rest = 1 - percent / 100;

	/* Exactly as ever, and not only to the last digits. */
	if (!(percent < confidence_usual.percent) &&
	    !(percent > confidence_usual.percent))
		return confidence_usual;
	for (int i = 0; i < BISECTIONS; i++) {
		double middle = (low + high) / 2;

		if (erfc(middle / sqrt(2)) > rest)
			low = middle;
		else
			high = middle;
	}
	return (struct confidence){
		.percent = percent,
		.z = high,
		.nothing = -log(rest),
	};
}

double interval_effective(double sum, double squares)
{
	return squares > 0 ? sum * sum / squares : 0;
}

struct interval interval_wilson(double share, double effective, double z)
{
	double spread = z * z / effective;
	double centre = (share + spread / 2) / (1 + spread);
	double margin =
		z / (1 + spread) *
		sqrt(share * (1 - share) / effective + spread / 4 / effective);

	return (struct interval){
		.low = fmax(0, centre - margin),
		.high = fmin(1, centre + margin),
	};
}

struct interval interval_share(double weight, double total, double effective,
			       const struct confidence *confidence)
{
	struct interval interval = { 0, 1 };

	if (!(total > 0) || !(effective > 0))
		return interval;
	if (!(weight > 0)) {
		interval.high = fmin(1, confidence->nothing / effective);
		return interval;
	}
	return interval_wilson(fmin(1, weight / total), effective,
			       confidence->z);
}
