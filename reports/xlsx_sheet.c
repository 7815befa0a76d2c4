#include "reports/xlsx.h"

#include "base/datetime.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

/* A row is at most 409 points high. */
#define LINES_MOST 24u
#define HEADER_HEIGHT 33
#define COLUMNS_MOST 24
#define NAME_MOST 64 /* a sheet is called by 31 characters at most */

void xlsx_take(struct xlsx_book *b, lxw_error e)
{
	if (e == LXW_NO_ERROR || b->failed)
		return;
	b->failed = true;
	if (e == LXW_ERROR_CREATING_TMPFILE)
		err_set(b->err, ERR_OUTPUT,
			"The workbook cannot be written: no temporary file can be made in '%s'. %s",
			xlsx_temporary_folder(), xlsx_make_room);
	else if (e >= LXW_ERROR_READING_TMPFILE && e <= LXW_ERROR_ZIP_CLOSE)
		err_set(b->err, ERR_OUTPUT,
			"The workbook cannot be written whole: %s. The temporary folder '%s' "
			"(TMPDIR) "
			"or the disk is full. %s",
			lxw_strerror(e), xlsx_temporary_folder(), xlsx_make_room);
	else
		err_set(b->err, ERR_OUTPUT, "The workbook cannot be written: %s.", lxw_strerror(e));
}

char *xlsx_unconst(const char *z)
{
	union {
		const char *from;
		char *to;
	} same = { .from = z };

	return same.to;
}

static struct xlsx_sheet add_sheet(struct xlsx_book *b, const char *name)
{
	struct xlsx_sheet s = { .book = b };

	if (b->failed)
		return s;
	s.ws = workbook_add_worksheet(b->workbook, name);
	/* In constant-memory mode a sheet is a temporary file from the beginning. */
	if (!s.ws) {
		xlsx_take(b, LXW_ERROR_CREATING_TMPFILE);
		return s;
	}
	b->sheet_count++;
	worksheet_set_landscape(s.ws);
	worksheet_set_paper(s.ws, 9); /* A4 */
	worksheet_fit_to_pages(s.ws, 1, 0);
	worksheet_set_margins(s.ws, 0.4, 0.4, 0.5, 0.6);
	xlsx_take(b, worksheet_set_footer(s.ws, "&L&8&F&C&8&A&R&8&P / &N"));
	return s;
}

struct xlsx_sheet xlsx_sheet_add(struct xlsx_book *b, enum text_id name)
{
	return add_sheet(b, text(name, b->lang));
}

/* Excel reads _x0041_ in a string as the character U+0041 (ECMA-376 22.9.2.19): the underscore of
 * what only looks like that is written as _x005F_. */
static bool looks_escaped(struct str s)
{
	if (s.n < 7 || s.p[0] != '_' || s.p[1] != 'x' || s.p[6] != '_')
		return false;
	for (size_t i = 2; i < 6; i++) {
		char c = s.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			return false;
	}
	return true;
}

static bool holds_escaped(struct str s)
{
	const char *p;

	while ((p = memchr(s.p, '_', s.n))) {
		s = (struct str){ p, s.n - (size_t)(p - s.p) };
		if (looks_escaped(s))
			return true;
		s = (struct str){ s.p + 1, s.n - 1 };
		if (!s.n)
			break;
	}
	return false;
}

static size_t units(uint32_t code_point)
{
	return code_point > 0xFFFF ? 2 : 1;
}

/* value, escaped and cut to what one cell holds, which Excel counts in UTF-16. */
static const char *cell_text(struct xlsx_book *b, struct str value)
{
	const char *more = text(TEXT_cut_cell, b->lang);
	struct arena scratch = { 0 };
	size_t room = LIMIT_XLSX_CELL, fits = 0, used = 0, i = 0, len;

	if (!utf8_clean(value))
		value = utf8_sanitize(&scratch, value);
	buf_clear(&b->cell);
	/* Nearly every cell: nothing to escape, and it fits however it is counted. */
	if (!value.n || (value.n <= room && !holds_escaped(value))) {
		buf_put_str(&b->cell, value);
		i = value.n;
	}
	for (size_t left = room - utf8_length(str_of(more)); i < value.n; i += len) {
		struct str rest = { value.p + i, value.n - i };
		uint32_t c = utf8_decode(rest, &len);
		size_t width = units(c);

		if (c == '_' && looks_escaped(rest)) {
			buf_putz(&b->cell, "_x005F");
			width += 6;
		}
		buf_put(&b->cell, rest.p, len);
		used += width;
		if (used <= left)
			fits = b->cell.n;
		if (used > room)
			break;
	}
	if (used > room) {
		b->cell.n = fits;
		buf_putz(&b->cell, more);
	}
	arena_free(&scratch);
	return buf_z(&b->cell);
}

