"""Which password policy applies to an account: what the program says against msDS-ResultantPSO, which Samba's
domain controller computes by itself, for every account of random domains with five overlapping PSOs on global
groups: direct, nested, in loops, by primary group, of equal precedence.

PSOs on universal and domain-local groups are left out: Samba applies them, MS-ADTS 3.1.1.4.5.36 does not. They
are decided by the specification, in tests/model.

RESULTANT_PSO_SEEDS="7 12-40" runs others.
"""
import os
import random
import re
import unittest

import case
import lab as labs
from sam import Sam

SEEDS = "1 2 3"
PEOPLE = 24
NAMES = ["Élodie", "O'Brien", "d’Été", "Muñoz", "Zoë", "Noël, Père", "Müller", "Ça", "Ağa", "Léa \"L\""]

POLICY = """schema: 1
name: psos
extends: anssi
custom_controls:
"""
CONTROL = """  - {{id: site_{id}, level: 5, title: {{fr: a, en: a}}, fix: {{fr: a, en: a}}, each: user,
     filter: "{filter}"}}
"""
DOMAIN = {"length": 8, "age": 90}  # as fill.py makes it


def seeds():
    for part in os.environ.get("RESULTANT_PSO_SEEDS", SEEDS).split():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


class Domain:
    """One random domain: groups that hold one another, accounts in them, PSOs on both."""

    def __init__(self, lab, seed):
        self.sam, self.r = Sam(lab), random.Random(f"pso {seed}")
        with self.sam.transaction():
            for dn in self.sam.find("(objectClass=msDS-PasswordSettings)"):
                self.sam.db.delete(dn)
            self.unit = self.sam.ou("Politiques")
            self.groups = [self.sam.group(f"GG-{self.name()}-{i}", self.unit) for i in range(8)]
            self.users = [self.user(i) for i in range(PEOPLE)]
            self.nest()
            self.fill()
            self.psos = self.make_psos()

    def name(self):
        return self.r.choice(NAMES)

    def user(self, i):
        account = f"compte-{i:02d}"
        flags = self.r.choice([0x200] * 6 + [0x202, 0x220, 0x10200, 0x40200, 0x222])
        return self.sam.user(f"{self.name()} {i}", self.unit, uac=flags, sAMAccountName=account)

    def nest(self):
        """A group may hold any other: chains, diamonds and loops."""
        for _ in range(6):
            outer, inner = self.r.sample(self.groups, 2)
            if inner not in self.members(outer):
                self.sam.join(outer, inner)
        if self.r.random() < 0.5:  # policies of administrators come by such a group
            self.sam.join(self.sam.rid(512), self.r.choice(self.groups))

    def members(self, group):
        return {str(v) for v in self.sam.db.search(group, scope=0, attrs=["member"])[0].get("member", [])}

    def fill(self):
        for dn in self.users:
            for group in self.r.sample(self.groups, self.r.choice([0, 1, 1, 2, 3])):
                self.sam.join(group, dn)
        for dn in self.r.sample(self.users, 4):
            group = self.r.choice(self.groups)
            if dn not in self.members(group):
                self.sam.primary_group(dn, group)
        pc = self.sam.find("(objectClass=computer)")[0]
        self.sam.join(self.r.choice(self.groups), pc)

    def make_psos(self):
        """Five that overlap; two of one precedence, whose objectGUIDs decide."""
        precedences = sorted(self.r.sample(range(1, 60), 4))
        precedences.append(self.r.choice(precedences))
        psos = {}
        for i, precedence in enumerate(precedences):
            # The stronger a policy the fewer groups, so that the others show as well.
            targets = self.r.sample(self.groups, self.r.choice([1, 1 + i // 2]))
            targets += self.r.sample(self.users, self.r.choice([0, 0, 1, 2]))
            if i == 4:  # whoever is under the other of this precedence is under this one too
                targets.extend(t for t in psos[self.twin(psos, precedence)]["targets"] if t not in targets)
            name = f"PSO {self.name()} {i}"
            length, age = 20 + i, 200 + i
            dn = self.sam.pso(name, precedence, *targets, length=length, max_age=age, complexity=bool(i % 2))
            psos[dn] = {"precedence": precedence, "targets": targets, "length": length, "age": age,
                        "complexity": bool(i % 2)}
        return psos

    @staticmethod
    def twin(psos, precedence):
        return next(dn for dn, p in psos.items() if p["precedence"] == precedence)

    def policy(self):
        """One custom control for each policy, whose findings are the accounts that it applies to."""
        text = POLICY + CONTROL.format(id="domain", filter=f"(x-maxPasswordAgeDays={DOMAIN['age']})")
        for p in self.psos.values():
            text += CONTROL.format(id=f"pso_{p['age']}", filter=f"(x-maxPasswordAgeDays={p['age']})")
            text += CONTROL.format(id=f"whole_{p['age']}", filter="(&" + "".join((
                f"(x-maxPasswordAgeDays={p['age']})", f"(x-minPasswordLength={p['length']})",
                f"(x-passwordComplexity={str(p['complexity']).upper()})")) + ")")
        return text


class ResultantPso(case.LabCase):
    def setUp(self):
        self.folder = self.tmp / "policies"
        self.folder.mkdir(exist_ok=True)

    def test_resultant_pso(self):
        for seed in seeds():
            with self.subTest(seed=seed):
                self.one_domain(seed)

    def one_domain(self, seed):
        made = []
        lab = self.lab = self.clone(f"pso-{seed}", prepare=lambda lab: made.append(Domain(lab, seed)),
                                    services="ldap, cldap")
        domain = made[0]
        policy = self.folder / f"{seed}.yaml"
        policy.write_text(domain.policy(), "utf-8")
        # krbtgt is no user account, and has no PSO.
        people = lab.ldapsearch("(&(objectClass=user)(!(objectClass=computer))(!(sAMAccountName=krbtgt)))",
                                "sAMAccountName", "msDS-ResultantPSO", "userAccountControl")
        truth = {e["dn"][0]: e.get("msds-resultantpso", [None])[0] for e in people}
        planted = {dn: truth[dn] for dn in domain.users}
        self.assertGreaterEqual(len(planted), 20)
        self.assertGreaterEqual(len(set(planted.values())), 3, "a domain that proves little")
        self.assertLessEqual(set(truth.values()) - {None}, set(domain.psos))
        snapshot = self.tmp / f"{seed}.adsnap"
        self.program("collect", *self.simple(lab=lab), "--output", snapshot, expect=0)
        self.administrator(domain, truth, self.audit("--snapshot", snapshot, "--policy", policy))
        self.ordinary(domain, truth, self.audit(*self.simple(labs.READER, labs.READER_PASSWORD, lab=lab),
                                                "--policy", policy))
        for entry in people[-6:]:
            self.shown(snapshot, entry["samaccountname"][0], truth[entry["dn"][0]])
        lab.stop()

    def under(self, truth, pso):
        return {dn for dn, applied in truth.items() if applied == pso}

    def found(self, results, name):
        return {o["dn"] for o in case.control(results, "site_" + name)["objects"]}

    def administrator(self, domain, truth, results):
        """Every account, each under exactly the policy that Samba names."""
        not_required = {dn for dn in domain.users if int(domain.sam.db.search(dn, scope=0, attrs=["userAccountControl"])[0][
            "userAccountControl"][0].decode()) & 0x20}
        self.assertEqual(self.found(results, "domain"), self.under(truth, None))
        for dn, pso in domain.psos.items():
            self.assertEqual(self.found(results, f"pso_{pso['age']}"), self.under(truth, dn), dn)
            self.assertEqual(self.found(results, f"whole_{pso['age']}"), self.under(truth, dn) - not_required, dn)
        for c in results["controls"]:
            if c["id"].startswith("site_"):
                self.assertEqual(c["unknown"], 0, c["id"])

    def ordinary(self, domain, truth, results):
        """PSOs are closed to this reader: never a wrong policy, and unknown for every account under one."""
        policies = {"domain": None, **{f"pso_{p['age']}": dn for dn, p in domain.psos.items()}}
        for name, pso in policies.items():
            c = case.control(results, "site_" + name)
            want = self.under(truth, pso)
            self.assertLessEqual(self.found(results, name), want, name)
            if pso or self.found(results, name) != want:
                self.assertEqual(c["status"], "unknown" if not c["count"] else "fail", name)
                self.assertGreaterEqual(c["unknown"], len(want) - c["count"], name)

    def shown(self, snapshot, account, pso):
        text = self.program("show", snapshot, account, "--lang", "en", expect=0).stdout
        part = text.split("\n  effective policy ")[1].split("\n  second factor ")[0]
        named = re.findall(r"PSO: (.*)", part)
        self.assertEqual(named, [pso] if pso else [], account)
        if not pso:
            self.assertIn("the domain's", part)


if __name__ == "__main__":
    unittest.main()
