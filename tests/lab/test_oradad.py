"""A Samba domain read live, and the same written as ORADAD would have: every control that both decide says the same of
the same objects; those that only the live reading decides are listed in docs/oradad.md.

    ORADAD_SEEDS="7 12-40" test_oradad.py     other domains
    ORADAD_KEEP=FOLDER …                      keeps each seed's snapshot, folders and policy there
"""
import contextlib
import datetime
import fnmatch
import os
import pathlib
import re
import shutil
import sqlite3
import sys
import unittest

from samba import ntacls
from samba.auth import system_session
from samba.ndr import ndr_pack
from samba.param import LoadParm

import case
import lab as labs
import test_smb
from families import decide
from families.world import World

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/oradad"))
import oradad_compare as compare  # noqa: E402
import oradad_input  # noqa: E402
from oradad_writer import VERSIONS, Writer  # noqa: E402

SEEDS = "3"
# Of the 240 controls, at least so many that the live reading decides are decided by the import too.
ENOUGH = 150


def real_descriptors(lab):
    """{path: owner and DACL as the file system holds them}, of a stopped domain: over SMB the live reading sees no control
    flags, Windows' API does. Files that Samba has no descriptor of are left out."""
    lp, out, share = LoadParm(), {}, lab.dir / "state/sysvol"
    lp.load(str(lab.conf))
    for path in share.rglob("*"):
        try:
            sd = ntacls.getntacl(lp, str(path), system_session())
        except TypeError:
            continue
        sd.group_sid, sd.sacl = None, None
        out[path.relative_to(share).as_posix()] = ndr_pack(sd)
    return out


def of_one_controller(snapshot):
    """The same without the exact last logon: ORADAD asks one controller, so that 14 days are given to everybody."""
    out = snapshot.with_name("one.adsnap")
    out.unlink(missing_ok=True)
    shutil.copy(snapshot, out)
    with contextlib.closing(sqlite3.connect(out)) as db:
        rows = [r for r in db.execute("SELECT key, value FROM meta ORDER BY id") if r[0] != "last_logon"]
        db.execute("DELETE FROM meta")
        db.executemany("INSERT INTO meta(id, key, value) VALUES(?, ?, ?)", [(i, *r) for i, r in enumerate(rows)])
        db.commit()
    return out


def explained(control):
    """Is it in the table of docs/oradad.md? Its first column names controls, or many by an asterisk."""
    text = (ROOT / "docs/oradad.md").read_text("utf-8")
    return any(fnmatch.fnmatch(control, name) for row in re.findall(r"^\| (`[^|]+) \|", text, re.M)
               for name in re.findall(r"`([a-z0-9_*]+)`", row))


def seeds():
    for part in os.environ.get("ORADAD_SEEDS", SEEDS).split():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


class Oradad(case.SmbCase):
    def domain(self, seed):
        """Planted cases of the five families, with files in SYSVOL; the policy that goes with them."""
        made = []
        known = self.known_controls()

        def prepare(lab):
            made.append(World(lab, seed, known))
            decide.domain(made[0])
            made[0].build()
            test_smb.plant(lab)
            self.descriptors = real_descriptors(lab)
            self.assertGreater(len(self.descriptors), 5)
        lab = self.lab = self.clone(f"oradad-{seed}", prepare=prepare, services=case.SMB_SERVICES)
        for name, content in made[0].files.items():
            (self.tmp / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return lab

    def test_live_and_imported_agree(self):
        for seed in seeds():
            with self.subTest(seed=seed):
                self.one(seed)

    def one(self, seed):
        lab = self.domain(seed)
        now = datetime.datetime.now(datetime.timezone.utc)
        snapshot, _ = self.collect(*self.simple(lab=lab), lab=lab)
        args = ["--policy", self.tmp / "policy.yaml", "--at", now.strftime("%Y-%m-%dT%H:%M:%SZ"), "--format", "json"]
        live, one = self.audit("--snapshot", snapshot, *args), self.audit("--snapshot", of_one_controller(snapshot), *args)
        directory = oradad_input.from_snapshot(snapshot, lab.dir / "state/sysvol")
        for item in directory.sysvol:
            item.descriptor = self.descriptors.get(item.path, item.descriptor)
        self.assertGreater(len(directory.entries), 300)
        self.assertEqual(list(directory.roots), [labs.DNS])
        keep, only_live = pathlib.Path(os.environ.get("ORADAD_KEEP", self.tmp), f"seed-{seed}"), {}
        keep.mkdir(parents=True)
        shutil.copy(snapshot, keep / "live.adsnap")
        shutil.copy(self.tmp / "policy.yaml", keep)
        for version in VERSIONS:
            run = Writer(directory, version, run=now.strftime("%Y%m%d-%H%M%S"), server=labs.HOST).write(keep / version)
            imported = self.audit("--oradad", run, *args)
            only_live[version] = compare.lost(live, imported)
            with self.subTest(seed=seed, version=version):
                found = compare.contradictions(one, imported)
                self.assertFalse(found, "\n" + "\n".join(f"{name}: {why}" for name, why in found.items()))
                # The exact last logon of all controllers finds more idle accounts; nothing else differs.
                self.assertLessEqual(set(compare.contradictions(live, imported)), set(compare.contradictions(live, one)))
                self.assertGreaterEqual(len(compare.decided(live) & compare.decided(imported)), ENOUGH)
        newest = only_live[VERSIONS[-1]]
        print(f"seed {seed}: of {len(compare.decided(live))} controls that are decided live, {len(newest)} are not in ORADAD "
              f"{VERSIONS[-1]}:")
        for name, reason in newest.items():
            print(f"  {name}: {reason}")
        for version, lost in only_live.items():
            print(f"  {version}: also {' '.join(sorted(set(lost) - set(newest))) or 'none'}")
        self.assertEqual([name for name in newest if not explained(name)], [], "not explained in docs/oradad.md")


if __name__ == "__main__":
    unittest.main()
