#include "made_run.h"

#include "base/buf.h"
#include "base/datetime.h"

#include <stdlib.h>
#include <string.h>

#define AT INT64_C(1795255200) /* 2026-11-21T10:00:00Z */
#define DAY SECONDS_PER_DAY

/* What an account may be called when somebody wants to hurt the reader of the report. */
static const char *const hostile[] = {
	"=1+1",
	"=cmd|' /C calc'!A0",
	"+1+1",
	"-2+3",
	"@SUM(A1:A9)",
	"http://evil.example/",
	"mailto:director@chu.example",
	"file:///etc/passwd",
	"_x0041__x000D_",
	"1e5",
	"TRUE",
	"007",
	"21/11/2026",
	"</t></is></c></row><row r=\"9\">",
	"a&b<c>\"d\"'e'",
	"back\\slash \"quote\"",
	"line\nbreak\ttab",
	"zoé 😀 \u2028 \u202e gnp.exe",
	"&L&F&[Path]",
	"\"; DROP TABLE users; --",
};

static struct str made_dn(struct arena *a, uint64_t i, struct str name)
{
	return arena_printf(a, "CN=%.*s,OU=Comptes %05llu,DC=chu,DC=example", STR_ARG(name),
		(unsigned long long)i);
}

static const struct run_evidence *made_evidence(struct arena *a, size_t i, struct str name)
{
	struct run_evidence *e = ARENA_ARRAY(a, struct run_evidence, 3);
	struct str *one = ARENA_NEW(a, struct str), *path = ARENA_ARRAY(a, struct str, 2);

	*one = STR("DONT_EXPIRE_PASSWORD");
	path[0] = name;
	path[1] = STR("Admins du domaine");
	e[0] = (struct run_evidence){ STR("flag"), one, 1 };
	e[1] = (struct run_evidence){ STR("privilege_path"), path, 2 };
	e[2] = (struct run_evidence){ STR("policy"), path, i % 3 ? 1 : 0 };
	return e;
}

static void made_object(struct arena *a, size_t i, int level, bool waived, struct run_object *o)
{
	struct str name = i < ARRAY_LEN(hostile)
				  ? str_of(hostile[i])
				  : arena_printf(a, "compte-%06llu", (unsigned long long)i);

	o->name = name;
	o->dn = made_dn(a, i, name);
	o->sid = arena_printf(
		a, "S-1-5-21-1004336348-1177238915-682003330-%llu", 1000 + (unsigned long long)i);
	o->guid = arena_printf(a, "0f0e0d0c-0b0a-0908-0706-%012llx", (unsigned long long)i);
	o->domain = STR("chu.example");
	o->kind = STR("user");
	o->last_use = i % 4 ? AT - (int64_t)i * DAY : INT64_MIN;
	o->level = level;
	o->last_use = i % 4 ? AT - (int64_t)(i % 400) * DAY : INT64_MIN;
	o->evidence = made_evidence(a, i, name);
	o->evidence_count = 3;
	o->waived = waived;
}

static void made_objects(struct arena *a, struct run_control *c, size_t count, size_t waived)
{
	struct run_object *list = ARENA_ARRAY(a, struct run_object, count);

	for (size_t i = 0; i < count; i++)
		made_object(a, i, c->levels[0], i < waived, &list[i]);
	c->objects = list;
	c->object_count = count;
	c->count = count - waived;
	c->waived = waived;
}

/* A copy of the texts up to NULL. */
static const struct str *made_list(struct arena *a, const char *const *texts, size_t *count)
{
	struct str *list;
	size_t n = 0;

	while (texts[n])
		n++;
	list = ARENA_ARRAY(a, struct str, n);
	for (size_t i = 0; i < n; i++)
		list[i] = str_of(texts[i]);
	*count = n;
	return list;
}

static struct run_text twice(const char *fr, const char *en)
{
	return (struct run_text){ str_of(fr), str_of(en) };
}

static void made_words(struct arena *a, struct run_control *c, const char *fr, const char *en)
{
	static const char *const references[] = { "ANSSI vuln_dont_expire_priv", "PA-099 R44",
		NULL };

	c->title = twice(fr, en);
	c->why = twice("Un mot de passe qui n’expire jamais reste utilisable des années après sa "
		       "fuite, et personne ne le remarque.",
		"A password that never expires remains usable years after it leaked, and nobody "
		"notices.");
	c->measure = twice("Attribut userAccountControl, drapeau DONT_EXPIRE_PASSWORD, sur chaque "
			   "compte à privilèges activé.",
		"Attribute userAccountControl, flag DONT_EXPIRE_PASSWORD, on each enabled "
		"privileged account.");
	c->fix = twice("Retirer le drapeau «\u00a0le mot de passe n’expire jamais\u00a0» de chaque "
		       "compte de la liste. Changer ensuite son mot de passe.",
		"Clear the flag “password never expires” on each listed account. Then change its "
		"password.");
	c->references = made_list(a, references, &c->reference_count);
}

