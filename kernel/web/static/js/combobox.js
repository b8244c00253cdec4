// Suggestions under a search box, by the combobox pattern; the form works without them.
for (const input of document.querySelectorAll("input[data-suggest]")) {
	const form = input.form;
	const list = Object.assign(document.createElement("ul"), { id: "suggestions", hidden: true });
	const told = document.createElement("span");
	list.setAttribute("role", "listbox");
	list.setAttribute("aria-label", input.dataset.words ?? input.placeholder);
	told.className = "vh";
	told.setAttribute("role", "status");
	form.append(list, told);
	for (const [name, value] of Object.entries({
		role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
	})) input.setAttribute(name, value);

	let at = -1, asked = 0, timer;
	const rows = () => [...list.children];
	const close = () => {
		list.hidden = true;
		at = -1;
		input.setAttribute("aria-expanded", "false");
		input.removeAttribute("aria-activedescendant");
	};
	const mark = next => {
		at = next;
		for (const [n, row] of rows().entries()) row.setAttribute("aria-selected", String(n === at));
		if (at < 0) input.removeAttribute("aria-activedescendant");
		else input.setAttribute("aria-activedescendant", rows()[at].id);
	};
	const show = found => {
		list.replaceChildren(...found.map((one, n) => {
			const row = Object.assign(document.createElement("li"), { id: `suggestion-${n}`, dir: "auto" });
			row.setAttribute("role", "option");
			row.setAttribute("aria-selected", "false");
			row.dataset.href = one.kind === "category" && input.dataset.shelf ? input.dataset.shelf + encodeURI(one.target) : "";
			row.dataset.text = one.text;
			row.append(one.text);
			if (one.count) row.append(Object.assign(document.createElement("small"), { textContent: one.count }));
			return row;
		}));
		at = -1;
		list.hidden = !found.length;
		input.setAttribute("aria-expanded", String(!list.hidden));
		told.textContent = found.length ? `${found.length} ${list.getAttribute("aria-label")}` : "";
	};
	const go = row => {
		if (row.dataset.href) location.assign(row.dataset.href);
		else {
			input.value = row.dataset.text;
			form.requestSubmit();
		}
	};
	input.addEventListener("input", () => {
		clearTimeout(timer);
		const text = input.value.trim();
		if (!text) return close();
		timer = setTimeout(async () => {
			const turn = ++asked;
			const query = new URLSearchParams({ q: text, locale: document.documentElement.lang.toLowerCase() });
			const answer = await fetch(`${input.dataset.suggest}?${query}`).catch(() => null);
			if (turn !== asked || !answer?.ok) return;
			show((await answer.json()).slice(0, 8));
		}, 120);
	});
	input.addEventListener("keydown", event => {
		const last = rows().length - 1;
		if (event.key === "Escape" && !list.hidden) { event.preventDefault(); return close(); }
		if (list.hidden || last < 0) return;
		const moves = { ArrowDown: at < last ? at + 1 : -1, ArrowUp: at < 0 ? last : at - 1, Home: 0, End: last };
		if (event.key in moves && (at >= 0 || !["Home", "End"].includes(event.key))) {
			event.preventDefault();
			mark(moves[event.key]);
		} else if (event.key === "Enter" && at >= 0) {
			event.preventDefault();
			go(rows()[at]);
		}
	});
	list.addEventListener("pointerdown", event => {
		const row = event.target.closest("li");
		if (row) { event.preventDefault(); go(row); }
	});
	input.addEventListener("blur", () => setTimeout(close, 120));
}
