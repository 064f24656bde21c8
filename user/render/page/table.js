/* Functions by weight. */

const ROWS_MAX = 1000;

class Functions {
	constructor(element, chosen) {
		this.body = element.querySelector('tbody');
		this.more = element.querySelector('#more');
		this.buttons = [...element.querySelectorAll('[data-sort]')];
		this.chosen = chosen;
		this.by = 'self';
		this.down = true;
		for (const button of this.buttons)
			button.addEventListener('click', () => this.sort(button.dataset.sort));
	}

	sort(by) {
		this.down = by === this.by ? !this.down : by !== 'name';
		this.by = by;
		this.draw();
	}

	show(profile, matches) {
		const { self, total, masked } = functionsOf(profile.tree,
			profile.texts.length, profile.texts.indexOf('[interrupts off]'));

		this.profile = profile;
		this.rows = [];
		for (let name = 1; name < profile.texts.length; name++)
			if (total[name] > 0 && (!matches || matches[name]))
				this.rows.push({ name, self: self[name], total: total[name],
					masked: masked[name] });
		this.draw();
	}

	order(a, b) {
		const { texts } = this.profile;
		const key = this.by.startsWith('self') ? 'self' : 'total';
		const difference = this.by === 'name' ? 0 : a[key] - b[key];

		if (difference)
			return this.down ? -difference : difference;
		return (texts[a.name] < texts[b.name] ? -1 : 1) *
			(this.by === 'name' && this.down ? -1 : 1);
	}

	draw() {
		const all = this.profile.tree.total[0] || 1;
		const rows = this.rows.sort((a, b) => this.order(a, b));

		for (const button of this.buttons)
			button.parentNode.setAttribute('aria-sort',
				button.dataset.sort !== this.by ? 'none' :
				this.down ? 'descending' : 'ascending');
		this.body.replaceChildren(...rows.slice(0, ROWS_MAX).map(
			(row) => this.row(row, all)));
		this.more.textContent = rows.length > ROWS_MAX ?
			`${grouped(rows.length - ROWS_MAX)} more: search to see them` : '';
	}

	row(row, all) {
		const line = document.createElement('tr');
		const name = document.createElement('button');
		const cells = [grouped(row.self), percent(row.self, all),
			grouped(row.total), percent(row.total, all)];

		for (const text of cells) {
			const cell = line.insertCell();

			cell.className = 'number';
			cell.textContent = text;
		}
		name.textContent = this.profile.texts[row.name];
		name.title = 'Its callers and callees';
		if (this.profile.unseen.has(row.name)) {
			line.className = 'unseen';
			name.title = `No function: ${this.profile.unseen.get(row.name)}`;
		} else if (row.masked > row.total / 2) {
			line.className = 'masked';
			name.title = 'Interrupts were off until this function turned them on: ' +
				'most of its total is what ran before, unseen';
		}
		name.addEventListener('click', () => this.chosen(row.name));
		line.insertCell().append(name);
		return line;
	}
}

function grouped(value) {
	return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

function percent(part, all) {
	return `${(100 * part / (all || 1)).toFixed(2)}%`;
}
