#!/usr/bin/python3
"""An independent evaluator of control paths: who controls each tier 0 object, directly and at length.

Written from MS-ADTS 5.1.3.3 (access checks), MS-DTYP 2.4 and 2.5.3 (descriptors), the GUIDs of
Microsoft's schema and ANSSI's relations, not from the program. Where the program keeps sets of rights
for each trustee, this asks one question at a time: may a caller with this token use this right on
this node of the object's type tree?

LDIF in, for each control its findings out: {control: {"status", "findings": {dn: {"level",
"principals"}}}}
"""
import struct
import uuid

import evaluate

CREATE, SELF, READ, WRITE, CONTROL = 0x1, 0x8, 0x10, 0x20, 0x100
WRITE_DAC, WRITE_OWNER = 0x40000, 0x80000
EVERYTHING = 0xF01FF
# MS-ADTS 5.1.3.2: generic rights of directory objects
GENERIC = {0x10000000: 0xF01FF, 0x20000000: 0x20004, 0x40000000: 0x20028, 0x80000000: 0x20094}

CLASSES = {
	"user": "bf967aba-0de6-11d0-a285-00aa003049e2", "group": "bf967a9c-0de6-11d0-a285-00aa003049e2",
	"computer": "bf967a86-0de6-11d0-a285-00aa003049e2",
	"organizationalunit": "bf967aa5-0de6-11d0-a285-00aa003049e2",
	"container": "bf967a8b-0de6-11d0-a285-00aa003049e2",
	"domaindns": "19195a5b-6da0-11d0-afd3-00c04fd930c9",
	"grouppolicycontainer": "f30e3bc2-9ff0-11d1-b603-0000f80367c1",
	"msds-groupmanagedserviceaccount": "7b8b558a-93a5-4af7-adca-c017e67f1057",
}
MEMBER, SPN = "bf9679c0-0de6-11d0-a285-00aa003049e2", "f3a64788-5306-11d1-a9c5-0000f80367c1"
KEYS = "5b47d60f-6090-40b2-9f37-2a4de88f3063"
ACT = "3f78c3e5-f79a-46bd-a0b8-9d18116ddc79"
ALT = "00fbf30c-91fe-11d1-aebc-0000f80367c1"
UAC = "bf967a68-0de6-11d0-a285-00aa003049e2"
GPLINK, GPCPATH = "f30e3bbe-9ff0-11d1-b603-0000f80367c1", "f30e3bc1-9ff0-11d1-b603-0000f80367c1"
GMSA = "888eedd6-ce04-df40-b462-b8a50e41ba38"
MANAGED_BY = "0296c120-40da-11d1-a9c0-0000f80367c1"
RESET = "00299570-246d-11d0-a768-00aa006e0529"
CHANGES = "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"
CHANGES_ALL = "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2"
SET_MEMBERSHIP, SET_PUBLIC = "bc0ac240-79a9-11d0-9020-00c04fc2d4cf", \
	"e48d0154-bcf8-11d1-8702-00c04fb96050"
SET_KEYS, SET_RESTRICTIONS = "9b026da6-0d3c-465c-8bee-5199d7165cba", \
	"4c164200-20c0-11d0-a768-00aa006e0529"

# (relation, right, GUID, property set, kinds of objects, only with hardship)
ACCOUNT = {"user", "computer", "msa", "krbtgt", "trust_account", "holder"}
RIGHTS = [
	("reset_password", CONTROL, RESET, None, ACCOUNT, False),
	("write_member", WRITE, MEMBER, SET_MEMBERSHIP, {"group", "holder"}, False),
	("self_membership", SELF, MEMBER, None, {"group", "holder"}, False),
	("write_spn", WRITE, SPN, SET_PUBLIC, ACCOUNT, True),
	("write_spn", SELF, SPN, None, {"computer", "msa"}, True),
	("write_key_credential", WRITE, KEYS, SET_KEYS, ACCOUNT, False),
	("write_key_credential", SELF, SET_KEYS, None, {"computer", "msa"}, False),
	("write_allowed_to_act", WRITE, ACT, SET_RESTRICTIONS, ACCOUNT, False),
	("write_alt_identity", WRITE, ALT, SET_PUBLIC, ACCOUNT, True),
	("write_gplink", WRITE, GPLINK, None, {"ou", "domain", "site"}, False),
	("write_gpc_path", WRITE, GPCPATH, None, {"gpo"}, False),
	("write_uac", WRITE, UAC, SET_RESTRICTIONS, ACCOUNT, True),
	("write_gmsa_membership", WRITE, GMSA, None, {"msa"}, False),
	("write_managed_by", WRITE, MANAGED_BY, None, {"rodc"}, False),
]
LAPS = ("ms-mcs-admpwd", "mslaps-password", "mslaps-encryptedpassword")

