"use strict";
/* Control paths: "svc > write_member > GG > member_of > Admins" (graph_text() of the model). */
const Paths = (() => {
	const { code } = Page;
	/* [name, relation, name, …], or null when it is no such path. In names \ and > have a \ before. */
	const parse = path => {
		const parts = [];
		let part = "";
		for (let i = 0; i < path.length; i++) {
			if (path[i] === "\\" && i + 1 < path.length && parts.length % 2 === 0) {
				part += path[++i];
			} else if (path.startsWith(" > ", i)) {
				parts.push(part);
				part = "";
				i += 2;
			} else {
				part += path[i];
			}
		}
		parts.push(part);
		const good = parts.length > 2 && parts.length % 2 === 1 && parts.every((p, i) => p && (i % 2 === 0 || code("STEP", p) !== null));
		return good ? parts : null;
	};
	const words = path => {
		const parts = parse(path);
		return parts ? parts.map((p, i) => i % 2 ? code("STEP", p) : p).join(" → ") : path;
	};
	/* Of rows of objects: [{steps, row}], each once. */
	const of = rows => {
		const seen = new Set(), paths = [];
		for (const row of rows)
			for (const [key, values] of row.evidence) {
				if (key !== "path")
					continue;
				for (const value of values) {
					const steps = seen.has(value) ? null : parse(value);
					seen.add(value);
					if (steps)
						paths.push({ steps, row });
				}
			}
		return paths;
	};
	return { parse, words, of };
})();

/* Paths drawn as one graph, from the left to what is controlled on the right. A node is followed by
 * mouse or by the arrow keys; what leads to it and from it is marked, and said in words below. */
