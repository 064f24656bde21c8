/* The tooltip: at once, for keys too, and for names of any length. */
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
	const name = wrap(nameType + frame.name, columns);
	const lines = name.concat(frame.figures.split("\n").map(
		(line) => wrap(line, columns)[0]));
	let widest = 0;

	hideTip();
	tip = element(SVG, "g", "tip", svg);
	const box = element(SVG, "rect", "", tip);

	lines.forEach(function (line, number) {
		const figures = number >= name.length;
		const text = element(SVG, "text", figures ? "figures" : "", tip);

		text.textContent = line;
		if (!figures)
			set(text, { "font-family": group.getAttribute("font-family") });
		set(text, { x: 10, y: 19 + number * 16 + (figures ? 2 : 0) });
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
