/*
 * Every user account against the rule of its class, and the shortest set of changes that brings all
 * of them to it. The rules are the parameters of the controls about length; a class whose control
 * is switched off is asked nothing.
 */
#ifndef ENGINE_PASSWORD_CENSUS_H
#define ENGINE_PASSWORD_CENSUS_H

#include "engine/internal.h"

struct class_count {
	int64_t required, held, not_held, unknown;
};

/* What brings accounts to the rule. Of the domain each stands in, but for a PSO, once: the domain's
 * policy gives ordinary people what they need, one new PSO the administrators, one the services. */
enum password_change {
	RAISE_DOMAIN_POLICY,
	RAISE_PSO,
	NEW_PSO_ADMINS,
	NEW_PSO_SERVICES,
	CLEAR_NOT_REQUIRED,
	CLEAR_NEVER_EXPIRES,
};

struct change_row {
	enum password_change change;
	const struct ad_object *policy; /* the policy to raise, else the head of the domain */
	struct password_rule rule;	/* what it must ask for then; flags: nothing */
	int64_t accounts;		/* that it is a cause for */
	int64_t brought;		/* brought to the rule by it, after those before it */
};

/* Accounts under one policy. */
struct policy_count {
	const struct ad_object *policy;	 /* a domain's head or a PSO; NULL: not known */
	struct password_policy settings; /* of the first account */
	bool seen;
	int64_t users, classes[PASSWORD_CLASSES];
	struct class_count count;
};

struct password_census {
	bool asked[PASSWORD_CLASSES];
	struct password_rule rules[PASSWORD_CLASSES];
	struct class_count classes[PASSWORD_CLASSES];
	bool services_known; /* of every account it is known whether it is a service */
	int64_t managed; /* enabled managed service accounts: AD makes and changes their passwords
			  */
	/* Domain heads, then PSOs, in DN order each; one more for accounts whose is not known. */
	struct policy_count *policies;
	size_t policy_count;
	uint32_t *place;	    /* in policies; by object index */
	struct change_row *changes; /* most accounts brought first */
	size_t change_count;
};

/* To be freed by password_census_free(). */
void password_census_take(const struct evaluation *e, struct password_census *c);
void password_census_free(struct password_census *c);

#endif
