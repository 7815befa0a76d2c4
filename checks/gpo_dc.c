/* What group policies give domain controllers: audit, user rights, protections that are on by
 * default and were switched off. */
#include "checks/gpo_dc.h"

#include "checks/common.h"

/* What the settings of one domain controller add up to. */
struct tally {
	bool found;	    /* a finding on it was made */
	const char *reason; /* why something is not decided; NULL: nothing is */
};

static void show(struct check_cx *cx, const struct ad_object *dc, struct tally *t)
{
	if (!t->found)
		finding(cx, dc);
	t->found = true;
}

static int conclude(struct check_cx *cx, const struct ad_object *dc, const struct tally *t)
{
	return !t->found && t->reason ? undecided(cx, dc, t->reason) : 0;
}

void evidence_gpo(struct check_cx *cx, const struct ad_object *gpo)
{
	evidence(cx, "gpo",
		obj_has(gpo, ATTR_DISPLAY_NAME) ? obj_str(gpo, ATTR_DISPLAY_NAME) : gpo->name);
}

/* ---- hyg_dc_audit_policy ------------------------------------------------------------ */

#define SUCCESS 1u
#define FAILURE 2u

/* The minimum: what ANSSI (guide on logging in an Active Directory environment) and Microsoft
 * (Audit Policy Recommendations) both ask of domain controllers and an incident cannot be told
 * without. by_default: what a domain controller audits by itself since Windows Server 2008. */
static const struct audited {
	const char *name, *guid, *category;
	unsigned want, by_default;
} minimum[] = {
#define SUBCATEGORY(number) "0cce" number "-69ae-11d9-bed3-505054503030"
	{ "Credential Validation", SUBCATEGORY("923f"), "AuditAccountLogon", SUCCESS | FAILURE,
		SUCCESS },
	{ "Kerberos Authentication Service", SUBCATEGORY("9242"), "AuditAccountLogon",
		SUCCESS | FAILURE, SUCCESS },
	{ "Kerberos Service Ticket Operations", SUBCATEGORY("9240"), "AuditAccountLogon", SUCCESS,
		SUCCESS },
	{ "Computer Account Management", SUBCATEGORY("9236"), "AuditAccountManage", SUCCESS,
		SUCCESS },
	{ "Security Group Management", SUBCATEGORY("9237"), "AuditAccountManage", SUCCESS,
		SUCCESS },
	{ "User Account Management", SUBCATEGORY("9235"), "AuditAccountManage", SUCCESS, SUCCESS },
	{ "Directory Service Changes", SUBCATEGORY("923c"), "AuditDSAccess", SUCCESS, 0 },
	{ "Logon", SUBCATEGORY("9215"), "AuditLogonEvents", SUCCESS | FAILURE, SUCCESS | FAILURE },
	{ "Special Logon", SUBCATEGORY("921b"), "AuditLogonEvents", SUCCESS, SUCCESS },
	{ "Audit Policy Change", SUBCATEGORY("922f"), "AuditPolicyChange", SUCCESS, SUCCESS },
	{ "Authentication Policy Change", SUBCATEGORY("9230"), "AuditPolicyChange", SUCCESS,
		SUCCESS },
	{ "Security State Change", SUBCATEGORY("9210"), "AuditSystemEvents", SUCCESS, SUCCESS },
#undef SUBCATEGORY
};

/* What may be audited: one of at most these. */
struct audit_state {
	unsigned may[2 * GPO_CANDIDATES];
	size_t count;
	const char *unknown;
};

static void add_state(struct audit_state *s, unsigned value)
{
	if (s->count < ARRAY_LEN(s->may))
		s->may[s->count++] = value;
}

/* The category of the same name's setting, of Windows before 2008 (GptTmpl.inf). */
static void add_legacy(struct check_cx *cx, const struct ad_object *dc, const struct audited *a,
	bool advanced, struct audit_state *s)
{
	struct gpo_query q = { GPO_SECURITY, STR("Event Audit"), str_of(a->category) };
	struct gpo_answer answer = gpo_effective(cx_model(cx), dc, &q);
	uint64_t value;

	if (answer.unknown)
		s->unknown = answer.unknown;
	for (size_t i = 0; i < answer.count; i++) {
		bool set = answer.values[i].gpo && str_to_u64(answer.values[i].value, &value);

		if (set)
			add_state(s, (unsigned)value & (SUCCESS | FAILURE));
		/* Where advanced settings are there too, which of the two wins hangs on another
		 * setting. */
		if (!set || advanced)
			add_state(s, a->by_default);
	}
}

