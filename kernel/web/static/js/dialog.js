// What folds open without script is asked in a dialog with it; Escape and a press outside close it.
wake("details[data-dialog]", fold => {
	const opener = fold.querySelector("summary");
	const dialog = named(made("dialog"), { closedby: "any", "aria-label": opener.textContent.trim() });
	dialog.append(...[...fold.children].filter(child => child !== opener));
	fold.after(dialog);
	opener.ariaHasPopup = "dialog";
	const close = dialog.querySelector("[data-close]");
	if (close) {
		close.hidden = false;
		close.onclick = () => dialog.close();
	}
	opener.addEventListener("click", event => {
		event.preventDefault();
		dialog.showModal();
		close?.focus();
	});
	dialog.addEventListener("click", event => {
		if (event.target === dialog) dialog.close();
	});
	dialog.addEventListener("close", () => opener.focus());
	if (fold.open) {
		fold.open = false;
		dialog.showModal();
	}
});
