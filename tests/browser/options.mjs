// SPDX-License-Identifier: GPL-2.0
// What flamegraph.pl's options and keys do in a real browser: the order of
// time, links, backgrounds, the case of a search. Called by run.
import { join } from 'node:path';
import { browser, check, end, open } from './browser.mjs';

const [calls, background, work] = process.argv.slice(2);
const frames = (page, name) => page.locator(`g[aria-label^="Function: ${name},"]`);
const box = (page, name, number) => frames(page, name).nth(number).boundingBox();
const matched = (page) => page.locator('output').textContent();

let page = await open(calls);
const load = [await box(page, 'load', 0), await box(page, 'load', 1)];
const parse = [await box(page, 'parse', 0), await box(page, 'parse', 1)];
check('a chart has the order of time', load[0].x < parse[0].x &&
	parse[0].x < load[1].x && load[1].x < parse[1].x);
check('time of its own keeps its place',
	parse[1].x - load[1].x - load[1].width > 100);
await page.screenshot({ path: join(work, 'chart.png') });

await frames(page, 'work').nth(1).click();
check('a chart zooms', (await box(page, 'parse', 1)).width > 1100 &&
	!await frames(page, 'parse').nth(0).isVisible());
check('ancestors fade', await frames(page, 'main').evaluate((node) =>
	node.classList.contains('above') &&
	getComputedStyle(node.querySelector('rect')).fillOpacity < 0.5));
await page.getByText('Reset zoom').click();
check('Reset zoom resets', (await box(page, 'parse', 1)).width < 400);

await page.keyboard.press('F3');
check('F3 is for the search', await page.evaluate(() =>
	document.activeElement.tagName === 'input'));
await page.keyboard.type('work|parse|Send');
check('a match within a match is not counted twice',
	await matched(page) === 'Matched: 56.25%');
await page.keyboard.press('Escape');
await page.keyboard.press('F3');
await page.keyboard.type('LOAD');
check('case matters', await matched(page) === 'Matched: 0.00%');
await page.keyboard.press('Control+i');
check('Ctrl+I makes it not matter', await matched(page) === 'Matched: 31.25%');
await page.keyboard.press('Control+i');
check('Ctrl+I again makes it matter', await matched(page) === 'Matched: 0.00%');
await page.locator('input').fill('(');
check('what is no regular expression is searched as text',
	await matched(page) === 'Matched: 0.00%');

page = await open(calls, {}, '?x=13&y=3&s=parse');
check('a link of ?x=&y=&s= is read', (await box(page, 'parse', 1)).width > 1100 &&
	(await matched(page)).startsWith('Matched: 43.75%'));

page = await open(calls);
await frames(page, 'main').hover();
const tip = await page.locator('.tip').textContent();
check('a tooltip has the type, the name, and the line given for it',
	tip.includes('Function: main') && tip.includes('Where it "begins"'));
await page.screenshot({ path: join(work, 'tip.png') });
await frames(page, 'main').click({ modifiers: ['Control'] });
check('Ctrl+click on a link zooms', page.url().includes('calls.svg') &&
	new URL(page.url()).hash.includes('y=2'));
await frames(page, 'main').focus();
await page.keyboard.press('Escape');
await page.keyboard.press(' ');
check('the space bar on a link zooms', page.url().includes('calls.svg') &&
	new URL(page.url()).hash.includes('y=2'));
check('a class is there', await page.locator('g.mine').count() === 2);
check('notes are there, and not shown',
	await page.locator('desc').textContent() === 'a -- b');
check('nothing went wrong, nothing was fetched', page.wrong.length === 0);
await frames(page, 'main').click();
await page.waitForURL(/there\.html/);
check('a click on a link follows it', await page.title() === 'there');
page = await open(calls);
await frames(page, 'main').focus();
await page.keyboard.press('Enter');
await page.waitForURL(/there\.html/);
check('Enter on a link follows it', await page.title() === 'there');

for (const [name, title] of [['yellow', 'rgb(31, 35, 40)'], ['20242c', 'rgb(236, 239, 243)']]) {
	for (const colorScheme of ['light', 'dark']) {
		page = await open(`${background}${name}.svg`, { colorScheme });
		check(`on a background chosen ${colorScheme === 'dark' ? 'at night' : 'by day'}, ` +
			`text can be read: ${name}`, await page.locator('.title').evaluate(
			(node) => getComputedStyle(node).fill) === title);
	}
	await page.screenshot({ path: join(work, `background-${name}.png`) });
}

for (const width of [330, 800, 2400]) {
	page = await open(calls, { viewport: { width, height: 400 } });
	check(`text fits at ${width} pixels`, await page.evaluate(() =>
		[...document.querySelectorAll('g.frames > g')].every((g) => {
			const text = g.querySelector('text');

			return !text || !text.textContent || g.classList.contains('hidden') ||
				text.getComputedTextLength() <=
				g.querySelector('rect').getBBox().width;
		})));
}
check('the legend ends where the frames do', await page.evaluate(() => {
	const right = (selector) => Math.max(...[...document.querySelectorAll(selector)]
		.map((node) => node.getBoundingClientRect().right));

	return Math.abs(right('.legend text') - right('g.frames rect')) < 2;
}));
check('screen readers hear a tree', await page.evaluate(() =>
	document.querySelector('[role=tree]').querySelectorAll(
		'[role=treeitem][aria-level][aria-label]').length === 9));

await browser.close();
end();
