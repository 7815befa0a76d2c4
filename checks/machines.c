/* Domain controllers, servers and managed service accounts: systems, machine passwords, use. */
#include "ad/windows.h"
#include "checks/common.h"
#include "checks/machines.h"

static const struct windows *release_of(const struct ad_object *obj)
{
	return windows_server(
		obj_str(obj, ATTR_OPERATING_SYSTEM), obj_str(obj, ATTR_OPERATING_SYSTEM_VERSION));
}

/* ---- domain controllers ------------------------------------------------------------- */

void evidence_system(struct check_cx *cx, const struct ad_object *obj)
{
	if (obj_has(obj, ATTR_OPERATING_SYSTEM))
		evidence(cx, "operating_system", obj_str(obj, ATTR_OPERATING_SYSTEM));
	if (obj_has(obj, ATTR_OPERATING_SYSTEM_VERSION))
		evidence(cx, "version", obj_str(obj, ATTR_OPERATING_SYSTEM_VERSION));
}

static int dc_obsolete(struct check_cx *cx, const struct ad_object *obj)
{
	const struct windows *release = release_of(obj);
	int64_t end;

	if (!dc_only(cx, obj))
		return 0;
	if (!obj_has(obj, ATTR_OPERATING_SYSTEM_VERSION) &&
		!readable(cx, obj, ATTR_OPERATING_SYSTEM))
		return 0;
	if (!release || !datetime_parse(str_of(release->end), &end))
		return undecided(cx, obj, "operating_system_unknown");
	if (cx_now(cx) < end + SECONDS_PER_DAY)
		return 0;
	finding(cx, obj);
	evidence_system(cx, obj);
	evidence_z(cx, "end_of_support", release->end);
	return 0;
}

static int dc_password(struct check_cx *cx, const struct ad_object *obj)
{
	return dc_only(cx, obj) ? password_unchanged(cx, obj, cx_int(cx, "max_days")) : 0;
}

static int inactive(struct check_cx *cx, const struct ad_object *obj)
{
	switch (account_unused(cx, obj, cx_now(cx) - DAYS(cx_int(cx, "max_days")))) {
	case NO:
		return 0;
	case UNKNOWN:
		return undecided(cx, obj, "last_logon_unknown");
	case YES:
		break;
	}
	finding(cx, obj);
	evidence_last_use(cx, obj);
	return 0;
}

static int dc_inactive(struct check_cx *cx, const struct ad_object *obj)
{
	return dc_only(cx, obj) ? inactive(cx, obj) : 0;
}

/* MS-KILE 2.2.7: a DC that says nothing speaks no AES. */
static int dc_crypto(struct check_cx *cx, const struct ad_object *obj)
{
	uint32_t types = obj_u32(obj, ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES);
	int level = 0;

	if (!dc_only(cx, obj) || !readable(cx, obj, ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES))
		return 0;
	if (types & (ENCTYPE_DES_CBC_CRC | ENCTYPE_DES_CBC_MD5))
		level = 2;
	else if (!(types & (ENCTYPE_AES128 | ENCTYPE_AES256)))
		level = 3;
	else if (types & ENCTYPE_RC4_HMAC)
		level = 4;
	if (level == 0)
		return 0;
	finding_at(cx, obj, level);
	evidence_encryption_types(cx, obj);
	return 0;
}

/* ---- vuln_dc_inconsistent_uac ------------------------------------------------------- */

#define DC_FLAGS (UAC_SERVER_TRUST_ACCOUNT | UAC_TRUSTED_FOR_DELEGATION)
#define RODC_FLAGS                                                                                 \
	(UAC_PARTIAL_SECRETS_ACCOUNT | UAC_TRUSTED_TO_AUTH_FOR_DELEGATION |                        \
		UAC_WORKSTATION_TRUST_ACCOUNT)

/* The `server` object of a site that stands for this computer. */
static const struct ad_object *server_of(struct check_cx *cx, const struct ad_object *obj)
{
	const struct ad_object *o = model_linked_from(cx_model(cx), ATTR_SERVER_REFERENCE, obj);

	return o && o->kind == AD_OTHER ? o : NULL;
}

/* Could the `server` object of a computer be one that shows its name alone, or not whose it is, or
 * stand where it cannot be listed? */
static bool hides_server(const struct model *m, const struct ad_object *o)
{
	struct str rest;

	str_cut(o->dn, ',', &rest);
	if (!obj_has(o, ATTR_OBJECT_CLASS))
		return str_istarts(rest, STR("CN=Servers,"));
	if (has_class(o, "server"))
		return model_readable(m, o, ATTR_SERVER_REFERENCE) != READABLE;
	return (has_class(o, "sitesContainer") || has_class(o, "site") ||
		       has_class(o, "serversContainer")) &&
	       model_shows_children(m, o) != YES;
}

