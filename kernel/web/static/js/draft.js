// A long form keeps itself a while after the last key, and never over what somebody else saved.
wake("form[data-draft]", form => {
	const { draft, conflict, unsaved } = form.dataset;
	const said = form.querySelector("[data-said]"), version = form.elements.draft_version;
	let timer, isBusy = false, isOver = false;
	const later = () => {
		clearTimeout(timer);
		if (!isOver) timer = setTimeout(save, 3000);
	};
	const save = async () => {
		if (isBusy || form.ariaBusy === "true") return later();
		isBusy = true;
		const body = new FormData(form);
		body.delete("pictures");
		try {
			const answer = await fetch(draft, { method: "POST", body, headers: { Accept: "application/json" } });
			isOver = answer.status === 409;
			if (!isOver) {
				const kept = await answer.json();
				version.value = kept.version;
				said.value = kept.said;
			} else said.value = conflict;
		} catch {
			said.value = unsaved;
		}
		isBusy = false;
	};
	form.addEventListener("input", later);
	form.addEventListener("submit", () => clearTimeout(timer));
});
