/* Delegation to the services of domain controllers, constrained and by the resource. */
#include "checks/common.h"

#include "base/utf8.h"

/* ---- whose service an SPN names ----------------------------------------------------- */

/* "cifs/dc1.chu.example:445/chu.example" → class cifs, host dc1.chu.example */
static struct str spn_host(struct str spn, struct str *class)
{
	struct str rest;

	*class = str_cut(spn, '/', &rest);
	rest = str_cut(rest, '/', &(struct str){ 0 });
	return str_cut(rest, ':', &(struct str){ 0 });
}

static bool is_target(const struct ad_object *o)
{
	return o->kind == AD_KRBTGT || is_dc_computer(o);
}

/* Is what was read of o enough to say that it is no target? */
static bool known_as_other(const struct ad_object *o)
{
	if (sid_is_none(&o->sid))
		return false;
	return o->kind != AD_COMPUTER || obj_has(o, ATTR_PRIMARY_GROUP_ID) ||
	       obj_has(o, ATTR_USER_ACCOUNT_CONTROL);
}

/*
 * YES: spn is a service of a DC or of krbtgt, whose name *of gets. The account that owns the exact
 * SPN comes first; else the host decides, as sPNMappings lets HOST stand for nearly every class.
 * What the delegating account owns itself is its own service (controls.md, "SPN to host"). The
 * class krbtgt is enough: every domain has that account, whatever was read of it.
 */
static enum tri privileged_service(struct check_cx *cx, const struct ad_object *from,
	struct str spn, struct str *of, const char **reason)
{
	const struct model *m = cx_model(cx);
	struct str class, host = spn_host(spn, &class);
	const struct ad_object *owner = model_spn_owner(m, spn);

	if (!owner) {
		owner = model_host(m, host);
		if ((!owner || !is_target(owner)) && str_ieq(class, STR("krbtgt"))) {
			*of = STR("krbtgt");
			return YES;
		}
	}
	if (!owner) {
		*reason = "delegation_target_not_read";
		return model_host_may_be_unread(m, host) ? UNKNOWN : NO;
	}
	*of = owner->name;
	*reason = "delegation_target_not_read";
	if (owner == from)
		return NO;
	return is_target(owner) ? YES : known_as_other(owner) ? NO : UNKNOWN;
}

/* .arg: with protocol transition or without. */
static int constrained(struct check_cx *cx, const struct ad_object *obj)
{
	bool transition =
		obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL) & UAC_TRUSTED_TO_AUTH_FOR_DELEGATION;
	size_t n = obj_count(obj, ATTR_MSDS_ALLOWED_TO_DELEGATE_TO);
	const char *reason = NULL;
	bool found = false, unsure = false;

	/* A writable DC has nothing to gain. */
	if (n == 0 || (is_dc_computer(obj) &&
			      obj_u32(obj, ATTR_PRIMARY_GROUP_ID) == RID_DOMAIN_CONTROLLERS))
		return 0;
	if (!readable(cx, obj, ATTR_USER_ACCOUNT_CONTROL) || transition != (cx_arg(cx) != 0))
		return 0;
	for (size_t i = 0; i < n; i++) {
		struct str spn = obj_value(obj, ATTR_MSDS_ALLOWED_TO_DELEGATE_TO, i), of;
		enum tri privileged = privileged_service(cx, obj, spn, &of, &reason);

		unsure |= privileged == UNKNOWN;
		if (privileged != YES)
			continue;
		if (!found)
			finding(cx, obj);
		found = true;
		evidence(cx, "spn", spn);
		evidence(cx, "service_of", of);
	}
	return unsure && !found ? undecided(cx, obj, reason) : 0;
}

/* ---- resource-based ----------------------------------------------------------------- */

static void evidence_trustees(struct check_cx *cx, const struct secdesc *sd)
{
	for (size_t i = 0, shown = 0; i < sd->dacl_count && shown < EVIDENCE_NAMES; i++) {
		const struct ad_object *who = model_find_sid(cx_model(cx), &sd->dacl[i].sid);
		char text[SID_TEXT];

		if (sd->dacl[i].type != ACE_ACCESS_ALLOWED)
			continue;
		shown++;
		evidence(cx, "principal",
			who ? who->name : str_of(sid_text(&sd->dacl[i].sid, text)));
	}
}

/* An entry that grants something, or no list at all, which grants everything. */
static bool grants_anything(const struct secdesc *sd)
{
	if (!sd->has_dacl)
		return true;
	for (size_t i = 0; i < sd->dacl_count; i++)
		if (sd->dacl[i].type == ACE_ACCESS_ALLOWED && sd->dacl[i].mask)
			return true;
	return false;
}

static int resource_based(struct check_cx *cx, const struct ad_object *obj)
{
	struct secdesc sd;

	if (!readable(cx, obj, ATTR_MSDS_ALLOWED_TO_ACT) || !obj_has(obj, ATTR_MSDS_ALLOWED_TO_ACT))
		return 0;
	if (!secdesc_parse(cx_arena(cx), obj_value(obj, ATTR_MSDS_ALLOWED_TO_ACT, 0), &sd))
		return undecided(
			cx, obj, "value_malformed msDS-AllowedToActOnBehalfOfOtherIdentity");
	if (!grants_anything(&sd))
		return 0;
	finding(cx, obj);
	evidence_trustees(cx, &sd);
	return 0;
}

static int resource_based_dc(struct check_cx *cx, const struct ad_object *obj)
{
	return obj->kind == AD_KRBTGT || dc_only(cx, obj) ? resource_based(cx, obj) : 0;
}

static int resource_based_other(struct check_cx *cx, const struct ad_object *obj)
{
	return is_dc_computer(obj) ? passed_over(cx) : resource_based(cx, obj);
}

/* ---- table -------------------------------------------------------------------------- */

static const struct check rows[] = {
	{ .id = "vuln_delegation_a2d2",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_USER_ACCOUNT_CONTROL, ATTR_DNS_HOST_NAME,
			ATTR_SERVICE_PRINCIPAL_NAME },
		.run = constrained,
		.needs = { ATTR_MSDS_ALLOWED_TO_DELEGATE_TO },
		.arg = 0 },
	{ .id = "vuln_delegation_t2a4d",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_USER_ACCOUNT_CONTROL, ATTR_DNS_HOST_NAME,
			ATTR_SERVICE_PRINCIPAL_NAME },
		.run = constrained,
		.needs = { ATTR_MSDS_ALLOWED_TO_DELEGATE_TO },
		.arg = 1 },
	{ .id = "vuln_delegation_sourcedeleg",
		.each = AD_COMPUTER,
		.kinds = KIND(AD_KRBTGT),
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MSDS_ALLOWED_TO_ACT },
		.run = resource_based_dc },
	{ .id = "hyg_rbcd",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_MSDS_ALLOWED_TO_ACT },
		.run = resource_based_other },
};

CHECK_AREA(delegation, rows);
