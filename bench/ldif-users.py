#!/usr/bin/python3
"""ldif-users.py N > FILE: a made-up Active Directory of N users as ldapsearch would export it.

N users, N/5 computers, N/20 groups and what every domain holds: N = 100000 gives about 125,000
objects and 420 MB. The same N gives the same bytes. Nothing but the standard library is needed.
"""
import base64
import random
import struct
import sys
import uuid

BASE = "DC=bench,DC=example"
CONFIG = "CN=Configuration," + BASE
SCHEMA = "CN=Schema," + CONFIG
DOMAIN = (21, 116362862, 3643847072, 1228816722)
NOW = 1795255200  # 2026-11-21T10:00:00Z
DAY = 86400
random_bits = random.Random(20261121)


def b64(data):
    return base64.b64encode(data).decode()


def sid(*sub):
    return struct.pack("<BB", 1, len(sub)) + b"\0\0\0\0\0\5" + struct.pack("<%dI" % len(sub), *sub)


def domain_sid(rid):
    return sid(*DOMAIN, rid)


EVERYONE = struct.pack("<BB", 1, 1) + b"\0\0\0\0\0\1" + struct.pack("<I", 0)
SELF, AUTHENTICATED, SYSTEM, ENTERPRISE_DCS = sid(10), sid(11), sid(18), sid(9)
ADMINISTRATORS, PRE_2000, ACCOUNT_OPERATORS = sid(32, 544), sid(32, 554), sid(32, 548)
CREATOR_OWNER_RIGHTS = struct.pack("<BB", 1, 1) + b"\0\0\0\0\0\3" + struct.pack("<I", 4)


def filetime(seconds):
    return (seconds + 11644473600) * 10**7


