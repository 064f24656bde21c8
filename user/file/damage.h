/* SPDX-License-Identifier: GPL-2.0 */
/* A bounded list of sentences about what is broken, each said once. */
#ifndef FILE_DAMAGE_H
#define FILE_DAMAGE_H

#include <stdarg.h>
#include <stddef.h>

#define DAMAGE_SENTENCES_MAX 1000

struct damage {
	char **sentences;
	size_t count, room;
};

/* The last sentence that fits says that there are more, naming @path. */
void damage_add(struct damage *damage, const char *path, const char *format,
		va_list args) __attribute__((format(printf, 3, 0)));
void damage_note(struct damage *damage, const char *path, const char *format,
		 ...) __attribute__((format(printf, 3, 4)));
void damage_free(struct damage *damage);

#endif
