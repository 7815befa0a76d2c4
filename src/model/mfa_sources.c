#include "model/mfa_sources.h"

#include "ad/altsecid.h"
#include "ad/uac.h"
#include "ad/wellknown.h"

int mfa_source_load(
	struct model *m, struct mfa_source *s, const struct mfa_evidence *from, struct err *err)
{
	static const char *const names[] = {
		[MFA_SMARTCARD_REQUIRED] = "smartcard_required",
		[MFA_KEY_CREDENTIAL] = "key_credential",
		[MFA_CERTIFICATE_MAPPING] = "certificate_mapping",
		[MFA_AUTHENTICATION_POLICY] = "authentication_policy",
	};
	struct str file;

	s->kind = from->kind;
	switch (from->kind) {
	case MFA_GROUP:
		s->group = scope_resolve(m, "mfa_evidence_group", from->group, true);
		s->evidence = arena_printf(&m->arena, "group:%.*s", STR_ARG(from->group));
		break;
	case MFA_CSV:
		if (mfa_export_load(m, from, &s->export, err))
			return err->code;
		file = roster_file_name(mfa_export_roster(s->export));
		s->evidence = arena_printf(&m->arena, "csv:%.*s", STR_ARG(file));
		break;
	case MFA_SMARTCARD_REQUIRED:
	case MFA_KEY_CREDENTIAL:
	case MFA_CERTIFICATE_MAPPING:
	case MFA_AUTHENTICATION_POLICY:
		s->evidence = str_of(names[from->kind]);
		break;
	}
	return 0;
}

void mfa_source_free(struct mfa_source *s)
{
	mfa_export_free(s->export);
	s->export = NULL;
}

static struct mfa_proof proof(enum tri covers)
{
	return (struct mfa_proof){ covers, false,
		covers == UNKNOWN ? "mfa_evidence_not_readable" : NULL };
}

static struct mfa_proof doubt(const char *reason)
{
	return (struct mfa_proof){ UNKNOWN, false, reason };
}

static struct mfa_proof by_smartcard(const struct ad_object *o)
{
	if (!obj_has(o, ATTR_USER_ACCOUNT_CONTROL))
		return proof(UNKNOWN);
	return proof(obj_u32(o, ATTR_USER_ACCOUNT_CONTROL) & UAC_SMARTCARD_REQUIRED ? YES : NO);
}

static struct mfa_proof by_key(const struct model *m, const struct ad_object *o)
{
	struct account_keys k = account_keys(m, o);

	if (k.ngc || k.fido)
		return proof(YES);
	if (!k.readable)
		return proof(UNKNOWN);
	if (k.unconfirmed || k.malformed)
		return doubt("mfa_key_unconfirmed");
	return k.single_factor ? doubt("mfa_key_single_factor") : proof(NO);
}

static struct mfa_proof by_mapping(const struct model *m, const struct ad_object *o)
{
	for (size_t i = 0; i < obj_count(o, ATTR_ALT_SECURITY_IDENTITIES); i++)
		if (mapping_of(obj_value(o, ATTR_ALT_SECURITY_IDENTITIES, i)).strength ==
			MAPPING_STRONG)
			return proof(YES);
	return proof(model_readable(m, o, ATTR_ALT_SECURITY_IDENTITIES) == READABLE ? NO : UNKNOWN);
}

/* ---- authentication policies (MS-KILE 3.3.5.5, MS-ADTS 3.1.1.13.3) ---- */

/* Does an unconditional entry let whoever has a computer account, or anybody, in? */
static bool lets_all_in(const struct ace *e)
{
	uint32_t rid = e->sid.count ? e->sid.sub[e->sid.count - 1] : 0;

	if (e->type != ACE_ACCESS_ALLOWED && e->type != ACE_ACCESS_ALLOWED_OBJECT)
		return false;
	if (e->sid.authority == 1 || (e->sid.authority == 5 && e->sid.count == 1))
		return true; /* Everyone; Authenticated Users and its like */
	return rid == RID_DOMAIN_COMPUTERS || rid == RID_DOMAIN_USERS || rid == RID_BUILTIN_USERS;
}

/* Does the policy restrict the devices from which its users log on? */
static enum tri restricts_devices(const struct model *m, const struct ad_object *policy)
{
	struct arena scratch = { 0 };
	struct secdesc sd;
	enum tri r = NO;

