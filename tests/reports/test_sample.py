"""The shipped sample through the whole program: its results fit the schema, its workbook opens, and
no bare code is left in either language."""
import json
import os
import re
import subprocess
import tempfile
import unittest

import jsonschema
import openpyxl

SOURCE, PROGRAM = os.environ["SOURCE_DIR"], os.environ["ADHYGIENE"]
SAMPLE = os.path.join(SOURCE, "tests/sample")
# A code: lower-case words joined by underscores. Ids of controls and parameters are meant to be seen.
CODE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


OBJECTS = 10  # the place of the sheet of findings


class Sample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        for lang in ("fr", "en"):
            done = subprocess.run(
                [PROGRAM, "audit", "--ldif", os.path.join(SAMPLE, "sample.ldif.gz"),
                 "--sysvol", os.path.join(SAMPLE, "sysvol"), "--policy",
                 os.path.join(SAMPLE, "policy.yaml"), "--at", "2026-11-21", "--lang", lang,
                 "--output", os.path.join(cls.folder.name, lang)],
                capture_output=True, text=True, timeout=300, check=False)
            if done.returncode:
                raise AssertionError(done.stderr)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def read(self, lang):
        with open(os.path.join(self.folder.name, lang, "results.json"), "rb") as f:
            return f.read()

    def test_schema(self):
        with open(os.path.join(SOURCE, "docs/results.schema.json"), encoding="utf-8") as f:
            jsonschema.Draft202012Validator(json.load(f)).validate(json.loads(self.read("fr")))
        self.assertEqual(self.read("fr"), self.read("en"))

    def test_workbook(self):
        run = json.loads(self.read("fr"))
        found = [(c["id"], o["dn"]) for c in run["controls"] for o in c["objects"]]
        self.assertGreater(len(found), 1000)
        for lang in ("fr", "en"):
            book = openpyxl.load_workbook(
                os.path.join(self.folder.name, lang, "audit.xlsx"), read_only=True)
            self.assertEqual(len(book.sheetnames), 16)
            rows = list(book[book.sheetnames[OBJECTS]].iter_rows(min_row=2, values_only=True))
            self.assertEqual([(r[14], r[16]) for r in rows], found)

    def test_deadlines(self):
        """What is foretold is what an audit of the same data at that date finds and this one does not,
        but for accounts in use, which are taken to log on and to change their passwords again."""
        later = os.path.join(self.folder.name, "later")
        done = subprocess.run(
            [PROGRAM, "audit", "--ldif", os.path.join(SAMPLE, "sample.ldif.gz"),
             "--sysvol", os.path.join(SAMPLE, "sysvol"), "--policy", os.path.join(SAMPLE, "policy.yaml"),
             "--at", "2027-01-20", "--format", "json", "--quiet", "--output", later],
            capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

        def levels(path):
            with open(path, "rb") as f:
                return {(c["id"], o["dn"]): o["level"] for c in json.load(f)["controls"] for o in c["objects"]}

        now = levels(os.path.join(self.folder.name, "fr", "results.json"))
        then = levels(os.path.join(later, "results.json"))
        turned = {key for key, level in then.items() if level < now.get(key, 6)}
        book = openpyxl.load_workbook(os.path.join(self.folder.name, "fr", "audit.xlsx"), read_only=True)
        rows = list(book["Échéances"].iter_rows(min_row=2, values_only=True))
        foretold = {(r[8], r[10]) for r in rows if r[10]}
        self.assertEqual(len(foretold), sum(r[10] is not None for r in rows))
        self.assertIn("hyg_obsolete_computers", {control for control, _ in foretold})
        self.assertLessEqual(foretold, turned)
        in_use = re.compile(r"dormant|stale|inactive|no_change|password_expired|laps_expired")
        self.assertEqual([key for key in sorted(turned - foretold) if not in_use.search(key[0])], [])
        self.assertGreater(len(turned - foretold), 0)
        self.assertEqual({r[3].isoformat() for r in rows}, {"2027-01-20T00:00:00"})

    def test_paths_are_sentences(self):
        """results.json has the codes; the workbook says each step in its language."""
        code = "GG-VPN > reset_password > nbenali"
        self.assertIn(f'"{code}"'.encode(), self.read("fr"))
        for lang, said in (("fr", "GG-VPN → peut réinitialiser le mot de passe de → nbenali"),
                           ("en", "GG-VPN → may reset the password of → nbenali")):
            book = openpyxl.load_workbook(os.path.join(self.folder.name, lang, "audit.xlsx"))
            evidence = "\n".join(str(row[5]) for row in book[book.sheetnames[OBJECTS]].iter_rows(values_only=True))
            self.assertIn(said, evidence)
            self.assertNotIn(" > reset_password > ", evidence)

    def test_no_bare_codes(self):
        """Controls: area, reason; objects: kind, and keys of evidence; coverage; indicators."""
        for lang in ("fr", "en"):
            book = openpyxl.load_workbook(os.path.join(self.folder.name, lang, "audit.xlsx"))
            summary, _, _, deadlines, controls, *families, objects, _, _, coverage, _, _ = (
                book[n] for n in book.sheetnames)
            self.assertEqual(len(families), 5)
            said = [str(c.value) for row in summary.iter_rows() for c in row]
            said += [str(row[i]) for row in controls.iter_rows(values_only=True) for i in (2, 10)]
            said += [str(row[4]) for row in objects.iter_rows(values_only=True)]
            said += [part.split(":")[0] for sheet, column in ((objects, 5), (deadlines, 6))
                     for row in sheet.iter_rows(values_only=True)
                     for part in str(row[column]).split("\u00a0; " if lang == "fr" else "; ")]
            said += [str(v) for row in coverage.iter_rows(values_only=True) for v in row[:2] + row[3:]]
            ids = {str(row[0]) for row in controls.iter_rows(values_only=True)}
            said += [str(v) for sheet in families for row in sheet.iter_rows(values_only=True) for v in row
                     if not set(str(v).split("\n")) <= ids]
            bare = {code for text in said for code in CODE.findall(text)}
            # Names of populations in a policy are meant to be seen.
            self.assertEqual(bare - {"remote_access", "service_accounts", "shared_accounts"}, set())


if __name__ == "__main__":
    unittest.main()
