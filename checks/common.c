#include "checks/common.h"

#include "ad/windows.h"
#include "base/utf8.h"

#include <inttypes.h>

bool readable(struct check_cx *cx, const struct ad_object *obj, enum attr a)
{
	enum readable r = model_readable(cx_model(cx), obj, a);

	if (r == READABLE)
		return true;
	undecided(cx, obj,
		arena_printf(cx_arena(cx), "%s %s",
			r == NOT_COLLECTED ? "attribute_not_collected" : "attribute_not_readable",
			attr_table[a].ldap)
			.p);
	return false;
}

bool has_rid(const struct ad_object *obj, uint32_t rid)
{
	return sid_is_domain_principal(&obj->sid) && sid_rid(&obj->sid) == rid;
}

bool is_rid500(const struct ad_object *obj)
{
	return has_rid(obj, RID_ADMINISTRATOR);
}

bool may_be_rid500(struct check_cx *cx, const struct ad_object *obj)
{
	bool ours = obj_has(obj, ATTR_IS_CRITICAL_SYSTEM_OBJECT)
			    ? !obj_bool(obj, ATTR_IS_CRITICAL_SYSTEM_OBJECT)
			    : model_readable(cx_model(cx), obj, ATTR_IS_CRITICAL_SYSTEM_OBJECT) ==
				      READABLE;

	return obj->kind == AD_USER && sid_is_none(&obj->sid) && !ours &&
	       !readable(cx, obj, ATTR_OBJECT_SID);
}

bool is_dc_computer(const struct ad_object *obj)
{
	uint32_t group = obj_u32(obj, ATTR_PRIMARY_GROUP_ID);
	uint32_t flags = UAC_SERVER_TRUST_ACCOUNT | UAC_PARTIAL_SECRETS_ACCOUNT;

	if (obj->kind != AD_COMPUTER)
		return false;
	/* Every computer has a primary group: where it was not read, its flags speak. */
	if (!obj_has(obj, ATTR_PRIMARY_GROUP_ID))
		return obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL) & flags;
	return group == RID_DOMAIN_CONTROLLERS || group == RID_RODCS;
}

bool has_class(const struct ad_object *obj, const char *name)
{
	for (size_t i = 0; i < obj_count(obj, ATTR_OBJECT_CLASS); i++)
		if (str_ieq(obj_value(obj, ATTR_OBJECT_CLASS, i), str_of(name)))
			return true;
	return false;
}

/* Only who may create domain controllers can give a computer this group. */
bool is_entra_kerberos(const struct ad_object *obj)
{
	return obj->kind == AD_COMPUTER && obj_u32(obj, ATTR_PRIMARY_GROUP_ID) == RID_RODCS &&
	       str_ieq(obj_str(obj, ATTR_SAM_ACCOUNT_NAME), STR("AzureADKerberos$"));
}

bool is_entra_object(const struct ad_object *obj)
{
	return is_entra_kerberos(obj) ||
	       (obj->kind == AD_COMPUTER &&
		       str_ieq(obj_str(obj, ATTR_SAM_ACCOUNT_NAME), STR("AZUREADSSOACC$")));
}

bool is_service_account(const struct check_cx *cx, const struct ad_object *obj)
{
	if (obj->kind == AD_USER && obj_has(obj, ATTR_SERVICE_PRINCIPAL_NAME))
		return true;
	return obj->kind == AD_MSA ||
	       (obj->kind == AD_USER &&
		       object_in_population(cx_model(cx), obj, POPULATION_SERVICE) == YES);
}

#define RID_FIRST_OF_PEOPLE 1000u /* MS-SAMR 3.1.1.9.2.1 */

bool is_system_object(const struct ad_object *obj)
{
	if (obj_bool(obj, ATTR_IS_CRITICAL_SYSTEM_OBJECT))
		return true;
	return !sid_is_none(&obj->sid) &&
	       (!sid_is_domain_principal(&obj->sid) || sid_rid(&obj->sid) < RID_FIRST_OF_PEOPLE);
}

bool may_be_system_object(struct check_cx *cx, const struct ad_object *obj)
{
	return sid_is_none(&obj->sid) && !obj_has(obj, ATTR_IS_CRITICAL_SYSTEM_OBJECT) &&
	       model_readable(cx_model(cx), obj, ATTR_IS_CRITICAL_SYSTEM_OBJECT) != READABLE &&
	       !readable(cx, obj, ATTR_OBJECT_SID);
}

bool is_of_role(struct check_cx *cx, const struct ad_object *obj, bool of_role)
{
	if (of_role)
		return true;
	if (obj_has(obj, ATTR_PRIMARY_GROUP_ID) || obj_has(obj, ATTR_USER_ACCOUNT_CONTROL))
		passed_over(cx);
	else
		readable(cx, obj, ATTR_PRIMARY_GROUP_ID);
	return false;
}

