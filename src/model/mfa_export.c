#include "model/mfa_export.h"

#include "base/csv.h"
#include "base/hash.h"
#include "model/state.h"

#include <stdlib.h>

#define STRANGE_WORDS 20u /* that stand in the coverage one by one */

enum column { METHOD, CAPABLE, REGISTERED, COLUMN_COUNT };

struct mfa_export {
	struct roster *roster;
	const struct mfa_evidence *from;
	uint8_t *says; /* by object: EXPORT_… */
	struct arena arena;
	struct hash strange; /* words that were not known */
};

/* ---- words ---------------------------------------------------------------------------------- */

#define NO_FACTOR 0u
#define KEY_FACTOR (EXPORT_STRONG | EXPORT_KEY)

/*
 * As csv_plain() leaves them; a '*' at the end stands for the rest. Names of methods of Microsoft
 * Graph's userRegistrationDetails and of the older credentialUserRegistrationDetails, their labels,
 * and what people write. "OTP" alone is not here: it may have come by SMS.
 */
static const struct {
	const char *word;
	unsigned class;
} words[] = {
	{ "", NO_FACTOR },
	{ "none", NO_FACTOR },
	{ "aucun", NO_FACTOR },
	{ "aucune", NO_FACTOR },
	{ "no", NO_FACTOR },
	{ "non", NO_FACTOR },
	{ "false", NO_FACTOR },
	{ "faux", NO_FACTOR },
	{ "0", NO_FACTOR },
	{ "null", NO_FACTOR },
	{ "na", NO_FACTOR },
	{ "nil", NO_FACTOR },
	{ "notregistered", NO_FACTOR },
	{ "notenrolled", NO_FACTOR },
	{ "notcapable", NO_FACTOR },
	{ "noninscrit", NO_FACTOR },
	{ "nonenregistre", NO_FACTOR },
	{ "nonenrole", NO_FACTOR },
	{ "disabled", NO_FACTOR },
	{ "desactive", NO_FACTOR },
	{ "inactive", NO_FACTOR },
	{ "inactif", NO_FACTOR },
	{ "never", NO_FACTOR },
	{ "jamais", NO_FACTOR },
	{ "password", NO_FACTOR },
	{ "motdepasse", NO_FACTOR },
	{ "localpassword", NO_FACTOR },
	{ "apppassword", NO_FACTOR },
	{ "securityquestion", NO_FACTOR },
	{ "securityquestions", NO_FACTOR },
	{ "questiondesecurite", NO_FACTOR },
	{ "questionsdesecurite", NO_FACTOR },
	{ "temporaryaccesspass*", NO_FACTOR },
	{ "x509certificatesinglefactor", NO_FACTOR },
	{ "sms", EXPORT_WEAK },
	{ "smssignin", EXPORT_WEAK },
	{ "textmessage", EXPORT_WEAK },
	{ "texto", EXPORT_WEAK },
	{ "mail", EXPORT_WEAK },
	{ "email", EXPORT_WEAK },
	{ "courriel", EXPORT_WEAK },
	{ "emailotp", EXPORT_WEAK },
	{ "emailaddress", EXPORT_WEAK },
	{ "adressemail", EXPORT_WEAK },
	{ "adresseemail", EXPORT_WEAK },
	{ "mobilephone", EXPORT_WEAK },
	{ "alternatemobilephone", EXPORT_WEAK },
	{ "officephone", EXPORT_WEAK },
	{ "phone", EXPORT_WEAK },
	{ "phoneauthentication", EXPORT_WEAK },
	{ "telephone", EXPORT_WEAK },
	{ "telephonemobile", EXPORT_WEAK },
	{ "voice", EXPORT_WEAK },
	{ "voicemobile", EXPORT_WEAK },
	{ "voicealternatemobile", EXPORT_WEAK },
	{ "voiceoffice", EXPORT_WEAK },
	{ "voicecall", EXPORT_WEAK },
	{ "phonecall", EXPORT_WEAK },
	{ "call", EXPORT_WEAK },
	{ "voix", EXPORT_WEAK },
	{ "appel", EXPORT_WEAK },
	{ "appelvocal", EXPORT_WEAK },
	{ "fido", KEY_FACTOR },
	{ "fido2", KEY_FACTOR },
	{ "fido2securitykey", KEY_FACTOR },
	{ "clefido2", KEY_FACTOR },
	{ "securitykey", KEY_FACTOR },
	{ "cledesecurite", KEY_FACTOR },
	{ "webauthn", KEY_FACTOR },
	{ "passkey*", KEY_FACTOR },
	{ "windowshello*", KEY_FACTOR },
	{ "totp", EXPORT_STRONG },
	{ "hotp", EXPORT_STRONG },
	{ "oath", EXPORT_STRONG },
	{ "softwareonetimepasscode", EXPORT_STRONG },
	{ "hardwareonetimepasscode", EXPORT_STRONG },
	{ "softwareoath*", EXPORT_STRONG },
	{ "hardwareoath*", EXPORT_STRONG },
	{ "microsoftauthenticator*", EXPORT_STRONG },
	{ "authenticator", EXPORT_STRONG },
	{ "authenticatorapp", EXPORT_STRONG },
	{ "push", EXPORT_STRONG },
	{ "phoneappnotification", EXPORT_STRONG },
	{ "phoneappotp", EXPORT_STRONG },
	{ "appnotification", EXPORT_STRONG },
	{ "appcode", EXPORT_STRONG },
	{ "x509certificate", EXPORT_STRONG },
	{ "x509certificatemultifactor", EXPORT_STRONG },
	{ "certificate", EXPORT_STRONG },
	{ "certificat", EXPORT_STRONG },
	{ "smartcard", EXPORT_STRONG },
	{ "carteapuce", EXPORT_STRONG },
	{ "cps", EXPORT_STRONG },
	{ "ecps", EXPORT_STRONG },
	/* registered, and how is not said */
	{ "yes", EXPORT_STRONG },
	{ "oui", EXPORT_STRONG },
	{ "true", EXPORT_STRONG },
	{ "vrai", EXPORT_STRONG },
	{ "1", EXPORT_STRONG },
	{ "registered", EXPORT_STRONG },
	{ "enrolled", EXPORT_STRONG },
	{ "inscrit", EXPORT_STRONG },
	{ "enregistre", EXPORT_STRONG },
	{ "enrole", EXPORT_STRONG },
	{ "enabled", EXPORT_STRONG },
	{ "active", EXPORT_STRONG },
	{ "actif", EXPORT_STRONG },
};

