#!/usr/bin/python3
"""Random directories, small and full of odd things: one seed, one LDIF and one policy.

usage: generate.py SEED FOLDER      writes dir.ldif, policy.yaml (JSON syntax) and mfa.csv
"""
import base64
import datetime
import json
import os
import random
import re
import struct
import sys

AT = "2026-11-21T10:00:00Z"
NOW = int(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.timezone.utc).timestamp())
DAY = 86400
NEVER = -0x8000000000000000
WORDS = ["Élodie", "Noël, Père", "bob+1", "x=y", " espace", "fin ", "#diese", "a\\b", 'q"t', "<inf>",
	"semi;colon", "straße", "ŒUVRE", "żółw", "日本", "svc", "gmsa", "PACS", "x'y", "a/b"]
BUILTIN = {544: ("Administrators", "Administrateurs"), 545: ("Users", "Utilisateurs"),
	548: ("Account Operators", "Opérateurs de compte"),
	549: ("Server Operators", "Opérateurs de serveur"),
	550: ("Print Operators", "Opérateurs d'impression"),
	551: ("Backup Operators", "Opérateurs de sauvegarde"),
	552: ("Replicator", "Duplicateurs"),
	554: ("Pre-Windows 2000 Compatible Access", "Accès compatible pré-Windows 2000")}
OWN = {512: ("Domain Admins", "Admins du domaine"), 513: ("Domain Users", "Utilisateurs du domaine"),
	514: ("Domain Guests", "Invités du domaine"), 515: ("Domain Computers", "Ordinateurs du domaine"),
	516: ("Domain Controllers", "Contrôleurs de domaine"), 525: ("Protected Users",) * 2,
	521: ("Read-only Domain Controllers",) * 2, 526: ("Key Admins",) * 2,
	517: ("Cert Publishers", "Éditeurs de certificats"), 553: ("RAS and IAS Servers",) * 2}
FOREST = {518: ("Schema Admins", "Administrateurs du schéma"),
	519: ("Enterprise Admins", "Administrateurs de l'entreprise"), 527: ("Enterprise Key Admins",) * 2}


def filetime(seconds):
	return str((int(seconds) + 11644473600) * 10000000)


def generalized(seconds):
	return datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc).strftime(
		"%Y%m%d%H%M%S.0Z")


def sid_bytes(text):
	p = text.split("-")
	return bytes([int(p[1]), len(p) - 3]) + int(p[2]).to_bytes(6, "big") + b"".join(
		struct.pack("<I", int(x)) for x in p[3:])


def sam(value):
	"""SAM refuses these characters in account names."""
	return re.sub(r'["/\\\[\]:;|=,+*?<>]', "", value).strip()


def escape(value):
	out = re.sub(r'([,+"\\<>;=])', r"\\\1", value)
	if out[:1] in "# ":
		out = "\\" + out
	if out[-1:] == " ":
		out = out[:-1] + "\\ "
	return out


def key(r, e, machines=(), sure=False):
	"""A value of msDS-KeyCredentialLink (MS-ADTS 2.2.20): of a device of the directory, of one that
	is not in it, of none, not for logging on, or no key at all."""
	def entry(identifier, value):
		return struct.pack("<HB", len(value), identifier) + value
	kind = "known" if sure else r.choice(["known", "known", "stranger", "bare", "fek", "single", "junk"])
	if kind == "junk" or not machines:
		return "B:8:01020304:" + e.dn
	device = r.choice(machines).a["objectGUID"][0]
	blob = b"\0\2\0\0" + entry(1, bytes(32)) + entry(3, b"key")
	blob += entry(4, b"\x08" if kind == "fek" else r.choice([b"\1", b"\7"]))
	if kind in ("known", "single", "fek"):
		blob += entry(6, device)
	elif kind == "stranger":
		blob += entry(6, bytes(range(16)))
	if kind == "single":
		blob += entry(7, b"\1\2")
	return "B:%d:%s:%s" % (2 * len(blob), blob.hex(), e.dn)