/* Why the configuration may hold what was not found of the DC, or NULL. */
static const char *server_gap(struct check_cx *cx, const struct ad_object *obj)
{
	const struct ad_object *server = server_of(cx, obj);
	const struct model *m = cx_model(cx);

	if (server)
		return !find_below(cx, "CN=NTDS Settings,", server) &&
				       model_shows_children(m, server) != YES
			       ? "children_not_listable"
			       : NULL;
	for (size_t i = 0; i < model_object_count(m); i++)
		if (hides_server(m, model_object(m, i)))
			return "configuration_not_read";
	return NULL;
}

/* What is wrong with the DC in the configuration, or NULL. */
static const char *server_mistake(
	struct check_cx *cx, const struct ad_object *obj, const struct windows *release)
{
	const struct ad_object *server = server_of(cx, obj), *settings;
	const char *mistake = NULL;

	settings = server ? find_below(cx, "CN=NTDS Settings,", server) : NULL;
	if (!server)
		mistake = "no_server_object";
	else if (!settings)
		mistake = "no_ntds_settings";
	else if (release && obj_has(settings, ATTR_MSDS_BEHAVIOR_VERSION) &&
		 obj_i64(settings, ATTR_MSDS_BEHAVIOR_VERSION) != release->functional_level)
		mistake = "behavior_version_of_another_system";
	return mistake;
}

/* Every NTDS Settings object has one since Windows 2003 (MS-ADTS 6.1.4.2). */
static bool hides_behavior_version(struct check_cx *cx, const struct ad_object *obj)
{
	const struct ad_object *server = server_of(cx, obj);
	const struct ad_object *settings =
		server ? find_below(cx, "CN=NTDS Settings,", server) : NULL;

	return settings &&
	       model_readable(cx_model(cx), settings, ATTR_MSDS_BEHAVIOR_VERSION) != READABLE;
}

/* The flags that the primary group calls for; 0: not a DC. */
static uint32_t wanted_flags(const struct ad_object *obj)
{
	uint32_t flags = obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL);

	switch (obj_u32(obj, ATTR_PRIMARY_GROUP_ID)) {
	case RID_DOMAIN_CONTROLLERS:
		return DC_FLAGS;
	case RID_RODCS:
		return RODC_FLAGS;
	default:
		break;
	}
	/* What carries a DC's mark without its group wants the group (and all the rest). */
	return flags & UAC_SERVER_TRUST_ACCOUNT	     ? DC_FLAGS
	       : flags & UAC_PARTIAL_SECRETS_ACCOUNT ? RODC_FLAGS
						     : 0;
}

static int dc_inconsistent(struct check_cx *cx, const struct ad_object *obj)
{
	uint32_t want = wanted_flags(obj), flags = obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL);
	const char *mistake = NULL, *gap = NULL;

	if (want == 0 && obj_has(obj, ATTR_USER_ACCOUNT_CONTROL) &&
		readable(cx, obj, ATTR_PRIMARY_GROUP_ID))
		return passed_over(cx);
	if (is_entra_kerberos(obj))
		return passed_over(cx);
	if (!readable(cx, obj, ATTR_USER_ACCOUNT_CONTROL) ||
		!readable(cx, obj, ATTR_PRIMARY_GROUP_ID))
		return 0;
	if (model_configuration_complete(cx_model(cx), &gap) == YES)
		gap = server_gap(cx, obj);
	if (!is_dc_computer(obj))
		mistake = "not_in_the_group_of_dcs";
	else if ((flags & want) != want)
		mistake = "flags_missing";
	else if (gap)
		return undecided(cx, obj, gap);
	else
		mistake = server_mistake(cx, obj, release_of(obj));
	if (!mistake && !release_of(obj) && !readable(cx, obj, ATTR_OPERATING_SYSTEM))
		return 0;
	if (!mistake)
		return hides_behavior_version(cx, obj)
			       ? undecided(cx, obj, "attribute_not_readable msDS-Behavior-Version")
			       : 0;
	finding(cx, obj);
	evidence_z(cx, "reason", mistake);
	evidence_hex(cx, "user_account_control", flags);
	evidence_system(cx, obj);
	return 0;
}

/* ---- servers ------------------------------------------------------------------------ */

