/* SPDX-License-Identifier: Apache-2.0 */
/*
 * browser.js - Chromium, watched: what its console says, what was asked of which host,
 * and what axe-core finds.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');

const MODULES = path.join(__dirname, '../node_modules');
const load = (name) => require(path.join(MODULES, name));

/* Where it is, or null. */
function chromium() {
	const r = spawnSync('sh', ['-c', 'command -v chromium || command -v chromium-browser'],
	    { encoding: 'utf8' });
	return r.stdout.trim() || null;
}

class Browser {
	/* Everything it complains of is in wrong. */
	static async open(origin) {
		const it = new Browser();
		Object.assign(it, { origin, wrong: [], away: false, contexts: [] });
		it.browser = await load('playwright-core').chromium.launch({ executablePath: chromium(),
			args: ['--no-sandbox', '--js-flags=--expose-gc'] });
		return it;
	}

	/* A page of a browser in UTC. While this.away its console may say that nobody is there. */
	async page(address, { width = 1440, height = 900, ...more } = {}) {
		const context = await this.browser.newContext({ viewport: { width, height },
			locale: 'en-GB', timezoneId: 'UTC', ...more });
		const page = await context.newPage();
		page.on('console', (m) => {
			if (!['error', 'warning'].includes(m.type()) ||
			    (this.away && /Failed to load resource|ERR_/.test(m.text()))) return;
			this.wrong.push(`${m.type()}: ${m.text()} (${m.location().url})`);
		});
		page.on('pageerror', (e) => this.wrong.push(`error: ${e.stack}`));
		page.on('dialog', (d) => this.wrong.push(`dialog: ${d.message()}`));
		context.on('request', (r) => {
			if (new URL(r.url()).origin !== this.origin && !r.url().startsWith('data:'))
				this.wrong.push(`asked ${r.url()}`);
		});
		page.setDefaultTimeout(60000);
		await page.goto(this.origin + address);
		await page.locator('#main > *').first().waitFor();
		return page;
	}

	close() { return this.browser.close(); }
}

/* All panels come into view once. */
async function scroll(page) {
	await page.evaluate(async () => {
		for (let y = 0; y < document.body.scrollHeight; y += 400) {
			window.scrollTo(0, y);
			await new Promise((go) => requestAnimationFrame(() =>
			    requestAnimationFrame(go)));
		}
		window.scrollTo(0, 0);
	});
	await page.waitForFunction(() => !document.querySelector('.panel.loading'));
}

/* What axe-core finds, as lines. */
async function axe(page) {
	await page.evaluate(fs.readFileSync(path.join(MODULES, 'axe-core/axe.min.js'), 'utf8'));
	const { violations } = await page.evaluate(() => window.axe.run());
	return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}`));
}

/* The people shown, a line each. */
const people = (page) => page.evaluate(() =>
    [...document.querySelectorAll('.panel.people tbody tr')].map((tr) => {
	const [rank, who, ...cells] = [...tr.children];
	const [total, commits, pulls, merged, reviews] = cells.map((td) =>
	    td.textContent.replace(/,/g, ''));
	return [rank.textContent, who.querySelector('bdi').textContent, total, commits, pulls,
		merged, reviews].join(' | ');
    }));

module.exports = { Browser, chromium, scroll, axe, people };
