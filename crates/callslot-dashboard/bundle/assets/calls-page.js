import { __toESM } from "./rolldown-runtime.js";
import { Link, MenuCheckboxItem, MenuCheckboxItemIndicator, MenuItem, Separator, keepPreviousData, require_jsx_runtime, require_react, useInfiniteQuery, useLocation, useMutation, useQuery, useSearch } from "./packages.js";
import { ABOVE_ROW_LINK, AgentLabel, BLOCKED_ON_TEXT, Badge, Button, CALL_TYPES, CodeSample, CopyIcon, Dialog, END_REASON_TEXT, Empty, Field, INPUT_LOOK, Loading, LongId, MENU_ITEM, MenuBelow, Note, Page, Panel, ProblemError, ProblemNote, RowLink, SearchInput, Select, SubmitButton, TYPE_NAME, TextInput, WindowedTable, api, bodyOf, clock, count, counted, csvReader, curl, duration, fromLocalField, moment, saveCsv, shortDuration, toLocalField, useAgentNames, useBarred, useLive, useNow, useSay, useServerNow, useSignedIn, useStored, whyWaits } from "./shared.js";
import { COLUMN_NAMES, COLUMN_TEXT, DEFAULT_COLUMNS, EndCall, EndCalls, LAST_MINUTES, NO_FILTERS, VIEWS, allCalls, columnsOf, currentCall, findLive, howMany, hrefOf, isListedByServer, isNarrowed, knownColumns, mayHaveEnded, nextSort, readCallId, readFilters, showsEnded, showsLive, theseCalls } from "./app.js";
// src/pages/calls/list/call-times.ts
var import_react = __toESM(require_react(), 1);
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
				call.started_at !== null && (0, import_jsx_runtime.jsx)(Fact, {
					name: "Started",
					children: moment(call.started_at)
				}),
				call.state !== "queued" && (0, import_jsx_runtime.jsx)(Fact, {
					name: "Waited",
					children: shortDuration(waitedMs(call, 0))
				}),
				call.ended_at !== null && (0, import_jsx_runtime.jsx)(Fact, {
					name: "Ended",
					children: moment(call.ended_at)
				}),
				call.ended_at !== null && call.started_at !== null && (0, import_jsx_runtime.jsx)(Fact, {
					name: "Duration",
					children: shortDuration(lastedMs(call, 0) ?? 0)
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
var textsMade = new WeakMap();
function metadataText(metadata) {
	const made = textsMade.get(metadata);
	if (made !== void 0) return made;
	const text = metadataRows(metadata).map(({ key, text }) => `${key}: ${text}`).join("\n").toLowerCase();
	textsMade.set(metadata, text);
	return text;
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
// src/pages/calls/call/raw-json.tsx
function RawJson({ call }) {
	return (0, import_jsx_runtime.jsxs)("details", {
		className: "group",
		children: [(0, import_jsx_runtime.jsx)("summary", {
			className: "w-fit cursor-pointer rounded font-semibold",
			children: "Raw JSON"
		}), (0, import_jsx_runtime.jsx)("div", {
			className: "pt-2",
			children: (0, import_jsx_runtime.jsx)(CodeSample, {
				text: JSON.stringify(call, null, 2),
				what: "JSON of the call"
			})
		})]
	});
}
// src/pages/calls/call/holders.ts
function holdersNow(pool) {
	return mostFirst(pool.agents.map(({ id, active }) => ({
		agent: id,
		slots: active
	})));
}
function holdersThen(history) {
	return mostFirst(history.series.map(({ agent, points }) => ({
		agent: agent ?? "",
		slots: points[0]?.peak_active ?? 0
	})));
}
function mostFirst(holders) {
	return holders.filter(({ slots }) => slots > 0).sort((a, b) => b.slots - a.slots || (a.agent < b.agent ? -1 : 1));
}
var MINUTE_MS$1 = 6e4;
function minuteOfLeaving(call) {
	const left = call.started_at ?? call.ended_at;
	if (left === null || Date.parse(left) <= Date.parse(call.requested_at)) return void 0;
	const from = Math.floor(Date.parse(left) / MINUTE_MS$1) * MINUTE_MS$1;
	return {
		from: new Date(from).toISOString(),
		to: new Date(from + MINUTE_MS$1).toISOString()
	};
}
// src/pages/calls/call/slot-holders.tsx
var MOST = 8;
var MINUTE_MS = 6e4;
function SlotHolders({ call }) {
	if (call.state === "queued") return (0, import_jsx_runtime.jsx)(Now, {});
	const minute = minuteOfLeaving(call);
	return minute === void 0 ? null : (0, import_jsx_runtime.jsx)(Then, {
		...minute,
		isServed: call.started_at !== null
	});
}
function Now() {
	const pool = useLive((live) => live.pool);
	if (pool === void 0) return null;
	return (0, import_jsx_runtime.jsx)(Holders, {
		title: "Who holds the slots now",
		note: `${count(pool.active)} of ${count(pool.limit)} slots are in use.`,
		holders: holdersNow(pool),
		isNow: true
	});
}
function Then({ from, to, isServed }) {
	const { org } = useSignedIn();
	const history = useQuery({
		queryKey: [
			"calls",
			org,
			"holders",
			from
		],
		queryFn: async ({ signal }) => {
			const query = {
				from,
				to,
				step_s: 60,
				by: "agent"
			};
			return await bodyOf(api.GET("/v1/history", {
				params: { query },
				signal
			}));
		},
		staleTime: MINUTE_MS
	});
	if (history.error !== null) return (0, import_jsx_runtime.jsx)(ProblemNote, { error: history.error });
	if (history.data === void 0) return null;
	const point = history.data.series[0]?.points[0];
	const begin = point?.at ?? from;
	const ms = point?.span_ms ?? MINUTE_MS;
	const [first, last] = [begin, Date.parse(begin) + ms].map((at) => clock(at).slice(0, 5));
	const when = ms <= MINUTE_MS ? `in the minute of ${first}` : `from ${first} to ${last}`;
	return (0, import_jsx_runtime.jsx)(Holders, {
		title: `Who held the slots when it ${isServed ? "started" : "left the queue"}`,
		note: `The most slots that each agent held at once ${when}; not all of them at the same moment.`,
		holders: holdersThen(history.data),
		isNow: false
	});
}
function Holders({ title, note, holders, isNow }) {
	const names = useAgentNames();
	const others = holders.slice(MOST);
	const slotsOfOthers = others.reduce((sum, { slots }) => sum + slots, 0);
	const most = holders[0]?.slots ?? 1;
	return (0, import_jsx_runtime.jsxs)("section", {
		"aria-label": title,
		className: "flex flex-col gap-2",
		children: [
			(0, import_jsx_runtime.jsx)("h3", {
				className: "font-semibold",
				children: title
			}),
			(0, import_jsx_runtime.jsx)("p", {
				className: "text-muted",
				children: note
			}),
			holders.length === 0 ? (0, import_jsx_runtime.jsxs)("p", { children: [
				"No agent ",
				isNow ? "has" : "had",
				" an active call."
			] }) : (0, import_jsx_runtime.jsxs)("ul", {
				className: "flex flex-col gap-1",
				children: [holders.slice(0, MOST).map(({ agent, slots }) => (0, import_jsx_runtime.jsxs)("li", {
					className: "grid grid-cols-[minmax(0,3fr)_minmax(0,2fr)_auto] items-center gap-3",
					children: [
						isNow ? (0, import_jsx_runtime.jsx)(Link, {
							href: hrefOf({
								...NO_FILTERS,
								view: "active",
								agent
							}),
							className: "min-w-0 text-accent hover:underline",
							children: (0, import_jsx_runtime.jsx)(AgentLabel, {
								id: agent,
								name: names.get(agent) ?? agent
							})
						}) : (0, import_jsx_runtime.jsx)(AgentLabel, {
							id: agent,
							name: names.get(agent) ?? agent
						}),
						(0, import_jsx_runtime.jsx)("span", {
							"aria-hidden": "true",
							className: "h-1 rounded bg-shared forced-colors:bg-[CanvasText]",
							style: { width: `${100 * slots / most}%` }
						}),
						(0, import_jsx_runtime.jsx)("span", {
							className: "min-w-[3ch] text-right",
							children: count(slots)
						})
					]
				}, agent)), others.length > 0 && (0, import_jsx_runtime.jsxs)("li", {
					className: "text-muted",
					children: [
						count(others.length),
						" more agents, ",
						count(slotsOfOthers),
						" slots"
					]
				})]
			})
		]
	});
}
// src/pages/calls/call/why-sentence.ts
function whySentence(call, pool) {
	switch (call.state) {
		case "queued": {
			if (pool === void 0) return "";
			const why = whyWaits(call, pool);
			return why === "" ? "" : `${why}. ${slotsOfIts(call, pool)}`;
		}
		case "active":
		case "ended": return pastWait(call);
	}
}
function slotsOfIts({ agent: id, type }, { agents, shared }) {
	const agent = agents.find((each) => each.id === id);
	const use = agent?.types[type];
	const ofShared = `${count(shared.in_use)} of ${count(shared.size)} shared slots are in use`;
	if (agent === void 0 || use === void 0 || use.reserved === 0) return `Nothing is reserved for ${TYPE_NAME[type]} calls of ${agent?.name ?? id}; ${ofShared}.`;
	return `${`${count(use.reserved_in_use)} of ${count(use.reserved)} slots reserved for ${TYPE_NAME[type]} calls of ${agent.name}`} and ${ofShared}.`;
}
function pastWait(call) {
	const ms = waitedMs(call, 0);
	if (call.started_at === null) return ms === 0 ? "It found no free slot, and did not wait for one." : `It waited ${shortDuration(ms)} and never got a slot.`;
	const slot = call.slot === null ? "a slot" : `a ${call.slot} slot`;
	return ms === 0 ? `It did not wait: ${slot} was free.` : `It waited ${shortDuration(ms)} until ${slot} was free for it. What held it is not kept beyond the wait.`;
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
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "-mt-3 flex items-center gap-1",
				children: [(0, import_jsx_runtime.jsx)("code", {
					className: "min-w-0 break-all",
					children: id
				}), (0, import_jsx_runtime.jsx)(CopyIcon, {
					text: id,
					what: "call id"
				})]
			}),
			(0, import_jsx_runtime.jsxs)("p", {
				className: "-mt-3 flex items-center gap-1",
				children: [(0, import_jsx_runtime.jsx)(Link, {
					href: hrefOf(NO_FILTERS, id),
					className: "text-accent hover:underline",
					children: "Link to this call"
				}), (0, import_jsx_runtime.jsx)(CopyIcon, {
					text: window.location.origin + hrefOf(NO_FILTERS, id),
					what: "link to this call"
				})]
			}),
			(0, import_jsx_runtime.jsx)(Story, {
				id,
				onEnd
			}, id)
		]
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
		(0, import_jsx_runtime.jsx)(Why$1, { call }),
		(0, import_jsx_runtime.jsx)(SlotHolders, { call }),
		(0, import_jsx_runtime.jsx)(CallFacts, { call }),
		(0, import_jsx_runtime.jsx)(Metadata, { metadata: call.metadata }),
		(0, import_jsx_runtime.jsx)(RawJson, { call: read.data?.state === call.state ? read.data : call })
	] });
}
function Why$1({ call }) {
	const sentence = whySentence(call, useLive((state) => state.pool));
	if (sentence === "") return null;
	const title = call.state === "queued" ? "Why it waits" : "Its wait";
	return (0, import_jsx_runtime.jsxs)("section", {
		"aria-label": title,
		className: "flex flex-col gap-2",
		children: [(0, import_jsx_runtime.jsx)("h3", {
			className: "font-semibold",
			children: title
		}), (0, import_jsx_runtime.jsx)("p", { children: sentence })]
	});
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
// src/pages/calls/columns/columns-menu.tsx
function ColumnsMenu({ columns, choose }) {
	const isDefault = columns.join() === DEFAULT_COLUMNS.join();
	return (0, import_jsx_runtime.jsxs)(MenuBelow, {
		label: "Columns",
		children: [
			COLUMN_NAMES.map((name) => {
				const isShown = columns.includes(name);
				const others = COLUMN_NAMES.filter((each) => each === name ? !isShown : columns.includes(each));
				return (0, import_jsx_runtime.jsxs)(MenuCheckboxItem, {
					checked: isShown,
					disabled: others.length === 0,
					onCheckedChange: () => choose(others),
					closeOnClick: false,
					className: MENU_ITEM,
					children: [(0, import_jsx_runtime.jsx)("span", {
						className: "w-4",
						children: (0, import_jsx_runtime.jsx)(MenuCheckboxItemIndicator, { children: "✓" })
					}), COLUMN_TEXT[name]]
				}, name);
			}),
			(0, import_jsx_runtime.jsx)(Separator, { className: "my-1 border-line border-t" }),
			(0, import_jsx_runtime.jsx)(MenuItem, {
				disabled: isDefault,
				onClick: () => choose(void 0),
				closeOnClick: false,
				className: MENU_ITEM,
				children: "Default columns"
			})
		]
	});
}
// src/pages/calls/columns/use-columns.ts
function useColumns(filters, onShow) {
	const [kept, keep] = useStored("callslot.calls.columns", knownColumns);
	const choose = (columns) => {
		keep(columns);
		if (filters.columns !== void 0) onShow({
			...filters,
			columns: void 0
		});
	};
	return {
		columns: filters.columns ?? kept ?? DEFAULT_COLUMNS,
		choose
	};
}
// src/pages/calls/list/list-query.ts
function listQuery(filters, part, nowMs) {
	const { view, text, agent, type, reason, leastWaitS, span } = filters;
	const query = {};
	if (part === "ended") query.state = "ended";
	else if (view === "queued" || view === "active") query.state = view;
	if (agent !== void 0) query.agent = agent;
	if (type !== void 0) query.type = type;
	if (part === "live") return query;
	if (reason !== void 0) query.reason = reason;
	if (leastWaitS !== void 0) query.least_wait_ms = leastWaitS * 1e3;
	if (text !== "") query.id_prefix = text;
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
async function readCsv(queries) {
	const read = csvReader();
	const left = queries.map(firstPage);
	const pages = [];
	for (let next = left.shift(); next !== void 0; next = next ?? left.shift()) {
		if (pages.length === MAX_PAGES) return {
			text: joined(pages),
			isCut: true
		};
		const response = await read(next);
		pages.push(await response.text());
		next = nextPage(response.headers.get("link"));
	}
	return {
		text: joined(pages),
		isCut: false
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
	const isLivePassedOver = showsLive(filters) && (filters.text !== "" || filters.leastWaitS !== void 0);
	const isLive = showsLive(filters) && !isLivePassedOver;
	const isEnded = showsEnded(filters);
	const download = useMutation({
		mutationFn: () => {
			const nowMs = serverNow();
			return readCsv([...isLive ? [listQuery(filters, "live", nowMs)] : [], ...isEnded ? [listQuery(filters, "ended", nowMs)] : []]);
		},
		onSuccess: ({ text, isCut }) => {
			const day = new Date(serverNow()).toISOString().slice(0, 10);
			saveCsv(text, `calls-${org}-${filters.view}-${day}.csv`);
			if (isCut) say(`The file holds the first ${count(MAX_ROWS)} calls. Choose a shorter time for all of them.`);
			else if (isLivePassedOver) say("The file holds ended calls only: live ones are not searched for a file.");
		}
	});
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)(Button, {
		disabled: download.isPending,
		disabledBecause: isLive || isEnded ? void 0 : "Clear the search and the wait to download live calls.",
		onClick: () => download.mutate(),
		children: download.isPending ? "Loading …" : "Download CSV"
	}), (0, import_jsx_runtime.jsx)(ProblemNote, { error: download.error })] });
}
// src/pages/calls/filters/search-field.tsx
var PAUSE_MS = 250;
function SearchField(props) {
	const { text, onSearch } = props;
	const [typed, setTyped] = (0, import_react.useState)(text);
	const told = (0, import_react.useRef)(text);
	const search = (0, import_react.useRef)(onSearch);
	search.current = onSearch;
	if (text !== told.current) {
		told.current = text;
		if (typed.trim() !== text) setTyped(text);
	}
	const wanted = typed.trim();
	(0, import_react.useEffect)(() => {
		if (wanted === told.current) return;
		const timer = setTimeout(() => {
			told.current = wanted;
			search.current(wanted);
		}, PAUSE_MS);
		return () => clearTimeout(timer);
	}, [wanted]);
	return (0, import_jsx_runtime.jsx)(SearchInput, {
		label: "Search by id or metadata",
		value: typed,
		onChange: setTyped
	});
}
// src/pages/calls/filters/span-filter.tsx
var CHOICES = [
	{
		value: "any",
		label: "Any end time"
	},
	{
		value: "15m",
		label: "Ended in the last 15 min"
	},
	{
		value: "1h",
		label: "Ended in the last hour"
	},
	{
		value: "24h",
		label: "Ended in the last 24 hours"
	},
	{
		value: "7d",
		label: "Ended in the last 7 days"
	},
	{
		value: "between",
		label: "Ended between …"
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
		className: "inline-flex w-64 max-w-full! items-center gap-2 max-sm:col-span-2 max-sm:w-full",
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
	return (0, import_jsx_runtime.jsxs)("search", {
		className: "flex flex-wrap items-center gap-2 max-sm:grid max-sm:grid-cols-2 max-sm:[&>input]:col-span-2 max-sm:[&>input]:max-w-none sm:[&_label]:max-w-52",
		children: [
			(0, import_jsx_runtime.jsx)(SearchField, {
				text: filters.text,
				onSearch: (text) => onChange({
					...filters,
					text
				})
			}),
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
			mayHaveEnded(filters.view) && (0, import_jsx_runtime.jsx)(EndedFilters, {
				filters,
				onChange
			}),
			isNarrowed(filters) && (0, import_jsx_runtime.jsx)(Button, {
				kind: "quiet",
				onClick: () => {
					const { view, sort, columns } = filters;
					onChange({
						...NO_FILTERS,
						view,
						sort,
						columns
					});
				},
				children: "Clear filters"
			})
		]
	});
}
function EndedFilters({ filters, onChange }) {
	const reasons = Object.entries(END_REASON_TEXT);
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)(Select, {
		label: "Reason",
		isLabelHidden: true,
		value: filters.reason ?? "",
		choices: [{
			value: "",
			label: "Any end"
		}, ...reasons.map(([value, label]) => ({
			value,
			label: `Ended: ${label}`
		}))],
		onChange: (reason) => onChange({
			...filters,
			reason: reason === "" ? void 0 : reason
		})
	}), (0, import_jsx_runtime.jsx)(SpanFilter, {
		span: filters.span,
		onChange: (span) => onChange({
			...filters,
			span
		})
	})] });
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
// src/pages/calls/filters/use-calls-address.ts
function useCallsAddress() {
	const search = useSearch();
	const [, navigate] = useLocation();
	return (0, import_react.useMemo)(() => {
		const filters = readFilters(search);
		return {
			filters,
			callId: readCallId(search),
			show: (next) => navigate(hrefOf(next), { replace: next.text !== filters.text }),
			openCall: (id) => navigate(hrefOf(filters, id)),
			closeCall: () => navigate(hrefOf(filters), { replace: true })
		};
	}, [search, navigate]);
}
// src/pages/calls/filters/view-tabs.tsx
var NAME = {
	all: "All",
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
		active
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
			className: `flex items-baseline gap-1.5 rounded-t border-b-2 px-2 py-2 sm:px-3 font-medium -outline-offset-2 ${view === filters.view ? "border-accent text-text" : "border-transparent text-muted hover:text-text forced-colors:border-[Canvas]"}`,
			children: [NAME[view], view !== "all" && view !== "ended" && (0, import_jsx_runtime.jsx)("span", {
				className: "min-w-[2ch] text-muted text-xs",
				children: showCount(counts[view])
			})]
		}, view))
	});
}
function showCount(value) {
	return value === void 0 ? "" : count(value);
}
// src/pages/calls/list/rows.ts
function liveRows(live, filters, nowMs) {
	const isWanted = wanted(filters, nowMs);
	const rows = [];
	if (filters.view !== "active") live.queue.forEach((call, index) => {
		if (isWanted(call)) rows.push(rowOf(call, index + 1));
	});
	if (filters.view !== "queued") {
		const active = [...live.active.values()].filter(isWanted);
		active.sort((a, b) => order(startOf(b), startOf(a)) || order(a.id, b.id));
		for (const call of active) rows.push(rowOf(call, void 0));
	}
	return rows;
}
function listedRows(calls) {
	return [...new Map(calls.map((call) => [keyOf(call), call])).values()].map((call) => rowOf(call, call.position ?? void 0));
}
function rowKey({ call }) {
	return keyOf(call);
}
function keyOf({ id, ended_at }) {
	return ended_at === null ? id : `${id} ${ended_at}`;
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
function wanted(filters, nowMs) {
	const { agent, type, leastWaitS = 0 } = filters;
	const text = filters.text.toLowerCase();
	return (call) => (agent === void 0 || call.agent === agent) && (type === void 0 || call.type === type) && (leastWaitS === 0 || waitedMs(call, nowMs) >= leastWaitS * 1e3) && (text === "" || call.id.toLowerCase().includes(text) || metadataText(call.metadata).includes(text));
}
function startOf(call) {
	return call.started_at ?? call.requested_at;
}
function sorted(rows, sort, names, nowMs) {
	if (sort === void 0) return rows;
	const { key, isDescending } = sort;
	const keyOf = ({ call }) => {
		switch (key) {
			case "agent": return (names.get(call.agent) ?? call.agent).toLowerCase();
			case "type": return CALL_TYPES.indexOf(call.type);
			case "ended": return call.ended_at ?? void 0;
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
// src/pages/calls/bulk/bulk-bar.tsx
var NONE$1 = new Set();
function BulkBar({ filters, rows, selected, onSelect }) {
	const barred = useBarred("engine");
	const names = useAgentNames();
	const pool = useLive((live) => live.pool);
	const [ending, setEnding] = (0, import_react.useState)();
	const live = rows.filter(({ call }) => call.state !== "ended");
	const chosen = live.filter((row) => selected.has(rowKey(row)));
	const all = pool && allCalls(filters, live.map(({ call }) => call), pool, (agent) => names.get(agent) ?? agent);
	return (0, import_jsx_runtime.jsxs)("section", {
		"aria-label": "Bulk actions",
		className: "flex min-h-8 flex-wrap items-center gap-2 text-muted",
		children: [
			(0, import_jsx_runtime.jsx)("p", {
				role: "status",
				className: chosen.length > 0 ? "font-medium text-text" : "",
				children: chosen.length === 0 ? "No call selected" : `${count(chosen.length)} selected`
			}),
			chosen.length > 0 && (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)(Button, {
				kind: "danger",
				disabledBecause: barred,
				onClick: () => setEnding(theseCalls(chosen.map(({ call }) => call))),
				children: "End selected"
			}), (0, import_jsx_runtime.jsx)(Button, {
				kind: "quiet",
				onClick: () => onSelect(NONE$1),
				children: "Clear selection"
			})] }),
			(0, import_jsx_runtime.jsx)("span", {
				className: "ml-auto",
				children: (0, import_jsx_runtime.jsx)(Button, {
					kind: "quiet",
					disabledBecause: barred ?? (all === void 0 ? CHOOSE_FIRST : void 0),
					onClick: () => setEnding(all),
					children: all === void 0 ? "End all that match" : `End all ${howMany(all)}`
				})
			}),
			ending !== void 0 && (0, import_jsx_runtime.jsx)(EndCalls, {
				calls: ending,
				onClose: () => setEnding(void 0),
				onEnded: () => onSelect(NONE$1)
			})
		]
	});
}
var CHOOSE_FIRST = "Choose an agent, a type, a wait, Queued or Active, or search: this ends all that match.";
// src/pages/calls/list/call-columns.tsx
var SORTABLE = {
	agent: "agent",
	type: "type",
	ended: "ended",
	waited: "waited",
	lasted: "lasted"
};
function callColumns(options) {
	const { filters, columns: names, barred, onEnd, onSort } = options;
	const columns = allColumns(options);
	const sortable = (key) => {
		if (key === void 0) return {};
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
	const call = {
		key: "call",
		head: "Call",
		width: 10,
		isWide: true,
		cell: ({ call: { id } }) => (0, import_jsx_runtime.jsx)(CallId, {
			id,
			href: hrefOf(filters, id)
		})
	};
	const action = {
		key: "action",
		head: (0, import_jsx_runtime.jsx)("span", {
			className: "sr-only",
			children: "Actions"
		}),
		width: 4.75,
		isNumber: true,
		isFilled: true,
		cell: (row) => row.call.state !== "ended" && (0, import_jsx_runtime.jsx)(End, {
			call: row.call,
			barred,
			onEnd
		})
	};
	return [
		call,
		...names.map((name) => ({
			key: name,
			head: name === "why" ? whyHead(filters) : COLUMN_TEXT[name],
			...columns[name],
			...sortable(SORTABLE[name])
		})),
		...filters.view === "ended" ? [] : [action]
	];
}
function whyHead({ view }) {
	if (view === "all") return COLUMN_TEXT.why;
	return view === "ended" ? "Reason" : "Why it waits";
}
function allColumns({ names }) {
	return {
		agent: {
			width: 8,
			percent: 13,
			isLong: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(AgentLabel, {
				id: call.agent,
				name: names.get(call.agent) ?? call.agent
			})
		},
		type: {
			extra: 1,
			width: 6,
			cell: ({ call }) => TYPE_NAME[call.type]
		},
		state: {
			width: 5,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(CallState, { state: call.state })
		},
		slot: {
			extra: 6,
			width: 5.5,
			cell: ({ call }) => call.slot ?? (0, import_jsx_runtime.jsx)(None, {})
		},
		position: {
			extra: 4,
			width: 5,
			isNumber: true,
			cell: ({ position }) => position === void 0 ? (0, import_jsx_runtime.jsx)(None, {}) : count(position)
		},
		requested: {
			extra: 5,
			width: 7.75,
			isNumber: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(At, { at: call.requested_at })
		},
		started: {
			extra: 5,
			width: 7.75,
			isNumber: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(At, { at: call.started_at })
		},
		ended: {
			extra: 2,
			width: 7.75,
			isNumber: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(At, { at: call.ended_at })
		},
		waited: {
			width: 7,
			isNumber: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Waited, { call })
		},
		lasted: {
			extra: 3,
			width: 7,
			isNumber: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Lasted, { call })
		},
		why: {
			isLong: true,
			width: 10.25,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Why, { call })
		},
		note: {
			isLong: true,
			extra: 7,
			width: 9,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Text, { text: call.note })
		},
		lease: {
			isLong: true,
			extra: 8,
			width: 9,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Text, { text: call.lease })
		},
		metadata: {
			isLong: true,
			extra: 9,
			width: 12,
			isWide: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Text, { text: metadataLine(call) })
		}
	};
}
function metadataLine({ metadata }) {
	const rows = metadataRows(metadata).map(({ key, text }) => `${key}: ${text}`);
	return rows.length === 0 ? null : rows.join(", ");
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
function At({ at }) {
	const now = useNow(6e4);
	if (at === null) return (0, import_jsx_runtime.jsx)(None, {});
	return (0, import_jsx_runtime.jsx)("time", {
		dateTime: at,
		title: moment(at),
		children: shortMoment(at, now)
	});
}
function Text({ text }) {
	return text === null ? (0, import_jsx_runtime.jsx)(None, {}) : (0, import_jsx_runtime.jsx)("span", {
		title: text,
		children: text
	});
}
function Why({ call: { blocked_on, reason } }) {
	if (blocked_on !== null) return BLOCKED_ON_TEXT[blocked_on];
	if (reason === null) return (0, import_jsx_runtime.jsx)(None, {});
	return (0, import_jsx_runtime.jsx)("span", {
		title: END_REASON_TEXT[reason],
		className: isAsWanted(reason) ? "" : "text-warning",
		children: reason.replaceAll("_", " ")
	});
}
// src/pages/calls/list/first-calls-note.tsx
function FirstCallsNote({ known, all }) {
	return (0, import_jsx_runtime.jsxs)(Note, {
		kind: "warning",
		children: [
			"Only the first ",
			count(known),
			" of ",
			count(all),
			" live calls are shown and searched. Choose an agent or a type: its calls are then read from the server, page by page."
		]
	});
}
// src/pages/calls/list/no-calls.tsx
var TITLE = {
	all: "No calls yet",
	live: "No live calls",
	queued: "No queued calls",
	active: "No active calls",
	ended: "No calls have ended yet"
};
function NoCalls({ filters }) {
	if (isNarrowed(filters)) return (0, import_jsx_runtime.jsxs)(Empty, {
		title: "No calls match the filters",
		children: [(0, import_jsx_runtime.jsx)("p", { children: "Choose another agent, type or state, or clear the filters." }), (0, import_jsx_runtime.jsx)(WholeId, { filters })]
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
function WholeId({ filters }) {
	const id = readCallId(`?call=${encodeURIComponent(filters.text)}`);
	if (id === void 0) return null;
	return (0, import_jsx_runtime.jsxs)("p", { children: [
		"If this is a whole id,",
		" ",
		(0, import_jsx_runtime.jsxs)(Link, {
			href: hrefOf(filters, id),
			className: "text-accent underline",
			children: ["look for the call ", (0, import_jsx_runtime.jsx)("bdi", {
				className: "break-all",
				children: id
			})]
		}),
		" ",
		"among all."
	] });
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
// src/pages/calls/list/use-call-list.ts
var PAGE = 100;
var AGAIN_EVERY_MS = 15e3;
var WAITS_EVERY_MS = 5e3;
var HARDLY_EVER_MS = 36e5;
function useCallList(filters) {
	const state = useLive((live) => live);
	const names = useAgentNames();
	const nowMs = useNow(filters.leastWaitS === void 0 ? HARDLY_EVER_MS : WAITS_EVERY_MS);
	const isLive = showsLive(filters);
	const isListed = isLive && state !== void 0 && isListedByServer(filters, state.isComplete);
	const listed = useListed(filters, "live", isListed);
	const isLiveRead = !isLive || state !== void 0 && !isListed;
	const isLiveWhole = isLiveRead || listed.isRead && !listed.hasNextPage;
	const ended = useListed(filters, "ended", showsEnded(filters) && isLiveWhole);
	const live = (0, import_react.useMemo)(() => {
		if (!isLive || state === void 0) return [];
		return sorted(isListed ? listedRows(listed.calls).filter(({ call }) => wanted(filters, nowMs)(call)) : liveRows(state, filters, nowMs), filters.sort, names, nowMs);
	}, [
		isLive,
		isListed,
		state,
		listed.calls,
		filters,
		names,
		nowMs
	]);
	const past = (0, import_react.useMemo)(() => sorted(listedRows(ended.calls), filters.sort, names, nowMs), [
		ended.calls,
		filters.sort,
		names,
		nowMs
	]);
	const rows = (0, import_react.useMemo)(() => past.length === 0 ? live : [...live, ...past], [live, past]);
	const parts = [listed, ended].filter(({ isWanted }) => isWanted);
	const next = parts.find(({ hasNextPage }) => hasNextPage);
	const isKnown = isLiveRead || listed.isRead || ended.isRead;
	const isAnswered = rows.length > 0 || parts.every(({ isRead }) => isRead);
	return {
		rows: isKnown && isAnswered ? rows : void 0,
		live: live.length,
		ended: showsEnded(filters) ? past.length : void 0,
		asOf: ended.isWanted && ended.isRead && !ended.isOld ? ended.readAt : void 0,
		unseen: isLive && !isListed && state !== void 0 && !state.isComplete ? {
			known: state.queue.length + state.active.size,
			all: state.pool.queued + state.pool.active
		} : void 0,
		isOld: parts.some(({ isOld }) => isOld),
		isReading: parts.some(({ isReading }) => isReading),
		error: parts.find(({ error }) => error !== null)?.error ?? null,
		readAgain: () => {
			for (const part of parts) part.readAgain();
		},
		readMore: next?.readMore
	};
}
function useListed(filters, part, isWanted) {
	const { org } = useSignedIn();
	const serverNow = useServerNow();
	const read = useInfiniteQuery({
		queryKey: [
			"calls",
			org,
			part,
			{
				...filters,
				sort: void 0,
				columns: void 0
			}
		],
		enabled: isWanted,
		initialPageParam: void 0,
		queryFn: async ({ pageParam, signal }) => {
			const query = pageParam ?? {
				...listQuery(filters, part, serverNow()),
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
		refetchOnWindowFocus: false,
		refetchInterval: ({ state }) => state.data?.pages.length === 1 ? AGAIN_EVERY_MS : false
	});
	const pages = isWanted ? read.data?.pages : void 0;
	return {
		isWanted,
		calls: (0, import_react.useMemo)(() => pages?.flatMap(({ items }) => items) ?? [], [pages]),
		isRead: pages !== void 0,
		isOld: isWanted && read.isPlaceholderData,
		isReading: isWanted && read.isFetching,
		readAt: read.dataUpdatedAt,
		error: isWanted ? read.error : null,
		hasNextPage: isWanted && read.hasNextPage,
		readAgain: () => void read.refetch(),
		readMore: () => void read.fetchNextPage()
	};
}
// src/pages/calls/list/call-list.tsx
var NONE = new Set();
function CallList({ filters, columns: chosen, onShow, onEnd }) {
	const names = useAgentNames();
	const barred = useBarred("engine");
	const list = useCallList(filters);
	const [selected, setSelected] = (0, import_react.useState)(NONE);
	const columns = (0, import_react.useMemo)(() => callColumns({
		filters,
		columns: columnsOf(filters.view, chosen),
		names,
		barred,
		onEnd,
		onSort: onShow
	}), [
		filters,
		chosen,
		names,
		barred,
		onEnd,
		onShow
	]);
	const isSelectable = filters.view !== "ended";
	const selection = (0, import_react.useMemo)(() => ({
		selected,
		onSelect: setSelected,
		canSelect: isLive,
		labelOf: (key) => `Select call ${key}`,
		allLabel: "Select all live calls shown"
	}), [selected]);
	const { rows } = list;
	if (rows === void 0) {
		if (list.error === null) return (0, import_jsx_runtime.jsx)(Loading, { what: "calls" });
		return (0, import_jsx_runtime.jsxs)("div", {
			className: "flex flex-col items-start gap-2",
			children: [(0, import_jsx_runtime.jsx)(ProblemNote, { error: list.error }), (0, import_jsx_runtime.jsx)(Button, {
				onClick: list.readAgain,
				children: "Try again"
			})]
		});
	}
	return (0, import_jsx_runtime.jsxs)("div", {
		"aria-busy": list.isOld,
		className: `flex flex-col gap-2 transition-opacity ${list.isOld ? "opacity-50" : ""}`,
		children: [
			list.unseen && (0, import_jsx_runtime.jsx)(FirstCallsNote, { ...list.unseen }),
			isSelectable && list.live > 0 && (0, import_jsx_runtime.jsx)(BulkBar, {
				filters,
				rows,
				selected,
				onSelect: setSelected
			}),
			rows.length === 0 ? (0, import_jsx_runtime.jsx)(NoCalls, { filters }) : (0, import_jsx_runtime.jsx)(WindowedTable, {
				label: "Calls",
				columns,
				rows,
				keyOf: rowKey,
				selection: isSelectable ? selection : void 0
			}),
			(0, import_jsx_runtime.jsx)(ProblemNote, { error: list.error }),
			(0, import_jsx_runtime.jsx)(Extent, {
				list,
				filters
			})
		]
	});
}
function Extent({ list, filters }) {
	const { live, ended, asOf, isOld, isReading, readAgain, readMore } = list;
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-wrap items-center justify-between gap-2 text-muted",
		children: [
			(0, import_jsx_runtime.jsx)("p", { children: isOld ? "Loading …" : extent(live, ended, asOf, readMore !== void 0) }),
			filters.text !== "" && (0, import_jsx_runtime.jsx)("p", { children: ended === void 0 ? "Live calls are searched by id and metadata." : "Live calls are searched by id and metadata, ended ones by how their ids begin." }),
			asOf !== void 0 && (0, import_jsx_runtime.jsxs)("div", {
				className: "flex gap-2",
				children: [(0, import_jsx_runtime.jsx)(Button, {
					disabled: isReading,
					onClick: readAgain,
					children: "Refresh"
				}), readMore !== void 0 && (0, import_jsx_runtime.jsx)(Button, {
					disabled: isReading,
					onClick: readMore,
					children: isReading ? "Loading …" : "Show more"
				})]
			}),
			asOf === void 0 && readMore !== void 0 && (0, import_jsx_runtime.jsx)(Button, {
				disabled: isReading,
				onClick: readMore,
				children: isReading ? "Loading …" : "Show more"
			})
		]
	});
}
function extent(live, ended, asOf, hasMore) {
	if (ended === void 0) return `${counted(live, "live call")}${hasMore ? " so far" : ""}`;
	if (asOf === void 0) return counted(live, "live call");
	const isAll = hasMore ? "so far" : "in all";
	const past = `${count(ended)} ended ${isAll}, as of ${clock(asOf)}`;
	return live === 0 ? past : `${counted(live, "live call")}, ${past}`;
}
function isLive({ call }) {
	return call.state !== "ended";
}
function knownViews(kept) {
	if (!Array.isArray(kept)) return [];
	const views = new Map();
	for (const view of kept.slice(0, 50)) {
		const { name, href } = view ?? {};
		if (typeof name !== "string" || typeof href !== "string" || name.trim() === "") continue;
		const at = href.indexOf("?");
		const filters = readFilters(at < 0 ? "" : href.slice(at));
		const shown = name.trim().slice(0, 60);
		views.set(shown, {
			name: shown,
			href: hrefOf(filters)
		});
	}
	return [...views.values()].sort((a, b) => a.name.localeCompare(b.name));
}
function withView(views, name, filters) {
	return knownViews([...withoutView(views, name), {
		name,
		href: hrefOf(filters)
	}]);
}
function withoutView(views, name) {
	return views.filter((view) => view.name !== name.trim());
}
function whyNot(views, name) {
	if (name.trim() === "") return "Type a name.";
	return views.every((view) => view.name !== name.trim()) && views.length >= 50 ? `This browser keeps 50 views. Delete one first.` : void 0;
}
// src/pages/calls/views/manage-views.tsx
function ManageViews(props) {
	const { isOpen, views, onChange, onClose } = props;
	const say = useSay();
	return (0, import_jsx_runtime.jsxs)(Dialog, {
		title: "Saved views",
		description: "Everyone who may see these calls can open a view by its address.",
		isOpen,
		onClose,
		children: [views.length === 0 ? (0, import_jsx_runtime.jsx)("p", {
			className: "text-muted",
			children: "No saved views are left."
		}) : (0, import_jsx_runtime.jsx)("ul", {
			className: "flex flex-col",
			children: views.map(({ name, href }) => (0, import_jsx_runtime.jsxs)("li", {
				className: "flex items-center gap-2 border-line border-t py-1.5",
				children: [
					(0, import_jsx_runtime.jsx)("bdi", {
						className: "min-w-0 flex-1 truncate",
						children: name
					}),
					(0, import_jsx_runtime.jsx)(CopyIcon, {
						text: window.location.origin + href,
						what: `address of ${name}`
					}),
					(0, import_jsx_runtime.jsx)(Button, {
						kind: "danger",
						"aria-label": `Delete ${name}`,
						onClick: () => {
							onChange(withoutView(views, name));
							say(`The view “${name}” is deleted.`, { undo: () => onChange(views) });
						},
						children: "Delete"
					})
				]
			}, name))
		}), (0, import_jsx_runtime.jsx)("div", {
			className: "flex justify-end",
			children: (0, import_jsx_runtime.jsx)(Button, {
				onClick: onClose,
				children: "Done"
			})
		})]
	});
}
// src/pages/calls/views/save-view.tsx
function SaveView(props) {
	return (0, import_jsx_runtime.jsx)(Dialog, {
		title: "Save this view",
		description: "The search, the filters, the order and the columns, in this browser.",
		isOpen: props.isOpen,
		onClose: props.onClose,
		children: (0, import_jsx_runtime.jsx)(Naming, { ...props })
	});
}
function Naming({ filters, views, onSave, onClose }) {
	const say = useSay();
	const [, navigate] = useLocation();
	const [name, setName] = (0, import_react.useState)("");
	const [isTold, setTold] = (0, import_react.useState)(false);
	const refused = whyNot(views, name);
	const isThere = views.some((view) => view.name === name.trim());
	return (0, import_jsx_runtime.jsxs)("form", {
		className: "flex flex-col gap-4",
		onSubmit: (event) => {
			event.preventDefault();
			setTold(true);
			if (refused !== void 0) return;
			onSave(withView(views, name, filters));
			navigate(hrefOf(filters), { replace: true });
			say(`The view “${name.trim()}” is saved in this browser.`);
			onClose();
		},
		children: [(0, import_jsx_runtime.jsx)(Field, {
			label: "Name",
			hint: isThere ? "This replaces the view of this name." : void 0,
			error: isTold ? refused : void 0,
			children: (0, import_jsx_runtime.jsx)(TextInput, {
				autoFocus: true,
				value: name,
				maxLength: 60,
				onChange: (event) => setName(event.target.value)
			})
		}), (0, import_jsx_runtime.jsxs)("div", {
			className: "flex justify-end gap-2",
			children: [(0, import_jsx_runtime.jsx)(Button, {
				onClick: onClose,
				children: "Cancel"
			}), (0, import_jsx_runtime.jsx)(SubmitButton, {
				action: "Save view",
				isBusy: false
			})]
		})]
	});
}
// src/pages/calls/views/views-menu.tsx
function ViewsMenu({ filters }) {
	const { org } = useSignedIn();
	const [views, keep] = useStored(`callslot.calls.views.${org}`, knownViews);
	const [, navigate] = useLocation();
	const [open, setOpen] = (0, import_react.useState)();
	const here = hrefOf(filters);
	const now = views.find(({ href }) => href === here);
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
		(0, import_jsx_runtime.jsxs)(MenuBelow, {
			label: now === void 0 ? "Views" : (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: ["View: ", (0, import_jsx_runtime.jsx)("bdi", {
				className: "max-w-32 truncate",
				children: now.name
			})] }),
			children: [
				views.length === 0 && (0, import_jsx_runtime.jsx)("p", {
					className: "max-w-60 px-2 py-1.5 text-muted",
					children: "No saved views yet. A view is a search with its filters, order and columns, under a name."
				}),
				views.map(({ name, href }) => (0, import_jsx_runtime.jsxs)(MenuItem, {
					onClick: () => navigate(href),
					"aria-current": href === here ? "true" : void 0,
					className: MENU_ITEM,
					children: [(0, import_jsx_runtime.jsx)("span", {
						className: "w-4 shrink-0",
						children: href === here && "✓"
					}), (0, import_jsx_runtime.jsx)("bdi", {
						className: "min-w-0 truncate",
						children: name
					})]
				}, name)),
				(0, import_jsx_runtime.jsx)(Separator, { className: "my-1 border-line border-t" }),
				(0, import_jsx_runtime.jsx)(MenuItem, {
					onClick: () => setOpen("save"),
					className: MENU_ITEM,
					children: "Save this view …"
				}),
				views.length > 0 && (0, import_jsx_runtime.jsx)(MenuItem, {
					onClick: () => setOpen("manage"),
					className: "flex cursor-default items-center gap-2 rounded px-2 py-1.5 pointer-coarse:min-h-10 outline-none data-highlighted:bg-sunken data-disabled:opacity-60",
					children: "Share or delete views …"
				})
			]
		}),
		(0, import_jsx_runtime.jsx)(SaveView, {
			isOpen: open === "save",
			filters,
			views,
			onSave: keep,
			onClose: () => setOpen(void 0)
		}),
		(0, import_jsx_runtime.jsx)(ManageViews, {
			isOpen: open === "manage",
			views,
			onChange: keep,
			onClose: () => setOpen(void 0)
		})
	] });
}
// src/pages/calls/calls-page.tsx
function CallsPage() {
	const { filters, callId, show, closeCall } = useCallsAddress();
	const chosen = useColumns(filters, show);
	const [ending, setEnding] = (0, import_react.useState)();
	return (0, import_jsx_runtime.jsxs)(Page, {
		title: "Calls",
		actions: (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
			(0, import_jsx_runtime.jsx)(ViewsMenu, { filters: {
				...filters,
				columns: chosen.columns
			} }),
			(0, import_jsx_runtime.jsx)(ColumnsMenu, { ...chosen }),
			(0, import_jsx_runtime.jsx)(CsvButton, { filters })
		] }),
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-col gap-3",
				children: [
					(0, import_jsx_runtime.jsx)(ViewTabs, { filters }),
					(0, import_jsx_runtime.jsx)(FilterBar, {
						filters,
						onChange: show
					}),
					(0, import_jsx_runtime.jsx)(CallList, {
						filters,
						columns: chosen.columns,
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
