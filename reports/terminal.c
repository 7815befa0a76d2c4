/* The summary on standard output: at most 22 lines, so that the lines that say where the files are
 * still fit a screen of 24. */
#include "reports/words.h"
#include "reports/writers.h"

#include "base/utf8.h"

#include <inttypes.h>

#define ACTIONS 10

/* Of each family, what one line has room for. */
static const struct {
	const char *family;
	const char *names[5];
} highlights[] = {
	{ "password_policy", { "accounts", "not_compliant", "admins_not_compliant" } },
	{ "privileged", { "enabled", "never_expires", "not_dedicated" } },
	{ "tiering", { "tier0", "crossings", "outside_units" } },
	{ "stale", { "users", "computers", "never_logged_on" } },
	{ "mfa", { "percent", "required", "covered", "unknown" } },
};

void terminal_print(FILE *out, struct buf *line, size_t columns)
{
	struct str rest = buf_str(line);
	bool cut;
	size_t len;

	while (rest.n && rest.p[rest.n - 1] == ' ')
		rest.n--;
	if (!rest.n)
		return;
	cut = utf8_length(rest) > columns;
	for (size_t n = 0; rest.n && n < columns - cut; n++) {
		uint32_t c = utf8_decode(rest, &len);

		if (c < 0x20 || (c >= 0x7F && c < 0xA0))
			fputc('?', out);
		else
			fwrite(rest.p, 1, len, out);
		rest.p += len;
		rest.n -= len;
	}
	fputs(cut ? "…\n" : "\n", out);
	buf_clear(line);
}

static void level_line(struct buf *b, const struct run *r, enum lang lang)
{
	buf_putz(b, "== ");
	words_number(b, TEXT_summary_level, lang, (uint64_t)r->level);
	buf_putz(b, " ==  ");
	words_floor(b, r, lang);
}

/* "Non conforme 3, Conforme 21": what there is none of is left out. */
static void put_statuses(struct buf *b, const struct run *r, const enum run_status *order,
	size_t count, enum lang lang)
{
	const char *before = "";

	for (size_t i = 0; i < count; i++) {
		uint64_t n = run_status_total(r, order[i]);

		if (!n)
			continue;
		buf_printf(b, "%s%s %" PRIu64, before, words_status(order[i], lang), n);
		before = ", ";
	}
}

static void status_line(struct buf *b, const struct run *r, enum lang lang)
{
	static const enum run_status order[] = { STATUS_FAIL, STATUS_WAIVED, STATUS_UNKNOWN,
		STATUS_PASS };

	put_statuses(b, r, order, ARRAY_LEN(order), lang);
}

static void levels_line(struct buf *b, const struct run *r, enum lang lang)
{
	static const enum run_status order[] = { STATUS_NOT_APPLICABLE, STATUS_DISABLED };

	words_text(b, TEXT_summary_by_level, lang);
	words_text(b, TEXT_colon, lang);
	for (int level = 1; level <= 5; level++)
		buf_printf(b, "%s%d = %" PRIu64, level > 1 ? ", " : "", level,
			run_failed_at(r, level, true) + run_failed_at(r, level, false));
	buf_putz(b, "  ");
	put_statuses(b, r, order, ARRAY_LEN(order), lang);
}

static void family_line(struct buf *b, const struct run_family *f, enum lang lang)
{
	const char *const *names = NULL;
	bool first = true;

	for (size_t i = 0; i < ARRAY_LEN(highlights); i++)
		if (str_eq(f->name, str_of(highlights[i].family)))
			names = highlights[i].names;
	words_code(b, CODE_FAMILY, f->name, lang);
	words_text(b, TEXT_colon, lang);
	for (size_t k = 0; names && names[k]; k++) {
		for (size_t i = 0; i < f->count; i++) {
			if (!str_eq(f->indicators[i].name, str_of(names[k])))
				continue;
			buf_putz(b, first ? "" : ", ");
			words_indicator_name(b, f, i, lang);
			buf_putz(b, " = ");
			words_indicator(b, &f->indicators[i], lang);
			first = false;
		}
	}
}

void terminal_put_cut(struct buf *b, struct str text, size_t room)
{
	size_t n = 0;

	for (bool cut = utf8_length(text) > room; text.n && n < room; n++) {
		size_t len;

		if (cut && n + 1 == room) {
			buf_putz(b, "…");
			continue;
		}
		utf8_decode(text, &len);
		buf_put(b, text.p, len);
		text.p += len;
		text.n -= len;
	}
	for (; n < room; n++)
		buf_putc(b, ' ');
}

/* " 1. [1] title … 12 objets": the title is cut, the number is not. */
static void action_line(
	struct buf *b, size_t rank, const struct run_control *c, enum lang lang, size_t columns)
{
	struct buf count = { 0 };

	words_number(&count, TEXT_summary_objects, lang, c->count);
	buf_printf(b, "%2zu. [%d] ", rank, c->failed_level);
	terminal_put_cut(b, words_of(&c->title, lang),
		columns - utf8_length(buf_str(b)) - utf8_length(buf_str(&count)) - 2);
	buf_putz(b, "  ");
	buf_put_str(b, buf_str(&count));
	buf_free(&count);
}

static void ads_line(struct buf *b, const struct run_ads *ads, enum lang lang)
{
	if (!ads)
		return;
	words_text(b, TEXT_sheet_ads, lang);
	words_text(b, TEXT_colon, lang);
	words_number(b, TEXT_ads_n_differences, lang, run_ads_differences(ads));
	buf_putz(b, ". ");
	words_ads_missed(b, ads, lang);
}

void report_summary(const struct run *r, const struct report_options *o, FILE *out)
{
	size_t columns =
		o->columns < TERMINAL_COLUMNS_LEAST ? TERMINAL_COLUMNS_LEAST : (size_t)o->columns;
	struct buf b = { 0 };

	words_subject(&b, r, o->lang);
	terminal_print(out, &b, columns);
	level_line(&b, r, o->lang);
	terminal_print(out, &b, columns);
	words_waivers(&b, r, o->lang);
	terminal_print(out, &b, columns);
	words_estimate(&b, r, TEXT_estimate_short, o->lang);
	terminal_print(out, &b, columns);
	status_line(&b, r, o->lang);
	terminal_print(out, &b, columns);
	levels_line(&b, r, o->lang);
	terminal_print(out, &b, columns);
	for (size_t i = 0; i < ARRAY_LEN(r->families); i++) {
		family_line(&b, &r->families[i], o->lang);
		terminal_print(out, &b, columns);
	}
	ads_line(&b, r->ads, o->lang);
	terminal_print(out, &b, columns);
	words_text(&b, r->action_count ? TEXT_section_actions : TEXT_no_action, o->lang);
	terminal_print(out, &b, columns);
	for (size_t i = 0; i < r->action_count && i < ACTIONS - (r->ads != NULL); i++) {
		action_line(&b, i + 1, r->actions[i].control, o->lang, columns);
		terminal_print(out, &b, columns);
	}
	buf_free(&b);
}
