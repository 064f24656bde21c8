/* A tree on a canvas of the size of what can be seen of it. */

const ROW = 18;
const PADDING = 4;
const NARROWEST = 0.4;

/* For frames that stand for what was not seen. */
function hatchOf(pen) {
	const tile = document.createElement('canvas');
	const lines = tile.getContext('2d');

	tile.width = tile.height = 8;
	lines.strokeStyle = 'rgba(22, 24, 29, 0.2)';
	lines.lineWidth = 2;
	lines.beginPath();
	for (const at of [-8, 0, 8]) {
		lines.moveTo(at - 1, 9);
		lines.lineTo(at + 9, -1);
	}
	lines.stroke();
	return pen.createPattern(tile, 'repeat');
}

class Graph {
	/* @rootOnTop: an icicle. @heard: zoomed(node), chosen(name), pointed(…). */
	constructor(scroller, rootOnTop, heard) {
		this.scroller = scroller;
		this.room = scroller.querySelector('.room');
		this.canvas = scroller.querySelector('canvas');
		this.rootOnTop = rootOnTop;
		this.heard = heard;
		this.zoom = 0;
		this.focus = 0;
		this.focused = false;
		this.matches = null;
		this.hatch = null;
		scroller.addEventListener('scroll', () => this.draw());
		this.canvas.addEventListener('mousemove', (event) => this.point(event));
		this.canvas.addEventListener('mouseleave', () => heard.pointed(null));
		this.canvas.addEventListener('click', (event) => this.click(event));
		this.canvas.addEventListener('dblclick', (event) => this.choose(this.hit(event)));
		this.canvas.addEventListener('keydown', (event) => this.key(event));
		for (const type of ['focus', 'blur'])
			this.canvas.addEventListener(type, () => {
				this.focused = type === 'focus';
				this.draw();
			});
	}

	show(profile, tree) {
		this.profile = profile;
		if (this.tree !== tree) {
			this.tree = tree;
			this.focus = 0;
			this.zoom = 0;
		}
		this.room.style.height = `${tree.levels * ROW}px`;
		this.scroller.scrollTop = this.rootOnTop ? 0 : tree.levels * ROW;
		this.draw();
	}

	set(zoom) {
		this.zoom = zoom > 0 && zoom < this.tree.count ? zoom : 0;
		this.focus = this.zoom;
		this.draw();
	}

	/* Where the first row is. A low flame stands at the bottom of its room. */
	origin() {
		const free = this.scroller.clientHeight - this.tree.levels * ROW;

		return (this.rootOnTop ? 0 : Math.max(0, free)) - this.scroller.scrollTop;
	}

	/* Of the last picture. */
	top(level) {
		const row = this.rootOnTop ? level : this.tree.levels - 1 - level;

		return row * ROW + this.first;
	}

	draw() {
		const { canvas, tree, scroller } = this;
		const scale = window.devicePixelRatio || 1;
		const width = scroller.clientWidth, height = scroller.clientHeight;
		const pen = canvas.getContext('2d');

		if (!tree || !width || !height)
			return;
		if (canvas.width !== Math.round(width * scale) ||
		    canvas.height !== Math.round(height * scale)) {
			canvas.width = Math.round(width * scale);
			canvas.height = Math.round(height * scale);
			canvas.style.width = `${width}px`;
			canvas.style.height = `${height}px`;
		}
		this.first = this.origin();
		pen.setTransform(scale, 0, 0, scale, 0, 0);
		pen.clearRect(0, 0, width, height);
		pen.font = "12px ui-monospace, 'DejaVu Sans Mono', Menlo, monospace";
		pen.textBaseline = 'middle';
		this.letter = pen.measureText('m').width;
		this.dark = matchMedia('(prefers-color-scheme: dark)').matches;
		for (let i = tree.parent[this.zoom]; i >= 0; i = tree.parent[i])
			this.frame(pen, i, 0, width, 0.45);
		this.below(pen, width, height);
		if (this.focused)
			this.ring(pen, width);
	}

	below(pen, width, height) {
		const { tree, zoom } = this;
		const scale = width / (tree.total[zoom] || 1);
		const from = tree.start[zoom];

		for (let i = zoom; i < tree.end[zoom];) {
			const wide = tree.total[i] * scale, y = this.top(tree.level[i]);

			if (wide >= NARROWEST && y > -ROW && y < height)
				this.frame(pen, i, (tree.start[i] - from) * scale, wide, 1);
			i = wide < NARROWEST ? tree.end[i] : i + 1;
		}
	}

	frame(pen, i, x, wide, opacity) {
		const name = this.tree.name[i], y = this.top(this.tree.level[i]);
		const hit = this.matches && this.matches[name];

		if (name !== ALONE)
			this.box(pen, name, hit, x, y, wide, opacity, this.colour(i));
	}

	/* Of a difference, by node; callers and callees have other nodes. */
	colour(i) {
		const { profile, tree } = this;

		if (!profile.tints)
			return profile.colours[tree.name[i]];
		return tree === profile.tree ? profile.tints[i] : '#e6e6e6';
	}

