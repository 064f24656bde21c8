// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's notifier reports modules before any of their code runs, and after
 * all of it has ended.
 */
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/notifier.h>
#include <linux/rculist.h>
#include <linux/string.h>

#include "compat/module.h"
#include "kernel_code.h"
#include "overhead.h"
#include "record_output.h"
#include "session_state.h"

struct record {
	struct dither_code code;
	char name[DITHER_CODE_NAME_MAX];
};

static void fill(struct record *record, const struct dither_code_event *event,
		 u64 now)
{
	struct dither_code *code = &record->code;
	u32 length = strnlen(event->name, DITHER_CODE_NAME_MAX - 1);
	u32 end = sizeof(*code) + length + 1;

	*code = (struct dither_code){
		.header.type = DITHER_RECORD_CODE,
		.header.flags = event->flags,
		.header.size = ALIGN(end, 8),
		.time = now,
		.start = event->start,
		.length = event->length,
		.kind = event->kind,
		.name_len = length,
	};
	memcpy(record->name, event->name, length);
	memset(record->name + length, 0, code->header.size - end + 1);
}

void dither_code_emit(const struct dither_code_event *event)
{
	const struct dither_stint stint = dither_stint_begin();
	struct dither_session *session;
	struct record record;

	if (!event->length || !event->name[0])
		return;
	fill(&record, event, stint.begun);
	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		if (!dither_output_code(session, &record.code.header,
					stint.begun))
			dither_output_lose(session, DITHER_LOST_PROCESS);
	}
	rcu_read_unlock();
	dither_stint_end(stint);
}

static void emit(const struct module *module, bool init, unsigned int flags)
{
	const struct dither_module_code code = dither_module_code(module, init);
	const struct dither_code_event event = {
		.kind = DITHER_CODE_MODULE,
		.flags = flags | (init ? DITHER_CODE_INIT : 0),
		.start = code.start,
		.length = code.length,
		.name = module->name,
	};

	if (code.start)
		dither_code_emit(&event);
}

static int on_module(struct notifier_block *block, unsigned long state,
		     void *data)
{
	const struct module *module = data;

	switch (state) {
	case MODULE_STATE_COMING:
		emit(module, false, 0);
		emit(module, true, 0);
		break;
	case MODULE_STATE_LIVE:
		emit(module, true, DITHER_CODE_GONE);
		break;
	case MODULE_STATE_GOING:
		emit(module, true, DITHER_CODE_GONE);
		emit(module, false, DITHER_CODE_GONE);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = on_module };

int dither_code_watch(void)
{
	int error = register_module_notifier(&notifier);

	if (error)
		return error;
	/* Where it cannot be, INFO says so. */
	error = dither_code_bpf_watch();
	if (error != -ENOMEM)
		return 0;
	unregister_module_notifier(&notifier);
	return error;
}

void dither_code_unwatch(void)
{
	dither_code_bpf_unwatch();
	unregister_module_notifier(&notifier);
}
