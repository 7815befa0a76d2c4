/*
 * objects.csv and controls.csv: RFC 4180 in UTF-8 with a byte order mark, separated by what a
 * spreadsheet expects in the report's language. docs/csv.md lists the columns; their names and the
 * fixed words in them depend on no language, sentences do.
 */
#include "reports/writers.h"

#include "base/datetime.h"
#include "base/platform.h"
#include "base/utf8.h"
#include "reports/diff.h"
#include "reports/words.h"

#include <inttypes.h>

struct sheet {
	FILE *f;
	struct buf row, cell;
	enum lang lang;
	struct words_memo memo;
	bool begun; /* the row has a cell */
};

/* ---- cells ---------------------------------------------------------------------------------- */

static bool is_blank(uint32_t c)
{
	return c <= ' ' || c == 0xA0 || c == 0xFEFF || (c >= 0x2000 && c <= 0x200F) || c == 0x3000;
}

/* Would a spreadsheet evaluate the cell? What begins a formula, in Excel's Japanese edition in full
 * width too, also behind blanks (some programs trim them); tab and CR themselves; and an
 * apostrophe, so that the one in front can be taken off again. */
static bool needs_guard(struct str s)
{
	size_t len;
	uint32_t c;

	if (!s.n)
		return false;
	if (s.p[0] == '\'' || s.p[0] == '\t' || s.p[0] == '\r' || s.p[0] == '\n')
		return true;
	do {
		c = utf8_decode(s, &len);
		s.p += len;
		s.n -= len;
	} while (is_blank(c) && s.n);
	return c == '=' || c == '+' || c == '-' || c == '@' || c == 0xFF1D || c == 0xFF0B ||
	       c == 0xFF0D || c == 0xFF20;
}

/* Both separators are quoted in both languages: readers guess. */
static bool needs_quotes(struct str s)
{
	if (s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' '))
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '"' || s.p[i] == ',' || s.p[i] == ';' || (unsigned char)s.p[i] < ' ')
			return true;
	return false;
}

static void put_separator(struct sheet *s)
{
	if (s->begun)
		buf_putc(&s->row, s->lang == LANG_EN ? ',' : ';');
	s->begun = true;
}

static void put_text(struct sheet *s, struct str value)
{
	bool quotes = needs_quotes(value);

	put_separator(s);
	if (quotes)
		buf_putc(&s->row, '"');
	if (needs_guard(value))
		buf_putc(&s->row, '\'');
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"')
			buf_putc(&s->row, '"');
		buf_putc(&s->row, value.p[i]);
	}
	if (quotes)
		buf_putc(&s->row, '"');
}

/* What was put together in s->cell. */
static void put_cell(struct sheet *s)
{
	put_text(s, buf_str(&s->cell));
	buf_clear(&s->cell);
}

static void put_number(struct sheet *s, uint64_t n)
{
	put_separator(s);
	buf_printf(&s->row, "%" PRIu64, n);
}

static void put_level(struct sheet *s, int level)
{
	if (level)
		put_number(s, (uint64_t)level);
	else
		put_separator(s);
}

static void put_date(struct sheet *s, int64_t seconds)
{
	char text[DATETIME_TEXT];

	put_separator(s);
	if (seconds != INT64_MIN)
		buf_putz(&s->row, datetime_iso(seconds, text));
}

static void end_row(struct sheet *s)
{
	buf_putz(&s->row, "\r\n");
	fwrite(s->row.p, 1, s->row.n, s->f);
	buf_clear(&s->row);
	s->begun = false;
}

static void put_header(struct sheet *s, const char *const *names, size_t count)
{
	buf_putz(&s->row, "\xEF\xBB\xBF");
	for (size_t i = 0; i < count; i++)
		put_text(s, str_of(names[i]));
	end_row(s);
}

/* ---- objects.csv ---------------------------------------------------------------------------- */

static const char *const object_columns[] = { "control", "title", "area", "level", "waived", "kind",
	"name", "domain", "dn", "sid", "guid", "last_use", "age", "since", "evidence" };

static const char *const ages[] = {
	[FINDING_NEW] = "new", [FINDING_REMAINING] = "remaining", [FINDING_BACK] = "back"
};

