// SPDX-License-Identifier: GPL-2.0
/* dither flame's options, run as a command on text. */
#include "pictures.h"

#include "../../user/cmd/cmd.h"
#include "../../user/base/error.h"
#include "run_command.h"

static char directory[] = "/tmp/flame_test.XXXXXX";
static char said[131072];

/* A file of this test, of at most eight names. */
static const char *path_of(const char *name)
{
	static char paths[8][64];
	char path[64];
	size_t i = 0;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	while (*paths[i] && strcmp(paths[i], path))
		i++;
	return strcpy(paths[i], path);
}

static const char *write_text(const char *name, const char *text)
{
	const char *path = path_of(name);
	FILE *file = fopen(path, "w");

	fputs(text, file);
	fclose(file);
	return path;
}

static void expect_text(const char *path, const char *expected)
{
	char text[1024] = "";
	FILE *file = fopen(path, "r");
	size_t length = fread(text, 1, sizeof(text) - 1, file);

	fclose(file);
	text[length] = '\0';
	CU_ASSERT_STRING_EQUAL(text, expected);
}

#define FLAME(...) \
	run_command(cmd_flame, said, sizeof(said), "flame", __VA_ARGS__, NULL)

static const char folded[] = "m;b 1\nm;a 2\nm;b 3\n";

static const char script[] =
	"one 7/8 [000] 2.000000: 1 cpu-clock:\n\t10 b+0x1 (/bin/x)\n"
	"\t20 main+0x1 (/bin/x)\n\n"
	"one 7/9 [000] 1.500000: 1 cpu-clock:\n\t10 c+0x1 (/bin/x)\n"
	"\t20 main+0x1 (/bin/x)\n\n"
	"one 7/8 [000] 1.000000: 1 cpu-clock:\n\t10 a+0x1 (/bin/x)\n"
	"\t20 main+0x1 (/bin/x)\n\n";

/* Whether each text stands behind the one before. */
static bool in_order(const char *one, const char *two, const char *three)
{
	const char *at = strstr(said, one);

	at = at ? strstr(at, two) : NULL;
	return at && strstr(at, three);
}

static void chart(void)
{
	const char *path = write_text("in", folded);

	CU_ASSERT_EQUAL(FLAME("--flamechart", path), EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ">Flame chart</text>"));
	CU_ASSERT_TRUE(in_order("data-x=\"0\" data-w=\"1\"><title>b\n",
				"data-x=\"1\" data-w=\"2\"><title>a\n",
				"data-x=\"3\" data-w=\"3\"><title>b\n"));
}

static void chart_of_times(void)
{
	const char *path = write_text("in", script);

	CU_ASSERT_EQUAL(FLAME("--flamechart", path), EXIT_DONE);
	CU_ASSERT_TRUE(in_order("data-x=\"0\" data-w=\"1\"><title>a\n",
				"data-x=\"1\" data-w=\"1\"><title>c\n",
				"data-x=\"2\" data-w=\"1\"><title>b\n"));
	CU_ASSERT_PTR_NULL(strstr(said, "95% sure"));
	CU_ASSERT_EQUAL(FLAME("--flamechart", "--tid", path), EXIT_DONE);
	CU_ASSERT_TRUE(in_order("data-w=\"2\"><title>[tid 8]\n",
				"data-x=\"0\" data-w=\"2\"><title>main\n",
				"data-x=\"0\" data-w=\"1\"><title>a\n"));
	CU_ASSERT_TRUE(in_order("<title>a\n",
				"data-x=\"1\" data-w=\"1\"><title>b\n",
				"data-x=\"2\" data-w=\"1\"><title>[tid 9]\n"));
}

static void titles(void)
{
	const char *path = write_text("in", folded);

	FLAME(path);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ">Flame graph</text>"));
	FLAME("--inverted", path);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ">Icicle graph</text>"));
	FLAME("--inverted", "--title", "mine", path);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ">mine</text>"));
}

