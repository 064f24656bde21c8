// SPDX-License-Identifier: GPL-2.0
// The page of flame --html in a real browser: views, zoom, search, times, link,
// keys, hostile names, many frames, hatching, and an imported recording. Called by run.
import { join } from 'node:path';
import { beside, browser, changes, check, end, open } from './browser.mjs';

const [plain, hostile, large, unseen, imported, difference, work] = process.argv.slice(2);
const hash = (page) => new URLSearchParams(new URL(page.url()).hash.slice(1));
const text = (page, id) => page.locator(`#${id}`).textContent();

// Where the outermost frame of this name is.
const frame = (page, name) => page.evaluate((wanted) => {
	const { tree, profile, canvas, scroller } = graph;
	const i = tree.name.findIndex((number) => profile.texts[number] === wanted);
	const box = canvas.getBoundingClientRect();
	const scale = scroller.clientWidth / tree.total[graph.zoom];

	return {
		x: box.left + (tree.start[i] - tree.start[graph.zoom]) * scale,
		y: box.top + graph.top(tree.level[i]),
		width: tree.total[i] * scale, height: 16,
	};
}, name);

async function click(page, name) {
	const { x, y, width, height } = await frame(page, name);

	await page.mouse.click(x + width / 2, y + height / 2);
}

let page = await open(plain);
check('page: all samples are there', (await text(page, 'subtitle')).endsWith('120 ns'));
await click(page, 'parse');
check('page: a click zooms', await page.evaluate(
	() => profiles[0].texts[profiles[0].tree.name[graph.zoom]]) === 'parse');
await page.keyboard.press('Control+f');
await page.keyboard.type('parse|number');
check('page: a search counts nested matches once',
	await text(page, 'matched') === 'Matched: 50.00%');
const link = page.url();
page = await open(plain, {}, new URL(link).hash);
check('page: the link restores zoom and search',
	await page.evaluate(() => graph.zoom) > 0 &&
	await text(page, 'matched') === 'Matched: 50.00%');
await page.locator('#search').fill('(');
check('page: what is no expression is searched as text',
	await text(page, 'matched') === 'Matched: 0.00%');
await page.keyboard.press('Escape');
check('page: Escape leaves zoom and search',
	await page.evaluate(() => graph.zoom) === 0 && await text(page, 'matched') === '');

await page.locator('[data-view=table]').click();
check('page: the table has functions by their own weight',
	(await page.locator('tbody tr').first().textContent()).includes('6050.00%6050.00%number'));
await page.locator('[data-sort=total]').click();
check('page: and by all of it',
	(await page.locator('tbody tr').first().textContent()).includes('120100.00%main'));
await page.locator('tbody button', { hasText: 'number' }).click();
check('page: a function has its callers and callees',
	hash(page).get('v') === 'sandwich' && await text(page, 'chosen') === 'number' &&
	await page.evaluate(() => callers.tree.levels === 4 && callees.tree.levels === 1));

page = await open(plain);
const map = await page.locator('#map').boundingBox();
await page.mouse.move(map.x + 2, map.y + map.height - 1);
await page.mouse.down();
await page.mouse.move(map.x + map.width / 3 - 2, map.y + 1);
await page.mouse.up();
check('page: a part of the heat map selects its samples',
	(await text(page, 'subtitle')).includes('40 ns') && hash(page).get('b') === '1');
page = await open(plain, {}, '#a=1&b=3');
check('page: so does a link', (await text(page, 'subtitle')).includes('80 ns · 1–3 s'));

page = await open(plain, {}, '#v=chart&a=0&b=0.1');
check('page: the chart is in the order of time', await page.evaluate(() => {
	const { tree, profile } = graph;

	return [...tree.name].map((name) => profile.texts[name] || '').join() ===
		'all,server,main,parse,number,send,parse,number,send' &&
		tree.start.slice(3).join() === '0,0,1,2,2,3';
}));
check('page: a frame that calls has its time alone before it', await page.evaluate(() => {
	const tree = new Tree([0, 1, 2], [0, 1, 2], [0, 0, 0]);
	const chart = chartOf(tree, [1, 2, 1, 1, 2], [1, 2, 3, 4, 5]);

	return chart.name.join() === '0,1,-1,2,-1,2' && chart.self.join() === '0,0,1,2,7,5' &&
		chart.start.join() === '0,0,0,1,3,10';
}));
page = await open(plain);
await page.locator('#graph canvas').focus();
for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'Enter'])
	await page.keyboard.press(key);
