#include "checks/privileged_groups.h"

#include "ad/dn.h"
#include "base/hash.h"
#include "base/utf8.h"

/* ---- vuln_privileged_members: a head-count of the forest ---------------------------- */

/* RID 500 and the DCs are left out of the count (controls.md, "Privileged set"). */
static bool is_counted(struct check_cx *cx, const struct ad_object *obj)
{
	if (is_rid500(obj) || is_dc_computer(obj) || may_be_rid500(cx, obj))
		return false;
	return cx_bool(cx, "include_disabled") || account_enabled(cx_model(cx), obj) == YES;
}

/* The head-count is taken once, in privileged_members_after(); here only who may be one more. */
static int privileged_members(struct check_cx *cx, const struct ad_object *obj)
{
	if (account_privileged(cx_model(cx), obj) == UNKNOWN)
		undecided(cx, obj, "privilege_not_readable");
	return 0;
}

/* The same name in several domains is one person: accounts and distinct names. */
static uint64_t count_members(struct check_cx *cx, uint64_t *names)
{
	const struct model *m = cx_model(cx);
	struct hash seen = { 0 };
	uint64_t accounts = 0;

	*names = 0;
	for (size_t i = 0; i < model_privileged_count(m); i++) {
		const struct ad_object *o = model_privileged(m, i);
		struct str name;

		if (!is_counted(cx, o))
			continue;
		accounts++;
		name = utf8_folded(cx_arena(cx), o->name);
		if (hash_get(&seen, name) != HASH_NONE)
			continue;
		hash_add(&seen, name, 1);
		++*names;
	}
	hash_free(&seen);
	return accounts;
}

/* Domains of the forest by their crossRef objects (systemFlags FLAG_CR_NTDS_DOMAIN, MS-ADTS
 * 2.2.10); 0 when none was read. */
static uint64_t count_forest_domains(const struct model *m)
{
	uint64_t count = 0;

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		count += o->kind == AD_OTHER && obj_has(o, ATTR_NC_NAME) &&
			 (obj_u32(o, ATTR_SYSTEM_FLAGS) & 0x2u);
	}
	return count;
}

static void report_members(struct check_cx *cx, int level, uint64_t count, int64_t limit)
{
	const struct model *m = cx_model(cx);

	for (size_t i = 0; i < model_privileged_count(m); i++) {
		const struct ad_object *o = model_privileged(m, i);

		if (!is_counted(cx, o))
			continue;
		finding_at(cx, o, level);
		evidence_int(cx, "count", (int64_t)count);
		evidence_int(cx, "limit", limit);
		evidence_privilege_path(cx, o);
	}
}

static int64_t limit_of_forest(struct check_cx *cx, uint64_t forest)
{
	int64_t limit = cx_int(cx, "max_members");
	int64_t by_domains = 3 * (int64_t)(forest ? forest : model_domain_count(cx_model(cx)));

	return by_domains > limit ? by_domains : limit;
}

enum { MANY_MEMBERS, SOME_MEMBERS }; /* .arg: over the limit; notable and not over it */

static int privileged_members_after(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	uint64_t forest = count_forest_domains(m), names, accounts = count_members(cx, &names);
	int64_t limit = limit_of_forest(cx, forest);

	(void)obj;
	note(cx, arena_printf(cx_arena(cx), "privileged_accounts %llu limit %lld",
			 (unsigned long long)accounts, (long long)limit)
			 .p);
	if (cx_arg(cx) == SOME_MEMBERS && (int64_t)accounts > limit)
		return not_applicable(cx, "members_over_the_limit");
	if (cx_arg(cx) == SOME_MEMBERS)
		limit = cx_int(cx, "min_members");
	if ((int64_t)names > limit)
		report_members(cx, 1, names, limit);
	else if ((int64_t)accounts > limit)
		report_members(cx, 2, accounts, limit);
	else if (forest == 0)
		undecided(cx, NULL, "forest_domains_not_read");
	else if (forest > model_domain_count(m))
		undecided(cx, NULL,
			arena_printf(cx_arena(cx), "domains_not_read %llu",
				(unsigned long long)(forest - model_domain_count(m)))
				.p);
	return 0;
}

