"use strict";
/* diff.html: what changed between two audits, for a director first, then control by control. */
(() => {
	const { data, el, bdi, pick, text, textN, number, date, fold, levelChip, figure, chip, facts, say } = Page;
	const KINDS = { better: "better", worse: "worse", lost: "lost", decided: "pass", other: "grey", absent: "new", incomparable: "grey", none: "grey" };
	const STATES = [["new", "diff_finding_new"], ["worse", "diff_finding_back"], ["fixed", "diff_finding_fixed"], ["lost", "diff_finding_lost"]];
	const trendChip = trend => trend === "better" || trend === "worse" ? chip(trend, text(`trend_${trend}`)) : null;
	const kindChip = kind => chip(KINDS[kind], pick(data.kinds.find(k => k.name === kind).word));
	const statusWords = status => status ? text(`status_${status}`) : text("diff_not_in_run");

	/* ---- summary ---- */
	const hero = () => el("div", { class: "card hero" },
		figure(),
		el("div", { class: "hero-words" }, el("h3", {}, pick(data.levelWords)), pick(data.meaning) ? el("p", { class: "meaning", text: pick(data.meaning) }) : null,
			trendChip(data.levelTrend) ? el("p", {}, trendChip(data.levelTrend)) : null,
			pick(data.levelNote) ? el("p", { class: "remarks", text: pick(data.levelNote) }) : null,
			pick(data.floorWords) ? el("p", {}, chip("unknown", text("status_unknown")), " ", Objects.upper(pick(data.floorWords)), ".") : null,
			el("p", { class: "soft small", text: pick(data.estimate) })));
	const counted = (kind, count, words) => count ? el("li", {}, el("strong", { text: number(count) }), " ", chip(kind, words)) : null;
	const totals = () => {
		const t = data.totals;
		return el("div", { class: "cards" },
			el("div", { class: "card" }, el("h3", { text: text("diff_controls") }), data.kinds.some(k => k.count) ?
				el("ul", { class: "plainlist" }, data.kinds.map(k => counted(KINDS[k.name], k.count, pick(k.word)))) : el("p", { text: text("diff_no_change") })),
			t.anonymous ? null : el("div", { class: "card" }, el("h3", { text: text("diff_findings") }), el("ul", { class: "plainlist" },
				counted("fixed", t.fixed, text("diff_finding_fixed")), counted("new", t.added, text("diff_finding_new")),
				counted("worse", t.back, text("diff_finding_back")), counted("lost", t.lost, text("diff_finding_lost")),
				counted("grey", t.remaining, text("diff_finding_remaining")))));
	};
	const runs = () => el("div", { class: "card long" }, Tables.plainTable({ caption: text("diff_levels"), rowHeader: true,
		columns: [{ title: text("audit_date") }, { title: text("level") }, { title: text("level_floor") }, { title: text("level_waived") },
			{ title: text("diff_failed"), num: true }, { title: text("diff_unknown"), num: true }, { title: text("diff_objects"), num: true }],
		rows: data.runs.map(r => [date(r.at), levelChip(r.level), levelChip(r.floor), levelChip(r.withWaivers), number(r.failed), number(r.unknown), number(r.findings)]) }));
	const summary = section => {
		section.append(hero(), ...data.notes.map(n => el("p", { class: "remarks", text: pick(n) })), totals(), runs());
		const first = data.kinds.filter(k => k.count && ["worse", "lost", "better"].includes(k.name));
		for (const k of first)
			section.append(el("div", { class: "card long" }, el("h3", { text: pick(k.title) }), el("ul", {},
				data.controls.filter(c => c.kind === k.name).slice(0, 10).map(c => el("li", {}, levelChip(c.level), " ",
					el("a", { href: `#points/${c.id}`, text: pick(c.title) }), el("span", { class: "soft" }, " — ", pick(c.words))))),
				k.count > 10 ? el("p", { class: "soft" }, text("diff_more", number(k.count - 10))) : null));
		section.append(el("div", { class: "card long" }, el("h3", { text: text("sheet_diff_method") }), facts(
			["same", "fixed", "back", "trend"].map(m => [text(`method_diff_${m}`), text(`method_diff_${m}_text`)]))));
	};

	/* ---- controls ---- */
	const items = new Map();
	const findings = async (c, panel) => {
		panel.append(el("p", { class: "soft", text: text("html_loading") }));
		const rows = await Objects.read(c.part, c.rows);
		panel.lastChild.remove();
		panel.append(el("div", { class: "block" }, Objects.grid(pick(c.title), rows, { first: [{ title: text("outcome"), width: 150, text: i => text(STATES[rows[i].extra][1]),
			key: i => rows[i].extra, node: i => chip(STATES[rows[i].extra][0], text(STATES[rows[i].extra][1])) }] }).element));
	};
	const fill = (c, panel) => {
		panel.append(facts([[text("control_id"), el("code", { text: c.id })],
			[text("status"), `${statusWords(c.before)} → ${statusWords(c.now)}`],
			pick(c.reason) ? [text("remarks"), bdi(pick(c.reason))] : null,
			[text("diff_findings"), pick(c.words)]]));
		if (c.rows)
			return findings(c, panel);
		return null;
	};
	const item = c => {
		const panel = el("div", { class: "panel", hidden: true, id: `panel-${c.id}` });
		const opener = el("button", { type: "button", class: "opener", "aria-expanded": "false", "aria-controls": panel.id, on: { click: () => toggle() } },
			levelChip(c.level), el("span", { class: "name" }, el("span", { text: pick(c.title) }), el("span", { class: "soft small", text: pick(c.words) })),
			el("span", { class: "amount", text: c.rows ? textN("summary_objects", c.rows) : "" }), el("span", {}, kindChip(c.kind)));
		const line = el("li", { id: `c-${c.id}` }, el("h3", {}, opener), panel);
		const toggle = async open => {
			panel.hidden = open === undefined ? !panel.hidden : !open;
			line.classList.toggle("open", !panel.hidden);
			opener.setAttribute("aria-expanded", String(!panel.hidden));
			if (!panel.hidden && !panel.childNodes.length)
				await fill(c, panel);
		};
		items.set(c.id, { line, opener, toggle, words: fold(`${c.id} ${pick(c.title)}`), kind: c.kind });
		return line;
	};
	const controls = section => {
		items.clear();
		const list = el("ul", { class: "controls" }, data.controls.map(item));
		const tally = el("p", { class: "soft", role: "status" });
		const input = el("input", { type: "search", placeholder: text("html_search"), on: { input: () => filter() } });
		const select = el("select", { on: { change: () => filter() } }, el("option", { value: "", text: text("html_all") }),
			data.kinds.filter(k => k.count).map(k => el("option", { value: k.name, text: pick(k.word) })));
		const filter = () => {
			const wanted = fold(input.value).split(/\s+/).filter(Boolean);
			let shown = 0;
			for (const x of items.values()) {
				x.line.hidden = !(!select.value || x.kind === select.value) || !wanted.every(w => x.words.includes(w));
				shown += x.line.hidden ? 0 : 1;
			}
			tally.textContent = text("html_rows_of", number(shown), textN("html_points", items.size));
		};
		section.append(el("div", { class: "card filters noprint" }, el("label", {}, text("html_search"), input), el("label", {}, text("change"), select)), tally, list);
		filter();
	};
	const open = id => {
		const x = items.get(id);
		if (!x)
			return;
		x.line.hidden = false;
		x.toggle(true);
		x.opener.focus({ preventScroll: true });
		x.line.scrollIntoView();
		say(x.opener.textContent);
	};

	/* ---- indicators ---- */
	const arrow = i => i.arrow === null ? "" : i.arrow < 0 ? "↓" : i.arrow > 0 ? "↑" : "→";
	const shown = value => Array.isArray(value) ? pick(value) : value === null ? text("none") : number(value);
	const indicators = section => {
		for (const f of data.families)
			section.append(el("div", { class: "card long" }, f.indicators.length ? Tables.plainTable({
				caption: pick(f.title), rowHeader: true,
				columns: [{ title: text("indicator") }, { title: text("value_before"), num: true }, { title: text("value_now"), num: true }, { title: text("diff_trend") }],
				rows: f.indicators.map(i => [pick(i.meaning), shown(i.before), shown(i.now), el("span", {}, `${arrow(i)} `,
					trendChip(i.trend) || el("span", { class: "soft", text: pick(i.words) }))]) }) : [el("h3", { text: pick(f.title) }), el("p", { text: text("diff_no_change") })]));
	};

	Page.start({
		title: () => text("diff_title"), documentTitle: () => `${text("diff_title")} — ${pick(data.subject)}`, subject: () => bdi(pick(data.subject)),
		views: [
			{ id: "resume", title: () => text("sheet_summary"), render: summary },
			{ id: "points", title: () => text("diff_changed"), count: () => data.controls.length, render: controls, open },
			{ id: "indicateurs", title: () => text("section_families"), render: indicators },
		],
	});
})();
