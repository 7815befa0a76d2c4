#include "checks/privileged_groups.h"

#include "ad/dn.h"

/* ---- groups ------------------------------------------------------------------------- */

int group_loop(struct check_cx *cx, const struct ad_object *group)
{
	const struct ad_object *cycle[EVIDENCE_NAMES];
	size_t n = group_cycle(cx_model(cx), group, cycle, EVIDENCE_NAMES);

	if (n == 0)
		return 0;
	finding(cx, group);
	evidence_names(cx, "cycle", cycle, n < EVIDENCE_NAMES ? n : EVIDENCE_NAMES);
	return 0;
}

/* A privileged group that holds group directly, or NULL. */
static const struct ad_object *privileged_parent(
	const struct model *m, const struct ad_object *group)
{
	const struct ad_object *const *parents;
	size_t n = object_groups(m, group, &parents);

	for (size_t i = 0; i < n; i++)
		if (group_is_privileged(m, parents[i]))
			return parents[i];
	return NULL;
}

/* A member that was not read may be a group: group is then not decided. */
static void decide_members(struct check_cx *cx, const struct ad_object *group)
{
	if (group_unread_members(cx_model(cx), group) > 0)
		undecided(cx, group, "privileged_member_not_read");
	else
		readable(cx, group, ATTR_MEMBER);
}

static int nesting_too_deep(struct check_cx *cx, const struct ad_object *group)
{
	unsigned depth = group_depth(cx_model(cx), group);

	if (depth <= cx_int(cx, "max_depth")) {
		decide_members(cx, group);
		/* Of hidden members privileged_nesting_after() speaks. */
		if (model_privileged_complete(cx_model(cx), NULL) == YES &&
			group_misses_members(cx_model(cx), group))
			undecided(cx, group, "privileged_member_not_read");
		return 0;
	}
	finding(cx, group);
	evidence_z(cx, "reason", "nesting_too_deep");
	evidence_int(cx, "depth", depth);
	evidence_int(cx, "limit", cx_int(cx, "max_depth"));
	return 0;
}

/* Privileged groups in one another are AD's own nesting (Domain Admins in Administrators). */
int privileged_nesting(struct check_cx *cx, const struct ad_object *group)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *parent;

	if (group_is_privileged(m, group))
		return nesting_too_deep(cx, group);
	parent = privileged_parent(m, group);
	if (!parent)
		return passed_over(cx);
	if (!cx_bool(cx, "nested_groups_allowed")) {
		finding(cx, group);
		evidence_z(cx, "reason", "nested_group");
		evidence(cx, "parent_group", parent->name);
	}
	decide_members(cx, group);
	return 0;
}

/* Below a group that was not read there may be any nesting. */
int privileged_nesting_after(struct check_cx *cx, const struct ad_object *obj)
{
	const char *reason = "privileged_groups_not_read";

	(void)obj;
	return model_privileged_complete(cx_model(cx), &reason) == YES
		       ? 0
		       : undecided(cx, NULL, reason);
}

static const uint32_t operator_rids[] = {
	RID_BUILTIN_ACCOUNT_OPERATORS,
	RID_BUILTIN_SERVER_OPERATORS,
	RID_BUILTIN_PRINT_OPERATORS,
	RID_BUILTIN_BACKUP_OPERATORS,
	RID_BUILTIN_REPLICATOR,
};
#define OPERATOR_GROUPS (sizeof(operator_rids) / sizeof(operator_rids[0]))

static bool is_operator_group(const struct ad_object *group)
{
	for (size_t i = 0; i < OPERATOR_GROUPS; i++) {
		struct sid sid = sid_builtin(operator_rids[i]);

		if (sid_eq(&group->sid, &sid))
			return true;
	}
	return false;
}

int operator_groups(struct check_cx *cx, const struct ad_object *group)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *const *members;
	size_t n, count;

	if (!is_operator_group(group))
		return passed_over(cx);
	++*cx_counter(cx, 0);
	n = group_members(m, group, &members);
	/* A name may stand for no object that was read, or for everybody. */
	count = n + group_unread_members(m, group);
	if (count < obj_count(group, ATTR_MEMBER))
		count = obj_count(group, ATTR_MEMBER);
	if (count == 0) {
		readable(cx, group, ATTR_MEMBER);
		return 0;
	}
	finding(cx, group);
	evidence_int(cx, "count", (int64_t)count);
	evidence_names(cx, "member", members, n);
	return 0;
}

/* Every domain has the five: one that is missing was not read. */
int operator_groups_after(struct check_cx *cx, const struct ad_object *obj)
{
	uint64_t expected = OPERATOR_GROUPS * model_domain_count(cx_model(cx));

	(void)obj;
	if (expected == 0 || *cx_counter(cx, 0) < expected)
		undecided(cx, NULL, "operator_groups_not_read");
	return 0;
}

/* ---- warnings about groups ---------------------------------------------------------- */

static bool should_be_empty(const struct ad_object *group)
{
	return is_operator_group(group) || has_rid(group, RID_ENTERPRISE_ADMINS) ||
	       has_rid(group, RID_SCHEMA_ADMINS);
}

/* The built-in Administrator is in two of them by default. UNKNOWN: the SID was not read. */
static enum tri is_default_in(struct check_cx *cx, struct str dn)
{
	const struct ad_object *who = model_find_dn(cx_model(cx), dn);

	if (who && who->kind == AD_USER && sid_is_none(&who->sid))
		return UNKNOWN;
	return who && is_rid500(who) ? YES : NO;
}

