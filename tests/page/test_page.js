/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_page.js - the dashboard in a real browser, on the real program, which follows a
 * simulated organisation. What it shows is held against the truth of that world.
 */
'use strict';

const { Stage, until, midnight, lines, MARKUP, LONG, DAY } = require('./stage.js');
const { Browser, chromium, scroll, axe, people } = require('./browser.js');
const { ok, is, run } = require('../github/tap.js');

let stage, browser;

/* The list comes to be the one wanted. */
async function shows(page, want, what) {
	let seen = [];
	const same = await until(async () => {
		seen = await people(page);
		return seen.length === want.length && seen.every((s, i) => s === want[i]);
	}, 60000);
	ok(same && want.length > 0, what, want.map((s, i) =>
	    `want ${s}\n     ${seen[i]}`).join('\n'));
}

const search = (page) => new URL(page.url()).searchParams;

async function begin() {
	stage = await Stage.open();
	await stage.start();
	browser = await Browser.open(stage.url);
	const page = await browser.page('/');
	await page.locator('.people tbody tr').first().waitFor();
	ok(await stage.settle(), 'history is read while the page is open', stage.log.slice(-2000));
	await page.context().close();
}

async function order() {
	const all = stage.hold();
	const page = await browser.page('/');
	await shows(page, lines(all, midnight(29)), 'the people stand in order of activity');
	is(await page.title(), 'sim-works (simulated data) · people in order of activity',
	    'the tab says whose it is');
	ok(/commits \+ .*pull requests opened \+ .*reviews/.test(await page.locator('.formula')
	    .textContent()), 'the formula stands above the list');
	await page.getByRole('button', { name: 'Commits', exact: true }).click();
	const first = () => people(page).then((rows) => rows.map((s) => Number(s.split(' | ')[3])));
	ok(await until(async () => {
		const n = await first();
		return n.length > 3 && n.every((x, i) => i === 0 || n[i - 1] >= x) &&
		    search(page).get('sort') === 'commits';
	}, 20000), 'a heading sorts by its column, and the address says so');
	await page.context().close();
}

async function filters() {
	const all = stage.hold();
	const page = await browser.page('/');
	await page.getByRole('link', { name: '90 days' }).click();
	await shows(page, lines(all, midnight(89)), 'another period has other people');
	is(search(page).get('days'), '90', 'it is in the address');
	await page.getByRole('button', { name: 'reviews' }).first().click();
	await shows(page, lines(all.filter((c) => c.kind === 'reviews'), midnight(89)),
	    'one kind alone');
	await page.goBack();
	await shows(page, lines(all, midnight(89)), 'back takes the filter away again');
	await page.getByRole('button', { name: 'reviews' }).first().waitFor();
	const repo = [...stage.sim.world.repos.values()][1];
	await page.getByRole('combobox', { name: /person or a repository/ }).fill(repo.name.slice(0,
	    4));
	await page.getByRole('option', { name: repo.name }).click();
	await shows(page, lines(all.filter((c) => c.repo === String(repo.id)), midnight(89)),
	    'a repository found by its first letters');
	is(search(page).get('repository'), String(repo.id), 'and in the address');
	await page.reload();
	await shows(page, lines(all.filter((c) => c.repo === String(repo.id)), midnight(89)),
	    'the address alone gives the same page');
	await page.getByRole('button', { name: `Without sim-works/${repo.name}` }).click();
	await shows(page, lines(all, midnight(89)), 'its chip takes it away');
	await page.goto(`${stage.url}/?from=2026-99-99&to=x&days=-3&who=%3Cscript%3E&pick=1..2`);
	await shows(page, lines(all, midnight(29)),
	    'nonsense in the address is as if it were not there');
	await page.context().close();
}

