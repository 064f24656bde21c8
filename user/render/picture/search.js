/* Zoom and search, and the address that tells of both. */
function zoom(frame) {
	target = frame;
	resetButton.hidden = target === frames[0];
	hideTip();
	layoutFrames();
	writeLink();
}

/*
 * A name matches by the text itself, or by the expression that it may be:
 * "a[0]" is one, and "C++" is none.
 */
function makePattern(text, flags) {
	const literal = text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

	try {
		new RegExp(text);
		return new RegExp(literal + "|(?:" + text + ")", flags);
	} catch (error) {
		return new RegExp(literal, flags);
	}
}

function search(text, sensitive) {
	const pattern = text ? makePattern(text, sensitive ? "" : "i") : null;
	let matched = 0;

	expression = text;
	matchCase = sensitive;
	set(caseButton, { "aria-pressed": matchCase });
	result.textContent = "";
	if (input.value !== text)
		input.value = text;
	svg.classList.toggle("searching", pattern !== null);
	for (const frame of frames) {
		frame.hit = pattern !== null && pattern.test(frame.name);
		frame.g.classList.toggle("hit", frame.hit);
	}
	/* A match within a match is in its weight already. */
	for (let i = 0; i < frames.length;
	     i = frames[i].hit ? frames[i].end : i + 1)
		matched += frames[i].hit ? frames[i].weight : 0;
	if (pattern)
		result.textContent = "Matched: " +
			(matched / total * 100).toFixed(2) + "%";
	writeLink();
}

/* The address names zoom and search, so that it can be passed on. */
let restoring = false;

function writeLink() {
	if (!standalone || restoring)
		return;
	const parts = target === frames[0] ? [] :
		["x=" + target.start, "y=" + target.level];

	if (expression)
		parts.push("s=" + encodeURIComponent(expression));
	if (expression && !matchCase)
		parts.push("i=1");
	try {
		const link = new URL(location.href);

		["x", "y", "s", "i"].forEach((key) => link.searchParams.delete(key));
		link.hash = parts.join("&");
		history.replaceState(null, "", link.href);
	} catch (error) {
		/* Some viewers have no address to write. */
	}
}

function readLink() {
	if (!standalone)
		return;
	const given = new URLSearchParams(location.hash.slice(1) ||
					  location.search);
	const x = given.get("x");
	const y = given.get("y");
	const frame = x === null || y === null ? null :
		frames.find((one) => one.start === Number(x) &&
				     one.level === Number(y));

	restoring = true;
	search(given.get("s") || "", given.get("i") !== "1");
	zoom(frame || frames[0]);
	restoring = false;
}
