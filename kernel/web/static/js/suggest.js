// Completions and shelves under the search box.
wake("input[data-suggest]", input => {
	const { suggest, shelf, words } = input.dataset, form = input.form;
	const list = form.appendChild(made("ul", { ariaLabel: words ?? input.placeholder }));
	const box = combobox(input, list, one => {
		if (one.kind === "category" && shelf) return location.assign(shelf + encodeURI(one.target));
		input.value = one.text;
		form.requestSubmit();
	});
	let asked = 0, timer;
	input.addEventListener("input", () => {
		clearTimeout(timer);
		const q = input.value.trim();
		if (!q) return box.close();
		timer = setTimeout(async () => {
			const turn = ++asked;
			const query = new URLSearchParams({ q, locale: document.documentElement.lang.toLowerCase() });
			const answer = await fetch(`${suggest}?${query}`).catch(() => null);
			const found = answer?.ok ? await answer.json() : [];
			if (turn === asked && input.value.trim()) box.show(found.slice(0, 8));
		}, 120);
	});
});
