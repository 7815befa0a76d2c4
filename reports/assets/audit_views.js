"use strict";
/* The sections of audit.html beside the summary and the controls. */
const Evolution = (() => {
	const { data, el, svg, bdi, pick, text, textN, number, date, levelChip, chip, facts } = Page;
	const KINDS = { better: "better", worse: "worse", lost: "lost", decided: "pass", other: "grey", absent: "new", incomparable: "grey" };
	const changeChip = change => chip(KINDS[change], text(`html_change_${change}`));

	/* An arrow with its words. */
	const difference = (before, now) => {
		if (before === null || now === null || before === undefined || now === undefined)
			return el("span", { class: "soft", text: text("html_not_comparable") });
		const d = now - before;
		if (!d)
			return el("span", { class: "soft", text: text("html_same") });
		return el("span", {},
			d > 0 ? "▲ " : "▼ ", text(d > 0 ? "html_up" : "html_down", number(Math.abs(d))));
	};

	/* One figure over time. */
	const chart = (title, points, of, change, lowest, highest) => {
		const known = points.map((p, i) => [i, of(p), p]).filter(([, v]) => v !== null && v !== undefined);
		if (!known.length)
			return null;
		const W = 360, H = 150, L = 14, R = 346, T = 26, B = 112;
		const most = highest ?? Math.max(1, ...known.map(k => k[1])), least = lowest ?? 0;
		const x = i => points.length < 2 ? (L + R) / 2 : L + 14 + (R - L - 28) * i / (points.length - 1);
		const y = v => B - (B - T) * (v - least) / Math.max(1, most - least);
		const labels = new Set([0, points.length - 1, Math.floor((points.length - 1) / 2)]);
		return el("figure", { class: "chart" }, el("figcaption", {}, title, " ", change && points.length > 1 ? change : null),
			svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `${title}: ${known.map(([, v, p]) => `${date(p.at)} ${number(v)}`).join(", ")}` },
				svg("line", { x1: L, x2: R, y1: B, y2: B, class: "axis" }),
				known.length > 1 ? svg("polyline", { points: known.map(([i, v]) => `${x(i)},${y(v)}`).join(" "), class: "trend" }) : null,
				known.map(([i, v]) => svg("circle", { cx: x(i), cy: y(v), r: 4, class: "dot" })),
				known.filter(([i]) => points.length <= 8 || labels.has(i)).map(([i, v]) => svg("text", { x: x(i), y: y(v) - 9, "text-anchor": "middle", class: "value", text: number(v) })),
				points.map((p, i) => labels.has(i) ? svg("text", { x: x(i), y: B + 20, "text-anchor": i === 0 && points.length > 1 ? "start" : i && i === points.length - 1 ? "end" : "middle", text: date(p.at) }) : null)));
	};
	/* Totals of controls and findings over time. That there are fewer is no progress where some were disabled, left
	   undecided, measured otherwise or added: what became better or worse is said control by control, and these have no colour. */
	const charts = points => {
		const now = points[points.length - 1], before = points[points.length - 2] || now;
		return el("div", { class: "charts" }, chart(text("level"), points, p => p.level, data.evolution.before ? verdict(data.evolution.verdict, `${before.level} → ${now.level}`) : null, 1, 5),
			chart(text("html_failed_points"), points, p => p.failed, difference(before.failed, now.failed)),
			chart(text("html_unknown_points"), points, p => p.unknown, difference(before.unknown, now.unknown)),
			chart(text("findings"), points, p => p.findings, difference(before.findings, now.findings)));
	};

	/* Words of a change; green and red only where the run could tell. */
	const verdict = (kind, words) => el("span", { class: kind === "better" ? "good" : kind === "worse" ? "bad" : null }, words);
	const trend = t => t.verdict === "none" && !pick(t.words) ? el("span", { class: "soft", text: text("none") }) :
		verdict(t.verdict, `${t.arrow || ""} ${pick(t.words)}`.trim());
	const families = () => {
		const rows = data.families.flatMap(f => f.indicators.filter(x => x.trend && x.trend.before !== x.value).map(x =>
			[pick(f.title), pick(x.meaning), x.trend.before === null ? text("none") : number(x.trend.before), Families.value(x), trend(x.trend)]));
		return rows.length ? Tables.plainTable({ caption: text("section_families"), columns: [{ title: text("family") }, { title: text("indicator") },
			{ title: text("html_before"), num: true }, { title: text("html_now"), num: true }, { title: text("diff_trend") }], rows }) : null;
	};
	const changes = e => ["worse", "lost", "better", "decided", "absent", "other", "incomparable"].map(kind => {
		const rows = e.controls.filter(c => c.change === kind);
		if (!rows.length)
			return null;
		return el("div", { class: "card long" }, el("h3", {}, changeChip(kind), ` ${textN("html_points", rows.length)}`),
			text(`html_explain_${kind}`) ? el("p", { class: "soft", text: text(`html_explain_${kind}`) }) : null,
			el("ul", {}, rows.map(c => el("li", {}, c.control === null ? pick(c.before.title) : Controls.link(c.control),
				c.before && c.control !== null ? el("span", { class: "soft" }, ` — ${Controls.statusWords(c.before.status)} → ${Controls.statusWords(Controls.all[c.control].status)}`) : null))));
	});
	const findings = e => {
		const rows = e.controls.filter(c => c.control !== null && (c.added || c.back || c.fixed.count || c.lost.count)).map(c =>
			[Controls.link(c.control), number(c.added), number(c.back), number(c.remaining), number(c.fixed.count), number(c.lost.count)]);
		return rows.length ? el("div", { class: "card long" }, Tables.plainTable({ caption: text("html_findings_changed"), columns: [{ title: text("control") },
			...["age_new", "age_back", "age_remaining", "html_fixed", "html_lost"].map(id => ({ title: text(id), num: true }))], rows })) : null;
	};
	const totals = e => {
		const sum = of => e.controls.reduce((n, c) => n + of(c), 0);
		return { added: sum(c => c.added), back: sum(c => c.back), remaining: sum(c => c.remaining), fixed: sum(c => c.fixed.count), lost: sum(c => c.lost.count) };
	};
	/* What there is any of. */
	const lines = counts => {
		const some = counts.filter(([, n]) => n).map(([id, n, more]) => el("li", { text: `${textN(id, n)}${more ? ` ${more}` : ""}` }));
		return some.length ? el("ul", { class: "plainlist" }, some) : text("diff_no_change");
	};
	const summary = () => {
		const e = data.evolution, t = totals(e), n = kind => e.controls.filter(c => c.change === kind).length;
		return [el("p", {}, Objects.upper(text("html_since", date(e.before))), text("colon"), verdict(e.verdict, pick(e.levelWords)), "."),
			pick(e.levelNote) ? el("p", { class: "remarks", role: "note", text: pick(e.levelNote) }) : null,
			e.floorBefore !== e.levelBefore || data.floor !== data.level ? el("p", {}, text("html_floor"), ` ${e.floorBefore} → ${data.floor}.`) : null,
			facts([[text("sheet_controls"), lines([["better"], ["worse"], ["lost", text("html_no_progress")], ["decided"], ["absent"], ["incomparable"]].map(([kind, more]) => [`diff_n_${kind}`, n(kind), more]))],
				[text("findings"), lines([["diff_n_fixed", t.fixed], ["diff_n_added", t.added], ["diff_n_back", t.back], ["diff_n_gone", t.lost, text("html_no_progress")], ["diff_n_remaining", t.remaining]])],
				e.next ? [text("html_next"), date(e.next)] : null])];
	};
	const render = section => {
		const e = data.evolution;
		section.append(el("div", { class: "cards" }, e.before ? el("div", { class: "card" }, el("h3", { text: text("html_since_last") }), summary()) : null,
			e.points.length > 1 ? el("div", { class: "card wide" }, el("h3", { text: text("html_trends") }), charts(e.points)) : null));
		if (e.before)
			section.append(e.notes.length ? el("div", { class: "remarks", role: "note" }, e.notes.map(n => el("p", {}, bdi(pick(n))))) : "",
				...changes(e).filter(Boolean), findings(e) || "");
		const table = e.before ? families() : null;
		if (table)
			section.append(el("div", { class: "card long" }, table));
	};
	return { render, summary, changeChip, difference };
})();

