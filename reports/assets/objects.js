"use strict";
/* Lists of objects: unpacked from their blocks (reports/html_objects.h), put into words, shown. */
const Objects = (() => {
	const { data, el, bdi, text, code, date, fold, number, levelChip, chip, facts } = Page;
	const ROWS_A_PART = 2000;
	const FOLLOWUP = ["responsible", "state", "due", "comment", "proof"];
	const AGES = [null, "new", "remaining", "back"];

	/* One block: [{name, dn, sid, …}]. */
	const unpack = flat => {
		const texts = [], rows = [];
		let at = 0;
		const next = () => flat[at++];
		const word = () => {
			const value = flat[at++];
			if (typeof value === "string") {
				texts.push(value);
				return value;
			}
			return value === null ? "" : texts[value];
		};
		const name = () => {
			const list = [], n = next();
			for (let i = 0; i < n; i++)
				list.push(word());
			return list;
		};
		while (at < flat.length) {
			const row = { name: word() };
			const rdn = word(), parent = word(), sid = word(), rid = next();
			row.rdn = rdn;
			row.parent = parent;
			row.sid = rid === null ? sid : `${sid}-${rid}`;
			row.guid = word();
			row.domain = word();
			row.kind = word();
			row.level = next();
			const flags = next();
			row.waived = (flags & 1) === 1;
			row.age = AGES[flags >> 1 & 3];
			row.lastUse = next();
			row.since = next();
			row.extra = next();
			if (flags & 8) {
				row.followup = {};
				for (const what of FOLLOWUP)
					row.followup[what] = what === "due" ? next() : word();
			}
			row.evidence = [];
			for (let n = next(); n > 0; n--)
				row.evidence.push([word(), name()]);
			rows.push(row);
		}
		return rows;
	};
	const dnOf = row => row.rdn || row.parent || row.name ? `${row.rdn || `CN=${row.name}`}${row.parent ? `,${row.parent}` : ""}` : "";
	const parts = count => Math.ceil(count / ROWS_A_PART);
	/* In turns: a long list leaves the page its breath. */
	const read = async (first, count) => {
		const rows = [];
		await Page.loaded;
		let since = performance.now();
		for (let i = 0; i < parts(count); i++) {
			for (const row of unpack(Page.block(first + i)))
				rows.push(row);
			if (performance.now() - since > 40) {
				await new Promise(resolve => setTimeout(resolve));
				since = performance.now();
			}
		}
		return rows;
	};
	/* Every text of a block, for searching. */
	const wordsOfBlock = n => fold(Page.block(n).filter(x => typeof x === "string").join("\n"));

	/* ---- in words ---- */
	const day = days => days === null ? "" : date(days * 86400);
	const iso = days => days === null ? null : days;
	const keyWords = key => code("KEY", key) ?? key;
	const upper = s => s.charAt(0).toUpperCase() + s.slice(1);
	const valueWords = (key, value) => {
		if (key === "path")
			return Paths.words(value);
		const known = code("VALUE", `${key} ${value}`);
		if (known !== null)
			return known;
		return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? date(value) : value;
	};
	const listWords = (key, values) => values.map(v => valueWords(key, v)).join(", ");
	const kindWords = kind => kind ? code("KIND", kind) ?? kind : "";
	const ageWords = age => age ? text(`age_${age}`) : "";
	const stateWords = state => ["todo", "doing", "done", "accepted"].includes(state) ? text(state) : state;

	/* ---- one object ---- */
	const evidenceOf = (row, key) => {
		for (const [k, values] of row.evidence)
			if (k === key)
				return values;
		return null;
	};
	const followupFacts = (f, days) => [
		[text("responsible"), f.responsible && bdi(f.responsible)], [text("state"), f.state && bdi(stateWords(f.state))],
		[text("due"), f.due !== null && f.due !== undefined && (days ? day(f.due) : date(f.due))],
		[text("comment"), f.comment && bdi(f.comment)], [text("proof"), f.proof && bdi(f.proof)],
	].filter(([, value]) => value);
	const detail = (row, panel) => {
		const plain = row.evidence.filter(([key]) => key !== "path");
		panel.append(el("h4", {}, bdi(row.name || dnOf(row))), facts([
			[text("dn"), bdi(dnOf(row))],
			[text("kind"), kindWords(row.kind)],
			row.domain && [text("domain"), bdi(row.domain)],
			row.sid && [text("sid"), bdi(row.sid)],
			row.guid && [text("guid"), bdi(row.guid)],
			row.level ? [text("level"), levelChip(row.level)] : null,
			row.waived && [text("status"), chip("waived", text("status_waived"))],
			row.age && [text("age"), `${ageWords(row.age)}${row.since === null ? "" : ` — ${text("html_since", day(row.since))}`}`],
			row.lastUse !== null && [text("last_use"), day(row.lastUse)],
			...plain.map(([key, values]) => [upper(keyWords(key)), values.length < 2 ? bdi(listWords(key, values)) :
				el("ul", {}, values.map(v => el("li", {}, bdi(valueWords(key, v)))))]),
			...(row.followup ? followupFacts(row.followup, true) : []),
		]));
		const paths = Paths.of([row]);
		if (paths.length)
			panel.append(el("h4", { text: text("html_paths") }), Graph.draw(paths));
	};

	/* ---- a list ---- */
	/* The evidence that most rows have, as columns. */
	const evidenceKeys = rows => {
		const seen = new Map();
		for (const row of rows)
			for (const [key] of row.evidence)
				seen.set(key, (seen.get(key) || 0) + 1);
		return [...seen].map(([key, n], i) => ({ key, n, i })).sort((a, b) => b.n - a.n || a.i - b.i).slice(0, 5)
			.sort((a, b) => (a.key === "path") - (b.key === "path") || a.i - b.i).map(x => x.key);
	};
	const isNumber = s => /^-?\d+$/.test(s);
	const evidenceColumn = (rows, key) => {
		const values = rows.map(row => evidenceOf(row, key));
		const numeric = values.every(v => !v || v.length === 0 || v.length === 1 && isNumber(v[0]));
		return { title: upper(keyWords(key)), num: numeric, width: key === "path" ? 320 : numeric ? 110 : 160,
			text: i => values[i] ? listWords(key, values[i]) : "",
			key: i => !values[i] || !values[i].length ? null : numeric ? Number(values[i][0]) : fold(values[i].join("\n")) };
	};
	const varied = (rows, of) => rows.some(row => of(row) !== of(rows[0]));
	const grid = (caption, rows, options = {}) => {
		const columns = [
			{ title: text("name"), width: 210, text: i => rows[i].name || dnOf(rows[i]) },
			{ title: text("kind"), width: 120, text: i => kindWords(rows[i].kind) },
		];
		if (varied(rows, r => r.domain))
			columns.push({ title: text("domain"), width: 170, text: i => rows[i].domain });
		if (varied(rows, r => r.level))
			columns.push({ title: text("level"), width: 80, text: i => String(rows[i].level || ""), key: i => rows[i].level, node: i => levelChip(rows[i].level) });
		if (rows.some(r => r.waived))
			columns.push({ title: text("status"), width: 150, text: i => text(rows[i].waived ? "status_waived" : "status_fail"),
				node: i => chip(rows[i].waived ? "waived" : "fail", text(rows[i].waived ? "status_waived" : "status_fail")) });
		if (rows.some(r => r.age))
			columns.push({ title: text("age"), width: 150, text: i => ageWords(rows[i].age), key: i => rows[i].since,
				node: i => rows[i].age ? el("span", {}, chip(rows[i].age === "remaining" ? "grey" : rows[i].age === "new" ? "new" : "unknown", ageWords(rows[i].age))) : "" });
		for (const key of evidenceKeys(rows))
			columns.push(evidenceColumn(rows, key));
		if (rows.some(r => r.lastUse !== null))
			columns.push({ title: text("last_use"), width: 120, text: i => day(rows[i].lastUse), key: i => iso(rows[i].lastUse) });
		return Tables.grid({ caption, count: rows.length, columns: options.first ? [...options.first, ...columns] : columns,
			words: i => [rows[i].name, rows[i].parent, rows[i].sid, ...rows[i].evidence.flatMap(([key, v]) => [keyWords(key), listWords(key, v)])].join("\n"),
			detail: (i, panel) => detail(rows[i], panel) });
	};

	return { read, parts, wordsOfBlock, dnOf, grid, detail, kindWords, followupFacts, ageWords, upper, day };
})();