# controls.md, "Accepted principals", and the privileged set
ACCEPTED = {"S-1-3-0", "S-1-3-1", "S-1-3-4", "S-1-5-9", "S-1-5-10", "S-1-5-18", "S-1-5-19", "S-1-5-20"}
ACCEPTED |= {"S-1-5-32-%d" % r for r in (544, 548, 549, 550, 551, 557)}
ACCEPTED_RIDS = {498, 500, 502, 512, 516, 518, 519, 521, 522, 526, 527}
# Everybody: never tier 0, whoever put them where.
WIDE = {"S-1-1-0", "S-1-5-2", "S-1-5-4", "S-1-5-7", "S-1-5-11", "S-1-5-15", "S-1-5-32-545",
	"S-1-5-32-546", "S-1-5-32-554"}
WIDE_RIDS = {501, 513, 514, 515}


class Ace:
	def __init__(self, raw):
		self.kind, self.flags, self.mask = raw[0], raw[1], struct.unpack_from("<I", raw, 4)[0]
		at, self.type, self.deny = 8, None, self.kind in (1, 6, 10, 12)
		# A condition may not hold: a deny that has one says nothing.
		self.known = self.kind in (0, 1, 5, 6, 9, 11)
		if self.kind in (5, 6, 11, 12):
			present = struct.unpack_from("<I", raw, 8)[0]
			at = 12
			if present & 1:
				self.type = str(uuid.UUID(bytes_le=raw[at:at + 16]))
				at += 16
			if present & 2:
				at += 16
		self.sid = evaluate.sid_text(raw[at:at + 8 + 4 * raw[at + 1]])
		for bit, rights in GENERIC.items():
			if self.mask & bit:
				self.mask |= rights


class Descriptor:
	"""MS-DTYP 2.4.6, self-relative."""
	def __init__(self, raw):
		self.control, owner, _, _, dacl = struct.unpack_from("<HIIII", raw, 2)
		self.owner = evaluate.sid_text(raw[owner:owner + 8 + 4 * raw[owner + 1]]) if owner else None
		self.dacl = None
		if self.control & 4 and dacl:
			self.dacl, at = [], dacl + 8
			for _ in range(struct.unpack_from("<H", raw, dacl + 4)[0]):
				size = struct.unpack_from("<H", raw, at + 2)[0]
				self.dacl.append(Ace(raw[at:at + size]))
				at += size
		self.protected = bool(self.control & 0x1000)
		self.effective = [a for a in self.dacl or [] if not a.flags & 8]


def granted(sd, token, right, path):
	"""Which ACEs, by number, grant `right` to `token` on the last node of path: the GUIDs from the
	object's class down to the attribute. An extended right or validated write has a path of its own
	GUID alone; a standard right that of the class. The first ACE that speaks of it decides
	(MS-ADTS 5.1.3.3.2 to .5)."""
	for n, a in enumerate(sd.effective):
		if a.known and a.mask & right and a.sid in token and (a.type is None or a.type in path):
			return None if a.deny else n
	return None