void xlsx_put_text(struct xlsx_sheet *s, lxw_row_t row, lxw_col_t column, struct str value,
	enum xlsx_style style)
{
	struct xlsx_book *b = s->book;

	/* An empty cell is worth its frame in a small workbook only. */
	if (!b->failed && (value.n || !b->constant_memory))
		xlsx_take(b, worksheet_write_string(
				     s->ws, row, column, cell_text(b, value), b->formats[style]));
}

void xlsx_put_number(
	struct xlsx_sheet *s, lxw_row_t row, lxw_col_t column, double value, enum xlsx_style style)
{
	if (!s->book->failed)
		xlsx_take(s->book,
			worksheet_write_number(s->ws, row, column, value, s->book->formats[style]));
}

void xlsx_put_date(struct xlsx_sheet *s, lxw_row_t row, lxw_col_t column, int64_t seconds,
	enum xlsx_style style)
{
	struct civil c = datetime_civil(seconds == INT64_MIN ? 0 : seconds);
	char digits[DATETIME_TEXT];

	if (seconds == INT64_MIN)
		xlsx_put_text(s, row, column, (struct str){ 0 }, style);
	/* Excel's calendar begins in 1900, with a 29th of February that never was. */
	else if (c.year < 1901 || c.year > 9999)
		xlsx_put_text(s, row, column, str_of(datetime_date(seconds, digits)), style);
	else if (!s->book->failed)
		xlsx_take(s->book, worksheet_write_unixtime(
					   s->ws, row, column, seconds, s->book->formats[style]));
}

/* ---- colours ----------------------------------------------------------------------------------
 */

struct rule {
	enum text_id text;
	enum xlsx_fill fill;
};

static const struct rule status_rules[] = {
	{ TEXT_status_fail, FILL_LEVEL_1 },
	{ TEXT_status_waived, FILL_LEVEL_1 + 1 },
	{ TEXT_status_unknown, FILL_LEVEL_1 + 2 },
	{ TEXT_status_pass, FILL_LEVEL_5 },
	{ TEXT_status_not_applicable, FILL_GREY },
	{ TEXT_status_disabled, FILL_GREY },
};

static const struct rule state_rules[] = {
	{ TEXT_todo, FILL_GREY },
	{ TEXT_doing, FILL_LEVEL_1 + 2 },
	{ TEXT_done, FILL_LEVEL_5 },
	{ TEXT_accepted, FILL_LEVEL_1 + 1 },
};

static const struct rule waiver_rules[] = {
	{ TEXT_waiver_expired, FILL_LEVEL_1 },
	{ TEXT_waiver_ending, FILL_LEVEL_1 + 2 },
	{ TEXT_waiver_active, FILL_LEVEL_5 },
};

static const struct rule age_rules[] = {
	{ TEXT_age_new, FILL_LEVEL_1 + 2 },
	{ TEXT_age_remaining, FILL_GREY },
	{ TEXT_age_back, FILL_LEVEL_1 },
};

static const struct rule ads_rules[] = {
	{ TEXT_ads_missed, FILL_LEVEL_1 },
	{ TEXT_ads_not_assessed, FILL_LEVEL_1 + 1 },
	{ TEXT_ads_not_known, FILL_LEVEL_1 + 1 },
	{ TEXT_ads_ours_only, FILL_LEVEL_1 + 1 },
	{ TEXT_ads_other_level, FILL_LEVEL_1 + 1 },
	{ TEXT_ads_accepted, FILL_LEVEL_1 + 2 },
	{ TEXT_ads_other_count, FILL_LEVEL_1 + 2 },
	{ TEXT_ads_not_said, FILL_GREY },
	{ TEXT_ads_scope, FILL_GREY },
	{ TEXT_ads_not_listed, FILL_GREY },
	{ TEXT_ads_same, FILL_LEVEL_5 },
};

