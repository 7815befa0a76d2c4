/* The writers behind report_formats[], and what they share. */
#ifndef REPORTS_WRITERS_H
#define REPORTS_WRITERS_H

#include "base/buf.h"
#include "reports/report.h"

int json_report_write(
	const struct run *r, const struct report_options *o, const char *path, struct err *err);
int csv_objects_write(
	const struct run *r, const struct report_options *o, const char *path, struct err *err);
int csv_controls_write(
	const struct run *r, const struct report_options *o, const char *path, struct err *err);
int powershell_report_write(
	const struct run *r, const struct report_options *o, const char *path, struct err *err);
int html_report_write(
	const struct run *r, const struct report_options *o, const char *path, struct err *err);
int xlsx_report_write(
	const struct run *r, const struct report_options *o, const char *path, struct err *err);

/* Has remediation.ps1 a command for a control that fails? Its section is called by the id. */
bool powershell_mends(const struct run_control *c);

/* A larger workbook is written in constant memory, without real tables. */
#define XLSX_TABLE_ROWS 20000u

struct xlsx_limits {
	uint32_t sheet_rows; /* LIMIT_XLSX_ROWS; tests take less */
	uint64_t table_rows; /* XLSX_TABLE_ROWS */
};
/* xlsx_report_write() with limits of one's own. */
int xlsx_write_limited(const struct run *r, const struct report_options *o, const char *path,
	struct xlsx_limits limits, struct err *err);

/* Findings written so far: shows progress, and sees an interruption. */
struct writing {
	struct progress *progress; /* may be NULL */
	uint64_t done, total;
};
struct writing writing_begin(const struct run *r, const struct report_options *o);
/* After each finding: 0, or ERR_INTERRUPTED. */
int writing_step(struct writing *x, struct err *err);
void writing_end(struct writing *x);

/* terminal.c: prints one line, cut to the width, without control characters; nothing when there is
 * none. Clears line. */
#define TERMINAL_COLUMNS_LEAST 40
void terminal_print(FILE *out, struct buf *line, size_t columns);
/* Appends text in exactly room columns, cut or filled with spaces. */
void terminal_put_cut(struct buf *b, struct str text, size_t room);

/* json.c: the members of a finding into the object that is open. */
struct json_writer;
void json_put_finding(struct json_writer *w, const struct run_object *o);

/* All findings of a run. */
uint64_t run_object_total(const struct run *r);

#endif
