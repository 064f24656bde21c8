// SPDX-License-Identifier: GPL-2.0
/*
 * A model is asked for the function that runs at moments of growing time. What
 * is periodic is computed, the rest drawn piece by piece; truth is the time
 * that passed, as a workload would log it.
 */
#include "model.h"

#include <math.h>

#include "../../kmod/core/schedule.h"

#define ORIGIN 1000000000ULL
#define MIXTURE_PIECE 50000.   /* ns, mean */
#define RING_BYTES 8192U       /* emptied each */
#define RING_DRAIN 10000000ULL /* ns */
#define LARGE_BYTES 400U       /* of a sample with a deep stack */
#define SMALL_BYTES 56U

struct program {
	const struct model *model;
	uint64_t phase; /* of what is periodic */
	uint64_t key, draws;
	uint64_t begin, end; /* of the piece now */
	unsigned int function;
	double time[SUBJECT_FUNCTIONS]; /* of pieces that are over */
};

static double draw(struct program *program)
{
	return ((double)(dither_schedule_draw(program->key, program->draws++) >>
			 11) +
		.5) /
	       9007199254740992.;
}

/* Function i has i + 1 parts of 45. */
static unsigned int draw_function(struct program *program)
{
	double at =
		draw(program) * SUBJECT_FUNCTIONS * (SUBJECT_FUNCTIONS + 1) / 2;
	unsigned int function = 0;

	while (function < SUBJECT_FUNCTIONS - 1 && at >= function + 1)
		at -= ++function;
	return function;
}

static void next_piece(struct program *program)
{
	const struct model *model = program->model;
	double mean = MIXTURE_PIECE;

	program->time[program->function] +=
		(double)(program->end - program->begin);
	program->begin = program->end;
	if (model->kind == MODEL_MIXTURE) {
		program->function = draw_function(program);
	} else {
		program->function = !program->function;
		mean = (double)(program->function ?
					model->period - model->busy :
					model->busy);
	}
	program->end += (uint64_t)(-log(draw(program)) * mean) + 1;
}

static void begin(struct program *program, const struct model *model,
		  uint64_t seed)
{
	*program = (struct program){
		.model = model,
		.key = dither_schedule_mix(seed ^ DITHER_GOLDEN),
		.begin = ORIGIN,
		.end = ORIGIN,
	};
	if (model->aligned)
		program->phase = (model->busy + model->period) / 2;
	else if (model->kind == MODEL_RECTANGLE)
		program->phase =
			(uint64_t)(draw(program) * (double)model->period);
	if (model->kind == MODEL_PHASES)
		program->function = draw(program) * (double)model->period <
				    (double)model->busy;
	if (model->kind != MODEL_RECTANGLE)
		next_piece(program);
}

static uint64_t place(const struct program *program, uint64_t time)
{
	return (time - ORIGIN + program->phase) % program->model->period;
}

static unsigned int function_at(struct program *program, uint64_t time)
{
	if (program->model->kind == MODEL_RECTANGLE)
		return place(program, time) >= program->model->busy;
	while (program->end <= time)
		next_piece(program);
	return program->function;
}

/* Time in function 0 of a rectangle, from its beginning to @at. */
static double busy_until(const struct model *model, uint64_t at)
{
	uint64_t rest = at % model->period;
	uint64_t whole = at / model->period * model->busy;

	return (double)(whole + (rest < model->busy ? rest : model->busy));
}

static void tell_truth(struct program *program, uint64_t end,
		       struct outcome *outcome)
{
	const struct model *model = program->model;
	double whole = (double)(end - ORIGIN);

	if (model->kind == MODEL_RECTANGLE) {
		outcome->truth[0] =
			(busy_until(model, end - ORIGIN + program->phase) -
			 busy_until(model, program->phase)) /
			whole;
		outcome->truth[1] = 1 - outcome->truth[0];
		return;
	}
	function_at(program, end);
	program->time[program->function] += (double)(end - program->begin);
	for (unsigned int i = 0; i < outcome->functions; i++)
		outcome->truth[i] = program->time[i] / whole;
}

/* How long a sample due in @function has to wait for its interrupt, ns. */
static uint64_t delay(const struct program *program, unsigned int function,
		      uint64_t due)
{
	const struct model *model = program->model;

	if (model->view == VIEW_MASKED && !function)
		return model->busy - place(program, due);
	if (model->view == VIEW_IDLE && function)
		return model->period - place(program, due) - 1;
	return 0;
}

struct ring {
	uint64_t drains;
	unsigned int bytes;
};

static bool finds_room(struct ring *ring, unsigned int function, uint64_t time)
{
	unsigned int bytes = function ? SMALL_BYTES : LARGE_BYTES;

	if (time / RING_DRAIN != ring->drains) {
		ring->drains = time / RING_DRAIN;
		ring->bytes = 0;
	}
	if (ring->bytes + bytes > RING_BYTES)
		return false;
	ring->bytes += bytes;
	return true;
}

void model_sample(const struct model *model, const struct sampler *sampler,
		  double rate, uint64_t seed, struct outcome *outcome,
		  subject_see *see, void *context)
{
	uint64_t end = ORIGIN + (uint64_t)(model->subject.seconds * 1e9);
	struct dither_schedule schedule;
	struct ring ring = { 0 };
	struct program program;

	begin(&program, model, seed);
	*outcome = (struct outcome){
		.functions = model->kind == MODEL_MIXTURE ? SUBJECT_FUNCTIONS :
							    2,
	};
	dither_schedule_start(&schedule, sampler->policy, sampler->jitter_ppm,
			      (uint64_t)llround(1e9 / rate), seed, 0, ORIGIN);
	while (schedule.due < end) {
		uint64_t due = schedule.due, passed;
		unsigned int function = function_at(&program, due);

		/* Those passed with it are late, or idle, for the same reason. */
		passed = dither_schedule_pass(
			&schedule, due + delay(&program, function, due));
		if (model->view == VIEW_RING &&
		    !finds_room(&ring, function, due)) {
			outcome->lost++;
			continue;
		}
		outcome->count[function] += passed;
		outcome->samples += passed;
		if (see)
			see(context, due, function);
	}
	outcome->effective = (double)outcome->samples;
	tell_truth(&program, end, outcome);
}
