#include "collect/identity.h"

#include "ad/dn.h"
#include "ad/sid.h"
#include "collect/account.h"

#include <string.h>

struct sids {
	struct sid *at;
	size_t count;
};

struct candidate {
	const char *dn;
	struct sid sid;
	struct sids groups;
};

/* What the searches below find. */
struct identity {
	struct session *s;
	struct arena a;
	const char *name;    /* what the server or the logon calls the reader */
	struct sids token;   /* the rootDSE's tokenGroups: the logon as the server sees it */
	struct candidate of; /* the last entry of a search; one that fits, in the end */
	size_t entries;
};

static bool sids_hold(const struct sids *l, const struct sid *sid)
{
	for (size_t i = 0; i < l->count; i++)
		if (sid_eq(&l->at[i], sid))
			return true;
	return false;
}

static void sids_add(struct arena *a, struct sids *l, const struct sid *sid)
{
	if (l->count == LIMIT_TOKEN_SIDS || sids_hold(l, sid))
		return;
	if (!l->at)
		l->at = ARENA_ARRAY(a, struct sid, LIMIT_TOKEN_SIDS);
	l->at[l->count++] = *sid;
}

static void sids_read(struct arena *a, const struct raw_attr *at, struct sids *out)
{
	struct sid sid;

	for (size_t i = 0; i < at->count; i++)
		if (sid_parse(at->values[i], &sid))
			sids_add(a, out, &sid);
}

/* ---- searches ---- */

static int take_root(void *cx, const struct raw_object *o, struct err *err)
{
	struct identity *id = cx;

	(void)err;
	for (size_t i = 0; i < o->count; i++) {
		const struct raw_attr *at = &o->attrs[i];

		if (str_ieq(at->name, STR("tokenGroups")))
			sids_read(&id->a, at, &id->token);
		else if (str_ieq(at->name, STR("msDS-PrincipalName")) && at->count && !id->name &&
			 at->values[0].n)
			id->name = arena_str(&id->a, at->values[0]).p;
	}
	return 0;
}

static int take_account(void *cx, const struct raw_object *o, struct err *err)
{
	struct identity *id = cx;
	struct candidate c = { .dn = arena_str(&id->a, o->dn).p };

	(void)err;
	for (size_t i = 0; i < o->count; i++) {
		const struct raw_attr *at = &o->attrs[i];

		if (str_ieq(at->name, STR("objectSid")) && at->count)
			sid_parse(at->values[0], &c.sid);
		else if (str_ieq(at->name, STR("tokenGroups")))
			sids_read(&id->a, at, &c.groups);
	}
	if (sid_is_none(&c.sid))
		return 0;
	id->entries++;
	id->of = c;
	return 0;
}

/* What the server refuses is simply not found. */
static int search(struct identity *id, const char *base, enum search_scope scope,
	const char *filter, const char *const *attributes, entry_fn *each, struct err *err)
{
	struct search_request rq = {
		.base = base, .scope = scope, .filter = filter, .attributes = attributes
	};
	struct search_done done = { 0 };
	int rc = id->s->t->search(id->s->c, &rq, each, id, &done, err);

	buf_free(&done.cookie);
	return rc;
}

static int read_account(struct identity *id, const char *dn, struct err *err)
{
	static const char *const names[] = { "objectSid", "tokenGroups", NULL };

	id->entries = 0;
	return search(id, dn, SEARCH_BASE, "(objectClass=*)", names, take_account, err);
}

/* An assertion value (RFC 4515 3). */
static void put_escaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '*' || c == '(' || c == ')' || c == '\\' || c == 0)
			buf_printf(b, "\\%02x", c);
		else
			buf_putc(b, s.p[i]);
	}
}

static int find_by_attribute(
	struct identity *id, const char *attribute, struct str value, struct err *err)
{
	static const char *const names[] = { "objectSid", NULL };
	struct buf filter = { .max = 4096 };
	int rc = 0;

	buf_printf(&filter, "(%s=", attribute);
	put_escaped(&filter, value);
	buf_putc(&filter, ')');
	id->entries = 0;
	if (!filter.overflow)
		rc = search(id, id->s->plan.domain, SEARCH_SUBTREE, buf_z(&filter), names,
			take_account, err);
	buf_free(&filter);
	return rc;
}

/* ---- judging ---- */

/* The token holds the account itself, or at least all of its groups. */
static bool token_confirms(const struct identity *id)
{
	const struct sids *groups = &id->of.groups;

	if (sids_hold(&id->token, &id->of.sid))
		return true;
	for (size_t i = 0; i < groups->count; i++)
		if (!sids_hold(&id->token, &groups->at[i]))
			return false;
	return groups->count > 0;
}