/* Which words a style colours. */
static const struct {
	enum xlsx_style style;
	const struct rule *rules;
	size_t count;
} worded[] = {
	{ STYLE_STATUS, status_rules, ARRAY_LEN(status_rules) },
	{ STYLE_CELL_STATUS, status_rules, ARRAY_LEN(status_rules) },
	{ STYLE_STATE, state_rules, ARRAY_LEN(state_rules) },
	{ STYLE_WAIVER, waiver_rules, ARRAY_LEN(waiver_rules) },
	{ STYLE_AGE, age_rules, ARRAY_LEN(age_rules) },
	{ STYLE_CELL_ADS, ads_rules, ARRAY_LEN(ads_rules) },
};

static void colour(struct xlsx_sheet *s, lxw_row_t first, lxw_col_t column, lxw_row_t last,
	lxw_conditional_format rule)
{
	if (!s->book->failed)
		xlsx_take(s->book, worksheet_conditional_format_range(
					   s->ws, first, column, last, column, &rule));
}

static void colour_word(struct xlsx_sheet *s, lxw_row_t first, lxw_col_t column, lxw_row_t last,
	const char *word, enum xlsx_fill fill)
{
	struct buf quoted = { 0 };

	buf_printf(&quoted, "\"%s\"", word);
	colour(s, first, column, last,
		(lxw_conditional_format){ .type = LXW_CONDITIONAL_TYPE_CELL,
			.criteria = LXW_CONDITIONAL_CRITERIA_EQUAL_TO,
			.value_string = xlsx_unconst(buf_z(&quoted)),
			.format = s->book->fills[fill] });
	buf_free(&quoted);
}

static void colour_levels(struct xlsx_sheet *s, lxw_row_t first, lxw_col_t column, lxw_row_t last)
{
	for (unsigned level = 1; level <= 5; level++)
		colour(s, first, column, last,
			(lxw_conditional_format){ .type = LXW_CONDITIONAL_TYPE_CELL,
				.criteria = LXW_CONDITIONAL_CRITERIA_EQUAL_TO,
				.value = level,
				.format = s->book->fills[FILL_LEVEL_1 + level - 1] });
}

static void colour_coverage(struct xlsx_sheet *s, lxw_row_t first, lxw_col_t column, lxw_row_t last)
{
	static const struct {
		const char *state;
		enum xlsx_fill fill;
	} rules[] = { { "ok", FILL_LEVEL_5 }, { "denied", FILL_LEVEL_1 },
		{ "malformed", FILL_LEVEL_1 }, { "truncated", FILL_LEVEL_1 + 1 },
		{ "missing", FILL_LEVEL_1 + 2 }, { "not_asked", FILL_GREY },
		{ "note", FILL_GREY } };

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct buf word = { 0 };

		words_code(&word, CODE_STATE, str_of(rules[i].state), s->book->lang);
		colour_word(s, first, column, last, buf_z(&word), rules[i].fill);
		buf_free(&word);
	}
}

void xlsx_colour(struct xlsx_sheet *s, lxw_row_t first, lxw_col_t column, lxw_row_t last,
	enum xlsx_style style)
{
	if (style == STYLE_LEVEL || style == STYLE_CELL_LEVEL)
		colour_levels(s, first, column, last);
	if (style == STYLE_COVERAGE)
		colour_coverage(s, first, column, last);
	for (size_t i = 0; i < ARRAY_LEN(worded); i++)
		for (size_t k = 0; worded[i].style == style && k < worded[i].count; k++)
			colour_word(s, first, column, last,
				text(worded[i].rules[k].text, s->book->lang),
				worded[i].rules[k].fill);
}

unsigned xlsx_lines(struct str value, double width)
{
	/* A column's width counts digits; letters of running text are narrower, and words are not
	 * cut. */
	size_t per_line = (size_t)(width > 4 ? width * 1.12 : 4), lines = 0;

	do {
		size_t n = utf8_length(str_cut(value, '\n', &value));

		lines += n ? (n + per_line - 1) / per_line : 1;
	} while (value.n && lines < LINES_MOST);
	return (unsigned)(lines < LINES_MOST ? lines : LINES_MOST);
}

/* ---- lists ------------------------------------------------------------------------------------
 */

