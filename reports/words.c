#include "reports/words.h"

#include "base/datetime.h"

#include <inttypes.h>

struct code_row {
	enum code_group group;
	const char *code;
	const char *words[2]; /* by language */
};

static const struct code_row codes[] = {
#define CODE(group, code, fr, en) { CODE_##group, code, { fr, en } },
#include "reports/codes.def"
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

/* The highest %n of a template. */
static size_t places(const char *template)
{
	size_t most = 0;

	for (const char *p = template; *p; p++)
		if (*p == '%' && p[1] >= '1' && p[1] <= '9' && (size_t)(p[1] - '0') > most)
			most = (size_t)(p[1] - '0');
	return most;
}

/* The row that uses most of `have` arguments without needing more. */
static const struct code_row *find_code(enum code_group group, struct str word, size_t have)
{
	const struct code_row *best = NULL;

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		const struct code_row *row = &codes[i];

		if (row->group == group && str_eq(str_of(row->code), word) &&
			places(row->words[LANG_FR]) <= have &&
			(!best || places(row->words[LANG_FR]) > places(best->words[LANG_FR])))
			best = row;
	}
	return best;
}

/* Cuts the arguments of a code, at most `wanted`: the last one takes all that is left. */
static struct str cut_arguments(struct str rest, size_t wanted, struct str *args)
{
	for (size_t have = 0; have < wanted; have++) {
		if (have + 1 < wanted) {
			args[have] = str_cut(rest, ' ', &rest);
		} else {
			args[have] = rest;
			rest = (struct str){ 0 };
		}
	}
	return rest;
}

static size_t count_words(struct str s)
{
	size_t n = 0;

	for (; s.n; n++)
		str_cut(s, ' ', &s);
	return n;
}

void words_code(struct buf *out, enum code_group group, struct str code, enum lang lang)
{
	struct str args[9], rest, word = str_cut(code, ' ', &rest);
	const struct code_row *row = find_code(group, word, count_words(rest));
	const char *template = row ? row->words[lang == LANG_EN] : NULL;
	size_t wanted = row ? places(template) : 0;

	if (!row) {
		buf_put_str(out, code);
		return;
	}
	rest = cut_arguments(rest, wanted, args);
	words_expand(out, template, args, wanted);
	if (rest.n) {
		buf_putz(out, " (");
		buf_put_str(out, rest);
		buf_putc(out, ')');
	}
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

struct str words_of(const struct run_text *t, enum lang lang)
{
	return lang == LANG_EN ? t->en : t->fr;
}

void words_level(struct buf *out, int level, enum lang lang)
{
	words_number(out, TEXT_level_of, lang, (uint64_t)level);
}

const char *words_level_meaning(int level, enum lang lang)
{
	static const enum text_id ids[] = { TEXT_level_1, TEXT_level_2, TEXT_level_3, TEXT_level_4,
		TEXT_level_5 };

	return level >= 1 && level <= 5 ? text(ids[level - 1], lang) : "";
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
	if (r->facility_name.n) {
		buf_put_str(out, r->facility_name);
		buf_putz(out, " — ");
	}
	if (r->forest.n || r->domain_count) {
		buf_put_str(out, r->domain_count ? r->domains[0].dns : r->forest);
		buf_putz(out, " — ");
	}
	words_date(out, r->evaluated_at, lang);
}

static void put_value(struct buf *out, struct str key, struct str value, enum lang lang)
{
	struct buf both = { 0 };
	const struct code_row *row;

	buf_put_str(&both, key);
	buf_putc(&both, ' ');
	buf_put_str(&both, value);
	row = find_code(CODE_VALUE, buf_str(&both), 0);
	buf_free(&both);
	if (row)
		buf_putz(out, row->words[lang == LANG_EN]);
	else
		buf_put_str(out, value);
}

void words_evidence(struct buf *out, const struct run_object *o, enum lang lang)
{
	for (size_t i = 0; i < o->evidence_count; i++) {
		const struct run_evidence *e = &o->evidence[i];

		if (i)
			words_text(out, TEXT_semicolon, lang);
		words_code(out, CODE_KEY, e->key, lang);
		words_text(out, TEXT_colon, lang);
		for (size_t k = 0; k < e->count; k++) {
			if (k)
				buf_putz(out, ", ");
			put_value(out, e->key, e->values[k], lang);
		}
	}
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

void words_indicator(struct buf *out, const struct run_indicator *i, enum lang lang)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, i->value);
	if (i->value == INT64_MIN)
		words_text(out, TEXT_none, lang);
	else if (str_eq(i->name, STR("percent")))
		words_expand(out, text(TEXT_percent, lang), (struct str[]){ str_of(digits) }, 1);
	else if (str_eq(i->name, STR("domain_complexity")))
		words_text(out, i->value ? TEXT_yes : TEXT_no, lang);
	else
		buf_putz(out, digits);
}

void words_indicator_name(struct buf *out, const struct run_family *f, size_t i, enum lang lang)
{
	struct buf code = { 0 };
	struct str name = f->indicators[i].name;

	buf_printf(&code, "%.*s.%.*s", STR_ARG(f->name), STR_ARG(name));
	if (find_code(CODE_INDICATOR, buf_str(&code), 0))
		words_code(out, CODE_INDICATOR, buf_str(&code), lang);
	else
		buf_put_str(out, name);
	buf_free(&code);
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
