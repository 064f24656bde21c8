/* Samples by second, and by the part of the second: what comes in bursts shows. */

const PARTS = 50;
const COLUMNS_MAX = 1200;
const CELL_HEIGHT = 2;

class Heat {
	/* @selected(from, to) in seconds; null, null: all. */
	constructor(canvas, selected) {
		this.canvas = canvas;
		this.selected = selected;
		this.range = null;
		canvas.addEventListener('pointerdown', (event) => this.down(event));
		canvas.addEventListener('pointermove', (event) => this.move(event));
		canvas.addEventListener('pointerup', (event) => this.up(event));
	}

	show(profile) {
		const seconds = Math.floor(profile.duration) + 1;

		this.profile = profile;
		this.step = Math.max(1, Math.ceil(seconds / COLUMNS_MAX));
		this.columns = Math.ceil(seconds / this.step);
		this.cells = new Float64Array(this.columns * PARTS);
		profile.times.forEach((time, i) => {
			this.cells[this.cell(time)] += profile.weights[i];
		});
		this.most = this.cells.reduce((a, b) => Math.max(a, b), 1e-9);
		this.draw();
	}

	cell(time) {
		const column = Math.floor(time / this.step);
		const part = Math.floor((time / this.step - column) * PARTS);

		return column * PARTS + Math.min(part, PARTS - 1);
	}

	/* When a cell begins. */
	begin(cell) {
		return (Math.floor(cell / PARTS) + cell % PARTS / PARTS) * this.step;
	}

	draw() {
		const { canvas } = this, pen = canvas.getContext('2d');
		const dark = matchMedia('(prefers-color-scheme: dark)').matches;

		canvas.width = this.columns;
		canvas.height = PARTS;
		canvas.style.width = `${Math.min(this.columns * 12, canvas.parentNode.clientWidth)}px`;
		canvas.style.height = `${PARTS * CELL_HEIGHT}px`;
		for (let cell = 0; cell < this.cells.length; cell++) {
			const share = Math.sqrt(this.cells[cell] / this.most);
			const light = dark ? 14 + share * 60 : 96 - share * 62;
			const chosen = this.range && cell >= this.range[0] && cell <= this.range[1];

			pen.fillStyle = `hsl(${chosen ? 28 : 212}, ${share ? 78 : 12}%, ${light}%)`;
			pen.fillRect(Math.floor(cell / PARTS), PARTS - 1 - cell % PARTS, 1, 1);
		}
	}

	at(event) {
		const box = this.canvas.getBoundingClientRect();
		const place = (share, count) =>
			Math.max(0, Math.min(count - 1, Math.floor(share * count)));

		return place((event.clientX - box.left) / box.width, this.columns) * PARTS +
			PARTS - 1 - place((event.clientY - box.top) / box.height, PARTS);
	}

	down(event) {
		this.canvas.setPointerCapture(event.pointerId);
		this.anchor = this.at(event);
		this.span(this.anchor);
	}

	move(event) {
		if (this.anchor !== undefined)
			this.span(this.at(event));
	}

	span(cell) {
		this.range = [Math.min(this.anchor, cell), Math.max(this.anchor, cell)];
		this.draw();
	}

	up() {
		if (this.anchor === undefined)
			return;
		this.anchor = undefined;
		this.selected(this.begin(this.range[0]), this.begin(this.range[1] + 1));
	}

	/* As others say it. */
	mark(from, to) {
		this.range = from === null ? null :
			[this.cell(from), this.cell(Math.max(from, to - 1e-9))];
		this.draw();
	}
}
