/* Trusts: what a comparison of several directories joins. The columns of SIDs are keyed in an
 * anonymous run (reports/anonymous.c). */
#include "engine/family.h"

#include "ad/trust.h"

struct trust {
	const struct ad_object *object;
	bool known; /* direction, type and attributes were read */
	uint32_t direction, type, attributes;
	bool within_forest;
};

static struct trust trust_of(const struct model *m, const struct ad_object *o)
{
	struct str partner = obj_str(o, ATTR_TRUST_PARTNER);
	struct trust t = { .object = o,
		.known = obj_has(o, ATTR_TRUST_DIRECTION) && obj_has(o, ATTR_TRUST_TYPE) &&
			 obj_has(o, ATTR_TRUST_ATTRIBUTES),
		.direction = obj_u32(o, ATTR_TRUST_DIRECTION),
		.type = obj_u32(o, ATTR_TRUST_TYPE),
		.attributes = obj_u32(o, ATTR_TRUST_ATTRIBUTES) };

	/* Old trusts between domains of one forest may lack the mark. */
	t.within_forest =
		(t.attributes & TRUST_WITHIN_FOREST) || (partner.n && model_context_of(m, partner));
	return t;
}

static const char *direction_of(const struct trust *t)
{
	static const char *const codes[] = { "disabled_trust", "inbound", "outbound", "both_ways" };

	return obj_has(t->object, ATTR_TRUST_DIRECTION)
		       ? codes[t->direction & (TRUST_INBOUND | TRUST_OUTBOUND)]
		       : "not_known";
}

static const char *type_of(const struct trust *t)
{
	if (t->within_forest)
		return "within_forest";
	if (!t->known)
		return "not_known";
	if (t->type == TRUST_TYPE_MIT)
		return "kerberos_realm";
	if (t->type == TRUST_TYPE_DOWNLEVEL)
		return "windows_nt";
	return t->attributes & TRUST_FOREST_TRANSITIVE ? "forest_trust" : "external_trust";
}

/* Does anything of what these columns tell apply on this side? */
static const char *outside(const struct trust *t, uint32_t direction)
{
	if (t->within_forest)
		return "not_applicable";
	if (!t->known)
		return "not_known";
	if (t->type == TRUST_TYPE_MIT || !(t->direction & direction))
		return "not_applicable";
	return NULL;
}

/* Of the SIDs that come in: it matters where this domain trusts the other (MS-PAC 4.1.2.2). */
static const char *filtering_of(const struct trust *t)
{
	const char *other = outside(t, TRUST_OUTBOUND);

	if (other)
		return other;
	if (t->attributes & TRUST_QUARANTINED)
		return "quarantine";
	if (!(t->attributes & TRUST_FOREST_TRANSITIVE))
		return "not_filtered";
	return t->attributes & TRUST_TREAT_AS_EXTERNAL ? "sid_history_allowed" : "forest_filter";
}

static const char *selective_of(const struct trust *t)
{
	const char *other = outside(t, TRUST_OUTBOUND);

	return other ? other : t->attributes & TRUST_CROSS_ORGANIZATION ? "yes" : "no";
}

/* Of the tickets of this domain's users: it matters where the other trusts it. */
static const char *delegation_of(const struct trust *t)
{
	const char *other = outside(t, TRUST_INBOUND);

	if (other)
		return other;
	return (t->attributes & TRUST_ENABLE_TGT_DELEGATION) &&
			       !(t->attributes & TRUST_NO_TGT_DELEGATION)
		       ? "yes"
		       : "no";
}

static void cell_domain(struct table_maker *t, const struct ad_domain *d)
{
	static const struct sid none;

	cell_text(t, d ? d->dns : STR(""));
	cell_sid(t, d ? &d->sid : &none);
}

static void put_trust(struct table_maker *t, const struct trust *trust)
{
	struct sid partner = { 0 };

	sid_parse(obj_str(trust->object, ATTR_SECURITY_IDENTIFIER), &partner);
	table_row(t);
	cell_domain(t, trust->object->domain);
	cell_text(t, obj_str(trust->object, ATTR_TRUST_PARTNER));
	cell_sid(t, &partner);
	cell_code(t, direction_of(trust));
	cell_code(t, type_of(trust));
	cell_code(t, filtering_of(trust));
	cell_code(t, selective_of(trust));
	cell_code(t, delegation_of(trust));
}

void table_trusts(struct evaluation *e, struct table_maker *t)
{
	const struct model *m = e->model;

	table_begin(t, "trusts");
	table_column(t, "domain", COLUMN_TEXT);
	table_column(t, "domain_sid", COLUMN_TEXT);
	table_column(t, "partner", COLUMN_TEXT);
	table_column(t, "partner_sid", COLUMN_TEXT);
	table_column(t, "direction", COLUMN_CODE);
	table_column(t, "trust_type", COLUMN_CODE);
	table_column(t, "sid_filtering", COLUMN_CODE);
	table_column(t, "selective_authentication", COLUMN_CODE);
	table_column(t, "tgt_delegation", COLUMN_CODE);
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		struct trust trust;

		if (o->kind != AD_TRUST)
			continue;
		trust = trust_of(m, o);
		put_trust(t, &trust);
	}
	table_end(t);
}
