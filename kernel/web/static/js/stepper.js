// One less, one more; the field itself can be typed into.
document.addEventListener("click", event => {
	const button = event.target.closest(".step button[data-d]");
	if (!button) return;
	const field = button.closest(".step").querySelector("input");
	const most = +(field.dataset.most || 999);
	field.value = Math.min(most, Math.max(1, +field.value + +button.dataset.d));
	field.dispatchEvent(new Event("change", { bubbles: true }));
});
// Pieces change more than a sum: freight and duty go by the parcel, so the page is asked again.
document.addEventListener("change", event => {
	const again = document.getElementById(event.target.dataset.again ?? "");
	if (!again) return;
	const typed = event.target.form.elements;
	for (const field of again.elements) field.value = typed[field.name]?.value ?? field.value;
	again.requestSubmit();
});
