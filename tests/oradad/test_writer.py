"""The writer itself, held against the description of the format: what the import's tests stand on must be right."""
import os
import pathlib
import subprocess
import tempfile
import unittest
import uuid

import oradad_input
import oradad_requests
from oradad_cells import cells, xxh64
from oradad_input import Entry
from oradad_writer import VERSIONS, Writer

ROOT = pathlib.Path(os.environ["SOURCE_DIR"])
SAMPLE = ROOT / "tests/sample"


def rows(data):
    """Of a table's bytes, as a reader must see them."""
    assert data[:2] == b"\xff\xfe", data[:8]
    text = data[2:].decode("utf-16-le")
    assert text == "" or text.endswith("\r\n")
    return [line.split("\t") for line in text.split("\r\n")[:-1]]


class Cells(unittest.TestCase):
    def one(self, kind, *values, cut=None):
        return cells(kind, list(values), cut)[0]

    def test_every_kind(self):
        guid = uuid.UUID("31b2f340-016d-11d2-945f-00c04fb984f9")
        for kind, values, want in (
                ("STR", [b"a\tb\r\nc", b"second"], ["a b  c"]),
                ("STR", ['"quoté'.encode()], ['"quoté']),
                ("STRS", [b"a", b"CN=b;c", b"d"], ["a;CN=b;c;d"]),
                ("INT", [b"-2147483646"], ["-2147483646"]),
                ("BOOL", [b"TRUE"], ["1"]), ("BOOL", [b"FALSE"], ["0"]),
                ("DATE", [b"20260101000203.0Z"], ["2026-01-01 00:02:03"]),
                ("DATEINT64", [b"134000000000000000"], ["2025-08-18 14:13:20"]),
                ("DATEINT64", [b"0"], [""]), ("DATEINT64", [b"9223372036854775807"], ["2999-12-12 23:59:59"]),
                ("GUID", [guid.bytes_le], [str(guid)]),
                ("SID", [oradad_input.sid("S-1-5-21-1-2-3-500"), oradad_input.sid("S-1-5-32-544")], ["S-1-5-21-1-2-3-500;S-1-5-32-544"]),
                ("BIN", [b"\x01\xff", b"\x02"], ["01ff;02"]),
                ("BIN", [b"B:8:00020000:CN=x"], [b"B:8:00020000:CN=x".hex()]),
                ("TEXT:userAccountControl", [b"544"], ["PASSWD_NOTREQD | NORMAL_ACCOUNT", "544"]),
                ("TEXT:groupType", [b"-2147483630"], ["ACCOUNT_GROUP | SECURITY_ENABLED | 16", "-2147483630"]),
                ("TEXT:NegFiletime", [b"-36288000000000"], ["42:00:00:00", "-36288000000000"]),
                ("TEXT:NegFiletime", [b"-9223372036854775808"], ["Never", "-9223372036854775808"]),
                ("TEXT:NegFiletime", [], ["", ""]), ("STR", [], [""])):
            with self.subTest(kind=kind, values=values):
                self.assertEqual(self.one(kind, *values), want)
        raw = oradad_input.descriptor("S-1-5-32-544", oradad_input.ace(0, 0x100, "S-1-5-11", 2))
        self.assertEqual(self.one("SD", raw), [raw.hex()])
        self.assertEqual(self.one("DACL", raw), ["D:(A;CI;0x100;;;S-1-5-11)"])

    def test_the_cut(self):
        """Values beyond the bound are gone, their separators are not."""
        self.assertEqual(cells("STRS", [b"aaaa", b"bbbb", b"cccc", b"d"], 9), (["aaaa;bbbb;;"], True))
        self.assertEqual(cells("STRS", [b"aaaa", b"bbbb"], 9), (["aaaa;bbbb"], False))

    def test_xxh64(self):
        """Vectors of the specification: short, and longer than its blocks of 32 bytes."""
        for data, want in ((b"", 0xef46db3751d8e999), (b"abc", 0x44bc2cf5ad770999),
                           (b"Nobody inspects the spammish repetition", 0xfbcea83c8a378bf1)):
            self.assertEqual(xxh64(data), want, data)


