// A choice with data-add (minor units) changes every total of its form at once.
wake("[data-sum]", box => {
	const digits = +(box.dataset.digits ?? 2);
	const base = +box.dataset.sum;
	const words = new Intl.NumberFormat(document.documentElement.lang, {
		style: "currency", currency: box.dataset.cur, numberingSystem: "latn",
		minimumFractionDigits: digits, maximumFractionDigits: digits,
		currencyDisplay: box.dataset.code === undefined ? "symbol" : "code",
	});
	const say = minor => words.format(minor / 10 ** digits);
	box.addEventListener("change", () => {
		const chosen = [...box.querySelectorAll("input:checked[data-add]")];
		const added = chosen.reduce((sum, input) => sum + +input.dataset.add, 0);
		for (const out of document.querySelectorAll("[data-total]")) {
			(out.querySelector(".m") ?? out).textContent = say(base + added);
		}
		const row = box.querySelector("[data-coverrow]");
		if (row) {
			row.hidden = !added;
			row.querySelector(".m").textContent = say(added);
		}
	});
});