	if (!obj_has(policy, ATTR_MSDS_USER_ALLOWED_FROM))
		return model_readable(m, policy, ATTR_MSDS_USER_ALLOWED_FROM) == READABLE ? NO
											  : UNKNOWN;
	if (!secdesc_parse(&scratch, obj_value(policy, ATTR_MSDS_USER_ALLOWED_FROM, 0), &sd)) {
		r = UNKNOWN;
	} else if (sd.has_dacl) {
		r = YES;
		for (size_t i = 0; i < sd.dacl_count; i++)
			if (lets_all_in(&sd.dacl[i]))
				r = NO;
	}
	arena_free(&scratch);
	return r;
}

static enum tri flag_of(const struct model *m, const struct ad_object *o, enum attr a)
{
	if (obj_has(o, a))
		return obj_bool(o, a) ? YES : NO;
	return model_readable(m, o, a) == READABLE ? NO : UNKNOWN;
}

/* The policy that link names on o: NO, none; UNKNOWN, it was not read. */
static enum tri linked(const struct model *m, const struct ad_object *o, enum attr link,
	const struct ad_object **policy)
{
	*policy = NULL;
	if (!obj_has(o, link))
		return model_readable(m, o, link) == READABLE ? NO : UNKNOWN;
	*policy = model_find_dn(m, obj_value(o, link, 0));
	return *policy ? YES : UNKNOWN;
}

/* The link on the account counts only when the silo names the account too. */
static enum tri silo_accepts(
	const struct model *m, const struct ad_object *silo, const struct ad_object *o)
{
	const struct ad_object *names = model_linked_from(m, ATTR_MSDS_SILO_MEMBERS, o);

	if (names)
		return names == silo ? YES : UNKNOWN; /* perhaps this one too */
	return model_readable(m, silo, ATTR_MSDS_SILO_MEMBERS) == READABLE ? NO : UNKNOWN;
}

static enum tri both(enum tri a, enum tri b)
{
	if (a == NO || b == NO)
		return NO;
	return a == YES && b == YES ? YES : UNKNOWN;
}

static enum tri by_silo(
	const struct model *m, const struct ad_object *silo, const struct ad_object *o)
{
	const struct ad_object *policy;
	enum tri r = flag_of(m, silo, ATTR_MSDS_SILO_ENFORCED);

	if (r == NO)
		return NO;
	enum tri has = linked(m, silo, ATTR_MSDS_USER_AUTHN_POLICY, &policy);

	r = both(r, has == YES ? restricts_devices(m, policy) : has);
	return r == NO ? NO : both(r, silo_accepts(m, silo, o));
}

static enum tri by_policy(const struct model *m, const struct ad_object *o)
{
	const struct ad_object *silo, *policy;
	enum tri in_silo = linked(m, o, ATTR_MSDS_ASSIGNED_SILO, &silo), r = NO;

	if (in_silo == YES)
		r = by_silo(m, silo, o);
	else if (in_silo == UNKNOWN)
		r = UNKNOWN;
	if (r == YES)
		return YES;
	enum tri has = linked(m, o, ATTR_MSDS_ASSIGNED_POLICY, &policy);

	if (has == YES)
		has = both(flag_of(m, policy, ATTR_MSDS_AUTHN_POLICY_ENFORCED),
			restricts_devices(m, policy));
	/* A silo that is enforced decides instead of the account's own policy. */
	if (in_silo == YES && has == YES)
		return flag_of(m, silo, ATTR_MSDS_SILO_ENFORCED) == NO ? YES : UNKNOWN;
	return r == UNKNOWN || has == UNKNOWN ? UNKNOWN : has;
}

/* ---- exports ---- */

static struct mfa_proof by_export(const struct mfa_source *s, const struct ad_object *o)
{
	unsigned says = mfa_export_says(s->export, o);

	if (!(says & EXPORT_READ))
		return proof(NO); /* no account */
	if (says & EXPORT_STRONG)
		return proof(YES);
	if (says & EXPORT_STRANGE)
		return doubt("mfa_method_not_known");
	if (says & EXPORT_MAYBE)
		return doubt("mfa_export_row_ambiguous");
	return (struct mfa_proof){ NO, (says & EXPORT_WEAK) != 0, NULL };
}

struct mfa_proof mfa_source_proves(
	const struct model *m, const struct mfa_source *s, const struct ad_object *o)
{
	switch (s->kind) {
	case MFA_SMARTCARD_REQUIRED:
		return by_smartcard(o);
	case MFA_KEY_CREDENTIAL:
		return by_key(m, o);
	case MFA_CERTIFICATE_MAPPING:
		return by_mapping(m, o);
	case MFA_AUTHENTICATION_POLICY:
		return proof(by_policy(m, o));
	case MFA_GROUP:
		return proof(scope_holds(m, &s->group, o));
	case MFA_CSV:
		return by_export(s, o);
	}
	return proof(UNKNOWN);
}
