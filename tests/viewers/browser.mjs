// SPDX-License-Identifier: GPL-2.0
// A browser, and pages that say what went wrong in them.
import { chromium } from 'playwright-core';

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
	args: ['--no-sandbox', '--enable-unsafe-swiftshader', '--use-gl=angle',
		'--use-angle=swiftshader'],
});

export async function open(url) {
	const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });

	page.wrong = [];
	page.on('pageerror', (error) => page.wrong.push(String(error)));
	page.on('dialog', (dialog) => {
		page.wrong.push(dialog.message());
		dialog.dismiss();
	});
	await page.goto(url);
	return page;
}

export const close = () => browser.close();
