#include "ad/dn.h"
#include "ad/secret_text.h"
#include "checks/common.h"

/* ---- vuln_guest: once a domain, so that one that was not read is seen --------------- */

static int guest_enabled(struct check_cx *cx, const struct ad_object *head)
{
	struct sid sid = sid_with_rid(&head->sid, RID_GUEST);
	const struct ad_object *guest =
		sid_is_none(&head->sid) ? NULL : model_find_sid(cx_model(cx), &sid);

	if (!guest)
		return undecided(cx, head, "guest_not_read");
	switch (account_enabled(cx_model(cx), guest)) {
	case NO:
		return 0;
	case UNKNOWN:
		return undecided(cx, guest, "attribute_not_readable userAccountControl");
	case YES:
		break;
	}
	return finding(cx, guest);
}

/* ---- last use ----------------------------------------------------------------------- */

static int stale(struct check_cx *cx, const struct ad_object *obj)
{
	struct logon l = account_last_logon(cx_model(cx), obj);
	int64_t limit = cx_now(cx) - DAYS(cx_int(cx, "max_days"));

	if (is_entra_object(obj) ||
		(is_service_account(cx, obj) && asks_of(cx, "hyg_stale_service_accounts", obj)))
		return passed_over(cx);
	if (unused_said_elsewhere(cx, obj, "hyg_privileged_stale"))
		return 0;
	/* The built-in Administrator is kept for emergencies: not to use it is right. */
	if (is_rid500(obj) || l.state == LOGON_NEVER)
		return 0;
	if (l.state == LOGON_AT && l.at >= limit)
		return 0;
	/* No logon precedes the account. */
	if (l.state == LOGON_UNKNOWN && obj_time(obj, ATTR_WHEN_CREATED) >= limit)
		return 0;
	if (l.state == LOGON_UNKNOWN || !l.complete)
		return undecided(cx, obj, "last_logon_unknown");
	switch (logon_before(&l, limit)) {
	case NO:
		return 0;
	case UNKNOWN:
		return undecided(cx, obj, "last_logon_unknown");
	case YES:
		break;
	}
	if (may_be_rid500(cx, obj))
		return 0;
	finding(cx, obj);
	evidence_surely_unused(cx, obj);
	return 0;
}

static int never_logged_on(struct check_cx *cx, const struct ad_object *obj)
{
	if (is_entra_object(obj))
		return passed_over(cx);
	if (unused_said_elsewhere(cx, obj, "hyg_privileged_never_used") ||
		!account_never_used(cx, obj, cx_int(cx, "min_days")))
		return 0;
	finding(cx, obj);
	evidence_last_use(cx, obj);
	return 0;
}

/* ---- vuln_user_accounts_dormant: a share of enabled users and computers ------------- */

/* An erased date (pwdLastSet 0) means that its user has chosen no password since: as old as the
 * account (docs/controls/interpretations.md). */
static enum tri has_old_password(const struct check_cx *cx, const struct ad_object *obj)
{
	if (model_readable(cx_model(cx), obj, ATTR_PWD_LAST_SET) != READABLE)
		return UNKNOWN;
	switch (password_age(cx, obj, cx_int(cx, "password_days"))) {
	case PASSWORD_RECENT:
		return NO;
	case PASSWORD_OLD:
		return YES;
	case PASSWORD_UNDATED:
		break;
	}
	/* Any other number than 0 is no date at all. */
	return obj_has(obj, ATTR_WHEN_CREATED) && obj_i64(obj, ATTR_PWD_LAST_SET) == 0 ? YES
										       : UNKNOWN;
}

static enum share_part dormant_sort(struct check_cx *cx, const struct ad_object *obj)
{
	enum tri enabled = account_enabled(cx_model(cx), obj), unused, old;

	if (enabled == NO)
		return SHARE_OUTSIDE;
	if (enabled == UNKNOWN)
		return SHARE_UNREAD;
	unused = account_unused(cx, obj, cx_now(cx) - DAYS(cx_int(cx, "logon_days")));
	old = has_old_password(cx, obj);
	if (unused == NO || old == NO)
		return SHARE_GOOD;
	return unused == YES && old == YES ? SHARE_BAD : SHARE_UNREAD;
}

static void dormant_show(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t set = obj_time(obj, ATTR_PWD_LAST_SET);

	evidence_last_use(cx, obj);
	if (set != INT64_MIN)
		evidence_date(cx, "password_set", set);
	else
		evidence_z(cx, "password_set", "erased");
}

