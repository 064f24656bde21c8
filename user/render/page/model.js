/* Profiles as trees, and what is asked of them; nothing here is drawn. */

/*
 * Nodes in depth-first order: the part below node i ends before end[i]. Weights
 * may be changed, the shape never.
 */
class Tree {
	constructor(level, name, self) {
		const count = level.length, path = [];

		this.level = level;
		this.name = name;
		this.count = count;
		this.parent = new Int32Array(count).fill(-1);
		this.end = new Int32Array(count).fill(count);
		this.levels = 0;
		for (let i = 0; i < count; i++) {
			while (path.length > level[i])
				this.end[path.pop()] = i;
			if (path.length)
				this.parent[i] = path[path.length - 1];
			path.push(i);
			this.levels = Math.max(this.levels, path.length);
		}
		this.weigh(self);
	}

	/* Other weights of the same shape. */
	weigh(self) {
		const next = new Float64Array(this.count);

		this.self = self;
		this.total = Float64Array.from(self);
		this.start = new Float64Array(this.count);
		for (let i = this.count - 1; i > 0; i--)
			this.total[this.parent[i]] += this.total[i];
		for (let i = 1; i < this.count; i++) {
			const parent = this.parent[i];

			this.start[i] = next[parent];
			next[parent] += this.total[i];
			next[i] = this.start[i];
		}
	}

	/* Calls @found for each outermost node of which @wanted(name) holds. */
	outermost(wanted, found) {
		for (let i = 0; i < this.count;) {
			if (wanted(this.name[i])) {
				found(i);
				i = this.end[i];
			} else {
				i++;
			}
		}
	}
}

/* Grows by paths, in any order; then becomes a Tree. */
class Growing {
	constructor(name) {
		this.name = name;
		this.self = 0;
		this.children = new Map();
	}

	child(name) {
		let child = this.children.get(name);

		if (!child) {
			child = new Growing(name);
			this.children.set(name, child);
		}
		return child;
	}

	tree(texts) {
		const level = [], name = [], self = [], waiting = [[this, 0]];

		while (waiting.length) {
			const [node, depth] = waiting.pop();
			const children = [...node.children.values()];

			level.push(depth);
			name.push(node.name);
			self.push(node.self);
			children.sort((a, b) => texts[a.name] < texts[b.name] ? 1 : -1);
			for (const child of children)
				waiting.push([child, depth + 1]);
		}
		return new Tree(level, name, self);
	}
}

/* What the function leads to, from all places together. */
function calleesOf(tree, name, texts) {
	const root = new Growing(name), at = new Map();

	tree.outermost((other) => other === name, (first) => {
		at.clear();
		at.set(first, root);
		root.self += tree.self[first];
		for (let i = first + 1; i < tree.end[first]; i++) {
			const node = at.get(tree.parent[i]).child(tree.name[i]);

			node.self += tree.self[i];
			at.set(i, node);
		}
	});
	return root.tree(texts);
}

/* What leads to the function: its callers stand on it. */
function callersOf(tree, name, texts) {
	const root = new Growing(name);

	tree.outermost((other) => other === name, (first) => {
		let node = root;

		for (let i = tree.parent[first]; i > 0; i = tree.parent[i])
			node = node.child(tree.name[i]);
		node.self += tree.total[first];
	});
	return root.tree(texts);
}

/* What is no frame in a chart, but time that its parent spent alone. */
const ALONE = -1;

/*
 * Samples in their order: what neighbours have in common is one frame. @at and
 * @weights are theirs, of nodes of @tree.
 */
function chartOf(tree, at, weights) {
	const level = [0], name = [0], self = [0];
	let path = [], last = 0;

	const add = (depth, number) => {
		last = level.push(depth) - 1;
		name.push(number);
		self.push(0);
	};

	at.forEach((node, i) => {
		const stack = [];
		let shared = 0;

		for (; node > 0; node = tree.parent[node])
			stack.unshift(node);
		while (shared < path.length && path[shared] === stack[shared])
			shared++;
		if (shared < path.length || shared < stack.length) {
			/* Before its first callee, a frame was alone. */
			if (shared === path.length && self[last] && name[last] !== ALONE) {
				const alone = self[last];

				self[last] = 0;
				add(level[last] + 1, ALONE);
				self[last] = alone;
			}
			for (const next of stack.slice(shared))
				add(tree.level[next], tree.name[next]);
			if (shared === stack.length)
				add(stack.length + 1, ALONE);
			path = stack;
		}
		self[last] += weights[i];
	});
	return new Tree(Int32Array.from(level), Int32Array.from(name),
		Float64Array.from(self));
}