/* Levels of a control: from its worst one on. */
static const int ladder[] = { 1, 2, 3, 4, 5, 5 };

static void made_parameters(struct arena *a, struct run_control *c)
{
	struct run_parameter *p = ARENA_ARRAY(a, struct run_parameter, 3);

	p[0] = (struct run_parameter){ STR("include_disabled"), 1, 0, { 0 } };
	p[1] = (struct run_parameter){ STR("max_days"), 0, 365, { 0 } };
	p[2] = (struct run_parameter){ STR("pattern"), 2, 0, STR("^\"adm\\") };
	c->parameters = p;
	c->parameter_count = 3;
}

static const struct run_change made_change = { { "never_expires", 13 }, EFFORT_MEDIUM,
	{ { "Un mot de passe ancien expire aussitôt.", 40 },
		{ "An old password expires at once.", 32 } },
	{ { "Essayer sur un compte.", 22 }, { "Try one account.", 16 } },
	{ { "Remettre le drapeau.", 20 }, { "Set the flag again.", 19 } } };

static struct run_control *made_control(
	struct run *r, struct run_control *list, const char *id, int level, enum run_status s)
{
	struct run_control *c = &list[r->control_count++];

	c->id = str_of(id);
	c->area = STR("passwords");
	c->levels = &ladder[level - 1];
	c->level_count = level < 5 ? 2 : 1;
	c->status = s;
	c->examined = 120;
	c->change = strncmp(id, "hyg_", 4) == 0 ? NULL : &made_change;
	made_words(&r->arena, c, "Comptes à privilèges dont le mot de passe n’expire jamais",
		"Privileged accounts whose password never expires");
	made_parameters(&r->arena, c);
	return c;
}

static void made_failed(struct run *r, struct run_control *list, const char *id, int level,
	size_t objects, size_t waived)
{
	bool all = objects == waived;
	struct run_control *c = made_control(r, list, id, level, all ? STATUS_WAIVED : STATUS_FAIL);

	c->failed_level = level;
	c->level_with_waivers = all ? 0 : level;
	made_objects(&r->arena, c, objects, waived);
}

/* Level 2 because of a risk that was accepted, else 3; 1 if what is unknown fails. */
static void made_controls(struct run *r, size_t objects)
{
	static const char *const notes[] = { "complexity_three_classes",
		"renewal_under_days 365 accounts 4", "code_of_tomorrow x y", NULL };
	struct run_control *list = ARENA_ARRAY(&r->arena, struct run_control, 40);
	struct run_control *c;

	made_failed(r, list, "hyg_admin_not_dedicated", 2, 7, 0);
	made_failed(r, list, "hyg_stale_users", 3, objects, 0);
	made_failed(r, list, "hyg_tier_membership_crossing", 2, 1, 1);
	c = made_control(r, list, "info_laps", 5, STATUS_NOT_APPLICABLE);
	c->reason = STR("no_tier_groups");
	made_control(r, list, "vuln_delegation_t4d", 1, STATUS_PASS);
	c = made_control(r, list, "vuln_dnszone_bad_prop", 3, STATUS_DISABLED);
	c->reason = STR("zone served by another product");
	made_failed(r, list, "vuln_dont_expire", 4, 12, 2);
	made_failed(r, list, "vuln_dont_expire_priv", 3, ARRAY_LEN(hostile) + 2, 3);
	made_failed(r, list, "vuln_guest", 4, 1, 0);
	made_failed(r, list, "vuln_krbtgt", 3, 1, 0);
	made_failed(r, list, "vuln_kerberos_properties_deskey", 3, 3, 0);
	made_failed(r, list, "vuln_kerberos_properties_preauth", 3, 5, 0);
	made_failed(r, list, "vuln_protected_users", 3, 9, 0);
	made_failed(r, list, "vuln_spn_priv", 2, 4, 4);
	made_failed(r, list, "vuln_user_accounts_dormant", 4, 40, 0);
	c = made_control(r, list, "vuln_privileged_members_password", 1, STATUS_UNKNOWN);
	c->reason = STR("attribute_not_readable msDS-PSOAppliesTo");
	c->unknown = 12;
	c->notes = made_list(&r->arena, notes, &c->note_count);
	r->controls = list;
}

