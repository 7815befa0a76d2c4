"""Planted in how accounts prove who they are: policies that apply directly or by nesting, certificates, service names,
encryption, old keys of the domain, exports of products that hold the second factor."""
import time

from families import rules
from families.world import NEVER_EXPIRES
from sam import TICKS

DES_ONLY = 0x200000
STRONG_MAPPINGS = ["X509:<I>DC=test,DC=lab,CN=AC Lab<SR>1200000000AC11000000002B",
                   "X509:<SKI>6f2d5a3c0c6e4b779d3e0a1b2c3d4e5f60718293", "X509:<SHA1-PUKEY>50bf88e67522ab8ce9c1b5f7a1d4e6a3b2c1d0e9"]
WEAK_MAPPINGS = ["X509:<S>CN=Ana", "X509:<I>DC=test,CN=AC Lab<S>DC=test,CN=Ana", "X509:<RFC822>ana@lab.test"]
NO_MAPPINGS = ["Kerberos:ana@AILLEURS.TEST"]


def decide(w):
    policies(w)
    services(w)
    certificates(w)
    domain_keys(w)
    if w.r.random() < 0.5:
        entra(w)
    if w.r.random() < 0.5:
        wallix(w)
    if w.r.random() < 0.5:
        one_address(w)
    if w.r.random() < 0.5:
        dns_admins(w)


def policies(w):
    """A policy linked to the account wins over a better rank by a group; a nested group counts; the lower rank wins."""
    r = w.r
    direct = w.user(w.people_units[0])
    w.join(direct, w.pso_group["fort"])
    w.new_pso("PSO direct", 90, direct, length=r.choice([8, 14]), max_age=r.choice([0, 365]), complexity=r.random() < 0.7)
    inner = w.new_group("GG-PSO-dedans", w.group_unit)
    w.pso_group["faible"].members.append(inner.dn)
    w.join(w.user(w.people_units[1]), inner)
    w.join(w.user(w.people_units[1]), inner, w.pso_group["fort"])
    w.join(w.user(w.people_units[1]), w.pso_group["faible"], w.pso_group["universel"])
    a = w.user(w.people_units[0])
    a.uac |= NEVER_EXPIRES
    a.pwd = 800


def services(w):
    """Service names, with the encryption that is and is not good enough."""
    for types in (None, 4, 0x18, 0x1c, 0x3):
        if w.r.random() < 0.6:
            a = w.user(w.people_units[0], sam=f"svc-app{w.serial}", more={"servicePrincipalName": f"APP/app{w.serial}.lab.test"})
            if types is not None:
                a.more["msDS-SupportedEncryptionTypes"] = str(types)
    w.user(w.people_units[0], more={"msDS-SupportedEncryptionTypes": "4"})
    if w.r.random() < 0.6:
        w.user(w.people_units[0]).uac |= DES_ONLY
        w.user(w.people_units[0]).uac |= DES_ONLY | 2


def certificates(w):
    r = w.r
    if r.random() < 0.6:
        w.mfa_evidence.append({"kind": "certificate_mapping"})
    for values in (STRONG_MAPPINGS, WEAK_MAPPINGS, NO_MAPPINGS, STRONG_MAPPINGS + WEAK_MAPPINGS):
        a = w.user(r.choice(w.people_units))
        a.more["altSecurityIdentities"] = r.sample(values, r.choice([1, len(values)]))


def domain_keys(w):
    w.krbtgt_age = w.r.choice([10, 364, 366, 900])
    if w.r.random() < 0.3:
        w.dc.os, w.dc.os_version, w.dc.supported = w.r.choice([("Windows Server 2012 R2 Standard", "6.3 (9600)", False),
                                                             ("Windows Server 2022 Standard", "10.0 (20348)", True)])


def day(w, age):
    return time.strftime("%Y-%m-%d", time.gmtime(w.sam.now / TICKS - 11644473600 - age * 86400))


def entra(w):
    """User registration details as Graph gives them: what is registered, and whether it makes the person capable."""
    r = w.r
    rows, covers = ["userPrincipalName,userDisplayName,isMfaCapable,isMfaRegistered,methodsRegistered"], {}
    for methods, capable in (("microsoftAuthenticatorPush,softwareOneTimePasscode", True), ("mobilePhone", True),
                             ("fido2SecurityKey", True), ("email", False), ("", False), ("windowsHelloForBusiness", True)):
        a = w.user(r.choice(w.people_units))
        upn = a.more["userPrincipalName"] = f"{a.sam.lower()}@lab.test"
        if r.random() < 0.2:
            continue
        rows.append(f"{upn.upper()},\"{a.name.replace(chr(34), chr(34) * 2)}\",{str(capable)},{str(capable)},\"{methods}\"")
        if methods and capable:
            covers[a.dn] = methods.split(",")
    strange = r.random() < 0.5
    if strange:
        rows.append("parti@lab.test,Parti,True,True,mobilePhone")
    w.files["entra.csv"] = "\r\n".join(rows).encode(r.choice(["utf-8", "utf-8-sig", "utf-16"]))
    w.mfa_evidence.append({"kind": "csv", "file": "entra.csv", "format": "entra", "covers": covers, "matched": not strange})


def wallix(w):
    """A bastion names its procedures; the site says which of them ask for a second factor."""
    r = w.r
    rows, covers = ["user_name;user_auths"], {}
    for auths, methods in (("local,radius-totp", [rules.DECLARED]), ("local", [rules.STRANGE]), ("password", None),
                           ("radius-totp", [rules.DECLARED])):
        a = w.user(r.choice(w.people_units))
        rows.append(f"{a.sam};{auths}")
        if methods:
            covers[a.dn] = methods
    w.files["wallix.csv"] = "\n".join(rows).encode("utf-8")
    w.mfa_evidence.append({"kind": "csv", "file": "wallix.csv", "format": "wallix", "match": "sAMAccountName",
                           "factors": [rules.DECLARED], "covers": covers, "matched": True})


def one_address(w):
    """Two accounts of one address: the row is of one of them, nobody knows of which."""
    pair = [w.user(w.r.choice(w.people_units)) for _ in range(2)]
    for a in pair:
        a.more["mail"] = "partagée@lab.test"
    sure = w.user(w.people_units[0], more={"mail": "seule@lab.test"})
    w.files["adresses.csv"] = "courriel;facteur\r\npartagée@lab.test;TOTP\r\nseule@lab.test;TOTP\r\n".encode("cp1252")
    w.mfa_evidence.append({"kind": "csv", "file": "adresses.csv", "account": "courriel", "match": "mail", "method": "facteur",
                           "covers": {sure.dn: ["TOTP"], **{a.dn: [rules.STRANGE] for a in pair}}})


def dns_admins(w):
    """They load code into the DNS service, that is into controllers: an administrator may, others may not."""
    group = next(g for g in w.groups.values() if g.name == "DnsAdmins")
    if w.r.random() < 0.6:
        who = w.user(w.people_units[0])
        if w.r.random() < 0.5:
            inner = w.new_group("GG-DNS", w.group_unit)
            w.join(who, inner)
            group.members.append(inner.dn)
        else:
            w.join(who, group)
        w.dns_admins.append(group)
    elif rules.admins(w):
        w.join(rules.admins(w)[-1], group)