bool dc_only(struct check_cx *cx, const struct ad_object *obj)
{
	return is_of_role(cx, obj, is_dc_computer(obj) && !is_entra_kerberos(obj));
}

static const struct ad_object *find_at(struct check_cx *cx, const char *rdns, struct str base)
{
	if (base.n == 0)
		return NULL;
	return model_find_dn(
		cx_model(cx), arena_printf(cx_arena(cx), "%s%.*s", rdns, STR_ARG(base)));
}

const struct ad_object *find_below(
	struct check_cx *cx, const char *rdns, const struct ad_object *head)
{
	return find_at(cx, rdns, head->dn);
}

const struct ad_object *find_in_configuration(struct check_cx *cx, const char *rdns)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *dse = model_rootdse(m);

	if (dse && obj_has(dse, ATTR_CONFIGURATION_NAMING_CONTEXT))
		return find_at(cx, rdns, obj_str(dse, ATTR_CONFIGURATION_NAMING_CONTEXT));
	for (size_t i = 0; i < model_object_count(m); i++)
		if (has_class(model_object(m, i), "configuration"))
			return find_at(cx, rdns, model_object(m, i)->dn);
	return NULL;
}

const struct ad_object *find_rid(struct check_cx *cx, const struct ad_object *head, uint32_t rid)
{
	struct sid sid;

	if (sid_is_none(&head->sid))
		return NULL;
	sid = sid_with_rid(&head->sid, rid);
	return model_find_sid(cx_model(cx), &sid);
}

bool is_forest_root(struct check_cx *cx, const struct ad_object *head)
{
	return head->domain && utf8_ieq(head->domain->dns, model_forest(cx_model(cx)));
}

static const struct {
	uint32_t flag;
	const char *name; /* as Microsoft writes it (MS-ADTS 2.2.16) */
} uac_names[] = {
	{ UAC_PASSWD_NOTREQD, "PASSWD_NOTREQD" },
	{ UAC_ENCRYPTED_TEXT_PASSWORD_ALLOWED, "ENCRYPTED_TEXT_PWD_ALLOWED" },
	{ UAC_DONT_EXPIRE_PASSWORD, "DONT_EXPIRE_PASSWORD" },
	{ UAC_TRUSTED_FOR_DELEGATION, "TRUSTED_FOR_DELEGATION" },
	{ UAC_USE_DES_KEY_ONLY, "USE_DES_KEY_ONLY" },
	{ UAC_DONT_REQ_PREAUTH, "DONT_REQ_PREAUTH" },
};

int uac_flag_set(struct check_cx *cx, const struct ad_object *obj)
{
	uint32_t flag = (uint32_t)cx_arg(cx);

	if (!(obj_u32(obj, ATTR_USER_ACCOUNT_CONTROL) & flag))
		return 0;
	finding(cx, obj);
	for (size_t i = 0; i < sizeof(uac_names) / sizeof(uac_names[0]); i++)
		if (uac_names[i].flag == flag)
			evidence_z(cx, "flag", uac_names[i].name);
	evidence_privilege_path(cx, obj);
	return 0;
}

void evidence_names(
	struct check_cx *cx, const char *key, const struct ad_object *const *objects, size_t count)
{
	for (size_t i = 0; i < count && i < EVIDENCE_NAMES; i++)
		evidence(cx, key, objects[i]->name);
}

void evidence_privilege_path(struct check_cx *cx, const struct ad_object *obj)
{
	const struct ad_object *path[EVIDENCE_NAMES];

	if (account_privileged(cx_model(cx), obj) != YES)
		return;
	evidence_names(cx, "privilege_path", path,
		account_privilege_path(cx_model(cx), obj, path, EVIDENCE_NAMES));
}

enum password_age password_age(
	const struct check_cx *cx, const struct ad_object *obj, int64_t max_days)
{
	int64_t limit = cx_now(cx) - DAYS(max_days);
	int64_t set = model_past_time(cx_model(cx), obj, ATTR_PWD_LAST_SET);
	int64_t created = model_past_time(cx_model(cx), obj, ATTR_WHEN_CREATED);

	if (set != INT64_MIN)
		return set < limit ? PASSWORD_OLD : PASSWORD_RECENT;
	/* No password is older than its account. */
	return created != INT64_MIN && created >= limit ? PASSWORD_RECENT : PASSWORD_UNDATED;
}

void evidence_hex(struct check_cx *cx, const char *key, uint32_t value)
{
	evidence(cx, key, arena_printf(cx_arena(cx), "0x%" PRIx32, value));
}

