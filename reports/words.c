#include "reports/words.h"

#include "base/arena.h"
#include "base/datetime.h"

#include <inttypes.h>
#include <stdlib.h>

struct code_row {
	enum code_group group;
	const char *code;
	const char *words[2]; /* by language */
};

static const struct code_row codes[] = {
#define CODE(group, code, fr, en) { CODE_##group, code, { fr, en } },
#include "reports/codes.def"
#include "reports/codes_password_policy.def"
#include "reports/codes_privileged.def"
#include "reports/codes_tiering.def"
#include "reports/codes_stale.def"
#include "reports/codes_mfa.def"
#include "reports/codes_ads.def"
#undef CODE
};

void words_expand(struct buf *out, const char *template, const struct str *args, size_t count)
{
	for (const char *p = template; *p; p++) {
		if (*p == '%' && p[1] >= '1' && p[1] <= '9') {
			size_t i = (size_t)(*++p - '1');

			if (i < count)
				buf_put_str(out, args[i]);
		} else {
			buf_putc(out, *p);
		}
	}
}

void words_text(struct buf *out, enum text_id id, enum lang lang)
{
	buf_putz(out, text(id, lang));
}

void words_number(struct buf *out, enum text_id id, enum lang lang, uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);

	words_expand(out, text_n(id, lang, n), &(struct str){ digits, (size_t)len }, 1);
}

struct fit {
	const struct code_row *row; /* NULL: none */
	size_t words;
	struct str args[9];
	struct str rest; /* of the code, behind what the row names */
};

/* Compares word by word; an argument at the end takes all that is left. */
static bool row_fits(const struct code_row *row, struct str code, struct fit *out)
{
	struct fit f = { .row = row, .rest = code };

	for (struct str left = str_of(row->code); left.n; f.words++) {
		struct str want = str_cut(left, ' ', &left), all = f.rest;
		struct str word = str_cut(f.rest, ' ', &f.rest);

		if (want.p[0] != '%') {
			if (!str_eq(want, word))
				return false;
			continue;
		}
		if (!left.n) {
			word = all;
			f.rest = (struct str){ 0 };
		}
		if (!word.n)
			return false;
		f.args[want.p[1] - '1'] = word;
	}
	*out = f;
	return true;
}

/* Could the row fit at all? Asked of every row for every cell: it looks at two letters. */
static bool row_may_fit(const struct code_row *row, enum code_group group, struct str code)
{
	return row->group == group &&
	       (row->code[0] == '%' || (code.n && row->code[0] == code.p[0] &&
					       (code.n < 2 || row->code[1] == code.p[1])));
}

/* The row with the longest code that fits. */
static struct fit find_code(enum code_group group, struct str code)
{
	struct fit best = { 0 }, f;

	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (row_may_fit(&codes[i], group, code) && row_fits(&codes[i], code, &f) &&
			f.words > best.words)
			best = f;
	return best;
}

/* The words of a fit, or the code itself where no row fits. */
static void put_fit(struct buf *out, const struct fit *f, struct str code, enum lang lang)
{
	if (!f->row) {
		buf_put_str(out, code);
		return;
	}
	words_expand(out, f->row->words[lang == LANG_EN], f->args, ARRAY_LEN(f->args));
	if (f->rest.n) {
		buf_putz(out, " (");
		buf_put_str(out, f->rest);
		buf_putc(out, ')');
	}
}

void words_code(struct buf *out, enum code_group group, struct str code, enum lang lang)
{
	struct fit f = find_code(group, code);

	put_fit(out, &f, code, lang);
}

bool words_code_row(size_t i, enum code_group *group, const char **code, const char *words[2])
{
	if (i >= ARRAY_LEN(codes))
		return false;
	*group = codes[i].group;
	*code = codes[i].code;
	words[LANG_FR] = codes[i].words[0];
	words[LANG_EN] = codes[i].words[1];
	return true;
}

