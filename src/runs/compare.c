#include "runs/compare_state.h"

#include "engine/evolution.h"

#include <stdlib.h>
#include <string.h>

struct compare *compare_new(const struct compare_rules *rules)
{
	struct compare *c = xcalloc(1, sizeof(*c));

	c->rules = *rules;
	return c;
}

void compare_free(struct compare *c)
{
	if (!c)
		return;
	arena_free(&c->arena);
	hash_free(&c->words);
	hash_free(&c->wanted);
	hash_free(&c->control_at);
	free(c->runs);
	free(c->word);
	free(c->names);
	free(c);
}

struct str compare_keep(struct compare *c, struct str s)
{
	uint32_t known = hash_get(&c->words, s);

	if (!s.n)
		return STR("");
	if (known != HASH_NONE)
		return c->word[known];
	if (c->word_count == c->word_room) {
		c->word_room = c->word_room ? c->word_room * 2 : 1024;
		c->word = xrealloc(c->word, c->word_room * sizeof(*c->word));
	}
	c->word[c->word_count] = arena_str(&c->arena, s);
	hash_add(&c->words, c->word[c->word_count], (uint32_t)c->word_count);
	return c->word[c->word_count++];
}

/* ---- controls and indicators of one run ----------------------------------------------------- */

static struct str fingerprint(struct compare *c, const struct run_control *k)
{
	struct buf b = { 0 };
	struct str out;

	for (size_t i = 0; i < k->level_count; i++)
		buf_printf(&b, "%d,", k->levels[i]);
	for (size_t i = 0; i < k->parameter_count; i++) {
		const struct run_parameter *p = &k->parameters[i];

		buf_printf(&b, ";%.*s=%lld", STR_ARG(p->name), (long long)p->number);
		if (p->kind == RUN_PARAMETER_STRING)
			buf_put_str(&b, p->text);
	}
	out = compare_keep(c, buf_str(&b));
	buf_free(&b);
	return out;
}

static void keep_controls(struct compare *c, struct kept_run *k, const struct run *r)
{
	k->controls = ARENA_ARRAY(&c->arena, struct kept_control, r->control_count);
	for (size_t i = 0; i < r->control_count; i++) {
		const struct run_control *from = &r->controls[i];
		struct kept_control *to = &k->controls[k->control_count];

		/* A site's own say nothing about others. */
		if (str_eq(from->area, STR("custom")))
			continue;
		k->control_count++;
		to->id = compare_keep(c, from->id);
		to->area = compare_keep(c, from->area);
		to->fingerprint = fingerprint(c, from);
		to->level = from->levels[0];
		to->cell = (struct compare_cell){ CELL_SAME, from->status, from->failed_level,
			from->count, from->unknown };
		k->shown.statuses[from->status]++;
	}
	k->shown.points = k->control_count;
}

static const struct str *keep_list(struct compare *c, const struct str *list, size_t count)
{
	struct str *kept = ARENA_ARRAY(&c->arena, struct str, count);

	for (size_t i = 0; i < count; i++)
		kept[i] = compare_keep(c, list[i]);
	return kept;
}

static void keep_indicators(struct compare *c, struct kept_run *k, const struct run *r)
{
	size_t count = 0;

	for (size_t f = 0; f < ARRAY_LEN(r->families); f++)
		count += r->families[f].count;
	k->indicators = ARENA_ARRAY(&c->arena, struct kept_indicator, count);
	for (size_t f = 0; f < ARRAY_LEN(r->families); f++) {
		const struct run_family *family = &r->families[f];

		for (size_t i = 0; i < family->count; i++) {
			const struct run_indicator *from = &family->indicators[i];

			k->indicators[k->indicator_count++] = (struct kept_indicator){
				compare_keep(c, family->name), compare_keep(c, from->name),
				keep_list(c, from->controls, from->control_count),
				from->control_count, from->value,
				evolution_sees_objects(r) && evolution_is_whole(r, family, from)
			};
		}
	}
}

