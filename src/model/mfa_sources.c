#include "model/mfa_sources.h"

#include "ad/altsecid.h"
#include "ad/uac.h"

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
		return proof(account_logon_restricted(m, o));
	case MFA_GROUP:
		return proof(scope_holds(m, &s->group, o));
	case MFA_CSV:
		return by_export(s, o);
	}
	return proof(UNKNOWN);
}
