/*
 * Runs the cases of controls: run_case BASE [--keep FOLDER] FOLDER|FILE.case … | run_case BASE
 * --base A file has the control's name; each of its sections starts from the base directory and
 * says what the control must answer (docs/adding-a-control.md). --base: every control is quiet in
 * the base.
 * --keep: the snapshot of each section stays there, as CONTROL-LINE.adsnap.
 */
#include "tests/cases/directory.h"
#include "tests/cases/sums.h"

#include "base/platform.h"
#include "checks/registry.h"
#include "engine/engine.h"
#include "engine/previous.h"

#include <stdarg.h>
#include <stdlib.h>

#define MAX_DNS 64
#define MAX_EVIDENCE 32
#define MAX_FILES 500
#define MAX_PREVIOUS 16
#define MAX_LISTS 4

struct evidence_line {
	struct str dn, key, value;
	unsigned line;
};

struct list { /* a file that the policy names */
	struct str name;
	struct buf text;
};

struct section {
	struct str title;
	unsigned line;
	struct directory *directory;
	struct buf policy;
	struct list lists[MAX_LISTS];
	size_t list_count;
	struct buf *under_way; /* to which indented lines belong; NULL: to none */
	bool expects;
	struct str status, reason, note;
	int64_t level; /* 0: any */
	struct str dns[MAX_DNS];
	size_t dn_count;
	struct evidence_line evidence[MAX_EVIDENCE];
	size_t evidence_count;
	struct previous_run previous; /* when has_previous */
	struct previous_account were[MAX_PREVIOUS];
	bool has_previous;
};

struct runner {
	struct catalogue catalogue;
	struct directory *base;
	const char *keep; /* where snapshots stay; NULL: nowhere */
	const char *file; /* under way */
	struct str control;
	unsigned sections, failures;
	bool failed; /* the section under way */
};