const Families = (() => {
	const { data, el, bdi, pick, text, textN, number, date, chip, say } = Page;
	const value = x => x.shown ? pick(x.shown) : x.value === null ? text("none") : number(x.value);

	const indicators = f => Tables.plainTable({ caption: `${text("section_families")} — ${pick(f.title)}`, rowHeader: true,
		columns: [{ title: text("indicator") }, { title: text("value"), num: true }, { title: text("behind") }],
		rows: f.indicators.map(x => [pick(x.meaning), el("strong", { text: value(x) }),
			el("span", { class: "small" }, x.controls.map((c, i) => [i ? ", " : "", Controls.link(c, el("code", { text: Controls.all[c].id }))]))]) });

	const cell = (kind, value) => {
		if (value === null)
			return text("none");
		if (Array.isArray(value))
			return pick(value);
		return kind === "number" ? number(value) : kind === "date" ? date(value) : bdi(value);
	};
	const plain = (kind, value) => value === null ? text("none") : Array.isArray(value) ? pick(value) : kind === "number" ? number(value) : kind === "date" ? date(value) : value;
	const isNumber = c => c.kind === "number";
	const table = t => {
		const { rows, total } = Page.part(t.part), title = pick(t.title);
		const more = t.total - t.rows > 0 ? el("p", { class: "soft small", text: textN("cut_table", t.total - t.rows) }) : null;
		if (!rows.length)
			return [el("p", { class: "soft" }, `${title}${text("colon")}${text("no_rows")}`)];
		if (rows.length <= 30)
			return [Tables.plainTable({ caption: title, rowHeader: true, columns: t.columns.map(c => ({ title: Objects.upper(pick(c.title)), num: isNumber(c) })),
				rows: rows.map(r => r.map((v, i) => cell(t.columns[i].kind, v))), total: total && total.map((v, i) => v === null ? i ? "" : text("total") : cell(t.columns[i].kind, v)) }), more];
		return [el("h4", { text: title }), Tables.grid({ caption: title, count: rows.length, columns: t.columns.map((c, k) => ({
			title: Objects.upper(pick(c.title)), num: isNumber(c), text: i => plain(c.kind, rows[i][k]),
			key: isNumber(c) || c.kind === "date" ? i => rows[i][k] : undefined })) }).element, more];
	};

	/* Who controls what: from the tier of a row to a higher tier. Something but zero is marked. */
	const matrix = t => {
		const { rows } = Page.part(t.part), title = pick(t.title);
		const mark = v => v === null ? el("span", { class: "soft", text: text("none") }) : v ? el("span", { class: "chip chip-fail", text: number(v) }) : el("span", { class: "chip chip-pass", text: "0" });
		return [Tables.plainTable({ caption: title, rowHeader: true, columns: t.columns.map((c, i) => ({ title: Objects.upper(pick(c.title)), num: i > 0 })),
			rows: rows.map(r => r.map((v, i) => i ? mark(v) : cell(t.columns[0].kind, v))) }), el("p", { class: "soft small", text: text("html_matrix") })];
	};

	const yes = v => text(v < 0 ? "not_read" : v ? "yes" : "no");
	const privileged = () => {
		const rows = Page.part(data.privileged.part);
		const column = (title, width, of, more) => ({ title: text(title), width, text: i => of(rows[i]), ...more });
		const day = k => ({ key: i => rows[i][k] });
		return Tables.grid({ caption: text("sheet_privileged"), count: rows.length, columns: [
			column("name", 190, r => r[0]), column("kind", 110, r => Objects.kindWords(r[2])),
			column("tier_column", 80, r => r[3] < 0 ? text("none") : text("tier", r[3])), column("enabled", 80, r => yes(r[4])),
			column("membership", 280, r => r[5].replaceAll("\n", " ; ")), column("password_set", 130, r => r[6] ? date(r[6]) : "", day(6)),
			column("last_logon", 130, r => r[7] ? date(r[7]) : "", day(7)), column("never_expires", 110, r => yes(r[8])),
			column("mfa", 90, r => text(r[9] < 0 ? "not_known" : r[9] ? "yes" : "no")),
			column("failed_controls", 110, r => number(r[10]), { num: true, key: i => rows[i][10] })],
		detail: (i, panel) => panel.append(el("h4", {}, bdi(rows[i][0])), Page.facts([[text("dn"), bdi(rows[i][11])], rows[i][12] && [text("sid"), bdi(rows[i][12])],
			rows[i][1] && [text("domain"), bdi(rows[i][1])], rows[i][5] && [text("membership"), el("span", { class: "lines" }, bdi(rows[i][5]))]])) }).element;
	};
	const failing = f => {
		const list = f.controls.filter(c => Controls.all[c].status === "fail" || Controls.all[c].status === "waived")
			.sort((a, b) => Controls.worst(Controls.all[a]) - Controls.worst(Controls.all[b]));
		return list.length ? el("details", {}, el("summary", { text: `${text("family_controls")} — ${text("status_fail")} (${number(list.length)})` }),
			el("ul", { class: "plainlist" }, list.map(c => el("li", {}, Page.levelChip(Controls.worst(Controls.all[c])), " ", Controls.link(c))))) : null;
	};

	const render = section => {
		const jump = el("p", { class: "jump noprint" }, data.families.map(f => el("button", { type: "button", class: "plain",
			on: { click: () => { const h = document.getElementById(`family-${f.name}`); h.focus(); h.scrollIntoView(); } } }, pick(f.title))));
		section.append(jump);
		for (const f of data.families) {
			const places = data.tables.filter(t => t.family === f.name).map(t => ({ t, place: el("div", { class: "block" }) }));
			const people = f.name === "privileged" && data.privileged.count ? el("div", { class: "block" }) : null;
			section.append(el("div", { class: "card long" }, el("h3", { id: `family-${f.name}`, tabindex: "-1", text: pick(f.title) }),
				f.notes.map(n => el("p", { class: "remarks", role: "note", text: text("incomplete", pick(n)) })), indicators(f), failing(f),
				places.map(p => p.place), people));
			Page.loaded.then(() => {
				for (const { t, place } of places)
					place.append(...(t.name === "matrix" ? matrix(t) : table(t)).filter(Boolean));
				if (people)
					people.append(el("h4", { text: text("sheet_privileged") }), privileged());
			});
		}
	};
	return { render, value };
})();

