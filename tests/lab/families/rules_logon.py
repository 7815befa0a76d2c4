"""How accounts prove who they are, and what the domain's own keys are worth; rules.py explains."""
from families.rules import admins, of_kind, rule, users

DES_ONLY, AES = 0x200000, 0x18


def encryption(a):
    return int(a.more.get("msDS-SupportedEncryptionTypes", "0"))


@rule("vuln_kerberos_properties_deskey")
def _(w, p):
    return [a for a in users(w) if a.has(DES_ONLY)]


@rule("vuln_kerberos_properties_encryption")
def _(w, p):
    return [a for a in users(w) if a.more.get("servicePrincipalName") and not encryption(a) & AES]


@rule("hyg_kerberoastable_users")
def _(w, p):
    return [a for a in users(w) if a.more.get("servicePrincipalName")]


@rule("vuln_spn_priv")
def _(w, p):
    return [a for a in admins(w) if a.more.get("servicePrincipalName")]  # no policy asks for more than 32 characters


@rule("vuln_krbtgt")
def _(w, p):
    return ["CN=krbtgt,CN=Users," + w.sam.base] if w.krbtgt_age > p["max_days"] else []


@rule("vuln_dc_obsolete")
def _(w, p):
    return [w.dc] if w.dc.supported is False else []


@rule("vuln_dnsadmins")
def _(w, p):
    return w.dns_admins


def weak_mapping(text):
    return text.startswith(("X509:<RFC822>", "X509:<S>")) or (text.startswith("X509:<I>") and "<S>" in text)


@rule("hyg_adcs_esc14")
def _(w, p):
    return [a for a in users(w) if any(weak_mapping(v) for v in a.more.get("altSecurityIdentities", []))]


def windows(w):
    return [a for a in of_kind(w, "computer") if not w.is_dc(a) and (a.os or "").startswith("Windows")]


@rule("info_laps")
def _(w, p):
    used = any(a.laps for a in of_kind(w, "computer"))
    return [a for a in windows(w) if used and not a.laps]


@rule("info_laps_missing")
def _(w, p):
    return [w.sam.base] if windows(w) and not any(a.laps for a in of_kind(w, "computer")) else []
