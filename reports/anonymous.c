#include "reports/anonymous.h"

#include "base/hash.h"
#include "reports/words.h"

#include <stdlib.h>

/* Stands for what is withheld. */
#define WITHHELD "…"

struct stripping {
	const struct run *from;
	const struct anonymous_rules *rules;
	struct run *to;
	struct hash words; /* that may stay; values are not used */
	struct err *err;
};

/* ---- codes ---------------------------------------------------------------------------------- */

/* Codes whose numbers are counts; elsewhere a number may be somebody's identifier. */
static const char *const counting[] = { "share", "privileged_accounts", "support_ends_soon",
	"renewal_under_days", "computers_without_tier", "files", "pso", "ads_older", "ads_newer",
	"ads_unread", "ads_waived", NULL };

static bool counts(struct str code)
{
	struct str rest, first = str_cut(code, ' ', &rest);

	for (size_t i = 0; counting[i]; i++)
		if (str_eq(first, str_of(counting[i])))
			return true;
	return false;
}

static bool is_number(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] < '0' || word.p[i] > '9')
			return false;
	return word.n > 0;
}

static bool stays(const struct stripping *s, struct str word, bool numbers)
{
	return hash_get(&s->words, word) != HASH_NONE || (numbers && is_number(word));
}

/* The code with its arguments as far as they are no text of the directory or the policy. */
static struct str strip_code(const struct stripping *s, struct str code)
{
	bool numbers = counts(code), withheld = false;
	struct buf b = { 0 };
	struct str out;

	if (!code.p)
		return code;
	for (struct str rest = code; rest.n;) {
		struct str word = str_cut(rest, ' ', &rest);

		if (stays(s, word, numbers)) {
			buf_printf(&b, "%s%.*s", b.n ? " " : "", STR_ARG(word));
			withheld = false;
		} else if (!withheld) {
			buf_printf(&b, "%s%s", b.n ? " " : "", WITHHELD);
			withheld = true;
		}
	}
	out = arena_str(&s->to->arena, buf_str(&b));
	buf_free(&b);
	return out;
}

/* Each once: what told them apart is withheld. */
static size_t strip_codes(
	const struct stripping *s, const struct str *codes, size_t count, const struct str **out)
{
	struct str *list = ARENA_ARRAY(&s->to->arena, struct str, count);
	struct hash seen = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		list[n] = strip_code(s, codes[i]);
		if (hash_add(&seen, list[n], (uint32_t)n) == n)
			n++;
	}
	hash_free(&seen);
	*out = list;
	return n;
}

static void add_words(struct hash *words, const char *code)
{
	for (struct str rest = str_of(code); rest.n;) {
		struct str word = str_cut(rest, ' ', &rest);

		if (word.n && word.p[0] != '%')
			hash_add(words, word, 0);
	}
}

static void gather_words(struct stripping *s)
{
	const char *code, *words[2];
	enum code_group group;

	for (size_t i = 0; words_code_row(i, &group, &code, words); i++)
		if (group == CODE_REASON || group == CODE_NEED || group == CODE_STATE ||
			group == CODE_SOURCE)
			add_words(&s->words, code);
	hash_add(&s->words, s->from->catalogue_version, 0);
	for (size_t i = 0; i < s->rules->word_count; i++)
		hash_add(&s->words, s->rules->words[i], 0);
}

/* ---- the directory -------------------------------------------------------------------------- */

static struct str key_of(const struct stripping *s, struct str sid)
{
	char text[65];

	if (!sid.n || s->err->code)
		return (struct str){ 0 };
	if (s->rules->keyed(s->rules->key, sid, text, s->err))
		return (struct str){ 0 };
	return arena_str(&s->to->arena, str_of(text));
}

static void strip_domains(struct stripping *s)
{
	const struct run *r = s->from;
	struct run_domain *list = ARENA_ARRAY(&s->to->arena, struct run_domain, r->domain_count);

	for (size_t i = 0; i < r->domain_count; i++)
		list[i] = (struct run_domain){ .key = key_of(s, r->domains[i].sid) };
	s->to->domains = list;
}

static void strip_coverage(struct stripping *s)
{
	const struct run *r = s->from;
	struct run_coverage *list =
		ARENA_ARRAY(&s->to->arena, struct run_coverage, r->coverage_count);
	struct hash seen = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < r->coverage_count; i++) {
		const struct run_coverage *c = &r->coverage[i];
		struct str all;

		list[n] = (struct run_coverage){ strip_code(s, c->need), strip_code(s, c->state),
			strip_code(s, c->detail) };
		all = arena_printf(&s->to->arena, "%.*s\n%.*s\n%.*s", STR_ARG(list[n].need),
			STR_ARG(list[n].state), STR_ARG(list[n].detail));
		if (hash_add(&seen, all, (uint32_t)n) == n)
			n++;
	}
	hash_free(&seen);
	s->to->coverage = list;
	s->to->coverage_count = n;
}

