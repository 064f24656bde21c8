/*
 * The page: its state, which stands in the address behind the #, so that a
 * link shows the same, and what happens when somebody changes it.
 */
const page = JSON.parse(document.getElementById('data').textContent);
const profiles = page.sets.map((set) => new Profile(set));
const element = (id) => document.getElementById(id);

const state = {
	set: 0, view: page.view, zoom: 0, search: '', ignore: false, name: -1,
	from: null, to: null,
};

const heard = {
	zoomed: (zoom) => change({ zoom: zoom === state.zoom ? 0 : zoom }),
	chosen: (name) => change({ view: 'sandwich', name }),
	pointed: showTip,
	focused: (told) => { element('status').textContent = sentence(told); },
};
const graph = new Graph(element('graph'), false, heard);
const callers = half('callers', false);
const callees = half('callees', true);
const functions = new Functions(element('functions'), heard.chosen);
const heat = new Heat(element('map'), (from, to) => change({ from, to }));

/* Of the sandwich: it zooms by itself, and the address does not say so. */
function half(id, rootOnTop) {
	const part = new Graph(element(id), rootOnTop, {
		...heard, zoomed: (zoom) => part.set(zoom === part.zoom ? 0 : zoom),
	});

	return part;
}

function sentence(told) {
	const unit = profiles[state.set].unit;

	return `${told.name}: ${grouped(told.total)} ${unit}, ` +
		`${percent(told.total, told.all)}${told.interval && ` ${told.interval}`}; ` +
		`self ${grouped(told.self)}, ${percent(told.self, told.all)}` +
		(told.change === null ? '' :
			`; ${told.change < 0 ? '' : '+'}${told.change.toFixed(2)} points`) +
		(told.gone && `; only in the other profile: ${told.gone}`) +
		(told.meaning && `; ${told.meaning}`);
}

function showTip(told, event) {
	const tip = element('tip');

	tip.hidden = !told;
	if (!told)
		return;
	tip.textContent = sentence(told);
	tip.style.left = `${Math.max(4, Math.min(event.clientX + 12,
		innerWidth - tip.offsetWidth - 4))}px`;
	tip.style.top = `${event.clientY + 34 > innerHeight ?
		event.clientY - 34 : event.clientY + 16}px`;
}

/* Keys as they stand in the address. */
const KEYS = { set: 'd', view: 'v', zoom: 'z', search: 's', ignore: 'i',
	name: 'f', from: 'a', to: 'b' };
const START = { ...state };

function write() {
	const parts = new URLSearchParams();

	for (const key of Object.keys(KEYS))
		if (state[key] !== START[key])
			parts.set(KEYS[key], key === 'ignore' ? '1' : state[key]);
	history.replaceState(null, '', `#${parts}`);
}

function number(text, otherwise) {
	const value = Number(text);

	return text === null || text === '' || !Number.isFinite(value) ? otherwise : value;
}

function read() {
	const parts = new URLSearchParams(location.hash.slice(1));
	const get = (key) => parts.get(KEYS[key]);

	Object.assign(state, START);
	state.set = Math.trunc(number(get('set'), 0));
	if (!profiles[state.set])
		state.set = 0;
	if (['flame', 'icicle', 'chart', 'sandwich', 'table'].includes(get('view')))
		state.view = get('view');
	if (state.view === 'chart' && !profiles[state.set].times.length)
		state.view = START.view;
	state.zoom = Math.trunc(number(get('zoom'), 0));
	state.search = get('search') || '';
	state.ignore = get('ignore') === '1';
	state.name = Math.trunc(number(get('name'), -1));
	if (!profiles[state.set].texts[state.name])
		state.name = -1;
	state.from = number(get('from'), null);
	state.to = number(get('to'), null);
	if (state.to === null || state.from === null || !(state.to > state.from))
		state.from = state.to = null;
}

function change(what) {
	if ('set' in what)
		what = { ...what, zoom: 0, name: -1, from: null, to: null };
	/* Its frames have numbers of their own. */
	if (what.view !== undefined && (what.view === 'chart') !== (state.view === 'chart'))
		what = { ...what, zoom: 0 };
	if (state.view === 'chart' && 'from' in what)
		what = { ...what, zoom: 0 };
	Object.assign(state, what);
	write();
	show();
}

/*
 * A name matches by the text itself, or by the expression that it may be:
 * 'a[0]' is one, and 'C++' is none.
 */
