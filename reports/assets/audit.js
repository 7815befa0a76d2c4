"use strict";
/* The summary that a director reads, and the page as a whole. */
(() => {
	const { data, el, svg, bdi, pick, text, textN, number, date, levelChip, figure, chip, facts } = Page;
	const all = Controls.all;
	const isOpen = c => c.status === "fail" || c.status === "waived";
	/* What keeps the directory at its level: accepted risks too, they do not raise it. */
	const blocking = Controls.order.filter(i => Controls.isAnssi(all[i]) && isOpen(all[i]) && all[i].level === data.level)
		.sort((a, b) => data.actions.indexOf(a) - data.actions.indexOf(b));
	const doubtful = Controls.order.filter(i => Controls.isAnssi(all[i]) && (all[i].status === "unknown" || all[i].status === "disabled") && all[i].levels[0] <= data.level);

	const level = () => el("div", { class: "card hero" },
		figure(),
		el("div", { class: "hero-words" }, el("h3", { text: text(data.floor < data.level ? "level_at_best" : "level_of", data.level) }), pick(data.meaning) ? el("p", { class: "meaning", text: pick(data.meaning) }) : null,
			pick(data.floorWords) ? el("p", {}, chip("unknown", text("status_unknown")), " ", Objects.upper(pick(data.floorWords)), ".") : null,
			pick(data.waiverWords) ? el("p", {}, chip("waived", text("status_waived")), " ", Objects.upper(pick(data.waiverWords)), ".") : null,
			el("ol", { class: "scale" }, [0, 1, 2, 3, 4].map(i => el("li", { class: `level-${i + 1}`, "aria-current": i + 1 === data.level ? "true" : null },
				el("strong", { text: String(i + 1) }), " ", text(`html_scale_${i + 1}`)))),
			el("p", { class: "soft small", text: pick(data.estimate) })));

	const step = i => el("li", {}, el("p", { class: "what" }, Controls.link(i), " ",
		el("span", { class: "soft" }, "— ", textN("summary_objects", all[i].status === "waived" ? all[i].waived : all[i].count)), all[i].status === "waived" ? [" ", Controls.statusChip("waived")] : null),
		el("p", { class: "soft small", text: pick(all[i].step) }));
	const separates = () => {
		const card = el("div", { class: "card long" });
		if (data.level === 5) {
			card.append(el("h3", { text: text("html_stay") }), el("p", { text: text("html_nothing_blocks") }));
		} else {
			const first = blocking.slice(0, 7), rest = blocking.slice(7);
			card.append(el("h3", { text: text("html_separates", data.level + 1) }), el("p", {}, textN("html_blocking", blocking.length)),
				el("ol", { class: "steps" }, first.map(step)),
				rest.length ? el("details", {}, el("summary", { text: textN("html_others", rest.length) }), el("ol", { class: "steps", start: String(first.length + 1) }, rest.map(step))) : "");
		}
		if (doubtful.length)
			card.append(el("details", {}, el("summary", { text: textN("html_doubtful", doubtful.length) }), el("ul", {}, doubtful.map(i => el("li", {}, Controls.link(i),
				all[i].reason ? el("span", { class: "soft" }, " — ", bdi(pick(all[i].reason))) : null)))));
		return card;
	};

	const statuses = () => {
		const counts = Controls.statuses.map(s => [s, all.filter(c => c.status === s).length]).filter(([, n]) => n);
		let x = 0;
		const bar = svg("svg", { viewBox: "0 0 100 6", preserveAspectRatio: "none", class: "bar", "aria-hidden": "true" }, counts.map(([s, n]) => {
			const width = 100 * n / all.length, shape = svg("rect", { x, y: 0, width, height: 6, class: `fill-${s}` });
			x += width;
			return shape;
		}));
		return el("div", { class: "card" }, el("h3", { text: text("section_results") }), bar, el("ul", { class: "legend" }, counts.map(([s, n]) =>
			el("li", {}, el("span", { class: "number", text: number(n) }), " ", Controls.statusChip(s)))));
	};
	const byLevel = () => {
		const rows = [1, 2, 3, 4, 5].map(l => { const list = all.filter(c => c.status === "fail" && c.level === l); return [l, list.filter(Controls.isAnssi).length, list.length]; });
		const most = Math.max(1, ...rows.map(r => r[2]));
		return el("div", { class: "card" }, el("h3", { text: text("failed_by_level") }), el("table", { class: "bars" },
			el("caption", { class: "sr", text: text("failed_by_level") }),
			el("thead", { class: "sr" }, el("tr", {}, ["level", "anssi_points", "other_points", "points"].map(id => el("th", { scope: "col", text: text(id) })))),
			el("tbody", {}, rows.map(([l, anssi, n]) => el("tr", {}, el("th", { scope: "row" }, levelChip(l)),
				el("td", { class: "num", text: number(anssi) }), el("td", { class: "num soft", text: number(n - anssi) }),
				el("td", { class: "chart-cell" }, svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
					svg("rect", { x: 0, y: 1, width: 100 * anssi / most, height: 8, class: `solid-${l}` }),
					svg("rect", { x: 100 * anssi / most, y: 1, width: 100 * (n - anssi) / most, height: 8, class: `solid-${l} faint` })), el("strong", { text: number(n) })))))),
		el("p", { class: "soft small", text: text("html_bars") }));
	};

	const family = f => el("div", { class: "card family" }, el("h3", {}, el("a", { href: "#indicateurs", text: pick(f.title) })),
		el("dl", {}, f.indicators.filter(x => x.short).slice(0, 8).map(x => el("div", {}, el("dd", { text: Families.value(x) }), el("dt", { text: pick(x.short) })))),
		f.notes.length ? el("p", { class: "soft small", text: text("html_lower_bounds") }) : null);

	const actions = () => {
		const ten = data.actions.slice(0, 10), known = data.changes.length > 0, effort = i => all[i].change === undefined ? text("none") : text(Controls.efforts[data.changes[all[i].change].effort]);
		return el("div", { class: "card long" }, ten.length ? Tables.plainTable({ caption: text("section_actions"),
			columns: [{ title: text("rank"), num: true }, { title: text("level") }, { title: text("control") }, { title: text("objects"), num: true }, known && { title: text("effort") }, { title: text("first_step") }].filter(Boolean),
			rows: ten.map((i, k) => [String(k + 1), levelChip(all[i].level), Controls.link(i), number(all[i].count), ...(known ? [effort(i)] : []), pick(all[i].step)]) }) :
			[el("h3", { text: text("section_actions") }), el("p", { text: text("no_action") })]);
	};
	const directory = () => el("div", { class: "card" }, el("h3", { text: text("section_directory") }), facts([
		data.facility && [text("facility"), bdi(data.facility)], data.finess && [text("finess"), bdi(data.finess)], data.ght && [text("ght"), bdi(data.ght)],
		data.forest && [text("forest"), bdi(data.forest)],
		data.domains.length ? [textN("domains", data.domains.length), data.domains.map((d, i) => [i ? ", " : "", bdi(d.dns || ""), d.netbios ? [" (", bdi(d.netbios), ")"] : ""])] : null,
		[text("source"), pick(data.source)], data.reader && [text("reader"), bdi(data.reader)],
		[text("collected_at"), date(data.collected, true)], [text("evaluated_at"), date(data.evaluated, true)],
		[text("count_objects"), number(data.counts.objects)], [text("count_users"), `${number(data.counts.users)} (${text("count_enabled").toLowerCase()}${text("colon")}${number(data.counts.enabled)})`],
		[text("count_computers"), number(data.counts.computers)], [text("count_groups"), number(data.counts.groups)]]));

	const summary = section => {
		const again = data.evolution && data.evolution.before;
		section.append(level(), el("div", { class: "two" }, el("div", {}, separates()),
			el("div", {}, again ? el("div", { class: "card" }, el("h3", { text: text("html_since_last") }), Evolution.summary()) : null, statuses(), byLevel(), again ? null : directory())),
		el("div", { class: "families" }, data.families.map(family)), actions(), again ? directory() : "");
	};

	const method = section => section.append(el("div", { class: "card long" }, facts([
		[text("sheet_method"), pick(data.estimate)],
		...["level", "unknown", "waiver", "accounts", "dates", "confidential"].map(id => [text(`method_${id}`), text(id === "unknown" || id === "confidential" ? `html_method_${id}` : `method_${id}_text`)]),
		[text("method_policy"), el("span", {}, bdi(data.policy || ""), ` (SHA-256 ${data.sha256})`)], [text("method_tool"), text("html_made_by", data.tool, data.catalogue)]])));

	Page.start({
		title: () => text("title"),
		subject: () => bdi(pick(data.subject)),
		documentTitle: () => `${text("title")} — ${pick(data.subject)}`,
		views: [
			{ id: "synthese", title: () => text("sheet_summary"), render: summary },
			{ id: "points", title: () => text("sheet_controls"), render: Controls.render, open: Controls.open, count: () => all.filter(c => c.status === "fail").length },
			data.evolution ? { id: "evolution", title: () => text("diff_trend"), render: Evolution.render } : null,
			data.ads ? { id: "ads", title: () => text("sheet_ads"), render: Ads.render, count: () => data.ads.differences } : null,
			{ id: "indicateurs", title: () => text("section_families"), render: Families.render },
			PathView.any() ? { id: "chemins", title: () => text("html_paths"), render: PathView.render } : null,
			data.deadlines ? { id: "echeances", title: () => text("sheet_deadlines"), render: Coverage.deadlines, count: () => data.deadlines.count } : null,
			{ id: "derogations", title: () => text("sheet_waivers"), render: Coverage.waivers, count: data.waivers.length ? () => data.waivers.length : null },
			{ id: "couverture", title: () => text("sheet_coverage"), render: Coverage.render },
			{ id: "methode", title: () => text("sheet_method"), render: method },
		].filter(Boolean),
	});
	Controls.index();
})();
