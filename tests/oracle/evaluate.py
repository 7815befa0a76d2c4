#!/usr/bin/python3
"""An independent evaluator of the first controls, written from the specification and not from the
program: LDIF and a policy in, verdicts out. It shares no code, no table and no idea with the C
sources, so that a difference means that one of the two misreads the specification.

It prefers clarity to speed and knows only what the generator writes: LDIF (base64, folding, UTF-16,
gz), policies in JSON syntax (which is YAML) that extend care, one reader that is not known.

Three answers everywhere: True, False and None for "could not be read".

usage: evaluate.py --policy FILE --at DATE FILE.ldif...
"""
import argparse
import base64
import csv
import datetime
import gzip
import json
import os
import re
import struct
import sys

DAY = 86400
ACCOUNTDISABLE, PASSWD_NOTREQD, REVERSIBLE, NORMAL = 0x2, 0x20, 0x80, 0x200
INTERDOMAIN, SERVER_TRUST, DONT_EXPIRE = 0x800, 0x2000, 0x10000
SMARTCARD, TRUSTED_FOR_DELEGATION, DES_ONLY, NO_PREAUTH = 0x40000, 0x80000, 0x200000, 0x400000

# controls.md, "Privileged set used by ANSSI"
PRIVILEGED_RIDS = {512, 516, 518, 519, 526, 527}
PRIVILEGED_BUILTIN = {"S-1-5-32-%d" % r for r in (544, 548, 549, 550, 551)}
TO_KEEP_EMPTY = {"S-1-5-32-%d" % r for r in (548, 549, 550, 551, 552)}
# A group with one of these has every account as a member.
EVERYBODY = {"S-1-1-0", "S-1-5-11"}
# No account stands behind these.
SERVICES = {"S-1-5-9", "S-1-5-10", "S-1-5-18", "S-1-5-19", "S-1-5-20", "S-1-3-0"}

LEVELS = {
	"hyg_admin_not_dedicated": [2], "hyg_mfa_privileged": [2], "hyg_mfa_required": [3],
	"hyg_never_logged_on": [3], "hyg_operator_groups_not_empty": [2],
	"hyg_password_length_admins": [2], "hyg_password_length_users": [2],
	"hyg_password_not_required": [2], "hyg_privileged_disabled": [3],
	"hyg_privileged_nesting": [4], "hyg_stale_computers": [3], "hyg_stale_users": [3],
	"hyg_tier0_outside_units": [3], "hyg_tier_membership_crossing": [2],
	"vuln_delegation_t4d": [1], "vuln_dont_expire": [2], "vuln_dont_expire_priv": [1],
	"vuln_functional_level": [1, 3, 4], "vuln_group_loop": [4], "vuln_guest": [2],
	"vuln_kerberos_properties_deskey": [2], "vuln_kerberos_properties_preauth": [2],
	"vuln_kerberos_properties_preauth_priv": [1], "vuln_krbtgt": [2],
	"vuln_password_change_priv": [1], "vuln_privileged_members": [1, 2],
	"vuln_privileged_members_no_admincount": [2], "vuln_privileged_members_password": [2],
	"vuln_protected_users": [3], "vuln_reversible_password_priv_namingcontext": [3],
	"vuln_reversible_password_priv_uac": [3], "vuln_spn_priv": [1],
	"vuln_user_accounts_dormant": [1], "vuln_user_accounts_machineaccountquota": [4],
}
NUMBERS = {
	"hyg_never_logged_on": {"min_days": 30},
	"hyg_password_length_admins": {"min_length": 16, "complexity": True, "max_days": 1095},
	"hyg_password_length_users": {"min_length": 12, "complexity": True},
	"hyg_privileged_nesting": {"max_depth": 2, "nested_groups_allowed": False},
	"hyg_stale_computers": {"max_days": 90}, "hyg_stale_users": {"max_days": 90},
	"vuln_dont_expire": {"max_percent": 10}, "vuln_krbtgt": {"max_days": 365},
	"vuln_password_change_priv": {"max_days": 1095},
	"vuln_privileged_members": {"max_members": 50},
	"vuln_privileged_members_password": {"min_length": 8, "max_days": 1095},
	"vuln_user_accounts_dormant": {"max_percent": 25, "password_days": 1095, "logon_days": 365},
}

# What AD puts on every object of the class: absent means that the reader had fewer rights.
EVERY_OBJECT = {"whencreated"}
EVERY_ACCOUNT = {"useraccountcontrol", "pwdlastset", "primarygroupid", "objectsid", "samaccountname",
	"samaccounttype"}
EVERY_DOMAIN = {"minpwdlength", "pwdproperties", "maxpwdage", "ms-ds-machineaccountquota"}
EVERY_PSO = {"msds-minimumpasswordlength", "msds-passwordcomplexityenabled", "whenchanged",
	"msds-maximumpasswordage", "msds-passwordsettingsprecedence"}
EVERY_GROUP = {"grouptype", "objectsid", "samaccountname"}
# Read by nobody who selects attributes by name.
SIGNS_OF_STAR = {"usnchanged", "dscorepropagationdata", "instancetype"}
# What an empty Pre-Windows 2000 Compatible Access hides together with userAccountControl.
HIDDEN_TOGETHER = {"useraccountcontrol", "pwdlastset", "accountexpires", "lastlogon",
	"lastlogontimestamp", "memberof", "admincount", "whencreated", "lockouttime",
	"msds-keycredentiallink", "msds-psoapplied"}


# ---- LDIF -----------------------------------------------------------------------------------

def read_bytes(path):
	data = open(path, "rb").read()
	if data[:2] == b"\x1f\x8b":
		data = gzip.decompress(data)
	if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
		return data.decode("utf-16").encode()
	return data[3:] if data[:3] == b"\xef\xbb\xbf" else data


def records(path):
	"""RFC 2849: unfold, drop comments, split at empty lines."""
	lines = []
	for line in read_bytes(path).replace(b"\r\n", b"\n").split(b"\n"):
		if line[:1] == b" " and lines and lines[-1]:
			lines[-1] += line[1:]
		else:
			lines.append(line)
	record = []
	for line in lines + [b""]:
		if not line:
			if record:
				yield record
			record = []
		elif line[:1] != b"#":
			name, rest = line.split(b":", 1)
			if name.lower() == b"version" and not record:
				continue
			value = base64.b64decode(rest[1:]) if rest[:1] == b":" else rest.lstrip(b" ")
			record.append((name.decode(), value))


