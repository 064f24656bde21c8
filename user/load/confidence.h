/* SPDX-License-Identifier: GPL-2.0 */
/* How sure the shares of a recording are, by the policy that ran. */
#ifndef LOAD_CONFIDENCE_H
#define LOAD_CONFIDENCE_H

#include "../stats/shares.h"
#include "load.h"

/* Of the profile as it is; what was lost counts, drawn or not. */
struct shares confidence_shares(const struct load *load,
				const struct confidence *confidence);

/* Why no interval holds, as "fixed period"; NULL: they do. */
const char *confidence_none(const struct load *load);

/* --confidence of @command: "99", "99.9". 0, or EXIT_USAGE after a message. */
int confidence_option(const char *command, const char *text,
		      struct confidence *confidence);

#endif
