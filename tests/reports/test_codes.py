"""Every code of the tree has a sentence in reports/codes.def.

A code is what checks, engine, model, collector and importers hand to the functions below, and what
they assign to a reason. It reads the C sources as text: a code is always a literal."""
import os
import re
import unittest

SOURCE = os.environ["SOURCE_DIR"]
FOLDERS = ["checks", "src/engine", "src/model", "src/collect", "src/snapshot"]

# Function: the vocabularies in which a literal among its arguments may stand.
CALLS = {
    "undecided": "REASON", "not_applicable": "REASON", "note": "REASON",
    "coverage_add": "NEED REASON", "snapshot_put_coverage": "NEED REASON",
    "session_note": "NEED REASON", "put_note": "NEED REASON",
    "ldif_record_damage": "REASON", "snapshot_put_damage": "REASON", "damage": "REASON",
    "report_name": "NEED REASON", "scope_resolve": "NEED", "scope_unit": "NEED",
    "not_known": "REASON",
    "reason_add": "REASON", "reason_add_number": "REASON", "reason_add_catalogue": "REASON",
}
EVIDENCE = ["evidence", "evidence_z", "evidence_int", "evidence_date", "evidence_names"]
# Words of such calls that are no codes: names of attributes and flags, patterns, file text.
NOT_CODES = {
    "nTSecurityDescriptor", "lastLogon", "?", "*",
    # a kind of source, behind its need
    "oradad",
    # the ends of "attribute_%s"
    "not_readable", "not_collected",
}
# Words of tables_<family>.c that are shaped like a code and are none.
NO_CELLS = set()
FAMILIES = ["password_policy", "privileged", "tiering", "stale", "mfa"]
CODE = re.compile(r'CODE\((\w+), "([^"]+)"')
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
# A literal that is shaped like a code, wherever a reason is assigned or returned.
SHAPED = re.compile(r'"([a-z]+(?:_[a-z0-9]+)+)(?: [^"]*)?"')
ASSIGNED = re.compile(r'\b(?:reason|gap|damage|why|unread|code|detail|domain_gap|forest_gap)\s*=(?!=)'
                      r'([^;]*);|snprintf\(detail,([^;]*);|'
                      r'\breturn\b([^;]*);|\blost\(m,([^;]*);')


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def codes():
    """All of codes.def and of the families' codes_<family>.def."""
    folder = os.path.join(SOURCE, "reports")
    return "\n".join(read(os.path.join(folder, name)) for name in sorted(os.listdir(folder))
                     if re.fullmatch(r"codes(_\w+)?\.def", name))


def known():
    groups = {}
    for group, code in CODE.findall(codes()):
        # Of a value the key and the word, else the first word: the others are arguments.
        groups.setdefault(group, set()).add(code if group == "VALUE" else code.split(" ")[0])
    return groups


def sources():
    for folder in FOLDERS:
        for name in sorted(os.listdir(os.path.join(SOURCE, folder))):
            if name.endswith(".c"):
                path = os.path.join(SOURCE, folder, name)
                text = re.sub(r"/\*.*?\*/", " ", read(path), flags=re.S)
                # A parameter's name is no code, nor is another control's.
                text = re.sub(r'cx_(?:int|bool|text|asks)\(cx, "\w+"\)', "0", text)
                text = re.sub(r'asks_of\(cx, "\w+", obj\)', "0", text)
                text = re.sub(r'cx_int_of\(cx, id, "\w+", 0\)', "0", text)
                yield os.path.join(folder, name), text


def calls(text, name):
    """The arguments of each call of name, as one string."""
    for match in re.finditer(rf"(?<![\w.>]){name}\(", text):
        depth, at, quoted = 1, match.end(), False
        while depth and at < len(text):
            c = text[at]
            if c == "\\" and quoted:
                at += 1
            elif c == '"':
                quoted = not quoted
            elif not quoted:
                depth += (c == "(") - (c == ")")
            at += 1
        yield text[match.end():at - 1]


def words(arguments):
    """The first word of each literal; with %d in it nothing can be said."""
    for literal in LITERAL.findall(re.sub(r'"\s*PRI\w+\s*"?', '', arguments)):
        word = literal.split(" ")[0].strip()
        if word and "%" not in word and "=" not in word:
            yield word


