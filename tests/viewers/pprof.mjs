// SPDX-License-Identifier: GPL-2.0
// Google's pprof on what dither export pprof writes. node pprof.mjs TOOL PPROF
// WORK RECORDING TEXT...: the recording is that of recording.c.
import { join } from 'node:path';
import { check, compare, end, report, run } from './report.mjs';

const [tool, pprof, work, recording, ...others] = process.argv.slice(2);
const packed = join(work, 'out.pb.gz');

function top(...words) {
	const lines = run(pprof, '-top', '-nodecount=1000000',
		'-nodefraction=0', '-edgefraction=0', '-unit=ns', ...words, packed).split('\n');
	const total = lines.join('\n').match(/ of ([\d.]+)(?:ns)? total/);
	const rows = [];

	for (const line of lines) {
		const row = line.match(/^ *([\d.]+)(?:ns)? +\S+% +\S+% +([\d.]+)(?:ns)? +\S+% {2}(.*)$/);
		if (row)
			rows.push({
				self: 100 * Number(row[1]) / Number(total[1]),
				total: 100 * Number(row[2]) / Number(total[1]),
				name: row[3],
			});
	}
	return rows;
}

function same(name, file, options, ...words) {
	run(tool, 'export', 'pprof', ...options, '-o', packed, file);
	const ours = report(tool, ...options, file);
	const wrong = compare(ours, top(...words));
	check(`pprof's shares are report's: ${name}, ${ours.rows.length} functions`,
		ours.rows.length > 0 && wrong.length === 0, wrong.slice(0, 5));
}

same('time', recording, []);
same('a sampled event', recording, ['--event', 'cache-misses']);
same('a counted event', recording, ['--event', 'instructions']);
same('the event, out of all', recording, ['--event', 'instructions'], '-sample_index=instructions');
for (const file of others)
	same(file.split('/').pop(), file, []);

run(tool, 'export', 'pprof', '-o', packed, recording);
const raw = run(pprof, '-symbolize=none', '-raw', packed);
check('types, period, time and duration are told',
	raw.startsWith('PeriodType: cpu nanoseconds\nPeriod: 1000003\n' +
		'Time: 2023-11-14 22:13:20 +0000 UTC\nDuration: 5s') &&
	raw.includes('samples/count cpu/nanoseconds[dflt] instructions/count cache-misses/count'),
	raw.slice(0, 400));

const mappings = new Map([...raw.matchAll(/^(\d+): 0x(\w+)\/0x(\w+)\/0x\w+ (\S+) (\w*) \[FN\]$/gm)]
	.map(([, id, start, limit, file, build]) =>
		[id, { start: BigInt(`0x${start}`), limit: BigInt(`0x${limit}`), file, build }]));
const places = [...raw.matchAll(/^ +\d+: 0x(\w+) M=(\d+) /gm)];
check('every place lies in its mapping', places.length > 200 && places.every(([, address, id]) =>
	BigInt(`0x${address}`) >= mappings.get(id).start && BigInt(`0x${address}`) < mappings.get(id).limit),
	mappings);
check('files have their build-id', [...mappings.values()].some(
	({ file, build }) => file === '/lib/libgone.so.1' && build === 'deadbeef'), mappings);
check('the program is the main file',
	run(pprof, '-symbolize=none', '-top', packed).startsWith('File: dither\n'));

const kept = (...words) => Number(run(pprof, '-symbolize=none', '-top', '-sample_index=samples',
	'-nodecount=1000000', '-nodefraction=0', ...words, packed)
	.match(/Showing nodes accounting for (\d+)/)?.[1]);
const parts = [['process=first', 'process=second'], ['pid=100', 'pid=200'],
	['thread=first', 'thread=worker', 'thread=second'], ['tid=100', 'tid=101', 'tid=200']];
for (const part of parts) {
	const counts = part.map((tag) => kept(`-tagfocus=${tag}`));
	check(`labels part the samples: ${part}`,
		counts.every((count) => count > 300) && counts.reduce((a, b) => a + b) === 4000, counts);
}
check('the CPU is a label', kept('-tagfocus=cpu=3') === 4000, kept('-tagfocus=cpu=3'));
end();
