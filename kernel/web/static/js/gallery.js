// Swatches and thumbnails change the leading picture without a new page.
const show = source => {
	const lead = document.querySelector("[data-lead]");
	if (!lead || !source.dataset.img) return;
	const { img, set, alt, name, big } = source.dataset;
	for (const other of lead.parentElement.querySelectorAll("source")) other.remove();
	lead.srcset = set ?? "";
	lead.src = img;
	lead.alt = alt ?? "";
	if (big) lead.closest("a")?.setAttribute("href", big);
	for (const out of document.querySelectorAll("[data-variant]")) {
		if (name) out.textContent = name;
	}
};
document.addEventListener("change", event => {
	if (event.target.matches("input[data-img]")) show(event.target);
});
document.addEventListener("click", event => {
	const link = event.target.closest("a[data-img]");
	if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
	event.preventDefault();
	show(link);
	for (const other of link.parentElement.children) other.removeAttribute("aria-current");
	link.setAttribute("aria-current", "true");
});
