#include "collect/objects.h"

#include "base/limits.h"
#include "collect/lastlogon.h"
#include "collect/range.h"

#include <string.h>

/* ---- ranged values ---- */

/* The values of one attribute while their parts come in. */
struct parts {
	struct arena *a;
	struct str name;
	struct str *values;
	size_t count, room;
	bool last, damaged;
};

static void parts_add(struct parts *p, const struct raw_attr *at, bool copy)
{
	if (p->count + at->count > p->room) {
		size_t room = (p->count + at->count) * 2;
		struct str *grown = ARENA_ARRAY(p->a, struct str, room);

		if (p->count)
			memcpy(grown, p->values, p->count * sizeof(*grown));
		p->values = grown;
		p->room = room;
	}
	for (size_t i = 0; i < at->count; i++)
		p->values[p->count++] = copy ? arena_str(p->a, at->values[i]) : at->values[i];
}

/* Takes a part that goes on exactly where the last one ended; anything else is damage. */
static void parts_take(struct parts *p, const struct range *r, const struct raw_attr *at, bool copy)
{
	if (r->low != p->count || (!r->last && r->high - r->low + 1 != at->count) ||
		at->count > LIMIT_VALUES_PER_ATTRIBUTE - p->count) {
		p->damaged = true;
		return;
	}
	parts_add(p, at, copy);
	p->last = r->last;
}

static int take_more(void *cx, const struct raw_object *o, struct err *err)
{
	struct parts *p = cx;
	struct range r;

	(void)err;
	for (size_t i = 0; i < o->count; i++)
		if (range_parse(o->attrs[i].name, &r) == RANGE_PART && str_ieq(r.name, p->name))
			parts_take(p, &r, &o->attrs[i], true);
	return 0;
}

static int fetch_parts(struct session *s, struct str dn, struct parts *p, struct err *err)
{
	struct search_done done = { 0 };
	const char *base = arena_str(p->a, dn).p;
	int rc = 0;

	while (!rc && !p->last && !p->damaged) {
		size_t before = p->count;
		const char *names[] = {
			arena_printf(p->a, "%.*s;range=%zu-*", STR_ARG(p->name), p->count).p, NULL
		};
		struct search_request rq = { .base = base,
			.scope = SEARCH_BASE,
			.filter = "(objectClass=*)",
			.attributes = names };

		rc = s->t->search(s->c, &rq, take_more, p, &done, err);
		buf_clear(&done.cookie);
		if (!rc && (done.code || (p->count == before && !p->last)))
			p->damaged = true;
	}
	if (!rc && p->damaged)
		rc = session_note(s, "object", dn, COVERAGE_TRUNCATED, err,
			"range %.*s %zu ldap_%d", STR_ARG(p->name), p->count, done.code);
	buf_free(&done.cookie);
	return rc;
}

/* ---- one object ---- */

static bool is_plain(const struct raw_object *o)
{
	for (size_t i = 0; i < o->count; i++)
		if (!o->attrs[i].count || memchr(o->attrs[i].name.p, ';', o->attrs[i].name.n))
			return false;
	return true;
}

/*
 * Without options, without attributes that have no value (Windows sends an empty "member" beside
 * "member;range=0-1499"), and with all values of ranged ones.
 */
static int put_unfolded(struct session *s, const struct raw_object *o, struct err *err)
{
	struct arena a = { 0 };
	struct raw_attr *attrs = ARENA_ARRAY(&a, struct raw_attr, o->count);
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < o->count && !rc; i++) {
		struct parts p = { .a = &a };
		struct range r;
		enum range_kind kind = range_parse(o->attrs[i].name, &r);

		p.name = r.name;
		if (kind == RANGE_NONE)
			parts_add(&p, &o->attrs[i], false);
		else if (kind == RANGE_PART)
			parts_take(&p, &r, &o->attrs[i], false);
		if (kind == RANGE_DAMAGED || p.damaged)
			rc = session_note(s, "object", o->dn, COVERAGE_MALFORMED, err, "range %.*s",
				STR_ARG(r.name));
		else if (kind == RANGE_PART)
			rc = fetch_parts(s, o->dn, &p, err);
		if (p.count)
			attrs[n++] = (struct raw_attr){ p.name, p.values, p.count };
	}
	if (!rc)
		rc = snapshot_put(s->w, &(struct raw_object){ o->dn, attrs, n }, err);
	arena_free(&a);
	return rc;
}

int objects_take(void *cx, const struct raw_object *o, struct err *err)
{
	struct session *s = cx;

	if (!o->dn.n || memchr(o->dn.p, '\0', o->dn.n))
		return session_note(
			s, "object", STR("?"), COVERAGE_MALFORMED, err, "name_of_an_entry");
	if (++s->objects > LIMIT_OBJECTS)
		return err_set(err, ERR_SERVER,
			"%s sends more than %u objects; is it a domain controller?", s->server->uri,
			LIMIT_OBJECTS);
	progress_step(s->progress, s->objects, 0);
	struct arena a = { 0 };
	struct raw_object latest = lastlogon_merge(&s->logons, o, &a);
	int rc = is_plain(&latest) ? snapshot_put(s->w, &latest, err)
				   : put_unfolded(s, &latest, err);

	arena_free(&a);
	return rc;
}

