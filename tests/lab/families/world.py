"""The facts of one random domain: what a seed decided, before anything is written, and how it is written.

Plants change facts; build() writes them into a stopped clone; rules.py says from the same facts, by the words
of each control, what must be found. Nothing here reads what the program reads."""
import dataclasses
import hashlib
import random
import struct
import time
import typing
import uuid

import ldb
import samba

from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack

import lab as labs
from sam import DAY, DISABLED, GLOBAL, NORMAL, Sam, account_name, rdn

COMPUTER, SERVER_DC = 0x1000, 0x2000
NOTREQD, REVERSIBLE, NEVER_EXPIRES, SMARTCARD, NOT_DELEGATED = 0x20, 0x80, 0x10000, 0x40000, 0x100000
PRIVILEGED_RIDS, PRIVILEGED_BUILTIN = (512, 516, 518, 519, 526, 527), (544, 548, 549, 550, 551)
FIRST = ["Élodie", "Zoë", "Noël", "Anaïs", "Loïc", "Gaël", "Chloé", "Inès", "Rémi", "Søren", "Jiří", "Åsa", "Ömer", "Nuño"]
LAST = ["Le Goff", "O'Brien", "d’Été", "Muñoz", "Müller", "Lefèvre", "Français", "Ñíguez", "Çelik", "Œuvrard", "Gómez, Ana",
        "Petit \"Jo\"", "Noir+Blanc", "Dupont; fils", "A<B>C", "#Dièse", "Égal=Égal", "Back\\slash"]


# The client-side extension of security settings, and its editor.
SECURITY_EXTENSION = "[{827D319E-6EAC-11D2-A4EA-00C04F79F83A}{803E14A0-B4FB-11D0-A0D0-00A0C90F574B}]"
LAPS_EXPIRATION = {
    "ms-Mcs-AdmPwdExpirationTime":
        "1.2.840.113556.1.8000.2554.50051.45980.28112.18903.35903.6685103.1224907.2.2",
    "msLAPS-PasswordExpirationTime": "1.2.840.113556.1.6.44.1.1"}


@dataclasses.dataclass
class Account:
    """days are before the evaluation; None: never, or erased for pwd."""
    dn: str
    name: str
    sam: str
    kind: str = "user"  # user, computer, msa
    uac: int = NORMAL
    pwd: typing.Optional[float] = 30
    logon: typing.Optional[float] = 5
    created: float = 400
    changed: float = 60
    expires: typing.Optional[float] = None  # days from now; negative: over
    primary: int = 513
    groups: list = dataclasses.field(default_factory=list)  # DNs, direct
    admin_count: typing.Optional[int] = None
    cut: bool = False  # inheritance, as AdminSDHolder does
    more: dict = dataclasses.field(default_factory=dict)  # further attributes by LDAP name
    silo: typing.Optional[str] = None
    os: typing.Optional[str] = None
    os_version: typing.Optional[str] = None
    supported: typing.Optional[bool] = None
    laps: dict = dataclasses.field(default_factory=dict)  # attribute: days since the password's expiry
    keys: list = dataclasses.field(default_factory=list)  # (usage, DN of a known device or None)
    secret: bool = False
    limited: list = dataclasses.field(default_factory=list)  # DNs of the computers that userWorkstations names
    closed: bool = False  # nobody may read its descriptor
    rid: int = 0
    sid: str = ""
    adopted: bool = False
    notes: set = dataclasses.field(default_factory=set)  # what a rule needs and no attribute says

    @property
    def enabled(self):
        return not self.uac & DISABLED

    def has(self, flag):
        return bool(self.uac & flag)


@dataclasses.dataclass
class Group:
    dn: str
    name: str
    kind: int = GLOBAL
    members: list = dataclasses.field(default_factory=list)  # DNs, primary groups left out
    admin_count: typing.Optional[int] = None
    cut: bool = False
    created: float = 400
    changed: float = 200
    more: dict = dataclasses.field(default_factory=dict)
    secret: bool = False
    psos: list = dataclasses.field(default_factory=list)
    rid: int = 0
    builtin: int = 0
    sid: str = ""
    adopted: bool = False
    critical: bool = False


