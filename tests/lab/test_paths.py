"""Control paths on a real Samba domain: what is planted is found, step by step and in words, and what only
looks like a way is not. Who controls an object directly is asked of Samba's own access check too: it answers
as each account (allowedAttributesEffective, sDRightsEffective, a password reset that is rolled back)."""
import unittest

import case
from test_random_acls import GUARDED, Directory

import ldb
from samba.auth import (AUTH_SESSION_INFO_AUTHENTICATED, AUTH_SESSION_INFO_DEFAULT_GROUPS,
                        AUTH_SESSION_INFO_SIMPLE_PRIVILEGES, user_session)
from samba.dcerpc import security
from samba.ndr import ndr_pack
from samba.samdb import SamDB

RESET = "00299570-246d-11d0-a768-00aa006e0529"
GPO = "{7D0A5C3E-6E5B-4C51-9B1E-0D6E8B1F2A33}"
# By relation of the graph: what Samba must then let its holder do.
WRITES = {"member": "write_member", "gPLink": "write_gplink", "gPCFileSysPath": "write_gpc_path",
          "servicePrincipalName": "write_spn", "altSecurityIdentities": "write_alt_identity",
          "msDS-KeyCredentialLink": "write_key_credential", "userAccountControl": "write_uac",
          "msDS-AllowedToActOnBehalfOfOtherIdentity": "write_allowed_to_act"}
OF_CLASS = {"group": ["member"], "organizationalUnit": ["gPLink"], "groupPolicyContainer": ["gPCFileSysPath"],
            "user": ["servicePrincipalName", "altSecurityIdentities", "msDS-KeyCredentialLink", "userAccountControl",
                     "msDS-AllowedToActOnBehalfOfOtherIdentity"]}
PHRASES = {"may add a key to log on with to": "write_key_credential",
           "may reset the password of": "reset_password", "may write the members of": "write_member",
           "may write the rights of": "write_dacl", "owns": "write_dacl", "may link a GPO to": "write_gplink"}
DACL, OWNER = 4, 1  # of sDRightsEffective


class Planted(Directory):
    def __init__(self, lab):
        super().__init__(lab)
        self.guids["Reset-Password"] = RESET
        self.unit = self.ou("Chemins", self.base)
        self.tier0 = "OU=Tier0,OU=Hôpital," + self.base
        self.admin = "CN=adm-dupont," + self.tier0
        self.people = {}

    def ou(self, name, parent=None):
        dn = f"OU={name},{parent or self.unit}"
        self.db.add({"dn": dn, "objectClass": "organizationalUnit"})
        return dn

    def user(self, name, parent=None):
        dn = f"CN={name},{parent or self.unit}"
        self.db.add({"dn": dn, "objectClass": "user", "sAMAccountName": name, "userAccountControl": "544"})
        self.people[name] = dn
        return dn

    def group(self, name, parent=None):
        dn = f"CN={name},{parent or self.unit}"
        self.db.add({"dn": dn, "objectClass": "group", "sAMAccountName": name})
        return dn

    def give(self, who, right, dn, what=None, **kw):
        self.refuse(dn, right, self.sid_of(who), what, allow=True, **kw)

    def own(self, who, dn):
        def change(sd):
            sd.owner_sid = security.dom_sid(self.sid_of(who))
        self.change(dn, change, "owner")

    def history(self, who, of):
        self.replace(who, "sIDHistory", [ndr_pack(security.dom_sid(self.sid_of(of)))], GUARDED)

    def protect(self, dn):
        def change(sd):
            sd.type |= security.SEC_DESC_DACL_PROTECTED
        self.change(dn, change, "protected")

    def plant_seven_steps(self):
        alice, bob, service = self.user("alice"), self.user("bob"), self.user("svc-deux")
        one, five = self.group("GG-Un"), self.group("GG-Cinq")
        three = self.ou("Trois")
        four = self.group("GG-Quatre", three)
        self.give(alice, "CR", bob, "Reset-Password")
        self.give(bob, "WP", one, "member")
        self.give(one, "WD", service)
        self.own(service, three)
        self.history(four, five)
        self.give(five, "WP", self.tier0, "gPLink")
        self.replace(five, "member", [self.user("membre")])
        # The unit's right that Samba itself hands down to the group in it.
        self.give(self.user("dora"), "WP", three, "member", flags="CI", to="group")

    def plant_policy(self):
        gpo = f"CN={GPO},CN=Policies,CN=System,{self.base}"
        self.db.add({"dn": gpo, "objectClass": "groupPolicyContainer", "displayName": "Fond d’écran", "flags": "0",
                     "versionNumber": "1", "gPCFileSysPath": f"\\\\lab.test\\SysVol\\lab.test\\Policies\\{GPO}"})
        posts = self.ou("Postes")
        self.replace(posts, "gPLink", [f"[LDAP://{gpo};0]"])
        self.give(self.user("greg"), "WD", gpo)
        self.give(self.user("eric", posts), "CR", self.admin, "Reset-Password")
        # Samba hands it down to the user in the unit: one cause, found at the unit.
        self.give(self.user("cles"), "WP", posts, "msDS-KeyCredentialLink", flags="CI", to="user")
        self.history(self.user("ancien-admin"), f"CN=Domain Admins,CN=Users,{self.base}")

    def plant_wrong(self):
        """Each of these looks like a way to somebody who reads ACEs in haste."""
        wrong = {}

        def liar(name):
            wrong[name] = self.user("faux-" + name)
            return wrong[name]
        dn = liar("refus")  # the deny goes in front
        self.give(dn, "GA", self.admin)
        self.refuse(self.admin, "GA", self.sid_of(dn))
        dn = liar("heritage")
        self.give(dn, "GA", self.admin, flags="CIIO")
        self.give(liar("membre"), "WP", self.admin, "member")
        self.give(liar("mot-de-passe"), "CR", f"CN=Domain Admins,CN=Users,{self.base}", "Reset-Password")
        self.give(liar("description"), "WP", self.admin, "description")
        self.give(liar("jeton"), "WP", self.admin, "Reset-Password")  # an extended right is not written
        # Handed down to computers, where there are only users and groups.
        unit = self.ou("Ailleurs")
        self.give(liar("classe"), "WD", unit, flags="CIIO", to="computer")
        self.give(self.user("passeur", unit), "WD", self.admin)
        # A group that does not inherit, below a unit that somebody owns.
        closed = self.ou("Fermee")
        group = self.group("GG-Fermee", closed)
        self.protect(group)
        self.own(liar("protection"), closed)
        self.give(group, "WD", self.admin)
        return wrong


