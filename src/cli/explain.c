/* controls and explain: the catalogue for people and for programs. */
#include "cli/cli.h"
#include "reports/json_write.h"
#include "reports/words.h"

#include "base/platform.h"
#include "base/utf8.h"

#define WIDTH 78

static struct str in_lang(struct run_text t, enum lang lang)
{
	return lang == LANG_FR ? t.fr : t.en;
}

/* Wraps at spaces; widths count characters, not bytes. */
static void print_paragraph(struct str text, size_t indent)
{
	size_t column = 0;

	while (text.n) {
		struct str word = str_cut(text, ' ', &text);
		size_t width = utf8_length(word);

		if (!width)
			continue;
		if (column && column + 1 + width > WIDTH) {
			putchar('\n');
			column = 0;
		}
		printf("%*s%.*s", column ? 1 : (int)indent, "", STR_ARG(word));
		column += width + (column ? 1 : indent);
	}
	putchar('\n');
}

static void print_wrapped(struct str text, size_t indent)
{
	while (text.n)
		print_paragraph(str_cut(text, '\n', &text), indent);
}

static void print_levels(const struct catalogue_entry *e)
{
	for (size_t i = 0; i < e->level_count; i++)
		printf("%s%d", i ? "," : "", e->levels[i]);
}

static void list_controls(const struct catalogue *c, enum lang lang)
{
	for (size_t i = 0; i < c->entry_count; i++) {
		const struct catalogue_entry *e = &c->entries[i];

		printf("%-44.*s ", STR_ARG(e->id));
		print_levels(e);
		printf("%*s %.*s\n", (int)(6 - 2 * e->level_count), "",
			STR_ARG(in_lang(e->title, lang)));
	}
}

static void json_text(struct json_writer *j, const char *key, struct run_text t)
{
	json_write_key(j, str_of(key));
	json_write_object(j);
	json_write_key(j, STR("fr"));
	json_write_string(j, t.fr);
	json_write_key(j, STR("en"));
	json_write_string(j, t.en);
	json_write_end(j);
}

static void json_parameter(struct json_writer *j, const struct policy_param *p)
{
	json_write_key(j, p->name);
	if (p->kind == PARAM_STRING)
		json_write_string(j, p->text);
	else if (p->kind == PARAM_BOOL)
		json_write_bool(j, p->number != 0);
	else
		json_write_int(j, p->number);
}

static void json_control(struct json_writer *j, const struct catalogue_entry *e)
{
	json_write_object(j);
	json_write_key(j, STR("id"));
	json_write_string(j, e->id);
	json_write_key(j, STR("area"));
	json_write_string(j, e->area);
	json_write_key(j, STR("levels"));
	json_write_array(j);
	for (size_t i = 0; i < e->level_count; i++)
		json_write_int(j, e->levels[i]);
	json_write_end(j);
	json_text(j, "title", e->title);
	json_text(j, "why", e->why);
	json_text(j, "measure", e->measure);
	json_text(j, "fix", e->fix);
	json_write_key(j, STR("effort"));
	json_write_string(j, str_of(run_effort_name(e->change->effort)));
	json_text(j, "risk", e->change->risk);
	json_text(j, "test", e->change->test);
	json_text(j, "back", e->change->back);
	json_write_key(j, STR("references"));
	json_write_array(j);
	for (size_t i = 0; i < e->reference_count; i++)
		json_write_string(j, e->references[i]);
	json_write_end(j);
	json_write_key(j, STR("needs"));
	json_write_array(j);
	for (size_t i = 0; i < ARRAY_LEN(e->check->needs) && e->check->needs[i]; i++)
		json_write_string(j, str_of(attr_table[e->check->needs[i]].ldap));
	for (size_t i = 0; i < ARRAY_LEN(e->check->reads) && e->check->reads[i]; i++)
		json_write_string(j, str_of(attr_table[e->check->reads[i]].ldap));
	json_write_end(j);
	json_write_key(j, STR("parameters"));
	json_write_object(j);
	for (size_t i = 0; i < e->default_count; i++)
		json_parameter(j, &e->defaults[i]);
	json_write_end(j);
	json_write_end(j);
}

