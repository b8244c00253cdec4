// A heart fills where it stands; without a script the page comes back with it filled.
document.addEventListener("submit", async event => {
	const form = event.target, heart = event.submitter;
	if (form.id !== "hearts" || !heart || event.defaultPrevented || form.dataset.plain) return;
	event.preventDefault();
	const isKept = heart.hasAttribute("formaction"), body = new FormData(form, heart);
	body.set("quiet", 1);
	const sent = { method: "POST", body, redirect: "manual" };
	const answer = await fetch(isKept ? heart.formAction : form.action, sent).catch(() => null);
	form.ariaBusy = "false";
	if (answer?.type !== "opaqueredirect") {
		form.dataset.plain = 1;
		return form.requestSubmit(heart);
	}
	for (const one of document.querySelectorAll(`.heart[value="${CSS.escape(heart.value)}"]`)) {
		one.ariaPressed = !isKept;
		if (isKept) one.removeAttribute("formaction");
		else one.formAction = `${form.action}/drop`;
	}
});