class Session:
    """Samba's view of what one account may do."""

    def __init__(self, directory, dn):
        flags = (AUTH_SESSION_INFO_DEFAULT_GROUPS | AUTH_SESSION_INFO_AUTHENTICATED |
                 AUTH_SESSION_INFO_SIMPLE_PRIVILEGES)
        lp = directory.db.lp
        self.db = SamDB(url=lp.samdb_url(), lp=lp,
                        session_info=user_session(directory.db, lp_ctx=lp, dn=dn, session_info_flags=flags))

    def controls(self, dn):
        """Relations that Samba grants over dn."""
        r = self.db.search(dn, scope=ldb.SCOPE_BASE,
                           attrs=["objectClass", "allowedAttributesEffective", "sDRightsEffective"])[0]
        allowed = {str(v).lower() for v in r.get("allowedAttributesEffective", [])}
        rights = int(str(r["sDRightsEffective"][0]))
        classes = {str(v) for v in r["objectClass"]}
        found = {WRITES[a] for c in classes for a in OF_CLASS.get(c, []) if a.lower() in allowed}
        found |= {"write_dacl"} if rights & DACL else set()
        found |= {"write_owner"} if rights & OWNER else set()
        if "user" in classes and self.may_reset(dn):
            found.add("reset_password")
        return found

    def may_reset(self, dn):
        self.db.transaction_start()
        try:
            m = ldb.Message(ldb.Dn(self.db, dn))
            m["p"] = ldb.MessageElement('"Essai.Passw0rd9.Essai.Passw0rd9"'.encode("utf-16-le"), ldb.FLAG_MOD_REPLACE, "unicodePwd")
            self.db.modify(m)
            return True
        except ldb.LdbError as e:
            if e.args[0] != ldb.ERR_INSUFFICIENT_ACCESS_RIGHTS:
                raise
            return False
        finally:
            self.db.transaction_cancel()


