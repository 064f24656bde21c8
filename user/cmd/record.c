// SPDX-License-Identifier: GPL-2.0
/*
 * `dither record`: set a session up, let the command go, copy rings to the
 * file until the end, write the account.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/error.h"
#include "../capture/capture_metadata.h"
#include "../capture/child.h"
#include "../capture/drain.h"
#include "../capture/kernel_session.h"
#include "../capture/process_requests.h"
#include "../capture/progress.h"
#include "../file/writer.h"
#include "cmd.h"
#include "record_code.h"
#include "record_events.h"
#include "record_notes.h"
#include "record_options.h"
#include "record_tables.h"

/*
 * The rings are looked at this often at least. The module wakes the recorder
 * sooner; with the same interval both would, one right after the other.
 */
#define POLL_MS 250

/* How often the compiler of tables is asked how far it is. */
#define TABLES_MS 100

/* What unwind tables may delay the beginning; the rest comes while it runs. */
#define TABLES_SECONDS 30

struct recorder {
	struct record_options options;
	struct capture_device device;
	struct writer *writer;
	struct child child;
	struct progress progress;
	struct record_code code;
	struct tables_result tables;
	int signals;		/* a signalfd */
	int interruptions;
	bool child_ended;
	int child_status;	/* as wait() gives it */
};

static int open_signals(struct recorder *recorder, struct error *error)
{
	sigset_t set;

	/* A file size limit is a full disk like any other. */
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	recorder->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (recorder->signals < 0)
		return error_set(error, -errno, "signalfd: %s",
				 strerror(errno));
	return 0;
}

static void reap_child(struct recorder *recorder)
{
	if (!recorder->child.pid || recorder->child_ended)
		return;
	if (waitpid(recorder->child.pid, &recorder->child_status, WNOHANG) ==
	    recorder->child.pid)
		recorder->child_ended = true;
}

/*
 * The first interruption is the command's to follow, and the recording ends
 * with it; the second one ends the recording at once. What the terminal sends
 * reaches the command by itself.
 */
static void interrupt(struct recorder *recorder,
		      const struct signalfd_siginfo *info)
{
	recorder->interruptions++;
	if (recorder->child.pid && !recorder->child_ended &&
	    info->ssi_code != SI_KERNEL)
		kill(recorder->child.pid, info->ssi_signo);
}

