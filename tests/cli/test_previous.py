"""--previous: who became privileged since the run before, and what is no run of this directory."""
import gzip
import json
import unittest

from case import ROOT, SAMPLE, CliCase

LDIF = ROOT / "tests/sample/sample.ldif.gz"


def table(results, name):
    found = [t for t in results["tables"] if (t["family"], t["name"]) == ("privileged", name)]
    if not found:
        return None
    columns = [c["name"] for c in found[0]["columns"]]
    return [dict(zip(columns, row)) for row in found[0]["rows"]]


class Previous(CliCase):
    def entries(self):
        return gzip.decompress(LDIF.read_bytes()).decode().replace("\n ", "").split("\n\n")

    def write(self, name, entries):
        path = self.tmp / name
        path.write_text("\n\n".join(entries))
        return path

    def without_unread(self, entries):
        """Drops the members of groups that are not in the file."""
        dns = {e.split("\n")[0][4:] for e in entries}
        dns |= {line[4:] for e in entries for line in e.split("\n") if line.startswith("dn: ")}
        return ["\n".join(n for n in e.split("\n") if not n.startswith("member: ") or n[8:] in dns and "ForeignSecurityPrincipals" not in n) for e in entries]

    def changed_sample(self, whole=False):
        """adm-ancien leaves Domain Admins, jpoirier enters them."""
        entries = self.entries()
        admins = next(i for i, e in enumerate(entries) if "\nsAMAccountName: Admins du domaine\n" in e)
        lines = entries[admins].split("\n")
        gone = [n for n in lines if n.startswith("member: CN=adm-ancien,")]
        self.assertEqual(len(gone), 1)
        entered = next(e for e in entries if "\nsAMAccountName: jpoirier\n" in e).split("\n")[0]
        lines[lines.index(gone[0])] = "member" + entered[2:]
        entries[admins] = "\n".join(lines)
        return self.write("whole.ldif" if whole else "changed.ldif", self.without_unread(entries) if whole else entries)

    def test_growth(self):
        before, _, folder = self.audit(*SAMPLE)
        self.assertIsNone(table(before, "changes"))
        names = ("accounts_previous", "added", "removed")
        self.assertEqual([before["indicators"]["privileged"][n] for n in names], [None] * 3)
        self.assertEqual(len(table(before, "accounts")), before["indicators"]["privileged"]["accounts"])
        changed = ["--ldif", self.changed_sample(), *SAMPLE[2:]]
        # The sample has a member that was not read: what is new may only have been unseen.
        now, _, _ = self.audit(*changed, "--previous", folder)
        growth = next(c for c in now["controls"] if c["id"] == "hyg_privileged_growth")
        self.assertEqual((growth["status"], growth["count"]), ("unknown", 0))
        # Nor is it known of whom that member holds, if it is a group.
        self.assertEqual([(r["account"], r["change"]) for r in table(now, "changes")], [("jpoirier", "added")])
        family = now["indicators"]["privileged"]
        self.assertEqual((family["added"], family["removed"]), (1, None))
        now, _, _ = self.audit("--ldif", self.changed_sample(whole=True), *SAMPLE[2:], "--previous", folder)
        self.assertEqual([(r["account"], r["change"]) for r in table(now, "changes")],
                         [("jpoirier", "added"), ("adm-ancien", "removed")])
        family = now["indicators"]["privileged"]
        self.assertEqual((family["added"], family["removed"]), (1, 1))
        self.assertEqual(family["accounts"], family["accounts_previous"] + family["added"] - family["removed"])
        # A previous run that had read everything.
        before["indicators"]["privileged"]["complete"] = 1
        whole = self.tmp / "whole.json"
        whole.write_text(json.dumps(before))
        now, _, out = self.audit(*changed, "--previous", whole)
        growth = next(c for c in now["controls"] if c["id"] == "hyg_privileged_growth")
        self.assertEqual((growth["status"], [o["name"] for o in growth["objects"]]), ("fail", ["jpoirier"]))
        self.assertEqual(growth["objects"][0]["evidence"]["previous_run"], before["directory"]["evaluated_at"])
        again = self.audit(*changed, "--previous", whole)[2]
        self.assertEqual((out / "results.json").read_bytes(), (again / "results.json").read_bytes())

    def test_what_was_not_read_is_not_removed(self):
        """The file without an account that was privileged and still stands in a group, and with it but for its SID."""
        folder = self.audit(*SAMPLE)[2]
        whole = self.without_unread(self.entries())
        cut = [e for e in whole if "\nsAMAccountName: adm-ancien\n" not in e]
        self.assertEqual(len(cut), len(whole) - 1)
        nameless = ["\n".join(n for n in e.split("\n") if not n.startswith("objectSid:")) if "\nsAMAccountName: adm-ancien\n" in e else e
                    for e in whole]
        self.assertNotEqual(nameless, whole)
        for name, entries in (("cut", cut), ("nameless", nameless)):
            now, _, _ = self.audit("--ldif", self.write(f"{name}.ldif", entries), *SAMPLE[2:], "--previous", folder)
            self.assertIsNone(now["indicators"]["privileged"]["removed"], name)
            self.assertEqual([r for r in table(now, "changes") if r["change"] == "removed"], [], name)

    def test_without_change(self):
        _, _, folder = self.audit(*SAMPLE)
        now, _, _ = self.audit(*SAMPLE, "--previous", folder / "results.json")
        growth = next(c for c in now["controls"] if c["id"] == "hyg_privileged_growth")
        self.assertEqual((growth["status"], growth["count"]), ("unknown", 0))  # one member cannot be read
        self.assertEqual(table(now, "changes"), [])

    def test_what_is_no_previous_run(self):
        results, _, folder = self.audit(*SAMPLE)

        def refused(content, expect, says):
            path = self.tmp / "old.json"
            path.write_bytes(content)
            p = self.run_program("audit", *SAMPLE, "--previous", path, "--output", self.tmp / "out", expect=expect)
            self.assertIn(says, p.stderr)
            self.assertFalse((self.tmp / "out").exists())

        refused(b"", 4, "this is not JSON")
        refused(b"\x00\xff" * 1000, 4, "this is not JSON")
        refused(b"{}", 4, "is not a results.json of this program")
        refused((folder / "audit.xlsx").read_bytes(), 4, "this is not JSON")
        other = json.loads(json.dumps(results))
        other["directory"]["domains"][0]["sid"] = None
        refused(json.dumps(other).encode(), 4, "anonymous")
        p = self.run_program("audit", *SAMPLE, "--previous", self.tmp / "nowhere", expect=4)
        other["directory"]["domains"][0]["sid"] = "S-1-5-21-1-2-3"
        (self.tmp / "other.json").write_text(json.dumps(other))
        p = self.run_program("audit", *SAMPLE, "--previous", self.tmp / "other.json", expect=2)
        self.assertIn("another directory", p.stderr)


if __name__ == "__main__":
    unittest.main()
