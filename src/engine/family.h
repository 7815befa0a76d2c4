/*
 * The five families, each with a file of indicators (indicators_<family>.c: rows, and facts of the
 * model where no control counts them) and one of tables (tables_<family>.c). Their words stand in
 * reports/codes_<family>.def; tests/reports/test_codes.py says what is missing.
 */
#ifndef ENGINE_FAMILY_H
#define ENGINE_FAMILY_H

#include "engine/internal.h"

#define INDICATOR_NONE INT64_MIN
#define INDICATOR_CONTROLS 14

/* Where the number comes from: a fact, or a count of the row's first control. That is null where
 * the control was not evaluated or says nothing of this directory. */
enum indicator_field {
	INDICATOR_FACT,
	INDICATOR_FOUND, /* null when the control is unknown: 0 would read as "there are none" */
	/* Parts of a whole, shown side by side: examined = compliant + not compliant + unknown. */
	INDICATOR_EXAMINED,
	INDICATOR_COMPLIANT,
	INDICATOR_NOT_COMPLIANT,
	INDICATOR_UNKNOWN,
};

struct indicator_row {
	const char *name; /* fixed ASCII word */
	enum indicator_field field;
	unsigned fact; /* INDICATOR_FACT: of the family's enum */
	/* Ids of the controls behind the number: they count, decide or list it; at least one. */
	const char *controls[INDICATOR_CONTROLS];
};

