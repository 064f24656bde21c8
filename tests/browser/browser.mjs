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

export function end() {
	process.exit(failed ? 1 : 0);
}
