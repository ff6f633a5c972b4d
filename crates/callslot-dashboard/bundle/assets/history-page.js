import { __toESM } from "./rolldown-runtime.js";
import { Link, TooltipPopup, TooltipPortal, TooltipPositioner, TooltipRoot, TooltipTrigger, keepPreviousData, require_jsx_runtime, require_react, useLocation, useMutation, useQuery, useSearch } from "./packages.js";
import { Button, CALL_TYPES, Dialog, Empty, Field, Loading, Note, Page, ProblemError, ProblemNote, Select, TYPE_NAME, TextInput, WindowedTable, agentColor, api, bodyOf, count, counted, csvReader, duration, fromLocalField, isTime, moment, saveCsv, shortDuration, toLocalField, useAgentNames, useLive, useNow, useServerNow, useSignedIn } from "./shared.js";
import { uPlot } from "./uplot.js";
// src/pages/history/changes/marker-text.ts
var import_react = __toESM(require_react(), 1);
function markerText(marker) {
	switch (marker.kind) {
		case "limit.changed": {
			const { limit, plan, limit_override } = marker.detail;
			return `limit is ${limit}, plan ${plan}${limit_override !== null ? " (overridden)" : ""}`;
		}
		case "reservations.changed": return marker.detail.reservations.map(reserves).join("; ");
		case "agent.changed": {
			const { id, agent } = marker.detail;
			if (agent === null) return `agent ${id} deleted`;
			const cap = agent.cap ?? null;
			return `agent ${id} is ${agent.name}, ${cap === null ? "no cap" : `cap ${cap}`}`;
		}
		case "type.changed": {
			const { type, cap } = marker.detail;
			return cap === null ? `type ${type} has no cap` : `type ${type} has a cap of ${cap}`;
		}
	}
}
function reserves({ agent, webcall = 0, chat = 0, outbound = 0, inbound = 0 }) {
	const total = webcall + chat + outbound + inbound;
	if (total === 0) return `${agent} reserves nothing`;
	return `${agent} reserves ${total} (${[
		{
			type: "webcall",
			slots: webcall
		},
		{
			type: "chat",
			slots: chat
		},
		{
			type: "outbound",
			slots: outbound
		},
		{
			type: "inbound",
			slots: inbound
		}
	].filter(({ slots }) => slots > 0).map((it) => `${it.type} ${it.slots}`).join(", ")})`;
}
// src/pages/history/changes/change-list.tsx
var import_jsx_runtime = require_jsx_runtime();
var MOST_LISTED = 100;
function ChangeList({ markers }) {
	if (markers.length === 0) return null;
	const newestFirst = [...markers].reverse();
	const more = markers.length - MOST_LISTED;
	return (0, import_jsx_runtime.jsxs)("details", {
		className: "rounded-lg border border-line bg-surface shadow-card",
		children: [(0, import_jsx_runtime.jsxs)("summary", {
			className: "px-4 py-3 font-medium",
			children: [counted(markers.length, "settings change", "settings changes"), " in this span"]
		}), (0, import_jsx_runtime.jsxs)("ul", {
			className: "border-line border-t px-4 py-2",
			children: [newestFirst.slice(0, MOST_LISTED).map((marker) => (0, import_jsx_runtime.jsxs)("li", {
				className: "flex flex-wrap gap-x-4 py-1",
				children: [(0, import_jsx_runtime.jsx)("time", {
					dateTime: marker.at,
					className: "text-muted",
					children: moment(marker.at)
				}), (0, import_jsx_runtime.jsx)("span", {
					className: "min-w-0 break-words",
					children: markerText(marker)
				})]
			}, marker.detail.seq)), more > 0 && (0, import_jsx_runtime.jsxs)("li", {
				className: "py-1 text-muted",
				children: [
					"And ",
					counted(more, "earlier one"),
					". Choose a narrower span to see them."
				]
			})]
		})]
	});
}
// src/pages/history/span/span.ts
var S$1 = 1e3;
var MIN$1 = 60 * S$1;
var HOUR$1 = 3600 * S$1;
var DAY$1 = 24 * HOUR$1;
var PRESETS = [
	"1h",
	"24h",
	"7d",
	"30d"
];
var LENGTH_MS = {
	"1h": HOUR$1,
	"24h": 24 * HOUR$1,
	"7d": 7 * DAY$1,
	"30d": 30 * DAY$1
};
var PRESET_NAME = {
	"1h": "1 h",
	"24h": "24 h",
	"7d": "7 d",
	"30d": "30 d"
};
var STEPS_S = [
	60,
	120,
	300,
	600,
	900,
	1800,
	3600,
	7200,
	10800,
	21600,
	43200,
	86400
];
var MOST_POINTS = 300;
var LEAST_POINTS = 100;
var PX_A_POINT = 2.5;
var SIDEBAR_PX = 196;
var SIDEBAR_FROM_PX = 768;
var MARGIN_PX = 120;
var SHORTEST_MS = 5 * MIN$1;
function pointsFor(windowPx) {
	const points = Math.floor((windowPx - (windowPx >= SIDEBAR_FROM_PX ? SIDEBAR_PX : 0) - MARGIN_PX) / PX_A_POINT);
	return Math.min(MOST_POINTS, Math.max(LEAST_POINTS, points));
}
function stepFor(span, points) {
	const ms = "preset" in span ? LENGTH_MS[span.preset] : span.toMs - span.fromMs;
	return STEPS_S.find((stepS) => ms <= stepS * S$1 * points) ?? 86400;
}
function longerStep(stepS) {
	return STEPS_S.find((longer) => longer > stepS);
}
function rangeOf(span, stepS, nowMs) {
	if ("preset" in span) {
		const length = LENGTH_MS[span.preset];
		const grid = Math.max(stepS * S$1, length > HOUR$1 ? HOUR$1 : MIN$1);
		return {
			fromMs: floorTo(nowMs - length, grid),
			toMs: nowMs,
			isLive: true
		};
	}
	const toMs = Math.ceil(span.toMs / (stepS * S$1)) * stepS * S$1;
	return {
		fromMs: floorTo(span.fromMs, stepS * S$1),
		toMs,
		isLive: toMs > nowMs
	};
}
function refreshMs({ isLive }, stepS) {
	if (!isLive) return false;
	return stepS <= 60 ? 15 * S$1 : Math.min(stepS, 300) * S$1;
}
function zoomed(fromMs, toMs, nowMs) {
	const middle = (fromMs + toMs) / 2;
	const half = Math.max(SHORTEST_MS, toMs - fromMs) / 2;
	const end = Math.min(Math.ceil((middle + half) / MIN$1) * MIN$1, Math.ceil(nowMs / MIN$1) * MIN$1);
	const begin = floorTo(middle - half, MIN$1);
	return {
		fromMs: Math.min(begin, end - SHORTEST_MS),
		toMs: end
	};
}
function widened(range, nowMs) {
	const half = (range.toMs - range.fromMs) / 2;
	return zoomed(range.fromMs - half, range.toMs + half, nowMs);
}
function spanProblem(fromMs, toMs, nowMs) {
	if (fromMs === void 0) return "Enter a start.";
	if (toMs === void 0) return "Enter an end.";
	if (fromMs >= toMs) return "The end is not after the start; choose a later end.";
	if (fromMs >= nowMs) return "The start is in the future; choose an earlier one.";
}
function floorTo(ms, grid) {
	return Math.floor(ms / grid) * grid;
}
// src/pages/history/url-state.ts
var DEFAULT_PRESET = "24h";
function readView(search) {
	const params = new URLSearchParams(search);
	const by = params.get("by");
	const fill = params.get("fill");
	return {
		span: readSpan(params),
		by: by === "agent" || by === "type" ? by : "none",
		fill: fill === "peak" || fill === "mean" ? fill : void 0,
		isTable: params.get("view") === "table"
	};
}
function writeView(view) {
	const params = new URLSearchParams();
	if (!("preset" in view.span)) {
		params.set("from", writeTime(view.span.fromMs));
		params.set("to", writeTime(view.span.toMs));
	} else if (view.span.preset !== DEFAULT_PRESET) params.set("span", view.span.preset);
	if (view.by !== "none") params.set("by", view.by);
	if (view.fill !== void 0) params.set("fill", view.fill);
	if (view.isTable) params.set("view", "table");
	const query = params.toString().replaceAll("%3A", ":");
	return query === "" ? "/history" : `/history?${query}`;
}
function fillOf({ by, fill }) {
	return fill ?? (by === "none" ? "peak" : "mean");
}
function readSpan(params) {
	const fromMs = Date.parse(params.get("from") ?? "");
	const toMs = Date.parse(params.get("to") ?? "");
	if (isTime(fromMs) && isTime(toMs) && fromMs < toMs) return {
		fromMs,
		toMs
	};
	return { preset: PRESETS.find((known) => known === params.get("span")) ?? DEFAULT_PRESET };
}
function writeTime(ms) {
	return new Date(ms).toISOString().replace(/(:00)?\.000Z$/, "Z");
}
// src/chart/colors.ts
var SERIES_COLORS = [
	"series-1",
	"series-2",
	"series-3",
	"series-4",
	"series-5",
	"series-6",
	"series-7"
];
var AGENT_COLORS = [
	"agent-1",
	"agent-2",
	"agent-3",
	"agent-4",
	"agent-5",
	"agent-6",
	"agent-7",
	"agent-8",
	"agent-9",
	"agent-10",
	"agent-11",
	"agent-12"
];
function agentColorName(id) {
	return AGENT_COLORS[agentColor(id).hue] ?? "agent-1";
}
var COLOR_NAMES = [
	...SERIES_COLORS,
	...AGENT_COLORS,
	"series-8",
	"shared",
	"danger",
	"warning",
	"text",
	"muted",
	"line",
	"line-strong",
	"accent"
];
function readColors(within) {
	const probe = document.createElement("span");
	probe.hidden = true;
	within.append(probe);
	const entries = COLOR_NAMES.map((name) => {
		probe.style.color = `var(--${name})`;
		return [name, getComputedStyle(probe).color];
	});
	probe.remove();
	return Object.fromEntries(entries);
}
function translucent(color, alpha) {
	const channels = /^rgb\(([^)]+)\)$/.exec(color)?.[1];
	return channels === void 0 ? color : `rgba(${channels}, ${alpha})`;
}
function watchTheme(onChange) {
	const chosen = new MutationObserver(onChange);
	chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
	const system = window.matchMedia("(prefers-color-scheme: dark)");
	system.addEventListener("change", onChange);
	return () => {
		chosen.disconnect();
		system.removeEventListener("change", onChange);
	};
}
// src/pages/history/charts/layers.ts
var MOST_LAYERS = 7;
function layersOf(series, told) {
	if (told.by === "type") return typeLayers(series, told);
	const largest = [...series].sort((a, b) => callTime(b) - callTime(a) || (idOf(a) < idOf(b) ? -1 : 1));
	const own = largest.slice(0, MOST_LAYERS);
	own.sort((a, b) => idOf(a) < idOf(b) ? -1 : 1);
	const layers = own.map((it) => ({
		key: idOf(it),
		name: told.names.get(idOf(it)) ?? idOf(it),
		color: agentColorName(idOf(it)),
		values: valuesOf(it, told)
	}));
	const others = largest.slice(MOST_LAYERS);
	return others.length === 0 ? distinct(layers) : [...distinct(layers), othersLayer(others, told)];
}
function typeLayers(series, told) {
	return CALL_TYPES.flatMap((type, index) => {
		const found = series.find((it) => it.type === type);
		if (found === void 0) return [];
		const color = SERIES_COLORS[index] ?? "shared";
		return [{
			key: type,
			name: TYPE_NAME[type],
			color,
			values: valuesOf(found, told)
		}];
	});
}
function othersLayer(others, told) {
	const values = told.ats.map(() => 0);
	for (const other of others) valuesOf(other, told).forEach((value, index) => {
		values[index] = (values[index] ?? 0) + value;
	});
	return {
		key: "the others",
		name: `${others.length} others`,
		color: "shared",
		values
	};
}
function distinct(layers) {
	const uses = new Map();
	for (const { name } of layers) uses.set(name, (uses.get(name) ?? 0) + 1);
	return layers.map((layer) => uses.get(layer.name) === 1 ? layer : {
		...layer,
		name: `${layer.name} (${layer.key})`
	});
}
function valuesOf(series, { ats, fill }) {
	const figure = (point) => fill === "mean" ? point.mean_active : point.peak_active;
	const byTime = new Map(series.points.map((point) => [Date.parse(point.at), figure(point)]));
	return ats.map((at) => byTime.get(at) ?? 0);
}
function callTime(series) {
	return series.points.reduce((sum, point) => sum + point.mean_active * point.span_ms, 0);
}
function idOf(series) {
	return series.agent ?? "";
}
// src/pages/history/charts/charts.ts
function gridOf(points) {
	const last = points.at(-1);
	const endMs = last === void 0 ? 0 : Date.parse(last.at) + last.span_ms;
	return {
		ats: points.map((point) => Date.parse(point.at)),
		endMs
	};
}
function chartsOf(figures, view, limits, names) {
	const { points } = figures;
	return [
		activeChart(figures, fillOf({
			by: figures.by,
			fill: view.fill
		}), limits, names),
		{
			title: "Queue depth",
			unit: "count",
			series: [queued(points)]
		},
		{
			title: "Wait until started",
			hint: "Of the calls that started, at once or from the queue.",
			unit: "duration",
			series: [
				wait(points, "p50", "series-5"),
				wait(points, "p95", "series-3"),
				wait(points, "p99", "series-4")
			]
		},
		{
			title: "Starts and ends",
			unit: "count",
			series: startsAndEnds(points)
		}
	];
}
function activeChart({ by, points, parts }, fill, limits, names) {
	const chart = {
		title: "Active calls",
		unit: "count",
		reference: {
			name: "Limit",
			stretches: limits
		}
	};
	const peaks = points.map((point) => point.peak_active);
	const look = (of) => fill === of ? "area" : "line";
	if (by === "none") {
		const means = points.map((point) => point.mean_active);
		const peak = shown("Peak", "Peak active", look("peak"), "series-1", peaks);
		const mean = shown("Mean", "Mean active", look("mean"), "series-2", means, meanText);
		return {
			...chart,
			series: fill === "peak" ? [peak, mean] : [mean, peak]
		};
	}
	const { ats } = gridOf(points);
	const layers = layersOf(parts, {
		by,
		fill,
		ats,
		names
	}).map((layer) => layerOf(layer, fill));
	const ofAll = shown("Peak of all", "Peak active", "line", "text", peaks);
	return {
		...chart,
		hint: STACK_HINT[fill],
		series: [...layers, ofAll]
	};
}
var STACK_HINT = {
	mean: "Areas are means, which add up to the mean of all; the line is the peak of all.",
	peak: "Areas are peaks, which fall at different moments: together they may be higher than the peak of all, the line."
};
function layerOf({ name, color, values }, fill) {
	const format = fill === "mean" ? meanText : count;
	return shown(name, `${name}, ${fill} active`, "layer", color, values, format);
}
function queued(points) {
	return shown("Peak", "Peak queued", "area", "series-3", points.map((point) => point.peak_queued));
}
function wait(points, of, color) {
	const values = points.map((point) => point.wait_ms?.[of] ?? null);
	return shown(of, `Wait ${of}`, "line", color, values, shortDuration);
}
function startsAndEnds(points) {
	const starts = points.map((point) => point.starts);
	const ends = points.map((point) => point.ends);
	const refused = points.map((point) => point.refused);
	const series = [shown("Starts", "Starts", "area", "series-1", starts), shown("Ends", "Ends", "line", "series-2", ends)];
	if (refused.some((starts) => starts > 0)) series.push(shown("Refused", "Refused", "line", "danger", refused));
	return series;
}
function shown(name, longName, kind, color, values, format = count) {
	return {
		name,
		longName,
		kind,
		color,
		values,
		format,
		room: Math.max(1, ...values.map((value) => value === null ? 1 : format(value).length))
	};
}
function meanText(value) {
	return value.toFixed(1);
}
function isQuiet(points) {
	return points.every(({ peak_active, peak_queued, starts, ends, refused }) => peak_active + peak_queued + starts + ends + refused === 0);
}
// src/chart/cursor-group.ts
var CursorGroup = class {
	index = null;
	listeners = new Set();
	get at() {
		return this.index;
	}
	move(index, mover) {
		if (index === this.index) return;
		this.index = index;
		for (const listener of this.listeners) listener(index, mover);
	}
	watch(listener) {
		this.listeners.add(listener);
		return () => {
			this.listeners.delete(listener);
		};
	}
};
function useCursor(group) {
	return (0, import_react.useSyncExternalStore)((onChange) => group.watch(onChange), () => group.at);
}
// src/chart/legend.tsx
function Legend({ items }) {
	return (0, import_jsx_runtime.jsx)("ul", {
		className: "flex flex-wrap gap-x-4 gap-y-1",
		children: items.map((item) => (0, import_jsx_runtime.jsxs)("li", {
			className: "flex min-w-0 max-w-full items-center gap-1.5",
			children: [
				(0, import_jsx_runtime.jsx)(Swatch, { item }),
				(0, import_jsx_runtime.jsx)("bdi", {
					title: item.name,
					className: "max-w-40 truncate text-muted",
					children: item.name
				}),
				(0, import_jsx_runtime.jsx)("span", {
					className: "font-medium whitespace-nowrap",
					style: { minWidth: `${item.room}ch` },
					children: item.value
				})
			]
		}, `${item.look} ${item.name}`))
	});
}
function Swatch({ item: { color, look } }) {
	return (0, import_jsx_runtime.jsx)("svg", {
		"aria-hidden": "true",
		viewBox: "0 0 14 10",
		className: "h-2.5 w-3.5 shrink-0",
		children: look === "line" || look === "dashed" ? (0, import_jsx_runtime.jsx)("line", {
			x1: "0",
			x2: "14",
			y1: "5",
			y2: "5",
			strokeWidth: "2",
			strokeDasharray: look === "dashed" ? "4 3" : void 0,
			style: { stroke: `var(--${color})` }
		}) : (0, import_jsx_runtime.jsx)("rect", {
			x: "2",
			width: "10",
			height: "10",
			rx: "2",
			fillOpacity: look === "layer" ? .7 : 1,
			style: { fill: `var(--${color})` }
		})
	});
}
// src/chart/mark-groups.ts
function groupMarks(marks, range, distanceMs) {
	const within = marks.filter(({ atMs }) => atMs >= range.fromMs && atMs <= range.toMs);
	within.sort((a, b) => a.atMs - b.atMs);
	const groups = [];
	for (const mark of within) {
		const last = groups.at(-1);
		const first = last?.[0];
		if (last !== void 0 && first !== void 0 && mark.atMs - first.atMs < distanceMs) last.push(mark);
		else groups.push([mark]);
	}
	return groups;
}
// src/chart/axis.ts
var S = 1e3;
var MIN = 60 * S;
var HOUR = 60 * MIN;
var DAY = 24 * HOUR;
var BEYOND = [
	1,
	2,
	5
].flatMap((digit) => [
	4,
	5,
	6,
	7
].map((zeros) => digit * 10 ** zeros));
var INCREMENTS = {
	count: [...[
		1,
		2,
		5,
		10,
		20,
		25,
		50,
		100,
		200,
		250,
		500,
		1e3,
		2e3,
		2500,
		5e3
	], ...BEYOND.sort((a, b) => a - b)],
	duration: [
		...[
			1,
			2,
			5,
			10,
			20,
			50,
			100,
			200,
			500,
			S,
			2 * S,
			5 * S,
			10 * S,
			15 * S,
			30 * S
		],
		...[
			MIN,
			2 * MIN,
			5 * MIN,
			10 * MIN,
			15 * MIN,
			30 * MIN
		],
		...[
			HOUR,
			2 * HOUR,
			4 * HOUR,
			6 * HOUR,
			12 * HOUR,
			DAY,
			2 * DAY,
			5 * DAY,
			10 * DAY,
			30 * DAY
		]
	]
};
function axisTop(highest, unit) {
	const air = highest * 1.12;
	return unit === "count" ? Math.max(1, Math.ceil(air)) : Math.max(S, air);
}
function axisValue(value, unit) {
	if (unit === "duration") return shortTime(value);
	if (value >= 1e6) return `${trimmed(value / 1e6)}M`;
	if (value >= 1e4) return `${trimmed(value / 1e3)}k`;
	return count(value);
}
function shortTime(ms) {
	if (ms === 0) return "0";
	if (ms < S) return `${ms} ms`;
	if (ms < 2 * MIN && ms % MIN !== 0) return `${trimmed(ms / S)} s`;
	if (ms < 2 * HOUR && ms % HOUR !== 0) return `${trimmed(ms / MIN)} min`;
	if (ms < 2 * DAY && ms % DAY !== 0) return `${trimmed(ms / HOUR)} h`;
	return `${trimmed(ms / DAY)} d`;
}
function trimmed(value) {
	return String(Math.round(value * 10) / 10);
}
var TIME$1 = new Intl.DateTimeFormat("en-GB", {
	hour: "2-digit",
	minute: "2-digit"
});
var DATE$1 = new Intl.DateTimeFormat("en-GB", {
	day: "numeric",
	month: "short"
});
function axisTimes(moments, incrementMs) {
	if (incrementMs >= DAY) return moments.map((ms) => DATE$1.format(ms));
	let day;
	return moments.map((ms) => {
		const before = day;
		day = DATE$1.format(ms);
		return day === before ? TIME$1.format(ms) : `${TIME$1.format(ms)}\n${day}`;
	});
}
// src/chart/series.ts
function drawn(series) {
	let below;
	return series.map(({ color, kind, values }) => {
		if (kind !== "layer") return {
			color,
			kind,
			tops: [...values],
			bases: void 0
		};
		const bases = below ?? values.map(() => 0);
		below = values.map((value, index) => (bases[index] ?? 0) + (value ?? 0));
		return {
			color,
			kind,
			tops: below,
			bases
		};
	});
}
function endOf({ ats, endMs }, index) {
	return ats[index + 1] ?? endMs;
}
function pointAt({ ats }, ms) {
	if (ats.length === 0) return -1;
	let [low, high] = [0, ats.length - 1];
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if ((ats[middle] ?? 0) <= ms) low = middle;
		else high = middle - 1;
	}
	return low;
}
function highest(series, reference) {
	let most = 0;
	for (const { tops } of series) for (const top of tops) most = Math.max(most, top ?? 0);
	for (const { limit } of reference?.stretches ?? []) most = Math.max(most, limit);
	return most;
}
// src/chart/step-paths.ts
function stepsOf(grid, series) {
	const steps = [];
	let isJoined = false;
	series.tops.forEach((top, index) => {
		const x0 = grid.ats[index];
		const base = series.bases?.[index] ?? 0;
		if (top === null || series.kind === "layer" && top === base || x0 === void 0) {
			isJoined = false;
			return;
		}
		steps.push({
			x0,
			x1: endOf(grid, index),
			top,
			base,
			isJoined
		});
		isJoined = true;
	});
	return steps;
}
function stepPaths(find) {
	return (u, seriesIndex) => {
		const found = find(seriesIndex);
		if (found === void 0) return null;
		const stroke = new Path2D();
		const fill = found.series.kind === "line" ? null : new Path2D();
		const x = (ms) => Math.round(u.valToPos(ms, "x", true));
		const y = (value) => Math.round(u.valToPos(value, "y", true));
		for (const step of stepsOf(found.grid, found.series)) {
			const [x0, x1, top] = [
				x(step.x0),
				x(step.x1),
				y(step.top)
			];
			if (step.isJoined) stroke.lineTo(x0, top);
			else stroke.moveTo(x0, top);
			stroke.lineTo(x1, top);
			fill?.rect(x0, top, x1 - x0, y(step.base) - top);
		}
		return {
			stroke,
			fill,
			clip: null,
			band: null,
			flags: 0
		};
	};
}
var PLOT_TOP_PX = 12;
var TIME_AXIS_PX = {
	oneLine: 24,
	twoLines: 40
};
var LEAST_DRAG_PX = 5;
function plotOptions(seriesCount, setup) {
	const { picture } = setup;
	return {
		width: setup.width,
		height: setup.height,
		ms: 1,
		padding: [
			PLOT_TOP_PX,
			24,
			0,
			0
		],
		legend: { show: false },
		scales: {
			x: {
				time: true,
				range: () => [picture().range.fromMs, picture().range.toMs]
			},
			y: { range: () => {
				const { series, reference, unit } = picture();
				return [0, axisTop(highest(series, reference), unit)];
			} }
		},
		axes: axes(setup),
		series: [{}, ...Array.from({ length: seriesCount }, () => seriesOptions(picture))],
		cursor: {
			y: false,
			points: { show: false },
			drag: {
				x: true,
				y: false,
				setScale: false,
				dist: LEAST_DRAG_PX
			},
			move: (u, left, top) => [middleOf(u, picture(), left), top]
		},
		hooks: {
			drawAxes: [(u) => drawMarks(u, picture())],
			draw: [(u) => drawReference(u, picture())],
			setCursor: [(u) => setup.onCursor(u, cursorPoint(u, picture().grid))],
			setSelect: [(u) => select(u, picture().grid, setup.onSelect)]
		}
	};
}
function axes({ fontFamily, picture }) {
	const common = {
		font: `12px ${fontFamily}`,
		stroke: () => picture().colors.muted,
		grid: {
			stroke: () => picture().colors.line,
			width: 1
		},
		ticks: { show: false }
	};
	return [{
		...common,
		size: (_, labels) => labels?.some((label) => label.includes("\n")) ? TIME_AXIS_PX.twoLines : TIME_AXIS_PX.oneLine,
		gap: 6,
		space: 64,
		grid: { show: false },
		values: (_, moments, __, ___, increment) => axisTimes(moments, increment)
	}, {
		...common,
		size: 56,
		gap: 8,
		space: 28,
		incrs: () => INCREMENTS[picture().unit],
		values: (_, values) => values.map((value) => axisValue(value, picture().unit))
	}];
}
function seriesOptions(picture) {
	const find = (seriesIndex) => {
		const { grid, series } = picture();
		const found = series[seriesIndex - 1];
		return found === void 0 ? void 0 : {
			grid,
			series: found
		};
	};
	return {
		width: 1.5,
		points: { show: false },
		paths: stepPaths(find),
		stroke: (_, index) => {
			const series = picture().series[index - 1];
			return series !== void 0 && series.kind !== "layer" ? picture().colors[series.color] : "";
		},
		fill: (_, index) => {
			const series = picture().series[index - 1];
			if (series === void 0) return "";
			return translucent(picture().colors[series.color], series.kind === "layer" ? .72 : .16);
		}
	};
}
function middleOf(u, { grid, range }, left) {
	const index = pointAt(grid, u.posToVal(left, "x"));
	const at = grid.ats[index];
	if (at === void 0 || left < 0) return left;
	const begin = Math.max(at, range.fromMs);
	return u.valToPos((begin + Math.min(endOf(grid, index), range.toMs)) / 2, "x");
}
function cursorPoint(u, grid) {
	const left = u.cursor.left ?? -1;
	const index = left < 0 ? -1 : pointAt(grid, u.posToVal(left, "x"));
	return index < 0 ? null : index;
}
function select(u, grid, onSelect) {
	const { left, width } = u.select;
	if (width <= 0) return;
	const first = pointAt(grid, u.posToVal(left, "x"));
	const last = pointAt(grid, u.posToVal(left + width, "x"));
	u.setSelect({
		left: 0,
		top: 0,
		width: 0,
		height: 0
	}, false);
	const from = grid.ats[first];
	if (from !== void 0) onSelect(from, endOf(grid, last));
}
function drawMarks(u, { marks, colors, range }) {
	const { ctx, bbox } = u;
	const inRange = marks.filter((ms) => ms >= range.fromMs && ms <= range.toMs);
	const columns = new Set(inRange.map((ms) => Math.round(u.valToPos(ms, "x", true))));
	ctx.save();
	ctx.strokeStyle = translucent(colors["line-strong"], .6);
	ctx.lineWidth = devicePixelRatio;
	ctx.beginPath();
	for (const x of columns) {
		ctx.moveTo(x + .5, bbox.top);
		ctx.lineTo(x + .5, bbox.top + bbox.height);
	}
	ctx.stroke();
	ctx.restore();
}
function drawReference(u, { reference, colors, range }) {
	if (reference === void 0) return;
	const { ctx } = u;
	ctx.save();
	ctx.strokeStyle = colors.text;
	ctx.lineWidth = 1.5 * devicePixelRatio;
	ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
	ctx.beginPath();
	let lastEnd;
	for (const { fromMs, toMs, limit } of reference.stretches) {
		const x0 = Math.round(u.valToPos(Math.max(fromMs, range.fromMs), "x", true));
		const x1 = Math.round(u.valToPos(Math.min(toMs, range.toMs), "x", true));
		const y = Math.round(u.valToPos(limit, "y", true)) + .5;
		if (lastEnd === fromMs) ctx.lineTo(x0, y);
		else ctx.moveTo(x0, y);
		ctx.lineTo(x1, y);
		lastEnd = toMs;
	}
	ctx.stroke();
	ctx.restore();
}
// src/chart/marks.tsx
var DISTANCE_PX = 20;
var MOST_NAMED = 8;
function Marks(props) {
	const { marks, range, label, of } = props;
	const holder = (0, import_react.useRef)(null);
	const width = useWidth(holder) - 56 - 24;
	const length = range.toMs - range.fromMs;
	const groups = groupMarks(marks, range, DISTANCE_PX / Math.max(width, 1) * length);
	return (0, import_jsx_runtime.jsx)("ul", {
		ref: holder,
		"aria-label": label,
		className: "relative h-5",
		children: width > 0 && groups.map((group) => {
			const first = group[0];
			if (first === void 0) return null;
			const left = 56 + (first.atMs - range.fromMs) / length * width;
			return (0, import_jsx_runtime.jsx)("li", {
				className: "absolute bottom-0",
				style: { left: left - 10 },
				children: (0, import_jsx_runtime.jsx)(Flag, {
					group,
					of
				})
			}, first.atMs);
		})
	});
}
function Flag({ group, of }) {
	const named = group.slice(0, MOST_NAMED);
	const text = named.map(({ atMs, text }) => `${moment(atMs)}: ${text}`).join("; ");
	const more = group.length - named.length;
	return (0, import_jsx_runtime.jsxs)(TooltipRoot, { children: [(0, import_jsx_runtime.jsx)(TooltipTrigger, {
		delay: 100,
		"aria-label": `${counted(group.length, of)}. ${text}`,
		className: "grid h-5 min-w-5 place-items-center rounded border border-line bg-surface px-0.5 text-[0.7rem] text-muted leading-none hover:border-line-strong hover:text-text",
		children: group.length === 1 ? "▼" : group.length > 99 ? "99+" : group.length
	}), (0, import_jsx_runtime.jsx)(TooltipPortal, { children: (0, import_jsx_runtime.jsx)(TooltipPositioner, {
		sideOffset: 6,
		className: "z-50",
		children: (0, import_jsx_runtime.jsxs)(TooltipPopup, {
			className: "flex max-w-96 flex-col gap-0.5 rounded-md border border-line bg-raised px-2.5 py-1.5 text-text shadow-overlay",
			children: [named.map((mark, index) => (0, import_jsx_runtime.jsxs)(import_react.Fragment, { children: [named[index - 1]?.atMs !== mark.atMs && (0, import_jsx_runtime.jsx)("p", {
				className: "text-muted text-xs",
				children: moment(mark.atMs)
			}), (0, import_jsx_runtime.jsx)("p", {
				className: "break-words",
				children: mark.text
			})] }, `${mark.atMs} ${mark.text}`)), more > 0 && (0, import_jsx_runtime.jsxs)("p", {
				className: "text-muted",
				children: ["and ", counted(more, `more ${of}`)]
			})]
		})
	}) })] });
}
function useWidth(holder) {
	const [width, setWidth] = (0, import_react.useState)(0);
	(0, import_react.useEffect)(() => {
		const element = holder.current;
		if (element === null) return;
		const observer = new ResizeObserver(() => setWidth(element.clientWidth));
		observer.observe(element);
		return () => observer.disconnect();
	}, [holder]);
	return width;
}
// src/chart/cursor-keys.ts
var PAGE = 10;
function nextIndex(key, from, count) {
	const last = count - 1;
	const step = (by) => {
		if (from === null) return by < 0 ? last : 0;
		return Math.min(last, Math.max(0, from + by));
	};
	switch (key) {
		case "ArrowLeft": return step(-1);
		case "ArrowRight": return step(1);
		case "PageUp": return step(-10);
		case "PageDown": return step(PAGE);
		case "Home": return 0;
		case "End": return last;
		case "Escape": return null;
		default: return;
	}
}
// src/chart/time-chart.tsx
function TimeChart(props) {
	const { label, cursors, height, describe } = props;
	const holder = (0, import_react.useRef)(null);
	const [said, setSaid] = (0, import_react.useState)("");
	usePlot(holder, props);
	const onKeyDown = (event) => {
		if (event.altKey || event.ctrlKey || event.metaKey) return;
		const index = nextIndex(event.key, cursors.at, props.grid.ats.length);
		if (index === void 0 || index === -1) return;
		event.preventDefault();
		cursors.move(index);
		setSaid(index === null ? "" : describe(index));
	};
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)("div", {
		ref: holder,
		role: "img",
		"aria-label": label,
		tabIndex: 0,
		onKeyDown,
		onBlur: () => setSaid(""),
		className: "w-full overflow-hidden rounded-md",
		style: { height }
	}), (0, import_jsx_runtime.jsx)("p", {
		"aria-live": "polite",
		className: "sr-only",
		children: said
	})] });
}
function usePlot(holder, props) {
	const { grid, range, series, reference, marks, unit, height, cursors, onZoom } = props;
	const plot = (0, import_react.useRef)(void 0);
	const picture = (0, import_react.useRef)(void 0);
	const zoom = (0, import_react.useRef)(onZoom);
	const seriesCount = series.length;
	(0, import_react.useLayoutEffect)(() => {
		const colors = picture.current?.colors ?? readColors(holder.current);
		const shown = {
			grid,
			range,
			series: drawn(series),
			reference,
			marks: marks ?? [],
			unit,
			colors
		};
		picture.current = shown;
		if (plot.current?.series.length === series.length + 1) plot.current.setData(dataOf(shown));
	}, [
		holder,
		grid,
		range,
		series,
		reference,
		marks,
		unit
	]);
	(0, import_react.useLayoutEffect)(() => {
		zoom.current = onZoom;
	}, [onZoom]);
	(0, import_react.useEffect)(() => {
		const element = holder.current;
		if (element === null) return;
		const options = plotOptions(seriesCount, {
			width: Math.max(1, element.clientWidth),
			height,
			fontFamily: getComputedStyle(element).fontFamily,
			picture: () => picture.current,
			onCursor: (u, index) => cursors.move(index, u),
			onSelect: (fromMs, toMs) => zoom.current(fromMs, toMs)
		});
		const u = new uPlot(options, dataOf(picture.current), element);
		plot.current = u;
		const stops = [
			cursors.watch((index, mover) => mover !== u && show(u, picture.current, index)),
			watchTheme(() => {
				picture.current = {
					...picture.current,
					colors: readColors(element)
				};
				u.redraw();
			}),
			watchWidth(element, (width) => u.setSize({
				width,
				height
			}))
		];
		return () => {
			for (const stop of stops) stop();
			plot.current = void 0;
			u.destroy();
		};
	}, [
		holder,
		seriesCount,
		height,
		cursors
	]);
}
function dataOf({ grid, series }) {
	return [[...grid.ats], ...series.map(({ tops }) => tops)];
}
function show(u, picture, index) {
	const at = index === null ? void 0 : picture.grid.ats[index];
	const begin = at === void 0 ? -1 : u.valToPos(Math.max(at, picture.range.fromMs), "x");
	const left = at === void 0 ? -10 : middleOf(u, picture, begin + .01);
	u.setCursor({
		left,
		top: at === void 0 ? -10 : 0
	}, false);
}
function watchWidth(element, onWidth) {
	let known = element.clientWidth;
	const observer = new ResizeObserver(() => {
		if (element.clientWidth === known || element.clientWidth === 0) return;
		known = element.clientWidth;
		onWidth(known);
	});
	observer.observe(element);
	return () => observer.disconnect();
}
// src/pages/history/changes/limit-line.ts
function limitChanges(markers) {
	const bySeq = new Map();
	for (const marker of markers) {
		if (marker.kind !== "limit.changed") continue;
		const { seq, limit } = marker.detail;
		bySeq.set(seq, {
			atMs: Date.parse(marker.at),
			seq,
			limit
		});
	}
	return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
function limitLine(changes, range, limitNow) {
	if (changes.length === 0) return limitNow === void 0 ? [] : [{
		...range,
		limit: limitNow
	}];
	const stretches = [];
	changes.forEach(({ atMs, limit }, index) => {
		const fromMs = Math.max(atMs, range.fromMs);
		const toMs = Math.min(changes[index + 1]?.atMs ?? range.toMs, range.toMs);
		if (fromMs >= toMs) return;
		const last = stretches.at(-1);
		if (last?.limit === limit) last.toMs = toMs;
		else stretches.push({
			fromMs,
			toMs,
			limit
		});
	});
	return stretches;
}
function lowestLimit(line, fromMs, toMs) {
	const limits = line.filter((it) => it.fromMs < toMs && it.toMs > fromMs).map((it) => it.limit);
	return limits.length === 0 ? void 0 : Math.min(...limits);
}
function needsEarlierChanges(changes, range) {
	return !range.isLive || changes.length > 0;
}
// src/pages/history/span/times.ts
var DATE = new Intl.DateTimeFormat("en-GB", {
	day: "numeric",
	month: "short"
});
var TIME = new Intl.DateTimeFormat("en-GB", {
	hour: "2-digit",
	minute: "2-digit"
});
function shortMoment(ms) {
	return `${DATE.format(ms)}, ${TIME.format(ms)}`;
}
var YEAR = new Intl.DateTimeFormat("en-GB", {
	day: "numeric",
	month: "short",
	year: "numeric"
});
function longFromTo(fromMs, toMs) {
	const [from, to] = [YEAR.format(fromMs), YEAR.format(toMs)];
	const end = from === to ? TIME.format(toMs) : `${to}, ${TIME.format(toMs)}`;
	return `${from}, ${TIME.format(fromMs)} – ${end}`;
}
function fromTo(fromMs, toMs) {
	const end = DATE.format(fromMs) === DATE.format(toMs) ? TIME.format(toMs) : shortMoment(toMs);
	return `${shortMoment(fromMs)} – ${end}`;
}
// src/pages/history/charts/chart-text.ts
function legendOf(chart, grid, index) {
	const items = chart.series.map(({ name, color, kind, values, format, room }) => {
		const value = values[index] ?? null;
		return {
			name,
			color,
			look: kind,
			value: value === null ? "–" : format(value),
			room
		};
	});
	const { reference } = chart;
	if (reference !== void 0) {
		const limit = limitAt(reference, grid, index);
		const value = limit === void 0 ? "–" : count(limit);
		items.push({
			name: reference.name,
			color: "text",
			look: "dashed",
			value,
			room: 3
		});
	}
	return items;
}
function limitAt({ stretches }, grid, index) {
	const at = grid.ats[index];
	return at === void 0 ? void 0 : lowestLimit(stretches, at, endOf(grid, index));
}
function pointText(chart, grid, index) {
	const values = legendOf(chart, grid, index).map(({ name, value }) => `${name} ${value}`);
	return `${pointTimes(grid, index)}: ${values.join(", ")}`;
}
function pointTimes(grid, index) {
	const at = grid.ats[index];
	return at === void 0 ? "" : fromTo(at, endOf(grid, index));
}
function chartText(chart, range) {
	const highs = chart.series.map(({ name, values, format }) => {
		return `${name} at most ${format(values.reduce((most, value) => Math.max(most, value ?? 0), 0))}`;
	});
	const limit = chart.reference?.stretches.at(-1)?.limit;
	if (limit !== void 0) highs.push(`limit ${count(limit)} at the end`);
	const span = fromTo(range.fromMs, range.toMs);
	return `Chart: ${chart.title}, ${span}. ${highs.join(", ")}. Arrow keys read out points; the table has them all.`;
}
// src/pages/history/charts/history-charts.tsx
var TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
var FIRST_HEIGHT_PX = 250;
var HEIGHT_PX = 160;
function HistoryCharts(props) {
	const { charts, grid, range, markers, onZoom } = props;
	const [cursors] = (0, import_react.useState)(() => new CursorGroup());
	const marks = (0, import_react.useMemo)(() => markers.map((it) => ({
		atMs: Date.parse(it.at),
		text: markerText(it)
	})), [markers]);
	const lines = (0, import_react.useMemo)(() => marks.map(({ atMs }) => atMs), [marks]);
	return (0, import_jsx_runtime.jsxs)("section", {
		"aria-label": "Charts",
		className: "rounded-lg border border-line bg-surface shadow-card",
		children: [(0, import_jsx_runtime.jsx)(Readout, {
			grid,
			cursors
		}), charts.map((chart, index) => (0, import_jsx_runtime.jsxs)("section", {
			"aria-label": chart.title,
			className: "border-line border-t p-3 sm:p-4",
			children: [
				(0, import_jsx_runtime.jsxs)("div", {
					className: "mb-1 flex flex-wrap items-baseline gap-x-6 gap-y-1",
					children: [(0, import_jsx_runtime.jsx)("h2", {
						className: "font-semibold",
						children: chart.title
					}), (0, import_jsx_runtime.jsx)(LiveLegend, {
						chart,
						grid,
						cursors
					})]
				}),
				chart.hint !== void 0 && (0, import_jsx_runtime.jsx)("p", {
					className: "text-muted text-xs",
					children: chart.hint
				}),
				index === 0 && marks.length > 0 && (0, import_jsx_runtime.jsx)(Marks, {
					marks,
					range,
					label: "Settings changes",
					of: "change"
				}),
				(0, import_jsx_runtime.jsx)(TimeChart, {
					label: chartText(chart, range),
					grid,
					range,
					series: chart.series,
					reference: chart.reference,
					marks: lines,
					unit: chart.unit,
					height: index === 0 ? FIRST_HEIGHT_PX : HEIGHT_PX,
					cursors,
					describe: (at) => pointText(chart, grid, at),
					onZoom
				})
			]
		}, chart.title))]
	});
}
function Readout({ grid, cursors }) {
	const cursor = useCursor(cursors);
	const index = shownIndex(cursor, grid);
	return (0, import_jsx_runtime.jsxs)("p", {
		className: "sticky top-0 z-10 flex flex-wrap justify-between gap-x-4 rounded-t-lg bg-surface px-3 py-2 sm:px-4",
		children: [(0, import_jsx_runtime.jsxs)("span", { children: [(0, import_jsx_runtime.jsxs)("span", {
			className: "text-muted",
			children: [cursor === null ? "Newest point" : "At the cursor", ": "]
		}), (0, import_jsx_runtime.jsx)("span", {
			className: "font-medium",
			children: pointTimes(grid, index)
		})] }), (0, import_jsx_runtime.jsxs)("span", {
			className: "text-muted",
			children: [
				"Times in ",
				TIME_ZONE,
				(0, import_jsx_runtime.jsx)("span", {
					className: "hidden sm:inline",
					children: " · drag across a chart to zoom"
				})
			]
		})]
	});
}
function LiveLegend(props) {
	const { chart, grid, cursors } = props;
	const index = shownIndex(useCursor(cursors), grid);
	return (0, import_jsx_runtime.jsx)(Legend, { items: legendOf(chart, grid, index) });
}
function shownIndex(cursor, grid) {
	const last = grid.ats.length - 1;
	return Math.min(cursor ?? last, last);
}
// src/pages/history/charts/history-table.tsx
var ALWAYS = [
	"Peak active",
	"Mean active",
	"Peak queued"
];
function extraOf({ kind }, index) {
	return kind === "layer" ? index + 1 : 100 + index;
}
function HistoryTable({ grid, charts }) {
	const rows = (0, import_react.useMemo)(() => pointsOf$1(grid), [grid]);
	const columns = (0, import_react.useMemo)(() => columnsOf(charts), [charts]);
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col gap-2",
		children: [(0, import_jsx_runtime.jsx)(WindowedTable, {
			label: "Points of the history",
			columns,
			rows,
			keyOf: ({ at }) => String(at)
		}), (0, import_jsx_runtime.jsx)("p", {
			className: "text-muted",
			children: "Shown are the columns that fit. Download the CSV for the figures of all agents and types."
		})]
	});
}
function pointsOf$1(grid) {
	return grid.ats.map((at, index) => ({
		at,
		index,
		endMs: grid.ats[index + 1] ?? grid.endMs
	})).reverse();
}
function columnsOf(charts) {
	const series = charts.flatMap((chart) => chart.series);
	const limits = charts.flatMap((chart) => chart.reference?.stretches ?? []);
	const limitOf = ({ at, endMs }) => lowestLimit(limits, at, endMs);
	const number = (head, key, figureOf, format) => ({
		key,
		head,
		width: Math.min(12, 2.5 + head.length * .55),
		isNumber: true,
		sortBy: figureOf,
		cell: (point) => {
			const value = figureOf(point);
			return value === void 0 ? "–" : format(value);
		}
	});
	const ofSeries = (shown, index) => ({
		...number(shown.longName, `${shown.longName} ${index}`, (point) => shown.values[point.index] ?? void 0, shown.format),
		...!ALWAYS.includes(shown.longName) && { extra: extraOf(shown, index) }
	});
	const columns = series.map(ofSeries);
	return [
		{
			key: "time",
			head: "Time",
			width: 13,
			isWide: true,
			sortBy: ({ at }) => at,
			cell: ({ at, endMs }) => (0, import_jsx_runtime.jsx)("time", {
				dateTime: new Date(at).toISOString(),
				title: moment(at),
				children: fromTo(at, endMs)
			})
		},
		...columns.filter((_, index) => series[index]?.kind !== "layer"),
		...columns.filter((_, index) => series[index]?.kind === "layer"),
		number("Limit", "limit", limitOf, count)
	];
}
// src/pages/history/charts/charts-or-table.tsx
function ChartsOrTable(props) {
	const { figures, limits, onZoom } = props;
	const { fill, isTable } = props.view;
	const names = useAgentNames();
	const grid = (0, import_react.useMemo)(() => gridOf(figures.points), [figures]);
	const charts = (0, import_react.useMemo)(() => chartsOf(figures, { fill }, limits, names), [
		figures,
		fill,
		limits,
		names
	]);
	if (isTable) return (0, import_jsx_runtime.jsx)(HistoryTable, {
		grid,
		charts
	});
	return (0, import_jsx_runtime.jsx)(HistoryCharts, {
		charts,
		grid,
		range: figures.range,
		markers: figures.markers,
		onZoom
	});
}
// src/pages/history/figures/summary-span.ts
var MIN_MS = 6e4;
var DAY_MIN = 1440;
var HOUR_S = 3600;
var SHORTER_STEPS_S = [
	1800,
	900,
	600,
	300,
	120,
	60
];
var SLACK = 20;
function summarySpan(range) {
	return whole(range) ?? {
		...range,
		stepS: coarsestStep(range),
		isWhole: false
	};
}
function whole({ fromMs, toMs, isLive }) {
	const end = toMs / MIN_MS;
	if (end - fromMs / MIN_MS > DAY_MIN) return void 0;
	const earliest = isLive ? fromMs - (toMs - fromMs) / SLACK : fromMs;
	for (let from = fromMs; from >= earliest; from -= MIN_MS) {
		const begin = from / MIN_MS;
		const length = Math.ceil(end - begin);
		const longest = isLive ? DAY_MIN : Math.min(length, DAY_MIN);
		for (let step = length; step <= longest; step += 1) if (begin % step === 0) return {
			fromMs: from,
			toMs,
			stepS: step * 60,
			isWhole: true
		};
	}
}
function coarsestStep({ fromMs, toMs, isLive }) {
	const fits = (stepS) => fromMs % (stepS * 1e3) === 0 && (isLive || toMs % (stepS * 1e3) === 0);
	if (fits(HOUR_S) && toMs - fromMs > HOUR_S * 1e3) return HOUR_S;
	return SHORTER_STEPS_S.find(fits) ?? 60;
}
// src/pages/history/figures/read-figures.ts
async function readFigures({ span, by, stepS: shortest }, nowMs, signal) {
	let stepS = shortest;
	for (;;) {
		const range = rangeOf(span, stepS, nowMs);
		try {
			const parts = by === "none" ? [] : (await read({
				...range,
				stepS,
				by
			}, signal)).series;
			return {
				...await readAll(range, stepS, signal),
				by,
				parts
			};
		} catch (error) {
			const longer = isTooLong(error) ? longerStep(stepS) : void 0;
			if (longer === void 0) throw error;
			stepS = longer;
		}
	}
}
async function readAll(range, stepS, signal) {
	const span = summarySpan(range);
	const isSame = span.stepS === stepS && span.fromMs === range.fromMs;
	const [all, summary] = await Promise.all([read({
		...range,
		stepS,
		by: "none"
	}, signal), isSame ? void 0 : read({
		...span,
		by: "none"
	}, signal)]);
	return {
		range,
		stepS,
		points: pointsOf(all),
		markers: all.markers,
		summary: {
			span,
			points: pointsOf(summary ?? all)
		}
	};
}
async function readMarkers(nowMs, signal) {
	return (await read({
		fromMs: Math.max(0, nowMs - 3456e7),
		toMs: nowMs,
		stepS: 86400,
		by: "none"
	}, signal)).markers;
}
async function readCsv({ range, stepS, by }) {
	const query = new URLSearchParams({
		...times(range),
		step_s: String(stepS),
		by
	});
	return (await csvReader()(`/v1/history?${query}`)).text();
}
async function read({ fromMs, toMs, stepS, by }, signal) {
	const query = {
		...times({
			fromMs,
			toMs
		}),
		step_s: stepS,
		by
	};
	const answer = await bodyOf(api.GET("/v1/history", {
		params: { query },
		signal
	}));
	if (typeof answer === "string") throw new TypeError("the server answered with a text");
	return answer;
}
function times({ fromMs, toMs }) {
	return {
		from: new Date(fromMs).toISOString(),
		to: new Date(toMs).toISOString()
	};
}
function pointsOf(history) {
	return history.series[0]?.points ?? [];
}
function isTooLong(error) {
	return error instanceof ProblemError && error.status === 422 && /step_s/.test(error.message);
}
// src/pages/history/csv/csv-name.ts
function csvName(org, span) {
	return `${org}-history-${"preset" in span ? span.preset : `${compact(span.fromMs)}-${compact(span.toMs)}`}.csv`;
}
function compact(ms) {
	return `${new Date(ms).toISOString().slice(0, 16).replace(/[-:]/g, "")}Z`;
}
// src/pages/history/csv/csv-button.tsx
function CsvButton(props) {
	const { figures, span, onError } = props;
	const { org } = useSignedIn();
	const download = useMutation({
		mutationFn: (of) => readCsv(of),
		onMutate: () => onError(null),
		onSuccess: (csv) => saveCsv(csv, csvName(org, span)),
		onError
	});
	return (0, import_jsx_runtime.jsx)(Button, {
		disabledBecause: figures === void 0 ? "There is nothing to download yet." : void 0,
		disabled: download.isPending,
		onClick: () => figures !== void 0 && download.mutate(figures),
		children: "Download CSV"
	});
}
// src/pages/history/figures/time-at-limit.ts
function timeAtLimit(points, limits) {
	const sums = {
		leastMs: 0,
		mostMs: 0,
		ofMs: 0
	};
	for (const point of points) {
		const fromMs = Date.parse(point.at);
		const limit = lowestLimit(limits, fromMs, fromMs + point.span_ms);
		if (limit === void 0) continue;
		const [least, most] = sharesAt(limit, point);
		sums.leastMs += least * point.span_ms;
		sums.mostMs += most * point.span_ms;
		sums.ofMs += point.span_ms;
	}
	return sums.ofMs === 0 ? void 0 : sums;
}
function sharesAt(limit, { peak_active, mean_active }) {
	if (peak_active < limit) return [0, 0];
	if (limit === 0) return [1, 1];
	return [clamped((mean_active - (limit - 1)) / (peak_active - (limit - 1))), clamped(mean_active / limit)];
}
function clamped(share) {
	return Math.min(1, Math.max(0, share));
}
// src/pages/history/figures/headline.ts
function headline({ points, summary, limits, waitingMs }) {
	const figures = [
		peakActive(points, limits),
		atLimit(points, limits),
		started(points),
		longestWait(points, waitingMs),
		p95Wait(summary)
	];
	const refused = sum(points, (point) => point.refused);
	if (refused > 0) figures.push({
		label: "Refused",
		value: count(refused),
		note: "starts that found no room"
	});
	return figures;
}
function peakActive(points, limits) {
	const label = "Peak active";
	const at = highestBy(points, (point) => point.peak_active);
	if (at === void 0 || at.peak_active === 0) return {
		label,
		value: "0",
		note: "no active calls"
	};
	const limit = lowestLimit(limits, ...timesOf(at));
	const of = limit === void 0 ? "" : ` of ${count(limit)}`;
	return {
		label,
		value: `${count(at.peak_active)}${of}`,
		note: `first at ${shortMoment(Date.parse(at.at))}`
	};
}
function atLimit(points, limits) {
	const label = "At the limit";
	const time = timeAtLimit(points, limits);
	if (time === void 0) return {
		label,
		value: "–",
		note: "the limit is unknown"
	};
	const { leastMs, mostMs, ofMs } = time;
	if (mostMs === 0) return {
		label,
		value: "never",
		note: "all peaks were below it"
	};
	const share = `${percent(mostMs / ofMs)} of the time`;
	if (duration(leastMs) === duration(mostMs)) return {
		label,
		value: duration(mostMs),
		note: share
	};
	const least = leastMs >= 1e3 ? `at least ${duration(leastMs)}, ` : "";
	return {
		label,
		value: `≤ ${duration(mostMs)}`,
		note: `${least}at most ${share}`
	};
}
function started(points) {
	const ends = sum(points, (point) => point.ends);
	return {
		label: "Calls started",
		value: count(sum(points, (point) => point.starts)),
		note: `${count(ends)} ended, queued ones included`
	};
}
function longestWait(points, waitingMs = 0) {
	const label = "Longest wait";
	const at = highestBy(points, (point) => point.wait_ms?.max ?? -1);
	const longest = at?.wait_ms?.max;
	if (waitingMs > (longest ?? 0)) return {
		label,
		value: duration(waitingMs),
		note: "and it still waits"
	};
	if (at === void 0 || longest === void 0) return {
		label,
		value: "–",
		note: "no starts"
	};
	if (longest === 0) return {
		label,
		value: "0 s",
		note: ofAllThatStarted(points)
	};
	return {
		label,
		value: shortDuration(longest),
		note: `until a start at ${shortMoment(Date.parse(at.at))}`
	};
}
function ofAllThatStarted(points) {
	return points.some(({ peak_queued }) => peak_queued > 0) ? "for the calls that started" : "all started at once";
}
function p95Wait({ span, points }) {
	const label = "p95 wait";
	const worst = highestBy(points, (point) => point.wait_ms?.p95 ?? -1);
	if (worst?.wait_ms == null) return {
		label,
		value: "–",
		note: "no starts"
	};
	const value = shortDuration(worst.wait_ms.p95);
	if (span.isWhole && points.length === 1) return {
		label,
		value,
		note: `of all in ${lengthText(span.toMs - span.fromMs)}`
	};
	return {
		label,
		value,
		note: `in the worst ${lengthText(Math.max(...points.map((point) => point.span_ms))).replace(/^1 /, "")}`
	};
}
function lengthText(ms) {
	const minutes = Math.ceil(ms / 6e4);
	if (minutes % 1440 === 0) return counted(minutes / 1440, "day");
	if (minutes % 60 === 0) return counted(minutes / 60, "hour");
	if (minutes > 120) return `${count(Math.floor(minutes / 60))} h ${minutes % 60} min`;
	return minutes === 1 ? "1 minute" : `${minutes} min`;
}
function percent(share) {
	if (share > 0 && share < .01) return "< 1 %";
	if (share < 1 && share > .99) return "> 99 %";
	return `${Math.round(share * 100)} %`;
}
function timesOf(point) {
	const fromMs = Date.parse(point.at);
	return [fromMs, fromMs + point.span_ms];
}
function highestBy(points, figure) {
	let highest;
	for (const point of points) if (highest === void 0 || figure(point) > figure(highest)) highest = point;
	return highest;
}
function sum(points, figure) {
	return points.reduce((total, point) => total + figure(point), 0);
}
// src/pages/history/figures/headline-figures.tsx
function HeadlineFigures(props) {
	const { figures, limits } = props;
	const waitingMs = useLongestStillWaiting(figures.range.isLive);
	const shown = (0, import_react.useMemo)(() => headline({
		...figures,
		limits,
		waitingMs
	}), [
		figures,
		limits,
		waitingMs
	]);
	return (0, import_jsx_runtime.jsx)("dl", {
		className: "grid grid-cols-2 overflow-hidden rounded-lg border border-line bg-surface shadow-card sm:grid-cols-3 lg:flex",
		children: shown.map(({ label, value, note }) => (0, import_jsx_runtime.jsxs)("div", {
			className: "-mr-px -mb-px flex min-w-0 flex-1 flex-col border-line border-r border-b px-4 py-3",
			children: [
				(0, import_jsx_runtime.jsx)("dt", {
					className: "text-muted",
					children: label
				}),
				(0, import_jsx_runtime.jsx)("dd", {
					className: "font-semibold text-lg whitespace-nowrap",
					children: value
				}),
				(0, import_jsx_runtime.jsx)("dd", {
					className: "text-muted text-xs",
					children: note
				})
			]
		}, label))
	});
}
function useLongestStillWaiting(isLive) {
	const since = useLive((live) => live.queue[0]?.requested_at);
	const now = useNow(1e3);
	return isLive && since !== void 0 ? Math.max(0, now - Date.parse(since)) : void 0;
}
// src/pages/history/figures/use-figures.ts
function useFigures({ span, by }) {
	const { org } = useSignedIn();
	const serverNow = useServerNow();
	const stepS = stepFor(span, useMostPoints());
	return useQuery({
		queryKey: [
			"history",
			org,
			span,
			by,
			stepS
		],
		queryFn: ({ client, queryKey, signal }) => {
			return readFigures({
				span,
				by,
				stepS: client.getQueryData(queryKey)?.stepS ?? stepS
			}, serverNow(), signal);
		},
		placeholderData: keepPreviousData,
		refetchInterval: ({ state: { data } }) => refreshMs(data?.range ?? rangeOf(span, stepS, serverNow()), data?.stepS ?? stepS)
	});
}
function useLimits(figures) {
	const { org } = useSignedIn();
	const serverNow = useServerNow();
	const limitNow = useLive((live) => live.pool.limit);
	const own = (0, import_react.useMemo)(() => limitChanges(figures?.markers ?? []), [figures?.markers]);
	const isNeeded = figures !== void 0 && needsEarlierChanges(own, figures.range);
	const all = useQuery({
		queryKey: [
			"history",
			org,
			"all markers"
		],
		queryFn: ({ signal }) => readMarkers(serverNow(), signal),
		enabled: isNeeded,
		staleTime: 6e4
	});
	const earlier = isNeeded ? all.data : void 0;
	return (0, import_react.useMemo)(() => {
		if (figures === void 0 || isNeeded && earlier === void 0) return [];
		return limitLine(limitChanges([...earlier ?? [], ...figures.markers]), figures.range, limitNow);
	}, [
		figures,
		isNeeded,
		earlier,
		limitNow
	]);
}
function useMostPoints() {
	return (0, import_react.useSyncExternalStore)((onChange) => {
		window.addEventListener("resize", onChange);
		return () => window.removeEventListener("resize", onChange);
	}, () => pointsFor(window.innerWidth));
}
// src/pages/history/span/quiet-span.tsx
function QuietSpan(props) {
	const { span, onShow } = props;
	const longest = PRESETS.at(-1);
	const isLongest = "preset" in span && span.preset === longest;
	return (0, import_jsx_runtime.jsx)(Empty, {
		title: "No calls in this span",
		action: !isLongest && longest !== void 0 && (0, import_jsx_runtime.jsx)(Button, {
			onClick: () => onShow({ span: { preset: longest } }),
			children: "Show the last 30 days"
		}),
		children: (0, import_jsx_runtime.jsxs)("p", { children: [
			"As soon as calls start, this page shows how many were active against the limit, how many waited and for how long.",
			" ",
			(0, import_jsx_runtime.jsx)(Link, {
				href: "/developers",
				className: "text-accent underline",
				children: "Developers"
			}),
			" ",
			"has a request to start one."
		] })
	});
}
// src/pages/history/span/custom-span.tsx
function CustomSpan(props) {
	const { initial, onChoose, onClose } = props;
	const serverNow = useServerNow();
	const [from, setFrom] = (0, import_react.useState)(initial === void 0 ? "" : toLocalField(initial.fromMs));
	const [to, setTo] = (0, import_react.useState)(initial === void 0 ? "" : toLocalField(initial.toMs));
	const [problem, setProblem] = (0, import_react.useState)(void 0);
	const choose = (event) => {
		event.preventDefault();
		const [fromMs, toMs] = [fromLocalField(from), fromLocalField(to)];
		const wrong = spanProblem(fromMs, toMs, serverNow());
		setProblem(wrong);
		if (wrong === void 0 && fromMs !== void 0 && toMs !== void 0) onChoose({
			fromMs,
			toMs
		});
	};
	return (0, import_jsx_runtime.jsx)(Dialog, {
		title: "Choose a span",
		description: "Times are in your time zone. You can also drag across a chart to choose a span.",
		isOpen: true,
		onClose,
		children: (0, import_jsx_runtime.jsxs)("form", {
			onSubmit: choose,
			noValidate: true,
			className: "flex flex-col gap-3",
			children: [
				(0, import_jsx_runtime.jsx)(Field, {
					label: "From",
					children: (0, import_jsx_runtime.jsx)(TextInput, {
						type: "datetime-local",
						value: from,
						onValueChange: setFrom
					})
				}),
				(0, import_jsx_runtime.jsx)(Field, {
					label: "To",
					children: (0, import_jsx_runtime.jsx)(TextInput, {
						type: "datetime-local",
						value: to,
						onValueChange: setTo
					})
				}),
				problem !== void 0 && (0, import_jsx_runtime.jsx)(Note, {
					kind: "danger",
					role: "alert",
					children: problem
				}),
				(0, import_jsx_runtime.jsxs)("div", {
					className: "flex justify-end gap-2",
					children: [(0, import_jsx_runtime.jsx)(Button, {
						onClick: onClose,
						children: "Cancel"
					}), (0, import_jsx_runtime.jsx)(Button, {
						kind: "primary",
						type: "submit",
						children: "Show"
					})]
				})
			]
		})
	});
}
// src/pages/history/span/span-choice.tsx
function SpanChoice(props) {
	const { span, range, onChoose, onWiden } = props;
	const [isChoosing, setChoosing] = (0, import_react.useState)(false);
	const isCustom = !("preset" in span);
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col gap-1",
		children: [
			(0, import_jsx_runtime.jsx)("p", {
				className: "text-muted",
				children: isCustom ? longFromTo(span.fromMs, span.toMs) : `Last ${PRESET_NAME[span.preset]}`
			}),
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-wrap items-center gap-2",
				children: [(0, import_jsx_runtime.jsxs)("fieldset", {
					className: "flex rounded-md border border-line bg-sunken p-0.5",
					children: [
						(0, import_jsx_runtime.jsx)("legend", {
							className: "sr-only",
							children: "Span"
						}),
						PRESETS.map((preset) => (0, import_jsx_runtime.jsx)(SpanButton, {
							isChosen: !isCustom && span.preset === preset,
							onClick: () => onChoose({ preset }),
							children: PRESET_NAME[preset]
						}, preset)),
						(0, import_jsx_runtime.jsx)(SpanButton, {
							isChosen: isCustom,
							onClick: () => setChoosing(true),
							children: "Custom …"
						})
					]
				}), isCustom && (0, import_jsx_runtime.jsx)(Button, {
					onClick: onWiden,
					children: "Zoom out"
				})]
			}),
			isChoosing && (0, import_jsx_runtime.jsx)(CustomSpan, {
				initial: isCustom ? span : range,
				onChoose: (chosen) => {
					setChoosing(false);
					onChoose(chosen);
				},
				onClose: () => setChoosing(false)
			})
		]
	});
}
function SpanButton(props) {
	return (0, import_jsx_runtime.jsx)("button", {
		type: "button",
		"aria-pressed": props.isChosen,
		onClick: props.onClick,
		className: `h-7 rounded px-2.5 whitespace-nowrap ${props.isChosen ? "bg-surface font-medium shadow-card" : "text-muted hover:text-text"}`,
		children: props.children
	});
}
// src/pages/history/view-choice.tsx
var BY = [
	{
		value: "none",
		label: "not stacked"
	},
	{
		value: "agent",
		label: "by agent"
	},
	{
		value: "type",
		label: "by type"
	}
];
var FILL = [{
	value: "peak",
	label: "Peak"
}, {
	value: "mean",
	label: "Mean"
}];
function ViewChoice(props) {
	const { view, onChoose } = props;
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-wrap items-end gap-2",
		children: [
			(0, import_jsx_runtime.jsx)(Select, {
				label: "Active calls",
				value: view.by,
				choices: BY,
				onChange: (by) => onChoose({
					by,
					fill: void 0
				})
			}),
			(0, import_jsx_runtime.jsx)(Select, {
				label: "Area",
				value: fillOf(view),
				choices: FILL,
				onChange: (fill) => onChoose({ fill })
			}),
			(0, import_jsx_runtime.jsx)(Button, {
				"aria-pressed": view.isTable,
				onClick: () => onChoose({ isTable: !view.isTable }),
				children: view.isTable ? "View as charts" : "View as table"
			})
		]
	});
}
// src/pages/history/history-page.tsx
function HistoryPage() {
	const [, navigate] = useLocation();
	const view = readView(useSearch());
	const serverNow = useServerNow();
	const { data: figures, error, isPlaceholderData } = useFigures(view);
	const [csvError, setCsvError] = (0, import_react.useState)(null);
	const show = (change) => navigate(writeView({
		...view,
		...change
	}));
	const widen = () => figures && show({ span: widened(figures.range, serverNow()) });
	return (0, import_jsx_runtime.jsxs)(Page, {
		title: "History",
		actions: (0, import_jsx_runtime.jsx)(CsvButton, {
			figures: isPlaceholderData ? void 0 : figures,
			span: view.span,
			onError: setCsvError
		}),
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-wrap items-end justify-between gap-x-6 gap-y-3",
				children: [(0, import_jsx_runtime.jsx)(SpanChoice, {
					span: view.span,
					range: figures?.range,
					onChoose: (span) => show({ span }),
					onWiden: widen
				}), (0, import_jsx_runtime.jsx)(ViewChoice, {
					view,
					onChoose: show
				})]
			}),
			(0, import_jsx_runtime.jsx)(ProblemNote, { error }),
			(0, import_jsx_runtime.jsx)(ProblemNote, { error: csvError }),
			figures === void 0 && error === null && (0, import_jsx_runtime.jsx)(Loading, { what: "the history" }),
			figures !== void 0 && (0, import_jsx_runtime.jsx)(Shown, {
				figures,
				view,
				isOld: isPlaceholderData,
				onShow: show,
				onZoom: (fromMs, toMs) => show({ span: zoomed(fromMs, toMs, serverNow()) })
			})
		]
	});
}
function Shown(props) {
	const { figures, view, isOld, onShow, onZoom } = props;
	const limits = useLimits(figures);
	const isHoursOnly = figures.points.some((point) => point.span_ms > figures.stepS * 1e3);
	return (0, import_jsx_runtime.jsxs)("div", {
		"aria-busy": isOld,
		className: `flex flex-col gap-5 transition-opacity ${isOld ? "opacity-50" : ""}`,
		children: [isQuiet(figures.points) ? (0, import_jsx_runtime.jsx)(QuietSpan, {
			span: view.span,
			onShow
		}) : (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
			(0, import_jsx_runtime.jsx)(HeadlineFigures, {
				figures,
				limits
			}),
			isHoursOnly && (0, import_jsx_runtime.jsx)(Note, { children: "History this old is kept by the hour, so each point is a whole hour." }),
			(0, import_jsx_runtime.jsx)(ChartsOrTable, {
				figures,
				view,
				limits,
				onZoom
			})
		] }), (0, import_jsx_runtime.jsx)(ChangeList, { markers: figures.markers })]
	});
}
export { HistoryPage };
