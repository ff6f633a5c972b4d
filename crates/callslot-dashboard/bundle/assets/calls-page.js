import { __toESM } from "./rolldown-runtime.js";
import { Link, keepPreviousData, require_jsx_runtime, require_react, useInfiniteQuery, useLocation, useMutation, useQuery, useSearch } from "./packages.js";
import { ABOVE_ROW_LINK, AgentLabel, BLOCKED_ON_TEXT, Badge, Button, CALL_TYPES, CodeSample, CopyIcon, END_REASON_TEXT, Empty, ID_PATTERN, INPUT_LOOK, Loading, LongId, Note, Page, Panel, ProblemError, ProblemNote, RowLink, SearchInput, Select, TYPE_NAME, WindowedTable, api, bodyOf, clock, count, counted, csvReader, curl, duration, fromLocalField, isTime, moment, saveCsv, shortDuration, toLocalField, useAgentNames, useBarred, useLive, useNow, useSay, useServerNow, useSignedIn } from "./shared.js";
import { EndCall, currentCall, findLive } from "./app.js";
// src/pages/calls/filters/filters.ts
var import_react = __toESM(require_react(), 1);
var VIEWS = [
	"live",
	"queued",
	"active",
	"ended"
];
var LAST_MINUTES = {
	"15m": 15,
	"1h": 60,
	"24h": 1440,
	"7d": 10080
};
var SORT_KEYS = [
	"agent",
	"type",
	"waited",
	"lasted"
];
var NO_FILTERS = {
	view: "live",
	agent: void 0,
	type: void 0,
	sort: void 0,
	reason: void 0,
	leastWaitS: void 0,
	span: { kind: "any" }
};
var CALL_ID = /^[!-~]{1,255}$/;
var END_REASONS = Object.keys(END_REASON_TEXT);
var LASTS = Object.keys(LAST_MINUTES);
function readFilters(search) {
	const params = new URLSearchParams(search);
	const view = oneOf(VIEWS, params.get("state")) ?? "live";
	const agent = params.get("agent") ?? "";
	const common = {
		...NO_FILTERS,
		view,
		agent: ID_PATTERN.test(agent) ? agent : void 0,
		type: oneOf(CALL_TYPES, params.get("type"))
	};
	if (view !== "ended") return {
		...common,
		sort: readSort(params.get("sort"))
	};
	return {
		...common,
		reason: oneOf(END_REASONS, params.get("reason")),
		leastWaitS: wholeSeconds(params.get("wait_s")),
		span: readSpan(params)
	};
}
function readCallId(search) {
	const id = new URLSearchParams(search).get("call") ?? "";
	return CALL_ID.test(id) ? id : void 0;
}
function hrefOf(filters, callId) {
	const { view, agent, type, sort, reason, leastWaitS, span } = filters;
	const params = new URLSearchParams();
	const set = (name, value) => {
		if (value !== void 0) params.set(name, value);
	};
	set("state", view === "live" ? void 0 : view);
	set("agent", agent);
	set("type", type);
	if (view !== "ended") set("sort", sort && `${sort.isDescending ? "-" : ""}${sort.key}`);
	else {
		set("reason", reason);
		set("wait_s", leastWaitS?.toString());
		if (span.kind === "last") set("last", span.last);
		if (span.kind === "between") {
			set("from", span.from);
			set("to", span.to);
		}
	}
	set("call", callId);
	const text = params.toString();
	return text === "" ? "/calls" : `/calls?${text}`;
}
function isNarrowed({ agent, type, reason, leastWaitS, span }) {
	return [
		agent,
		type,
		reason,
		leastWaitS
	].some((filter) => filter !== void 0) || span.kind !== "any";
}
function isListedByServer({ view, agent, type }, isComplete) {
	return view === "ended" || !isComplete && (agent !== void 0 || type !== void 0);
}
function nextSort(sort, key) {
	const isLongestFirst = key === "waited" || key === "lasted";
	if (sort?.key !== key) return {
		key,
		isDescending: isLongestFirst
	};
	if (sort.isDescending === isLongestFirst) return {
		key,
		isDescending: !isLongestFirst
	};
}
function readSort(text) {
	const isDescending = text?.startsWith("-") ?? false;
	const key = oneOf(SORT_KEYS, isDescending ? text?.slice(1) ?? null : text);
	return key === void 0 ? void 0 : {
		key,
		isDescending
	};
}
function readSpan(params) {
	const last = oneOf(LASTS, params.get("last"));
	if (last !== void 0) return {
		kind: "last",
		last
	};
	const [from, to] = [time(params.get("from")), time(params.get("to"))];
	return from === void 0 && to === void 0 ? { kind: "any" } : {
		kind: "between",
		from,
		to
	};
}
function oneOf(known, text) {
	return known.find((value) => value === text);
}
function wholeSeconds(text) {
	if (text === null || !/^[0-9]{1,9}$/.test(text)) return void 0;
	return Number(text) === 0 ? void 0 : Number(text);
}
function time(text) {
	const ms = Date.parse(text ?? "");
	return isTime(ms) ? new Date(ms).toISOString() : void 0;
}
// src/pages/calls/call/call-facts.tsx
var import_jsx_runtime = require_jsx_runtime();
function CallFacts({ call }) {
	const name = useAgentNames().get(call.agent);
	return (0, import_jsx_runtime.jsx)("section", {
		"aria-label": "Facts",
		children: (0, import_jsx_runtime.jsxs)("dl", {
			className: "grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5",
			children: [
				(0, import_jsx_runtime.jsxs)(Fact, {
					name: "Agent",
					children: [(0, import_jsx_runtime.jsx)(Link, {
						href: hrefOf({
							...NO_FILTERS,
							agent: call.agent
						}),
						className: "text-accent hover:underline",
						children: (0, import_jsx_runtime.jsx)(AgentLabel, {
							id: call.agent,
							name: name ?? call.agent
						})
					}), name !== void 0 && name !== call.agent && (0, import_jsx_runtime.jsxs)("span", {
						className: "text-muted",
						children: [" ", call.agent]
					})]
				}),
				(0, import_jsx_runtime.jsx)(Fact, {
					name: "Requested",
					children: moment(call.requested_at)
				}),
				call.ended_at !== null && (0, import_jsx_runtime.jsx)(Fact, {
					name: "Ended",
					children: moment(call.ended_at)
				}),
				call.note !== null && (0, import_jsx_runtime.jsx)(Fact, {
					name: "Note",
					children: call.note
				}),
				(0, import_jsx_runtime.jsx)(Fact, {
					name: "Lease",
					children: call.lease === null ? (0, import_jsx_runtime.jsx)("span", {
						className: "text-muted",
						children: "none: limited by the maximum duration"
					}) : (0, import_jsx_runtime.jsxs)("span", {
						className: "flex items-center gap-1",
						children: [(0, import_jsx_runtime.jsx)("code", {
							className: "min-w-0 break-all",
							children: call.lease
						}), (0, import_jsx_runtime.jsx)(CopyIcon, {
							text: call.lease,
							what: "lease id"
						})]
					})
				})
			]
		})
	});
}
function Fact({ name, children }) {
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)("dt", {
		className: "text-muted",
		children: name
	}), (0, import_jsx_runtime.jsx)("dd", {
		className: "min-w-0 break-words",
		children
	})] });
}
// src/pages/calls/call/call-state.tsx
var LOOK = {
	queued: "warning",
	active: "good",
	ended: "plain"
};
function CallState({ state }) {
	return (0, import_jsx_runtime.jsx)(Badge, {
		kind: LOOK[state],
		children: state
	});
}
function isAsWanted(reason) {
	return reason === "completed" || reason === "canceled";
}
// src/pages/calls/call/timeline.ts
var END_DETAIL = {
	completed: "Its client ended it while it was active.",
	canceled: "Its client ended it while it was queued; it took no slot.",
	lease_expired: "Its lease was not renewed in time, so its engine is presumed gone.",
	reconciled: "Its engine no longer knew it when it reconciled its calls.",
	max_duration: "It reached its own maximum duration or, without a lease, the organisation's.",
	max_wait: "It was queued for its maximum wait, or may not wait and could not start.",
	unclaimed: "It was dispatched three times and never claimed.",
	declined: "The one who was to take it up declined it for good."
};
function timeline(call, position, happened, nowMs) {
	const steps = [step("requested", "Requested", call.requested_at)];
	const isDelayed = call.started_at === null || call.started_at > call.requested_at;
	if (isDelayed) steps.push(step("queued", "Queued", call.requested_at));
	steps.push(...takenBack(call, happened));
	if (call.started_at !== null) {
		const started = isDelayed ? "Started" : "Started at once";
		const slot = call.slot === null ? "" : ` on a ${call.slot} slot`;
		steps.push(step("started", started + slot, call.started_at));
	}
	steps.push(lastStep(call, position));
	return withDurations(steps, nowMs);
}
function step(kind, title, at, detail) {
	return {
		kind,
		title,
		at,
		detail,
		between: void 0
	};
}
function lastStep(call, position) {
	switch (call.state) {
		case "queued": {
			const why = call.blocked_on === null ? void 0 : BLOCKED_ON_TEXT[call.blocked_on];
			return step("now", position === void 0 ? "In the queue" : `Position ${count(position)} in the queue`, void 0, why && `Waiting: ${why}.`);
		}
		case "active": return step("now", "Active", void 0);
		case "ended": {
			const title = call.reason === null ? "Ended" : `Ended: ${END_REASON_TEXT[call.reason]}`;
			const detail = call.reason === null ? void 0 : END_DETAIL[call.reason];
			return step("ended", title, call.ended_at ?? void 0, detail);
		}
	}
}
function takenBack(call, happened) {
	const own = happened.filter(({ call: id }) => id === call.id).reverse();
	const isReturn = ({ kind, at }) => kind === "call.queued" && at > call.requested_at;
	const lastReturn = own.findLastIndex(isReturn);
	return own.slice(0, lastReturn + 1).flatMap((happening) => {
		if (happening.kind === "call.started") return [step("started", "Started", happening.at)];
		if (!isReturn(happening)) return [];
		return [step("queued", "Back in the queue", happening.at, "It was not claimed in time.")];
	});
}
function withDurations(steps, nowMs) {
	return steps.map((step, index) => {
		const before = steps[index - 1];
		if (before?.at === void 0 || before.kind === "requested") return step;
		const since = Date.parse(before.at);
		const time = step.at === void 0 ? duration(nowMs - since) : shortDuration(Date.parse(step.at) - since);
		return {
			...step,
			between: `${verb(before, step)} ${time}`
		};
	});
}
function verb(before, { kind }) {
	const isWait = before.kind === "queued";
	if (kind === "now") return isWait ? "waiting for" : "active for";
	if (before.kind === "started" && kind === "queued") return "unclaimed for";
	return isWait ? "waited" : "lasted";
}
// src/pages/calls/call/call-timeline.tsx
var DOT = {
	requested: "bg-line-strong",
	queued: "bg-warning",
	started: "bg-good",
	ended: "bg-text",
	now: "bg-accent"
};
function CallTimeline({ now: { call, position, estimatedWaitMs } }) {
	const nowMs = useNow(1e3);
	const steps = timeline(call, position, useLive((live) => live.happenings) ?? [], nowMs);
	return (0, import_jsx_runtime.jsxs)("section", {
		"aria-label": "Timeline",
		className: "flex flex-col gap-2",
		children: [
			(0, import_jsx_runtime.jsx)("h3", {
				className: "font-semibold",
				children: "Timeline"
			}),
			(0, import_jsx_runtime.jsx)("ol", {
				className: "flex flex-col",
				children: steps.map((step, index) => (0, import_jsx_runtime.jsx)(StepLine, {
					step,
					isLast: index === steps.length - 1
				}, index))
			}),
			call.state === "queued" && (0, import_jsx_runtime.jsx)("p", {
				className: "text-muted",
				children: estimatedWaitMs === void 0 ? "No estimate yet: not enough recent activity." : `Estimated to start in about ${duration(estimatedWaitMs)}.`
			})
		]
	});
}
function StepLine({ step, isLast }) {
	return (0, import_jsx_runtime.jsxs)("li", {
		className: "flex flex-col",
		children: [
			step.between !== void 0 && (0, import_jsx_runtime.jsx)("p", {
				className: "border-line border-l py-1.5 pl-4 text-muted ml-[0.1875rem]",
				children: step.between
			}),
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex items-baseline gap-3",
				children: [
					(0, import_jsx_runtime.jsx)("span", {
						"aria-hidden": "true",
						className: `size-2 shrink-0 rounded-full ${DOT[step.kind]}`
					}),
					(0, import_jsx_runtime.jsx)("p", {
						className: "min-w-0 grow font-medium break-words",
						children: step.title
					}),
					step.at !== void 0 && (0, import_jsx_runtime.jsx)("time", {
						dateTime: step.at,
						title: moment(step.at),
						className: "shrink-0 text-muted",
						children: clock(step.at)
					})
				]
			}),
			(0, import_jsx_runtime.jsx)("div", {
				className: `ml-[0.1875rem] border-l pl-4 text-muted ${isLast ? "border-transparent" : "min-h-2 border-line"}`,
				children: step.detail
			})
		]
	});
}
// src/pages/calls/call/metadata.ts
function metadataRows(metadata) {
	return Object.entries(metadata).map(([key, value]) => {
		if (typeof value === "string") return {
			key,
			text: value,
			isJson: false
		};
		const isJson = typeof value === "object" && value !== null;
		return {
			key,
			text: JSON.stringify(value, null, isJson ? 2 : 0),
			isJson
		};
	});
}
// src/pages/calls/call/metadata-list.tsx
function Metadata({ metadata }) {
	const rows = metadataRows(metadata);
	return (0, import_jsx_runtime.jsxs)("section", {
		"aria-label": "Metadata",
		className: "flex flex-col gap-2",
		children: [(0, import_jsx_runtime.jsxs)("div", {
			className: "flex items-center gap-1",
			children: [(0, import_jsx_runtime.jsx)("h3", {
				className: "font-semibold",
				children: "Metadata"
			}), rows.length > 0 && (0, import_jsx_runtime.jsx)(CopyIcon, {
				text: JSON.stringify(metadata, null, 2),
				what: "metadata"
			})]
		}), rows.length === 0 ? (0, import_jsx_runtime.jsx)("p", {
			className: "text-muted",
			children: "None. A client can attach any JSON object of up to 4 KiB to a call."
		}) : (0, import_jsx_runtime.jsx)("dl", {
			className: "flex flex-col gap-1.5",
			children: rows.map(({ key, text, isJson }) => (0, import_jsx_runtime.jsxs)("div", {
				className: isJson ? "" : "grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-3",
				children: [(0, import_jsx_runtime.jsx)("dt", {
					className: "break-words text-muted",
					children: key
				}), (0, import_jsx_runtime.jsx)("dd", {
					className: "min-w-0 break-words",
					children: isJson ? (0, import_jsx_runtime.jsx)("pre", {
						className: "whitespace-pre-wrap break-words rounded bg-sunken p-2 font-mono text-xs",
						children: text
					}) : text
				})]
			}, key))
		})]
	});
}
// src/pages/calls/call/call-panel.tsx
var ESTIMATE_EVERY_MS = 1e4;
function CallPanel({ callId, onEnd, onClose }) {
	const [shown, setShown] = (0, import_react.useState)(callId);
	if (callId !== void 0 && callId !== shown) setShown(callId);
	const id = callId ?? shown;
	if (id === void 0) return null;
	return (0, import_jsx_runtime.jsxs)(Panel, {
		title: "Call",
		isOpen: callId !== void 0,
		onClose,
		children: [(0, import_jsx_runtime.jsxs)("div", {
			className: "-mt-3 flex items-center gap-1",
			children: [(0, import_jsx_runtime.jsx)("code", {
				className: "min-w-0 break-all",
				children: id
			}), (0, import_jsx_runtime.jsx)(CopyIcon, {
				text: id,
				what: "call id"
			})]
		}), (0, import_jsx_runtime.jsx)(Story, {
			id,
			onEnd
		}, id)]
	});
}
function Story({ id, onEnd }) {
	const barred = useBarred("engine");
	const live = useLive((state) => findLive(state, id));
	const isComplete = useLive((state) => state.isComplete);
	const read = useCall(id, live?.call.state, isComplete ?? true);
	const now = currentCall(live, read.data);
	if (now === void 0) return read.error === null ? (0, import_jsx_runtime.jsx)(Loading, { what: "the call" }) : (0, import_jsx_runtime.jsx)(NotFound, { error: read.error });
	const { call } = now;
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
		(0, import_jsx_runtime.jsxs)("div", {
			className: "flex flex-wrap items-center gap-1.5",
			children: [
				(0, import_jsx_runtime.jsx)(CallState, { state: call.state }),
				(0, import_jsx_runtime.jsx)(Badge, { children: TYPE_NAME[call.type] }),
				call.slot !== null && (0, import_jsx_runtime.jsxs)(Badge, { children: [call.slot, " slot"] }),
				call.state !== "ended" && (0, import_jsx_runtime.jsx)("span", {
					className: "ml-auto",
					children: (0, import_jsx_runtime.jsx)(Button, {
						kind: "danger",
						disabledBecause: barred,
						onClick: () => onEnd(call),
						children: "End call"
					})
				})
			]
		}),
		(0, import_jsx_runtime.jsx)(CallTimeline, { now }),
		(0, import_jsx_runtime.jsx)(CallFacts, { call }),
		(0, import_jsx_runtime.jsx)(Metadata, { metadata: call.metadata })
	] });
}
function useCall(id, liveState, isComplete) {
	const { org } = useSignedIn();
	return useQuery({
		queryKey: [
			"calls",
			org,
			"one",
			id,
			liveState ?? "not live"
		],
		queryFn: ({ signal }) => bodyOf(api.GET("/v1/calls/{id}", {
			params: { path: { id } },
			signal
		})),
		placeholderData: (before) => before?.id === id ? before : void 0,
		refetchInterval: ({ state: { data } }) => {
			const isUnseen = liveState === void 0 && !isComplete && data?.state !== "ended";
			return liveState === "queued" || isUnseen ? ESTIMATE_EVERY_MS : false;
		}
	});
}
function NotFound({ error }) {
	const isUnknown = error instanceof ProblemError && error.code === "unknown_call";
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)(ProblemNote, { error }), isUnknown && (0, import_jsx_runtime.jsxs)("p", {
		className: "text-muted",
		children: [
			"Ended calls are kept for 30 days, unless the server was started with a different",
			" ",
			(0, import_jsx_runtime.jsx)("code", { children: "--ended-retention-days" }),
			"."
		]
	})] });
}
// src/pages/calls/list/list-query.ts
function listQuery(filters, nowMs) {
	const { view, agent, type, reason, leastWaitS, span } = filters;
	const query = {};
	if (view !== "live") query.state = view;
	if (agent !== void 0) query.agent = agent;
	if (type !== void 0) query.type = type;
	if (reason !== void 0) query.reason = reason;
	if (leastWaitS !== void 0) query.least_wait_ms = leastWaitS * 1e3;
	if (span.kind === "last") query.ended_from = new Date(nowMs - LAST_MINUTES[span.last] * 6e4).toISOString();
	if (span.kind === "between") {
		if (span.from !== void 0) query.ended_from = span.from;
		if (span.to !== void 0) query.ended_to = span.to;
	}
	return query;
}
// src/pages/calls/csv/csv-pages.ts
var PAGE$1 = 1e3;
var MAX_PAGES = 50;
var MAX_ROWS = MAX_PAGES * PAGE$1;
async function readCsv(query) {
	const read = csvReader();
	let next = firstPage(query);
	const pages = [];
	while (next !== void 0 && pages.length < MAX_PAGES) {
		const response = await read(next);
		pages.push(await response.text());
		next = nextPage(response.headers.get("link"));
	}
	return {
		text: joined(pages),
		isCut: next !== void 0
	};
}
function firstPage(query) {
	const params = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) params.set(name, String(value));
	params.set("limit", String(PAGE$1));
	return `/v1/calls?${params}`;
}
function nextPage(link) {
	return /^<(\/v1\/calls\?[^>]*)>; rel="next"$/.exec(link ?? "")?.[1];
}
function joined(pages) {
	return pages.map((page, index) => index === 0 ? page : page.slice(page.indexOf("\r\n") + 2)).join("");
}
// src/pages/calls/csv/csv-button.tsx
function CsvButton({ filters }) {
	const { org } = useSignedIn();
	const serverNow = useServerNow();
	const say = useSay();
	const download = useMutation({
		mutationFn: () => readCsv(listQuery(filters, serverNow())),
		onSuccess: ({ text, isCut }) => {
			const day = new Date(serverNow()).toISOString().slice(0, 10);
			saveCsv(text, `calls-${org}-${filters.view}-${day}.csv`);
			if (isCut) say(`The file holds the first ${count(MAX_ROWS)} calls. Choose a shorter time for all of them.`);
		}
	});
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)(Button, {
		disabled: download.isPending,
		onClick: () => download.mutate(),
		children: download.isPending ? "Loading …" : "Download CSV"
	}), (0, import_jsx_runtime.jsx)(ProblemNote, { error: download.error })] });
}
// src/pages/calls/filters/span-filter.tsx
var CHOICES = [
	{
		value: "any",
		label: "Any time"
	},
	{
		value: "15m",
		label: "Last 15 min"
	},
	{
		value: "1h",
		label: "Last hour"
	},
	{
		value: "24h",
		label: "Last 24 hours"
	},
	{
		value: "7d",
		label: "Last 7 days"
	},
	{
		value: "between",
		label: "Between …"
	}
];
var DAY_MS = 864e5;
function SpanFilter({ span, onChange }) {
	const choose = (choice) => {
		if (choice === "any") return onChange({ kind: "any" });
		if (choice !== "between") return onChange({
			kind: "last",
			last: choice
		});
		onChange({
			kind: "between",
			from: new Date(Math.floor((Date.now() - DAY_MS) / 6e4) * 6e4).toISOString(),
			to: void 0
		});
	};
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)(Select, {
		label: "Time",
		isLabelHidden: true,
		value: span.kind === "last" ? span.last : span.kind,
		choices: CHOICES,
		onChange: choose
	}), span.kind === "between" && (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)(TimeField, {
		label: "From",
		value: span.from,
		onChange: (from) => onChange({
			...span,
			from
		})
	}), (0, import_jsx_runtime.jsx)(TimeField, {
		label: "To",
		value: span.to,
		onChange: (to) => onChange({
			...span,
			to
		})
	})] })] });
}
function TimeField(props) {
	const { label, value, onChange } = props;
	const [typed, setTyped] = (0, import_react.useState)();
	const type = (text) => {
		setTyped(text);
		const ms = fromLocalField(text);
		if (ms !== void 0) onChange(new Date(ms).toISOString());
	};
	const leave = () => {
		setTyped(void 0);
		if (typed === "") onChange(void 0);
	};
	return (0, import_jsx_runtime.jsxs)("label", {
		className: "inline-flex w-64 max-w-full! items-center gap-2",
		children: [label, (0, import_jsx_runtime.jsx)("input", {
			type: "datetime-local",
			value: typed ?? (value === void 0 ? "" : toLocalField(Date.parse(value))),
			onChange: (event) => type(event.target.value),
			onBlur: leave,
			className: `${INPUT_LOOK} min-w-0`
		})]
	});
}
// src/pages/calls/filters/filter-bar.tsx
var WAITS_S = [
	5,
	10,
	30,
	60,
	300,
	900
];
function FilterBar({ filters, onChange }) {
	const names = useAgentNames();
	const isEnded = filters.view === "ended";
	return (0, import_jsx_runtime.jsxs)("search", {
		className: "flex flex-wrap items-center gap-2 [&_label]:max-w-44",
		children: [
			(0, import_jsx_runtime.jsx)(Select, {
				label: "Agent",
				isLabelHidden: true,
				value: filters.agent ?? "",
				choices: agentChoices(names, filters.agent),
				onChange: (agent) => onChange({
					...filters,
					agent: agent === "" ? void 0 : agent
				})
			}),
			(0, import_jsx_runtime.jsx)(Select, {
				label: "Type",
				isLabelHidden: true,
				value: filters.type ?? "",
				choices: [{
					value: "",
					label: "All types"
				}, ...CALL_TYPES.map((value) => ({
					value,
					label: TYPE_NAME[value]
				}))],
				onChange: (type) => onChange({
					...filters,
					type: type === "" ? void 0 : type
				})
			}),
			isEnded && (0, import_jsx_runtime.jsx)(EndedFilters, {
				filters,
				onChange
			}),
			isNarrowed(filters) && (0, import_jsx_runtime.jsx)(Button, {
				kind: "quiet",
				onClick: () => onChange({
					...NO_FILTERS,
					view: filters.view,
					sort: filters.sort
				}),
				children: "Clear filters"
			})
		]
	});
}
function EndedFilters({ filters, onChange }) {
	const reasons = Object.entries(END_REASON_TEXT);
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
		(0, import_jsx_runtime.jsx)(Select, {
			label: "Reason",
			isLabelHidden: true,
			value: filters.reason ?? "",
			choices: [{
				value: "",
				label: "Any reason"
			}, ...reasons.map(([value, label]) => ({
				value,
				label
			}))],
			onChange: (reason) => onChange({
				...filters,
				reason: reason === "" ? void 0 : reason
			})
		}),
		(0, import_jsx_runtime.jsx)(Select, {
			label: "Wait",
			isLabelHidden: true,
			value: String(filters.leastWaitS ?? ""),
			choices: waitChoices(filters.leastWaitS),
			onChange: (wait) => onChange({
				...filters,
				leastWaitS: wait === "" ? void 0 : Number(wait)
			})
		}),
		(0, import_jsx_runtime.jsx)(SpanFilter, {
			span: filters.span,
			onChange: (span) => onChange({
				...filters,
				span
			})
		})
	] });
}
function agentChoices(names, chosen) {
	const known = [...names].map(([value, name]) => ({
		value,
		label: name === value ? name : `${name} (${value})`
	}));
	known.sort((a, b) => a.label.localeCompare(b.label));
	return [
		{
			value: "",
			label: "All agents"
		},
		...chosen !== void 0 && !names.has(chosen) ? [{
			value: chosen,
			label: chosen
		}] : [],
		...known
	];
}
function waitChoices(chosen) {
	return [{
		value: "",
		label: "Any wait"
	}, ...(chosen === void 0 || WAITS_S.includes(chosen) ? WAITS_S : [...WAITS_S, chosen]).toSorted((a, b) => a - b).map((s) => ({
		value: String(s),
		label: `Wait ≥ ${duration(s * 1e3)}`
	}))];
}
// src/pages/calls/filters/find-call.tsx
function FindCall({ onFind }) {
	const [id, setId] = (0, import_react.useState)("");
	return (0, import_jsx_runtime.jsx)("form", {
		className: "w-52",
		onSubmit: (event) => {
			event.preventDefault();
			if (id.trim() !== "") onFind(id.trim());
		},
		children: (0, import_jsx_runtime.jsx)(SearchInput, {
			label: "Open a call by its id",
			value: id,
			onChange: setId
		})
	});
}
// src/pages/calls/filters/use-calls-address.ts
function useCallsAddress() {
	const search = useSearch();
	const [, navigate] = useLocation();
	return (0, import_react.useMemo)(() => {
		const filters = readFilters(search);
		return {
			filters,
			callId: readCallId(search),
			show: (next) => navigate(hrefOf(next)),
			openCall: (id) => navigate(hrefOf(filters, id)),
			closeCall: () => navigate(hrefOf(filters), { replace: true })
		};
	}, [search, navigate]);
}
// src/pages/calls/filters/view-tabs.tsx
var NAME = {
	live: "Live",
	queued: "Queued",
	active: "Active",
	ended: "Ended"
};
function ViewTabs({ filters }) {
	const active = useLive((live) => live.pool.active);
	const queued = useLive((live) => live.pool.queued);
	const counts = {
		live: active !== void 0 && queued !== void 0 ? active + queued : void 0,
		queued,
		active,
		ended: void 0
	};
	return (0, import_jsx_runtime.jsx)("nav", {
		"aria-label": "State of the calls",
		className: "flex overflow-x-auto overflow-y-hidden border-line border-b",
		children: VIEWS.map((view) => (0, import_jsx_runtime.jsxs)(Link, {
			href: hrefOf({
				...filters,
				view
			}),
			"aria-current": view === filters.view ? "page" : void 0,
			className: `flex items-baseline gap-1.5 rounded-t border-b-2 px-2 py-2 sm:px-3 font-medium -outline-offset-2 ${view === filters.view ? "border-accent text-text" : "border-transparent text-muted hover:text-text"}`,
			children: [NAME[view], view !== "ended" && (0, import_jsx_runtime.jsx)("span", {
				className: "min-w-[2ch] text-muted text-xs",
				children: showCount(counts[view])
			})]
		}, view))
	});
}
function showCount(value) {
	return value === void 0 ? "" : count(value);
}
// src/pages/calls/list/call-times.ts
function waitedMs(call, nowMs) {
	const left = call.started_at ?? call.ended_at;
	return Math.max(0, (left === null ? nowMs : Date.parse(left)) - Date.parse(call.requested_at));
}
function lastedMs(call, nowMs) {
	if (call.started_at === null) return void 0;
	const end = call.ended_at === null ? nowMs : Date.parse(call.ended_at);
	return Math.max(0, end - Date.parse(call.started_at));
}
function shortMoment(at, nowMs) {
	const date = new Date(at);
	if (date.toDateString() === new Date(nowMs).toDateString()) return clock(date);
	const isThisYear = date.getFullYear() === new Date(nowMs).getFullYear();
	const day = date.toLocaleDateString("en-GB", {
		day: "numeric",
		month: "short",
		...isThisYear ? {} : { year: "numeric" }
	});
	return isThisYear ? `${day}, ${clock(date).slice(0, 5)}` : day;
}
// src/pages/calls/list/call-columns.tsx
var SHOWN = {
	live: [
		"call",
		"agent",
		"type",
		"state",
		"slot",
		"position",
		"waited",
		"lasted",
		"why",
		"action"
	],
	queued: [
		"call",
		"agent",
		"type",
		"position",
		"waited",
		"why",
		"action"
	],
	active: [
		"call",
		"agent",
		"type",
		"slot",
		"waited",
		"lasted",
		"action"
	],
	ended: [
		"call",
		"agent",
		"type",
		"slot",
		"ended",
		"waited",
		"lasted",
		"reason",
		"note"
	]
};
function callColumns(options) {
	const columns = allColumns(options);
	const { filters, onSort } = options;
	const sortable = (key) => {
		if (onSort === void 0) return {};
		const { sort } = filters;
		const order = sort?.isDescending ? "descending" : "ascending";
		return {
			order: sort?.key === key ? order : void 0,
			onOrder: () => onSort({
				...filters,
				sort: nextSort(sort, key)
			})
		};
	};
	return SHOWN[filters.view].map((name) => {
		const isSortKey = name === "agent" || name === "type" || name === "waited" || name === "lasted";
		return {
			key: name,
			...columns[name],
			...isSortKey ? sortable(name) : {}
		};
	});
}
function allColumns(options) {
	const { filters, names, barred, onEnd } = options;
	return {
		call: {
			head: "Call",
			width: 8.75,
			isWide: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(CallId, {
				id: call.id,
				href: hrefOf(filters, call.id)
			})
		},
		agent: {
			head: "Agent",
			sortBy: ({ call }) => names.get(call.agent) ?? call.agent,
			width: 8,
			isWide: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(AgentLabel, {
				id: call.agent,
				name: names.get(call.agent) ?? call.agent
			})
		},
		type: {
			head: "Type",
			sortBy: ({ call }) => TYPE_NAME[call.type],
			extra: 1,
			width: 6,
			cell: ({ call }) => TYPE_NAME[call.type]
		},
		state: {
			head: "State",
			width: 5,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(CallState, { state: call.state })
		},
		slot: {
			head: "Slot",
			extra: 4,
			width: 5.5,
			cell: ({ call }) => call.slot ?? (0, import_jsx_runtime.jsx)(None, {})
		},
		position: {
			head: "Position",
			extra: 2,
			width: 5,
			isNumber: true,
			cell: ({ position }) => position === void 0 ? (0, import_jsx_runtime.jsx)(None, {}) : count(position)
		},
		ended: {
			head: "Ended",
			sortBy: ({ call }) => call.ended_at ?? void 0,
			width: 7.75,
			isNumber: true,
			cell: ({ call }) => call.ended_at !== null && (0, import_jsx_runtime.jsx)(EndedAt, { at: call.ended_at })
		},
		waited: {
			head: "Waited",
			sortBy: ({ call }) => waitedMs(call, Date.now()),
			width: 7,
			isNumber: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Waited, { call })
		},
		lasted: {
			head: "Duration",
			sortBy: ({ call }) => lastedMs(call, Date.now()),
			extra: 3,
			width: 7,
			isNumber: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Lasted, { call })
		},
		why: {
			head: "Why it waits",
			isLong: true,
			width: 10.25,
			cell: ({ call }) => call.blocked_on === null ? (0, import_jsx_runtime.jsx)(None, {}) : BLOCKED_ON_TEXT[call.blocked_on]
		},
		reason: {
			head: "Reason",
			sortBy: ({ call }) => call.reason ?? void 0,
			isLong: true,
			width: 8.5,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Reason, { call })
		},
		note: {
			head: "Note",
			isLong: true,
			extra: 5,
			width: 9,
			cell: ({ call }) => call.note === null ? (0, import_jsx_runtime.jsx)(None, {}) : (0, import_jsx_runtime.jsx)("span", {
				title: call.note,
				children: call.note
			})
		},
		action: {
			head: (0, import_jsx_runtime.jsx)("span", {
				className: "sr-only",
				children: "Actions"
			}),
			width: 4,
			isNumber: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(End, {
				call,
				barred,
				onEnd
			})
		}
	};
}
function End(props) {
	return (0, import_jsx_runtime.jsx)("span", {
		className: ABOVE_ROW_LINK,
		children: (0, import_jsx_runtime.jsx)(Button, {
			kind: "quiet",
			"aria-label": `End call ${props.call.id}`,
			disabledBecause: props.barred,
			onClick: () => props.onEnd(props.call),
			children: "End"
		})
	});
}
function CallId({ id, href }) {
	return (0, import_jsx_runtime.jsxs)("span", {
		className: "flex min-w-0 items-center gap-1",
		children: [(0, import_jsx_runtime.jsx)(RowLink, {
			href,
			title: id,
			children: (0, import_jsx_runtime.jsx)(LongId, { id })
		}), (0, import_jsx_runtime.jsx)("span", {
			className: `${ABOVE_ROW_LINK} pointer-fine:w-0 pointer-fine:overflow-hidden focus-within:w-auto! focus-within:overflow-visible! group-hover:w-auto! group-hover:overflow-visible!`,
			children: (0, import_jsx_runtime.jsx)(CopyIcon, {
				text: id,
				what: "call id"
			})
		})]
	});
}
function None() {
	return (0, import_jsx_runtime.jsx)("span", {
		className: "text-muted",
		children: "–"
	});
}
function Waited({ call }) {
	if (call.state === "queued") return (0, import_jsx_runtime.jsx)(Since, { at: call.requested_at });
	const ms = waitedMs(call, 0);
	return (0, import_jsx_runtime.jsx)("span", {
		className: ms === 0 ? "text-muted" : "",
		children: shortDuration(ms)
	});
}
function Lasted({ call }) {
	if (call.started_at === null) return (0, import_jsx_runtime.jsx)(None, {});
	if (call.ended_at === null) return (0, import_jsx_runtime.jsx)(Since, { at: call.started_at });
	return shortDuration(lastedMs(call, 0) ?? 0);
}
function Since({ at }) {
	const now = useNow(1e3);
	return duration(now - Date.parse(at));
}
function EndedAt({ at }) {
	const now = useNow(6e4);
	return (0, import_jsx_runtime.jsx)("time", {
		dateTime: at,
		title: moment(at),
		children: shortMoment(at, now)
	});
}
function Reason({ call: { reason } }) {
	if (reason === null) return (0, import_jsx_runtime.jsx)(None, {});
	return (0, import_jsx_runtime.jsx)("span", {
		title: END_REASON_TEXT[reason],
		className: isAsWanted(reason) ? "" : "text-warning",
		children: reason.replaceAll("_", " ")
	});
}
// src/pages/calls/list/no-calls.tsx
var TITLE = {
	live: "No live calls",
	queued: "No queued calls",
	active: "No active calls",
	ended: "No calls have ended yet"
};
function NoCalls({ filters }) {
	if (isNarrowed(filters)) return (0, import_jsx_runtime.jsx)(Empty, {
		title: "No calls match the filters",
		children: "Choose another agent, type or state, or clear the filters."
	});
	if (filters.view === "queued") return (0, import_jsx_runtime.jsx)(Empty, {
		title: TITLE.queued,
		children: "A call is queued when it finds no free slot: neither one reserved for its agent and type nor a shared one. It starts automatically as soon as it can."
	});
	return (0, import_jsx_runtime.jsx)(Empty, {
		title: TITLE[filters.view],
		children: (0, import_jsx_runtime.jsx)(HowToStart, {})
	});
}
function HowToStart() {
	const { session, org } = useSignedIn();
	const firstAgent = useLive((live) => live.pool.agents[0]?.id ?? null);
	const sample = curl({
		method: "POST",
		origin: window.location.origin,
		path: "/v1/calls",
		body: {
			agent: firstAgent ?? "support",
			type: CALL_TYPES[0]
		},
		org: session.org === null ? org : void 0
	});
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col gap-3",
		children: [
			(0, import_jsx_runtime.jsx)("p", { children: "A call engine requests a slot when a call comes in, and ends the call when it is over. To start one by hand, use a key with the role engine:" }),
			(0, import_jsx_runtime.jsx)(CodeSample, {
				what: "command",
				text: sample
			}),
			firstAgent === null && (0, import_jsx_runtime.jsxs)("p", { children: [
				"You need an agent first.",
				" ",
				(0, import_jsx_runtime.jsx)(Link, {
					href: "/agents",
					className: "text-accent underline",
					children: "Create one"
				}),
				"."
			] })
		]
	});
}
// src/pages/calls/list/rows.ts
function liveRows(live, filters, names, nowMs) {
	const rows = [];
	if (filters.view !== "active") live.queue.forEach((call, index) => {
		if (isWanted(call, filters)) rows.push(rowOf(call, index + 1));
	});
	if (filters.view !== "queued") {
		const active = [...live.active.values()].filter((call) => isWanted(call, filters));
		active.sort((a, b) => order(startOf(b), startOf(a)) || order(a.id, b.id));
		for (const call of active) rows.push(rowOf(call, void 0));
	}
	return filters.sort === void 0 ? rows : sorted(rows, filters.sort, names, nowMs);
}
function listedRows(calls) {
	return [...new Map(calls.map((call) => [call.id, call])).values()].map((call) => rowOf(call, call.position ?? void 0));
}
var rowsMade = new WeakMap();
function rowOf(call, position) {
	const before = rowsMade.get(call);
	if (before !== void 0 && before.position === position) return before;
	const row = {
		call,
		position
	};
	rowsMade.set(call, row);
	return row;
}
function isWanted(call, { agent, type }) {
	return (agent === void 0 || call.agent === agent) && (type === void 0 || call.type === type);
}
function startOf(call) {
	return call.started_at ?? call.requested_at;
}
function sorted(rows, { key, isDescending }, names, nowMs) {
	const keyOf = ({ call }) => {
		switch (key) {
			case "agent": return (names.get(call.agent) ?? call.agent).toLowerCase();
			case "type": return CALL_TYPES.indexOf(call.type);
			case "waited": return waitedMs(call, nowMs);
			case "lasted": return lastedMs(call, nowMs);
		}
	};
	const keyed = rows.map((row) => ({
		row,
		key: keyOf(row)
	}));
	keyed.sort((a, b) => {
		if (a.key === void 0 || b.key === void 0) return Number(a.key === void 0) - Number(b.key === void 0);
		return isDescending ? order(b.key, a.key) : order(a.key, b.key);
	});
	return keyed.map(({ row }) => row);
}
function order(a, b) {
	return a < b ? -1 : Number(a > b);
}
// src/pages/calls/list/listed-calls.tsx
var PAGE = 100;
function ListedCalls({ filters, onEnd }) {
	const names = useAgentNames();
	const barred = useBarred("engine");
	const listed = useListedCalls(filters);
	const columns = (0, import_react.useMemo)(() => callColumns({
		filters,
		names,
		barred,
		onEnd
	}), [
		filters,
		names,
		barred,
		onEnd
	]);
	const rows = (0, import_react.useMemo)(() => listedRows(listed.data?.pages.flatMap((page) => page.items) ?? []), [listed.data]);
	if (listed.isPending) return (0, import_jsx_runtime.jsx)(Loading, { what: "calls" });
	if (listed.data === void 0) return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col items-start gap-2",
		children: [(0, import_jsx_runtime.jsx)(ProblemNote, { error: listed.error }), (0, import_jsx_runtime.jsx)(Button, {
			onClick: () => listed.refetch(),
			children: "Try again"
		})]
	});
	const isAll = listed.hasNextPage ? "so far" : "in all";
	const extent = `${counted(rows.length, "call")} ${isAll}, as of ${clock(listed.dataUpdatedAt)}`;
	return (0, import_jsx_runtime.jsxs)("div", {
		"aria-busy": listed.isPlaceholderData,
		className: `flex flex-col gap-2 transition-opacity ${listed.isPlaceholderData ? "opacity-50" : ""}`,
		children: [
			rows.length === 0 ? (0, import_jsx_runtime.jsx)(NoCalls, { filters }) : (0, import_jsx_runtime.jsx)(WindowedTable, {
				label: "Calls",
				columns,
				rows,
				keyOf: ({ call }) => call.id
			}),
			(0, import_jsx_runtime.jsx)(ProblemNote, { error: listed.error }),
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-wrap items-center justify-between gap-2 text-muted",
				children: [(0, import_jsx_runtime.jsx)("p", { children: listed.isPlaceholderData ? "Loading …" : extent }), (0, import_jsx_runtime.jsxs)("div", {
					className: "flex gap-2",
					children: [(0, import_jsx_runtime.jsx)(Button, {
						disabled: listed.isFetching,
						onClick: () => listed.refetch(),
						children: "Refresh"
					}), listed.hasNextPage && (0, import_jsx_runtime.jsx)(Button, {
						disabled: listed.isFetching,
						onClick: () => listed.fetchNextPage(),
						children: listed.isFetchingNextPage ? "Loading …" : "Show more"
					})]
				})]
			})
		]
	});
}
function useListedCalls(filters) {
	const { org } = useSignedIn();
	const serverNow = useServerNow();
	return useInfiniteQuery({
		queryKey: [
			"calls",
			org,
			"listed",
			{
				...filters,
				sort: void 0
			}
		],
		initialPageParam: void 0,
		queryFn: async ({ pageParam, signal }) => {
			const query = pageParam ?? {
				...listQuery(filters, serverNow()),
				limit: PAGE
			};
			return {
				...await bodyOf(api.GET("/v1/calls", {
					params: { query },
					signal
				})),
				query
			};
		},
		getNextPageParam: ({ next, query }) => next == null ? void 0 : {
			...query,
			cursor: next
		},
		placeholderData: keepPreviousData,
		refetchOnWindowFocus: false
	});
}
// src/pages/calls/list/first-calls-note.tsx
function FirstCallsNote({ shown, all }) {
	return (0, import_jsx_runtime.jsxs)(Note, {
		kind: "warning",
		children: [
			"Only the first ",
			count(shown),
			" of ",
			count(all),
			" live calls are shown. Choose an agent or a type: its calls are then read from the server, page by page."
		]
	});
}
// src/pages/calls/list/live-calls.tsx
function LiveCalls({ filters, onShow, onEnd }) {
	const live = useLive((state) => state);
	const names = useAgentNames();
	const serverNow = useServerNow();
	const barred = useBarred("engine");
	const rows = (0, import_react.useMemo)(() => live === void 0 ? void 0 : liveRows(live, filters, names, serverNow()), [
		live,
		filters,
		names,
		serverNow
	]);
	const columns = (0, import_react.useMemo)(() => callColumns({
		filters,
		names,
		barred,
		onEnd,
		onSort: onShow
	}), [
		filters,
		names,
		barred,
		onEnd,
		onShow
	]);
	if (live === void 0 || rows === void 0) return (0, import_jsx_runtime.jsx)(Loading, { what: "calls" });
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [!live.isComplete && (0, import_jsx_runtime.jsx)(FirstCallsNote, {
		shown: live.queue.length + live.active.size,
		all: live.pool.queued + live.pool.active
	}), rows.length === 0 ? (0, import_jsx_runtime.jsx)(NoCalls, { filters }) : (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col gap-2",
		children: [(0, import_jsx_runtime.jsx)(WindowedTable, {
			label: "Calls",
			columns,
			rows,
			keyOf: ({ call }) => call.id
		}), (0, import_jsx_runtime.jsxs)("p", {
			className: "text-muted",
			children: [
				count(rows.length),
				" shown",
				filters.sort === void 0 && filters.view === "live" ? ", queued in starting order, then active, newest first" : ""
			]
		})]
	})] });
}
// src/pages/calls/calls-page.tsx
function CallsPage() {
	const { filters, callId, show, openCall, closeCall } = useCallsAddress();
	const isComplete = useLive((live) => live.isComplete) ?? true;
	const [ending, setEnding] = (0, import_react.useState)();
	return (0, import_jsx_runtime.jsxs)(Page, {
		title: "Calls",
		actions: (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)(FindCall, { onFind: openCall }), (0, import_jsx_runtime.jsx)(CsvButton, { filters })] }),
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-col gap-3",
				children: [
					(0, import_jsx_runtime.jsx)(ViewTabs, { filters }),
					(0, import_jsx_runtime.jsx)(FilterBar, {
						filters,
						onChange: show
					}),
					isListedByServer(filters, isComplete) ? (0, import_jsx_runtime.jsx)(ListedCalls, {
						filters,
						onEnd: setEnding
					}) : (0, import_jsx_runtime.jsx)(LiveCalls, {
						filters,
						onShow: show,
						onEnd: setEnding
					})
				]
			}),
			(0, import_jsx_runtime.jsx)(CallPanel, {
				callId,
				onEnd: setEnding,
				onClose: closeCall
			}),
			ending !== void 0 && (0, import_jsx_runtime.jsx)(EndCall, {
				call: ending,
				onClose: () => setEnding(void 0)
			})
		]
	});
}
export { CallsPage };
