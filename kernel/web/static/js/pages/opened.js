// What is bought rests until its papers were opened: its button says why, and wakes with them.
// data-opens names what leads to the papers, after the choice that asks for them where there is one,
// data-levels the values of that choice they are about, data-paper which papers they are: others of
// them are opened anew. The house keeps what was opened, and says it by data-opened.
// data-rests is on the button, and data-why on what says that it rests and is hidden while it doesn't.
{
	const seen = new Set();
	const isOpen = one => "opened" in one.dataset || seen.has(one.dataset.paper);
	const isAsked = one => {
		const choices = [...document.getElementsByName(one.dataset.opens)];
		const levels = one.dataset.levels?.split(" ");
		return !choices.length || choices.some(choice => choice.checked && (levels?.includes(choice.value) ?? choice.value));
	};
	const missing = () => [...document.querySelectorAll("[data-opens]")].filter(one => isAsked(one) && !isOpen(one));
	const show = () => {
		const left = missing();
		for (const button of document.querySelectorAll("[data-rests]")) {
			button.ariaDisabled = left.length ? "true" : null;
		}
		for (const why of document.querySelectorAll("[data-why]")) why.hidden = !left.length;
	};
	const press = event => {
		const opens = event.target.closest("[data-opens]");
		if (opens) {
			seen.add(opens.dataset.paper);
			// After this press has done what it does: a form is sent as it stands.
			setTimeout(show);
		}
		const [first] = event.target.closest("[data-rests]") ? missing() : [];
		if (!first) return;
		event.preventDefault();
		show();
		first.scrollIntoView({ block: "center" });
		first.focus();
	};
	for (const kind of ["click", "auxclick"]) document.addEventListener(kind, press, true);
	document.addEventListener("change", show);
	// Parts of the page are put in anew when a choice changes a price.
	new MutationObserver(show).observe(document.body, { childList: true, subtree: true });
	show();
}
