// A heart fills where it stands; without a script the page comes back with it filled.
document.addEventListener("submit", async event => {
	const form = event.target, heart = event.submitter;
	if (form.id !== "hearts" || !heart || form.dataset.plain) return;
	event.preventDefault();
	const body = new FormData(form, heart), asked = heart.formAction;
	body.set("quiet", 1);
	const answer = await fetch(asked, { method: "POST", body, redirect: "manual" }).catch(() => null);
	if (answer?.type !== "opaqueredirect") {
		form.dataset.plain = 1;
		return form.requestSubmit(heart);
	}
	for (const one of document.querySelectorAll(`.heart[value="${CSS.escape(heart.value)}"]`)) {
		one.ariaPressed = asked === form.action;
		if (asked === form.action) one.formAction = `${form.action}/drop`;
		else one.removeAttribute("formaction");
	}
});