/* ---- one account -------------------------------------------------------------------- */

/* SDProp stamps the members every hour (MS-ADTS 3.1.1.6.1.1), those of the DC groups never. */
static int no_admincount(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t since = cx_now(cx) - 3600;

	if (is_dc_computer(obj) || obj_time(obj, ATTR_WHEN_CREATED) > since)
		return passed_over(cx);
	if (!readable(cx, obj, ATTR_ADMIN_COUNT) || obj_u32(obj, ATTR_ADMIN_COUNT) != 0)
		return 0;
	if (!account_privileged_for_an_hour(cx_model(cx), obj))
		return undecided(cx, obj, "membership_changed_recently");
	finding(cx, obj);
	evidence_z(cx, "admin_count", obj_has(obj, ATTR_ADMIN_COUNT) ? "0" : "none");
	evidence_privilege_path(cx, obj);
	return 0;
}

/* The Protected Users group of obj's own domain; NULL with the reason in *why. */
static const struct ad_object *protected_users_of(
	struct check_cx *cx, const struct ad_object *obj, const char **why)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *group;
	struct sid sid;

	*why = "protected_users_not_read";
	if (!obj->domain || sid_is_none(&obj->domain->sid))
		return NULL;
	sid = sid_with_rid(&obj->domain->sid, RID_PROTECTED_USERS);
	group = model_find_sid(m, &sid);
	/* A domain whose groups were all read and that lacks it protects nobody. */
	if (!group && model_knows_group_sids(m))
		*why = NULL;
	return group;
}

/* No exemption but DC computers (controls.md, "Settled on review"). */
static int protected_users(struct check_cx *cx, const struct ad_object *obj)
{
	const struct ad_object *group;
	const char *why;

	if (is_dc_computer(obj))
		return passed_over(cx);
	group = protected_users_of(cx, obj, &why);
	if (group && object_in_group(cx_model(cx), obj, group))
		return 0;
	if (!group && why)
		return undecided(cx, obj, why);
	if (group && group_members_hidden(cx_model(cx), group))
		return undecided(cx, obj, "protected_users_members_not_readable");
	finding(cx, obj);
	if (group)
		evidence(cx, "missing_group", group->name);
	else
		evidence_z(cx, "missing_group", "absent");
	evidence_privilege_path(cx, obj);
	return 0;
}

/* Either keeps a service that delegates from acting as the account: the flag, or the group (MS-KILE
 * 3.3.5.7). Machines and services are delegated to, not delegated. */
static int may_be_delegated(struct check_cx *cx, const struct ad_object *obj)
{
	const struct ad_object *group;
	const char *why;

	if (obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL) & UAC_NOT_DELEGATED)
		return 0;
	group = protected_users_of(cx, obj, &why);
	if (group && object_in_group(cx_model(cx), obj, group))
		return 0;
	if (!group && why)
		return undecided(cx, obj, why);
	if (group && group_members_hidden(cx_model(cx), group))
		return undecided(cx, obj, "protected_users_members_not_readable");
	finding(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

/* Everybody, or whoever can be anybody: users, guests and computers of a domain, and the SIDs that
 * every token carries. */
static bool is_everybody(const struct ad_object *o)
{
	static const uint32_t rids[] = { RID_GUEST, RID_DOMAIN_USERS, RID_DOMAIN_GUESTS,
		RID_DOMAIN_COMPUTERS };
	static const uint32_t builtins[] = { RID_BUILTIN_USERS, RID_BUILTIN_GUESTS };
	static const char *const sids[] = { "S-1-1-0", "S-1-5-2", "S-1-5-4", "S-1-5-7", "S-1-5-11",
		"S-1-5-15" };
	char text[SID_TEXT];

	for (size_t i = 0; i < ARRAY_LEN(rids); i++)
		if (has_rid(o, rids[i]))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(builtins); i++) {
		struct sid sid = sid_builtin(builtins[i]);

		if (sid_eq(&o->sid, &sid))
			return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(sids) && !sid_is_none(&o->sid); i++)
		if (strcmp(sid_text(&o->sid, text), sids[i]) == 0)
			return true;
	return false;
}

