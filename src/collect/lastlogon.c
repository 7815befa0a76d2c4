#include "collect/lastlogon.h"

#include "ad/dn.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/platform.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define EMPTY_PAGES 50	 /* in a row, before a server is taken to loop */
#define MOST_UNREACHED 3 /* each costs the timeout; the others are not tried then */

/* One NTDS Settings object: a domain controller of the forest (MS-ADTS 6.1.1.2.2.1.2.1.1). */
struct controller {
	const char *service; /* its DN */
	const char *host;    /* dNSHostName of the server object above it, or NULL */
	const char *why;     /* it did not answer whole: the code; NULL: it did */
};

struct asking {
	struct session *s;
	const struct target *like;
	struct credentials *cr;
	struct arena a;
	struct controller *list;
	size_t count, room;
	bool missing; /* one more that is not in the list */
	bool self;    /* the one that s is connected to was among them */
	unsigned unreached;
	const char *stop; /* why no other one is asked any more */
};

static const struct raw_attr *find(const struct raw_object *o, const char *name)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->attrs[i].count && str_ieq(o->attrs[i].name, str_of(name)))
			return &o->attrs[i];
	return NULL;
}

static bool holds(const struct raw_attr *at, const char *value)
{
	for (size_t i = 0; at && i < at->count; i++)
		if (str_ieq(at->values[i], str_of(value)))
			return true;
	return false;
}

/* ---- pages ---- */

/* A smaller page is worth asking for where nothing came yet. */
static bool smaller_page(struct search_request *rq, struct search_done *done, uint64_t entries)
{
	if (entries || done->code != LDAP_CODE_SIZE_LIMIT || rq->page_size <= LIMIT_PAGE_SIZE_LEAST)
		return false;
	rq->page_size /= 2;
	buf_clear(&done->cookie);
	return true;
}

/* All pages of one search; *whole when the server gave them to the end. Fails only when the
 * connection is lost or the user interrupts. */
static int read_all(const struct transport *t, struct connection *c, struct search_request *rq,
	entry_fn *each, void *cx, bool *whole, struct err *err)
{
	struct search_done done = { 0 };
	uint64_t entries = 0;
	unsigned empty = 0;
	bool again;
	int rc;

	do {
		rc = t->search(c, rq, each, cx, &done, err);
		entries += done.entries;
		empty = done.entries ? 0 : empty + 1;
		again = !rc && (smaller_page(rq, &done, entries) ||
				       (!done.code && done.cookie.n && empty < EMPTY_PAGES &&
					       entries < LIMIT_OBJECTS));
	} while (again);
	/* Success without a single object is how AD refuses to list. */
	*whole = !rc && !done.code && !done.cookie.n && entries;
	buf_free(&done.cookie);
	return rc;
}

/* ---- which domain controllers there are ---- */

/* Does it hold this domain? One that does not show what it holds is asked itself. */
static bool may_be_ours(const struct raw_object *o, const char *domain)
{
	static const char *const names[] = { "msDS-hasMasterNCs", "hasMasterNCs",
		"msDS-hasFullReplicaNCs" };
	bool shown = false;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct raw_attr *at = find(o, names[i]);

		shown |= at != NULL;
		if (holds(at, domain))
			return true;
	}
	return !shown;
}

static int take_controller(void *cx, const struct raw_object *o, struct err *err)
{
	struct asking *k = cx;

	(void)err;
	if (!o->dn.n || o->dn.n > LIMIT_DN_BYTES || memchr(o->dn.p, '\0', o->dn.n)) {
		k->missing = true;
		return 0;
	}
	if (!may_be_ours(o, k->s->plan.domain))
		return 0;
	if (str_ieq(o->dn, str_of(k->s->plan.service))) {
		k->self = true;
		return 0;
	}
	if (k->count == LIMIT_DOMAIN_CONTROLLERS) {
		k->missing = true;
		return 0;
	}
	if (k->count == k->room) {
		k->room = k->room ? k->room * 2 : 16;
		k->list = xrealloc(k->list, k->room * sizeof(*k->list));
	}
	k->list[k->count++] = (struct controller){ .service = arena_str(&k->a, o->dn).p };
	return 0;
}

/* *whole: no domain controller of the domain is missing in the list. */
static int list_controllers(struct asking *k, bool *whole, struct err *err)
{
	static const char *const names[] = { "msDS-hasMasterNCs", "hasMasterNCs",
		"msDS-hasFullReplicaNCs", NULL };
	const struct plan *p = &k->s->plan;
	struct search_request rq = { .base = p->configuration,
		.scope = SEARCH_SUBTREE,
		.filter = "(objectClass=nTDSDSA)",
		.attributes = names,
		.page_size = p->paged ? LIMIT_PAGE_SIZE : 0,
		.domain_scope = p->domain_scope };
	int rc = 0;

	*whole = false;
	if (!p->configuration || !p->service)
		return 0;
	rc = read_all(k->s->t, k->s->c, &rq, take_controller, k, whole, err);
	*whole = *whole && k->self && !k->missing;
	return rc;
}