static void part_name(const struct xlsx_sheet *s, unsigned part, char out[NAME_MOST])
{
	if (part < 2)
		snprintf(out, NAME_MOST, "%s", text(s->name, s->book->lang));
	else
		snprintf(out, NAME_MOST, "%s (%u)", text(s->name, s->book->lang), part);
}

/* The header, and room for total rows. */
static void begin_part(struct xlsx_sheet *s)
{
	struct xlsx_book *b = s->book;
	uint64_t room = b->limits.sheet_rows - 1; /* the header's row */
	char name[NAME_MOST];

	part_name(s, s->part, name);
	s->ws = add_sheet(b, name).ws;
	s->done = 0;
	s->shown = s->total <= room ? s->total : room - 1; /* the row that says so */
	for (uint16_t i = 0; i < s->column_count && !b->failed; i++) {
		lxw_row_col_options options = { .hidden = s->columns[i].reach == HIDDEN };

		xlsx_take(b,
			worksheet_set_column_opt(s->ws, i, i, s->columns[i].width, NULL, &options));
		xlsx_put_text(s, 0, i, str_of(text(s->columns[i].title, b->lang)), STYLE_HEADER);
	}
	if (b->failed)
		return;
	if (s->hidden)
		worksheet_hide(s->ws);
	xlsx_take(b, worksheet_set_row(s->ws, 0, HEADER_HEIGHT, NULL));
	worksheet_freeze_panes(s->ws, 1, 1);
	xlsx_take(b, worksheet_repeat_rows(s->ws, 0, 0));
	b->rows[b->sheet_count - 1] = 1;
}

struct xlsx_sheet xlsx_list_begin(struct xlsx_book *b, enum text_id name,
	const struct xlsx_column *columns, size_t column_count, uint64_t total)
{
	struct xlsx_sheet s = { .book = b,
		.columns = columns,
		.column_count = (uint16_t)column_count,
		.total = total,
		.name = name,
		.part = 1 };

	begin_part(&s);
	return s;
}

void xlsx_list_hide(struct xlsx_sheet *s)
{
	s->hidden = true;
	if (!s->book->failed)
		worksheet_hide(s->ws);
}

/* Before the next row begins: constant-memory mode does not go back. */
static void end_row(struct xlsx_sheet *s)
{
	if (s->done && s->lines > 1 && !s->book->failed)
		xlsx_take(s->book,
			worksheet_set_row(s->ws, s->row, s->lines * XLSX_LINE_HEIGHT + 1, NULL));
	s->lines = 1;
}

/* May a list that is too long for this sheet go on on another? */
static bool may_go_on(const struct xlsx_sheet *s)
{
	return s->shown < s->total && s->book->sheet_count + XLSX_SHEETS_BEHIND < XLSX_SHEETS;
}

bool xlsx_list_row(struct xlsx_sheet *s)
{
	if (!s->book->failed && s->done == s->shown && may_go_on(s)) {
		xlsx_list_end(s);
		s->total -= s->shown;
		s->part++;
		begin_part(s);
	}
	end_row(s);
	if (s->book->failed || s->done == s->shown)
		return false;
	s->done++;
	s->row = (lxw_row_t)s->done;
	s->column = 0;
	s->book->rows[s->book->sheet_count - 1]++;
	return true;
}

void xlsx_text(struct xlsx_sheet *s, struct str value)
{
	const struct xlsx_column *c = &s->columns[s->column];
	unsigned lines =
		c->style == STYLE_WRAP || c->style == STYLE_WORDS ? xlsx_lines(value, c->width) : 1;

	if (lines > s->lines)
		s->lines = lines;
	xlsx_put_text(s, s->row, s->column, value, c->style);
	s->column++;
}

void xlsx_z(struct xlsx_sheet *s, const char *value)
{
	xlsx_text(s, str_of(value));
}

void xlsx_scratch(struct xlsx_sheet *s)
{
	xlsx_text(s, buf_str(&s->book->text));
	buf_clear(&s->book->text);
}

void xlsx_number(struct xlsx_sheet *s, uint64_t value)
{
	xlsx_put_number(s, s->row, s->column, (double)value, s->columns[s->column].style);
	s->column++;
}

void xlsx_date(struct xlsx_sheet *s, int64_t seconds)
{
	xlsx_put_date(s, s->row, s->column, seconds, s->columns[s->column].style);
	s->column++;
}

void xlsx_skip(struct xlsx_sheet *s)
{
	xlsx_text(s, (struct str){ 0 });
}

