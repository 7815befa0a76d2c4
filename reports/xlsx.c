/* audit.xlsx: the workbook as a whole. */
#include "reports/xlsx.h"

#include "base/limits.h"
#include "base/platform.h"

#define NAVY 0x1F3864
#define DARK 0x262626
#define GREY 0x595959
#define PALE 0xEEF2F8
#define LINE 0xBFC7D5
#define WHITE 0xFFFFFF

/* Level 1 … 5: red, orange, khaki, blue, green. */
static const lxw_color_t figures[] = { 0xC00000, 0xD9660A, 0x9A8700, 0x2E75B6, 0x3F8130 };

static const struct {
	lxw_color_t back, ink;
} fills[FILL_COUNT] = {
	{ 0xF6C1BE, 0x7A0000 },
	{ 0xFBD9B8, 0x703800 },
	{ 0xFFF0B0, 0x5C4A00 },
	{ 0xCFE1F5, 0x123A6B },
	{ 0xD3EBCD, 0x1E4D13 },
	{ 0xE7E6E6, 0x404040 },
	{ 0xFFFFFF, 0x262626 },
};

enum { WRAP = 1, BOLD = 2, ITALIC = 4, CENTER = 8, MIDDLE = 16, RULE = 32, BORDER = 64 };
enum number_format { PLAIN, WHOLE, DAY, SIGNED, PERCENT, DECIMAL, LEAST, LEAST_DECIMAL, AT_MOST };

struct look {
	double size; /* 0: as everywhere */
	unsigned flags;
	lxw_color_t ink, back; /* 0: none */
	enum number_format number;
};

static const struct look looks[STYLE_COUNT] = {
	[STYLE_TEXT] = { .flags = BORDER },
	[STYLE_WRAP] = { .flags = BORDER | WRAP },
	[STYLE_CENTER] = { .flags = BORDER | CENTER },
	[STYLE_NUMBER] = { .flags = BORDER | CENTER, .number = WHOLE },
	[STYLE_DATE] = { .flags = BORDER | CENTER, .number = DAY },
	[STYLE_LEVEL] = { .flags = BORDER | CENTER | BOLD },
	[STYLE_STATUS] = { .flags = BORDER | CENTER },
	[STYLE_STATE] = { .flags = BORDER | CENTER },
	[STYLE_DUE] = { .flags = BORDER | CENTER, .number = DAY },
	[STYLE_COVERAGE] = { .flags = BORDER | CENTER },
	[STYLE_WAIVER] = { .flags = BORDER | CENTER },
	[STYLE_AGE] = { .flags = BORDER | CENTER },
	[STYLE_WORDS] = { .flags = BORDER | CENTER | WRAP },
	[STYLE_HEADER] = { 0, BOLD | WRAP | MIDDLE | CENTER, WHITE, NAVY, PLAIN },
	[STYLE_NOTE] = { 0, ITALIC, GREY, 0, PLAIN },
	[STYLE_TITLE] = { 22, BOLD | MIDDLE, WHITE, NAVY, PLAIN },
	[STYLE_SUBTITLE] = { 12, MIDDLE, WHITE, NAVY, PLAIN },
	[STYLE_FIGURE] = { 60, BOLD | MIDDLE | CENTER, WHITE, 0, PLAIN },
	[STYLE_FIGURE + 1] = { 60, BOLD | MIDDLE | CENTER, WHITE, 0, PLAIN },
	[STYLE_FIGURE + 2] = { 60, BOLD | MIDDLE | CENTER, WHITE, 0, PLAIN },
	[STYLE_FIGURE + 3] = { 60, BOLD | MIDDLE | CENTER, WHITE, 0, PLAIN },
	[STYLE_FIGURE_LAST] = { 60, BOLD | MIDDLE | CENTER, WHITE, 0, PLAIN },
	[STYLE_FIGURE_AT_MOST] = { 60, BOLD | MIDDLE | CENTER, WHITE, GREY, AT_MOST },
	[STYLE_MEANING] = { 12, WRAP | MIDDLE, DARK, PALE, PLAIN },
	[STYLE_MEANING_BOLD] = { 18, BOLD, NAVY, 0, PLAIN },
	[STYLE_ESTIMATE] = { 10, ITALIC | WRAP | MIDDLE, GREY, 0, PLAIN },
	[STYLE_SECTION] = { 14, BOLD | MIDDLE | RULE, NAVY, 0, PLAIN },
	[STYLE_LABEL] = { 0, WRAP | MIDDLE, GREY, 0, PLAIN },
	[STYLE_VALUE] = { 0, WRAP | MIDDLE | BOLD, DARK, 0, PLAIN },
	[STYLE_VALUE_NUMBER] = { 0, MIDDLE | BOLD, DARK, 0, WHOLE },
	[STYLE_VALUE_DATE] = { 0, MIDDLE | BOLD, DARK, 0, DAY },
	[STYLE_HEAD] = { 0, BOLD | MIDDLE | WRAP, NAVY, PALE, PLAIN },
	[STYLE_CELL] = { .flags = WRAP | MIDDLE | BORDER },
	[STYLE_CELL_CENTER] = { 0, MIDDLE | CENTER | BORDER, 0, 0, WHOLE },
	[STYLE_CELL_LEVEL] = { .flags = MIDDLE | CENTER | BORDER | BOLD },
	[STYLE_CELL_STATUS] = { .flags = MIDDLE | BORDER },
	[STYLE_CELL_PERCENT] = { 0, MIDDLE | CENTER | BORDER | BOLD, 0, 0, PERCENT },
	[STYLE_CELL_SIGNED] = { 0, MIDDLE | CENTER | BORDER, 0, 0, SIGNED },
	[STYLE_CELL_WORDS] = { .flags = WRAP | MIDDLE | CENTER | BORDER },
	[STYLE_CELL_ADS] = { .flags = WRAP | MIDDLE | BORDER | BOLD },
	[STYLE_CELL_DATE] = { 0, MIDDLE | CENTER | BORDER, 0, 0, DAY },
	[STYLE_TOTAL] = { 0, BOLD | MIDDLE | CENTER | BORDER, NAVY, PALE, WHOLE },
	[STYLE_DECIMAL] = { .flags = BORDER | CENTER, .number = DECIMAL },
	[STYLE_CELL_DECIMAL] = { 0, MIDDLE | CENTER | BORDER, 0, 0, DECIMAL },
	[STYLE_OTHERWISE] = { 0, BORDER | CENTER | ITALIC, GREY, 0, DECIMAL },
	[STYLE_AT_LEAST] = { .flags = BORDER | CENTER, .number = LEAST },
	[STYLE_AT_LEAST_DECIMAL] = { .flags = BORDER | CENTER, .number = LEAST_DECIMAL },
	[STYLE_OUTLIER] = { 0, BORDER | CENTER | BOLD, 0x703800, 0xFBD9B8, DECIMAL },
};

