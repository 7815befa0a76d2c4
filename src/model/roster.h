/*
 * A list of accounts that another program or a person exported (second factors, human resources,
 * leaked identifiers), joined to the accounts of the directory. What is wrong with the file as a
 * whole is an error before anything is written; what is wrong with a row never is, and never goes
 * unseen: it is listed with its line, and becomes coverage of the run.
 */
#ifndef MODEL_ROSTER_H
#define MODEL_ROSTER_H

#include "model/model.h"

/* Attributes that the account column is compared with, without regard to case. An objectSid stands
 * as text; a sAMAccountName may have its domain in front (CHU\jdupont, chu.example\jdupont). */
#define ROSTER_UPN 0x1u
#define ROSTER_SAM 0x2u
#define ROSTER_MAIL 0x4u
#define ROSTER_SID 0x8u
#define ROSTER_EMPLOYEE_ID 0x10u
#define ROSTER_ANY (ROSTER_UPN | ROSTER_SAM | ROSTER_MAIL)
/* The set of one attribute's name, in any case; of "any" and of nothing ROSTER_ANY; 0: another
 * word.
 */
unsigned roster_match_parse(struct str name);

#define ROSTER_COLUMNS 8

struct roster_column {
	struct str name;
	const char *const
		*others; /* further names, ending with NULL, when name is empty; NULL: none */
	bool optional;	 /* when the file lacks it its values are empty */
};

struct roster_spec {
	struct str file;		   /* path, zero-terminated */
	struct policy_position at;	   /* where the policy names it */
	struct str account;		   /* the account's column */
	const char *const *account_others; /* as in struct roster_column */
	unsigned match;			   /* ROSTER_… */
	struct roster_column columns[ROSTER_COLUMNS];
	size_t column_count;
	/* Several rows of one account add up (one a method); else rows that differ contradict one
	 * another. */
	bool rows_add_up;
	/* Rows are about people: one that names several accounts is about them all. */
	bool people;
};

struct roster;

/* Reads the whole file. ERR_USAGE, beginning with the policy's position and the file's line: it
 * cannot be read as CSV, or a column that is not optional is missing. The caller calls
 * roster_free(), before model_free(). Time and memory grow with rows and accounts, never with
 * their product. */
int roster_load(
	struct model *m, const struct roster_spec *spec, struct roster **out, struct err *err);
/* The same of bytes in memory; spec->file is then only a name. */
int roster_load_bytes(struct model *m, const struct roster_spec *spec, struct str bytes,
	struct roster **out, struct err *err);
void roster_free(struct roster *r);

struct roster_row {
	size_t line;
	const struct str *values; /* by spec->columns; trimmed, empty when not there */
	/* It may be another account's: one whose own name could not be read can carry the same.
	 * Never where rows are about people. */
	bool doubtful;
};
enum roster_state {
	ROSTER_ABSENT,	     /* no row is this account's */
	ROSTER_PRESENT,	     /* those given are; with equal values: the first of them */
	ROSTER_CONTRADICTED, /* the same, and they do not agree */
	ROSTER_UNKNOWN,	     /* beside those given, if any, another may be: one of several accounts,
				or the account's own name could not be read */
};
/* rows lives in r. */
enum roster_state roster_rows(const struct roster *r, const struct model *m,
	const struct ad_object *account, const struct roster_row **rows, size_t *count);

enum roster_problem {
	ROSTER_UNMATCHED,     /* names no account that was read */
	ROSTER_AMBIGUOUS,     /* names several */
	ROSTER_DOUBTFUL,      /* names one, and maybe another whose own name could not be read */
	ROSTER_CONTRADICTION, /* differs from an earlier row of the same account */
	ROSTER_NO_ACCOUNT,    /* the account's cell is empty */
	ROSTER_RAGGED,	      /* has more cells than the header: which is which is not known */
	ROSTER_FORMULA,	      /* a cell looks like a spreadsheet's formula; read as text */
	ROSTER_PROBLEM_COUNT
};
/* "csv_unmatched", … as in coverage and reports. */
const char *roster_problem_code(enum roster_problem p);

struct roster_note {
	size_t line;
	struct str text; /* of the account's cell, or of the cell at fault; sanitised */
};
/* How many rows; at most ROSTER_LISTED of them, in the file's order, into *list. */
#define ROSTER_LISTED 100
size_t roster_problems(const struct roster *r, enum roster_problem p,
	const struct roster_note **list, size_t *listed);
/* Rows with content, and those that are some account's. */
size_t roster_row_count(const struct roster *r);
size_t roster_matched_count(const struct roster *r);
/* Accounts whose own name, by which rows are matched, could not be read: a row that matches nobody
 * may be theirs, and one that matches somebody by a name that may stand on two accounts. */
size_t roster_hidden_count(const struct roster *r);
/* The file's name without its folder. */
struct str roster_file_name(const struct roster *r);

#endif
