"use strict";
/* Tables. plainTable(): a short one, whole. grid(): any number of rows, of which only those in sight
 * are in the document: sorted, searched, walked through by keyboard (WAI-ARIA: grid of rows). */
const Tables = (() => {
	const { el, text, textN, number, fold, say } = Page;
	const ROW = 34, AHEAD = 8, PRINTED = 300;
	/* Browsers give up beyond some 17 million pixels: longer lists scroll in proportion. */
	const TALLEST = 8000000;

	/* columns: [{title, num}], rows: arrays of cells (string, node or null); total: one more. */
	const plainTable = ({ caption, columns, rows, total, rowHeader }) => {
		const cell = (c, i, tag) => el(tag, { class: columns[i].num ? "num" : null, scope: tag === "th" ? "row" : null }, c);
		const line = cells => el("tr", {}, cells.map((c, i) => cell(c, i, rowHeader && !i ? "th" : "td")));
		return el("div", { class: "scroll-x", tabindex: "0", role: "region", "aria-label": caption },
			el("table", {}, el("caption", { text: caption }),
				el("thead", {}, el("tr", {}, columns.map(c => el("th", { scope: "col", class: c.num ? "num" : null, text: c.title })))),
				el("tbody", {}, rows.map(line)), total ? el("tfoot", {}, line(total)) : null));
	};

	/* caption; count; columns: [{title, width, num, text(i), key(i), node(i)}]: text is shown unless
	 * there is a node, key sorts (folded text unless given); words(i): what the search looks in (all
	 * columns' text unless given); detail(i, panel): fills the panel below; empty: what to say.
	 * Gives {element, search(words), open(i), shown()}. */
	const grid = options => {
		const { caption, count, columns, detail } = options;
		let warmed = 0, order = null, sorted = -1, down = false, shown = null, focus = 0, opened = -1, query = "", folded = null;
		const cache = columns.map(() => null);
		const input = el("input", { type: "search", class: "plain", placeholder: text("html_search"), "aria-label": `${text("html_search")} — ${caption}`,
			on: { input: () => search(input.value), keydown: e => { if (e.key === "ArrowDown") { e.preventDefault(); focusRow(focus); } } } });
		const tally = el("span", { class: "soft small", role: "status" });
		const body = el("tbody"), scroll = el("div", { class: "grid-scroll" });
		const keys = el("span", { class: "sr", id: uniqueId(), text: text("html_table_keys") });
		const headers = columns.map((c, i) => el("th", { scope: "col", class: c.num ? "num" : null, width: c.width },
			el("button", { type: "button", "aria-label": text("html_sort", c.title), on: { click: () => sort(i) } },
				el("span", { text: c.title }), el("span", { class: "arrow", "aria-hidden": "true" }))));
		const table = el("table", { role: "grid", "aria-label": caption, "aria-describedby": keys.id, "aria-colcount": columns.length },
			el("thead", {}, el("tr", { "aria-rowindex": "1" }, headers)), body);
		const panel = el("section", { class: "grid-detail", hidden: true, "aria-label": text("html_details") });
		const element = el("div", { class: "grid" },
			count > 10 || options.searchable ? el("div", { class: "grid-bar noprint" }, input, tally) : null,
			scroll, panel, keys);
		scroll.append(table);

		const at = position => shown ? shown[position] : position;
		const size = () => shown ? shown.length : count;
		const keyOf = c => {
			if (!cache[c]) {
				const column = columns[c], list = new Array(count);
				for (let i = 0; i < count; i++)
					list[i] = column.key ? column.key(i) : fold(column.text(i));
				cache[c] = list;
			}
			return cache[c];
		};
		const wordsOf = i => {
			folded ??= new Array(count);
			return folded[i] ??= fold(options.words ? options.words(i) : columns.map(c => c.text(i)).join("\n"));
		};
		/* Before anybody has typed: in pauses, a thousand rows a turn. */
		const warm = deadline => {
			if (!element.isConnected && warmed)
				return;
			do
				for (let n = 0; n < 1000 && warmed < count; n++)
					wordsOf(warmed++);
			while (warmed < count && deadline.timeRemaining() > 4);
			if (warmed < count)
				Page.idle(warm);
			else
				element.dataset.warm = "1";
		};
		const select = () => {
			if (!query && !order) {
				shown = null;
			} else {
				const base = order || Array.from({ length: count }, (x, i) => i);
				const words = fold(query).split(/\s+/).filter(Boolean);
				shown = words.length ? base.filter(i => { const w = wordsOf(i); return words.every(q => w.includes(q)); }) : base;
			}
			focus = 0;
			tally.textContent = size() === count ? textN("html_rows", count) : text("html_rows_of", number(size()), textN("html_rows", count));
			table.setAttribute("aria-rowcount", String(size() + 1));
			scroll.scrollTop = 0;
			draw(true);
		};
		const search = words => {
			if (input.value !== words)
				input.value = words;
			query = words.trim();
			close(false);
			select();
		};
		const sort = c => {
			down = sorted === c ? !down : false;
			sorted = c;
			const list = keyOf(c), sign = down ? -1 : 1;
			/* Equal keys keep the order of the file; what has none stands last. */
			order = Array.from({ length: count }, (x, i) => i).sort((a, b) => {
				const x = list[a], y = list[b];
				if (x === y)
					return a - b;
				if (x === null || y === null)
					return x === null ? 1 : -1;
				return x < y ? -sign : sign;
			});
			headers.forEach((h, i) => {
				if (i === c)
					h.setAttribute("aria-sort", down ? "descending" : "ascending");
				else
					h.removeAttribute("aria-sort");
				h.querySelector(".arrow").textContent = i !== c ? "" : down ? " ▼" : " ▲";
			});
			select();
			say(`${columns[c].title}: ${text(down ? "html_descending" : "html_ascending")}`);
		};

		/* ---- rows in sight ---- */
		let first = -1, last = -1;
		const row = position => {
			const i = at(position);
			return el("tr", { "aria-rowindex": String(position + 2), "aria-selected": detail ? String(i === opened) : null,
				tabindex: position === focus ? "0" : "-1", "data-position": String(position) },
				columns.map(c => el("td", { class: c.num ? "num" : null }, c.node ? c.node(i) : el("bdi", { text: c.text(i) }))));
		};
		const pad = pixels => {
			const cell = el("td", { colspan: String(columns.length) }), line = el("tr", { class: "pad", "aria-hidden": "true" }, cell);
			cell.style.height = `${pixels}px`;
			return line;
		};
		const draw = force => {
			if (printing) {
				print();
				return;
			}
			const n = size(), full = n * ROW, height = Math.min(full, TALLEST);
			const room = scroll.clientHeight || 442;
			/* Where the scroll bar stands, as a row. */
			const top = height <= room ? 0 : scroll.scrollTop / (height - room) * Math.max(0, full - room) / ROW;
			const from = Math.max(0, Math.floor(top) - AHEAD), to = Math.min(n, Math.ceil(top + room / ROW) + AHEAD);
			if (!force && from === first && to === last)
				return;
			const held = body.contains(document.activeElement);
			first = from;
			last = to;
			const above = full <= TALLEST ? from * ROW : Math.max(0, Math.min(scroll.scrollTop - (top - from) * ROW, height - (to - from) * ROW));
			const rows = [];
			for (let p = from; p < to; p++)
				rows.push(row(p));
			if (!n)
				rows.push(el("tr", {}, el("td", { colspan: String(columns.length), class: "soft", text: options.empty || text("html_no_match") })));
			body.replaceChildren(pad(above), ...rows, pad(Math.max(0, height - above - (to - from) * ROW)));
			if (held)
				body.querySelector(`[data-position="${focus}"]`)?.focus({ preventScroll: true });
		};
		const reveal = position => {
			const n = size(), full = n * ROW, height = Math.min(full, TALLEST), room = scroll.clientHeight || 442;
			const head = table.tHead.offsetHeight, scale = height <= room ? 1 : (height - room) / Math.max(1, full - room);
			const y = position * ROW * scale;
			if (y < scroll.scrollTop)
				scroll.scrollTop = y;
			else if (y + ROW + head > scroll.scrollTop + room)
				scroll.scrollTop = y + ROW + head - room + 2;
			draw(false);
		};
		const focusRow = position => {
			if (!size())
				return;
			focus = Math.max(0, Math.min(size() - 1, position));
			reveal(focus);
			body.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
			const line = body.querySelector(`[data-position="${focus}"]`);
			line?.setAttribute("tabindex", "0");
			line?.focus({ preventScroll: true });
		};

		/* ---- the panel ---- */
		const mark = () => {
			for (const line of body.querySelectorAll("tr[data-position]"))
				if (detail)
					line.setAttribute("aria-selected", String(at(Number(line.dataset.position)) === opened));
		};
		const open = i => {
			if (!detail)
				return;
			opened = i;
			const content = el("div");
			detail(i, content);
			panel.replaceChildren(el("button", { type: "button", class: "plain close", on: { click: () => close(true) } }, text("html_close")), content);
			panel.hidden = false;
			mark();
		};
		const close = back => {
			if (opened < 0)
				return;
			opened = -1;
			panel.hidden = true;
			panel.replaceChildren();
			mark();
			if (back)
				focusRow(focus);
		};

		body.addEventListener("click", e => {
			const line = e.target.closest("tr[data-position]");
			if (!line || e.target.closest("button, a"))
				return;
			focusRow(Number(line.dataset.position));
			const i = at(focus);
			if (i === opened)
				close(true);
			else
				open(i);
		});
		body.addEventListener("keydown", e => {
			if (e.target.closest("button, a"))
				return;
			const page = Math.max(1, Math.floor((scroll.clientHeight || 442) / ROW) - 2);
			const moves = { ArrowDown: focus + 1, ArrowUp: focus - 1, PageDown: focus + page, PageUp: focus - page, Home: 0, End: size() - 1 };
			if (e.key in moves && !e.ctrlKey && !e.metaKey && !e.altKey) {
				e.preventDefault();
				focusRow(moves[e.key]);
			} else if ((e.key === "Enter" || e.key === " ") && detail) {
				e.preventDefault();
				open(at(focus));
			}
		});
		element.addEventListener("keydown", e => {
			if (e.key === "Escape" && opened >= 0) {
				e.stopPropagation();
				close(true);
			}
		});
		let waiting = false;
		scroll.addEventListener("scroll", () => {
			if (waiting)
				return;
			waiting = true;
			requestAnimationFrame(() => { waiting = false; draw(false); });
		}, { passive: true });

		/* Paper has no scroll bar: the first rows, and how many there are beside. */
		const print = () => {
			const n = Math.min(size(), PRINTED), rows = [];
			for (let p = 0; p < n; p++)
				rows.push(row(p));
			if (n < size())
				rows.push(el("tr", {}, el("td", { colspan: String(columns.length), text: textN("html_cut_print", size() - n) })));
			body.replaceChildren(...rows);
		};
		paper.set(element, { print, restore: () => draw(true) });

		select();
		Page.idle(warm);
		return { element, search, open, shown: size, redraw: () => draw(true) };
	};

	/* What to do with each grid of the document before printing and after it. */
	const paper = new WeakMap();
	const each = what => document.querySelectorAll(".grid").forEach(g => paper.get(g)?.[what]());
	let printing = false;
	/* Before sections are filled for paper (shell.js). */
	window.addEventListener("beforeprint", () => { printing = true; each("print"); }, { capture: true });
	window.addEventListener("afterprint", () => { printing = false; each("restore"); });

	let ids = 0;
	const uniqueId = () => `u${++ids}`;
	return { plainTable, grid, uniqueId };
})();
