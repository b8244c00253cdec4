// A choice that names the total it leads to, in the page's own words, changes every total at once.
document.addEventListener("change", event => {
	const { all, share } = event.target.dataset;
	if (!all) return;
	for (const out of document.querySelectorAll("[data-total]")) {
		(out.querySelector(".amount") ?? out).textContent = all;
	}
	const row = document.querySelector("[data-coverrow]");
	row.hidden = !share;
	row.querySelector(".amount").textContent = share;
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
	const to = form.elements.update.getAttribute("formaction") ?? form.action;
	const sent = fetch(to, { method: "POST", body, signal }).catch(() => null);
	asked.add(sent);
	const answer = await sent;
	asked.delete(sent);
	const html = answer?.ok && await answer.text();
	if (turn !== sums) return;
	const at = form.contains(document.activeElement) && document.activeElement;
	const page = html && exchange(html, [part]);
	if (!page) return form.requestSubmit(form.elements.update);
	// What is being typed goes on where it was: the answer knows only what was typed when it was asked.
	if (at?.type === "text") document.getElementById(at.id).value = at.value;
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
