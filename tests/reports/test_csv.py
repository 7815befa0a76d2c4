"""objects.csv and controls.csv: read back by Python's reader and by LibreOffice, against results.json."""
import csv
import io
import json
import os
import re
import shutil
import subprocess
import unittest
import zipfile

from made import HOSTILE, SOURCE, MadeCase

OBJECTS = ["control", "title", "area", "level", "waived", "kind", "name", "domain", "dn", "sid", "guid",
           "last_use", "age", "since", "evidence"]
CONTROLS = ["control", "title", "area", "levels", "failed_level", "status", "examined", "count", "unknown",
            "waived", "change", "added", "fixed", "effort", "parameters", "remarks"]
NUMBERS = {"level", "waived", "failed_level", "examined", "count", "unknown", "added", "fixed"}
RISKY = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


def plain(cell):
    """A reader takes the apostrophe in front off again (docs/csv.md)."""
    return cell[1:] if cell.startswith("'") else cell


class Csv(MadeCase):
    def rows(self, name, lang="fr", kind="small"):
        text = self.read(kind, name, lang).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if lang == "fr" else ",", strict=True))
        self.assertEqual({len(r) for r in rows}, {len(rows[0])})
        return [dict(zip(rows[0], row)) for row in rows[1:]], rows[0]

    def test_form(self):
        for lang, separator in (("fr", b";"), ("en", b",")):
            for name, columns in (("objects.csv", OBJECTS), ("controls.csv", CONTROLS)):
                data = self.read("small", name, lang)
                self.assertTrue(data.startswith(b"\xef\xbb\xbf" + separator.join(c.encode() for c in columns) + b"\r\n"))
                self.assertTrue(data.endswith(b"\r\n"))
                # Outside quoted cells a line ends with CRLF and nothing else.
                bare = re.sub(rb'"(?:[^"]|"")*"', b"", data)
                self.assertEqual(bare.count(b"\n"), bare.count(b"\r\n"))
                self.assertEqual(bare.count(b"\r"), bare.count(b"\r\n"))
                self.assertEqual(bare.replace(b"\xef\xbb\xbf", b"").count(b'"'), 0)

    def test_columns_are_documented(self):
        with open(os.path.join(SOURCE, "docs/csv.md"), encoding="utf-8") as f:
            rows = re.findall(r"^\| `(\w+)` \|", f.read(), re.M)
        self.assertEqual(rows, OBJECTS + CONTROLS)

    def test_objects_come_back(self):
        run = json.loads(self.read("small", "results.json"))
        found = [(c, o) for c in run["controls"] for o in c["objects"]]
        for lang in ("fr", "en"):
            rows, header = self.rows("objects.csv", lang)
            self.assertEqual(header, OBJECTS)
            self.assertEqual(len(rows), len(found))
            for row, (control, item) in zip(rows, found):
                for key in ("name", "dn", "sid", "guid", "domain", "kind"):
                    self.assertEqual(plain(row[key]), item[key] or "", key)
                self.assertEqual((plain(row["control"]), row["area"]), (control["id"], control["area"]))
                self.assertEqual((int(row["level"]), int(row["waived"])), (item["level"], item["waived"]))
                self.assertTrue(row["title"] and row["evidence"])
        self.assertEqual(rows[0]["last_use"], "")
        self.assertEqual(rows[1]["last_use"], "2026-11-20T10:00:00Z")
        self.assertEqual({(r["age"], r["since"]) for r in rows}, {("", "")})  # a first audit
        names = {plain(r["name"]) for r in rows}
        self.assertLessEqual(set(HOSTILE), names)

    def test_controls_come_back(self):
        run = json.loads(self.read("small", "results.json"))
        rows, header = self.rows("controls.csv")
        self.assertEqual(header, CONTROLS)
        self.assertEqual([r["control"] for r in rows], [c["id"] for c in run["controls"]])
        for row, control in zip(rows, run["controls"]):
            self.assertEqual(row["status"], control["status"])
            self.assertEqual(row["levels"], " ".join(map(str, control["levels"])))
            self.assertEqual(row["failed_level"], str(control["failed_level"] or ""))
            for key in ("examined", "count", "unknown", "waived"):
                self.assertEqual(int(row[key]), control[key])
            self.assertEqual(bool(row["remarks"]), bool(control["reason"] or control.get("notes")))
        self.assertIn("max_days = 365", rows[0]["parameters"])

    def test_after_another_audit(self):
        objects = self.rows("objects.csv", kind="followed")[0]
        ages = {r["age"] for r in objects}
        self.assertLessEqual(ages, {"", "new", "remaining", "back"})
        self.assertGreater(len(ages), 2)
        for row in objects:
            self.assertRegex(row["since"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$" if row["age"] else "^$")
        controls = self.rows("controls.csv", kind="followed")[0]
        self.assertGreater(len({r["change"] for r in controls}), 2)
        for row in controls:
            found = [r["age"] for r in objects if r["control"] == row["control"]]
            if any(found):
                self.assertEqual(int(row["added"]), found.count("new"), row["control"])

    def test_no_cell_begins_a_formula(self):
        seen = 0
        for lang in ("fr", "en"):
            for name in ("objects.csv", "controls.csv"):
                for row in self.rows(name, lang)[0]:
                    for key, cell in row.items():
                        if key in NUMBERS:
                            self.assertRegex(cell, r"^\d*$")
                        elif cell.lstrip(" \u00a0\u2003\u3000\ufeff"):
                            self.assertNotIn(cell.lstrip(" \u00a0\u2003\u3000\ufeff")[0], RISKY)
                        seen += cell.startswith("'")
        self.assertGreater(seen, 20)

    def test_same_bytes(self):
        for name in ("objects.csv", "controls.csv"):
            first = self.read("small", name)
            self.assertEqual(first, self.read("small", name, rows=1048576, only="csv"))

    def test_empty(self):
        for name in ("objects.csv", "controls.csv"):
            self.assertEqual(self.rows(name, kind="empty")[0], [])
            self.assertEqual(self.read("empty", name).count(b"\r\n"), 1)


class Office(MadeCase):
    def formulas(self, lang, files):
        """By name: what LibreOffice computes when told to evaluate what looks like a formula, and all it sees."""
        office = shutil.which("soffice")
        self.assertIsNotNone(office, "soffice is missing: install libreoffice-calc")
        folder = os.path.join(self.root, lang)
        os.mkdir(folder)
        for name, data in files.items():
            with open(os.path.join(folder, name), "wb") as f:
                f.write(data)
        separator = {"fr": 59, "en": 44}[lang]
        # The last token of LibreOffice's filter options: evaluate formulas.
        done = subprocess.run(
            [office, f"-env:UserInstallation=file://{self.root}/profile", "--headless",
             f"--infilter=CSV:{separator},34,76,1,,0,false,true,false,false,false,0,true",
             "--convert-to", "ods", "--outdir", folder + ".out", *[os.path.join(folder, n) for n in files]],
            env={**os.environ, "LD_PRELOAD": ""}, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        seen = {}
        for name in files:
            with zipfile.ZipFile(os.path.join(folder + ".out", name[:-4] + ".ods")) as z:
                content = z.read("content.xml").decode("utf-8")
            seen[name] = re.findall(r'table:formula="([^"]*)"', content), content
        return seen

    def test_nothing_evaluates(self):
        for lang in ("fr", "en"):
            files = {n: self.read("small", n, lang) for n in ("objects.csv", "controls.csv")}
            # The same cells without the guard: the test can fail.
            files["bare.csv"] = files["objects.csv"].replace(b"'=1+1", b"=1+1")
            seen = self.formulas(lang, files)
            self.assertEqual((seen["objects.csv"][0], seen["controls.csv"][0]), ([], []))
            self.assertIn("=cmd|", seen["objects.csv"][1])
            self.assertNotEqual(seen["bare.csv"][0], [])


if __name__ == "__main__":
    unittest.main()
