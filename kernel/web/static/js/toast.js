// Notes that can be put away, and copying what is long to type.
wake("[data-dismiss]", button => {
	button.hidden = false;
	button.onclick = () => button.closest(".note").remove();
});
wake("[data-copy]", button => {
	button.hidden = !navigator.clipboard;
	button.onclick = async () => {
		await navigator.clipboard.writeText(button.dataset.copy);
		toast(button.dataset.said);
	};
});