void evidence_encryption_types(struct check_cx *cx, const struct ad_object *obj)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} types[] = { { ENCTYPE_DES_CBC_CRC, "DES-CBC-CRC" },
		{ ENCTYPE_DES_CBC_MD5, "DES-CBC-MD5" }, { ENCTYPE_RC4_HMAC, "RC4" },
		{ ENCTYPE_AES128, "AES128" }, { ENCTYPE_AES256, "AES256" } };
	uint32_t value = obj_u32(obj, ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES);

	if (!obj_has(obj, ATTR_MSDS_SUPPORTED_ENCRYPTION_TYPES))
		evidence_z(cx, "encryption_types", "none");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (value & types[i].flag)
			evidence_z(cx, "encryption_types", types[i].name);
}

bool password_found_old(struct check_cx *cx, const struct ad_object *obj, int64_t max_days)
{
	int64_t set;

	if (!readable(cx, obj, ATTR_PWD_LAST_SET))
		return false;
	switch (password_age(cx, obj, max_days)) {
	case PASSWORD_RECENT:
		return false;
	case PASSWORD_UNDATED:
		undecided(cx, obj, account_undated_reason(obj));
		return false;
	case PASSWORD_OLD:
		break;
	}
	set = obj_time(obj, ATTR_PWD_LAST_SET);
	finding(cx, obj);
	evidence_date(cx, "password_set", set);
	evidence_int(cx, "age_days", (cx_now(cx) - set) / SECONDS_PER_DAY);
	return true;
}

int password_unchanged(struct check_cx *cx, const struct ad_object *obj, int64_t max_days)
{
	password_found_old(cx, obj, max_days);
	return 0;
}

void evidence_last_use(struct check_cx *cx, const struct ad_object *obj)
{
	struct logon l = account_last_logon(cx_model(cx), obj);
	int64_t created = obj_time(obj, ATTR_WHEN_CREATED);

	if (l.state == LOGON_AT) {
		evidence_date(cx, "last_logon", l.at);
		evidence_int(cx, "unused_days", (cx_now(cx) - l.at) / SECONDS_PER_DAY);
	} else if (l.state == LOGON_NEVER) {
		evidence_z(cx, "last_logon", "never");
	}
	if (created != INT64_MIN)
		evidence_date(cx, "created", created);
}

void evidence_surely_unused(struct check_cx *cx, const struct ad_object *obj)
{
	struct logon l = account_last_logon(cx_model(cx), obj);

	evidence_last_use(cx, obj);
	if (l.state == LOGON_AT && l.latest > l.at)
		evidence_date(cx, "latest_use", l.latest);
}

enum tri account_unused(const struct check_cx *cx, const struct ad_object *obj, int64_t limit)
{
	struct logon l = account_last_logon(cx_model(cx), obj);
	int64_t created = obj_time(obj, ATTR_WHEN_CREATED);

	if (l.state == LOGON_AT)
		return l.at >= limit ? NO : l.complete ? YES : UNKNOWN;
	/* No logon precedes the account. */
	if (created != INT64_MIN && created >= limit)
		return NO;
	return l.state == LOGON_NEVER && created != INT64_MIN ? YES : UNKNOWN;
}

/* A domain that renews the date every few years only says nothing of who logs on. */
enum tri logon_before(const struct logon *l, int64_t limit)
{
	if (l->latest < limit)
		return YES;
	return l->at < limit && l->latest - l->at > DAYS(LOGON_SYNC_DAYS) ? UNKNOWN : NO;
}

enum tri account_surely_unused(
	const struct check_cx *cx, const struct ad_object *obj, int64_t limit)
{
	struct logon l = account_last_logon(cx_model(cx), obj);
	enum tri unused = account_unused(cx, obj, limit);

	return unused == YES && l.state == LOGON_AT ? logon_before(&l, limit) : unused;
}

bool account_never_used(struct check_cx *cx, const struct ad_object *obj, int64_t min_days)
{
	struct logon l = account_last_logon(cx_model(cx), obj);
	int64_t created = obj_time(obj, ATTR_WHEN_CREATED);

	if (is_rid500(obj) || l.state == LOGON_AT)
		return false;
	if (created != INT64_MIN && created >= cx_now(cx) - DAYS(min_days))
		return false;
	if (l.state == LOGON_UNKNOWN) {
		undecided(cx, obj, "last_logon_unknown");
		return false;
	}
	if (created == INT64_MIN && !readable(cx, obj, ATTR_WHEN_CREATED))
		return false;
	return !may_be_rid500(cx, obj);
}

int share_count(struct check_cx *cx, const struct ad_object *obj, const struct share *s)
{
	enum share_part part = s->sort(cx, obj);

	++*cx_counter(cx, part);
	return part == SHARE_OUTSIDE ? passed_over(cx) : 0;
}

