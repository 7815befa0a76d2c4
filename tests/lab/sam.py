"""A clone's database as SYSTEM, for planting: sam.ldb opened with the controls that let a test write what a
domain controller keeps to itself. The domain is stopped or running; what Samba answers later is its own."""
import contextlib
import time

import ldb
from samba import dsdb
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB

GUARDED = ["relax:0", f"local_oid:{dsdb.DSDB_CONTROL_DBCHECK}:0",
           f"local_oid:{dsdb.DSDB_CONTROL_BYPASS_PASSWORD_HASH_OID}:0"]
TICKS = 10**7
DAY = 86400 * TICKS  # of a FILETIME
GLOBAL, DOMAIN_LOCAL, UNIVERSAL = -2147483646, -2147483644, -2147483640
NORMAL, DISABLED = 0x200, 0x2


def rdn(value):
    """A value as it stands in a DN (RFC 4514)."""
    text = "".join("\\" + c if c in ',+"\\<>;=' else c for c in value)
    return "\\" + text if text.startswith(("#", " ")) else text


def account_name(name):
    """What may be a sAMAccountName of it (MS-SAMR 3.1.1.8.4)."""
    return "".join("-" if c in '"/\\[]:;|=,+*?<>@' else c for c in name)


class Sam:
    def __init__(self, lab):
        lp = LoadParm()
        lp.load(str(lab.conf))
        self.lp = lp
        self.db = SamDB(url=lp.samdb_url(), session_info=system_session(), lp=lp)
        self.base = str(self.db.get_default_basedn())
        self.config = str(self.db.get_config_basedn())
        self.sid = str(self.db.get_domain_sid())
        self.now = int((time.time() + 11644473600) * TICKS)

    def ago(self, days):
        return str(self.now - int(days * DAY))

    @contextlib.contextmanager
    def transaction(self):
        """All or nothing, and fast: one write of the database at the end."""
        self.db.transaction_start()
        try:
            yield
        except BaseException:
            self.db.transaction_cancel()
            raise
        self.db.transaction_commit()

    # ---- asking ----

    def find(self, text, base=None, missing=False):
        """DNs below base; missing: there may be no such base, and then there are none."""
        try:
            return sorted(str(r.dn) for r in self.db.search(base or self.base, expression=text, attrs=["dn"]))
        except ldb.LdbError as e:
            if missing and e.args[0] == ldb.ERR_NO_SUCH_OBJECT:
                return []
            raise

    def one(self, text):
        found = self.find(text)
        if len(found) != 1:
            raise LookupError(f"{text}: {found}")
        return found[0]

    def rid(self, rid):
        return self.one(f"(objectSid={self.sid}-{rid})")

    def builtin(self, rid):
        return self.one(f"(objectSid=S-1-5-32-{rid})")

    def sid_of(self, dn):
        r = self.db.search(dn, scope=ldb.SCOPE_BASE, attrs=["objectSid"])[0]
        return str(ndr_unpack(security.dom_sid, r["objectSid"][0]))

    # ---- writing ----

    def add(self, dn, **attributes):
        self.db.add({"dn": dn, **{k.replace("__", "-"): v for k, v in attributes.items()}})
        return dn

    def modify(self, dn, flag=ldb.FLAG_MOD_REPLACE, controls=GUARDED, **attributes):
        """Names with __ for a hyphen. An empty list removes."""
        m = ldb.Message(ldb.Dn(self.db, dn))
        for i, (name, value) in enumerate(attributes.items()):
            m[f"a{i}"] = ldb.MessageElement(value, flag, name.replace("__", "-"))
        self.db.modify(m, controls=list(controls))

    def join(self, group, *members):
        if members:
            self.modify(group, ldb.FLAG_MOD_ADD, [], member=list(members))

    def ou(self, name, parent=None):
        return self.add(f"OU={rdn(name)},{parent or self.base}", objectClass="organizationalUnit")

    def group(self, name, parent, kind=GLOBAL, **attributes):
        return self.add(f"CN={rdn(name)},{parent}", objectClass="group",
                        sAMAccountName=attributes.pop("sAMAccountName", account_name(name)), groupType=str(kind), **attributes)

    def user(self, name, parent, uac=NORMAL, pwd=30, logon=5, created=None, **attributes):
        """pwd, logon, created: days ago; pwd 0.0 … as given, None: pwdLastSet 0, logon None: never. uac whole."""
        dn = self.add(f"CN={rdn(name)},{parent}", objectClass="user", userAccountControl=str(NORMAL),
                      sAMAccountName=attributes.pop("sAMAccountName", account_name(name)[:20]))
        attributes.setdefault("pwdLastSet", "0" if pwd is None else self.ago(pwd))
        if logon is not None:
            attributes.setdefault("lastLogonTimestamp", self.ago(logon))
        if created is not None:
            attributes["whenCreated"] = self.generalized(created)
        self.modify(dn, userAccountControl=str(uac), **attributes)
        return dn

    def generalized(self, days):
        return time.strftime("%Y%m%d%H%M%S.0Z", time.gmtime(self.now / TICKS - 11644473600 - days * 86400))

    def primary_group(self, user, group):
        """The member attribute lets go of it by itself."""
        self.join(group, user)
        self.modify(user, controls=[], primaryGroupID=self.sid_of(group).rsplit("-", 1)[1])

    def pso(self, name, precedence, *targets, length=14, max_age=365, complexity=True, reversible=False, history=24,
            min_age=1, threshold=5, window_minutes=30, duration_minutes=30):
        minute = 60 * TICKS
        return self.add(f"CN={rdn(name)},CN=Password Settings Container,CN=System,{self.base}",
                        objectClass="msDS-PasswordSettings", msDS__PasswordSettingsPrecedence=str(precedence),
                        msDS__PasswordReversibleEncryptionEnabled=str(reversible).upper(),
                        msDS__PasswordHistoryLength=str(history), msDS__PasswordComplexityEnabled=str(complexity).upper(),
                        msDS__MinimumPasswordLength=str(length), msDS__MinimumPasswordAge=str(-min_age * DAY),
                        msDS__MaximumPasswordAge=str(-max_age * DAY if max_age else -2**63),
                        msDS__LockoutThreshold=str(threshold),
                        msDS__LockoutObservationWindow=str(-window_minutes * minute),
                        msDS__LockoutDuration=str(-duration_minutes * minute),
                        **({"msDS__PSOAppliesTo": list(targets)} if targets else {}))