static void take_signals(struct recorder *recorder)
{
	struct signalfd_siginfo info;

	while (read(recorder->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			interrupt(recorder, &info);
	}
	reap_child(recorder);
}

static bool is_over(const struct recorder *recorder)
{
	const struct record_options *options = &recorder->options;

	if (recorder->interruptions > (recorder->child.pid ? 1 : 0))
		return true;
	if (recorder->child.pid)
		return recorder->child_ended;
	return options->duration &&
	       progress_now() - recorder->progress.started >= options->duration;
}

/* The sampled processes of -p have all gone. */
static bool targets_gone(const struct recorder *recorder)
{
	const struct dither_config *config = &recorder->options.config;

	for (unsigned int i = 0; i < config->nr_pids; i++)
		if (!kill(recorder->options.pids[i], 0) || errno != ESRCH)
			return false;
	return config->nr_pids && !recorder->child.pid;
}

/* So that the first sample is unwound like all others. */
static void wait_for_tables(struct recorder *recorder)
{
	double until = progress_now() + TABLES_SECONDS;
	size_t left;

	while ((left = tables_wait(recorder->device.tables, TABLES_MS)) &&
	       progress_now() < until && !recorder->interruptions &&
	       !recorder->child_ended) {
		take_signals(recorder);
		progress_tables(&recorder->progress, left);
	}
	progress_clear(&recorder->progress);
}

static int prepare(struct recorder *recorder, struct error *error)
{
	struct record_options *options = &recorder->options;
	struct dither_config *config = &options->config;
	int result;

	/* First: a signal from now on ends the recording, not the recorder. */
	result = open_signals(recorder, error);
	if (!result)
		result = capture_check_proc(error);
	if (!result)
		result = capture_open(&recorder->device, error);
	if (!result && options->command)
		result = child_prepare(&recorder->child, options->command,
				       error);
	if (result)
		return result;
	recorder->device.forgotten = forgotten_new();
	record_tables_choose(options, &recorder->device.info);
	if (recorder->child.pid && !options->system_wide) {
		options->pids[0] = recorder->child.pid;
		config->nr_pids = 1;
	}
	result = record_events_configure(&recorder->device, options, error);
	if (!result && !options->quiet)
		record_notes(&recorder->device);
	if (!result)
		result = writer_open(options->output, &recorder->writer, error);
	if (!result)
		result = record_tables_begin(&recorder->device, options, error);
	if (!result)
		result = capture_write_meta(&recorder->device, recorder->writer,
					    config, options->command, error);
	if (!result)
		result = capture_write_events(recorder->writer, config->flags,
					      &options->events, error);
	if (!result)
		result = capture_write_vdso(recorder->writer, error);
	if (!result)
		result = record_code_prepare(&recorder->code, recorder->writer,
					     error);
	if (!result && recorder->device.tables)
		wait_for_tables(recorder);
	return result;
}

static int begin(struct recorder *recorder, struct error *error)
{
	int result;

	result = capture_start(&recorder->device, error);
	/* Clocks run from here on, and that is what a duration is of. */
	progress_begin(&recorder->progress);
	if (!result)
		result = capture_write_start(&recorder->device,
					     recorder->writer, error);
	if (!result)
		result = record_code_begin(&recorder->code, recorder->writer,
					   error);
	if (!result)
		result = capture_snapshot(&recorder->device, recorder->writer,
					  error);
	if (!result && recorder->child.pid)
		result = child_release(&recorder->child,
				       recorder->options.command[0], error);
	return result;
}

/* Until the rings are to be looked at, or the recording ends. */
static int poll_ms(const struct recorder *recorder)
{
	double left = recorder->options.duration -
		      (progress_now() - recorder->progress.started);

	if (recorder->child.pid || !recorder->options.duration ||
	    left * 1000 > POLL_MS)
		return POLL_MS;
	return left > 0 ? (int)(left * 1000) + 1 : 0;
}

static int follow(struct recorder *recorder, struct error *error)
{
	struct pollfd wait[] = {
		{ .fd = recorder->device.fd, .events = POLLIN },
		{ .fd = recorder->signals, .events = POLLIN },
	};
	int result = 0;

	while (!result && !is_over(recorder)) {
		if (poll(wait, 2, poll_ms(recorder)) < 0 && errno != EINTR)
			return error_set(error, -errno, "poll: %s",
					 strerror(errno));
		result = capture_drain(&recorder->device, recorder->writer,
				       error);
		if (!result)
			result = capture_relearn(&recorder->device,
						 recorder->writer,
						 progress_now(), error);
		if (!result)
			result = record_code_follow(&recorder->code,
						    &recorder->device,
						    recorder->writer, error);
		if (!result)
			result = record_tables_files(&recorder->device,
						     recorder->writer, error);
		take_signals(recorder);
		progress_update(&recorder->progress, &recorder->device,
				recorder->writer);
		if (targets_gone(recorder))
			break;
	}
	return result;
}

/* What was mapped last may have to be hashed yet. */
static int write_last_files(struct recorder *recorder, struct error *error)
{
	record_tables_settle(&recorder->device);
	return record_tables_files(&recorder->device, recorder->writer, error);
}

static int finish(struct recorder *recorder, struct error *error)
{
	int result;

	result = capture_stop(&recorder->device, error);
	if (!result)
		result = capture_drain(&recorder->device, recorder->writer,
				       error);
	if (!result)
		result = write_last_files(recorder, error);
	record_tables_end(&recorder->device, &recorder->tables);
	if (!result)
		result = capture_write_ledgers(&recorder->device,
					       recorder->writer, error);
	if (!result)
		result = record_code_end(&recorder->code, &recorder->device,
					 recorder->writer, error);
	if (!result)
		result = capture_write_end_meta(&recorder->device,
						recorder->writer, error);
	return result;
}

/* A recording that fails leaves the command alone, and waits for it. */
static void wait_for_child(struct recorder *recorder)
{
	if (recorder->child.pid && !recorder->child_ended &&
	    waitpid(recorder->child.pid, &recorder->child_status, 0) > 0)
		recorder->child_ended = true;
}

static int exit_status(const struct recorder *recorder)
{
	int status = recorder->child_status;

	if (!recorder->child_ended)
		return EXIT_DONE;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

static int failure_code(const struct recorder *recorder, int result)
{
	switch (result) {
	case -ESRCH:
		return EXIT_USAGE;
	case -ENOENT:
		/* As a shell would, when it is the command that is not there. */
		return recorder->writer ? 127 : EXIT_CANNOT;
	default:
		return EXIT_CANNOT;
	}
}

static void close_recorder(struct recorder *recorder)
{
	if (recorder->device.tables)
		record_tables_end(&recorder->device, &recorder->tables);
	/* It is the thread's to use until the process ends. */
	if (recorder->tables.left)
		recorder->device.fd = -1;
	capture_close(&recorder->device);
	forgotten_free(recorder->device.forgotten);
	free(recorder->tables.path);
	if (recorder->signals > 0)
		close(recorder->signals);
	record_code_free(&recorder->code);
	events_free(&recorder->options.events);
}

/* Run from START to the file's end; the first error counts. */
static int run(struct recorder *recorder, struct error *error)
{
	struct error later;
	int result, ending;

	result = begin(recorder, error);
	if (!result)
		result = follow(recorder, error);
	ending = finish(recorder, &later);
	progress_clear(&recorder->progress);
	if (!result && ending) {
		*error = later;
		result = ending;
	}
	return result;
}

int cmd_record(int argc, char **argv)
{
	struct recorder recorder = { .device.fd = -1 };
	struct error error, closing;
	int result, closed;
	bool help;

	result = record_options_parse(&recorder.options, argc, argv, &help);
	if (result || help)
		return result;

	progress_init(&recorder.progress, recorder.options.quiet);
	result = prepare(&recorder, &error);
	if (result) {
		child_abandon(&recorder.child);
		goto out;
	}
	result = run(&recorder, &error);
	if (!recorder.options.quiet)
		record_tables_complain(&recorder.tables);
	if (!result && !recorder.options.quiet)
		progress_summary(&recorder.device, recorder.writer,
				 recorder.options.output);
out:
	if (recorder.writer) {
		closed = writer_close(recorder.writer, &closing);
		if (!result && closed) {
			error = closing;
			result = closed;
		}
	}
	if (result)
		error_print("record: %s", error.text);
	if (result && recorder.interruptions < 2)
		wait_for_child(&recorder);
	close_recorder(&recorder);
	return result ? failure_code(&recorder, result) :
			exit_status(&recorder);
}
