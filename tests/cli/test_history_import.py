"""history import: a shelf of runs and directories, each evaluated at its own date."""
import gzip
import os
import signal
import sqlite3
import subprocess
import unittest
import zlib

import small_directory as small
from case import PROGRAM, ROOT, CliCase

OLD, MID, NEW = "2025-11-21", "2026-01-22", "2026-03-23"
ACCOUNTS = {"anne": (1101, True), "bob": (1102, False)}


def directory(date, failing=("anne",), domain=small.DOMAIN):
    """An LDIF whose server said that it was this date."""
    accounts = {n: (rid, n in failing) for n, (rid, _) in ACCOUNTS.items()}
    return f"dn:\ncurrentTime: {date.replace('-', '')}000000.0Z\n\n" + small.ldif(accounts, domain)


class ShelfCase(CliCase):
    def setUp(self):
        super().setUp()
        self.shelf = self.tmp / "étagère"
        self.shelf.mkdir()

    def history(self, *args, expect=0, lang="fr"):
        return self.run_program("history", self.tmp / "histoire", *args, "--lang", lang, expect=expect)

    def put(self, name, date, **kw):
        path = self.shelf / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = directory(date, **kw).encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    def snapshot(self, name, date, **kw):
        ldif = self.put("x.ldif", date, **kw)
        self.run_program("collect", "--ldif", ldif, "--output", self.shelf / name)
        ldif.unlink()

    def kept(self):
        """[(date, results.json)] in order of arrival."""
        with sqlite3.connect(self.tmp / "histoire/history.sqlite") as db:
            return [(d, zlib.decompress(b)) for d, b in db.execute("SELECT date(evaluated_at,'unixepoch'),results FROM run ORDER BY id")]

    def assert_only_history(self):
        self.assertEqual(os.listdir(self.tmp / "histoire"), ["history.sqlite"])


