// SPDX-License-Identifier: GPL-2.0
// A browser, pages that watch themselves, and lines "ok …" and "not ok …".
import { chromium } from 'playwright-core';
import { pathToFileURL } from 'node:url';

export const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
	args: ['--no-sandbox'],
});
let failed = 0;

export function check(name, holds) {
	console.log(`${holds ? 'ok' : 'not ok'} browser: ${name}`);
	failed += !holds;
}

export async function open(path, options = {}, hash = '') {
	const context = await browser.newContext({
		viewport: { width: 1200, height: 400 }, ...options });
	const page = await context.newPage();

	page.wrong = [];
	page.on('pageerror', (error) => page.wrong.push(String(error)));
	page.on('dialog', (dialog) => { page.wrong.push('dialog'); dialog.dismiss(); });
	page.on('request', (request) => {
		if (!request.url().startsWith('file:') && !request.url().startsWith('data:'))
			page.wrong.push(request.url());
	});
	await page.goto(pathToFileURL(path).href + hash);
	return page;
}

// How often brightness changes along the middle of @box, as @page shows it.
export async function changes(page, box) {
	const clip = { x: box.x, y: Math.floor(box.y + box.height / 2),
		width: box.width, height: 1 };
	const picture = (await page.screenshot({ clip })).toString('base64');
	const reader = await browser.newPage();
	const count = await reader.evaluate(async (data) => {
		const image = new Image();

		image.src = `data:image/png;base64,${data}`;
		await image.decode();
		const pen = new OffscreenCanvas(image.width, 1).getContext('2d');

		pen.drawImage(image, 0, 0);
		const { data: pixels } = pen.getImageData(0, 0, image.width, 1);
		let count = 0;

		for (let i = 4; i < pixels.length; i += 4)
			count += Math.abs(pixels[i] - pixels[i - 4]) > 8;
		return count;
	}, picture);

	await reader.close();
	return count;
}

// The part of a frame's @box right of its name: without text, without edges.
export function beside({ x, y, width, height }) {
	return { x: x + 150, y, width: width - 160, height };
}

export function end() {
	process.exit(failed ? 1 : 0);
}
