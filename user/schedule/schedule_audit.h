/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A whole recording against the schedule that it promises: every sample of the
 * clock, every RATE record, and each CPU's ledger.
 */
#ifndef SCHEDULE_SCHEDULE_AUDIT_H
#define SCHEDULE_SCHEDULE_AUDIT_H

#include "../base/error.h"
#include "../file/recording.h"
#include "schedule_check.h"

struct schedule_audit {
	struct schedule_check_count *cpus; /* by CPU; to be freed */
	unsigned int count;
	uint64_t samples, met, unknown, problems;
	uint64_t events; /* samples that no clock made: not verified */
};

/*
 * Verify; @problem, with @context, is told of what does not fit. -EINVAL: the
 * recording does not say how it was sampled. -EIO: it could not be read to its
 * end.
 */
int schedule_audit(struct recording *recording, schedule_check_problem *problem,
		   void *context, struct schedule_audit *result,
		   struct error *error);

#endif
