/* Certificate templates, certification authorities and their certificates (AD CS). ESC1 … ESC17 are
 * the names under which these weaknesses are known (Certified Pre-Owned, SpecterOps, and after). */
#include "ad/altsecid.h"
#include "ad/certificate.h"
#include "checks/common.h"

/* msPKI-Certificate-Name-Flag (MS-CRTD 2.28), msPKI-Enrollment-Flag (2.26) */
#define NAME_ENROLLEE_SUPPLIES_SUBJECT 0x1u
#define NAME_ENROLLEE_SUPPLIES_ALT_NAME 0x10000u
#define NAME_ALT_REQUIRE_SPN 0x00800000u
#define NAME_ALT_REQUIRE_UPN 0x02000000u
#define NAME_ALT_REQUIRE_DNS 0x08000000u
#define ENROLL_PEND_ALL_REQUESTS 0x2u
#define ENROLL_NO_SECURITY_EXTENSION 0x80000u

#define OID_ANY_PURPOSE "2.5.29.37.0"
#define OID_REQUEST_AGENT "1.3.6.1.4.1.311.20.2.1"

static const char *const logon_oids[] = {
	"1.3.6.1.5.5.7.3.2",	  /* client authentication */
	"1.3.6.1.4.1.311.20.2.2", /* smart card logon */
	"1.3.6.1.5.2.3.4",	  /* PKINIT client */
	OID_ANY_PURPOSE,
};
static const char *const agent_oids[] = { OID_REQUEST_AGENT };
static const char *const any_oids[] = { OID_ANY_PURPOSE };
static const char *const server_oids[] = { "1.3.6.1.5.5.7.3.1", OID_ANY_PURPOSE };

#define NOT_READABLE_CODE(r)                                                                       \
	((r) == NOT_COLLECTED ? "attribute_not_collected" : "attribute_not_readable")

/* ---- conditions on a template, all of which must hold --------------------------------------- */

struct conditions {
	struct check_cx *cx;
	const struct ad_object *template;
	enum tri all;
	const char *why; /* of the first UNKNOWN */
};

static void require(struct conditions *c, enum tri t, const char *why)
{
	if (c->all == NO || t == YES)
		return;
	c->all = t;
	if (t == UNKNOWN && !c->why)
		c->why = why;
}

/* The attribute's state when it has no value: UNKNOWN sets the reason. */
static bool is_unread(struct conditions *c, enum attr a)
{
	enum readable r = model_readable(cx_model(c->cx), c->template, a);

	if (r == READABLE)
		return false;
	require(c, UNKNOWN,
		arena_printf(cx_arena(c->cx), "%s %s", NOT_READABLE_CODE(r), attr_table[a].ldap).p);
	return true;
}

static void require_number(struct conditions *c, enum attr a, uint32_t mask, bool set)
{
	if (!is_unread(c, a))
		require(c, ((obj_u32(c->template, a) & mask) != 0) == set ? YES : NO, NULL);
}

/* The certificate is issued at once: no manager's approval, no signature of an agent. */
static void require_no_approval(struct conditions *c)
{
	require_number(c, ATTR_MSPKI_ENROLLMENT_FLAG, ENROLL_PEND_ALL_REQUESTS, false);
	require_number(c, ATTR_MSPKI_RA_SIGNATURE, UINT32_MAX, false);
}

static bool has_oid(const struct ad_object *o, enum attr a, const char *const *oids, size_t count)
{
	for (size_t i = 0; i < obj_count(o, a); i++)
		for (size_t k = 0; k < count; k++)
			if (str_eq(obj_value(o, a, i), str_of(oids[k])))
				return true;
	return false;
}

/* Usable for one of these purposes, by extended key usage or by application policy. A certificate
 * without any serves every purpose (RFC 5280 4.2.1.12); or_none says whether that counts. */
