// On a phone the row of rooms is longer than the screen: the room one is in stands in sight, once its
// letters have the width they keep.
wake(".nav-links [aria-current]", here => document.fonts.ready.then(() => {
	const row = here.parentElement, box = here.getBoundingClientRect(), frame = row.getBoundingClientRect();
	row.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
}));
