/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether one record is as include/dither/abi.h says, to its last byte, and
 * tells nothing that the session's configuration keeps from it.
 */
#ifndef HOSTILE_RECORD_H
#define HOSTILE_RECORD_H

#include <stdint.h>

#include "../../../include/dither/abi.h"

/* What a record may be, by where it stands. */
struct record_place {
	const struct dither_config *config;
	uint64_t now;			/* nothing is later */
	const uint8_t *shadow;		/* what was at its place before */
};

/*
 * NULL, or what is wrong with @record. Its size is known to be right as far as
 * the ring is concerned. References between records are the stream's.
 */
const char *record_fault(const struct dither_record *record,
			 const struct record_place *place);

#endif
