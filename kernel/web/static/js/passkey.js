// Forms that a passkey answers: what it says travels in a hidden field, as everything else does.
wake("form[data-passkey]", form => {
	if (!self.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
	form.hidden = false;
	form.addEventListener("submit", async event => {
		event.preventDefault();
		const asked = JSON.parse(form.dataset.passkey);
		const button = form.querySelector("button");
		button.disabled = true;
		try {
			const made = await (asked.user
				? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
				: navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) }));
			form.elements.credential.value = JSON.stringify(made.toJSON());
			form.submit();
		} catch {
			button.disabled = false;
			toast(form.dataset.failed);
		}
	});
});
