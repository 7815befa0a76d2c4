"use strict";
/* compare.html: several facilities side by side. */
(() => {
	const { data, el, svg, bdi, pick, text, textN, number, date, fold, levelChip, facts } = Page;
	const members = data.members, last = m => m.runs[m.runs.length - 1];
	const decimal = (n, by, digits) => {
		const s = (n / by).toFixed(digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
		return Page.lang() ? s : s.replace(".", ",");
	};
	const share = tenths => tenths === null ? text("none") : decimal(tenths, 10, 1);
	/* A table's name beside its section's: regions of a page are told apart by them. */
	const over = id => `${text(id)} — ${text("cmp_sheet_members")}`;
	const table = (caption, columns, rows, rowHeader = true) => Tables.plainTable({ caption, columns, rows, rowHeader });
	const num = id => ({ title: text(id), num: true }), word = id => ({ title: text(id) });

	const summary = section => {
		section.append(
			el("div", { class: "card" }, el("h3", { text: text("cmp_in_short") }),
				el("ul", { class: "short" }, data.sentences.map(s => el("li", {}, pick(s))))),
			el("div", { class: "card long" }, table(text("cmp_sheet_members"),
				[word("facility"), word("level"), word("cmp_worst"), word("cmp_audited"), num("cmp_failed_points"), num("cmp_unknown_share"),
					num("cmp_accounts"), word("cmp_remarks")],
				members.map(m => {
					const r = last(m);
					return [bdi(m.label), levelChip(r[1]), levelChip(r[2]), date(r[0]), number(r[3]), share(r[5]), (m.least ? "≥ " : "") + number(m.accounts),
						pick(m.marks)];
				}))),
			el("div", { class: "card long" }, data.shared.length ? table(text("cmp_first_actions"),
				[word("control"), word("level"), num("cmp_failing"), num("cmp_comparable")],
				data.shared.slice(0, 10).map(i => data.controls[i]).map(c => [pick(c.title), levelChip(c.level), number(c.fail), number(c.comparable)]))
				: el("p", { text: text("cmp_no_shared") })));
	};

	/* ---- controls × facilities ---- */
	const cell = n => {
		if (n < 0)
			return el("td", { class: "c-absent", text: text("cmp_absent") });
		const [name, words] = data.statuses[n % 10];
		return n >= 10 ? el("td", { class: "c-other", text: text("cmp_other", pick(words)) }) : el("td", { class: `c-${name}`, text: pick(words) });
	};
	const mapHead = more => el("thead", {}, el("tr", {}, more.map(t => el("th", { scope: "col", text: t })),
		members.map(m => el("th", { scope: "col" }, bdi(m.label)))));
	const map = section => {
		const body = el("tbody"), tally = el("span", { class: "soft small", role: "status" });
		let query = "", level = 0;
		const draw = () => {
			const rows = data.controls.filter(c => (!level || c.level === level) && (!query || fold(`${pick(c.title)} ${c.id}`).includes(query)));
			body.replaceChildren(...rows.map(c => el("tr", {}, el("th", { scope: "row" }, pick(c.title), " ", el("span", { class: "soft small", text: c.id })),
				el("td", {}, levelChip(c.level)), el("td", { class: "num", text: `${c.fail}/${c.comparable}` }), c.cells.map(cell))));
			tally.textContent = textN("html_points", rows.length);
		};
		const levels = el("select", { class: "plain", on: { change: e => { level = Number(e.target.value); draw(); } } },
			[0, 1, 2, 3, 4, 5].map(l => el("option", { value: l, text: l || text("html_all") })));
		section.append(
			el("p", { class: "soft small", text: text("cmp_legend") }),
			el("div", { class: "filters" },
				el("label", {}, text("html_search"), el("input", { type: "search", class: "plain", placeholder: text("cmp_search"),
					on: { input: e => { query = fold(e.target.value.trim()); draw(); } } })),
				el("label", {}, text("level"), levels), tally),
			el("div", { class: "card long map" }, el("div", { class: "scroll-x", tabindex: "0", role: "region", "aria-label": over("cmp_sheet_map") },
				el("table", {}, el("caption", { class: "sr", text: text("cmp_sheet_map") }),
					mapHead([text("control"), text("level"), text("cmp_failing")]), body))));
		draw();
	};

	const plan = section => {
		section.append(el("p", { class: "soft", text: text("cmp_plan_text") }));
		if (!data.shared.length)
			section.append(el("p", { text: text("cmp_no_shared") }));
		for (const c of data.shared.map(i => data.controls[i])) {
			const who = members.filter((m, i) => c.cells[i] === data.statuses.findIndex(s => s[0] === "fail")).map(m => m.label);
			section.append(el("div", { class: "card" }, el("h3", {}, levelChip(c.level), " ", pick(c.title)),
				facts([[text("control_id"), c.id], [text("cmp_failing"), `${c.fail} / ${c.comparable}`], [text("cmp_who"), bdi(who.join(", "))],
					[text("cmp_undecided"), number(c.unknown)], [text("cmp_accepting"), number(c.waived)], [text("cmp_objects"), number(c.objects)],
					c.change && [text("effort"), pick(c.change[0])], c.change && [text("change_risk"), pick(c.change[1])],
					c.change && [text("change_test"), pick(c.change[2])], c.change && [text("change_back"), pick(c.change[3])]]),
				el("details", {}, el("summary", { text: text("fix") }), el("p", { class: "lines", text: pick(c.fix) }))));
		}
	};

	/* ---- indicators ---- */
	const indicators = section => {
		const families = [...new Set(data.indicators.map(i => i.family[1]))];
		let family = families[0], scaled = true;
		const place = el("div", { class: "card long map" });
		const value = v => {
			const n = scaled ? v[1] : v[0];
			if (n === null)
				return el("td", { class: "num", text: text("none") });
			const words = (v[2] & 2 ? "≥ " : "") + (scaled ? decimal(n, 100, 2) : number(n));
			return el("td", { class: `num${v[2] & 1 ? scaled && v[2] & 4 ? " outlier" : "" : " c-other"}`,
				text: v[2] & 1 ? words + (scaled && v[2] & 4 ? v[3] > 0 ? " ▲" : " ▼" : "") : `${words} ≠` });
		};
		const draw = () => place.replaceChildren(el("div", { class: "scroll-x", tabindex: "0", role: "region", "aria-label": over("cmp_sheet_indicators") },
			el("table", {}, el("caption", { class: "sr", text: text("cmp_sheet_indicators") }),
				mapHead([text("indicator"), text("cmp_unit"), text("cmp_median")]),
				el("tbody", {}, data.indicators.filter(i => i.family[1] === family).map(i => el("tr", {}, el("th", { scope: "row", text: pick(i.meaning) }),
					el("td", { text: scaled ? pick(i.per) : "" }), el("td", { class: "num", text: scaled && i.median !== null ? decimal(i.median, 100, 2) : text("none") }),
					i.values.map(value)))))));
		section.append(el("div", { class: "filters" },
			el("label", {}, text("cmp_family"), el("select", { class: "plain", on: { change: e => { family = e.target.value; draw(); } } },
				families.map(f => el("option", { value: f, text: pick(data.indicators.find(i => i.family[1] === f).family) })))),
			el("label", {}, text("cmp_show"), el("select", { class: "plain", on: { change: e => { scaled = e.target.value === "1"; draw(); } } },
				el("option", { value: "1", text: text("cmp_show_scaled") }), el("option", { value: "0", text: text("cmp_show_values") })))), place);
		draw();
	};

	const outliers = section => {
		const rows = [];
		members.forEach((m, n) => data.indicators.forEach(i => {
			const v = i.values[n];
			if (v[2] & 4)
				rows.push([bdi(m.label), pick(i.meaning), number(v[0]), decimal(v[1], 100, 2), pick(i.per), decimal(i.median, 100, 2),
					text(v[3] > 0 ? "cmp_above" : "cmp_below"), decimal(Math.abs(v[3]), 10, 1)]);
		}));
		section.append(rows.length ? el("div", { class: "card long" }, table(over("cmp_sheet_outliers"), [word("facility"), word("indicator"), num("value"),
			num("cmp_scaled"), word("cmp_unit"), num("cmp_median"), word("cmp_sense"), num("cmp_distance")], rows)) : el("p", { text: text("cmp_no_outliers") }));
	};

	/* ---- levels over time ---- */
	const chart = m => {
		const W = 240, H = 96, L = 18, R = 8, T = 8, B = 18, runs = m.runs, from = runs[0][0], to = last(m)[0];
		const x = t => to === from ? (L + W - R) / 2 : L + (t - from) / (to - from) * (W - L - R), y = l => T + (5 - l) / 4 * (H - T - B);
		const d = runs.map((r, i) => i ? `H${x(r[0]).toFixed(1)}V${y(r[1]).toFixed(1)}` : `M${x(r[0]).toFixed(1)} ${y(r[1]).toFixed(1)}`).join("");
		return el("figure", {}, el("figcaption", {}, bdi(m.label)),
			svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `${m.label}${text("colon")}${runs.map(r => `${date(r[0])} ${r[1]}`).join(", ")}` },
				[1, 2, 3, 4, 5].map(l => [svg("line", { class: "rule", x1: L, x2: W - R, y1: y(l), y2: y(l) }), svg("text", { x: 4, y: y(l) + 3 }, String(l))]),
				svg("path", { class: "step", d }), runs.map(r => svg("circle", { class: "dot", cx: x(r[0]).toFixed(1), cy: y(r[1]).toFixed(1), r: 3 })),
				svg("text", { x: L, y: H - 4 }, date(from)), to === from ? null : svg("text", { x: W - R, y: H - 4, "text-anchor": "end" }, date(to))));
	};
	const evolution = section => section.append(
		members.some(m => m.runs.length > 1) ? el("div", { class: "card long" }, el("p", { class: "soft small", text: text("cmp_chart_text") }),
			el("div", { class: "charts" }, members.filter(m => m.runs.length > 1).map(chart))) : null,
		el("div", { class: "card long" }, table(over("cmp_sheet_evolution"), [word("facility"), word("cmp_audited"), word("level"), word("cmp_worst"),
			num("cmp_failed_points"), num("cmp_unknown_points"), num("cmp_unknown_share"), word("cmp_catalogue"), word("cmp_late")],
		members.flatMap(m => m.runs.map(r => [bdi(m.label), date(r[0]), levelChip(r[1]), levelChip(r[2]), number(r[3]), number(r[4]), share(r[5]), r[6],
			r[7] ? text("cmp_late_yes") : ""])))));

	const trusts = section => section.append(
		data.trusts.length ? el("div", { class: "card long wide" }, table(over("cmp_sheet_trusts"),
			["side_a", "domain_a", "side_b", "domain_b", "finding", "trust_type", "direction", "filter_a", "filter_b", "selective_a", "selective_b",
				"delegation_a", "delegation_b"].map(id => word(`cmp_${id}`)),
			data.trusts.map(t => [bdi(t.a), bdi(t.domain_a || ""), bdi(pick(t.b)), bdi(t.domain_b || ""),
				el("span", { class: t.open ? "bad" : null, text: pick(t.finding) }), ...t.cells.map(pick)])))
			: el("p", { text: text("cmp_no_trusts") }),
		data.foreign.length ? el("div", { class: "card long" }, table(text("cmp_sheet_foreign"),
			[word("cmp_groups_of"), word("cmp_come_from"), num("cmp_foreign_members"), num("cmp_foreign_privileged"), word("cmp_foreign_names")],
			data.foreign.map(f => [bdi(f.of), bdi(pick(f.from)), number(f.members), number(f.privileged), f.names.map(n => el("div", {}, bdi(n)))])))
			: el("p", { text: text("cmp_no_foreign") }));

	const method = section => section.append(el("div", { class: "card long" }, facts(data.method.map(([name, words]) => [pick(name), pick(words)]))));

	const view = (id, title, render) => ({ id, title: () => text(title), render: section => { render(section); } });
	Page.start({
		title: () => text("cmp_title"),
		documentTitle: () => `${text("cmp_title")} — ${pick(data.subject)}`,
		subject: () => pick(data.subject),
		views: [view("summary", "cmp_sheet_summary", summary), view("map", "cmp_sheet_map", map), view("plan", "cmp_sheet_plan", plan),
			view("indicators", "cmp_sheet_indicators", indicators), view("outliers", "cmp_sheet_outliers", outliers),
			view("evolution", "cmp_sheet_evolution", evolution), view("trusts", "cmp_sheet_trusts", trusts), view("method", "cmp_sheet_method", method)],
	});
})();
