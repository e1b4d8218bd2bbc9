/* SPDX-License-Identifier: Apache-2.0 */
/*
 * git.js - commits and what can be asked of their graph: the log from a commit,
 * what one commit has that another has not, a merge base. A store is shared by
 * the repositories of one network (a repository and its forks). A commit's name
 * is the SHA-1 of all it says, parents included, so graphs cannot have loops.
 *
 * Walks mark commits by number in one reusable array: stores of some 100,000
 * commits are asked hundreds of times.
 */
'use strict';

const { sha1 } = require('./prng.js');

/* The newest committer date first; of the same second, who came first. */
class DateQueue {
	constructor() {
		this.heap = [];
		this.count = 0;
	}

	get length() { return this.heap.length; }

	static before(a, b) {
		const d = b.commit.committer.date - a.commit.committer.date;
		return d !== 0 ? d < 0 : a.order < b.order;
	}

	push(commit) {
		const h = this.heap;
		let i = h.length;
		h.push({ commit, order: this.count++ });
		while (i > 0) {
			const up = (i - 1) >> 1;
			if (!DateQueue.before(h[i], h[up])) break;
			[h[i], h[up]] = [h[up], h[i]];
			i = up;
		}
	}

	pop() {
		const h = this.heap, top = h[0].commit, last = h.pop();
		if (h.length === 0) return top;
		h[0] = last;
		for (let i = 0; ;) {
			let least = i;
			for (const c of [2 * i + 1, 2 * i + 2])
				if (c < h.length && DateQueue.before(h[c], h[least])) least = c;
			if (least === i) return top;
			[h[i], h[least]] = [h[least], h[i]];
			i = least;
		}
	}
}

/* The greatest number first. */
class NumberQueue {
	constructor() { this.heap = []; }

	push(n) {
		const h = this.heap;
		let i = h.length;
		h.push(n);
		for (let up; i > 0 && h[up = (i - 1) >> 1] < h[i]; i = up)
			[h[i], h[up]] = [h[up], h[i]];
	}

	pop() {
		const h = this.heap, top = h[0], last = h.pop();
		if (h.length === 0) return top;
		h[0] = last;
		for (let i = 0; ;) {
			let most = i;
			for (const c of [2 * i + 1, 2 * i + 2])
				if (c < h.length && h[c] > h[most]) most = c;
			if (most === i) return top;
			[h[i], h[most]] = [h[most], h[i]];
			i = most;
		}
	}
}

class Git {
	constructor() {
		this.bySha = new Map();
		this.list = [];			/* commit.n is its index */
		this.marks = new Int32Array(1024);
		this.flags = new Int32Array(1024);	/* of difference alone */
		this.round = 0;
		this.logs = new Map();		/* sha -> log, the last few */
		this.betweens = new Map();
	}

	get(sha) { return this.bySha.get(sha); }

	/*
	 * author and committer are { name, email, date (ms, whole seconds), tz
	 * (minutes) }. The commit that is there already is given back.
	 */
	add({ parents = [], message, author, committer = author, additions = 0,
	    deletions = 0, files = ['README.md'] }) {
		const who = (p) => `${p.name} <${p.email}> ${p.date / 1000} ${p.tz || 0}`;
		const sha = sha1(['commit', ...parents, who(author), who(committer),
		    additions, deletions, files.join(), message].join('\n'));
		const old = this.bySha.get(sha);
		if (old) return old;
		for (const p of parents)
			if (!this.bySha.has(p)) throw new Error(`no parent ${p}`);
		const commit = { sha, n: this.list.length, parents, message, author,
			committer, additions, deletions, files };
		this.list.push(commit);
		this.bySha.set(sha, commit);
		if (this.marks.length < this.list.length) {
			for (const name of ['marks', 'flags']) {
				const more = new Int32Array(this[name].length * 2);
				more.set(this[name]);
				this[name] = more;
			}
		}
		return commit;
	}

	/* Marks all that is reachable from shas; gives the mark. */
	mark(shas) {
		const mark = ++this.round, stack = [];
		for (const sha of shas) {
			const c = this.bySha.get(sha);
			if (c && this.marks[c.n] !== mark) {
				this.marks[c.n] = mark;
				stack.push(c);
			}
		}
		while (stack.length) {
			for (const p of stack.pop().parents) {
				const c = this.bySha.get(p);
				if (this.marks[c.n] === mark) continue;
				this.marks[c.n] = mark;
				stack.push(c);
			}
		}
		return mark;
	}

