// What the modules share: waking what stands on the page, now and in every part that comes later,
// putting fetched parts in place, and saying what changed.
const wakers = [];
const wake = (selector, act) => {
	const look = root => {
		if (root.matches?.(selector)) act(root);
		for (const one of root.querySelectorAll(selector)) act(one);
	};
	wakers.push(look);
	look(document);
};
const made = (tag, given) => Object.assign(document.createElement(tag), given);
const named = (one, names) => {
	for (const [name, value] of Object.entries(names)) one.setAttribute(name, value);
	return one;
};
const speaker = document.body.appendChild(named(made("p", { className: "visually-hidden" }), { role: "status" }));
const tell = words => {
	speaker.textContent = words?.trim().replace(/\s+/g, " ") ?? "";
};
// Short news that goes by itself, unless somebody is reading it.
const shelf = document.body.appendChild(named(made("div", { className: "toasts" }), { role: "status" }));
const toast = words => {
	const note = shelf.appendChild(made("p", { textContent: words }));
	const go = () => note.matches(":hover") ? setTimeout(go, 2000) : note.remove();
	setTimeout(go, 6000);
};
// Returns the fetched page once all its parts stand in ours, nothing when one is missing.
const exchange = (html, ids) => {
	const page = new DOMParser().parseFromString(html, "text/html");
	const pairs = ids.map(id => [document.getElementById(id), page.getElementById(id)]);
	if (pairs.some(pair => !pair[0] || !pair[1])) return null;
	const at = document.activeElement, quoted = CSS.escape;
	const same = at?.id ? `#${quoted(at.id)}` :
		at?.name && `[name="${quoted(at.name)}"][value="${quoted(at.value)}"]`;
	for (const [old, fresh] of pairs) {
		old.replaceWith(fresh);
		for (const look of wakers) look(fresh);
	}
	document.title = page.title;
	if (same && !at.isConnected) document.querySelector(same)?.focus({ preventScroll: true });
	return page;
};