async function brush() {
	const all = stage.hold();
	const page = await browser.page('/?days=30');
	await shows(page, lines(all, midnight(29)), 'thirty days');
	const canvas = page.locator('.activity canvas');
	await canvas.waitFor();
	const drag = async () => {
		const box = await canvas.boundingBox();
		await page.mouse.move(box.x + box.width * 0.4, box.y + 60);
		await page.mouse.down();
		await page.mouse.move(box.x + box.width * 0.6, box.y + 70, { steps: 5 });
		await page.mouse.up();
		return search(page).get('pick');
	};
	ok(await until(drag, 20000), 'dragging over the chart picks days', page.url());
	const [from, to] = search(page).get('pick').split('..').map((d) =>
	    Date.parse(`${d}T00:00:00Z`));
	ok(to - from > 3 * DAY && to - from < 12 * DAY, 'about those that were dragged over');
	await shows(page, lines(all, from, to + DAY), 'and ranks the people of those days');
	ok(await page.locator('.band').isVisible(), 'what is picked is marked');
	await page.goBack();
	await shows(page, lines(all, midnight(29)), 'back ranks all again');
	await page.locator('.activity .chart').focus();
	for (const key of ['End', 'ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowLeft', 'Enter'])
		await page.keyboard.press(key);
	await shows(page, lines(all, midnight(3), midnight(0)), 'keys pick, too');
	await page.keyboard.press('ArrowLeft');
	await page.keyboard.press('Escape');
	await shows(page, lines(all, midnight(29)), 'and let go');
	await page.context().close();
}

async function drill() {
	const all = stage.hold(), [first] = lines(all, midnight(29));
	const page = await browser.page('/');
	await page.locator('.people tbody a.person').first().click();
	await page.locator('.view-person .page-title').getByText(first.split(' | ')[1]).waitFor();
	ok(/^\/person\/\d+$/.test(new URL(page.url()).pathname),
	    'a name leads to a page of its own');
	await scroll(page);
	const value = await page.locator('[data-tile=activity] .value').innerText();
	is(value.replace(/,/g, ''), first.split(' | ')[2], 'which has the same number');
	ok(await page.locator('.calendar rect').count() >= 365, 'a calendar of a year');
	ok(await page.locator('.recent li a[href^="https://github.com/"]').count() > 5,
	    'a log with links');
	await page.locator('.repositories tbody a.repository').first().click();
	await page.locator('.view-repository .people tbody tr').first().waitFor();
	ok(/^\/repository\/\d+$/.test(new URL(page.url()).pathname), 'a repository, too');
	await page.goBack();
	await page.goBack();
	await shows(page, lines(all, midnight(29)), 'back, and back again');
	await page.getByRole('link', { name: 'Data', exact: true }).click();
	await scroll(page);
	ok(/Nothing of this period is known to be missing/.test(await page.locator('.coverage')
	    .innerText()), 'the data page says that it is complete');
	ok((await page.locator('textarea').inputValue()).includes('\nmail:'),
	    'and has lines for a mapping file');
	await page.context().close();
}

async function markup() {
	stage.hold();
	const page = await browser.page('/?days=7');
	await scroll(page);
	const names = (await people(page)).map((s) => s.split(' | ')[1]);
	ok(names.includes(MARKUP), 'markup in a name is text', names.join('\n'));
	ok(names.includes(LONG), 'a long name in another script is whole', names.slice(-4).join('\n'));
	ok((await page.locator('#main').innerText()).includes(MARKUP), 'markup in a title is text');
	await page.goto(`${stage.url}/?days=7&person=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`);
	await page.locator('.chips').getByText('onerror').waitFor();
	await page.goto(`${stage.url}/data?days=7`);
	await scroll(page);
	is(await page.evaluate(() => window.ran), undefined, 'nothing of it ran');
	is(await page.locator('#main script, #main img, .filters img').count(), 0,
	    'or became an element');
	await page.context().close();
}

async function moves() {
	stage.hold();
	const page = await browser.page('/');
	await page.evaluate(() => { window.mark = 1; });
	await page.locator('.live.live').waitFor();
	const before = await people(page);
	await page.locator('.people tbody tr').first().waitFor();
	stage.go();
	ok(await until(async () => {
		const rows = await people(page);
		return rows.length > 0 && rows.join() !== before.join();
	}, 60000), 'the numbers move by themselves');
	ok(await until(async () => (await page.locator('.live').innerText()).startsWith('+'),
	    30000),
	    'and it says how many came');
	const all = stage.hold();
	await shows(page, lines(all, midnight(29)), 'they are the truth of a later moment');
	is(await page.evaluate(() => window.mark), 1, 'without loading the page again');
	await page.context().close();
}

