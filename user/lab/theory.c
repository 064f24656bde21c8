// SPDX-License-Identifier: GPL-2.0
/* See theory.h; the symbols are those of docs/theory.md. */
#include "theory.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "../../include/dither/abi.h"

#define HARMONICS 20000
#define KOLMOGOROV_TERMS 100

static double sinc(double x)
{
	return x == 0 ? 1 : sin(x) / x;
}

/* Renewal processes: phi is the characteristic function of an interval. */
static double renewal_ratio(double _Complex phi, double samples)
{
	double _Complex rest = 1 - phi;

	if (cabs(rest) < 1e-9)
		return samples;
	return creal((1 + phi) / rest - 2 / samples * phi *
						(1 - cpow(phi, samples)) /
						(rest * rest));
}

double theory_harmonic_ratio(uint32_t policy, double jitter, double turns,
			     double samples)
{
	double angle = M_PI * turns;

	switch (policy) {
	case DITHER_POLICY_STRATIFIED:
		return 1 - sinc(angle) * sinc(angle);
	case DITHER_POLICY_POISSON:
		return renewal_ratio(1 / (1 - 2 * I * angle), samples);
	case DITHER_POLICY_UNIFORM:
		return renewal_ratio(cexp(2 * I * angle) *
					     sinc(2 * angle * jitter),
				     samples);
	default:
		return renewal_ratio(cexp(2 * I * angle), samples);
	}
}

double theory_duty_ratio(uint32_t policy, double jitter, double turns,
			 double samples, double duty)
{
	double sum = 0, weights = 0;

	for (int h = 1; h <= HARMONICS; h++) {
		double weight = pow(sin(M_PI * h * duty) / h, 2);

		sum += weight * theory_harmonic_ratio(policy, jitter, h * turns,
						      samples);
		weights += weight;
	}
	return sum / weights;
}

double theory_distance_floor(const double *share, size_t count, double samples)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += sqrt(2 * share[i] * (1 - share[i]) / (M_PI * samples));
	return sum / 2;
}

double theory_chi_square(double value, unsigned int freedom)
{
	double term = 1, sum = 0;

	if (freedom == 1)
		return erfc(sqrt(value / 2));
	if (freedom % 2 || !freedom)
		return NAN;
	for (unsigned int i = 0; i < freedom / 2; i++) {
		sum += term;
		term *= value / 2 / (i + 1);
	}
	return exp(-value / 2) * sum;
}

static int ascending(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

double theory_uniform(double *values, size_t count)
{
	double furthest = 0, root = sqrt((double)count), scaled, sum = 0;

	if (!count)
		return 1;
	qsort(values, count, sizeof(*values), ascending);
	for (size_t i = 0; i < count; i++) {
		furthest =
			fmax(furthest, values[i] - (double)i / (double)count);
		furthest = fmax(furthest,
				(double)(i + 1) / (double)count - values[i]);
	}
	/* Stephens' approximation to the law of a finite sample. */
	scaled = furthest * (root + .12 + .11 / root);
	if (scaled < .2)
		return 1;
	for (int k = 1; k <= KOLMOGOROV_TERMS; k++)
		sum += (k % 2 ? 2 : -2) * exp(-2. * k * k * scaled * scaled);
	return fmin(fmax(sum, 0), 1);
}
