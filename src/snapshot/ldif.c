/*
 * Imports LDIF files. A record is brought whole into one buffer and worked on in place there, so
 * that no value is copied before it is packed, and memory is that of the largest record.
 */
#include "snapshot/ldif.h"

#include "ad/filetime.h"
#include "base/datetime.h"
#include "base/limits.h"
#include "base/platform.h"
#include "snapshot/ldif_record.h"
#include "snapshot/ldif_source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BUFFER ((size_t)1024 * 1024)
#define READ_LEAST 16 /* what ldif_source_read() wants */
/* Of a hundred entries read with "*", how many show it: real exports hold a few objects of which
 * the reader saw nearly nothing. */
#define PERCENT_ALL 95

struct ldif {
	struct ldif_record record;
	struct progress *progress;
	struct ldif_source *source;
	char *p; /* bytes from begin to end are not worked on yet */
	size_t begin, end, room;
	bool eof;
	uint64_t line;	/* lines before begin */
	bool from_tool; /* ldapsearch wrote it: each search of it ends with a result */
	bool has_result;
	uint64_t entries, entries_all; /* of this file: entries, and those read with "*" */
	uint64_t records;	       /* of all files */
	bool all_files;		       /* every file so far was read with "*" */
	bool has_time;
	char time[DATETIME_TEXT];
};

static int refuse(const struct ldif *l, const char *what, struct err *err)
{
	return err_set(err, ERR_SOURCE, "%s:%" PRIu64 ": %s", l->record.path, l->record.line, what);
}

static const struct str nothing = { NULL, 0 };

/* Makes room and reads on; what was worked on is given up. */
static int refill(struct ldif *l, struct err *err)
{
	size_t got;

	memmove(l->p, l->p + l->begin, l->end - l->begin);
	l->end -= l->begin;
	l->begin = 0;
	if (l->room - l->end < READ_LEAST) {
		if (l->room >= LIMIT_RECORD_BYTES)
			return err_set(err, ERR_SOURCE,
				"%s:%" PRIu64 ": the record that begins here is over %u MiB; is "
				"this an LDIF file?",
				l->record.path, l->line + 1, LIMIT_RECORD_BYTES >> 20);
		l->room *= 2;
		l->p = xrealloc(l->p, l->room);
	}
	do {
		if (ldif_source_read(l->source, l->p + l->end, l->room - l->end, &got, err))
			return err->code;
		l->end += got;
	} while (got && l->room - l->end >= READ_LEAST);
	l->eof = got == 0;
	return platform_check_interrupted(err);
}

/* The next run of lines up to an empty one: *n its bytes, 0 at the end of the file. */
static int next_record(struct ldif *l, char **p, size_t *n, struct err *err)
{
	size_t scan = 0; /* from begin: start of the line looked at */

	for (;;) {
		char *line = l->p + l->begin + scan;
		char *nl = memchr(line, '\n', l->end - l->begin - scan);

		if (!nl && !l->eof) {
			if (refill(l, err))
				return err->code;
			continue;
		}
		bool empty = nl && (nl == line || (nl == line + 1 && *line == '\r'));
		if (nl && !empty) {
			scan = (size_t)(nl + 1 - l->p) - l->begin;
			continue;
		}
		*p = l->p + l->begin;
		*n = nl ? scan : l->end - l->begin;
		l->begin = nl ? (size_t)(nl + 1 - l->p) : l->end;
		if (*n || !nl)
			return 0;
		l->line++;
		scan = 0;
	}
}

/* A coverage entry: need and detail are each a word and an argument. */
static int put_note(struct ldif *l, const char *need, const char *of, enum coverage_state state,
	const char *code, struct str argument, struct err *err)
{
	struct buf n = { 0 }, d = { 0 };

	buf_printf(&n, *of ? "%s %s" : "%s%s", need, of);
	buf_putz(&d, code);
	if (argument.n) {
		buf_putc(&d, ' ');
		buf_put_str(&d, argument);
	}
	int failed = snapshot_put_coverage(l->record.w, buf_str(&n), state, buf_str(&d), err);
	buf_free(&n);
	buf_free(&d);
	return failed;
}

