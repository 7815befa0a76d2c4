"""Directories of hospitals that do not exist, as LDIF: of any size, with trusts between them."""
import base64
import datetime
import hashlib
import struct

EPOCH = 11644473600


def sid_bytes(text):
    p = text.split("-")
    return bytes([int(p[1]), len(p) - 3]) + int(p[2]).to_bytes(6, "big") + b"".join(struct.pack("<I", int(x)) for x in p[3:])


def filetime(when):
    return str((int(when.timestamp()) + EPOCH) * 10000000)


def stamp(when):
    return when.strftime("%Y%m%d%H%M%S.0Z")


class Facility:
    """n: its number; users: enabled accounts of people."""

    def __init__(self, n, users, at, dormant=0, admins=3, never_expires=0):
        self.n, self.users, self.at = n, users, datetime.datetime.fromisoformat(at).replace(tzinfo=datetime.timezone.utc)
        self.dns = f"ch{n}.example"
        self.base = f"DC=ch{n},DC=example"
        self.sid = f"S-1-5-21-{1000 + n}-{2000 + n}-{3000 + n}"
        self.dormant, self.admins, self.never_expires = dormant, admins, never_expires
        self.trusts, self.foreign = [], []  # (other, direction, attributes), SIDs
        self.hidden = lambda i: ()  # attributes of the i-th account that the reader of the directory may not see

    def entry(self, rdn, classes, **values):
        dn = f"{rdn},{self.base}" if rdn else self.base
        lines = [f"dn: {dn}"]
        for c in classes:
            lines.append(f"objectClass: {c}")
        created = stamp(self.at - datetime.timedelta(days=2000))
        # The newest change of all says when the file was made.
        values = {"whenCreated": created, "whenChanged": created if rdn else stamp(self.at), "uSNChanged": "1", "instanceType": "4",
                  "dSCorePropagationData": "16010101000000.0Z", "distinguishedName": dn,
                  "objectGUID": hashlib.md5(dn.encode()).digest(), **values}
        for name, value in values.items():
            for v in value if isinstance(value, list) else [value]:
                lines.append(f"{name}:: {base64.b64encode(v).decode()}" if isinstance(v, bytes) else f"{name}: {v}")
        return "\n".join(lines) + "\n"

    def account(self, rid, name, uac=512, logon=5, group=513, classes=("top", "person", "organizationalPerson", "user"), **more):
        ago = lambda days: filetime(self.at - datetime.timedelta(days=days))  # noqa: E731
        return self.entry(f"CN={name},CN=Users", classes, cn=name, name=name, sAMAccountName=name, userAccountControl=str(uac),
                          objectSid=sid_bytes(f"{self.sid}-{rid}"), primaryGroupID=str(group), pwdLastSet=ago(30),
                          lastLogonTimestamp=ago(logon), lastLogon=ago(logon), accountExpires="0", sAMAccountType="805306368", **more)

    def group(self, name, sid, parent="CN=Users", members=(), kind="-2147483646"):
        return self.entry(f"CN={name},{parent}", ["top", "group"], cn=name, sAMAccountName=name, objectSid=sid_bytes(sid), groupType=kind,
                          member=list(members))

    def head(self):
        """What every domain has from its first day, so that nothing of it counts as not read."""
        ago = filetime(self.at - datetime.timedelta(days=5))
        operators = [(548, "Account Operators"), (549, "Server Operators"), (550, "Print Operators"), (551, "Backup Operators")]
        return [self.entry("CN=Builtin", ["top", "builtinDomain"], cn="Builtin"),
                self.entry("OU=Domain Controllers", ["top", "organizationalUnit"], ou="Domain Controllers"),
                self.entry("CN=DC1,OU=Domain Controllers", ["top", "person", "organizationalPerson", "user", "computer"], cn="DC1", name="DC1",
                           sAMAccountName="DC1$", userAccountControl="532480", objectSid=sid_bytes(f"{self.sid}-1"), primaryGroupID="516",
                           pwdLastSet=ago, lastLogonTimestamp=ago, lastLogon=ago, accountExpires="0", sAMAccountType="805306369",
                           operatingSystem="Windows Server 2022 Standard", operatingSystemVersion="10.0 (20348)"),
                self.group("Domain Controllers", f"{self.sid}-516"),
                self.group("Administrateurs", "S-1-5-32-544", "CN=Builtin", [f"CN=Admins du domaine,CN=Users,{self.base}"], "-2147483643"),
                *(self.group(name, f"S-1-5-32-{rid}", "CN=Builtin", (), "-2147483643") for rid, name in operators)]

    def ldif(self):
        admins = [f"CN=u{i},CN=Users,{self.base}" for i in range(self.admins)]
        out = [self.entry("", ["top", "domain", "domainDNS"], dc=f"ch{self.n}", objectSid=sid_bytes(self.sid), minPwdLength="8",
                          pwdProperties="1", pwdHistoryLength="24", lockoutThreshold="5", **{"ms-DS-MachineAccountQuota": "10", "msDS-Behavior-Version": "7"}),
               self.entry("CN=Users", ["top", "container"], cn="Users"), self.entry("CN=System", ["top", "container"], cn="System"),
               self.account(502, "krbtgt", 514), self.account(500, "Administrateur"), *self.head(),
               self.group("Admins du domaine", f"{self.sid}-512",
                          members=admins + [f"CN={s},CN=ForeignSecurityPrincipals,{self.base}" for s in self.foreign])]
        for i in range(self.users - 1):  # and Administrateur
            entry = self.account(1000 + i, f"u{i}", 512 | (0x10000 if i < self.never_expires else 0),
                                 400 if i >= self.users - 1 - self.dormant else 5)
            out.append("\n".join(line for line in entry.split("\n") if line.split(":")[0] not in self.hidden(i)))
        for s in self.foreign:
            out.append(self.entry(f"CN={s},CN=ForeignSecurityPrincipals", ["top", "foreignSecurityPrincipal"], cn=s, objectSid=sid_bytes(s)))
        for other, direction, attributes in self.trusts:  # None: it could not be read
            numbers = {k: str(v) for k, v in (("trustDirection", direction), ("trustAttributes", attributes)) if v is not None}
            out.append(self.entry(f"CN={other.dns},CN=System", ["top", "leaf", "trustedDomain"], cn=other.dns, trustPartner=other.dns,
                                  flatName=f"CH{other.n}", trustType="2", securityIdentifier=sid_bytes(other.sid), **numbers))
        return "\n".join(out)

    def policy(self, ght="GHT Témoin", name=None, controls=None):
        p = {"schema": 1, "name": f"ch{self.n}", "extends": "care",
             "facility": {"name": name or f"CH n° {self.n:02d}", "finess": f"{self.n:09d}", "ght": ght}}
        if controls:
            p["controls"] = controls
        return p
