// What holds only for a while: counts down in sight, speaks a minute before the end and at the end,
// and then shows what to do. Who wants no motion sees it change each minute, at last each quarter.
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const parts = ids => (ids ?? "").split(" ").map(id => document.getElementById(id)).filter(Boolean);
wake("[data-left]", part => {
	const { left: seconds, bar, gone, over, minute } = part.dataset;
	const ends = Date.now() + seconds * 1000;
	const [line] = parts(bar).map(box => box.firstElementChild), full = line?.className.slice(1);
	let isTold = seconds <= 60;
	const end = () => {
		const isHere = parts(gone).some(one => one.contains(document.activeElement));
		for (const one of [part, ...parts(gone)]) one.hidden = true;
		for (const one of parts(over)) {
			one.hidden = false;
			tell(one.textContent);
			if (isHere) one.focus();
		}
	};
	const tick = () => {
		if (!part.isConnected) return;
		const left = Math.ceil((ends - Date.now()) / 1000);
		if (left <= 0) return end();
		const step = calm.matches ? left > 60 ? 60 : 15 : 1;
		part.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, 0)}`;
		if (line) line.className = `v${Math.round(full * left / seconds)}`;
		if (left <= 60 && !isTold) tell(minute);
		isTold ||= left <= 60;
		setTimeout(tick, ends - Date.now() - (Math.ceil(left / step) - 1) * step * 1000);
	};
	part.hidden = false;
	tick();
});
