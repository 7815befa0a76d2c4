"""The directory of every case of a control (tests/cases), written as ORADAD would have: no verdict contradicts the one over
the snapshot itself. ORADAD_CASES=1 takes every section, 12 (the default) every twelfth; ORADAD_VERSION another version."""
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import unittest

import oradad_compare as compare
import oradad_input as given
from oradad_writer import VERSIONS, Writer

ROOT = pathlib.Path(os.environ["SOURCE_DIR"])
PROGRAM, RUN_CASE = os.environ["ADHYGIENE"], os.environ["RUN_CASE"]
STEP = int(os.environ.get("ORADAD_CASES", "12"))
VERSION = os.environ.get("ORADAD_VERSION", VERSIONS[-1])
POLICY = "schema: 1\nname: cases\nextends: strict\nmfa: {evidence: [{group: GG-Base-MFA}]}\n"

# {(control of the file, title of the section): {control: why ORADAD tells something else}}
ELSE = {
    ("hyg_empty_groups", "quiet for somebody's primary group, for members that were not read, and for the system's groups"):
        {"hyg_empty_groups": "isCriticalSystemObject is not collected; Windows gives it to no group that is known by no RID"},
}


def sections():
    """(control, line, title), in the order of the files' names."""
    for path in sorted((ROOT / "tests/cases").glob("*/*.case")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.startswith("== "):
                yield path.stem, number, line[3:]


def whole(directory, snapshot):
    """A case may leave out what a real directory always has: the rootDSE of a second domain, the rows of files that only a
    text stands for."""
    d = directory
    heads = {given.dns_of(e.dn): e for e in d.entries if "domaindns" in e.classes() and e.get("objectSid")}
    forest = next(iter(d.roots.values())).text("rootDomainNamingContext")
    for name in sorted(set(heads) - {name.lower() for name in d.roots} - set(d.roots)):
        d.roots[name] = given.root_dse(heads[name].dn, forest)
    with sqlite3.connect(f"file:{snapshot}?mode=ro&immutable=1", uri=True) as db:
        db.text_factory = lambda b: b.decode("utf-8", "replace")
        files = dict(db.execute("SELECT path, bytes FROM sysvol_file"))
    db.close()
    known = {item.path for item in d.sysvol}
    for path in files:
        for above in [path[:m.start()] for m in re.finditer("/", path)]:
            if above not in known:
                d.sysvol.append(given.SysvolItem(above, folder=True))
                known.add(above)
        if path not in known:
            d.sysvol.append(given.SysvolItem(path, data=files[path]))
    d.sysvol.sort(key=lambda item: item.path)
    return d


def facts_of(snapshot):
    """(time of the snapshot, does coverage say that something of it was not read?)"""
    with sqlite3.connect(f"file:{snapshot}?mode=ro&immutable=1", uri=True) as db:
        at = db.execute("SELECT value FROM meta WHERE key = 'collected_at'").fetchone()
        gaps = db.execute("SELECT count(*) FROM coverage").fetchone()[0]
    db.close()
    return at[0] if at else "2026-11-21T00:00:00Z", gaps > 0


class Cases(unittest.TestCase):
    def setUp(self):
        keep = tempfile.TemporaryDirectory(prefix="adhygiene-cases-")
        self.addCleanup(keep.cleanup)
        self.tmp = pathlib.Path(keep.name)
        (self.tmp / "policy.yaml").write_text(POLICY, "utf-8")

    def audit(self, *args):
        with tempfile.TemporaryDirectory(dir=self.tmp) as out:
            p = subprocess.run([PROGRAM, "audit", *map(str, args), "--policy", self.tmp / "policy.yaml", "--format", "json", "--quiet",
                                "--output", out], capture_output=True, text=True, check=False, timeout=300)
            self.assertEqual(p.returncode, 0, f"{args}: {p.stderr}")
            return json.loads(pathlib.Path(out, "results.json").read_text("utf-8"))

    def contradictions(self, snapshot, at):
        with tempfile.TemporaryDirectory(dir=self.tmp) as folder:
            d = whole(given.from_snapshot(snapshot), snapshot)
            imported = self.audit("--oradad", Writer(d, VERSION).write(folder), "--at", at)
        reference = self.audit("--snapshot", snapshot, "--at", at)
        return {**compare.contradictions(reference, imported), **compare.better(reference, imported)}

    def test_every_case(self):
        chosen = list(sections())[::STEP]
        self.assertGreater(len(chosen), 1000 // STEP)
        files = sorted({str(next((ROOT / "tests/cases").glob(f"*/{control}.case"))) for control, _, _ in chosen})
        p = subprocess.run([RUN_CASE, ROOT / "tests/cases/base.directory", "--keep", self.tmp, *files], cwd=self.tmp,
                           capture_output=True, text=True, check=False, timeout=600)
        self.assertEqual(p.returncode, 0, p.stdout)
        compared = 0
        for control, line, title in chosen:
            snapshot = self.tmp / f"{control}-{line}.adsnap"
            at, gaps = facts_of(snapshot)
            if gaps:  # ORADAD's folder would not have them
                continue
            compared += 1
            with self.subTest(case=control, line=line, title=title):
                found = self.contradictions(snapshot, at)
                known = ELSE.get((control, title), {})
                self.assertEqual({name: why for name, why in found.items() if name not in known}, {})
        self.assertGreater(compared, len(chosen) * 3 // 4)


if __name__ == "__main__":
    unittest.main()