static bool known_word(struct str plain, unsigned *class)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct str w = str_of(words[i].word);
		bool prefix = w.n && w.p[w.n - 1] == '*';

		w.n -= prefix;
		if (prefix ? str_starts(plain, w) : str_eq(plain, w)) {
			*class = words[i].class;
			return true;
		}
	}
	return false;
}

static bool declared_word(struct str word, const struct str *factors, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (csv_same_name(word, factors[i]))
			return true;
	return false;
}

static unsigned word_class(struct str word, const struct str *factors, size_t count)
{
	struct buf plain = { 0 };
	unsigned class = EXPORT_STRANGE;

	if (declared_word(word, factors, count))
		return EXPORT_STRONG;
	csv_plain(&plain, word);
	known_word(plain.n ? buf_str(&plain) : STR(""), &class);
	buf_free(&plain);
	return class;
}

/* Cuts the next of several methods off a cell: "email, mobilePhone", "[\"email\"]", "TOTP + SMS".
 */
static struct str next_word(struct str *rest)
{
	size_t n = 0;

	while (n < rest->n && !str_contains(STR(",;|+[]\n\r"), (struct str){ rest->p + n, 1 }))
		n++;
	struct str word = str_trim((struct str){ rest->p, n });
	*rest = n < rest->n ? (struct str){ rest->p + n + 1, rest->n - n - 1 }
			    : (struct str){ NULL, 0 };
	return word;
}

