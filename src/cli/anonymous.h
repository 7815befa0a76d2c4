/*
 * The key of anonymous runs. It is made at its first use from the system's random source and stays
 * at the facility, beside the folders of reports or at --anonymous-key; facilities that are to be
 * matched with one another share one.
 */
#ifndef CLI_ANONYMOUS_H
#define CLI_ANONYMOUS_H

#include "cli/cli.h"
#include "base/sha256.h"

struct anonymous {
	bool wanted;
	const char *key_path;
	unsigned char key[HMAC_KEY_BYTES];
	struct run named; /* what the anonymous run was made of, and points into */
};

/* Reads the key, or makes it. folder: of the reports; NULL: in the working folder. Without
 * --anonymous nothing. */
int anonymous_begin(struct cli *cli, const char *folder, struct anonymous *out, struct err *err);
/* ERR_USAGE when the key stands in that folder, which is sent, or below it. */
int anonymous_check_folder(const struct anonymous *a, const char *folder, struct err *err);
/* Puts the anonymous run into *run; the named one goes to a->named. */
int anonymous_strip(
	struct anonymous *a, const struct rules *rules, struct run *run, struct err *err);
void anonymous_end(struct anonymous *a);

/* Reads a key from path; ERR_USAGE when there is none in it. */
int anonymous_key_read(const char *path, unsigned char *key, struct err *err);
/* For rules that take a function: key is HMAC_KEY_BYTES. */
int anonymous_keyed(const void *key, struct str sid, char out[65], struct err *err);

#endif
