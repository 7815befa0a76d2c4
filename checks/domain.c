#include "checks/common.h"

#include "ad/dn.h"

/* ---- vuln_functional_level ---------------------------------------------------------- */

/* The forest's msDS-Behavior-Version stands on CN=Partitions; the rootDSE repeats it. forest is
 * either of them, or a domain head, which does not know it. -1: not read. */
static int64_t forest_level(const struct model *m, const struct ad_object *forest)
{
	const struct ad_object *dse = model_rootdse(m);
	bool partitions = forest != dse && forest->kind != AD_DOMAIN;

	if (partitions && obj_has(forest, ATTR_MSDS_BEHAVIOR_VERSION))
		return obj_i64(forest, ATTR_MSDS_BEHAVIOR_VERSION);
	if (dse && obj_has(dse, ATTR_FOREST_FUNCTIONALITY))
		return obj_i64(dse, ATTR_FOREST_FUNCTIONALITY);
	/* Absent is Windows 2000 (MS-ADTS 6.1.4.4). */
	if (partitions && model_readable(m, forest, ATTR_MSDS_BEHAVIOR_VERSION) == READABLE)
		return 0;
	return -1;
}

static void evidence_domain_levels(struct check_cx *cx)
{
	const struct model *m = cx_model(cx);

	for (size_t i = 0; i < model_domain_count(m); i++) {
		const struct ad_domain *d = model_domain(m, i);

		if (d->functional_level >= 0)
			evidence(cx, "domain_level",
				arena_printf(cx_arena(cx), "%.*s=%d", STR_ARG(d->dns),
					d->functional_level));
	}
}

static int functional_level(struct check_cx *cx, const struct ad_object *forest)
{
	static const struct {
		const char *param;
		int level;
	} steps[] = { { "level1_min", 1 }, { "level3_min", 3 }, { "level4_min", 4 } };
	int64_t value = forest_level(cx_model(cx), forest);

	if (value < 0)
		return undecided(cx, forest, "forest_functional_level_not_read");
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (value >= cx_int(cx, steps[i].param))
			continue;
		finding_at(cx, forest, steps[i].level);
		evidence_int(cx, "forest_level", value);
		evidence_domain_levels(cx);
		return 0;
	}
	return 0;
}

/* ---- vuln_user_accounts_machineaccountquota ----------------------------------------- */

static int machine_account_quota(struct check_cx *cx, const struct ad_object *head)
{
	/* AD creates the domain with 10; what its absence means is not specified. */
	if (!obj_has(head, ATTR_MACHINE_ACCOUNT_QUOTA))
		return undecided(cx, head, "machine_account_quota_absent");
	if (obj_i64(head, ATTR_MACHINE_ACCOUNT_QUOTA) == 0)
		return 0;
	finding(cx, head);
	evidence_int(cx, "machine_account_quota", obj_i64(head, ATTR_MACHINE_ACCOUNT_QUOTA));
	return 0;
}

/* ---- vuln_dsheuristics_bad ---------------------------------------------------------- */

/* MS-ADTS 6.1.1.2.4.1.2; positions count from 1, what is not there is '0'. */
static const struct {
	size_t position;
	char value;
	bool must_be; /* else: must not be */
	int level;
	const char *name;
} heuristics[] = {
	{ 8, '0', true, 1, "fAllowAnonNSPI" },
	{ 16, '0', true, 1, "dwAdminSDExMask" },
	{ 7, '2', false, 2, "fLDAPBlockAnonOps" },
	{ 21, '0', true, 2, "DoNotVerifyUPNAndOrSPNUniqueness" },
	{ 28, '2', false, 2, "AttributeAuthorizationOnLDAPAdd" },
	{ 29, '2', false, 2, "BlockOwnerImplicitRights" },
	{ 31, '0', true, 2, "DisableConfidentialAttributeEncryptionRequirements" },
	{ 28, '1', true, 4, "AttributeAuthorizationOnLDAPAdd" },
	{ 29, '1', true, 4, "BlockOwnerImplicitRights" },
};
#define HEURISTICS (sizeof(heuristics) / sizeof(heuristics[0]))

static bool is_bad(struct str text, size_t i)
{
	size_t at = heuristics[i].position - 1;
	bool is = at < text.n ? text.p[at] == heuristics[i].value : heuristics[i].value == '0';

	return is != heuristics[i].must_be;
}

