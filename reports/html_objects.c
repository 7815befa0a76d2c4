#include "reports/html_objects.h"

#include "base/datetime.h"
#include "base/hash.h"

enum { FLAG_WAIVED = 1, FLAG_AGE = 2, FLAG_FOLLOWUP = 8 };

struct packer {
	struct json_writer *json;
	struct hash texts;
	uint32_t text_count;
};

static void put_text(struct packer *p, struct str s)
{
	uint32_t known;

	if (!s.n) {
		json_write_null(p->json);
		return;
	}
	known = hash_add(&p->texts, s, p->text_count);
	if (known == p->text_count) {
		json_write_string(p->json, s);
		p->text_count++;
	} else {
		json_write_uint(p->json, known);
	}
}

static void put_day(struct packer *p, int64_t seconds)
{
	if (seconds == INT64_MIN)
		json_write_null(p->json);
	else
		json_write_int(
			p->json, seconds / SECONDS_PER_DAY - (seconds % SECONDS_PER_DAY < 0));
}

/* RFC 4514: a comma that is part of a value has a backslash before it. */
static struct str cut_rdn(struct str dn, struct str *parent)
{
	for (size_t i = 0; i < dn.n; i++) {
		if (dn.p[i] == '\\')
			i++;
		else if (dn.p[i] == ',') {
			*parent = (struct str){ dn.p + i + 1, dn.n - i - 1 };
			return (struct str){ dn.p, i };
		}
	}
	*parent = (struct str){ 0 };
	return dn;
}

static void put_dn(struct packer *p, const struct run_object *o)
{
	struct str parent, rdn = cut_rdn(o->dn, &parent);
	struct str value = { rdn.p + 3, rdn.n - 3 };

	if (o->name.n && str_starts(rdn, STR("CN=")) && str_eq(value, o->name))
		json_write_null(p->json);
	else
		put_text(p, rdn);
	put_text(p, parent);
}

static void put_sid(struct packer *p, struct str sid)
{
	struct str head = sid;
	uint64_t rid = 0;

	while (head.n && head.p[head.n - 1] != '-')
		head.n--;
	struct str tail = { sid.p + head.n, sid.n - head.n };

	/* A number of up to nine digits without leading zero is the same when written again. */
	if (head.n && tail.n && tail.n < 10 && tail.p[0] != '0' && str_to_u64(tail, &rid)) {
		put_text(p, (struct str){ head.p, head.n - 1 });
		json_write_uint(p->json, rid);
	} else {
		put_text(p, sid);
		json_write_null(p->json);
	}
}

static void put_followup(struct packer *p, const struct run_followup *f)
{
	put_text(p, f->responsible);
	put_text(p, f->state);
	put_day(p, f->due);
	put_text(p, f->comment);
	put_text(p, f->proof);
}

static void put_evidence(struct packer *p, const struct run_object *o)
{
	json_write_uint(p->json, o->evidence_count);
	for (size_t i = 0; i < o->evidence_count; i++) {
		const struct run_evidence *e = &o->evidence[i];

		put_text(p, e->key);
		json_write_uint(p->json, e->count);
		for (size_t k = 0; k < e->count; k++)
			put_text(p, e->values[k]);
	}
}

static void put_row(struct packer *p, const struct html_row *row)
{
	static const struct run_object nothing = { .last_use = INT64_MIN };
	const struct run_object *o = row->object ? row->object : &nothing;
	const struct evolution_finding *a = row->age;
	unsigned flags = o->waived ? FLAG_WAIVED : 0;

	if (a)
		flags += FLAG_AGE * (1 + (unsigned)a->age);
	if (a && a->followup)
		flags += FLAG_FOLLOWUP;
	put_text(p, o->name);
	put_dn(p, o);
	put_sid(p, o->sid);
	put_text(p, o->guid);
	put_text(p, o->domain);
	put_text(p, o->kind);
	json_write_int(p->json, o->level);
	json_write_uint(p->json, flags);
	put_day(p, o->last_use);
	put_day(p, a ? a->since : INT64_MIN);
	json_write_int(p->json, row->extra);
	if (a && a->followup)
		put_followup(p, a->followup);
	put_evidence(p, o);
}

uint64_t html_object_parts(uint64_t count)
{
	return (count + HTML_ROWS_A_PART - 1) / HTML_ROWS_A_PART;
}

static int put_part(struct html_writer *w, html_row_fn *row, const void *list, size_t from,
	size_t to, struct writing *x, struct err *err)
{
	struct packer p = { .json = html_part(w) };
	int rc = 0;

	json_write_array(p.json);
	for (size_t i = from; i < to && !rc; i++) {
		struct html_row r = { 0 };

		row(list, i, &r);
		put_row(&p, &r);
		if (x)
			rc = writing_step(x, err);
	}
	hash_free(&p.texts);
	if (rc)
		return rc;
	json_write_end(p.json);
	html_part_end(w);
	return 0;
}

int html_put_objects(struct html_writer *w, html_row_fn *row, const void *list, size_t count,
	struct writing *x, struct err *err)
{
	for (size_t from = 0; from < count; from += HTML_ROWS_A_PART) {
		size_t to = from + HTML_ROWS_A_PART < count ? from + HTML_ROWS_A_PART : count;

		if (put_part(w, row, list, from, to, x, err))
			return err->code;
	}
	return 0;
}
