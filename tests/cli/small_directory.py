"""A directory of one domain and a few accounts as LDIF, for tests that follow it over several audits."""
import base64
import struct
import uuid

DOMAIN = "S-1-5-21-1004336348-1177238915-682003330"
OTHER_DOMAIN = "S-1-5-21-1004336348-1177238915-682003331"
PASSWD_NOTREQD, NORMAL = 0x20, 0x200
CONTROL = "hyg_password_not_required"  # it fails for each account with PASSWD_NOTREQD, and is decided


def sid_bytes(text):
    parts = text.split("-")
    numbers = [int(n) for n in parts[3:]]
    return bytes([1, len(numbers)]) + int(parts[2]).to_bytes(6, "big") + b"".join(struct.pack("<I", n) for n in numbers)


def b64(raw):
    return base64.b64encode(raw).decode()


def guid(rid):
    return str(uuid.UUID(int=rid))


def ldif(accounts, domain=DOMAIN):
    """accounts: {name: (RID, needs no password)}; uSNChanged says that it was read with '*'."""
    entries = [f"dn: DC=chu,DC=example\nobjectClass: top\nobjectClass: domain\nobjectClass: domainDNS\ndc: chu\n"
               f"objectSid:: {b64(sid_bytes(domain))}\nobjectGUID:: {b64(uuid.UUID(int=1).bytes_le)}\nuSNChanged: 5\n"
               f"instanceType: 5\nwhenChanged: 20260101000000.0Z\n"]
    for name, (rid, failing) in accounts.items():
        entries.append(
            f"dn: CN={name},OU=x,DC=chu,DC=example\nobjectClass: top\nobjectClass: person\nobjectClass: user\n"
            f"sAMAccountName: {name}\nuserAccountControl: {NORMAL | (PASSWD_NOTREQD if failing else 0)}\n"
            f"objectSid:: {b64(sid_bytes(f'{domain}-{rid}'))}\nobjectGUID:: {b64(uuid.UUID(int=rid).bytes_le)}\n"
            f"primaryGroupID: 513\nuSNChanged: 9\ninstanceType: 4\npwdLastSet: 134000000000000000\n"
            f"whenCreated: 20260101000000.0Z\nwhenChanged: 20260101000000.0Z\n")
    return "\n".join(entries)