static void json_catalogue(const struct catalogue *c)
{
	struct json_writer j;

	json_write_begin(&j, stdout);
	json_write_object(&j);
	json_write_key(&j, STR("catalogue"));
	json_write_string(&j, c->version);
	json_write_key(&j, STR("controls"));
	json_write_array(&j);
	for (size_t i = 0; i < c->entry_count; i++)
		json_control(&j, &c->entries[i]);
	json_write_end(&j);
	json_write_end(&j);
	json_write_finish(&j);
}

int cmd_controls(struct cli *cli, struct err *err)
{
	struct catalogue c;

	if (catalogue_load_shipped(&c, err))
		return err->code;
	if (option_given(cli->options, OPT_JSON))
		json_catalogue(&c);
	else
		list_controls(&c, cli->lang);
	catalogue_free(&c);
	return 0;
}

static void explain_change(const struct run_change *change, enum lang lang)
{
	const struct {
		enum text_id head;
		struct str text;
	} parts[] = { { TEXT_effort, str_of(words_effort(change->effort, lang)) },
		{ TEXT_change_risk, in_lang(change->risk, lang) },
		{ TEXT_change_test, in_lang(change->test, lang) },
		{ TEXT_change_back, in_lang(change->back, lang) } };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		printf("\n%s\n", text(parts[i].head, lang));
		print_wrapped(parts[i].text, 2);
	}
}

static void explain_entry(const struct catalogue_entry *e, enum lang lang)
{
	static const char *const heads[][2] = { { "Pourquoi", "Why" },
		{ "Comment c'est mesuré", "How it is measured" }, { "Corriger", "How to fix it" },
		{ "Paramètres", "Parameters" }, { "Références", "References" } };
	struct str texts[] = { in_lang(e->why, lang), in_lang(e->measure, lang),
		in_lang(e->fix, lang) };

	printf("%.*s (%s ", STR_ARG(e->id), lang == LANG_FR ? "niveau" : "level");
	print_levels(e);
	puts(")");
	print_wrapped(in_lang(e->title, lang), 0);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		printf("\n%s\n", heads[i][lang]);
		print_wrapped(texts[i], 2);
	}
	explain_change(e->change, lang);
	if (e->default_count)
		printf("\n%s\n", heads[3][lang]);
	for (size_t i = 0; i < e->default_count; i++) {
		const struct policy_param *p = &e->defaults[i];

		printf("  %.*s: ", STR_ARG(p->name));
		if (p->kind == PARAM_STRING)
			printf("%.*s\n", STR_ARG(p->text));
		else if (p->kind == PARAM_BOOL)
			puts(p->number ? "true" : "false");
		else
			printf("%lld\n", (long long)p->number);
	}
	if (e->reference_count)
		printf("\n%s\n", heads[4][lang]);
	for (size_t i = 0; i < e->reference_count; i++)
		printf("  %.*s\n", STR_ARG(e->references[i]));
}

int cmd_explain(struct cli *cli, struct err *err)
{
	const struct options *o = cli->options;
	struct catalogue c;
	int rc = 0;

	if (o->arg_count != 1)
		return err_set(err, ERR_USAGE,
			"explain takes one control; 'adhygiene controls' lists them.");
	if (catalogue_load_shipped(&c, err))
		return err->code;
	const struct catalogue_entry *e = catalogue_find(&c, str_of(o->args[0]));
	if (e)
		explain_entry(e, cli->lang);
	else
		rc = err_set(err, ERR_USAGE,
			"There is no control '%s'; 'adhygiene controls' lists them.", o->args[0]);
	catalogue_free(&c);
	return rc;
}
