"use strict";
/* ANSSI's own result (ADS) beside this one: the differences first. */
const Ads = (() => {
	const { data, el, pick, text, textN, number, date, levelChip, chip, facts } = Page;
	const KINDS = { missed: "fail", not_assessed: "unknown", not_known: "unknown", ours_only: "new", level: "new", count: "new", accepted: "waived", same: "pass" };
	const COLUMNS = ["ads_difference", "control", "ads_status_there", "ads_status_here", "ads_reasons"];

	const side = (status, level, count) => [Controls.statusChip(status), level ? [" ", levelChip(level)] : null,
		count === null || (!count && status !== "fail") ? null : el("div", { class: "soft small", text: textN("summary_objects", count) })];
	const row = p => {
		const c = p.control === null ? null : Controls.all[p.control];
		return [chip(KINDS[p.difference] || "grey", pick(p.words)), [c ? [Controls.link(p.control), " "] : null, el("code", { class: "small", text: p.id })],
			p.ads ? side(p.ads.status, p.ads.level, p.ads.count) : text("none"), c ? side(c.status, c.level, c.count + c.waived) : text("none"),
			el("ul", { class: "plainlist small" }, p.reasons.map(r => el("li", { text: pick(r) })))];
	};
	const table = (caption, points) => Tables.plainTable({ caption, columns: COLUMNS.map(id => ({ title: text(id) })), rows: points.map(row) });

	const render = section => {
		const ads = data.ads, groups = { differ: [], not_listed: [], same: [] };
		for (const p of ads.points)
			(groups[p.difference] || groups.differ).push(p);
		section.append(el("div", { class: "card long" }, el("p", {}, el("strong", { text: pick(ads.missed) })), el("p", { class: "soft", text: text("ads_intro") }), facts([
			[text("ads_dated"), ads.dated ? date(ads.dated) : text("not_given")], [text("collected_at"), data.collected ? date(data.collected) : text("not_given")],
			[text("ads_level_there"), ads.level ? text("level_of", ads.level) : text("not_given")],
			[text("ads_level_here"), text(data.floor < data.level ? "level_at_best" : "level_of", data.level)],
			[text("ads_compared"), number(ads.compared)], [text("ads_differences"), number(ads.differences)]])),
		el("div", { class: "card long" }, groups.differ.length ? table(text("ads_differences"), groups.differ) : el("p", { text: text("ads_no_difference") })));
		for (const [title, points] of [["ads_section_not_listed", groups.not_listed], ["ads_section_same", groups.same]])
			if (points.length)
				section.append(el("details", { class: "card long" }, el("summary", { text: `${text(title)} (${number(points.length)})` }), table(text(title), points)));
	};
	return { render };
})();
