/* SPDX-License-Identifier: GPL-2.0 */
/* A profile's frames for what the resolver answers. */
#ifndef LOAD_FRAME_NAMES_H
#define LOAD_FRAME_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "../profile/profile.h"
#include "../resolve/resolve.h"

struct frame_names;

/* @modules: frames are "name\tmodule", else kernel's and generated are told. */
struct frame_names *frame_names_new(struct profile *profile, bool modules);
void frame_names_free(struct frame_names *names);

/* The frame of a name that lives as long as these do. */
uint32_t frame_names_get(struct frame_names *names, const struct name *name,
			 bool kernel);

/* The same for a name that does not. */
uint32_t frame_names_make(struct frame_names *names, const struct name *name,
			  bool kernel);

#endif
