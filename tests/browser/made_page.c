/* made_page FILE hostile|many|doubt|plain LANG [FINDINGS]: writes audit.html of a made run.
 * hostile: every text that a directory, a policy or a person may have written is an attack on the
 * page; many: that many findings; doubt: level 3 at best, 1 at worst, 4 with waivers; plain: level
 * 5, the first audit, nothing to say. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/datetime.h"
#include "reports/writers.h"

#include <string.h>

#define AT INT64_C(1795255200) /* 2026-11-21T10:00:00Z */
#define DAY SECONDS_PER_DAY

/* tests/browser/test_page.py has the same list. */
static const char *const attacks[] = {
	"<script>window.pwned=1</script>",
	"\"><img src=x onerror=window.pwned=2>",
	"</script><script>window.pwned=3</script>",
	"<!--<script>",
	"]]></script><svg/onload=window.pwned=4>",
	"javascript:window.pwned=5",
	"' onfocus='window.pwned=6' autofocus='",
	"{{constructor.constructor('window.pwned=7')()}}",
	"${window.pwned=8}",
	"\\u003cscript\\u003ewindow.pwned=9\\u003c/script\\u003e",
	"&lt;img src=x onerror=window.pwned=10&gt;",
	"a\u2028b\u2029window.pwned=11",
	"__proto__",
	"constructor",
	"<style>*{display:none}</style>",
	"<base href=//evil.example/>",
	"admin\u202egnp.exe",
	"\"};window.pwned=12;//",
	"<iframe srcdoc=\"<script>parent.pwned=13</script>\">",
	"%1 %2 <b>bold</b>",
	"name, with \\ comma",
	"😀 zoé ‘’‛ `",
};

static struct str attack(size_t i)
{
	return str_of(attacks[i % ARRAY_LEN(attacks)]);
}

static struct run_text attack_text(size_t i)
{
	return (struct run_text){ attack(i), attack(i + 1) };
}

/* As graph_text() of the model writes a name. */
static void put_path_name(struct buf *b, struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '\\' || name.p[i] == '>')
			buf_putc(b, '\\');
		buf_putc(b, name.p[i]);
	}
}

static struct str made_path(struct arena *a, size_t i)
{
	struct buf b = { 0 };
	struct str out;

	put_path_name(&b, attack(i));
	buf_putz(&b, " > write_member > ");
	put_path_name(&b, attack(i / 2));
	buf_putz(&b, "-group > member_of > ");
	put_path_name(&b, attack(0));
	buf_putz(&b, "-target");
	out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static void attack_object(struct arena *a, size_t i, struct run_object *o)
{
	struct run_evidence *e = ARENA_ARRAY(a, struct run_evidence, 5);
	struct str *values = ARENA_ARRAY(a, struct str, 6);

	values[0] = attack(i);
	values[1] = attack(i + 1);
	values[2] = made_path(a, i);
	values[3] = STR("2026-01-31T10:00:00Z");
	values[4] = arena_printf(a, "%zu", (size_t)(7 * i % 100));
	e[0] = (struct run_evidence){ STR("flag"), values, 2 };
	e[1] = (struct run_evidence){ STR("path"), values + 2, 1 };
	e[2] = (struct run_evidence){ STR("password_set"), values + 3, 1 };
	e[3] = (struct run_evidence){ STR("unused_days"), values + 4, 1 };
	e[4] = (struct run_evidence){ attack(i), values, 1 };
	o->name = attack(i);
	o->dn = arena_printf(a, "CN=%s,OU=%s", attacks[i % ARRAY_LEN(attacks)],
		attacks[(i + 3) % ARRAY_LEN(attacks)]);
	o->sid = attack(i);
	o->guid = attack(i + 1);
	o->domain = attack(i + 2);
	o->kind = i % 2 ? STR("user") : attack(i);
	o->last_use = i % 3 ? AT - (int64_t)i * DAY : INT64_MIN;
	o->level = 1 + (int)(i % 3);
	o->evidence = e;
	o->evidence_count = 5;
	o->waived = i % 7 == 6;
}

static const struct run_change changes[] = {
	{ { "change_one", 10 }, EFFORT_LOW, { { "<b>risque</b>", 13 }, { "<b>risk</b>", 11 } },
		{ { "<i>essai</i>", 12 }, { "<i>test</i>", 11 } },
		{ { "<u>retour</u>", 13 }, { "<u>back</u>", 11 } } },
};

static struct run_control *add_control(
	struct run *r, struct run_control *list, const char *id, enum run_status status, int level)
{
	static const int levels[] = { 1, 2, 3, 4, 5 };
	struct run_control *c = &list[r->control_count++];

