// Under a field of money: the amount as we read it, in the reader's own way of writing.
const lang = document.documentElement.lang;
const sample = new Intl.NumberFormat(lang, { numberingSystem: "latn", useGrouping: "always" }).formatToParts(12345.6);
const sign = type => sample.find(part => part.type === type)?.value ?? "";
const [point, group] = [sign("decimal"), sign("group")];
const esc = text => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
// Digits of every script begin at a code point that ends a run of tens.
const latin = text => text.normalize("NFKC").replace(/\p{Nd}/gu, digit => {
	let zero = digit.codePointAt(0);
	while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && digit.codePointAt(0) - zero < 9) zero--;
	return digit < "\u0660" ? digit : (digit.codePointAt(0) - zero) % 10;
});
const read = (typed, currency, digits) => {
	const text = latin(typed.replace(/[\u200e\u200f\u061c\u2066-\u2069]/g, "").replace(/\u066b/g, ".").replace(/\u066c/g, ","))
		.replace(new RegExp(`^${currency}|${currency}$`, "i"), "").trim()
		.replace(/\s+/g, group.trim() ? " " : group);
	const tail = digits ? `(?:${esc(point)}(\\d{0,${digits}}))?` : "()";
	const found = text.match(new RegExp(`^(\\d+|\\d{1,3}(?:${esc(group)}\\d{3})+)${tail}$`));
	return found && found[1].length < 18 ? +`${found[1].replaceAll(group, "")}.${found[2] || 0}` : null;
};
wake("input[data-echo]", input => {
	const out = document.getElementById(`a-${input.id}`);
	let timer;
	const say = () => {
		const chosen = input.form?.elements[input.dataset.echo]?.value || input.dataset.echo;
		const digits = new Intl.NumberFormat("en", { style: "currency", currency: chosen }).resolvedOptions().maximumFractionDigits;
		const value = read(input.value, chosen, digits);
		input.placeholder = new Intl.NumberFormat(lang, { numberingSystem: "latn", minimumFractionDigits: digits }).format(0);
		out.value = value === null ? "" : new Intl.NumberFormat(lang, {
			style: "currency", currency: chosen, numberingSystem: "latn", currencyDisplay: "code",
		}).format(value);
	};
	const soon = () => {
		clearTimeout(timer);
		timer = setTimeout(say, 250);
	};
	input.addEventListener("input", soon);
	input.form?.addEventListener("change", soon);
	if (input.value) say();
});