const PathView = (() => {
	const { data, el, bdi, pick, text, textN, number, levelChip } = Page;
	let paths = null;
	const gather = async () => {
		if (paths)
			return;
		const list = [];
		for (const [i, c] of Controls.all.entries())
			for (const p of c.paths ? Paths.of(await Objects.read(c.part, c.objects)) : [])
				list.push({ ...p, control: i, level: p.row.level || c.level, from: p.steps[0], to: p.steps[p.steps.length - 1], label: () => Controls.link(i) });
		paths = list.sort((a, b) => a.level - b.level || a.steps.length - b.steps.length);
	};
	const counted = of => {
		const n = new Map();
		for (const p of paths)
			n.set(of(p), (n.get(of(p)) || 0) + 1);
		return [...n].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 500);
	};
	const render = async section => {
		const place = el("div", {}, el("p", { class: "soft", text: text("html_loading") }));
		section.append(el("p", { text: text("html_paths_text") }), place);
		await gather();
		if (!paths.length) {
			place.replaceChildren(el("p", { class: "card", text: text("html_no_paths") }));
			return;
		}
		const picture = el("div", { class: "card" }), state = { from: "", to: "" };
		/* One line for the same steps, whatever the number of controls. */
		const draw = one => {
			const seen = new Set(), list = (one ? [one] : paths.filter(p => (!state.from || p.from === state.from) && (!state.to || p.to === state.to)))
				.filter(p => { const k = p.steps.join("\0"), known = seen.has(k); seen.add(k); return !known; });
			picture.replaceChildren(list.length ? Graph.draw(list) : el("p", { text: text("html_no_match") }));
		};
		const choice = (name, label, of) => {
			const select = el("select", { class: "plain", id: `path-${name}`, on: { change: () => { state[name] = options[Number(select.value)] || ""; draw(); } } });
			const options = ["", ...counted(of).map(([value]) => value)], counts = new Map(counted(of));
			select.append(...options.map((o, i) => el("option", { value: String(i), text: o ? `${o} (${number(counts.get(o))})` : text("html_all") })));
			return el("label", {}, label, select);
		};
		const grid = Tables.grid({ caption: text("html_paths"), count: paths.length, searchable: true, columns: [
			{ title: text("level"), width: 80, text: i => String(paths[i].level), key: i => paths[i].level, node: i => levelChip(paths[i].level) },
			{ title: text("html_graph_start"), width: 190, text: i => paths[i].from }, { title: text("html_graph_target"), width: 190, text: i => paths[i].to },
			{ title: text("html_steps"), width: 80, num: true, text: i => String((paths[i].steps.length - 1) / 2), key: i => paths[i].steps.length },
			{ title: text("html_path"), width: 420, text: i => paths[i].steps.map((s, k) => k % 2 ? Page.code("STEP", s) : s).join(" → ") },
			{ title: text("control"), width: 280, text: i => pick(Controls.all[paths[i].control].title) }],
		detail: (i, panel) => panel.append(el("p", {}, Controls.link(paths[i].control)), Graph.draw([paths[i]])) });
		place.replaceChildren(el("div", { class: "filters card" }, choice("from", text("html_graph_start"), p => p.from), choice("to", text("html_graph_target"), p => p.to)),
			picture, el("div", { class: "card long" }, el("h3", { text: `${text("html_paths")} (${number(paths.length)})` }), grid.element));
		draw();
		grid.redraw();
	};
	return { render, any: () => Controls.all.some(c => c.paths) };
})();

