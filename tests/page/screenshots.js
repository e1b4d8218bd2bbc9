#!/usr/bin/env node
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screenshots.js URL - the pictures of the README, docs/dashboard*.webp, of a program that
 * runs there (make run prints its URL): take them when its history is read.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const { Browser, scroll } = require('./browser.js');

const DOCS = path.join(__dirname, '../../docs');
const SHOTS = [
	['dashboard', '/?days=90', { width: 1440, height: 1000 }],
	['dashboard-small', '/?days=90', { width: 380, height: 760, colorScheme: 'dark' }],
	['dashboard-kiosk', '/?kiosk&days=365', { width: 1920, height: 1080, colorScheme: 'dark' }],
	['dashboard-person', '', { width: 1440, height: 1000 }],
	['dashboard-data', '/data?days=90', { width: 1440, height: 1000 }],
];

/* PNG as WebP, no wider than most. */
async function webp(browser, png, most) {
	const page = await browser.browser.newPage();
	const text = await page.evaluate(async ([data, max]) => {
		const image = new Image();
		image.src = `data:image/png;base64,${data}`;
		await image.decode();
		const scale = Math.min(1, max / image.width), canvas = document.createElement('canvas');
		canvas.width = image.width * scale;
		canvas.height = image.height * scale;
		const to = canvas.getContext('2d');
		to.imageSmoothingQuality = 'high';
		to.drawImage(image, 0, 0, canvas.width, canvas.height);
		return canvas.toDataURL('image/webp', 0.86);
	}, [png.toString('base64'), most]);
	await page.close();
	return Buffer.from(text.split(',')[1], 'base64');
}

async function main(url) {
	const browser = await Browser.open(new URL(url).origin);
	const { data } = await (await fetch(`${browser.origin}/api/v1/people?max=1`)).json();
	for (const [name, address, options] of SHOTS) {
		const page = await browser.page(address || `/person/${data.people[0].id}?days=365`,
		    { ...options, reducedMotion: 'reduce' });
		if (!address.includes('kiosk')) await scroll(page);
		await page.locator('canvas').first().waitFor({ timeout: 3000 }).catch(() => {});
		await page.waitForTimeout(1500);		/* numbers come, bars grow */
		const bytes = await webp(browser, await page.screenshot(), name === 'dashboard' ? 1440 : 960);
		fs.writeFileSync(path.join(DOCS, `${name}.webp`), bytes);
		process.stdout.write(`docs/${name}.webp: ${Math.ceil(bytes.length / 1024)} KB\n`);
		await page.context().close();
	}
	await browser.close();
}

if (process.argv.length !== 3) {
	process.stderr.write('screenshots.js URL\n');
	process.exit(2);
}
main(process.argv[2]);
