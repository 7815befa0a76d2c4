#!/usr/bin/python3
"""populate.py SMB_CONF N: N users, N/3 computers and N/10 groups into a stopped Samba AD.

Straight through SamDB: every module of the directory but password hashing, one transaction a kind,
no fsync; about 900 users/s. The same N gives the same objects but for their dates, GUIDs and SIDs.
"""
import random
import sys
import time

import ldb
from samba import dsdb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

UNITS, MEMBERS = 50, 20
DAY = 864000000000  # in 100 ns
NOW = int((time.time() + 11644473600) * 10**7)
BYPASS = ["relax:0", f"local_oid:{dsdb.DSDB_CONTROL_BYPASS_PASSWORD_HASH_OID}:0",
          f"local_oid:{dsdb.DSDB_CONTROL_SKIP_DUPLICATES_CHECK_OID}:0"]


class Population:
    def __init__(self, conf, users):
        lp = LoadParm()
        lp.load(conf)
        self.users, self.random = users, random.Random(20261121)
        self.sam = SamDB(url=lp.samdb_url(), session_info=system_session(), lp=lp, flags=ldb.FLG_NOSYNC,
                         options=["batch_mode:1", f"transaction_index_cache_size:{max(10000, 2 * users)}"])
        self.dns, self.root = lp.get("realm").lower(), f"OU=Bench,{self.sam.get_default_basedn()}"

    def unit(self, i):
        return f"OU=unit{i % UNITS:03},{self.root}"

    def user_dn(self, i):
        return f"CN=User {i:06},{self.unit(i)}"

    def group_dn(self, i):
        return f"CN=Group {i:05},{self.unit(i)}"

    def ago(self, days):
        return str(NOW - self.random.randrange(days) * DAY)

    def add_unit(self, i):
        self.sam.add({"dn": self.unit(i), "objectClass": "organizationalUnit"})

    def add_user(self, i):
        name, mail = f"user{i:06}", f"user{i:06}@{self.dns}"
        entry = {"dn": self.user_dn(i), "objectClass": "user", "sAMAccountName": name, "userPrincipalName": mail,
                 "givenName": f"First{i % 977}", "sn": f"Last{i % 4999}",
                 "displayName": f"First{i % 977} Last{i % 4999}",
                 "mail": mail, "department": f"Dept {i % 60}", "title": f"Title {i % 200}",
                 "telephoneNumber": f"+33 1 {i:08}", "logonCount": str(i % 300),
                 "userAccountControl": "66048" if i % 5 == 0 else "514" if i % 17 == 0 else "512",
                 "pwdLastSet": self.ago(2000), "lastLogonTimestamp": self.ago(900)}
        if i % 97 == 0:
            entry["servicePrincipalName"] = [f"HTTP/app{i}.{self.dns}", f"MSSQLSvc/app{i}.{self.dns}:1433"]
        if i % 211 == 0:
            entry["adminCount"] = "1"
        self.sam.add(entry, controls=BYPASS)

    def add_computer(self, i):
        name = f"WS{i:06}"
        host = f"{name.lower()}.{self.dns}"
        self.sam.add({"dn": f"CN={name},{self.unit(i)}", "objectClass": "computer", "sAMAccountName": name + "$",
                      "userAccountControl": "4096", "dNSHostName": host,
                      "operatingSystem": "Windows 11 Enterprise", "operatingSystemVersion": "10.0 (22631)",
                      "servicePrincipalName": ["HOST/" + name, "HOST/" + host, "RestrictedKrbHost/" + name],
                      "pwdLastSet": self.ago(200), "lastLogonTimestamp": self.ago(200)}, controls=BYPASS)

    def add_group(self, i):
        members = {self.user_dn(self.random.randrange(self.users)) for _ in range(MEMBERS)}
        if i and i % 3 == 0:
            members.add(self.group_dn(i - 1))
        self.sam.add({"dn": self.group_dn(i), "objectClass": "group", "sAMAccountName": f"grp{i:05}",
                      "groupType": "-2147483646", "description": f"group {i}", "member": sorted(members)},
                     controls=["relax:0"])

    def fill(self):
        self.sam.add({"dn": self.root, "objectClass": "organizationalUnit"})
        for add, count in ((self.add_unit, UNITS), (self.add_user, self.users), (self.add_computer, self.users // 3),
                           (self.add_group, self.users // 10)):
            self.sam.transaction_start()
            for i in range(count):
                add(i)
            self.sam.transaction_commit()


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    Population(sys.argv[1], int(sys.argv[2])).fill()
