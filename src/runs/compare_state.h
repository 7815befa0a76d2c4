/* Inside src/runs/compare*.c: what is kept of each run until the whole is known. */
#ifndef RUNS_COMPARE_STATE_H
#define RUNS_COMPARE_STATE_H

#include "base/buf.h"
#include "base/hash.h"
#include "runs/compare.h"

struct kept_control {
	struct str id, area, fingerprint; /* levels and parameters */
	struct compare_cell cell;
	int level; /* its worst possible one */
};

struct kept_indicator {
	struct str family, name;
	const struct str *controls; /* ids of those behind the number */
	size_t control_count;
	int64_t value;
	bool whole; /* nothing that it counts was left unread */
};

struct kept_trust {
	struct str domain, partner;	      /* identities; empty: not known */
	struct str domain_name, partner_name; /* empty in an anonymous run */
	struct str direction, type, filtering, selective, delegation;
};

struct kept_foreign {
	struct str sid, domain, group; /* sid and group empty in an anonymous run */
	bool privileged;
};

struct kept_run {
	struct compare_run shown;
	struct str name, finess, ght;
	struct run_domain *domains;
	struct str *identities; /* a domain each; empty: it has none */
	size_t domain_count;
	bool keyed; /* identities are keyed hashes */
	uint64_t objects, users, users_enabled, users_unread, computers;
	struct kept_control *controls; /* by id; without the site's own */
	size_t control_count;
	struct kept_indicator *indicators;
	size_t indicator_count;
	struct kept_trust *trusts;
	size_t trust_count;
	struct kept_foreign *foreign;
	size_t foreign_count;
	size_t member; /* when the whole is known */
	size_t given;  /* which of those given it was */
};

struct compare {
	struct compare_rules rules;
	struct arena arena;
	struct kept_run *runs;
	size_t run_count, run_room;
	struct hash control_at; /* compare_fill_controls(): the place of each id */
	struct hash words;	/* texts kept once; values are indexes of word[] */
	struct str *word;
	size_t word_count, word_room;
	struct hash wanted; /* SIDs of members from elsewhere: indexes of names[] */
	struct str *names;  /* empty: not found */
	size_t wanted_count, wanted_room;
	/* Under compare_finish(): */
	struct comparison *out;
	struct compare_member *members;
	const struct kept_run **last; /* of each member */
	size_t member_count;
	struct str *notes;
	size_t note_count;
};

/* One copy of each text. */
struct str compare_keep(struct compare *c, struct str s);
/* The control of a kept run; NULL: its catalogue has none. */
const struct kept_control *kept_find(const struct kept_run *k, struct str id);

/* compare_members.c */
void compare_join_members(struct compare *c);
/* compare_controls.c: controls, then indicators, which ask which controls are comparable. */
void compare_fill_controls(struct compare *c);
void compare_fill_indicators(struct compare *c);
/* compare_trusts.c */
void compare_fill_trusts(struct compare *c);
void compare_fill_foreign(struct compare *c);

#endif