static bool confirmed(struct identity *id, bool name_is_ours)
{
	return id->token.count ? token_confirms(id) : name_is_ours && id->of.groups.count > 0;
}

/* Finds the account under the name id->name; *found is left alone when it is not sure. */
static int find_account(struct identity *id, bool *found, struct err *err)
{
	struct str text = str_of(id->name);
	struct account_name n = account_split(text);
	struct str dns = dn_dns_domain(&id->a, str_of(id->s->plan.domain));
	/* A name of another domain of the forest may exist here too, for somebody else. */
	bool ours = n.realm.n && str_ieq(n.realm, dns), dn = false;
	int rc = 0;

	if (n.user.n && !n.netbios.n && !n.realm.n && memchr(text.p, '=', text.n)) {
		dn = ours = true;
		rc = read_account(id, id->name, err);
	} else {
		rc = find_by_attribute(id, "sAMAccountName", n.user, err);
	}
	for (int pass = 0; pass < 2 && !rc; pass++) {
		if (!rc && id->entries == 1 && !dn)
			rc = read_account(id, id->of.dn, err);
		if (!rc && id->entries == 1 && confirmed(id, ours)) {
			*found = true;
			return 0;
		}
		if (rc || dn || pass || !n.realm.n)
			return rc;
		/* A userPrincipalName is unique in the forest, whatever its suffix. */
		ours = true;
		rc = find_by_attribute(id, "userPrincipalName", text, err);
	}
	return rc;
}

/* ---- writing ---- */

static int put_token(struct identity *id, bool found, struct err *err)
{
	static const char *const logon[] = { "S-1-1-0", "S-1-5-11", "S-1-5-2" };
	struct sids *all = &id->token;
	struct buf text = { 0 };
	char one[SID_TEXT];
	struct sid sid;
	int rc;

	if (found) {
		sids_add(&id->a, all, &id->of.sid);
		for (size_t i = 0; i < id->of.groups.count; i++)
			sids_add(&id->a, all, &id->of.groups.at[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(logon); i++)
		if (sid_from_text(str_of(logon[i]), &sid))
			sids_add(&id->a, all, &sid);
	for (size_t i = 0; i < all->count; i++)
		buf_printf(&text, "%s%s", i ? " " : "", sid_text(&all->at[i], one));
	rc = snapshot_put_meta(id->s->w, META_READER_TOKEN, buf_str(&text), err);
	buf_free(&text);
	return rc;
}

static int put_identity(struct identity *id, bool found, struct err *err)
{
	struct snapshot_writer *w = id->s->w;
	char text[SID_TEXT];
	int rc = 0;

	if (found) {
		rc = snapshot_put_meta(w, META_READER_DN, str_of(id->of.dn), err);
		if (!rc)
			rc = snapshot_put_meta(
				w, META_READER_SID, str_of(sid_text(&id->of.sid, text)), err);
	} else {
		rc = snapshot_put_coverage(w, STR("identity"),
			id->token.count ? COVERAGE_NOTE : COVERAGE_MISSING,
			STR("reader_account_not_found"), err);
	}
	if (!rc && (found || id->token.count))
		rc = put_token(id, found, err);
	return rc;
}

static int ask_name(struct identity *id, struct err *err)
{
	struct buf text = { .max = 4096 };
	struct str who;
	int rc = 0;

	if (id->s->plan.whoami)
		rc = id->s->t->whoami(id->s->c, &text, err);
	who = buf_str(&text);
	/* authzId (RFC 4513 5.2.1.8): "u:" and a name, AD's is DOMAIN\user, or "dn:" and a DN */
	if (str_istarts(who, STR("u:")))
		id->name = arena_str(&id->a, (struct str){ who.p + 2, who.n - 2 }).p;
	else if (str_istarts(who, STR("dn:")))
		id->name = arena_str(&id->a, (struct str){ who.p + 3, who.n - 3 }).p;
	buf_free(&text);
	return rc;
}

int identity_read(struct session *s, struct err *err)
{
	static const char *const root[] = { "tokenGroups", "msDS-PrincipalName", NULL };
	struct identity id = { .s = s };
	bool found = false;
	int rc = ask_name(&id, err);

	/* The rootDSE answers for the logon itself (MS-ADTS 3.1.1.3.2). */
	if (!rc)
		rc = search(&id, "", SEARCH_BASE, "(objectClass=*)", root, take_root, err);
	if (!rc && id.name && *id.name)
		rc = find_account(&id, &found, err);
	if (!rc && !found && s->logon) {
		id.name = s->logon;
		rc = find_account(&id, &found, err);
	}
	if (!rc)
		rc = put_identity(&id, found, err);
	arena_free(&id.a);
	return rc;
}