	/*
	 * Flags the commits reachable from sha but not from without; gives the flag. A
	 * parent's number is below its child's, so by falling number every commit
	 * comes after all that lead to it, and only what differs is visited.
	 */
	difference(sha, without) {
		const { flags } = this, queue = new NumberQueue();
		const hidden = ++this.round, seen = ++this.round;
		let open = 0;			/* seen ones in the queue */
		const see = (name, what) => {
			const { n } = this.bySha.get(name), had = flags[n];
			if (had === hidden || had === what) return;
			if (had !== seen) queue.push(n);
			if (what === seen) open++;
			else if (had === seen) open--;
			flags[n] = what;
		};
		see(sha, seen);
		for (const w of without) if (this.bySha.has(w)) see(w, hidden);
		while (open > 0) {
			const n = queue.pop(), what = flags[n];
			if (what === seen) open--;
			for (const p of this.list[n].parents) see(p, what);
		}
		return seen;
	}

	/* The commits reachable from sha but not from without, as `git log` orders. */
	walk(sha, without = []) {
		const within = this.difference(sha, without), { flags } = this;
		const queue = new DateQueue(), out = [];
		const see = (name) => {
			const c = this.bySha.get(name);
			if (flags[c.n] !== within) return;
			flags[c.n] = 0;
			queue.push(c);
		};
		see(sha);
		while (queue.length) {
			const c = queue.pop();
			out.push(c);
			for (const p of c.parents) see(p);
		}
		return out;
	}

	static remember(map, key, make) {
		let v = map.get(key);
		if (v === undefined) {
			v = make();
			if (map.size >= 24) map.delete(map.keys().next().value);
		} else {
			map.delete(key);	/* the newest is the last */
		}
		map.set(key, v);
		return v;
	}

	/* The newest upto commits from sha, as git logs them (maybe more). */
	log(sha, upto = Infinity) {
		const l = Git.remember(this.logs, sha, () => {
			const queue = new DateQueue(), first = this.bySha.get(sha);
			queue.push(first);
			return { queue, out: [], seen: new Set([first.n]) };
		});
		while (l.out.length < upto && l.queue.length) {
			const c = l.queue.pop();
			l.out.push(c);
			for (const p of c.parents) {
				const parent = this.bySha.get(p);
				if (l.seen.has(parent.n)) continue;
				l.seen.add(parent.n);
				l.queue.push(parent);
			}
		}
		return l.out;
	}

	/* head's commits that base has not, newest first. */
	between(base, head) {
		return Git.remember(this.betweens, `${base} ${head}`,
		    () => this.walk(head, [base]));
	}

	/*
	 * With since, a commit that is older hides all its ancestors, as in git:
	 * the walk does not look behind it.
	 */
	logSince(sha, since, until) {
		let list = this.log(sha);
		if (since !== undefined) {
			const old = list.filter((c) => c.committer.date < since);
			if (old.length) {
				const hidden = this.mark(old.map((c) => c.sha));
				list = list.filter((c) => this.marks[c.n] !== hidden);
			}
		}
		if (until !== undefined)
			list = list.filter((c) => c.committer.date <= until);
		return list;
	}

	isAncestor(a, b) {
		const mark = this.mark([b]);
		return this.marks[this.bySha.get(a).n] === mark;
	}

	/* The newest commit that both reach, or undefined. */
	mergeBase(a, b) {
		const mark = this.mark([a]);
		const n = this.marks;
		let best;
		const seen = new Set([b]), stack = [this.bySha.get(b)];
		while (stack.length) {
			const c = stack.pop();
			if (n[c.n] === mark) {
				if (!best || c.committer.date > best.committer.date ||
				    (c.committer.date === best.committer.date && c.n > best.n))
					best = c;
				continue;
			}
			for (const p of c.parents) {
				if (seen.has(p)) continue;
				seen.add(p);
				stack.push(this.bySha.get(p));
			}
		}
		return best;
	}

	/* { status, ahead, behind, base } as compare says; null: no common ancestor. */
	compare(base, head) {
		if (base === head)
			return { status: 'identical', ahead: [], behind: [], base };
		const common = this.mergeBase(base, head);
		if (!common) return null;
		const ahead = this.between(base, head), behind = this.between(head, base);
		const status = !behind.length ? 'ahead' : !ahead.length ? 'behind' : 'diverged';
		return { status, ahead, behind, base: common.sha };
	}
}

module.exports = { Git };
