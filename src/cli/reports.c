#include "cli/reports.h"

#include "base/datetime.h"
#include "base/platform.h"

#include <assert.h>
#include <string.h>

/* A format of several files has several rows of one name, one after the other. */
static bool is_first(const struct report_format *known, size_t i)
{
	return i == 0 || strcmp(known[i].name, known[i - 1].name) != 0;
}

/* "xlsx, html and json" */
static int unknown_format(
	struct str name, const struct report_format *known, size_t count, struct err *err)
{
	struct buf names = { 0 };
	size_t last = count;

	while (last > 1 && !is_first(known, last - 1))
		last--;
	for (size_t i = 0; i < count; i++)
		if (is_first(known, i))
			buf_printf(&names, "%s%s",
				!i	       ? ""
				: i + 1 < last ? ", "
					       : " and ",
				known[i].name);
	err_set(err, ERR_USAGE, "--format does not know '%.*s'; it takes %s.", STR_ARG(name),
		buf_z(&names));
	buf_free(&names);
	return err->code;
}

static int take_format(struct formats *out, struct str name, const struct report_format *known,
	size_t count, struct err *err)
{
	size_t before = out->count;

	for (size_t i = 0; i < before; i++)
		if (str_eq(name, str_of(out->list[i]->name)))
			return err_set(err, ERR_USAGE, "--format names %.*s twice.", STR_ARG(name));
	for (size_t i = 0; i < count; i++)
		if (str_eq(name, str_of(known[i].name)))
			out->list[out->count++] = &known[i];
	return out->count > before ? 0 : unknown_format(name, known, count, err);
}

int formats_read(struct formats *out, const char *list, const struct report_format *known,
	size_t known_count, struct err *err)
{
	struct str rest = list ? str_of(list) : (struct str){ 0 };

	assert(known_count <= FORMATS_MAX);
	*out = (struct formats){ 0 };
	for (size_t i = 0; !list && i < known_count; i++)
		out->list[out->count++] = &known[i];
	while (rest.p)
		if (take_format(out, str_trim(str_cut(rest, ',', &rest)), known, known_count, err))
			return err->code;
	return 0;
}

const char *reports_default_folder(struct arena *a, const struct run *r)
{
	struct str dns = r->domain_count ? r->domains[0].dns : r->forest;
	char date[DATETIME_TEXT];
	const char *unnamed = r->domain_count && r->domains[0].key.n ? "anonymous" : "directory";
	char *p = arena_strdup(a, arena_str(a, dns.n ? dns : str_of(unnamed)).p);

	for (char *c = p; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-", *c))
			*c = '_';
	return arena_printf(a, "./adhygiene-%.64s-%s", p, datetime_date(r->evaluated_at, date)).p;
}

int reports_write(struct cli *cli, const struct formats *f, const struct run *r,
	const struct report_options *options, struct output *o, struct err *err)
{
	struct report_options given = {
		.lang = cli->lang, .progress = &cli->progress, .evolution = options->evolution
	};

	for (size_t i = 0; i < f->count; i++) {
		const char *path = output_stage(o, f->list[i]->file_name);

		if (f->list[i]->write(r, &given, path, err) || platform_check_interrupted(err))
			return err->code;
	}
	return 0;
}

void reports_list(const struct cli *cli, const struct output *o)
{
	printf("%s", cli->lang == LANG_FR ? "Rapports : " : "Reports: ");
	for (size_t i = 0; i < o->count; i++)
		printf("%s%s", i ? ", " : "", o->files[i].target);
	puts("");
}
