// SPDX-License-Identifier: GPL-2.0
/*
 * The reference experiments in a small: where a fixed schedule goes astray,
 * stratified and poisson hold the truth. Seeds are fixed, so that a run is the
 * same each time; `dither lab simulate` does five times as many.
 */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../user/base/error.h"
#include "../../user/base/policy.h"
#include "../../user/cmd/cmd.h"
#include "../../user/lab/trial.h"
#include "../../user/lab/variance.h"
#include "run_command.h"

#define RUNS 200
#define VARIANCE_RUNS 8000
#define SEED 1

static const struct sampler fixed = { DITHER_POLICY_FIXED, 0, false };
static const struct sampler poisson = { DITHER_POLICY_POISSON, 0, false };
static const struct sampler stratified = { DITHER_POLICY_STRATIFIED, 0, false };
static const struct sampler quarter = { DITHER_POLICY_UNIFORM, 250000, false };

/* Those that compare runs have a test of their own. */
static struct trial try(const struct model *model,
			const struct sampler *sampler)
{
	struct model alone = *model;

	alone.subject.pairs = false;
	return trial_run(&alone, sampler, model->subject.rate, RUNS, SEED);
}

static const struct model *find(const char *experiment, const char *name)
{
	for (size_t i = 0; i < model_count; i++)
		if (!strcmp(models[i].subject.experiment, experiment) &&
		    (!name || !strcmp(models[i].subject.name, name)))
			return &models[i];
	CU_FAIL_FATAL("no such model");
	return NULL;
}

static void covered(void)
{
	unsigned int astray = 0;

	for (size_t i = 0; i < model_count; i++) {
		struct trial locked = try(&models[i], &fixed);
		struct trial drawn = try(&models[i], &poisson);
		struct trial spread = try(&models[i], &stratified);

		astray += trial_is_astray(&locked);
		if (!trial_holds(&drawn) || !trial_holds(&spread))
			printf("# %s, %s: %.3f %.3f\n",
			       models[i].subject.experiment,
			       models[i].subject.name, drawn.covered,
			       spread.covered);
		CU_ASSERT(trial_holds(&drawn));
		CU_ASSERT(trial_holds(&spread));
		if (models[i].view == VIEW_RING)
			continue;
		CU_ASSERT_DOUBLE_EQUAL(drawn.reported, drawn.truth, .01);
		CU_ASSERT_DOUBLE_EQUAL(spread.reported, spread.truth, .01);
		CU_ASSERT_DOUBLE_EQUAL(drawn.variance, 1, .3);
		CU_ASSERT(spread.variance < 1.3);
		CU_ASSERT(drawn.uniform > .001);
		CU_ASSERT_DOUBLE_EQUAL(drawn.distance / drawn.floor, 1, .15);
	}
	CU_ASSERT(astray >= 10);
}

static void truths(void)
{
	CU_ASSERT_DOUBLE_EQUAL(
		try(find("bursts", "100 Hz, .2 busy"), &fixed).truth, .2, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(try(find("pingpong", NULL), &fixed).truth, .6,
			       1e-9);
	CU_ASSERT_DOUBLE_EQUAL(try(find("phases", NULL), &fixed).truth, .2,
			       .01);
	CU_ASSERT_DOUBLE_EQUAL(try(find("same", NULL), &fixed).truth, 1. / 45,
			       .001);
}

static void locks(void)
{
	struct trial trial = try(find("bursts", "100 Hz, .2 busy"), &fixed);

	CU_ASSERT_EQUAL(trial.least, 0);
	CU_ASSERT_EQUAL(trial.most, 1);
	CU_ASSERT_EQUAL(trial.covered, 0);
	trial = try(find("evader", NULL), &fixed);
	CU_ASSERT_EQUAL(trial.most, 0);
	CU_ASSERT_DOUBLE_EQUAL(trial.truth, .9, 1e-9);
	/* A quarter of jitter is not enough. */
	trial = try(find("bursts", "100 Hz, .5 busy"), &quarter);
	CU_ASSERT_FALSE(trial_holds(&trial));
	CU_ASSERT_DOUBLE_EQUAL(trial.variance, 3.8, .6);
}

static void losses(void)
{
	struct trial trial = try(find("deep", NULL), &stratified);

	CU_ASSERT(trial.lost > trial.samples / 4);
	CU_ASSERT(trial.reported < trial.truth - .2);
}

static void pairs(void)
{
	struct trial trial =
		trial_run(find("phases", NULL), &stratified, 1000, 60, SEED);

	CU_ASSERT_EQUAL(trial.pairs, 30);
	CU_ASSERT(trial.alarms <= .1);
	CU_ASSERT(trial.iid_alarms >= .7);
	/* The last of an odd number has no partner. */
	trial = trial_run(find("same", NULL), &poisson, 1000, 61, SEED);
	CU_ASSERT_EQUAL(trial.pairs, 30);
	CU_ASSERT(trial.alarms <= .1);
}

static void variances(void)
{
	static const char *const policies[] = {
		"uniform:0.1",	"uniform:0.25", "uniform:0.4",
		"uniform:0.85", "poisson",	"stratified",
	};
	static const double turns[] = { .1, 1 };

	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		struct sampler policy;

		CU_ASSERT(policy_read(policies[i], &policy.policy,
				      &policy.jitter_ppm));
		for (size_t j = 0; j < 2; j++) {
			struct variance variance = variance_run(
				&policy, turns[j], VARIANCE_RUNS, SEED);

			if (!variance_agrees(&variance.sine) ||
			    !variance_agrees(&variance.burst))
				printf("# %s, %g: %g %g, %g %g\n", policies[i],
				       turns[j], variance.sine.simulated,
				       variance.sine.theory,
				       variance.burst.simulated,
				       variance.burst.theory);
			CU_ASSERT(variance_agrees(&variance.sine));
			CU_ASSERT(variance_agrees(&variance.burst));
		}
	}
}