const struct kept_control *kept_find(const struct kept_run *k, struct str id)
{
	size_t low = 0, high = k->control_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(k->controls[middle].id, id);

		if (order == 0)
			return &k->controls[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* ---- tables of one run ---------------------------------------------------------------------- */

static const struct run_table *find_table(const struct run *r, const char *family, const char *name)
{
	for (size_t i = 0; i < r->table_count; i++)
		if (str_eq(r->tables[i].family, str_of(family)) &&
			str_eq(r->tables[i].name, str_of(name)))
			return &r->tables[i];
	return NULL;
}

/* The text in a column of a row; empty when the table has no such column. */
static struct str cell_of(
	struct compare *c, const struct run_table *t, size_t row, const char *column)
{
	for (size_t i = 0; i < t->column_count; i++)
		if (str_eq(t->columns[i].name, str_of(column)))
			return compare_keep(c, t->cells[row * t->column_count + i].text);
	return STR("");
}

/* A SID as runs are matched by it: keyed where there is a key. */
static struct str identity(struct compare *c, const struct run *r, struct str sid, struct err *err)
{
	char text[65];

	if (!sid.n || r->anonymous || !c->rules.keyed)
		return sid;
	if (c->rules.keyed(c->rules.key, sid, text, err))
		return STR("");
	return compare_keep(c, str_of(text));
}

static void keep_trusts(struct compare *c, struct kept_run *k, const struct run *r, struct err *err)
{
	const struct run_table *t = find_table(r, "tiering", "trusts");

	if (!t)
		return;
	k->trusts = ARENA_ARRAY(&c->arena, struct kept_trust, t->row_count);
	k->trust_count = t->row_count;
	for (size_t i = 0; i < t->row_count; i++)
		k->trusts[i] = (struct kept_trust){
			.domain = identity(c, r, cell_of(c, t, i, "domain_sid"), err),
			.partner = identity(c, r, cell_of(c, t, i, "partner_sid"), err),
			.domain_name = cell_of(c, t, i, "domain"),
			.partner_name = cell_of(c, t, i, "partner"),
			.direction = cell_of(c, t, i, "direction"),
			.type = cell_of(c, t, i, "trust_type"),
			.filtering = cell_of(c, t, i, "sid_filtering"),
			.selective = cell_of(c, t, i, "selective_authentication"),
			.delegation = cell_of(c, t, i, "tgt_delegation"),
		};
}

static void want_name(struct compare *c, struct str sid)
{
	if (!sid.n || hash_get(&c->wanted, sid) != HASH_NONE)
		return;
	if (c->wanted_count == c->wanted_room) {
		c->wanted_room = c->wanted_room ? c->wanted_room * 2 : 256;
		c->names = xrealloc(c->names, c->wanted_room * sizeof(*c->names));
	}
	c->names[c->wanted_count] = STR("");
	hash_add(&c->wanted, sid, (uint32_t)c->wanted_count++);
}

static void keep_foreign(
	struct compare *c, struct kept_run *k, const struct run *r, struct err *err)
{
	const struct run_table *t = find_table(r, "privileged", "foreign_members");

	if (!t)
		return;
	k->foreign = ARENA_ARRAY(&c->arena, struct kept_foreign, t->row_count);
	k->foreign_count = t->row_count;
	for (size_t i = 0; i < t->row_count; i++) {
		k->foreign[i] = (struct kept_foreign){
			.sid = cell_of(c, t, i, "member_sid"),
			.domain = identity(c, r, cell_of(c, t, i, "member_domain_sid"), err),
			.group = cell_of(c, t, i, "group"),
			.privileged = str_eq(cell_of(c, t, i, "is_privileged"), STR("yes")),
		};
		want_name(c, k->foreign[i].sid);
	}
}

/* Users of whom it was not read whether they are enabled: coverage counts them by kind
 * (coverage_of_needs()). */
static uint64_t count_unread(const struct run *r)
{
	uint64_t count = 0;

	for (size_t i = 0; i < r->coverage_count; i++) {
		const struct run_coverage *k = &r->coverage[i];
		uint64_t n = 0;
		struct str number, kind = str_cut(k->detail, ' ', &number);

		if (str_eq(k->need, STR("attribute userAccountControl")) &&
			str_eq(kind, STR("user")) && str_to_u64(number, &n))
			count += n < UINT64_MAX - count ? n : UINT64_MAX - count;
	}
	return count;
}

/* ---- one run -------------------------------------------------------------------------------- */

static void keep_head(struct compare *c, struct kept_run *k, const struct run *r, struct err *err)
{
	bool earlier = r->collected_at != INT64_MIN && r->collected_at < r->evaluated_at;

	k->shown = (struct compare_run){ .evaluated_at = r->evaluated_at,
		.read_at = earlier ? r->collected_at : r->evaluated_at,
		.level = r->level,
		.level_floor = r->level_floor,
		.level_with_waivers = r->level_with_waivers,
		.catalogue = compare_keep(c, r->catalogue_version),
		.policy_name = compare_keep(c, r->policy_name),
		.policy_sha256 = compare_keep(c, r->policy_sha256),
		.anonymous = r->anonymous };
	k->name = compare_keep(c, r->facility_name);
	k->finess = compare_keep(c, r->facility_finess);
	k->ght = compare_keep(c, r->facility_ght);
	k->objects = r->counts.objects;
	k->users = r->counts.users;
	k->users_enabled = r->counts.users_enabled;
	k->users_unread = count_unread(r);
	k->computers = r->counts.computers;
	k->keyed = r->anonymous || c->rules.keyed;
	k->domain_count = r->domain_count;
	k->domains = ARENA_ARRAY(&c->arena, struct run_domain, r->domain_count);
	k->identities = ARENA_ARRAY(&c->arena, struct str, r->domain_count);
	for (size_t i = 0; i < r->domain_count; i++) {
		const struct run_domain *d = &r->domains[i];

		k->domains[i] =
			(struct run_domain){ compare_keep(c, d->dns), compare_keep(c, d->netbios),
				compare_keep(c, d->sid), compare_keep(c, d->key) };
		k->identities[i] =
			d->key.n ? k->domains[i].key : identity(c, r, k->domains[i].sid, err);
	}
}

int compare_add(struct compare *c, const struct run *r, struct err *err)
{
	struct kept_run *k;
	struct err failed = { 0 };

	if (c->run_count == c->run_room) {
		c->run_room = c->run_room ? c->run_room * 2 : 16;
		c->runs = xrealloc(c->runs, c->run_room * sizeof(*c->runs));
	}
	k = &c->runs[c->run_count];
	*k = (struct kept_run){ .given = c->run_count };
	keep_head(c, k, r, &failed);
	keep_controls(c, k, r);
	keep_indicators(c, k, r);
	keep_trusts(c, k, r, &failed);
	keep_foreign(c, k, r, &failed);
	if (failed.code) {
		*err = failed;
		return err->code;
	}
	c->run_count++;
	return 0;
}

/* ---- names of members from elsewhere -------------------------------------------------------- */

bool compare_wants_names(const struct compare *c, size_t i)
{
	const struct kept_run *k = &c->runs[i];

	for (size_t n = 0; n < c->run_count; n++)
		for (size_t f = 0; f < c->runs[n].foreign_count; f++)
			for (size_t d = 0; n != i && d < k->domain_count; d++)
				if (k->domains[d].sid.n &&
					str_starts(c->runs[n].foreign[f].sid, k->domains[d].sid))
					return true;
	return false;
}

static void take_name(struct compare *c, struct str sid, struct str name)
{
	uint32_t at = sid.n ? hash_get(&c->wanted, sid) : HASH_NONE;

	if (at != HASH_NONE && !c->names[at].n)
		c->names[at] = compare_keep(c, name);
}

void compare_names(struct compare *c, const struct run *r)
{
	const struct run_table *t = find_table(r, "privileged", "accounts");

	for (size_t k = 0; k < r->control_count; k++)
		for (size_t n = 0; n < r->controls[k].object_count; n++)
			take_name(c, r->controls[k].objects[n].sid, r->controls[k].objects[n].name);
	for (size_t row = 0; t && row < t->row_count; row++)
		take_name(c, cell_of(c, t, row, "sid"), cell_of(c, t, row, "account"));
}

/* ---- the whole ------------------------------------------------------------------------------ */

void compare_finish(struct compare *c, struct comparison *out)
{
	*out = (struct comparison){ .newest = INT64_MIN };
	out->catalogue_run.collected_at = out->catalogue_run.deadlines_at = INT64_MIN;
	c->out = out;
	compare_join_members(c);
	compare_fill_controls(c);
	compare_fill_indicators(c);
	compare_fill_trusts(c);
	compare_fill_foreign(c);
	/* The texts go along. */
	out->arena = c->arena;
	c->arena = (struct arena){ 0 };
}

void comparison_free(struct comparison *c)
{
	run_free(&c->catalogue_run);
	arena_free(&c->arena);
}
