// SPDX-License-Identifier: GPL-2.0
/* What all parts of a picture are written with. */
#include "svg_picture.h"

#include "../base/decimal.h"

void picture_number(const struct picture *picture, const char *before,
		    double value, unsigned int decimals)
{
	char buffer[DECIMAL_MAX];

	fputs(before, picture->output);
	fputs(decimal_trimmed(buffer, value, decimals), picture->output);
}