const Coverage = (() => {
	const { data, el, bdi, pick, text, textN, number, date, chip, facts } = Page;
	const KINDS = { ok: "pass", denied: "fail", truncated: "unknown", missing: "unknown", malformed: "unknown", not_asked: "unknown", note: "grey" };

	const render = async section => {
		const unknown = Controls.order.filter(i => Controls.all[i].status === "unknown");
		section.append(el("p", { text: text("html_coverage_text") }));
		if (unknown.length)
			section.append(el("div", { class: "card long" }, Tables.plainTable({ caption: `${text("html_unknown_points")} (${number(unknown.length)})`,
				columns: [{ title: text("control") }, { title: text("undecided"), num: true }, { title: text("explanation") }, { title: text("coverage_right") }],
				rows: unknown.map(i => [Controls.link(i), Controls.all[i].unknown ? number(Controls.all[i].unknown) : text("none"), bdi(pick(Controls.all[i].reason)), pick(Controls.all[i].right)]) })));
		if (!data.coverage.count)
			return;
		const card = el("div", { class: "card long" }, el("h3", { text: text("html_read") }));
		section.append(card);
		await Page.loaded;
		const rows = Page.part(data.coverage.part);
		const grid = Tables.grid({ caption: text("html_read"), count: rows.length, columns: [
			{ title: text("need"), width: 330, text: i => pick(rows[i][0]) },
			{ title: text("status"), width: 130, text: i => pick(rows[i][2]), node: i => chip(KINDS[rows[i][1]] || "grey", pick(rows[i][2])) },
			{ title: text("detail"), width: 520, text: i => pick(rows[i][3]) }],
		detail: (i, panel) => panel.append(facts([[text("need"), bdi(pick(rows[i][0]))], [text("status"), pick(rows[i][2])], [text("detail"), bdi(pick(rows[i][3]))]])) });
		card.append(grid.element);
		grid.redraw();
	};

	const waiverState = w => w.expired ? chip("fail", text("waiver_expired")) : w.days !== null && w.days <= 60 ? chip("unknown", text("waiver_ending")) : chip("pass", text("waiver_active"));
	const reach = { object: "reach_object", group: "reach_group", unit: "reach_unit", all: "reach_all" };
	const waivers = section => {
		if (data.waivers.length)
			section.append(el("div", { class: "card long" }, Tables.plainTable({ caption: `${text("sheet_waivers")} (${number(data.waivers.length)})`,
				columns: ["status", "control", "waiver_reach", "waiver_reason", "approved_by", "until"].map(id => ({ title: text(id) })).concat([{ title: text("findings"), num: true }]),
				rows: data.waivers.map(w => [waiverState(w), w.control === null ? bdi(w.id || "") : Controls.link(w.control), [text(reach[w.reach]), w.target ? [text("colon"), bdi(w.target)] : ""],
					bdi(w.reason || ""), bdi(w.by || ""), date(w.until), number(w.findings)]) })));
		if (data.waiverNotes.length)
			section.append(el("div", { class: "card" }, el("h3", { text: text("html_remarks") }), el("ul", {}, data.waiverNotes.map(n => el("li", {}, bdi(pick(n)))))));
		if (!data.waivers.length && !data.waiverNotes.length)
			section.append(el("p", { class: "card", text: text("html_no_waivers") }));
	};
	const deadlines = async section => {
		const d = data.deadlines;
		if (!d)
			return;
		section.append(el("p", { text: text("html_deadlines_text", date(d.at)) }));
		if (!d.count) {
			section.append(el("p", { class: "card", text: text("html_no_deadlines") }));
			return;
		}
		const card = el("div", { class: "card long" }), names = ["pass", "fail", "waived", "unknown", "not_applicable", "disabled"];
		section.append(card);
		const rows = await Objects.read(d.part, d.count), control = i => Math.floor(rows[i].extra / 18);
		const then = i => names[rows[i].extra % 6], today = i => Math.floor(rows[i].extra / 6) % 3;
		const alone = i => !rows[i].name && !rows[i].rdn;
		const words = i => text(alone(i) ? then(i) === "unknown" ? "deadline_control_unknown" : "deadline_control_fail" :
			["deadline_finding", "deadline_waiver", "deadline_worse"][today(i)]);
		const grid = Objects.grid(text("sheet_deadlines"), rows, { first: [
			{ title: text("control"), width: 300, text: i => pick(Controls.all[control(i)].title), node: i => Controls.link(control(i)) },
			{ title: text("deadline_what"), width: 240, text: words }] });
		card.append(el("h3", { text: `${text("sheet_deadlines")} (${number(d.count)})` }), grid.element);
		grid.redraw();
	};
	return { render, waivers, deadlines };
})();
