#include "cli/source.h"

#include "base/datetime.h"
#include "base/platform.h"
#include "collect/collect.h"
#include "snapshot/ldif.h"
#include "snapshot/oradad.h"
#include "snapshot/sysvol.h"

#include <string.h>

static const enum option_id connection[] = { OPT_AUTH, OPT_USER, OPT_PASSWORD_FILE, OPT_KEYTAB,
	OPT_CA_FILE, OPT_STARTTLS, OPT_TIMEOUT };

bool source_is_live(const struct cli *cli)
{
	return option_given(cli->options, OPT_DOMAIN) || option_given(cli->options, OPT_SERVER);
}

static int read_auth(const char *text, enum collect_auth *out, struct err *err)
{
	if (!text || strcmp(text, "gssapi") == 0)
		*out = AUTH_GSSAPI;
	else if (strcmp(text, "simple") == 0)
		*out = AUTH_SIMPLE;
	else if (strcmp(text, "external") == 0)
		*out = AUTH_EXTERNAL;
	else
		return err_set(err, ERR_USAGE,
			"--auth is '%s'; it takes gssapi, simple or external.", text);
	return 0;
}

static int connection_options(const struct cli *cli, struct collect_options *out, struct err *err)
{
	const struct options *o = cli->options;
	const char *timeout = option_value(o, OPT_TIMEOUT);
	int64_t seconds = 0;

	if (timeout && (!str_to_i64(str_of(timeout), &seconds) || seconds < 1 || seconds > 3600))
		return err_set(
			err, ERR_USAGE, "--timeout is '%s'; it takes 1 to 3600 seconds.", timeout);
	*out = (struct collect_options){
		.servers = (const char *const *)o->given[OPT_SERVER].values,
		.server_count = o->given[OPT_SERVER].count,
		.domain = option_value(o, OPT_DOMAIN),
		.user = option_value(o, OPT_USER),
		.password_file = option_value(o, OPT_PASSWORD_FILE),
		.keytab = option_value(o, OPT_KEYTAB),
		.ca_file = option_value(o, OPT_CA_FILE),
		.starttls = option_given(o, OPT_STARTTLS),
		.timeout_seconds = (int)seconds,
	};
	return read_auth(option_value(o, OPT_AUTH), &out->auth, err);
}

int source_check(const struct cli *cli, struct err *err)
{
	const struct options *o = cli->options;
	struct collect_options ignored;
	int kinds = source_is_live(cli) + option_given(o, OPT_SNAPSHOT) +
		    option_given(o, OPT_LDIF) + option_given(o, OPT_ORADAD);

	if (o->arg_count)
		return err_set(err, ERR_USAGE,
			"'%s' is no option; name the source with --domain, --server, --ldif, "
			"--oradad or --snapshot.",
			o->args[0]);
	if (kinds == 0)
		return err_set(err, ERR_USAGE,
			"No source: name one with --domain, --server, --ldif, --oradad or "
			"--snapshot.");
	if (kinds > 1 || (option_given(o, OPT_DOMAIN) && option_given(o, OPT_SERVER)))
		return err_set(err, ERR_USAGE,
			"More than one kind of source; give one of --domain, --server, --ldif, "
			"--oradad or --snapshot.");
	if (source_is_live(cli))
		return connection_options(cli, &ignored, err);
	for (size_t i = 0; i < ARRAY_LEN(connection); i++)
		if (option_given(o, connection[i]))
			return err_set(err, ERR_USAGE,
				"Options of a connection go with --domain or --server, not with "
				"files.");
	return 0;
}

/* A file of the folder of --oradad that carries a name which ORADAD gives. */
static bool is_table(const struct cli *cli, const char *path)
{
	const char *folder = option_value(cli->options, OPT_ORADAD);
	struct str name = str_of(path);

	return folder && (str_iends(name, STR(".tsv")) || str_iends(name, STR(".log"))) &&
	       platform_exists(path) && platform_is_within(path, folder);
}

const char *source_reads(const struct cli *cli, const char *path)
{
	static const struct {
		enum option_id id;
		const char *name;
	} files[] = { { OPT_LDIF, "ldif" }, { OPT_SNAPSHOT, "snapshot" }, { OPT_POLICY, "policy" },
		{ OPT_ADS, "ads" }, { OPT_PASSWORD_FILE, "password-file" },
		{ OPT_KEYTAB, "keytab" }, { OPT_CA_FILE, "ca-file" } };

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		for (size_t k = 0; k < cli->options->given[files[i].id].count; k++)
			if (platform_is_same(cli->options->given[files[i].id].values[k], path))
				return files[i].name;
	return is_table(cli, path) ? "oradad" : NULL;
}

