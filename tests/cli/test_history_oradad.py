"""A shelf of what ORADAD left, run after run, begins the trend; and --oradad among the other sources."""
import shutil
import sqlite3
import sys
import unittest

import small_directory as small
from case import ROOT
from test_history_import import MID, NEW, OLD, ShelfCase

sys.path.insert(0, str(ROOT / "tests/oradad"))
import oradad_input  # noqa: E402
from oradad_writer import Writer  # noqa: E402

TOKEN = ["S-1-5-32-544", "S-1-5-11", "S-1-1-0"]
POLICY = "{31B2F340-016D-11D2-945F-00C04FB984F9}"


def directory(failing):
    return oradad_input.from_ldif(small.ldif({"anne": (1101, failing), "bob": (1102, False)}), [
        oradad_input.SysvolItem("chu.example/Policies", True), oradad_input.SysvolItem(f"chu.example/Policies/{POLICY}", True),
        oradad_input.SysvolItem(f"chu.example/Policies/{POLICY}/GPT.INI", data=b"[General]")], TOKEN)


class Oradad(ShelfCase):
    def run_of(self, date, below="", failing=True, backslash=False, version="3.6.218"):
        return Writer(directory(failing), version, run=f"{date.replace('-', '')}-080000").write(self.shelf / below, backslash)

    def dates(self):
        return [d for d, _ in self.kept()]

    def test_every_run_of_a_shelf(self):
        """<out>/<root>/<date> of one computer, a single run of another version, a folder above, and the archive beside."""
        self.run_of(NEW)
        self.run_of(OLD, version="3.0.155")
        self.run_of(MID, "2026/janvier", failing=False)
        (self.shelf / f"chu.example_{NEW.replace('-', '')}-080000.mla").write_bytes(b"MLA")
        p = self.history("import", self.shelf)
        self.assertEqual(self.dates(), [OLD, MID, NEW])
        self.assertEqual((p.stderr, p.stdout.count("est gardé")), ("", 3))
        self.assertIn(f"{OLD}T08:00:00Z", p.stdout)
        self.assertEqual(self.history("import", self.shelf).stdout.count("déjà"), 3)
        self.assert_only_history()

    def test_it_is_the_run_that_an_audit_makes(self):
        run = self.run_of(NEW)
        self.run_program("audit", "--oradad", run, "--format", "json", "--output", self.tmp / "out")
        self.history("import", run)
        self.assertEqual(self.kept()[0][1], (self.tmp / "out/results.json").read_bytes())

    def test_archives_that_were_extracted_on_linux(self):
        """Two of them in one folder, with the archive itself and an LDIF."""
        self.run_of(OLD, backslash=True)
        self.run_of(NEW, backslash=True)
        self.put("x.ldif", MID)
        (self.shelf / f"chu.example_{OLD.replace('-', '')}-080000.mla").write_bytes(b"MLA")
        self.history("import", self.shelf)
        self.assertEqual(self.dates(), [OLD, MID, NEW])

    def test_what_is_no_run_is_named(self):
        shutil.copytree(self.run_of(NEW), self.shelf / "sans")
        (self.shelf / "sans/tables.tsv").unlink()
        (self.shelf / "chu.example_20260505-080000.mla").write_bytes(b"MLA")
        p = self.history("import", self.shelf, expect=4)
        self.assertEqual(self.dates(), [NEW])
        self.assertIn(f"{self.shelf}/sans: ", p.stderr)
        self.assertIn("outputFiles", p.stderr)
        self.assertIn("2 of 3 were left out", p.stderr)

    def test_a_copy_of_sysvol_takes_the_place_of_oradads(self):
        run = self.run_of(NEW)
        share = self.tmp / "share"
        (share / f"chu.example/Policies/{POLICY}/Machine").mkdir(parents=True)
        (share / f"chu.example/Policies/{POLICY}/Machine/comment.xml").write_text("<x/>")
        for command, more in (("collect", []), ("collect", ["--sysvol", share])):
            target = self.tmp / f"{len(more)}.adsnap"
            self.run_program(command, "--oradad", run, *more, "--output", target)
            names = self.query(target, "SELECT path FROM sysvol_file")
            kind = self.query(target, "SELECT value FROM meta WHERE key='sysvol'")
            self.assertEqual((len(names), names[0][0].endswith("comment.xml"), kind),
                             (1, bool(more), [("copy" if more else "oradad",)]))

    def query(self, path, sql):
        with sqlite3.connect(path) as db:
            return db.execute(sql).fetchall()

    def test_mistakes(self):
        run = self.run_of(NEW)
        for args in (["audit", "--oradad", run, "--ldif", "x"], ["audit", "--oradad", run, "--user", "x"],
                     ["audit", "--oradad", run, "--oradad", run], ["collect", "--oradad", run]):
            self.assertIn("adhygiene: ", self.run_program(*args, expect=2).stderr)
        before = (run / "tables.tsv").read_bytes()
        p = self.run_program("collect", "--oradad", run, "--output", run / "tables.tsv", expect=5)
        self.assertIn("--oradad", p.stderr)
        self.assertEqual((run / "tables.tsv").read_bytes(), before)
        self.run_program("audit", "--oradad", self.tmp / "rien", expect=4)


if __name__ == "__main__":
    unittest.main()