/* Whatever the system says of itself; a computer without a system never joined. */
static enum tri is_server(struct check_cx *cx, const struct ad_object *obj)
{
	if (obj_has(obj, ATTR_OPERATING_SYSTEM))
		return windows_is_server(obj_str(obj, ATTR_OPERATING_SYSTEM)) ? YES : NO;
	return model_readable(cx_model(cx), obj, ATTR_OPERATING_SYSTEM) == READABLE ? NO : UNKNOWN;
}

/* A virtual computer of a failover cluster has a control, and an age, of its own. */
static bool is_cluster(const struct ad_object *obj)
{
	for (size_t i = 0; i < obj_count(obj, ATTR_SERVICE_PRINCIPAL_NAME); i++)
		if (str_istarts(obj_value(obj, ATTR_SERVICE_PRINCIPAL_NAME, i),
			    STR("MSClusterVirtualServer/")))
			return true;
	return false;
}

/* Servers that are neither DCs nor cluster names; others are passed over. */
static bool server_only(struct check_cx *cx, const struct ad_object *obj, enum tri *server)
{
	*server = is_server(cx, obj);
	if (*server != NO && !is_dc_computer(obj) && !is_cluster(obj))
		return true;
	passed_over(cx);
	return false;
}

static int server_password(struct check_cx *cx, const struct ad_object *obj)
{
	enum tri server;

	if (!server_only(cx, obj, &server))
		return 0;
	if (server == YES)
		return password_unchanged(cx, obj, cx_int(cx, "max_days"));
	/* With a recent password it does not matter what it is. */
	if (!obj_has(obj, ATTR_PWD_LAST_SET) ||
		password_age(cx, obj, cx_int(cx, "max_days")) != PASSWORD_RECENT)
		readable(cx, obj, ATTR_OPERATING_SYSTEM);
	return 0;
}

static int server_inactive(struct check_cx *cx, const struct ad_object *obj)
{
	enum tri server;

	if (!server_only(cx, obj, &server))
		return 0;
	if (server == YES)
		return inactive(cx, obj);
	if (account_unused(cx, obj, cx_now(cx) - DAYS(cx_int(cx, "max_days"))) != NO)
		readable(cx, obj, ATTR_OPERATING_SYSTEM);
	return 0;
}

static int cluster_password(struct check_cx *cx, const struct ad_object *obj)
{
	if (!readable(cx, obj, ATTR_SERVICE_PRINCIPAL_NAME))
		return 0;
	if (!is_cluster(obj))
		return model_read_in_part(cx_model(cx), obj, ATTR_SERVICE_PRINCIPAL_NAME)
			       ? undecided(cx, obj, "attribute_not_readable servicePrincipalName")
			       : passed_over(cx);
	return password_unchanged(cx, obj, cx_int(cx, "max_days"));
}

static int msa_password(struct check_cx *cx, const struct ad_object *obj)
{
	return password_unchanged(cx, obj, cx_int(cx, "max_days"));
}

/* ---- accounts that are no ordinary machines ----------------------------------------- */

/* The computer of Microsoft Entra's seamless sign-on, whose key makes tickets for every user of the
 * tenant and which nothing renews by itself. */
static int entra_sso(struct check_cx *cx, const struct ad_object *obj)
{
	if (!readable(cx, obj, ATTR_SAM_ACCOUNT_NAME))
		return 0;
	if (!str_ieq(obj_str(obj, ATTR_SAM_ACCOUNT_NAME), STR("AZUREADSSOACC$")))
		return passed_over(cx);
	return password_unchanged(cx, obj, cx_int(cx, "max_days"));
}

/* AD notes who made a computer by the quota that every user has, and nobody else (MS-ADTS
 * 3.1.1.5.2.4, mS-DS-CreatorSID). */
static int made_by_user(struct check_cx *cx, const struct ad_object *obj)
{
	const struct ad_object *creator;
	char text[SID_TEXT];
	struct sid sid;

	if (!obj_has(obj, ATTR_MSDS_CREATOR_SID))
		return 0;
	finding(cx, obj);
	if (!sid_parse(obj_value(obj, ATTR_MSDS_CREATOR_SID, 0), &sid))
		return 0;
	creator = model_find_sid(cx_model(cx), &sid);
	if (creator)
		evidence(cx, "creator", creator->name);
	else
		evidence_z(cx, "creator", sid_text(&sid, text));
	return 0;
}

/* ---- LAPS --------------------------------------------------------------------------- */

enum { LAPS_YES, LAPS_NO, LAPS_UNREAD }; /* counters */

