/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a failure travels to the person: the place that sees it fills a struct
 * error with what failed, where and why; the command prints it once.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/* The tool's exit codes. */
enum {
	EXIT_DONE = 0,
	EXIT_CHECK_FAILED = 1,
	EXIT_USAGE = 2,		/* wrong use, bad input */
	EXIT_CANNOT = 3,	/* this machine cannot: module, permission, disk */
	EXIT_INCONCLUSIVE = 4,	/* a check that too few samples cannot decide */
};

struct error {
	char text[512];
};

/*
 * Format the text; return @code, a negative errno, so that a function can end
 * with `return error_set(error, -EINVAL, …)`. @error may be NULL.
 */
int error_set(struct error *error, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "dither: …" and a newline on stderr. */
void error_print(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
