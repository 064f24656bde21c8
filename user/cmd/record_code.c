// SPDX-License-Identifier: GPL-2.0
/* See record_code.h. */
#include "record_code.h"

#include "../capture/progress.h"

int record_code_prepare(struct record_code *code, struct writer *writer,
			struct error *error)
{
	bool hidden;
	int result;

	code->code = code_new();
	result = code_write_first(code->code, writer, &hidden, error);
	if (!result && hidden)
		error_print(
			"kernel symbols are hidden (kernel.kptr_restrict): kernel frames will have no names");
	return result;
}

int record_code_begin(struct record_code *code, struct writer *writer,
		      struct error *error)
{
	if (!code_differs(code->code))
		return 0;
	return code_write_again(code->code, writer, error);
}

/*
 * Modules that have come have names as long as they are there. To read them takes
 * half of the time at most, however many come and go.
 */
int record_code_follow(struct record_code *code, struct capture_device *device,
		       struct writer *writer, struct error *error)
{
	double began = progress_now();
	int result;

	if (!device->code_changed || began < code->due)
		return 0;
	device->code_changed = false;
	result = record_code_begin(code, writer, error);
	code->due = 2 * progress_now() - began;
	return result;
}

int record_code_end(struct record_code *code,
		    const struct capture_device *device, struct writer *writer,
		    struct error *error)
{
	if (!device->code_changed && !code_differs(code->code))
		return 0;
	return code_write_again(code->code, writer, error);
}

void record_code_free(struct record_code *code)
{
	code_free(code->code);
}