class Paths(case.LabCase):
    def setUp(self):
        self.domain = self.lab = self.clone("paths", services="ldap")
        self.d = Planted(self.domain)
        self.d.plant_seven_steps()
        self.d.plant_policy()
        self.wrong = self.d.plant_wrong()
        self.snapshot = self.tmp / "paths.adsnap"
        self.program("collect", *self.simple(lab=self.domain), "--output", self.snapshot, expect=0)

    def shown(self, dn, lang="en"):
        """Who controls dn by `show`: lists of name, phrase, name, …"""
        text = self.program("show", self.snapshot, dn, "--lang", lang, expect=0).stdout
        head = {"fr": "Qui le contrôle, hors Tier 0", "en": "Who controls it, outside tier 0"}[lang]
        part = text.split(f"\n{head}\n")[1].split("\n\n")[0]
        return [line.strip().split(" → ") for line in part.splitlines() if " → " in line]

    def test_paths(self):
        with self.subTest("seven steps"):
            self.seven_steps()
        with self.subTest("a policy on the way, and SID history of tier 0"):
            self.policy()
        with self.subTest("wrong ways"):
            self.wrong_ways()
        with self.subTest("Samba's own access check"):
            self.same_as_samba()

    def seven_steps(self):
        want = ["alice", "may reset the password of", "bob", "may write the members of", "GG-Un",
                "may write the rights of", "svc-deux", "owns", "Trois", "hands down its rights to", "GG-Quatre",
                "has in its history the SID of", "GG-Cinq", "may link a GPO to", "Tier0"]
        paths = {p[0]: p for p in self.shown(self.d.tier0)}
        self.assertEqual(paths["alice"], want)
        self.assertEqual(paths["svc-deux"], want[6:])
        self.assertEqual(paths["dora"], ["dora", "may write the members of", *want[10:]])
        french = {p[0]: p for p in self.shown(self.d.tier0, "fr")}["alice"]
        self.assertEqual(french[1::2], [
            "peut réinitialiser le mot de passe de", "peut modifier les membres de", "peut modifier les droits de",
            "est propriétaire de", "transmet ses droits à", "a dans son historique le SID de", "peut lier une GPO à"])
        self.assertEqual(french[::2], want[::2])
        results = self.audit("--snapshot", self.snapshot)
        found = case.control(results, "vuln_permissions_gpo_container_priv")
        unit = next(o for o in found["objects"] if o["dn"] == self.d.tier0)
        self.assertIn("alice > reset_password > bob > write_member > GG-Un > write_dacl > svc-deux > owner > Trois > "
                      "inherits > GG-Quatre > sid_history > GG-Cinq > write_gplink > Tier0", unit["evidence"]["path"])
        # It ends there: nothing leads on from tier 0 to the accounts below.
        admins = case.control(results, "vuln_privileged_members_perm")
        self.assertNotIn("alice", str([o["evidence"] for o in admins["objects"]]))

    def policy(self):
        paths = {p[0]: p for p in self.shown(self.d.admin)}
        self.assertEqual(paths["greg"], ["greg", "may write the rights of", "Fond d’écran", "is a GPO applied to", "eric",
                                         "may reset the password of", "adm-dupont"])
        self.assertIn(["cles", "may add a key to log on with to", "eric"], self.shown("eric"))
        keys = case.control(self.audit("--snapshot", self.snapshot), "hyg_shadow_credentials")
        unit = next(o for o in keys["objects"] if "cles" in o["evidence"]["principal"])
        self.assertEqual((unit["dn"], unit["evidence"]["accounts"]), ("OU=Postes," + self.d.unit, "1"))
        history = {p[0]: p for p in self.shown(f"CN=Domain Admins,CN=Users,{self.d.base}")}
        self.assertEqual(history["ancien-admin"], ["ancien-admin", "has in its history the SID of", "Domain Admins"])

    def wrong_ways(self):
        for dn in (self.d.admin, self.d.tier0, f"CN=Domain Admins,CN=Users,{self.d.base}"):
            self.assertNotIn("faux-", str(self.shown(dn)), dn)
        # The two that end in front of what they would need do control something, and only that.
        self.assertEqual(self.shown("GG-Fermee"), [])
        passers = [p for p in self.shown("passeur") if p[0] == "faux-classe"]
        self.assertEqual(passers, [])
        self.assertIn(["faux-protection", "owns", "Fermee"], self.shown("OU=Fermee," + self.d.unit))
        results = self.audit("--snapshot", self.snapshot)
        for c in results["controls"]:
            if c["area"] == "paths":
                self.assertNotIn("faux-", str(c["objects"]), c["id"])

    def same_as_samba(self):
        """Every planted account over every planted object."""
        sessions = {name: Session(self.d, dn) for name, dn in self.d.people.items()}
        targets = [str(r.dn) for r in self.d.db.search(self.d.unit, scope=ldb.SCOPE_SUBTREE, attrs=["dn"])]
        targets += [self.d.tier0, self.d.admin, f"CN=Domain Admins,CN=Users,{self.d.base}",
                    f"CN={GPO},CN=Policies,CN=System,{self.d.base}"]
        direct = {}
        for dn in targets:
            samba = {n: s.controls(dn) for n, s in sessions.items() if self.d.people[n] != dn}
            samba = {n: c for n, c in samba.items() if c}
            mine = {p[0]: p[-2] for p in self.shown(dn) if p[0] in sessions and self.is_direct(p)}
            self.assertEqual(set(mine), set(samba), dn)
            for name, phrase in mine.items():  # the same right, not only the same account
                self.assertIn(PHRASES[phrase], samba[name], (name, dn))
            direct[dn] = mine
        self.assertGreater(sum(map(len, direct.values())), 8)

    @staticmethod
    def is_direct(path):
        """Groups, then one right over the object itself."""
        steps = path[1::2]
        return all(s == "is a member of" for s in steps[:-1]) and steps[-1] not in (
            "is a member of", "hands down its rights to", "contains", "is a GPO applied to",
            "has in its history the SID of")


if __name__ == "__main__":
    unittest.main()