/* A member by a SID that everybody has, whose own object was not read. */
static bool names_everybody(struct check_cx *cx, struct str dn)
{
	struct ad_object named = { .kind = AD_FSP };

	return !model_find_dn(cx_model(cx), dn) &&
	       sid_from_text(dn_rdn_value(cx_arena(cx), dn), &named.sid) && is_everybody(&named);
}

/* The guest is in Everyone and in the domain's guests anyway: only by a group of its own. */
static int guest_privileged(struct check_cx *cx, const struct ad_object *guest)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *const *groups;
	size_t n = object_groups(m, guest, &groups);

	for (size_t i = 0; i < n; i++) {
		if (is_everybody(groups[i]) || !object_brings_privilege(m, groups[i]))
			continue;
		finding(cx, guest);
		evidence(cx, "group", groups[i]->name);
		return 0;
	}
	return 0;
}

static int everybody_privileged(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);

	/* Is it the guest? */
	if (obj->kind == AD_USER && sid_is_none(&obj->sid) && !readable(cx, obj, ATTR_OBJECT_SID))
		return 0;
	if (obj->kind == AD_USER)
		return is_everybody(obj) ? guest_privileged(cx, obj) : passed_over(cx);
	if (is_everybody(obj) && object_brings_privilege(m, obj)) {
		finding(cx, obj);
		for (size_t i = 0; i < model_privileged_group_count(m); i++)
			if (object_in_group(m, obj, model_privileged_group(m, i)))
				evidence(cx, "group", model_privileged_group(m, i)->name);
		return 0;
	}
	if (obj->kind != AD_GROUP || !object_brings_privilege(m, obj))
		return is_everybody(obj) ? 0 : passed_over(cx);
	for (size_t i = 0; i < obj_count(obj, ATTR_MEMBER); i++) {
		if (!names_everybody(cx, obj_value(obj, ATTR_MEMBER, i)))
			continue;
		finding(cx, obj);
		evidence(cx, "member", dn_rdn_value(cx_arena(cx), obj_value(obj, ATTR_MEMBER, i)));
		return 0;
	}
	if (group_unread_members(m, obj))
		return undecided(cx, obj, "privileged_member_not_read");
	readable(cx, obj, ATTR_MEMBER);
	return 0;
}