@dataclasses.dataclass
class Pso:
    dn: str
    name: str
    precedence: int
    length: int = 16
    max_age: int = 365
    complexity: bool = True
    reversible: bool = False
    history: int = 24
    min_age: int = 1
    threshold: int = 5
    window: int = 30
    duration: int = 30
    targets: list = dataclasses.field(default_factory=list)
    created: float = 1500
    changed: float = 1500
    guid: bytes = b""
    closed: bool = False  # nobody may read it


@dataclasses.dataclass
class Gpo:
    dn: str
    name: str
    links: list = dataclasses.field(default_factory=list)  # DNs of units
    rights: dict = dataclasses.field(default_factory=dict)  # user right: DNs that hold it
    local: dict = dataclasses.field(default_factory=dict)  # RID of a local group: DNs put into it
    created: float = 400
    changed: float = 200


NGC, FIDO = 0x01, 0x07


def key_credential(usage, device, material):
    """A KEYCREDENTIALLINK_BLOB (MS-ADTS 2.2.20), as Windows Hello or a security key leaves it."""
    def entry(kind, value):
        return struct.pack("<HB", len(value), kind) + value
    now = struct.pack("<Q", int((time.time() + 11644473600) * 10**7))
    rest = b"".join((entry(3, material), entry(4, bytes([usage])), entry(5, b"\0"), entry(6, device),
                     entry(7, b"\x01\x00"), entry(8, now), entry(9, now)))
    return (struct.pack("<I", 0x200) + entry(1, hashlib.sha256(material).digest()) +
            entry(2, hashlib.sha256(rest).digest()) + rest)


