#!/usr/bin/python3
"""Random small directories whose descriptors give and deny control: one seed, one LDIF.

usage: paths_generate.py SEED FOLDER      writes dir.ldif
"""
import os
import random
import struct
import sys
import uuid

import generate
from paths_evaluate import (ACT, ALT, CHANGES, CHANGES_ALL, CLASSES, CONTROL, EVERYTHING, GMSA, GPCPATH,
	GPLINK, KEYS, MANAGED_BY, MEMBER, READ, RESET, SELF, SET_KEYS, SET_MEMBERSHIP, SET_PUBLIC,
	SET_RESTRICTIONS, SPN, UAC, WRITE, WRITE_DAC, WRITE_OWNER)

ENROLL = "0e10c968-78fb-11d2-90d4-00c04fd91ab1"
DESCRIPTION = "bf967950-0de6-11d0-a285-00aa003049e2"
LAPS = "11111111-2222-4333-8444-555555555555"
LAPS_SET = "99999999-2222-4333-8444-555555555555"
# (mask, object type): what grants, and what only looks like it
GRANTS = [(EVERYTHING, None), (0x10000000, None), (WRITE_DAC, None), (WRITE_OWNER, None), (WRITE, None),
	(0x40000000, None), (WRITE | SELF, None), (CONTROL, None), (SELF, None), (CONTROL, RESET),
	(WRITE, MEMBER), (SELF, MEMBER), (WRITE, SET_MEMBERSHIP), (WRITE, SPN), (SELF, SPN),
	(WRITE, SET_PUBLIC), (WRITE, KEYS), (WRITE, SET_KEYS), (SELF, SET_KEYS), (WRITE, ACT), (WRITE, ALT),
	(WRITE, UAC), (WRITE, SET_RESTRICTIONS), (WRITE, GPLINK), (WRITE, GPCPATH), (WRITE, GMSA),
	(WRITE, MANAGED_BY), (CONTROL, CHANGES), (CONTROL, CHANGES_ALL), (READ | CONTROL, LAPS),
	(READ | CONTROL, LAPS_SET), (READ | CONTROL, None), (READ, LAPS), (CONTROL, LAPS), (READ, None),
	(WRITE, "class"), (EVERYTHING, "class"), (WRITE, "other class")]
LOOKS = [(READ, None), (0x80000000, None), (0x20000000, None), (WRITE, RESET), (WRITE, ENROLL),
	(CONTROL, ENROLL), (WRITE, DESCRIPTION), (SELF, SET_PUBLIC), (CONTROL, MEMBER), (0x4, None),
	(0x10000, None), (0x40, None), (0x1, None), (0x1, CLASSES["user"]), (WRITE, CHANGES),
	(CONTROL, SPN), (READ, MEMBER), (WRITE_DAC, MEMBER), (WRITE_OWNER | CONTROL, RESET),
	(EVERYTHING, DESCRIPTION), (SELF, RESET)]


def ace(kind, flags, mask, sid, kind_of=None, inherited=None):
	body = struct.pack("<I", mask)
	if kind in (5, 6, 11, 12):
		body += struct.pack("<I", (1 if kind_of else 0) | (2 if inherited else 0))
		for g in (kind_of, inherited):
			body += uuid.UUID(g).bytes_le if g else b""
	body += generate.sid_bytes(sid)
	return struct.pack("<BBH", kind, flags, 4 + len(body)) + body


def descriptor(owner, aces, protected=False, dacl=True):
	control = 0x8000 | (0x4 if dacl else 0) | (0x1000 if protected else 0)
	owner = generate.sid_bytes(owner) if owner else b""
	body = b"".join(aces)
	acl = struct.pack("<BBHHH", 4, 0, 8 + len(body), len(aces), 0) + body if dacl else b""
	at = 20 + len(owner)
	return struct.pack("<BBHIIII", 1, 0, control, 20 if owner else 0, 0, 0, at if dacl else 0) + \
		owner + acl


