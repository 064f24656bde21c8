/*
 * Zoom, search and keys of a flame graph, working on the <svg> it stands in.
 * The files here become one function, in this order: frames, layout, tip,
 * search, main.
 */
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
const nameType = svg.dataset.nameType ? svg.dataset.nameType + " " : "";
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
			hatch: g.querySelector(".hatch"),
			text: g.querySelector("text"),
			link: g.querySelector("a"),
			start: Number(g.dataset.x),
			weight: Number(g.dataset.w),
			level: Number(g.getAttribute("aria-level")),
			name: note.textContent.slice(nameType.length, split),
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
		set(g, { "aria-label": nameType + frame.name + ", " +
				       frame.figures });
		/* One stop for Tab: Enter on the frame follows its link. */
		if (frame.link)
			set(frame.link, { tabindex: -1 });
	}
	for (const frame of path)
		frame.end = frames.length;
	target = frames[0];
}