static int by_id(const void *x, const void *y)
{
	const struct run_control *a = x, *b = y;

	return str_cmp(a->id, b->id);
}

static void sort_and_act(struct run *r)
{
	struct run_control *list = ARENA_ARRAY(&r->arena, struct run_control, r->control_count);
	struct run_action *actions = ARENA_ARRAY(&r->arena, struct run_action, r->control_count);

	memcpy(list, r->controls, r->control_count * sizeof(*list));
	qsort(list, r->control_count, sizeof(*list), by_id);
	for (int level = 1; level <= 5; level++)
		for (size_t i = 0; i < r->control_count; i++)
			if (list[i].status == STATUS_FAIL && list[i].failed_level == level)
				actions[r->action_count++].control = &list[i];
	r->controls = list;
	r->actions = actions;
}

static void made_families(struct run *r, bool known)
{
	static const struct {
		const char *family;
		const char *names[15];
	} rows[5] = {
		{ "password_policy", { "accounts", "compliant", "not_compliant", "unknown",
					     "admins", "admins_compliant", "admins_not_compliant",
					     "admins_unknown", "not_required", "never_expires",
					     "domain_min_length", "domain_complexity",
					     "domain_max_age_days", "domain_lockout_threshold" } },
		{ "privileged", { "accounts", "enabled", "groups", "unread", "domain_controllers",
					"never_expires", "disabled", "not_dedicated" } },
		{ "tiering", { "tier0", "tier1", "tier2", "crossings", "outside_units" } },
		{ "stale", { "users", "users_unknown", "computers", "computers_unknown",
				   "never_logged_on" } },
		{ "mfa", { "required", "covered", "not_covered", "unknown", "percent" } },
	};

	for (size_t f = 0; f < 5; f++) {
		static const char *const one[] = { "vuln_guest", NULL };
		static const char *const two[] = { "hyg_stale_users", "vuln_guest", NULL };
		struct run_indicator *list = ARENA_ARRAY(&r->arena, struct run_indicator, 15);
		size_t n = 0;

		for (; rows[f].names[n]; n++) {
			list[n].name = str_of(rows[f].names[n]);
			list[n].value = known && n != 3 ? (int64_t)(17 * f + 23 * n) : INT64_MIN;
			list[n].controls =
				made_list(&r->arena, n ? one : two, &list[n].control_count);
		}
		r->families[f] = (struct run_family){
			.name = str_of(rows[f].family), .indicators = list, .count = n
		};
	}
}

/* Controls of a family: every other one. */
static void made_family_controls(struct run *r)
{
	for (size_t f = 0; f < 5 && r->control_count > 1; f++) {
		const struct run_control **list =
			ARENA_ARRAY(&r->arena, const struct run_control *, r->control_count);

		for (size_t i = f % 2; i < r->control_count; i += 2)
			list[r->families[f].control_count++] = &r->controls[i];
		r->families[f].controls = list;
	}
}

#define MADE_COLUMNS 6

/* A row of every kind of cell, and of none. */
static void made_row(struct arena *a, size_t i, struct run_cell *c)
{
	struct str name = str_of(hostile[i % ARRAY_LEN(hostile)]);

	c[0] = (struct run_cell){ name, INT64_MIN };
	c[1] = (struct run_cell){ made_dn(a, i, name), INT64_MIN };
	c[2] = (struct run_cell){ { 0 }, (int64_t)i * 1000 };
	c[3] = (struct run_cell){ { 0 }, AT - (int64_t)i * DAY };
	c[4] = (struct run_cell){ i % 2 ? STR("under_30_days") : STR("code_of_tomorrow 1"),
		INT64_MIN };
	c[5] = (struct run_cell){ { 0 }, INT64_MIN };
}

