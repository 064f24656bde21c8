// SPDX-License-Identifier: GPL-2.0
// The tables of functions that dither report and pprof -top print, and lines
// "ok …" and "not ok …".
import { execFileSync } from 'node:child_process';

let failed = 0;

export function check(name, holds, ...details) {
	console.log(`${holds ? 'ok' : 'not ok'} viewers: ${name}`);
	if (!holds)
		console.log('#', ...details);
	failed += !holds;
}

export function end() {
	process.exit(failed ? 1 : 0);
}

export function run(program, ...words) {
	return execFileSync(program, words, { encoding: 'utf8',
		maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
}

// The rows { name, self, total }, in percent, of a table whose names are cut to
// .width columns.
export function report(tool, ...words) {
	const lines = run(tool, 'report', '--limit', '0', ...words).split('\n');
	const width = { Recording: 32, Folded: Infinity }[lines[0].split(' ')[0]] ?? 52;
	const first = lines.findIndex((line) => line.startsWith('Functions: ')) + 2;
	const rows = [];

	for (const line of lines.slice(first, lines.indexOf('', first))) {
		// What the marks stand for is below the rows.
		if (!/^ *\d/.test(line))
			continue;
		const [, self, total, name] = line.match(
			/^ *([\d.]+) (?:\[\S+\])? *([\d.]+) (?:(?:\[\S+\] +\d+| +-) )?[ ~!](.*)$/);
		rows.push({ self: Number(self), total: Number(total),
			name: name.slice(0, width).trimEnd() });
	}
	return { rows, width };
}

// As report shows it.
export const short = (name, width) =>
	name.length > width ? `${name.slice(0, width - 2)}..` : name;

// Whether two tables of functions agree. Names that are the same once they are
// cut, or that several modules have, are compared by the sum of what is self.
export function compare({ rows, width }, theirs) {
	const groups = new Map();
	const wrong = [];
	const group = (name) => {
		if (!groups.has(name))
			groups.set(name, { ours: [], theirs: [] });
		return groups.get(name);
	};

	for (const row of rows)
		group(row.name).ours.push(row);
	for (const row of theirs)
		group(short(row.name, width)).theirs.push(row);
	for (const [name, { ours: a, theirs: b }] of groups) {
		const sum = (rows) => rows.reduce((all, row) => all + row.self, 0);
		const near = (x, y, rows) => Math.abs(x - y) < 0.0051 * rows + 1e-9;

		if (!near(sum(a), sum(b), a.length))
			wrong.push(`${name}: self ${sum(a)}, not ${sum(b)}`);
		else if (a.length === 1 && b.length === 1 && !near(a[0].total, b[0].total, 1))
			wrong.push(`${name}: total ${a[0].total}, not ${b[0].total}`);
		else if (!a.length || !b.length)
			wrong.push(`${name}: ${a.length} of ours, ${b.length} of theirs`);
	}
	return wrong;
}

// Whether rows that a viewer shows, in percent as text, are report's, up to
// their last digit or @relative: what is wrong.
export function shown({ rows, width }, theirs, relative = 0) {
	const wrong = [];
	const near = (ours, text) => Math.abs(ours - Number(text)) <
		0.0051 + Math.max(relative * ours, 0.51 / 10 ** (text.split('.')[1] ?? '').length);

	for (const row of theirs) {
		const same = rows.filter(({ name }) => name === short(row.name, width));

		if (!same.some((ours) => near(ours.self, row.self) && near(ours.total, row.total)))
			wrong.push({ shown: row, report: same });
	}
	return wrong;
}
