/* What the files of group policies say: stored passwords, and how domain controllers are hardened.
 */
#include "checks/common.h"
#include "checks/gpo_dc.h"
#include "checks/gpo_sysvol.h"

/* ---- hyg_gpo_cpassword, hyg_gpo_registry_password ----------------------------------- */

enum { CPASSWORD, REGISTRY_PASSWORD };

static size_t count_passwords(
	struct check_cx *cx, const struct gpo_password *passwords, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += passwords[i].registry == (cx_arg(cx) == REGISTRY_PASSWORD);
	return n;
}

static void evidence_passwords(
	struct check_cx *cx, const struct gpo_password *passwords, size_t count)
{
	size_t shown = 0;

	evidence_int(cx, "count", (int64_t)count_passwords(cx, passwords, count));
	for (size_t i = 0; i < count && shown < EVIDENCE_NAMES; i++) {
		if (passwords[i].registry != (cx_arg(cx) == REGISTRY_PASSWORD))
			continue;
		shown++;
		evidence(cx, "file", passwords[i].file);
		if (passwords[i].registry)
			evidence(cx, "setting", passwords[i].item);
		if (passwords[i].user.n)
			evidence(cx, "user", passwords[i].user);
	}
}

/* Passwords of the registry are in files that settings are read of. */
static bool all_read(struct check_cx *cx, const struct ad_object *gpo, const char **reason)
{
	if (cx_arg(cx) == CPASSWORD)
		return gpo_passwords_read(cx_model(cx), gpo, reason);
	return !gpo || gpo_files_read(cx_model(cx), gpo, reason);
}

static int stored_password(struct check_cx *cx, const struct ad_object *gpo)
{
	const struct gpo_password *passwords;
	size_t count = gpo_passwords(cx_model(cx), gpo, &passwords);
	const char *reason;

	if (count_passwords(cx, passwords, count)) {
		finding(cx, gpo);
		evidence(cx, "display_name", obj_str(gpo, ATTR_DISPLAY_NAME));
		evidence_passwords(cx, passwords, count);
	} else if (!all_read(cx, gpo, &reason)) {
		undecided(cx, gpo, reason);
	}
	return 0;
}

/* Files that no policy owns any more stand where everybody reads them all the same. */
static int stored_password_orphans(struct check_cx *cx, const struct ad_object *none)
{
	const struct model *m = cx_model(cx);
	const struct gpo_password *passwords;
	size_t count = gpo_passwords(m, NULL, &passwords);
	const char *reason;

	(void)none;
	if (!model_sysvol_read(m))
		return undecided(cx, NULL, "sysvol_not_read");
	if (!count_passwords(cx, passwords, count))
		return all_read(cx, NULL, &reason) ? 0 : undecided(cx, NULL, reason);
	if (!model_domain_count(m))
		return undecided(cx, NULL, "no_domain_head");
	finding(cx, model_domain(m, 0)->head);
	evidence_passwords(cx, passwords, count);
	return 0;
}

/* ---- registry values on domain controllers ------------------------------------------ */

#define SERVICES "System\\CurrentControlSet\\Services\\"

static const struct dc_value {
	const char *path, *name;
	/* Windows Server 2025 asks for it by itself, in domains that were made with it: what no
	 * policy says cannot be told. */
	bool default_changed;
} dc_values[] = {
	{ SERVICES "NTDS\\Parameters", "LDAPServerIntegrity", true },
	{ SERVICES "NTDS\\Parameters", "LdapEnforceChannelBinding", true },
	{ "System\\CurrentControlSet\\Control\\Lsa", "LmCompatibilityLevel", false },
	{ SERVICES "LanManServer\\Parameters", "RequireSecuritySignature", true },
};

enum { LDAP_SIGNING, CHANNEL_BINDING, NTLM_LEVEL, SMB_SIGNING };

static bool contains(struct str s, struct str part)
{
	for (size_t i = 0; i + part.n <= s.n; i++)
		if (str_ieq((struct str){ s.p + i, part.n }, part))
			return true;
	return false;
}

/* Is this what the control wants? UNKNOWN: it depends on what the system does by itself. */
static enum tri value_is_good(struct check_cx *cx, const struct ad_object *dc,
	const struct dc_value *v, const struct gpo_candidate *c)
{
	int64_t number;

	if (c->gpo)
		return str_to_i64(c->value, &number) && number >= cx_int(cx, "min_value") ? YES
											  : NO;
	return v->default_changed && contains(obj_str(dc, ATTR_OPERATING_SYSTEM), STR("2025"))
		       ? UNKNOWN
		       : NO;
}

static void show_value(struct check_cx *cx, const struct ad_object *dc, const struct dc_value *v,
	const struct gpo_candidate *c)
{
	finding(cx, dc);
	evidence_z(cx, "setting", v->name);
	if (c->gpo) {
		evidence(cx, "value", c->value);
		evidence_gpo(cx, c->gpo);
	} else {
		evidence_z(cx, "value", "not_configured");
	}
}

bool gpo_reads_dc(struct check_cx *cx, const struct ad_object *dc)
{
	if (!dc_only(cx, dc) || !readable(cx, dc, ATTR_OPERATING_SYSTEM))
		return false;
	if (!contains(obj_str(dc, ATTR_OPERATING_SYSTEM), STR("Samba")))
		return true;
	undecided(cx, dc, "dc_is_samba");
	return false;
}