static lxw_format *make_format(struct xlsx_book *b, const struct look *l)
{
	lxw_format *f = workbook_add_format(b->workbook);

	format_set_align(f, l->flags & MIDDLE ? LXW_ALIGN_VERTICAL_CENTER : LXW_ALIGN_VERTICAL_TOP);
	if (l->flags & WRAP)
		format_set_text_wrap(f);
	if (l->flags & BOLD)
		format_set_bold(f);
	if (l->flags & ITALIC)
		format_set_italic(f);
	if (l->flags & CENTER)
		format_set_align(f, LXW_ALIGN_CENTER);
	else if (l->number)
		format_set_align(f, LXW_ALIGN_LEFT);
	if (l->flags & (RULE | BORDER)) {
		format_set_bottom(f, l->flags & RULE ? LXW_BORDER_MEDIUM : LXW_BORDER_THIN);
		format_set_bottom_color(f, l->flags & RULE ? NAVY : LINE);
	}
	if (l->size > 0)
		format_set_font_size(f, l->size);
	if (l->ink)
		format_set_font_color(f, l->ink);
	if (l->back)
		format_set_bg_color(f, l->back);
	if (l->number == WHOLE)
		format_set_num_format(f, "#,##0");
	if (l->number == DECIMAL)
		format_set_num_format(f, "#,##0.0#");
	if (l->number == LEAST)
		format_set_num_format(f, "\"\u2265 \"#,##0");
	if (l->number == LEAST_DECIMAL)
		format_set_num_format(f, "\"\u2265 \"#,##0.0#");
	if (l->number == AT_MOST)
		format_set_num_format(f, "\"\u2264 \"0");
	if (l->number == PERCENT)
		format_set_num_format(f, b->lang == LANG_EN ? "0%" : "0\u00a0%");
	if (l->number == SIGNED)
		format_set_num_format(f, "+#,##0;\u2212#,##0;0");
	if (l->number == DAY)
		format_set_num_format(f, b->lang == LANG_EN ? "yyyy-mm-dd" : "dd/mm/yyyy");
	return f;
}

static void make_formats(struct xlsx_book *b)
{
	for (size_t i = 0; i < STYLE_COUNT; i++)
		b->formats[i] = make_format(b, &looks[i]);
	format_set_indent(b->formats[STYLE_TITLE], 1);
	format_set_indent(b->formats[STYLE_SUBTITLE], 1);
	format_set_indent(b->formats[STYLE_MEANING], 1);
	for (size_t i = 0; i < ARRAY_LEN(figures); i++)
		format_set_bg_color(b->formats[STYLE_FIGURE + i], figures[i]);
	for (size_t i = 0; i < FILL_COUNT; i++) {
		b->fills[i] = workbook_add_format(b->workbook);
		format_set_bg_color(b->fills[i], fills[i].back);
		format_set_font_color(b->fills[i], fills[i].ink);
	}
}