static void require_usage(struct conditions *c, const char *const *oids, size_t count, bool or_none)
{
	const struct ad_object *t = c->template;

	if (has_oid(t, ATTR_PKI_EXTENDED_KEY_USAGE, oids, count) ||
		has_oid(t, ATTR_MSPKI_CERTIFICATE_APPLICATION_POLICY, oids, count))
		return;
	if (is_unread(c, ATTR_PKI_EXTENDED_KEY_USAGE) ||
		is_unread(c, ATTR_MSPKI_CERTIFICATE_APPLICATION_POLICY))
		return;
	require(c,
		or_none && !obj_has(t, ATTR_PKI_EXTENDED_KEY_USAGE) &&
				!obj_has(t, ATTR_MSPKI_CERTIFICATE_APPLICATION_POLICY)
			? YES
			: NO,
		NULL);
}

static void require_logon(struct conditions *c)
{
	require_usage(c, logon_oids, ARRAY_LEN(logon_oids), true);
}

static struct conditions conditions_of(struct check_cx *cx, const struct ad_object *template)
{
	return (struct conditions){ .cx = cx, .template = template, .all = YES };
}

/* ---- evidence ------------------------------------------------------------------------------- */

static void evidence_who(struct check_cx *cx, const struct enrollment *e)
{
	for (size_t i = 0; i < e->count; i++) {
		const struct ad_object *o = model_find_sid(cx_model(cx), &e->who[i]);
		const char *known = wellknown_name(&e->who[i]);
		char text[SID_TEXT];

		if (o && o->kind != AD_FSP)
			evidence(cx, "enroll_by", o->name);
		else
			evidence_z(cx, "enroll_by", known ? known : sid_text(&e->who[i], text));
	}
}

static void evidence_template(
	struct check_cx *cx, const struct ad_object *t, const struct enrollment *e)
{
	const struct ad_object *issuers[EVIDENCE_NAMES];

	evidence_who(cx, e);
	evidence_names(cx, "issuer", issuers,
		template_issuers(cx_model(cx), t, false, issuers, ARRAY_LEN(issuers)));
	for (size_t i = 0; i < obj_count(t, ATTR_PKI_EXTENDED_KEY_USAGE) && i < EVIDENCE_NAMES; i++)
		evidence(cx, "key_usage", obj_value(t, ATTR_PKI_EXTENDED_KEY_USAGE, i));
}

/* The template's part is decided; what is left is who issues it and who may enrol. True: it was
 * reported. */
static bool conclude(struct conditions *c, bool for_logon)
{
	const struct model *m = cx_model(c->cx);
	struct enrollment e = { NO, NULL, 0, NULL };

	if (c->all != NO)
		require(c,
			for_logon ? template_published_for_logon(m, c->template)
				  : template_published(m, c->template),
			"publication_not_readable");
	if (c->all != NO) {
		e = template_enrollment(m, cx_arena(c->cx), c->template, for_logon);
		require(c, e.open, e.reason);
	}
	if (c->all == UNKNOWN)
		undecided(c->cx, c->template, c->why);
	if (c->all != YES)
		return false;
	finding(c->cx, c->template);
	evidence_template(c->cx, c->template, &e);
	return true;
}

/* ---- templates ------------------------------------------------------------------------------ */

/* vuln_adcs_template_auth_enroll_with_name and ESC1, which is the same weakness. */
static int enroll_with_name(struct check_cx *cx, const struct ad_object *t)
{
	struct conditions c = conditions_of(cx, t);

	require_number(&c, ATTR_MSPKI_CERTIFICATE_NAME_FLAG,
		NAME_ENROLLEE_SUPPLIES_SUBJECT | NAME_ENROLLEE_SUPPLIES_ALT_NAME, true);
	require_logon(&c);
	require_no_approval(&c);
	conclude(&c, true);
	return 0;
}

static int esc2(struct check_cx *cx, const struct ad_object *t)
{
	struct conditions c = conditions_of(cx, t);

	require_usage(&c, any_oids, ARRAY_LEN(any_oids), true);
	require_no_approval(&c);
	conclude(&c, false);
	return 0;
}

/* Does an agent's signature suffice to be issued this template for somebody else? Of version 1 it
 * always does; of later ones where the issuance requirements name the agent and ask for no second
 * signature (MS-CRTD 2.18, whose packed form of version 3 holds the OID between back ticks). */