/* INDICATOR("name", INDICATOR_FOUND, "hyg_x") and FACT("name", FACT_X, "hyg_x", "hyg_y") */
#define INDICATOR(name, field, ...)                                                                \
	{                                                                                          \
		name, field, 0,                                                                    \
		{                                                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}
#define FACT(name, fact, ...)                                                                      \
	{                                                                                          \
		name, INDICATOR_FACT, fact,                                                        \
		{                                                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}

struct table_maker;

#define FAMILY_NOTES 4

struct family {
	const char *name;
	/* Controls that the family's sheet lists beside those of the rows: all of these areas, and
	 * these ids. Both end with NULL. */
	const char *const *areas, *const *controls;
	const struct indicator_row *rows;
	size_t row_count;
	/* What it counts, as a set of 1u << enum ad_kind, and whether it is about privileged
	 * accounts: where those could not be read whole, a note says so. */
	unsigned kinds;
	bool of_privileged;
	/* Facts in the order of the family's enum; each is INDICATOR_NONE before. May be NULL. */
	size_t fact_count;
	void (*facts)(const struct evaluation *e, int64_t *facts);
	void (*tables)(struct evaluation *e, struct table_maker *t);
};

extern const struct family family_password_policy, family_privileged, family_tiering, family_stale,
	family_mfa;

void tables_password_policy(struct evaluation *e, struct table_maker *t);
void tables_privileged_ways(struct evaluation *e, struct table_maker *t);
void tables_privileged(struct evaluation *e, struct table_maker *t);
void tables_tiering(struct evaluation *e, struct table_maker *t);
void tables_stale(struct evaluation *e, struct table_maker *t);
void tables_mfa(struct evaluation *e, struct table_maker *t);
void tables_stale_systems(struct evaluation *e, struct table_maker *t);
void table_trusts(struct evaluation *e, struct table_maker *t);
void table_foreign_members(struct evaluation *e, struct table_maker *t);

/* About people, on the sheets of passwords, stale accounts and MFA; none where the policy declares
 * no leaks, population biomedical, external or identity. */
void table_biomedical_passwords(struct evaluation *e, struct table_maker *t);
void table_leaks(struct evaluation *e, struct table_maker *t);
void table_external(struct evaluation *e, struct table_maker *t);
void table_care_units(struct evaluation *e, struct table_maker *t);
/* Care accounts, and how many of them carry an identifier: accounts = verified + missing + unknown.
 */
enum care_count { CARE_ACCOUNTS, CARE_VERIFIED, CARE_MISSING, CARE_UNKNOWN, CARE_COUNTS };
void count_care(const struct model *m, const struct ad_object *o, int64_t *counts);

/* All tables of these families, in their order, into the run. */
void tables_compute(struct evaluation *e, const struct family *const *families, size_t count);

/* ---- building a table: begin, columns, rows of one cell a column, end ----------------------- */

#define TABLE_COLUMNS 16

struct table_maker {
	struct arena *arena; /* the run's */
	struct str family;
	struct run_table *list; /* finished ones */
	size_t count, room;
	struct run_table open;
	struct run_column columns[TABLE_COLUMNS];
	struct run_cell *cells;
	size_t cell_count, cell_room;
	bool total; /* the row under way is the total's */
	int order;  /* column to sort by + 1, negative: largest first; 0: as they came */
};

/* name: fixed ASCII word, once a family. */
void table_begin(struct table_maker *t, const char *name);
void table_column(struct table_maker *t, const char *name, enum run_column_kind kind);
/* Rows end by the largest first, or the smallest, of a column of numbers or dates (nulls last);
 * equal ones keep their order. Call before the first row. */
void table_sort(struct table_maker *t, size_t column, bool largest_first);
/* Begins the next row; every column then gets its cell, in order. */
void table_row(struct table_maker *t);
/* Begins the total: after all rows, at most once. */
void table_total(struct table_maker *t);
/* The first LIMIT_TABLE_ROWS stay; the table says how many there are. */
void table_end(struct table_maker *t);

/* A cell in a column of its kind; what it points to must outlive the run, or be in t->arena. */
void cell_text(struct table_maker *t, struct str text);		    /* COLUMN_TEXT; empty: null */
void cell_object(struct table_maker *t, const struct ad_object *o); /* COLUMN_NAME; NULL: null */
void cell_number(struct table_maker *t, int64_t n);		    /* COLUMN_NUMBER */
void cell_date(struct table_maker *t, int64_t seconds);		    /* INT64_MIN: null */
void cell_code(struct table_maker *t, const char *code);	    /* COLUMN_CODE */
void cell_tri(struct table_maker *t, enum tri yes);	     /* COLUMN_CODE: yes, no, not_known */
void cell_sid(struct table_maker *t, const struct sid *sid); /* COLUMN_TEXT; none: null */
void cell_null(struct table_maker *t);			     /* there is none, or it was not read */

/* ---- what several tables say alike ---------------------------------------------------------- */

/* The band of an age in seconds, as a row of a distribution; a date in the future is the first. */
enum age_band {
	AGE_UNDER_30_DAYS,
	AGE_UNDER_90_DAYS,
	AGE_UNDER_180_DAYS,
	AGE_UNDER_1_YEAR,
	AGE_UNDER_3_YEARS,
	AGE_OLDER,
	AGE_BANDS
};
enum age_band age_band(int64_t seconds);
extern const char *const age_band_codes[AGE_BANDS];

/* The tier of an account as the indicators count it: one of five, so that they add up. Unknown
 * where what could not be read leaves a tier open that would win. */
enum account_tier {
	ACCOUNT_TIER_0,
	ACCOUNT_TIER_1,
	ACCOUNT_TIER_2,
	ACCOUNT_TIER_NONE,
	ACCOUNT_TIER_UNKNOWN,
	ACCOUNT_TIERS
};
enum account_tier account_tier(const struct model *m, const struct ad_object *o);
/* Is o counted by tier: a user, a computer or a managed account? krbtgt and trust accounts, which
 * nobody logs on with, are not. */
bool is_tier_account(const struct ad_object *o);

/* Do the policy's pieces of evidence cover the account? Unknown where it names none. */
enum tri account_mfa_state(const struct mfa *mfa);

/* Is o a person's account that a distribution counts: a user that is enabled, or of which it is not
 * known whether it is? */
bool counts_as_user(const struct model *m, const struct ad_object *o);

/* savings.c: what could be taken away, by the family's findings that no waiver accepts; each
 * object counts once, at the first cause of this order. INDICATOR_NONE: no control said anything,
 * or one that says nothing yet might have found the first. */
enum saving {
	SAVING_LEFT,
	SAVING_EXPIRED,
	SAVING_UNUSED_USER,
	SAVING_NEVER_USED,
	SAVING_UNUSED_SERVICE,
	SAVING_UNUSED_COMPUTER,
	SAVING_DISABLED,
	SAVING_GROUP,
	SAVING_UNIT,
	SAVING_POLICY,
	SAVINGS
};
/* Nothing: not evaluated, or it has no meaning here. Unknown: and nothing found. */
enum said { SAID_NOTHING, SAID_SOMETHING, SAID_UNKNOWN };
struct savings {
	struct {
		enum said said;
		int64_t found;	  /* findings */
		int64_t objects;  /* of them, those of no earlier cause */
		int64_t licences; /* of these, enabled accounts of people */
	} causes[SAVINGS];
	int64_t objects, licences;
};
struct savings savings_count(const struct evaluation *e);

#endif
