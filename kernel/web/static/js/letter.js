// A letter is as high as its words, so that nobody turns two pages at once.
wake("iframe.letter", frame => {
	const fit = () => {
		const page = frame.contentDocument?.documentElement;
		if (page) frame.style.blockSize = `${page.scrollHeight + 2}px`;
	};
	frame.onload = fit;
	if (frame.contentDocument?.URL !== "about:blank") fit();
});
