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


if __name__ == "__main__":
    unittest.main()
