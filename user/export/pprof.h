/* SPDX-License-Identifier: GPL-2.0 */
/* A profile as pprof's profile.proto, in gzip. */
#ifndef EXPORT_PPROF_H
#define EXPORT_PPROF_H

#include <stdio.h>

#include "../profile/profile.h"
#include "meaning.h"

/*
 * A finished profile; a frame's name may be "name\tmodule". Values are whole
 * numbers: what is none is rounded. Write errors stay in @output.
 */
void pprof_write(const struct profile *profile, const struct meaning *meaning,
		 FILE *output);

#endif