static const struct share dormant_share = {
	.kinds = KIND(AD_USER) | KIND(AD_COMPUTER),
	.sort = dormant_sort,
	.show = dormant_show,
	.unread = "last_use_not_readable",
};

static int dormant(struct check_cx *cx, const struct ad_object *obj)
{
	return share_count(cx, obj, &dormant_share);
}

static int dormant_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return share_decide(cx, &dormant_share);
}

static const struct share dormant_few = {
	.kinds = KIND(AD_USER) | KIND(AD_COMPUTER),
	.sort = dormant_sort,
	.show = dormant_show,
	.unread = "last_use_not_readable",
	.below = true,
};

static int dormant_few_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	return share_decide(cx, &dormant_few);
}

/* Each of them, whatever their share. */
static int dormant_listed(struct check_cx *cx, const struct ad_object *obj)
{
	switch (dormant_sort(cx, obj)) {
	case SHARE_OUTSIDE:
		return passed_over(cx);
	case SHARE_UNREAD:
		return undecided(cx, obj, "last_use_not_readable");
	case SHARE_GOOD:
		return 0;
	case SHARE_BAD:
		break;
	}
	finding(cx, obj);
	dormant_show(cx, obj);
	return 0;
}

static int rid500_used(struct check_cx *cx, const struct ad_object *head)
{
	const struct ad_object *admin = find_rid(cx, head, RID_ADMINISTRATOR);
	int64_t limit = cx_now(cx) - DAYS(cx_int(cx, "min_days"));
	struct logon l;

	if (!admin)
		return undecided(cx, head, "administrator_not_read");
	l = account_last_logon(cx_model(cx), admin);
	if (l.state == LOGON_AT && l.at >= limit) {
		finding(cx, admin);
		evidence_date(cx, "last_logon", l.at);
	} else if (l.state == LOGON_UNKNOWN || !l.complete) {
		undecided(cx, admin, "last_logon_unknown");
	}
	return 0;
}

/* ---- hyg_secret_in_description ------------------------------------------------------ */

static int secret_in_description(struct check_cx *cx, const struct ad_object *obj)
{
	for (size_t i = 0; i < obj_count(obj, ATTR_DESCRIPTION); i++) {
		if (!text_holds_secret(obj_value(obj, ATTR_DESCRIPTION, i)))
			continue;
		finding(cx, obj);
		evidence_z(cx, "attribute", attr_table[ATTR_DESCRIPTION].ldap);
		return 0;
	}
	return 0;
}

/* ---- hyg_duplicate_accounts --------------------------------------------------------- */

/* Two domain controllers made the same name at once: one object was renamed, its DN with CNF: and
 * its GUID (MS-ADTS 3.1.1.1.5.2.3), its account name with $DUPLICATE- (MS-SAMR 3.1.1.8.4). */
static int duplicate(struct check_cx *cx, const struct ad_object *obj)
{
	struct str conflict = STR("\\0ACNF:"), renamed = STR("$DUPLICATE-");
	struct str rdn = dn_rdn(obj->dn);
	bool found = str_istarts(obj_str(obj, ATTR_SAM_ACCOUNT_NAME), renamed);

	for (size_t i = 0; i + conflict.n <= rdn.n; i++)
		found |= str_ieq((struct str){ rdn.p + i, conflict.n }, conflict);
	if (found)
		return finding(cx, obj);
	readable(cx, obj, ATTR_SAM_ACCOUNT_NAME);
	return 0;
}

/* ---- primary group ------------------------------------------------------------------ */

/* Is it the group that the system gives? 514 is that of guests. */
static bool is_default_group(const struct ad_object *obj, uint32_t group)
{
	uint32_t flags = obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL);

	switch (obj->kind) {
	case AD_COMPUTER:
		/* Which one a computer should have, its flags say. */
		if (!obj_has(obj, ATTR_USER_ACCOUNT_CONTROL))
			return false;
		if (flags & UAC_PARTIAL_SECRETS_ACCOUNT)
			return group == RID_RODCS;
		if (flags & UAC_SERVER_TRUST_ACCOUNT)
			return group == RID_DOMAIN_CONTROLLERS;
		return group == RID_DOMAIN_COMPUTERS;
	case AD_MSA:
		return group == RID_DOMAIN_COMPUTERS;
	default:
		return group == RID_DOMAIN_USERS || group == RID_DOMAIN_GUESTS;
	}
}

