/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recorded.js - as many recorded lines as a bench wants: those of an archive hour
 * again and again, each time of other repositories with other numbers, and of another
 * day of the last year.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const zlib = require('zlib');

const SAMPLES = path.join(__dirname, '../samples');
const HOUR = 'archive-2015-01-01-0.json.gz';
const DAY = 86400e3;
const NUMBERED = ['comment', 'release', 'forkee', 'review'];

/* Writes lines of about so many documents: two come of an event. */
function writeRecorded(file, documents) {
	const texts = zlib.gunzipSync(fs.readFileSync(path.join(SAMPLES, HOUR))).toString()
	    .split('\n').filter(Boolean);
	const today = Math.floor(Date.now() / DAY) * DAY;
	const out = fs.openSync(file, 'w');
	for (let k = 0, n = 0; n < documents; k++) {
		const day = new Date(today - (k % 365 + 1) * DAY).toISOString().slice(0, 10);
		const lines = [];
		for (const text of texts) {
			const e = JSON.parse(text.replace(/2015-01-01T/g, `${day}T`));
			e.repo.id += k * 1e9;
			for (const kind of NUMBERED)
				if (e.payload[kind] && e.payload[kind].id)
					e.payload[kind].id += k * 1e9;
			lines.push(JSON.stringify(e));
			n += 453 / texts.length;
			if (n >= documents) break;
		}
		fs.writeSync(out, `${lines.join('\n')}\n`);
	}
	fs.closeSync(out);
}

module.exports = { writeRecorded, SAMPLES, HOUR };