static void share_show(struct check_cx *cx, const struct share *s, bool show)
{
	const struct model *m = cx_model(cx);

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		enum share_part part;

		if (!(s->kinds & KIND(o->kind)))
			continue;
		part = s->sort(cx, o);
		if (part == SHARE_UNREAD) {
			undecided(cx, o, s->unread);
		} else if (part == SHARE_BAD && show) {
			finding(cx, o);
			s->show(cx, o);
		}
	}
}

/* Accounts that were not seen would change the share: over the limit or not, it is not known. */
static bool all_were_read(const struct check_cx *cx, const struct share *s)
{
	for (unsigned k = 0; k < AD_KIND_COUNT; k++)
		if ((s->kinds & KIND(k)) &&
			model_complete(cx_model(cx), (enum ad_kind)k, NULL) != YES)
			return false;
	return true;
}

int share_decide(struct check_cx *cx, const struct share *s)
{
	uint64_t bad = *cx_counter(cx, SHARE_BAD), good = *cx_counter(cx, SHARE_GOOD);
	uint64_t unread = *cx_counter(cx, SHARE_UNREAD), all = bad + good + unread;
	uint64_t percent = (uint64_t)cx_int(cx, "max_percent");
	/* Of none allowed, one is enough. */
	bool over = bad * 100 > percent * all && (percent == 0 || all_were_read(cx, s));
	bool perhaps = (bad + unread) * 100 > percent * all;
	bool show = s->below ? !over : over;

	if (bad + good > 0)
		note(cx, arena_printf(cx_arena(cx), "share %" PRIu64 " of %" PRIu64 " accounts",
				 bad, bad + good)
				 .p);
	if (s->below && over)
		return not_applicable(cx, "share_over_the_limit");
	if (perhaps || show)
		share_show(cx, s, show);
	return 0;
}

/* ---- who says that an account is not used ------------------------------------------- */

bool asks_of(const struct check_cx *cx, const char *id, const struct ad_object *obj)
{
	/* Of one that may be enabled or not, only a control that looks at both is asked: it must
	 * not leave it to one that may not look at it. */
	return cx_asks(cx, id) && (account_enabled(cx_model(cx), obj) == YES ||
					  cx_int_of(cx, id, "include_disabled", 0) != 0);
}

static enum tri is_privileged_user(
	const struct check_cx *cx, const struct ad_object *obj, const char *privileged)
{
	return obj->kind != AD_COMPUTER && privileged && asks_of(cx, privileged, obj)
		       ? account_privileged(cx_model(cx), obj)
		       : NO;
}

static enum tri is_external_user(const struct check_cx *cx, const struct ad_object *obj)
{
	return obj->kind == AD_USER && asks_of(cx, "hyg_external_dormant", obj)
		       ? object_in_population(cx_model(cx), obj, POPULATION_EXTERNAL)
		       : NO;
}

bool unused_said_elsewhere(struct check_cx *cx, const struct ad_object *obj, const char *privileged)
{
	if (is_privileged_user(cx, obj, privileged) != YES && is_external_user(cx, obj) != YES)
		return false;
	passed_over(cx);
	return true;
}

int64_t strictest_days(enum logon_state state, int64_t never, int64_t since, int64_t own)
{
	int64_t days = own;

	if (state != LOGON_AT && never < days)
		days = never;
	if (state != LOGON_NEVER && since < days)
		days = since;
	return days;
}

int64_t unused_days(const struct check_cx *cx, const struct ad_object *obj, int64_t own)
{
	enum logon_state state = account_last_logon(cx_model(cx), obj).state;
	const char *stale =
		is_service_account(cx, obj) ? "hyg_stale_service_accounts" : "hyg_stale_users";
	int64_t never = cx_int_of(cx, "hyg_never_logged_on", "min_days", own);
	int64_t since = cx_int_of(cx, stale, "max_days", own);

	return strictest_days(state, never, since, own);
}

int needs_ca(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	if (model_count(cx_model(cx), AD_ENROLLMENT_SERVICE) == 0 &&
		model_complete(cx_model(cx), AD_ENROLLMENT_SERVICE, NULL) == YES)
		return not_applicable(cx, "no_enrollment_service");
	return 0;
}

/* ---- LAPS --------------------------------------------------------------------------- */

enum tri has_laps(struct check_cx *cx, const struct ad_object *obj)
{
	const struct model *m = cx_model(cx);

	if (obj_has(obj, ATTR_LAPS_EXPIRATION) || obj_has(obj, ATTR_LAPS_LEGACY_EXPIRATION))
		return YES;
	return model_readable(m, obj, ATTR_LAPS_EXPIRATION) == READABLE &&
			       model_readable(m, obj, ATTR_LAPS_LEGACY_EXPIRATION) == READABLE
		       ? NO
		       : UNKNOWN;
}

bool laps_manages(const struct ad_object *obj)
{
	return !is_dc_computer(obj) && windows_is_windows(obj_str(obj, ATTR_OPERATING_SYSTEM));
}