static void put_object(struct sheet *s, const struct run_control *c, const struct run_object *o,
	const struct evolution_finding *e)
{
	put_text(s, c->id);
	put_text(s, words_of(&c->title, s->lang));
	put_text(s, c->area);
	put_level(s, o->level);
	put_number(s, o->waived);
	put_text(s, o->kind);
	put_text(s, o->name);
	put_text(s, o->domain);
	put_text(s, o->dn);
	put_text(s, o->sid);
	put_text(s, o->guid);
	put_date(s, o->last_use);
	put_text(s, e ? str_of(ages[e->age]) : (struct str){ 0 });
	put_date(s, e ? e->since : INT64_MIN);
	words_evidence_memo(&s->cell, o, s->lang, &s->memo);
	put_cell(s);
	end_row(s);
}

static int put_objects(
	struct sheet *s, const struct run *r, const struct report_options *o, struct err *err)
{
	struct writing x = writing_begin(r, o);
	int rc = 0;

	put_header(s, object_columns, ARRAY_LEN(object_columns));
	for (size_t i = 0; i < r->control_count && !rc; i++) {
		const struct run_control *c = &r->controls[i];
		const struct evolution_finding *known =
			o->evolution && o->evolution->control_count > i
				? o->evolution->controls[i].findings
				: NULL;

		for (size_t k = 0; k < c->object_count && !rc; k++) {
			put_object(s, c, &c->objects[k], known ? &known[k] : NULL);
			rc = writing_step(&x, err);
		}
	}
	writing_end(&x);
	return rc;
}

/* ---- controls.csv --------------------------------------------------------------------------- */

static const char *const control_columns[] = { "control", "title", "area", "levels", "failed_level",
	"status", "examined", "count", "unknown", "waived", "change", "added", "fixed", "effort",
	"parameters", "remarks" };

static void put_change(struct sheet *s, const struct evolution_control *e)
{
	if (e) {
		put_text(s, str_of(diff_change_name(e->change)));
		put_number(s, e->added);
		put_number(s, e->fixed_count);
		return;
	}
	for (int i = 0; i < 3; i++)
		put_separator(s);
}

static void put_control(
	struct sheet *s, const struct run_control *c, const struct evolution_control *e)
{
	put_text(s, c->id);
	put_text(s, words_of(&c->title, s->lang));
	put_text(s, c->area);
	for (size_t i = 0; i < c->level_count; i++)
		buf_printf(&s->cell, "%s%d", i ? " " : "", c->levels[i]);
	put_cell(s);
	put_level(s, c->failed_level);
	put_text(s, str_of(run_status_name(c->status)));
	put_number(s, c->examined);
	put_number(s, c->count);
	put_number(s, c->unknown);
	put_number(s, c->waived);
	put_change(s, e);
	put_text(s, c->change ? str_of(run_effort_name(c->change->effort)) : (struct str){ 0 });
	words_parameters(&s->cell, c);
	put_cell(s);
	words_remarks(&s->cell, c, s->lang);
	put_cell(s);
	end_row(s);
}

static int put_controls(
	struct sheet *s, const struct run *r, const struct report_options *o, struct err *err)
{
	const struct run_evolution *e = o->evolution;

	(void)err;
	put_header(s, control_columns, ARRAY_LEN(control_columns));
	for (size_t i = 0; i < r->control_count; i++)
		put_control(s, &r->controls[i],
			e && e->before && e->control_count > i ? &e->controls[i] : NULL);
	return 0;
}

/* ---- files ---------------------------------------------------------------------------------- */

typedef int put_fn(
	struct sheet *s, const struct run *r, const struct report_options *o, struct err *err);

static int write_sheet(const struct run *r, const struct report_options *o, const char *path,
	put_fn *put, struct err *err)
{
	struct sheet s = { .f = platform_create(path, err), .lang = o->lang };
	int rc;

	if (!s.f)
		return err->code;
	rc = put(&s, r, o, err);
	buf_free(&s.row);
	buf_free(&s.cell);
	words_memo_free(&s.memo);
	if (rc)
		fclose(s.f);
	else
		rc = platform_finish(s.f, path, err);
	if (rc)
		platform_remove(path);
	return rc;
}

int csv_objects_write(
	const struct run *r, const struct report_options *o, const char *path, struct err *err)
{
	return write_sheet(r, o, path, put_objects, err);
}

int csv_controls_write(
	const struct run *r, const struct report_options *o, const char *path, struct err *err)
{
	return write_sheet(r, o, path, put_controls, err);
}