/* By name: weight of its own, and with what it calls, each stack once. */
/* .masked: what is right below a function with the name @off. */
function functionsOf(tree, count, off = -1) {
	const self = new Float64Array(count), total = new Float64Array(count);
	const masked = new Float64Array(count);
	const inside = new Int32Array(count), path = [];

	for (let i = 0; i < tree.count; i++) {
		while (path.length > tree.level[i])
			inside[path.pop()]--;
		self[tree.name[i]] += tree.self[i];
		if (tree.name[i] === off && path.length)
			masked[path[path.length - 1]] += tree.total[i];
		if (!inside[tree.name[i]])
			total[tree.name[i]] += tree.total[i];
		inside[tree.name[i]]++;
		path.push(tree.name[i]);
	}
	return { self, total, masked };
}

/* One of the page's profiles. Times are seconds since its first sample. */
class Profile {
	constructor(data) {
		let time = 0;

		this.title = data.name;
		this.unit = data.unit;
		this.texts = data.names;
		this.colours = data.colours.map(
			(colour) => '#' + colour.toString(16).padStart(6, '0'));
		this.whole = Float64Array.from(data.self);
		this.tree = new Tree(Int32Array.from(data.level),
			Int32Array.from(data.node), this.whole);
		this.times = Float64Array.from(data.time || [],
			(step) => (time += step) / 1e6);
		/* By name: what a frame that is no function stands for. */
		this.unseen = new Map(data.unseen || []);
		this.lost = this.texts.indexOf('[lost]');
		this.sure = data.sure;
		this.unsure = data.unsure;
		this.at = data.at;
		/* To another profile, by node of .tree: points, colour, what is gone. */
		this.change = data.change;
		this.tints = data.tint && data.tint.map(
			(colour) => '#' + colour.toString(16).padStart(6, '0'));
		this.gone = new Map(data.gone || []);
		this.weights = data.weight;
	}

	get duration() {
		return this.times.length ? this.times[this.times.length - 1] : 0;
	}

	/* Count only what was sampled from @from until before @to. */
	select(from, to) {
		const self = new Float64Array(this.tree.count);

		if (from === null) {
			this.tree.weigh(this.whole);
			return;
		}
		for (let i = 0; i < this.times.length; i++)
			if (this.times[i] >= from && this.times[i] < to)
				self[this.at[i]] += this.weights[i];
		this.tree.weigh(self);
	}

	/* What select() has left, in the order of time. */
	chart(from, to) {
		const at = [], weights = [];

		for (let i = 0; i < this.times.length; i++) {
			if (from === null || (this.times[i] >= from && this.times[i] < to)) {
				at.push(this.at[i]);
				weights.push(this.weights[i]);
			}
		}
		return chartOf(this.tree, at, weights);
	}

	/*
	 * "(95% sure: 1.20–3.40%)" of a weight in @all, of what is selected. As
	 * user/stats/shares.c has it; a part has its part of the samples.
	 */
	interval(weight, all) {
		if (this.unsure)
			return `(no interval: ${this.unsure})`;
		if (!this.sure || !(weight > 0) || weight >= all)
			return '';
		const { percent, z, samples, total, lost } = this.sure;
		const whole = this.whole.reduce((sum, value) => sum + value, 0);
		const part = all / whole;
		const limit = (sum, sign) => {
			const share = Math.min(1, sum / (total * part));
			const spread = z * z / (samples * part);
			const margin = z * Math.sqrt(share * (1 - share) / (samples * part) +
				spread / 4 / (samples * part));

			return (share + spread / 2 + sign * margin) / (1 + spread) * 100;
		};
		const low = Math.max(0, limit(weight, -1)).toFixed(2);
		const high = Math.min(100, limit(weight + lost * part, 1)).toFixed(2);

		return `(${percent}% sure: ${low}–${high}%)`;
	}

	/* By name, whether it matches; null: nothing is searched for. */
	search(pattern) {
		return pattern && Uint8Array.from(this.texts,
			(text) => pattern.test(text) ? 1 : 0);
	}

	matched(matches) {
		let sum = 0;

		this.tree.outermost((name) => matches[name],
			(i) => { sum += this.tree.total[i]; });
		return sum;
	}
}
