/* Zoom, search and keys of a flame graph; works on the <svg> it stands in. */
(function () {
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const HTML = "http://www.w3.org/1999/xhtml";
const MARGIN = 12;
const PADDING = 3;
const NARROWEST = 0.1;		/* pixels; what is narrower is hidden */
const WIDTH_MIN = 320;
const WIDTH_BAR = 470;		/* of the search bar */
const TIP_LINES = 6;
const TIP_COLUMNS = 90;

const svg = document.currentScript.closest("svg");
const standalone = document.documentElement === svg;
const inverted = svg.dataset.inverted === "1";
const total = Number(svg.dataset.total);
const height = svg.viewBox.baseVal.height;
const group = svg.querySelector(".frames");
const title = svg.querySelector(".title");
const subtitle = svg.querySelector(".subtitle");
const legend = svg.querySelector(".legend");
const frames = [];
const frameOf = new Map();

let width = svg.viewBox.baseVal.width;
let target = null;		/* the frame that fills the width */
let expression = "";
let matchCase = true;
let baseline = 12;		/* of a frame's text, below its top */

function set(node, attributes) {
	for (const name of Object.keys(attributes))
		node.setAttribute(name, attributes[name]);
}

function element(space, name, className, parent, before) {
	const made = document.createElementNS(space, name);

	set(made, { class: className });
	parent.insertBefore(made, before || null);
	return made;
}

/* What the file says of each frame; children follow their parents. */
function readFrames() {
	const path = [];

	/* A copy: removing titles would make each step count from the start. */
	for (const g of Array.from(group.children)) {
		const note = g.querySelector("title");
		const split = note.textContent.indexOf("\n");
		const frame = {
			g: g,
			rect: g.querySelector("rect"),
			text: g.querySelector("text"),
			start: Number(g.dataset.x),
			weight: Number(g.dataset.w),
			level: Number(g.getAttribute("aria-level")),
			name: note.textContent.slice(0, split),
			figures: note.textContent.slice(split + 1),
			parent: null,
			index: frames.length,
			end: 0,
			hit: false,
			shown: true,
		};

		while (path.length && path[path.length - 1].level >= frame.level)
			path.pop().end = frame.index;
		frame.parent = path.length ? path[path.length - 1] : null;
		path.push(frame);
		frames.push(frame);
		frameOf.set(g, frame);
		/* The script draws its own tooltip, at once and for keys, too. */
		note.remove();
		set(g, { "aria-label": frame.name + ", " + frame.figures });
	}
	for (const frame of path)
		frame.end = frames.length;
	target = frames[0];
}

const pen = document.createElementNS(HTML, "canvas").getContext("2d");
const widths = new Map();

function measure(text, font) {
	const key = font + "\n" + text;
	let known = widths.get(key);

	if (known === undefined) {
		pen.font = font;
		known = pen.measureText(text).width;
		widths.set(key, known);
	}
	return known;
}

function fontOf(node) {
	const style = getComputedStyle(node);

	return style.fontWeight + " " + style.fontSize + " " + style.fontFamily;
}

/* As much of the text as fits, with ".." for the rest. */
function clip(text, room, font) {
	if (room < measure("abc..", font))
		return text.length < 6 && measure(text, font) <= room ? text : "";
	/* Long names need not be measured whole to see that they do not fit. */
	const most = Math.ceil(room) + 1;
	const letters = Array.from(text.length > most ? text.slice(0, most) : text);

	if (text.length <= most && measure(text, font) <= room)
		return text;
	let low = 0;
	let high = letters.length;

	while (low < high) {
		const middle = (low + high + 1) >> 1;

		pen.font = font;
		if (pen.measureText(letters.slice(0, middle).join("") + "..").width <= room)
			low = middle;
		else
			high = middle - 1;
	}
	return low ? letters.slice(0, low).join("") + ".." : "";
}

function label(frame, x, room, font) {
	const text = room > 0 ? clip(frame.name, room, font) : "";

	if (!frame.text && text) {
		frame.text = element(SVG, "text", "", frame.g);
		set(frame.text, { y: Number(frame.rect.getAttribute("y")) + baseline });
	}
	if (frame.text) {
		frame.text.textContent = text;
		set(frame.text, { x: x + PADDING });
	}
	/* Tab stops at what can be read; arrows reach the rest. */
	set(frame.g, { tabindex: text ? 0 : -1 });
}

function place(frame, x, room, font) {
	const shown = room >= NARROWEST;

	if (shown !== frame.shown) {
		frame.shown = shown;
		frame.g.classList.toggle("hidden", !shown);
	}
	if (!shown)
		return;
	set(frame.rect, { x: x.toFixed(2),
			  width: (room > 2 ? room - 0.6 : room * 0.8).toFixed(3) });
	label(frame, x, room - 2 * PADDING, font);
}

function layoutFrames() {
	const font = fontOf(group);
	const scale = (width - 2 * MARGIN) / target.weight;
	const above = new Set();

	for (let frame = target.parent; frame; frame = frame.parent)
		above.add(frame);
	for (const frame of frames) {
		const inside = frame.index >= target.index && frame.index < target.end;

		frame.g.classList.toggle("above", above.has(frame));
		if (above.has(frame))
			place(frame, MARGIN, width - 2 * MARGIN, font);
		else if (inside)
			place(frame, MARGIN + (frame.start - target.start) * scale,
			      frame.weight * scale, font);
		else
			place(frame, 0, 0, font);
	}
}

function moveTo(node, x, y) {
	set(node, { transform: "translate(" + x + "," + y + ")" });
}

/* The header shares its lines with the bar, or on a small screen gives one. */
function layoutHeader() {
	const small = width < 700;
	const room = width - 2 * MARGIN;
	const barWidth = small ? room : WIDTH_BAR;

	title.textContent = clip(title.dataset.text,
				 small ? room : room - barWidth - MARGIN,
				 fontOf(title));
	subtitle.textContent = small ? "" :
		clip(subtitle.dataset.text, room, fontOf(subtitle));
	set(bar, { x: width - MARGIN - barWidth, y: small ? 34 : 6,
		   width: barWidth, height: 30 });
	if (legend)
		moveTo(legend, Math.max(0, room + MARGIN - legend.dataset.width),
		       height - 16);
	set(hint, { x: MARGIN, y: height - 16 });
	hint.classList.toggle("hidden", width < 900);
}

/* One unit is one pixel whatever the window, so that letters keep their size. */
function fitWindow() {
	const room = standalone ? document.documentElement.clientWidth :
				  svg.parentNode.clientWidth;

	width = Math.max(WIDTH_MIN, room || window.innerWidth);
	set(svg, { viewBox: "0 0 " + width + " " + height });
	layoutHeader();
	layoutFrames();
	hideTip();
}

/* Tooltip */
let tip = null;

function wrap(name, columns) {
	const letters = Array.from(name.slice(0, columns * (TIP_LINES + 1)));
	const lines = [];

	while (letters.length && lines.length < TIP_LINES)
		lines.push(letters.splice(0, columns).join(""));
	if (letters.length)
		lines[lines.length - 1] += "..";
	return lines;
}

function hideTip() {
	if (tip)
		tip.remove();
	tip = null;
}

/* @x, @y: in the picture's units, what the tooltip must not cover. */
function showTip(frame, x, y) {
	const columns = Math.min(TIP_COLUMNS, Math.floor((width - 60) / 7.5));
	const bottom = Math.min(height, toPicture(0, window.innerHeight).y);
	const lines = wrap(frame.name, columns).concat(frame.figures);
	let widest = 0;

	hideTip();
	tip = element(SVG, "g", "tip", svg);
	const box = element(SVG, "rect", "", tip);

	lines.forEach(function (line, number) {
		const last = number === lines.length - 1;
		const text = element(SVG, "text", last ? "figures" : "", tip);

		text.textContent = line;
		if (!last)
			set(text, { "font-family": group.getAttribute("font-family") });
		set(text, { x: 10, y: 19 + number * 16 + (last ? 2 : 0) });
		widest = Math.max(widest, text.getComputedTextLength());
	});
	const boxWidth = widest + 20;
	const boxHeight = lines.length * 16 + 14;

	set(box, { width: boxWidth, height: boxHeight });
	x = Math.max(4, Math.min(x + 12, width - boxWidth - 4));
	y = y + 20 + boxHeight > bottom ? y - boxHeight - 10 : y + 20;
	moveTo(tip, x, Math.max(2, y));
}

function toPicture(x, y) {
	return new DOMPoint(x, y).matrixTransform(svg.getScreenCTM().inverse());
}

/* Zoom */
function zoom(frame) {
	target = frame;
	resetButton.hidden = target === frames[0];
	hideTip();
	layoutFrames();
	writeLink();
}

/* Search */
function search(text, sensitive) {
	let pattern = null;
	let matched = 0;

	expression = text;
	matchCase = sensitive;
	set(caseButton, { "aria-pressed": matchCase });
	result.classList.remove("wrong");
	result.textContent = "";
	if (input.value !== text)
		input.value = text;
	try {
		pattern = text ? new RegExp(text, matchCase ? "" : "i") : null;
	} catch (error) {
		result.textContent = "Not a regular expression";
		result.classList.add("wrong");
	}
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

/* Keys */
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

/* What only makes sense with a script is made by it. */
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
		     "aria-label": "Search functions, a regular expression" });
	set(caseButton, { type: "button", title: "Match case (Ctrl+I)",
			  "aria-label": "Match case", "aria-pressed": matchCase });
	caseButton.textContent = "Aa";
	set(resetButton, { type: "button", title: "Escape" });
	resetButton.textContent = "Reset zoom";
	resetButton.hidden = true;
	hint.textContent = "Click a frame to zoom · Ctrl+F search · " +
			   "arrow keys and Enter · Escape back";
	/* Width fills what is there; height stays what the stacks need. */
	set(svg, { width: "100%" });
	svg.classList.add("live");
	/* Chromium lets Tab stop at whatever listens for focus. */
	set(group, { tabindex: -1 });
	baseline = Number(frames[0].rect.getAttribute("height")) / 2 +
		   parseFloat(getComputedStyle(group).fontSize) * 0.3;
}

function listen() {
	group.addEventListener("click", (event) => zoom(frameAt(event) || target));
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
