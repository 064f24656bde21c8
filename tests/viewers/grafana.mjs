// SPDX-License-Identifier: GPL-2.0
// Grafana's flame graph on what dither export grafana writes: its table and
// total against report. node grafana.mjs TOOL WORK: files as run made them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { close, open } from './browser.mjs';
import { check, end, report, run, shown } from './report.mjs';

const [tool, work] = process.argv.slice(2);
const html = join(work, 'grafana.html');
const scales = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9, '': 1, K: 1e3, Mil: 1e6 };

writeFileSync(html, '<!doctype html><meta charset="utf-8"><title>grafana</title>' +
	'<link rel="stylesheet" href="grafana.css">' +
	'<div id="root" style="width: 1300px"></div><script src="grafana.js"></script>');

async function load(file) {
	const json = join(work, 'grafana.json');

	run(tool, 'export', 'grafana', '-o', json, file);
	const page = await open(pathToFileURL(html).href);
	await page.evaluate((frames) => window.show(frames), JSON.parse(readFileSync(json, 'utf8')));
	await page.getByText('Symbol', { exact: true }).waitFor();
	await page.waitForTimeout(500);
	return page;
}

const number = (text) => {
	const [, digits, unit] = text.match(/^([\d.]+) ?(\S*)$/);
	return Number(digits) * scales[unit];
};

// Rows as they are shown, [{ name, self, total }] in percent of @all.
async function table(page, all) {
	const cells = await page.locator('[role=row]').evaluateAll((rows) => rows.map(
		(row) => [...row.querySelectorAll('[role=cell]')].map((cell) => cell.innerText.trim())));

	return cells.filter((row) => row.length >= 3).map((row) => {
		const [name, self, total] = row.slice(-3);
		const share = (text) => String(100 * number(text) / all);

		return { name, self: share(self), total: share(total) };
	});
}

const total = async (page) => (await page.locator('body').innerText()).match(
	/^(.+?) \| .*samples/m)?.[1];

for (const [file, names, all, text] of [
	['made.dither', 10, 3501010503, '3.50 s'],
	['text.perf', 2, 30000000, '30 ms'],
	['stacks.folded', 4, 150, '150'],
]) {
	const page = await load(file);
	const rows = (await table(page, all)).filter(({ self }) => Number(self) > 0);
	// A recording's kernel frames say so here, and in report by their module.
	if (file.endsWith('.dither'))
		for (const row of rows)
			row.name = row.name.replace(/_\[k\]$/, '');
	const wrong = shown(report(tool, file), rows, 0.006);

	check(`Grafana shows report's functions: ${file}, ${rows.length} of them`,
		rows.length >= names && !wrong.length && !page.wrong.length, wrong, page.wrong);
	check(`Grafana's total is right: ${file}`, await total(page) === text, await total(page));
	await page.screenshot({ path: join(work, `grafana-${file}.png`) });
}

const page = await load('hostile.folded');
const names = (await table(page, 30)).map((row) => row.name);
check('Grafana shows names as they are, and runs none', !page.wrong.length &&
	!await page.evaluate(() => window.ran) &&
	names.some((name) => name.startsWith(']]><img')) &&
	names.some((name) => name.startsWith('"\\\ufffd')), names, page.wrong);
await close();
end();
