// SPDX-License-Identifier: GPL-2.0
// Grafana's flame graph on a page of its own, as Grafana would feed it: bundled
// by run. In CommonJS, which is how these packages find each other's defaults.
const { createElement } = require('react');
const { createRoot } = require('react-dom/client');
const { createTheme, dataFrameFromJSON } = require('@grafana/data');
const { FlameGraph } = require('@grafana/flamegraph');

window.show = ([frame]) => createRoot(document.getElementById('root')).render(
	createElement(FlameGraph, {
		data: dataFrameFromJSON(frame),
		getTheme: () => createTheme({ colors: { mode: 'light' } }),
	}));
