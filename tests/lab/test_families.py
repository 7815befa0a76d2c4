"""Random Samba domains with planted cases of the five families, and what the program finds there: per control
and object, nothing missed and nothing invented, read as administrator, from an LDIF export of the same, and as
an ordinary user, who may know less but never wrongly.

    FAMILIES_SEEDS="7 12-40" test_families.py    other seeds
    FAMILIES_KEEP=FOLDER …                       keeps each seed's facts, policy, truth and results there
"""
import json
import os
import pathlib
import pprint
import unittest

import case
import lab as labs
from families import plants, rules, rules_passwords, rules_stale  # noqa: F401 each adds its rules
from families.world import World

SEEDS = "1 2"


def seeds():
    for part in os.environ.get("FAMILIES_SEEDS", SEEDS).split():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


class Families(case.LabCase):
    def test_families(self):
        for seed in seeds():
            with self.subTest(seed=seed):
                self.one_domain(seed)

    def one_domain(self, seed):
        made = []
        known = {line.split()[0] for line in self.program("controls", "--lang", "en", expect=0).stdout.splitlines()}

        def prepare(lab):
            made.append(World(lab, seed, known))
            plants.decide(made[0])
            made[0].build()
        lab = self.lab = self.clone(f"families-{seed}", prepare=prepare, services="ldap, cldap")
        w = made[0]
        folder = pathlib.Path(os.environ.get("FAMILIES_KEEP", self.tmp), f"seed-{seed}")
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in w.files.items():
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        policy = ["--policy", folder / "policy.yaml"]
        results = self.audit(*self.simple(lab=lab), *policy, output=str(folder / "administrator"))
        truth = self.truth(w, results)
        (folder / "truth.json").write_text(json.dumps({c: sorted(t) for c, t in truth.items()}, ensure_ascii=False, indent=1))
        (folder / "facts.txt").write_text(pprint.pformat([vars(o) for o in [*w.accounts.values(), *w.groups.values(),
                                                                             *w.psos.values()]], width=150))
        self.w = w
        self.whole(truth, results, "administrator")
        self.adds_up(w, results)
        mine = self.audit(*self.simple(labs.READER, labs.READER_PASSWORD, lab=lab), *policy,
                          output=str(folder / "ordinary"))
        self.less(truth, mine, "ordinary user", rules.LESS)
        self.adds_up(w, mine)
        if seed % 2:
            self.close(w)
            mine = self.audit(*self.simple(labs.READER, labs.READER_PASSWORD, lab=lab), *policy, output=str(folder / "closed"))
        else:
            mine = self.audit("--ldif", self.export(lab, folder / "export.ldif"), *policy, output=str(folder / "ldif"))
        self.less(truth, mine, "LDIF" if seed % 2 == 0 else "ordinary user of a closed domain", truth)
        self.adds_up(w, mine)
        lab.stop()

    def close(self, w):
        """What hides most attributes of accounts from ordinary users: nobody is in Pre-Windows 2000 … Access."""
        w.sam.modify(w.sam.builtin(554), controls=[], member=[])

    def export(self, lab, path):
        """As an administrator makes it with another tool: every ordinary attribute, no descriptors."""
        with open(path, "w", encoding="utf-8") as out:
            for base in (labs.BASE, "CN=Configuration," + labs.BASE):
                out.write(lab.run("ldapsearch", "-LLL", "-x", "-H", f"ldaps://{lab.address}", "-D", f"{labs.ADMIN}@{labs.DNS}",
                                  "-w", labs.ADMIN_PASSWORD, "-E", "pr=1000/noprompt", "-b", base, "(objectClass=*)", "*") + "\n")
        return path

    def truth(self, w, results):
        """By control: rules over facts, then what plants say themselves, which must agree."""
        truth = {}
        for c in results["controls"]:
            if c["id"] in rules.RULES and c["status"] != "disabled":
                truth[c["id"]] = rules.truth(w, c["id"], c["parameters"])
        for name, values in ((n, v) for n, v in w.params.items() if n in w.known):
            shown = case.control(results, name)["parameters"]
            self.assertEqual({k: shown[k] for k in values}, values, name)
        for control, dn in w.expected:
            self.assertIn(dn, truth[control], control)
        for control, dn in w.decoys:
            self.assertNotIn(dn, truth[control], control)
        return truth

    def differences(self, truth, c):
        """What was missed and what was invented, with why, by DN as the facts or the program spell it."""
        found = {self.w.key(o["dn"]): o for o in c["objects"]}
        wanted = {self.w.key(dn): dn for dn in truth[c["id"]]}
        said = f"({c['status']} {c['reason']} unknown {c['unknown']})"
        return ([f"{c['id']}: missed {dn} {said}" for k, dn in wanted.items() if k not in found],
                [f"{c['id']}: invented {o['dn']} {o['evidence']}" for k, o in found.items() if k not in wanted])

    def whole(self, truth, results, reader):
        wrong = []
        for c in results["controls"]:
            if c["id"] in truth:
                missed, invented = self.differences(truth, c)
                wrong += missed + invented
        self.assertFalse(wrong, f"{reader}:\n" + "\n".join(wrong))

    def less(self, truth, results, reader, less):
        """Found all the same, but where the reader may not see what the control stands on: then unknown, never pass."""
        wrong = []
        for c in results["controls"]:
            if c["id"] not in truth or c["id"] in case.OF_THE_READER:
                continue
            missed, invented = self.differences(truth, c)
            wrong += invented
            said = c["status"] == "unknown" or (c["status"] == "fail" and c["unknown"])
            if c["id"] not in less or not said:
                wrong += missed
        self.assertFalse(wrong, f"{reader}:\n" + "\n".join(wrong))

    def adds_up(self, w, results):
        indicators = results["indicators"]
        mfa = indicators["mfa"]
        self.assertEqual(mfa["covered"] + mfa["not_covered"] + mfa["unknown"], mfa["required"], mfa)


if __name__ == "__main__":
    unittest.main()