void words_date(struct buf *out, int64_t seconds, enum lang lang)
{
	struct civil c = datetime_civil(seconds);

	if (lang == LANG_FR && c.day == 1)
		buf_putz(out, "1er");
	else
		buf_printf(out, "%d", c.day);
	buf_printf(out, " %s %" PRId64, text(TEXT_month_1 + (enum text_id)(c.month - 1), lang),
		c.year);
}

/* "2026-11" as "novembre 2026"; anything else as it is. */
static void put_catalogue(struct buf *out, struct str version, enum lang lang)
{
	struct str month, year = str_cut(version, '-', &month);
	int64_t m = 0;

	if (year.n == 4 && str_to_i64(month, &m) && m >= 1 && m <= 12) {
		buf_putz(out, text(TEXT_month_1 + (enum text_id)(m - 1), lang));
		buf_putc(out, ' ');
		version = year;
	}
	buf_put_str(out, version);
}

const char *words_status(enum run_status status, enum lang lang)
{
	static const enum text_id ids[STATUS_COUNT] = {
		[STATUS_PASS] = TEXT_status_pass,
		[STATUS_FAIL] = TEXT_status_fail,
		[STATUS_WAIVED] = TEXT_status_waived,
		[STATUS_UNKNOWN] = TEXT_status_unknown,
		[STATUS_NOT_APPLICABLE] = TEXT_status_not_applicable,
		[STATUS_DISABLED] = TEXT_status_disabled,
	};

	return text(ids[status], lang);
}

const char *words_effort(enum run_effort effort, enum lang lang)
{
	static const enum text_id ids[EFFORT_COUNT] = {
		[EFFORT_LOW] = TEXT_effort_low,
		[EFFORT_MEDIUM] = TEXT_effort_medium,
		[EFFORT_HIGH] = TEXT_effort_high,
	};

	return text(ids[effort], lang);
}

void words_setters(struct buf *out, const struct run_control *c, enum lang lang)
{
	static const enum text_id ids[] = {
		[SETTER_UNKNOWN] = TEXT_setter_unknown,
		[SETTER_GPO] = TEXT_setter_gpo,
		[SETTER_NONE] = TEXT_setter_none,
		[SETTER_SAMBA] = TEXT_setter_samba,
	};

	for (size_t i = 0; i < c->setter_count; i++) {
		const struct run_setter *s = &c->setters[i];

		if (i)
			buf_putc(out, '\n');
		words_expand(out, text(ids[s->kind], lang), (struct str[]){ s->domain, s->gpo }, 2);
	}
}

struct str words_of(const struct run_text *t, enum lang lang)
{
	return lang == LANG_EN ? t->en : t->fr;
}

void words_level(struct buf *out, const struct run *r, enum lang lang)
{
	words_number(out, r->level_floor < r->level ? TEXT_level_at_best : TEXT_level_of, lang,
		(uint64_t)r->level);
}

const char *words_level_meaning(const struct run *r, enum lang lang)
{
	static const enum text_id ids[] = { TEXT_level_1, TEXT_level_2, TEXT_level_3, TEXT_level_4,
		TEXT_level_5 };

	if (r->level < 1 || r->level > 5 || (r->level > 2 && r->level_floor < r->level))
		return "";
	return text(ids[r->level - 1], lang);
}

void words_floor(struct buf *out, const struct run *r, enum lang lang)
{
	char best[12], worst[12];

	if (r->level_floor == r->level)
		return;
	snprintf(best, sizeof(best), "%d", r->level);
	snprintf(worst, sizeof(worst), "%d", r->level_floor);
	words_expand(out, text(TEXT_floor, lang), (struct str[]){ str_of(best), str_of(worst) }, 2);
}

void words_waivers(struct buf *out, const struct run *r, enum lang lang)
{
	if (r->level_with_waivers != r->level)
		words_number(out, TEXT_with_waivers, lang, (uint64_t)r->level_with_waivers);
}