static int dc_value(struct check_cx *cx, const struct ad_object *dc)
{
	const struct dc_value *v = &dc_values[cx_arg(cx)];
	struct gpo_query q = { GPO_REGISTRY, str_of(v->path), str_of(v->name) };
	bool good = false, bad = false, open = false;
	struct gpo_answer a;

	if (!gpo_reads_dc(cx, dc))
		return 0;
	a = gpo_effective(cx_model(cx), dc, &q);
	if (a.unknown)
		return undecided(cx, dc, a.unknown);
	for (size_t i = 0; i < a.count; i++) {
		enum tri t = value_is_good(cx, dc, v, &a.values[i]);

		good |= t == YES;
		bad |= t == NO;
		open |= t == UNKNOWN;
	}
	if (open && !bad && !good)
		return undecided(cx, dc, "windows_2025_default");
	if (bad && !good && !open)
		show_value(cx, dc, v, &a.values[0]);
	else if (bad || open)
		undecided(cx, dc, "gpo_may_not_apply");
	return 0;
}

static int needs_sysvol(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	if (!model_sysvol_read(cx_model(cx)))
		return undecided(cx, NULL, "sysvol_not_read");
	return cx_examined(cx) ? 0 : undecided(cx, NULL, "no_domain_controller_read");
}

/* ---- info_gpo ----------------------------------------------------------------------- */

/* versionNumber: the user half's in the upper 16 bits, the computer half's below (MS-GPOL
 * 2.2.4). */
static int gpo_changed(struct check_cx *cx, const struct ad_object *gpo)
{
	int64_t changed = obj_time(gpo, ATTR_WHEN_CHANGED);

	if (changed == INT64_MIN)
		return undecided(cx, gpo, "attribute_not_readable whenChanged");
	if (changed < cx_now(cx) - DAYS(cx_int(cx, "max_days")))
		return 0;
	finding(cx, gpo);
	evidence(cx, "display_name", obj_str(gpo, ATTR_DISPLAY_NAME));
	evidence_date(cx, "changed", changed);
	if (obj_has(gpo, ATTR_VERSION_NUMBER)) {
		evidence_int(cx, "user_version", obj_u32(gpo, ATTR_VERSION_NUMBER) >> 16);
		evidence_int(
			cx, "computer_version", obj_u32(gpo, ATTR_VERSION_NUMBER) & UINT16_MAX);
	}
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

static const struct param_spec value_params[] = {
	{ "min_value", PARAM_INT, 0, 10, 0 },
	{ 0 },
};

#define DC_VALUE(control, which)                                                                   \
	{                                                                                          \
		.id = (control), .each = AD_COMPUTER, .run = dc_value, .after = needs_sysvol,      \
		.scope = SCOPE_ENABLED, .params = value_params, .arg = (which), .reads = {         \
			ATTR_OPERATING_SYSTEM                                                      \
		}                                                                                  \
	}

static const struct param_spec audit_params[] = {
	{ "failures", PARAM_BOOL, 0, 1, 0 },
	{ 0 },
};

#define DC_SETTINGS(control, function)                                                             \
	{                                                                                          \
		.id = (control), .each = AD_COMPUTER, .run = (function), .after = needs_sysvol,    \
		.scope = SCOPE_ENABLED, .reads = {                                                 \
			ATTR_OPERATING_SYSTEM                                                      \
		}                                                                                  \
	}

#define STORED_PASSWORD(control, which)                                                            \
	{                                                                                          \
		.id = (control), .each = AD_GPO, .run = stored_password,                           \
		.after = stored_password_orphans, .arg = (which)                                   \
	}

static const struct param_spec changed_params[] = {
	{ "max_days", PARAM_INT, 1, 36500, 0 },
	{ 0 },
};

static const struct check rows[] = {
	STORED_PASSWORD("hyg_gpo_cpassword", CPASSWORD),
	STORED_PASSWORD("hyg_gpo_registry_password", REGISTRY_PASSWORD),
	DC_VALUE("hyg_dc_ldap_signing", LDAP_SIGNING),
	DC_VALUE("hyg_dc_channel_binding", CHANNEL_BINDING),
	DC_VALUE("hyg_ntlm_level", NTLM_LEVEL),
	DC_VALUE("hyg_smb_signing", SMB_SIGNING),
	{ .id = "hyg_dc_audit_policy",
		.each = AD_COMPUTER,
		.run = gpo_dc_audit,
		.after = needs_sysvol,
		.scope = SCOPE_ENABLED,
		.params = audit_params,
		.reads = { ATTR_OPERATING_SYSTEM } },
	DC_SETTINGS("hyg_dc_user_rights", gpo_dc_rights),
	DC_SETTINGS("hyg_dc_weakened_defaults", gpo_dc_weakens),
	{ .id = "hyg_gpo_script_writable",
		.each = AD_GPO,
		.run = gpo_scripts,
		.after = gpo_logon_scripts,
		.reads = { ATTR_SCRIPT_PATH } },
	{ .id = "warning_sysvol_files_acl", .each = AD_GPO, .run = gpo_files_acl },
	{ .id = "warning_sysvol_files_sd", .each = AD_GPO, .run = gpo_files_sd },
	{ .id = "warning_sysvol_root_sd", .each = AD_GPO, .run = gpo_root_sd },
	{ .id = "info_gpo_sysvol",
		.each = AD_GPO,
		.run = gpo_files_changed,
		.params = changed_params },
	{ .id = "info_gpo",
		.each = AD_GPO,
		.reads = { ATTR_WHEN_CHANGED },
		.run = gpo_changed,
		.params = changed_params },
};

CHECK_AREA(gpo, rows);