/* The built-in Administrator is better disabled than used. */
static int privileged_disabled(struct check_cx *cx, const struct ad_object *obj)
{
	if (is_rid500(obj) || account_enabled(cx_model(cx), obj) != NO || may_be_rid500(cx, obj))
		return 0;
	finding(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- vuln_silo_priv ----------------------------------------------------------------- */

/* In a silo that is enforced? */
static enum tri in_silo(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *silo;

	if (!obj_has(obj, ATTR_MSDS_ASSIGNED_SILO))
		return model_readable(m, obj, ATTR_MSDS_ASSIGNED_SILO) == READABLE ? NO : UNKNOWN;
	silo = model_find_dn(m, obj_str(obj, ATTR_MSDS_ASSIGNED_SILO));
	if (!silo || model_readable(m, silo, ATTR_MSDS_SILO_ENFORCED) != READABLE)
		return UNKNOWN;
	return obj_bool(silo, ATTR_MSDS_SILO_ENFORCED) ? YES : NO;
}

static int silo_priv(struct check_cx *cx, const struct ad_object *obj)
{
	switch (in_silo(cx, obj)) {
	case YES:
		return 0;
	case UNKNOWN:
		return undecided(cx, obj, "silo_not_readable");
	case NO:
		break;
	}
	finding(cx, obj);
	if (obj_has(obj, ATTR_MSDS_ASSIGNED_SILO))
		evidence(cx, "silo", obj_str(obj, ATTR_MSDS_ASSIGNED_SILO));
	else
		evidence_z(cx, "silo", "none");
	evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- vuln_sd_failed_sd_read_on_priv ------------------------------------------------- */

#define HAS_DESCRIPTORS 0 /* counter: some object shows its descriptor */

static int sd_failed_before(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);

	(void)obj;
	for (size_t i = 0; i < model_object_count(m) && !*cx_counter(cx, HAS_DESCRIPTORS); i++)
		if (model_has_descriptor(m, model_object(m, i)))
			*cx_counter(cx, HAS_DESCRIPTORS) = 1;
	return 0;
}

/* A source without any descriptor was not asked for them: nothing is wrong with the account. */
static int sd_failed(struct check_cx *cx, const struct ad_object *obj)
{
	if (model_has_descriptor(cx_model(cx), obj))
		return 0;
	if (!*cx_counter(cx, HAS_DESCRIPTORS))
		return undecided(cx, obj, "attribute_not_collected nTSecurityDescriptor");
	if (model_known_in_part(cx_model(cx), obj))
		return undecided(cx, obj, "descriptor_not_readable");
	finding(cx, obj);
	evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- warnings ----------------------------------------------------------------------- */

static int logon_script(struct check_cx *cx, const struct ad_object *obj)
{
	if (obj_str(obj, ATTR_SCRIPT_PATH).n == 0)
		return 0;
	finding(cx, obj);
	evidence(cx, "script", obj_str(obj, ATTR_SCRIPT_PATH));
	evidence_privilege_path(cx, obj);
	return 0;
}

/* RID 500 is better disabled than used. */
static int expired_or_disabled(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t expires = obj_time(obj, ATTR_ACCOUNT_EXPIRES);
	bool disabled = account_enabled(cx_model(cx), obj) == NO;

	if (is_rid500(obj))
		return 0;
	if (!disabled && (expires == INT64_MIN || expires >= cx_now(cx))) {
		readable(cx, obj, ATTR_ACCOUNT_EXPIRES);
		return 0;
	}
	finding(cx, obj);
	evidence_z(cx, "reason", disabled ? "disabled" : "expired");
	evidence_privilege_path(cx, obj);
	return 0;
}

static int key_credential(struct check_cx *cx, const struct ad_object *obj)
{
	if (!obj_has(obj, ATTR_MSDS_KEY_CREDENTIAL_LINK))
		return 0;
	finding(cx, obj);
	evidence_int(cx, "count", (int64_t)obj_count(obj, ATTR_MSDS_KEY_CREDENTIAL_LINK));
	return 0;
}

/* A silo says with which keys its machines log on: one that somebody added escapes it. */
static int key_credential_silo(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);
	bool key = obj_has(obj, ATTR_MSDS_KEY_CREDENTIAL_LINK);
	bool no_key = !key && model_readable(m, obj, ATTR_MSDS_KEY_CREDENTIAL_LINK) == READABLE;

	if (!obj_has(obj, ATTR_MSDS_ASSIGNED_SILO)) {
		if (model_readable(m, obj, ATTR_MSDS_ASSIGNED_SILO) == READABLE)
			return passed_over(cx);
		if (!no_key)
			readable(cx, obj, ATTR_MSDS_ASSIGNED_SILO);
		return 0;
	}
	if (!key) {
		readable(cx, obj, ATTR_MSDS_KEY_CREDENTIAL_LINK);
		return 0;
	}
	key_credential(cx, obj);
	evidence(cx, "silo", obj_str(obj, ATTR_MSDS_ASSIGNED_SILO));
	return 0;
}

static int key_credential_dc(struct check_cx *cx, const struct ad_object *obj)
{
	if (!dc_only(cx, obj) || !readable(cx, obj, ATTR_MSDS_KEY_CREDENTIAL_LINK))
		return 0;
	return key_credential(cx, obj);
}

/* Protected by SDProp: privileged, in a group that is, or the two that ANSSI does not count as
 * privileged, Replicator and the read-only domain controllers (MS-ADTS 3.1.1.6.1.2). */
static bool is_also_protected(const struct ad_object *group)
{
	struct sid replicator = sid_builtin(RID_BUILTIN_REPLICATOR);

	return sid_eq(&group->sid, &replicator) || has_rid(group, RID_RODCS);
}

static bool holds_directly(const struct ad_object *const *groups, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_also_protected(groups[i]))
			return true;
	return false;
}

/* Are the members of those two known, in every domain? One made before 2008 has no RODCs. */
static bool knows_also_protected(const struct model *m)
{
	bool all_groups = model_complete(m, AD_GROUP, NULL) == YES;

	for (size_t d = 0; d < model_domain_count(m); d++) {
		struct sid sids[2] = { sid_builtin(RID_BUILTIN_REPLICATOR),
			sid_with_rid(&model_domain(m, d)->sid, RID_RODCS) };

		for (size_t i = 0; i < ARRAY_LEN(sids); i++) {
			const struct ad_object *group = model_find_sid(m, &sids[i]);

			if (group ? group_members_hidden(m, group) : !all_groups)
				return false;
		}
	}
	return true;
}

static enum tri is_protected(const struct model *m, const struct ad_object *obj)
{
	const struct ad_object *const *groups;
	size_t n = object_groups(m, obj, &groups);
	enum tri known = knows_also_protected(m) ? NO : UNKNOWN;

	if (holds_directly(groups, n))
		return YES;
	if (obj->kind != AD_GROUP) {
		enum tri privileged = account_privileged_whole(m, obj);

		return privileged == NO ? known : privileged;
	}
	if (object_brings_privilege(m, obj) || is_also_protected(obj))
		return YES;
	return model_privileged_complete(m, NULL) == YES ? known : UNKNOWN;
}

/* ANSSI gives its two points levels 1 and 3, and does not say what makes one of level 1. */
#define ADMIN_COUNT_LEVEL 3

/* .arg: only where inheritance is still cut, which AdminSDHolder did and nobody undid. */
static int admin_count_left(struct check_cx *cx, const struct ad_object *obj)
{
	const struct secdesc *sd;

	if (obj_u32(obj, ATTR_ADMIN_COUNT) == 0)
		return 0;
	switch (is_protected(cx_model(cx), obj)) {
	case YES:
		return 0;
	case UNKNOWN:
		return undecided(cx, obj, "privilege_not_readable");
	case NO:
		break;
	}
	sd = cx_arg(cx) ? model_descriptor(cx_model(cx), obj, cx_arena(cx)) : NULL;
	if (cx_arg(cx)) {
		if (!sd)
			return undecided(cx, obj, "descriptor_not_read");
		if (!(sd->control & SD_DACL_PROTECTED))
			return 0;
	}
	finding_at(cx, obj, ADMIN_COUNT_LEVEL);
	evidence_int(cx, "admin_count", obj_u32(obj, ATTR_ADMIN_COUNT));
	return 0;
}

static int admin_count_zero(struct check_cx *cx, const struct ad_object *obj)
{
	if (obj_has(obj, ATTR_ADMIN_COUNT) && obj_u32(obj, ATTR_ADMIN_COUNT) == 0)
		finding_at(cx, obj, ADMIN_COUNT_LEVEL);
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec members_params[] = {
	{ "max_members", PARAM_INT, 0, 100000, -1 },
	{ 0 },
};

static const struct param_spec some_members_params[] = {
	{ "max_members", PARAM_INT, 0, 100000, -1 },
	{ "min_members", PARAM_INT, 0, 100000, -1 },
	{ 0 },
};

static const struct param_spec recent_params[] = {
	{ "max_days", PARAM_INT, 1, 36500, 0 },
	{ 0 },
};

static const struct param_spec nesting_params[] = {
	{ "max_depth", PARAM_INT, 0, 100, 0 },
	{ "nested_groups_allowed", PARAM_BOOL, 0, 1, 0 },
	{ 0 },
};

static const struct check rows[] = {
	{ .id = "vuln_privileged_members",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.run = privileged_members,
		.after = privileged_members_after,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.params = members_params,
		.arg = MANY_MEMBERS },
	{ .id = "vuln_privileged_members_no_admincount",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_ADMIN_COUNT, ATTR_WHEN_CREATED },
		.run = no_admincount },
	{ .id = "vuln_protected_users",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_MEMBER },
		.run = protected_users },
	{ .id = "vuln_silo_priv",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_MSDS_ASSIGNED_SILO, ATTR_MSDS_SILO_ENFORCED },
		.run = silo_priv },
	{ .id = "vuln_sd_failed_sd_read_on_priv",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.before = sd_failed_before,
		.run = sd_failed },
	{ .id = "vuln_group_loop", .each = AD_GROUP, .run = group_loop, .needs = { ATTR_MEMBER } },
	{ .id = "hyg_privileged_nesting",
		.each = AD_GROUP,
		.reads = { ATTR_MEMBER },
		.run = privileged_nesting,
		.after = privileged_nesting_after,
		.params = nesting_params },
	{ .id = "hyg_privileged_disabled",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_PRIVILEGED,
		.run = privileged_disabled,
		.needs = { ATTR_USER_ACCOUNT_CONTROL } },
	{ .id = "hyg_operator_groups_not_empty",
		.each = AD_GROUP,
		.reads = { ATTR_MEMBER },
		.run = operator_groups,
		.after = operator_groups_after },
	{ .id = "hyg_admin_delegable",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.reads = { ATTR_MEMBER },
		.run = may_be_delegated,
		.needs = { ATTR_USER_ACCOUNT_CONTROL } },
	{ .id = "hyg_everybody_privileged",
		.each = AD_GROUP,
		.kinds = KIND(AD_FSP) | KIND(AD_USER),
		.reads = { ATTR_MEMBER },
		.run = everybody_privileged,
		.after = privileged_nesting_after },
	{ .id = "warning_privileged_members",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.run = privileged_members,
		.after = privileged_members_after,
		.needs = { ATTR_USER_ACCOUNT_CONTROL },
		.params = some_members_params,
		.arg = SOME_MEMBERS },
	{ .id = "warning_privileged_members_builtin_notpriv",
		.each = AD_GROUP,
		.reads = { ATTR_ADMIN_COUNT, ATTR_MEMBER },
		.run = unprotected_members,
		.after = privileged_nesting_after },
	{ .id = "warning_logonscript_priv",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.run = logon_script,
		.needs = { ATTR_SCRIPT_PATH } },
	{ .id = "warning_privileged_members_expired_disabled",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_PRIVILEGED,
		.reads = { ATTR_ACCOUNT_EXPIRES },
		.run = expired_or_disabled,
		.needs = { ATTR_USER_ACCOUNT_CONTROL } },
	{ .id = "warning_privileged_members_foreign",
		.each = AD_GROUP,
		.reads = { ATTR_MEMBER },
		.run = foreign_member,
		.after = foreign_member_after },
	{ .id = "warning_privileged_members_not_empty",
		.each = AD_GROUP,
		.reads = { ATTR_MEMBER },
		.run = privileged_not_empty,
		.after = privileged_nesting_after },
	{ .id = "warning_admincount",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS | KIND(AD_GROUP),
		.run = admin_count_left,
		.needs = { ATTR_ADMIN_COUNT },
		.arg = 0 },
	{ .id = "warning_admincount_0",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS | KIND(AD_GROUP),
		.run = admin_count_zero,
		.needs = { ATTR_ADMIN_COUNT } },
	{ .id = "hyg_adminsdholder_orphans",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS | KIND(AD_GROUP),
		.run = admin_count_left,
		.needs = { ATTR_ADMIN_COUNT },
		.arg = 1 },
	{ .id = "info_keycredentiallink_priv",
		.each = AD_USER,
		.scope = SCOPE_ENABLED | SCOPE_PRIVILEGED,
		.run = key_credential,
		.needs = { ATTR_MSDS_KEY_CREDENTIAL_LINK } },
	{ .id = "info_keycredentiallink_dc",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MSDS_KEY_CREDENTIAL_LINK },
		.run = key_credential_dc },
	{ .id = "info_keycredentiallink_silo",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_MSDS_ASSIGNED_SILO, ATTR_MSDS_KEY_CREDENTIAL_LINK },
		.run = key_credential_silo },
	{ .id = "info_privileged_members_recent_changes",
		.each = AD_GROUP,
		.reads = { ATTR_WHEN_CHANGED },
		.run = recently_changed,
		.after = privileged_nesting_after,
		.params = recent_params },
};

CHECK_AREA(privileged, rows);
