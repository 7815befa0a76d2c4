/*
 * Text from outside in a PowerShell script (PowerShell Language Specification 2.0, chapter 2; the
 * quotes and dashes of PowerShell's own tokenizer). A value is a single-quoted string, where
 * nothing is expanded and only a quote ends it: ' and U+2018 to U+201B, each doubled. Control
 * characters, line separators and marks that turn the writing direction become U+FFFD, so that a
 * string or a comment is one line and reads as it is.
 */
#ifndef REPORTS_POWERSHELL_TEXT_H
#define REPORTS_POWERSHELL_TEXT_H

#include "base/buf.h"

#define POWERSHELL_LINE_END "\r\n"

/* What stands between the quotes of a single-quoted string. */
void powershell_put_quoted(struct buf *out, struct str value);
/* "# …" at a depth of indent columns, a line for each line of text, wrapped at blanks. The text is
 * ours or the catalogue's. */
void powershell_put_comment(struct buf *out, unsigned indent, struct str text);
/* The same without wrapping: a command, or text from the directory (outside), which is cut when it
 * is very long, and never so short that it could pass for the beginning of a signature, behind
 * which PowerShell refuses all code. */
void powershell_put_line(struct buf *out, unsigned indent, struct str text, bool outside);

#endif
