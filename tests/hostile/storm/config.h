/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Configurations: mostly good ones, or good ones with a few fields spoilt, and
 * what include/dither/abi.h says must become of them.
 */
#ifndef HOSTILE_CONFIG_H
#define HOSTILE_CONFIG_H

#include "../../../include/dither/abi.h"
#include "../lib/argument.h"

struct config_case {
	struct dither_config config;
	uint64_t pids;		/* as made, with what comes of reading them */
	int pids_error;
	uint64_t mask;
	int mask_error;
};

/* Memory for numbers and masks; @cpus: their numbers are below it. */
void config_init(unsigned int cpus, bool tables);

/* @changes: at most so many fields are spoilt. */
void config_make(struct config_case *made, uint64_t *random,
		 unsigned int changes);

/* What CONFIGURE of an unconfigured session may say to .config as it is now. */
void config_judge(const struct config_case *made, struct verdict *verdict);

#endif
