/* SPDX-License-Identifier: GPL-2.0 */
/* Folded text as a picture. */
#ifndef PICTURES_H
#define PICTURES_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../user/render/svg.h"
#include "folded_text.h"

/* The caller's to free. */
static inline char *draw(const struct profile *profile,
			 const struct svg_options *options)
{
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	CU_ASSERT_EQUAL(svg_write(profile, options, output, NULL), 0);
	fclose(output);
	CU_ASSERT_EQUAL(strlen(text), length);
	return text;
}

static inline char *draw_text(const char *folded,
			      const struct svg_options *options)
{
	struct profile *profile = read_text(folded);
	char *text = draw(profile, options);

	profile_free(profile);
	return text;
}

static inline size_t occurrences(const char *text, const char *what)
{
	size_t count = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		count++;
	return count;
}

/* By the parser of libxml2, where it is installed. */
static inline void expect_well_formed(const char *svg)
{
	char path[] = "/tmp/svg_test.XXXXXX", command[128];
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");

	fputs(svg, file);
	fclose(file);
	snprintf(command, sizeof(command),
		 "command -v xmllint >/dev/null || exit 0; "
		 "xmllint --nonet --noout %s",
		 path);
	CU_ASSERT_EQUAL(system(command), 0);
	unlink(path);
}

#endif