/* The library's default is the clock: the same run must give the same bytes. */
static void set_properties(struct xlsx_book *b, const struct xlsx_about *about)
{
	lxw_doc_properties p = { .title = xlsx_unconst(about->title),
		.created = (time_t)about->created };
	struct buf subject = { 0 };

	if (about->subject.n <= 200) /* the library's bound is 255 characters */
		buf_put_str(&subject, about->subject);
	p.subject = xlsx_unconst(buf_z(&subject));
	p.company = xlsx_unconst("adhygiene");
	xlsx_take(b, workbook_set_properties(b->workbook, &p));
	buf_free(&subject);
}

/* The file is made first, by us: new, and readable by its owner only before a byte is in it. */
static int reserve(const char *path, struct err *err)
{
	FILE *f = platform_create(path, err);

	return f ? platform_finish(f, path, err) : err->code;
}

static int close_workbook(struct xlsx_book *b, const char *path, struct err *err)
{
	lxw_error e = workbook_close(b->workbook);

	if (b->failed)
		return err->code;
	if (e == LXW_ERROR_CREATING_TMPFILE || e == LXW_ERROR_READING_TMPFILE) {
		xlsx_take(b, LXW_ERROR_CREATING_TMPFILE);
		return err->code;
	}
	if (e)
		return err_set(err, ERR_OUTPUT,
			"Cannot write '%s': %s. Free some space there and in the temporary folder "
			"'%s', or choose another folder with --output.",
			path, lxw_strerror(e), xlsx_temporary_folder());
	return platform_sync_path(path, err);
}

int xlsx_book_open(struct xlsx_book *b, const char *path, const struct xlsx_about *about,
	uint64_t rows, struct err *err)
{
	lxw_workbook_options options = { .constant_memory = rows > b->limits.table_rows };
	int rc = reserve(path, err);

	if (rc)
		return rc;
	b->err = err;
	b->constant_memory = options.constant_memory;
	b->workbook = workbook_new_opt(path, &options);
	make_formats(b);
	set_properties(b, about);
	return 0;
}

int xlsx_book_close(struct xlsx_book *b, const char *path, struct err *err)
{
	int rc = 0;

	if (b->workbook) {
		rc = close_workbook(b, path, err);
		if (!rc)
			rc = xlsx_verify(path, b->rows, b->sheet_count, err);
		if (rc)
			platform_remove(path);
	}
	words_memo_free(&b->memo);
	buf_free(&b->text);
	buf_free(&b->cell);
	return rc;
}

/* What a director reads, what people work with, what they look up. */
static void (*const sheets[])(struct xlsx_book *) = { xlsx_write_summary, xlsx_write_plan,
	xlsx_write_evolution, xlsx_write_deadlines, xlsx_write_controls, xlsx_write_ads,
	xlsx_write_families, xlsx_write_objects, xlsx_write_privileged, xlsx_write_waivers,
	xlsx_write_coverage, xlsx_write_method, xlsx_write_memory };

static uint64_t at_least_one(uint64_t n)
{
	return n ? n : 1;
}

static uint64_t family_rows(const struct run *r)
{
	uint64_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(r->families); i++)
		n += r->families[i].count + r->families[i].control_count;
	for (size_t i = 0; i < r->table_count; i++)
		n += r->tables[i].row_count;
	return n;
}

static uint64_t evolution_rows(const struct run_evolution *e)
{
	uint64_t n = 0;

	if (!e)
		return 0;
	for (size_t i = 0; i < e->control_count; i++)
		n += 1 + e->controls[i].fixed_count + e->controls[i].lost_count;
	return n + e->point_count + e->memory_count;
}

uint64_t xlsx_all_rows(const struct run *r, const struct run_evolution *e)
{
	return family_rows(r) + evolution_rows(e) + at_least_one(r->control_count) +
	       at_least_one(r->action_count) + at_least_one(run_object_total(r)) +
	       at_least_one(r->privileged_count) + at_least_one(r->deadline_count) +
	       at_least_one(r->waiver_count) + r->coverage_count + r->waiver_note_count +
	       (r->ads ? r->ads->point_count : 0);
}

int xlsx_write_limited(const struct run *r, const struct report_options *o, const char *path,
	struct xlsx_limits limits, struct err *err)
{
	struct writing writing = writing_begin(r, o);
	struct xlsx_book b = { .run = r,
		.evolution = o->evolution,
		.lang = o->lang,
		.limits = limits,
		.writing = &writing };
	struct buf subject = { 0 };
	int rc;

	words_subject(&subject, r, o->lang);
	struct xlsx_about about = { text(TEXT_title, o->lang), buf_str(&subject), r->evaluated_at };
	rc = xlsx_book_open(&b, path, &about, xlsx_all_rows(r, o->evolution), err);
	for (size_t i = 0; !rc && i < ARRAY_LEN(sheets); i++)
		sheets[i](&b);
	if (xlsx_book_close(&b, path, err))
		rc = err->code;
	writing_end(&writing);
	buf_free(&subject);
	return rc;
}

int xlsx_report_write(
	const struct run *r, const struct report_options *o, const char *path, struct err *err)
{
	struct xlsx_limits limits = { LIMIT_XLSX_ROWS, XLSX_TABLE_ROWS };

	return xlsx_write_limited(r, o, path, limits, err);
}
