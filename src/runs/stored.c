#include "runs/stored.h"

#include "base/limits.h"
#include "base/platform.h"
#include "runs/stored_reading.h"

#include <stdlib.h>

#define RESULTS_SCHEMA 1
#define DOMAIN_BYTES 30u
#define COVERAGE_BYTES 35u

#define MEMBER(name, field, read)                                                                  \
	{                                                                                          \
#name, read, offsetof(struct run, field), false                                    \
	}
#define GROUP(name, rows)                                                                          \
	static int name(struct reading *r, void *to, struct err *err)                              \
	{                                                                                          \
		return read_members(r, rows, ARRAY_LEN(rows), to, err);                            \
	}

/* ---- the head ------------------------------------------------------------------------------- */

static int read_tool_name(struct reading *r, void *to, struct err *err)
{
	static const char *const names[] = { "adhygiene", NULL };
	size_t place = 0;

	(void)to;
	return read_choice(r, names, &place, err);
}

static const struct member tool_members[] = {
	{ "name", read_tool_name, 0, false },
	MEMBER(version, tool_version, read_name),
	MEMBER(catalogue, catalogue_version, read_name),
};
GROUP(read_tool, tool_members)

static const struct member facility_members[] = {
	MEMBER(name, facility_name, read_optional),
	MEMBER(finess, facility_finess, read_optional),
	MEMBER(ght, facility_ght, read_optional),
};
GROUP(read_facility, facility_members)

static const struct member domain_members[] = {
	{ "dns", read_optional, offsetof(struct run_domain, dns), false },
	{ "netbios", read_optional, offsetof(struct run_domain, netbios), false },
	{ "sid", read_sid_or_none, offsetof(struct run_domain, sid), false },
	{ "key", read_sha256_or_none, offsetof(struct run_domain, key), true },
};

static int read_domains(struct reading *r, void *to, struct err *err)
{
	struct run *run = to;
	struct run_domain *list;
	size_t count = 0, n = 0;

	if (count_items(r, '[', DOMAIN_BYTES, SIZE_MAX, &count, err))
		return err->code;
	list = ARENA_ARRAY(&run->arena, struct run_domain, count);
	json_scan_enter(&r->scan, '[');
	while (json_scan_element(&r->scan))
		if (read_members(r, domain_members, ARRAY_LEN(domain_members), &list[n++], err))
			return err->code;
	run->domains = list;
	run->domain_count = count;
	return check_scan(r, err);
}

static const struct member count_members[] = {
	MEMBER(objects, counts.objects, read_count),
	MEMBER(users, counts.users, read_count),
	MEMBER(users_enabled, counts.users_enabled, read_count),
	MEMBER(computers, counts.computers, read_count),
	MEMBER(groups, counts.groups, read_count),
};
GROUP(read_counts, count_members)

static const struct member directory_members[] = {
	MEMBER(forest, forest, read_optional),
	{ "domains", read_domains, 0, false },
	MEMBER(source, source, read_text),
	MEMBER(collected_at, collected_at, read_date_or_none),
	MEMBER(evaluated_at, evaluated_at, read_date),
	{ "counts", read_counts, 0, false },
};
GROUP(read_directory, directory_members)

static const struct member policy_members[] = {
	MEMBER(name, policy_name, read_text),
	MEMBER(sha256, policy_sha256, read_sha256),
};
GROUP(read_policy, policy_members)

/* ---- the tail ------------------------------------------------------------------------------- */

static const struct member coverage_members[] = {
	{ "need", read_shared, offsetof(struct run_coverage, need), false },
	{ "state", read_text, offsetof(struct run_coverage, state), false },
	{ "detail", read_text, offsetof(struct run_coverage, detail), false },
};

static int read_coverage(struct reading *r, void *to, struct err *err)
{
	struct run *run = to;
	struct run_coverage *list;
	size_t count = 0, n = 0;

	if (count_items(r, '[', COVERAGE_BYTES, SIZE_MAX, &count, err))
		return err->code;
	list = ARENA_ARRAY(&run->arena, struct run_coverage, count);
	json_scan_enter(&r->scan, '[');
	while (json_scan_element(&r->scan))
		if (read_members(r, coverage_members, ARRAY_LEN(coverage_members), &list[n++], err))
			return err->code;
	run->coverage = list;
	run->coverage_count = count;
	return check_scan(r, err);
}