check('page: keys walk, tell and zoom',
	(await text(page, 'status')).startsWith('send: 60 ns') === false &&
	await page.evaluate(() => graph.zoom) === 3);
await page.screenshot({ path: join(work, 'page.png') });
check('page: nothing went wrong, nothing was fetched', page.wrong.length === 0);

page = await open(plain, { colorScheme: 'dark' }, '#v=icicle');
check('page: dark by preference', await page.evaluate(
	() => getComputedStyle(document.body).backgroundColor === 'rgb(22, 24, 29)'));
await page.screenshot({ path: join(work, 'page-dark.png') });

for (const colorScheme of ['light', 'dark']) {
	page = await open(unseen, { colorScheme });
	const stripes = async (name) => changes(page, beside(await frame(page, name)));

	check(`page: what was not seen is hatched, and nothing else: ${colorScheme}`,
		await stripes('[interrupts off]') > 20 && await stripes('read') === 0);
	await page.locator('#search').fill('interrupts');
	check(`page: what is found is not hatched: ${colorScheme}`,
		await stripes('[interrupts off]') === 0);
}

page = await open(unseen, {}, '#v=sandwich');
check('page: the sandwich begins with a function', await text(page, 'chosen') === 'work');
await page.locator('[data-view=table]').click();
check('page: the table marks what is no function, and who turned interrupts on',
	await page.evaluate(() => [...document.querySelectorAll('tbody tr')].map((row) =>
		`${row.lastChild.textContent} ${row.className}`).sort().join()) ===
	'[interrupts off] unseen,[lost] unseen,main ,read masked,work ');

page = await open(difference);
const told = (name) => page.evaluate((name) => {
	const { tree, texts } = graph.profile;
	const i = [...tree.name].findIndex((number) => texts[number] === name);

	return `${sentence(graph.tell(i))} ${graph.colour(i)}`;
}, name);
check('page: frames tell how their shares changed',
	(await told('json_number')).includes('; +12.99 points') &&
	(await told('deflate')).includes('; -12.62 points') &&
	(await told('main')).includes('; only in the other profile: old_cache -6.38'));
check('page: red grew, blue shrank, grey is the same',
	(await told('parse')).endsWith(' #d6604d') && (await told('main')).endsWith(' #e6e6e6') &&
	(await text(page, 'subtitle')).includes('against base.folded: red grew, blue shrank'));
for (const view of ['icicle', 'sandwich', 'table'])
	await page.locator(`[data-view=${view}]`).click();
check('page: a difference has all views but those of time', !page.wrong.length &&
	await page.locator('[data-view=chart]').isHidden());

const frames = (page) => page.evaluate(() => [...graph.tree.name].map((name, i) =>
	[graph.profile.texts[name], graph.tree.level[i], graph.tree.total[i]].join()).join());
for (const part of ['', '#a=1&b=2.5'])
	check(`page: an imported recording shows what its text does${part && ', for a time'}`,
		await frames(await open(imported, {}, part)) ===
		await frames(await open(plain, {}, part)));

page = await open(hostile);
for (const view of ['icicle', 'sandwich', 'table'])
	await page.locator(`[data-view=${view}]`).click();
check('page: no name runs or draws anything',
	await page.evaluate(() => window.ran === undefined && !document.querySelector('img')) &&
	page.wrong.length === 0);
for (const strange of ['#d=9&z=-5&f=1e99&a=x&b=&v=no&s=%5B', '#z=99999999&a=5&b=1&f=-3'])
	check('page: a strange link is taken for none',
		(await open(hostile, {}, strange)).wrong.length === 0);

page = await open(large);
const took = await page.evaluate(() => {
	const times = [];

	for (let i = 0; i < 30; i++) {
		const begin = performance.now();

		graph.set(graph.tree.count - 1 - i);
		graph.set(0);
		times.push((performance.now() - begin) / 2);
	}
	return { frames: graph.tree.count, median: times.sort((a, b) => a - b)[15] };
});
console.log(`# ${took.frames} frames are drawn in ${took.median.toFixed(1)} ms`);
check('page: as many frames as there are', took.frames > 100000 && page.wrong.length === 0);
await browser.close();
end();