static void require_agent_accepted(struct conditions *c)
{
	const struct ad_object *t = c->template;

	if (is_unread(c, ATTR_MSPKI_TEMPLATE_SCHEMA_VERSION) ||
		obj_u32(t, ATTR_MSPKI_TEMPLATE_SCHEMA_VERSION) <= 1)
		return;
	if (!is_unread(c, ATTR_MSPKI_RA_SIGNATURE) && obj_u32(t, ATTR_MSPKI_RA_SIGNATURE) > 1)
		require(c, NO, NULL);
	for (size_t i = 0; i < obj_count(t, ATTR_MSPKI_RA_APPLICATION_POLICIES); i++) {
		struct str word, rest = obj_value(t, ATTR_MSPKI_RA_APPLICATION_POLICIES, i);

		do {
			word = str_cut(rest, '`', &rest);
			if (str_eq(word, STR(OID_REQUEST_AGENT)))
				return;
		} while (rest.p);
	}
	if (!is_unread(c, ATTR_MSPKI_RA_APPLICATION_POLICIES))
		require(c, NO, NULL);
}

/* The templates that an agent may be issued in another's name and log on with. */
static enum tri find_agent_targets(struct check_cx *cx, const struct ad_object **targets,
	size_t max, size_t *count, const char **why)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *const *templates;
	size_t all = model_of_kind(m, AD_CERT_TEMPLATE, &templates);
	enum tri answer = NO;

	*count = 0;
	for (size_t i = 0; i < all && *count < max; i++) {
		struct conditions c = conditions_of(cx, templates[i]);

		require_logon(&c);
		require_agent_accepted(&c);
		require_number(&c, ATTR_MSPKI_ENROLLMENT_FLAG, ENROLL_PEND_ALL_REQUESTS, false);
		if (c.all != NO)
			require(&c, template_published_for_logon(m, c.template),
				"publication_not_readable");
		if (c.all == YES)
			targets[(*count)++] = c.template;
		if (c.all == UNKNOWN)
			*why = c.why;
		answer = answer == YES || c.all == NO ? answer : c.all;
	}
	return answer;
}

static int esc3(struct check_cx *cx, const struct ad_object *t)
{
	const struct ad_object *targets[EVIDENCE_NAMES];
	struct conditions c = conditions_of(cx, t);
	const char *why = NULL;
	size_t count = 0;

	require_usage(&c, agent_oids, ARRAY_LEN(agent_oids), false);
	require_no_approval(&c);
	if (c.all != NO) {
		enum tri any = find_agent_targets(cx, targets, ARRAY_LEN(targets), &count, &why);

		require(&c, any, why);
	}
	if (conclude(&c, false))
		evidence_names(cx, "target_template", targets, count);
	return 0;
}

/* Without the SID the account is found by what the certificate names: a UPN, an SPN or a DNS name
 * of the account, or whatever the requester wrote. One that names none finds nobody. */
static int esc9(struct check_cx *cx, const struct ad_object *t)
{
	struct conditions c = conditions_of(cx, t);

	require_number(&c, ATTR_MSPKI_ENROLLMENT_FLAG, ENROLL_NO_SECURITY_EXTENSION, true);
	require_number(&c, ATTR_MSPKI_CERTIFICATE_NAME_FLAG,
		NAME_ALT_REQUIRE_UPN | NAME_ALT_REQUIRE_SPN | NAME_ALT_REQUIRE_DNS |
			NAME_ENROLLEE_SUPPLIES_SUBJECT | NAME_ENROLLEE_SUPPLIES_ALT_NAME,
		true);
	require_logon(&c);
	require_no_approval(&c);
	conclude(&c, true);
	return 0;
}

