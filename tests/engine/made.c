#include "tests/engine/made.h"

#include "base/datetime.h"
#include "base/platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* A description "bad" fails at the lesser level, "worst" at the worst, "?" cannot be decided. */
static int described(struct check_cx *cx, const struct ad_object *o)
{
	struct str text = obj_str(o, ATTR_DESCRIPTION);

	if (str_eq(text, STR("?")))
		return undecided(cx, o, "made_up");
	if (str_eq(text, STR("worst")) || str_eq(text, STR("bad"))) {
		finding_at(cx, o, 3);
		evidence(cx, "word", text);
		evidence_z(cx, "list", "one");
		evidence_z(cx, "list", "two");
	}
	if (str_eq(text, STR("worst"))) {
		finding_at(cx, o, 1);
		evidence_z(cx, "word", "the worst one");
		finding_at(cx, o, 3);
		evidence_z(cx, "word", "too late");
	}
	return 0;
}

static int password_old(struct check_cx *cx, const struct ad_object *o)
{
	if (obj_time(o, ATTR_PWD_LAST_SET) < cx_now(cx) - cx_int(cx, "max_days") * SECONDS_PER_DAY)
		finding(cx, o);
	return 0;
}

static int always(struct check_cx *cx, const struct ad_object *o)
{
	++*cx_counter(cx, 0);
	return finding(cx, o);
}

static int never(struct check_cx *cx, const struct ad_object *o)
{
	(void)cx;
	(void)o;
	return 0;
}

static int meaningless(struct check_cx *cx, const struct ad_object *o)
{
	(void)o;
	return not_applicable(cx, "nothing_declared");
}

/* Half of the users may be described as "half" before it is a finding on the domain. */
static int count_half(struct check_cx *cx, const struct ad_object *o)
{
	*cx_counter(cx, 1) += str_eq(obj_str(o, ATTR_DESCRIPTION), STR("half"));
	return 0;
}

static int judge_half(struct check_cx *cx, const struct ad_object *o)
{
	(void)o;
	if (2 * *cx_counter(cx, 1) >= cx_examined(cx)) {
		finding(cx, model_domain(cx_model(cx), 0)->head);
		evidence_int(cx, "examined", (int64_t)cx_examined(cx));
	}
	note(cx, "half_counted");
	return 0;
}

static const struct param_spec days[] = { { "max_days", PARAM_INT, 1, 2000, -1 }, { 0 } };

static const struct check rows[] = {
	{ .id = "vuln_made_described",
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.run = described,
		.needs = { ATTR_DESCRIPTION } },
	{ .id = "vuln_made_password",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.run = password_old,
		.needs = { ATTR_PWD_LAST_SET },
		.params = days },
	{ .id = "hyg_made_ordinary",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_UNPRIVILEGED,
		.run = password_old,
		.needs = { ATTR_PWD_LAST_SET },
		.params = days },
	{ .id = "hyg_made_half", .each = AD_USER, .run = count_half, .after = judge_half },
	{ .id = "hyg_made_meaningless", .each = AD_USER, .run = always, .before = meaningless },
	{ .id = "warning_made_trust", .each = AD_TRUST, .run = always },
	{ .id = "vuln_made_forest", .each = AD_FOREST, .run = never },
};
CHECK_AREA(made, rows);

#define WORDS                                                                                      \
	"    title: {fr: t, en: t}\n    why: {fr: w, en: w}\n    measure: {fr: m, en: m}\n"        \
	"    fix: {fr: f, en: f}\n    references: [none]\n    change: moved\n"

const char made_yaml[] =
	"area: made\ntitle: {fr: Inventé, en: Made up}\ncontrols:\n"
	"  vuln_made_described:\n    levels: [1, 3]\n" WORDS
	"    account_policy: MinimumPasswordLength\n"
	"  vuln_made_password:\n    levels: [2]\n" WORDS "    parameters: {max_days: 365}\n"
	"  hyg_made_ordinary:\n    levels: [1]\n" WORDS "    parameters: {max_days: 365}\n"
	"  hyg_made_half:\n    levels: [4]\n" WORDS
	"  hyg_made_meaningless:\n    levels: [1]\n" WORDS
	"  warning_made_trust:\n    levels: [5]\n" WORDS
	"  vuln_made_forest:\n    levels: [4]\n" WORDS;

const char made_changes[] = "changes:\n  moved:\n    effort: medium\n    risk: {fr: r, en: risk}\n"
			    "    test: {fr: t, en: test}\n    back: {fr: b, en: back}\n";

int world_catalogue(struct world *w, const char *yaml)
{
	return world_catalogue_with(w, yaml, made_changes);
}

int world_catalogue_with(struct world *w, const char *yaml, const char *changes)
{
	static const char version[] = "version: \"2026-11\"\n";
	static const struct check_area *const areas[] = { &check_area_made };
	struct embedded_file files[] = {
		{ "catalogue.yaml", (const unsigned char *)version, sizeof(version) - 1 },
		{ "changes.yaml", (const unsigned char *)changes, strlen(changes) },
		{ "made.yaml", (const unsigned char *)yaml, strlen(yaml) },
	};

	return catalogue_load(areas, 1, files, ARRAY_LEN(files), &w->catalogue, &w->err);
}

int world_policy(struct world *w, const char *fragment)
{
	struct buf yaml = { 0 };
	struct embedded_file file = { .name = "test.yaml" };
	int rc = world_catalogue(w, made_yaml);

	buf_putz(&yaml, "schema: 1\nname: test\n");
	buf_putz(&yaml, fragment);
	file.bytes = (const unsigned char *)yaml.p;
	file.size = yaml.n;
	if (rc == 0)
		rc = policy_load(
			"test", &file, 1, &w->policy, &w->mistakes, &w->mistake_count, &w->err);
	if (rc == 0)
		rc = engine_bind(
			&w->catalogue, &w->policy, &w->mistakes, &w->mistake_count, &w->err);
	buf_free(&yaml);
	return rc;
}

void world_run(struct world *w, const char *fragment, const char *lines)
{
	struct directory *d = directory_new();
	struct buf base = { 0 };
	const struct str *keep = NULL;
	size_t keep_count;
	char path[64];
	int rc = world_policy(w, fragment);

	snprintf(path, sizeof(path), "engine-%ld.adsnap", platform_pid());
	if (rc == 0)
		rc = platform_read_file(
			BASE_DIRECTORY, LIMIT_YAML_BYTES, &base, ERR_SOURCE, &w->err);
	if (rc == 0)
		rc = directory_text(d, buf_str(&base), "base", &w->err);
	if (rc == 0)
		rc = directory_text(d, str_of(lines), "lines", &w->err);
	if (rc == 0) {
		keep_count = engine_attributes(&w->policy, &w->policy.arena, &keep);
		rc = directory_load(d, &w->policy, keep, keep_count, path, &w->model, &w->err);
	}
	if (rc == 0)
		rc = engine_run(&w->catalogue, &w->policy, w->model, NULL, NULL, &w->run, &w->err);
	platform_remove(path);
	buf_free(&base);
	directory_free(d);
	if (rc)
		fail_msg("%s", w->err.text);
}

void world_free(struct world *w)
{
	run_free(&w->run);
	model_free(w->model);
	policy_free(&w->policy);
	catalogue_free(&w->catalogue);
	*w = (struct world){ 0 };
}

const struct run_control *world_control(const struct world *w, const char *id)
{
	for (size_t i = 0; i < w->run.control_count; i++)
		if (str_eq(w->run.controls[i].id, str_of(id)))
			return &w->run.controls[i];
	fail_msg("there is no control %s", id);
	return NULL;
}
