/* SPDX-License-Identifier: GPL-2.0 */
/* What of an input could not be used: a line each on stderr, if not too many. */
#ifndef LOAD_COMPLAIN_H
#define LOAD_COMPLAIN_H

#include "../file/recording.h"
#include "../profile/problems.h"
#include "../resolve/resolve.h"

/* Places in a recording. */
void complain_of_damage(const struct recording *recording);
/* Programs and libraries, for their names. */
void complain_of_files(const struct resolver *resolver);
/* Lines of the text @name. */
void complain_of_lines(const char *name, const struct problems *problems);

#endif
