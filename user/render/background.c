// SPDX-License-Identifier: GPL-2.0
/* See background.h. */
#include "background.h"

#include <stdlib.h>
#include <string.h>

/* Rec. 601 luma, in thousandths of 255: below half is dark. */
static bool is_dark(uint32_t colour)
{
	return (colour >> 16 & 0xff) * 299 + (colour >> 8 & 0xff) * 587 +
		       (colour & 0xff) * 114 <
	       128 * 1000;
}

bool background_named(const char *name, struct background *background)
{
	static const struct {
		const char *name;
		uint32_t top, bottom;
	} named[] = {
		{ "yellow", 0xeeeeee, 0xeeeeb0 },
		{ "blue", 0xeeeeee, 0xe0e0ff },
		{ "green", 0xeef2ee, 0xe0ffe0 },
		{ "grey", 0xf8f8f8, 0xe8e8e8 },
	};
	uint32_t colour;

	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++) {
		if (strcmp(named[i].name, name))
			continue;
		*background = (struct background){
			.top = named[i].top,
			.bottom = named[i].bottom,
		};
		return true;
	}
	if (*name != '#' || strlen(name) != 7 ||
	    strspn(name + 1, "0123456789abcdefABCDEF") != 6)
		return false;
	colour = (uint32_t)strtoul(name + 1, NULL, 16);
	*background = (struct background){ colour, colour, is_dark(colour) };
	return true;
}