static struct audit_state audit_of(
	struct check_cx *cx, const struct ad_object *dc, const struct audited *a, bool advanced)
{
	struct gpo_query q = { GPO_AUDIT, STR(""), str_of(a->guid) };
	struct gpo_answer answer = gpo_effective(cx_model(cx), dc, &q);
	struct audit_state s = { .unknown = answer.unknown };
	uint64_t value;

	for (size_t i = 0; i < answer.count; i++) {
		if (!answer.values[i].gpo)
			add_legacy(cx, dc, a, advanced, &s);
		else if (str_to_u64(answer.values[i].value, &value))
			add_state(&s, (unsigned)value);
		else
			s.unknown = "gpo_file_not_read";
	}
	return s;
}

static bool has_advanced(struct check_cx *cx, const struct ad_object *dc)
{
	for (size_t i = 0; i < ARRAY_LEN(minimum); i++) {
		struct gpo_query q = { GPO_AUDIT, STR(""), str_of(minimum[i].guid) };
		struct gpo_answer a = gpo_effective(cx_model(cx), dc, &q);

		for (size_t k = 0; k < a.count; k++)
			if (a.values[k].gpo)
				return true;
	}
	return false;
}

static void show_audit(struct check_cx *cx, const struct audited *a, unsigned is)
{
	static const char *const words[] = { "nothing", "success", "failure", "success+failure" };

	evidence(cx, "missing",
		arena_printf(cx_arena(cx), "%s (%s)", a->name, words[a->want & ~is]));
}

int gpo_dc_audit(struct check_cx *cx, const struct ad_object *dc)
{
	struct tally t = { 0 };

	if (!gpo_reads_dc(cx, dc))
		return 0;
	bool advanced = has_advanced(cx, dc);
	for (size_t i = 0; i < ARRAY_LEN(minimum); i++) {
		const struct audited *a = &minimum[i];
		struct audit_state s = audit_of(cx, dc, a, advanced);
		size_t bad = 0;
		unsigned most = 0;

		if ((a->want & FAILURE) && !cx_bool(cx, "failures") && s.count)
			for (size_t k = 0; k < s.count; k++)
				s.may[k] |= FAILURE;
		for (size_t k = 0; k < s.count; k++) {
			bad += (a->want & ~s.may[k]) != 0;
			most |= s.may[k];
		}
		if (s.unknown) {
			t.reason = s.unknown;
		} else if (bad && bad == s.count) {
			show(cx, dc, &t);
			show_audit(cx, a, most & a->want);
		} else if (bad) {
			t.reason = "gpo_may_not_apply";
		}
	}
	return conclude(cx, dc, &t);
}

/* ---- hyg_dc_user_rights ------------------------------------------------------------- */

/* Each of them is control of the domain controller, or a logon on it (MS-GPSB 2.2.2). Rights that
 * products are given by design (SeSecurityPrivilege: Exchange) are left out. */
static const char *const rights[] = { "SeAssignPrimaryTokenPrivilege", "SeBackupPrivilege",
	"SeCreateTokenPrivilege", "SeDebugPrivilege", "SeEnableDelegationPrivilege",
	"SeInteractiveLogonRight", "SeLoadDriverPrivilege", "SeRemoteInteractiveLogonRight",
	"SeRestorePrivilege", "SeSyncAgentPrivilege", "SeTakeOwnershipPrivilege", "SeTcbPrivilege",
	"SeTrustedCredManAccessPrivilege" };

static enum tri is_ordinary(struct check_cx *cx, struct str text, struct tally *t)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *object;
	struct sid sid;
	enum tri answer =
		gpo_principal(m, text, &sid, &object) ? gpo_principal_ordinary(m, &sid) : UNKNOWN;

	if (answer == UNKNOWN)
		t->reason = "right_holder_not_read";
	return answer;
}

static struct str holder_name(struct check_cx *cx, struct str text)
{
	struct sid sid;

	if (text.n < 2 || text.p[0] != '*' ||
		!sid_from_text((struct str){ text.p + 1, text.n - 1 }, &sid))
		return text;
	const struct ad_object *o = model_find_sid(cx_model(cx), &sid);
	const char *known = wellknown_name(&sid);

	return o ? o->name : known ? str_of(known) : (struct str){ text.p + 1, text.n - 1 };
}

