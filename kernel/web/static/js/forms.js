// A refused form takes the focus to what is wrong; a sent form is sent once.
wake("[data-focus]", one => one.focus());
document.addEventListener("submit", event => {
	const form = event.target;
	if (form.method !== "post" || event.defaultPrevented || event.submitter?.formTarget) return;
	if (form.ariaBusy === "true") event.preventDefault();
	form.ariaBusy = "true";
	setTimeout(() => { form.ariaBusy = "false"; }, 8000);
});
addEventListener("pageshow", () => {
	for (const form of document.querySelectorAll("form[aria-busy]")) form.ariaBusy = "false";
});
// Of two amounts one is typed: the other one is emptied.
document.addEventListener("input", event => {
	const { dataset, value, form } = event.target;
	if (dataset.either && value) form.elements[dataset.either].value = "";
});
// A choice that changes the page sends its form, by the button that it names if it names one.
document.addEventListener("change", event => {
	const { dataset, form } = event.target;
	if (dataset.send !== undefined) form.requestSubmit(form.elements[dataset.send] ?? null);
});
// A password is read while it is typed, when somebody wants to.
wake("[data-shows]", box => {
	const secret = document.getElementById(box.dataset.shows);
	box.closest("[hidden]")?.removeAttribute("hidden");
	box.addEventListener("change", () => { secret.type = box.checked ? "text" : "password"; });
	secret.form.addEventListener("submit", () => { secret.type = "password"; });
});