/* A row that is about the sheet: it is empty, or not all fitted. */
static void note_row(struct xlsx_sheet *s)
{
	struct buf *t = &s->book->text;

	char next[NAME_MOST];

	buf_clear(t);
	part_name(s, s->part + 1, next);
	if (may_go_on(s))
		words_expand(
			t, text(TEXT_goes_on, s->book->lang), (struct str[]){ str_of(next) }, 1);
	else if (s->total)
		words_number(t, TEXT_cut_rows, s->book->lang, s->total - s->shown);
	else
		words_text(t, TEXT_no_rows, s->book->lang);
	xlsx_put_text(s, s->row + 1, 0, buf_str(t), STYLE_NOTE);
	buf_clear(t);
	s->row++;
	s->book->rows[s->book->sheet_count - 1]++;
}

/* A table has its own filter, bands and name; libxlsxwriter writes its headers again. */
static void add_table(struct xlsx_sheet *s, lxw_row_t last)
{
	struct xlsx_book *b = s->book;
	lxw_table_column columns[COLUMNS_MOST] = { { 0 } }, *list[COLUMNS_MOST + 1] = { NULL };
	lxw_table_options options = {
		.style_type = LXW_TABLE_STYLE_TYPE_LIGHT, .style_type_number = 1, .columns = list
	};

	assert(s->column_count <= COLUMNS_MOST);
	for (uint16_t i = 0; i < s->column_count; i++) {
		columns[i].header = xlsx_unconst(text(s->columns[i].title, b->lang));
		columns[i].header_format = b->formats[STYLE_HEADER];
		list[i] = &columns[i];
	}
	xlsx_take(b,
		worksheet_add_table(s->ws, 0, 0, last, (lxw_col_t)(s->column_count - 1), &options));
}

static lxw_col_t printed_columns(const struct xlsx_sheet *s)
{
	lxw_col_t n = 0;

	while (n < s->column_count && s->columns[n].reach == PRINTED)
		n++;
	return n;
}

/* What people type is checked as they type it, and a state is chosen from a list. */
static void add_choices(struct xlsx_sheet *s, lxw_row_t last)
{
	enum lang lang = s->book->lang;
	char *states[] = { xlsx_unconst(text(TEXT_todo, lang)),
		xlsx_unconst(text(TEXT_doing, lang)), xlsx_unconst(text(TEXT_done, lang)),
		xlsx_unconst(text(TEXT_accepted, lang)), NULL };
	lxw_data_validation choice = { .validate = LXW_VALIDATION_TYPE_LIST,
		.value_list = states,
		.error_title = xlsx_unconst(text(TEXT_state, lang)),
		.error_message = xlsx_unconst(text(TEXT_state_hint, lang)) };
	lxw_data_validation date = { .validate = LXW_VALIDATION_TYPE_DATE,
		.criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO,
		.value_datetime = { .year = 2000, .month = 1, .day = 1 },
		.error_title = xlsx_unconst(text(TEXT_due, lang)),
		.error_message = xlsx_unconst(text(TEXT_due_hint, lang)) };

	for (lxw_col_t i = 0; i < s->column_count && s->done; i++) {
		enum xlsx_style style = s->columns[i].style;

		if (style == STYLE_STATE || style == STYLE_DUE)
			xlsx_take(s->book, worksheet_data_validation_range(s->ws, 1, i, last, i,
						   style == STYLE_STATE ? &choice : &date));
	}
}

void xlsx_list_end(struct xlsx_sheet *s)
{
	lxw_row_t last = s->done ? (lxw_row_t)s->done : 1;
	lxw_col_t printed = printed_columns(s);

	end_row(s);
	if (s->book->failed)
		return;
	s->row = (lxw_row_t)s->done;
	if (!s->total || s->shown < s->total)
		note_row(s);
	for (uint16_t i = 0; i < s->column_count; i++)
		xlsx_colour(s, 1, i, last, s->columns[i].style);
	add_choices(s, last);
	if (s->book->failed)
		return;
	if (printed)
		xlsx_take(s->book, worksheet_print_area(s->ws, 0, 0, s->row, printed - 1));
	if (!s->book->constant_memory)
		add_table(s, last);
	else
		xlsx_take(s->book,
			worksheet_autofilter(s->ws, 0, 0, last, (lxw_col_t)(s->column_count - 1)));
}
