"""The example policies: without mistake, commented in French, and an audit runs with each of them."""
import unittest

import yaml

from case import ROOT, SAMPLE, CliCase

FOLDER = ROOT / "policies/examples"
# What a whole policy says; the socle of a group of hospitals leaves it to each of them.
KEYS = {"facility", "tiers", "service_accounts", "shared_accounts", "remote_access", "hypervisor", "backup", "external",
        "biomedical", "identity", "hr", "leaks", "mfa", "controls", "waivers"}
WHOLE = ("ch-seul", "chu-trois-niveaux", "ght-ad-partage")
# Rows of each list that name nobody of the sample; one contractor of the bastion's is there by chance.
UNMATCHED = {
    "ch-seul": {"fuites.csv": 3, "mfa-wallix.csv": 2},
    "chu-trois-niveaux": {"fuites.csv": 3, "mfa-wallix.csv": 2, "mfa-entra.csv": 3, "mfa-vpn.csv": 2},
    "ght-ad-partage": {"fuites.csv": 3, "mfa-entra.csv": 3},
}


class Examples(CliCase):
    def test_no_mistake(self):
        files = sorted(FOLDER.glob("*.yaml"))
        self.assertEqual({f.stem for f in files}, {*WHOLE, "ght"})
        for file in files:
            self.run_program("policy", "check", file)

    def test_each_declares_all_that_a_policy_can(self):
        for name in WHOLE:
            text = (FOLDER / f"{name}.yaml").read_text("utf-8")
            policy = yaml.safe_load(text)
            self.assertEqual(KEYS - set(policy), set(), name)
            self.assertGreater(sum(line.lstrip().startswith("#") for line in text.splitlines()), 20, name)
            self.assertTrue(policy["external"]["max_days"] and policy["backup"]["computers"], name)
            self.assertTrue(any("csv" in e for e in policy["mfa"]["evidence"] if isinstance(e, dict)), name)
            shown = self.run_program("policy", "show", FOLDER / f"{name}.yaml").stdout
            for key in KEYS:
                self.assertIn(f"{key}.", shown.replace("[", "."), name)

    def test_three_tiers(self):
        for name in WHOLE[1:]:
            tiers = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))["tiers"]
            self.assertEqual({t for t in tiers if tiers[t]["groups"] and tiers[t]["units"]}, {"0", "1", "2"}, name)

    def test_an_audit_runs_with_each(self):
        """The sample is another hospital: hardly a name is there, and that is said, name by name."""
        source = [a for a in SAMPLE if a != "--policy" and not str(a).endswith("policy.yaml")]
        for name in WHOLE:
            results, _, _ = self.audit(*source, "--policy", FOLDER / f"{name}.yaml")
            self.assertEqual(results["policy"]["name"], name)
            reasons = {c.get("reason") or "" for c in results["controls"]}
            self.assertFalse([r for r in reasons if "not_declared" in r], name)
            needs = {c["need"] for c in results["coverage"]}
            for population in ("external", "backup", "biomedical", "identity", "shared_accounts"):
                self.assertTrue(any(n.startswith("population_") and n.split()[1] == population for n in needs),
                                f"{name}: {population}")
            # Every row of the lists was read: those that are no account of the sample are named.
            for file, rows in UNMATCHED[name].items():
                lines = [c["detail"].split()[0] for c in results["coverage"] if c["need"].startswith(f"csv_row {file}:")]
                self.assertEqual(lines, ["csv_unmatched"] * rows, (name, file))
            self.assertEqual({c["status"] for c in results["controls"]
                              if c["id"].startswith(("hyg_external_", "hyg_backup_", "hyg_identity_missing"))}
                             & {"pass"}, set(), name)


class LeakLists(CliCase):
    """What is wrong with a list is said with its line, and nothing of it is lost."""

    def leaks(self, content, expect=0, columns=("identifiant", "date")):
        (self.tmp / "fuites.csv").write_bytes(content)
        policy = self.tmp / "site.yaml"
        policy.write_text("schema: 1\nname: site\nextends: care\nleaks: "
                          f"{{csv: fuites.csv, account: {columns[0]}, date: {columns[1]}}}\n", "utf-8")
        source = SAMPLE[:SAMPLE.index("--policy")]
        if expect:
            return self.run_program("audit", *source, "--at", "2026-11-21", "--policy", policy, "--output", self.tmp / "out",
                                    expect=expect).stderr
        results, _, _ = self.audit(*source, "--at", "2026-11-21", "--policy", policy)
        control = next(c for c in results["controls"] if c["id"] == "hyg_leaked_not_changed")
        return control, [(c["need"], c["detail"]) for c in results["coverage"] if c["need"].startswith("csv_")]

    def test_wrong_column(self):
        said = self.leaks(b"login;date\r\nDLAMBERT;03/02/2026\r\n", expect=2)
        self.assertIn("site.yaml:4:", said)
        self.assertIn("fuites.csv:1:", said)
        self.assertIn("identifiant", said)

    def test_broken_quotes(self):
        said = self.leaks(b'identifiant,date\n"DLAMBERT,2026-02-03\n', expect=2)
        self.assertIn("fuites.csv:2:", said)

    def test_rows_that_say_nothing(self):
        rows = ["identifiant;date", "DLAMBERT;03/02/2026", "spetitjean;hier", ";03/02/2026", "=1+1;03/02/2026",
                "qbernard2;03/02/2027", "personne;03/02/2026", "CHTROISRIV\\dlambert;01/01/2019"]
        for encoding in ("utf-8", "utf-16", "cp1252"):
            control, coverage = self.leaks("\r\n".join(rows).encode(encoding))
            self.assertEqual([o["name"] for o in control["objects"]], ["dlambert"], encoding)
            self.assertEqual(control["objects"][0]["evidence"]["leaked"], "2026-02-03T00:00:00Z")
            self.assertEqual(control["unknown"], 2)
            self.assertIn(("csv_row fuites.csv:3", "csv_date hier"), coverage)
            self.assertIn(("csv_row fuites.csv:4", "csv_no_account"), coverage)
            self.assertIn(("csv_row fuites.csv:6", "csv_date 03/02/2027"), coverage)
            self.assertIn(("csv_row fuites.csv:7", "csv_unmatched personne"), coverage)
            self.assertTrue(any(need == "csv_row fuites.csv:5" and detail.startswith("csv_formula")
                                for need, detail in coverage), coverage)

    def test_a_long_list(self):
        """Each row that names nobody is counted, not only those that are shown."""
        rows = "identifiant;date\n" + "".join(f"nobody{i};01/02/2026\n" for i in range(200000)) + "dlambert;03/02/2026\n"
        control, coverage = self.leaks(rows.encode())
        self.assertEqual(control["count"], 1)
        shown = sum(need.startswith("csv_row ") for need, _ in coverage)
        more = [int(detail.split()[1]) for need, detail in coverage if need == "csv_rows fuites.csv"]
        self.assertEqual(shown + sum(more), 200000)


if __name__ == "__main__":
    unittest.main()
