// Completions, goods and shops under the search box; what has a page of its own leads there.
wake("input[data-suggest]", input => {
	const { suggest, home, words } = input.dataset, form = input.form;
	const list = form.appendChild(made("ul", { ariaLabel: words ?? input.placeholder }));
	const box = combobox(input, list, one => {
		if (one.path && home) return location.assign(home + encodeURI(one.path));
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
			if (turn === asked && input.value.trim()) box.show(found);
		}, 120);
	});
});
