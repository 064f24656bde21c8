// SPDX-License-Identifier: GPL-2.0
/* Finding, attaching and detaching tracepoints; see tracepoints.h. */
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "tracepoints.h"

static void match(struct tracepoint *tracepoint, void *data)
{
	struct dither_tracepoint *hook = data;

	if (!strcmp(tracepoint->name, hook->name))
		hook->tracepoint = tracepoint;
}

bool dither_tracepoint_exists(struct dither_tracepoint *hook)
{
	if (!hook->tracepoint)
		for_each_kernel_tracepoint(match, hook);
	return hook->tracepoint;
}

int dither_tracepoint_attach(struct dither_tracepoint *hook)
{
	int error;

	if (!dither_tracepoint_exists(hook))
		return -ENOENT;
	error = tracepoint_probe_register(hook->tracepoint, hook->probe, NULL);
	hook->attached = !error;
	return error;
}

void dither_tracepoint_detach(struct dither_tracepoint *hook)
{
	if (hook->attached)
		tracepoint_probe_unregister(hook->tracepoint, hook->probe,
					    NULL);
	hook->attached = false;
}

void dither_tracepoints_quiesce(void)
{
	tracepoint_synchronize_unregister();
}
