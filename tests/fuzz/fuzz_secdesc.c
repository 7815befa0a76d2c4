/* The bytes as a descriptor, and as SDDL; what is read is asked, written and read again. */
#include "ad/sddl.h"
#include "ad/secdesc.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct sid domain = { 1, 4, 5, { 21, 1, 2, 3 } };

static void ask(const struct secdesc *sd)
{
	struct sid sids[3] = { sd->owner, { 1, 1, 1, { 0 } } };
	struct token token = { sids, 3 };
	struct access_question q = { .right = RIGHT_WRITE_DAC };

	if (sd->dacl_count)
		sids[2] = sd->dacl[sd->dacl_count - 1].sid;
	for (size_t i = 0; i < sd->dacl_count && i < 64; i++) {
		q.attribute = sd->dacl[i].object_type;
		q.right = sd->dacl[i].mask;
		q.self = sd->dacl[i].sid;
		secdesc_grants(sd, &token, &q);
	}
	/* Nobody gets nothing but by a missing DACL. */
	q.right = RIGHT_DS_WRITE_PROPERTY;
	token.count = 0;
	q.self = (struct sid){ 0 };
	assert(secdesc_grants(sd, &token, &q) == !sd->has_dacl);
}

static void check(struct arena *a, struct str bytes, bool from_sddl)
{
	struct secdesc sd, again;
	struct str text, made, text2;

	if (!secdesc_parse(a, bytes, &sd)) {
		assert(!from_sddl);
		return;
	}
	ask(&sd);
	assert(secdesc_to_sddl(a, bytes, &text));
	/* Conditions and SIDs without a part have no SDDL that is read back. */
	if (sddl_to_bytes(a, text, &domain, &made)) {
		assert(secdesc_parse(a, made, &again));
		assert(again.dacl_count == sd.dacl_count);
		assert(secdesc_to_sddl(a, made, &text2) && str_eq(text, text2));
	} else {
		assert(!from_sddl);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size }, made;
	struct arena a = { 0 };

	check(&a, input, false);
	if (sddl_to_bytes(&a, input, &domain, &made))
		check(&a, made, true);
	arena_free(&a);
	return 0;
}
