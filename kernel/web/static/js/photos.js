// Pictures open large in a dialog, one after the other; without a script they are plain links. In a
// gallery the leading one opens whichever thumbnail is the current one. A press brings it nearer.
document.addEventListener("click", event => {
	const link = event.target.closest("a[data-large]:not([data-img]), a[data-opens]");
	if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
	event.preventDefault();
	const list = link.closest("[data-words]"), row = [...list.querySelectorAll("a[data-large]")];
	const [close, before, next, zoom] = list.dataset.words.split("|");
	const dialog = named(made("dialog", { className: "shot" }), { closedby: "any" });
	const bar = made("div", { className: "row" }), words = made("p", { className: "sm", dir: "auto" });
	let at = row.indexOf(link.dataset.large ? link : list.querySelector("[aria-current]")), image;
	const put = step => {
		at = (at + step + row.length) % row.length;
		const [width, height] = row[at].dataset.large.split(" "), alt = row[at].querySelector("img").alt;
		const fresh = made("img", { src: row[at].dataset.big ?? row[at].href, alt, width, height });
		// Its frame is known before the picture has come, and nothing moves when it does.
		fresh.style.setProperty("--wide", width);
		fresh.style.setProperty("--high", height);
		image ? image.replaceWith(fresh) : dialog.append(fresh);
		image = fresh;
		image.onclick = press => {
			const { left, top, width, height } = image.getBoundingClientRect();
			near((press.clientX - left) / width, (press.clientY - top) / height);
		};
		words.textContent = alt;
		dialog.ariaLabel = alt;
	};
	// Twice or more as large, the pressed point in the middle; scrolling moves about, as everywhere.
	const near = (x, y) => {
		dialog.classList.toggle("near");
		const { left, top, width, height } = image.getBoundingClientRect();
		dialog.scrollBy(left + x * width - innerWidth / 2, top + y * height - innerHeight / 2);
	};
	const button = (label, act) => bar.append(made("button", { type: "button", className: "btn btn-3 btn-s", textContent: label, onclick: act }));
	if (row.length > 1) {
		button(before, () => put(-1));
		button(next, () => put(1));
	}
	button(zoom, () => near(.5, .5));
	button(close, () => dialog.close());
	dialog.append(bar);
	put(0);
	words.setAttribute("aria-live", "polite");
	dialog.append(words);
	dialog.addEventListener("click", press => press.target === dialog && dialog.close());
	dialog.addEventListener("close", () => {
		dialog.remove();
		link.focus();
	});
	document.body.append(dialog);
	dialog.showModal();
});
