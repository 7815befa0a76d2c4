"""A strict reader of the PowerShell that the program writes: the lexical grammar of the PowerShell Language
Specification (chapter 2), with the characters of PowerShell's own tokenizer. What the scripts never need
(here-strings, expansion in strings, quotes inside words) is an error, not a token."""

SINGLE = "'\u2018\u2019\u201a\u201b"
DOUBLE = "\"\u201c\u201d\u201e"
BLANKS = " \t\u00a0\u0085\x0b\x0c"
PUNCTUATION = "(){}[],;|&=+!.<>%*/@:?"
# Characters that end a line, hide text or turn its direction: never in a string or comment.
UNSAFE = set(map(chr, [*range(0x20), *range(0x7f, 0xa0), 0x61c, *range(0x200b, 0x2010), *range(0x2028, 0x202f),
                       *range(0x2060, 0x2070), 0xfeff])) - {"\t"}
SIGNATURE = "sig#beginsignatureblock"


class NotPowerShell(ValueError):
    pass


def distance(a, b):
    """Levenshtein's, as the tokenizer reckons it."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], last if x == y else min(last, row[j], row[j - 1]) + 1
    return row[-1]


class Lexer:
    def __init__(self, text):
        self.text, self.at, self.tokens = text, 0, []

    def fail(self, why):
        line = self.text.count("\n", 0, self.at) + 1
        raise NotPowerShell(f"line {line}: {why}: {self.text[self.at - 40:self.at + 40]!r}")

    def end_of(self, start):
        found = self.text.find("\r\n", start)
        if found < 0:
            self.fail("no line end")
        return found

    def comment(self):
        end = self.end_of(self.at)
        body = self.text[self.at + 1:end]
        if set(body) & UNSAFE:
            self.fail("unsafe character in a comment")
        # tokenizer.cs, ScanToEndOfCommentLine: behind what looks like a signature no code may stand.
        squeezed = "".join(c for c in body if not c.isspace()).lower()
        if 13 <= len(squeezed) <= 34 and distance(squeezed, SIGNATURE) < 11:
            self.fail("passes for a signature")
        if body.lower().startswith("requires"):
            self.tokens.append(("requires", body))
        self.tokens.append(("comment", body))
        self.at = end

    def block_comment(self):
        end = self.text.find("#>", self.at)
        if end < 0:
            self.fail("comment without end")
        self.tokens.append(("block", self.text[self.at:end + 2]))
        self.at = end + 2

    def single(self):
        value, at = [], self.at + 1
        while True:
            if at >= len(self.text):
                self.fail("string without end")
            c = self.text[at]
            if c in SINGLE:
                if self.text[at + 1] not in SINGLE:
                    break
                value.append(c)
                at += 2
                continue
            if c in UNSAFE or c in "\r\n":
                self.fail("unsafe character in a string")
            value.append(c)
            at += 1
        if self.text[self.at] != "'" or self.text[at] != "'":
            self.fail("a string between other quotes")
        self.tokens.append(("string", "".join(value)))
        self.at = at + 1

    def double(self):
        end = self.at + 1
        while self.text[end] not in DOUBLE:
            if self.text[end] in "$`\r\n":
                self.fail("something is expanded in a string")
            end += 1
        self.tokens.append(("double", self.text[self.at + 1:end]))
        self.at = end + 1

    def word(self):
        end = self.at
        while end < len(self.text) and self.text[end] not in BLANKS + PUNCTUATION + SINGLE + DOUBLE + "\r\n":
            if self.text[end] in "`\u2013\u2014\u2015":
                self.fail("a character that has a meaning of its own")
            end += 1
        if end == self.at:
            self.fail("unknown character")
        if not self.text[self.at:end].isascii():
            self.fail("a word that is not ASCII")
        if end < len(self.text) and self.text[end] in SINGLE + DOUBLE:
            self.fail("a quote inside a word")
        self.tokens.append(("word", self.text[self.at:end]))
        self.at = end

    def run(self):
        while self.at < len(self.text):
            c = self.text[self.at]
            if self.text.startswith("\r\n", self.at):
                self.tokens.append(("line", None))
                self.at += 2
            elif c in "\r\n":
                self.fail("a line end of another kind")
            elif c in BLANKS:
                self.at += 1
            elif self.text.startswith("<#", self.at):
                self.block_comment()
            elif c == "#":
                self.comment()
            elif c == "@" and self.text[self.at + 1] in SINGLE + DOUBLE:
                self.fail("a here-string")
            elif c in SINGLE:
                self.single()
            elif c in DOUBLE:
                self.double()
            elif c in PUNCTUATION:
                self.tokens.append(("mark", c))
                self.at += 1
            else:
                self.word()
        return self.tokens


def tokens(data):
    """Of a script's bytes: UTF-8 with a byte order mark, lines that end with CRLF."""
    if not data.startswith(b"\xef\xbb\xbf"):
        raise NotPowerShell("no byte order mark")
    return Lexer(data[3:].decode("utf-8")).run()


def lines(found):
    """The tokens by line."""
    rows = [[]]
    for token in found:
        if token[0] == "line":
            rows.append([])
        else:
            rows[-1].append(token)
    return rows


def skeleton(row):
    """A line of code without what its strings and comments say; None: no code."""
    code = tuple("S" if kind == "string" else value for kind, value in row if kind not in ("comment", "block"))
    return code or None