struct host_cx {
	struct arena *a;
	const char *host;
};

static int take_host(void *cx, const struct raw_object *o, struct err *err)
{
	struct host_cx *h = cx;
	const struct raw_attr *at = find(o, "dNSHostName");

	(void)err;
	if (at && at->values[0].n && at->values[0].n < 256 &&
		!memchr(at->values[0].p, '\0', at->values[0].n))
		h->host = arena_str(h->a, at->values[0]).p;
	return 0;
}

/* The server object stands above its NTDS Settings. It is asked for before each controller's turn,
 * so that the first connection is not idle for all of them together: AD ends one after 15 minutes.
 */
static int find_host(struct asking *k, struct controller *dc, struct err *err)
{
	static const char *const names[] = { "dNSHostName", NULL };
	struct host_cx h = { &k->a, NULL };
	struct search_request rq = { .base = arena_str(&k->a, dn_parent(str_of(dc->service))).p,
		.scope = SEARCH_BASE,
		.filter = "(objectClass=*)",
		.attributes = names };
	bool whole;
	int rc = read_all(k->s->t, k->s->c, &rq, take_host, &h, &whole, err);

	dc->host = h.host;
	return rc;
}

/* ---- one domain controller ---- */

struct answer {
	struct session *s;
	const struct controller *dc;
	uint64_t entries;
	bool same, other_domain, paged, domain_scope, damaged;
};

static int take_root(void *cx, const struct raw_object *o, struct err *err)
{
	struct answer *r = cx;
	const struct raw_attr *controls = find(o, "supportedControl");
	const struct raw_attr *domain = find(o, "defaultNamingContext");

	(void)err;
	r->same = holds(find(o, "dsServiceName"), r->dc->service);
	r->other_domain = domain && !holds(domain, r->s->plan.domain);
	r->paged = holds(controls, CONTROL_PAGED);
	r->domain_scope = holds(controls, CONTROL_DOMAIN_SCOPE);
	return 0;
}

static void keep(struct lastlogons *l, struct str guid, int64_t at)
{
	uint64_t key = hash_bytes(guid);
	uint32_t i = idmap_get(&l->accounts, key);

	if (i != IDMAP_NONE) {
		l->at[i] = at > l->at[i] ? at : l->at[i];
		return;
	}
	if (l->count == l->room) {
		l->room = l->room ? l->room * 2 : 1024;
		l->at = xrealloc(l->at, l->room * sizeof(*l->at));
	}
	idmap_add(&l->accounts, key, l->count);
	l->at[l->count++] = at;
}

static int take_logon(void *cx, const struct raw_object *o, struct err *err)
{
	struct answer *r = cx;
	const struct raw_attr *guid = find(o, "objectGUID");
	const struct raw_attr *logon = find(o, "lastLogon");
	int64_t at = 0;

	(void)err;
	progress_step(r->s->progress, ++r->entries, 0);
	if (!guid || guid->values[0].n != 16 ||
		(logon && (!str_to_i64(logon->values[0], &at) || at < 0)))
		r->damaged = true;
	else if (at)
		keep(&r->s->logons, guid->values[0], at);
	return 0;
}

/*
 * Accounts of every kind have a sAMAccountType from SAM_USER_OBJECT on (MS-SAMR 2.2.1.9). lastLogon
 * is not in the filter: a server that may not or will not list would answer as one where nobody
 * ever logged on.
 */
static int read_logons(struct answer *r, struct connection *c, bool *whole, struct err *err)
{
	static const char *const names[] = { "objectGUID", "lastLogon", NULL };
	struct search_request rq = { .base = r->s->plan.domain,
		.scope = SEARCH_SUBTREE,
		.filter = "(sAMAccountType>=805306368)",
		.attributes = names,
		.page_size = r->paged ? LIMIT_PAGE_SIZE : 0,
		.domain_scope = r->domain_scope };

	return read_all(r->s->t, c, &rq, take_logon, r, whole, err);
}

/* The code of what went wrong on a bound connection, or NULL. A name may lead to another domain
 * controller than the one it was looked up for; the rootDSE tells. */
