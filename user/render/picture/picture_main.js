/* Keys and clicks, and what only makes sense with a script. */
function focusOn(frame) {
	if (frame)
		frame.g.focus();
}

function widestChild(frame) {
	let widest = null;

	for (let i = frame.index + 1; i < frame.end; i = frames[i].end)
		if (frames[i].shown && (!widest || frames[i].weight > widest.weight))
			widest = frames[i];
	return widest;
}

function neighbour(frame, step) {
	for (let i = frame.index + step; frames[i]; i += step)
		if (frames[i].shown && frames[i].level === frame.level)
			return frames[i];
	return null;
}

function frameAt(event) {
	return frameOf.get(event.target.closest("g"));
}

function frameKey(event) {
	const frame = frameAt(event);
	const outwards = inverted ? "ArrowDown" : "ArrowUp";
	const inwards = inverted ? "ArrowUp" : "ArrowDown";

	if (!frame || event.ctrlKey || event.altKey || event.metaKey)
		return;
	switch (event.key) {
	case outwards:
		focusOn(widestChild(frame));
		break;
	case inwards:
		focusOn(frame.parent);
		break;
	case "ArrowLeft":
		focusOn(neighbour(frame, -1));
		break;
	case "ArrowRight":
		focusOn(neighbour(frame, 1));
		break;
	case "Home":
		focusOn(frames[0]);
		break;
	case "Enter":
		if (frame.link)
			frame.link.dispatchEvent(new MouseEvent("click", {
				cancelable: true }));
		else
			zoom(frame);
		break;
	case " ":
		zoom(frame);
		break;
	default:
		return;
	}
	event.preventDefault();
}

function escape() {
	const typing = document.activeElement === input && expression;

	if (target !== frames[0] && !typing)
		zoom(frames[0]);
	else
		search("", matchCase);
}

function pageKey(event) {
	const control = event.ctrlKey || event.metaKey;
	const key = event.key.toLowerCase();

	if (event.key === "F3" || (control && key === "f")) {
		input.focus();
		input.select();
	} else if (control && key === "i")
		search(expression, !matchCase);
	else if (event.key === "Escape")
		escape();
	else
		return;
	event.preventDefault();
}

const bar = element(SVG, "foreignObject", "", svg, group);
const box = element(HTML, "div", "bar", bar);
const result = element(HTML, "output", "", box);
const input = element(HTML, "input", "", box);
const caseButton = element(HTML, "button", "", box);
const resetButton = element(HTML, "button", "", box);
const hint = element(SVG, "text", "hint", svg);

function build() {
	set(result, { role: "status" });
	set(input, { type: "search", placeholder: "Search (Ctrl+F)", spellcheck: false,
		     "aria-label": "Search functions, by text or a regular expression" });
	set(caseButton, { type: "button", title: "Match case (Ctrl+I)",
			  "aria-label": "Match case", "aria-pressed": matchCase });
	caseButton.textContent = "Aa";
	set(resetButton, { type: "button", title: "Escape" });
	resetButton.textContent = "Reset zoom";
	resetButton.hidden = true;
	hint.textContent = (frames.some((frame) => frame.link) ?
		"Click a link, Ctrl+click a frame to zoom · " :
		"Click a frame to zoom · ") +
		"Ctrl+F search · arrow keys and Enter · Escape back";
	/* Width fills what is there; height stays what the stacks need. */
	set(svg, { width: "100%" });
	svg.classList.add("live");
	/* Chromium lets Tab stop at whatever listens for focus. */
	set(group, { tabindex: -1 });
	baseline = Number(frames[0].rect.getAttribute("height")) / 2 +
		   parseFloat(getComputedStyle(group).fontSize) * 0.3;
}

/* A plain click on a link follows it, as links do. */
function frameClick(event) {
	const frame = frameAt(event);

	if (frame && frame.link && !event.ctrlKey && !event.metaKey)
		return;
	event.preventDefault();
	zoom(frame || target);
}

function listen() {
	group.addEventListener("click", frameClick);
	group.addEventListener("mousemove", function (event) {
		const frame = frameAt(event);
		const point = toPicture(event.clientX, event.clientY);

		if (frame)
			showTip(frame, point.x, point.y);
	});
	group.addEventListener("mouseleave", hideTip);
	group.addEventListener("keydown", frameKey);
	group.addEventListener("focusin", function (event) {
		const frame = frameOf.get(event.target);

		if (frame && event.target.matches(":focus-visible"))
			showTip(frame, Number(frame.rect.getAttribute("x")),
				Number(frame.rect.getAttribute("y")));
	});
	group.addEventListener("focusout", hideTip);
	input.addEventListener("input", () => search(input.value, matchCase));
	caseButton.addEventListener("click", () => search(expression, !matchCase));
	resetButton.addEventListener("click", () => zoom(frames[0]));
	(standalone ? window : svg).addEventListener("keydown", pageKey);
	window.addEventListener("resize", fitWindow);
	window.addEventListener("hashchange", readLink);
}

readFrames();
build();
listen();
readLink();
fitWindow();
})();
