// One less, one more; the field itself can be typed into.
for (const step of document.querySelectorAll(".step")) {
	step.addEventListener("click", event => {
		const button = event.target.closest("button[data-d]");
		const field = step.querySelector("input");
		if (!button) return;
		const low = +(field.min || 1), high = +(field.max || 999);
		field.value = Math.min(high, Math.max(low, +field.value + +button.dataset.d));
		field.dispatchEvent(new Event("change", { bubbles: true }));
	});
}
