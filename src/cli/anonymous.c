#include "cli/anonymous.h"

#include "base/platform.h"
#include "model/attr.h"
#include "policies/shipped.h"
#include "reports/anonymous.h"

#include <string.h>

#define KEY_NAME "adhygiene-anonymous.key"
#define KEY_FILE_BYTES 4096u

int anonymous_keyed(const void *key, struct str sid, char out[65], struct err *err)
{
	return hmac_sha256_hex(key, sid, out, err);
}

int anonymous_key_read(const char *path, unsigned char *key, struct err *err)
{
	struct buf bytes = { 0 };
	struct str text;
	int rc = platform_read_file(path, KEY_FILE_BYTES, &bytes, ERR_USAGE, err);

	text = str_trim(buf_str(&bytes));
	for (size_t i = 0; !rc && i < text.n; i++)
		if (ascii_hex(text.p[i]) < 0 || text.n != (size_t)2 * HMAC_KEY_BYTES)
			text.n = 0;
	if (!rc && !text.n)
		rc = err_set(err, ERR_USAGE,
			"'%s' holds no key: 64 hexadecimal digits. If it is empty, remove it and a "
			"new one is made.",
			path);
	for (size_t i = 0; !rc && i < HMAC_KEY_BYTES; i++)
		key[i] = (unsigned char)(ascii_hex(text.p[2 * i]) << 4 |
					 ascii_hex(text.p[2 * i + 1]));
	if (bytes.n)
		platform_wipe(bytes.p, bytes.n);
	buf_free(&bytes);
	return rc;
}

static int make_key(const char *path, unsigned char *key, struct err *err)
{
	FILE *f = platform_create(path, err);
	int rc;

	if (!f)
		return err_set(err, ERR_OUTPUT,
			"The key of anonymous runs cannot be made at '%s'. Name another place with "
			"--anonymous-key.",
			path);
	platform_random(key, HMAC_KEY_BYTES);
	for (size_t i = 0; i < HMAC_KEY_BYTES; i++)
		fprintf(f, "%02x", (unsigned)key[i]);
	fputc('\n', f);
	rc = platform_finish(f, path, err);
	if (rc)
		platform_remove(path);
	return rc;
}

static bool is_separator(char c)
{
	return c == '/' || c == '\\';
}

/* The folder that path stands in. */
static struct str folder_of(struct str path)
{
	while (path.n > 1 && is_separator(path.p[path.n - 1]))
		path.n--;
	while (path.n && !is_separator(path.p[path.n - 1]))
		path.n--;
	while (path.n > 1 && is_separator(path.p[path.n - 1]))
		path.n--;
	return path.n ? path : STR(".");
}

/* Beside the folder of the reports, which is sent; "." and ".." have no name to stand beside. */
static const char *default_path(struct cli *cli, const char *folder)
{
	struct str name = str_of(folder ? folder : "./x"), last, parent = folder_of(name);

	while (name.n > 1 && is_separator(name.p[name.n - 1]))
		name.n--;
	last = name;
	while (last.n && !is_separator(last.p[last.n - 1]))
		last.n--;
	last = (struct str){ name.p + last.n, name.n - last.n };
	if (str_eq(last, STR(".")) || str_eq(last, STR("..")))
		return arena_printf(&cli->arena, "%.*s/../" KEY_NAME, STR_ARG(name)).p;
	return arena_printf(&cli->arena, "%.*s/" KEY_NAME, STR_ARG(parent)).p;
}

int anonymous_check_folder(const struct anonymous *a, const char *folder, struct err *err)
{
	if (!a->wanted || !platform_is_within(a->key_path, folder))
		return 0;
	return err_set(err, ERR_USAGE,
		"'%s' stands among the reports and would be sent with them; the key stays at the "
		"facility.",
		a->key_path);
}

int anonymous_begin(struct cli *cli, const char *folder, struct anonymous *out, struct err *err)
{
	const char *path = option_value(cli->options, OPT_ANONYMOUS_KEY);
	int rc;

	out->wanted = option_given(cli->options, OPT_ANONYMOUS);
	if (!out->wanted)
		return path ? err_set(err, ERR_USAGE, "--anonymous-key goes with --anonymous.") : 0;
	if (!path)
		path = default_path(cli, folder);
	out->key_path = path;
	if (folder && anonymous_check_folder(out, folder, err))
		return err->code;
	if (platform_exists(path))
		return anonymous_key_read(path, out->key, err);
	rc = make_key(path, out->key, err);
	if (!rc)
		fprintf(stderr,
			cli->lang == LANG_FR
				? "Clé créée : %s. À garder ici, et à ne pas transmettre avec "
				  "l'audit : les prochains audits anonymes en ont besoin.\n"
				: "A key was made: %s. Keep it here and do not send it with the "
				  "run: later anonymous runs need it.\n",
			path);
	return rc;
}

static bool is_shipped(struct str name)
{
	for (size_t i = 0; i < shipped_policies_count; i++) {
		struct str rest, shipped = str_of(shipped_policies[i].name);

		if (str_eq(name, str_cut(shipped, '.', &rest)))
			return true;
	}
	return false;
}

int anonymous_strip(
	struct anonymous *a, const struct rules *rules, struct run *run, struct err *err)
{
	struct str words[ATTR_COUNT];
	struct anonymous_rules strip = { .keyed = anonymous_keyed,
		.key = a->key,
		.words = words,
		.word_count = ATTR_COUNT,
		.keep_policy_name = is_shipped(rules->policy.name) };
	struct run anonymous = { 0 };

	for (size_t i = 0; i < ATTR_COUNT; i++)
		words[i] = str_of(attr_table[i].ldap);
	if (run_anonymous(run, &strip, &anonymous, err))
		return err->code;
	a->named = *run;
	*run = anonymous;
	return 0;
}

void anonymous_end(struct anonymous *a)
{
	run_free(&a->named);
	platform_wipe(a->key, sizeof(a->key));
}
