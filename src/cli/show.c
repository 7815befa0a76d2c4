/* show: one object of a snapshot, decoded. */
#include "ad/filetime.h"
#include "ad/sddl.h"
#include "ad/secret_text.h"
#include "ad/uac.h"
#include "base/datetime.h"
#include "base/platform.h"
#include "base/utf8.h"
#include "cli/show.h"

#include <inttypes.h>
#include <stdlib.h>

#define BYTES_SHOWN 32

/* 100 ns since 1601, as opposed to a count or an interval. */
static const enum attr filetimes[] = { ATTR_ACCOUNT_EXPIRES, ATTR_LAST_LOGON,
	ATTR_LAST_LOGON_TIMESTAMP, ATTR_PWD_LAST_SET };
static const enum attr intervals[] = { ATTR_LOCKOUT_DURATION, ATTR_LOCKOUT_OBSERVATION_WINDOW,
	ATTR_MAX_PWD_AGE, ATTR_MIN_PWD_AGE, ATTR_MSDS_LOCKOUT_DURATION,
	ATTR_MSDS_LOCKOUT_OBSERVATION_WINDOW, ATTR_MSDS_MAXIMUM_PASSWORD_AGE,
	ATTR_MSDS_MINIMUM_PASSWORD_AGE };

static const struct {
	uint32_t bit;
	const char *name;
} uac_names[] = {
	{ UAC_ACCOUNTDISABLE, "ACCOUNTDISABLE" },
	{ UAC_LOCKOUT, "LOCKOUT" },
	{ UAC_PASSWD_NOTREQD, "PASSWD_NOTREQD" },
	{ UAC_ENCRYPTED_TEXT_PASSWORD_ALLOWED, "ENCRYPTED_TEXT_PASSWORD_ALLOWED" },
	{ UAC_NORMAL_ACCOUNT, "NORMAL_ACCOUNT" },
	{ UAC_INTERDOMAIN_TRUST_ACCOUNT, "INTERDOMAIN_TRUST_ACCOUNT" },
	{ UAC_WORKSTATION_TRUST_ACCOUNT, "WORKSTATION_TRUST_ACCOUNT" },
	{ UAC_SERVER_TRUST_ACCOUNT, "SERVER_TRUST_ACCOUNT" },
	{ UAC_DONT_EXPIRE_PASSWORD, "DONT_EXPIRE_PASSWORD" },
	{ UAC_SMARTCARD_REQUIRED, "SMARTCARD_REQUIRED" },
	{ UAC_TRUSTED_FOR_DELEGATION, "TRUSTED_FOR_DELEGATION" },
	{ UAC_NOT_DELEGATED, "NOT_DELEGATED" },
	{ UAC_USE_DES_KEY_ONLY, "USE_DES_KEY_ONLY" },
	{ UAC_DONT_REQ_PREAUTH, "DONT_REQ_PREAUTH" },
	{ UAC_PASSWORD_EXPIRED, "PASSWORD_EXPIRED" },
	{ UAC_TRUSTED_TO_AUTH_FOR_DELEGATION, "TRUSTED_TO_AUTH_FOR_DELEGATION" },
	{ UAC_PARTIAL_SECRETS_ACCOUNT, "PARTIAL_SECRETS_ACCOUNT" },
};

static bool one_of(enum attr a, const enum attr *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == a)
			return true;
	return false;
}

static void print_flags(int64_t value)
{
	printf("0x%" PRIx32, (uint32_t)value);
	for (size_t i = 0; i < ARRAY_LEN(uac_names); i++)
		if ((uint32_t)value & uac_names[i].bit)
			printf(" %s", uac_names[i].name);
}

static void print_number(enum attr a, int64_t value)
{
	char date[DATETIME_TEXT];
	int64_t seconds;

	if (a == ATTR_USER_ACCOUNT_CONTROL)
		print_flags(value);
	else if (one_of(a, filetimes, ARRAY_LEN(filetimes)) && filetime_to_seconds(value, &seconds))
		printf("%s", datetime_iso(seconds, date));
	else if (one_of(a, intervals, ARRAY_LEN(intervals)) && interval_to_seconds(value) >= 0)
		printf("%" PRId64 " s (%" PRId64 ")", interval_to_seconds(value), value);
	else
		printf("%" PRId64, value);
}

