// SPDX-License-Identifier: GPL-2.0
// The picture in a real browser: zoom, search, link, keys, dark mode, as an
// image, and with hostile names. Called by run; prints "ok …", "not ok …".
import { pathToFileURL } from 'node:url';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beside, browser, changes, check, end, open } from './browser.mjs';

const [plain, hostile, difference, unseen, work] = process.argv.slice(2);
const frame = (page, name) => page.locator(`g[aria-label^="${name},"]`);
const wide = async (page, name) => (await frame(page, name).boundingBox()).width;

let page = await open(plain);
const before = await wide(page, 'parse');
await frame(page, 'parse').click();
check('a click zooms', before < 700 && await wide(page, 'parse') > 1100);
check('what is outside is hidden', !await frame(page, 'send').isVisible());
await page.keyboard.press('Control+f');
await page.keyboard.type('json_');
check('a search tells its share',
	(await page.locator('output').textContent()).startsWith('Matched: 43.78%'));
const link = page.url();
page = await open(plain, {}, new URL(link).hash);
check('the link restores zoom and search',
	await wide(page, 'parse') > 1100 &&
	(await page.locator('output').textContent()).startsWith('Matched: 43.78%'));
await page.keyboard.press('Escape');
check('Escape leaves the zoom', await wide(page, 'parse') < 700);
check('nothing went wrong, nothing was fetched', page.wrong.length === 0);

page = await open(plain);
await frame(page, 'all').focus();
await page.keyboard.press('ArrowUp');
await page.keyboard.press('ArrowUp');
await page.keyboard.press('Enter');
check('keys walk and zoom', new URL(page.url()).hash.includes('y=3'));
await page.screenshot({ path: join(work, 'light.png') });

page = await open(plain, { colorScheme: 'dark' });
check('dark by preference', await page.locator('rect.back').evaluate(
	(node) => getComputedStyle(node).fill === 'rgb(22, 24, 29)'));
await page.screenshot({ path: join(work, 'dark.png') });

page = await open(plain, { javaScriptEnabled: false });
check('without scripts it is a picture', await page.locator('g.frames text').count() > 5);

const html = join(work, 'image.html');
writeFileSync(html, `<img src="${pathToFileURL(plain).href}">`);
page = await open(html);
check('as <img> it has its size', await page.locator('img').evaluate(
	(node) => node.complete && node.naturalWidth === 1200));

page = await open(hostile);
await page.waitForTimeout(200);
check('hostile names are no markup and run nothing',
	page.wrong.length === 0 && !await page.evaluate(() => window.ran) &&
	await page.locator('script').count() === 1 && await page.locator('g.frames img').count() === 0);
await page.locator('g.frames g').last().hover();
await page.screenshot({ path: join(work, 'hostile.png') });

page = await open(difference);
check('the difference is told', (await frame(page, 'deflate').getAttribute('aria-label')).includes('points'));
await page.screenshot({ path: join(work, 'difference.png') });

for (const colorScheme of ['light', 'dark']) {
	const stripes = async (name) =>
		changes(page, beside(await frame(page, name).boundingBox()));

	page = await open(unseen, { colorScheme });
	check(`what was not seen is hatched, and nothing else: ${colorScheme}`,
		await stripes('[interrupts off]') > 20 && await stripes('read') === 0);
}
await frame(page, '[interrupts off]').click();
check('hatching zooms with its frame', await frame(page, '[interrupts off]').evaluate(
	(g) => ['x', 'width'].every((name) => g.querySelector('.hatch').getAttribute(name) ===
		g.querySelector('rect').getAttribute(name))) &&
	await wide(page, '[interrupts off]') > 1100);
await page.screenshot({ path: join(work, 'unseen.png') });

await browser.close();
end();