static void fail(struct runner *r, unsigned line, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void fail(struct runner *r, unsigned line, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	printf("%s:%u: %s\n", r->file, line, text);
	r->failed = true;
}

/* ---- what a section expects ----------------------------------------------------------------- */

static bool is_status(struct str word)
{
	for (int s = 0; s < STATUS_COUNT; s++)
		if (str_eq(word, str_of(run_status_name((enum run_status)s))))
			return true;
	return false;
}

/* The rootDSE's DN is empty. */
static struct str read_dn(struct str text)
{
	struct str dn = str_trim(text);

	return str_eq(dn, STR("rootDSE")) ? STR("") : dn;
}

static void read_dns(struct runner *r, struct section *s, struct str rest, unsigned line)
{
	while (str_trim(rest).n > 0) {
		if (s->dn_count == MAX_DNS) {
			fail(r, line, "too many DNs");
			return;
		}
		s->dns[s->dn_count++] = read_dn(str_cut(rest, '|', &rest));
	}
}

/* expect STATUS [level N] [DN | DN …]; expect reason CODE; expect note CODE */
static void read_expect(struct runner *r, struct section *s, struct str text, unsigned line)
{
	struct str rest, word = str_cut(text, ' ', &rest);

	if (str_eq(word, STR("reason"))) {
		s->reason = str_trim(rest);
		return;
	}
	if (str_eq(word, STR("note"))) {
		s->note = str_trim(rest);
		return;
	}
	if (!is_status(word) || s->expects)
		fail(r, line, "'expect STATUS' is expected, once a section");
	s->expects = true;
	s->status = word;
	if (str_starts(rest, STR("level "))) {
		rest = (struct str){ rest.p + 6, rest.n - 6 };
		if (!str_to_i64(str_cut(rest, ' ', &rest), &s->level))
			fail(r, line, "'level N' is expected");
	}
	read_dns(r, s, rest, line);
	if ((str_eq(word, STR("fail")) || str_eq(word, STR("waived"))) != (s->dn_count > 0))
		fail(r, line,
			"the DNs of the findings belong to fail and waived, and must be there");
}

/* evidence KEY VALUE @ DN */
static void read_evidence(struct runner *r, struct section *s, struct str text, unsigned line)
{
	struct evidence_line *e = &s->evidence[s->evidence_count];
	struct str rest;
	size_t at;

	e->key = str_cut(text, ' ', &rest);
	for (at = 0; at < rest.n; at++)
		if (str_starts((struct str){ rest.p + at, rest.n - at }, STR(" @ ")))
			break;
	if (at == rest.n || s->evidence_count == MAX_EVIDENCE) {
		fail(r, line, "'evidence KEY VALUE @ DN' is expected");
		return;
	}
	e->value = (struct str){ rest.p, at };
	e->dn = read_dn((struct str){ rest.p + at + 3, rest.n - at - 3 });
	e->line = line;
	s->evidence_count++;
}

static int by_sid(const void *a, const void *b)
{
	return str_cmp(((const struct previous_account *)a)->sid,
		((const struct previous_account *)b)->sid);
}

/* previous: [unlisted] [incomplete] SID SID …: who was privileged in the run before. */
static void read_previous(struct runner *r, struct section *s, struct str rest, unsigned line)
{
	s->has_previous = true;
	s->previous =
		(struct previous_run){ .listed = true, .complete = true, .accounts = s->were };
	for (struct str word; str_trim(rest).n;) {
		word = str_cut(str_trim(rest), ' ', &rest);
		if (str_eq(word, STR("unlisted")))
			s->previous.listed = false;
		else if (str_eq(word, STR("incomplete")))
			s->previous.complete = false;
		else if (s->previous.count < MAX_PREVIOUS)
			s->were[s->previous.count++] = (struct previous_account){ .sid = word };
		else
			fail(r, line, "too many SIDs");
	}
	qsort(s->were, s->previous.count, sizeof(*s->were), by_sid);
}

/* The title promises a verdict: what "quiet" says must not be an unknown. */
static void check_title(struct runner *r, const struct section *s)
{
	static const struct {
		const char *title, *status, *other;
	} promises[] = {
		{ "fires", "fail", "fail" },
		{ "quiet", "pass", "not_applicable" },
		{ "not readable", "unknown", "unknown" },
	};

	for (size_t i = 0; i < ARRAY_LEN(promises); i++)
		if (str_starts(s->title, str_of(promises[i].title)) &&
			!str_eq(s->status, str_of(promises[i].status)) &&
			!str_eq(s->status, str_of(promises[i].other)))
			fail(r, s->line, "a section '%s' expects %s", promises[i].title,
				promises[i].status);
}

/* ---- what the control said ------------------------------------------------------------------ */

static const struct run_control *find_control(const struct run *run, struct str id)
{
	for (size_t i = 0; i < run->control_count; i++)
		if (str_eq(run->controls[i].id, id))
			return &run->controls[i];
	return NULL;
}

static const struct run_object *find_object(const struct run_control *c, struct str dn)
{
	for (size_t i = 0; i < c->object_count; i++)
		if (str_ieq(c->objects[i].dn, dn))
			return &c->objects[i];
	return NULL;
}

static bool has_evidence(const struct run_object *o, const struct evidence_line *want)
{
	for (size_t i = 0; i < o->evidence_count; i++)
		for (size_t v = 0; v < o->evidence[i].count; v++)
			if (str_eq(o->evidence[i].key, want->key) &&
				str_eq(o->evidence[i].values[v], want->value))
				return true;
	return false;
}

static void compare_objects(struct runner *r, const struct section *s, const struct run_control *c)
{
	for (size_t i = 0; i < s->dn_count; i++)
		if (!find_object(c, s->dns[i]))
			fail(r, s->line, "no finding on %.*s", STR_ARG(s->dns[i]));
	for (size_t i = 0; i < c->object_count; i++) {
		bool wanted = false;

		for (size_t k = 0; k < s->dn_count && !wanted; k++)
			wanted = str_ieq(s->dns[k], c->objects[i].dn);
		if (!wanted)
			fail(r, s->line, "unexpected finding on %.*s", STR_ARG(c->objects[i].dn));
	}
	for (size_t i = 0; i < s->evidence_count; i++) {
		const struct run_object *o = find_object(c, s->evidence[i].dn);

		if (!o || !has_evidence(o, &s->evidence[i]))
			fail(r, s->evidence[i].line, "no evidence %.*s %.*s on %.*s",
				STR_ARG(s->evidence[i].key), STR_ARG(s->evidence[i].value),
				STR_ARG(s->evidence[i].dn));
	}
}

static void compare(struct runner *r, const struct section *s, const struct run *run)
{
	const struct run_control *c = find_control(run, r->control);
	bool noted = s->note.p == NULL;

	if (!c) {
		fail(r, s->line, "there is no control %.*s", STR_ARG(r->control));
		return;
	}
	if (!str_eq(s->status, str_of(run_status_name(c->status))))
		fail(r, s->line, "expected %.*s, got %s (reason: %.*s)", STR_ARG(s->status),
			run_status_name(c->status), STR_ARG(c->reason));
	if (s->level && s->level != c->failed_level)
		fail(r, s->line, "expected level %d, got %d", (int)s->level, c->failed_level);
	if (s->reason.p && !str_eq(s->reason, c->reason))
		fail(r, s->line, "expected reason %.*s, got %.*s", STR_ARG(s->reason),
			STR_ARG(c->reason));
	for (size_t i = 0; i < c->note_count && !noted; i++)
		noted = str_eq(c->notes[i], s->note);
	if (!noted)
		fail(r, s->line, "no note %.*s", STR_ARG(s->note));
	compare_objects(r, s, c);
}

/* ---- one evaluation ------------------------------------------------------------------------- */

struct world {
	struct policy policy;
	struct model *model;
	struct run run;
};

static void world_free(struct world *w)
{
	run_free(&w->run);
	model_free(w->model);
	policy_free(&w->policy);
}

/* The lists are written into a folder of this process; its name is put before theirs wherever the
 * fragment says it. */
static int write_lists(const struct section *s, const char *folder, struct err *err)
{
	struct arena a = { 0 };
	bool created;
	int rc = s->list_count ? platform_make_folder(folder, &created, err) : 0;

	for (size_t i = 0; i < s->list_count && !rc; i++) {
		const struct list *l = &s->lists[i];
		const char *path = arena_printf(&a, "%s/%.*s", folder, STR_ARG(l->name)).p;
		FILE *f = fopen(path, "wb");

		if (f)
			fwrite(l->text.p, 1, l->text.n, f);
		rc = f ? platform_finish(f, path, err)
		       : err_set(err, ERR_OUTPUT, "cannot write %s", path);
	}
	arena_free(&a);
	return rc;
}

static void place_lists(const struct section *s, const char *folder, struct buf *out)
{
	struct str text = buf_str(&s->policy);

	for (size_t i = 0; i < text.n; i++) {
		struct str rest = { text.p + i, text.n - i };

		for (size_t k = 0; k < s->list_count; k++)
			if (str_starts(rest, s->lists[k].name)) {
				buf_putz(out, folder);
				buf_putc(out, '/');
			}
		buf_putc(out, text.p[i]);
	}
}

static int evaluate(struct runner *r, struct directory *d, unsigned line, struct str fragment,
	const struct previous_run *previous, struct world *w, struct err *err)
{
	struct buf yaml = { 0 };
	struct embedded_file file = { .name = "case.yaml" };
	const struct policy_mistake *mistakes;
	size_t mistake_count, keep_count;
	const struct str *keep;
	char path[1024];
	int rc;

	if (r->keep)
		snprintf(path, sizeof(path), "%s/%.*s-%u.adsnap", r->keep, STR_ARG(r->control),
			line);
	else
		snprintf(path, sizeof(path), "case-%ld.adsnap", platform_pid());
	buf_putz(&yaml, "schema: 1\nname: case\n");
	buf_put_str(&yaml, fragment);
	file.bytes = (const unsigned char *)yaml.p;
	file.size = yaml.n;
	rc = policy_load("case", &file, 1, &w->policy, &mistakes, &mistake_count, err);
	if (rc == 0)
		rc = engine_bind(&r->catalogue, &w->policy, &mistakes, &mistake_count, err);
	if (rc == 0) {
		keep_count = engine_attributes(&w->policy, &w->policy.arena, &keep);
		rc = directory_load(d, &w->policy, keep, keep_count, path, &w->model, err);
	}
	if (!r->keep)
		platform_remove(path);
	if (rc == 0)
		rc = engine_run(&r->catalogue, &w->policy, w->model, previous, NULL, &w->run, err);
	buf_free(&yaml);
	return rc;
}

/* Whatever the section is about, its families' numbers add up. */
static void check_sums(struct runner *r, unsigned line, const struct run *run)
{
	struct buf wrong = { 0 };

	sums_check(run, &wrong);
	if (wrong.n)
		fail(r, line, "%s", buf_z(&wrong));
	buf_free(&wrong);
}

static void run_section(struct runner *r, struct section *s)
{
	struct world w = { 0 };
	struct buf policy = { 0 };
	char folder[64];
	struct err err;

	if (!s->directory)
		return;
	r->sections++;
	if (!s->expects)
		fail(r, s->line, "this section expects nothing");
	check_title(r, s);
	snprintf(folder, sizeof(folder), "case-%ld", platform_pid());
	place_lists(s, folder, &policy);
	if (write_lists(s, folder, &err) ||
		evaluate(r, s->directory, s->line, buf_str(&policy),
			s->has_previous ? &s->previous : NULL, &w, &err))
		fail(r, s->line, "%s", err.text);
	else
		compare(r, s, &w.run);
	check_sums(r, s->line, &w.run);
	if (s->list_count)
		platform_remove_all(folder);
	buf_free(&policy);
	if (r->failed)
		printf("%s:%u: FAILED: %.*s\n", r->file, s->line, STR_ARG(s->title));
	r->failures += r->failed;
	r->failed = false;
	world_free(&w);
	directory_free(s->directory);
	buf_free(&s->policy);
	for (size_t i = 0; i < s->list_count; i++)
		buf_free(&s->lists[i].text);
	*s = (struct section){ 0 };
}

/* ---- files ---------------------------------------------------------------------------------- */

static void begin_list(struct runner *r, struct section *s, struct str name, unsigned number)
{
	if (s->list_count == MAX_LISTS) {
		fail(r, number, "too many lists");
		return;
	}
	s->lists[s->list_count].name = str_trim(name);
	s->under_way = &s->lists[s->list_count++].text;
}

static void section_line(struct runner *r, struct section *s, struct str line, unsigned number)
{
	struct err err;

	if (s->under_way && line.p[0] == ' ') {
		/* Indented by two. */
		buf_put(s->under_way, line.p + (line.n > 1 ? 2 : 1), line.n - (line.n > 1 ? 2 : 1));
		buf_putc(s->under_way, '\n');
		return;
	}
	s->under_way = NULL;
	if (str_starts(line, STR("expect "))) {
		read_expect(r, s, (struct str){ line.p + 7, line.n - 7 }, number);
	} else if (str_starts(line, STR("evidence "))) {
		read_evidence(r, s, (struct str){ line.p + 9, line.n - 9 }, number);
	} else if (str_starts(line, STR("previous:"))) {
		read_previous(r, s, (struct str){ line.p + 9, line.n - 9 }, number);
	} else if (str_eq(str_trim(line), STR("policy:"))) {
		s->under_way = &s->policy;
	} else if (str_starts(line, STR("csv "))) {
		begin_list(r, s, (struct str){ line.p + 4, line.n - 4 }, number);
	} else if (directory_line(s->directory, line, &err)) {
		fail(r, number, "%s", err.text);
	}
}

static void run_text(struct runner *r, struct str text)
{
	struct section s = { 0 };
	unsigned number = 0;

	while (text.n > 0) {
		struct str line = str_cut(text, '\n', &text);

		number++;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (str_starts(line, STR("== "))) {
			run_section(r, &s);
			s.title = (struct str){ line.p + 3, line.n - 3 };
			s.line = number;
			s.directory = directory_copy(r->base);
		} else if (!s.directory) {
			fail(r, number, "a file begins with '== title'");
			r->failures++;
			return;
		} else {
			section_line(r, &s, line, number);
		}
	}
	run_section(r, &s);
}

static void run_file(struct runner *r, const char *path)
{
	struct buf text = { 0 };
	struct err err;
	const char *name = strrchr(path, '/');
	unsigned before = r->sections;

	name = name ? name + 1 : path;
	r->file = path;
	r->control = str_of(name);
	r->control.n -= r->control.n > 5 ? 5 : 0; /* .case */
	if (platform_read_file(path, LIMIT_YAML_BYTES, &text, ERR_SOURCE, &err)) {
		printf("%s\n", err.text);
		r->failures++;
		return;
	}
	run_text(r, buf_str(&text));
	if (r->sections == before) {
		printf("%s: there is no section\n", path);
		r->failures++;
	}
	buf_free(&text);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void run_folder(struct runner *r, const char *folder)
{
	struct arena a = { 0 };
	const char *names[MAX_FILES];
	struct platform_dir *state = NULL;
	const char *name;
	size_t count = 0;

	while ((name = platform_dir_next(folder, &state)) != NULL) {
		size_t n = strlen(name);

		if (n > 5 && strcmp(name + n - 5, ".case") == 0 && count < MAX_FILES)
			names[count++] = arena_printf(&a, "%s/%s", folder, name).p;
	}
	qsort(names, count, sizeof(*names), by_name);
	for (size_t i = 0; i < count; i++)
		run_file(r, names[i]);
	if (count == 0) {
		printf("%s: there is no case\n", folder);
		r->failures++;
	}
	arena_free(&a);
}

/* Every control is quiet in the base directory, under a policy that says what MFA is there: a case
 * states only its difference. */
#define BASE_POLICY                                                                                \
	"mfa: {evidence: [{group: GG-Base-MFA}]}\n"                                                \
	"controls: {hyg_password_forced_renewal: {tolerated_days: 365}}\n"

static void run_base(struct runner *r)
{
	struct directory *d = directory_copy(r->base);
	struct world w = { 0 };
	struct err err;

	r->file = "base";
	if (evaluate(r, d, 0, STR(BASE_POLICY), NULL, &w, &err))
		fail(r, 0, "%s", err.text);
	for (size_t i = 0; i < w.run.control_count; i++) {
		const struct run_control *c = &w.run.controls[i];

		if (c->status == STATUS_PASS || c->status == STATUS_NOT_APPLICABLE)
			continue;
		fail(r, 0, "%.*s is %s (%.*s)%s%.*s", STR_ARG(c->id), run_status_name(c->status),
			STR_ARG(c->reason), c->object_count ? " on " : "",
			c->object_count ? (int)c->objects[0].dn.n : 0,
			c->object_count ? c->objects[0].dn.p : "");
	}
	r->sections++;
	r->failures += r->failed || w.run.control_count == 0;
	world_free(&w);
	directory_free(d);
}

static int prepare(struct runner *r, const char *base, struct err *err)
{
	struct buf text = { 0 };
	int rc = catalogue_load(check_areas, check_area_count, catalogue_files,
		catalogue_files_count, &r->catalogue, err);

	r->base = directory_new();
	if (rc == 0)
		rc = platform_read_file(base, LIMIT_YAML_BYTES, &text, ERR_SOURCE, err);
	if (rc == 0)
		rc = directory_text(r->base, buf_str(&text), base, err);
	buf_free(&text);
	return rc;
}

int main(int argc, char **argv)
{
	struct runner r = { 0 };
	struct err err;

	if (argc < 3) {
		printf("run_case BASE --base | [--keep FOLDER] FOLDER | FILE.case ...\n");
		return 2;
	}
	if (prepare(&r, argv[1], &err)) {
		printf("%s\n", err.text);
		r.failures++;
	}
	for (int i = 2; r.base && r.failures == 0 && i < argc; i++) {
		size_t n = strlen(argv[i]);

		if (strcmp(argv[i], "--base") == 0)
			run_base(&r);
		else if (strcmp(argv[i], "--keep") == 0 && i + 1 < argc)
			r.keep = argv[++i];
		else if (n > 5 && strcmp(argv[i] + n - 5, ".case") == 0)
			run_file(&r, argv[i]);
		else
			run_folder(&r, argv[i]);
	}
	directory_free(r.base);
	catalogue_free(&r.catalogue);
	printf("%u sections, %u failed\n", r.sections, r.failures);
	return r.failures ? 1 : 0;
}