static int esc13(struct check_cx *cx, const struct ad_object *t)
{
	struct conditions c = conditions_of(cx, t);
	struct str group = { NULL, 0 }, oid = { NULL, 0 };
	enum tri linked = NO;

	if (!is_unread(&c, ATTR_MSPKI_CERTIFICATE_POLICY)) {
		for (size_t i = 0; i < obj_count(t, ATTR_MSPKI_CERTIFICATE_POLICY) && linked != YES;
			i++) {
			enum tri one;

			oid = obj_value(t, ATTR_MSPKI_CERTIFICATE_POLICY, i);
			one = issuance_policy_group(cx_model(cx), oid, &group);
			linked = one == NO ? linked : one;
		}
		require(&c, linked, "issuance_policy_not_readable");
	}
	require_logon(&c);
	require_no_approval(&c);
	if (conclude(&c, true)) {
		evidence(cx, "issuance_policy", oid);
		evidence(cx, "linked_group", group);
	}
	return 0;
}

static int esc15(struct check_cx *cx, const struct ad_object *t)
{
	struct conditions c = conditions_of(cx, t);

	if (!is_unread(&c, ATTR_MSPKI_TEMPLATE_SCHEMA_VERSION))
		require(&c, obj_u32(t, ATTR_MSPKI_TEMPLATE_SCHEMA_VERSION) <= 1 ? YES : NO, NULL);
	require_number(&c, ATTR_MSPKI_CERTIFICATE_NAME_FLAG, NAME_ENROLLEE_SUPPLIES_SUBJECT, true);
	require_no_approval(&c);
	conclude(&c, true);
	return 0;
}

/* The holder passes for any server by name; that the forest trusts the CA is enough. */
static int esc17(struct check_cx *cx, const struct ad_object *t)
{
	struct conditions c = conditions_of(cx, t);

	require_number(&c, ATTR_MSPKI_CERTIFICATE_NAME_FLAG,
		NAME_ENROLLEE_SUPPLIES_SUBJECT | NAME_ENROLLEE_SUPPLIES_ALT_NAME, true);
	require_usage(&c, server_oids, ARRAY_LEN(server_oids), true);
	require_no_approval(&c);
	conclude(&c, false);
	return 0;
}

/* ---- weak certificate mappings (ESC14) ------------------------------------------------------ */

static int esc14(struct check_cx *cx, const struct ad_object *obj)
{
	size_t weak = 0;

	for (size_t i = 0; i < obj_count(obj, ATTR_ALT_SECURITY_IDENTITIES); i++) {
		struct str value = obj_value(obj, ATTR_ALT_SECURITY_IDENTITIES, i);
		struct mapping mapping = mapping_of(value);

		if (mapping.strength != MAPPING_WEAK || weak == EVIDENCE_NAMES)
			continue;
		if (weak++ == 0)
			finding(cx, obj);
		evidence_z(cx, "mapping", mapping.form);
		evidence(cx, "mapped_name", value);
	}
	if (weak)
		evidence_privilege_path(cx, obj);
	return 0;
}

/* ---- what no LDAP server knows -------------------------------------------------------------- */

static const char *const outside_codes[] = {
	"ca_setting_not_in_ldap EDITF_ATTRIBUTESUBJECTALTNAME2",
	"ca_setting_not_in_ldap Security",
	"web_enrollment_not_in_ldap",
	"dc_setting_not_in_ldap StrongCertificateBindingEnforcement",
	"ca_setting_not_in_ldap IF_ENFORCEENCRYPTICERTREQUEST",
	"ca_key_store_not_in_ldap",
	"ca_setting_not_in_ldap DisableExtensionList",
};
enum {
	OUTSIDE_ESC6,
	OUTSIDE_ESC7,
	OUTSIDE_ESC8,
	OUTSIDE_ESC10,
	OUTSIDE_ESC11,
	OUTSIDE_ESC12,
	OUTSIDE_ESC16
};

static int outside_ldap(struct check_cx *cx, const struct ad_object *ca)
{
	return undecided(cx, ca, outside_codes[cx_arg(cx)]);
}

/* ---- vuln_certificates_vuln ----------------------------------------------------------------- */

#define EXPIRED 0 /* counter */

/* Weaknesses of one certificate: the level, and the words of each into what. */
struct weakness {
	int level; /* 0: none */
	const char *words[6];
	size_t count;
};

static void weak(struct weakness *w, int level, const char *word)
{
	if (w->level == 0 || level < w->level)
		w->level = level;
	w->words[w->count++] = word;
}

