/* Members of groups that come from another directory. The columns of SIDs are keyed in an anonymous
 * run, or left out (reports/anonymous.c). */
#include "engine/family.h"

#include "ad/dn.h"
#include "model/privilege.h"

/* The SID in the name of a foreign principal that is an account of no domain that was read. */
static bool foreign_sid(
	const struct model *m, struct arena *scratch, struct str dn, struct sid *out)
{
	uint32_t rid;

	if (!str_istarts(dn, STR("CN=S-1-5-21-")) ||
		!sid_from_text(dn_rdn_value(scratch, dn), out) || !sid_is_domain_principal(out))
		return false;
	for (size_t i = 0; i < model_domain_count(m); i++)
		if (sid_in_domain(out, &model_domain(m, i)->sid, &rid))
			return false;
	return true;
}

static void put_foreign_members(const struct model *m, struct table_maker *t,
	const struct ad_object *group, bool privileged)
{
	struct arena scratch = { 0 };
	struct sid sid, domain;

	for (size_t i = 0; i < obj_count(group, ATTR_MEMBER); i++) {
		if (foreign_sid(m, &scratch, obj_value(group, ATTR_MEMBER, i), &sid)) {
			domain = sid_domain(&sid);
			table_row(t);
			cell_object(t, group);
			cell_text(t, group->domain ? group->domain->dns : STR(""));
			cell_tri(t, privileged ? YES : NO);
			cell_sid(t, &sid);
			cell_sid(t, &domain);
		}
		arena_reset(&scratch);
	}
	arena_free(&scratch);
}

/* Those of privileged groups, and of groups in them, first. */
void table_foreign_members(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;

	table_begin(t, "foreign_members");
	table_column(t, "group", COLUMN_NAME);
	table_column(t, "domain", COLUMN_TEXT);
	table_column(t, "is_privileged", COLUMN_CODE);
	table_column(t, "member_sid", COLUMN_TEXT);
	table_column(t, "member_domain_sid", COLUMN_TEXT);
	for (int privileged = 1; privileged >= 0; privileged--) {
		for (size_t i = 0; i < model_object_count(m); i++) {
			const struct ad_object *o = model_object(m, i);
			bool is;

			if (o->kind != AD_GROUP)
				continue;
			is = group_is_privileged(m, o) || privilege_paths(m, o, NULL, 0) > 0;
			if (is == (privileged == 1))
				put_foreign_members(m, t, o, is);
		}
	}
	table_end(t);
}