class Paths:
	def __init__(self, paths):
		self.d = d = evaluate.Directory(paths)
		self.schema = {}
		for o in d.all:
			if "schemaidguid" in o.values and "ldapdisplayname" in o.values:
				self.schema[o.text("ldapdisplayname").lower()] = (
					str(uuid.UUID(bytes_le=o.values["schemaidguid"][0])),
					str(uuid.UUID(bytes_le=o.values["attributesecurityguid"][0]))
					if "attributesecurityguid" in o.values else None)
		for o in d.all:
			raw = o.values.get("ntsecuritydescriptor")
			o.sd = Descriptor(raw[0]) if raw else None
			classes = [c.decode().lower() for c in o.values.get("objectclass", [])]
			o.cls = classes[-1] if classes else ""
			o.parent = d.by_dn.get(o.key[1:])
			o.tag = {"organizationalunit": "ou", "grouppolicycontainer": "gpo", "site": "site"}.get(
				o.cls, o.kind)
		self.builtin = {(o.sid, d.domain_of(o).key): o for o in d.all
			if o.sid and o.sid.startswith("S-1-5-32-") and o.kind != "fsp" and d.domain_of(o)}
		self.tokens = {}
		self.groups = {}
		for g, kids in d.children.items():
			for k in kids:
				self.groups.setdefault(k, set()).add(g)
		self.whole = self.accounts_known()
		self.find_tier0()
		self.find_edges()

	def accounts_known(self):
		if any(o.sid is None for o in self.d.of("group", *evaluate.ACCOUNTS)):
			return False
		return all(any(o.kind == kind and self.d.domain_of(o) is d for o in self.d.all)
			for d in self.d.domains for kind in ("user", "computer", "krbtgt", "group"))

	# ---- principals -------------------------------------------------------------------------

	def node(self, sid, near):
		"""An object's key, or the SID itself."""
		domain = self.d.domain_of(near) if near is not None else None
		if domain is not None and (sid, domain.key) in self.builtin:
			return self.builtin[sid, domain.key].key
		o = self.d.by_sid.get(sid)
		return o.key if o is not None else sid

	def sid_of(self, node):
		return node if isinstance(node, str) else self.d.by_dn[node].sid

	def trusted_sid(self, sid):
		if sid in ACCEPTED:
			return True
		# Nobody has a SID of a domain that was read whole and that no object has.
		if self.whole and sid not in self.d.by_sid and any(sid.startswith(d.sid + "-") and
				sid.count("-") == d.sid.count("-") + 1 for d in self.d.domains):
			return True
		return any(sid.startswith(d.sid + "-") and sid.count("-") == d.sid.count("-") + 1 and
			int(sid.rsplit("-", 1)[1]) in ACCEPTED_RIDS for d in self.d.domains)

	def trusted(self, node):
		sid = self.sid_of(node)
		if sid is None:
			return False
		if sid in WIDE or (sid.startswith("S-1-5-21-") and sid.count("-") == 7 and
				int(sid.rsplit("-", 1)[1]) in WIDE_RIDS):
			return False
		if not isinstance(node, str):
			o = self.d.by_dn[node]
			if o.kind == "krbtgt" or o.key in self.tier0_members or self.is_rodc(o):
				return True
		return self.trusted_sid(sid)

	def token(self, node):
		"""What certainly is in the token of this principal."""
		if node in self.tokens:
			return self.tokens[node]
		out, todo = {node}, [node]
		while todo:
			for g in self.groups.get(todo.pop(), ()):
				if g not in out:
					out.add(g)
					todo.append(g)
		sid = self.sid_of(node)
		guest = sid.rsplit("-", 1)[1] in ("501", "514") and sid.startswith("S-1-5-21-") or \
			sid == "S-1-5-32-546"
		if sid != "S-1-5-7":
			out.add("S-1-1-0")
			if sid != "S-1-1-0" and not guest:
				out.add("S-1-5-11")
		# Everyone and Authenticated Users may have been put into groups
		self.tokens[node] = out
		return out

	# ---- tier 0 -----------------------------------------------------------------------------

	def is_rodc(self, o):
		return o.kind == "computer" and (o.number("primarygroupid") == 521 or
			(o.number("useraccountcontrol") or 0) & 0x4000000)

	def is_dc(self, o):
		return o.kind == "computer" and (o.number("primarygroupid") == 516 or
			(o.number("useraccountcontrol") or 0) & 0x2000 or self.is_rodc(o))

	def linked(self, o):
		"""GPOs of a container's gPLink, those switched off left out (MS-GPOL 2.2.2)."""
		for part in (o.text("gplink") or "").split("]"):
			if part.lower().startswith("[ldap://"):
				dn, _, options = part[8:].partition(";")
				gpo = self.d.by_dn.get(evaluate.split_dn(dn))
				if gpo is not None and gpo.tag == "gpo" and not int(options or 0) & 1:
					yield gpo

	def above(self, o):
		while o.parent is not None:
			o = o.parent
			yield o

	def find_tier0(self):
		"""self.points: key -> the names of the points it belongs to."""
		d, self.points = self.d, {}
		groups = [g.key for g in d.of("group") if d.is_privileged_group(g)]
		self.tier0_members = d.below(groups)[0] | set(groups) | d.privileged
		self.tier0_groups = {k for k in self.tier0_members if k in d.children}

		def add(o, point):
			self.points.setdefault(o.key, set()).add(point)
		for o in d.all:
			if self.is_dc(o):
				add(o, "dc")
			elif o.kind == "krbtgt" or o.key in d.privileged:
				add(o, "account")
			wide = o.sid in WIDE or o.rid in (513, 514, 515)
			if o.key in self.tier0_groups and not wide:
				add(o, "group")
			if o.kind == "domain" or o.cls in ("configuration", "dmd"):
				add(o, "nc")
			if o.kind == "group" and (o.text("samaccountname") or "").lower() == "dnsadmins":
				add(o, "dnsadmins")
			names = [v for _, v in o.key]
			if names[:2] == ["adminsdholder", "system"]:
				add(o, "holder")
				o.tag = "holder"
			if names[:2] == ["microsoftdns", "system"]:
				add(o, "dns")
			if names[0].startswith("bckupkey_") and names[1] == "system":
				add(o, "dpapi")
		for o in list(d.all):
			if self.points.get(o.key, set()) & {"account", "dc"}:
				for up in self.above(o):
					if up.tag in ("ou", "site"):
						add(up, "container")
		for o in d.all:
			if "container" in self.points.get(o.key, ()) or o.kind == "domain":
				for gpo in self.linked(o):
					add(gpo, "gpo")

	# ---- edges ------------------------------------------------------------------------------

	def direct(self, o):
		"""{node: (relations, hard)} by ACEs and ownership; hard: all of them only with hardship."""
		out, sd = {}, o.sd
		if sd is None:
			return out

		def give(node, relation, hard):
			out.setdefault(node, {})[relation] = hard
		weak_owner = o.kind == "computer"
		if sd.dacl is None:
			give("S-1-1-0", "generic_all", False)
			return out
		restricted = any(a.sid == "S-1-3-4" and a.kind < 9 for a in sd.effective)
		owner = self.node(sd.owner, o) if sd.owner else None
		if owner and not restricted:
			give(owner, "owner", weak_owner)
		for a in sd.effective:
			if a.sid == "S-1-3-4" and sd.owner:
				a.sid = sd.owner
		cls = self.schema.get(o.cls, (CLASSES.get(o.cls),))[0]
		for ace_sid in {a.sid for a in sd.effective if not a.deny}:
			node = self.node(ace_sid, o)
			token = {self.sid_of(t) for t in self.token(node)} | {ace_sid}
			held = lambda right, *path: self.holds(sd, ace_sid, token, right, path)
			wide = {self.sid_of(t) for n in self.token(node) | {node} for t in
				(self.token(n) if self.sid_of(n) in ("S-1-1-0", "S-1-5-11") else {n})} | token
			somehow = lambda right, *path: any(self.holds(sd, s, token, right, path) for s in wide)
			for relation, right, hard in (("write_dacl", WRITE_DAC, False),
					("write_owner", WRITE_OWNER, weak_owner)):
				if held(right, cls):
					give(node, relation, hard)
			for relation, hard in self.rights_on(o, cls, held, somehow):
				give(node, relation, hard)
		return out

	@staticmethod
	def holds(sd, sid, token, right, path):
		"""By an ACE for sid itself: what its groups have reaches it through membership."""
		for n, a in enumerate(sd.effective):
			if not a.known or not a.mask & right or not (a.type is None or a.type in path):
				continue
			if a.deny and a.sid in token:
				return False
			if not a.deny and a.sid == sid:
				return True
		return False

	def rights_on(self, o, cls, held, somehow):
		tags = {o.tag} | ({"rodc"} if self.is_rodc(o) else set())
		of_class = []
		for relation, right, guid, group, kinds, hard in RIGHTS:
			if not tags & kinds:
				continue
			names = {KEYS: "msds-keycredentiallink", ACT: "msds-allowedtoactonbehalfofotheridentity"}
			guid, group = self.schema.get(names.get(guid), (guid, group)) if right == WRITE else (
				guid, group)
			path = [g for g in ((guid, group, cls) if right == WRITE else (guid,)) if g]
			of_class.append(held(right, *path))
			# a delegation needs a service to go to
			if relation == "write_allowed_to_act" and o.kind in ("user", "krbtgt"):
				hard = "serviceprincipalname" not in o.values
			if of_class[-1]:
				yield relation, hard
		# Rights without a name of their own here: everything of a kind.
		if held(WRITE, cls) and (not of_class or any(of_class)):
			yield "write_all_properties", False
		if "nc" in self.points.get(o.key, ()):
			if held(CONTROL, CHANGES) and held(CONTROL, CHANGES_ALL):
				yield "dcsync", False
		# a password that LAPS keeps; on domain controllers it keeps none of these
		if o.kind == "computer" and not self.is_dc(o):
			for name in LAPS:
				kept = "ms-mcs-admpwdexpirationtime" if name == LAPS[0] else "mslaps-passwordexpirationtime"
				if name in self.schema and kept in o.values:
					guid, group = self.schema[name]
					path = [g for g in (guid, group, cls) if g]
					control = [g for g in (guid, group) if g]
					# one half by itself, the other through a group of its token
					if (held(READ, *path) or held(CONTROL, *control)) and \
							somehow(READ, *path) and somehow(CONTROL, *control):
						yield "read_laps", False

	def find_edges(self):
		"""self.into: (node, fully) -> [(source node, source fully, relation, hard)]"""
		d = self.d
		self.direct_of = {o.key: self.direct(o) for o in d.all}
		self.into = {}
		full = {"generic_all", "owner", "write_dacl", "write_owner"}

		def edge(source, source_full, target, target_full, relation, hard=False):
			if source != target:
				self.into.setdefault((target, target_full), []).append(
					(source, source_full, relation, hard))
		for o in d.all:
			if o.kind == "fsp":    # a name of somebody elsewhere: to own the name is not to be them
				continue
			for node, relations in self.direct_of[o.key].items():
				for relation, hard in relations.items():
					edge(node, False, o.key, False, relation, hard)
					if relation in full:
						edge(node, False, o.key, True, relation, hard)
			if o.parent is not None and o.sd is not None and not o.sd.protected:
				edge(o.parent.key, True, o.key, False, "inherits")
				edge(o.parent.key, True, o.key, True, "inherits")
			if o.kind in evaluate.ACCOUNTS + ("krbtgt", "trust_account"):
				for up in self.above(o):
					for gpo in self.linked(up):
						edge(gpo.key, False, o.key, False, "gpo_link")
					if up.tag == "ou":
						edge(up.key, False, o.key, False, "contains")
			for value in o.values.get("sidhistory", []):
				edge(o.key, False, self.node(evaluate.sid_text(value), o), False, "sid_history")
			for attribute, relation in (("msds-allowedtoactonbehalfofotheridentity", "allowed_to_act"),
					("msds-groupmsamembership", "read_gmsa_password")):
				if attribute in o.values and (relation == "allowed_to_act" or o.kind == "msa"):
					for a in Descriptor(o.values[attribute][0]).effective:
						if not a.deny:
							edge(self.node(a.sid, o), False, o.key, False, relation)
			by = d.by_dn.get(evaluate.split_dn(o.text("managedby") or ""))
			if by is not None and self.is_rodc(o):
				edge(by.key, False, o.key, False, "managed_by")
			self.delegation(o, edge)
		for g, kids in d.children.items():
			for k in kids:
				edge(k, False, g, False, "member_of")
		self.bare_members(edge)
		self.split_dcsync(edge)

	def bare_members(self, edge):
		for g in self.d.of("group"):
			for value in g.values.get("member", []):
				key = evaluate.split_dn(value)
				o = self.d.by_dn.get(key)
				sid = key[0][1].upper() if o is None else o.sid if o.kind == "fsp" else ""
				if (o is None or sid in evaluate.EVERYBODY) and sid.startswith("S-1-") and (
						g.key not in self.tier0_groups or sid in WIDE):
					edge(self.node(sid, g), False, g.key, False, "member_of")

	def delegation(self, o, edge):
		if not (o.number("useraccountcontrol") or 0) & 0x1000000:
			return
		for value in o.values.get("msds-allowedtodelegateto", []):
			spn = value.decode().lower()
			owners = [x for x in self.d.all if spn in
				[s.decode().lower() for s in x.values.get("serviceprincipalname", [])]]
			host = spn.split("/")[1].split(":")[0]
			hosts = [x for x in self.d.of("computer") if host in ((x.text("dnshostname") or "").lower(),
				(x.text("samaccountname") or "")[:-1].lower())]
			for x in (owners or hosts)[:1]:
				edge(o.key, False, x.key, False, "delegation")

	def split_dcsync(self, edge):
		"""Get-Changes by one group and Get-Changes-All by another (MS-DRSR 4.1.10.4.1)."""
		everybody = [o for o in self.d.all if o.kind in evaluate.ACCOUNTS or o.kind in ("group", "krbtgt",
			"trust_account")]
		for o in self.d.all:
			if "nc" not in self.points.get(o.key, ()) or o.sd is None or o.sd.dacl is None:
				continue
			sids = {a.sid for a in o.sd.effective if not a.deny}
			for who in [e.key for e in everybody] + [s for s in sids if not self.is_object(s, o)]:
				mine = {self.node(self.sid_of(t), o) if isinstance(t, str) else t
					for t in self.token(who)}
				# whoever is in a group that may by design, may by design
				if any("dcsync" in self.direct_of[o.key].get(g, {}) and self.trusted(g) for g in mine):
					continue
				both = True
				for right in (CHANGES, CHANGES_ALL):
					both &= any(self.holds(o.sd, s, {self.sid_of(t) for t in
						self.token(self.node(s, o))} | {s}, CONTROL, (right,))
						for s in sids if self.node(s, o) in mine)
				if both:
					edge(who, False, o.key, False, "dcsync")

	def is_object(self, sid, near):
		return not isinstance(self.node(sid, near), str)

	# ---- searches ---------------------------------------------------------------------------

	def leads_on(self, node):
		return not self.trusted(node) and (isinstance(node, str) or node not in self.points)

	def usable(self, node, relation):
		"""Tier 0 controls nothing new; a trusted source is none."""
		return not self.trusted(node)

	def reach(self, target, easy=False, beside=frozenset()):
		"""Nodes that reach target; easy: only by relations without hardship; beside: not by what these
		nodes have over the target itself."""
		seen, todo = set(), [(target, False)]
		while todo:
			state = todo.pop()
			if state[0] != target and not self.leads_on(state[0]):
				continue
			for source, full, relation, hard in self.into.get(state, ()):
				if (easy and hard) or (source, full) in seen or source == target or \
						self.trusted(source) or (state[0] == target and source in beside):
					continue
				if relation in ("inherits", "contains", "gpo_link") and not self.leads_on(source):
					continue
				if relation in ("sid_history", "managed_by", "delegation", "allowed_to_act",
						"read_gmsa_password", "member_of") and not isinstance(source, str) and \
						source in self.points:
					continue
				seen.add((source, full))
				todo.append((source, full))
		return {n for n, full in seen if not full and self.is_principal(n)}

	def is_principal(self, node):
		if isinstance(node, str):
			return True
		o = self.d.by_dn[node]
		return o.sid is not None and o.kind != "domain"

	# ---- controls ---------------------------------------------------------------------------

	POINTS = {
		"vuln_permissions_adminsdholder": ("holder",), "vuln_permissions_dc": ("dc",),
		"vuln_permissions_naming_context": ("nc",), "vuln_permissions_gpo_priv": ("gpo",),
		"vuln_permissions_gpo_container_priv": ("container",),
		"vuln_privileged_members_perm": ("account", "group"), "vuln_permissions_msdns": ("dns",),
		"vuln_dnsadmins": ("dnsadmins",), "vuln_permissions_dpapi": ("dpapi",),
	}
	TWO = {"vuln_permissions_adminsdholder", "vuln_permissions_dc", "vuln_permissions_naming_context",
		"vuln_privileged_members_perm", "vuln_permissions_dpapi"}

	def fanned_out(self, o, node, relations):
		"""Does AdminSDHolder say the same of the same principal?"""
		holder = next((h for h in self.d.all if "holder" in self.points.get(h.key, ()) and
			self.d.domain_of(h) is self.d.domain_of(o)), None)
		if holder is None:
			return False
		own = self.direct_of[holder.key].get(node, {})
		return bool(relations) and set(relations) <= set(own)

	def empty_dnsadmins(self, node):
		if isinstance(node, str) or "dnsadmins" not in self.points.get(node, ()):
			return False
		return node not in self.d.lost and all(k in self.points for k in self.d.children.get(node, ()))

	# ---- delegates that ANSSI accepts ---------------------------------------------------------

	def norm(self, o):
		return next((h for h in self.d.all if "holder" in self.points.get(h.key, ()) and
			self.d.domain_of(h) is self.d.domain_of(o)), None)

	def held_by_others(self, o):
		return any(not self.trusted(n) and n != o.key for n, r in self.direct_of[o.key].items() if r)

	def is_like_holder(self, o):
		"""controls.md: SE_DACL_PROTECTED, no ACE beyond AdminSDHolder's but of tier 0, and benign ones;
		and nobody's by its place."""
		h, sd = self.norm(o), o.sd
		if o.kind not in ("user", "msa") + (("group",) if o.kind == "group" else ()):
			return False
		if sd is None or sd.dacl is None or not sd.protected or h is None or h.sd is None or \
				h.sd.dacl is None or sd.owner is None or not self.trusted(self.node(sd.owner, o)):
			return False
		for a in sd.dacl:
			if a.deny or not a.mask & 0xFFFFFFF & ~0x20094 or self.trusted(self.node(a.sid, o)):
				continue
			if not any(b.sid == a.sid and b.kind == a.kind and b.type == a.type and
					not a.mask & 0xFFFFFFF & ~b.mask for b in h.sd.dacl):
				return False
		for source, full, relation, hard in self.into.get((o.key, False), ()):
			if relation in ("sid_history", "allowed_to_act", "read_gmsa_password", "delegation",
					"managed_by") and not self.trusted(source):
				return False
		for up in self.above(o):
			if up.key in self.points:
				break
			if self.held_by_others(up) or any(self.held_by_others(g) for g in self.linked(up)):
				return False
		return True

	def accepted(self, node):
		if isinstance(node, str):
			return False
		o = self.d.by_dn[node]
		if o.kind != "group":
			return self.is_like_holder(o)
		if o.sid in WIDE or o.rid in WIDE_RIDS or not self.is_like_holder(o) or node in self.d.lost:
			return False
		return all(self.trusted(k) or (self.d.by_dn[k].kind in ("user", "msa") and
			self.is_like_holder(self.d.by_dn[k])) for k in self.d.children.get(node, ()))

	def finding(self, o, points):
		"""(level, principals) or None."""
		beside = set()
		if {"account", "group"} & points:
			beside = {n for n, relations in self.direct_of[o.key].items()
				if self.fanned_out(o, n, relations)}
		if "dns" in points:
			beside |= {n for n in self.direct_of[o.key] if self.empty_dnsadmins(n)}
		everyone = self.reach(o.key, beside=beside)
		easy = self.reach(o.key, easy=True, beside=beside)
		delegations = {n for n in everyone if all(r in ("delegation", "allowed_to_act")
			for s, f, r, h in self.into.get((o.key, False), ()) if s == n) and
			any(s == n for s, f, r, h in self.into.get((o.key, False), ()))}
		counted = {n for n in everyone if n not in delegations}
		counted = {n for n in counted if not self.accepted(n)}
		if not counted:
			return None
		at_once = {s for s, full, relation, _ in self.into.get((o.key, False), ()) if s in counted and
			not full and relation not in ("delegation", "allowed_to_act", "dcsync") and s not in beside}
		return (1 if counted & easy else 2), counted, at_once

	def known(self, o):
		at = o
		if at.sd is None or at.sd.owner is None:
			return False
		if o.kind == "group" and o.key in self.d.lost | self.d.strangers and \
				not self.d.readable(o, "member"):
			return False
		while not at.sd.protected and at.parent is not None and at.parent.key not in self.points:
			at = at.parent
			if at.sd is None or at.sd.owner is None:
				return False
		return True

	def unseen_member(self):
		"""A privileged group names somebody of a domain that was read, who was not."""
		domains = {d.key for d in self.d.domains}
		for g in self.d.of("group"):
			if g.key not in self.tier0_groups:
				continue
			for value in g.values.get("member", []):
				key = evaluate.split_dn(value)
				above = next(n for n in range(len(key) + 1) if all(t == "dc" for t, _ in key[n:]))
				if key not in self.d.by_dn and not key[0][1].upper().startswith("S-1-") and \
						key[above:] in domains:
					return True
		return False

	def targets_lost(self, wanted):
		"""Is there perhaps another target: by a privilege, or a privileged member, that was not read?"""
		if not {"account", "gpo", "container"} & set(wanted):
			return False
		if self.d.membership_hidden or any(self.d.is_privileged(o) is None
				for o in self.d.of(*evaluate.ACCOUNTS)):
			return True
		return self.d.privilege_lost if "account" in wanted else self.unseen_member()

	def run(self):
		out = {}
		for control, wanted in self.POINTS.items():
			found, unknown, examined = {}, self.targets_lost(wanted), 0
			for o in self.d.all:
				points = self.points.get(o.key, set()) & set(wanted)
				if not points or ("dc" not in wanted and "dc" in self.points[o.key]):
					continue
				examined += 1
				f = self.finding(o, points)
				if f:
					found[o.dn] = {"level": f[0] if control in self.TWO else None,
						"principals": sorted(self.sid_of(n) for n in f[1]),
						"at_once": sorted(self.sid_of(n) for n in f[2])}
				elif not self.known(o) or ("dnsadmins" in points and o.key in self.d.lost):
					unknown += 1
			status = "fail" if found else "unknown" if unknown or not examined else "pass"
			out[control] = {"status": status, "findings": found, "examined": examined}
		out["hyg_dcsync"] = self.dcsync()
		return out

	def dcsync(self):
		"""Who replicates the secrets of a domain without more ado."""
		found, unknown = {}, False
		for o in self.d.domains:
			who = {s for s, _, relation, _ in self.into.get((o.key, False), ())
				if relation in ("dcsync", "generic_all") and not self.trusted(s)}
			if who:
				found[o.dn] = {"level": None, "principals": sorted(self.sid_of(n) for n in who),
					"at_once": []}
			unknown |= not self.known(o)
		return {"status": "fail" if found else "unknown" if unknown or not self.d.domains else "pass",
			"findings": found, "examined": len(self.d.domains)}