static void differential(void)
{
	const char *path = write_text("in", "a;b 5 6\na;c 4 0\na;d 1 4\n");

	CU_ASSERT_EQUAL(FLAME(path), EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "<title>d\n4 samples, 40.00%; "
					    "+30.00 points, self +30.00<"));
	CU_ASSERT_EQUAL(FLAME("--negate", path), EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "<title>d\n4 samples, 40.00%; "
					    "-30.00 points, self -30.00<"));
	CU_ASSERT_EQUAL(FLAME("--flamechart", path), EXIT_USAGE);
	CU_ASSERT_EQUAL(FLAME("--html", path), EXIT_USAGE);
	CU_ASSERT_EQUAL(FLAME("--base", path, path), EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "two counts a line are a "
					    "difference, which does not go "
					    "with --base"));
	path = write_text("in", "a;b 5 0\na;c 4 0\n");
	CU_ASSERT_EQUAL(FLAME(path), EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "no samples to draw"));
}

static void differential_page(void)
{
	const char *path = write_text("in", "a;b 6\na;d 4\n");
	char base[96];

	snprintf(base, sizeof(base), "--base=%s",
		 write_text("before", "a;b 5\na;c 4\na;d 1\n"));
	CU_ASSERT_EQUAL(FLAME("--html", base, path), EXIT_DONE);
	/* all, a, b, d */
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "\"change\":[0,0,10,30],\n"
					    "\"tint\":[15132390,15132390,"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "\"gone\":[[1,\"c -40.00\"]]"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ": red grew, blue shrank"));
	CU_ASSERT_EQUAL(FLAME("--html", "--negate", base, path), EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "\"change\":[0,0,-10,-30],\n"));
	CU_ASSERT_EQUAL(FLAME("--html", path), EXIT_DONE);
	CU_ASSERT_PTR_NULL(strstr(said, "\"change\":["));
}

/* Three vanished frames are named; of more, how many there are. */
static void vanished(void)
{
	const char *path = write_text("in", "a;b 2 5\na;c 4 0\na;d 1 0\n"
					    "a;e 1 0\n");

	CU_ASSERT_EQUAL(FLAME(path), EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "only in the other profile: c "));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ", e "));
	CU_ASSERT_PTR_NULL(strstr(said, " more"));
	path = write_text("in", "a;b 2 5\na;c 4 0\na;d 1 0\na;e 1 0\n"
				"a;f 1 0\n");
	CU_ASSERT_EQUAL(FLAME(path), EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ", and 1 more"));
}

static void palette_map(void)
{
	const char *path = write_text("in", "m;x->y_[k] 1\n");
	const char *map = path_of("p.map");
	char *option = NULL;

	CU_ASSERT(asprintf(&option, "--cp=%s", map) > 0);
	CU_ASSERT_EQUAL(FLAME(option, path), EXIT_DONE);
	expect_text(map, "m->rgb(248,195,113)\nx->y_[k]->rgb(166,201,233)\n");
	map = write_text("p.map", "old->rgb(1,2,3)\nm->rgb(9,8,7)\n");
	CU_ASSERT_EQUAL(FLAME(option, path), EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "fill=\"#090807\""));
	expect_text(map, "m->rgb(9,8,7)\nold->rgb(1,2,3)\n"
			 "x->y_[k]->rgb(166,201,233)\n");
	map = write_text("p.map", "m->rgb(9,8,7)\nx\n");
	CU_ASSERT_EQUAL(FLAME("-o", path_of("out"), option, path), EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "p.map:2: not NAME->rgb(R,G,B)"));
	CU_ASSERT_NOT_EQUAL(access(path_of("out"), F_OK), 0);
	expect_text(map, "m->rgb(9,8,7)\nx\n");
	free(option);
	CU_ASSERT_EQUAL(FLAME("--cp=/nowhere/p.map", path), EXIT_CANNOT);
	CU_ASSERT_EQUAL(FLAME("--cp=/tmp", path), EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "/tmp: "));
}

