#!/usr/bin/python3
"""fill.py SMB_CONF: makes a small hospital in sam.ldb, as SYSTEM, with what the audit must find and what
it must leave alone. The domain is stopped or running. Values that Samba guards need its own controls."""
import sys
import time

import ldb
from samba import dsdb
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack
from samba.param import LoadParm
from samba.samdb import SamDB

lp = LoadParm()
lp.load(sys.argv[1])
lp.set("dsdb:schema update allowed", "true")
db = SamDB(url=lp.samdb_url(), session_info=system_session(), lp=lp)
base = str(db.get_default_basedn())
config = str(db.get_config_basedn())
SID = db.get_domain_sid()
GUARDED = ["relax:0", f"local_oid:{dsdb.DSDB_CONTROL_DBCHECK}:0",
           f"local_oid:{dsdb.DSDB_CONTROL_BYPASS_PASSWORD_HASH_OID}:0"]
DAY = 864000000000
NOW = int((time.time() + 11644473600) * 10**7)
OU = "OU=Hôpital," + base
NORMAL = 0x200


def modify(dn, controls=GUARDED, **attrs):
    m = ldb.Message(ldb.Dn(db, dn))
    for i, (k, v) in enumerate(attrs.items()):
        m[f"a{i}"] = ldb.MessageElement(v, ldb.FLAG_MOD_REPLACE, k.replace("__", "-"))
    db.modify(m, controls=controls)


def join(group, *members):
    m = ldb.Message(ldb.Dn(db, group))
    m["m"] = ldb.MessageElement(list(members), ldb.FLAG_MOD_ADD, "member")
    db.modify(m)


def user(name, uac=NORMAL, pwd=30, logon=5, parent=OU, **attrs):
    dn = f"CN={name},{parent}"
    db.add({"dn": dn, "objectClass": "user", "sAMAccountName": name, "userAccountControl": "512"})
    attrs.setdefault("pwdLastSet", str(NOW - pwd * DAY) if pwd is not None else "0")
    if logon is not None:
        attrs.setdefault("lastLogonTimestamp", str(NOW - logon * DAY))
    modify(dn, userAccountControl=str(uac), **attrs)
    return dn


def group(name, kind=-2147483646, parent=OU):
    dn = f"CN={name},{parent}"
    db.add({"dn": dn, "objectClass": "group", "sAMAccountName": name, "groupType": str(kind)})
    return dn


def well_known(rid):
    return str(db.search(base, expression=f"(objectSid={SID}-{rid})", attrs=["dn"])[0].dn)


def builtin(rid):
    return str(db.search(base, expression=f"(objectSid=S-1-5-32-{rid})", attrs=["dn"])[0].dn)


def raise_level():
    for dn in (base, "CN=Partitions," + config, str(db.get_dsServiceName())):
        modify(dn, ["relax:0"], msDS__Behavior__Version="7")
    for r in db.search("CN=Partitions," + config, expression="(nETBIOSName=*)", attrs=["dn"]):
        modify(str(r.dn), ["relax:0"], msDS__Behavior__Version="7")


def pso(name, precedence, length, max_age_days, *targets):
    dn = f"CN={name},CN=Password Settings Container,CN=System,{base}"
    db.add({"dn": dn, "objectClass": "msDS-PasswordSettings", "msDS-PasswordSettingsPrecedence": str(precedence),
            "msDS-PasswordReversibleEncryptionEnabled": "FALSE", "msDS-PasswordHistoryLength": "24",
            "msDS-PasswordComplexityEnabled": "TRUE", "msDS-MinimumPasswordLength": str(length),
            "msDS-MinimumPasswordAge": "0", "msDS-MaximumPasswordAge": str(-max_age_days * DAY),
            "msDS-LockoutThreshold": "5", "msDS-LockoutObservationWindow": "-18000000000",
            "msDS-LockoutDuration": "-18000000000", "msDS-PSOAppliesTo": list(targets)})


