#include "reports/texts.h"

struct text_row {
	const char *name;
	const char *forms[2][2]; /* language, one or many */
};

static const struct text_row rows[TEXT_COUNT] = {
#define TEXT(id, fr_one, fr_many, en_one, en_many)                                                 \
	[TEXT_##id] = { #id, { { fr_one, fr_many }, { en_one, en_many } } },
#include "reports/texts.def"
#include "reports/texts_html.def"
#include "reports/texts_diff.def"
#include "reports/texts_compare.def"
#undef TEXT
};

const char *text(enum text_id id, enum lang lang)
{
	return rows[id].forms[lang == LANG_EN][0];
}

const char *text_n(enum text_id id, enum lang lang, uint64_t n)
{
	bool one = lang == LANG_EN ? n == 1 : n <= 1;
	const char *many = rows[id].forms[lang == LANG_EN][1];

	return one || !many ? text(id, lang) : many;
}

const char *text_name(enum text_id id)
{
	return rows[id].name;
}

const char *text_many(enum text_id id, enum lang lang)
{
	return rows[id].forms[lang == LANG_EN][1];
}
