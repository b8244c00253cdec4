// One less, one more; the field itself can be typed into.
document.addEventListener("click", event => {
	const button = event.target.closest(".step button[data-d]");
	if (!button) return;
	const field = button.closest(".step").querySelector("input");
	const low = +(field.min || 1), high = +(field.max || 999);
	field.value = Math.min(high, Math.max(low, +field.value + +button.dataset.d));
	field.dispatchEvent(new Event("change", { bubbles: true }));
});
