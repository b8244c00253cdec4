// Thumbnails change the leading picture without a new page.
document.addEventListener("click", event => {
	const link = event.target.closest("a[data-img]");
	if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
	event.preventDefault();
	const { img, set, alt, big } = link.dataset, lead = document.querySelector("[data-lead]");
	for (const other of lead.parentElement.querySelectorAll("source")) other.remove();
	Object.assign(lead, { srcset: set, src: img, alt });
	lead.closest("a").href = big;
	for (const other of link.parentElement.children) other.removeAttribute("aria-current");
	link.setAttribute("aria-current", "true");
});