/* ---- a naming context ---- */

struct pages {
	struct session *s;
	const struct plan_context *context;
	struct search_request rq;
	struct search_done done;
	struct buf before; /* the cookie of the page before */
	uint64_t entries;  /* of all pages */
	unsigned empty;	   /* pages without an entry, in a row */
};

static int refused(struct pages *p, struct err *err)
{
	const struct search_done *d = &p->done;
	struct str dn = str_of(p->context->dn);
	bool cut = d->code == LDAP_CODE_TIME_LIMIT || d->code == LDAP_CODE_SIZE_LIMIT ||
		   d->code == LDAP_CODE_ADMIN_LIMIT;
	/* Success without a single object is how AD refuses to list. */
	bool denied = d->code == LDAP_CODE_SUCCESS || d->code == LDAP_CODE_NO_SUCH_OBJECT ||
		      d->code == LDAP_CODE_REFERRAL || d->code == LDAP_CODE_INSUFFICIENT_ACCESS;

	if (p->context->required && p->entries == 0)
		return err_set(err, ERR_SERVER,
			"%s lets this account read nothing of the domain '%s' (LDAP %d%s%s); use "
			"an account that may read the directory.",
			p->s->server->uri, p->context->dn, d->code, *d->diagnostic ? ": " : "",
			d->diagnostic);
	if (!cut && !denied)
		return err_set(err, ERR_SERVER,
			"%s failed while '%s' was read (LDAP %d%s%s). Nothing was kept; try again "
			"or name another server.",
			p->s->server->uri, p->context->dn, d->code, *d->diagnostic ? ": " : "",
			d->diagnostic);
	return session_note(p->s, "context", dn,
		cut || p->entries ? COVERAGE_TRUNCATED : COVERAGE_DENIED, err, "ldap_%d", d->code);
}

/* True when the same page is worth asking for in another way. */
static bool adapt(struct pages *p, int *rc, struct err *err)
{
	if (p->entries)
		return false;
	if (p->done.code == LDAP_CODE_CRITICAL_EXTENSION && p->rq.sd_flags) {
		p->rq.sd_flags = p->s->plan.sd_flags = false;
		*rc = session_note(p->s, "attribute", STR("nTSecurityDescriptor"), COVERAGE_DENIED,
			err, "sd_flags_refused");
		return true;
	}
	if (p->done.code == LDAP_CODE_SIZE_LIMIT && p->rq.page_size > LIMIT_PAGE_SIZE_LEAST) {
		p->rq.page_size /= 2;
		return true;
	}
	return false;
}

/* A server may answer with empty pages, but not for ever. */
static int check_moves(struct pages *p, struct err *err)
{
	bool same = str_eq(buf_str(&p->before), buf_str(&p->done.cookie));

	p->empty = p->done.entries ? 0 : p->empty + 1;
	if (p->empty > LIMIT_EMPTY_PAGES || (p->empty > 1 && same))
		return err_set(err, ERR_SERVER,
			"%s sends one empty page after the other while '%s' is read, and never an "
			"end. Nothing was kept; name another server.",
			p->s->server->uri, p->context->dn);
	buf_clear(&p->before);
	buf_put_str(&p->before, buf_str(&p->done.cookie));
	return 0;
}

static int read_pages(struct pages *p, struct err *err)
{
	for (;;) {
		struct session *s = p->s;
		int rc = s->t->search(s->c, &p->rq, objects_take, s, &p->done, err);

		if (rc)
			return rc;
		p->entries += p->done.entries;
		if (p->done.code && adapt(p, &rc, err)) {
			if (rc)
				return rc;
			buf_clear(&p->done.cookie);
			continue;
		}
		if (p->done.code || (!p->done.cookie.n && !p->entries))
			return refused(p, err);
		if (!p->done.cookie.n)
			return 0;
		rc = check_moves(p, err);
		if (rc)
			return rc;
	}
}

int objects_read_context(struct session *s, const struct plan_context *context, struct err *err)
{
	struct pages p = { .s = s, .context = context };
	int rc;

	p.rq = (struct search_request){
		.base = context->dn,
		.scope = SEARCH_SUBTREE,
		.filter = "(objectClass=*)",
		.attributes = s->plan.attributes,
		.page_size = s->plan.paged ? LIMIT_PAGE_SIZE : 0,
		.sd_flags = s->plan.sd_flags,
		.domain_scope = s->plan.domain_scope,
	};
	rc = read_pages(&p, err);
	buf_free(&p.done.cookie);
	buf_free(&p.before);
	return rc;
}