/* .arg: only groups with a RID below it. */
static int primary_group(struct check_cx *cx, const struct ad_object *obj)
{
	uint32_t group = obj_u32(obj, ATTR_PRIMARY_GROUP_ID);
	const struct ad_object *object;

	if (is_entra_kerberos(obj))
		return passed_over(cx);
	if (is_default_group(obj, group) || (cx_arg(cx) && group >= (uint32_t)cx_arg(cx)))
		return 0;
	if (obj->kind == AD_COMPUTER && !readable(cx, obj, ATTR_USER_ACCOUNT_CONTROL))
		return 0;
	finding(cx, obj);
	evidence_int(cx, "primary_group", group);
	object = obj->domain ? find_rid(cx, obj->domain->head, group) : NULL;
	if (object)
		evidence(cx, "group", object->name);
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec dormant_params[] = {
	{ "max_percent", PARAM_INT, 0, 100, -1 },
	{ "password_days", PARAM_INT, 1, 36500, -1 },
	{ "logon_days", PARAM_INT, 1, 36500, -1 },
	{ 0 },
};

static const struct param_spec dormant_listed_params[] = {
	{ "password_days", PARAM_INT, 1, 36500, 0 },
	{ "logon_days", PARAM_INT, 1, 36500, 0 },
	{ 0 },
};

static const struct param_spec stale_params[] = {
	{ "max_days", PARAM_INT, 15, 36500, 0 },
	{ 0 },
};

static const struct param_spec never_params[] = {
	{ "min_days", PARAM_INT, 0, 36500, 0 },
	{ 0 },
};

static const struct check rows[] = {
	{ .id = "vuln_guest", .each = AD_DOMAIN, .run = guest_enabled },
	{ .id = "vuln_user_accounts_dormant",
		.upkeep = UPKEEP_LOGON,
		.each = AD_USER,
		.kinds = KIND(AD_COMPUTER),
		.reads = { ATTR_USER_ACCOUNT_CONTROL, ATTR_PWD_LAST_SET, ATTR_LAST_LOGON_TIMESTAMP,
			ATTR_WHEN_CREATED },
		.run = dormant,
		.after = dormant_after,
		.params = dormant_params },
	{ .id = "vuln_primary_group_id_1000",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED,
		.run = primary_group,
		.needs = { ATTR_PRIMARY_GROUP_ID },
		.arg = 1000 },
	{ .id = "vuln_primary_group_id_nochange",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED,
		.run = primary_group,
		.needs = { ATTR_PRIMARY_GROUP_ID },
		.arg = 0 },
	{ .id = "warning_user_accounts_dormant",
		.upkeep = UPKEEP_LOGON,
		.each = AD_USER,
		.kinds = KIND(AD_COMPUTER),
		.reads = { ATTR_USER_ACCOUNT_CONTROL, ATTR_PWD_LAST_SET, ATTR_LAST_LOGON_TIMESTAMP,
			ATTR_WHEN_CREATED },
		.run = dormant,
		.after = dormant_few_after,
		.params = dormant_params },
	{ .id = "info_user_accounts_dormant",
		.upkeep = UPKEEP_LOGON,
		.each = AD_USER,
		.kinds = KIND(AD_COMPUTER),
		.reads = { ATTR_USER_ACCOUNT_CONTROL, ATTR_PWD_LAST_SET, ATTR_LAST_LOGON_TIMESTAMP,
			ATTR_WHEN_CREATED },
		.run = dormant_listed,
		.params = dormant_listed_params },
	{ .id = "warning_rid500",
		.each = AD_DOMAIN,
		.reads = { ATTR_LAST_LOGON_TIMESTAMP },
		.run = rid500_used,
		.params = never_params },
	{ .id = "hyg_secret_in_description",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS | KIND(AD_GROUP),
		.run = secret_in_description,
		.needs = { ATTR_DESCRIPTION } },
	{ .id = "hyg_duplicate_accounts",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS | KIND(AD_GROUP),
		.reads = { ATTR_SAM_ACCOUNT_NAME },
		.run = duplicate },
	{ .id = "hyg_stale_users",
		.upkeep = UPKEEP_LOGON,
		.each = AD_USER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_LAST_LOGON_TIMESTAMP },
		.run = stale,
		.params = stale_params },
	{ .id = "hyg_stale_computers",
		.upkeep = UPKEEP_LOGON,
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_LAST_LOGON_TIMESTAMP },
		.run = stale,
		.params = stale_params },
	{ .id = "hyg_never_logged_on",
		.each = AD_USER,
		.kinds = KIND(AD_COMPUTER),
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_LAST_LOGON_TIMESTAMP, ATTR_WHEN_CREATED },
		.run = never_logged_on,
		.params = never_params },
};

CHECK_AREA(accounts, rows);