/* The holders of one right by one policy that are ordinary. */
static bool take_holders(struct check_cx *cx, const struct ad_object *dc, const char *right,
	const struct gpo_candidate *c, struct tally *t)
{
	struct str rest = c->value;
	bool any = false;

	while (rest.p) {
		struct str one = str_trim(str_cut(rest, ',', &rest));

		if (!one.n || is_ordinary(cx, one, t) != YES)
			continue;
		any = true;
		show(cx, dc, t);
		evidence(cx, "right",
			arena_printf(
				cx_arena(cx), "%s: %.*s", right, STR_ARG(holder_name(cx, one))));
	}
	return any;
}

int gpo_dc_rights(struct check_cx *cx, const struct ad_object *dc)
{
	struct tally t = { 0 };

	if (!gpo_reads_dc(cx, dc))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(rights); i++) {
		struct gpo_query q = { GPO_SECURITY, STR("Privilege Rights"), str_of(rights[i]) };
		struct gpo_answer a = gpo_effective(cx_model(cx), dc, &q);

		if (a.unknown || a.count > 1)
			t.reason = a.unknown ? a.unknown : "gpo_may_not_apply";
		else if (a.count && a.values[0].gpo &&
			 take_holders(cx, dc, rights[i], &a.values[0], &t))
			evidence_gpo(cx, a.values[0].gpo);
	}
	return conclude(cx, dc, &t);
}

/* ---- hyg_dc_weakened_defaults ------------------------------------------------------- */

#define LSA "System\\CurrentControlSet\\Control\\Lsa"
#define SERVICES "System\\CurrentControlSet\\Services\\"

/* Windows is safe by itself in each of these; only what a policy sets to a weak value counts. */
static const struct weakened {
	const char *path, *name;
	uint64_t weak;
	enum gpo_store store;
} weakened[] = {
	{ LSA, "NoLMHash", 0, GPO_REGISTRY },
	{ LSA, "EveryoneIncludesAnonymous", 1, GPO_REGISTRY },
	{ LSA, "RestrictAnonymousSAM", 0, GPO_REGISTRY },
	{ LSA, "TurnOffAnonymousBlock", 1, GPO_REGISTRY },
	{ "System Access", "LSAAnonymousNameLookup", 1, GPO_SECURITY },
	{ SERVICES "LanManServer\\Parameters", "RestrictNullSessAccess", 0, GPO_REGISTRY },
	{ SERVICES "LanManServer\\Parameters", "SMB1", 1, GPO_REGISTRY },
	{ SERVICES "LanmanWorkstation\\Parameters", "EnablePlainTextPassword", 1, GPO_REGISTRY },
	{ SERVICES "Netlogon\\Parameters", "RequireSignOrSeal", 0, GPO_REGISTRY },
	{ SERVICES "Netlogon\\Parameters", "FullSecureChannelProtection", 0, GPO_REGISTRY },
	{ SERVICES "Kdc", "StrongCertificateBindingEnforcement", 0, GPO_REGISTRY },
	{ SERVICES "Kdc", "KrbtgtFullPacSignature", 0, GPO_REGISTRY },
	{ "System\\CurrentControlSet\\Control\\SecurityProviders\\WDigest", "UseLogonCredential", 1,
		GPO_REGISTRY },
};

int gpo_dc_weakens(struct check_cx *cx, const struct ad_object *dc)
{
	struct tally t = { 0 };

	if (!gpo_reads_dc(cx, dc))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(weakened); i++) {
		const struct weakened *w = &weakened[i];
		struct gpo_query q = { w->store, str_of(w->path), str_of(w->name) };
		struct gpo_answer a = gpo_effective(cx_model(cx), dc, &q);
		size_t weak = 0;
		uint64_t value;

		for (size_t k = 0; k < a.count; k++)
			weak += a.values[k].gpo && str_to_u64(a.values[k].value, &value) &&
				value == w->weak;
		if (a.unknown) {
			t.reason = a.unknown;
		} else if (weak && weak == a.count) {
			show(cx, dc, &t);
			evidence(cx, "setting",
				arena_printf(cx_arena(cx), "%s = %.*s", w->name,
					STR_ARG(a.values[0].value)));
			evidence_gpo(cx, a.values[0].gpo);
		} else if (weak) {
			t.reason = "gpo_may_not_apply";
		}
	}
	return conclude(cx, dc, &t);
}