	box(pen, name, hit, x, y, wide, opacity, colour) {
		const text = this.profile.texts[name];
		const letters = Math.floor((wide - 2 * PADDING) / this.letter);

		pen.globalAlpha = this.matches && !hit ? opacity * 0.45 : opacity;
		pen.fillStyle = hit ? '#b4208a' : colour;
		pen.fillRect(x, y, wide > 2 ? wide - 0.6 : wide * 0.8, ROW - 1);
		if (!hit && this.profile.unseen.has(name)) {
			this.hatch = this.hatch || hatchOf(pen);
			pen.fillStyle = this.hatch;
			pen.fillRect(x, y, wide > 2 ? wide - 0.6 : wide * 0.8, ROW - 1);
		}
		pen.globalAlpha = Math.max(0.75, opacity);
		if (letters < 3 && letters < text.length)
			return;
		pen.fillStyle = hit ? '#fff' :
			this.dark && (opacity < 1 || this.matches) ? '#eceff3' : '#16181d';
		pen.fillText(text.length > letters ? `${text.slice(0, letters - 1)}…` : text,
			x + PADDING, y + ROW / 2);
	}

	ring(pen, width) {
		const { tree, zoom, focus } = this;
		const inside = focus >= zoom && focus < tree.end[zoom];
		const scale = width / (tree.total[zoom] || 1);
		const x = inside ? (tree.start[focus] - tree.start[zoom]) * scale : 0;
		const wide = inside ? tree.total[focus] * scale : width;

		pen.globalAlpha = 1;
		pen.lineWidth = 2;
		pen.strokeStyle = this.dark ? '#fff' : '#16181d';
		pen.strokeRect(x + 1, this.top(tree.level[focus]) + 1,
			Math.max(2, wide - 2), ROW - 3);
	}

	/* The node at the pointer, or -1. */
	hit(event) {
		const { tree, zoom } = this, box = this.canvas.getBoundingClientRect();
		const row = Math.floor((event.clientY - box.top - this.first) / ROW);
		const level = this.rootOnTop ? row : tree.levels - 1 - row;
		const weight = tree.start[zoom] +
			(event.clientX - box.left) / box.width * tree.total[zoom];

		for (let i = tree.parent[zoom]; i >= 0; i = tree.parent[i])
			if (tree.level[i] === level)
				return i;
		for (let i = zoom; i < tree.end[zoom];) {
			if (weight < tree.start[i] ||
			    weight >= tree.start[i] + tree.total[i])
				i = tree.end[i];
			else if (tree.level[i] === level)
				return tree.name[i] === ALONE ? -1 : i;
			else
				i++;
		}
		return -1;
	}

	point(event) {
		const i = this.hit(event);

		this.canvas.style.cursor = i < 0 ? 'default' : 'pointer';
		this.heard.pointed(i < 0 ? null : this.tell(i), event);
	}

	tell(i) {
		const { tree, profile } = this;

		return {
			name: profile.texts[tree.name[i]],
			total: tree.total[i],
			self: tree.self[i],
			all: tree.total[0],
			meaning: profile.unseen.get(tree.name[i]) || '',
			change: profile.change && tree === profile.tree ?
				profile.change[i] : null,
			gone: tree === profile.tree && profile.gone.get(i) || '',
			/* Of all, not of what calls one function. */
			interval: tree.name[0] || tree.name[i] === profile.lost ? '' :
				profile.interval(tree.total[i], tree.total[0]),
		};
	}

	click(event) {
		const i = this.hit(event);

		if (i >= 0)
			this.heard.zoomed(i);
	}

	choose(i) {
		if (i > 0)
			this.heard.chosen(this.tree.name[i]);
	}

	/* The next of the same parent, before (-1) or behind (1). */
	beside(i, way) {
		const { tree } = this, parent = tree.parent[i];
		let found = i, last = -1;

		for (let j = parent + 1; parent >= 0 && j < tree.end[parent]; j = tree.end[j]) {
			if (tree.name[j] === ALONE)
				continue;
			if (way < 0 && j === i)
				return last < 0 ? i : last;
			if (way > 0 && last === i)
				found = j;
			last = j;
		}
		return found;
	}

	widestChild(i) {
		const { tree } = this;
		let widest = i;

		for (let j = i + 1; j < tree.end[i]; j = tree.end[j])
			if (tree.name[j] !== ALONE &&
			    (widest === i || tree.total[j] > tree.total[widest]))
				widest = j;
		return widest;
	}

	key(event) {
		const { tree } = this, out = this.rootOnTop ? 'ArrowDown' : 'ArrowUp';
		const back = this.rootOnTop ? 'ArrowUp' : 'ArrowDown';
		let to = this.focus;

		if (event.key === out)
			to = this.widestChild(to);
		else if (event.key === back)
			to = Math.max(0, tree.parent[to]);
		else if (event.key === 'ArrowLeft')
			to = this.beside(to, -1);
		else if (event.key === 'ArrowRight')
			to = this.beside(to, 1);
		else if (event.key === 'Enter')
			this.heard.zoomed(to);
		else if (event.key === 's')
			this.choose(to);
		else
			return;
		event.preventDefault();
		this.focus = to;
		this.draw();
		this.heard.focused(this.tell(to));
	}
}
