// Files on their way: how much has arrived, a way to stop, and the answer in the same place.
wake("form[data-upload]", form => {
	const files = form.querySelector("[type=file]"), box = form.querySelector("[data-progress]");
	const bar = box.querySelector("progress"), out = box.querySelector("output");
	const share = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", numberingSystem: "latn" });
	files.addEventListener("change", () => {
		const isLarge = [...files.files].some(file => file.size > +form.dataset.upload);
		files.setCustomValidity(isLarge ? files.dataset.large : "");
		const add = form.querySelector("[data-adds]");
		if (files.reportValidity() && files.files.length && add) form.requestSubmit(add);
	});
	form.addEventListener("submit", event => {
		event.preventDefault();
		if (!files.reportValidity() || form.ariaBusy === "true") return;
		const sending = new XMLHttpRequest();
		const ended = () => {
			form.ariaBusy = "false";
			box.hidden = true;
		};
		// A button may send the same form elsewhere; only an answer of another address has its own.
		const by = event.submitter, to = by?.hasAttribute("formaction") ? by.formAction : form.action;
		form.ariaBusy = "true";
		box.hidden = false;
		box.querySelector("button").onclick = () => sending.abort();
		sending.upload.onprogress = at => {
			bar.value = at.loaded / at.total;
			out.textContent = share.format(bar.value);
		};
		sending.onabort = ended;
		sending.onerror = () => {
			ended();
			toast(form.dataset.failed);
		};
		sending.onload = () => {
			ended();
			const page = exchange(sending.responseText, ["main"]);
			if (!page) return toast(form.dataset.failed);
			const at = sending.responseURL, isNew = [to, location.href].every(one => one.split("#")[0] !== at);
			if (sending.status < 400 && isNew) {
				history.replaceState(null, "", at);
				document.getElementById("main").focus({ preventScroll: true });
				scrollTo(0, 0);
			}
			// What was wrong at a field, else the news: both stand in our page by now.
			tell((document.querySelector("main :is(.error, [role=status])") ?? page.querySelector("title")).textContent);
		};
		sending.open("POST", to);
		sending.send(new FormData(form, by));
	});
});