static void made_table(struct run *r, struct run_table *t, const char *family, size_t rows)
{
	static const struct run_column columns[MADE_COLUMNS] = {
		{ { "account", 7 }, COLUMN_NAME },
		{ { "dn", 2 }, COLUMN_TEXT },
		{ { "users", 5 }, COLUMN_NUMBER },
		{ { "made_on", 7 }, COLUMN_DATE },
		{ { "last_use", 8 }, COLUMN_CODE },
		{ { "computers", 9 }, COLUMN_NUMBER },
	};
	struct run_cell *cells = ARENA_ARRAY(&r->arena, struct run_cell, (rows + 1) * MADE_COLUMNS);

	for (size_t i = 0; i < rows; i++)
		made_row(&r->arena, i, cells + i * MADE_COLUMNS);
	for (size_t c = 0; c < MADE_COLUMNS; c++)
		cells[rows * MADE_COLUMNS + c] = (struct run_cell){ { 0 }, INT64_MIN };
	cells[rows * MADE_COLUMNS + 2].number = 123456;
	*t = (struct run_table){ str_of(family), STR("made"), columns, MADE_COLUMNS, cells, rows,
		rows, rows ? cells + rows * MADE_COLUMNS : NULL };
}

/* One without a row, one with all kinds of them, one that was cut. */
static void made_tables(struct run *r)
{
	static const char *const notes[] = { "context_truncated", "code_of_tomorrow 2", NULL };
	struct run_table *list = ARENA_ARRAY(&r->arena, struct run_table, 3);

	made_table(r, &list[0], "privileged", 0);
	made_table(r, &list[1], "stale", ARRAY_LEN(hostile) + 1);
	made_table(r, &list[2], "stale", 3);
	list[2].row_total = 7003;
	list[2].total = NULL;
	r->tables = list;
	r->table_count = 3;
	r->families[4].notes = made_list(&r->arena, notes, &r->families[4].note_count);
}

static void made_privileged(struct run *r, size_t count)
{
	struct run_privileged *list = ARENA_ARRAY(&r->arena, struct run_privileged, count);

	for (size_t i = 0; i < count; i++) {
		struct run_privileged *p = &list[i];

		p->name = i < ARRAY_LEN(hostile) ? str_of(hostile[i])
						 : arena_printf(&r->arena, "adm-%04zu", i);
		p->dn = made_dn(&r->arena, i, p->name);
		p->sid = STR("S-1-5-21-1004336348-1177238915-682003330-500");
		p->kind = STR("user");
		p->domain = STR("chu.example");
		p->path = i ? STR("GG-Exploitation > Admins du domaine") : (struct str){ 0 };
		p->enabled = i % 5 ? 1 : -1;
		p->password_set = i % 4 ? AT - (int64_t)i * 30 * DAY : INT64_MIN;
		p->last_logon = i == 2 ? INT64_C(-11644473600) : AT - (int64_t)i * DAY;
		p->never_expires = i % 3 == 0;
		p->mfa = (int)(i % 3) - 1;
		p->tier = (int)(i % 4) - 1;
		p->failed_controls = i % 6;
	}
	r->privileged = list;
	r->privileged_count = count;
}

static void made_coverage(struct run *r)
{
	static const char *const rows[][3] = {
		{ "attribute msDS-PSOAppliesTo", "denied",
			"attribute_not_readable msDS-PSOAppliesTo" },
		{ "identity", "note", "reader_unknown" },
		{ "something new", "unheard_of", "code_of_tomorrow 1 2" },
	};
	static const char *const waivers[] = { "waiver_unused vuln_spn_priv svc-old", NULL };
	struct run_coverage *list = ARENA_ARRAY(&r->arena, struct run_coverage, ARRAY_LEN(rows));

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		list[i] = (struct run_coverage){ str_of(rows[i][0]), str_of(rows[i][1]),
			str_of(rows[i][2]) };
	r->coverage = list;
	r->coverage_count = ARRAY_LEN(rows);
	r->waiver_notes = made_list(&r->arena, waivers, &r->waiver_note_count);
}

static void made_head(struct run *r, enum made_kind kind)
{
	struct run_domain *d = ARENA_NEW(&r->arena, struct run_domain);

	r->tool_version = STR("0.1.0");
	r->catalogue_version = STR("2026-11");
	r->policy_name = STR("care");
	r->policy_sha256 = STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	r->evaluated_at = AT;
	r->collected_at = kind == MADE_EMPTY ? INT64_MIN : AT;
	r->source = kind == MADE_EMPTY ? STR("ldif") : STR("ldap");
	r->level = kind == MADE_CLEAN || kind == MADE_EMPTY ? 5 : 2;
	r->level_floor = kind == MADE_CLEAN ? 5 : 1;
	r->level_with_waivers = r->level == 2 ? 3 : r->level;
	if (kind == MADE_EMPTY)
		return;
	r->facility_name = STR("CHU Exemple");
	r->facility_finess = STR("010000000");
	r->facility_ght = STR("GHT Exemple");
	r->forest = STR("chu.example");
	*d = (struct run_domain){ STR("chu.example"), STR("CHU"),
		STR("S-1-5-21-1004336348-1177238915-682003330"), { 0 } };
	r->domains = d;
	r->domain_count = 1;
	r->reader = STR("CN=svc-audit,OU=Comptes de service,DC=chu,DC=example");
	r->counts.objects = 12345;
	r->counts.users = 3210;
	r->counts.users_enabled = 2890;
	r->counts.computers = 1750;
	r->counts.groups = 610;
}

