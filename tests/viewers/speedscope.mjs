// SPDX-License-Identifier: GPL-2.0
// speedscope on what dither export speedscope writes: its table "Sandwich"
// against report. node speedscope.mjs TOOL WORK: files as run made them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { close, open } from './browser.mjs';
import { check, end, report, run, shown } from './report.mjs';

const [tool, work] = process.argv.slice(2);
const application = pathToFileURL(join(work, 'node_modules/speedscope/dist/release/index.html'));

// As speedscope's own command hands a file over.
async function load(file) {
	const json = join(work, 'speedscope.json'), script = join(work, 'speedscope-load.js');

	run(tool, 'export', 'speedscope', '-o', json, file);
	writeFileSync(script, `speedscope.loadFileFromBase64('speedscope.json', ${
		JSON.stringify(readFileSync(json).toString('base64'))})`);
	const page = await open(`${application.href}#localProfilePath=${script}`);
	await page.getByText('Sandwich').click();
	// The rows of the list of threads are hidden.
	await page.waitForSelector('tr:visible >> nth=2');
	return page;
}

// Rows as they are shown, [{ name, self, total }] in percent.
async function table(page) {
	const rows = await page.locator('tr:visible').evaluateAll((all) => all.map(
		(row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText.trim())));
	const percent = (text) => text.match(/^([\d.,]+\S*) \((.*)%\)$/).slice(1).map(
		(word) => word.replace('<0.01', '0.00'));

	return rows.filter((row) => row.length === 3).map(([total, self, name]) => ({
		name, value: percent(self)[0], self: percent(self)[1], total: percent(total)[1] }));
}

// Behind all samples each thread is listed, and has a picture in time.
async function threads(page, file) {
	const profiles = JSON.parse(readFileSync(join(work, 'speedscope.json'))).profiles;
	const titles = await page.locator('tr[title]').evaluateAll((all) =>
		all.map((row) => row.title));

	check(`speedscope lists every thread: ${file}, ${profiles.length - 1} of them`,
		profiles.length > 2 && profiles.every((one) => titles.includes(one.name)) &&
		profiles.slice(1).every((one) => one.weights.reduce((a, b) => a + b) <= one.endValue + 1),
		titles);
}

for (const [file, names] of [['made.dither', 20], ['text.perf', 4], ['stacks.folded', 4]]) {
	const page = await load(file);
	const rows = await table(page);
	const wrong = shown(report(tool, file), rows);

	check(`speedscope shows report's functions: ${file}, ${rows.length} of them`,
		rows.length >= names && !wrong.length && !page.wrong.length, wrong, page.wrong);
	if (file === 'made.dither') {
		const cells = Number(run(tool, 'report', file).match(/weight +(\d+) cells/)[1]);
		const wanted = report(tool, file).rows[0].self / 100 * cells * 1.000003;

		check('speedscope shows times, in milliseconds', rows[0].value.endsWith('ms') &&
			Math.abs(parseFloat(rows[0].value) - wanted) < 0.006 + 0.000051 * cells,
			rows[0], wanted);
	}
	await page.screenshot({ path: join(work, `speedscope-${file}.png`) });
	if (file !== 'stacks.folded')
		await threads(page, file);
}

const page = await load('hostile.folded');
const names = (await table(page)).map((row) => row.name);
check('speedscope shows names as they are, and runs none', !page.wrong.length &&
	!await page.evaluate(() => window.ran) &&
	names.includes('<script>window.ran=1</script>') &&
	names.some((name) => name.startsWith('"\\\ufffd')), names, page.wrong);
await close();
end();
