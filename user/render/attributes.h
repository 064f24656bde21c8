/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Links, notes and classes of functions: flamegraph.pl's file for --nameattr,
 * lines "NAME\tKEY=VALUE\tKEY=VALUE…". Nothing in it can run: keys that hold
 * scripts and addresses that are ones are refused.
 */
#ifndef RENDER_ATTRIBUTES_H
#define RENDER_ATTRIBUTES_H

#include "../base/error.h"
#include "../base/lines.h"

/* NULL: not given. */
struct attribute_set {
	char *href;   /* http, https, mailto, file, or relative */
	char *target; /* where it opens: "_top", … */
	char *title;  /* a line for the tooltip */
	char *class;  /* words of letters, digits, '-' and '_' */
};

struct attributes;

struct attributes *attributes_new(void);
void attributes_free(struct attributes *attributes);

/*
 * Add what the lines say; of one function and key, the last. -EINVAL, with the
 * place, for the first line that cannot be used.
 */
int attributes_read(struct attributes *attributes, struct lines *lines,
		    struct error *error);

/* NULL: the file does not name this function. */
const struct attribute_set *attributes_of(const struct attributes *attributes,
					  const char *name, size_t length);

#endif