function pattern() {
	const literal = state.search.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
	const flags = state.ignore ? 'i' : '';

	if (!state.search)
		return null;
	try {
		new RegExp(state.search);
		return new RegExp(`${literal}|(?:${state.search})`, flags);
	} catch (error) {
		return new RegExp(literal, flags);
	}
}

function showMatched(profile, matches) {
	element('matched').textContent = matches ?
		`Matched: ${percent(profile.matched(matches), profile.tree.total[0])}` : '';
}

function showBar(profile) {
	element('set').value = state.set;
	for (const tab of document.querySelectorAll('[data-view]')) {
		tab.setAttribute('aria-selected', tab.dataset.view === state.view);
		tab.tabIndex = tab.dataset.view === state.view ? 0 : -1;
	}
	if (element('search').value !== state.search)
		element('search').value = state.search;
	element('case').setAttribute('aria-pressed', state.ignore);
	element('reset').hidden = !state.zoom;
	element('heat').hidden = !profile.times.length;
	document.querySelector('[data-view=chart]').hidden = !profile.times.length;
	element('from').value = state.from === null ? '' : state.from;
	element('to').value = state.to === null ? '' : state.to;
	element('subtitle').textContent = [page.subtitle,
		`${grouped(profile.tree.total[0])} ${profile.unit}`,
		state.from === null ? '' : `${state.from}–${state.to} s`,
	].filter(Boolean).join(' · ');
}

function showSandwich(profile) {
	const { tree, texts } = profile;
	let name = state.name;

	if (name < 0) {
		const { self } = functionsOf(tree, texts.length);

		self[0] = -1;
		/* Frames for time without samples are no functions. */
		for (const frame of profile.unseen.keys())
			self[frame] = -1;
		name = self.reduce((best, value, i) => value > self[best] ? i : best, 0);
	}
	element('chosen').textContent = texts[name];
	callers.show(profile, callersOf(tree, name, texts));
	callees.show(profile, calleesOf(tree, name, texts));
}

function show() {
	const profile = profiles[state.set], matches = profile.search(pattern());
	const drawn = ['flame', 'icicle', 'chart'].includes(state.view);

	profile.select(state.from, state.to);
	showBar(profile);
	showMatched(profile, matches);
	element('graph').hidden = !drawn;
	element('sandwich').hidden = state.view !== 'sandwich';
	element('functions').hidden = state.view !== 'table';
	graph.matches = callers.matches = callees.matches = matches;
	if (!element('heat').hidden && heat.profile !== profile)
		heat.show(profile);
	if (!element('heat').hidden)
		heat.mark(state.from, state.to);
	if (drawn) {
		graph.rootOnTop = state.view !== 'flame';
		graph.show(profile, state.view !== 'chart' ? profile.tree :
			profile.chart(state.from, state.to));
		graph.set(state.zoom);
	} else if (state.view === 'sandwich') {
		showSandwich(profile);
	} else {
		functions.show(profile, matches);
	}
}

function listen() {
	const times = () => {
		const from = number(element('from').value, null);
		const to = number(element('to').value, null);

		if (from !== null && to !== null && to > from)
			change({ from, to });
	};

	element('set').addEventListener('change',
		(event) => change({ set: Number(event.target.value) }));
	for (const tab of document.querySelectorAll('[data-view]'))
		tab.addEventListener('click', () => change({ view: tab.dataset.view }));
	element('views').addEventListener('keydown', (event) => {
		const tabs = [...document.querySelectorAll('[data-view]')];
		const at = tabs.indexOf(document.activeElement);
		const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];

		if (way && tabs[at + way]) {
			tabs[at + way].focus();
			tabs[at + way].click();
		}
	});
	element('search').addEventListener('input',
		(event) => change({ search: event.target.value }));
	element('case').addEventListener('click', () => change({ ignore: !state.ignore }));
	element('reset').addEventListener('click', () => change({ zoom: 0 }));
	element('from').addEventListener('change', times);
	element('to').addEventListener('change', times);
	element('all').addEventListener('click', () => change({ from: null, to: null }));
	addEventListener('resize', show);
	addEventListener('hashchange', () => { read(); show(); });
	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
	addEventListener('keydown', (event) => {
		if ((event.ctrlKey && event.key === 'f') || event.key === 'F3') {
			event.preventDefault();
			element('search').focus();
			element('search').select();
		} else if (event.key === 'Escape') {
			change({ zoom: 0, search: '' });
		}
	});
}

document.querySelector('h1').textContent = page.title;
profiles.forEach((profile, i) => {
	element('set').add(new Option(`by ${profile.title}`, i));
});
element('set').hidden = profiles.length < 2;
read();
listen();
show();
