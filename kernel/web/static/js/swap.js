// Filters, pages and orders of a list change the list alone; addresses and the back button hold.
const kept = new Map();
let asked = 0;
const parts = one => one?.closest("[data-part]")?.dataset.part.split(" ");
const put = (html, ids) => {
	const page = exchange(html, ids);
	if (!page) return false;
	const part = document.getElementById(ids[0]);
	tell((part.querySelector("[data-news]") ?? page.querySelector("title")).textContent);
	if (document.activeElement === document.body) {
		const start = part.querySelector("[data-start]") ?? part;
		if (start.tabIndex < 0) start.tabIndex = -1;
		start.focus({ preventScroll: true });
		if (part.getBoundingClientRect().top < 0) part.scrollIntoView();
	}
	return true;
};
const go = async (address, ids, isNew) => {
	const turn = ++asked, list = document.getElementById(ids[0]);
	list?.setAttribute("aria-busy", "true");
	const answer = await fetch(address).catch(() => null);
	const html = answer?.ok && await answer.text();
	if (turn !== asked) return;
	if (html) kept.set(answer.url, html);
	if (isNew && html) {
		history.replaceState({ ids }, "");
		history.pushState({ ids }, "", answer.url);
	}
	if (!html || !put(html, ids)) location.assign(address);
};
document.addEventListener("click", event => {
	const link = event.target.closest("a[href]"), ids = parts(link);
	if (!ids || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
	if (link.origin !== location.origin || link.target || link.hash) return;
	event.preventDefault();
	go(link.href, ids, true);
});
document.addEventListener("submit", event => {
	const form = event.target, ids = parts(form);
	if (!ids || form.method !== "get" || event.defaultPrevented) return;
	event.preventDefault();
	const sheet = document.querySelector(".sheet-switch");
	if (sheet && event.submitter) sheet.checked = false;
	const typed = [...new FormData(form, event.submitter)].filter(pair => pair[1]);
	go(`${form.action.split("?")[0]}?${new URLSearchParams(typed)}`, ids, true);
});
document.addEventListener("change", event => {
	const form = event.target.form;
	if (form?.dataset.part && event.target.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit();
});
addEventListener("popstate", event => {
	const ids = event.state?.ids, html = kept.get(location.href);
	if (ids && !(html && put(html, ids))) go(location.href, ids, false);
});
