/* What human resources say of the people behind accounts: the export that the policy names (hr). */
#ifndef MODEL_HR_H
#define MODEL_HR_H

#include "model/model.h"

enum hr_state {
	HR_PRESENT, /* a row of the person's says nothing, or a day to come */
	HR_LEFT,    /* every row of the person's says so */
	HR_ABSENT,  /* no row is the account's */
	HR_NO_KEY,  /* the account has no value to be found by */
	HR_UNKNOWN,
};

struct hr {
	enum hr_state state;
	int64_t left_at; /* HR_LEFT: the latest day; INT64_MIN: the file says only that it is so */
	size_t line;	 /* of the row that decides; 0: none */
	const char *reason; /* HR_UNKNOWN: a code */
};

bool model_hr_declared(const struct model *m);
/* Does one row at least name an account that was read? Else it is another list, or another column.
 */
bool model_hr_matches(const struct model *m);
/* The file's name and the attribute that accounts are found by. */
struct str model_hr_file(const struct model *m);
enum attr model_hr_attribute(const struct model *m);
/* HR_UNKNOWN when none is declared. */
struct hr account_hr(const struct model *m, const struct ad_object *o);

#endif
