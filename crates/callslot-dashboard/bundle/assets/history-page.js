import { __toESM } from "./rolldown-runtime.js";
import { Link, TooltipPopup, TooltipPortal, TooltipPositioner, TooltipRoot, TooltipTrigger, keepPreviousData, require_jsx_runtime, require_react, useLocation, useMutation, useQuery, useSearch } from "./packages.js";
import { Button, CALL_TYPES, Dialog, Empty, Field, Loading, Note, Page, ProblemError, ProblemNote, Select, TYPE_NAME, TextInput, WindowedTable, agentColor, api, bodyOf, count, counted, csvReader, duration, fromLocalField, isTime, moment, saveCsv, saveFile, shortDuration, toLocalField, useAgentNames, useLive, useNow, useServerNow, useSignedIn } from "./shared.js";
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
// src/pages/history/span/times.ts
var TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
var DATE$1 = new Intl.DateTimeFormat("en-GB", {
	day: "numeric",
	month: "short"
});
var TIME$1 = new Intl.DateTimeFormat("en-GB", {
	hour: "2-digit",
	minute: "2-digit"
});
function shortMoment(ms) {
	return `${DATE$1.format(ms)}, ${TIME$1.format(ms)}`;
}
var YEAR = new Intl.DateTimeFormat("en-GB", {
	day: "numeric",
	month: "short",
	year: "numeric"
});
function longFromTo(fromMs, toMs) {
	const [from, to] = [YEAR.format(fromMs), YEAR.format(toMs)];
	const end = from === to ? TIME$1.format(toMs) : `${to}, ${TIME$1.format(toMs)}`;
	return `${from}, ${TIME$1.format(fromMs)} – ${end}`;
}
function fromTo(fromMs, toMs) {
	const end = DATE$1.format(fromMs) === DATE$1.format(toMs) ? TIME$1.format(toMs) : shortMoment(toMs);
	return `${shortMoment(fromMs)} – ${end}`;
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
// src/pages/history/changes/wait-marks.ts
var MOST_NAMED$1 = 2;
function waitMarks({ figures, limits, names }) {
	return stretches(figures.points).map((points) => {
		const [first, last] = [points[0], points.at(-1)];
		const fromMs = Date.parse(first.at);
		const toMs = Date.parse(last.at) + last.span_ms;
		const most = Math.max(...points.map((point) => point.peak_queued));
		const who = whose(figures.parts, fromMs, toMs, names);
		const of = who.length === 0 ? "" : `, most of ${who.join(" and ")}`;
		return {
			atMs: fromMs,
			text: `up to ${counted(most, "call")} waited until ${shortMoment(toMs)}${of}${why(points, limits)}`
		};
	});
}
function stretches(points) {
	const found = [];
	let isGoingOn = false;
	for (const point of points) {
		if (point.peak_queued > 0) {
			if (isGoingOn) found.at(-1)?.push(point);
			else found.push([point]);
		}
		isGoingOn = point.peak_queued > 0;
	}
	return found;
}
function whose(parts, fromMs, toMs, names) {
	const within = ({ at }) => Date.parse(at) >= fromMs && Date.parse(at) < toMs;
	return parts.map(({ agent, type, points }) => ({
		name: type === void 0 ? names.get(agent ?? "") ?? agent ?? "" : TYPE_NAME[type],
		peak: points.filter(within).reduce((most, point) => Math.max(most, point.peak_queued), 0)
	})).filter(({ peak }) => peak > 0).sort((a, b) => b.peak - a.peak).slice(0, MOST_NAMED$1).map(({ name }) => name);
}
function why(points, limits) {
	const known = points.flatMap(({ at, span_ms, peak_active }) => {
		const limit = lowestLimit(limits, Date.parse(at), Date.parse(at) + span_ms);
		return limit === void 0 ? [] : [peak_active >= limit];
	});
	if (known.length === 0) return "";
	const full = known.filter((isFull) => isFull).length;
	if (full === 0) return "; the pool was not full: slots were kept for others, or a cap held them";
	return full === known.length ? "; the pool was full" : "; the pool was full for a part of it, and slots were kept for others or a cap held them";
}
// src/pages/history/charts/chart.ts
function gridOf(points) {
	const last = points.at(-1);
	const endMs = last === void 0 ? 0 : Date.parse(last.at) + last.span_ms;
	return {
		ats: points.map((point) => Date.parse(point.at)),
		endMs
	};
}
function shown({ name, longName = name, format = count, ...rest }) {
	const lengths = rest.values.map((value) => value === null ? 1 : format(value).length);
	return {
		name,
		longName,
		format,
		...rest,
		room: Math.max(1, ...lengths)
	};
}
function meanText(value) {
	return value.toFixed(1);
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
var WEEKS = [
	4,
	8,
	13
];
var DEFAULT_BY = "agent";
function readView(search) {
	const params = new URLSearchParams(search);
	const by = params.get("by");
	const fill = params.get("fill");
	return {
		span: readSpan(params),
		by: by === "none" || by === "type" ? by : DEFAULT_BY,
		fill: fill === "peak" || fill === "mean" ? fill : void 0,
		isTable: params.get("view") === "table",
		isCompared: params.get("compare") !== "none",
		weeks: WEEKS.find((weeks) => String(weeks) === params.get("weeks"))
	};
}
function writeView(view) {
	const params = new URLSearchParams();
	if (!("preset" in view.span)) {
		params.set("from", writeTime(view.span.fromMs));
		params.set("to", writeTime(view.span.toMs));
	} else if (view.span.preset !== "24h") params.set("span", view.span.preset);
	if (view.by !== DEFAULT_BY) params.set("by", view.by);
	if (view.fill !== void 0) params.set("fill", view.fill);
	if (!view.isCompared) params.set("compare", "none");
	if (view.weeks !== void 0) params.set("weeks", String(view.weeks));
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
	return { preset: PRESETS.find((known) => known === params.get("span")) ?? "24h" };
}
function writeTime(ms) {
	return new Date(ms).toISOString().replace(/(:00)?\.000Z$/, "Z");
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
// src/pages/history/compare/weeks-before.ts
var WEEK_MS = 6048e5;
function weeksBefore({ fromMs, toMs }) {
	return Math.max(1, Math.ceil((toMs - fromMs - 864e5) / WEEK_MS));
}
function shiftMs(weeks) {
	return weeks * WEEK_MS;
}
function beforeText(weeks) {
	return weeks === 1 ? "the week before" : `${count(weeks)} weeks before`;
}
function changeText(now, before, weeks, format) {
	const when = beforeText(weeks);
	if (now === before) return `as ${when}`;
	if (before === 0) return `none ${when}`;
	const share = Math.abs(now - before) / before;
	const than = now > before ? "more" : "less";
	if (share >= 1.995) return `${count(Math.round(now / before))} times ${when} (${format(before)})`;
	return `${share < .005 ? "< 1" : String(Math.round(share * 100))} % ${than} than ${when} (${format(before)})`;
}
// src/pages/history/figures/quiet.ts
function isIdle({ peak_active, peak_queued, starts, ends, refused }) {
	return peak_active + peak_queued + starts + ends + refused === 0;
}
function isQuiet(points) {
	return points.every(isIdle);
}
function sinceFirstCall(points) {
	const first = points.findIndex((point) => !isIdle(point));
	return first < 0 ? [] : points.slice(first);
}
// src/pages/history/charts/ghost.ts
function ghost({ points, before }, name, figure, { format = count, isSum = false } = {}) {
	const earlier = sinceFirstCall(before?.points ?? []);
	if (before === void 0 || earlier.length === 0) return [];
	const shift = shiftMs(before.weeks);
	const begins = earlier.map((it) => Date.parse(it.at) + shift);
	const grid = {
		ats: begins,
		endMs: (begins.at(-1) ?? 0) + (earlier.at(-1)?.span_ms ?? 0)
	};
	const values = points.map((point) => {
		const at = Date.parse(point.at);
		const found = earlier[pointAt(grid, at)];
		if (found === void 0 || at < (begins[0] ?? 0) || at >= grid.endMs) return null;
		const share = isSum ? Math.min(1, point.span_ms / found.span_ms) : 1;
		return figure(found) * share;
	});
	return [shown({
		name: `${name}, ${beforeText(before.weeks)}`,
		kind: "line",
		color: "muted",
		dash: "ghost",
		values,
		format
	})];
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
	"surface",
	"sunken",
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
		const isTelling = /^(series|agent|shared)/.test(name);
		probe.style.setProperty("forced-color-adjust", isTelling ? "none" : "auto");
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
var MOST_LAYERS = 8;
function layersOf(series, told) {
	if (told.by === "type") return typeLayers(series, told);
	const largest = [...series].sort((a, b) => sumOf(b, told) - sumOf(a, told) || (idOf(a) < idOf(b) ? -1 : 1));
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
function valuesOf(series, { ats, figure }) {
	const byTime = new Map(series.points.map((point) => [Date.parse(point.at), figure(point)]));
	return ats.map((at) => byTime.get(at) ?? 0);
}
function sumOf(series, { rank }) {
	return series.points.reduce((sum, point) => sum + rank(point) * point.span_ms, 0);
}
function idOf(series) {
	return series.agent ?? "";
}
// src/pages/history/charts/active-chart.ts
var FIGURE = {
	mean: (point) => point.mean_active,
	peak: (point) => point.peak_active
};
var FORMAT = {
	mean: meanText,
	peak: count
};
var NAME = {
	mean: "Mean",
	peak: "Peak"
};
var STACK_HINT = {
	mean: "Areas are means, which add up to the mean of all; the line is the peak of all.",
	peak: "Areas are peaks, which fall at different moments: together they may be higher than the peak of all, the line."
};
function activeChart({ figures, limits, names }, fill) {
	const { by, points, parts } = figures;
	const chart = {
		title: "Active calls",
		unit: "count",
		reference: {
			name: "Limit",
			stretches: limits
		}
	};
	const before = ghost(figures, NAME[fill], FIGURE[fill], { format: FORMAT[fill] });
	if (by === "none") {
		const area = ofAll(points, fill, "area");
		const line = ofAll(points, fill === "peak" ? "mean" : "peak", "line");
		return {
			...chart,
			series: [
				area,
				line,
				...before
			]
		};
	}
	const { ats } = gridOf(points);
	const layers = layersOf(parts, {
		by,
		figure: FIGURE[fill],
		rank: FIGURE.mean,
		ats,
		names
	}).map((layer) => layerOf(layer, fill));
	const peak = {
		name: "Peak of all",
		longName: "Peak active",
		kind: "line",
		values: points.map(FIGURE.peak)
	};
	const series = [
		...layers,
		shown({
			...peak,
			color: "text"
		}),
		...before
	];
	return {
		...chart,
		hint: STACK_HINT[fill],
		series
	};
}
function ofAll(points, of, kind) {
	return shown({
		name: NAME[of],
		longName: `${NAME[of]} active`,
		kind,
		color: of === "peak" ? "series-1" : "series-2",
		values: points.map(FIGURE[of]),
		format: FORMAT[of]
	});
}
function layerOf({ name, color, values }, fill) {
	return shown({
		name,
		longName: `${name}, ${fill} active`,
		kind: "layer",
		color,
		values,
		format: FORMAT[fill]
	});
}
// src/pages/history/charts/lost-demand.ts
var LOSSES = [
	{
		name: "Gave up",
		color: "series-8",
		of: ({ ended }) => ended?.canceled ?? 0
	},
	{
		name: "Ran out",
		color: "series-4",
		of: ({ ended }) => ended?.max_wait ?? 0
	},
	{
		name: "Refused",
		color: "series-3",
		of: ({ refused }) => refused
	},
	{
		name: "Not taken up",
		color: "series-5",
		of: ({ ended }) => (ended?.unclaimed ?? 0) + (ended?.declined ?? 0)
	},
	{
		name: "Engine lost",
		color: "series-6",
		of: ({ ended }) => (ended?.lease_expired ?? 0) + (ended?.reconciled ?? 0)
	}
];
function lost(points) {
	return LOSSES.reduce((sum, loss) => sum + total(points, loss), 0);
}
function lostText(points) {
	return LOSSES.map((loss) => ({
		name: loss.name.toLowerCase(),
		sum: total(points, loss)
	})).filter(({ sum }) => sum > 0).map(({ name, sum }) => `${sum} ${name}`).join(", ");
}
function lostChart(points) {
	const series = LOSSES.filter((loss) => total(points, loss) > 0).map(({ name, color, of }) => shown({
		name,
		kind: "layer",
		color,
		values: points.map(of)
	}));
	if (series.length === 0) return [];
	return [{
		title: "Lost demand",
		hint: "Gave up: canceled before they started. Ran out: queued for as long as they may be. Refused: no room in the queue or the lease. Not taken up: unclaimed or declined. Engine lost: its lease ended, or it no longer knew the call.",
		unit: "count",
		series
	}];
}
function total(points, { of }) {
	return points.reduce((sum, point) => sum + of(point), 0);
}
// src/pages/history/charts/queue-chart.ts
var WHOSE_HINT = "Areas are peaks, which fall at different moments: together they may be higher than the peak of all, the line.";
var WHY_HINT = "Full: the limit was reached within the point. Not full: slots were kept for other calls, or a cap held these.";
function queueChart(told) {
	const chart = {
		title: "Queue depth",
		unit: "count"
	};
	return told.figures.by === "none" ? {
		...chart,
		hint: WHY_HINT,
		series: byCause(told)
	} : {
		...chart,
		hint: WHOSE_HINT,
		series: byWhom(told)
	};
}
function byWhom({ figures: { by, points, parts }, names }) {
	const { ats } = gridOf(points);
	const figure = (point) => point.peak_queued;
	const layers = layersOf(parts.filter((part) => part.points.some((point) => point.peak_queued > 0)), {
		by,
		figure,
		rank: figure,
		ats,
		names
	});
	const values = points.map(figure);
	return [...layers.map(({ name, color, values }) => shown({
		name,
		longName: `${name}, peak queued`,
		kind: "layer",
		color,
		values
	})), shown({
		name: "Peak of all",
		longName: "Peak queued",
		kind: "line",
		color: "text",
		values
	})];
}
function byCause({ figures: { points }, limits }) {
	const isFull = points.map(({ at, span_ms, peak_active }) => {
		const fromMs = Date.parse(at);
		const limit = lowestLimit(limits, fromMs, fromMs + span_ms);
		return limit === void 0 ? void 0 : peak_active >= limit;
	});
	const where = (is) => points.map(({ peak_queued }, index) => isFull[index] === is ? peak_queued : 0);
	const layers = [
		shown({
			name: "Pool full",
			kind: "layer",
			color: "series-3",
			values: where(true)
		}),
		shown({
			name: "Pool not full",
			kind: "layer",
			color: "series-5",
			values: where(false)
		}),
		shown({
			name: "Limit unknown",
			kind: "layer",
			color: "shared",
			values: where(void 0)
		})
	].filter(({ values }) => values.some((value) => value !== 0));
	const peak = {
		name: "Peak",
		longName: "Peak queued",
		kind: "line",
		values: points.map((point) => point.peak_queued)
	};
	return [...layers, shown({
		...peak,
		color: "text"
	})];
}
// src/pages/history/charts/charts.ts
function chartsOf(told, view) {
	const { figures } = told;
	return [
		activeChart(told, fillOf({
			by: figures.by,
			fill: view.fill
		})),
		queueChart(told),
		{
			title: "Wait until started",
			hint: "Of the calls that started, at once or from the queue.",
			unit: "duration",
			series: waits(figures.points)
		},
		{
			title: "Starts and ends",
			unit: "count",
			series: startsAndEnds(figures)
		},
		...lostChart(figures.points)
	];
}
function waits(points) {
	const of = (rank) => ({
		name: rank,
		longName: `Wait ${rank}`,
		kind: "line",
		values: points.map((point) => point.wait_ms?.[rank] ?? null),
		format: shortDuration
	});
	return [
		shown({
			...of("p50"),
			color: "series-5"
		}),
		shown({
			...of("p95"),
			color: "series-8",
			dash: "long"
		}),
		shown({
			...of("p99"),
			color: "series-4",
			dash: "dots"
		})
	];
}
function startsAndEnds(figures) {
	const starts = figures.points.map((point) => point.starts);
	const ends = figures.points.map((point) => point.ends);
	return [
		shown({
			name: "Starts",
			kind: "area",
			color: "series-1",
			values: starts
		}),
		shown({
			name: "Ends",
			kind: "line",
			color: "series-2",
			dash: "long",
			values: ends
		}),
		...ghost(figures, "Starts", (point) => point.starts, {
			isSum: true,
			format: (starts) => count(Math.round(starts))
		})
	];
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
// src/chart/dash.ts
var PATTERNS = {
	solid: [],
	long: [9, 4],
	dots: [2, 3],
	ghost: [
		1.5,
		2.5,
		6,
		2.5
	]
};
function patternOf(dash = "solid") {
	return PATTERNS[dash];
}
// src/chart/legend.tsx
function Legend({ items }) {
	return (0, import_jsx_runtime.jsx)("ul", {
		className: "flex min-w-0 flex-wrap gap-x-4 gap-y-1",
		children: items.map((item) => (0, import_jsx_runtime.jsxs)("li", {
			className: "flex min-w-0 max-w-full items-center gap-1.5",
			children: [
				(0, import_jsx_runtime.jsx)(Swatch, { item }),
				(0, import_jsx_runtime.jsx)("bdi", {
					title: item.name,
					className: "min-w-0 max-w-72 truncate text-muted",
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
function legendPattern({ look, dash }) {
	return look === "dashed" ? [5, 4] : patternOf(dash);
}
function Swatch({ item }) {
	const { color, look } = item;
	const isLine = look === "line" || look === "dashed";
	return (0, import_jsx_runtime.jsx)("svg", {
		"aria-hidden": "true",
		viewBox: isLine ? "0 0 26 10" : "0 0 14 10",
		className: `h-2.5 shrink-0 forced-color-adjust-none ${isLine ? "w-6.5" : "w-3.5"}`,
		children: isLine ? (0, import_jsx_runtime.jsx)("line", {
			x1: "0",
			x2: "26",
			y1: "5",
			y2: "5",
			strokeWidth: "2",
			strokeDasharray: legendPattern(item).join(" "),
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
var TIME = new Intl.DateTimeFormat("en-GB", {
	hour: "2-digit",
	minute: "2-digit"
});
var DATE = new Intl.DateTimeFormat("en-GB", {
	day: "numeric",
	month: "short"
});
function axisTimes(moments, incrementMs) {
	if (incrementMs >= DAY) return moments.map((ms) => DATE.format(ms));
	let day;
	return moments.map((ms) => {
		const before = day;
		day = DATE.format(ms);
		return day === before ? TIME.format(ms) : `${TIME.format(ms)}\n${day}`;
	});
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
function plotOptions(dashes, setup) {
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
		series: [{}, ...dashes.map((dash) => seriesOptions(picture, dash))],
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
function seriesOptions(picture, dash) {
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
		dash: patternOf(dash).map((px) => px * devicePixelRatio),
		points: { show: false },
		paths: stepPaths(find),
		stroke: (_, index) => {
			const series = picture().series[index - 1];
			if (series === void 0) return "";
			return picture().colors[series.kind === "layer" ? "surface" : series.color];
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
function pressed({ key, isShift }, place, count) {
	const { at, anchor } = place;
	if (key === "Enter" && at !== null && anchor !== null) return {
		at,
		anchor: null,
		zoom: [Math.min(at, anchor), Math.max(at, anchor)]
	};
	if (key === "Escape" && anchor !== null) return {
		at,
		anchor: null
	};
	const next = nextIndex(key, at, count);
	if (next === void 0 || next === -1) return void 0;
	return {
		at: next,
		anchor: isShift && next !== null ? anchor ?? at ?? next : null
	};
}
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
	const plot = usePlot(holder, props);
	const anchor = (0, import_react.useRef)(null);
	const onKeyDown = (event) => {
		if (event.altKey || event.ctrlKey || event.metaKey) return;
		const { grid } = props;
		const moved = pressed({
			key: event.key,
			isShift: event.shiftKey
		}, {
			at: cursors.at,
			anchor: anchor.current
		}, grid.ats.length);
		if (moved === void 0) return;
		event.preventDefault();
		anchor.current = moved.anchor;
		cursors.move(moved.at);
		if (plot.current !== void 0) showSelected(plot.current, grid, moved);
		const [first, last] = moved.zoom ?? [];
		const from = first === void 0 ? void 0 : grid.ats[first];
		if (from !== void 0 && last !== void 0) props.onZoom(from, endOf(grid, last));
		const selected = moved.anchor === null ? "" : `${selectedText(moved)} Enter zooms to them. `;
		setSaid(moved.at === null ? "" : selected + describe(moved.at));
	};
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)("div", {
		ref: holder,
		role: "img",
		"aria-label": label,
		tabIndex: 0,
		onKeyDown,
		onBlur: () => {
			setSaid("");
			anchor.current = null;
			if (plot.current !== void 0) showSelected(plot.current, props.grid, {
				at: null,
				anchor: null
			});
		},
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
	const dashes = JSON.stringify(series.map(({ dash = "solid" }) => dash));
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
		const options = plotOptions(JSON.parse(dashes), {
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
		dashes,
		height,
		cursors
	]);
	return plot;
}
function dataOf({ grid, series }) {
	return [[...grid.ats], ...series.map(({ tops }) => tops)];
}
function selectedText({ at, anchor }) {
	const points = Math.abs((at ?? 0) - (anchor ?? 0)) + 1;
	return `${counted(points, "point")} selected.`;
}
function showSelected(u, grid, { at, anchor }) {
	const from = anchor === null || at === null ? void 0 : grid.ats[Math.min(at, anchor)];
	if (from === void 0 || at === null || anchor === null) {
		u.setSelect({
			left: 0,
			top: 0,
			width: 0,
			height: 0
		}, false);
		return;
	}
	const left = Math.max(0, u.valToPos(from, "x"));
	const width = u.valToPos(endOf(grid, Math.max(at, anchor)), "x") - left;
	u.setSelect({
		left,
		top: 0,
		width,
		height: u.over.clientHeight
	}, false);
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
// src/pages/history/export/file-name.ts
function fileName(org, span, kind) {
	return `${org}-history-${"preset" in span ? span.preset : `${compact(span.fromMs)}-${compact(span.toMs)}`}.${kind}`;
}
function compact(ms) {
	return `${new Date(ms).toISOString().slice(0, 16).replace(/[-:]/g, "")}Z`;
}
// src/pages/history/export/picture.ts
var MARGIN = 24;
var LINE = 20;
var SWATCH = {
	line: 26,
	area: 14,
	height: 10
};
var GAP = 6;
var BETWEEN_ITEMS = 16;
function drawPicture(context, picture, look) {
	const { colors, fontFamily } = look;
	const text = (words, y, color, font) => {
		context.font = `${font} ${fontFamily}`;
		context.fillStyle = colors[color];
		context.fillText(words, MARGIN, y);
	};
	context.textBaseline = "middle";
	let y = 34;
	text(picture.title, y, "text", "600 18px");
	y += LINE * 1.2;
	text(picture.span, y, "muted", "13px");
	y += LINE;
	for (const part of picture.parts) {
		y += LINE;
		text(part.title, y, "text", "600 14px");
		y += LINE;
		if (part.hint !== void 0) {
			for (const line of wrapped(context, part.hint, picture.width, `12px ${fontFamily}`)) {
				text(line, y, "muted", "12px");
				y += LINE * .8;
			}
			y += LINE * .2;
		}
		y = drawLegend(context, part.legend, {
			y,
			width: picture.width,
			...look
		});
		context.save();
		context.translate(MARGIN, y);
		part.draw(context, picture.width);
		context.restore();
		y += part.height;
	}
	return y + MARGIN;
}
function wrapped(context, words, width, font) {
	context.font = font;
	const lines = [];
	for (const word of words.split(" ")) {
		const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
		if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
		else lines.push(word);
	}
	return lines;
}
function drawLegend(context, items, at) {
	let [x, y] = [0, at.y];
	context.font = `13px ${at.fontFamily}`;
	for (const item of items) {
		const isLine = item.look === "line" || item.look === "dashed";
		const swatch = isLine ? SWATCH.line : SWATCH.area;
		const width = swatch + GAP + context.measureText(item.name).width;
		if (x > 0 && x + width > at.width) [x, y] = [0, y + LINE];
		const left = MARGIN + x;
		if (isLine) {
			context.strokeStyle = at.colors[item.color];
			context.lineWidth = 2;
			context.setLineDash([...legendPattern(item)]);
			context.beginPath();
			context.moveTo(left, y);
			context.lineTo(left + swatch, y);
			context.stroke();
			context.setLineDash([]);
		} else {
			context.fillStyle = at.colors[item.color];
			context.fillRect(left, y - SWATCH.height / 2, swatch - 4, SWATCH.height);
		}
		context.fillStyle = at.colors.text;
		context.fillText(item.name, left + swatch + GAP, y);
		x += width + BETWEEN_ITEMS;
	}
	return items.length === 0 ? y : y + LINE;
}
function sizeOf(picture, height) {
	return {
		width: picture.width + 48,
		height: Math.ceil(height)
	};
}
// src/pages/history/export/save-picture.ts
async function savePicture(picture, within, name) {
	const look = {
		colors: readColors(within),
		fontFamily: getComputedStyle(within).fontFamily
	};
	const canvas = document.createElement("canvas");
	const context = canvas.getContext("2d");
	if (context === null) throw new Error("This browser cannot draw pictures.");
	const { width, height } = sizeOf(picture, drawPicture(context, picture, look));
	const ratio = devicePixelRatio;
	canvas.width = width * ratio;
	canvas.height = height * ratio;
	context.scale(ratio, ratio);
	context.fillStyle = look.colors.surface;
	context.fillRect(0, 0, width, height);
	drawPicture(context, picture, look);
	const png = await new Promise((done) => canvas.toBlob(done, "image/png"));
	if (png === null) throw new Error("This browser could not save the picture.");
	saveFile(png, name);
}
// src/pages/history/export/picture-button.tsx
function PictureButton(props) {
	const { org } = useSignedIn();
	const download = useMutation({ mutationFn: async () => {
		const taken = props.take();
		if (taken === void 0) return;
		await savePicture({
			title: `History of ${org}`,
			...taken.picture
		}, taken.within, props.name(org));
	} });
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)(Button, {
		disabled: download.isPending,
		onClick: () => download.mutate(),
		children: "Download PNG"
	}), download.error !== null && (0, import_jsx_runtime.jsx)("p", {
		role: "alert",
		className: "text-danger",
		children: download.error.message
	})] });
}
// src/pages/history/charts/chart-text.ts
function legendOf(chart, grid, index) {
	const items = chart.series.map(({ name, color, kind, dash, values, format, room }) => {
		const value = values[index] ?? null;
		return {
			name,
			color,
			look: kind,
			dash,
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
	return `Chart: ${chart.title}, ${span}. ${highs.join(", ")}. Arrow keys read out points, with Shift they select what Enter zooms to; the table has them all.`;
}
// src/pages/history/export/picture-of-charts.ts
function pictureOf(charts, range, within) {
	const canvases = [...within.querySelectorAll("canvas")];
	const width = Math.max(1, ...canvases.map((canvas) => canvas.clientWidth));
	const parts = charts.flatMap((chart, index) => {
		const canvas = canvases[index];
		if (canvas === void 0) return [];
		const height = canvas.clientHeight;
		return [{
			title: chart.title,
			hint: chart.hint,
			legend: legendOf(chart, {
				ats: [],
				endMs: 0
			}, 0),
			height,
			draw: (context) => context.drawImage(canvas, 0, 0, canvas.clientWidth, height)
		}];
	});
	return {
		span: `${longFromTo(range.fromMs, range.toMs)} (${TIME_ZONE})`,
		width,
		parts
	};
}
// src/pages/history/charts/history-charts.tsx
var FIRST_HEIGHT_PX = 250;
var HEIGHT_PX = 160;
function HistoryCharts(props) {
	const { charts, grid, range, span, markers, waits, onZoom } = props;
	const [cursors] = (0, import_react.useState)(() => new CursorGroup());
	const marks = (0, import_react.useMemo)(() => markers.map((it) => ({
		atMs: Date.parse(it.at),
		text: markerText(it)
	})), [markers]);
	const section = (0, import_react.useRef)(null);
	const take = () => {
		const within = section.current;
		return within === null ? void 0 : {
			within,
			picture: pictureOf(charts, range, within)
		};
	};
	const lines = (0, import_react.useMemo)(() => marks.map(({ atMs }) => atMs), [marks]);
	return (0, import_jsx_runtime.jsxs)("section", {
		ref: section,
		"aria-label": "Charts",
		className: "rounded-lg border border-line bg-surface shadow-card",
		children: [
			(0, import_jsx_runtime.jsx)(Readout, {
				grid,
				cursors
			}),
			(0, import_jsx_runtime.jsx)("div", {
				className: "flex flex-wrap justify-end gap-2 px-3 pb-2 sm:px-4",
				children: (0, import_jsx_runtime.jsx)(PictureButton, {
					take,
					name: (org) => fileName(org, span, "png")
				})
			}),
			charts.map((chart, index) => (0, import_jsx_runtime.jsxs)("section", {
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
					index === 1 && waits.length > 0 && (0, import_jsx_runtime.jsx)(Marks, {
						marks: waits,
						range,
						label: "When calls waited",
						of: "wait"
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
			}, chart.title))
		]
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
				(0, import_jsx_runtime.jsxs)("span", {
					className: "hidden lg:inline",
					children: [" ", "· drag across a chart, or select with Shift and the arrow keys, to zoom"]
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
	const columns = (0, import_react.useMemo)(() => columnsOf$1(charts), [charts]);
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
function columnsOf$1(charts) {
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
	const charts = (0, import_react.useMemo)(() => chartsOf({
		figures,
		limits,
		names
	}, { fill }), [
		figures,
		fill,
		limits,
		names
	]);
	const waits = (0, import_react.useMemo)(() => waitMarks({
		figures,
		limits,
		names
	}), [
		figures,
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
		span: props.view.span,
		markers: figures.markers,
		waits,
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
async function readFigures({ span, by, stepS: shortest, isCompared }, nowMs, signal) {
	let stepS = shortest;
	for (;;) {
		const range = rangeOf(span, stepS, nowMs);
		try {
			const parts = by === "none" ? [] : (await read({
				...range,
				stepS,
				by
			}, signal)).series;
			const before = isCompared ? await readBefore(range, stepS, signal) : void 0;
			return {
				...await readAll(range, stepS, signal),
				by,
				parts,
				before
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
async function readBefore(range, stepS, signal) {
	const weeks = weeksBefore(range);
	const [fromMs, toMs] = [range.fromMs - shiftMs(weeks), range.toMs - shiftMs(weeks)];
	if (fromMs < 0) return {
		weeks,
		points: []
	};
	return {
		weeks,
		points: pointsOf(await read({
			fromMs,
			toMs,
			stepS,
			by: "none"
		}, signal))
	};
}
async function readHours(weeks, nowMs, signal) {
	const hour = 36e5;
	const range = {
		fromMs: Math.max(0, Math.floor((nowMs - shiftMs(weeks)) / hour) * hour),
		toMs: nowMs,
		isLive: true
	};
	const history = await read({
		...range,
		stepS: 3600,
		by: "none"
	}, signal);
	return {
		range,
		points: pointsOf(history),
		markers: history.markers
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
// src/pages/history/export/csv-button.tsx
function CsvButton(props) {
	const { figures, span, onError } = props;
	const { org } = useSignedIn();
	const download = useMutation({
		mutationFn: (of) => readCsv(of),
		onMutate: () => onError(null),
		onSuccess: (csv) => saveCsv(csv, fileName(org, span, "csv")),
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
function headline(told) {
	const { points, summary, limits, waitingMs, before } = told;
	const figures = [
		changed(peakActive(points, limits), points, before, peakOf),
		atLimit(points, limits),
		changed(started(points), points, before, startsOf),
		longestWait(points, waitingMs),
		p95Wait(summary)
	];
	if (lost(points) > 0) {
		const figure = {
			label: "Lost",
			value: count(lost(points)),
			note: lostText(points)
		};
		figures.push(changed(figure, points, before, lost));
	}
	return figures;
}
function changed(figure, points, before, of) {
	if (before === void 0 || !isCovered(before.points)) return figure;
	const change = changeText(of(points), of(before.points), before.weeks, count);
	return {
		...figure,
		change
	};
}
function isCovered(points) {
	const ms = (of) => sum(of, (point) => point.span_ms);
	return ms(sinceFirstCall(points)) > ms(points) / 2;
}
function peakOf(points) {
	return points.reduce((most, point) => Math.max(most, point.peak_active), 0);
}
function startsOf(points) {
	return sum(points, (point) => point.starts);
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
		value: count(startsOf(points)),
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
		children: shown.map(({ label, value, note, change }) => (0, import_jsx_runtime.jsxs)("div", {
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
				}),
				change !== void 0 && (0, import_jsx_runtime.jsx)("dd", {
					className: "text-xs",
					children: change
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
function useFigures({ span, by, isCompared, weeks }) {
	const { org } = useSignedIn();
	const serverNow = useServerNow();
	const stepS = stepFor(span, useMostPoints());
	return useQuery({
		queryKey: [
			"history",
			org,
			span,
			by,
			stepS,
			isCompared
		],
		enabled: weeks === void 0,
		queryFn: ({ client, queryKey, signal }) => {
			return readFigures({
				span,
				by,
				stepS: client.getQueryData(queryKey)?.stepS ?? stepS,
				isCompared
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
	const { span, range, onChoose, onWiden, onReset } = props;
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
				children: [
					(0, import_jsx_runtime.jsxs)("fieldset", {
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
					}),
					isCustom && (0, import_jsx_runtime.jsx)(Button, {
						onClick: onWiden,
						children: "Zoom out"
					}),
					isCustom && (0, import_jsx_runtime.jsx)(Button, {
						onClick: onReset,
						children: "Reset zoom"
					})
				]
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
		value: "agent",
		label: "by agent"
	},
	{
		value: "type",
		label: "by type"
	},
	{
		value: "none",
		label: "not stacked"
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
	const isWeek = view.weeks !== void 0;
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-wrap items-end gap-2",
		children: [
			!isWeek && (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
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
				(0, import_jsx_runtime.jsx)(Toggle, {
					isOn: view.isCompared,
					onClick: () => onChoose({ isCompared: !view.isCompared }),
					children: "Compare weeks"
				})
			] }),
			(0, import_jsx_runtime.jsx)(Toggle, {
				isOn: isWeek,
				onClick: () => onChoose({ weeks: isWeek ? void 0 : 4 }),
				children: "Hours of the week"
			}),
			(0, import_jsx_runtime.jsx)(Button, {
				"aria-pressed": view.isTable,
				onClick: () => onChoose({ isTable: !view.isTable }),
				children: view.isTable ? isWeek ? "View as heat maps" : "View as charts" : "View as table"
			})
		]
	});
}
function Toggle(props) {
	return (0, import_jsx_runtime.jsx)("button", {
		type: "button",
		"aria-pressed": props.isOn,
		onClick: props.onClick,
		className: `inline-flex min-h-8 items-center rounded-md border px-3 py-1 font-medium whitespace-nowrap pointer-coarse:min-h-10 ${props.isOn ? "border-accent bg-accent-soft text-accent" : "border-line bg-surface shadow-card hover:bg-sunken"}`,
		children: props.children
	});
}
// src/pages/history/week/hours-of-week.ts
var DAYS = [
	"Mon",
	"Tue",
	"Wed",
	"Thu",
	"Fri",
	"Sat",
	"Sun"
];
function hoursOfWeek(points, limits, zone) {
	const bins = Array.from({ length: 168 }, () => []);
	for (const point of points) bins[placeOf(Date.parse(point.at), zone)]?.push(point);
	return bins.map((bin, place) => {
		const waits = bin.flatMap(({ wait_ms }) => wait_ms === null ? [] : [wait_ms.p95]);
		waits.sort((a, b) => a - b);
		return {
			day: Math.floor(place / 24),
			hour: place % 24,
			use: useOf(bin, limits),
			waitMs: waits[Math.floor((waits.length - 1) / 2)],
			worstMs: waits.at(-1),
			weeks: bin.length
		};
	});
}
function placeOf(ms, zone) {
	const at = new Date(ms);
	const [day, hour] = zone === "utc" ? [at.getUTCDay(), at.getUTCHours()] : [at.getDay(), at.getHours()];
	return (day + 6) % 7 * 24 + hour;
}
function useOf(bin, limits) {
	let [used, available] = [0, 0];
	for (const { at, span_ms, mean_active } of bin) {
		const fromMs = Date.parse(at);
		const limit = lowestLimit(limits, fromMs, fromMs + span_ms);
		if (limit === void 0) continue;
		used += mean_active * span_ms;
		available += limit * span_ms;
	}
	return available === 0 ? void 0 : used / available;
}
function hourName({ day, hour }) {
	return `${DAYS[day]} ${hourText(hour)}`;
}
function hourText(hour) {
	return `${String(hour).padStart(2, "0")}:00`;
}
// src/pages/history/export/picture-of-week.ts
var WIDTH = 1e3;
var DAY_PX = 40;
var ROW_PX = 26;
var MOST_COLOR$1 = .45;
function pictureOfWeek(maps, hours, span, paint) {
	return {
		span,
		width: WIDTH,
		parts: maps.map((map) => ({
			title: map.title,
			hint: `${map.hint} From ${map.scale.least} to ${map.scale.most}.`,
			legend: [],
			height: (DAYS.length + 1) * ROW_PX,
			draw: (context, width) => drawMap(context, map, {
				hours,
				width,
				paint
			})
		}))
	};
}
function drawMap(context, { cellOf }, { hours, width, paint }) {
	const column = (width - DAY_PX) / 24;
	context.font = context.font.replace(/\d+px/, "12px");
	const text = (words, x, y, color) => {
		context.fillStyle = paint(color);
		context.fillText(words, x, y);
	};
	context.textAlign = "left";
	for (const [row, day] of DAYS.entries()) text(day, 0, (row + 1.5) * ROW_PX, "muted");
	context.textAlign = "center";
	for (let hour = 0; hour < 24; hour += 1) text(String(hour).padStart(2, "0"), DAY_PX + (hour + .5) * column, ROW_PX / 2, "muted");
	for (const hour of hours) {
		const cell = cellOf(hour);
		const [x, y] = [DAY_PX + hour.hour * column, (hour.day + 1) * ROW_PX];
		context.fillStyle = paint("sunken");
		context.fillRect(x, y, column - 1, 25);
		context.globalAlpha = cell.level * MOST_COLOR$1;
		context.fillStyle = paint("accent");
		context.fillRect(x, y, column - 1, 25);
		context.globalAlpha = 1;
		text(cell.text, x + column / 2, y + ROW_PX / 2, "text");
	}
	context.textAlign = "left";
}
// src/pages/history/week/use-narrow.ts
var PHONE = "(max-width: 767px)";
function useNarrow(element, leastPx) {
	const [isNarrow, setNarrow] = (0, import_react.useState)(() => isPhone());
	(0, import_react.useLayoutEffect)(() => {
		const { current } = element;
		if (current === null || typeof ResizeObserver === "undefined") return;
		const look = () => setNarrow(isPhone() || current.clientWidth < leastPx);
		look();
		const watch = new ResizeObserver(look);
		watch.observe(current);
		return () => watch.disconnect();
	}, [element, leastPx]);
	return isNarrow;
}
function isPhone() {
	return typeof window.matchMedia === "function" && window.matchMedia(PHONE).matches;
}
// src/pages/history/week/heat-map.tsx
var MOST_COLOR = 45;
var ROOM_FOR_HOURS_PX = 860;
var HOURS = Array.from({ length: 24 }, (_, hour) => hour);
var WEEKDAYS = DAYS.map((_, day) => day);
function HeatMap(props) {
	const { title, hint, scale } = props;
	const frame = (0, import_react.useRef)(null);
	const isUpright = useNarrow(frame, ROOM_FOR_HOURS_PX);
	return (0, import_jsx_runtime.jsxs)("section", {
		ref: frame,
		"aria-label": title,
		className: "flex flex-col gap-2 border-line border-t p-3 sm:p-4",
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1",
				children: [(0, import_jsx_runtime.jsx)("h2", {
					className: "font-semibold",
					children: title
				}), (0, import_jsx_runtime.jsxs)("p", {
					className: "flex items-center gap-1.5 text-muted text-xs",
					children: [
						scale.least,
						(0, import_jsx_runtime.jsx)("span", {
							"aria-hidden": "true",
							className: "flex forced-colors:hidden",
							children: [
								0,
								.25,
								.5,
								.75,
								1
							].map((level) => (0, import_jsx_runtime.jsx)("span", {
								className: "h-2.5 w-4",
								style: { background: groundOf(level) }
							}, level))
						}),
						(0, import_jsx_runtime.jsx)("span", {
							className: "hidden forced-colors:inline",
							children: "to"
						}),
						scale.most
					]
				})]
			}),
			(0, import_jsx_runtime.jsx)("p", {
				className: "text-muted text-xs",
				children: hint
			}),
			(0, import_jsx_runtime.jsxs)("table", {
				className: "w-full table-fixed border-separate border-spacing-px text-center text-xs",
				children: [(0, import_jsx_runtime.jsx)("caption", {
					className: "sr-only",
					children: title
				}), isUpright ? (0, import_jsx_runtime.jsx)(Upright, { ...props }) : (0, import_jsx_runtime.jsx)(Lying, { ...props })]
			})
		]
	});
}
function Lying(told) {
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)("thead", { children: (0, import_jsx_runtime.jsxs)("tr", { children: [(0, import_jsx_runtime.jsx)("th", {
		scope: "col",
		className: "w-10 text-left font-normal text-muted",
		children: (0, import_jsx_runtime.jsx)("span", {
			className: "sr-only",
			children: "Day"
		})
	}), HOURS.map((hour) => (0, import_jsx_runtime.jsxs)("th", {
		scope: "col",
		className: "font-normal text-muted",
		children: [(0, import_jsx_runtime.jsx)("span", {
			className: "sr-only",
			children: hourText(hour)
		}), (0, import_jsx_runtime.jsx)("span", {
			"aria-hidden": "true",
			children: String(hour).padStart(2, "0")
		})]
	}, hour))] }) }), (0, import_jsx_runtime.jsx)("tbody", { children: WEEKDAYS.map((day) => (0, import_jsx_runtime.jsxs)("tr", { children: [(0, import_jsx_runtime.jsx)("th", {
		scope: "row",
		className: "text-left font-normal text-muted",
		children: DAYS[day]
	}), HOURS.map((hour) => (0, import_jsx_runtime.jsx)(HourCell, {
		...told,
		day,
		hour
	}, hour))] }, day)) })] });
}
function Upright(told) {
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)("thead", { children: (0, import_jsx_runtime.jsxs)("tr", { children: [(0, import_jsx_runtime.jsx)("th", {
		scope: "col",
		className: "w-12 text-left font-normal text-muted",
		children: (0, import_jsx_runtime.jsx)("span", {
			className: "sr-only",
			children: "Hour"
		})
	}), WEEKDAYS.map((day) => (0, import_jsx_runtime.jsx)("th", {
		scope: "col",
		className: "font-normal text-muted",
		children: DAYS[day]
	}, day))] }) }), (0, import_jsx_runtime.jsx)("tbody", { children: HOURS.map((hour) => (0, import_jsx_runtime.jsxs)("tr", { children: [(0, import_jsx_runtime.jsx)("th", {
		scope: "row",
		className: "text-left font-normal text-muted",
		children: hourText(hour)
	}), WEEKDAYS.map((day) => (0, import_jsx_runtime.jsx)(HourCell, {
		...told,
		day,
		hour
	}, day))] }, hour)) })] });
}
function HourCell({ hours, cellOf, day, hour }) {
	const found = hours[day * 24 + hour];
	if (found === void 0) return (0, import_jsx_runtime.jsx)("td", { "aria-label": hourName({
		day,
		hour
	}) });
	const { text, long, level } = cellOf(found);
	return (0, import_jsx_runtime.jsxs)("td", {
		title: long,
		className: "h-6 overflow-hidden rounded-xs",
		style: { background: groundOf(level) },
		children: [(0, import_jsx_runtime.jsx)("span", {
			"aria-hidden": "true",
			children: text
		}), (0, import_jsx_runtime.jsx)("span", {
			className: "sr-only",
			children: long
		})]
	});
}
function groundOf(level) {
	return `color-mix(in srgb, var(--accent) ${Math.round(level * MOST_COLOR)}%, var(--sunken))`;
}
// src/pages/history/week/heat-maps.ts
var NONE = "–";
function usageMap() {
	return {
		title: "Utilisation by hour of the week",
		hint: "The mean of active calls as a share of the limit, in per cent.",
		scale: {
			least: "0 %",
			most: "100 %"
		},
		cellOf: (hour) => {
			const { use } = hour;
			if (use === void 0) return {
				text: NONE,
				long: longText(hour, "not known"),
				level: 0
			};
			const long = longText(hour, `${percent(use)} in use`);
			return {
				text: String(Math.round(use * 100)),
				long,
				level: Math.min(1, use)
			};
		}
	};
}
function waitMap(hours) {
	const most = hours.reduce((longest, { waitMs }) => Math.max(longest, waitMs ?? 0), 0);
	return {
		title: "Waits by hour of the week",
		hint: "The 95th percentile of waits until calls started, in the median of the weeks.",
		scale: {
			least: "0 s",
			most: shortDuration(most)
		},
		cellOf: (hour) => {
			const { waitMs, worstMs = 0 } = hour;
			if (waitMs === void 0) return {
				text: NONE,
				long: longText(hour, "no starts"),
				level: 0
			};
			const figure = `p95 ${shortDuration(waitMs)}, in the worst week ${shortDuration(worstMs)}`;
			const level = most === 0 ? 0 : Math.sqrt(waitMs / most);
			return {
				text: shortWait(waitMs),
				long: longText(hour, figure),
				level
			};
		}
	};
}
function longText(hour, figure) {
	return `${hourName(hour)}: ${figure} (${counted(hour.weeks, "week")})`;
}
function shortWait(ms) {
	if (ms < 500) return "0";
	if (ms < 99500) return `${Math.round(ms / 1e3)}s`;
	if (ms < 597e4) return `${Math.round(ms / 6e4)}m`;
	if (ms < 3582e5) return `${Math.round(ms / 36e5)}h`;
	return duration(ms).split(" ").slice(0, 2).join("");
}
// src/pages/history/week/week-table.tsx
function WeekTable({ hours }) {
	const columns = (0, import_react.useMemo)(columnsOf, []);
	return (0, import_jsx_runtime.jsx)(WindowedTable, {
		label: "Hours of the week",
		columns,
		rows: hours,
		keyOf: hourName
	});
}
function columnsOf() {
	const number = (head, width, figureOf, format) => ({
		key: head,
		head,
		width,
		isNumber: true,
		sortBy: figureOf,
		cell: (hour) => {
			const value = figureOf(hour);
			return value === void 0 ? "–" : format(value);
		}
	});
	return [
		{
			key: "hour",
			head: "Hour",
			width: 7,
			isWide: true,
			sortBy: ({ day, hour }) => day * 24 + hour,
			cell: hourName
		},
		number("In use", 5.5, ({ use }) => use, percent),
		number("Wait p95", 6.5, ({ waitMs }) => waitMs, shortDuration),
		{
			...number("Worst week", 7.5, ({ worstMs }) => worstMs, shortDuration),
			extra: 2
		},
		{
			...number("Weeks", 5, ({ weeks }) => weeks, count),
			extra: 1
		}
	];
}
// src/pages/history/week/week-view.tsx
var REFRESH_MS = 3e5;
var ZONES = [{
	value: "local",
	label: TIME_ZONE
}, {
	value: "utc",
	label: "UTC"
}];
function WeekView({ weeks, isTable }) {
	const { org } = useSignedIn();
	const serverNow = useServerNow();
	const section = (0, import_react.useRef)(null);
	const [zone, setZone] = (0, import_react.useState)("local");
	const { data, error } = useQuery({
		queryKey: [
			"history",
			org,
			"hours",
			weeks
		],
		queryFn: ({ signal }) => readHours(weeks, serverNow(), signal),
		refetchInterval: REFRESH_MS
	});
	const limits = useLimits(data);
	const points = (0, import_react.useMemo)(() => sinceFirstCall(data?.points ?? []), [data]);
	const hours = (0, import_react.useMemo)(() => hoursOfWeek(points, limits, zone), [
		points,
		limits,
		zone
	]);
	const maps = [usageMap(), waitMap(hours)];
	if (data === void 0) return error === null ? (0, import_jsx_runtime.jsx)(Loading, { what: "the history" }) : (0, import_jsx_runtime.jsx)(ProblemNote, { error });
	const first = points[0];
	const span = longFromTo(first === void 0 ? data.range.fromMs : Date.parse(first.at), data.range.toMs);
	const take = () => {
		const within = section.current;
		if (within === null) return void 0;
		const colors = readColors(within);
		const inZone = `${span}, hours in ${zone === "utc" ? "UTC" : TIME_ZONE}`;
		return {
			within,
			picture: pictureOfWeek(maps, hours, inZone, (name) => colors[name])
		};
	};
	return (0, import_jsx_runtime.jsxs)("section", {
		ref: section,
		"aria-label": "Hours of the week",
		className: "flex flex-col rounded-lg border border-line bg-surface shadow-card",
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-wrap items-end justify-between gap-3 p-3 sm:p-4",
				children: [(0, import_jsx_runtime.jsx)("p", {
					className: "text-muted",
					children: isQuiet(points) ? `The last ${weeks} weeks` : `Hours from ${span}`
				}), (0, import_jsx_runtime.jsxs)("div", {
					className: "flex flex-wrap items-end gap-2",
					children: [(0, import_jsx_runtime.jsx)(Select, {
						label: "Hours in",
						value: zone,
						choices: ZONES,
						onChange: setZone
					}), !isTable && !isQuiet(points) && (0, import_jsx_runtime.jsx)(PictureButton, {
						take,
						name: (org) => `${org}-history-${weeks}-weeks.png`
					})]
				})]
			}),
			(0, import_jsx_runtime.jsx)(ProblemNote, { error }),
			isQuiet(points) && (0, import_jsx_runtime.jsx)(Empty, {
				title: "No calls in these weeks",
				children: (0, import_jsx_runtime.jsx)("p", { children: "As soon as calls start, this shows when in the week the pool fills and calls wait." })
			}),
			!isQuiet(points) && (isTable ? (0, import_jsx_runtime.jsx)(WeekTable, { hours }) : maps.map((map) => (0, import_jsx_runtime.jsx)(HeatMap, {
				...map,
				hours
			}, map.title)))
		]
	});
}
// src/pages/history/week/weeks-choice.tsx
var CHOICES = WEEKS.map((weeks) => ({
	value: String(weeks),
	label: `Last ${weeks} weeks`
}));
function WeeksChoice(props) {
	const choose = (value) => {
		const weeks = WEEKS.find((it) => String(it) === value);
		if (weeks !== void 0) props.onChoose(weeks);
	};
	return (0, import_jsx_runtime.jsx)(Select, {
		label: "Weeks",
		value: String(props.weeks),
		choices: CHOICES,
		onChange: choose
	});
}
// src/pages/history/history-page.tsx
function HistoryPage() {
	const [, navigate] = useLocation();
	const view = readView(useSearch());
	const serverNow = useServerNow();
	const { data: figures, error, isPlaceholderData } = useFigures(view);
	const [csvError, setCsvError] = (0, import_react.useState)(null);
	const unzoomed = useUnzoomed(view.span);
	const show = (change) => navigate(writeView({
		...view,
		...change
	}));
	const widen = () => figures && show({ span: widened(figures.range, serverNow()) });
	const isWeek = view.weeks !== void 0;
	const csv = (0, import_jsx_runtime.jsx)(CsvButton, {
		figures: isPlaceholderData ? void 0 : figures,
		span: view.span,
		onError: setCsvError
	});
	return (0, import_jsx_runtime.jsxs)(Page, {
		title: "History",
		actions: !isWeek && csv,
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-wrap items-end justify-between gap-x-6 gap-y-3",
				children: [view.weeks === void 0 ? (0, import_jsx_runtime.jsx)(SpanChoice, {
					span: view.span,
					range: figures?.range,
					onChoose: (span) => show({ span }),
					onWiden: widen,
					onReset: () => show({ span: { preset: unzoomed } })
				}) : (0, import_jsx_runtime.jsx)(WeeksChoice, {
					weeks: view.weeks,
					onChoose: (weeks) => show({ weeks })
				}), (0, import_jsx_runtime.jsx)(ViewChoice, {
					view,
					onChoose: show
				})]
			}),
			view.weeks !== void 0 && (0, import_jsx_runtime.jsx)(WeekView, {
				weeks: view.weeks,
				isTable: view.isTable
			}),
			!isWeek && (0, import_jsx_runtime.jsx)(ProblemNote, { error }),
			(0, import_jsx_runtime.jsx)(ProblemNote, { error: csvError }),
			!isWeek && figures === void 0 && error === null && (0, import_jsx_runtime.jsx)(Loading, { what: "the history" }),
			!isWeek && figures !== void 0 && (0, import_jsx_runtime.jsx)(Shown, {
				figures,
				view,
				isOld: isPlaceholderData,
				onShow: show,
				onZoom: (fromMs, toMs) => show({ span: zoomed(fromMs, toMs, serverNow()) })
			})
		]
	});
}
function useUnzoomed(span) {
	const last = (0, import_react.useRef)("24h");
	if ("preset" in span) last.current = span.preset;
	return last.current;
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
