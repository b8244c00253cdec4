// What a certificate is worth, told by this browser alone: nothing that is chosen leaves it.
// The same rules as insurance/contracts/certificates: trailer.py, rules.py and published.py.
// A script without modules, as a page that was saved may load no module.
{
	const place = document.querySelector("[data-verify]");
	const [files, text, saved] = ["certificate", "code", "keys"].map(name => place.querySelector(`[name=${name}]`));
	const asOf = place.querySelector("[data-as-of]"), live = place.querySelector("[data-live]"), all = [...place.querySelectorAll("[data-said]")];
	const bytes = hex => Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16));
	const utf8 = said => new TextEncoder().encode(said);
	// One letter for each byte; below 128, where everything stands that is looked for, the same one.
	const latin = file => new TextDecoder("latin1").decode(file);
	let list = null;

	async function isSigned(key, signature, over) {
		const known = await crypto.subtle.importKey("raw", bytes(key), "Ed25519", false, ["verify"]);
		return crypto.subtle.verify("Ed25519", known, signature, over);
	}

	async function keyId(key) {
		const digest = await crypto.subtle.digest("SHA-256", bytes(key));
		return "HC-" + [...new Uint8Array(digest, 0, 4)].map(byte => byte.toString(16).padStart(2, "0")).join("");
	}

	// The key of a name, where the list has it and it is the one that bears the name.
	async function keyOf(name, of) {
		const key = Object.hasOwn(of.keys, name) ? of.keys[name] : "";
		return key && await keyId(key) === name ? key : "";
	}

	async function readList(written) {
		const signed = JSON.parse(written), of = JSON.parse(signed.list);
		const key = await keyOf(signed.key_id, of);
		const isOurs = key && await isSigned(key, bytes(signed.signature), utf8(signed.list));
		if (!isOurs || Object.hasOwn(of.revoked_keys, signed.key_id)) throw new Error("list");
		return of;
	}

	const ending = said => (said.match(/startxref\s+[0-9]+\s+%%EOF/g) ?? []).at(-1);

	async function ofFile(file) {
		const said = latin(file), start = said.lastIndexOf("%entrepot-certificate ");
		const line = /^%entrepot-certificate (\S+) ([1-9][0-9]*) (\S+) ([0-9a-f]{128})\n/.exec(said.slice(Math.max(start, 0)));
		if (!line) return null;
		const end = ending(said.slice(0, start));
		if (said.slice(start + line[0].length) !== (end ? end + "\n" : "")) return null;
		const key = await keyOf(line[3], list), over = file.subarray(0, start + line[0].length - 129);
		const isOurs = key && await isSigned(key, bytes(line[4]), over);
		return isOurs ? { number: line[1], revision: +line[2], signer: line[3] } : null;
	}

	async function ofCode(code) {
		const parts = decodeURIComponent(code.trim()).split("seal=").at(-1).split("~");
		if (parts.length !== 5 || !/^[\w-]{86}$/.test(parts[4])) return null;
		const signature = Uint8Array.from(atob(parts[4].replace(/-/g, "+").replace(/_/g, "/")), sign => sign.charCodeAt(0));
		const key = await keyOf(parts[3], list);
		const isOurs = key && await isSigned(key, signature, utf8(parts.slice(0, 4).join("~")));
		return isOurs ? { number: parts[0], revision: +parts[1], signer: parts[3] } : null;
	}

	function standing(of) {
		if (!of) return { worth: "false" };
		const [until, why] = Object.hasOwn(list.revoked, of.number) ? list.revoked[of.number] : [0, ""];
		const isLate = Object.hasOwn(list.revoked_keys, of.signer) || (why && of.revision <= until);
		const newer = Object.hasOwn(list.superseded, of.number) ? list.superseded[of.number] : 0;
		return { ...of, newer, worth: isLate ? "revoked" : newer > of.revision ? "superseded" : "genuine" };
	}

	function say(worth, told = {}) {
		for (const box of all) {
			box.hidden = box.dataset.said !== worth;
			for (const one of box.querySelectorAll("[data-told]")) one.textContent = told[one.dataset.told] ?? "";
		}
		live.href = place.dataset.page.replace("NUMBER", encodeURIComponent(told.number ?? ""));
	}

	async function judge() {
		const file = files.files[0], code = text.value;
		if (!file && !code.trim()) return say("");
		if (!list) return say("unlisted");
		say("");
		try {
			const of = file ? await ofFile(new Uint8Array(await file.arrayBuffer())) : await ofCode(code);
			const told = standing(of);
			say(told.worth, told);
		} catch (error) {
			say(error.name === "NotSupportedError" || !crypto.subtle ? "unable" : "false");
		}
	}

	async function hold(written) {
		try {
			list = await readList(written);
		} catch (error) {
			list = null;
			return say(error.name === "NotSupportedError" || !crypto.subtle ? "unable" : "badlist");
		}
		asOf.textContent = new Intl.DateTimeFormat(document.documentElement.lang, {
			dateStyle: "long", timeStyle: "short", numberingSystem: "latn",
		}).format(new Date(list.at));
		asOf.parentElement.hidden = false;
		await judge();
	}

	files.addEventListener("change", () => {
		text.value = "";
		judge();
	});
	text.addEventListener("input", () => {
		files.value = "";
		judge();
	});
	saved.addEventListener("change", async () => saved.files[0] && hold(await saved.files[0].text()));
	// A page that was saved reaches nobody: its reader gives the list that was saved with it.
	fetch(place.dataset.verify).then(answer => answer.ok && answer.text().then(hold)).catch(() => {});
}