/* More than a cell holds, with characters of one, two, three and four bytes. */
static struct str made_long(struct arena *a)
{
	struct buf b = { 0 };
	struct str out;

	while (b.n < 120000)
		buf_putz(&b, "aé€😀");
	out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static const struct run_control *made_find(const struct run *r, const char *id)
{
	for (size_t i = 0; i < r->control_count; i++)
		if (str_eq(r->controls[i].id, str_of(id)))
			return &r->controls[i];
	return NULL;
}

/* A point that it has as failed and this run as passed, one that nobody knows, one not assessed,
 * one with other numbers, one that it does not name, one that is the same. */
static void made_ads(struct run *r)
{
	static const struct {
		const char *id;
		bool listed;
		enum run_status status;
		int level;
		int64_t count;
		const char *reasons[4];
	} rows[] = {
		{ "vuln_delegation_t4d", true, STATUS_FAIL, 1, 7,
			{ "ads_older 38", "ads_interpretation" } },
		{ "vuln_privileged_members_password", true, STATUS_FAIL, 1, INT64_MIN,
			{ "attribute_not_readable msDS-PSOAppliesTo" } },
		{ "vuln_of_tomorrow", true, STATUS_FAIL, 2, 1, { "ads_not_known 2026-11" } },
		{ "vuln_spn_priv", true, STATUS_FAIL, 2, 4, { "ads_waived 4" } },
		{ "vuln_dont_expire", true, STATUS_FAIL, 4, 1234,
			{ "ads_older 38", "ads_counting", "code_of_tomorrow 1" } },
		{ "vuln_krbtgt", false, STATUS_UNKNOWN, 0, INT64_MIN, { "ads_not_listed" } },
		{ "vuln_protected_users", true, STATUS_FAIL, 3, 9, { NULL } },
	};
	struct run_ads *ads = ARENA_NEW(&r->arena, struct run_ads);
	struct run_ads_point *list = ARENA_ARRAY(&r->arena, struct run_ads_point, ARRAY_LEN(rows));

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		list[i] = (struct run_ads_point){ .id = str_of(rows[i].id),
			.control = made_find(r, rows[i].id),
			.listed = rows[i].listed,
			.status = rows[i].status,
			.level = rows[i].level,
			.count = rows[i].count };
		list[i].difference = run_ads_difference(&list[i]);
		list[i].reasons = made_list(&r->arena, rows[i].reasons, &list[i].reason_count);
	}
	*ads = (struct run_ads){
		.dated = AT - 38 * DAY, .level = 1, .points = list, .point_count = ARRAY_LEN(rows)
	};
	r->ads = ads;
}

void made_run(enum made_kind kind, struct run *out)
{
	struct run r = { 0 };

	made_head(&r, kind);
	made_families(&r, kind != MADE_EMPTY);
	if (kind == MADE_EMPTY) {
		*out = r;
		return;
	}
	if (kind == MADE_CLEAN) {
		struct run_control *list = ARENA_ARRAY(&r.arena, struct run_control, 1);

		made_control(&r, list, "vuln_guest", 1, STATUS_PASS);
		r.controls = list;
	} else {
		made_controls(&r, kind == MADE_SMALL ? 30 : kind == MADE_LARGE ? 20001 : 500000);
		made_privileged(&r, 25);
		made_coverage(&r);
		made_tables(&r);
	}
	sort_and_act(&r);
	made_family_controls(&r);
	r.deadlines_at = INT64_MIN;
	if (kind != MADE_CLEAN) {
		made_waivers(&r);
		made_deadlines(&r);
	}
	if (kind == MADE_LARGE)
		made_ads(&r);
	if (kind == MADE_SMALL) {
		struct run_privileged *p =
			ARENA_ARRAY(&r.arena, struct run_privileged, r.privileged_count);

		memcpy(p, r.privileged, r.privileged_count * sizeof(*p));
		p[1].path = made_long(&r.arena);
		r.privileged = p;
	}
	*out = r;
}