int source_check_target(const struct cli *cli, const char *path, struct err *err)
{
	const char *option = source_reads(cli, path);

	return option ? err_set(err, ERR_OUTPUT,
				"'%s' is what --%s reads, and would be replaced; choose another "
				"--output.",
				path, option)
		      : 0;
}

static int put_time(struct snapshot_writer *w, const char *key, struct err *err)
{
	char text[DATETIME_TEXT];

	return snapshot_put_meta(w, key, str_of(datetime_iso(platform_now(), text)), err);
}

static const char *sysvol_files(const struct cli *cli)
{
	return cli->lang == LANG_FR ? "fichiers SYSVOL" : "SYSVOL files";
}

struct reading {
	struct cli *cli;
	enum option_id kind; /* OPT_LDIF, OPT_ORADAD, or OPT_SERVER for any live directory */
	const char *const *paths;
	size_t path_count;
	const struct str *extra;
	size_t extra_count;
};

static int read_live(const struct reading *r, struct snapshot_writer *w, struct err *err)
{
	struct cli *cli = r->cli;
	struct collect_options live;

	if (connection_options(cli, &live, err))
		return err->code;
	live.extra = r->extra;
	live.extra_count = r->extra_count;
	if (!option_given(cli->options, OPT_SYSVOL))
		live.sysvol = sysvol_files(cli);
	return collect_run(&live, w, &cli->progress, err);
}

static int read_into(const struct reading *r, struct snapshot_writer *w, struct err *err)
{
	/* A copy of SYSVOL takes the place of what ORADAD kept. */
	if (r->kind == OPT_ORADAD)
		return oradad_import(w, r->paths[0], !option_given(r->cli->options, OPT_SYSVOL),
			&r->cli->progress, err);
	if (r->kind == OPT_LDIF)
		return ldif_import(w, r->paths, r->path_count, &r->cli->progress, err);
	return read_live(r, w, err);
}

static int read_sysvol(struct cli *cli, struct snapshot_writer *w, struct err *err)
{
	const char *folder = option_value(cli->options, OPT_SYSVOL);

	if (!folder)
		return 0;
	progress_start(&cli->progress, sysvol_files(cli));
	int rc = sysvol_import(w, folder, &cli->progress, err);
	progress_end(&cli->progress);
	return rc;
}

int source_read_sysvol(struct cli *cli, const char *path, struct err *err)
{
	struct snapshot_writer *w = NULL;

	if (snapshot_create(path, &w, err))
		return err->code;
	int rc = read_sysvol(cli, w, err);
	if (rc) {
		snapshot_abandon(w);
		return rc;
	}
	return snapshot_finish(w, err);
}

static int read_whole(const struct reading *r, struct snapshot_writer *w, struct err *err)
{
	struct cli *cli = r->cli;
	int rc = snapshot_put_meta(w, META_TOOL, STR("adhygiene " ADHYGIENE_VERSION), err);

	if (!rc)
		rc = put_time(w, META_STARTED_AT, err);
	progress_start(&cli->progress, cli->lang == LANG_FR ? "objets lus" : "objects read");
	if (!rc)
		rc = read_into(r, w, err);
	progress_end(&cli->progress);
	if (!rc)
		rc = read_sysvol(cli, w, err);
	return rc ? rc : put_time(w, META_FINISHED_AT, err);
}

static int read_to(const struct reading *r, const char *path, struct err *err)
{
	struct snapshot_writer *w = NULL;

	if (snapshot_create(path, &w, err))
		return err->code;
	if (read_whole(r, w, err)) {
		snapshot_abandon(w);
		return err->code;
	}
	return snapshot_finish(w, err);
}

int source_read(struct cli *cli, const struct str *extra, size_t extra_count, const char *path,
	struct err *err)
{
	struct reading r = {
		.cli = cli, .kind = OPT_SERVER, .extra = extra, .extra_count = extra_count
	};

	if (!source_is_live(cli)) {
		r.kind = option_given(cli->options, OPT_ORADAD) ? OPT_ORADAD : OPT_LDIF;
		r.paths = (const char *const *)cli->options->given[r.kind].values;
		r.path_count = cli->options->given[r.kind].count;
	}
	return read_to(&r, path, err);
}

int source_read_file(
	struct cli *cli, enum option_id kind, const char *source, const char *path, struct err *err)
{
	struct reading r = { .cli = cli, .kind = kind, .paths = &source, .path_count = 1 };

	return read_to(&r, path, err);
}
