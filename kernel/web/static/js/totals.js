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
// Sums that a border has a say in are asked of the house: the form goes as it stands, by its button
// "update", and the part it names comes back with the new sums.
let sums = 0;
const asked = new Set();
document.addEventListener("change", async event => {
	const form = event.target.form, part = form?.dataset.live;
	if (!part) return;
	const turn = ++sums;
	const body = new FormData(form, form.elements.update);
	const signal = AbortSignal.timeout(9e3);
	const sent = fetch(form.action, { method: "POST", body, signal }).catch(() => null);
	asked.add(sent);
	const answer = await sent;
	asked.delete(sent);
	const html = answer?.ok && await answer.text();
	if (turn !== sums) return;
	const page = html && exchange(html, [part]);
	if (!page) return form.requestSubmit(form.elements.update);
	tell(page.querySelector(`#${part} [data-news]`)?.textContent);
});
// Whoever goes on waits for what was asked: done later, it would undo what was ticked since.
document.addEventListener("submit", event => {
	const form = event.target;
	if (!form.dataset.live || !asked.size) return;
	event.preventDefault();
	sums++;
	form.inert = true; // nothing more is changed, and the form stays the one that was sent
	Promise.all(asked).then(() => {
		form.inert = false;
		form.requestSubmit(event.submitter);
	});
}, true);
