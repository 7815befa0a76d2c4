/* Read-only domain controllers: whose passwords they may keep and keep. */
#include "checks/common.h"

#include "ad/dn.h"

static bool is_rodc(const struct ad_object *obj)
{
	return obj->kind == AD_COMPUTER && !is_entra_kerberos(obj) &&
	       (obj_u32(obj, ATTR_PRIMARY_GROUP_ID) == RID_RODCS ||
		       (obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL) & UAC_PARTIAL_SECRETS_ACCOUNT));
}

/* Like dc_only(). */
static bool rodc_only(struct check_cx *cx, const struct ad_object *obj)
{
	return is_of_role(cx, obj, is_rodc(obj));
}

static enum tri is_privileged(const struct model *m, const struct ad_object *o)
{
	enum tri r;

	if (o->kind == AD_GROUP)
		return group_is_privileged(m, o) ? YES : NO;
	r = account_privileged(m, o);
	return r == NO && model_privileged_complete(m, NULL) != YES ? UNKNOWN : r;
}

/* ---- what was revealed, what may be ------------------------------------------------- */

/* The same account stands once for each secret that the RODC has of it. */
static int priv_revealed(struct check_cx *cx, const struct ad_object *rodc)
{
	const struct model *m = cx_model(cx);

	if (!rodc_only(cx, rodc) || !readable(cx, rodc, ATTR_MSDS_REVEALED_USERS))
		return 0;
	for (size_t i = 0; i < obj_count(rodc, ATTR_MSDS_REVEALED_USERS); i++) {
		const struct ad_object *who = NULL;
		struct str hex, dn;

		if (dn_binary_split(obj_value(rodc, ATTR_MSDS_REVEALED_USERS, i), &hex, &dn))
			who = model_find_dn(m, dn);
		if (!who || is_privileged(m, who) == UNKNOWN) {
			undecided(cx, rodc, "revealed_account_not_read");
		} else if (is_privileged(m, who) == YES && !is_dc_computer(who)) {
			finding(cx, who);
			evidence(cx, "rodc", rodc->name);
			evidence_privilege_path(cx, who);
		}
	}
	return 0;
}

static bool may_be_revealed(const struct model *m, const struct ad_object *who)
{
	uint32_t rid = sid_rid(&who->sid);

	return rid == RID_ALLOWED_RODC_REPLICATION || (rid >= 1000 && is_privileged(m, who) != YES);
}

static int reveal(struct check_cx *cx, const struct ad_object *rodc)
{
	const struct model *m = cx_model(cx);
	bool found = false;

	if (!rodc_only(cx, rodc) || !readable(cx, rodc, ATTR_MSDS_REVEAL_ON_DEMAND_GROUP))
		return 0;
	for (size_t i = 0; i < obj_count(rodc, ATTR_MSDS_REVEAL_ON_DEMAND_GROUP); i++) {
		const struct ad_object *who =
			model_find_dn(m, obj_value(rodc, ATTR_MSDS_REVEAL_ON_DEMAND_GROUP, i));

		if (!who || sid_is_none(&who->sid)) {
			if (!found)
				undecided(cx, rodc, "revealed_account_not_read");
			continue;
		}
		if (may_be_revealed(m, who))
			continue;
		if (!found)
			finding(cx, rodc);
		found = true;
		evidence(cx, "revealed", who->name);
	}
	return 0;
}

/* ---- lists of principals that must be there ----------------------------------------- */

struct wanted {
	uint32_t rid;
	bool builtin, root_only;
};

static const struct wanted never_revealed[] = {
	{ RID_BUILTIN_ADMINISTRATORS, true, false },
	{ RID_BUILTIN_SERVER_OPERATORS, true, false },
	{ RID_BUILTIN_ACCOUNT_OPERATORS, true, false },
	{ RID_BUILTIN_BACKUP_OPERATORS, true, false },
	{ RID_DENIED_RODC_REPLICATION, false, false },
};

static const struct wanted denied[] = {
	{ RID_DOMAIN_CONTROLLERS, false, false },
	{ RID_RODCS, false, false },
	{ RID_GROUP_POLICY_CREATOR_OWNERS, false, false },
	{ RID_DOMAIN_ADMINS, false, false },
	{ RID_CERT_PUBLISHERS, false, false },
	{ RID_KRBTGT, false, false },
	{ RID_ENTERPRISE_ADMINS, false, true },
	{ RID_SCHEMA_ADMINS, false, true },
};

/* Does attribute a of obj name the principal? */
static bool names(struct check_cx *cx, const struct ad_object *obj, enum attr a, struct sid sid)
{
	for (size_t i = 0; i < obj_count(obj, a); i++) {
		const struct ad_object *who = model_find_dn(cx_model(cx), obj_value(obj, a, i));

		if (who && sid_eq(&who->sid, &sid))
			return true;
	}
	return false;
}

static bool names_unread(struct check_cx *cx, const struct ad_object *obj, enum attr a)
{
	if (model_read_in_part(cx_model(cx), obj, a))
		return true;
	for (size_t i = 0; i < obj_count(obj, a); i++) {
		const struct ad_object *who = model_find_dn(cx_model(cx), obj_value(obj, a, i));

		if (!who || sid_is_none(&who->sid))
			return true;
	}
	return false;
}