static struct weakness weakness_of(const struct certificate *c)
{
	struct weakness w = { 0 };
	bool rsa = c->key == CERTIFICATE_RSA;

	if (c->key == CERTIFICATE_DSA || c->dsa_signed)
		weak(&w, 1, "dsa");
	if (rsa && c->roca)
		weak(&w, 1, "roca");
	if (rsa && c->bits < 1024)
		weak(&w, 1, "rsa_under_1024");
	else if (rsa && c->bits < 2048)
		weak(&w, 3, "rsa_under_2048");
	if (rsa && c->exponent < 65537)
		weak(&w, 3, "exponent_under_65537");
	if (c->hash == CERTIFICATE_HASH_WEAK)
		weak(&w, 3, "weak_hash");
	return w;
}

/* An authority that has no certificate any more keeps one zero byte: the attribute is mandatory. */
static bool is_placeholder(struct str der)
{
	return der.n == 1 && der.p[0] == '\0';
}

static const char *key_name(enum certificate_key key)
{
	static const char *const names[] = { [CERTIFICATE_RSA] = "RSA",
		[CERTIFICATE_DSA] = "DSA",
		[CERTIFICATE_EC] = "EC",
		[CERTIFICATE_EDWARDS] = "EdDSA",
		[CERTIFICATE_KEY_OTHER] = "?" };

	return names[key];
}

static void show_certificate(
	struct check_cx *cx, const struct certificate *c, const struct weakness *w)
{
	for (size_t i = 0; i < w->count; i++)
		evidence_z(cx, "weakness", w->words[i]);
	evidence(cx, "key", arena_printf(cx_arena(cx), "%s %u", key_name(c->key), c->bits));
	if (c->key == CERTIFICATE_RSA && c->exponent < 65537)
		evidence_int(cx, "exponent", (int64_t)c->exponent);
	if (*c->hash_name)
		evidence_z(cx, "signature_hash", c->hash_name);
	if (c->not_after != INT64_MIN)
		evidence_date(cx, "expires", c->not_after);
}

static int worst_level(struct check_cx *cx, const struct ad_object *o, bool *unknown)
{
	int worst = 0;

	for (size_t i = 0; i < obj_count(o, ATTR_CA_CERTIFICATE); i++) {
		struct str der = obj_value(o, ATTR_CA_CERTIFICATE, i);
		struct certificate c;
		int level = 2;

		if (is_placeholder(der))
			continue;
		if (certificate_parse(der, &c)) {
			level = weakness_of(&c).level;
			*unknown |=
				c.key == CERTIFICATE_KEY_OTHER || c.hash == CERTIFICATE_HASH_OTHER;
			*cx_counter(cx, EXPIRED) +=
				c.not_after != INT64_MIN && c.not_after < cx_now(cx);
		}
		if (level && (!worst || level < worst))
			worst = level;
	}
	return worst;
}

static int certificates(struct check_cx *cx, const struct ad_object *o)
{
	bool unknown = false;
	int level = worst_level(cx, o, &unknown);

	if (!level)
		return unknown ? undecided(cx, o, "certificate_algorithm_unknown") : 0;
	finding_at(cx, o, level);
	for (size_t i = 0; i < obj_count(o, ATTR_CA_CERTIFICATE) && i < EVIDENCE_NAMES; i++) {
		struct str der = obj_value(o, ATTR_CA_CERTIFICATE, i);
		struct certificate c;

		if (is_placeholder(der))
			continue;
		if (!certificate_parse(der, &c)) {
			evidence_z(cx, "weakness", "undecodable");
			continue;
		}
		struct weakness w = weakness_of(&c);

		if (w.level)
			show_certificate(cx, &c, &w);
	}
	return 0;
}

static int certificates_after(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	if (*cx_counter(cx, EXPIRED))
		note(cx, arena_printf(cx_arena(cx), "expired_certificates %llu",
				 (unsigned long long)*cx_counter(cx, EXPIRED))
				 .p);
	return 0;
}

/* ---- table ---------------------------------------------------------------------------------- */

