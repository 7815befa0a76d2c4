"use strict";
/* Points de contrôle: filters, the list, and what each control opens to. */
const Controls = (() => {
	const { data, el, bdi, pick, text, textN, code, number, date, fold, levelChip, chip, facts, say } = Page;
	const STATUSES = ["fail", "waived", "unknown", "pass", "not_applicable", "disabled"];
	const EFFORTS = ["effort_low", "effort_medium", "effort_high"];
	const all = data.controls;
	const byId = new Map(all.map((c, i) => [c.id, i]));
	const evolutions = new Map(((data.evolution || {}).controls || []).filter(e => e.control !== null).map(e => [e.control, e]));
	const families = data.families.map(f => new Set(f.controls));
	const areas = [...new Set(all.map(c => c.area))];
	/* Kept when the language changes. */
	const state = { levels: new Set(), status: "", family: "", area: "", words: "", change: "" };
	const opened = new Set();
	let rows = [], input = null, tally = null, list = null, nothing = null, roving = 0;

	const worst = c => c.level || c.levels[0] || 0;
	const isAnssi = c => c.id.startsWith("vuln_");
	const order = all.map((c, i) => i).sort((a, b) => STATUSES.indexOf(all[a].status) - STATUSES.indexOf(all[b].status) ||
		worst(all[a]) - worst(all[b]) || isAnssi(all[b]) - isAnssi(all[a]) || a - b);
	const statusWords = s => text(`status_${s}`);
	const statusChip = s => chip(s, statusWords(s));
	const areaWords = area => code("AREA", area) ?? area;
	const link = (i, words) => el("a", { href: `#points/${encodeURIComponent(all[i].id)}` }, words || pick(all[i].title));

	/* ---- searching: words of the control, then of its objects ---- */
	const own = all.map(c => fold([c.id, ...c.title, ...c.why, ...c.measure, ...c.fix, ...c.references].join("\n")));
	const objects = all.map(() => []);
	const index = async () => {
		await Page.loaded;
		const todo = [];
		all.forEach((c, i) => { for (let k = 0; k < Objects.parts(c.objects); k++) todo.push([i, c.part + k]); });
		const turn = deadline => {
			do {
				const job = todo.shift();
				if (!job)
					break;
				objects[job[0]].push(Objects.wordsOfBlock(job[1]));
			} while (deadline.timeRemaining() > 6);
			if (todo.length) {
				Page.idle(turn);
			} else {
				document.documentElement.dataset.indexed = "1";
				if (state.words)
					filter();
			}
		};
		Page.idle(turn);
	};

	/* ---- filters ---- */
	const matches = (c, i, words) => {
		if (state.levels.size && !state.levels.has(worst(c)))
			return 0;
		if (state.status && c.status !== state.status)
			return 0;
		if (state.area && c.area !== state.area)
			return 0;
		if (state.family && !families[Number(state.family)].has(i))
			return 0;
		if (state.change && (evolutions.get(i) || {}).change !== state.change)
			return 0;
		if (words.every(w => own[i].includes(w)))
			return 1;
		return objects[i].some(block => words.every(w => block.includes(w))) ? 2 : 0;
	};
	const filter = () => {
		const words = fold(state.words).split(/\s+/).filter(Boolean);
		let shown = 0;
		for (const row of rows) {
			const found = matches(all[row.i], row.i, words);
			row.item.hidden = !found;
			row.inside.hidden = found !== 2;
			shown += found > 0;
		}
		tally.textContent = text("html_rows_of", number(shown), textN("html_points", all.length));
		nothing.hidden = shown > 0;
		rove(rows.findIndex(r => !r.item.hidden));
	};
	const rove = position => {
		if (rows[roving])
			rows[roving].button.tabIndex = -1;
		roving = Math.max(0, position);
		if (rows[roving])
			rows[roving].button.tabIndex = 0;
	};
	const choice = (label, name, options) => {
		const select = el("select", { class: "plain", on: { change: e => { state[name] = e.target.value; filter(); } } },
			el("option", { value: "", text: text("html_all") }), options.map(([value, words]) => el("option", { value, text: words })));
		select.value = state[name];
		return el("label", {}, label, select);
	};
	const levelButtons = () => el("div", { class: "group", role: "group", "aria-label": text("level") },
		el("span", { text: text("level") }), el("span", { class: "buttons" }, [1, 2, 3, 4, 5].map(level =>
			el("button", { type: "button", class: "plain", "aria-pressed": String(state.levels.has(level)), "data-level": String(level),
				"aria-label": text("level_n", level), on: { click: e => {
					if (!state.levels.delete(level))
						state.levels.add(level);
					e.currentTarget.setAttribute("aria-pressed", String(state.levels.has(level)));
					filter();
				} } }, String(level)))));
	const filters = section => {
		input = el("input", { type: "search", class: "plain", value: "", on: { input: () => { state.words = input.value; filter(); },
			keydown: e => { if (e.key === "ArrowDown") { e.preventDefault(); move(0, 1); } } } });
		input.value = state.words;
		const count = s => all.filter(c => c.status === s).length;
		return el("form", { class: "filters card", role: "search", on: { submit: e => e.preventDefault() } },
			el("label", {}, text("html_search_points"), input), levelButtons(),
			choice(text("status"), "status", STATUSES.filter(count).map(s => [s, `${statusWords(s)} (${number(count(s))})`])),
			choice(text("family"), "family", data.families.map((f, i) => [String(i), pick(f.title)])),
			choice(text("area"), "area", areas.map(a => [a, areaWords(a)]).sort((a, b) => a[1].localeCompare(b[1]))),
			data.evolution ? choice(text("html_since_last"), "change",
				["better", "worse", "lost", "decided", "incomparable"].map(c => [c, text(`html_change_${c}`)])) : null,
			el("button", { type: "button", class: "plain", id: "clear", on: { click: () => { clear(); section.replaceChildren(section.firstChild); render(section); input.focus(); } } }, text("html_clear")));
	};
	const clear = () => {
		state.levels.clear();
		state.status = state.family = state.area = state.words = state.change = "";
	};

	/* ---- one control ---- */
	const changeFacts = c => {
		const change = c.change === undefined ? null : data.changes[c.change];
		return change ? [[text("effort"), text(EFFORTS[change.effort])], [text("change_risk"), el("span", { class: "lines", text: pick(change.risk) })],
			[text("change_test"), el("span", { class: "lines", text: pick(change.test) })], [text("change_back"), el("span", { class: "lines", text: pick(change.back) })]] : [];
	};
	const references = c => c.references.length ? el("ul", {}, c.references.map(r => el("li", {}, bdi(r)))) : null;
	const sinceLast = i => {
		const e = evolutions.get(i);
		if (!e)
			return null;
		const counts = [["added", "html_new_n"], ["back", "html_back_n"], ["remaining", "html_remaining_n"]].filter(([k]) => e[k]).map(([k, id]) => textN(id, e[k]));
		if (e.fixed.count)
			counts.push(textN("html_fixed_n", e.fixed.count));
		if (e.lost.count)
			counts.push(textN("html_lost_n", e.lost.count));
		return [e.change === "none" && !counts.length ? text("html_change_none") : el("span", {},
			e.change === "none" ? null : Evolution.changeChip(e.change), e.change === "none" ? "" : " ", counts.join(", "))];
	};
	const numbers = c => [text("objects"), [["examined", c.examined, true], ["failed", c.count, true], ["undecided", c.unknown], ["waived", c.waived]]
		.filter(([, n, always]) => n || always).map(([id, n]) => `${text(id)}${text("colon")}${number(n)}`).join(text("semicolon"))];
	const remarks = c => {
		const words = [c.reason, ...c.notes].filter(Boolean);
		return words.length ? el("div", { class: "remarks", role: "note" }, el("h4", { text: text("html_remarks") }),
			el("ul", {}, words.map(w => el("li", {}, bdi(pick(w)))))) : null;
	};
	const listsOf = async (i, body) => {
		const e = evolutions.get(i);
		for (const what of ["fixed", "lost"])
			if (e && e[what].count)
				body.append(el("h4", { text: `${text(`html_${what}_objects`)} (${number(e[what].count)})` }),
					Objects.grid(text(`html_${what}_objects`), await Objects.read(e[what].part, e[what].count)).element);
	};
	const fillObjects = async (i, place) => {
		const c = all[i];
		place.append(el("p", { class: "soft", text: text("html_loading") }));
		const rows = await Objects.read(c.part, c.objects), paths = c.paths ? Paths.of(rows) : [];
		const grid = Objects.grid(`${text("objects")} — ${pick(c.title)}`, rows);
		place.replaceChildren(el("h4", { text: `${text("objects")} (${number(rows.length)})` }), grid.element);
		if (paths.length)
			place.append(el("h4", { text: text("html_paths") }), Graph.draw(paths));
		grid.redraw();
		await listsOf(i, place);
		if (state.words && !matchesOwn(i))
			grid.search(state.words);
	};
	const matchesOwn = i => fold(state.words).split(/\s+/).filter(Boolean).every(w => own[i].includes(w));
	const fillControl = (i, panel) => {
		const c = all[i], e = evolutions.get(i), place = el("div", { class: "objects" });
		const since = sinceLast(i);
		panel.append(remarks(c) || "", el("div", { class: "columns" },
			el("div", {}, el("h4", { text: text("why") }), el("p", { class: "lines", text: pick(c.why) }),
				el("h4", { text: text("fix") }), el("p", { class: "lines fix", text: pick(c.fix) }), c.setters ? el("p", { class: "lines" }, bdi(pick(c.setters))) : null,
				el("h4", { text: text("measure") }), el("p", { class: "lines", text: pick(c.measure) })),
			el("div", {}, facts([...changeFacts(c), numbers(c), since && [text("html_since_last"), since],
				...(e && e.followup ? Objects.followupFacts(e.followup, false) : []),
				[text("levels"), c.levels.join(", ")], [text("area"), areaWords(c.area)], [text("control_id"), el("code", { text: c.id })],
				c.parameters && [text("parameters"), el("code", {}, bdi(c.parameters))],
				c.references.length ? [text("references"), references(c)] : null]))), place);
		if (c.objects)
			fillObjects(i, place);
		else
			listsOf(i, place);
	};

	const toggle = (position, wanted) => {
		const row = rows[position], open = wanted ?? !opened.has(row.i);
		row.button.setAttribute("aria-expanded", String(open));
		row.panel.hidden = !open;
		row.item.classList.toggle("open", open);
		if (open) {
			opened.add(row.i);
			if (!row.panel.firstChild)
				fillControl(row.i, row.panel);
		} else {
			opened.delete(row.i);
			row.panel.replaceChildren();
		}
	};
	/* The next one in sight, in the direction of step. */
	const move = (position, step) => {
		for (let p = position; p >= 0 && p < rows.length; p += step)
			if (!rows[p].item.hidden) {
				rove(p);
				rows[p].button.focus();
				return;
			}
	};
	const onKey = (e, position) => {
		const moves = { ArrowDown: [position + 1, 1], ArrowUp: [position - 1, -1], Home: [0, 1], End: [rows.length - 1, -1] };
		if (e.key in moves) {
			e.preventDefault();
			move(...moves[e.key]);
		} else if (e.key === "Escape" && opened.has(rows[position].i)) {
			toggle(position, false);
		}
	};
	const item = (i, position) => {
		const c = all[i], id = Tables.uniqueId(), row = { i };
		row.inside = el("span", { class: "soft small", hidden: true, text: text("html_in_objects") });
		row.panel = el("div", { class: "panel", id, hidden: true });
		row.button = el("button", { type: "button", class: "opener", "aria-expanded": "false", "aria-controls": id, tabindex: "-1", "data-id": c.id,
			on: { click: () => { rove(position); toggle(position); }, keydown: e => onKey(e, position) } },
			levelChip(worst(c)), el("span", { class: "name" }, el("span", { text: pick(c.title) }), el("span", { class: "soft small", text: c.id }), row.inside),
			el("span", { class: "amount", text: c.objects ? textN("summary_objects", c.status === "waived" ? c.waived : c.count) : "" }), statusChip(c.status));
		row.item = el("li", { on: { keydown: e => {
			if (e.key === "Escape" && row.panel.contains(e.target)) {
				toggle(position, false);
				move(position, 1);
			}
		} } }, el("h3", {}, row.button), row.panel);
		return row;
	};
	const render = section => {
		rows = order.map(item);
		roving = 0;
		tally = el("p", { class: "soft", role: "status" });
		nothing = el("p", { class: "card", text: text("html_no_match") });
		list = el("ul", { class: "controls" }, rows.map(r => r.item));
		section.append(filters(section), tally, list, nothing);
		filter();
		rows.forEach((r, position) => { if (opened.has(r.i)) toggle(position, true); });
	};
	/* #points/<id> */
	const open = (id, moved) => {
		const i = byId.get(id), position = rows.findIndex(r => r.i === i);
		if (i === undefined || position < 0)
			return;
		if (rows[position].item.hidden) {
			clear();
			const section = list.parentNode;
			section.replaceChildren(section.firstChild);
			render(section);
		}
		if (!opened.has(i))
			toggle(position, true);
		rove(position);
		rows[position].button.focus({ preventScroll: true });
		rows[position].item.scrollIntoView({ block: "start" });
	};

	return { all, byId, order, render, open, index, link, statusChip, statusWords, statuses: STATUSES, worst, isAnssi, evolutions, efforts: EFFORTS, areaWords };
})();
