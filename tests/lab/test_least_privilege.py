"""An ordinary account in a domain whose Pre-Windows 2000 group is empty: what is hidden is not evaluated,
what is readable is decided, and nothing that the administrator sees fail comes out as compliant."""
import unittest

import case
import lab as labs


def empty_pre_windows_2000(lab):
    code = """
import sys, ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB
lp = LoadParm(); lp.load(sys.argv[1])
db = SamDB(url=lp.samdb_url(), session_info=system_session(), lp=lp)
dn = db.search(str(db.get_default_basedn()), expression="(objectSid=S-1-5-32-554)", attrs=["member"])[0]
m = ldb.Message(dn.dn); m["m"] = ldb.MessageElement([], ldb.FLAG_MOD_REPLACE, "member"); db.modify(m)
"""
    lab.run(labs.PYTHON, "-c", code, str(lab.conf))


class LeastPrivilege(case.LabCase):
    def setUp(self):
        if not hasattr(LeastPrivilege, "seen"):
            lab = self.clone("pre2000", prepare=empty_pre_windows_2000)
            LeastPrivilege.hidden = lab.ldapsearch("(sAMAccountName=agent05)", "userAccountControl", "sAMAccountName",
                                                   user=labs.READER, password=labs.READER_PASSWORD)
            LeastPrivilege.admin = self.audit(*self.simple(lab=lab))
            LeastPrivilege.seen = self.audit(*self.simple(labs.READER, labs.READER_PASSWORD, lab=lab))

    def test_the_domain_hides_what_it_should(self):
        self.assertEqual(len(self.hidden), 1)
        self.assertNotIn("useraccountcontrol", self.hidden[0])

    def test_no_false_compliance(self):
        for c in self.admin["controls"]:
            mine = case.control(self.seen, c["id"])
            with self.subTest(control=c["id"]):
                if c["status"] == "fail":
                    self.assertIn(mine["status"], ("fail", "unknown"))

    def test_no_false_alarm(self):
        """Whatever the reader's audit finds, the administrator's finds too."""
        for c in self.seen["controls"]:
            if c["id"] in case.OF_THE_READER:
                continue
            full = {o["dn"] for o in case.control(self.admin, c["id"])["objects"]}
            with self.subTest(control=c["id"]):
                self.assertLessEqual({o["dn"] for o in c["objects"]}, full)

    def test_hidden_flags_are_unknown(self):
        for name in ("vuln_kerberos_properties_preauth", "vuln_kerberos_properties_deskey", "hyg_password_not_required"):
            c = case.control(self.seen, name)
            with self.subTest(control=name):
                self.assertIn(c["status"], ("unknown", "fail"))
                self.assertGreater(c["unknown"], 30)

    def test_what_is_readable_is_decided(self):
        """Tier 0 stays decidable: protected accounts and the domain head are not hidden."""
        for name in ("vuln_functional_level", "vuln_user_accounts_machineaccountquota", "vuln_krbtgt",
                     "vuln_protected_users", "vuln_spn_priv", "hyg_operator_groups_not_empty", "vuln_group_loop"):
            with self.subTest(control=name):
                self.assertEqual(case.control(self.seen, name)["status"], case.control(self.admin, name)["status"])

    def test_coverage_says_who_read(self):
        self.assertTrue(self.seen["coverage"])


if __name__ == "__main__":
    unittest.main()
