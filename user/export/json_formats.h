/* SPDX-License-Identifier: GPL-2.0 */
/* A finished profile as JSON, for viewers. Write errors stay in @output. */
#ifndef EXPORT_JSON_FORMATS_H
#define EXPORT_JSON_FORMATS_H

#include <stdio.h>

#include "../profile/profile.h"
#include "value_type.h"

/* Grafana's data frame for its flame graph: level, value, label, self. */
void nested_set_write(const struct profile *profile,
		      const struct value_type *meaning, FILE *output);

#endif