raise_level()
for dn in (OU, "OU=Tier0," + OU):
    db.add({"dn": dn, "objectClass": "organizationalUnit"})
modify(base, [], minPwdLength="8", maxPwdAge=str(-90 * DAY), ms__DS__MachineAccountQuota="10")

people = [user(f"agent{i:02d}", pwd=20 + i, logon=i) for i in range(40)]
for i in range(6):
    user(f"ancien{i}", pwd=1300 + i, logon=500 + i, whenCreated="20180101000000.0Z")
user("jamais", logon=None, whenCreated="20240101000000.0Z")
user("parti", uac=NORMAL | 0x2, pwd=900)
flags = {name: user(name, uac=NORMAL | bit) for name, bit in
         (("sansmdp", 0x20), ("reversible", 0x80), ("sanspreauth", 0x400000), ("des", 0x200000),
          ("delegue", 0x80000), ("nexpirepas", 0x10000))}

admin = user("adm-dupont", parent="OU=Tier0," + OU, pwd=200)
service = user("svc-sauvegarde", uac=NORMAL | 0x10000, pwd=2000, servicePrincipalName="MSSQLSvc/sql1.lab.test:1433")
gone = user("adm-parti", uac=NORMAL | 0x2, pwd=2000, logon=1000)
nested1, nested2, nested3 = (group(f"GG-Niveau{i}") for i in (1, 2, 3))
join(nested3, people[0], nested1)  # the three hold one another
join(nested2, nested3)
join(nested1, nested2)
join(well_known(512), admin, service, gone)
join(builtin(548), nested1)
primary = user("primaire")
join(well_known(512), primary)
modify(primary, [], primaryGroupID="512")  # leaves the member attribute by itself

global_pso = group("GG-PSO")
universal_pso = group("GU-PSO", -2147483640)
join(global_pso, people[1], people[2])
join(universal_pso, people[3])
pso("PSO-direct", 10, 16, 365, admin)
pso("PSO-global", 20, 14, 365, global_pso)
pso("PSO-universel", 5, 20, 365, universal_pso)  # Samba applies it, Windows does not (MS-ADTS 3.1.1.4.5.36)

for i in range(12):
    dn = f"CN=PC-{i:02d},{OU}"
    db.add({"dn": dn, "objectClass": "computer", "sAMAccountName": f"PC-{i:02d}$", "userAccountControl": "4096",
            "operatingSystem": "Windows 11 Enterprise", "operatingSystemVersion": "10.0 (22631)"})
    modify(dn, pwdLastSet=str(NOW - 10 * DAY), lastLogonTimestamp=str(NOW - (300 if i < 3 else 3) * DAY))
big = group("GG-Tous")
join(big, *people)
modify(people[5], msDS__KeyCredentialLink="B:8:00020000:" + people[5], sIDHistory=ndr_pack(
    security.dom_sid("S-1-5-21-1-2-3-1105")))


def protect():
    """What the PDC emulator does each hour on Windows and Samba does not (MS-ADTS 3.1.1.6.1): the
    AdminSDHolder descriptor and adminCount on privileged groups and their members. "primaire" came after."""
    sd = db.search("CN=AdminSDHolder,CN=System," + base, scope=ldb.SCOPE_BASE, attrs=["nTSecurityDescriptor"],
                   controls=["sd_flags:1:7"])[0]["nTSecurityDescriptor"][0]
    targets = [well_known(r) for r in (500, 502, 512, 516, 518, 519)]
    targets += [builtin(r) for r in (544, 548, 549, 550, 551, 552)]
    targets += [admin, service, gone, nested1, nested2, nested3, people[0]]
    for dn in targets:
        modify(dn, ["relax:0", "sd_flags:1:7"], nTSecurityDescriptor=bytes(sd))
        modify(dn, adminCount="1")


protect()
print("filled", len(db.search(base, scope=ldb.SCOPE_SUBTREE, expression="(objectClass=*)", attrs=["dn"])), "objects")
