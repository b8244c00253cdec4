// Swatches and thumbnails change the leading picture without a new page.
const lead = document.querySelector("[data-lead]");
const show = source => {
	if (!lead || !source.dataset.img) return;
	lead.src = source.dataset.img;
	lead.alt = source.dataset.alt ?? "";
	for (const out of document.querySelectorAll("[data-variant]")) {
		if (source.dataset.name) out.textContent = source.dataset.name;
	}
};
for (const input of document.querySelectorAll("input[data-img]")) {
	input.addEventListener("change", () => show(input));
}
for (const link of document.querySelectorAll("a[data-img]")) {
	link.addEventListener("click", event => {
		event.preventDefault();
		show(link);
		for (const other of link.parentElement.children) other.removeAttribute("aria-current");
		link.setAttribute("aria-current", "true");
	});
}