static void print_bytes(struct str v)
{
	printf("(%zu) ", v.n);
	for (size_t i = 0; i < v.n && i < BYTES_SHOWN; i++)
		printf("%02x", (unsigned)(unsigned char)v.p[i]);
	if (v.n > BYTES_SHOWN)
		printf("...");
}

static void print_value(struct show *s, enum attr a, struct str v)
{
	enum attr_type type = a == ATTR_NONE ? ATTR_TYPE_STRING : attr_table[a].type;
	char text[SID_TEXT > GUID_TEXT ? SID_TEXT : GUID_TEXT];
	struct sid sid;
	struct guid guid;
	int64_t number;

	if (type == ATTR_TYPE_SID && sid_parse(v, &sid))
		printf("%s", sid_text(&sid, text));
	else if (type == ATTR_TYPE_GUID && guid_parse(v, &guid))
		printf("%s", guid_text(&guid, text));
	else if ((type == ATTR_TYPE_INT || type == ATTR_TYPE_INT64) && str_to_i64(v, &number))
		print_number(a, number);
	else if (text_holds_secret(v))
		printf("%s", show_say(s, "(contient un mot de passe, non affiché)",
				     "(holds a password, not shown)"));
	else if (type != ATTR_TYPE_BINARY && utf8_clean(v))
		printf("%.*s", STR_ARG(utf8_sanitize(&s->cli->arena, v)));
	else
		print_bytes(v);
}

static int print_attributes(struct show *s, struct err *err)
{
	struct snapshot_record r;
	int found = snapshot_find(s->snapshot, s->object->dn, &r, err);

	if (found <= 0)
		return found;
	struct packed_cursor c = packed_begin(r.packed);
	while (packed_next(&c)) {
		struct str name = snapshot_attribute_name(s->snapshot, c.attribute);
		struct str value;

		while ((value = packed_value(&c)).p) {
			printf("  %.*s: ", STR_ARG(name));
			print_value(s, attr_by_name(name), value);
			putchar('\n');
		}
	}
	struct str sddl;
	if (r.descriptor != SNAPSHOT_NO_DESCRIPTOR &&
		secdesc_to_sddl(
			&s->cli->arena, snapshot_descriptor(s->snapshot, r.descriptor), &sddl))
		printf("  nTSecurityDescriptor: %.*s\n", STR_ARG(sddl));
	return 0;
}

const char *show_say(const struct show *s, const char *fr, const char *en)
{
	return s->cli->lang == LANG_FR ? fr : en;
}

static int show_object(struct show *s, const char *wanted, struct err *err)
{
	bool ambiguous = false;

	s->object = model_find_name(s->model, str_of(wanted), &ambiguous);
	if (!s->object)
		return err_set(err, ERR_USAGE,
			ambiguous ? "More than one object is called '%s'; give its DN or SID."
				  : "The snapshot holds no object '%s'; give a DN, a SID or an "
				    "account name.",
			wanted);
	show_summary(s);
	printf("\n%s\n", show_say(s, "Attributs", "Attributes"));
	return print_attributes(s, err);
}

int cmd_show(struct cli *cli, struct err *err)
{
	const struct options *o = cli->options;
	const char *policy = option_value(o, OPT_POLICY);
	struct show s = { .cli = cli };
	struct rules rules;
	struct model_options options = { 0 };

	if (o->arg_count != 2)
		return err_set(err, ERR_USAGE,
			"show takes a snapshot and an object: adhygiene show FILE.adsnap "
			"DN|SID|NAME.");
	if (cli_at(cli, &options.at, err) || rules_load(policy ? policy : "care", &rules, err))
		return err->code;
	int rc = snapshot_open(o->args[0], &s.snapshot, err);
	if (!rc)
		rc = model_load(s.snapshot, &rules.policy, &options, &cli->progress, &s.model, err);
	progress_end(&cli->progress);
	if (!rc)
		rc = show_object(&s, o->args[1], err);
	model_free(s.model);
	snapshot_close(s.snapshot);
	rules_free(&rules);
	return rc;
}