async function screens() {
	stage.hold();
	for (const [address, what] of [['/?days=90', 'home'], ['/data', 'data']]) {
		const page = await browser.page(address, { width: 380, height: 800 });
		await scroll(page);
		is(await page.evaluate(() => document.documentElement.scrollWidth), 380,
		    `${what} is no wider than 380 pixels`);
		await page.context().close();
	}
	const big = await browser.page('/?days=365', { width: 3840, height: 2160 });
	await scroll(big);
	ok(await big.evaluate(() => {
		const side = document.querySelector('.people').getBoundingClientRect();
		return side.left > innerWidth / 2 && side.top < innerHeight / 4;
	}), 'the people are at the upper right, at 4K');
	await big.context().close();
	const page = await browser.page('/?kiosk', { width: 1920, height: 1080 });
	await page.locator('.people tbody tr').first().waitFor();
	const turn = () => page.evaluate(() => document.documentElement.dataset.turn);
	is([await page.locator('.filters').isVisible(), await page.locator('.activity').isVisible(),
		await page.locator('.series').isVisible()], [false, true, false],
	'a big screen shows people and one panel');
	is(await page.evaluate(() => getComputedStyle(document.querySelector('.people')).cursor),
	    'none',
	    'and no cursor');
	await page.keyboard.press('ArrowRight');
	is([await turn(), await page.locator('.activity').isVisible(),
		await page.locator('.series').isVisible()], ['2', false, true], 'then another');
	await page.context().close();
	const timed = await browser.page('/?kiosk', { width: 1920, height: 1080 });
	await timed.clock.install();
	await timed.reload();
	await timed.locator('.people tbody tr').first().waitFor();
	await timed.clock.runFor(16000);
	is(await timed.evaluate(() => document.documentElement.dataset.turn), '2',
	    'by itself, too');
	await timed.context().close();
}

async function dark() {
	stage.hold();
	const { people: [first] } = await stage.api('people?max=1');
	for (const colorScheme of ['light', 'dark']) {
		for (const address of ['/?days=90', '/data', '/repository/611000000?days=90',
			`/person/${first.id}?days=90&person=${first.id}`]) {
			const page = await browser.page(address, { colorScheme,
			    reducedMotion: 'reduce' });
			await scroll(page);
			is(await axe(page), [], `axe finds nothing: ${colorScheme}, ${address}`);
			await page.context().close();
		}
	}
	const page = await browser.page('/', { colorScheme: 'light' });
	const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await back();
	await page.getByRole('button', { name: /^Colours/ }).click();
	ok(await back() !== light, 'a switch makes it dark');
	await page.reload();
	await page.locator('#main > *').first().waitFor();
	ok(await back() !== light, 'which is remembered');
	await page.context().close();
}

async function keyboard() {
	const all = stage.hold(), [, second] = lines(all, midnight(29));
	const page = await browser.page('/');
	await shows(page, lines(all, midnight(29)), 'with keys alone');
	const at = () => page.evaluate(() => document.activeElement.textContent);
	let n = 0;
	while (await at() !== second.split(' | ')[1] && n++ < 120) await page.keyboard.press('Tab');
	ok(n < 120, 'Tab comes to the second person');
	ok(await page.evaluate(() =>
	    getComputedStyle(document.activeElement).outlineStyle) !== 'none',
	    'who is outlined then');
	await page.keyboard.press('Enter');
	await page.locator('.view-person .page-title').getByText(second.split(' | ')[1]).waitFor();
	ok(true, 'Enter opens the page');
	const field = page.getByRole('combobox', { name: /person or a repository/ });
	await field.focus();
	await page.keyboard.type('sim-a');
	await page.getByRole('option').first().waitFor();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	ok(await until(() => search(page).getAll('person').length === 1, 10000),
	    'the search goes by keys');
	await page.context().close();
}

async function tables() {
	stage.hold();
	const page = await browser.page('/?days=90');
	await scroll(page);
	const panel = page.locator('.flow');
	await panel.getByRole('button', { name: 'Table' }).click();
	ok(await panel.locator('tbody tr').count() > 5, 'a chart is a table, too');
	const csv = await page.evaluate((href) => fetch(href).then((r) => r.text()),
	    await panel.getByRole('link', { name: /CSV/ }).getAttribute('href'));
	is(csv.split(/\r?\n/)[0], 'from,opened,merged,closed', 'and CSV');
	is(csv.trim().split(/\r?\n/).length - 1, await panel.locator('tbody tr').count(),
	    'with as many rows');
	await page.context().close();
}

/* What is left when a page has been open for long. */
async function measure(page, cdp) {
	await page.evaluate(() => window.gc && window.gc());
	await cdp.send('HeapProfiler.collectGarbage');
	const { metrics } = await cdp.send('Performance.getMetrics');
	const of = (name) => metrics.find((m) => m.name === name).value;
	return { nodes: of('Nodes'), listeners: of('JSEventListeners'),
	    heap: of('JSHeapUsedSize') };
}