static int laps_computer(struct check_cx *cx, const struct ad_object *obj)
{
	if (!is_dc_computer(obj) && !readable(cx, obj, ATTR_OPERATING_SYSTEM)) {
		++*cx_counter(cx, LAPS_UNREAD);
		return 0;
	}
	if (!laps_manages(obj))
		return passed_over(cx);
	switch (has_laps(cx, obj)) {
	case YES:
		++*cx_counter(cx, LAPS_YES);
		return 0;
	case UNKNOWN:
		++*cx_counter(cx, LAPS_UNREAD);
		return undecided(cx, obj, "attribute_not_readable msLAPS-PasswordExpirationTime");
	case NO:
		break;
	}
	++*cx_counter(cx, LAPS_NO);
	return 0;
}

static void laps_show(struct check_cx *cx)
{
	const struct model *m = cx_model(cx);

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		if (o->kind != AD_COMPUTER || !laps_manages(o) || has_laps(cx, o) != NO ||
			account_enabled(m, o) == NO)
			continue;
		finding(cx, o);
		evidence_system(cx, o);
	}
}

/* Where nobody uses it, info_laps_missing says so. */
static int laps_after(struct check_cx *cx, const struct ad_object *obj)
{
	uint64_t with = *cx_counter(cx, LAPS_YES), all = with + *cx_counter(cx, LAPS_NO);

	(void)obj;
	if (with == 0)
		return *cx_counter(cx, LAPS_UNREAD) ? 0 : not_applicable(cx, "laps_not_used");
	note(cx, arena_printf(cx_arena(cx), "share %llu of %llu accounts", (unsigned long long)with,
			 (unsigned long long)all)
			 .p);
	laps_show(cx);
	return 0;
}

static int laps_missing(struct check_cx *cx, const struct ad_object *head)
{
	const struct model *m = cx_model(cx);
	bool unread = false, any = false;
	const char *gap = NULL;
	const struct ad_object *const *computers;
	size_t all = model_of_kind(m, AD_COMPUTER, &computers);

	for (size_t i = 0; i < all; i++) {
		const struct ad_object *o = computers[i];

		if (o->domain != head->domain)
			continue;
		/* It may be one that LAPS could manage. */
		unread = unread || (!is_dc_computer(o) &&
					   model_readable(m, o, ATTR_OPERATING_SYSTEM) != READABLE);
		if (!laps_manages(o))
			continue;
		any = true;
		if (has_laps(cx, o) == YES)
			return 0;
		unread = unread || has_laps(cx, o) == UNKNOWN;
	}
	if (unread)
		return undecided(cx, head, "attribute_not_readable msLAPS-PasswordExpirationTime");
	/* One that was not seen may have a password of LAPS, or be one that it could manage. */
	if (model_complete(m, AD_COMPUTER, &gap) != YES)
		return undecided(cx, head, gap);
	return any ? finding(cx, head) : passed_over(cx);
}

/* The later of the dates of both products; INT64_MIN: none. */
static int64_t laps_due(const struct ad_object *obj)
{
	int64_t now = obj_time(obj, ATTR_LAPS_EXPIRATION);
	int64_t legacy = obj_time(obj, ATTR_LAPS_LEGACY_EXPIRATION);

	return now > legacy ? now : legacy;
}

/* Whatever proves that it was on after limit: it renews its password by itself, and logs on. */
static enum tri alive_after(struct check_cx *cx, const struct ad_object *obj, int64_t limit)
{
	struct logon l = account_last_logon(cx_model(cx), obj);

	if (model_past_time(cx_model(cx), obj, ATTR_PWD_LAST_SET) > limit ||
		(l.state == LOGON_AT && l.at > limit))
		return YES;
	return l.state != LOGON_UNKNOWN && l.complete ? NO : UNKNOWN;
}