int privileged_not_empty(struct check_cx *cx, const struct ad_object *group)
{
	bool perhaps = false;
	size_t found = 0;

	if (!should_be_empty(group))
		return passed_over(cx);
	if (!readable(cx, group, ATTR_MEMBER))
		return 0;
	for (size_t i = 0; i < obj_count(group, ATTR_MEMBER) && found < EVIDENCE_NAMES; i++) {
		struct str dn = obj_value(group, ATTR_MEMBER, i);
		enum tri is_default = is_default_in(cx, dn);

		perhaps |= is_default == UNKNOWN;
		if (is_default != NO)
			continue;
		if (!found++)
			finding(cx, group);
		evidence(cx, "member", dn_rdn_value(cx_arena(cx), dn));
	}
	return perhaps && !found ? undecided(cx, group, "attribute_not_readable objectSid") : 0;
}

/* The SID in the name of a foreign principal is that of an account of another forest. */
static bool is_foreign(struct check_cx *cx, struct str dn)
{
	struct sid sid;

	return sid_from_text(dn_rdn_value(cx_arena(cx), dn), &sid) && sid_is_domain_principal(&sid);
}

int foreign_member(struct check_cx *cx, const struct ad_object *group)
{
	bool found = false;

	if (!group_is_privileged(cx_model(cx), group))
		return passed_over(cx);
	if (!readable(cx, group, ATTR_MEMBER))
		return 0;
	for (size_t i = 0; i < obj_count(group, ATTR_MEMBER); i++) {
		struct str dn = obj_value(group, ATTR_MEMBER, i);

		if (!is_foreign(cx, dn))
			continue;
		if (!found)
			finding(cx, group);
		found = true;
		evidence(cx, "member", dn_rdn_value(cx_arena(cx), dn));
	}
	return 0;
}

int foreign_member_after(struct check_cx *cx, const struct ad_object *obj)
{
	if (cx_examined(cx) == 0)
		undecided(cx, NULL, "privileged_groups_not_read");
	return privileged_nesting_after(cx, obj);
}

/* ---- warning_privileged_members_builtin_notpriv ------------------------------------- */

/* Groups to which Active Directory gives power from its first day, and which SDProp leaves alone:
 * policies, certificates of the forest, network, trusts, remote activation and virtual machines. */
static bool is_powerful(const struct ad_object *group)
{
	static const uint32_t rids[] = { RID_CERT_PUBLISHERS, RID_GROUP_POLICY_CREATOR_OWNERS };
	static const uint32_t builtins[] = { RID_BUILTIN_NETWORK_CONFIGURATION_OPERATORS,
		RID_BUILTIN_INCOMING_FOREST_TRUST_BUILDERS, RID_BUILTIN_DISTRIBUTED_COM_USERS,
		RID_BUILTIN_HYPER_V_ADMINISTRATORS };

	for (size_t i = 0; i < ARRAY_LEN(rids); i++)
		if (has_rid(group, rids[i]))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(builtins); i++) {
		struct sid sid = sid_builtin(builtins[i]);

		if (sid_eq(&group->sid, &sid))
			return true;
	}
	return false;
}

/* SDProp stamps the groups that it protects; operators may be excluded (dwAdminSDExMask, MS-ADTS
 * 6.1.1.2.4.1.2), key administrators are before Windows Server 2016. */
static bool is_stamped(const struct ad_object *group)
{
	return obj_u32(group, ATTR_ADMIN_COUNT) == 1;
}

/* In a group that SDProp protects, or never to be: domain controllers, authorities, RID 500. */
static bool is_shielded(struct check_cx *cx, const struct ad_object *member)
{
	const struct model *m = cx_model(cx);

	if (is_rid500(member) || member->kind == AD_COMPUTER ||
		(member->kind == AD_GROUP && is_stamped(member)))
		return true;
	for (size_t i = 0; i < model_privileged_group_count(m); i++) {
		const struct ad_object *group = model_privileged_group(m, i);

		if (is_stamped(group) && object_in_group(m, member, group))
			return true;
	}
	return false;
}

int unprotected_members(struct check_cx *cx, const struct ad_object *group)
{
	const struct ad_object *const *members;
	size_t n, shown = 0;

	if (!group_is_privileged(cx_model(cx), group) && !is_powerful(group))
		return passed_over(cx);
	if (is_stamped(group))
		return 0;
	n = group_members(cx_model(cx), group, &members);
	for (size_t i = 0; i < n && shown < EVIDENCE_NAMES; i++) {
		if (is_shielded(cx, members[i]))
			continue;
		if (!shown && !readable(cx, group, ATTR_ADMIN_COUNT))
			return 0;
		if (!shown)
			finding(cx, group);
		shown++;
		evidence(cx, "member", members[i]->name);
	}
	if (!shown)
		decide_members(cx, group);
	return 0;
}

/* ---- info_privileged_members_recent_changes ----------------------------------------- */

/* A member that comes or goes changes the group's whenChanged on the domain controller asked. */
int recently_changed(struct check_cx *cx, const struct ad_object *group)
{
	int64_t changed = obj_time(group, ATTR_WHEN_CHANGED);

	if (!group_is_privileged(cx_model(cx), group))
		return passed_over(cx);
	if (changed == INT64_MIN)
		return undecided(cx, group, "attribute_not_readable whenChanged");
	if (changed < cx_now(cx) - DAYS(cx_int(cx, "max_days")))
		return 0;
	finding(cx, group);
	evidence_date(cx, "changed", changed);
	evidence_int(cx, "count", (int64_t)obj_count(group, ATTR_MEMBER));
	return 0;
}
