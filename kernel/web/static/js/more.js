// The next page of goods joins this one: the first of the new cards takes the focus, and the address
// under the link stays a page of its own.
wake("a[data-more]", link => {
	link.textContent = link.dataset.more;
	link.addEventListener("click", async event => {
		if (event.metaKey || event.ctrlKey || event.shiftKey) return;
		event.preventDefault();
		link.ariaBusy = "true";
		const answer = await fetch(link.href).catch(() => null);
		const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
		const cards = [...page ? page.querySelectorAll("ul.grid > li") : []];
		const nav = link.closest("nav"), next = page && page.querySelector("nav.more-pages");
		if (!cards.length || !next) return location.assign(link.href);
		const grids = document.querySelectorAll("ul.grid");
		grids[grids.length - 1].append(...cards);
		nav.replaceWith(next);
		for (const look of wakers) look(next);
		cards[0].querySelector("a")?.focus();
		tell(next.dataset.said);
	});
});