/* A computer that is off cannot renew its password: only one that was on long after the date. */
static int laps_expired(struct check_cx *cx, const struct ad_object *obj)
{
	int64_t due = laps_due(obj), grace = DAYS(cx_int(cx, "max_days"));

	if (due == INT64_MIN)
		return has_laps(cx, obj) == UNKNOWN
			       ? undecided(cx, obj,
					 "attribute_not_readable msLAPS-PasswordExpirationTime")
			       : passed_over(cx);
	if (due >= cx_now(cx) - grace)
		return 0;
	/* The newer product may have taken over, and nobody asked. */
	if (!obj_has(obj, ATTR_LAPS_EXPIRATION) &&
		model_readable(cx_model(cx), obj, ATTR_LAPS_EXPIRATION) == NOT_COLLECTED)
		return undecided(cx, obj, "attribute_not_collected msLAPS-PasswordExpirationTime");
	switch (alive_after(cx, obj, due + grace)) {
	case NO:
		return 0;
	case UNKNOWN:
		return undecided(cx, obj, "last_logon_unknown");
	case YES:
		break;
	}
	finding(cx, obj);
	evidence_z(cx, "laps",
		obj_time(obj, ATTR_LAPS_EXPIRATION) == due ? "windows_laps" : "legacy_laps");
	evidence_date(cx, "expires", due);
	evidence_last_use(cx, obj);
	evidence_system(cx, obj);
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec days_params[] = {
	{ "max_days", PARAM_INT, 1, 36500, -1 },
	{ 0 },
};

static const struct param_spec obsolete_params[] = {
	{ "soon_days", PARAM_INT, 0, 3650, 0 },
	{ 0 },
};

static const struct check rows[] = {
	{ .id = "vuln_dc_obsolete",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_OPERATING_SYSTEM,
			ATTR_OPERATING_SYSTEM_VERSION },
		.run = dc_obsolete },
	{ .id = "vuln_password_change_dc_no_change",
		.upkeep = UPKEEP_PASSWORD,
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_PWD_LAST_SET },
		.run = dc_password,
		.params = days_params },
	{ .id = "vuln_password_change_inactive_dc",
		.upkeep = UPKEEP_LOGON,
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_LAST_LOGON_TIMESTAMP, ATTR_WHEN_CREATED },
		.run = dc_inactive,
		.params = days_params },
	{ .id = "vuln_password_change_server_no_change_90",
		.upkeep = UPKEEP_PASSWORD,
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_OPERATING_SYSTEM, ATTR_PWD_LAST_SET },
		.run = server_password,
		.params = days_params },
	{ .id = "vuln_password_change_server_no_change_45",
		.upkeep = UPKEEP_PASSWORD,
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_OPERATING_SYSTEM, ATTR_PWD_LAST_SET },
		.run = server_password,
		.params = days_params },
	{ .id = "vuln_password_change_inactive_servers",
		.upkeep = UPKEEP_LOGON,
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_OPERATING_SYSTEM, ATTR_LAST_LOGON_TIMESTAMP, ATTR_WHEN_CREATED },
		.run = server_inactive,
		.params = days_params },
	{ .id = "vuln_password_change_cluster_no_change_3years",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_SERVICE_PRINCIPAL_NAME, ATTR_PWD_LAST_SET },
		.run = cluster_password,
		.params = days_params },
	{ .id = "vuln_password_change_msa_no_change_90",
		.upkeep = UPKEEP_PASSWORD,
		.each = AD_MSA,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PWD_LAST_SET },
		.run = msa_password,
		.params = days_params },
	{ .id = "vuln_dc_crypto",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES },
		.run = dc_crypto },
	{ .id = "vuln_dc_inconsistent_uac",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_PRIMARY_GROUP_ID, ATTR_USER_ACCOUNT_CONTROL, ATTR_OPERATING_SYSTEM,
			ATTR_SERVER_REFERENCE },
		.run = dc_inconsistent },
	{ .id = "hyg_obsolete_computers",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_OPERATING_SYSTEM, ATTR_OPERATING_SYSTEM_VERSION },
		.run = obsolete_computer,
		.after = obsolete_after,
		.params = obsolete_params },
	{ .id = "hyg_obsolete_biomedical",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_OPERATING_SYSTEM, ATTR_OPERATING_SYSTEM_VERSION,
			ATTR_PRIMARY_GROUP_ID },
		.before = biomedical_before,
		.run = obsolete_biomedical,
		.after = biomedical_after,
		.params = obsolete_params },
	{ .id = "hyg_entra_sso_password",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_SAM_ACCOUNT_NAME, ATTR_PWD_LAST_SET },
		.run = entra_sso,
		.params = days_params },
	{ .id = "hyg_user_created_computers",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.run = made_by_user,
		.needs = { ATTR_MSDS_CREATOR_SID } },
	{ .id = "hyg_laps_expired",
		.upkeep = UPKEEP_LOGON,
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_LAPS_EXPIRATION, ATTR_LAPS_LEGACY_EXPIRATION,
			ATTR_LAST_LOGON_TIMESTAMP },
		.run = laps_expired,
		.params = days_params },
	{ .id = "info_laps",
		.each = AD_COMPUTER,
		.scope = SCOPE_ENABLED,
		.reads = { ATTR_LAPS_EXPIRATION, ATTR_LAPS_LEGACY_EXPIRATION },
		.run = laps_computer,
		.after = laps_after },
	{ .id = "info_laps_missing",
		.each = AD_DOMAIN,
		.reads = { ATTR_LAPS_EXPIRATION, ATTR_LAPS_LEGACY_EXPIRATION },
		.run = laps_missing },
};

CHECK_AREA(machines, rows);
