#include "reports/html_shell.h"

#include "base/embedded.h"
#include "base/platform.h"

#include <assert.h>
#include <string.h>

extern const struct embedded_file html_assets[];
extern const size_t html_assets_count;
extern const char *const html_assets_sha256[];

#define SHELL_STYLES "shell.css"
#define SHELL_SCRIPTS "shell.js table.js"

/* What the shell's own scripts say. */
static const enum text_id shell_texts[] = {
	TEXT_yes,
	TEXT_no,
	TEXT_none,
	TEXT_colon,
	TEXT_semicolon,
	TEXT_percent,
	TEXT_html_skip,
	TEXT_html_contents,
	TEXT_html_language,
	TEXT_html_theme,
	TEXT_html_theme_auto,
	TEXT_html_theme_light,
	TEXT_html_theme_dark,
	TEXT_html_print,
	TEXT_html_search,
	TEXT_html_clear,
	TEXT_html_rows,
	TEXT_html_rows_of,
	TEXT_html_no_match,
	TEXT_html_loading,
	TEXT_html_sort,
	TEXT_html_ascending,
	TEXT_html_descending,
	TEXT_html_table_keys,
	TEXT_html_cut_print,
	TEXT_html_details,
	TEXT_html_close,
	TEXT_html_confidential,
	TEXT_html_made_by,
};

/* ---- values in both languages ---- */

void html_pair(struct json_writer *w, struct str fr, struct str en)
{
	json_write_array(w);
	json_write_string(w, fr);
	json_write_string(w, en);
	json_write_end(w);
}

void html_pair_run(struct json_writer *w, const struct run_text *t)
{
	html_pair(w, t->fr, t->en);
}

void html_pair_text(struct json_writer *w, enum text_id id)
{
	html_pair(w, str_of(text(id, LANG_FR)), str_of(text(id, LANG_EN)));
}

void html_pair_code(struct json_writer *w, enum code_group group, struct str code)
{
	struct buf fr = { 0 }, en = { 0 };

	words_code(&fr, group, code, LANG_FR);
	words_code(&en, group, code, LANG_EN);
	html_pair(w, buf_str(&fr), buf_str(&en));
	buf_free(&fr);
	buf_free(&en);
}

void html_key_string(struct json_writer *w, const char *key, struct str value)
{
	json_write_key(w, str_of(key));
	if (value.n)
		json_write_string(w, value);
	else
		json_write_null(w);
}

void html_key_int(struct json_writer *w, const char *key, int64_t value)
{
	json_write_key(w, str_of(key));
	if (value == INT64_MIN)
		json_write_null(w);
	else
		json_write_int(w, value);
}

static const char *group_name(enum code_group group)
{
	static const char *const names[] = {
		[CODE_REASON] = "REASON",
		[CODE_NEED] = "NEED",
		[CODE_STATE] = "STATE",
		[CODE_KEY] = "KEY",
		[CODE_AREA] = "AREA",
		[CODE_KIND] = "KIND",
		[CODE_SOURCE] = "SOURCE",
		[CODE_FAMILY] = "FAMILY",
		[CODE_INDICATOR] = "INDICATOR",
		[CODE_VALUE] = "VALUE",
		[CODE_MEANING] = "MEANING",
		[CODE_TABLE] = "TABLE",
		[CODE_COLUMN] = "COLUMN",
		[CODE_CELL] = "CELL",
		[CODE_STEP] = "STEP",
	};

	return names[group];
}

void html_put_codes(struct json_writer *w, const enum code_group *groups, size_t count)
{
	const char *code, *words[2];
	enum code_group group;

	json_write_key(w, STR("codes"));
	json_write_object(w);
	for (size_t g = 0; g < count; g++) {
		json_write_key(w, str_of(group_name(groups[g])));
		json_write_object(w);
		for (size_t i = 0; words_code_row(i, &group, &code, words); i++) {
			if (group != groups[g])
				continue;
			json_write_key(w, str_of(code));
			html_pair(w, str_of(words[LANG_FR]), str_of(words[LANG_EN]));
		}
		json_write_end(w);
	}
	json_write_end(w);
}

/* [fr, en], and where there is a plural [fr, en, fr of many, en of many]. */
static void put_texts(struct json_writer *w, const enum text_id *ids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		json_write_key(w, str_of(text_name(ids[i])));
		json_write_array(w);
		json_write_string(w, str_of(text(ids[i], LANG_FR)));
		json_write_string(w, str_of(text(ids[i], LANG_EN)));
		if (text_many(ids[i], LANG_FR) || text_many(ids[i], LANG_EN)) {
			json_write_string(w, str_of(text_n(ids[i], LANG_FR, 2)));
			json_write_string(w, str_of(text_n(ids[i], LANG_EN, 2)));
		}
		json_write_end(w);
	}
}

/* ---- assets ---- */