/* A week of news in a minute: each turn of the clock brings some. */
async function week() {
	stage.hold();
	const news = { documents: 2, kinds: { commit: 2 }, people: [], repositories: [],
	    more: false };
	const page = await browser.page('/data');
	await page.route('**/api/v1/live', (route) => route.fulfill({ status: 200,
		contentType: 'text/event-stream', body: 'retry: 30\n\nevent: hello\ndata: {}\n\n' +
		    `event: change\ndata: ${JSON.stringify(news)}\n\n` }));
	await page.clock.install();
	await page.goto(`${stage.url}/?days=30`);
	await scroll(page);
	const cdp = await page.context().newCDPSession(page);
	await cdp.send('Performance.enable');
	let asked = 0;
	page.on('request', (r) => { asked += r.url().includes('/api/v1/people'); });
	const live = async (n) => {
		for (let i = 0; i < n; i++) {
			await page.clock.runFor(5000);
			await page.waitForFunction(() =>
			    !document.querySelector('.people[aria-busy]'));
		}
	};
	await live(30);
	const before = await measure(page, cdp), calls = asked;
	await live(120);
	for (let i = 0; i < 7; i++) await page.clock.fastForward('24:00:00');
	for (let i = 0; i < 6; i++) {
		await page.locator('.people tbody a.person').nth(i).click();
		await page.locator('.view-person .people, .view-person .tile').first().waitFor();
		await scroll(page);
		await page.goBack();
		await page.locator('.people tbody tr').first().waitFor();
	}
	await scroll(page);
	await live(5);
	/* What was thrown away is collected when the browser likes to. */
	let after;
	await until(async () => {
		after = await measure(page, cdp);
		return after.nodes < before.nodes * 1.3 + 500 && after.listeners < before.listeners * 1.1 + 20;
	}, 60000);
	ok(asked - calls > 40, 'news led to new numbers', `${asked - calls} times`);
	ok(asked - calls < 220, 'and to no flood', `${asked - calls} times`);
	ok(after.nodes < before.nodes * 1.3 + 500, 'a week later there are no more elements',
	    JSON.stringify([before, after]));
	ok(after.listeners < before.listeners * 1.1 + 20, 'nor listeners',
	    JSON.stringify([before, after]));
	ok(after.heap < before.heap * 1.3 + 4e6, 'nor memory', JSON.stringify([before, after]));
	await page.context().close();
}

async function away() {
	const all = stage.hold();
	const page = await browser.page('/');
	await shows(page, lines(all, midnight(29)), 'before');
	browser.away = true;
	await stage.kill();
	await page.getByRole('link', { name: '90 days' }).click();
	await page.locator('.people.stale .status').waitFor();
	ok(/does not answer.*asked again/.test(await page.locator('.people .status').innerText()),
	    'when the program is gone the page says so');
	is(await people(page), lines(all, midnight(29)), 'and the last numbers stay');
	await stage.start();
	await shows(page, lines(all, midnight(89)), 'when it is back the page goes on by itself');
	await page.context().close();
	await stage.kill('SIGTERM');
	await stage.start('elasticsearch { hosts => ["http://127.0.0.1:9"] }', 'nobody');
	const bad = await browser.page('/');
	await bad.locator('.people.failed .status').waitFor();
	ok((await bad.locator('.people .status').innerText()).length > 60,
	    'a store that cannot be asked is said, with the reason',
	    await bad.locator('.people .status').innerText());
	ok(await bad.locator('.cover').innerText() !== '', 'completeness is said all the same');
	await bad.context().close();
	browser.away = false;
}

async function end() {
	is(browser.wrong, [], 'no error on the console, and no other host was asked');
	await browser.close();
	await stage.close();
}

if (!chromium()) {
	process.stdout.write('1..0\nok 1 - the page # SKIP chromium is missing (tests/deps.sh test)\n');
	process.exit(0);
}
/* Without these nothing else makes sense. */
async function beginOrLeave() {
	try {
		await begin();
	} catch (e) {
		process.stdout.write(`not ok 1 - it begins\n# ${e.stack}\n1..1\n`);
		process.exit(1);
	}
}

run([beginOrLeave, order, filters, brush, drill, markup, moves, screens, dark, keyboard, tables, week,
	away, end].filter((t) => !process.env.ONLY || ['beginOrLeave', 'end',
	...process.env.ONLY.split(',')].includes(t.name)));