void words_estimate(struct buf *out, const struct run *r, enum text_id id, enum lang lang)
{
	struct buf date = { 0 };

	put_catalogue(&date, r->catalogue_version, lang);
	words_expand(out, text(id, lang), (struct str[]){ buf_str(&date) }, 1);
	buf_free(&date);
}

void words_subject(struct buf *out, const struct run *r, enum lang lang)
{
	struct str domain = r->domain_count ? r->domains[0].dns : r->forest;

	if (r->facility_name.n) {
		buf_put_str(out, r->facility_name);
		buf_putz(out, " — ");
	}
	if (domain.n) {
		buf_put_str(out, domain);
		buf_putz(out, " — ");
	}
	words_date(out, r->evaluated_at, lang);
}

/* ---- control paths ---- */

#define PATH STR("path") /* the key of evidence */
#define BETWEEN STR(" > ")
#define ARROW " → "

/* What stands before the next " > " outside a name; in names '>' is written "\\>". */
static struct str cut_path(struct str path, struct str *rest)
{
	for (size_t i = 0; i + BETWEEN.n <= path.n; i++) {
		if (path.p[i] == '\\')
			i++;
		else if (str_starts((struct str){ path.p + i, path.n - i }, BETWEEN)) {
			size_t end = i + BETWEEN.n;

			*rest = (struct str){ path.p + end, path.n - end };
			return (struct str){ path.p, i };
		}
	}
	*rest = (struct str){ 0 };
	return path;
}

static void put_path_name(struct buf *out, struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '\\' && i + 1 < name.n)
			i++;
		buf_putc(out, name.p[i]);
	}
}

/* Name, relation, name, …: every relation one that codes.def knows? */
static bool is_path(struct str path)
{
	size_t parts = 0;

	for (struct str part; path.n; parts++) {
		part = cut_path(path, &path);
		if (parts % 2) {
			struct fit f = find_code(CODE_STEP, part);

			if (!f.row || f.rest.n)
				return false;
		}
	}
	return parts > 1 && parts % 2;
}

void words_path(struct buf *out, struct str path, enum lang lang)
{
	if (!is_path(path)) {
		buf_put_str(out, path);
		return;
	}
	for (size_t parts = 0; path.n; parts++) {
		struct str part = cut_path(path, &path);

		if (parts)
			buf_putz(out, ARROW);
		if (parts % 2)
			words_code(out, CODE_STEP, part, lang);
		else
			put_path_name(out, part);
	}
}

/* A key of evidence as it is shown. */
struct words_key {
	struct fit name;
	bool valued; /* some of its values have words of their own */
};

/* Does a value of the key have a row? */
static bool has_values(struct str key)
{
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		struct str rest;

		if (row_may_fit(&codes[i], CODE_VALUE, key) &&
			str_eq(str_cut(str_of(codes[i].code), ' ', &rest), key))
			return true;
	}
	return false;
}

static struct words_key find_key(struct str key)
{
	return (struct words_key){ find_code(CODE_KEY, key), has_values(key) };
}

static struct words_key recall_key(struct words_memo *memo, struct str key)
{
	uint32_t i = memo ? hash_get(&memo->keys, key) : HASH_NONE;

	if (i != HASH_NONE)
		return memo->list[i];
	if (!memo)
		return find_key(key);
	if (memo->count == memo->room) {
		memo->room = memo->room ? memo->room * 2 : 64;
		memo->list = xrealloc(memo->list, memo->room * sizeof(*memo->list));
	}
	hash_add(&memo->keys, key, (uint32_t)memo->count);
	memo->list[memo->count] = find_key(key);
	return memo->list[memo->count++];
}

void words_memo_free(struct words_memo *memo)
{
	hash_free(&memo->keys);
	free(memo->list);
	*memo = (struct words_memo){ 0 };
}