def split_dn(text):
	"""RFC 4514: a tuple of (type, value), values unescaped and in one case."""
	rdns, current, i = [], bytearray(), 0
	raw = text.encode() if isinstance(text, str) else text
	while i < len(raw):
		c = raw[i:i + 1]
		if c == b"\\" and re.match(rb"[0-9a-fA-F]{2}", raw[i + 1:i + 3]):
			current += bytes.fromhex(raw[i + 1:i + 3].decode())
			i += 3
		elif c == b"\\":
			current += raw[i + 1:i + 2]
			i += 2
		elif c == b",":
			rdns.append(bytes(current))
			current = bytearray()
			i += 1
		else:
			current += c
			i += 1
	if current:
		rdns.append(bytes(current))
	return tuple(tuple(p.decode("utf-8", "replace").strip().lower() for p in r.split(b"=", 1))
		for r in rdns)


def sid_text(b):
	if len(b) < 8 or len(b) != 8 + 4 * b[1]:
		return None
	return "-".join(["S", str(b[0]), str(int.from_bytes(b[2:8], "big"))] +
		[str(v) for v in struct.unpack("<%dI" % b[1], b[8:])])


def filetime(value):
	"""Seconds since 1970; None where the number is no date."""
	n = int(value)
	if n <= 0 or n >= 0x7FFFFFFFFFFFFFFF:
		return None
	seconds = n // 10000000 - 11644473600
	return seconds if seconds < 253402300800 else None


def generalized(value):
	t = datetime.datetime.strptime(value.decode().split(".")[0].rstrip("Z"), "%Y%m%d%H%M%S")
	return int(t.replace(tzinfo=datetime.timezone.utc).timestamp())


class Object:
	def __init__(self, dn):
		self.dn, self.key, self.values, self.cut = dn, split_dn(dn), {}, set()

	def text(self, name):
		v = self.values.get(name)
		return v[0].decode("utf-8", "replace") if v else None

	def number(self, name):
		v = self.values.get(name)
		try:
			return int(v[0]) if v else None
		except ValueError:
			return None

	def classify(self):
		classes = {c.decode().lower() for c in self.values.get("objectclass", [])}
		sid = self.values.get("objectsid")
		self.sid = sid_text(sid[0]) if sid else None
		self.rid = int(self.sid.rsplit("-", 1)[1]) if self.sid and self.sid.startswith(
			"S-1-5-21-") and self.sid.count("-") > 6 else None
		uac = self.number("useraccountcontrol")
		if "foreignsecurityprincipal" in classes:
			return "fsp"
		if "group" in classes:
			return "group"
		if "domaindns" in classes and self.sid:
			return "domain"
		if classes & {"msds-managedserviceaccount", "msds-groupmanagedserviceaccount",
				"msds-delegatedmanagedserviceaccount"}:
			return "msa"
		if "computer" in classes:
			return "computer"
		if "user" in classes:
			if self.rid == 502 or "msds-secondarykrbtgtnumber" in self.values:
				return "krbtgt"
			if uac & INTERDOMAIN if uac is not None else self.number("samaccounttype") == 0x30000002:
				return "trust_account"
			return "user"
		if "msds-passwordsettings" in classes:
			return "pso"
		if "crossref" in classes:
			return "crossref"
		if "crossrefcontainer" in classes:
			return "partitions"
		if "organizationalunit" in classes:
			return "ou"
		return "other"


ACCOUNTS = ("user", "computer", "msa")