class Folder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = oradad_input.from_ldif(SAMPLE / "sample.ldif.gz", oradad_input.sysvol_from_folder(SAMPLE / "sysvol"),
                                               ["S-1-5-32-544"])

    def setUp(self):
        self.tmp = tempfile.TemporaryDirectory()
        self.addCleanup(self.tmp.cleanup)
        self.out = pathlib.Path(self.tmp.name)

    def test_every_table_has_the_columns_that_tables_tsv_says(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                run = Writer(self.directory, version).write(self.out / version)
                lines = (run / "tables.tsv").read_bytes().decode("latin-1").split("\n")
                self.assertEqual(lines[0], "ch-troisrivieres.example_20261121-080000")
                named = {"tables.tsv", "oradad.log"}
                for line in lines[1:-1]:
                    path, _, _, count, *names = line.split("\t")
                    self.assertEqual(len(names), 2 * int(count), path)
                    named.add(path.replace("\\", "/"))
                    for row in rows(run.joinpath(*path.split("\\")).read_bytes()):
                        self.assertEqual(len(row), int(count), path)
                self.assertEqual({p.relative_to(run).as_posix() for p in run.rglob("*") if p.is_file()}, named)

    def test_versions_differ(self):
        tables = {v: {t.path: [c[0] for c in t.columns] for t in Writer(self.directory, v).tables} for v in ("3.0.155", "3.6.218")}
        old, new = tables["3.0.155"], tables["3.6.218"]
        user = "domain\\ch-troisrivieres.example\\user.tsv"
        self.assertNotEqual(old[user], new[user])
        self.assertEqual(set(new) - set(old), {"domain\\ch-troisrivieres.example\\dmsa.tsv"})
        computer = user.replace("user", "computer")
        self.assertEqual(set(new[computer]) - set(old[computer]), {
            "msDS-SupersededServiceAccountState", "msDS-SupersededManagedAccountLink", "msLAPS-PasswordExpirationTime",
            "msLAPS-PasswordExpirationTime_int"})
        for table in (old[user], new[user]):
            self.assertEqual(table[0], "dn")
        self.assertEqual(old["schema\\top.tsv"][:3], ["dn", "shortname", "shortdn"])

    def test_objects(self):
        w = Writer(self.directory)
        top = [t for t in w.tables if t.request == "top"]
        live = [r for t in top for r in t.rows if r[t.column("isDeleted")] != "1"]
        self.assertEqual(sorted(r[0] for r in live), sorted(e.dn for e in self.directory.entries))
        self.assertEqual(sum(len(t.rows) for t in top) - len(live), 2 * sum(1 for t in top if t.rows))
        users = w.table("domain\\ch-troisrivieres.example\\user.tsv")
        want = [e.dn for e in self.directory.entries if "user" in e.classes() and not e.classes() &
                {"computer", oradad_requests.SMSA, oradad_requests.GMSA}]
        self.assertGreater(len(want), 1000)
        self.assertEqual([r[0] for r in users.rows], want)
        dse = w.table("domain\\ch-troisrivieres.example\\rootDSE.tsv")
        self.assertEqual(dse.columns[0][0], "server")
        self.assertEqual(dse.rows[0][dse.column("tokenGroups")], "S-1-5-32-544")
        self.assertEqual(w.table("forestdns\\dnsZone.tsv").bytes(), b"\xff\xfe")

    def test_sysvol(self):
        w = Writer(self.directory)
        table = w.table("domain\\ch-troisrivieres.example\\sysvol.tsv")
        self.assertEqual(len(table.columns), 14)
        self.assertEqual(len(table.rows), len(self.directory.sysvol))
        self.assertEqual({len(r) for r in table.rows}, {14})
        taken = [r for r in table.rows if r[12] == "1"]
        self.assertEqual(sorted(r[4] for r in taken), ["GPT.INI", "GPT.INI", "GptTmpl.inf", "GptTmpl.inf", "Groups.xml"])
        names = {f"{r[1]}\\{r[2]}\\{r[5]}_{r[4]}" for r in taken}
        self.assertEqual(set(w.files), names)
        self.assertEqual(taken[0][5], str(xxh64(f"\\\\dc1.ch-troisrivieres.example\\SYSVOL\\ch-troisrivieres.example\\{taken[0][3]}"
                                                .encode("utf-16-le"))))

    def test_names_with_backslashes(self):
        out = Writer(self.directory).write(self.out, backslash=True)
        names = [p.name for p in out.iterdir()]
        self.assertIn("ch-troisrivieres.example\\20261121-080000\\tables.tsv", names)
        self.assertTrue(all(p.is_file() for p in out.iterdir()))

    def test_a_name_beyond_8_bits_is_damaged_in_tables_tsv_alone(self):
        head = Entry("DC=hôpital-œuvre,DC=example", {"objectClass": ["top", "domain", "domainDNS"],
                                                     "objectSid": oradad_input.sid("S-1-5-21-1-2-3")})
        w = Writer(oradad_input.Directory([head]))
        self.assertIn(b"domain\\h\xf4pital-?uvre.example\\top.tsv", w.tables_tsv())
        run = w.write(self.out)
        self.assertTrue((run / "domain/hôpital-œuvre.example/top.tsv").is_file())

    def test_a_snapshot_says_what_its_ldif_says(self):
        snapshot = self.out / "sample.adsnap"
        subprocess.run([os.environ["ADHYGIENE"], "collect", "--ldif", SAMPLE / "sample.ldif.gz", "--output", snapshot], check=True,
                       capture_output=True)
        read = oradad_input.from_snapshot(snapshot)
        want = {e.dn: e.attrs for e in self.directory.entries}
        self.assertEqual({e.dn for e in read.entries}, set(want))
        differ = [(e.dn, name) for e in read.entries for name in {*e.attrs, *want[e.dn]}
                  if sorted(e.get(name)) != sorted(want[e.dn].get(name, []))]
        self.assertEqual(differ[:10], [])
        self.assertEqual(list(read.roots), list(self.directory.roots))


if __name__ == "__main__":
    unittest.main()
