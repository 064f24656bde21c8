// SPDX-License-Identifier: GPL-2.0
/*
 * The list of damage. A recording may be walked several times, and each walk
 * meets the same faults: a sentence that is in the list stays single.
 */
#include "damage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

void damage_add(struct damage *damage, const char *path, const char *format,
		va_list args)
{
	char *text;

	if (damage->count > DAMAGE_SENTENCES_MAX)
		return;
	if (vasprintf(&text, format, args) < 0)
		text = alloc_format("%s: damaged", path);
	for (size_t i = 0; i < damage->count; i++) {
		if (!strcmp(damage->sentences[i], text)) {
			free(text);
			return;
		}
	}
	if (damage->count == DAMAGE_SENTENCES_MAX) {
		free(text);
		text = alloc_format("%s: further damage is not listed", path);
	}
	damage->sentences = alloc_grow(damage->sentences, damage->count,
				       &damage->room,
				       sizeof(*damage->sentences));
	damage->sentences[damage->count++] = text;
}

void damage_note(struct damage *damage, const char *path, const char *format,
		 ...)
{
	va_list args;

	va_start(args, format);
	damage_add(damage, path, format, args);
	va_end(args);
}

void damage_free(struct damage *damage)
{
	for (size_t i = 0; i < damage->count; i++)
		free(damage->sentences[i]);
	free(damage->sentences);
}