class Import(ShelfCase):
    def mixed(self):
        self.snapshot("a.adsnap", NEW)
        self.put("sous/dossier/B.LDIF.gz", OLD)
        self.run_program("audit", "--ldif", self.put("x.ldif", MID), "--output", self.shelf / "un-audit")
        (self.shelf / "x.ldif").unlink()
        (self.shelf / "notes.txt").write_text("rien")
        (self.shelf / ".caché.ldif").write_text("rien")

    def test_a_shelf_of_several_kinds(self):
        self.mixed()
        p = self.history("import", self.shelf)
        self.assertEqual([d for d, _ in self.kept()], [OLD, MID, NEW])
        self.assertEqual(p.stdout.count("est gardé"), 3)
        self.assertIn(f"B.LDIF.gz\u00a0: L'audit du {OLD}", p.stdout)
        self.assertEqual(p.stderr, "")
        self.assert_only_history()
        self.assertEqual(p.stdout.count("déjà"), 0)
        self.assertEqual(self.history("import", self.shelf).stdout.count("déjà"), 3)
        self.assertEqual(len(self.kept()), 3)
        self.assertIn("Chaîne vérifiée", self.history().stdout)

    def test_it_is_the_run_that_an_audit_makes(self):
        """Byte for byte, with the policy that was given, at the date of the source."""
        policy = self.tmp / "ch.yaml"
        policy.write_text("schema: 1\nextends: strict\nfacility:\n  name: CH de l'étagère\n")
        for path in (self.put("old.ldif", OLD), self.put("new.ldif.gz", NEW, failing=("anne", "bob"))):
            self.run_program("audit", "--ldif", path, "--policy", policy, "--format", "json", "--output", self.tmp / path.name)
        self.history("import", self.shelf, "--policy", policy)
        self.assertEqual(self.kept(), [(d, (self.tmp / n / "results.json").read_bytes())
                                       for d, n in ((OLD, "old.ldif"), (NEW, "new.ldif.gz"))])
        self.assertIn("CH de l'étagère", self.kept()[0][1].decode())

    def test_each_may_be_given_by_itself(self):
        self.mixed()
        run = self.shelf / "un-audit"
        self.history("import", self.shelf / "a.adsnap", run / "results.json", self.shelf / "sous/dossier/B.LDIF.gz")
        self.assertEqual([d for d, _ in self.kept()], [OLD, MID, NEW])
        self.assertEqual(self.kept()[1][1], (run / "results.json").read_bytes())

    def test_what_cannot_be_read_is_named_and_the_others_go_in(self):
        self.put("a.ldif", OLD)
        (self.shelf / "b.ldif").write_bytes(b"\0" * 5000)
        (self.shelf / "c.ldif.gz").write_bytes(gzip.compress(b"dn: x\n" * 9000)[:-20])
        (self.shelf / "d.adsnap").write_text("rien")
        (self.shelf / "e").mkdir()
        (self.shelf / "e/results.json").write_text("{}")
        (self.shelf / "f.ldif").write_text(small.ldif({}).replace("whenChanged: 20260101000000.0Z\n", ""))
        self.put("g.ldif", NEW)
        p = self.history("import", self.shelf, self.tmp / "absent", expect=4)
        self.assertEqual([d for d, _ in self.kept()], [OLD, NEW])
        for name in ("b.ldif", "c.ldif.gz", "d.adsnap", "e", "f.ldif"):
            self.assertIn(f"adhygiene: {self.shelf / name}: ", p.stderr)
        self.assertIn("absent", p.stderr)
        self.assertIn("holds no date", p.stderr)
        self.assertIn("6 of 8 were left out", p.stderr.splitlines()[-1])
        self.assert_only_history()

    def test_the_only_one_is_the_commands_own_error(self):
        (self.shelf / "b.ldif.gz").write_bytes(gzip.compress(b"dn: x\n" * 9000)[:-20])
        for what in (self.shelf, self.shelf / "b.ldif.gz"):
            self.assertEqual(len(self.history("import", what, expect=4).stderr.splitlines()), 1)
        # Two things of which both fail are both named.
        p = self.history("import", self.shelf, self.tmp / "absent", expect=4)
        self.assertEqual(len(p.stderr.splitlines()), 3)
        self.assertIn("b.ldif.gz", p.stderr)
        self.assertFalse((self.tmp / "histoire").exists())

    def test_another_directory_is_left_out(self):
        self.put("a.ldif", OLD)
        self.put("b.ldif", MID, domain=small.OTHER_DOMAIN)
        self.put("c.ldif", NEW)
        p = self.history("import", self.shelf, expect=2)
        self.assertIn("b.ldif is a run of another directory", p.stderr)
        self.assertEqual([d for d, _ in self.kept()], [OLD, NEW])

    def test_mistakes(self):
        self.put("a.ldif", OLD)
        self.assertIn("import", self.history("list", "--policy", "care", expect=2).stderr)
        self.history("import", self.shelf, "--policy", "nowhere.yaml", expect=2)
        self.history("import", "--policy", "care", expect=2)
        self.assertFalse((self.tmp / "histoire").exists())
        (self.tmp / "histoire").mkdir()
        (self.tmp / "histoire/history.sqlite").write_text("rien")
        self.history("import", self.shelf, expect=4)
        self.assert_only_history()

    def test_an_interrupted_import_adds_nothing(self):
        self.put("a.ldif", OLD)
        os.mkfifo(self.shelf / "b.ldif")
        with subprocess.Popen([PROGRAM, "history", self.tmp / "histoire", "import", self.shelf], cwd=self.tmp,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as p:
            with open(self.shelf / "b.ldif", "wb") as f:  # returns when the program has opened it
                f.write(b"dn: DC=chu,DC=example\n")
                f.flush()
                p.send_signal(signal.SIGINT)
            out, err = p.communicate(timeout=300)
        self.assertEqual((p.returncode, out), (130, ""), err)
        self.assertFalse((self.tmp / "histoire").exists())

    def test_a_shelf_that_is_too_deep_or_loops(self):
        self.put("1/2/3/4/in.ldif", OLD)
        self.put("1/2/3/4/5/out.ldif", MID)
        (self.shelf / "1/2/tour").symlink_to(self.shelf)
        self.history("import", self.shelf)
        self.assertEqual({d for d, _ in self.kept()}, {OLD})

    def test_the_sample(self):
        self.run_program("history", self.tmp / "histoire", "import", ROOT / "tests/sample/sample.ldif.gz", "--policy",
                         ROOT / "tests/sample/policy.yaml")
        self.assertEqual(len(self.kept()), 1)


if __name__ == "__main__":
    unittest.main()