class Directory:
	def __init__(self, paths):
		self.all, self.root = [], None
		for path in paths:
			for record in records(path):
				o = Object(record[0][1].decode("utf-8", "replace"))
				for name, value in record[1:]:
					name, *options = name.lower().split(";")
					for option in options:
						if option.startswith("range=") and not option.endswith("-*"):
							o.cut.add(name)
					o.values.setdefault(name, []).append(value)
				if not o.key:
					self.root = o
				else:
					self.all.append(o)
		for o in self.all:
			o.kind = o.classify()
		self.by_dn = {o.key: o for o in self.all}
		self.by_sid = {}
		for o in self.all:
			if o.sid and (o.kind != "fsp" or o.sid not in self.by_sid):
				self.by_sid[o.sid] = o
		self.domains = [o for o in self.all if o.kind == "domain"]
		self.star = any(SIGNS_OF_STAR & set(o.values) for o in self.all)
		self.seen = {(self.alike(o), name) for o in self.all for name in o.values}
		self.memberships()
		self.privilege()

	def of(self, *kinds):
		return [o for o in self.all if o.kind in kinds]

	def domain_of(self, o):
		for d in self.domains:
			if o.sid and o.sid.startswith(d.sid + "-"):
				return d
		best = [d for d in self.domains if o.key[-len(d.key):] == d.key]
		return max(best, key=lambda d: len(d.key)) if best else None

	@staticmethod
	def alike(o):
		"""What counts as one class for "seen on no object of a class"."""
		return "user" if o.kind in ("krbtgt", "trust_account") else o.kind

	def readable(self, o, name):
		"""design.md section 1: readable and absent means empty."""
		if name in o.cut:
			return False
		if name in o.values:
			return True
		always = EVERY_OBJECT | {"domain": EVERY_DOMAIN, "pso": EVERY_PSO, "group": EVERY_GROUP}.get(
			o.kind, EVERY_ACCOUNT if o.kind in ACCOUNTS + ("krbtgt",) else set())
		if name in always:
			return False
		asked = self.star or (self.alike(o), "useraccountcontrol") in self.seen
		if asked and o.kind in ACCOUNTS and o.number("useraccountcontrol") is None and \
				name in HIDDEN_TOGETHER:
			return False
		return True if self.star else (self.alike(o), name) in self.seen

	# ---- memberships ------------------------------------------------------------------------

	def memberships(self):
		"""children: group -> objects in it; lost: groups with a member that was not read."""
		self.children = {g.key: set() for g in self.of("group")}
		self.lost, self.everybody, self.strangers, self.hidden = set(), set(), set(), set()
		for g in self.of("group"):
			if not self.readable(g, "member"):
				self.lost.add(g.key)
				self.hidden.add(g.key)
			for value in g.values.get("member", []):
				m = self.by_dn.get(split_dn(value))
				named = split_dn(value)[0][1].upper()
				if m is None and named in EVERYBODY:
					self.everybody.add(g.key)   # the name of a foreign principal is its SID
				elif m is None and named in SERVICES:
					pass
				elif m is None and named in self.by_sid:
					self.children[g.key].add(self.by_sid[named].key)
				elif m is None:
					self.lost.add(g.key)
				elif m.kind == "fsp" and m.sid in EVERYBODY:
					self.everybody.add(g.key)
				elif m.kind == "fsp" and self.by_sid[m.sid].kind != "fsp":
					self.children[g.key].add(self.by_sid[m.sid].key)
				else:
					self.children[g.key].add(m.key)
					# who stands behind a SID of elsewhere was not read
					if m.kind == "fsp" and m.sid not in SERVICES:
						self.strangers.add(g.key)
		for o in self.all:
			rid, domain = o.number("primarygroupid"), self.domain_of(o)
			if rid is not None and o.sid and o.rid is not None:
				g = self.by_sid.get("%s-%d" % (o.sid.rsplit("-", 1)[0], rid))
				if g is not None and g.key in self.children:
					self.children[g.key].add(o.key)

	def below(self, start):
		"""Everything in the groups of start, nested included, and whether something is missing."""
		found, todo, lost, everybody = set(), list(start), False, False
		done = set()
		while todo:
			key = todo.pop()
			if key in done:
				continue
			done.add(key)
			lost |= key in self.lost
			everybody |= key in self.everybody
			for child in self.children.get(key, ()):
				found.add(child)
				if child in self.children:
					todo.append(child)
		if everybody:
			found |= {o.key for o in self.all if o.kind in ACCOUNTS}
		return found, lost

	def groups_of(self, o):
		above, todo = set(), [o.key]
		while todo:
			key = todo.pop()
			for g, kids in self.children.items():
				if key in kids and g not in above:
					above.add(g)
					todo.append(g)
		return above

	def account_groups(self, o, domain, unknown_too):
		"""Global security groups of the domain, through none but such groups (MS-DRSR 4.1.8.3)."""
		above, todo = set(), [o.key]
		while todo:
			key = todo.pop()
			for g, kids in self.children.items():
				group = self.by_dn[g]
				kind = group.number("grouptype")
				counts = unknown_too if kind is None else kind & 2 and kind & 0x80000000
				if key in kids and g not in above and counts and self.domain_of(group) is domain:
					above.add(g)
					todo.append(g)
		return above

	# ---- privilege --------------------------------------------------------------------------

	def is_privileged_group(self, g):
		return g.kind == "group" and (g.sid in PRIVILEGED_BUILTIN or g.rid in PRIVILEGED_RIDS)

	def privilege(self):
		groups = [g for g in self.of("group") if self.is_privileged_group(g)]
		keys, lost = self.below([g.key for g in groups])
		strangers = any(k in self.strangers for k in keys | {g.key for g in groups})
		self.privileged = {o.key for o in self.of(*ACCOUNTS, "krbtgt", "trust_account")
			if o.key in keys or o.rid == 500}
		missing = not self.domains
		for d in self.domains:
			here = {g.sid for g in groups if self.domain_of(g) is d}
			# every domain has these from its first day; the others may not exist everywhere
			missing |= not {d.sid + "-512", d.sid + "-516"} | PRIVILEGED_BUILTIN <= here
		# The SID of a member of any domain could be in an unread one: its own group is unread.
		self.membership_hidden = missing or any(k in self.hidden for k in
			keys | {g.key for g in groups})
		self.membership_lost = lost or missing
		self.privilege_lost = lost or missing or strangers

	def is_privileged(self, o):
		"""None: its primary group was not read and may be a privileged one."""
		if o.key in self.privileged:
			return True
		return False if "primarygroupid" in o.values else None

	# ---- effective password policy (MS-ADTS 3.1.1.4.5.36) -----------------------------------

	def pso_of(self, o):
		"""A PSO, False for the domain's policy, None when it cannot be known."""
		uac, domain = o.number("useraccountcontrol"), self.domain_of(o)
		if domain is None or uac is None:
			return None
		if not uac & NORMAL or o.rid == 502:
			return False
		level = domain.number("msds-behavior-version")
		if level is None and self.root is not None and \
				split_dn(self.root.text("defaultnamingcontext") or "") == domain.key:
			level = self.root.number("domainfunctionality")
		own = direct = self.psos_on(o)
		if direct is not None and not direct:
			direct = set()
			sure, perhaps = self.account_groups(o, domain, False), self.account_groups(o, domain, True)
			for key in perhaps:
				linked = self.psos_on(self.by_dn[key])
				if linked is None or (linked and key not in sure):
					direct = None
					break
				direct |= linked
		if "primarygroupid" not in o.values or self.hides_members_of_pso(domain):
			direct = direct if own else None
		if direct is not None and not direct:
			return False
		if level is None:
			return None
		if level < 3:
			return False
		if direct is None:
			return None
		psos = [self.by_dn.get(key) for key in direct]
		if any(p is None or p.number("msds-passwordsettingsprecedence") is None for p in psos):
			return None
		return min(psos, key=lambda p: (p.number("msds-passwordsettingsprecedence"),
			p.values.get("objectguid", [b"\xff" * 16])[0]))

	def hides_members_of_pso(self, domain):
		"""Could a group with a PSO hold an account that is not seen in it?"""
		groups = [g for g in self.of("group") if self.domain_of(g) is domain]
		hidden = any(g.key in self.hidden for g in groups)
		for g in groups:
			linked = self.psos_on(g)
			if linked and any(k in self.hidden for k in self.below([g.key])[0] | {g.key}):
				return True
			if linked is None and hidden:
				return True
		return False

	def psos_on(self, o):
		linked = {split_dn(v) for v in o.values.get("msds-psoapplied", [])}
		for p in self.of("pso"):
			if any(split_dn(v) == o.key for v in p.values.get("msds-psoappliesto", [])):
				linked.add(p.key)
		return linked if self.readable(o, "msds-psoapplied") else None

	def policy_of(self, o):
		"""{length, complexity, max_days (None: never)}; a value "?" was not read."""
		pso, out = self.pso_of(o), {}
		if pso is None:
			uac = o.number("useraccountcontrol")
			return {"length": 0 if uac is not None and uac & PASSWD_NOTREQD else "?",
				"complexity": "?", "max_days": "?", "pso": None}
		if pso:
			out["length"] = pso.number("msds-minimumpasswordlength")
			flag = pso.text("msds-passwordcomplexityenabled")
			out["complexity"] = None if flag is None else flag.upper() == "TRUE"
			age = pso.number("msds-maximumpasswordage")
		else:
			domain = self.domain_of(o)
			out["length"] = domain.number("minpwdlength")
			flags = domain.number("pwdproperties")
			out["complexity"] = None if flags is None else bool(flags & 1)
			age = domain.number("maxpwdage")
		out = {k: "?" if v is None else v for k, v in out.items()}
		if age is None:
			out["max_days"] = "?"
		elif age == 0 or age == -0x8000000000000000:
			out["max_days"] = None
		else:
			out["max_days"] = -age / 1e7 / DAY
		out["pso"] = pso
		if o.number("useraccountcontrol") & PASSWD_NOTREQD:
			out["length"] = 0
		return out


