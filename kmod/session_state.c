// SPDX-License-Identifier: GPL-2.0
/* Which sessions run, and their parts by CPU; see session_state.h. */
#include <linux/list.h>
#include <linux/nospec.h>

#include "session_state.h"

LIST_HEAD(dither_running);

struct dither_cpu *dither_session_cpu(const struct dither_session *session,
				      u64 number)
{
	unsigned int index = number;

	if (number >= session->nr_cpus)
		return NULL;
	return session->cpus[array_index_nospec(index, session->nr_cpus)];
}