static void policy_names_are_read(void)
{
	uint32_t policy, jitter;

	CU_ASSERT(policy_read("uniform:.5", &policy, &jitter));
	CU_ASSERT_EQUAL(policy, DITHER_POLICY_UNIFORM);
	CU_ASSERT_EQUAL(jitter, 500000);
	CU_ASSERT(policy_read("fixed", &policy, &jitter));
	CU_ASSERT_EQUAL(policy, DITHER_POLICY_FIXED);
	CU_ASSERT_EQUAL(jitter, 0);
	CU_ASSERT_FALSE(policy_read("uniform", &policy, &jitter));
	CU_ASSERT_FALSE(policy_read("uniform:", &policy, &jitter));
	CU_ASSERT_FALSE(policy_read("uniform:1.1", &policy, &jitter));
	CU_ASSERT_FALSE(policy_read("uniform:nan", &policy, &jitter));
	CU_ASSERT_FALSE(policy_read("uniform:-1", &policy, &jitter));
	CU_ASSERT_FALSE(policy_read("", &policy, &jitter));
	CU_ASSERT_FALSE(policy_read("poisson ", &policy, &jitter));
}

static char text[32768], again[32768];

static int simulate(const char *one, const char *two, const char *three)
{
	return run_command(cmd_lab, text, sizeof(text), "lab", "simulate",
			   "--repeat", "50", one, two, three, NULL);
}

static void command(void)
{
	char path[64], json[8192];
	size_t length;
	FILE *file;

	snprintf(path, sizeof(path), "%s.json", file_path());
	CU_ASSERT_EQUAL(simulate("--json", path, "idle"), EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "\nidle: 1 ms each 10 ms, 50 runs of 10 s\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\n  uniform:0.25 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\nnothing is judged by fewer "
					    "than 200 runs "));
	CU_ASSERT_PTR_NULL(strstr(text, "bursts:"));
	strcpy(again, text);
	file = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	length = fread(json, 1, sizeof(json) - 1, file);
	json[length] = '\0';
	fclose(file);
	unlink(path);
	CU_ASSERT_PTR_EQUAL(strstr(json,
				   "{\"seed\":1,\"trials\":[\n{\"policy\":"
				   "\"fixed\",\"experiment\":\"idle\","),
			    json);
	CU_ASSERT_STRING_EQUAL(json + length - 17, "\n\"variances\":[]}\n");
	/* The same again, to the byte; another seed, others. */
	CU_ASSERT_EQUAL(simulate("--seed", "1", "idle"), EXIT_DONE);
	CU_ASSERT_STRING_EQUAL(text, again);
	CU_ASSERT_EQUAL(simulate("--seed", "2", "idle"), EXIT_DONE);
	CU_ASSERT_STRING_NOT_EQUAL(text, again);
}

/* Two rates are two cases; a policy left out is not judged. */
static void lists(void)
{
	CU_ASSERT_EQUAL(run_command(cmd_lab, text, sizeof(text), "lab",
				    "simulate", "--repeat", "200", "--rates",
				    "99,997", "--policies", "fixed,poisson",
				    "bursts", NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  poisson            997 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " 6 of 6 cases\n"));
	CU_ASSERT_PTR_NULL(strstr(text, "uniform:0.25"));
}

static void usage(void)
{
	static const char *const wrong[][2] = {
		{ "--policies", "often" }, { "--policies", "fixed," },
		{ "--rates", "0" },	   { "--rates", "100,x" },
		{ "--repeat", "0" },	   { "--repeat", "-1" },
		{ "--seed", "1x" },	   { "--seed", "99999999999999999999" },
		{ "--frob", "x" },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		CU_ASSERT_EQUAL(simulate(wrong[i][0], wrong[i][1], "idle"),
				EXIT_USAGE);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, wrong[i][0]));
	}
	CU_ASSERT_EQUAL(simulate("idle", "sleep", NULL), EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "sleep"));
	CU_ASSERT_EQUAL(simulate("--json", "/no/such/file", "idle"),
			EXIT_CANNOT);
	CU_ASSERT_EQUAL(simulate("--help", NULL, NULL), EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " pingpong "));
}

static const struct unit_case cases[] = {
	{ "stratified and poisson hold the truth in every experiment",
	  covered },
	{ "truth is the time that each function took", truths },
	{ "fixed locks, and a quarter of jitter is not enough", locks },
	{ "a small ring hides deep stacks, and the bounds tell", losses },
	{ "blocks do not cry wolf where samples are alike", pairs },
	{ "variances are those of the formulas", variances },
	{ "policies are read by name", policy_names_are_read },
	{ "the command prints a table, and the same one again", command },
	{ "rates and policies are lists", lists },
	{ "a wrong option is named", usage },
};

UNIT_MAIN("lab simulate", cases)
