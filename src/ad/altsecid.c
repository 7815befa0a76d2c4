#include "ad/altsecid.h"

#include "base/compiler.h"

static bool contains(struct str s, struct str part)
{
	for (size_t i = 0; i + part.n <= s.n; i++)
		if (str_istarts((struct str){ s.p + i, s.n - i }, part))
			return true;
	return false;
}

struct mapping mapping_of(struct str value)
{
	static const struct {
		const char *begins;
		struct mapping is;
	} forms[] = {
		{ "<RFC822>", { MAPPING_WEAK, "X509RFC822" } },
		{ "<S>", { MAPPING_WEAK, "X509SubjectOnly" } },
		{ "<SKI>", { MAPPING_STRONG, "X509SKI" } },
		{ "<SHA1-PUKEY>", { MAPPING_STRONG, "X509SHA1PublicKey" } },
	};
	struct str kind = STR("X509:");

	if (!str_istarts(value, kind))
		return (struct mapping){ MAPPING_NONE, NULL };
	struct str rest = str_trim((struct str){ value.p + kind.n, value.n - kind.n });
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (str_istarts(rest, str_of(forms[i].begins)))
			return forms[i].is;
	if (str_istarts(rest, STR("<I>")) && contains(rest, STR("<SR>")))
		return (struct mapping){ MAPPING_STRONG, "X509IssuerSerialNumber" };
	if (str_istarts(rest, STR("<I>")) && contains(rest, STR("<S>")))
		return (struct mapping){ MAPPING_WEAK, "X509IssuerSubject" };
	return (struct mapping){ MAPPING_NONE, NULL };
}
