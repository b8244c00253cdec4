// One box, a list under it, keys by the combobox pattern; everything works without it.
let boxes = 0;
const combobox = (input, list, choose) => {
	const id = `list-${boxes++}`;
	let at = -1;
	list.id = id;
	list.hidden = true;
	named(list, { role: "listbox" });
	named(input, {
		role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off",
	});
	const mark = next => {
		at = next;
		for (const [n, row] of [...list.children].entries()) row.ariaSelected = String(n === at);
		list.children[at]?.scrollIntoView({ block: "nearest" });
		if (at < 0) input.removeAttribute("aria-activedescendant");
		else input.setAttribute("aria-activedescendant", `${id}-${at}`);
	};
	const close = () => {
		list.hidden = true;
		input.ariaExpanded = "false";
		mark(-1);
	};
	const show = found => {
		list.replaceChildren(...found.map((one, n) => {
			const row = named(made("li", { id: `${id}-${n}`, dir: "auto" }), { role: "option", "aria-selected": "false" });
			if (one.picture) row.append(made("img", { src: one.picture, alt: "" }));
			row.append(made("span", { textContent: one.text }));
			if (one.note || one.count) row.append(made("small", { textContent: one.note || one.count }));
			row.onpointerdown = event => event.preventDefault();
			row.onclick = () => take(one);
			row.one = one;
			return row;
		}));
		at = -1;
		list.hidden = !found.length;
		input.ariaExpanded = String(!list.hidden);
		tell(found.length ? `${found.length} ${list.ariaLabel}` : "");
	};
	const take = one => {
		close();
		choose(one);
	};
	input.addEventListener("keydown", event => {
		const last = list.children.length - 1;
		if (event.key === "Escape" && !list.hidden) { event.preventDefault(); return close(); }
		if (list.hidden || last < 0) return;
		const moves = { ArrowDown: at < last ? at + 1 : -1, ArrowUp: at < 0 ? last : at - 1, Home: 0, End: last };
		if (event.key in moves && (at >= 0 || event.key.startsWith("Arrow"))) {
			event.preventDefault();
			mark(moves[event.key]);
		} else if (event.key === "Enter" && at >= 0) {
			event.preventDefault();
			take(list.children[at].one);
		}
	});
	input.addEventListener("blur", close);
	return { show, close };
};
