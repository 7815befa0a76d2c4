"use strict";
/* What all pages share: data, words in two languages, elements made of text, sections, theme, print.
 * Text of the directory only ever becomes a text node: el() takes no markup and no handlers as
 * strings, and the page's policy refuses both. */
const Page = (() => {
	const data = JSON.parse(document.getElementById("data").textContent);
	const parts = new Map();
	let lang = data.lang === "en" ? 1 : 0;
	let page = null, current = null;

	/* ---- words ---- */
	const pick = pair => pair === null || pair === undefined ? "" : pair[lang];
	const fill = (template, args) => template.replace(/%([1-9])/g, (all, n) => n <= args.length ? String(args[n - 1]) : "");
	const textRow = id => {
		if (!Object.hasOwn(data.texts, id))
			throw new Error(`no text ${id}`);
		return data.texts[id];
	};
	const text = (id, ...args) => fill(textRow(id)[lang], args);
	/* French uses the singular for 0 and 1. */
	const textN = (id, n, ...args) => {
		const row = textRow(id), one = lang ? n === 1 : n <= 1;
		return fill(row[one || row.length < 4 ? lang : lang + 2], [number(n), ...args]);
	};
	const code = (group, word) => {
		const rows = data.codes[group];
		return rows && Object.hasOwn(rows, word) ? rows[word][lang] : null;
	};
	const number = n => String(n).replace(/\B(?=(\d{3})+$)/g, lang ? "," : "\u202f");
	const two = n => String(n).padStart(2, "0");
	/* 2026-11-21T10:00:00Z or seconds; the day alone unless asked. */
	const date = (value, withTime) => {
		if (value === null || value === undefined)
			return text("none");
		const iso = typeof value === "number" ? new Date(value * 1000).toISOString() : value;
		const m = /^(\d{4,})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?/.exec(iso);
		if (!m)
			return iso;
		const day = lang ? `${m[1]}-${m[2]}-${m[3]}` : `${m[3]}/${m[2]}/${m[1]}`;
		return withTime && m[4] ? `${day} ${m[4]}:${m[5]} UTC` : day;
	};
	const percent = n => text("percent", n);
	/* For comparing and searching: without case and accents. */
	const fold = s => {
		s = s.toLowerCase();
		return /[^\0-\x7f]/.test(s) ? s.normalize("NFD").replace(/\p{Mn}/gu, "") : s;
	};

	/* ---- elements ---- */
	const fillElement = (e, attributes, children) => {
		for (const [name, value] of Object.entries(attributes || {})) {
			if (value === null || value === undefined || value === false)
				continue;
			if (name === "on")
				for (const [event, handler] of Object.entries(value))
					e.addEventListener(event, handler);
			else if (name === "text")
				e.textContent = value;
			else if (/^on|^style$|^src|^srcdoc$/.test(name))
				throw new Error(`attribute ${name}`);
			else
				e.setAttribute(name, value === true ? "" : String(value));
		}
		e.append(...children.flat(3).filter(c => c !== null && c !== undefined && c !== false)
			.map(c => c instanceof Node ? c : document.createTextNode(String(c))));
		return e;
	};
	const el = (tag, attributes, ...children) => fillElement(document.createElement(tag), attributes, children);
	const svg = (tag, attributes, ...children) =>
		fillElement(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
	/* Text of the directory, kept apart from the words around it (it may change direction). */
	const bdi = value => el("bdi", { text: value });
	const levelChip = level => el("span", { class: `level level-${level || 0}`, text: level || text("none") });
	/* What was not read may lower the level: then it has no colour. */
	const figure = () => el("div", { class: `figure figure-${data.floor < data.level ? 0 : data.level}` },
		el("span", { class: "sr", text: text("level") }), el("strong", { text: `${data.floor < data.level ? "≤ " : ""}${data.level}` }));
	const chip = (kind, words) => el("span", { class: `chip chip-${kind}`, text: words });
	const facts = rows => el("dl", { class: "facts" }, rows.filter(Boolean).map(([name, value]) =>
		[el("dt", { text: name }), el("dd", {}, value)]));
	let live = null;
	const say = words => { if (live) live.textContent = words; };

	/* ---- data blocks ---- */
	const loaded = new Promise(resolve => {
		if (document.readyState === "loading")
			document.addEventListener("DOMContentLoaded", resolve, { once: true });
		else
			resolve();
	});
	/* The value of a block; those behind the scripts are there after `await Page.loaded`. */
	const block = n => JSON.parse(document.getElementById(`part-${n}`).textContent);
	/* The same, kept: for what is asked for again. */
	const part = n => {
		if (!parts.has(n))
			parts.set(n, block(n));
		return parts.get(n);
	};

	/* When nobody waits: work(deadline) may go on while deadline.timeRemaining() is enough. */
	const idle = work => window.requestIdleCallback ? requestIdleCallback(work, { timeout: 300 }) :
		setTimeout(() => work({ timeRemaining: () => 0 }), 15);

	/* ---- the frame ---- */
	const languages = () => el("span", { class: "pair", role: "group", "aria-label": text("html_language") },
		["fr", "en"].map((name, i) => el("button", { type: "button", lang: name, "aria-pressed": String(lang === i),
			"aria-label": i ? "English" : "Français", title: i ? "English" : "Français", "data-lang": name,
			on: { click: () => { setLang(i); document.querySelector(`[data-lang="${name}"]`).focus(); } } },
			name.toUpperCase())));
	const themes = () => {
		const select = el("select", { "aria-label": text("html_theme"), id: "theme",
			on: { change: e => setTheme(e.target.value) } },
			["auto", "light", "dark"].map(t => el("option", { value: t, text: text(`html_theme_${t}`) })));
		select.value = document.documentElement.dataset.theme || "auto";
		return select;
	};
	const setTheme = theme => {
		if (theme === "auto")
			delete document.documentElement.dataset.theme;
		else
			document.documentElement.dataset.theme = theme;
		for (const s of document.querySelectorAll("#theme"))
			s.value = theme;
	};
	const setLang = i => {
		lang = i;
		document.documentElement.lang = i ? "en" : "fr";
		render();
	};

	const header = () => el("header", { class: "head" }, el("div", { class: "head-in" },
		el("div", { class: "head-words" }, el("h1", { text: page.title() }), el("p", { class: "subject" }, page.subject())),
		el("div", { class: "tools" }, languages(), themes(),
			el("button", { type: "button", on: { click: () => window.print() } }, text("html_print")))));
	const navigation = () => el("nav", { class: "nav", "aria-label": text("html_contents") },
		el("ul", {}, page.views.map(v => el("li", {}, el("a", { href: `#${v.id}`, "data-view": v.id }, v.title(),
			v.count ? el("span", { class: "count", text: number(v.count()) }) : null)))));
	const paper = () => el("div", { class: "paper", "aria-hidden": "true" }, el("p", {},
		el("span", {}, page.title(), " — ", page.subject()), el("span", { text: text("html_confidential") })));
	const footer = () => el("footer", { class: "foot" }, el("p", { text: text("html_made_by", data.tool, data.catalogue) }));

	const fillView = v => {
		if (v.done)
			return;
		v.done = true;
		v.render(v.section);
	};
	const render = () => {
		const sections = page.views.map(v => {
			v.done = false;
			v.section = el("section", { id: `view-${v.id}`, "aria-labelledby": `title-${v.id}`, hidden: true,
				class: v.print === false ? "screen" : null },
				el("h2", { id: `title-${v.id}`, tabindex: "-1", text: v.title() }));
			return v.section;
		});
		live = el("div", { class: "sr", role: "status", "aria-live": "polite" });
		document.title = page.documentTitle();
		document.getElementById("app").replaceChildren(
			el("a", { class: "skip", href: "#content", on: { click: e => { e.preventDefault(); focusView(); } } }, text("html_skip")),
			header(), navigation(),
			el("div", { class: "sheet" }, paper(), el("main", { id: "content", tabindex: "-1" }, sections)), footer(), live);
		route(false);
	};
	const focusView = () => {
		if (current)
			document.getElementById(`title-${current.id}`).focus({ preventScroll: false });
	};
	/* #view or #view/what: the part behind the slash is the view's own. */
	const place = () => {
		try {
			return decodeURIComponent(location.hash.slice(1)).split("/");
		} catch (error) {
			return [""]; /* no UTF-8: somebody typed it */
		}
	};
	const route = moved => {
		const [id, ...rest] = place();
		const wanted = page.views.find(v => v.id === id) || page.views[0];
		const changed = wanted !== current;
		current = wanted;
		for (const v of page.views) {
			v.section.hidden = v !== wanted;
			const link = document.querySelector(`.nav a[data-view="${v.id}"]`);
			if (v === wanted)
				link.setAttribute("aria-current", "page");
			else
				link.removeAttribute("aria-current");
		}
		fillView(wanted);
		if (moved && changed) {
			window.scrollTo(0, 0);
			focusView();
		}
		if (wanted.open)
			wanted.open(rest.join("/"), moved);
	};
	const go = (view, what) => {
		location.hash = `#${view}${what ? `/${encodeURIComponent(what)}` : ""}`;
	};
	/* page: title(), subject(), documentTitle(), views: [{id, title(), render(section), open(what, moved),
	 * count(), print}]. */
	const start = p => {
		page = p;
		render();
		window.addEventListener("hashchange", () => route(true));
		window.addEventListener("beforeprint", () => page.views.filter(v => v.print !== false).forEach(fillView), { capture: true });
		document.documentElement.dataset.ready = "1";
	};

	return { data, pick, text, textN, code, number, date, percent, fold, el, svg, bdi, levelChip, figure, chip, facts, say, loaded, idle,
		block, part, go, start, lang: () => lang, setLang, setTheme };
})();