class Codes(unittest.TestCase):
    def setUp(self):
        self.known = known()
        self.seen = set()

    def check(self, where, groups, word):
        self.seen.add(word)
        if word not in NOT_CODES and not any(word in self.known[g] for g in groups.split()):
            self.missing.add(f"{where}: '{word}' has no sentence: add CODE({groups.split()[0]}, "
                             f'"{word}", …) to reports/codes.def')

    def test_codes_have_sentences(self):
        self.missing = set()
        for path, text in sources():
            for name, groups in CALLS.items():
                for arguments in calls(text, name):
                    for word in words(arguments):
                        if re.fullmatch(r"[a-z]\w*", word):
                            self.check(path, groups, word)
            for assigned in ASSIGNED.findall(text):
                for word in SHAPED.findall("".join(assigned)):
                    # What a table's function returns is a cell's word.
                    self.check(path, "CELL" if path.startswith("src/engine/tables_") else "REASON", word)
        self.assertEqual(sorted(self.missing), [])
        # The reader itself works: these are in the tree, each found another way.
        for word in ("password_policy_unknown", "complexity_three_classes", "no_tier0_units",
                     "not_a_group", "identity", "pso_not_readable", "no_domain_head",
                     "attribute_not_collected", "ads_no_reason", "ads_older", "ads_not_known"):
            self.assertIn(word, self.seen)

    def test_evidence_has_words(self):
        self.missing = set()
        for path, text in sources():
            for name in EVIDENCE:
                for arguments in calls(text, name):
                    found = list(words(arguments))
                    if not re.match(r'\s*(cx|c->cx), "', arguments) or not found:
                        continue
                    self.check(path, "KEY", found[0])
                    for value in found[1:] if name == "evidence_z" else []:
                        if re.fullmatch(r"[a-z_]+", value):
                            self.check(path, "VALUE", f"{found[0]} {value}")
        self.assertEqual(sorted(self.missing), [])
        for word in ("flag", "reason too_short", "complexity yes", "last_logon never"):
            self.assertIn(word, self.seen)

    def test_vocabularies(self):
        """Kinds, areas, families, indicators and states are those of the tree."""
        def rows(path, pattern):
            return set(re.findall(pattern, read(os.path.join(SOURCE, path))))
        self.assertEqual(self.known["KIND"], rows("src/model/kind.c", r'\[AD_\w+\] = "(\w+)"'))
        areas = {n[:-5] for n in os.listdir(os.path.join(SOURCE, "checks"))
                 if n.endswith(".yaml") and n not in ("catalogue.yaml", "changes.yaml")}
        self.assertEqual(self.known["AREA"], areas | {"custom"})
        self.assertEqual(self.known["FAMILY"], set(FAMILIES))
        self.assertEqual(self.known["STATE"],
                         rows("src/snapshot/coverage.c", r'\[COVERAGE_\w+\] = "(\w+)"'))

    def test_indicators(self):
        """Each has a sentence; a short name is for those that the summaries show."""
        names, ids = set(), set()
        for path, text in sources():
            if path.startswith("checks"):
                ids |= set(re.findall(r'\.id = "(\w+)"', text))
        for family in FAMILIES:
            text = read(os.path.join(SOURCE, f"src/engine/indicators_{family}.c"))
            rows = re.findall(r'^\t(?:INDICATOR|FACT)\("(\w+)",', text, flags=re.M)
            self.assertEqual(len(rows), len(set(rows)), family)
            names |= {f"{family}.{name}" for name in rows}
            # Controls that are named exist, or the sheet would be silent about them.
            self.assertEqual(set(re.findall(r'"((?:hyg|vuln|warning|info)_\w+)"', text)) - ids, set())
        self.assertGreater(len(names), 40)
        self.assertEqual(self.known["MEANING"], names)
        self.assertEqual(self.known["INDICATOR"] - names, set())

    def test_tables(self):
        """Titles, columns and codes of the families' tables; every word of tables_<family>.c that is
        shaped like one is taken for a code."""
        titles, columns, cells = set(), set(), set()
        for path, text in sources():
            family = re.fullmatch(r"src/engine/tables_(\w+?)(_[a-z]+)?\.c", path)
            if not family:
                continue
            family = next(f for f in FAMILIES if path.startswith(f"src/engine/tables_{f}"))
            def named(group, word):
                return {f"{family}.{word}", word} & self.known[group]
            for name in re.findall(r'table_begin\(\w+, "(\w+)"', text):
                titles.add(f"{family}.{name}")
            here = set(re.findall(r'table_column\(\w+, "(\w+)"', text))
            for word in here:
                self.assertTrue(named("COLUMN", word), f'{path}: CODE(COLUMN, "{family}.{word}", …)')
                columns |= named("COLUMN", word)
            rest = re.sub(r'table_(?:begin|column)\(\w+, "\w+"', "", text)
            for word in set(re.findall(r'"([a-z]\w*)(?: [^"]*)?"', rest)) - NO_CELLS:
                known_word = named("CELL", word) | ({word} & (self.known["KIND"] | self.known["REASON"]))
                self.assertTrue(known_word, f'{path}: CODE(CELL, "{family}.{word}", …)')
                cells |= named("CELL", word)
        self.assertGreater(len(titles), 5)
        self.assertEqual(self.known["TABLE"], titles)
        self.assertEqual({c for c in self.known["COLUMN"] if "." in c} - columns, set())
        self.assertEqual({c for c in self.known["CELL"] if "." in c} - cells, set())

    def test_relations(self):
        """Each relation of the control graph has a phrase for a step and a word for a list."""
        rights = read(os.path.join(SOURCE, "src/model/rights.def"))
        names = set(re.findall(r'^RELATION\(\w+, "(\w+)"', rights, flags=re.M))
        self.assertGreater(len(names), 30)
        self.assertEqual(self.known["STEP"], names)
        self.assertEqual({v.split(" ")[1] for v in self.known["VALUE"] if v.startswith("relation ")},
                         names)

    def test_shape(self):
        """Both languages use the same arguments; French has its own spaces."""
        text = codes()
        entries = re.findall(r"^CODE\((.*?)\)$", text, flags=re.S | re.M)
        self.assertGreater(len(entries), 200)
        for entry in entries:
            joined = re.sub(r'"\s*\n?\s*"', "", entry)
            group, code, fr, en = re.fullmatch(
                r'(\w+), "(.*?)",\s*"(.*?)",\s*"(.*?)"', joined, flags=re.S).groups()
            for words in (fr, en):
                self.assertEqual(set(re.findall(r"%\d", words)), set(re.findall(r"%\d", code)),
                                 code)
            self.assertNotRegex(fr, r" [:;!?»]|\d %|« |'", code)
            if group == "REASON":
                self.assertRegex(fr[0] + en[0], r"^[A-ZÀ-Ý%][A-Z%]$", code)
                self.assertFalse(fr.endswith(".") or en.endswith("."), code)


if __name__ == "__main__":
    unittest.main()
