/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_tables.js - tests/tables/store/NAME.txt: documents in, questions, and what is
 * answered. A line is
 *
 *	{…}		a document in the short notation of world.js; the same id is
 *			another version of it
 *	delete ID	deleted by hand
 *	? QUESTION	as tests/store/ask takes it; what follows, up to an empty line, is
 *			the answer's JSON
 *	# …		what it is about
 *
 * One process reads and writes, so each question also follows what came since.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { isDeepStrictEqual } = require('util');
const { Ask } = require('./ask.js');
const { body } = require('./world.js');

const TABLES = path.join(__dirname, '../tables/store');
let count = 0, failed = 0;

function is(got, want, name) {
	const good = isDeepStrictEqual(got, want);

	failed += !good;
	console.log(`${good ? '' : 'not '}ok ${++count} - ${name}`);
	if (!good) console.log(`# got  ${JSON.stringify(got)}\n# want ${JSON.stringify(want)}`);
}

function parse(text, name) {
	try {
		return JSON.parse(text);
	} catch (e) {
		throw new Error(`${name}: ${e.message}: ${text}`);
	}
}

/* Answers up to an empty line. */
function answerFrom(lines) {
	const text = [];

	while (lines.length && lines[0].trim() !== '') text.push(lines.shift());
	return text.join('\n');
}

async function run(file, a) {
	const lines = fs.readFileSync(path.join(TABLES, file), 'utf8').split('\n');
	let about = '';

	while (lines.length) {
		const line = lines.shift();
		if (line.startsWith('# ')) about = line.slice(2);
		else if (line.startsWith('{')) a.write(body(parse(line, file)));
		else if (line.startsWith('delete ')) a.delete(line.slice(7));
		else if (line.startsWith('? '))
			is(await a.ask(line.slice(2)), parse(answerFrom(lines), file),
			    `${file}: ${about || line}`), about = '';
		else if (line.trim() !== '') throw new Error(`${file}: what is "${line}"?`);
	}
}

async function main() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hubstash-tables-'));

	for (const file of fs.readdirSync(TABLES).filter((f) => f.endsWith('.txt')).sort()) {
		const a = new Ask('sqlite', path.join(dir, `${file}.db`));
		await run(file, a);
		is(await a.end(), 0, `${file}: it ends well`);
	}
	fs.rmSync(dir, { recursive: true });
	console.log(`1..${count}`);
	process.exit(failed ? 1 : 0);
}

main();
