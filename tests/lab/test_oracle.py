"""The verdicts on the lab's domain against what other tools count there: ldapsearch, and Samba's own library."""
import datetime
import unittest

import case
import lab as labs

DISABLED = "(userAccountControl:1.2.840.113556.1.4.803:=2)"
PEOPLE = "(&(objectCategory=person)(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2048))(!(objectSid={sid}-502)))"
PRIVILEGED_RIDS = (512, 516, 518, 519, 526, 527)
PRIVILEGED_BUILTIN = (544, 548, 549, 550, 551)


class Oracle(case.LabCase):
    def setUp(self):
        if not hasattr(Oracle, "results"):
            Oracle.results = self.audit(*self.simple())

    def people(self, *filters):
        f = PEOPLE.format(sid=labs.DOMAIN_SID)
        return self.lab.ldapsearch("(&" + f + "".join(filters) + ")", "sAMAccountName")

    def enabled(self, bit):
        return {e["dn"][0] for e in self.people(f"(userAccountControl:1.2.840.113556.1.4.803:={bit})", f"(!{DISABLED})")}

    def found(self, name):
        return {o["name"] for o in case.control(self.results, name)["objects"]}

    def names(self, entries):
        return {e["samaccountname"][0] for e in entries}

    def privileged(self):
        """Accounts that hold a privileged SID in their token, as Samba computes it (tokenGroups)."""
        code = """
import sys
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB
import ldb
lp = LoadParm(); lp.load(sys.argv[1])
db = SamDB(url=lp.samdb_url(), session_info=system_session(), lp=lp)
sid = str(db.get_domain_sid())
wanted = {f"{sid}-{r}" for r in map(int, sys.argv[2].split(","))} | {f"S-1-5-32-{r}" for r in map(int, sys.argv[3].split(","))}
for r in db.search(str(db.get_default_basedn()), expression="(objectClass=user)", attrs=["sAMAccountName", "objectSid"]):
    t = db.search(r.dn, scope=ldb.SCOPE_BASE, attrs=["tokenGroups"])[0].get("tokenGroups", [])
    own = str(ndr_unpack(security.dom_sid, r["objectSid"][0]))
    if own == sid + "-500" or wanted & {str(ndr_unpack(security.dom_sid, x)) for x in t}:
        print(r["sAMAccountName"])
"""
        out = self.lab.run(labs.PYTHON, "-c", code, str(self.lab.conf), ",".join(map(str, PRIVILEGED_RIDS)),
                           ",".join(map(str, PRIVILEGED_BUILTIN)))
        return set(out.split())

    def test_counts(self):
        counts = self.results["directory"]["counts"]
        self.assertEqual(counts["users"], len(self.people()))
        self.assertEqual(counts["users_enabled"], len(self.people(f"(!{DISABLED})")))
        self.assertEqual(counts["computers"], len(self.lab.ldapsearch("(objectClass=computer)", "dn")))
        self.assertEqual(counts["groups"], len(self.lab.ldapsearch("(objectClass=group)", "dn")))

    def test_flags(self):
        for name, bit in (("vuln_kerberos_properties_preauth", 0x400000), ("vuln_kerberos_properties_deskey", 0x200000),
                          ("hyg_password_not_required", 0x20)):
            with self.subTest(control=name):
                self.assertEqual({o["dn"] for o in case.control(self.results, name)["objects"]}, self.enabled(bit))

    def test_privileged_members(self):
        privileged = self.privileged()
        self.assertGreater(len(privileged), 4)
        protected = self.found("vuln_protected_users")
        enabled = self.names(self.people(f"(!{DISABLED})"))
        self.assertEqual(protected, privileged & enabled)
        disabled = self.names(self.people(DISABLED)) & privileged
        self.assertEqual(self.found("hyg_privileged_disabled"), disabled)

    def test_never_expires_privileged(self):
        privileged = self.privileged()
        holders = self.names(self.people("(userAccountControl:1.2.840.113556.1.4.803:=65536)", f"(!{DISABLED})"))
        self.assertEqual(self.found("vuln_dont_expire_priv"), holders & privileged)

    def test_loop(self):
        self.assertLessEqual({"GG-Niveau1", "GG-Niveau2", "GG-Niveau3"},
                             self.found("vuln_group_loop") | {v for o in case.control(self.results, "vuln_group_loop")["objects"]
                                                              for e in o["evidence"].values() for v in
                                                              (e if isinstance(e, list) else [e])})

    def test_effective_policies(self):
        """agent01/02 are under PSO-global (14), agent03 under the domain's (8): its PSO names a universal group."""
        short = self.found("hyg_password_length_users")
        self.assertIn("agent03", short)
        self.assertNotIn("agent01", short)
        self.assertNotIn("agent02", short)

    def test_samba_tool_counts_the_same(self):
        lab, counts = self.lab, self.results["directory"]["counts"]
        accounts = lab.samba_tool("user", "list").split()
        self.assertEqual(counts["users"], len([a for a in accounts if a != "krbtgt"]))
        self.assertEqual(counts["computers"], len(lab.samba_tool("computer", "list").split()))
        self.assertEqual(counts["groups"], len(lab.samba_tool("group", "list").splitlines()))
        settings = lab.samba_tool("domain", "passwordsettings", "show")
        self.assertIn("Minimum password length: 8", settings)
        short = case.control(self.results, "hyg_password_length_users")["objects"]
        self.assertEqual({o["evidence"]["min_length"] for o in short if o["name"] != "sansmdp"}, {"8"})
        admins = set(lab.samba_tool("group", "listmembers", "Domain Admins").split())
        self.assertLessEqual({"adm-dupont", "svc-sauvegarde"}, admins)
        self.assertLessEqual(admins - {"adm-parti"}, self.found("vuln_protected_users"))

    def test_stale(self):
        now = self.results["directory"]["evaluated_at"]
        at = datetime.datetime.fromisoformat(now.replace("Z", "+00:00")).timestamp()
        limit = int((at - (90 + 14) * 86400 + 11644473600) * 10**7)  # the date lags up to 14 days
        stale = self.names(self.people(f"(lastLogonTimestamp<={limit})", f"(!{DISABLED})",
                                       "(!(servicePrincipalName=*))"))
        self.assertTrue(stale)
        self.assertEqual(self.found("hyg_stale_users"), stale)

    def test_domain_facts(self):
        quota = self.lab.ldapsearch("(objectClass=domainDNS)", "ms-DS-MachineAccountQuota", more=("-s", "base"))
        self.assertEqual(quota[0]["ms-ds-machineaccountquota"], ["10"])
        self.assertEqual(case.control(self.results, "vuln_user_accounts_machineaccountquota")["status"], "fail")
        self.assertEqual(case.control(self.results, "vuln_functional_level")["status"], "pass")

    def test_reader_may_not_see_settings_objects(self):
        """As on Windows: an account under a PSO it cannot read is not evaluated, the others are decided."""
        seen = self.lab.ldapsearch("(objectClass=msDS-PasswordSettings)", "dn", user=labs.READER,
                                   password=labs.READER_PASSWORD)
        self.assertEqual(seen, [])
        ordinary = self.audit(*self.simple(labs.READER, labs.READER_PASSWORD))
        c = case.control(ordinary, "hyg_password_length_users")
        self.assertEqual(c["status"], "fail")
        names = {o["name"] for o in c["objects"]}
        self.assertIn("agent10", names)
        self.assertFalse({"agent01", "agent02"} & names)
        self.assertGreaterEqual(c["unknown"], 2)
        for name in ("hyg_password_length_admins", "vuln_privileged_members_password"):
            self.assertNotEqual(case.control(ordinary, name)["status"], "pass", name)


if __name__ == "__main__":
    unittest.main()