static int read_waiver_notes(struct reading *r, void *to, struct err *err)
{
	struct run *run = to;
	struct texts list;

	if (read_texts(r, &list, err))
		return err->code;
	if (!list.count)
		return wrong(r, err, "an empty list of notes is left out");
	run->waiver_notes = list.items;
	run->waiver_note_count = list.count;
	return 0;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static int note_place(struct reading *r, size_t *place, struct err *err)
{
	json_scan_peek(&r->scan);
	*place = r->scan.at;
	return skip_value(r, NULL, err);
}

static int note_indicators(struct reading *r, void *to, struct err *err)
{
	(void)to;
	return note_place(r, &r->indicators, err);
}

static int note_indicator_controls(struct reading *r, void *to, struct err *err)
{
	(void)to;
	return note_place(r, &r->indicator_controls, err);
}

static int note_indicator_notes(struct reading *r, void *to, struct err *err)
{
	(void)to;
	return note_place(r, &r->indicator_notes, err);
}

static int note_ads(struct reading *r, void *to, struct err *err)
{
	(void)to;
	return note_place(r, &r->ads, err);
}

/* Of any other run the key is left out. */
static int read_anonymous(struct reading *r, void *to, struct err *err)
{
	struct run *run = to;

	if (!json_scan_word(&r->scan, "true"))
		return wrong(r, err, "\"anonymous\" is true, or left out");
	run->anonymous = true;
	return 0;
}

static const struct member run_members[] = {
	{ "schema", skip_value, 0, false }, /* looked at before */
	{ "anonymous", read_anonymous, 0, true },
	{ "tool", read_tool, 0, false },
	{ "facility", read_facility, 0, false },
	{ "directory", read_directory, 0, false },
	{ "policy", read_policy, 0, false },
	MEMBER(level, level, read_level),
	MEMBER(level_floor, level_floor, read_level),
	MEMBER(level_with_waivers, level_with_waivers, read_level),
	{ "indicators", note_indicators, 0, false },
	{ "indicator_controls", note_indicator_controls, 0, false },
	{ "indicator_notes", note_indicator_notes, 0, false },
	{ "tables", read_table_list, 0, false },
	{ "controls", read_control_list, 0, false },
	{ "coverage", read_coverage, 0, false },
	{ "waiver_notes", read_waiver_notes, 0, true },
	{ "ads", note_ads, 0, true },
};

/* Another version's file must be named as such, whatever else it holds. */
static int check_schema(struct reading *r, struct err *err)
{
	bool is_ours = false, has_schema = false;
	int64_t schema = 0;
	struct str key;

	json_scan_enter(&r->scan, '{');
	while (!(is_ours && has_schema) && json_scan_member(&r->scan, &key)) {
		if (str_eq(key, STR("schema")) && !has_schema)
			has_schema = json_scan_integer(&r->scan, &schema);
		else if (str_eq(key, STR("tool")))
			is_ours = str_contains(json_scan_skip(&r->scan), STR("\"adhygiene\""));
		else
			json_scan_skip(&r->scan);
	}
	if (check_scan(r, err))
		return err->code;
	if (!is_ours || !has_schema)
		return wrong_at(r, 0, err, "it says neither schema nor tool");
	if (schema != RESULTS_SCHEMA)
		return err_set(err, ERR_SOURCE, "%s has schema %lld; this version reads schema %d.",
			r->name, (long long)schema, RESULTS_SCHEMA);
	return 0;
}

/* A level that its controls do not give would be believed. An anonymous run does not say at which
 * level what is not accepted of a control fails. */
static int check_levels(struct reading *r, struct err *err)
{
	const struct run *run = r->run;
	struct run_levels l = run_levels_of(run->controls, run->control_count);

	if (!run->control_count)
		return wrong(r, err, "it has no controls");
	if (run->level != l.level || run->level_floor != l.floor ||
		(run->anonymous ? run->level_with_waivers < l.level
				: run->level_with_waivers != l.with_waivers))
		return wrong(r, err, "its level is not the one of its controls");
	return 0;
}

static int read_run(struct reading *r, struct err *err)
{
	struct str text = r->scan.text;

	if (check_schema(r, err))
		return err->code;
	r->scan = json_scan_of(text);
	if (read_members(r, run_members, ARRAY_LEN(run_members), r->run, err))
		return err->code;
	json_scan_end(&r->scan);
	if (check_scan(r, err) || read_families(r, err) || read_ads(r, err))
		return err->code;
	if (r->without_objects && !stored_run_is_anonymous(r->run))
		return wrong(r, err, "a control counts findings and lists none");
	if (r->objects_absent != (r->run->anonymous ? r->run->control_count : 0))
		return wrong(r, err,
			r->run->anonymous ? "an anonymous run lists objects"
					  : "a control does not say its objects");
	return check_levels(r, err);
}

int stored_run_parse(struct str bytes, const char *name, struct run *out, struct err *err)
{
	struct run run = { .collected_at = INT64_MIN, .deadlines_at = INT64_MIN };
	struct reading r = { .scan = json_scan_of(bytes), .name = name, .run = &run };
	int rc = read_run(&r, err);

	arena_free(&r.scratch);
	hash_free(&r.shared);
	hash_free(&r.seen);
	free(r.words);
	free(r.stamps);
	free(r.evidences);
	if (rc)
		run_free(&run);
	else
		*out = run;
	return rc;
}

int stored_run_read(const char *path, struct run *out, struct err *err)
{
	struct arena scratch = { 0 };
	struct buf bytes = { 0 };
	int rc;

	if (platform_is_folder(path))
		path = arena_printf(&scratch, "%s/results.json", path).p;
	rc = platform_read_file(path, LIMIT_RESULTS_BYTES, &bytes, ERR_SOURCE, err);
	if (rc == 0)
		rc = stored_run_parse(buf_str(&bytes), path, out, err);
	buf_free(&bytes);
	arena_free(&scratch);
	return rc;
}

bool stored_run_is_anonymous(const struct run *r)
{
	for (size_t i = 0; i < r->domain_count; i++)
		if (r->domains[i].sid.n || r->domains[i].dns.n)
			return false;
	for (size_t i = 0; i < r->control_count; i++)
		if (r->controls[i].object_count)
			return false;
	return r->anonymous || !r->forest.n;
}
