// A refused form takes the focus to what is wrong; a sent form is sent once.
document.querySelector("[data-focus]")?.focus();
for (const form of document.querySelectorAll("form[method=post]")) {
	form.addEventListener("submit", event => {
		if (form.ariaBusy === "true") event.preventDefault();
		form.ariaBusy = "true";
		setTimeout(() => { form.ariaBusy = "false"; }, 8000);
	});
}
addEventListener("pageshow", () => {
	for (const form of document.querySelectorAll("form[aria-busy]")) form.ariaBusy = "false";
});
for (const field of document.querySelectorAll("[data-send]")) {
	field.addEventListener("change", () => field.form.requestSubmit());
}
