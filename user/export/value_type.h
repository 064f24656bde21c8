/* SPDX-License-Identifier: GPL-2.0 */
/* What a profile's weights count, in the words of other formats. */
#ifndef EXPORT_VALUE_TYPE_H
#define EXPORT_VALUE_TYPE_H

struct value_type {
	const char *name; /* "cpu", "samples", "cycles" */
	const char *type; /* "nanoseconds", "count" */
	double scale;	  /* of a weight, to that */
};

#endif
