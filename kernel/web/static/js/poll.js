// A part that follows what happens: asks while it is seen, less often while nothing changes.
const LONGEST = 300_000;
const words = part => part.textContent.trim().replace(/\s+/g, " ");
wake("[data-poll]", part => {
	const first = part.dataset.poll * 1000, over = new AbortController();
	const off = document.querySelector(`[data-poll-switch="${part.id}"]`);
	let pause = first, timer;
	const later = () => {
		clearTimeout(timer);
		if (part.isConnected) timer = setTimeout(ask, pause);
		else over.abort();
	};
	const ask = async () => {
		const isBusy = part.querySelector("dialog[open], :is(input, select, textarea):focus");
		if (document.hidden || isBusy || off?.checked === false) return later();
		const answer = await fetch(location.href).catch(() => null);
		if (answer?.status >= 400 && answer.status < 500) return;
		const html = answer?.ok ? await answer.text() : "";
		const fresh = html && new DOMParser().parseFromString(html, "text/html").getElementById(part.id);
		if (fresh && part.isConnected && words(fresh) !== words(part)) {
			exchange(html, [part.id]);
			tell((fresh.querySelector("[data-news]") ?? document.querySelector("h1")).textContent);
			return over.abort();
		}
		pause = Math.min(pause * 1.5, LONGEST);
		later();
	};
	document.addEventListener("visibilitychange", () => {
		if (document.hidden) return;
		pause = first;
		ask();
	}, { signal: over.signal });
	if (off) off.closest("[hidden]")?.removeAttribute("hidden");
	later();
});