	c->id = str_of(id);
	c->area = STR("passwords");
	c->status = status;
	c->levels = &levels[level - 1];
	c->level_count = 1;
	c->failed_level = status == STATUS_FAIL || status == STATUS_WAIVED ? level : 0;
	c->title = (struct run_text){ STR("Comptes à privilèges"), STR("Privileged accounts") };
	c->why = (struct run_text){ STR("Parce que."), STR("Because.") };
	c->measure = (struct run_text){ STR("En comptant."), STR("By counting.") };
	c->fix = (struct run_text){ STR("1. Corriger.\n2. Vérifier."), STR("1. Fix.\n2. Check.") };
	c->change = &changes[0];
	c->examined = 1000;
	r->controls = list;
	return c;
}

static void hostile_words(struct run_control *c)
{
	static const struct run_parameter parameter = { { "pattern", 7 }, 2, 0,
		{ "</script><b>", 12 } };
	static const struct str notes[] = { { "waiver_unused <i>x</i> <b>y</b>", 30 } };

	c->title = attack_text(0);
	c->why = attack_text(2);
	c->measure = attack_text(4);
	c->fix = attack_text(6);
	c->area = attack(1);
	c->references = &notes[0];
	c->reference_count = 1;
	c->parameters = &parameter;
	c->parameter_count = 1;
	c->reason = attack(3);
	c->notes = notes;
	c->note_count = 1;
}

static void hostile_controls(struct run *r)
{
	struct run_control *list = ARENA_ARRAY(&r->arena, struct run_control, 5);
	struct run_object *objects = ARENA_ARRAY(&r->arena, struct run_object, 44);
	struct run_action *actions = ARENA_ARRAY(&r->arena, struct run_action, 2);
	struct run_control *c;

	for (size_t i = 0; i < 44; i++)
		attack_object(&r->arena, i, &objects[i]);
	add_control(r, list, "hyg_a_pass", STATUS_PASS, 2);
	c = add_control(r, list, "vuln_b_attacks", STATUS_FAIL, 1);
	hostile_words(c);
	c->objects = objects;
	c->object_count = 44;
	c->count = 38;
	c->waived = 6;
	c = add_control(r, list, "vuln_c_waived", STATUS_WAIVED, 1);
	c->objects = &objects[6];
	c->object_count = c->waived = 1;
	c = add_control(r, list, "vuln_d_unknown", STATUS_UNKNOWN, 1);
	c->reason = STR("attribute_not_readable msDS-PSOAppliesTo");
	c->unknown = 12;
	c = add_control(r, list, "warning_e_disabled", STATUS_DISABLED, 3);
	c->reason = attack(0);
	actions[0].control = &list[1];
	r->actions = actions;
	r->action_count = 1;
}

static void hostile_waivers(struct run *r)
{
	struct run_waiver *w = ARENA_ARRAY(&r->arena, struct run_waiver, 3);
	struct run_deadline *d = ARENA_ARRAY(&r->arena, struct run_deadline, 2);
	static const char *const reaches[] = { "object", "group", "all" };

	for (size_t i = 0; i < 3; i++)
		w[i] = (struct run_waiver){ i ? STR("vuln_b_attacks") : attack(1), attack(2),
			attack(i), attack(i + 4), reaches[i], AT + ((int64_t)i * 50 - 20) * DAY,
			i == 0, i };
	r->waivers = w;
	r->waiver_count = 3;
	d[0] = (struct run_deadline){ &r->controls[1], &r->controls[1].objects[0], STATUS_FAIL,
		DEADLINE_NO_FINDING };
	d[1] = (struct run_deadline){ &r->controls[3], NULL, STATUS_FAIL, DEADLINE_NO_FINDING };
	r->deadlines = d;
	r->deadline_count = 2;
	r->deadlines_at = AT + 60 * DAY;
}

static void hostile_tables(struct run *r)
{
	static const struct run_column columns[] = { { { "controller", 10 }, COLUMN_CODE },
		{ { "account", 7 }, COLUMN_NAME }, { { "users", 5 }, COLUMN_NUMBER },
		{ { "made_on", 7 }, COLUMN_DATE } };
	struct run_table *t = ARENA_ARRAY(&r->arena, struct run_table, 2);
	struct run_cell *cells = ARENA_ARRAY(&r->arena, struct run_cell, (size_t)40 * 4);
	struct run_privileged *p = ARENA_ARRAY(&r->arena, struct run_privileged, 22);
	struct run_coverage *v = ARENA_ARRAY(&r->arena, struct run_coverage, 22);

	for (size_t i = 0; i < 40; i++) {
		cells[4 * i] = (struct run_cell){ attack(i), INT64_MIN };
		cells[4 * i + 1] = (struct run_cell){ attack(i + 1), INT64_MIN };
		cells[4 * i + 2] = (struct run_cell){ { 0 }, (int64_t)i };
		cells[4 * i + 3] = (struct run_cell){ { 0 }, i % 2 ? AT : INT64_MIN };
	}
	t[0] = (struct run_table){ STR("tiering"), STR("matrix"), columns, 4, cells, 4, 4, NULL };
	t[1] = (struct run_table){ STR("stale"), attack(5), columns, 4, cells, 40, 900, cells };
	r->tables = t;
	r->table_count = 2;
	for (size_t i = 0; i < 22; i++) {
		p[i] = (struct run_privileged){ attack(i), attack(i), attack(i), attack(i),
			attack(i), attack(i), 1, AT, INT64_MIN, -1, 0, -1, i };
		v[i] = (struct run_coverage){ attack(i), attack(i), attack(i) };
	}
	r->privileged = p;
	r->privileged_count = 22;
	r->coverage = v;
	r->coverage_count = 22;
}

/* The run before had one control fewer unknown, and other objects. */
static void hostile_evolution(struct run *r, struct run *before, struct run_evolution *e)
{
	struct arena *a = &r->arena;
	struct evolution_control *list = ARENA_ARRAY(a, struct evolution_control, 6);
	struct evolution_finding *ages = ARENA_ARRAY(a, struct evolution_finding, 44);
	struct run_followup *f = ARENA_NEW(a, struct run_followup);
	const struct run_object **fixed = ARENA_ARRAY(a, const struct run_object *, 3);
	struct evolution_point *points = ARENA_ARRAY(a, struct evolution_point, 3);
	struct run_control *old = ARENA_ARRAY(a, struct run_control, 1);

	*f = (struct run_followup){ attack(0), attack(2), attack(4), attack(6), AT };
	for (size_t i = 0; i < 44; i++)
		ages[i] = (struct evolution_finding){ (enum finding_age)(i % 3),
			AT - (int64_t)(i % 3) * 60 * DAY, i % 4 ? NULL : f };
	for (size_t i = 0; i < 3; i++) {
		fixed[i] = &r->controls[1].objects[i];
		points[i] = (struct evolution_point){ AT - (int64_t)(2 - i) * 60 * DAY, 1, 1, 1,
			9 - i, i, 100 - 10 * i, attack(0), attack(1), i ? r->families : NULL };
	}
	for (size_t i = 0; i < 5; i++)
		list[i] = (struct evolution_control){ .now = &r->controls[i],
			.before = &r->controls[i],
			.change = (enum control_change)i };
	list[1].change = CHANGE_WORSE;
	list[1].findings = ages;
	list[1].fixed = fixed;
	list[1].fixed_count = 3;
	list[1].lost = fixed;
	list[1].lost_count = 2;
	list[1].added = list[1].remaining = 15;
	list[1].back = 14;
	list[1].followup = f;
	list[3].change = CHANGE_LOST;
	old[0] = r->controls[1];
	old[0].id = attack(2);
	list[5] = (struct evolution_control){ .before = old, .change = CHANGE_OTHER };
	before->evaluated_at = AT - 60 * DAY;
	before->level = before->level_floor = 1;
	*e = (struct run_evolution){ .before = before,
		.controls = list,
		.control_count = 6,
		.points = points,
		.point_count = 3,
		.next_audit = AT + 60 * DAY };
}

static void add_families(struct run *r)
{
	static const char *const names[] = { "password_policy", "privileged", "tiering", "stale",
		"mfa" };
	static const char *const first[] = { "accounts", "accounts", "tier0", "users", "required" };
	static const struct str behind[] = { { "vuln_b_attacks", 14 } };

	for (size_t i = 0; i < 5; i++) {
		struct run_indicator *x = ARENA_ARRAY(&r->arena, struct run_indicator, 2);
		const struct run_control **list =
			ARENA_ARRAY(&r->arena, const struct run_control *, r->control_count);

		for (size_t k = 0; k < r->control_count; k++)
			list[k] = &r->controls[k];
		x[0] = (struct run_indicator){ str_of(first[i]), 17, behind, 1 };
		x[1] = (struct run_indicator){ STR("percent"), i ? INT64_MIN : 51, behind, 1 };
		r->families[i] = (struct run_family){ str_of(names[i]), x, 2, list,
			r->control_count, NULL, 0 };
	}
}

static void head(struct run *r, bool hostile)
{
	static const struct run_domain hostile_domain = {
		.dns = { "</title><b>", 11 }, .netbios = { "<i>", 3 }, .sid = { "<u>", 3 }
	};
	static const struct run_domain domain = {
		.dns = { "chu.example", 11 }, .netbios = { "CHU", 3 }, .sid = { "S-1-5-21-1", 10 }
	};

	r->tool_version = STR("0.1.0");
	r->catalogue_version = STR("2026-11");
	r->policy_name = hostile ? attack(0) : STR("care");
	r->policy_sha256 = STR("e3b0c442");
	r->facility_name = hostile ? attack(2) : STR("CHU Exemple");
	r->facility_finess = hostile ? attack(1) : STR("010000000");
	r->facility_ght = hostile ? attack(3) : STR("GHT Exemple");
	r->forest = hostile ? attack(4) : STR("chu.example");
	r->domains = hostile ? &hostile_domain : &domain;
	r->domain_count = 1;
	r->source = hostile ? attack(2) : STR("ldap");
	r->reader = hostile ? attack(0) : STR("CN=svc-audit,DC=chu,DC=example");
	r->collected_at = r->evaluated_at = AT;
	r->level = r->level_floor = r->level_with_waivers = 1;
	r->deadlines_at = INT64_MIN;
}

/* ---- many ---- */

static void many_object(struct arena *a, size_t i, struct run_object *o)
{
	struct run_evidence *e = ARENA_ARRAY(a, struct run_evidence, 3);
	struct str *v = ARENA_ARRAY(a, struct str, 3);
	char text[DATETIME_TEXT];

	v[0] = arena_str(a, str_of(datetime_iso(AT - (int64_t)(i * 7919 % 100000000), text)));
	v[1] = arena_printf(a, "%zu", i * 37 % 4000);
	v[2] = i % 3 ? STR("Default Domain Policy") : STR("PSO-Services");
	e[0] = (struct run_evidence){ STR("password_set"), &v[0], 1 };
	e[1] = (struct run_evidence){ STR("unused_days"), &v[1], 1 };
	e[2] = (struct run_evidence){ STR("policy"), &v[2], 1 };
	o->name = arena_printf(a, "compte-%06zu", i);
	o->dn = arena_printf(
		a, "CN=compte-%06zu,OU=Service %zu,OU=Comptes,DC=chu,DC=example", i, i % 300);
	o->sid = arena_printf(a, "S-1-5-21-1004336348-1177238915-682003330-%zu", 1000 + i);
	o->guid = arena_printf(a, "0f0e0d0c-0b0a-0908-0706-%012zx", i);
	o->domain = STR("chu.example");
	o->kind = STR("user");
	o->level = 3;
	o->last_use = AT - (int64_t)(i % 900) * DAY;
	o->evidence = e;
	o->evidence_count = 3;
}

/* Two fifths of them in one control, the others in forty. */
static void many_controls(struct run *r, size_t findings)
{
	struct run_control *list = ARENA_ARRAY(&r->arena, struct run_control, 241);
	size_t done = 0;

	for (size_t i = 0; i < 241; i++) {
		size_t n = i == 100 ? findings * 2 / 5 : i < 40 ? findings * 3 / 200 : 0;
		struct run_object *objects = ARENA_ARRAY(&r->arena, struct run_object, n);
		char id[32];

		snprintf(id, sizeof(id), "vuln_control_%03zu", i);
		struct run_control *c = add_control(
			r, list, arena_strdup(&r->arena, id), n ? STATUS_FAIL : STATUS_PASS, 3);

		for (size_t k = 0; k < n; k++)
			many_object(&r->arena, done + k, &objects[k]);
		done += n;
		c->objects = objects;
		c->object_count = c->count = n;
	}
}

int main(int argc, char **argv)
{
	struct run r = { 0 }, before = { 0 };
	struct run_evolution evolution;
	struct report_options o = { .lang = LANG_FR };
	struct err err = { 0 };
	uint64_t findings = 100000;

	if (argc < 4 || (argc > 4 && !str_to_u64(str_of(argv[4]), &findings)))
		return 2;
	if (strcmp(argv[3], "en") == 0)
		o.lang = LANG_EN;
	head(&r, strcmp(argv[2], "hostile") == 0);
	if (strcmp(argv[2], "hostile") == 0) {
		hostile_controls(&r);
		hostile_waivers(&r);
		hostile_tables(&r);
		add_families(&r);
		hostile_evolution(&r, &before, &evolution);
		o.evolution = &evolution;
	} else if (strcmp(argv[2], "many") == 0) {
		many_controls(&r, (size_t)findings);
		add_families(&r);
	} else if (strcmp(argv[2], "doubt") == 0) {
		struct run_control *list = ARENA_ARRAY(&r.arena, struct run_control, 3);

		add_control(&r, list, "vuln_a_waived", STATUS_WAIVED, 3)->waived = 2;
		add_control(&r, list, "vuln_b_unknown", STATUS_UNKNOWN, 1)->reason =
			STR("attribute_not_readable pwdLastSet");
		add_control(&r, list, "vuln_c_unknown", STATUS_UNKNOWN, 4);
		add_families(&r);
		r.level = 3;
		r.level_with_waivers = 4;
	} else {
		struct run_control *list = ARENA_ARRAY(&r.arena, struct run_control, 1);

		add_control(&r, list, "vuln_guest", STATUS_PASS, 1);
		add_families(&r);
		r.level = r.level_floor = r.level_with_waivers = 5;
	}
	/* "-": what making the run alone takes. */
	int rc = strcmp(argv[1], "-") == 0 ? 0 : html_report_write(&r, &o, argv[1], &err);

	if (rc)
		fprintf(stderr, "%s\n", err.text);
	run_free(&r);
	return rc ? 1 : 0;
}
