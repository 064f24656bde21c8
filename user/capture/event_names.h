/* SPDX-License-Identifier: GPL-2.0 */
/* One event's name → its type and config, by tables and by /sys. */
#ifndef CAPTURE_EVENT_NAMES_H
#define CAPTURE_EVENT_NAMES_H

#include "../../include/dither/abi.h"
#include "../base/error.h"

/*
 * Fill .type and .config* from @name: a word of perf's, "rHEX", "pmu/terms/",
 * or a word that one of the PMUs below @sysfs has among its events. -EINVAL.
 */
int event_name_resolve(const char *name, const char *sysfs,
		       struct dither_event *event, struct error *error);

#endif