def generalized(seconds):
    days, rest = divmod(seconds, DAY)
    # Days to a civil date (proleptic Gregorian), without a time zone.
    days += 719468
    era, day = divmod(days, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5 - 1
    year += era * 400 + (month >= 10)
    month += 3 if month < 10 else -9
    return "%04d%02d%02d%02d%02d%02d.0Z" % (year, month, day, rest // 3600, rest // 60 % 60, rest % 60)


def ace(mask, who, kind=None, inherited_by=None, flags=0):
    if not kind and not inherited_by:
        body = struct.pack("<I", mask) + who
        return struct.pack("<BBH", 0, flags, 4 + len(body)) + body
    present = (1 if kind else 0) | (2 if inherited_by else 0)
    body = struct.pack("<II", mask, present)
    body += b"".join(uuid.UUID(g).bytes_le for g in (kind, inherited_by) if g) + who
    return struct.pack("<BBH", 5, flags, 4 + len(body)) + body


USER, COMPUTER = "bf967aba-0de6-11d0-a285-00aa003049e2", "bf967a86-0de6-11d0-a285-00aa003049e2"
GROUP, ORGPERSON = "bf967a9c-0de6-11d0-a285-00aa003049e2", "4828cc14-1437-45bc-9b07-ad6f015e5f28"
RESET_PASSWORD = "00299570-246d-11d0-a768-00aa006e0529"
CHANGE_PASSWORD = "ab721a53-1e2f-11d0-9819-00aa0040529b"
LOCKOUT_TIME, PWD_LAST_SET = "28630ebf-41d5-11d1-a9c1-0000f80367c1", "bf967a0a-0de6-11d0-a285-00aa003049e2"
SETS = {
    "general": "59ba2f42-79a2-11d0-9020-00c04fc2d3cf", "public": "e48d0154-bcf8-11d1-8702-00c04fb96050",
    "personal": "77b5b886-944a-11d1-aebd-0000f80367c1", "web": "e45795b3-9455-11d1-aebd-0000f80367c1",
    "restrictions": "4c164200-20c0-11d0-a768-00aa006e0529", "logon": "5f202010-79a5-11d0-9020-00c04fc2d4cf",
    "membership": "bc0ac240-79a9-11d0-9020-00c04fc2d4cf", "ras": "037088f8-0ae1-11d2-b422-00a0c968f939",
}
TOKEN_GROUPS, CERTIFICATES = "46a9b11d-60ae-405a-b7e8-ff8a58d456d2", "bf967a7f-0de6-11d0-a285-00aa003049e2"
INHERITED, INHERITED_ALL = 0x12, 0x1a


def descriptor(kind, delegate):
    """The default DACL of a class, and what its unit delegates to a help desk (rid delegate)."""
    admins, enterprise = domain_sid(512), domain_sid(519)
    desk = domain_sid(delegate)
    aces = [ace(0xF01FF, admins), ace(0xF01FF, SYSTEM), ace(0xF01FF, ACCOUNT_OPERATORS)]
    if kind in ("user", "computer"):
        aces += [ace(0x10, AUTHENTICATED, SETS[s]) for s in ("general", "public", "personal", "web")]
        aces += [ace(0x30, SELF, SETS[s]) for s in ("personal", "web")]
        aces += [ace(0x100, SELF, CHANGE_PASSWORD), ace(0x100, EVERYONE, CHANGE_PASSWORD)]
        aces += [ace(0x30, domain_sid(517), CERTIFICATES), ace(0x20000, AUTHENTICATED)]
        aces += [ace(0x100, desk, RESET_PASSWORD), ace(0x30, desk, LOCKOUT_TIME), ace(0x30, desk, PWD_LAST_SET)]
    else:
        aces += [ace(0x20094, AUTHENTICATED), ace(0x20094, SELF), ace(0x30, desk, SETS["membership"])]
    for s in ("restrictions", "logon", "membership", "general", "ras"):
        aces.append(ace(0x10, PRE_2000, SETS[s], USER, INHERITED_ALL))
        if kind == "user" and s in ("restrictions", "logon"):
            aces.append(ace(0x10, PRE_2000, SETS[s], ORGPERSON, INHERITED_ALL))
    aces += [ace(0x10, ENTERPRISE_DCS, TOKEN_GROUPS, c, INHERITED_ALL) for c in (USER, COMPUTER, GROUP)]
    aces += [ace(0x20094, PRE_2000, None, c, INHERITED_ALL) for c in (USER, GROUP, ORGPERSON)]
    aces += [ace(0xF01FF, enterprise, flags=INHERITED), ace(0x4, PRE_2000, flags=INHERITED)]
    aces += [ace(0xF01BD, ADMINISTRATORS, flags=INHERITED)]
    dacl = b"".join(aces)
    dacl = struct.pack("<BBHHH", 4, 0, 8 + len(dacl), len(aces), 0) + dacl
    return (struct.pack("<BBHIIII", 1, 0, 0x8C04, 20, 20 + len(admins), 0, 20 + 2 * len(admins))
            + admins + admins + dacl)


def fold(line):
    """RFC 2849 folding as ldapsearch does it: 78 characters, then lines that begin with a space."""
    if len(line) <= 78:
        return line + "\n"
    parts = [line[:78]] + [" " + line[i:i + 77] for i in range(78, len(line), 77)]
    return "\n".join(parts) + "\n"


DESCRIPTORS = {}


def sd_lines(kind, unit):
    key = (kind, unit)
    if key not in DESCRIPTORS:
        DESCRIPTORS[key] = fold("nTSecurityDescriptor:: " + b64(descriptor(kind, 1200 + unit)))
    return DESCRIPTORS[key]


class Writer:
    def __init__(self, out):
        self.out, self.usn = out, 8200

    def entry(self, dn, classes, attributes, kind="other", unit=0, category=None, created=NOW - 2500 * DAY):
        """attributes: (name, value) pairs; a value of bytes is written as base64."""
        self.usn += 3
        name = dn.split(",", 1)[0].split("=", 1)[1]
        lines = ["dn: " + dn] + ["objectClass: " + c for c in classes]
        for key, value in attributes:
            lines.append("%s:: %s" % (key, b64(value)) if isinstance(value, bytes) else "%s: %s" % (key, value))
        lines += [
            "distinguishedName: " + dn, "instanceType: 4", "whenCreated: " + generalized(created),
            "whenChanged: " + generalized(NOW - self.usn % 900 * 3600), "uSNCreated: %d" % self.usn,
            "uSNChanged: %d" % (self.usn * 2), "name: " + name,
            "objectGUID:: " + b64(random_bits.randbytes(16)),
            "objectCategory: CN=%s,%s" % (category or classes[-1], SCHEMA),
            "dSCorePropagationData: 16010101000000.0Z",
        ]
        self.out.write("".join(map(fold, lines)) + sd_lines(kind, unit) + "\n")


def account(name, rid, uac, extra=(), primary=513, kind=805306368, set_days=100, logon_days=2):
    logon = filetime(NOW - logon_days * DAY - rid % 86400)
    return [
        ("userAccountControl", uac), ("badPwdCount", 0),
        ("badPasswordTime", 0), ("lastLogon", logon),
        ("pwdLastSet", filetime(NOW - set_days * DAY - rid % 86400)), ("primaryGroupID", primary),
        ("objectSid", domain_sid(rid)), ("accountExpires", 9223372036854775807),
        ("logonCount", rid % 700), ("sAMAccountName", name), ("sAMAccountType", kind),
        ("lastLogonTimestamp", logon), *extra,
    ]


def group(name, group_sid, group_type, members, extra=()):
    kind = 536870912 if group_type & 4 else 268435456
    return [("cn", name), *(("member", m) for m in members), ("objectSid", group_sid),
            ("sAMAccountName", name), ("sAMAccountType", kind),
            ("groupType", group_type - (1 << 32) if group_type >> 31 else group_type), *extra]


BUILTIN = {
    544: "Administrators", 545: "Users", 546: "Guests", 548: "Account Operators", 549: "Server Operators",
    550: "Print Operators", 551: "Backup Operators", 552: "Replicator",
    554: "Pre-Windows 2000 Compatible Access", 555: "Remote Desktop Users",
    556: "Network Configuration Operators", 557: "Incoming Forest Trust Builders",
    558: "Performance Monitor Users", 559: "Performance Log Users", 560: "Windows Authorization Access Group",
    562: "Distributed COM Users", 569: "Cryptographic Operators", 573: "Event Log Readers",
    578: "Hyper-V Administrators", 580: "Remote Management Users",
}
GLOBAL, DOMAIN_LOCAL, UNIVERSAL = 0x80000002, 0x80000004, 0x80000008
DOMAIN_GROUPS = {
    512: ("Domain Admins", GLOBAL), 513: ("Domain Users", GLOBAL), 514: ("Domain Guests", GLOBAL),
    515: ("Domain Computers", GLOBAL), 516: ("Domain Controllers", GLOBAL), 517: ("Cert Publishers", DOMAIN_LOCAL),
    518: ("Schema Admins", UNIVERSAL), 519: ("Enterprise Admins", UNIVERSAL),
    520: ("Group Policy Creator Owners", GLOBAL), 521: ("Read-only Domain Controllers", GLOBAL),
    522: ("Cloneable Domain Controllers", GLOBAL), 525: ("Protected Users", GLOBAL),
    526: ("Key Admins", GLOBAL), 527: ("Enterprise Key Admins", UNIVERSAL),
    553: ("RAS and IAS Servers", DOMAIN_LOCAL), 571: ("Allowed RODC Password Replication Group", DOMAIN_LOCAL),
    572: ("Denied RODC Password Replication Group", DOMAIN_LOCAL), 1101: ("DnsAdmins", DOMAIN_LOCAL),
}
USER_CLASSES = ["top", "person", "organizationalPerson", "user"]
COMPUTER_CLASSES = USER_CLASSES + ["computer"]
POLES = ["Medecine", "Chirurgie", "Urgences", "Imagerie", "Biologie", "Pharmacie", "Geriatrie", "Psychiatrie",
         "Pediatrie", "Maternite", "Administration", "Logistique"]


def write_head(w):
    w.out.write("".join("%s\n" % line for line in [
        "dn: ", "currentTime: " + generalized(NOW), "defaultNamingContext: " + BASE,
        "rootDomainNamingContext: " + BASE, "configurationNamingContext: " + CONFIG,
        "schemaNamingContext: " + SCHEMA, "dnsHostName: dc1.bench.example", "domainFunctionality: 7",
        "forestFunctionality: 7", "domainControllerFunctionality: 7", ""]))
    w.entry(BASE, ["top", "domain", "domainDNS"], [
        ("dc", "bench"), ("objectSid", sid(*DOMAIN)), ("minPwdLength", 8), ("pwdProperties", 1),
        ("pwdHistoryLength", 24), ("maxPwdAge", -78624000000000), ("minPwdAge", -864000000000),
        ("lockoutThreshold", 10), ("lockoutDuration", -18000000000), ("lockOutObservationWindow", -18000000000),
        ("ms-DS-MachineAccountQuota", 10), ("msDS-Behavior-Version", 7)], "domain", category="Domain-DNS")
    w.entry(CONFIG, ["top", "configuration"], [("cn", "Configuration")], category="Configuration")
    w.entry(SCHEMA, ["top", "dMD"], [("cn", "Schema"), ("objectVersion", 88)], category="DMD")
    partitions = "CN=Partitions," + CONFIG
    w.entry(partitions, ["top", "crossRefContainer"], [("cn", "Partitions"), ("msDS-Behavior-Version", 7)],
            category="Cross-Ref-Container")
    for cn, flags, nc in (("BENCH", 3, BASE), ("Enterprise Configuration", 1, CONFIG),
                          ("Enterprise Schema", 1, SCHEMA)):
        w.entry("CN=%s,%s" % (cn, partitions), ["top", "crossRef"], [
            ("cn", cn), ("nCName", nc), ("dnsRoot", "bench.example"), ("systemFlags", flags),
            *([("nETBIOSName", "BENCH")] if flags == 3 else [])], category="Cross-Ref")
    for dn in ("CN=Services," + CONFIG, "CN=Windows NT,CN=Services," + CONFIG):
        w.entry(dn, ["top", "container"], [], "container", category="Container")
    w.entry("CN=Directory Service,CN=Windows NT,CN=Services," + CONFIG, ["top", "nTDSService"],
            [("cn", "Directory Service"), ("tombstoneLifetime", 180)], category="NTDS-Service")
    for cn in ("Users", "Computers", "System", "Builtin", "ForeignSecurityPrincipals"):
        w.entry("CN=%s,%s" % (cn, BASE), ["top", "builtinDomain" if cn == "Builtin" else "container"],
                [("cn", cn)], "container", category="Container")
    for cn in ("AdminSDHolder", "Password Settings Container"):
        w.entry("CN=%s,CN=System,%s" % (cn, BASE), ["top", "container"], [("cn", cn)], "container")
    w.entry("CN=S-1-5-11,CN=ForeignSecurityPrincipals," + BASE, ["top", "foreignSecurityPrincipal"],
            [("cn", "S-1-5-11"), ("objectSid", AUTHENTICATED)], category="Foreign-Security-Principal")
    w.entry("OU=Domain Controllers," + BASE, ["top", "organizationalUnit"], [("ou", "Domain Controllers")],
            "ou", category="Organizational-Unit")


def write_builtin(w, admins):
    users = "CN=Users," + BASE
    administrator = "CN=Administrator," + users
    members = {
        544: [administrator, "CN=Domain Admins," + users, "CN=Enterprise Admins," + users],
        545: ["CN=Domain Users," + users], 546: ["CN=Guest," + users],
        554: ["CN=S-1-5-11,CN=ForeignSecurityPrincipals," + BASE],
        512: [administrator] + admins, 518: [administrator], 519: [administrator], 520: [administrator],
    }
    for rid, name in BUILTIN.items():
        critical = [("isCriticalSystemObject", "TRUE"), ("systemFlags", -1946157056)]
        protected = [("adminCount", 1)] if rid in (544, 548, 549, 550, 551, 552) else []
        w.entry("CN=%s,CN=Builtin,%s" % (name, BASE), ["top", "group"],
                group(name, sid(32, rid), 0x80000005, members.get(rid, ()), critical + protected), "group",
                category="Group")
    for rid, (name, kind) in DOMAIN_GROUPS.items():
        extra = [("adminCount", 1)] if rid in (512, 516, 518, 519, 521, 526, 527) else []
        w.entry("CN=%s,%s" % (name, users), ["top", "group"],
                group(name, domain_sid(rid), kind, members.get(rid, ()), extra), "group", category="Group")
    for rid, name, uac, extra in (
            (500, "Administrator", 512, [("adminCount", 1), *(("memberOf", "CN=%s,%s" % (g, users)) for g in
             ("Domain Admins", "Schema Admins", "Enterprise Admins", "Group Policy Creator Owners"))]),
            (501, "Guest", 66082, []),
            (502, "krbtgt", 514, [("adminCount", 1), ("servicePrincipalName", "kadmin/changepw")])):
        w.entry("CN=%s,%s" % (name, users), USER_CLASSES,
                [("cn", name)] + account(name, rid, uac, extra, 514 if rid == 501 else 513), "user",
                category="Person")
    w.entry("CN=DC1,OU=Domain Controllers," + BASE, COMPUTER_CLASSES,
            [("cn", "DC1")] + account("DC1$", 1000, 532480, [
                ("dNSHostName", "dc1.bench.example"), ("operatingSystem", "Windows Server 2022 Standard"),
                ("servicePrincipalName", "HOST/dc1.bench.example")], 516, 805306369, 12, 0),
            "computer", category="Computer")


def user_dn(i):
    return "CN=Agent %06d,OU=Agents,OU=%s,%s" % (i, pole(i), BASE)


def pole(i):
    return "%s%d" % (POLES[i % 12], i // 12 % 3 + 1)


def write_units(w):
    for unit in range(36):
        top = "OU=%s,%s" % (pole(unit), BASE)
        for dn in (top, "OU=Agents," + top, "OU=Postes," + top, "OU=Groupes," + top):
            w.entry(dn, ["top", "organizationalUnit"], [("ou", dn.split(",", 1)[0][3:])], "ou",
                    category="Organizational-Unit")


def write_users(w, n, groups_of):
    for i in range(n):
        uac = 66048 if i % 19 == 0 else 514 if i % 23 == 0 else 512
        sam = "agent%06d" % i
        w.entry(user_dn(i), USER_CLASSES, [
            ("cn", "Agent %06d" % i), ("sn", "Nom%d" % (i % 4999)), ("givenName", "Prenom%d" % (i % 977)),
            ("displayName", "Prenom%d NOM%d" % (i % 977, i % 4999)), ("title", "Fonction %d" % (i % 200)),
            ("telephoneNumber", "+33 1 %08d" % i), ("department", pole(i)),
            ("employeeID", "%07d" % i),
            *(("memberOf", g) for g in groups_of[i]),
            *account(sam, 100000 + i, uac, [
                ("userPrincipalName", sam + "@bench.example"), ("mail", sam + "@chu-exemple.example")],
                set_days=i * 7 % 1500, logon_days=i * 11 % 400 if i % 9 == 0 else i % 20)],
            "user", i % 36, "Person", NOW - (i % 3000 + 1) * DAY)


def write_computers(w, n):
    for i in range(n):
        name = "PC%06d" % i
        host = name.lower() + ".bench.example"
        w.entry("CN=%s,OU=Postes,OU=%s,%s" % (name, pole(i), BASE), COMPUTER_CLASSES, [
            ("cn", name), *account(name + "$", 1000000 + i, 4096, [
                ("dNSHostName", host), ("operatingSystem", "Windows 11 Professionnel"),
                ("operatingSystemVersion", "10.0 (22631)"), ("msDS-SupportedEncryptionTypes", 28),
                *(("servicePrincipalName", s + h) for s in ("HOST/", "RestrictedKrbHost/", "TERMSRV/")
                  for h in (name, host))], 515, 805306369, i % 40, i % 30)],
            "computer", i % 20, "Computer", NOW - (i % 2000 + 1) * DAY)


def write_groups(w, names, members):
    for g, dn in enumerate(names):
        w.entry(dn, ["top", "group"], group(dn.split(",", 1)[0][3:], domain_sid(2000000 + g), GLOBAL, members[g],
                [("description", "Acces %d" % g)]), "group", g % 4, "Group")


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    n = int(sys.argv[1])
    names = ["CN=GG-Acces-%05d,OU=Groupes,OU=%s,%s" % (g, pole(g), BASE) for g in range(max(n // 20, 1))]
    members, groups_of = [[] for _ in names], []
    for i in range(n):
        mine = sorted({random_bits.randrange(len(names)) for _ in range(1 + i % 3)})
        for g in mine:
            members[g].append(user_dn(i))
        groups_of.append([names[g] for g in mine])
    admins = list(range(0, n, max(n // 30, 1)))
    for i in admins:
        groups_of[i].append("CN=Domain Admins,CN=Users," + BASE)
    w = Writer(sys.stdout)
    write_head(w)
    write_builtin(w, [user_dn(i) for i in admins])
    write_units(w)
    write_users(w, n, groups_of)
    write_computers(w, n // 5)
    write_groups(w, names, members)


main()
