"""What the tests of ORADAD's import share: a hospital written as ORADAD would have, and the same as LDIF."""
import base64
import functools
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

from case import PROGRAM, ROOT, SAMPLE, CliCase, checked

sys.path.insert(0, str(ROOT / "tests/oradad"))
import oradad_compare as compare  # noqa: E402
import oradad_input as given  # noqa: E402
from oradad_writer import Writer  # noqa: E402

FOREST = "ch-troisrivieres.example"
HEAD = "DC=ch-troisrivieres,DC=example"
TOKEN = ["S-1-5-21-1004336348-1177238915-682003330-512", "S-1-5-32-544", "S-1-5-11", "S-1-1-0"]
AT = ["--at", "2026-11-21"]
POLICY = ["--policy", ROOT / "tests/sample/policy.yaml", *AT]
SYSVOL = ROOT / "tests/sample/sysvol"
NEW = "3.6.218"


def ldif(directory):
    out = ["version: 1\n"]
    for e in [*directory.roots.values(), *directory.entries]:
        out.append(f"dn:: {base64.b64encode(e.dn.encode()).decode()}" if e.dn else "dn: ")
        out += [f"{name}:: {base64.b64encode(v).decode()}" for name, values in e.attrs.items() for v in values]
        out.append("")
    return "\n".join(out)


@functools.lru_cache(None)
def whole():
    return given.from_ldif(ROOT / "tests/sample/sample.ldif.gz", given.sysvol_from_folder(SYSVOL), TOKEN)


def is_leaf(e):
    return bool(e.classes() & {"user", "computer"}) and not e.classes() & {"msds-groupmanagedserviceaccount"}


class OradadCase(CliCase):
    @functools.cached_property
    def small(self):
        """The sample's hospital with few of its accounts: those that findings name, the privileged and some others."""
        return small(self)

    def fresh(self):
        """A directory that a test may change."""
        s = self.small
        return given.Directory([given.Entry(e.dn, dict(e.attrs)) for e in s.entries],
                               {name: given.Entry("", dict(e.attrs)) for name, e in s.roots.items()}, s.sysvol, s.token)

    def from_ldif(self, directory, *args, sysvol=SYSVOL):
        path = pathlib.Path(tempfile.mkdtemp(dir=self.tmp)) / "directory.ldif"
        path.write_text(ldif(directory), "utf-8")
        return self.audit("--ldif", path, *(["--sysvol", sysvol] if sysvol else []), *(args or POLICY), "--format", "json")[0]

    def written(self, directory, version=NEW, change=None, **kw):
        """The run's folder; change(writer): before it is written."""
        writer = Writer(directory, version, **kw)
        if change:
            change(writer)
        return writer.write(tempfile.mkdtemp(dir=self.tmp))

    def imported(self, folder, *args):
        return self.audit("--oradad", folder, *(args or POLICY), "--format", "json")[0]

    def same(self, reference, results, at_least=None):
        """No contradiction; at_least: how many of the controls that the reference decides this one decides too."""
        found = compare.contradictions(reference, results)
        self.assertFalse(found, "\n" + "\n".join(f"{name}: {why}" for name, why in found.items()))
        if at_least is not None:
            self.assertGreaterEqual(len(compare.decided(reference) & compare.decided(results)), at_least,
                                    compare.lost(reference, results))

    def reference(self):
        """Of the small directory as it is."""
        return reference(self)

    def never_better(self, folder):
        """A damaged folder is refused with a sentence, or no control looks better than it is."""
        out = pathlib.Path(tempfile.mkdtemp(dir=self.tmp))
        p = subprocess.run([PROGRAM, "audit", "--oradad", folder, *map(str, AT), "--format", "json", "--output", out],
                           capture_output=True, text=True, check=False, timeout=300)
        if p.returncode == 4:
            self.assertRegex(p.stderr, "^adhygiene: .*\\.tsv")
            return None
        self.assertEqual(p.returncode, 0, p.stderr)
        results = checked((out / "results.json").read_text("utf-8"))
        found = compare.better(reference(self, *AT), results)
        self.assertFalse(found, "\n" + "\n".join(f"{name}: {why}" for name, why in found.items()))
        return results

    def verdict(self, results, name):
        return compare.by_id(results)[name]["status"]

    def snapshot(self, folder):
        out = self.tmp / f"{len(list(self.tmp.iterdir()))}.adsnap"
        self.run_program("collect", "--oradad", folder, "--output", out)
        return out

    def query(self, snapshot, sql, *args):
        db = sqlite3.connect(f"file:{snapshot}?mode=ro&immutable=1", uri=True)
        self.addCleanup(db.close)
        return db.execute(sql, args).fetchall()

    def coverage(self, results):
        return {(c["need"], c["state"], c["detail"].split(" ")[0]) for c in results["coverage"]}

    def account(self, name, parent, sid, **attrs):
        values = {"objectClass": ["top", "person", "organizationalPerson", "user"], "cn": name, "name": name, "sAMAccountName": name,
                  "objectSid": given.sid(sid), "objectGUID": sid.encode()[-16:].rjust(16, b"0"), "userAccountControl": "512",
                  "primaryGroupID": "513", "pwdLastSet": "134000000000000000", "lastLogonTimestamp": "134010000000000000",
                  "whenCreated": "20250101000000.0Z", "whenChanged": "20260101000000.0Z", "sAMAccountType": "805306368",
                  "objectCategory": f"CN=Person,CN=Schema,CN=Configuration,{HEAD}", "instanceType": "4", "uSNChanged": "9",
                  "accountExpires": "9223372036854775807", "nTSecurityDescriptor": given.descriptor("S-1-5-32-544")}
        return given.Entry(f"CN={name},{parent}", {**values, **attrs})