unsigned mfa_method_class(struct str cell, const struct str *factors, size_t factor_count)
{
	unsigned class = word_class(cell, factors, factor_count);

	if (!(class & EXPORT_STRANGE))
		return class;
	class = 0;
	while (cell.p)
		class |= word_class(next_word(&cell), factors, factor_count);
	return class;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static bool says_no(struct str cell)
{
	struct buf plain = { 0 };
	unsigned class = EXPORT_STRANGE;
	bool known;

	if (!cell.n)
		return false;
	csv_plain(&plain, cell);
	known = known_word(plain.n ? buf_str(&plain) : STR(""), &class);
	buf_free(&plain);
	return known && class == NO_FACTOR;
}

static void keep_strange(struct mfa_export *x, struct str cell)
{
	while (cell.p) {
		struct str word = next_word(&cell);

		if (!(word_class(word, x->from->factors, x->from->factor_count) & EXPORT_STRANGE) ||
			hash_get(&x->strange, word) != HASH_NONE)
			continue;
		hash_add(&x->strange, arena_str(&x->arena, word), (uint32_t)x->strange.count);
	}
}

static unsigned row_class(struct mfa_export *x, const struct roster_row *row, bool has_method)
{
	if (!has_method)
		return EXPORT_STRONG;
	if (x->from->format == MFA_ENTRA &&
		(says_no(row->values[CAPABLE]) || says_no(row->values[REGISTERED])))
		return 0;
	unsigned class =
		mfa_method_class(row->values[METHOD], x->from->factors, x->from->factor_count);

	if (class & EXPORT_STRANGE)
		keep_strange(x, row->values[METHOD]);
	return class;
}

/* A factor that may be another account's proves nothing of this one. */
static unsigned sure_class(unsigned class, bool doubtful)
{
	return doubtful && (class & KEY_FACTOR) ? (class & ~KEY_FACTOR) | EXPORT_MAYBE : class;
}

static void read_account(
	struct mfa_export *x, const struct model *m, const struct ad_object *o, bool has_method)
{
	const struct roster_row *rows;
	size_t count;
	enum roster_state state = roster_rows(x->roster, m, o, &rows, &count);
	unsigned says = EXPORT_READ | (state == ROSTER_UNKNOWN ? EXPORT_MAYBE : 0);

	for (size_t i = 0; i < count; i++)
		says |= sure_class(row_class(x, &rows[i], has_method), rows[i].doubtful);
	x->says[o->index] = (uint8_t)says;
}

static void cover_strange(struct model *m, struct mfa_export *x)
{
	struct str file = roster_file_name(x->roster);
	size_t shown = 0;

	/* The table's order is not the file's. */
	for (uint32_t id = 0; id < x->strange.count && shown < STRANGE_WORDS; id++)
		for (size_t i = 0; i < x->strange.room; i++) {
			const struct hash_slot *s = &x->strange.slots[i];

			if (!s->used || s->value != id)
				continue;
			coverage_add(m, arena_printf(&x->arena, "mfa_method %.*s", STR_ARG(s->key)),
				COVERAGE_MALFORMED,
				arena_printf(&x->arena, "mfa_word_not_known %.*s", STR_ARG(file)));
			shown++;
			break;
		}
	if (x->strange.count > shown)
		coverage_add(m, arena_printf(&x->arena, "mfa_methods %.*s", STR_ARG(file)),
			COVERAGE_MALFORMED,
			arena_printf(
				&x->arena, "mfa_words_not_known %zu", x->strange.count - shown));
}

/* ---- loading -------------------------------------------------------------------------------- */

static struct roster_spec spec_of(const struct mfa_evidence *from)
{
	static const char *const entra_accounts[] = { "userPrincipalName", "User principal name",
		"UPN", NULL };
	static const char *const entra_methods[] = { "methodsRegistered", "Methods registered",
		"authMethods", "Registered Auth Methods", NULL };
	static const char *const entra_capable[] = { "isMfaCapable",
		"Multifactor authentication capable", "Multi-factor authentication capable",
		"MFA capable", NULL };
	static const char *const entra_registered[] = { "isMfaRegistered",
		"Multifactor authentication registered", "MFA registered", NULL };
	static const char *const wallix_accounts[] = { "user_name", NULL };
	static const char *const wallix_methods[] = { "user_auths", NULL };
	struct roster_spec spec = {
		.file = from->file,
		.at = from->at,
		.account = from->account_column,
		.match = roster_match_parse(from->account_attribute),
		.columns = { [METHOD] = { .name = from->method_column } },
		.rows_add_up = true,
	};

	spec.column_count = from->method_column.n ? 1 : 0;
	if (from->format == MFA_ENTRA) {
		spec.account_others = entra_accounts;
		spec.columns[METHOD].others = entra_methods;
		spec.columns[CAPABLE] =
			(struct roster_column){ .others = entra_capable, .optional = true };
		spec.columns[REGISTERED] =
			(struct roster_column){ .others = entra_registered, .optional = true };
		spec.column_count = COLUMN_COUNT;
		if (!from->account_column.n && !from->account_attribute.n)
			spec.match = ROSTER_UPN;
	} else if (from->format == MFA_WALLIX) {
		spec.account_others = wallix_accounts;
		spec.columns[METHOD].others = wallix_methods;
		spec.column_count = 1;
	}
	return spec;
}

int mfa_export_load(
	struct model *m, const struct mfa_evidence *from, struct mfa_export **out, struct err *err)
{
	struct roster_spec spec = spec_of(from);
	struct mfa_export *x = xcalloc(1, sizeof(*x));

	x->from = from;
	if (roster_load(m, &spec, &x->roster, err)) {
		free(x);
		return err->code;
	}
	x->says = xcalloc(m->count + 1, 1);
	for (size_t i = 0; i < m->count; i++)
		if (object_is_account(&m->objects[i]))
			read_account(x, m, &m->objects[i], spec.column_count > 0);
	cover_strange(m, x);
	*out = x;
	return 0;
}

void mfa_export_free(struct mfa_export *x)
{
	if (!x)
		return;
	roster_free(x->roster);
	hash_free(&x->strange);
	arena_free(&x->arena);
	free(x->says);
	free(x);
}

unsigned mfa_export_says(const struct mfa_export *x, const struct ad_object *o)
{
	return x->says[o->index];
}

const struct roster *mfa_export_roster(const struct mfa_export *x)
{
	return x->roster;
}