static void attributes(void)
{
	const char *path = write_text("in", folded);
	const char *file = write_text("n.attr", "m\thref=https://x.org/\n");

	CU_ASSERT_EQUAL(FLAME("--nameattr", file, path), EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "<a href=\"https://x.org/\""));
	file = write_text("n.attr", "m\thref=javascript:alert(1)\n");
	CU_ASSERT_EQUAL(FLAME("-o", path_of("out"), "--nameattr", file, path),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "n.attr:1: href: 'javascript:"));
	CU_ASSERT_NOT_EQUAL(access(path_of("out"), F_OK), 0);
	CU_ASSERT_EQUAL(FLAME("--nameattr", "/nowhere", path), EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "/nowhere: cannot be opened"));
}

static void wrong_use(void)
{
	static const struct {
		const char *words[3], *message;
	} uses[] = {
		{ { "--encoding", "latin1" }, "iconv -f 'latin1' -t UTF-8" },
		{ { "--bgcolors", "pink" }, "--bgcolors: 'pink' is none of" },
		{ { "--colors", "pink" }, "--colors: 'pink' is none of" },
		{ { "--total", "5" }, "--total 5 is less than the sum, 6" },
		{ { "--total", "x" }, "--total: 'x' is not a number" },
		{ { "--factor", "0" }, "--factor: '0' is not a number" },
		{ { "--negate" }, "--negate needs --base" },
		{ { "--flamechart", "--reverse" },
		  "--flamechart does not go "
		  "with --reverse" },
		{ { "--html", "--random" },
		  "--html does not go with "
		  "--random" },
		{ { "--html", "--notes=x" },
		  "--html does not go with "
		  "--notes" },
		{ { "--html", "--factor=2" },
		  "--html does not go with "
		  "--factor" },
		{ { "--cp", "--color=ipc" }, "--cp does not go with --color" },
		{ { "--color", "ipc" }, "folded stacks have no counts" },
	};
	const char *path = write_text("in", folded);

	for (size_t i = 0; i < sizeof(uses) / sizeof(*uses); i++) {
		const char *first = uses[i].words[0];
		const char *second = uses[i].words[1];

		CU_ASSERT_EQUAL(second ? FLAME(first, second, path) :
					 FLAME(first, path),
				EXIT_USAGE);
		CU_ASSERT_PTR_NOT_NULL(strstr(said, uses[i].message));
	}
}

static void known_words(void)
{
	const char *path = write_text("in", folded);

	CU_ASSERT_EQUAL(FLAME("--color=java", "--encoding=UTF-8", "--hash",
			      "--countname=ms", "--nametype=Method:", path),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ">native</text>"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "<title>Method: m\n6 ms"));
	CU_ASSERT_EQUAL(FLAME("--help"), EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "--nameattr FILE"));
}

static const struct unit_case cases[] = {
	{ "--flamechart keeps the order of folded lines", chart },
	{ "--flamechart sorts samples by time, with --tid for each thread",
	  chart_of_times },
	{ "the title says what kind of graph it is", titles },
	{ "two counts a line are drawn as a difference, --negate turns it",
	  differential },
	{ "a page shows a difference, too", differential_page },
	{ "up to three vanished frames are named, then counted", vanished },
	{ "--cp reads and completes a map, and leaves a wrong one alone",
	  palette_map },
	{ "--nameattr makes links, and refuses scripts before it draws",
	  attributes },
	{ "what does not go is told, each for its reason", wrong_use },
	{ "words that flamegraph.pl's users know are taken", known_words },
};

int main(void)
{
	char command[64];
	int code;

	if (!mkdtemp(directory))
		return 2;
	code = unit_run("flame", cases, sizeof(cases) / sizeof(*cases));
	snprintf(command, sizeof(command), "rm -r %s", directory);
	return system(command) ? 2 : code;
}