static int ds_heuristics(struct check_cx *cx, const struct ad_object *forest)
{
	const struct ad_object *service =
		find_in_configuration(cx, "CN=Directory Service,CN=Windows NT,CN=Services,");
	struct str text;
	int level = 0;

	if (!service)
		return undecided(cx, forest, "directory_service_not_read");
	if (!readable(cx, service, ATTR_DS_HEURISTICS))
		return 0;
	text = obj_str(service, ATTR_DS_HEURISTICS);
	for (size_t i = 0; i < HEURISTICS; i++)
		if (is_bad(text, i) && (level == 0 || heuristics[i].level < level))
			level = heuristics[i].level;
	if (level == 0)
		return 0;
	finding_at(cx, service, level);
	if (text.n > 0)
		evidence(cx, "ds_heuristics", text);
	else
		evidence_z(cx, "ds_heuristics", "none");
	for (size_t i = 0; i < HEURISTICS; i++)
		if (is_bad(text, i))
			evidence_z(cx, "setting", heuristics[i].name);
	return 0;
}

/* ---- settings of one object a domain ------------------------------------------------ */

static int smartcard_expire(struct check_cx *cx, const struct ad_object *head)
{
	if (obj_bool(head, ATTR_MSDS_EXPIRE_SMARTCARD_PASSWORDS))
		return 0;
	finding(cx, head);
	evidence_z(cx, "setting",
		obj_has(head, ATTR_MSDS_EXPIRE_SMARTCARD_PASSWORDS) ? "FALSE" : "none");
	return 0;
}

#define BAD_REVISION 15 /* adprep of Windows Server 2016, before 1709 */

static int adupdate(struct check_cx *cx, const struct ad_object *head)
{
	const struct ad_object *update =
		find_below(cx, "CN=ActiveDirectoryUpdate,CN=DomainUpdates,CN=System,", head);

	if (!update)
		return undecided(cx, head, "adupdate_not_read");
	if (!readable(cx, update, ATTR_REVISION))
		return 0;
	if (!obj_has(update, ATTR_REVISION))
		return undecided(cx, update, "adupdate_not_read");
	if (obj_i64(update, ATTR_REVISION) != BAD_REVISION)
		return 0;
	finding(cx, update);
	evidence_int(cx, "revision", obj_i64(update, ATTR_REVISION));
	return 0;
}

/* ---- replication of SYSVOL ---------------------------------------------------------- */

#define DFSR_ELIMINATED 48u /* msDFSR-Flags at the end of the migration, and of new domains */

static const struct ad_object *dfsr_settings(struct check_cx *cx, const struct ad_object *head)
{
	return find_below(cx, "CN=DFSR-GlobalSettings,CN=System,", head);
}

static const struct ad_object *ntfrs_replica(struct check_cx *cx, const struct ad_object *head)
{
	return find_below(cx,
		"CN=Domain System Volume (SYSVOL share),CN=File Replication Service,CN=System,",
		head);
}

/* A replica set that nobody is a member of is a leftover. */
static enum tri has_members(struct check_cx *cx, const struct ad_object *replica)
{
	const struct model *m = cx_model(cx);
	enum tri answer = object_has_children(m, replica, NULL) == UNKNOWN ? UNKNOWN : NO;

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		if (o->kind != AD_OTHER || model_find_dn(m, dn_parent(o->dn)) != replica)
			continue;
		if (has_class(o, "nTFRSMember"))
			return YES;
		if (!obj_has(o, ATTR_OBJECT_CLASS))
			answer = UNKNOWN;
	}
	return answer;
}

static int sysvol_ntfrs(struct check_cx *cx, const struct ad_object *head)
{
	const struct ad_object *dfsr = dfsr_settings(cx, head), *ntfrs = ntfrs_replica(cx, head);
	enum tri members = ntfrs ? has_members(cx, ntfrs) : NO;

	if (dfsr && obj_u32(dfsr, ATTR_MSDFSR_FLAGS) == DFSR_ELIMINATED)
		return 0;
	if (members == UNKNOWN)
		return undecided(cx, head, "sysvol_replication_not_read");
	if (members == NO)
		return dfsr && model_readable(cx_model(cx), dfsr, ATTR_MSDFSR_FLAGS) == READABLE
			       ? 0
			       : undecided(cx, head, "sysvol_replication_not_read");
	if (dfsr && !readable(cx, dfsr, ATTR_MSDFSR_FLAGS))
		return 0;
	finding(cx, ntfrs);
	evidence_int(cx, "dfsr_flags", dfsr ? obj_i64(dfsr, ATTR_MSDFSR_FLAGS) : 0);
	return 0;
}

