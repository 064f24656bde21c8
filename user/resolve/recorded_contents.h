/* SPDX-License-Identifier: GPL-2.0 */
/* What a recording knows of the content of files, by their identity's number. */
#ifndef RESOLVE_RECORDED_CONTENTS_H
#define RESOLVE_RECORDED_CONTENTS_H

#include "image.h"

struct contents;

struct contents *contents_new(void);
void contents_free(struct contents *contents);

/* Two that differ are none: it changed. */
void contents_add(struct contents *contents, uint32_t identity,
		  const struct content *content);

/* Fill in what is known of @file's. */
void contents_find(const struct contents *contents, uint32_t identity,
		   struct recorded_file *file);

#endif
