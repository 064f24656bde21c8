// SPDX-License-Identifier: GPL-2.0
/*
 * By the incomplete beta function, whose continued fraction is evaluated as
 * Lentz proposed.
 */
#include "student.h"

#include <math.h>

#define STEPS_MAX 300
#define TINY 1e-300
#define PRECISE 1e-14

static double nonzero(double value)
{
	return fabs(value) < TINY ? TINY : value;
}

static double fraction(double a, double b, double x)
{
	double c = 1, d = 1 / nonzero(1 - (a + b) * x / (a + 1));
	double result = d, step;

	for (int m = 1; m < STEPS_MAX; m++) {
		step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / nonzero(1 + step * d);
		c = nonzero(1 + step / c);
		result *= d * c;
		step = -(a + m) * (a + b + m) * x /
		       ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / nonzero(1 + step * d);
		c = nonzero(1 + step / c);
		result *= d * c;
		if (fabs(d * c - 1) < PRECISE)
			break;
	}
	return result;
}

static double incomplete_beta(double a, double b, double x)
{
	double front;

	if (x <= 0 || x >= 1)
		return x >= 1;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) +
		    b * log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * fraction(a, b, x) / a;
	return 1 - front * fraction(b, a, 1 - x) / b;
}

double student_probability(double t, double freedom)
{
	return incomplete_beta(freedom / 2, .5, freedom / (freedom + t * t));
}

double student_limit(double freedom)
{
	double low = 0, high = 1000;

	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2;

		if (student_probability(middle, freedom) > .05)
			low = middle;
		else
			high = middle;
	}
	return high;
}