class Generator(generate.Generator):
	"""Few objects and many descriptors, so that paths happen and most objects are still clean."""
	def __init__(self, seed):
		super().__init__(seed)
		self.calm, self.star = True, True
		self.unseen = random.Random("unseen %d" % seed)   # of its own: other draws stay as they are

	def make(self):
		r = self.r
		self.domains, self.dcs = [], []
		root = "DC=chu,DC=example"
		for n in range(1 if r.random() < 0.7 else 2):
			self.domain(n, root if n == 0 else "DC=site%d,%s" % (n, root), n == 0)
		for d in self.domains:
			for _ in range(r.randrange(2, 9)):
				self.user(d)
			for _ in range(r.randrange(0, 4)):
				self.computer(d, "PC%d-%d" % (len(self.entries), d.rid), "OU=Postes," + d.dn, 0x1000, 515)
			if r.random() < 0.5:
				self.gmsa(d)
			if r.random() < 0.5:
				self.rodc(d)
			if r.random() < 0.6:
				self.group(d, "DnsAdmins", d.users, -0x7FFFFFFC)
			for dn in ("CN=AdminSDHolder,CN=System,", "CN=MicrosoftDNS,CN=System,", "CN=Policies,CN=System,",
					"CN=Computers,"):
				self.entry(dn + d.dn, "container")
			self.entry("CN=BCKUPKEY_%d Secret,CN=System,%s" % (r.randrange(9), d.dn), "leaf", "secret")
			self.policies(d)
		self.nest()
		self.memberships()
		self.attributes()
		self.configuration(root)
		self.descriptors()
		for e in self.entries:
			e.set("uSNChanged", 1).set("instanceType", 4)
		return self

	def user(self, d):
		u = super().user(d)
		if self.r.random() < 0.2:
			u.set("sIDHistory", generate.sid_bytes(self.r.choice(
				[e.sid for e in self.entries if hasattr(e, "sid")] + ["S-1-5-21-9-9-9-512"])))
		return u

	def gmsa(self, d):
		m = self.computer(d, "gmsa%d-%d" % (len(self.entries), d.rid), "OU=Postes," + d.dn, 0x1000, 515)
		m.a["objectClass"].append("msDS-GroupManagedServiceAccount")
		self.msas = getattr(self, "msas", []) + [m]

	def rodc(self, d):
		self.computer(d, "RODC%d-%d" % (len(self.entries), d.rid), "OU=Domain Controllers," + d.dn, 0x5001000, 521)

	def policies(self, d):
		r, gpos = self.r, []
		for n in range(r.randrange(1, 4)):
			dn = "CN={%s},CN=Policies,CN=System,%s" % (str(uuid.UUID(int=r.getrandbits(128))).upper(), d.dn)
			self.entry(dn, "container", "groupPolicyContainer")
			gpos.append(dn)
		for place in (d.dn, "OU=Domain Controllers," + d.dn, "OU=Postes," + d.dn, "OU=Tier0," + d.dn):
			links = "".join("[LDAP://%s;%d]" % (g.replace("CN=Pol", "cn=pol"), r.choice([0, 0, 2, 1]))
				for g in gpos if r.random() < 0.3)
			if links:
				next(e for e in self.entries if e.dn == place).set("gPLink", links)

	def memberships(self):
		r = self.r
		names = [g for g in self.groups if g.a["cn"][0] == "DnsAdmins"]
		for g in names:
			if r.random() < 0.3:
				g.add("member", r.choice(self.users + self.groups).dn)
		for g in self.groups:
			if hasattr(g, "made") and g.kind & 4 and r.random() < 0.2:
				g.add("member", "CN=S-1-5-21-9-9-9-%d,CN=ForeignSecurityPrincipals,%s" % (
					r.choice([512, 1234]), g.domain.dn))
		if self.unseen.random() < 0.1:
			self.unseen_member()

	def unseen_member(self):
		"""Somebody whom the reader does not see, or of a domain that was not read."""
		r = self.unseen
		g = r.choice(self.groups)
		if r.random() < 0.7:
			g = r.choice(list(r.choice(self.domains).known.values()))
		where = g.domain.dn if g.kind & 2 or r.random() < 0.5 else "DC=autre,DC=example"
		g.add("member", "CN=unseen,%s,%s" % (r.choice(["OU=Postes", "OU=Tier0", "CN=Users"]), where))

	def attributes(self):
		"""Delegation, managers, keepers of managed passwords."""
		r = self.r
		accounts = self.users + self.machines
		for e in accounts:
			if r.random() < 0.07:
				e.set("userAccountControl", int(e.a.get("userAccountControl", ["512"])[0]) | 0x1000000)
				e.set("msDS-AllowedToDelegateTo", "cifs/" + r.choice(self.machines).a["cn"][0],
					"http/nowhere.example")
			if r.random() < 0.07:
				e.set("msDS-AllowedToActOnBehalfOfOtherIdentity", descriptor("S-1-5-32-544",
					[ace(0, 0, EVERYTHING, r.choice(accounts).sid)]))
			if e in self.machines and r.random() < 0.2:
				e.set("managedBy", r.choice(self.users + self.groups).dn)
		for m in self.machines:
			if r.random() < 0.7:
				m.set("ms-Mcs-AdmPwdExpirationTime", 133000000000000000)
		for m in getattr(self, "msas", []):
			m.set("msDS-GroupMSAMembership", descriptor("S-1-5-32-544",
				[ace(0, 0, EVERYTHING, r.choice(accounts + self.groups).sid)]))

	def configuration(self, root):
		conf = "CN=Configuration," + root
		self.entry(conf, "configuration")
		self.entry("CN=Schema," + conf, "dMD")
		parts = self.entry("CN=Partitions," + conf, "crossRefContainer")
		parts.set("msDS-Behavior-Version", 7)
		for d in self.domains:
			self.crossref(conf, d.dn)
		self.entry("CN=Sites," + conf, "sitesContainer")
		if self.r.random() < 0.4:
			e = self.entry("CN=ms-Mcs-AdmPwd,CN=Schema," + conf, "attributeSchema")
			e.set("lDAPDisplayName", "ms-Mcs-AdmPwd").set("searchFlags", 904)
			e.set("schemaIDGUID", uuid.UUID(LAPS).bytes_le)
			if self.r.random() < 0.5:
				e.set("attributeSecurityGUID", uuid.UUID(LAPS_SET).bytes_le)

	# ---- descriptors ------------------------------------------------------------------------

	def principal(self, e):
		r = self.r
		if r.random() < 0.12:
			return r.choice(["S-1-1-0", "S-1-5-11", "S-1-5-7", "S-1-5-10", "S-1-3-0", "S-1-3-4", "S-1-5-18",
				"S-1-5-9", "S-1-5-32-544", "S-1-5-32-548", "S-1-5-32-545", "S-1-5-21-9-9-9-1234",
				"S-1-5-21-9-9-9-512", "S-1-5-32-554"])
		return r.choice(self.users + self.users + self.machines + self.groups).sid

	def random_ace(self, e, odds):
		r = self.r
		mask, kind_of = r.choice(GRANTS) if r.random() < odds else r.choice(LOOKS)
		if kind_of == "class":
			kind_of = CLASSES.get(e.a["objectClass"][-1].lower())
		elif kind_of == "other class":
			kind_of = r.choice(list(CLASSES.values()))
		deny = r.random() < 0.3
		inherited = r.choice([None, None, None, CLASSES["user"], CLASSES["computer"]])
		kind = (6 if deny else 5) if kind_of or inherited else (1 if deny else 0)
		if r.random() < 0.1:
			kind += 6 if kind > 1 else 9
		flags = r.choice([0, 0, 0, 2, 0x12, 0x0A, 0x1A, 0x10])
		return deny, flags, ace(kind, flags, mask, self.principal(e), kind_of, inherited)

	def descriptors(self):
		r = self.r
		busy = r.choice([0.03, 0.1, 0.3])
		for e in self.entries:
			if r.random() < (0.08 if e.a.get("cn") == ["DnsAdmins"] else 0.01):
				continue
			aces = [self.random_ace(e, 0.6) for _ in range(r.randrange(1, 5))] if r.random() < busy else []
			if r.random() < 0.6:    # canonical: explicit denies, allows, then inherited ones
				aces.sort(key=lambda a: (a[1] >> 4 & 1, not a[0]))
			default = [ace(0, 0, EVERYTHING, "S-1-5-18"), ace(0, 2, EVERYTHING, e.domain.sid + "-512"
				if hasattr(e, "domain") else "S-1-5-32-544"), ace(5, 0, 0x130, "S-1-5-10", SET_KEYS)]
			owner = self.principal(e) if r.random() < busy / 3 else r.choice(
				["S-1-5-32-544", "S-1-5-18", self.domains[0].sid + "-512"])
			e.set("nTSecurityDescriptor", descriptor(owner if r.random() > 0.005 else None,
				[a for _, _, a in aces] + default, r.random() < 0.5, r.random() > 0.004))


def write(seed, folder):
	g = Generator(seed).make()
	os.makedirs(folder, exist_ok=True)
	with open(os.path.join(folder, "dir.ldif"), "w", encoding="utf-8") as f:
		f.write(generate.write_ldif(g.entries, seed))
	return g


if __name__ == "__main__":
	write(int(sys.argv[1]), sys.argv[2])