class Entry:
	def __init__(self, dn, classes):
		self.dn, self.a = dn, {"objectClass": list(classes)}

	def set(self, name, *values):
		self.a[name] = [v if isinstance(v, bytes) else str(v) for v in values]
		return self

	def add(self, name, value):
		self.a.setdefault(name, [])
		if value not in self.a[name]:
			self.a[name].append(value)


class Generator:
	def __init__(self, seed):
		self.r = random.Random(seed)
		self.entries, self.users, self.groups, self.machines, self.psos = [], [], [], [], []
		self.french = self.r.random() < 0.4
		self.calm = self.r.random() < 0.35      # few odd things, so that controls can pass
		self.star = self.r.random() < 0.6
		self.stale_names = {}
		self.administrators = []   # who get a key once there are computers

	def odd(self, p):
		return self.r.random() < (p * 0.08 if self.calm else p)

	def entry(self, dn, *classes):
		e = Entry(dn, ("top",) + classes)
		e.set("objectGUID", self.r.getrandbits(128).to_bytes(16, "little"))
		made = NOW - self.r.randrange(200, 3000) * DAY
		e.set("whenCreated", generalized(made)).set("whenChanged", generalized(made + DAY))
		self.entries.append(e)
		return e

	# ---- fixed parts -------------------------------------------------------------------------

	def domain(self, n, dn, root):
		d = self.entry(dn, "domain", "domainDNS")
		d.sid = "S-1-5-21-%d-%d-%d" % (1000 + n, 2000 + n, 3000 + n)
		d.rid = 1100
		d.set("objectSid", sid_bytes(d.sid))
		r = self.r
		d.set("msDS-Behavior-Version", 7 if self.calm else r.choice([2, 3, 3, 4, 6, 7, 7, 10]))
		d.set("ms-DS-MachineAccountQuota", 10 if self.odd(0.3) else 0)
		d.set("minPwdLength", 16 if self.calm else r.choice([0, 7, 8, 11, 12, 14, 16]))
		d.set("pwdProperties", 1 if self.calm else r.choice([0, 1, 1, 17]))
		d.set("maxPwdAge", -365 * DAY * 10 ** 7 if self.calm else
			r.choice([0, NEVER, -42 * DAY * 10 ** 7, -1095 * DAY * 10 ** 7, -1096 * DAY * 10 ** 7]))
		if self.odd(0.1):
			d.set("msDS-LogonTimeSyncInterval", r.choice([0, 14, 5]))
		if self.odd(0.05):
			del d.a[r.choice(["minPwdLength", "pwdProperties", "maxPwdAge", "ms-DS-MachineAccountQuota",
				"msDS-Behavior-Version"])]
		d.users = "CN=Users," + dn
		for name in (d.users, "CN=Builtin," + dn, "CN=System," + dn,
				"CN=Password Settings Container,CN=System," + dn,
				"CN=ForeignSecurityPrincipals," + dn):
			self.entry(name, "container")
		for name in ("OU=Tier0," + dn, "OU=Postes," + dn, "OU=Soins\\, Unités," + dn,
				"OU=Domain Controllers," + dn):
			self.entry(name, "organizationalUnit")
		tables = [(OWN, d.users, d.sid), (BUILTIN, "CN=Builtin," + dn, "S-1-5-32")]
		if root:
			tables.append((FOREST, d.users, d.sid))
		d.known = {}
		for table, where, base in tables:
			for rid, names in table.items():
				kind = 4 if table is BUILTIN or rid == 517 or rid == 553 else \
					8 if rid in (518, 519, 527) else 2
				flags = -0x80000000 | kind | (1 if table is BUILTIN else 0)
				g = self.group(d, names[self.french], where, flags, "%s-%d" % (base, rid))
				d.known[rid] = g
		d.known[544].add("member", d.known[512].dn)
		if root:
			d.known[544].add("member", d.known[519].dn)
		d.known[545].add("member", d.known[513].dn)
		self.fsp(d, d.known[545], "S-1-5-11")
		self.fsp(d, d.known[545], "S-1-5-4")
		self.domains.append(d)
		name = r.choice(["Administrator", "Administrateur", "adm-racine", "bob500"])
		a = self.account(d, name, d.users, rid=500)
		a.set("adminCount", 1)
		if self.calm:
			self.administrators.append(a)
		for rid in (512, 544):
			d.known[rid].add("member", a.dn)
		if root:
			d.known[518].add("member", a.dn)
			d.known[519].add("member", a.dn)
		if self.calm or r.random() < 0.5:
			d.known[525].add("member", a.dn)
		g = self.account(d, r.choice(["Guest", "Invité"]), d.users, rid=501)
		g.set("userAccountControl", 0x10222 if not self.odd(0.2) else 0x10220)
		g.set("primaryGroupID", 514)
		k = self.account(d, "krbtgt", d.users, rid=502)
		k.set("userAccountControl", 514 if not self.odd(0.1) else 0x10200)
		k.set("adminCount", 1)
		if self.odd(0.15):
			d.known[r.choice([512, 551])].add("member", k.dn)
		if self.odd(0.3):
			n = r.randrange(1, 65000)
			s = self.account(d, "krbtgt_%d" % n, d.users)
			s.set("msDS-SecondaryKrbTgtNumber", n).set("userAccountControl", 514)
		dc = self.computer(d, "DC%02d" % n, "OU=Domain Controllers," + dn, 0x82000, 516)
		self.dcs.append(dc)
		if self.odd(0.2):
			self.computer(d, "RODC%d" % n, "OU=Domain Controllers," + dn,
				r.choice([0x5001000, 0x5081000]), 521)
		if self.odd(0.3):
			t = self.account(d, "AUTRE$", d.users)
			t.set("userAccountControl", r.choice([0x820, 0x10820, 0x480820]))
			t.set("sAMAccountType", 0x30000002)
		return d

	def fsp(self, d, group, sid):
		dn = "CN=%s,CN=ForeignSecurityPrincipals,%s" % (sid, d.dn)
		if not any(e.dn == dn for e in self.entries):
			self.entry(dn, "foreignSecurityPrincipal").set("objectSid", sid_bytes(sid))
		group.add("member", dn)

	def group(self, d, name, where, kind, sid=None):
		g = self.entry("CN=%s,%s" % (escape(name), where), "group")
		if sid is None:
			d.rid += 1
			sid = "%s-%d" % (d.sid, d.rid)
		g.set("objectSid", sid_bytes(sid)).set("sAMAccountName", sam(name)).set("groupType", kind)
		g.set("cn", name).set("sAMAccountType", 0x10000000 if kind & 3 == 2 else 0x20000000)
		g.kind, g.sid, g.domain = kind, sid, d
		self.groups.append(g)
		return g

	# ---- accounts ----------------------------------------------------------------------------

	def dates(self, e):
		r = self.r
		made = NOW - (r.choice([0.01, 5, 29, 30, 31, 200, 400, 1096, 2000]) if not self.calm else
			r.choice([5, 200, 400, 2000])) * DAY
		e.set("whenCreated", generalized(made))
		after = lambda t: filetime(max(t, made))
		age = r.choice([1, 100, 300]) if self.calm else r.choice(
			[1, 100, 300, 364, 365, 366, 400, 1094, 1095, 1096, 2500])
		exact = r.choice([0, 0, 1, -1])
		e.set("pwdLastSet", after(NOW - age * DAY - exact))
		if self.odd(0.15):
			e.set("pwdLastSet", r.choice([0, 0, -1, 0x7FFFFFFFFFFFFFFF, filetime(NOW + 400 * DAY),
				10 ** 17, "abc"]))
		use = r.choice([1, 20, 80]) if self.calm else r.choice([1, 50, 89, 90, 91, 200, 366, 900])
		if not self.odd(0.25):
			e.set("lastLogonTimestamp", after(NOW - use * DAY - exact))
		if self.odd(0.1):
			e.set("lastLogonTimestamp", r.choice([0, 0x7FFFFFFFFFFFFFFF, -5]))
		if r.random() < 0.3:
			e.set("lastLogon", r.choice([0, after(NOW - r.choice([1, 90, 100, 400]) * DAY)]))

	def flags(self, base):
		uac = base
		for bit, p in ((2, 0.15), (0x20, 0.08), (0x80, 0.06), (0x10000, 0.12), (0x40000, 0.2),
				(0x80000, 0.06), (0x200000, 0.06), (0x400000, 0.08), (0x100000, 0.05)):
			if self.odd(p):
				uac |= bit
		if self.calm and self.r.random() < 0.2:
			uac |= 2
		return uac

	def account(self, d, name, where, rid=None, classes=("person", "organizationalPerson", "user")):
		u = self.entry("CN=%s,%s" % (escape(name), where), *classes)
		if rid is None:
			d.rid += 1
			rid = d.rid
		u.sid, u.domain = "%s-%d" % (d.sid, rid), d
		u.set("objectSid", sid_bytes(u.sid)).set("sAMAccountName", sam(name)).set("cn", name)
		u.set("sAMAccountType", 0x30000000).set("primaryGroupID", 513)
		u.set("userAccountControl", self.flags(0x200))
		u.set("userPrincipalName", "%s@%s" % (re.sub(r"\W", "", name), "chu.example"))
		u.set("accountExpires", 0).set("badPwdCount", 0)
		self.dates(u)
		return u

	def user(self, d):
		r = self.r
		classes = ("person", "organizationalPerson", "user") + (
			("inetOrgPerson",) if self.odd(0.1) else ())
		name = r.choice(["adm-", "t0_", "u", "u", "svc-", "ADM.", "T1-"]) + str(d.rid) + (
			r.choice(WORDS) if r.random() < 0.3 else "")
		u = self.account(d, name, r.choice(["OU=Tier0," + d.dn, "OU=Soins\\, Unités," + d.dn, d.users,
			"OU=Postes," + d.dn]), classes=classes)
		if self.odd(0.2):
			u.set("mail", r.choice(["a@b.fr", "b@c.fr "]))
		if self.odd(0.2):
			u.set("servicePrincipalName", "HTTP/h%d.chu.example" % d.rid)
		if r.random() < 0.4:
			u.set("msDS-SupportedEncryptionTypes", r.choice([0, 4, 8, 16, 24, 28, 31, 0x80000018]))
		if r.random() < 0.25:
			u.set("msDS-KeyCredentialLink", key(self.r, u, self.machines))
		if r.random() < 0.1:
			u.set("primaryGroupID", r.choice([512, 516, 513, 514, 521, 999999]))
		if r.random() < 0.15 and not self.calm:
			u.set("adminCount", r.choice([0, 1]))
		if r.random() < 0.1:
			u.set("employeeID", str(d.rid))
		if self.odd(0.03):
			del u.a[r.choice(["userAccountControl", "pwdLastSet", "whenCreated", "primaryGroupID"])]
		if self.odd(0.02):
			u.set("userAccountControl", r.choice([0, 0x1000, 0x202, "0x200", -2147483136]))
		self.users.append(u)
		return u

	def computer(self, d, name, where, uac, primary):
		c = self.account(d, name + "$", where, classes=("person", "organizationalPerson", "user",
			"computer"))
		c.dn = "CN=%s,%s" % (escape(name), where)
		c.set("cn", name).set("userAccountControl", self.flags(uac) if uac == 0x1000 else uac)
		c.set("primaryGroupID", primary).set("sAMAccountType", 0x30000001)
		c.set("servicePrincipalName", "HOST/" + name)
		self.machines.append(c)
		return c

	def msa(self, d):
		cls = self.r.choice(["msDS-GroupManagedServiceAccount", "msDS-ManagedServiceAccount"])
		m = self.computer(d, "gmsa%d" % d.rid, "OU=Postes," + d.dn, 0x1000, 515)
		m.a["objectClass"].append(cls)

	def pso(self, d, n):
		r = self.r
		p = self.entry("CN=PSO%d,CN=Password Settings Container,CN=System,%s" % (n, d.dn),
			"msDS-PasswordSettings")
		p.set("msDS-MinimumPasswordLength", r.choice([0, 7, 12, 15, 16, 32, 33, 40]))
		p.set("msDS-PasswordComplexityEnabled", r.choice(["TRUE", "TRUE", "FALSE"]))
		p.set("msDS-MaximumPasswordAge", r.choice([0, NEVER, -100 * DAY * 10 ** 7,
			-1095 * DAY * 10 ** 7, -1095 * DAY * 10 ** 7 - 10 ** 7]))
		p.set("msDS-PasswordSettingsPrecedence", r.choice([1, 1, 2, 10]))
		p.set("msDS-PasswordReversibleEncryptionEnabled", "FALSE").set("cn", "PSO%d" % n)
		p.set("whenChanged", generalized(NOW - r.choice([1, 200, 1000]) * DAY))
		p.domain = d
		self.psos.append(p)
		return p

	# ---- all of it ---------------------------------------------------------------------------

	def link_psos(self):
		r, hidden = self.r, self.r.random() < 0.3
		for p in self.psos:
			same = [e for e in self.users + self.groups + self.machines if e.domain is p.domain]
			wanted = r.sample(same, min(len(same), r.randrange(0, 5)))
			for e in wanted:
				p.add("msDS-PSOAppliesTo", self.spell(e.dn))
				if self.show_applied:
					e.add("msDS-PSOApplied", self.spell(p.dn))
		if hidden:
			gone = [p for p in self.psos if self.r.random() < 0.7]
			self.entries = [e for e in self.entries if e not in gone]

	def spell(self, dn):
		"""The same name as another tool writes it."""
		r = self.r.random()
		if r < 0.1:
			return dn.upper()
		if r < 0.2:
			return re.sub(r"\\([,+\"<>;=])", lambda m: "\\%02X" % ord(m.group(1)), dn)
		return dn

	def nest(self):
		r = self.r
		for _ in range(r.randrange(0, 8 if self.calm else 25)):
			d = r.choice(self.domains)
			g = self.group(d, "GG-%s-%d" % (r.choice(WORDS), d.rid), "OU=Postes," + d.dn,
				r.choice([-0x7FFFFFFE, -0x7FFFFFFC, -0x7FFFFFF8, 2, -0x7FFFFFFE]))
			g.made = True
		mine = [g for g in self.groups if hasattr(g, "made")]
		privileged = [g for d in self.domains for rid, g in d.known.items() if rid in
			(512, 544, 548, 549, 550, 551, 552, 518, 519, 526, 527, 525, 516, 513)]
		for g in mine:
			for u in r.sample(self.users, min(len(self.users), r.randrange(0, 4))):
				# a global group holds accounts of its own domain only
				if not g.kind & 2 or u.domain is g.domain:
					g.add("member", self.spell(u.dn))
			# only a domain-local group holds foreign principals
			if g.kind & 4 and self.odd(0.3):
				self.fsp(g.domain, g, r.choice(["S-1-5-21-9-9-9-1234", "S-1-5-21-9-9-9-512"] + [
					u.sid for u in self.users[:3]]))
			if g.kind & 4 and self.odd(0.15):
				self.fsp(g.domain, g, r.choice(["S-1-1-0", "S-1-5-11", "S-1-5-9", "S-1-5-7"]))
		for _ in range(r.randrange(0, 3) if self.calm else r.randrange(0, len(mine) + 1)):
			if not mine:
				break
			child = r.choice(mine)
			parent = r.choice(mine if r.random() < 0.6 or self.calm else privileged)
			# what a server lets in: global holds global, universal holds no domain-local
			if parent.kind & 2 and (not child.kind & 2 or child.domain is not parent.domain):
				continue
			if parent.kind & 8 and child.kind & 4:
				continue
			if parent is not child or self.odd(0.1):
				parent.add("member", self.spell(child.dn))
		for _ in range(r.randrange(0, 4) if self.calm else r.randrange(1, 9)):
			g, who = r.choice(privileged), r.choice(self.users + self.machines)
			if self.calm and not g.sid.endswith(("-512", "-518", "-519", "-525")):
				continue
			if g.kind & 2 and who.domain is not g.domain:
				continue
			g.add("member", self.spell(who.dn))
			if self.calm:
				who.set("msDS-KeyCredentialLink", key(self.r, who, self.machines, True))
			if not self.odd(0.3):
				who.set("adminCount", 1)
				if r.random() < 0.7 and who.domain.known[525] is not g:
					who.domain.known[525].add("member", who.dn)
		for g in privileged:
			if g.kind & 4 and self.odd(0.04):
				self.fsp(g.domain, g, r.choice(["S-1-5-21-9-9-9-1234", "S-1-5-11", "S-1-1-0",
					"S-1-5-9", self.users[0].sid if self.users else "S-1-5-7"]))
			if self.odd(0.02):
				g.add("member", "CN=Parti,OU=Ailleurs," + r.choice([g.domain.dn, "DC=loin,DC=fr"]))
			if self.odd(0.05):
				g.set("whenChanged", generalized(NOW - 600))

	def make(self):
		r = self.r
		self.domains, self.dcs = [], []
		root = "DC=chu,DC=example"
		self.show_applied = r.random() < 0.85
		count = 1 if r.random() < 0.7 else r.randrange(2, 4)
		for n in range(count):
			self.domain(n, root if n == 0 else "DC=site%d,%s" % (n, root), n == 0)
		for d in self.domains:
			for _ in range(r.randrange(2, 25)):
				self.user(d)
			for _ in range(r.randrange(0, 8)):
				self.computer(d, "PC%d" % d.rid, "OU=Postes," + d.dn, 0x1000, 515)
			if self.odd(0.4):
				self.msa(d)
			for n in range(r.choice([0, 0, 1, 2, 4])):
				self.pso(d, n)
		for a in self.administrators:
			a.set("msDS-KeyCredentialLink", key(r, a, self.machines, True))
		self.nest()
		self.link_psos()
		conf = "CN=Configuration," + root
		self.entry(conf, "configuration")
		if not self.odd(0.1):
			parts = self.entry("CN=Partitions," + conf, "crossRefContainer")
			if not self.odd(0.1):
				parts.set("msDS-Behavior-Version", 7 if self.calm else r.choice(
					[0, 2, 3, 4, 5, 6, 7, 10]))
			if not self.odd(0.1):
				for d in self.domains:
					self.crossref(conf, d.dn)
				if self.odd(0.2):
					self.crossref(conf, "DC=loin,DC=example")
		# backlinks as a server shows them
		if r.random() < 0.7:
			by_dn = {e.dn: e for e in self.entries}
			for g in self.groups:
				for m in g.a.get("member", []):
					if m in by_dn:
						by_dn[m].add("memberOf", g.dn)
		self.damage()
		if r.random() < 0.1:
			rootdse = Entry("", ())
			# it repeats what the objects say
			level = [e.a["msDS-Behavior-Version"][0] for e in self.entries
				if "crossRefContainer" in e.a["objectClass"] and "msDS-Behavior-Version" in e.a]
			own = self.domains[0].a.get("msDS-Behavior-Version", ["7"])
			rootdse.a = {"forestFunctionality": level or [str(r.choice([3, 7]))],
				"domainFunctionality": own, "defaultNamingContext": [root]}
			self.entries.append(rootdse)
		return self

	def crossref(self, conf, dn):
		e = self.entry("CN=%s,CN=Partitions,%s" % (dn.split(",")[0][3:].upper(), conf), "crossRef")
		e.set("nCName", dn).set("systemFlags", 3).set("dnsRoot", dn.replace("DC=", "").replace(",", "."))

	def damage(self):
		r = self.r
		if self.star:
			for e in self.entries:
				e.set("uSNChanged", r.randrange(1, 10 ** 6)).set("instanceType", 4)
				e.set("dSCorePropagationData", "16010101000000.0Z")
		else:
			for name in ("adminCount", "memberOf", "lastLogonTimestamp", "lastLogon", "mail",
					"servicePrincipalName", "msDS-KeyCredentialLink", "msDS-PSOApplied", "whenCreated",
					"whenChanged", "pwdLastSet", "userAccountControl", "primaryGroupID", "member",
					"msDS-SupportedEncryptionTypes", "sAMAccountType", "employeeID",
					"userPrincipalName", "msDS-LogonTimeSyncInterval"):
				if r.random() < 0.05:
					for e in self.entries:
						e.a.pop(name, None)
		if self.odd(0.08):   # something everybody has is not there
			gone = r.choice([e for e in self.entries if e.dn.startswith(("CN=", "DC="))])
			self.entries.remove(gone)

	def policy(self):
		r = self.r
		names = [e.a["sAMAccountName"][0] for e in self.users + self.groups]
		group = lambda: r.choice([self.spell(g.dn) if r.random() < 0.3 else g.sid if r.random() < 0.3
			else g.a["sAMAccountName"][0] for g in self.groups if hasattr(g, "made")] + ["GG-Absent"])
		account = lambda: r.choice([r.choice([self.spell(u.dn), u.sid, u.a["sAMAccountName"][0]])
			for u in self.users] + ["personne"])
		unit = lambda d=self.domains[0]: r.choice(["OU=Tier0," + d.dn, "OU=soins\\2c unités," + d.dn,
			"OU=Postes," + d.dn, "CN=Users," + d.dn] + ["OU=Nulle part," + d.dn] * self.odd(0.5))
		p = {"schema": 1, "name": "oracle", "extends": "care"}
		some = lambda make, n: list(dict.fromkeys(make() for _ in range(r.randrange(0, n))))
		if r.random() < 0.7:
			p["tiers"] = {t: {"groups": some(group, 3) if r.random() < 0.7 else [],
				"units": some(unit, 3) if t == "0" and r.random() < 0.7 else [],
				"accounts": some(account, 2)} for t in "012"}
		if r.random() < 0.4:
			p["admin_accounts"] = {"name_pattern": r.choice(["^adm", "^(adm|t[012]|svc)[-_.]", "."])}
		if r.random() < 0.7:
			p["mfa"] = {"required_for": r.sample(["privileged", "tier0", "tier1", "all",
				"group:" + group(), "unit:" + unit()], r.randrange(0, 3))}
			evidence = ["smartcard_required", "key_credential", {"group": group()},
				{"csv": {"file": "mfa.csv", "account": r.choice(["userPrincipalName", "sAMAccountName",
				"employeeID", "compte"])}}]
			if r.random() < 0.5:
				evidence[3]["csv"]["method"] = "methods"
			p["mfa"]["evidence"] = r.sample(evidence, r.randrange(0, 4))
		p["controls"] = {"vuln_privileged_members": {"max_members": r.choice([1, 2, 3, 5, 50])},
			"vuln_dont_expire": {"max_percent": r.choice([1, 5, 10])},
			"vuln_user_accounts_dormant": {"max_percent": r.choice([5, 10, 25])},
			"hyg_privileged_nesting": {"max_depth": r.choice([1, 2]),
				"nested_groups_allowed": r.random() < 0.3}}
		for control in ("vuln_dont_expire_priv", "hyg_stale_users", "vuln_protected_users",
				"hyg_password_length_users", "vuln_spn_priv"):
			if r.random() < 0.1:
				p["controls"][control] = {"include_disabled": True}
		if r.random() < 0.1:
			p["controls"]["vuln_guest"] = {"enabled": False, "reason": "essai"}
		controls = ["vuln_dont_expire_priv", "hyg_stale_users", "vuln_protected_users", "vuln_guest",
			"hyg_password_length_users", "vuln_group_loop", "hyg_privileged_nesting", "vuln_krbtgt",
			"vuln_privileged_members", "hyg_operator_groups_not_empty", "vuln_functional_level"]
		waivers = []
		for _ in range(r.randrange(0, 5)):
			w = {"control": r.choice(controls), "reason": "essai", "approved_by": "RSSI",
				"until": r.choice(["2026-11-20", "2026-11-21", "2027-01-31"])}
			what = r.choice(["object", "unit", "group", None])
			if what:
				w[what] = {"object": account, "unit": unit, "group": group}[what]()
			waivers.append(w)
		if waivers:
			p["waivers"] = waivers
		filters = [("user", "(&(servicePrincipalName=*)(!(sAMAccountName=svc-*)))"),
			("user", "(mail=*)"), ("user", "(&(x-privileged=TRUE)(x-enabled=TRUE))"),
			("user", "(!(mail=*))"), ("computer", "(adminCount=1)"), ("group", "(!(member=*))"),
			("user", "(userAccountControl:1.2.840.113556.1.4.803:=65536)")]
		p["custom_controls"] = []
		for n, (each, f) in enumerate(r.sample(filters, r.randrange(0, 3))):
			p["custom_controls"].append({"id": "site_%d" % n, "level": 3, "each": each, "filter": f,
				"title": {"fr": "essai", "en": "try"}})
		if not p["custom_controls"]:
			del p["custom_controls"]
		rows = ["userPrincipalName,sAMAccountName,employeeID,compte,methods"]
		for u in self.users:
			if r.random() < 0.4:
				n = u.a["sAMAccountName"][0]
				upn = u.a.get("userPrincipalName", ["x@y"])[0]
				cells = [upn.upper(), n, u.a.get("employeeID", ["-"])[0], upn,
					r.choice(["fido2", "TOTP", "SMS", "email, mobilePhone", "OTP", "non", ""])]
				rows.append(",".join('"%s"' % c.replace('"', '""') for c in cells))
		return p, "\n".join(rows) + "\n"