/* A value is the directory's own text unless the table knows it, whole, for this key. */
static void put_value(
	struct buf *out, struct str key, struct str value, bool valued, enum lang lang)
{
	struct buf both = { 0 };
	struct fit f;

	if (str_eq(key, PATH)) {
		words_path(out, value, lang);
		return;
	}
	if (!valued) {
		buf_put_str(out, value);
		return;
	}
	buf_put_str(&both, key);
	buf_putc(&both, ' ');
	buf_put_str(&both, value);
	f = find_code(CODE_VALUE, buf_str(&both));
	if (f.row && !f.rest.n)
		buf_putz(out, f.row->words[lang == LANG_EN]);
	else
		buf_put_str(out, value);
	buf_free(&both);
}

void words_evidence_memo(
	struct buf *out, const struct run_object *o, enum lang lang, struct words_memo *memo)
{
	for (size_t i = 0; i < o->evidence_count; i++) {
		const struct run_evidence *e = &o->evidence[i];
		struct words_key key = recall_key(memo, e->key);

		if (i)
			words_text(out, TEXT_semicolon, lang);
		put_fit(out, &key.name, e->key, lang);
		words_text(out, TEXT_colon, lang);
		for (size_t k = 0; k < e->count; k++) {
			if (k)
				buf_putz(out, str_eq(e->key, PATH) ? "\n" : ", ");
			put_value(out, e->key, e->values[k], key.valued, lang);
		}
	}
}

void words_evidence(struct buf *out, const struct run_object *o, enum lang lang)
{
	words_evidence_memo(out, o, lang, NULL);
}

void words_parameters(struct buf *out, const struct run_control *c)
{
	for (size_t i = 0; i < c->parameter_count; i++) {
		const struct run_parameter *p = &c->parameters[i];

		if (i)
			buf_putz(out, ", ");
		buf_put_str(out, p->name);
		buf_putz(out, " = ");
		if (p->kind == RUN_PARAMETER_INTEGER)
			buf_printf(out, "%" PRId64, p->number);
		else if (p->kind == RUN_PARAMETER_BOOLEAN)
			buf_putz(out, p->number ? "true" : "false");
		else
			buf_put_str(out, p->text);
	}
}

void words_remarks(struct buf *out, const struct run_control *c, enum lang lang)
{
	/* Why a control is disabled is the policy's own sentence. */
	if (c->status == STATUS_DISABLED)
		buf_put_str(out, c->reason);
	else if (c->reason.n)
		words_code(out, CODE_REASON, c->reason, lang);
	for (size_t i = 0; i < c->note_count; i++) {
		if (i || c->reason.n)
			buf_putc(out, '\n');
		words_code(out, CODE_REASON, c->notes[i], lang);
	}
}

static bool ends_with(struct str s, struct str end)
{
	return s.n >= end.n && str_eq((struct str){ s.p + s.n - end.n, end.n }, end);
}

/* 1 and 0 of these are yes and no. */
static bool is_yes_or_no(struct str name)
{
	return str_eq(name, STR("domain_complexity")) || str_eq(name, STR("complete"));
}

bool words_indicator_is_number(const struct run_indicator *i)
{
	return i->value != INT64_MIN && !ends_with(i->name, STR("percent")) &&
	       !is_yes_or_no(i->name);
}

void words_indicator(struct buf *out, const struct run_indicator *i, enum lang lang)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, i->value);
	if (i->value == INT64_MIN)
		words_text(out, TEXT_none, lang);
	else if (ends_with(i->name, STR("percent")))
		words_expand(out, text(TEXT_percent, lang), (struct str[]){ str_of(digits) }, 1);
	else if (is_yes_or_no(i->name))
		words_text(out, i->value ? TEXT_yes : TEXT_no, lang);
	else
		buf_putz(out, digits);
}

