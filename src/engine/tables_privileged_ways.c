/* Tables of the family of privilege: who is privileged and by which ways, what each membership is
 * worth, who is in fact without being it by name, and who came and went. */
#include "engine/family.h"

#include "ad/wellknown.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "model/privilege.h"

#define WAYS 16	  /* shown of one account */
#define GROUPS 64 /* of one way */

static void put_sid(struct table_maker *t, const struct ad_object *o)
{
	char sid[SID_TEXT];

	cell_text(t, sid_is_none(&o->sid) ? STR("")
					  : arena_str(t->arena, str_of(sid_text(&o->sid, sid))));
}

static struct str domain_of(const struct ad_object *o)
{
	return o->domain ? o->domain->dns : STR("");
}

/* The list that a later run compares itself with (src/runs/previous.c). */
static void accounts(const struct model *m, struct table_maker *t)
{
	table_begin(t, "accounts");
	table_column(t, "account", COLUMN_NAME);
	table_column(t, "domain", COLUMN_TEXT);
	table_column(t, "kind", COLUMN_CODE);
	table_column(t, "enabled", COLUMN_CODE);
	table_column(t, "ways", COLUMN_NUMBER);
	table_column(t, "last_logon", COLUMN_DATE);
	table_column(t, "sid", COLUMN_TEXT);
	for (size_t i = 0; i < model_privileged_count(m); i++) {
		const struct ad_object *o = model_privileged(m, i);
		struct logon logon = account_last_logon(m, o);

		table_row(t);
		cell_object(t, o);
		cell_text(t, domain_of(o));
		cell_code(t, ad_kind_name(o->kind));
		cell_tri(t, account_enabled(m, o));
		cell_number(t, (int64_t)privilege_paths(m, o, NULL, 0));
		cell_date(t, logon.state == LOGON_AT ? logon.at : INT64_MIN);
		put_sid(t, o);
	}
	table_end(t);
}

/* ---- ways --------------------------------------------------------------------------- */