class World:
    def __init__(self, lab, seed, known):
        """known: the controls that the program has."""
        self.known = known
        self.lab, self.seed, self.r = lab, seed, random.Random(f"families {seed}")
        self.sam = Sam(lab)
        self.accounts, self.groups, self.psos, self.units, self.serial = {}, {}, {}, {}, 0
        self.silos = {}  # DN: enforced?
        self.mfa_excluded, self.mfa_weak, self.identity = [], False, None
        self.crossers, self.grown = [], []
        self.authorities, self.fact_tier0 = {}, []  # name: host; computers of tier 0 in fact alone, outside its units
        self.edits = []  # policies that somebody below tier 0 may change: (Gpo, who holds the right)
        self.duplicates, self.denied_too, self.dns_admins = [], [], []
        self.krbtgt_age, self.hr_match = 10, "employeeID"
        self.lag = 0  # days by which a last use may be later than its date: none, as the one DC is asked
        self.leaks = {}  # DN: days since the latest leak
        self.hr, self.exchange, self.hidden, self.grants = None, [], [], []
        self.exported = False
        self.gpos, self.files, self.expected, self.decoys = {}, {}, [], []
        self.params, self.policy = {}, {}
        self.domain = {"length": 12, "complexity": True, "max_age": 365, "history": 24, "min_age": 1, "threshold": 5,
                       "window": 30, "duration": 30, "reversible": False, "changed": 2000.0}
        self.clean()
        self.adopt()

    # ---- what is there before ------------------------------------------------------------------

    def clean(self):
        """What fill.py planted goes away."""
        s = self.sam
        with s.transaction():
            for dn in s.find("(objectClass=msDS-PasswordSettings)"):
                s.db.delete(dn)
            s.db.delete("OU=Hôpital," + s.base, ["tree_delete:1"])

    def adopt(self):
        s = self.sam
        def by_dn(found):
            return sorted(found, key=lambda r: str(r.dn))
        for r in by_dn(s.db.search(s.base, expression="(objectClass=group)")):
            dn, sid = str(r.dn), s.sid_of(str(r.dn))
            rid = int(sid.rsplit("-", 1)[1])
            own = sid.startswith(s.sid)
            self.groups[dn] = Group(dn, str(r["sAMAccountName"]), int(str(r["groupType"])),
                                    [str(v) for v in r.get("member", [])],
                                    admin_count=int(str(r["adminCount"])) if "adminCount" in r else None,
                                    cut="adminCount" in r, created=3000, changed=2500, rid=rid if own else 0,
                                    builtin=0 if own else rid, sid=sid, adopted=True,
                                    critical=str(r.get("isCriticalSystemObject", ["FALSE"])[0]) == "TRUE")
        for r in by_dn(s.db.search(s.base, expression="(&(objectClass=user)(!(sAMAccountName=krbtgt)))")):
            dn = str(r.dn)
            a = Account(dn, str(r["sAMAccountName"]), str(r["sAMAccountName"]), uac=int(str(r["userAccountControl"])),
                        created=3000, changed=60, primary=int(str(r["primaryGroupID"])), sid=s.sid_of(dn), adopted=True)
            a.rid = int(a.sid.rsplit("-", 1)[1])
            a.kind = "computer" if "computer" in [str(v) for v in r["objectClass"]] else "user"
            a.groups = [g.dn for g in self.groups.values() if dn in g.members]
            a.admin_count = int(str(r["adminCount"])) if "adminCount" in r else None
            a.cut = a.admin_count is not None
            self.accounts[dn] = a
        self.rid(500).logon = self.sam_account("lecteur").logon = 0  # the test's own binds
        self.rid(501).pwd = self.rid(501).logon = None
        self.rid(501).changed = 3000
        self.dc = self.sam_account("DC1$")
        self.dc.os = "Samba"

    # ---- finding facts -------------------------------------------------------------------------

    def rid(self, rid):
        return next(a for a in self.accounts.values() if a.rid == rid)

    def sam_account(self, name):
        return next(a for a in self.accounts.values() if a.sam == name)

    def group(self, rid=0, builtin=0):
        return next(g for g in self.groups.values() if g.rid == rid and g.builtin == builtin)

    def primary_of(self, account):
        return next((g.dn for g in self.groups.values() if g.rid == account.primary), None)

    def parents(self, dn):
        """Groups that hold dn directly."""
        found = [g.dn for g in self.groups.values() if dn in g.members]
        if dn in self.accounts:
            found += [g for g in self.accounts[dn].groups if g not in found]
            found.append(self.primary_of(self.accounts[dn]))
        return [f for f in found if f]

    def above(self, dn):
        """Every group that holds dn, through any nesting."""
        seen, todo = set(), [dn]
        while todo:
            for g in self.parents(todo.pop()):
                if g not in seen:
                    seen.add(g)
                    todo.append(g)
        return seen

    def is_in(self, dn, group):
        return group in self.above(dn)

    def direct_members(self, group):
        """With primary groups."""
        g = self.groups[group]
        found = list(g.members)
        found += [a.dn for a in self.accounts.values() if (group in a.groups or (g.rid and a.primary == g.rid)) and
                  a.dn not in found]
        return found

    def group_privileged(self, dn):
        g = self.groups[dn]
        return g.rid in PRIVILEGED_RIDS or g.builtin in PRIVILEGED_BUILTIN

    def privileged_groups(self):
        return [g for g in self.groups.values() if self.group_privileged(g.dn)]

    def privileged(self, account):
        return account.rid == 500 or any(self.group_privileged(g) for g in self.above(account.dn))

    def is_dc(self, account):
        return account.kind == "computer" and account.primary in (516, 521)

    # ---- making facts --------------------------------------------------------------------------

    def unit(self, name, parent=None, **facts):
        dn = f"OU={rdn(name)},{parent or self.sam.base}"
        self.units[dn] = {"created": 400, "changed": 200, **facts}
        return dn

    def person(self):
        return f"{self.r.choice(FIRST)} {self.r.choice(LAST)}"

    def add_account(self, account):
        self.accounts[account.dn] = account
        return account

    def user(self, unit, prefix="", **facts):
        self.serial += 1
        name = f"{self.person()} {self.serial}"
        sam = facts.pop("sam", None) or f"{prefix}{account_name(name).replace(' ', '')[:10]}{self.serial}"
        return self.add_account(Account(f"CN={rdn(name)},{unit}", name, sam, **facts))

    def computer(self, unit, prefix="PC", **facts):
        self.serial += 1
        name = f"{prefix}{self.serial:03d}"
        return self.add_account(Account(f"CN={name},{unit}", name, name + "$", kind="computer",
                                        uac=facts.pop("uac", COMPUTER), primary=515, **facts))

    def new_group(self, name, unit, **facts):
        self.serial += 1
        return self.add_group(f"{name}-{self.serial}", unit, **facts)

    def add_group(self, name, unit, **facts):
        g = self.groups[f"CN={rdn(name)},{unit}"] = Group(f"CN={rdn(name)},{unit}", name, **facts)
        return g

    def join(self, account, *groups):
        account.groups += [g.dn if isinstance(g, Group) else g for g in groups]
        return account

    def new_pso(self, name, precedence, *targets, **facts):
        dn = f"CN={rdn(name)},CN=Password Settings Container,CN=System,{self.sam.base}"
        p = self.psos[dn] = Pso(dn, name, precedence, targets=[t if isinstance(t, str) else t.dn for t in targets], **facts)
        return p

    def param(self, control, **values):
        self.params.setdefault(control, {}).update(values)

    def expect(self, control, thing):
        """Beside the rules: a plant says itself what must be found."""
        self.expected.append((control, thing if isinstance(thing, str) else thing.dn))

    def never(self, control, thing):
        self.decoys.append((control, thing if isinstance(thing, str) else thing.dn))

    # ---- writing -------------------------------------------------------------------------------

    def settle(self):
        """A change leaves its date: a logon that replicates and a password do."""
        for a in self.accounts.values():
            a.changed = min([a.changed, a.created, *(d for d in (a.logon, a.pwd) if d is not None)])

    def write_laps_schema(self):
        """What the setup of either LAPS adds to the schema; Samba's has neither."""
        schema, db = str(self.sam.db.get_schema_basedn()), self.sam.db
        for name, oid in LAPS_EXPIRATION.items():
            self.sam.add(f"CN={name},{schema}", objectClass="attributeSchema", lDAPDisplayName=name, attributeID=oid,
                         attributeSyntax="2.5.5.16", oMSyntax="65", isSingleValued="TRUE", systemOnly="FALSE")
        for what, values in (("", ["1"]), (f"CN=Computer,{schema}", list(LAPS_EXPIRATION)), ("", ["1"])):
            m = ldb.Message(ldb.Dn(db, what))
            m["a"] = ldb.MessageElement(values, ldb.FLAG_MOD_ADD, "mayContain" if what else "schemaUpdateNow")
            db.modify(m, controls=["relax:0"] if what else [])

    def build(self):
        self.settle()
        if any(a.laps for a in self.accounts.values()):
            self.write_laps_schema()
        with self.sam.transaction():
            self.write_domain()
            self.write_krbtgt()
            self.write_silos()
            for dn in sorted(self.units, key=lambda dn: dn.count(",OU=")):
                self.sam.add(dn, objectClass="organizationalUnit")
            for g in self.groups.values():
                if not g.adopted:
                    self.sam.add(g.dn, objectClass="group", groupType=str(g.kind),
                                 **{"sAMAccountName": account_name(g.name), **g.more})
            for a in self.accounts.values():
                if not a.adopted:
                    self.add_bare(a)
            for a in self.accounts.values():
                self.write_account(a)
            self.write_members()
            for a in self.accounts.values():
                self.write_primary(a)
            self.write_psos()
            self.write_protection()
            self.write_gpos()
            self.write_grants()
            self.write_authorities()
            self.write_closed()
            self.write_keys()  # last: Samba then refuses to modify what the link points at
        self.read_ids()
        self.write_dates()

    def write_domain(self):
        d, minute = self.domain, 60 * 10**7
        self.sam.modify(self.sam.base, controls=[], minPwdLength=str(d["length"]), maxPwdAge=str(-d["max_age"] * DAY or -2**63),
                        pwdProperties=str(int(d["complexity"]) + 16 * d["reversible"]), pwdHistoryLength=str(d["history"]),
                        minPwdAge=str(-d["min_age"] * DAY), lockoutThreshold=str(d["threshold"]),
                        lockOutObservationWindow=str(-d["window"] * minute), lockoutDuration=str(-d["duration"] * minute))

    def write_krbtgt(self):
        self.sam.modify("CN=krbtgt,CN=Users," + self.sam.base, pwdLastSet=self.sam.ago(self.krbtgt_age))

    def write_silos(self):
        top = f"CN=AuthN Policy Configuration,CN=Services,{self.sam.config}"
        for dn, kind in ((top, "container"), ("CN=AuthN Policies," + top, "msDS-AuthNPolicies"),
                         ("CN=AuthN Silos," + top, "msDS-AuthNPolicySilos")):
            if not self.sam.find("(objectClass=*)", dn, missing=True):
                self.sam.add(dn, objectClass=kind)
        for dn, enforced in self.silos.items():
            self.sam.add(dn, objectClass="msDS-AuthNPolicySilo", msDS__AuthNPolicySiloEnforced=str(enforced).upper())

    def add_bare(self, a):
        classes = {"user": "user", "computer": "computer", "msa": "msDS-GroupManagedServiceAccount"}
        extra = {"msDS__ManagedPasswordInterval": "30"} if a.kind == "msa" else {}
        self.sam.add(a.dn, objectClass=classes[a.kind], sAMAccountName=a.sam,
                     userAccountControl=str(COMPUTER if a.kind != "user" else NORMAL), **extra)

    def write_account(self, a):
        s = self.sam
        values = {"pwdLastSet": "0" if a.pwd is None else s.ago(a.pwd), "userAccountControl": str(a.uac)}
        if a.logon is not None:
            values["lastLogonTimestamp"] = s.ago(a.logon)
        if a.expires is not None:
            values["accountExpires"] = s.ago(-a.expires)
        if a.admin_count is not None and not a.adopted:
            values["adminCount"] = str(a.admin_count)
        if a.os_version or (a.os and not a.adopted):
            values["operatingSystem"] = a.os
            if a.os_version:
                values["operatingSystemVersion"] = a.os_version
        values.update({k.replace("-", "__"): s.ago(v) for k, v in a.laps.items()})
        if a.silo:
            values["msDS__AssignedAuthNPolicySilo"] = a.silo
        values.update({k.replace("-", "__"): v for k, v in a.more.items()})
        s.modify(a.dn, **values)

    def write_members(self):
        before = {g.dn: {str(v) for v in self.sam.db.search(g.dn, scope=0, attrs=["member"])[0].get("member", [])}
                  for g in self.groups.values()}
        for a in self.accounts.values():
            for g in a.groups:
                if a.dn not in self.groups[g].members:
                    self.groups[g].members.append(a.dn)
        for g in self.groups.values():
            self.sam.join(g.dn, *[m for m in g.members if m not in before[g.dn]])

    def write_primary(self, a):
        """primary given as a Group's DN in notes: joined first, then it is the primary group alone."""
        target = next((n[1] for n in a.notes if isinstance(n, tuple) and n[0] == "primary"), None)
        if not target:
            return
        self.sam.primary_group(a.dn, target)
        old = self.primary_of(a)
        a.primary = int(self.sam.sid_of(target).rsplit("-", 1)[1])
        self.groups[target].rid = a.primary
        if old and a.dn not in self.groups[old].members:  # AD makes the former one an ordinary group of the account
            self.groups[old].members.append(a.dn)

    def uuid(self):
        return uuid.UUID(int=self.r.getrandbits(128), version=4)

    def write_authorities(self):
        for name, host in self.authorities.items():
            self.sam.add(f"CN={name},CN=Enrollment Services,CN=Public Key Services,CN=Services,{self.sam.config}",
                         objectClass="pKIEnrollmentService", dNSHostName=host)

    def write_closed(self):
        """Past every right of administrators: a denial in front, and the system as owner, who may always read."""
        for o in [*self.psos.values(), *self.accounts.values()]:
            if o.closed:
                old = self.sam.db.search(o.dn, scope=0, attrs=["nTSecurityDescriptor"], controls=["sd_flags:1:7"])[0]
                sd = ndr_unpack(security.descriptor, old["nTSecurityDescriptor"][0])
                rights = "RPLCLORC" if isinstance(o, Pso) else "RC"
                deny = security.descriptor.from_sddl(f"D:(D;;{rights};;;WD)", security.dom_sid(self.sam.sid))
                sd.dacl_add(deny.dacl.aces[0], 0)
                sd.owner_sid = security.dom_sid("S-1-5-18")
                self.sam.modify(o.dn, controls=["relax:0", "sd_flags:1:7"], nTSecurityDescriptor=ndr_pack(sd))

    def write_psos(self):
        for p in self.psos.values():
            self.sam.pso(p.name, p.precedence, *p.targets, length=p.length, max_age=p.max_age, complexity=p.complexity,
                         reversible=p.reversible, history=p.history, min_age=p.min_age, threshold=p.threshold,
                         window_minutes=p.window, duration_minutes=p.duration)
            p.guid = bytes(self.sam.db.search(p.dn, scope=0, attrs=["objectGUID"])[0]["objectGUID"][0])

    def write_keys(self):
        for a in self.accounts.values():
            values = []
            for usage, device in a.keys:
                guid = uuid.uuid4().bytes_le
                if device:
                    guid = bytes(self.sam.db.search(device, scope=0, attrs=["objectGUID"])[0]["objectGUID"][0])
                blob = key_credential(usage, guid, self.r.randbytes(64)).hex().upper()
                values.append(f"B:{len(blob)}:{blob}:{a.dn}")
            if values:
                self.sam.modify(a.dn, msDS__KeyCredentialLink=values)

    def write_protection(self):
        holder = "CN=AdminSDHolder,CN=System," + self.sam.base
        sd = ndr_unpack(security.descriptor, self.sam.db.search(
            holder, scope=0, attrs=["nTSecurityDescriptor"], controls=["sd_flags:1:7"])[0]["nTSecurityDescriptor"][0])
        sd.type |= security.SEC_DESC_DACL_PROTECTED
        sd = ndr_pack(sd)
        for o in [*self.accounts.values(), *self.groups.values()]:
            if o.cut and not o.adopted:
                self.sam.modify(o.dn, controls=["relax:0", "sd_flags:1:7"], nTSecurityDescriptor=sd)
            if isinstance(o, Group) and o.admin_count is not None and not o.adopted:
                self.sam.modify(o.dn, adminCount=str(o.admin_count))

    def gpo(self, name, *units, **facts):
        guid = f"{{{self.uuid()}}}".upper()
        dn = f"CN={guid},CN=Policies,CN=System,{self.sam.base}"
        g = self.gpos[dn] = Gpo(dn, name, list(units), **facts)
        return g

    def write_gpos(self):
        for g in self.gpos.values():
            guid = g.dn[3:41]
            self.write_template(guid, g)
            self.sam.add(g.dn, objectClass="groupPolicyContainer", displayName=g.name, flags="0", versionNumber="1",
                         gPCFunctionalityVersion="2",
                         **({"gPCMachineExtensionNames": SECURITY_EXTENSION} if g.rights or g.local else {}),
                         gPCFileSysPath=f"\\\\{labs.DNS}\\SysVol\\{labs.DNS}\\Policies\\{guid}")
        for unit in {u for g in self.gpos.values() for u in g.links}:
            self.sam.modify(unit, controls=[], gPLink="".join(f"[LDAP://{g.dn};0]" for g in self.gpos.values() if unit in g.links))

    def write_template(self, guid, g):
        folder = self.lab.dir / "state/sysvol" / labs.DNS / "Policies" / guid
        (folder / "MACHINE/Microsoft/Windows NT/SecEdit").mkdir(parents=True)
        (folder / "USER").mkdir()
        (folder / "GPT.INI").write_bytes(b"[General]\r\nVersion=1\r\n")
        if not g.rights and not g.local:
            return

        def sids(dns):
            return ",".join("*" + self.sam.sid_of(dn) for dn in dns)
        lines = ["[Unicode]", "Unicode=yes", "[Version]", 'signature="$CHICAGO$"', "Revision=1", "[Privilege Rights]",
                 *(f"{right} = {sids(dns)}" for right, dns in g.rights.items())]
        if g.local:
            lines += ["[Group Membership]", *(f"*S-1-5-32-{rid}__Members = {sids(dns)}" for rid, dns in g.local.items())]
        (folder / "MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf").write_bytes(
            "\ufeff{}\r\n".format("\r\n".join(lines)).encode("utf-16-le"))

    def grant(self, dn, sddl_rights, who, kind="A", guid=""):
        """An explicit ACE in front: rights as SDDL writes them."""
        self.grants.append((dn, sddl_rights, who, kind, guid))

    def write_grants(self):
        for dn, rights, who, kind, guid in self.grants:
            old = self.sam.db.search(dn, scope=0, attrs=["nTSecurityDescriptor"], controls=["sd_flags:1:7"])[0]
            sd = ndr_unpack(security.descriptor, old["nTSecurityDescriptor"][0])
            text = f"D:({kind};;{rights};{guid};;{self.sam.sid_of(who)})"
            sd.dacl_add(security.descriptor.from_sddl(text, security.dom_sid(self.sam.sid)).dacl.aces[0], 0)
            self.sam.modify(dn, controls=["relax:0", "sd_flags:1:7"], nTSecurityDescriptor=ndr_pack(sd))

    def key(self, dn):
        """One spelling of a DN: servers and people escape differently."""
        return ldb.Dn(self.sam.db, dn).get_casefold()

    def read_ids(self):
        for g in self.groups.values():
            g.members = [f"CN={m[5:-1]},CN=ForeignSecurityPrincipals,{self.sam.base}" if m.startswith("<SID=") else m
                         for m in g.members]
        for o in [*self.accounts.values(), *self.groups.values()]:
            if not o.sid:
                o.sid = self.sam.sid_of(o.dn)
                o.rid = int(o.sid.rsplit("-", 1)[1])

    def write_dates(self):
        """whenCreated and whenChanged are the database's own: written past its modules, on every object."""
        dates = {o.dn: (o.created, o.changed) for o in
                 [*self.accounts.values(), *self.groups.values(), *self.psos.values()]}
        dates.update({dn: (u["created"], u["changed"]) for dn, u in self.units.items()})
        dates.update({dn: (g.created, g.changed) for dn, g in self.gpos.items()})
        dates[self.sam.base] = (3000, self.domain["changed"])
        dates = {ldb.Dn(self.sam.db, dn).get_casefold(): d for dn, d in dates.items()}
        path = self.lab.dir / "private/sam.ldb.d" / (self.sam.base.upper() + ".ldb")
        raw = samba.Ldb(url=str(path), lp=self.sam.lp, options=["modules:"])  # it folds accents as sam.ldb does
        raw.transaction_start()
        for r in raw.search(base=None, scope=ldb.SCOPE_SUBTREE, expression="(whenCreated=*)", attrs=["whenCreated"]):
            created, changed = dates.get(r.dn.get_casefold(), (3000, 2500))
            m = ldb.Message(r.dn)
            m["a"] = ldb.MessageElement(self.sam.generalized(created), ldb.FLAG_MOD_REPLACE, "whenCreated")
            m["b"] = ldb.MessageElement(self.sam.generalized(changed), ldb.FLAG_MOD_REPLACE, "whenChanged")
            raw.modify(m)
        raw.transaction_commit()
