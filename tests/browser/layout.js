// What a page's layout does to its words: measured, not looked at.
(() => {
	const named = el => {
		const own = e => e.localName + (e.id ? `#${e.id}` : [...e.classList].map(c => `.${c}`).join(""));
		return (el.parentElement ? `${own(el.parentElement)} > ` : "") + own(el);
	};
	const words = text => text.trim().replace(/\s+/g, " ").slice(0, 60);
	const isSeen = el => el.checkVisibility({ visibilityProperty: true, opacityProperty: true })
		&& !el.closest(".visually-hidden, .skip, [popover]:not(:popover-open), dialog:not([open])") && ![...ancestors(el)].some(isHeardOnly);
	// Hidden from eyes alone, as the heads of tables are on phones.
	const isHeardOnly = el => el.offsetWidth <= 1 && el.offsetHeight <= 1 && getComputedStyle(el).position === "absolute";
	const ancestors = function* (el) { for (let e = el.parentElement; e; e = e.parentElement) yield e };
	const clipsIn = (el, axis) => /auto|scroll|hidden|clip/.test(getComputedStyle(el)[axis])
		&& el !== document.body && el !== document.documentElement;
	const texts = () => {
		const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) {
			const el = walk.currentNode.parentElement;
			if (!walk.currentNode.data.trim() || el.closest("script, style, svg, option, noscript") || !isSeen(el)) continue;
			const range = document.createRange();
			range.selectNodeContents(walk.currentNode);
			for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) found.push({ el, box, text: walk.currentNode.data });
		}
		return found;
	};

	/** Things that stick out of the page, and sideways scrolling that no key reaches. */
	const spills = () => {
		const wide = document.documentElement.clientWidth, found = new Set(), out = [];
		for (const el of document.body.querySelectorAll("*")) {
			if (!isSeen(el)) continue;
			const box = el.getBoundingClientRect();
			if (box.width && (box.right > wide + 1 || box.left < -1) && ![...ancestors(el)].some(e => clipsIn(e, "overflowX")))
				out.push(el);
			if (/auto|scroll/.test(getComputedStyle(el).overflowX) && el.scrollWidth > el.clientWidth + 1
				&& el.tabIndex < 0 && !el.querySelector("a[href], button, input, select, textarea, summary, [tabindex]"))
				found.add(`scrolls and takes no focus: ${named(el)}`);
		}
		// The innermost are the cause; what holds them only gives way.
		for (const el of out) if (!out.some(other => other !== el && el.contains(other))) found.add(`sticks out: ${named(el)}`);
		return [...found];
	};

	/** Words that are cut off, or that run over other words. */
	const cuts = () => {
		const found = new Set(), seen = texts();
		for (const { el, box, text } of seen) {
			for (const e of [el, ...ancestors(el)]) {
				const style = getComputedStyle(e);
				if (style.webkitLineClamp !== "none") break; // says that it shows so many lines
				if (/auto|scroll/.test(style.overflowX + style.overflowY)) break; // can be scrolled to
				if (!clipsIn(e, "overflowX") && !clipsIn(e, "overflowY")) continue;
				const frame = e.getBoundingClientRect(), margin = 1 + (parseFloat(style.overflowClipMargin) || 0);
				if ((/hidden|clip/.test(style.overflowX) && (box.right > frame.right + margin || box.left < frame.left - margin))
					|| (/hidden|clip/.test(style.overflowY) && (box.bottom > frame.bottom + margin + 3 || box.top < frame.top - margin - 3)))
					found.add(`cut off: “${words(text)}” in ${named(e)}`);
			}
		}
		// What an ancestor hides runs over nothing.
		for (const found of seen) for (const e of ancestors(found.el)) if (clipsIn(e, "overflowY")) found.box = within(found.box, e.getBoundingClientRect());
		const rows = seen.filter(({ box }) => box.height > 0 && box.width > 0).sort((a, b) => a.box.top - b.box.top);
		for (let i = 0; i < rows.length; i++)
			for (let j = i + 1; j < rows.length && rows[j].box.top < rows[i].box.bottom; j++) {
				const [a, b] = [rows[i], rows[j]];
				const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
				const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
				if (a.el !== b.el && across > 3 && down > Math.min(a.box.height, b.box.height) * .4 && layer(a.el) === layer(b.el))
					found.add(`“${words(a.text)}” runs over “${words(b.text)}”: ${named(a.el)}, ${named(b.el)}`);
			}
		return [...found];
	};
	const within = (a, b) => {
		const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)], [right, bottom] = [Math.min(a.right, b.right), Math.min(a.bottom, b.bottom)];
		return { left, top, right, bottom, width: right - left, height: bottom - top };
	};
	// What is laid over the page on purpose: bars that stay, pins on a map.
	const layer = el => [el, ...ancestors(el)].find(e => /fixed|sticky/.test(getComputedStyle(e).position)) ?? null;

	/** What is to be hit and gives a thumb less than 44 pixels; words within a sentence may. */
	const slim = () => {
		const found = new Set();
		for (const el of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
			if (!isSeen(el) || el.matches(":disabled")) continue;
			const letters = e => e.textContent.replace(/\s+/g, "");
			if (getComputedStyle(el).display === "inline" && letters(el.parentElement) !== letters(el)) continue;
			const boxes = [el, .../checkbox|radio|file/.test(el.type) ? el.labels : []].map(e => e.getBoundingClientRect());
			const [left, top] = [Math.min(...boxes.map(b => b.left)), Math.min(...boxes.map(b => b.top))];
			const [right, bottom] = [Math.max(...boxes.map(b => b.right)), Math.max(...boxes.map(b => b.bottom))];
			// What is laid over it, or over all of its row, leads there too.
			const over = getComputedStyle(el, "::after"), laid = over.position === "absolute" && over.content !== "none";
			const wide = Math.max(right - left, laid ? parseFloat(over.width) : 0), high = Math.max(bottom - top, laid ? parseFloat(over.height) : 0);
			if (wide < 43.5 || high < 43.5) found.add(`${Math.round(wide)} by ${Math.round(high)}: ${named(el)}`);
		}
		return [...found];
	};

	/** How the children of each row stand: 1 where the next one is at the right, -1 where at the left. */
	const rows = () => {
		const found = {};
		const path = el => el === document.body ? "" : `${path(el.parentElement)}/${[...el.parentElement.children].indexOf(el)}`;
		for (const el of document.querySelectorAll("body *")) {
			const style = getComputedStyle(el);
			if (!/flex|grid/.test(style.display) || !isSeen(el) || el.closest("body [dir=ltr], .ltr, svg")) continue;
			const [a, b] = [...el.children].filter(e => isSeen(e) && !/absolute|fixed/.test(getComputedStyle(e).position)).map(e => e.getBoundingClientRect()).filter(box => box.width);
			if (a && b && a.bottom > b.top + 2 && b.bottom > a.top + 2 && (b.left >= a.right - 2 || a.left >= b.right - 2))
				found[path(el)] = [b.left >= a.right - 2 ? 1 : -1, named(el)];
		}
		return found;
	};
	/** What the house itself says: no name, no number, nothing that carries its own language. */
	const said = () => [...new Set(texts().filter(({ el }) => !el.closest("bdi, .ltr, [dir=auto], body [lang]"))
		.map(found => found.text.trim().replace(/\s+/g, " ")))];
	return { spills, cuts, slim, rows, said, texts: () => [...new Set(texts().map(found => found.text.trim().replace(/\s+/g, " ")))] };
})()
