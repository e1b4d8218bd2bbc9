/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graphql_cost.js - what a query costs before it is run, by the formula of
 * docs.github.com, "Rate limits and query limits for the GraphQL API": the
 * requests needed to fill each connection, given that every one is as long as
 * its first or last says, over 100, at least 1; and how many nodes it may
 * bring, at most 500,000. Says what is wrong with the bounds of connections.
 */
'use strict';

const MAX_NODES = 500000;

class Coster {
	constructor(g, schema, document, variables) {
		this.g = g;
		this.schema = schema;
		this.variables = variables || {};
		this.fragments = {};
		this.requests = 0;
		this.nodes = 0;
		this.errors = [];
		this.operation = null;
		for (const d of document.definitions) {
			if (d.kind === 'FragmentDefinition') this.fragments[d.name.value] = d;
			else this.operation = this.operation || d;
		}
		this.walk(this.operation.selectionSet, schema.getQueryType(), 1, []);
	}

	get cost() { return Math.max(1, Math.round(this.requests / 100)); }

	value(node) {
		if (node.kind === 'Variable') {
			const v = this.variables[node.name.value];
			if (v !== undefined) return v;
			const d = (this.operation.variableDefinitions || []).find((x) =>
			    x.variable.name.value === node.name.value);
			return d && d.defaultValue ? this.value(d.defaultValue) : undefined;
		}
		if (node.kind === 'IntValue') return Number(node.value);
		if (node.kind === 'ListValue') return node.values.map((v) => this.value(v));
		return node.value;
	}

	error(type, path, message) {
		this.errors.push({ type, path, message });
	}

	fail(field, path, name) {
		const args = {};
		for (const a of field.arguments || []) args[a.name.value] = this.value(a.value);
		const { first, last } = args;
		const n = first !== undefined && first !== null ? first : last;
		const which = first !== undefined && first !== null ? 'first' : 'last';
		if (n === undefined || n === null) {
			this.error('MISSING_PAGINATION_BOUNDARIES', path, `You must provide a \`first\` ` +
			    `or \`last\` value to properly paginate the \`${name}\` connection.`);
			return 0;
		}
		if (n > 100)
			this.error('EXCESSIVE_PAGINATION', path, `Requesting ${n} records on the ` +
			    `\`${name}\` connection exceeds the \`${which}\` limit of 100 records.`);
		if (n < 1)
			this.error('INVALID_PAGINATION', path,
			    `\`${which}\` on the \`${name}\` connection cannot be less than one.`);
		return n;
	}

	/* What is selected of a connection: its count alone needs no bounds. */
	onlyCount(set) {
		return set.selections.every((s) => s.kind === 'Field' &&
		    ['totalCount', 'totalDiskUsage', '__typename'].includes(s.name.value));
	}

	walk(set, type, times, path) {
		for (const s of set.selections) {
			if (s.kind === 'FragmentSpread') {
				const f = this.fragments[s.name.value];
				this.walk(f.selectionSet,
				    this.schema.getType(f.typeCondition.name.value), times, path);
			} else if (s.kind === 'InlineFragment') {
				this.walk(s.selectionSet, s.typeCondition ?
				    this.schema.getType(s.typeCondition.name.value) : type, times, path);
			} else if (s.selectionSet) {
				this.field(s, type, times, path);
			}
		}
	}

	field(s, type, times, path) {
		const name = s.name.value;
		const def = type.getFields && type.getFields()[name];
		if (!def) return;
		const here = [...path, s.alias ? s.alias.value : name];
		const inner = this.g.getNamedType(def.type);
		let n = times;
		if (inner.name.endsWith('Connection')) {
			this.requests += times;
			if (!this.onlyCount(s.selectionSet)) {
				n = times * this.fail(s, here, name);
				this.nodes += n;
			}
		} else if (name === 'nodes' && type === this.schema.getQueryType()) {
			const ids = (s.arguments || []).find((a) => a.name.value === 'ids');
			n = times * ((ids && this.value(ids.value)) || []).length;
			this.nodes += n;
		}
		this.walk(s.selectionSet, inner, n, here);
	}

	check() {
		if (this.nodes > MAX_NODES)
			this.error('MAX_NODE_LIMIT_EXCEEDED', undefined, `This query requests up to ` +
			    `${this.nodes} possible nodes which exceeds the maximum limit of ` +
			    `${MAX_NODES}.`);
		return this.errors;
	}
}

module.exports = { Coster };
