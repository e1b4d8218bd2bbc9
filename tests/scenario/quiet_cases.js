/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quiet_cases.js - what days in which nothing goes wrong leave in the log, and
 * what hours in which GitHub is away add to it.
 */
'use strict';

const { MINUTE, HOUR, START, iso } = require('./harness.js');

/* Lines of the log: { at, level, text }; what has no such beginning is wrong. */
function lines(stage, run) {
	return run.log.trim().split('\n').filter(Boolean).map((line) => {
		const m = /^(\S+Z) (error|warn|info|debug) +(.*)$/.exec(line);
		if (!m) stage.wrong.push(`a line that is none: ${line}`);
		return m && { at: Date.parse(m[1]), level: m[2], text: m[3] };
	}).filter(Boolean);
}

/* A line a minute at most, but for the first, which tells of the start. */
function perMinute(stage, log) {
	const minutes = new Map();
	for (const l of log) {
		const minute = Math.floor(l.at / MINUTE);
		minutes.set(minute, [...minutes.get(minute) || [], l.text]);
	}
	for (const [minute, texts] of minutes)
		if (texts.length > 1 && minute * MINUTE > stage.start)
			stage.wrong.push(`${texts.length} lines at ${iso(minute * MINUTE)}:\n${
			    texts.join('\n')}`);
	if (log.length === 0) stage.wrong.push('no line at all');
}

async function quiet(stage) {
	const log = lines(stage, await stage.run(stage.args('run', '--listen', 'off')));
	perMinute(stage, log);
	for (const l of log.filter((one) => one.level !== 'info'))
		stage.wrong.push(`${l.level} while nothing is wrong: ${l.text}`);
	stage.judgeSqlite();
}

/* Told when it begins and when it is over, not meanwhile. */
async function away(stage) {
	const log = lines(stage, await stage.run(stage.args('run', '--listen', 'off')));
	const warned = log.filter((l) => l.level === 'warn');
	perMinute(stage, log);
	if (warned.length !== 1 || !/GitHub does not answer at .* all waits/.test(warned[0].text))
		stage.wrong.push(`it warns of an outage with:\n${warned.map((l) => l.text)
		    .join('\n')}`);
	const well = log.filter((l) => /well again after \d+ s/.test(l.text));
	if (well.length !== 1 || well[0].at < stage.start + 6 * HOUR)
		stage.wrong.push(`that it is over it says ${well.length} times`);
	stage.judgeSqlite();
}

const at = (hours) => Date.parse(START) + hours * HOUR;

module.exports = [
	{ name: 'quiet-days', hours: 50, play: quiet },
	{ name: 'quiet-week', hours: 168, play: quiet, optional: true },
	{ name: 'quiet-but-away', hours: 8, play: away, quirks: {
		outage: { value: true, from: at(3), to: at(6) } } },
];