/* The sentence of "family.word", else of the word alone, else the word itself. */
static void put_family_code(
	struct buf *out, enum code_group group, struct str family, struct str word, enum lang lang)
{
	struct buf code = { 0 };

	buf_printf(&code, "%.*s.%.*s", STR_ARG(family), STR_ARG(word));
	words_code(out, group, find_code(group, buf_str(&code)).row ? buf_str(&code) : word, lang);
	buf_free(&code);
}

bool words_indicator_has_name(const struct run_family *f, size_t i)
{
	struct buf code = { 0 };
	bool has;

	buf_printf(&code, "%.*s.%.*s", STR_ARG(f->name), STR_ARG(f->indicators[i].name));
	has = find_code(CODE_INDICATOR, buf_str(&code)).row;
	buf_free(&code);
	return has;
}

void words_indicator_name(struct buf *out, const struct run_family *f, size_t i, enum lang lang)
{
	put_family_code(out, CODE_INDICATOR, f->name, f->indicators[i].name, lang);
}

void words_indicator_meaning(struct buf *out, const struct run_family *f, size_t i, enum lang lang)
{
	put_family_code(out, CODE_MEANING, f->name, f->indicators[i].name, lang);
}

void words_table(struct buf *out, const struct run_table *t, enum lang lang)
{
	put_family_code(out, CODE_TABLE, t->family, t->name, lang);
}

void words_column(struct buf *out, const struct run_table *t, size_t column, enum lang lang)
{
	put_family_code(out, CODE_COLUMN, t->family, t->columns[column].name, lang);
}

void words_cell(struct buf *out, const struct run_table *t, struct str code, enum lang lang)
{
	/* What other parts of the program name has its words already. */
	static const enum code_group others[] = { CODE_KIND, CODE_REASON };
	struct buf words = { 0 };

	put_family_code(&words, CODE_CELL, t->family, code, lang);
	for (size_t i = 0; i < ARRAY_LEN(others) && str_eq(buf_str(&words), code); i++) {
		buf_clear(&words);
		words_code(&words, others[i], code, lang);
	}
	buf_put_str(out, buf_str(&words));
	buf_free(&words);
}

struct str words_first_step(const struct run_control *c, enum lang lang)
{
	struct str rest, line = str_cut(str_trim(words_of(&c->fix, lang)), '\n', &rest);

	/* A fix of several steps numbers them, one a line. */
	if (str_starts(line, STR("1. ")))
		line = (struct str){ line.p + 3, line.n - 3 };
	for (size_t i = 0; i + 1 < line.n; i++)
		if (line.p[i] == '.' && line.p[i + 1] == ' ')
			return (struct str){ line.p, i + 1 };
	return str_trim(line);
}

bool control_sets_level(const struct run_control *c)
{
	return str_starts(c->id, STR("vuln_"));
}

const enum run_status run_status_order[STATUS_COUNT] = { STATUS_FAIL, STATUS_WAIVED, STATUS_UNKNOWN,
	STATUS_PASS, STATUS_NOT_APPLICABLE, STATUS_DISABLED };

uint64_t run_status_total(const struct run *r, enum run_status status)
{
	uint64_t n = 0;

	for (size_t i = 0; i < r->control_count; i++)
		n += r->controls[i].status == status;
	return n;
}

static uint64_t count_at(
	const struct run *r, int level, enum run_status status, bool level_points, bool others)
{
	uint64_t n = 0;

	for (size_t i = 0; i < r->control_count; i++) {
		const struct run_control *c = &r->controls[i];

		n += c->status == status && c->failed_level == level &&
		     (control_sets_level(c) ? level_points : others);
	}
	return n;
}

uint64_t run_failed_at(const struct run *r, int level, bool sets_level)
{
	return count_at(r, level, STATUS_FAIL, sets_level, !sets_level);
}

uint64_t run_waived_at(const struct run *r, int level)
{
	return count_at(r, level, STATUS_WAIVED, true, true);
}
