// SPDX-License-Identifier: GPL-2.0
// The Firefox Profiler, by its own command line tool, on what dither export perf
// writes: samples and functions of each thread against dither fold.
// node firefox.mjs TOOL WORK: files as run made them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, end, run } from './report.mjs';

const [tool, work] = process.argv.slice(2);
const viewer = join(work, 'node_modules/.bin/profiler-cli');

// Its sessions are not the user's.
process.env.PROFILER_CLI_SESSION_DIR = join(work, 'firefox-sessions');

// Each sample of a recording once, whatever made it.
const each = (file) => file.endsWith('.dither') ? ['--event', 'all'] : [];

// Functions by name, { self, total } in samples, of each thread's number. A
// stack is "comm;[tid N];function;…", below an event where there are several.
function folded(file) {
	const threads = new Map();

	for (const line of run(tool, 'fold', ...each(file), '--no-unseen', '--samples',
		'--tid', file).split('\n').filter(Boolean)) {
		const [, stack, count] = line.match(/^(.*) (\d+)$/);
		const [, tid, path] = stack.match(/\[tid (\d+)\];(.*)$/);
		const names = path.split(';').map((name) => name.replace(/_\[[kji]\]$/, ''));

		if (!threads.has(tid))
			threads.set(tid, new Map());
		for (const [i, name] of names.entries()) {
			const row = threads.get(tid).get(name) ?? { self: 0, total: 0 };

			row.self += i === names.length - 1 ? Number(count) : 0;
			row.total += names.indexOf(name) === i ? Number(count) : 0;
			threads.get(tid).set(name, row);
		}
	}
	return threads;
}

// The same from the viewer. Equal names of two files are two functions to it.
function viewed(file) {
	const text = join(work, 'firefox.perf');
	const ask = (...words) => JSON.parse(run(viewer, ...words, '--session', 'dither', '--json'));
	const threads = new Map();

	writeFileSync(text, run(tool, 'export', 'perf', ...each(file), file));
	run(viewer, 'load', text, '--session', 'dither');
	for (const thread of ask('thread', 'list').threads) {
		const rows = new Map();

		for (const one of ask('thread', 'functions', '--thread', thread.threadHandle,
			'--limit', '1000000').functions) {
			const row = rows.get(one.name) ?? { self: 0, total: 0, files: 0 };

			row.self += one.selfSamples;
			row.total += one.totalSamples;
			row.files++;
			rows.set(one.name, row);
		}
		threads.set(String(thread.tid), rows);
	}
	run(viewer, 'stop', 'dither');
	return threads;
}

function differences(ours, theirs) {
	const wrong = [];

	for (const [tid, rows] of ours)
		for (const [name, row] of rows) {
			const other = theirs.get(tid)?.get(name);

			if (row.self !== other?.self || (other.files === 1 && row.total !== other.total))
				wrong.push({ tid, name, fold: row, viewer: other });
		}
	for (const [tid, rows] of theirs)
		for (const name of rows.keys())
			if (!ours.get(tid)?.has(name))
				wrong.push({ tid, name, fold: undefined });
	return wrong;
}

for (const [file, threads, functions] of [['made.dither', 3, 300], ['text.perf', 2, 6]]) {
	const ours = folded(file), theirs = viewed(file);
	const count = [...theirs.values()].reduce((sum, rows) => sum + rows.size, 0);
	const wrong = differences(ours, theirs);

	check(`the Firefox Profiler shows fold's samples: ${file}, ${theirs.size} threads, ${
		count} functions`, theirs.size === threads && count >= functions && !wrong.length,
	wrong.length, wrong.slice(0, 5));
}
end();
