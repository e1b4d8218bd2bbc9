/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_schema.js - schema.graphql is a subset of GitHub's official schema: each
 * type, field, argument, value and default is there, with the same type. So a
 * query that runs here is one that GitHub would take.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const { ok, is, run } = require('./tap.js');
const { library } = require('./graphql.js');

const g = library('graphql');
const OFFICIAL = path.join(__dirname, '../node_modules/@octokit/graphql-schema');

/* Definitions by name: { kind, fields: name -> { type, args, value }, … }. */
function read(file) {
	const out = new Map();
	for (const d of g.parse(fs.readFileSync(file, 'utf8')).definitions)
		if (d.name) out.set(d.name.value, d);
	return out;
}

const typed = (list) => new Map((list || []).map((x) => [x.name.value, x]));
const named = (list) => new Set((list || []).map((x) => x.name.value));
const value = (x) => (x.defaultValue ? g.print(x.defaultValue) : undefined);

/* What of mine is not so in theirs, as sentences. */
function inputs(mine, theirs, where, wrong) {
	for (const [name, x] of typed(mine)) {
		const y = typed(theirs).get(name);
		if (!y) wrong.push(`${where}(${name}:) is not official`);
		else if (g.print(x.type) !== g.print(y.type) || value(x) !== value(y))
			wrong.push(`${where}(${name}: ${g.print(y.type)} = ${value(y)}) is official`);
	}
	for (const [name, y] of typed(theirs))
		if (y.type.kind === 'NonNullType' && !y.defaultValue && !typed(mine).has(name))
			wrong.push(`${where}(${name}:) is required`);
}

function fields(mine, theirs, type, wrong) {
	const official = typed(theirs.fields);
	for (const [name, x] of typed(mine.fields)) {
		const y = official.get(name), where = `${type}.${name}`;
		if (!y) {
			wrong.push(`${where} is not official`);
			continue;
		}
		if (g.print(x.type) !== g.print(y.type))
			wrong.push(`${where}: ${g.print(y.type)} is official`);
		if (x.arguments) inputs(x.arguments, y.arguments, where, wrong);
	}
}

function compare(mine, theirs) {
	const wrong = [];
	for (const [name, x] of mine) {
		const y = theirs.get(name);
		if (!y || y.kind !== x.kind) {
			wrong.push(`${name} is not official`);
			continue;
		}
		if (x.kind === 'InputObjectTypeDefinition')
			inputs(x.fields, y.fields, name, wrong);
		else if (x.fields) fields(x, y, name, wrong);
		for (const list of ['interfaces', 'types', 'values'])
			for (const v of named(x[list]))
				if (!named(y[list]).has(v)) wrong.push(`${name}: ${v} is not official`);
	}
	return wrong;
}

function subset() {
	const theirs = read(path.join(OFFICIAL, 'schema.graphql'));
	const mine = read(path.join(__dirname, 'schema.graphql'));
	ok(theirs.size > 1000, 'the official schema is read', theirs.size);
	is(compare(mine, theirs), [], 'ours is a subset of it');
	const text = fs.readFileSync(path.join(__dirname, 'schema.graphql'), 'utf8');
	const spoilt = new Map(g.parse(text.replace('databaseId: Int\n', 'databaseId: ID\n')
	    .replace('closed: Boolean!', 'shut: Boolean!').replace('number: Int!', 'number: Int')
	    .replace('first: Int', 'first: Int!')).definitions.map((d) => [d.name.value, d]));
	is(compare(spoilt, theirs).length, 4, 'four mistakes in ours would be seen');
}

run([subset]);