/* ---- tables --------------------------------------------------------------------------------- */

/* Tables that a comparison needs though they name things: columns of SIDs are keyed, other names
 * left out. */
static const struct {
	const char *family, *table, *columns[3];
} keyed_tables[] = {
	{ "tiering", "trusts", { "domain_sid", "partner_sid" } },
	{ "privileged", "foreign_members", { "member_domain_sid" } },
};

/* The names of the columns to key; NULL: none of the table may stay that names things. */
static const char *const *keyed_columns(const struct run_table *t)
{
	for (size_t i = 0; i < ARRAY_LEN(keyed_tables); i++)
		if (str_eq(t->family, str_of(keyed_tables[i].family)) &&
			str_eq(t->name, str_of(keyed_tables[i].table)))
			return keyed_tables[i].columns;
	return NULL;
}

static bool is_keyed(const char *const *columns, struct str name)
{
	for (; columns && *columns; columns++)
		if (str_eq(name, str_of(*columns)))
			return true;
	return false;
}

static bool names_things(const struct run_table *t)
{
	for (size_t i = 0; i < t->column_count; i++)
		if (run_column_names(t->columns[i].kind))
			return true;
	return false;
}

/* A code is fixed words and numbers (run.h): anything else is withheld. */
static struct run_cell strip_code_cell(struct run_cell c)
{
	for (size_t i = 0; i < c.text.n; i++) {
		char k = c.text.p[i];

		if (!(k >= 'a' && k <= 'z') && !(k >= '0' && k <= '9') && k != '_' && k != ' ')
			return (struct run_cell){ { 0 }, INT64_MIN };
	}
	return c;
}

static struct run_table strip_table(
	const struct stripping *s, const struct run_table *t, const char *const *keyed)
{
	struct run_column *columns = ARENA_ARRAY(&s->to->arena, struct run_column, t->column_count);
	struct run_cell *cells =
		ARENA_ARRAY(&s->to->arena, struct run_cell, t->row_count * t->column_count);
	struct run_table out = { .family = t->family,
		.name = t->name,
		.columns = columns,
		.cells = cells,
		.row_count = t->row_count,
		.total = names_things(t) ? NULL : t->total,
		.row_total = t->row_total };

	for (size_t c = 0; c < t->column_count; c++)
		if (!run_column_names(t->columns[c].kind) || is_keyed(keyed, t->columns[c].name))
			columns[out.column_count++] = (struct run_column){ t->columns[c].name,
				run_column_names(t->columns[c].kind) ? COLUMN_CODE
								     : t->columns[c].kind };
	for (size_t i = 0; i < t->row_count * t->column_count; i++) {
		enum run_column_kind kind = t->columns[i % t->column_count].kind;
		struct run_cell c = t->cells[i];

		if (is_keyed(keyed, t->columns[i % t->column_count].name))
			c.text = key_of(s, c.text);
		else if (run_column_names(kind))
			continue;
		*cells++ = kind == COLUMN_CODE ? strip_code_cell(c) : c;
	}
	return out;
}

static void strip_tables(struct stripping *s)
{
	const struct run *r = s->from;
	struct run_table *list = ARENA_ARRAY(&s->to->arena, struct run_table, r->table_count);
	size_t n = 0;

	for (size_t i = 0; i < r->table_count; i++) {
		const char *const *keyed = keyed_columns(&r->tables[i]);

		if (keyed || !names_things(&r->tables[i]))
			list[n++] = strip_table(s, &r->tables[i], keyed);
	}
	s->to->tables = list;
	s->to->table_count = n;
}

static void strip_families(struct stripping *s)
{
	for (size_t i = 0; i < ARRAY_LEN(s->to->families); i++) {
		struct run_family *f = &s->to->families[i];

		f->note_count = strip_codes(s, f->notes, f->note_count, &f->notes);
		f->controls = NULL;
		f->control_count = 0;
	}
}

/* ---- controls ------------------------------------------------------------------------------- */

static struct run_control strip_control(const struct stripping *s, const struct run_control *from)
{
	struct run_parameter *list =
		ARENA_ARRAY(&s->to->arena, struct run_parameter, from->parameter_count);
	struct run_control c = *from;