static int sysvol_no_replication(struct check_cx *cx, const struct ad_object *head)
{
	if (dfsr_settings(cx, head) || ntfrs_replica(cx, head))
		return 0;
	/* Only who may list CN=System can say that something is not there. */
	if (!find_below(cx, "CN=System,", head) || model_reader(cx_model(cx)).n == 0)
		return undecided(cx, head, "sysvol_replication_not_read");
	return finding(cx, head);
}

/* ---- vuln_critical_objects ---------------------------------------------------------- */

static unsigned report_missing(
	struct check_cx *cx, const struct ad_object *head, const char *name, unsigned missing)
{
	if (missing == 0)
		finding(cx, head);
	evidence_z(cx, "missing", name);
	return missing + 1;
}

static int critical_objects(struct check_cx *cx, const struct ad_object *head)
{
	static const struct {
		uint32_t rid;
		bool root_only;
	} wanted[] = { { RID_ADMINISTRATOR, false }, { RID_KRBTGT, false },
		{ RID_DOMAIN_ADMINS, false }, { RID_SCHEMA_ADMINS, true },
		{ RID_ENTERPRISE_ADMINS, true } };
	const char *gap = NULL, *names[6];
	unsigned count = 0, shown = 0;

	if (sid_is_none(&head->sid))
		return undecided(cx, head, "domain_head_not_read");
	if (!find_below(cx, "CN=AdminSDHolder,CN=System,", head))
		names[count++] = "AdminSDHolder";
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct sid sid = sid_with_rid(&head->sid, wanted[i].rid);

		if ((!wanted[i].root_only || is_forest_root(cx, head)) &&
			!model_find_sid(cx_model(cx), &sid))
			names[count++] = wellknown_name(&sid);
	}
	if (count == 0)
		return 0;
	/* A file may leave out what its reader could well have read. */
	if (model_reader(cx_model(cx)).n == 0)
		return undecided(cx, head, "critical_object_not_read");
	if (model_complete(cx_model(cx), AD_CONTAINER, &gap) != YES)
		return undecided(cx, head, gap);
	for (unsigned i = 0; i < count; i++)
		shown = report_missing(cx, head, names[i], shown);
	return 0;
}

/* ---- vuln_compatible_2000_*: the group S-1-5-32-554 of each domain ------------------- */

#define COMPATIBLE_GROUPS 0 /* counter */

/* The SID of a member: its object's, else the one in the name of a foreign principal. */
static bool member_sid(struct check_cx *cx, struct str dn, struct sid *out)
{
	const struct ad_object *who = model_find_dn(cx_model(cx), dn);

	if (who && !sid_is_none(&who->sid)) {
		*out = who->sid;
		return true;
	}
	return sid_from_text(dn_rdn_value(cx_arena(cx), dn), out);
}

static bool is_default_member(const struct sid *sid)
{
	struct sid authenticated = { 1, 1, 5, { 11 } };

	return sid_eq(sid, &authenticated);
}

static bool is_anonymous(const struct sid *sid)
{
	struct sid anonymous = { 1, 1, 5, { 7 } };

	return sid_eq(sid, &anonymous);
}

/* .arg: only Anonymous Logon, or whatever is not Authenticated Users. */
static int compatible_2000(struct check_cx *cx, const struct ad_object *group)
{
	struct sid compatible = sid_builtin(RID_BUILTIN_PRE_WINDOWS_2000), sid;
	bool found = false;

	if (!sid_eq(&group->sid, &compatible))
		return passed_over(cx);
	++*cx_counter(cx, COMPATIBLE_GROUPS);
	if (!readable(cx, group, ATTR_MEMBER))
		return 0;
	for (size_t i = 0; i < obj_count(group, ATTR_MEMBER); i++) {
		struct str dn = obj_value(group, ATTR_MEMBER, i);
		const struct ad_object *who = model_find_dn(cx_model(cx), dn);
		bool known = member_sid(cx, dn, &sid);

		if (cx_arg(cx) ? !known || !is_anonymous(&sid) : known && is_default_member(&sid))
			continue;
		if (!found)
			finding(cx, group);
		found = true;
		evidence(cx, "member", who ? who->name : dn_rdn_value(cx_arena(cx), dn));
	}
	return 0;
}