const Graph = (() => {
	const { el, svg, bdi, text, textN, code, say } = Page;
	const WIDTH = 172, HEIGHT = 44, ACROSS = 336, DOWN = 60, MARGIN = 12, NODES = 70;

	const build = paths => {
		const nodes = new Map(), edges = new Map(), used = [];
		let left = 0;
		const node = name => {
			if (!nodes.has(name))
				nodes.set(name, { name, out: [], into: [], layer: 0 });
			return nodes.get(name);
		};
		for (const path of paths) {
			const names = path.steps.filter((s, i) => i % 2 === 0);
			if (nodes.size && nodes.size + names.filter(n => !nodes.has(n)).length > NODES) {
				left++;
				continue;
			}
			used.push(path);
			for (let i = 0; i + 2 < path.steps.length; i += 2) {
				const from = node(path.steps[i]), to = node(path.steps[i + 2]), key = JSON.stringify(path.steps.slice(i, i + 3));
				if (edges.has(key))
					continue;
				const same = from.out.find(e => e.to === to);
				if (same) {
					same.relations.push(path.steps[i + 1]);
					edges.set(key, same);
					continue;
				}
				const edge = { from, to, relations: [path.steps[i + 1]] };
				edges.set(key, edge);
				from.out.push(edge);
				to.into.push(edge);
			}
			node(names[names.length - 1]).target = true;
			node(names[0]).start = true;
		}
		return { nodes: [...nodes.values()], edges: [...new Set(edges.values())], used, left };
	};

	/* Columns: as far from the right as the longest way on is long; ways in a circle count once. */
	const place = graph => {
		const depth = node => {
			if (node.depth !== undefined)
				return node.depth;
			node.depth = 0; /* while it is under way: ends a circle */
			node.depth = node.out.reduce((most, e) => Math.max(most, e.to === node ? 0 : depth(e.to) + 1), 0);
			return node.depth;
		};
		const deepest = graph.nodes.reduce((most, n) => Math.max(most, depth(n)), 0);
		const layers = Array.from({ length: deepest + 1 }, () => []);
		for (const n of graph.nodes) {
			n.layer = deepest - n.depth;
			layers[n.layer].push(n);
		}
		/* A way over several columns keeps a place free in each of them. */
		const before = new Map(graph.nodes.map(n => [n, []])), behind = new Map(graph.nodes.map(n => [n, []]));
		const join = (a, b) => { behind.get(a).push(b); before.get(b).push(a); };
		for (const e of graph.edges) {
			let last = e.from;
			e.via = [];
			for (let layer = e.from.layer + 1; layer < e.to.layer; layer++) {
				const free = { free: true, layer };
				before.set(free, []);
				behind.set(free, []);
				layers[layer].push(free);
				e.via.push(free);
				join(last, free);
				last = free;
			}
			join(last, e.to);
		}
		const rank = layer => layer.forEach((n, i) => { n.rank = i / layer.length; });
		const middle = (n, others) => others.length ? others.reduce((sum, o) => sum + o.rank, 0) / others.length : n.rank;
		layers.forEach(rank);
		for (let turn = 0; turn < 12; turn++)
			for (const layer of turn % 2 ? layers : [...layers].reverse()) {
				const weight = new Map(layer.map(n => [n, middle(n, (turn % 2 ? before : behind).get(n))]));
				layer.sort((a, b) => weight.get(a) - weight.get(b) || a.rank - b.rank);
				rank(layer);
			}
		const tallest = Math.max(...layers.map(l => l.length));
		layers.forEach((layer, x) => layer.forEach((n, i) => {
			n.x = MARGIN + x * ACROSS;
			n.y = MARGIN + (tallest - layer.length) * DOWN / 2 + i * DOWN;
		}));
		return { layers: layers.map(l => l.filter(n => !n.free)), width: MARGIN * 2 + deepest * ACROSS + WIDTH, height: MARGIN * 2 + (tallest - 1) * DOWN + HEIGHT };
	};

	const lines = (words, most, count) => {
		const list = [""];
		for (const word of words.split(" ")) {
			if (list[list.length - 1] && list[list.length - 1].length + word.length >= most)
				list.push("");
			list[list.length - 1] += `${list[list.length - 1] ? " " : ""}${word}`;
		}
		return list.length > count ? [...list.slice(0, count - 1), `${list[count - 1]}…`] : list;
	};
	const cut = (name, most) => {
		const letters = [...name];
		return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : name;
	};
	const relationWords = edge => edge.relations.map(r => code("STEP", r) ?? r).join(", ");

	/* From box to box, through the places kept free; words stand where fewer ways come together. */
	const drawEdge = (edge, arrow) => {
		const { from, to } = edge, forward = to.layer > from.layer, middle = n => n.y + HEIGHT / 2;
		const stops = forward ? [{ x: from.x + WIDTH, y: middle(from) }, ...edge.via.flatMap(n => [{ x: n.x, y: middle(n) }, { x: n.x + WIDTH, y: middle(n) }]),
			{ x: to.x - 8, y: middle(to) }] : [{ x: from.x + WIDTH / 2, y: from.y }, { x: to.x + WIDTH / 2, y: to.y + HEIGHT + 8 }];
		let line = `M${stops[0].x} ${stops[0].y}`;
		const bend = (a, b) => forward ? (b.x - a.x) / 2 : 0;
		for (let i = 1; i < stops.length; i++)
			line += ` C${stops[i - 1].x + bend(stops[i - 1], stops[i])} ${stops[i - 1].y} ${stops[i].x - bend(stops[i - 1], stops[i])} ${stops[i].y} ${stops[i].x} ${stops[i].y}`;
		const atEnd = from.out.length >= to.into.length, a = stops[atEnd ? stops.length - 2 : 0], b = stops[atEnd ? stops.length - 1 : 1];
		const t = from.out.length === to.into.length ? .5 : atEnd ? .62 : .38, u = 1 - t, c = bend(a, b);
		const x = u ** 3 * a.x + 3 * u * u * t * (a.x + c) + 3 * u * t * t * (b.x - c) + t ** 3 * b.x;
		const y = u ** 3 * a.y + 3 * u * u * t * a.y + 3 * u * t * t * b.y + t ** 3 * b.y;
		const words = lines(relationWords(edge), 22, 3), top = y + 4 - (words.length - 1) * 6.5;
		edge.shape = svg("g", { class: "edge" }, svg("path", { d: line, "marker-end": `url(#${arrow})` }),
			svg("text", { x, y: top, "text-anchor": "middle" }, words.map((w, i) => svg("tspan", { x, dy: i ? 13 : 0, text: w }))));
		return edge.shape;
	};
	const drawNode = node => {
		const id = Tables.uniqueId(), role = [node.start && "html_graph_start", node.target && "html_graph_target", !node.start && !node.target && "html_graph_step"].filter(Boolean).map(w => text(w)).join(", ");
		node.shape = svg("g", { class: `node${node.target ? " target" : node.start ? " start" : ""}`, role: "button", tabindex: "-1",
			"aria-labelledby": id, transform: `translate(${node.x} ${node.y})` },
			svg("title", { id, text: `${node.name} — ${role}` }),
			svg("rect", { width: WIDTH, height: HEIGHT, rx: 6 }),
			svg("text", { x: 10, y: 17, class: "role", text: role }),
			svg("text", { x: 10, y: 35, class: "name", text: cut(node.name, 20) }));
		return node.shape;
	};

	/* All that leads to a node, and all that it leads to. */
	const reach = (node, list, end) => {
		const nodes = new Set([node]), edges = new Set(), todo = [node];
		while (todo.length)
			for (const e of todo.pop()[list]) {
				edges.add(e);
				if (!nodes.has(e[end])) {
					nodes.add(e[end]);
					todo.push(e[end]);
				}
			}
		return { nodes, edges };
	};

	const pathLine = path => el("li", {}, path.steps.map((s, i) => i % 2 ? el("span", { class: "soft", text: ` → ${code("STEP", s)} → ` }) : el("strong", {}, bdi(s))),
		path.label ? el("span", { class: "small" }, " — ", path.label()) : null);

	/* paths: [{steps, label()}]; label gives what stands behind a path in the list, or nothing. */
	const draw = paths => {
		const graph = build(paths), size = place(graph), arrow = Tables.uniqueId();
		const list = el("div", { class: "graph-words", role: "status" });
		const picture = svg("svg", { width: size.width, height: size.height, viewBox: `0 0 ${size.width} ${size.height}`, role: "group",
			"aria-label": text("html_paths") },
			svg("defs", {}, svg("marker", { id: arrow, viewBox: "0 0 10 10", refX: "8", refY: "5", markerWidth: "7", markerHeight: "7", orient: "auto-start-reverse" },
				svg("path", { d: "M0 0 10 5 0 10z", class: "head-of-arrow" }))),
			graph.edges.map(e => drawEdge(e, arrow)), graph.nodes.map(drawNode));
		const scroll = el("div", { class: "graph-scroll" }, picture);
		let current = null;

		const focus = (node, move) => {
			current?.shape.setAttribute("tabindex", "-1");
			current = node;
			node.shape.setAttribute("tabindex", "0");
			if (move)
				node.shape.focus();
		};
		const follow = node => {
			const before = reach(node, "into", "from"), behind = reach(node, "out", "to");
			for (const n of graph.nodes) {
				n.shape.classList.toggle("on", before.nodes.has(n) || behind.nodes.has(n));
				n.shape.classList.toggle("here", n === node);
			}
			for (const e of graph.edges)
				e.shape.classList.toggle("on", before.edges.has(e) || behind.edges.has(e));
			picture.classList.add("followed");
			const through = graph.used.filter(p => p.steps.some((s, i) => i % 2 === 0 && s === node.name));
			list.replaceChildren(el("p", {}, textN("html_graph_through", through.length), " ", bdi(node.name)),
				el("ul", {}, through.slice(0, 12).map(pathLine)),
				through.length > 12 ? el("p", { class: "soft", text: textN("html_graph_more", through.length - 12) }) : "");
		};
		const release = () => {
			picture.classList.remove("followed");
			list.replaceChildren(el("p", { class: "soft small noprint", text: text("html_graph_keys") }));
		};
		const neighbour = (node, key) => {
			if (key === "ArrowRight")
				return node.out[0]?.to;
			if (key === "ArrowLeft")
				return node.into[0]?.from;
			const layer = size.layers[node.layer], i = layer.indexOf(node) + (key === "ArrowDown" ? 1 : -1);
			return layer[i];
		};
		graph.nodes.forEach(node => {
			node.shape.addEventListener("focus", () => { focus(node, false); follow(node); });
			node.shape.addEventListener("click", () => focus(node, true));
			node.shape.addEventListener("keydown", e => {
				if (/^Arrow/.test(e.key)) {
					const to = neighbour(node, e.key);
					e.preventDefault();
					if (to)
						focus(to, true);
				} else if (e.key === "Escape" && picture.classList.contains("followed")) {
					e.stopPropagation();
					release();
				} else if (e.key === "Enter" || e.key === " ") {
					e.preventDefault();
					follow(node);
				}
			});
		});
		if (graph.nodes.length)
			focus(size.layers[0][0], false);
		release();
		return el("figure", { class: "graph" }, scroll, list,
			graph.left ? el("p", { class: "soft small", text: textN("html_graph_left", graph.left) }) : null);
	};

	return { draw, pathLine };
})();