# ---- verdicts -------------------------------------------------------------------------------

class Verdict:
	"""What one control says: found DNs, how many objects could not be decided, why not at all."""

	def __init__(self):
		self.found, self.unknown, self.lost = {}, 0, False
		self.status, self.examined = None, 0

	def take(self, o, answer, level=None):
		self.examined += 1
		if answer is None:
			self.unknown += 1
		elif answer:
			self.found[o.dn] = level


def either(*answers):
	"""Kleene's or."""
	if any(a is True for a in answers):
		return True
	return None if any(a is None for a in answers) else False


def both(*answers):
	no = either(*[None if a is None else not a for a in answers])
	return None if no is None else not no


class Evaluator:
	def __init__(self, directory, policy, at, folder="."):
		self.d, self.policy, self.now, self.folder = directory, policy, at, folder

	def p(self, control, name):
		own = self.policy.get("controls", {}).get(control, {})
		return own.get(name, NUMBERS.get(control, {}).get(name, False))

	# ---- what controls ask of an account -----------------------------------------------------

	def enabled(self, o):
		uac = o.number("useraccountcontrol")
		return None if uac is None else not uac & ACCOUNTDISABLE

	def in_scope(self, control, o):
		return True if self.p(control, "include_disabled") else self.enabled(o)

	def flag(self, o, bit):
		uac = o.number("useraccountcontrol")
		return None if uac is None else bool(uac & bit)

	def is_dc(self, o):
		if o.kind == "computer" and "primarygroupid" not in o.values:
			return bool((o.number("useraccountcontrol") or 0) & (SERVER_TRUST | 0x4000000))
		return o.kind == "computer" and o.number("primarygroupid") in (516, 521)

	def created(self, o):
		v = o.values.get("whencreated")
		return generalized(v[0]) if v else None

	def date(self, o, name):
		"""("never"|"?"|seconds)"""
		if name not in o.values:
			return "never" if self.d.readable(o, name) else "?"
		n = o.number(name)
		if n == 0:
			return "never"
		t = None if n is None else filetime(n)
		# Nothing happened in the future (the tests' dates are now and long after).
		return "?" if t is None or t > self.now + 30 * DAY else t

	def older(self, o, name, days):
		"""pwdLastSet older than days; without a date only the account's own age tells something."""
		t = self.date(o, name)
		if t == "never" or (t == "?" and o.number(name) is not None):
			made = self.created(o)
			return False if made is not None and self.now - made <= days * DAY else None
		return None if t == "?" else self.now - t > days * DAY

	def last_use(self, o):
		"""(newest known use or None, whether nothing newer can be hidden)"""
		stamp, local = self.date(o, "lastlogontimestamp"), self.date(o, "lastlogon")
		known = [t for t in (stamp, local) if not isinstance(t, str)]
		domain = self.d.domain_of(o)
		sure = stamp != "?"
		if domain is not None and domain.number("msds-logontimesyncinterval") == 0:
			sure = False
		return max(known) if known else None, sure

	# ---- loops -------------------------------------------------------------------------------

	def each(self, control, kinds, test, privileged=None, enabled=True):
		v = Verdict()
		for o in self.d.of(*kinds):
			scope = self.in_scope(control, o) if enabled else True
			if privileged is not None:
				is_it = self.d.is_privileged(o)
				scope = both(scope, is_it if privileged or is_it is None else not is_it)
			if scope is False:
				continue
			answer = test(o)
			if answer == "skip":
				continue
			v.take(o, both(scope, answer))
		if privileged:
			v.lost = self.d.privilege_lost
		if not self.d.domains:
			v.lost = True
		return v

	def find(self, name):
		"""A name, SID or DN of the policy."""
		if name.upper() in self.d.by_sid:
			return self.d.by_sid[name.upper()]
		if split_dn(name) in self.d.by_dn:
			return self.d.by_dn[split_dn(name)]
		for attribute in ("samaccountname", "cn"):
			named = [o for o in self.d.all if (o.text(attribute) or "").lower() == name.lower()]
			if named:
				return named[0] if len(named) == 1 else None   # who is meant is not known
		return None

	def find_groups(self, names):
		found = [self.find(n) for n in names]
		return [g for g in found if g is not None and g.kind == "group"], any(
			g is None or g.kind != "group" for g in found)

	def tier_groups(self, tier):
		declared = self.policy.get("tiers", {}).get(str(tier), {}).get("groups", [])
		groups, missing = self.find_groups(declared)
		keys = {g.key for g in groups}
		if tier == 0:
			keys |= {g.key for g in self.d.of("group") if self.d.is_privileged_group(g)}
		return keys, missing

	def unresolved(self, tier):
		"""A name of the policy that nothing was found for, or a group that was not read whole."""
		t = self.policy.get("tiers", {}).get(str(tier), {})
		groups, missing = self.find_groups(t.get("groups", []))
		lost = self.d.below([g.key for g in groups])[1]
		return missing or lost or any(self.find(n) is None
			for n in t.get("units", []) + t.get("accounts", []))

	def is_below(self, o, unit):
		u = split_dn(unit)
		return len(o.key) > len(u) and o.key[-len(u):] == u

	def in_tier(self, o, tier):
		t = self.policy.get("tiers", {}).get(str(tier), {})
		keys, missing = self.tier_groups(tier)
		answers = [self.in_groups(o, keys, missing)]
		answers += [self.is_below(o, u) for u in t.get("units", [])]
		for name in t.get("accounts", []):
			a = self.find(name)
			answers.append(None if a is None else a is o)
		if tier == 0:
			answers.append(self.d.is_privileged(o))
		return either(*answers)

	def in_groups(self, o, keys, missing):
		"""Hidden members may be o; a name of an object that was not read is not o."""
		inside, _ = self.d.below(keys)
		if o.key in inside:
			return True
		hidden = any(k in self.d.hidden for k in set(keys) | inside)
		if not keys and not missing:
			return False
		return None if missing or hidden or "primarygroupid" not in o.values else False

	def covered(self, o):
		answers = []
		for piece in self.policy.get("mfa", {}).get("evidence", ["smartcard_required", "key_credential"]):
			if piece == "smartcard_required":
				answers.append(self.flag(o, SMARTCARD))
			elif piece == "key_credential":
				answers.append(self.by_key(o))
			elif "group" in piece:
				groups, missing = self.find_groups([piece["group"]])
				answers.append(self.in_groups(o, [g.key for g in groups], missing))
			else:
				answers.append(self.in_csv(o, piece["csv"]))
		return either(*answers)

	def by_key(self, o):
		"""A key for logging on counts when its device is known; a foreign one may be an attacker's."""
		if not self.d.readable(o, "msds-keycredentiallink"):
			return None
		devices = {c.values["objectguid"][0] for c in self.d.all
			if c.kind == "computer" and c.values.get("objectguid")}
		answers = [self.key(v, devices) for v in o.values.get("msds-keycredentiallink", [])]
		return either(False, *answers)

	def key(self, value, devices):
		"""MS-ADTS 2.2.20: what one value proves; None: nothing, and it is not nothing either."""
		try:
			kind, digits, rest = value.decode("ascii", "replace").split(":", 2)
			blob = bytes.fromhex(rest[:int(digits)])
			entries, at = {}, 4
			while at < len(blob):
				size, identifier = struct.unpack_from("<HB", blob, at)
				entries[identifier] = blob[at + 3:at + 3 + size]
				at += 3 + size
			if kind != "B" or blob[:4] != b"\0\2\0\0" or at != len(blob) or \
					len(entries[1]) != 32 or not entries[3]:
				return None
			usage = entries[4][0]
		except (ValueError, KeyError, IndexError, struct.error):
			return None
		if usage not in (1, 7):
			return False
		alone = len(entries.get(7, b"")) > 1 and entries[7][1] & 2   # registered with one factor
		return True if entries.get(6) in devices and not alone else None

	NAMES = {"userprincipalname": ["userprincipalname"], "samaccountname": ["samaccountname"],
		"mail": ["mail"], "employeeid": ["employeeid"], "objectsid": ["objectsid"]}
	STRONG, WEAK, NOTHING = {"fido2", "totp"}, {"sms", "email", "mobilephone"}, {"", "non"}

	def named(self, o, attribute):
		if attribute == "objectsid":
			return o.sid.lower() if o.sid else None
		values = o.values.get(attribute)
		return values[0].decode("utf-8", "replace").strip().lower() or None if values else None

	def read_csv(self, piece):
		"""Rows by account, accounts that a row may be about, and whether a row is nobody's."""
		column = piece["account"]
		names = self.NAMES.get(column.lower(), ["userprincipalname", "samaccountname", "mail"])
		index = {}
		for o in self.d.all:
			for attribute in names if o.kind in ACCOUNTS else []:
				if self.named(o, attribute):
					index.setdefault((attribute, self.named(o, attribute)), set()).add(o)
		rows, maybe, lost = {}, set(), False
		with open(os.path.join(self.folder, piece["file"]), newline="", encoding="utf-8") as f:
			for row in csv.DictReader(f):
				wanted = (row[column] or "").strip().lower()
				if not wanted:
					continue
				found = set().union(*[index.get((a, wanted), set()) for a in names])
				lost |= not found
				if len(found) > 1:
					maybe |= found
				for o in found if len(found) == 1 else ():
					rows.setdefault(o, []).append((row.get(piece.get("method")) or "").strip().lower())
		return names, rows, maybe, lost

	def in_csv(self, o, piece):
		known = self.__dict__.setdefault("exports", {})
		if json.dumps(piece) not in known:
			known[json.dumps(piece)] = self.read_csv(piece)
		names, rows, maybe, lost = known[json.dumps(piece)]
		if o in rows:
			words = {w.strip() for cell in rows[o] for w in cell.split(",")}
			if "method" not in piece or words & self.STRONG:
				return True
			return None if words - self.WEAK - self.NOTHING else False
		if o in maybe or (lost and any(not self.d.readable(o, a) for a in names)):
			return None
		return False

	def required(self, o):
		answers = []
		for who in self.policy.get("mfa", {}).get("required_for", ["privileged"]):
			if who == "privileged":
				answers.append(None if self.d.membership_hidden and o.key not in
					self.d.privileged else self.d.is_privileged(o))
			elif who in ("tier0", "tier1"):
				answers.append(self.in_tier(o, int(who[4])))
			elif who == "all":
				answers.append(True)
			elif who.startswith("unit:"):
				# a unit that is not there is a mistake, which must not exempt anybody
				answers.append(self.is_below(o, who[5:]) or
					(None if self.find(who[5:]) is None else False))
			else:
				groups, missing = self.find_groups([who[6:]])
				answers.append(self.in_groups(o, [g.key for g in groups], missing))
		return either(*answers)

	# ---- passwords ---------------------------------------------------------------------------

	def weak(self, o, length, complexity, max_days, flag_counts):
		if o.number("useraccountcontrol") is None:
			return None
		p = self.d.policy_of(o)
		answers = [None if p["length"] == "?" else p["length"] < length]
		if complexity:
			answers.append(None if p["complexity"] == "?" else not p["complexity"])
		if max_days is not None:
			if flag_counts and self.flag(o, DONT_EXPIRE):
				answers.append(True)
			elif p["max_days"] == "?":
				answers.append(None)
			else:
				answers.append(p["max_days"] is None or p["max_days"] > max_days)
		return either(*answers)

	def hyg_password_length_users(self, c):
		def test(o):
			services = self.looked_at("hyg_password_service_accounts", o)
			if o.values.get("serviceprincipalname") and services:
				return "skip"
			weak = self.weak(o, self.p(c, "min_length"), self.p(c, "complexity"), None, False)
			return weak if weak is False or not services or \
				self.d.readable(o, "serviceprincipalname") else None
		return self.each(c, ["user"], test, privileged=False)

	def hyg_password_length_admins(self, c):
		return self.each(c, ["user"], lambda o: self.weak(o, self.p(c, "min_length"),
			self.p(c, "complexity"), self.p(c, "max_days"), True), privileged=True)

	def vuln_privileged_members_password(self, c):
		return self.each(c, ["user"], lambda o: self.weak(o, self.p(c, "min_length"), False,
			self.p(c, "max_days"), False), privileged=True)

	def hyg_password_not_required(self, c):
		return self.each(c, ["user"], lambda o: self.flag(o, PASSWD_NOTREQD))

	def vuln_dont_expire_priv(self, c):
		return self.each(c, ACCOUNTS, lambda o: self.flag(o, DONT_EXPIRE), privileged=True)

	def share(self, c, kinds, test):
		v, bad, count, unread = Verdict(), [], 0, 0
		for o in self.d.of(*kinds):
			enabled = self.enabled(o)
			if enabled is False:
				continue
			answer = test(o)
			if enabled is None or answer is None:
				unread += 1
			else:
				count += 1
				if answer:
					bad.append(o)
		limit = self.p(c, "max_percent")
		v.examined = count + unread
		# accounts that were not seen would change the share
		if len(bad) * 100 > limit * (count + unread) and self.d.domains:
			v.found = {o.dn: None for o in bad}
		elif (len(bad) + unread) * 100 > limit * (count + unread):
			v.unknown = unread
		v.lost = not self.d.domains
		return v

	def vuln_dont_expire(self, c):
		return self.share(c, ["user"], lambda o: self.flag(o, DONT_EXPIRE))

	def vuln_password_change_priv(self, c):
		return self.each(c, ACCOUNTS, lambda o: self.older(o, "pwdlastset", self.p(c, "max_days")),
			privileged=True)

	def vuln_reversible_password_priv_uac(self, c):
		return self.each(c, ACCOUNTS, lambda o: self.flag(o, REVERSIBLE), privileged=True)

	def vuln_reversible_password_priv_namingcontext(self, c):
		return self.each(c, ["domain"], lambda o: None if o.number("pwdproperties") is None else
			bool(o.number("pwdproperties") & 16), enabled=False)

	# ---- privileged --------------------------------------------------------------------------

	def vuln_privileged_members(self, c):
		v, names, found = Verdict(), set(), []
		for o in self.d.of(*ACCOUNTS):
			scope = both(self.in_scope(c, o), self.d.is_privileged(o))
			if scope and (o.rid == 500 or self.is_dc(o)):
				continue
			if scope is False:
				continue
			v.examined += 1
			if scope is None:
				v.unknown += 1
				continue
			found.append(o)
			names.add((o.text("samaccountname") or o.dn).lower())
		refs = [o for o in self.d.of("crossref") if (o.number("systemflags") or 0) & 3 == 3]
		heads = {d.key for d in self.d.domains}
		threshold = max(self.p(c, "max_members"), 3 * max(len(refs), len(heads)))
		v.examined = 1
		if len(found) > threshold:
			level = 1 if len(names) > threshold else 2
			v.found = {o.dn: level for o in found}
		v.lost = self.d.privilege_lost or not refs or any(
			split_dn(r.values["ncname"][0]) not in heads for r in refs)
		return v

	def vuln_privileged_members_no_admincount(self, c):
		def test(o):
			if self.is_dc(o):
				return "skip"
			made = self.created(o)
			if made is not None and self.now - made < 3600:
				return "skip"
			if o.number("admincount"):
				return False
			if not self.d.readable(o, "admincount"):
				return None
			return True if o.rid == 500 or self.long_since(o) else None
		return self.each(c, ACCOUNTS, test, privileged=True)

	def long_since(self, o):
		"""Is there a way to privilege on which no group changed within the hour?"""
		def fresh(g):
			changed = g.values.get("whenchanged")
			return bool(changed) and self.now - generalized(changed[0]) < 3600
		old = {g.key for g in self.d.of("group") if not fresh(g)}
		reached, todo = set(), [g.key for g in self.d.of("group") if g.key in old and
			self.d.is_privileged_group(g)]
		while todo:
			key = todo.pop()
			if key in self.d.everybody:
				return True
			for child in self.d.children[key]:
				if child not in reached:
					reached.add(child)
					if child in old:
						todo.append(child)
		return o.key in reached

	def vuln_protected_users(self, c):
		def test(o):
			if self.is_dc(o):
				return "skip"
			domain = self.d.domain_of(o)
			if domain is None:
				return None
			group = self.d.by_sid.get(domain.sid + "-525")
			if group is None:
				return True
			inside, _ = self.d.below([group.key])
			return False if o.key in inside else (None if group.key in self.d.hidden else True)
		return self.each(c, ACCOUNTS, test, privileged=True)

	def vuln_group_loop(self, c):
		def test(o):
			inside, _ = self.d.below([o.key])
			if o.key in inside:
				return True
			return False if self.d.readable(o, "member") else None
		v = self.each(c, ["group"], test, enabled=False)
		v.lost |= not self.d.of("group")
		return v

	def hyg_privileged_nesting(self, c):
		v = Verdict()
		groups = [g for g in self.d.of("group") if self.d.is_privileged_group(g)]

		def depth(key, path):
			kids = [k for k in self.d.children[key] if k in self.d.children and k not in path]
			return max([1 + depth(k, path | {k}) for k in kids], default=0)
		v.examined = len(groups)
		for g in groups:
			if not self.p(c, "nested_groups_allowed"):
				for k in self.d.children[g.key]:
					child = self.d.by_dn[k]
					if child.kind == "group" and not self.d.is_privileged_group(child):
						v.found[child.dn] = None
			if depth(g.key, {g.key}) > self.p(c, "max_depth"):
				v.found[g.dn] = None
		v.lost = self.d.membership_lost
		return v

	def hyg_privileged_disabled(self, c):
		return self.each(c, ACCOUNTS, lambda o: False if o.rid == 500 else
			self.flag(o, ACCOUNTDISABLE), privileged=True, enabled=False)

	def hyg_operator_groups_not_empty(self, c):
		v = Verdict()
		groups = [g for g in self.d.of("group") if g.sid in TO_KEEP_EMPTY]
		for g in groups:
			full = bool(g.values.get("member")) or bool(self.d.children[g.key])
			v.take(g, full or (False if self.d.readable(g, "member") else None))
		# every domain has its own five
		v.lost = len(groups) < len(TO_KEEP_EMPTY) * len(self.d.domains)
		v.lost |= not self.d.domains
		return v

	def hyg_admin_not_dedicated(self, c):
		pattern = self.policy.get("admin_accounts", {}).get("name_pattern", "")  # none shipped

		def test(o):
			mail = True if o.values.get("mail") else (False if self.d.readable(o, "mail") else None)
			name = o.text("samaccountname")
			odd = None if name is None else not re.search(pattern, name, re.I)
			return either(mail, False if o.rid == 500 else odd)
		return self.each(c, ["user"], test, privileged=True)

	# ---- Kerberos ----------------------------------------------------------------------------

	def vuln_kerberos_properties_preauth_priv(self, c):
		return self.each(c, ACCOUNTS, lambda o: self.flag(o, NO_PREAUTH), privileged=True)

	def vuln_kerberos_properties_preauth(self, c):
		return self.each(c, ACCOUNTS, lambda o: self.flag(o, NO_PREAUTH))

	def vuln_kerberos_properties_deskey(self, c):
		return self.each(c, ["user"], lambda o: self.flag(o, DES_ONLY))

	def vuln_spn_priv(self, c):
		def test(o):
			if not o.values.get("serviceprincipalname"):
				return False if self.d.readable(o, "serviceprincipalname") else None
			types = o.number("msds-supportedencryptiontypes")
			if types is None and not self.d.readable(o, "msds-supportedencryptiontypes"):
				aes = None
			else:
				aes = bool((types or 0) & 0x18) and not (types or 0) & 0x7
			pso = self.d.pso_of(o)
			if pso is False:
				return True
			p = self.d.policy_of(o)
			long = None if p["length"] == "?" else p["length"] > 32
			renewed = None if p["max_days"] == "?" else (p["max_days"] is not None and
				p["max_days"] <= 1095)
			changed = pso.values.get("whenchanged") if pso else None
			set_at = self.date(o, "pwdlastset")
			after = None
			if set_at == "never" or (set_at == "?" and o.number("pwdlastset") is not None):
				after = False
			elif set_at != "?" and changed:
				after = set_at > generalized(changed[0])
			tolerated = both(long, renewed, after, aes)
			return None if tolerated is None else not tolerated
		return self.each(c, ["user"], test, privileged=True)

	def vuln_delegation_t4d(self, c):
		def test(o):
			answer = self.flag(o, TRUSTED_FOR_DELEGATION)
			if answer and o.kind == "computer" and self.flag(o, SERVER_TRUST):
				group = o.number("primarygroupid")
				return None if group is None else group != 516
			return answer
		return self.each(c, ACCOUNTS, test)

	def by_rid(self, rid, test):
		v = Verdict()
		v.lost = not self.d.domains
		for d in self.d.domains:
			o = self.d.by_sid.get("%s-%d" % (d.sid, rid))
			if o is None:
				v.lost = True
			else:
				v.take(o, test(o))
		return v

	def vuln_krbtgt(self, c):
		return self.by_rid(502, lambda o: self.older(o, "pwdlastset", self.p(c, "max_days")))

	def vuln_guest(self, c):
		return self.by_rid(501, lambda o: self.enabled(o))

	# ---- the directory -----------------------------------------------------------------------

	def vuln_functional_level(self, c):
		v = Verdict()
		objects = self.d.of("partitions")
		level = objects[0].number("msds-behavior-version") if objects else None
		if level is None and objects and not (self.d.root and "forestfunctionality" in
				self.d.root.values) and self.d.readable(objects[0], "msds-behavior-version"):
			level = 0   # MS-ADTS 6.1.4.4
		if level is None and self.d.root is not None:
			level = self.d.root.number("forestfunctionality")
		if level is None:
			v.lost = True
		else:
			failed = 1 if level < 4 else 3 if level < 6 else 4 if level < 7 else None
			holder = objects[0] if objects else None
			v.examined = 1
			if failed:
				v.found[holder.dn if holder else "*"] = failed
		return v

	def vuln_user_accounts_machineaccountquota(self, c):
		name = "ms-ds-machineaccountquota"
		return self.each(c, ["domain"], lambda o: None if o.number(name) is None else
			o.number(name) != 0, enabled=False)

	# ---- use ---------------------------------------------------------------------------------

	def unused(self, o, days, never):
		"""Last used more than days ago; never: the answer for an account without any logon."""
		last, sure = self.last_use(o)
		made = self.created(o)
		newest = made if last is None else last
		if newest is not None and newest >= self.now - days * DAY:
			return False
		if not sure:
			return None
		return never if last is None else True

	def vuln_user_accounts_dormant(self, c):
		def test(o):
			made = self.created(o)
			t = self.date(o, "pwdlastset")
			if t == "never":
				old = None if made is None else self.now - made > self.p(c, "password_days") * DAY
			else:
				old = self.older(o, "pwdlastset", self.p(c, "password_days"))
			days = self.p(c, "logon_days")
			return both(old, self.unused(o, days, None if made is None else
				self.now - made > days * DAY))
		return self.share(c, ["user", "computer"], test)

	def stale(self, o, days):
		"""Unused even when a use that left no mark, within the domain's interval, is reckoned with."""
		if o.values.get("serviceprincipalname") and o.kind == "user" and \
				self.looked_at("hyg_stale_service_accounts", o):
			return "skip"
		stamp, domain = self.date(o, "lastlogontimestamp"), self.d.domain_of(o)
		lag = domain.number("msds-logontimesyncinterval") if domain is not None else None
		answer = self.unused(o, days, False)
		if answer is True and not isinstance(stamp, str) and \
				stamp + (14 if lag is None else max(lag, 0)) * DAY >= self.now - days * DAY:
			return False
		return answer

	def hyg_stale_users(self, c):
		return self.each(c, ["user"], lambda o: "skip" if self.of_the_privileged(o, "hyg_privileged_stale") else False if o.rid == 500 else
			self.stale(o, self.p(c, "max_days")))

	def looked_at(self, control, o):
		"""A control leaves an account to another one only when that surely looks at it."""
		return self.in_scope(control, o) is True

	def of_the_privileged(self, o, control):
		"""Controls of their own say that nobody uses a privileged account."""
		return o.kind == "user" and self.d.is_privileged(o) is True and self.looked_at(control, o)

	def hyg_stale_computers(self, c):
		return self.each(c, ["computer"], lambda o: self.stale(o, self.p(c, "max_days")))

	def hyg_never_logged_on(self, c):
		def test(o):
			if self.of_the_privileged(o, "hyg_privileged_never_used"):
				return "skip"
			if o.rid == 500:
				return False
			last, sure = self.last_use(o)
			if last is not None:
				return False
			made = self.created(o)
			old = None if made is None else self.now - made > self.p(c, "min_days") * DAY
			return both(old, True if sure else None)
		return self.each(c, ["user", "computer"], test)

	# ---- tiers and MFA -----------------------------------------------------------------------

	def hyg_tier0_outside_units(self, c):
		t = self.policy.get("tiers", {}).get("0", {})
		if not t.get("units"):
			v = Verdict()
			v.status = "not_applicable"
			return v

		def test(o):
			if o.rid == 500 or self.is_dc(o):
				return "skip"
			inside = self.in_tier(o, 0)
			return "skip" if inside is False else both(inside, not any(self.is_below(o, u)
				for u in t["units"]))
		v = self.each(c, ACCOUNTS, test)
		v.lost |= self.d.privilege_lost or self.unresolved(0)
		return v

	def hyg_tier_membership_crossing(self, c):
		tiers = [self.policy.get("tiers", {}).get(t, {}) for t in "012"]
		v = Verdict()
		if not any(t.get("groups") or t.get("accounts") for t in tiers[1:]):
			v.status = "not_applicable"
			return v
		inside = [set(self.d.below(self.tier_groups(tier)[0])[0]) for tier in range(3)]
		for tier, t in enumerate(tiers):  # declared by name: as good as a member
			inside[tier] |= {o.key for o in map(self.find, t.get("accounts", [])) if o is not None}

		def test(o):
			if sum(o.key in i for i in inside) > 1:
				return True
			# a group of a lower tier, and perhaps a privileged primary group
			maybe = self.d.is_privileged(o) is None and (o.key in inside[1] or o.key in inside[2])
			return None if maybe else False
		v = self.each(c, ACCOUNTS, test)
		v.lost |= self.d.privilege_lost or any(self.unresolved(t) for t in range(3))
		return v

	def not_covered(self, o):
		"""Without evidence declared nothing is said."""
		if not self.policy.get("mfa", {}).get("evidence", ["smartcard_required"]):
			return None
		covered = self.covered(o)
		return None if covered is None else not covered

	def hyg_mfa_privileged(self, c):
		return self.each(c, ["user"], self.not_covered, privileged=True)

	def hyg_mfa_required(self, c):
		who = self.policy.get("mfa", {}).get("required_for", ["privileged"])

		def test(o):
			required = self.required(o)
			return "skip" if required is False else both(required, self.not_covered(o))
		v = self.each(c, ["user"], test)
		if not who:
			v = Verdict()
			v.status = "not_applicable"
		elif {"privileged", "tier0"} & set(who):
			v.lost |= self.d.privilege_lost
		return v

	# ---- the policy's own --------------------------------------------------------------------

	def custom(self, control):
		"""Only (attribute=value), (attribute=*), (!…), and (&…) of these."""
		def parse(f):
			f = f.strip()[1:-1]
			if f[0] in "&|":
				parts, depth, start = [], 0, 1
				for i, ch in enumerate(f[1:], 1):
					depth += (ch == "(") - (ch == ")")
					if depth == 0 and ch == ")":
						parts.append(parse(f[start:i + 1]))
						start = i + 1
				combine = both if f[0] == "&" else either
				return lambda o: combine(*[p(o) for p in parts])
			if f[0] == "!":
				inner = parse(f[1:])

				def negate(o):
					a = inner(o)
					return None if a is None else not a
				return negate
			name, _, value = f.partition("=")
			return lambda o: self.matches(o, name.lower(), value)
		test = parse(control["filter"])
		v = Verdict()
		for o in self.d.of(control["each"]):
			v.take(o, test(o))
		v.lost = not self.d.domains
		return v

	def matches(self, o, name, value):
		if name.endswith(":1.2.840.113556.1.4.803:"):
			name, bit = name.split(":")[0], int(value)
			n = o.number(name)
			return (None if not self.d.readable(o, name) else False) if n is None else n & bit == bit
		if name == "x-enabled":
			a = self.enabled(o)
			return None if a is None else a == (value.upper() == "TRUE")
		if name == "x-privileged":
			a = self.d.is_privileged(o)
			if not a and self.d.membership_hidden:
				a = None
			return None if a is None else a == (value.upper() == "TRUE")
		values = [v.decode("utf-8", "replace").lower() for v in o.values.get(name, [])]
		if not values:
			return False if self.d.readable(o, name) else None
		if value == "*":
			return True
		pattern = "".join(".*" if ch == "*" else re.escape(ch) for ch in value.lower())
		return any(re.fullmatch(pattern, v, re.S) is not None for v in values)

	# ---- waivers, levels ---------------------------------------------------------------------

	def waives(self, waiver, o):
		until = datetime.datetime.strptime(waiver["until"], "%Y-%m-%d").replace(
			tzinfo=datetime.timezone.utc).timestamp() + DAY
		if self.now >= until:
			return False
		if "object" in waiver:
			return self.find(waiver["object"]) is o
		if "unit" in waiver:
			return self.is_below(o, waiver["unit"])
		if "group" in waiver:
			groups, _ = self.find_groups([waiver["group"]])
			return o.key in self.d.below([g.key for g in groups])[0]
		return True

	def run(self):
		out, by_dn = {}, {o.dn: o for o in self.d.all}
		jobs = [(c, LEVELS[c], getattr(self, c)) for c in sorted(LEVELS)]
		jobs += [(c["id"], [c["level"]], lambda _, c=c: self.custom(c))
			for c in self.policy.get("custom_controls", [])]
		level, floor, waived_level = 5, 5, 5
		for control, levels, method in jobs:
			off = self.policy.get("controls", {}).get(control, {}).get("enabled") is False
			v = Verdict() if off else method(control)
			waivers = [w for w in self.policy.get("waivers", []) if w["control"] == control]
			waived = {dn for dn in v.found
				if any(self.waives(w, by_dn.get(dn, self.d.root)) for w in waivers)}
			if off:
				status = "disabled"
			elif v.found:
				status = "waived" if waived == set(v.found) else "fail"
			elif v.status:
				status = v.status
			else:
				# nothing to look at: nothing to say
				status = "unknown" if v.unknown or v.lost else "pass" if v.examined else \
					"not_applicable"
			if control.startswith("vuln_"):
				failed = [lv or levels[0] for lv in v.found.values()]
				level = min([level] + failed)
				floor = min([floor] + failed)
				waived_level = min([waived_level] + [lv or levels[0] for dn, lv in v.found.items()
					if dn not in waived])
				if status in ("unknown", "disabled"):
					floor = min(floor, levels[0])
			out[control] = {"status": status, "objects": sorted(v.found),
				"waived": sorted(waived), "unknown": v.unknown, "examined": v.examined}
		users = self.d.of("user")
		return {"level": level, "level_floor": floor, "level_with_waivers": waived_level,
			"controls": out, "privileged": sorted(self.d.by_dn[k].dn for k in self.d.privileged),
			"counts": {"users": len(users), "users_enabled": sum(bool(self.enabled(o))
				for o in users), "computers": len(self.d.of("computer")),
				"groups": len(self.d.of("group"))}}


def evaluate(ldif, policy_path, at):
	policy = json.load(open(policy_path, encoding="utf-8"))
	now = int(datetime.datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(
		tzinfo=datetime.timezone.utc).timestamp())
	return Evaluator(Directory(ldif), policy, now, os.path.dirname(policy_path) or ".").run()


def main():
	p = argparse.ArgumentParser()
	p.add_argument("--policy", required=True)
	p.add_argument("--at", required=True)
	p.add_argument("ldif", nargs="+")
	a = p.parse_args()
	json.dump(evaluate(a.ldif, a.policy, a.at), sys.stdout, indent=1, ensure_ascii=False)


if __name__ == "__main__":
	main()