#define OUTSIDE_ROW(name, which)                                                                   \
	{                                                                                          \
		.id = (name), .each = AD_ENROLLMENT_SERVICE, .run = outside_ldap,                  \
		.before = needs_ca, .arg = (which)                                                 \
	}
#define READS_OF_ALL                                                                               \
	ATTR_MSPKI_ENROLLMENT_FLAG, ATTR_MSPKI_RA_SIGNATURE, ATTR_PKI_EXTENDED_KEY_USAGE,          \
		ATTR_MSPKI_CERTIFICATE_APPLICATION_POLICY

static const struct check rows[] = {
	{ .id = "vuln_adcs_template_auth_enroll_with_name",
		.each = AD_CERT_TEMPLATE,
		.run = enroll_with_name,
		.before = needs_ca,
		.reads = { READS_OF_ALL, ATTR_MSPKI_CERTIFICATE_NAME_FLAG } },
	{ .id = "vuln_certificates_vuln",
		.each = AD_CERTIFICATION_AUTHORITY,
		.kinds = KIND(AD_ENROLLMENT_SERVICE),
		.run = certificates,
		.after = certificates_after,
		.needs = { ATTR_CA_CERTIFICATE } },
	{ .id = "hyg_adcs_esc1",
		.each = AD_CERT_TEMPLATE,
		.run = enroll_with_name,
		.before = needs_ca,
		.reads = { READS_OF_ALL, ATTR_MSPKI_CERTIFICATE_NAME_FLAG } },
	{ .id = "hyg_adcs_esc2",
		.each = AD_CERT_TEMPLATE,
		.run = esc2,
		.before = needs_ca,
		.reads = { READS_OF_ALL } },
	{ .id = "hyg_adcs_esc3",
		.each = AD_CERT_TEMPLATE,
		.run = esc3,
		.before = needs_ca,
		.reads = { READS_OF_ALL, ATTR_MSPKI_TEMPLATE_SCHEMA_VERSION,
			ATTR_MSPKI_RA_APPLICATION_POLICIES } },
	{ .id = "hyg_adcs_esc9",
		.each = AD_CERT_TEMPLATE,
		.run = esc9,
		.before = needs_ca,
		.reads = { READS_OF_ALL, ATTR_MSPKI_CERTIFICATE_NAME_FLAG } },
	{ .id = "hyg_adcs_esc13",
		.each = AD_CERT_TEMPLATE,
		.run = esc13,
		.before = needs_ca,
		.reads = { READS_OF_ALL, ATTR_MSPKI_CERTIFICATE_POLICY } },
	{ .id = "hyg_adcs_esc15",
		.each = AD_CERT_TEMPLATE,
		.run = esc15,
		.before = needs_ca,
		.reads = { ATTR_MSPKI_ENROLLMENT_FLAG, ATTR_MSPKI_RA_SIGNATURE,
			ATTR_MSPKI_CERTIFICATE_NAME_FLAG, ATTR_MSPKI_TEMPLATE_SCHEMA_VERSION } },
	{ .id = "hyg_adcs_esc14",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED,
		.run = esc14,
		.needs = { ATTR_ALT_SECURITY_IDENTITIES } },
	{ .id = "hyg_adcs_esc17",
		.each = AD_CERT_TEMPLATE,
		.run = esc17,
		.before = needs_ca,
		.reads = { READS_OF_ALL, ATTR_MSPKI_CERTIFICATE_NAME_FLAG } },
	OUTSIDE_ROW("hyg_adcs_esc6", OUTSIDE_ESC6),
	OUTSIDE_ROW("hyg_adcs_esc7", OUTSIDE_ESC7),
	OUTSIDE_ROW("hyg_adcs_esc8", OUTSIDE_ESC8),
	OUTSIDE_ROW("hyg_adcs_esc10", OUTSIDE_ESC10),
	OUTSIDE_ROW("hyg_adcs_esc11", OUTSIDE_ESC11),
	OUTSIDE_ROW("hyg_adcs_esc12", OUTSIDE_ESC12),
	OUTSIDE_ROW("hyg_adcs_esc16", OUTSIDE_ESC16),
};

CHECK_AREA(adcs, rows);