# ---- writing ------------------------------------------------------------------------------------

def line(r, name, value):
	raw = value if isinstance(value, bytes) else value.encode()
	plain = re.fullmatch(rb"[\x01-\x09\x0b\x0c\x0e-\x7f]*", raw) and raw[:1] not in (b" ", b":", b"<")
	plain = plain and not raw.endswith(b" ")
	if not plain or r.random() < 0.02:
		text = name + ":: " + base64.b64encode(raw).decode()
	else:
		text = name + ": " + raw.decode()
	if len(text) > 76 and r.random() < 0.7:
		text = "\n ".join([text[:76]] + [text[i:i + 75] for i in range(76, len(text), 75)])
	return text


def write_ldif(entries, seed, shuffle=True):
	r = random.Random(seed)
	entries = list(entries)
	if shuffle:
		r.shuffle(entries)
	out = ["version: 1", ""]
	for e in entries:
		out.append("# " + str(len(out)) if r.random() < 0.1 else "#")
		out.append(line(r, "dn", e.dn))
		for name, values in e.a.items():
			shown = name
			if name == "member" and r.random() < 0.1:
				shown = "member;range=0-*"
			for v in values:
				out.append(line(r, shown, v))
		out.append("")
	return "\n".join(out) + "\n"


def write(seed, folder):
	g = Generator(seed).make()
	policy, rows = g.policy()
	os.makedirs(folder, exist_ok=True)
	with open(os.path.join(folder, "dir.ldif"), "w", encoding="utf-8") as f:
		f.write(write_ldif(g.entries, seed))
	with open(os.path.join(folder, "policy.yaml"), "w", encoding="utf-8") as f:
		json.dump(policy, f, ensure_ascii=False, indent=1)
	with open(os.path.join(folder, "mfa.csv"), "w", encoding="utf-8") as f:
		f.write(rows)
	return g


if __name__ == "__main__":
	write(int(sys.argv[1]), sys.argv[2])