static int compatible_2000_after(struct check_cx *cx, const struct ad_object *obj)
{
	uint64_t domains = model_domain_count(cx_model(cx));

	(void)obj;
	if (domains == 0 || *cx_counter(cx, COMPATIBLE_GROUPS) < domains)
		undecided(cx, NULL, "compatible_group_not_read");
	return 0;
}

/* ---- vuln_display_specifier --------------------------------------------------------- */

static bool contains(struct str text, struct str word)
{
	for (; text.n >= word.n; text.p++, text.n--)
		if (str_istarts(text, word))
			return true;
	return false;
}

/* "order,menu text,program" (MS-ADA1 adminContextMenu); "order,{CLSID}" is a COM object. A
 * program on a file server counts, but where domain controllers keep SYSVOL. */
static bool is_foreign_program(struct str value)
{
	struct str program;

	str_cut(value, ',', &program);
	str_cut(program, ',', &program);
	return contains(program, STR("\\\\")) && !contains(program, STR("\\sysvol\\")) &&
	       !contains(program, STR("\\netlogon\\"));
}

static int display_specifier(struct check_cx *cx, const struct ad_object *obj)
{
	static const enum attr menus[] = { ATTR_ADMIN_CONTEXT_MENU, ATTR_CONTEXT_MENU,
		ATTR_SHELL_CONTEXT_MENU };
	bool found = false;

	if (!has_class(obj, "displaySpecifier"))
		return passed_over(cx);
	for (size_t a = 0; a < sizeof(menus) / sizeof(menus[0]); a++) {
		readable(cx, obj, menus[a]);
		for (size_t i = 0; i < obj_count(obj, menus[a]); i++) {
			struct str value = obj_value(obj, menus[a], i);

			if (!is_foreign_program(value))
				continue;
			if (!found)
				finding(cx, obj);
			found = true;
			evidence(cx, "program", value);
		}
	}
	return 0;
}

/* Every forest has display specifiers. */
static int display_specifier_after(struct check_cx *cx, const struct ad_object *obj)
{
	const char *gap = "configuration_not_read";

	(void)obj;
	if (model_configuration_complete(cx_model(cx), &gap) != YES || cx_examined(cx) == 0)
		undecided(cx, NULL, gap);
	return 0;
}

/* ---- vuln_owner --------------------------------------------------------------------- */

static bool is_good_owner(struct check_cx *cx, const struct sid *owner)
{
	const struct model *m = cx_model(cx);
	struct sid administrators = sid_builtin(RID_BUILTIN_ADMINISTRATORS);
	struct sid system = { 1, 1, 5, { 18 } };
	uint32_t rid;

	if (sid_eq(owner, &administrators) || sid_eq(owner, &system))
		return true;
	for (size_t i = 0; i < model_domain_count(m); i++)
		if (sid_in_domain(owner, &model_domain(m, i)->sid, &rid) &&
			(rid == RID_DOMAIN_ADMINS || rid == RID_ENTERPRISE_ADMINS))
			return true;
	return false;
}

/* The administrators' groups of a domain of the forest that was not read have their RIDs too. */
static bool may_be_good_owner(const struct sid *owner)
{
	return sid_is_domain_principal(owner) &&
	       (sid_rid(owner) == RID_DOMAIN_ADMINS || sid_rid(owner) == RID_ENTERPRISE_ADMINS);
}

