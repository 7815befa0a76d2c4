/*
 * A thin main around collect_run(), for tests of the transport that need nothing else of the
 * program: collect_driver [--server URI]… [--domain NAME] [--auth A] [--user U]
 * [--password-file F] [--keytab F] [--ca-file F] [--starttls] [--timeout S] [--extra ATTRIBUTE]…
 * [--print ATTRIBUTE] --output FILE. Prints what it read (and every value of one attribute, in
 * hex), errors on standard error, and exits as the program would.
 */
#include "base/platform.h"
#include "collect/collect.h"

#include <stdio.h>
#include <string.h>

struct print_cx {
	struct snapshot *s;
	struct str attribute;
};

static int print_values(void *cx, const struct snapshot_record *r, struct err *err)
{
	struct print_cx *p = cx;
	struct packed_cursor c = packed_begin(r->packed);
	struct str v;

	(void)err;
	while (packed_next(&c)) {
		if (!str_ieq(snapshot_attribute_name(p->s, c.attribute), p->attribute))
			continue;
		while ((v = packed_value(&c)).p) {
			printf("value %.*s ", STR_ARG(r->dn));
			for (size_t i = 0; i < v.n; i++)
				printf("%02x", (unsigned)(unsigned char)v.p[i]);
			putchar('\n');
		}
	}
	return 0;
}

static int print(const char *path, const char *attribute, struct err *err)
{
	int rc = 0;

	static const char *const keys[] = { META_SOURCE, META_SERVER, META_COLLECTED_AT,
		META_READER_DN, META_READER_SID, META_READER_TOKEN, META_ATTRIBUTES_ASKED,
		META_LAST_LOGON };
	struct snapshot *s = NULL;

	if (snapshot_open(path, &s, err))
		return err->code;
	printf("objects %llu\n", (unsigned long long)snapshot_object_count(s));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct str v = snapshot_meta(s, keys[i]);

		if (v.p)
			printf("%s %.*s\n", keys[i], STR_ARG(v));
	}
	for (size_t i = 0; i < snapshot_coverage_count(s); i++) {
		struct coverage c = snapshot_coverage_at(s, i);

		printf("coverage %.*s | %s | %.*s\n", STR_ARG(c.need), coverage_state_name(c.state),
			STR_ARG(c.detail));
	}
	if (attribute) {
		struct print_cx cx = { s, str_of(attribute) };

		rc = snapshot_each(s, print_values, &cx, err);
	}
	snapshot_close(s);
	return rc;
}

struct arguments {
	struct collect_options o;
	const char *servers[64];
	struct str extra[64];
	const char *output, *print;
};

static bool set(struct arguments *a, const char *name, const char *value)
{
	struct str v = str_of(value);
	int64_t n = 0;

	if (!strcmp(name, "--server") && a->o.server_count < ARRAY_LEN(a->servers))
		a->servers[a->o.server_count++] = value;
	else if (!strcmp(name, "--extra") && a->o.extra_count < ARRAY_LEN(a->extra))
		a->extra[a->o.extra_count++] = v;
	else if (!strcmp(name, "--domain"))
		a->o.domain = value;
	else if (!strcmp(name, "--auth"))
		a->o.auth = !strcmp(value, "simple")	 ? AUTH_SIMPLE
			    : !strcmp(value, "external") ? AUTH_EXTERNAL
							 : AUTH_GSSAPI;
	else if (!strcmp(name, "--user"))
		a->o.user = value;
	else if (!strcmp(name, "--password-file"))
		a->o.password_file = value;
	else if (!strcmp(name, "--keytab"))
		a->o.keytab = value;
	else if (!strcmp(name, "--ca-file"))
		a->o.ca_file = value;
	else if (!strcmp(name, "--output"))
		a->output = value;
	else if (!strcmp(name, "--print"))
		a->print = value;
	else if (!strcmp(name, "--timeout") && str_to_i64(v, &n))
		a->o.timeout_seconds = (int)n;
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	struct arguments a = { 0 };
	struct snapshot_writer *w = NULL;
	struct progress progress;
	struct err err = { 0 };
	int rc;

	a.o.servers = a.servers;
	a.o.extra = a.extra;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--starttls")) {
			a.o.starttls = true;
		} else if (i + 1 == argc || !set(&a, argv[i], argv[i + 1])) {
			fprintf(stderr, "collect_driver: %s?\n", argv[i]);
			return 64;
		} else {
			i++;
		}
	}
	if (!a.output)
		return 64;
	platform_catch_interrupts();
	progress_init(&progress, true);
	rc = snapshot_create(a.output, &w, &err);
	if (!rc) {
		rc = collect_run(&a.o, w, &progress, &err);
		if (rc)
			snapshot_abandon(w);
		else
			rc = snapshot_finish(w, &err);
	}
	if (!rc)
		rc = print(a.output, a.print, &err);
	if (rc)
		fprintf(stderr, "%s\n", err.text);
	return -rc;
}