static struct str names_of(
	struct table_maker *t, const struct ad_object *const *groups, size_t count)
{
	struct buf b = { 0 };
	struct str text;

	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_putz(&b, " > ");
		buf_put_str(&b, groups[i]->name);
	}
	text = arena_str(t->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

static const char *way_of(const struct privilege_path *p)
{
	static const char *const words[] = { "direct", "nested", "primary_group", "everybody" };

	if (p->everybody || p->primary)
		return words[p->everybody ? 3 : 2];
	return words[p->length > 1];
}

static void put_way(struct table_maker *t, const struct model *m, const struct ad_object *o,
	const struct privilege_path *p)
{
	const struct ad_object *groups[GROUPS];
	size_t n = privilege_path_groups(m, p, groups, GROUPS);

	table_row(t);
	cell_object(t, o);
	cell_code(t, way_of(p));
	cell_text(t, p->top->name);
	cell_number(t, p->length);
	cell_text(t, names_of(t, groups, n));
}

static void put_control(struct table_maker *t, const struct hidden_admin *h)
{
	struct buf b = { 0 };

	table_row(t);
	cell_object(t, h->who.object);
	cell_code(t, "control");
	cell_text(t, graph_name(t->arena, h->target, &h->target->sid));
	cell_number(t, (int64_t)h->step_count);
	for (size_t i = 0; i < h->step_count; i++) {
		if (i)
			buf_putz(&b, " > ");
		buf_put_str(&b, graph_name(t->arena, h->steps[i].to, &h->steps[i].to_sid));
	}
	cell_text(t, arena_str(t->arena, buf_str(&b)));
	buf_free(&b);
}

/* One row a way; those of control, which are no memberships, come last. */
static void ways(const struct model *m, struct table_maker *t)
{
	const struct hidden_admins *hidden = hidden_admins(m);
	struct privilege_path paths[WAYS];

	table_begin(t, "ways");
	table_column(t, "account", COLUMN_NAME);
	table_column(t, "way", COLUMN_CODE);
	table_column(t, "target", COLUMN_TEXT);
	table_column(t, "steps", COLUMN_NUMBER);
	table_column(t, "path", COLUMN_TEXT);
	for (size_t i = 0; i < model_privileged_count(m); i++) {
		const struct ad_object *o = model_privileged(m, i);
		size_t n = privilege_paths(m, o, paths, WAYS);

		for (size_t k = 0; k < n && k < WAYS; k++)
			put_way(t, m, o, &paths[k]);
		if (n)
			continue;
		table_row(t);
		cell_object(t, o);
		cell_code(t, "built_in");
		for (size_t k = 0; k < 3; k++)
			cell_null(t);
	}
	for (size_t i = 0; i < hidden->count; i++)
		if (hidden->all[i].who.object)
			put_control(t, &hidden->all[i]);
	table_end(t);
}

/* ---- groups ------------------------------------------------------------------------- */

/* Groups beside ANSSI's privileged ones that a person who asks who has power wants to see. */
static const uint32_t powerful_rids[] = { RID_GROUP_POLICY_CREATOR_OWNERS, RID_CERT_PUBLISHERS };
static const char *const powerful_names[] = { "DnsAdmins", "Exchange Windows Permissions",
	"Exchange Trusted Subsystem", "Organization Management" };

static bool is_powerful(const struct ad_object *g)
{
	for (size_t i = 0; i < ARRAY_LEN(powerful_rids); i++)
		if (sid_is_domain_principal(&g->sid) && sid_rid(&g->sid) == powerful_rids[i])
			return true;
	for (size_t i = 0; i < ARRAY_LEN(powerful_names); i++)
		if (utf8_ieq(g->name, str_of(powerful_names[i])))
			return true;
	return false;
}

/* What the policy names as groups of these populations, by object. */
struct declared {
	const struct ad_object **groups;
	enum policy_population *of;
	size_t count;
};

static struct declared find_declared(const struct evaluation *e, struct arena *a)
{
	static const enum policy_population those[] = { POPULATION_HYPERVISOR, POPULATION_BACKUP };
	struct declared d = { 0 };
	size_t room = 0;

	for (size_t p = 0; p < ARRAY_LEN(those); p++)
		room += e->policy->populations[those[p]].group_count;
	d.groups = ARENA_ARRAY(a, const struct ad_object *, room);
	d.of = ARENA_ARRAY(a, enum policy_population, room);
	for (size_t p = 0; p < ARRAY_LEN(those); p++) {
		const struct policy_scope *s = &e->policy->populations[those[p]];

		for (size_t i = 0; i < s->group_count; i++) {
			bool ambiguous = false;
			const struct ad_object *g =
				model_find_name(e->model, s->groups[i], &ambiguous);

			if (!g || g->kind != AD_GROUP)
				continue;
			d.of[d.count] = those[p];
			d.groups[d.count++] = g;
		}
	}
	return d;
}

/* Why the group is in the table; NULL: it is not. */
static const char *role_of(
	const struct model *m, const struct declared *d, const struct ad_object *g)
{
	static const char *const roles[] = { "nested", "powerful", "hypervisor", "backup" };

	if (group_is_privileged(m, g))
		return NULL;
	if (object_brings_privilege(m, g))
		return roles[0];
	for (size_t i = 0; i < d->count; i++)
		if (d->groups[i] == g)
			return roles[d->of[i] == POPULATION_BACKUP ? 3 : 2];
	return is_powerful(g) ? roles[1] : NULL;
}

static void put_group(struct table_maker *t, const struct model *m, const struct ad_object *g,
	const char *role, bool counted)
{
	struct privilege_path path = { 0 };
	struct privilege_count c = { 0 };

	privilege_paths(m, g, &path, 1);
	if (counted)
		c = privilege_count(m, g);
	table_row(t);
	cell_object(t, g);
	cell_text(t, domain_of(g));
	cell_code(t, role);
	cell_text(t, path.top ? path.top->name : STR(""));
	cell_number(t, c.direct);
	cell_number(t, c.direct_groups);
	cell_number(t, c.effective);
	cell_number(t, c.enabled);
	cell_number(t, group_depth(m, g));
	cell_tri(t, group_misses_members(m, g) ? NO : YES);
}

/* Counting what a group holds takes a walk: only of as many as are shown. */
static void other_groups(const struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;
	const struct declared declared = find_declared(e, t->arena);
	const struct ad_object *const *groups;
	size_t n = model_of_kind(m, AD_GROUP, &groups), shown = 0;

	table_begin(t, "other_groups");
	table_column(t, "group", COLUMN_NAME);
	table_column(t, "domain", COLUMN_TEXT);
	table_column(t, "role", COLUMN_CODE);
	table_column(t, "target", COLUMN_TEXT);
	table_column(t, "direct_accounts", COLUMN_NUMBER);
	table_column(t, "direct_groups", COLUMN_NUMBER);
	table_column(t, "effective_accounts", COLUMN_NUMBER);
	table_column(t, "enabled_accounts", COLUMN_NUMBER);
	table_column(t, "nesting_depth", COLUMN_NUMBER);
	table_column(t, "read_whole", COLUMN_CODE);
	for (size_t i = 0; i < n; i++) {
		const char *role = role_of(m, &declared, groups[i]);

		if (role)
			put_group(t, m, groups[i], role, shown++ < LIMIT_TABLE_ROWS);
	}
	table_end(t);
}

/* Which membership to remove first: how many people would lose privilege. */
static void unlocks(const struct model *m, struct table_maker *t)
{
	const struct privilege_unlock *list;
	size_t n = privilege_unlocks(m, t->arena, &list);

	table_begin(t, "unlocks");
	table_column(t, "group", COLUMN_NAME);
	table_column(t, "member", COLUMN_NAME);
	table_column(t, "kind", COLUMN_CODE);
	table_column(t, "way", COLUMN_CODE);
	table_column(t, "people", COLUMN_NUMBER);
	table_column(t, "enabled_people", COLUMN_NUMBER);
	for (size_t i = 0; i < n; i++) {
		const struct privilege_unlock *u = &list[i];

		table_row(t);
		cell_object(t, u->group);
		cell_object(t, u->member);
		if (u->member)
			cell_code(t, ad_kind_name(u->member->kind));
		else
			cell_null(t);
		cell_code(t, !u->member ? "everybody" : u->primary ? "primary_group" : "member");
		cell_number(t, u->accounts);
		cell_number(t, u->enabled);
	}
	table_end(t);
}

static void hidden(const struct model *m, struct table_maker *t)
{
	const struct hidden_admins *all = hidden_admins(m);

	table_begin(t, "hidden_admins");
	table_column(t, "principal", COLUMN_TEXT);
	table_column(t, "kind", COLUMN_CODE);
	table_column(t, "effective_accounts", COLUMN_NUMBER);
	table_column(t, "tier0_objects", COLUMN_NUMBER);
	table_column(t, "target", COLUMN_TEXT);
	table_column(t, "steps", COLUMN_NUMBER);
	for (size_t i = 0; i < all->count; i++) {
		const struct hidden_admin *h = &all->all[i];
		const struct ad_object *o = h->who.object;

		table_row(t);
		cell_text(t, graph_name(t->arena, o, &h->who.sid));
		if (o)
			cell_code(t, ad_kind_name(o->kind));
		else
			cell_null(t);
		if (o && i < LIMIT_TABLE_ROWS)
			cell_number(t, o->kind == AD_GROUP ? privilege_count(m, o).effective : 1);
		else
			cell_null(t);
		cell_number(t, (int64_t)h->objects);
		cell_text(t, graph_name(t->arena, h->target, &h->target->sid));
		cell_number(t, (int64_t)h->step_count);
	}
	table_end(t);
}

/* ---- since the previous run --------------------------------------------------------- */

static void put_change(struct table_maker *t, struct str name, const char *change, enum tri enabled,
	struct str sid)
{
	table_row(t);
	cell_text(t, name);
	cell_code(t, change);
	cell_tri(t, enabled);
	cell_text(t, sid);
}

static void changes(
	const struct model *m, const struct previous_run *previous, struct table_maker *t)
{
	struct privilege_changes c = privilege_changes(m, previous, t->arena);

	table_begin(t, "changes");
	table_column(t, "account", COLUMN_TEXT);
	table_column(t, "change", COLUMN_CODE);
	table_column(t, "enabled", COLUMN_CODE);
	table_column(t, "sid", COLUMN_TEXT);
	for (size_t i = 0; i < c.added_count; i++) {
		char sid[SID_TEXT];

		put_change(t, c.added[i]->name, "added", account_enabled(m, c.added[i]),
			arena_str(t->arena, str_of(sid_text(&c.added[i]->sid, sid))));
	}
	for (size_t i = 0; i < c.removed_count; i++)
		put_change(t, c.removed[i]->name, "removed", c.removed[i]->enabled ? YES : UNKNOWN,
			c.removed[i]->sid);
	table_end(t);
}

void tables_privileged_ways(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;

	unlocks(m, t);
	hidden(m, t);
	other_groups(e, t);
	if (e->cx.previous && e->cx.previous->listed)
		changes(m, e->cx.previous, t);
	accounts(m, t);
	ways(m, t);
}
