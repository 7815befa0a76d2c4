/* Inside src/policy: what filter.c parses and filter_match.c evaluates. */
#ifndef POLICY_FILTER_TREE_H
#define POLICY_FILTER_TREE_H

#include "policy/filter.h"

enum filter_op {
	FILTER_AND,
	FILTER_OR,
	FILTER_NOT,
	FILTER_PRESENT,
	FILTER_EQUAL,
	FILTER_SUBSTRING,
	FILTER_AT_LEAST,
	FILTER_AT_MOST,
	FILTER_BIT_AND,
	FILTER_BIT_OR,
	FILTER_IN_CHAIN,
};

struct filter {
	enum filter_op op;
	const struct filter *child, *next; /* AND, OR, NOT; the next one of the same list */
	struct str attribute;
	struct str value;	 /* unescaped */
	bool is_number;		 /* value is a whole number … */
	int64_t number;		 /* … this one */
	struct str canonical;	 /* value is a DN, in ad/dn.h's spelling; else NULL */
	struct str binary;	 /* value is the text of a SID or GUID, as bytes; else NULL */
	const struct str *parts; /* SUBSTRING: folded; the first is the beginning, the last the end;
				    both may be empty */
	size_t part_count;
};

#endif