static const char *read_answer(struct asking *k, const struct controller *dc, struct connection *c)
{
	static const char *const names[] = { "dsServiceName", "defaultNamingContext",
		"supportedControl", NULL };
	struct answer r = { .s = k->s, .dc = dc };
	struct search_request root = {
		.base = "", .scope = SEARCH_BASE, .filter = "(objectClass=*)", .attributes = names
	};
	struct err lost;
	bool whole;

	if (read_all(k->s->t, c, &root, take_root, &r, &whole, &lost) || !whole)
		return "last_logon_not_read";
	if (!r.same)
		return "last_logon_other_server";
	if (r.other_domain)
		return NULL;
	if (read_logons(&r, c, &whole, &lost) || !whole || r.damaged)
		return "last_logon_not_read";
	return NULL;
}

/* A refused logon ends the asking: to repeat a wrong password would lock the account. */
static const char *ask_one(struct asking *k, const struct controller *dc)
{
	struct session *s = k->s;
	struct server server;
	struct target target = *k->like;
	struct connection *c = NULL;
	struct err why;
	bool unreachable = false;
	const char *code = NULL;

	if (!dc->host)
		return "last_logon_no_name";
	if (s->server->local)
		return "last_logon_local_socket";
	if (!server_beside(s->server, str_of(dc->host), &server))
		return "last_logon_no_name";
	target.server = &server;
	progress_start(s->progress, dc->host);
	if (s->t->open(&target, &c, &unreachable, &why))
		code = unreachable ? "last_logon_not_reachable" : "last_logon_no_tls";
	else if (s->t->bind(c, k->cr, &unreachable, &why))
		code = unreachable ? "last_logon_not_reachable" : "last_logon_refused";
	else
		code = read_answer(k, dc, c);
	if (c)
		s->t->close(c);
	progress_end(s->progress);
	if (unreachable && ++k->unreached == MOST_UNREACHED)
		k->stop = "last_logon_not_tried";
	if (code && !strcmp(code, "last_logon_refused"))
		k->stop = "last_logon_not_tried";
	return code;
}

/* ---- all of them ---- */

static int ask_all(struct asking *k, bool *all, struct err *err)
{
	for (size_t i = 0; i < k->count; i++) {
		struct controller *dc = &k->list[i];
		int rc = find_host(k, dc, err);

		if (rc)
			return rc;
		dc->why = k->stop ? k->stop : ask_one(k, dc);
		if (platform_check_interrupted(err))
			return err->code;
		if (!dc->why)
			continue;
		*all = false;
		rc = session_note(k->s, "controller", str_of(dc->host ? dc->host : dc->service),
			COVERAGE_NOTE, err, "%s", dc->why);
		if (rc)
			return rc;
	}
	return 0;
}

int lastlogon_ask(
	struct session *s, const struct target *like, struct credentials *cr, struct err *err)
{
	struct asking k = { .s = s, .like = like, .cr = cr };
	const char *phase = s->progress->what;
	bool all;
	int rc = list_controllers(&k, &all, err);

	if (!rc && !all)
		rc = session_note(s, "attribute", STR("lastLogon"), COVERAGE_NOTE, err,
			"last_logon_controllers_unknown");
	if (!rc)
		rc = ask_all(&k, &all, err);
	if (!rc && all)
		rc = snapshot_put_meta(s->w, META_LAST_LOGON, STR("all"), err);
	if (k.count && phase)
		progress_start(s->progress, phase);
	free(k.list);
	arena_free(&k.a);
	return rc;
}

/* ---- into the objects ---- */

struct raw_object lastlogon_merge(
	const struct lastlogons *l, const struct raw_object *o, struct arena *a)
{
	const struct raw_attr *guid = l->count ? find(o, "objectGUID") : NULL;
	const struct raw_attr *own = guid ? find(o, "lastLogon") : NULL;
	struct raw_object out = *o;
	struct raw_attr *attrs;
	struct str *value;
	size_t n = 0;
	int64_t at = 0;
	uint32_t i = guid ? idmap_get(&l->accounts, hash_bytes(guid->values[0])) : IDMAP_NONE;

	/* What the read server says is kept where it is no number: it is damage to be seen. */
	if (i == IDMAP_NONE || (own && (!str_to_i64(own->values[0], &at) || at < 0)) ||
		at >= l->at[i])
		return out;
	attrs = ARENA_ARRAY(a, struct raw_attr, o->count + 1);
	value = ARENA_ARRAY(a, struct str, 1);
	*value = arena_printf(a, "%" PRId64, l->at[i]);
	for (size_t k = 0; k < o->count; k++)
		if (&o->attrs[k] != own)
			attrs[n++] = o->attrs[k];
	attrs[n++] = (struct raw_attr){ STR("lastLogon"), value, 1 };
	out.attrs = attrs;
	out.count = n;
	return out;
}

void lastlogon_free(struct lastlogons *l)
{
	idmap_free(&l->accounts);
	free(l->at);
	*l = (struct lastlogons){ 0 };
}