MADE = {}  # once for the run


def small(test):
    if "small" not in MADE:
        found = test.audit("--ldif", SAMPLE[1], "--sysvol", SYSVOL, *POLICY, "--format", "json")[0]
        keep = {o["dn"] for c in found["controls"] for o in c["objects"][:4]}
        leaves = [e for e in whole().entries if is_leaf(e)]
        keep |= {e.dn for e in leaves[::40]}
        # Whoever is in a privileged place decides much: all of them stay.
        keep |= {e.dn for e in leaves if e.get("adminCount")}
        MADE["small"] = given.Directory([e for e in whole().entries if not is_leaf(e) or e.dn in keep], whole().roots,
                                           whole().sysvol, TOKEN)
    return MADE["small"]


def reference(test, *args):
    if args not in MADE:
        MADE[args] = test.from_ldif(test.small, *args)
    return MADE[args]


def drop(writer, name):
    """A column, and the number beside it, from every table."""
    for table in writer.tables:
        gone = [i for i, c in enumerate(table.columns) if i and c[0].lower() in (name.lower(), name.lower() + "_int")]
        if table.request == "rootDSE":
            gone = []
        table.columns = [c for i, c in enumerate(table.columns) if i not in gone]
        table.rows = [[cell for i, cell in enumerate(r) if i not in gone] for r in table.rows]


def renamed(directory, old, new):
    """The same with another name of its domain, in every DN and DNS name."""
    old, new = old.encode(), new.encode()
    text = {"ntsecuritydescriptor", "objectsid", "objectguid", "schemaidguid", "cacertificate", "sidhistory"}
    entries = [given.Entry(e.dn.replace(old.decode(), new.decode()),
                           {k: v if k in text else [x.replace(old, new) for x in v] for k, v in e.attrs.items()})
               for e in [*directory.roots.values(), *directory.entries]]
    return given.Directory(entries[1:], {given.dns_of(entries[0].text("defaultNamingContext")): entries[0]}, (), directory.token)
