#include "tests/model/made.h"

#include "ad/sddl.h"
#include "base/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOMAIN "S-1-5-21-1-2-3"
#define MAX_ATTRS 64
#define MAX_VALUES 6000

static struct str sid_value(struct arena *a, struct str text)
{
	struct sid sid;
	unsigned char *bytes = arena_alloc(a, 80);

	if (text.n && text.p[0] == '@')
		text = arena_printf(a, DOMAIN "-%.*s", (int)text.n - 1, text.p + 1);
	if (!sid_from_text(text, &sid))
		return text; /* tests of damage */
	return (struct str){ (const char *)bytes, sid_bytes(&sid, bytes) };
}

static struct str guid_value(struct arena *a, struct str text)
{
	char *bytes = arena_alloc(a, 16);
	int64_t n = 0;

	str_to_i64(text, &n);
	bytes[14] = (char)(n >> 8);
	bytes[15] = (char)n;
	return (struct str){ bytes, 16 };
}

static bool is_descriptor(struct str name)
{
	return str_ieq(name, STR("nTSecurityDescriptor")) ||
	       str_ieq(name, STR("msDS-AllowedToActOnBehalfOfOtherIdentity")) ||
	       str_ieq(name, STR("msDS-GroupMSAMembership"));
}

static struct str encode(struct arena *a, struct str name, struct str text)
{
	struct sid domain;
	struct guid g;
	struct str out = text;

	if (str_ieq(name, STR("objectSid")) || str_ieq(name, STR("sIDHistory")))
		return sid_value(a, text);
	if (str_ieq(name, STR("objectGUID")))
		return guid_value(a, text);
	if (str_ieq(name, STR("schemaIDGUID")) || str_ieq(name, STR("attributeSecurityGUID"))) {
		guid_from_text(text, &g);
		return arena_str(a, (struct str){ (const char *)g.b, 16 });
	}
	sid_from_text(STR(DOMAIN), &domain);
	if (is_descriptor(name) && !sddl_to_bytes(a, text, &domain, &out)) {
		fprintf(stderr, "not SDDL: %.*s\n", STR_ARG(text));
		abort();
	}
	return out;
}

struct record {
	struct raw_attr attrs[MAX_ATTRS];
	struct str *values[MAX_ATTRS];
	struct raw_object object;
};

static void record_line(struct arena *a, struct record *r, struct str line)
{
	struct str rest, name = str_cut(line, ':', &rest);
	size_t at = 0;

	rest = str_trim(rest);
	if (str_eq(name, STR("dn"))) {
		r->object.dn = rest;
		return;
	}
	while (at < r->object.count && !str_ieq(r->attrs[at].name, name))
		at++;
	if (at == r->object.count) {
		if (at == MAX_ATTRS)
			abort();
		r->values[at] = ARENA_ARRAY(a, struct str, MAX_VALUES);
		r->attrs[at] = (struct raw_attr){ name, r->values[at], 0 };
		r->object.count++;
	}
	if (r->attrs[at].count == MAX_VALUES)
		abort();
	r->values[at][r->attrs[at].count++] = encode(a, name, rest);
}

static int put_text(struct snapshot_writer *w, struct arena *a, const char *text, struct err *err)
{
	struct str rest = str_of(text);
	struct record *r = ARENA_NEW(a, struct record);
	int rc = 0;

	while (rest.n && !rc) {
		struct str line = str_cut(rest, '\n', &rest);

		if (line.n)
			record_line(a, r, line);
		if ((!line.n || !rest.n) && r->object.count) {
			r->object.attrs = r->attrs;
			rc = snapshot_put(w, &r->object, err);
			memset(r, 0, sizeof(*r));
		}
	}
	return rc;
}

static int put_meta(struct made *d, struct snapshot_writer *w, const char *key, const char *value)
{
	return value ? snapshot_put_meta(w, key, str_of(value), &d->err) : 0;
}

static int put_coverage(
	struct made *d, struct snapshot_writer *w, const char *need, enum coverage_state state)
{
	return need ? snapshot_put_coverage(w, str_of(need), state, STR("4"), &d->err) : 0;
}

static int put_sysvol(struct made *d, struct snapshot_writer *w)
{
	int rc = d->sysvol ? put_meta(d, w, META_SYSVOL, "copy") : 0;

	for (const struct made_file *f = d->sysvol; !rc && f && f->path; f++)
		rc = snapshot_put_sysvol(w, str_of(f->path), f->bytes, &d->err);
	return rc;
}

static int write_snapshot(struct made *d, const char *path, const char *text)
{
	struct snapshot_writer *w;
	const char *collected = d->collected ? d->collected : "2026-01-01T00:00:00Z";
	int rc = snapshot_create(path, &w, &d->err);

	if (rc)
		return rc;
	rc = put_meta(d, w, META_SOURCE, d->token ? "ldap" : "ldif");
	if (!rc)
		rc = put_meta(d, w, META_READER_TOKEN, d->token);
	if (!rc)
		rc = put_meta(d, w, META_ATTRIBUTES_ASKED, d->asked);
	if (!rc)
		rc = put_meta(d, w, META_ATTRIBUTES_ASKED_OF "user", d->asked_of_user);
	if (!rc && *collected)
		rc = put_meta(d, w, META_COLLECTED_AT, collected);
	if (!rc && !d->token && !d->selection && !d->asked)
		rc = put_meta(d, w, META_LDIF_ALL, "1");
	if (!rc)
		rc = put_coverage(d, w, d->denied, COVERAGE_DENIED);
	if (!rc)
		rc = put_coverage(d, w, d->missing, COVERAGE_MISSING);
	if (!rc)
		rc = put_coverage(d, w, d->truncated, COVERAGE_TRUNCATED);
	if (!rc)
		rc = put_sysvol(d, w);
	if (!rc)
		rc = put_text(w, &d->arena, text, &d->err);
	if (rc) {
		snapshot_abandon(w);
		return rc;
	}
	return snapshot_finish(w, &d->err);
}

int made_load(struct made *d, const char *text)
{
	struct str path = arena_printf(
		&d->arena, "test-model-%ld-%p.adsnap", platform_pid(), (const void *)d);
	struct model_options options = {
		.at = d->at ? d->at : INT64_MIN,
		.keep = d->keep,
		.keep_count = d->keep_count,
	};
	struct progress progress;
	struct snapshot *s = NULL;
	int rc = write_snapshot(d, path.p, text);

	progress_init(&progress, true);
	if (!rc)
		rc = snapshot_open(path.p, &s, &d->err);
	if (!rc)
		rc = model_load(s, &d->policy, &options, &progress, &d->model, &d->err);
	if (s)
		snapshot_close(s);
	platform_remove(path.p);
	return rc;
}

void made_free(struct made *d)
{
	model_free(d->model);
	arena_free(&d->arena);
}

const struct ad_object *made_find(const struct made *d, const char *name)
{
	bool ambiguous;
	const struct ad_object *o = model_find_name(d->model, str_of(name), &ambiguous);

	if (!o) {
		fprintf(stderr, "not in the directory: %s\n", name);
		abort();
	}
	return o;
}

const char *made_coverage(struct made *d, const char *need)
{
	for (size_t i = 0; i < model_coverage_count(d->model); i++) {
		struct coverage c = model_coverage_at(d->model, i);

		if (str_eq(c.need, str_of(need)))
			return arena_str(&d->arena, c.detail).p;
	}
	return NULL;
}
