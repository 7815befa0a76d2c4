#include "ad/secret_text.h"

#include "base/compiler.h"

#include <string.h>

/* "Mot de passe : voir le coffre" holds none. */
static bool points_elsewhere(struct str word)
{
	static const char *const words[] = { "voir", "dans", "demander", "aucun", "inconnu",
		"stored", "none", "never", "unknown", "expire", "expires", "jamais" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_ieq(word, str_of(words[i])))
			return true;
	return false;
}

/* A word for "password" followed by a sign and a value. Only that it is there is reported, never
 * what it is. */
static bool looks_like_secret(struct str text)
{
	static const char *const words[] = { "mot de passe", "password", "passwd", "pass", "mdp",
		"pwd", "pw" };
	struct str rest = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(words) && !rest.p; i++)
		if (str_istarts(text, str_of(words[i])))
			rest = (struct str){ text.p + strlen(words[i]), text.n - strlen(words[i]) };
	rest = str_trim(rest);
	if (rest.n == 0 || (rest.p[0] != ':' && rest.p[0] != '='))
		return false;
	rest = str_trim((struct str){ rest.p + 1, rest.n - 1 });
	rest = str_cut(rest, ' ', &(struct str){ 0 });
	return rest.n >= 4 && !points_elsewhere(rest);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool text_holds_secret(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((i == 0 || !is_letter(text.p[i - 1])) &&
			looks_like_secret((struct str){ text.p + i, text.n - i }))
			return true;
	return false;
}