static const struct embedded_file *find_asset(struct str name)
{
	for (size_t i = 0; i < html_assets_count; i++)
		if (str_eq(str_of(html_assets[i].name), name))
			return &html_assets[i];
	assert(false && "no such asset");
	return NULL;
}

/* Calls put for each name of both lists. */
static void each_asset(const char *first, const char *second, FILE *f,
	void (*put)(FILE *f, const struct embedded_file *asset))
{
	const char *lists[] = { first, second };

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		for (struct str rest = str_of(lists[i]); rest.n;)
			put(f, find_asset(str_cut(rest, ' ', &rest)));
}

/* CSP level 3, 2.3.1: 'sha256-' and the digest in base64 (RFC 4648 4). */
static void put_source(FILE *f, const struct embedded_file *asset)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	unsigned have = 0;

	fputs(" 'sha256-", f);
	for (const char *p = html_assets_sha256[asset - html_assets]; *p; p++) {
		bits = bits << 4 | (uint32_t)ascii_hex(*p);
		have += 4;
		if (have >= 6) {
			have -= 6;
			fputc(digits[bits >> have & 63], f);
		}
	}
	/* 256 bits: four are left, and 44 characters to fill. */
	fputc(digits[bits << (6 - have) & 63], f);
	fputs("='", f);
}

static void put_style(FILE *f, const struct embedded_file *asset)
{
	fputs("<style>", f);
	fwrite(asset->bytes, 1, asset->size, f);
	fputs("</style>\n", f);
}

static void put_script(FILE *f, const struct embedded_file *asset)
{
	fputs("<script>", f);
	fwrite(asset->bytes, 1, asset->size, f);
	fputs("</script>\n", f);
}

/* ---- the page ---- */

static void put_head(FILE *f, const struct html_page *page)
{
	fprintf(f, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
		page->lang == LANG_EN ? "en" : "fr");
	fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src",
		f);
	each_asset(SHELL_STYLES, page->styles, f, put_source);
	fputs("; script-src", f);
	each_asset(SHELL_SCRIPTS, page->scripts, f, put_source);
	fputs("; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
	      "trusted-types 'none'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n"
	      "<meta name=\"robots\" content=\"noindex\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n",
		f);
	/* Program texts only; none of them holds a character of markup (test_reports_html). */
	fprintf(f, "<title>%s</title>\n", text(page->title, page->lang));
	each_asset(SHELL_STYLES, page->styles, f, put_style);
	fprintf(f,
		"</head>\n<body data-page=\"%s\">\n<noscript><p>%s</p><p "
		"lang=\"%s\">%s</p></noscript>\n",
		page->name, text(TEXT_html_noscript, page->lang),
		page->lang == LANG_EN ? "fr" : "en",
		text(TEXT_html_noscript, page->lang == LANG_EN ? LANG_FR : LANG_EN));
}

int html_begin(
	struct html_writer *w, const char *path, const struct html_page *page, struct err *err)
{
	*w = (struct html_writer){ .page = page, .path = path, .f = platform_create(path, err) };
	if (!w->f)
		return err->code;
	put_head(w->f, page);
	fputs("<div id=\"app\"></div>\n<script type=\"application/json\" id=\"data\">", w->f);
	json_write_begin(&w->json, w->f);
	json_write_in_html(&w->json);
	json_write_object(&w->json);
	html_key_string(&w->json, "lang", str_of(page->lang == LANG_EN ? "en" : "fr"));
	json_write_key(&w->json, STR("texts"));
	json_write_object(&w->json);
	put_texts(&w->json, shell_texts, ARRAY_LEN(shell_texts));
	put_texts(&w->json, page->texts, page->text_count);
	json_write_end(&w->json);
	return 0;
}

struct json_writer *html_json(struct html_writer *w)
{
	return &w->json;
}

void html_run(struct html_writer *w)
{
	json_write_end(&w->json);
	json_write_finish(&w->json);
	fputs("</script>\n", w->f);
	each_asset(SHELL_SCRIPTS, w->page->scripts, w->f, put_script);
}

struct json_writer *html_part(struct html_writer *w)
{
	fprintf(w->f, "<script type=\"application/json\" id=\"part-%u\">", w->parts++);
	json_write_begin(&w->json, w->f);
	json_write_in_html(&w->json);
	return &w->json;
}

void html_part_end(struct html_writer *w)
{
	json_write_finish(&w->json);
	fputs("</script>\n", w->f);
}

int html_end(struct html_writer *w, struct err *err)
{
	int rc;

	fputs("</body>\n</html>\n", w->f);
	rc = platform_finish(w->f, w->path, err);
	if (rc)
		platform_remove(w->path);
	return rc;
}

void html_abandon(struct html_writer *w)
{
	json_write_abandon(&w->json);
	fclose(w->f);
	platform_remove(w->path);
}
