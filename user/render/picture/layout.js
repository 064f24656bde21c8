/* Where frames and header stand at any zoom and width. */
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
		frame.text = element(SVG, "text", "", frame.link || frame.g);
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
	for (const rect of frame.hatch ? [frame.rect, frame.hatch] : [frame.rect])
		set(rect, { x: x.toFixed(2),
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

/* Where it ends, from where it begins. */
function rightOf(node) {
	const box = node.getBBox();

	return box.x + box.width;
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
		moveTo(legend, Math.max(0, room + MARGIN - rightOf(legend)),
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