static const char *base_name(const char *path)
{
	const char *name = path;

	for (const char *p = path; *p; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	return name;
}

/* Lines in front of or instead of an entry: the version, and what ldapsearch adds at the end.
 * *known is false when it is none of them. */
static int take_other_line(
	struct ldif *l, const struct ldif_line *line, bool *known, struct err *err)
{
	static const char *const ignored[] = { "search", "control", "matchedDN", "text",
		"pagedresults", "numResponses", "numEntries", "numReferences" };
	struct str rest, value = { line->value, line->n };

	*known = true;
	if (str_ieq(line->name, STR("version"))) {
		if (!str_eq(str_trim(value), STR("1")))
			return refuse(l, "only version 1 of LDIF (RFC 2849) is known.", err);
		return 0;
	}
	if (str_ieq(line->name, STR("result"))) {
		struct str code = str_cut(value, ' ', &rest);

		l->has_result = true;
		if (str_eq(code, STR("0")))
			return 0;
		return put_note(l, "source", base_name(l->record.path), COVERAGE_TRUNCATED,
			"ldap_result", code, err);
	}
	if (str_ieq(line->name, STR("ref")))
		return put_note(l, "referral", "", COVERAGE_NOTE, "not_followed", value, err);
	for (size_t i = 0; i < ARRAY_LEN(ignored); i++)
		if (str_ieq(line->name, str_of(ignored[i])))
			return 0;
	*known = false;
	return 0;
}

/* A search of ldapsearch that has no result was cut short. */
static int end_search(struct ldif *l, struct err *err)
{
	if (!l->from_tool || l->has_result)
		return 0;
	return put_note(l, "source", base_name(l->record.path), COVERAGE_TRUNCATED, "no_result",
		nothing, err);
}

/* Remembers the time of the first rootDSE. */
static void take_time(struct ldif *l)
{
	int64_t seconds;

	if (l->record.dn.n || l->has_time)
		return;
	if (generalized_time_parse(ldif_record_first(&l->record, STR("currentTime")), &seconds)) {
		datetime_iso(seconds, l->time);
		l->has_time = true;
	}
}

static int end_entry(struct ldif *l, struct err *err)
{
	struct ldif_record *r = &l->record;

	if (!r->open)
		return 0;
	take_time(l);
	l->entries++;
	/* instanceType is on every object, and nobody asks for it or for the other two by name. The
	 * rootDSE has none of them. */
	if (r->dn.n == 0 || (ldif_record_has(r, STR("instanceType")) &&
				    (ldif_record_has(r, STR("uSNChanged")) ||
					    ldif_record_has(r, STR("dSCorePropagationData")))))
		l->entries_all++;
	progress_step(l->progress, ++l->records, 0);
	return ldif_record_end(r, err);
}

/* Coverage about an object whose DN is not known. */
static int lost_record(struct ldif *l, const char *code, struct err *err)
{
	char where[32];

	snprintf(where, sizeof(where), "line %" PRIu64, l->record.line);
	return put_note(l, "record", base_name(l->record.path), COVERAGE_MALFORMED, code,
		str_of(where), err);
}

static int begin_entry(struct ldif *l, struct ldif_line *line, bool *skip, struct err *err)
{

	/* No blank line in front: the entry before it ends here. */
	if (end_entry(l, err))
		return err->code;
	if ((line->form == LDIF_BASE64 && !ldif_base64(line->value, &line->n)) ||
		line->n > LIMIT_DN_BYTES || memchr(line->value, '\0', line->n)) {
		*skip = true;
		return lost_record(l, "bad_dn", err);
	}
	ldif_record_begin(&l->record, (struct str){ line->value, line->n });
	return 0;
}

/* Lines that belong to no entry: a stray blank line has cut one in two, so that what stands here
 * is missing from the entry before it. */
static int stray(struct ldif *l, bool *skip, struct err *err)
{
	struct ldif_record *r = &l->record;

	*skip = true;
	if (l->entries == 0)
		return lost_record(l, "no_dn", err);
	r->dn = buf_str(&r->last);
	return ldif_record_damage(r, nothing, COVERAGE_MALFORMED, "stray_lines", err);
}

/* ldapsearch begins each search with this comment and ends it with a result. */
static int begin_search(struct ldif *l, struct err *err)
{
	int code = end_search(l, err);

	l->from_tool = true;
	l->has_result = false;
	return code;
}

/* One unfolded line of an entry. */
static int take_line(struct ldif *l, char *p, size_t n, bool *skip, struct err *err)
{
	struct ldif_line line;
	bool known;

	if (n == 0 || *p == '#') {
		if (str_starts((struct str){ p, n }, STR("# extended LDIF")))
			return begin_search(l, err);
		return 0;
	}
	if (!ldif_split(p, n, &line)) {
		if (*skip)
			return 0;
		if (!l->record.open)
			return stray(l, skip, err);
		return ldif_record_damage(&l->record, nothing, COVERAGE_MALFORMED, "bad_line", err);
	}
	if (line.form == LDIF_URL)
		return refuse(l,
			"a value is given by a URL (\":<\"), and no other file is ever opened; "
			"write the value itself into the LDIF.",
			err);
	if (str_ieq(line.name, STR("dn")) && line.options.n == 0) {
		*skip = false;
		return begin_entry(l, &line, skip, err);
	}
	if (*skip)
		return 0;
	if (!l->record.open) {
		if (take_other_line(l, &line, &known, err))
			return err->code;
		return known ? 0 : stray(l, skip, err);
	}
	if (str_ieq(line.name, STR("changetype"))) {
		/* "add" is how ldifde -f exports. */
		if (str_ieq(str_trim((struct str){ line.value, line.n }), STR("add")))
			return 0;
		return refuse(l,
			"this is a file of changes (changetype modify, delete or modrdn), not the "
			"export of a directory; export with ldapsearch or ldifde -f.",
			err);
	}
	return ldif_record_add(&l->record, &line, err);
}

static int take_record(struct ldif *l, char *p, size_t n, struct err *err)
{
	char *end = p + n;
	bool skip = false;

	while (p < end) {
		size_t line_n;

		l->record.line = l->line + 1;
		char *line = ldif_unfold(&p, end, &l->line, &line_n);
		if (take_line(l, line, line_n, &skip, err))
			return err->code;
	}
	l->line++; /* the empty line behind it */
	return end_entry(l, err);
}

/* What is known when a file has been read to its end. */
static int end_file(struct ldif *l, struct err *err)
{

	if (l->entries == 0)
		return err_set(err, ERR_SOURCE,
			"'%s' holds no entry; is it an LDIF file, and did the export succeed?",
			l->record.path);
	if (l->entries_all * 100 < l->entries * PERCENT_ALL)
		l->all_files = false;
	return end_search(l, err);
}

static int import_file(struct ldif *l, const char *path, struct err *err)
{
	char *p = NULL;
	size_t n = 0;

	l->begin = l->end = 0;
	l->eof = l->from_tool = l->has_result = false;
	l->line = l->entries = l->entries_all = 0;
	l->record.path = path;
	buf_clear(&l->record.last);
	int code = ldif_source_open(path, &l->source, err);
	while (!code && !(code = next_record(l, &p, &n, err)) && n)
		code = take_record(l, p, n, err);
	if (!code)
		code = end_file(l, err);
	ldif_source_close(l->source);
	l->source = NULL;
	return code;
}

static int put_meta(struct ldif *l, const char *const *paths, size_t count, struct err *err)
{
	struct snapshot_writer *w = l->record.w;
	struct buf names = { 0 };

	for (size_t i = 0; i < count; i++)
		buf_printf(&names, i ? ", %s" : "%s", base_name(paths[i]));
	int code = snapshot_put_meta(w, META_SOURCE, STR("ldif"), err);
	if (!code)
		code = snapshot_put_meta(w, META_SERVER, buf_str(&names), err);
	buf_free(&names);
	if (!code && l->all_files)
		code = snapshot_put_meta(w, META_LDIF_ALL, STR("1"), err);
	if (!code && l->has_time)
		code = snapshot_put_meta(w, META_COLLECTED_AT, str_of(l->time), err);
	if (!code)
		code = snapshot_put_coverage(
			w, STR("identity"), COVERAGE_NOTE, STR("reader_unknown"), err);
	return code;
}

int ldif_import(struct snapshot_writer *w, const char *const *paths, size_t count,
	struct progress *progress, struct err *err)
{
	struct ldif l = { .progress = progress, .room = FIRST_BUFFER, .all_files = true };
	int code = 0;

	if (count == 0)
		return err_set(err, ERR_USAGE, "No LDIF file is named; give --ldif FILE.");
	l.p = xmalloc(l.room);
	ldif_record_init(&l.record, w);
	for (size_t i = 0; i < count && !code; i++)
		code = import_file(&l, paths[i], err);
	if (!code)
		code = put_meta(&l, paths, count, err);
	ldif_record_free(&l.record);
	free(l.p);
	return code;
}
