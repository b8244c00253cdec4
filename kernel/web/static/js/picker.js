// A long select becomes a box that narrows its list as one types: countries, currencies, kinds.
const folded = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
wake("select[data-pick]", select => {
	const label = select.labels[0];
	// The box stands where the select stood: its label and the list of errors lead to it.
	const input = made("input", { className: "input", id: select.id, dir: "auto" });
	select.removeAttribute("id");
	const list = made("ul", { ariaLabel: label?.textContent.trim() });
	const frame = made("span", { className: "combo" });
	const shown = () => select.selectedOptions[0]?.text ?? "";
	const show = text => {
		const rows = [...select.options].filter(option => option.text);
		const begins = one => folded(one.text).startsWith(text) ? 0 : 1;
		const found = rows.filter(one => folded(one.text).includes(text) || one.value.toLowerCase() === text);
		box.show(text ? found.sort((a, b) => begins(a) - begins(b)).slice(0, 60) : rows);
	};
	const box = combobox(input, list, option => {
		select.value = option.value;
		input.value = shown();
		select.dispatchEvent(new Event("change", { bubbles: true }));
	});
	for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
		if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
	}
	select.hidden = true;
	select.before(frame);
	frame.append(input, list);
	input.value = shown();
	input.addEventListener("focus", () => input.select());
	input.addEventListener("click", () => show(""));
	input.addEventListener("input", () => show(folded(input.value.trim())));
	input.addEventListener("keydown", event => {
		if (list.hidden && event.key.startsWith("Arrow")) { event.preventDefault(); show(""); }
	});
	input.addEventListener("blur", () => { input.value = shown(); });
	select.form?.addEventListener("reset", () => setTimeout(() => { input.value = shown(); }));
});
