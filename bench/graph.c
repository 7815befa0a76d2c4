/*
 * bench_graph SNAPSHOT: what loading a snapshot, building its control graph and asking who reaches
 * each tier 0 object cost, as one line of names and numbers: seconds of wall time, and the largest
 * resident memory so far in MB.
 */
#include "model/graph.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void tell(const char *what, double from)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	printf("%s %.3f %.0f ", what, now() - from, (double)used.ru_maxrss / 1024);
}

static void ask(const struct model *m)
{
	size_t targets = 0, paths = 0;
	double from = now();

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		if (!graph_critical(m, o))
			continue;
		targets++;
		paths += graph_reach(m, o).count;
	}
	tell("query", from);
	printf("objects %zu targets %zu paths %zu\n", model_object_count(m), targets, paths);
}

int main(int argc, char **argv)
{
	struct policy policy = { 0 };
	struct model_options options = { .at = INT64_MIN };
	struct progress quiet;
	struct snapshot *s;
	struct model *m;
	struct err err = { 0 };

	if (argc != 2)
		return 2;
	progress_init(&quiet, true);
	double from = now();

	if (snapshot_open(argv[1], &s, &err) ||
		model_load(s, &policy, &options, &quiet, &m, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	snapshot_close(s);
	tell("load", from);
	from = now();
	graph_critical(m, model_object(m, 0));
	tell("build", from);
	ask(m);
	model_free(m);
	return 0;
}