static int owner(struct check_cx *cx, const struct ad_object *obj)
{
	const struct secdesc *sd;
	const struct ad_object *who;
	char text[SID_TEXT];

	if (obj_time(obj, ATTR_WHEN_CREATED) > cx_now(cx) - DAYS(cx_int(cx, "min_days")))
		return passed_over(cx);
	sd = model_descriptor(cx_model(cx), obj, cx_arena(cx));
	if (!sd || sid_is_none(&sd->owner))
		return undecided(cx, obj, "descriptor_not_read");
	if (is_good_owner(cx, &sd->owner))
		return 0;
	/* It may be younger than min_days. */
	if (!readable(cx, obj, ATTR_WHEN_CREATED))
		return 0;
	if (may_be_good_owner(&sd->owner))
		return undecided(cx, obj, "owner_of_another_domain");
	finding(cx, obj);
	who = model_find_sid(cx_model(cx), &sd->owner);
	evidence(cx, "owner", who ? who->name : str_of(sid_text(&sd->owner, text)));
	return 0;
}

/* ---- hyg_recycle_bin ---------------------------------------------------------------- */

static int recycle_bin(struct check_cx *cx, const struct ad_object *forest)
{
	const struct ad_object *partitions = find_in_configuration(cx, "CN=Partitions,");

	if (!partitions)
		return undecided(cx, forest, "configuration_not_read");
	if (!readable(cx, partitions, ATTR_MSDS_ENABLED_FEATURE))
		return 0;
	for (size_t i = 0; i < obj_count(partitions, ATTR_MSDS_ENABLED_FEATURE); i++)
		if (str_istarts(obj_value(partitions, ATTR_MSDS_ENABLED_FEATURE, i),
			    STR("CN=Recycle Bin Feature,")))
			return 0;
	return finding(cx, partitions);
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec level_params[] = {
	{ "level1_min", PARAM_INT, 0, 100, 1 },
	{ "level3_min", PARAM_INT, 0, 100, 1 },
	{ "level4_min", PARAM_INT, 0, 100, 1 },
	{ 0 },
};

static const struct param_spec owner_params[] = {
	{ "min_days", PARAM_INT, 0, 7, -1 },
	{ 0 },
};

static const struct check rows[] = {
	{ .id = "vuln_functional_level",
		.each = AD_FOREST,
		.run = functional_level,
		.params = level_params },
	{ .id = "vuln_user_accounts_machineaccountquota",
		.each = AD_DOMAIN,
		.run = machine_account_quota,
		.needs = { ATTR_MACHINE_ACCOUNT_QUOTA } },
	{ .id = "vuln_dsheuristics_bad",
		.each = AD_FOREST,
		.reads = { ATTR_DS_HEURISTICS },
		.run = ds_heuristics },
	{ .id = "vuln_smartcard_expire_passwords",
		.each = AD_DOMAIN,
		.run = smartcard_expire,
		.needs = { ATTR_MSDS_EXPIRE_SMARTCARD_PASSWORDS } },
	{ .id = "vuln_adupdate_bad",
		.each = AD_DOMAIN,
		.reads = { ATTR_REVISION },
		.run = adupdate },
	{ .id = "vuln_sysvol_ntfrs",
		.each = AD_DOMAIN,
		.reads = { ATTR_MSDFSR_FLAGS },
		.run = sysvol_ntfrs },
	{ .id = "warning_sysvol_no_repl", .each = AD_DOMAIN, .run = sysvol_no_replication },
	{ .id = "vuln_critical_objects", .each = AD_DOMAIN, .run = critical_objects },
	{ .id = "vuln_compatible_2000_anonymous",
		.each = AD_GROUP,
		.reads = { ATTR_MEMBER },
		.run = compatible_2000,
		.after = compatible_2000_after,
		.arg = 1 },
	{ .id = "vuln_compatible_2000_not_default",
		.each = AD_GROUP,
		.reads = { ATTR_MEMBER },
		.run = compatible_2000,
		.after = compatible_2000_after,
		.arg = 0 },
	{ .id = "vuln_display_specifier",
		.each = AD_OTHER,
		.reads = { ATTR_ADMIN_CONTEXT_MENU, ATTR_CONTEXT_MENU, ATTR_SHELL_CONTEXT_MENU },
		.run = display_specifier,
		.after = display_specifier_after },
	{ .id = "vuln_owner",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS | KIND(AD_GROUP) | KIND(AD_OU) | KIND(AD_GPO),
		.run = owner,
		.params = owner_params },
	{ .id = "hyg_recycle_bin",
		.each = AD_FOREST,
		.reads = { ATTR_MSDS_ENABLED_FEATURE },
		.run = recycle_bin },
};

CHECK_AREA(domain, rows);
