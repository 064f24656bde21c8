// SPDX-License-Identifier: GPL-2.0
/* UTF-16 comes as UTF-8, whole, whatever room its reader has. */
#include "unit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/base/encoding.h"

/* One, two, three and four bytes of UTF-8. */
static const char PIECE[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e;";
static const unsigned char LITTLE[] = { 'a',  0,    0xe9, 0,	0xac, 0x20,
					0x34, 0xd8, 0x1e, 0xdd, ';',  0 };
static const unsigned char BIG[] = { 0,	   'a',	 0,    0xe9, 0x20, 0xac,
				     0xd8, 0x34, 0xdd, 0x1e, 0,	   ';' };

#define PIECES 20000

/* The mark, and PIECES times @piece. */
static char *repeated(const char *mark, const void *piece, size_t length,
		      size_t *size)
{
	char *text = malloc(2 + PIECES * length);

	memcpy(text, mark, 2);
	for (size_t i = 0; i < PIECES; i++)
		memcpy(text + 2 + i * length, piece, length);
	*size = 2 + PIECES * length;
	return text;
}

/* Whether all of it comes, by reads that have @least bytes of room, or more. */
static bool comes_whole(const char *text, size_t size, size_t least)
{
	FILE *input = fmemopen((void *)text, size, "r");
	struct encoding *encoding = encoding_new(stream_new(input, "in"));
	const size_t bytes = strlen(PIECE);
	struct error error;
	size_t at = 0, reads = 0;
	bool same = true;
	char buffer[16];
	ssize_t length;

	while ((length = encoding_read(encoding, buffer, least + reads++ % 5,
				       &error)) > 0) {
		for (ssize_t i = 0; i < length; i++, at++)
			same &= buffer[i] == PIECE[at % bytes];
	}
	encoding_free(encoding);
	fclose(input);
	return same && !length && at == PIECES * bytes;
}

static void wide(void)
{
	size_t size;
	char *little = repeated("\xff\xfe", LITTLE, sizeof(LITTLE), &size);
	char *big = repeated("\xfe\xff", BIG, sizeof(BIG), &size);

	for (size_t least = 1; least <= 8; least++) {
		CU_ASSERT(comes_whole(little, size, least));
		CU_ASSERT(comes_whole(big, size, least));
	}
	free(little);
	free(big);
}

static const struct unit_case cases[] = {
	{ "UTF-16 comes whole, however little room there is", wide },
};

UNIT_MAIN("encoding", cases)