static int must_name(struct check_cx *cx, const struct ad_object *obj, enum attr a,
	const struct wanted *list, size_t count)
{
	bool found = false;

	if (!obj->domain || sid_is_none(&obj->domain->sid))
		return undecided(cx, obj, "domain_head_not_read");
	if (!readable(cx, obj, a))
		return 0;
	for (size_t i = 0; i < count; i++) {
		struct sid sid = list[i].builtin ? sid_builtin(list[i].rid)
						 : sid_with_rid(&obj->domain->sid, list[i].rid);

		if ((list[i].root_only && !is_forest_root(cx, obj->domain->head)) ||
			names(cx, obj, a, sid))
			continue;
		/* It may be one of the names that stand for nothing that was read. */
		if (names_unread(cx, obj, a))
			return undecided(cx, obj, "members_not_readable");
		if (!found)
			finding(cx, obj);
		found = true;
		evidence_z(cx, "missing", wellknown_name(&sid));
	}
	return 0;
}

static int never_reveal(struct check_cx *cx, const struct ad_object *rodc)
{
	if (!rodc_only(cx, rodc))
		return 0;
	return must_name(cx, rodc, ATTR_MSDS_NEVER_REVEAL_GROUP, never_revealed,
		sizeof(never_revealed) / sizeof(never_revealed[0]));
}

static int denied_group(struct check_cx *cx, const struct ad_object *head)
{
	const struct ad_object *group = find_rid(cx, head, RID_DENIED_RODC_REPLICATION);

	if (!group)
		return undecided(cx, head, "rodc_group_not_read");
	return must_name(cx, group, ATTR_MEMBER, denied, sizeof(denied) / sizeof(denied[0]));
}

static int allowed_group(struct check_cx *cx, const struct ad_object *head)
{
	const struct ad_object *group = find_rid(cx, head, RID_ALLOWED_RODC_REPLICATION);
	const struct ad_object *const *members;
	size_t n;

	if (!group)
		return undecided(cx, head, "rodc_group_not_read");
	if (!readable(cx, group, ATTR_MEMBER) || !obj_has(group, ATTR_MEMBER))
		return 0;
	finding(cx, group);
	n = group_members(cx_model(cx), group, &members);
	evidence_int(cx, "count", (int64_t)obj_count(group, ATTR_MEMBER));
	evidence_names(cx, "member", members, n);
	return 0;
}

/* ---- vuln_rodc_orphan_krbtgt -------------------------------------------------------- */

#define UNREAD_LINKS 0 /* counter: RODCs whose link was not readable */

static int orphan_before(struct check_cx *cx, const struct ad_object *none)
{
	const struct model *m = cx_model(cx);

	(void)none;
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		if (o->kind == AD_COMPUTER && is_rodc(o) &&
			model_readable(m, o, ATTR_MSDS_KRBTGT_LINK) != READABLE)
			++*cx_counter(cx, UNREAD_LINKS);
	}
	return 0;
}

static bool has_krbtgt_name(const struct ad_object *o)
{
	return str_istarts(obj_str(o, ATTR_SAM_ACCOUNT_NAME), STR("krbtgt_"));
}

static int orphan_krbtgt(struct check_cx *cx, const struct ad_object *krbtgt)
{
	const struct ad_object *rodc;

	/* krbtgt_N is known by its name, with what only the system writes (model/kind.c). */
	if (krbtgt->kind == AD_USER)
		return readable(cx, krbtgt, ATTR_SAM_ACCOUNT_NAME) &&
				       (!has_krbtgt_name(krbtgt) ||
					       (readable(cx, krbtgt, ATTR_USER_ACCOUNT_CONTROL) &&
						       readable(cx, krbtgt, ATTR_OBJECT_SID)))
			       ? passed_over(cx)
			       : 0;
	if (has_rid(krbtgt, RID_KRBTGT))
		return passed_over(cx);
	rodc = model_linked_from(cx_model(cx), ATTR_MSDS_KRBTGT_LINK, krbtgt);
	if (rodc && rodc->kind == AD_COMPUTER)
		return 0;
	if (*cx_counter(cx, UNREAD_LINKS))
		return undecided(cx, krbtgt, "attribute_not_readable msDS-KrbTgtLink");
	return finding(cx, krbtgt);
}

/* ---- table -------------------------------------------------------------------------- */

static const struct check rows[] = {
	{ .id = "vuln_rodc_priv_revealed",
		.each = AD_COMPUTER,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MSDS_REVEALED_USERS },
		.run = priv_revealed },
	{ .id = "vuln_rodc_never_reveal",
		.each = AD_COMPUTER,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MSDS_NEVER_REVEAL_GROUP },
		.run = never_reveal },
	{ .id = "vuln_rodc_reveal",
		.each = AD_COMPUTER,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MSDS_REVEAL_ON_DEMAND_GROUP },
		.run = reveal },
	{ .id = "vuln_rodc_allowed_group",
		.each = AD_DOMAIN,
		.reads = { ATTR_MEMBER },
		.run = allowed_group },
	{ .id = "vuln_rodc_denied_group",
		.each = AD_DOMAIN,
		.reads = { ATTR_MEMBER },
		.run = denied_group },
	{ .id = "vuln_rodc_orphan_krbtgt",
		.each = AD_KRBTGT,
		.kinds = KIND(AD_USER),
		.reads = { ATTR_MSDS_KRBTGT_LINK, ATTR_SAM_ACCOUNT_NAME,
			ATTR_USER_ACCOUNT_CONTROL },
		.before = orphan_before,
		.run = orphan_krbtgt },
};

CHECK_AREA(rodc, rows);