	c.objects = NULL;
	c.object_count = 0;
	/* Why a control is disabled is the policy's own sentence. */
	c.reason = c.status == STATUS_DISABLED ? (struct str){ 0 } : strip_code(s, c.reason);
	c.note_count = strip_codes(s, from->notes, from->note_count, &c.notes);
	for (size_t i = 0; i < from->parameter_count; i++) {
		list[i] = from->parameters[i];
		if (list[i].kind == RUN_PARAMETER_STRING)
			list[i].text = STR(WITHHELD);
	}
	c.parameters = list;
	/* What was hashed may be a few names, which somebody could guess. */
	c.declared = key_of(s, c.declared);
	if (c.declared.n > from->declared.n)
		c.declared.n = from->declared.n;
	return c;
}

/* A site's own control keeps its verdict and level, and a number for a name. */
static void rename_custom(const struct stripping *s, struct run_control *c, size_t number)
{
	c->id = arena_printf(&s->to->arena, "site_%04zu", number);
	c->title = (struct run_text){ c->id, c->id };
	c->why = c->measure = c->fix = (struct run_text){ STR(""), STR("") };
	c->references = NULL;
	c->reference_count = 0;
}

static int by_id(const void *a, const void *b)
{
	return str_cmp(((const struct run_control *)a)->id, ((const struct run_control *)b)->id);
}

static const struct run_control *find_control(
	const struct run_control *list, size_t count, struct str id)
{
	struct run_control key = { .id = id };

	return count ? bsearch(&key, list, count, sizeof(*list), by_id) : NULL;
}

static void strip_controls(struct stripping *s)
{
	const struct run *r = s->from;
	struct run_control *list = ARENA_ARRAY(&s->to->arena, struct run_control, r->control_count);
	struct run_action *actions = ARENA_ARRAY(&s->to->arena, struct run_action, r->action_count);
	struct str *ids = ARENA_ARRAY(&s->to->arena, struct str, r->control_count);
	size_t custom = 0;

	for (size_t i = 0; i < r->control_count; i++) {
		list[i] = strip_control(s, &r->controls[i]);
		if (str_eq(list[i].area, STR("custom")))
			rename_custom(s, &list[i], ++custom);
		ids[i] = list[i].id;
	}
	if (r->control_count)
		qsort(list, r->control_count, sizeof(*list), by_id);
	for (size_t i = 0; i < r->action_count; i++)
		actions[i].control = find_control(
			list, r->control_count, ids[r->actions[i].control - r->controls]);
	s->to->controls = list;
	s->to->actions = actions;
}

/* ---- ADS ------------------------------------------------------------------------------------ */

/* A point that no catalogue knows is what somebody typed. */
static void strip_ads(struct stripping *s)
{
	const struct run_ads *from = s->from->ads;
	struct arena *a = &s->to->arena;
	struct run_ads_point *list;
	struct run_ads *out;
	size_t n = 0;

	if (!from)
		return;
	out = ARENA_NEW(a, struct run_ads);
	list = ARENA_ARRAY(a, struct run_ads_point, from->point_count);
	*out = *from;
	for (size_t i = 0; i < from->point_count; i++) {
		const struct run_ads_point *p = &from->points[i];

		if (!p->control) {
			out->withheld++;
			continue;
		}
		list[n] = *p;
		list[n].control = find_control(s->to->controls, s->to->control_count, p->id);
		list[n].reason_count =
			strip_codes(s, p->reasons, p->reason_count, &list[n].reasons);
		n++;
	}
	out->points = list;
	out->point_count = n;
	s->to->ads = out;
}

/* ---- the run -------------------------------------------------------------------------------- */

static struct run begin(const struct run *r, const struct anonymous_rules *rules)
{
	struct run out = *r;

	out.arena = (struct arena){ 0 };
	out.anonymous = true;
	out.forest = out.reader = (struct str){ 0 };
	if (!rules->keep_policy_name)
		out.policy_name = STR("");
	out.privileged = NULL;
	out.privileged_count = 0;
	out.waivers = NULL;
	out.waiver_count = 0;
	out.deadlines_at = INT64_MIN;
	out.deadlines = NULL;
	out.deadline_count = 0;
	return out;
}

int run_anonymous(
	const struct run *r, const struct anonymous_rules *rules, struct run *out, struct err *err)
{
	struct err failed = { 0 };
	struct run run = begin(r, rules);
	struct stripping s = { .from = r, .rules = rules, .to = &run, .err = &failed };

	gather_words(&s);
	run.source = strip_code(&s, r->source);
	strip_domains(&s);
	strip_coverage(&s);
	strip_tables(&s);
	strip_families(&s);
	strip_controls(&s);
	strip_ads(&s);
	run.waiver_note_count =
		strip_codes(&s, r->waiver_notes, r->waiver_note_count, &run.waiver_notes);
	hash_free(&s.words);
	if (failed.code) {
		*err = failed;
		run_free(&run);
		return err->code;
	}
	*out = run;
	return 0;
}
