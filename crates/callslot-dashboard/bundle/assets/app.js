const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["./agents-page.js","./rolldown-runtime.js","./packages.js","./shared.js","./calls-page.js","./developers-page.js","./history-page.js","./uplot.js","./uplot.css","./history-page.css","./organisations-page.js","./plans-page.js"])))=>i.map(i=>d[i]);
import { __toESM } from "./rolldown-runtime.js";
import { CSPProvider, ComboboxInput, ComboboxItem, ComboboxList, ComboboxRoot, Link, NumberFieldDecrement, NumberFieldGroup, NumberFieldIncrement, NumberFieldInput, NumberFieldRoot, QueryClientProvider, Redirect, Route, SliderControl, SliderIndicator, SliderRoot, SliderThumb, SliderTrack, Switch, ToastProvider, TooltipProvider, __vitePreload, require_client, require_jsx_runtime, require_react, useLocation, useMutation } from "./packages.js";
import { BLOCKED_ON_TEXT, Button, CALL_TYPES, Card, Confirm, Empty, ErrorBoundary, Gate, INPUT_LOOK, LiveProvider, Loading, Note, Page, Panel, PoolChange, ProblemError, ProblemNote, RowMenu, SearchInput, Section, Shell, SignOut, TYPE_LONG_NAME, TYPE_NAME, Tip, Toasts, WindowedTable, api, blockedIn, bodyOf, count, counted, createQueries, duration, useBarred, useLive, useLiveStatus, useNow, useSay, useSignedIn } from "./shared.js";
// src/pages/concurrency/pool-bar/pool-bar-segments.ts
var import_react = __toESM(require_react(), 1);
var import_client = require_client();
function shownAgents(pool, alsoId) {
	const reserved = pool.agents.filter((agent) => agent.reserved > 0);
	const largest = reserved.toSorted((a, b) => b.reserved - a.reserved || (a.id < b.id ? -1 : 1)).slice(0, reserved.length === 13 ? 13 : 12);
	const ids = new Set(largest.map(({ id }) => id));
	if (alsoId !== void 0) ids.add(alsoId);
	return pool.agents.filter(({ id }) => ids.has(id)).map(({ id }) => id);
}
function barOf(pool, colors) {
	const reserved = pool.agents.filter((agent) => agent.reserved > 0);
	const apart = reserved.filter(({ id }) => colors.has(id));
	const others = reserved.filter(({ id }) => !colors.has(id));
	const segments = [
		...apart.map((agent) => agentSegment(agent, colors.get(agent.id))),
		...othersSegment(others),
		...sharedSegments(pool)
	];
	return {
		segments,
		slots: segments.reduce((sum, segment) => sum + segment.slots, 0),
		limit: pool.limit
	};
}
function agentSegment(agent, color) {
	const inUse = reservedInUse(agent);
	const shared = agent.active - inUse;
	const says = [usage(inUse, agent.reserved, "reserved slot")];
	if (shared > 0) says.push(`${count(shared)} more on ${shared === 1 ? "a shared slot" : "shared slots"}`);
	if (agent.queued > 0) says.push(`${count(agent.queued)} waiting`);
	return {
		kind: "agent",
		key: `agent ${agent.id}`,
		name: agent.name,
		slots: agent.reserved,
		inUse,
		...color && { color },
		says: says.join(", ")
	};
}
function othersSegment(others) {
	if (others.length === 0) return [];
	const slots = others.reduce((sum, agent) => sum + agent.reserved, 0);
	const inUse = others.reduce((sum, agent) => sum + reservedInUse(agent), 0);
	return [{
		kind: "others",
		key: "others",
		name: counted(others.length, "other"),
		slots,
		inUse,
		says: usage(inUse, slots, "reserved slot")
	}];
}
function sharedSegments(pool) {
	const size = Math.max(0, pool.limit - pool.reserved);
	const inUse = Math.min(pool.shared.in_use, size);
	const over = pool.shared.in_use - inUse;
	const segments = [];
	if (size > 0) {
		const says = usage(inUse, size, "shared slot") + users(pool);
		segments.push({
			kind: "shared",
			key: "shared",
			name: "Shared",
			slots: size,
			inUse,
			says
		});
	}
	if (over > 0) {
		const says = `${counted(over, "call")} over the limit, until as many on shared slots have ended`;
		segments.push({
			kind: "over",
			key: "over",
			name: "Settling",
			slots: over,
			inUse: over,
			says
		});
	}
	return segments;
}
var MOST_USERS = 3;
function users(pool) {
	const using = pool.agents.map((agent) => ({
		name: agent.name,
		slots: agent.active - reservedInUse(agent)
	})).filter(({ slots }) => slots > 0).sort((a, b) => b.slots - a.slots);
	if (using.length === 0) return "";
	const named = using.slice(0, MOST_USERS).map(({ name, slots }) => `${name} ${count(slots)}`);
	const rest = using.length - named.length;
	return `: ${named.join(", ")}${rest > 0 ? ` and ${counted(rest, "other")}` : ""}`;
}
function usage(inUse, slots, what) {
	return `${count(inUse)} of ${counted(slots, what)} in use`;
}
function reservedInUse(agent) {
	return CALL_TYPES.reduce((sum, type) => sum + agent.types[type].reserved_in_use, 0);
}
// src/pages/concurrency/advice/pool-notes.ts
function notesOn(pool) {
	const waiting = waitingBy(pool);
	const nothing = waiting.get("nothing_shared");
	const forSlots = waiting.get("shared_full") ?? (pool.shared.size === 0 ? nothing : void 0);
	return [
		settlingNote(pool),
		limitNote(pool, waiting.get("limit")),
		nothingNote(pool, nothing),
		sharedNote(pool, waiting.get("shared_full")),
		idleNote(pool, forSlots?.calls ?? waiting.get("settling")?.calls ?? 0),
		capNote(waiting.get("agent_cap")),
		typeCapNote(pool, waiting.get("type_cap"))
	].filter((note) => note !== void 0);
}
function waitingBy(pool) {
	const reasonOf = blockedIn(pool);
	const found = new Map();
	for (const agent of pool.agents) {
		if (agent.queued === 0) continue;
		const ofAgent = new Map();
		for (const type of CALL_TYPES) {
			const calls = agent.types[type].queued;
			if (calls === 0) continue;
			const reason = reasonOf(agent.id, type).blocked_on;
			const known = ofAgent.get(reason) ?? {
				calls: 0,
				types: []
			};
			ofAgent.set(reason, {
				calls: known.calls + calls,
				types: [...known.types, type]
			});
		}
		for (const [reason, { calls, types }] of ofAgent) found.set(reason, withAgent(found.get(reason), agent, calls, types));
	}
	return found;
}
function withAgent(before, agent, calls, types) {
	const isMost = before === void 0 || calls > before.mostCalls;
	return {
		calls: (before?.calls ?? 0) + calls,
		agents: (before?.agents ?? 0) + 1,
		most: isMost ? agent : before.most,
		mostCalls: isMost ? calls : before.mostCalls,
		types: new Set([...before?.types ?? [], ...types])
	};
}
function settlingNote({ settling }) {
	if (settling === 0) return void 0;
	const calls = counted(settling, "call");
	return {
		key: "settling",
		says: `Settling: ${counted(settling, "slot")} over the limit. No call is interrupted.`,
		helps: `New calls get shared slots again once ${calls} on shared slots ${settling === 1 ? "has" : "have"} ended. To speed this up, lower a reservation or raise the limit.`,
		steps: [{ kind: "raise-limit" }]
	};
}
function limitNote(pool, waiting) {
	if (waiting === void 0) return void 0;
	return {
		key: "limit",
		says: `All ${counted(pool.limit, "slot")} are in use, and ${callsWait(waiting.calls)}.`,
		helps: "Only a higher limit or a larger plan lets more calls start at once.",
		steps: [{ kind: "raise-limit" }]
	};
}
function nothingNote(pool, waiting) {
	if (waiting === void 0) return void 0;
	const { name, id, cap } = waiting.most;
	if (pool.shared.size === 0) return {
		key: "nothing-shared",
		says: `All slots are reserved, and ${callsWait(waiting.calls)}${ofThem(waiting)}.`,
		helps: `No slots are left to reserve for ${name}: lower another reservation, or raise the limit.`,
		steps: [{ kind: "raise-limit" }]
	};
	return {
		key: "nothing-shared",
		says: `A cap is 0, and ${callsWait(waiting.calls)}${ofThem(waiting)}.`,
		helps: "They cannot start before the cap is raised.",
		steps: cap === 0 ? [{
			kind: "raise-cap",
			agent: id,
			name
		}] : []
	};
}
function sharedNote(pool, waiting) {
	if (waiting === void 0) return void 0;
	const { size, in_use } = pool.shared;
	const { name } = waiting.most;
	return {
		key: "shared-full",
		says: `The shared pool is full (${count(in_use)} of ${count(size)}), and ${callsWait(waiting.calls)}${ofThem(waiting)}.`,
		helps: `A larger reservation gives ${name} its own slots; a higher limit or a larger plan helps all agents.`,
		steps: [editStep(waiting.most), { kind: "raise-limit" }]
	};
}
function idleNote(pool, waiting) {
	if (waiting === 0) return void 0;
	let idle = 0;
	let most;
	for (const agent of pool.agents) {
		const own = agent.reserved - reservedInUse(agent);
		idle += own;
		if (own > (most?.idle ?? 0)) most = {
			agent,
			idle: own
		};
	}
	if (most === void 0) return void 0;
	const { agent } = most;
	const holder = most.idle === idle ? `all held by ${agent.name}` : `${count(most.idle)} of them held by ${agent.name}`;
	return {
		key: "idle",
		says: `${counted(idle, "reserved slot")} ${idle === 1 ? "is" : "are"} idle while ${callsWait(waiting)}: ${holder}.`,
		helps: "Lower a reservation to give its idle slots to the shared pool.",
		steps: [editStep(agent)]
	};
}
function capNote(waiting) {
	if (waiting === void 0) return void 0;
	const { most, agents, calls } = waiting;
	const cap = count(most.cap ?? 0);
	return {
		key: "agent-cap",
		says: agents === 1 ? `${most.name} is at its cap of ${cap}, and ${callsWait(calls)}.` : `${count(agents)} agents are at their caps, and ${callsWait(calls)}${ofThem(waiting)} (cap ${cap}).`,
		helps: "A higher cap lets more of its calls start.",
		steps: [{
			kind: "raise-cap",
			agent: most.id,
			name: most.name
		}]
	};
}
function typeCapNote(pool, waiting) {
	if (waiting === void 0) return void 0;
	const [first, ...others] = CALL_TYPES.filter((type) => waiting.types.has(type));
	if (first === void 0) return void 0;
	return {
		key: "type-cap",
		says: `${others.length === 0 ? `${TYPE_NAME[first]} calls are at their cap of ${count(pool.type_caps[first] ?? 0)}` : `${count(others.length + 1)} call types are at their caps`}, and ${callsWait(waiting.calls)}${ofThem(waiting)}.`,
		helps: "A higher cap of the type lets more of its calls start.",
		steps: []
	};
}
function editStep({ id, name }) {
	return {
		kind: "edit",
		agent: id,
		name
	};
}
function callsWait(calls) {
	return `${counted(calls, "call")} ${calls === 1 ? "is" : "are"} waiting`;
}
function ofThem({ agents, most, mostCalls }) {
	return agents === 1 ? ` for ${most.name}` : `, ${count(mostCalls)} of them for ${most.name}`;
}
// src/pages/concurrency/advice/advice.tsx
var import_jsx_runtime = require_jsx_runtime();
function Advice({ pool, onEdit }) {
	const notes = (0, import_react.useMemo)(() => notesOn(pool), [pool]);
	return (0, import_jsx_runtime.jsxs)("section", {
		"aria-label": "What helps",
		className: "flex min-h-17 flex-col gap-2",
		children: [notes.length === 0 && (0, import_jsx_runtime.jsx)("div", {
			className: "grid flex-1 items-center rounded-md border border-line px-3 text-muted",
			children: (0, import_jsx_runtime.jsx)("p", { children: CALM })
		}), notes.map((note) => (0, import_jsx_runtime.jsx)(OneNote, {
			note,
			onEdit
		}, note.key))]
	});
}
var CALM = "No calls are waiting. When calls have to wait, or the pool is over its limit, advice appears here.";
function OneNote({ note, onEdit }) {
	return (0, import_jsx_runtime.jsx)(Note, {
		kind: "warning",
		children: (0, import_jsx_runtime.jsxs)("div", {
			className: "flex flex-wrap items-center justify-between gap-x-6 gap-y-2",
			children: [(0, import_jsx_runtime.jsxs)("div", {
				className: "min-w-0 flex-1 basis-72",
				children: [(0, import_jsx_runtime.jsx)("p", {
					className: "font-semibold",
					children: note.says
				}), (0, import_jsx_runtime.jsx)("p", { children: note.helps })]
			}), (0, import_jsx_runtime.jsx)("div", {
				className: "flex flex-wrap items-center gap-2",
				children: note.steps.map((step) => (0, import_jsx_runtime.jsx)(StepButton, {
					step,
					onEdit
				}, step.kind))
			})]
		})
	});
}
var LINK_LOOK = "font-medium underline underline-offset-2";
function StepButton({ step, onEdit }) {
	const barred = useBarred("admin");
	const barredFromLimit = useBarred("operator");
	switch (step.kind) {
		case "edit": return (0, import_jsx_runtime.jsx)(Button, {
			disabledBecause: barred,
			onClick: () => onEdit(step.agent),
			children: (0, import_jsx_runtime.jsxs)("span", {
				className: "max-w-40 truncate",
				children: ["Edit ", step.name]
			})
		});
		case "raise-cap": return (0, import_jsx_runtime.jsx)(Link, {
			href: "/agents",
			className: LINK_LOOK,
			children: "Raise the cap"
		});
		case "raise-limit": return barredFromLimit === void 0 ? (0, import_jsx_runtime.jsx)(Link, {
			href: "/organisations",
			className: LINK_LOOK,
			children: "Raise the limit"
		}) : (0, import_jsx_runtime.jsx)("span", { children: "Ask the operator of this server to raise the limit." });
	}
}
// src/pages/concurrency/agents/agent-lists.ts
function reservedAgents(pool, search) {
	const words = wordsOf(search);
	return pool.agents.filter((agent) => agent.reserved > 0 && hasWords(agent, words));
}
function foundAgents(agents, search) {
	const words = wordsOf(search);
	return agents.filter((agent) => hasWords(agent, words));
}
function unreservedAgents(pool, kept) {
	return pool.agents.filter((agent) => agent.reserved === 0 && (isAtWork(agent) || kept.has(agent.id)));
}
function isAtWork(agent) {
	return agent.active > 0 || agent.queued > 0;
}
function wordsOf(search) {
	return search.toLowerCase().split(/\s+/).filter(Boolean);
}
function hasWords(agent, words) {
	if (words.length === 0) return true;
	const text = `${agent.name} ${agent.id}`.toLowerCase();
	return words.every((word) => text.includes(word));
}
// src/pages/concurrency/pool-bar/agent-color-classes.ts
var SOLID = [
	"bg-series-1",
	"bg-series-2",
	"bg-series-3",
	"bg-series-4",
	"bg-series-5",
	"bg-series-6",
	"bg-series-7",
	"bg-series-8"
];
var PALE = [
	"border-series-1 bg-series-1/20",
	"border-series-2 bg-series-2/20",
	"border-series-3 bg-series-3/20",
	"border-series-4 bg-series-4/20",
	"border-series-5 bg-series-5/20",
	"border-series-6 bg-series-6/20",
	"border-series-7 bg-series-7/20",
	"border-series-8 bg-series-8/20"
];
var OTHERS = {
	solid: "bg-text/80",
	pale: "border-text/80 bg-text/10"
};
function groundOf(color) {
	if (color === void 0) return OTHERS;
	return {
		solid: SOLID[color.hue] ?? OTHERS.solid,
		pale: PALE[color.hue] ?? OTHERS.pale
	};
}
var SHARED_GROUND = {
	solid: "bg-shared",
	pale: "border-shared bg-shared-idle"
};
var OVER_GROUND = {
	solid: "bg-danger",
	pale: "border-danger bg-danger-soft"
};
var STRIPES = { backgroundImage: "repeating-linear-gradient(135deg, transparent 0 4px, color-mix(in srgb, var(--surface) 55%, transparent) 4px 7px)" };
// src/pages/concurrency/agents/agent-name.tsx
function AgentName(props) {
	const { agent, color, hasSwatch = true } = props;
	return (0, import_jsx_runtime.jsxs)("span", {
		className: "flex min-w-0 items-center gap-2",
		children: [
			hasSwatch && (0, import_jsx_runtime.jsx)("span", {
				"aria-hidden": "true",
				className: `size-2.5 shrink-0 rounded-sm ${groundOf(color).solid}`,
				style: color?.isStriped ? STRIPES : void 0
			}),
			(0, import_jsx_runtime.jsx)("span", {
				className: "truncate",
				title: agent.name,
				children: agent.name
			}),
			agent.id !== agent.name.toLowerCase() && (0, import_jsx_runtime.jsx)("span", {
				className: "shrink-[999] truncate font-mono text-muted text-xs",
				children: agent.id
			})
		]
	});
}
// src/pages/concurrency/agents/reserved-columns.tsx
function reservedColumns(colors, actions) {
	return [
		{
			key: "agent",
			head: "Agent",
			width: 11,
			isWide: true,
			cell: (agent) => (0, import_jsx_runtime.jsx)(AgentName, {
				agent,
				color: colors.get(agent.id)
			})
		},
		...CALL_TYPES.map((type) => numberColumn(type, TYPE_NAME[type], 6, (agent) => agent.types[type].reserved)),
		numberColumn("total", "Total", 5, (agent) => agent.reserved),
		{
			key: "in-use",
			head: "In use",
			width: 8,
			isNumber: true,
			cell: (agent) => (0, import_jsx_runtime.jsx)(InUse, { agent })
		},
		queuedColumn,
		{
			key: "actions",
			head: (0, import_jsx_runtime.jsx)("span", {
				className: "sr-only",
				children: "Actions"
			}),
			width: 4,
			isNumber: true,
			cell: (agent) => (0, import_jsx_runtime.jsx)(Actions, {
				agent,
				actions
			})
		}
	];
}
function numberColumn(key, head, width, of) {
	const cell = (agent) => {
		const value = of(agent);
		return (0, import_jsx_runtime.jsx)("span", {
			className: value === 0 ? "text-muted" : "",
			children: count(value)
		});
	};
	return {
		key,
		head,
		width,
		isNumber: true,
		cell
	};
}
var queuedColumn = {
	key: "queued",
	head: "Queued",
	width: 6,
	isNumber: true,
	cell: ({ queued }) => (0, import_jsx_runtime.jsx)("span", {
		className: queued === 0 ? "text-muted" : "font-medium text-warning",
		children: count(queued)
	})
};
function InUse({ agent }) {
	const shared = agent.active - reservedInUse(agent);
	return (0, import_jsx_runtime.jsxs)("span", {
		className: agent.active === 0 ? "text-muted" : "",
		children: [shared > 0 && (0, import_jsx_runtime.jsxs)("span", {
			className: "mr-2 text-muted text-xs",
			children: [count(shared), " shared"]
		}), count(agent.active)]
	});
}
function Actions({ agent, actions }) {
	const { barred, onEdit, onRemove } = actions;
	return (0, import_jsx_runtime.jsx)("div", {
		className: "flex justify-end",
		children: (0, import_jsx_runtime.jsx)(RowMenu, {
			label: `Actions for ${agent.name}`,
			actions: [{
				label: "Edit reservations",
				onSelect: () => onEdit(agent.id),
				disabledBecause: barred
			}, {
				label: "Remove agent",
				onSelect: () => onRemove(agent.id),
				isDangerous: true,
				disabledBecause: barred
			}]
		})
	});
}
// src/pages/concurrency/agents/reserved-table.tsx
function ReservedTable({ pool, colors, onAdd, onEdit, onRemove }) {
	const [search, setSearch] = (0, import_react.useState)("");
	const barred = useBarred("admin");
	const rows = (0, import_react.useMemo)(() => reservedAgents(pool, search), [pool, search]);
	const columns = (0, import_react.useMemo)(() => reservedColumns(colors, {
		barred,
		onEdit,
		onRemove
	}), [
		colors,
		barred,
		onEdit,
		onRemove
	]);
	return (0, import_jsx_runtime.jsx)(Section, {
		title: "Reserved Concurrency",
		description: "Slots that only their agent can use, even while idle.",
		actions: (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)("div", {
			className: "w-48 sm:w-56",
			children: (0, import_jsx_runtime.jsx)(SearchInput, {
				label: "Search agents",
				value: search,
				onChange: setSearch
			})
		}), (0, import_jsx_runtime.jsx)(Button, {
			kind: "primary",
			disabledBecause: barred,
			onClick: onAdd,
			children: "Add"
		})] }),
		children: pool.reserved === 0 ? (0, import_jsx_runtime.jsx)(NoReservations, {}) : rows.length === 0 ? (0, import_jsx_runtime.jsx)(NothingFound, {
			search,
			onClear: () => setSearch("")
		}) : (0, import_jsx_runtime.jsx)(WindowedTable, {
			label: "Agents with reserved concurrency",
			columns,
			rows,
			keyOf: ({ id }) => id
		})
	});
}
function NoReservations() {
	return (0, import_jsx_runtime.jsx)(Empty, {
		title: "No agents have reserved concurrency yet",
		children: "A reservation keeps slots free for one agent and call type: its next call starts at once, even when everything else is busy. Slots that are not reserved are shared, first come, first served. Choose Add to reserve slots for an agent."
	});
}
function NothingFound({ search, onClear }) {
	return (0, import_jsx_runtime.jsx)(Empty, {
		title: "No reservations found",
		action: (0, import_jsx_runtime.jsx)(Button, {
			onClick: onClear,
			children: "Clear the search"
		}),
		children: (0, import_jsx_runtime.jsxs)("span", {
			className: "break-words",
			children: [
				"No agent with a reservation has “",
				search,
				"” in its name or id. Use Add to find an agent without one."
			]
		})
	});
}
// src/pages/concurrency/agents/unreserved-table.tsx
function UnreservedTable(props) {
	const { pool, onReserve } = props;
	const barred = useBarred("admin");
	const kept = useKept(pool);
	const rows = (0, import_react.useMemo)(() => unreservedAgents(pool, kept), [pool, kept]);
	const columns = (0, import_react.useMemo)(() => columnsOf(barred, onReserve), [barred, onReserve]);
	if (rows.length === 0) return null;
	return (0, import_jsx_runtime.jsx)(Section, {
		title: "Using the shared pool without a reservation",
		description: "Their calls start only while a shared slot is free. The numbers by type are slots in use.",
		children: (0, import_jsx_runtime.jsx)(WindowedTable, {
			label: "Agents without a reservation",
			columns,
			rows,
			keyOf: ({ id }) => id
		})
	});
}
function useKept(pool) {
	const [kept, setKept] = (0, import_react.useState)(() => new Set());
	const fresh = pool.agents.filter((agent) => agent.reserved === 0 && isAtWork(agent) && !kept.has(agent.id));
	if (fresh.length > 0) setKept(new Set([...kept, ...fresh.map(({ id }) => id)]));
	return kept;
}
function columnsOf(barred, onReserve) {
	return [
		{
			key: "agent",
			head: "Agent",
			width: 11,
			isWide: true,
			cell: (agent) => (0, import_jsx_runtime.jsx)(AgentName, {
				agent,
				hasSwatch: false
			})
		},
		...CALL_TYPES.map((type) => numberColumn(type, TYPE_NAME[type], 6, (agent) => agent.types[type].active)),
		numberColumn("in-use", "In use", 6, (agent) => agent.active),
		queuedColumn,
		{
			key: "actions",
			head: (0, import_jsx_runtime.jsx)("span", {
				className: "sr-only",
				children: "Actions"
			}),
			width: 8,
			isNumber: true,
			cell: ({ id, name }) => (0, import_jsx_runtime.jsx)(Button, {
				disabledBecause: barred,
				"aria-label": `Reserve for ${name}`,
				onClick: () => onReserve(id),
				children: "Reserve"
			})
		}
	];
}
// src/pages/concurrency/pool-bar/headline.ts
function headline(pool, oldestRequestedAt, nowMs) {
	const free = Math.max(0, pool.limit - pool.active);
	return {
		inUse: `${count(pool.active)} of ${count(pool.limit)} in use`,
		free: `${count(free)} free`,
		waiting: waiting(pool.queued, oldestRequestedAt, nowMs)
	};
}
function waiting(queued, oldestRequestedAt, nowMs) {
	if (queued === 0) return "none waiting";
	const many = `${count(queued)} waiting`;
	if (oldestRequestedAt === void 0) return many;
	return `${many}, longest ${duration(nowMs - Date.parse(oldestRequestedAt))}`;
}
// src/pages/concurrency/pool-bar/pool-bar.tsx
function PoolBar({ bar, label }) {
	const { segments, slots, limit } = bar;
	const [reachedKey, setReachedKey] = (0, import_react.useState)();
	const group = (0, import_react.useRef)(null);
	const reached = segments.some(({ key }) => key === reachedKey) ? reachedKey : segments[0]?.key;
	const move = (event) => {
		const next = nextIndex(event.key, segments.findIndex(({ key }) => key === reached), segments);
		if (next === void 0) return;
		event.preventDefault();
		setReachedKey(segments[next]?.key);
		group.current?.querySelectorAll("[data-segment]")[next]?.focus();
	};
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "relative",
		children: [(0, import_jsx_runtime.jsx)("fieldset", {
			ref: group,
			"aria-label": label,
			onKeyDown: move,
			className: "flex h-9 w-full min-w-0 gap-0.5",
			children: segments.map((segment) => (0, import_jsx_runtime.jsx)(BarSegment, {
				segment,
				isReached: segment.key === reached,
				onReach: setReachedKey
			}, segment.key))
		}), slots > limit && (0, import_jsx_runtime.jsx)(LimitMark, {
			at: limit / slots,
			limit
		})]
	});
}
function nextIndex(key, at, segments) {
	const last = segments.length - 1;
	switch (key) {
		case "ArrowRight": return Math.min(last, at + 1);
		case "ArrowLeft": return Math.max(0, at - 1);
		case "Home": return 0;
		case "End": return last;
		default: return;
	}
}
function BarSegment(props) {
	const { segment, isReached, onReach } = props;
	const { solid, pale } = groundOfSegment(segment);
	const usedPercent = segment.slots === 0 ? 0 : segment.inUse / segment.slots * 100;
	return (0, import_jsx_runtime.jsx)(Tip, {
		text: `${segment.name}: ${segment.says}`,
		children: (0, import_jsx_runtime.jsx)("div", {
			role: "img",
			"aria-label": segment.name,
			"data-segment": segment.key,
			tabIndex: isReached ? 0 : -1,
			onFocus: () => onReach(segment.key),
			className: `relative h-full min-w-1 basis-0 overflow-hidden rounded-sm border ${pale}`,
			style: { flexGrow: segment.slots },
			children: (0, import_jsx_runtime.jsx)("div", {
				className: `absolute inset-y-0 left-0 transition-[width] duration-200 ${solid}`,
				style: {
					width: `${usedPercent}%`,
					...isStriped(segment) && STRIPES
				}
			})
		})
	});
}
function groundOfSegment({ kind, color }) {
	if (kind === "shared") return SHARED_GROUND;
	if (kind === "over") return OVER_GROUND;
	return groundOf(color);
}
function isStriped({ kind, color }) {
	return kind === "over" || (color?.isStriped ?? false);
}
function LimitMark({ at, limit }) {
	return (0, import_jsx_runtime.jsx)("div", {
		"aria-hidden": "true",
		className: "pointer-events-none absolute -inset-y-1 border-danger border-l-2 border-dashed",
		style: { left: `${at * 100}%` },
		children: (0, import_jsx_runtime.jsxs)("span", {
			className: "absolute top-full right-1 text-danger text-xs whitespace-nowrap",
			children: ["limit ", count(limit)]
		})
	});
}
function PoolLegend({ bar }) {
	return (0, import_jsx_runtime.jsx)("ul", {
		"aria-label": "Legend",
		className: "flex flex-wrap gap-x-5 gap-y-1",
		children: bar.segments.map((segment) => (0, import_jsx_runtime.jsxs)("li", {
			className: "flex min-w-0 max-w-full items-center gap-1.5",
			children: [
				(0, import_jsx_runtime.jsx)(Swatch, { segment }),
				(0, import_jsx_runtime.jsx)("span", {
					className: "max-w-44 truncate",
					title: segment.name,
					children: segment.name
				}),
				(0, import_jsx_runtime.jsx)("span", {
					className: "text-muted whitespace-nowrap",
					style: { minWidth: `${2 * count(segment.slots).length + 3}ch` },
					children: segment.kind === "over" ? count(segment.slots) : `${count(segment.inUse)} of ${count(segment.slots)}`
				})
			]
		}, segment.key))
	});
}
function Swatch({ segment }) {
	return (0, import_jsx_runtime.jsx)("span", {
		"aria-hidden": "true",
		className: `size-2.5 shrink-0 rounded-sm ${groundOfSegment(segment).solid}`,
		style: isStriped(segment) ? STRIPES : void 0
	});
}
// src/pages/concurrency/pool-bar/overview.tsx
function Overview({ pool, colors }) {
	const bar = (0, import_react.useMemo)(() => barOf(pool, colors), [pool, colors]);
	const reserved = `${count(pool.reserved)} of ${counted(pool.limit, "slot")} reserved`;
	return (0, import_jsx_runtime.jsx)(Card, { children: (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col gap-4",
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-wrap items-start justify-between gap-x-8 gap-y-3",
				children: [(0, import_jsx_runtime.jsx)(Headline, { pool }), (0, import_jsx_runtime.jsxs)("dl", {
					className: "flex min-w-0 gap-8",
					children: [(0, import_jsx_runtime.jsx)(Fact, {
						name: "Total concurrency",
						value: count(pool.limit)
					}), (0, import_jsx_runtime.jsx)(Fact, {
						name: "Plan",
						value: pool.plan
					})]
				})]
			}),
			(0, import_jsx_runtime.jsx)(PoolBar, {
				bar,
				label: `${reserved}, ${count(pool.active)} in use`
			}),
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-wrap items-baseline justify-between gap-x-8 gap-y-2",
				children: [(0, import_jsx_runtime.jsx)("p", { children: reserved }), (0, import_jsx_runtime.jsx)(PoolLegend, { bar })]
			})
		]
	}) });
}
function Headline({ pool }) {
	const parts = headline(pool, useLive((live) => live.queue[0]?.requested_at), useNow(1e3));
	return (0, import_jsx_runtime.jsxs)("p", {
		className: "flex min-h-[2lh] min-w-0 flex-1 basis-72 flex-wrap content-start gap-x-2 font-semibold text-xl sm:min-h-0",
		children: [
			(0, import_jsx_runtime.jsx)("span", { children: parts.inUse }),
			(0, import_jsx_runtime.jsx)(Dot, {}),
			(0, import_jsx_runtime.jsx)("span", { children: parts.free }),
			(0, import_jsx_runtime.jsx)(Dot, {}),
			(0, import_jsx_runtime.jsx)("span", {
				className: pool.queued > 0 ? "text-warning" : "text-muted",
				children: parts.waiting
			})
		]
	});
}
function Dot() {
	return (0, import_jsx_runtime.jsx)("span", {
		className: "text-muted",
		children: "·"
	});
}
function Fact({ name, value }) {
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "min-w-0",
		children: [(0, import_jsx_runtime.jsx)("dt", {
			className: "text-muted",
			children: name
		}), (0, import_jsx_runtime.jsx)("dd", {
			className: "max-w-40 truncate font-semibold text-base",
			title: value,
			children: value
		})]
	});
}
// src/pages/concurrency/pool-bar/agent-colors.ts
var COLORS = 8;
var NONE = new Map();
function agentColors(ids, before = NONE) {
	const colors = new Map();
	const taken = new Set();
	for (const id of ids) {
		const color = before.get(id);
		if (color === void 0) continue;
		colors.set(id, color);
		taken.add(placeOf(color));
	}
	for (const id of [...ids].sort()) {
		if (colors.has(id)) continue;
		const color = freeColor(id, taken);
		colors.set(id, color);
		taken.add(placeOf(color));
	}
	return colors;
}
function freeColor(id, taken) {
	const first = hashOf(id);
	for (let step = 0; step < 16; step += 1) {
		const color = {
			hue: (first + step) % COLORS,
			isStriped: step >= COLORS
		};
		if (!taken.has(placeOf(color))) return color;
	}
	return {
		hue: first % COLORS,
		isStriped: false
	};
}
function placeOf({ hue, isStriped }) {
	return isStriped ? COLORS + hue : hue;
}
function hashOf(text) {
	let hash = 2166136261;
	for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619) >>> 0;
	return hash;
}
// src/pages/concurrency/pool-bar/use-agent-colors.ts
function useAgentColors(pool) {
	const [colors, setColors] = (0, import_react.useState)(() => agentColors(shownAgents(pool)));
	const shown = shownAgents(pool);
	if (shown.length === colors.size && shown.every((id) => colors.has(id))) return colors;
	const next = agentColors(shown, colors);
	setColors(next);
	return next;
}
// src/pages/concurrency/queue/class-groups.ts
function classGroups(queue) {
	const groups = [];
	const found = new Map();
	queue.forEach((call, index) => {
		let ofAgent = found.get(call.agent);
		if (ofAgent === void 0) {
			ofAgent = {};
			found.set(call.agent, ofAgent);
		}
		const known = ofAgent[call.type];
		if (known !== void 0) {
			known.calls += 1;
			return;
		}
		const group = {
			agent: call.agent,
			type: call.type,
			calls: 1,
			firstPosition: index + 1,
			oldestRequestedAt: call.requested_at,
			blockedOn: call.blocked_on
		};
		ofAgent[call.type] = group;
		groups.push(group);
	});
	return groups;
}
// src/pages/concurrency/queue/queue-columns.tsx
function classColumns({ nowMs, names }) {
	return [
		{
			key: "agent",
			head: "Agent",
			width: 11,
			isWide: true,
			cell: ({ agent }) => (0, import_jsx_runtime.jsx)(Name, {
				of: agent,
				names
			})
		},
		{
			key: "type",
			head: "Type",
			width: 7,
			cell: ({ type }) => TYPE_NAME[type]
		},
		{
			key: "calls",
			head: "Waiting",
			width: 6,
			isNumber: true,
			cell: ({ calls }) => count(calls)
		},
		{
			key: "position",
			head: "First position",
			width: 8,
			isNumber: true,
			cell: ({ firstPosition }) => count(firstPosition)
		},
		{
			key: "wait",
			head: "Longest wait",
			width: 8,
			isNumber: true,
			cell: ({ oldestRequestedAt }) => waited(oldestRequestedAt, nowMs)
		},
		{
			key: "why",
			head: "Why",
			width: 11,
			cell: ({ blockedOn }) => whyOf(blockedOn)
		}
	];
}
function callColumns({ nowMs, names }) {
	return [
		{
			key: "position",
			head: "Position",
			width: 6,
			isNumber: true,
			cell: ({ position }) => count(position)
		},
		{
			key: "call",
			head: "Call",
			width: 11,
			isWide: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)("span", {
				className: "font-mono",
				title: call.id,
				children: call.id
			})
		},
		{
			key: "agent",
			head: "Agent",
			width: 12,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Name, {
				of: call.agent,
				names
			})
		},
		{
			key: "type",
			head: "Type",
			width: 7,
			cell: ({ call }) => TYPE_NAME[call.type]
		},
		{
			key: "wait",
			head: "Wait",
			width: 8,
			isNumber: true,
			cell: ({ call }) => waited(call.requested_at, nowMs)
		},
		{
			key: "why",
			head: "Why",
			width: 11,
			cell: ({ call }) => whyOf(call.blocked_on)
		}
	];
}
function Name({ of, names }) {
	const name = names.get(of) ?? of;
	return (0, import_jsx_runtime.jsx)("span", {
		title: name,
		children: name
	});
}
function waited(since, nowMs) {
	return duration(nowMs - Date.parse(since));
}
function whyOf(blockedOn) {
	return blockedOn === null ? "" : BLOCKED_ON_TEXT[blockedOn];
}
// src/pages/concurrency/queue/queue-section.tsx
var VIEWS = [{
	view: "classes",
	label: "By agent and type"
}, {
	view: "calls",
	label: "Every call"
}];
function QueueSection({ pool }) {
	const [view, setView] = (0, import_react.useState)("classes");
	const queue = useLive((live) => live.queue) ?? [];
	if (queue.length === 0) return (0, import_jsx_runtime.jsx)(Section, {
		title: "Queue",
		children: (0, import_jsx_runtime.jsx)(NoWaitingCalls, {})
	});
	const isCut = queue.length < pool.queued;
	return (0, import_jsx_runtime.jsx)(Section, {
		title: "Queue",
		description: isCut ? `The first ${count(queue.length)} of ${counted(pool.queued, "waiting call")}.` : `${counted(queue.length, "call")} waiting. Within an agent and type, the earliest starts first.`,
		actions: (0, import_jsx_runtime.jsx)(Views, {
			view,
			onChange: setView
		}),
		children: (0, import_jsx_runtime.jsx)(Waiting, {
			queue,
			view
		})
	});
}
function Views(props) {
	return (0, import_jsx_runtime.jsxs)("fieldset", {
		className: "flex rounded-md border border-line bg-sunken p-0.5",
		children: [(0, import_jsx_runtime.jsx)("legend", {
			className: "sr-only",
			children: "How the queue is shown"
		}), VIEWS.map(({ view, label }) => (0, import_jsx_runtime.jsx)("button", {
			type: "button",
			"aria-pressed": view === props.view,
			onClick: () => props.onChange(view),
			className: `rounded px-2.5 py-0.5 ${view === props.view ? "bg-surface font-medium shadow-card" : "text-muted"}`,
			children: label
		}, view))]
	});
}
function Waiting({ queue, view }) {
	const nowMs = useNow(1e3);
	const names = useLive((live) => new Map(live.pool.agents.map(({ id, name }) => [id, name])));
	const told = (0, import_react.useMemo)(() => ({
		nowMs,
		names: names ?? new Map()
	}), [nowMs, names]);
	return view === "classes" ? (0, import_jsx_runtime.jsx)(Classes, {
		queue,
		told
	}) : (0, import_jsx_runtime.jsx)(Calls, {
		queue,
		told
	});
}
function Classes({ queue, told }) {
	const groups = (0, import_react.useMemo)(() => classGroups(queue), [queue]);
	const columns = (0, import_react.useMemo)(() => classColumns(told), [told]);
	return (0, import_jsx_runtime.jsx)(WindowedTable, {
		label: "Waiting calls by agent and type",
		columns,
		rows: groups,
		keyOf: ({ agent, type }) => `${agent} ${type}`
	});
}
function Calls({ queue, told }) {
	const places = (0, import_react.useMemo)(() => queue.map((call, at) => ({
		call,
		position: at + 1
	})), [queue]);
	const columns = (0, import_react.useMemo)(() => callColumns(told), [told]);
	return (0, import_jsx_runtime.jsx)(WindowedTable, {
		label: "Waiting calls",
		columns,
		rows: places,
		keyOf: ({ call }) => call.id
	});
}
function NoWaitingCalls() {
	return (0, import_jsx_runtime.jsx)(Empty, {
		title: "No calls are waiting",
		children: "A call waits when its agent's reservation for its type is full and no shared slot is free, when the limit is reached, or when its agent is at its cap. It starts automatically as soon as it can."
	});
}
// src/pages/concurrency/reserve/remove-reservations.tsx
function RemoveReservations(props) {
	const { pool, onClose } = props;
	const shown = useLast$1(props.agent);
	const say = useSay();
	const remove = useMutation({
		mutationFn: ({ agent, version }) => bodyOf(api.DELETE("/v1/reservations/{agent}", { params: {
			path: { agent: agent.id },
			header: { "if-match": `"${version}"` }
		} })),
		onSuccess: (_, { agent }) => {
			say(`${agent.name} no longer has a reservation. Its active calls continue.`);
			close();
		}
	});
	const close = () => {
		remove.reset();
		onClose();
	};
	if (shown === void 0) return null;
	const { size } = pool.shared;
	return (0, import_jsx_runtime.jsx)(Confirm, {
		title: `Remove ${shown.name}?`,
		consequence: `${counted(shown.reserved, "reserved slot")} ${shown.reserved === 1 ? "returns" : "return"} to the shared pool, which grows from ${count(size)} to ${count(size + shown.reserved)}. Active calls go on, and the agent itself stays.`,
		action: "Remove agent",
		isOpen: props.agent !== void 0,
		isBusy: remove.isPending,
		error: remove.error,
		onConfirm: () => remove.mutate({
			agent: shown,
			version: pool.version
		}),
		onClose: close
	});
}
function useLast$1(agent) {
	const [last, setLast] = (0, import_react.useState)(agent);
	if (agent !== void 0 && agent !== last) setLast(agent);
	return agent ?? last;
}
// src/pages/concurrency/reserve/use-focus-first.ts
function useFocusFirst() {
	const first = (0, import_react.useRef)(null);
	(0, import_react.useLayoutEffect)(() => first.current?.focus(), []);
	return first;
}
// src/pages/concurrency/reserve/choose-agent.tsx
var MOST_LISTED = 50;
function ChooseAgent(props) {
	const { agents, onChoose } = props;
	const [search, setSearch] = (0, import_react.useState)("");
	const input = useFocusFirst();
	const found = (0, import_react.useMemo)(() => foundAgents(agents, search), [agents, search]);
	const byId = (0, import_react.useMemo)(() => new Map(agents.map((agent) => [agent.id, agent])), [agents]);
	const ids = found.slice(0, MOST_LISTED).map(({ id }) => id);
	if (agents.length === 0) return (0, import_jsx_runtime.jsx)(NoAgents, {});
	return (0, import_jsx_runtime.jsxs)(ComboboxRoot, {
		inline: true,
		open: true,
		autoHighlight: true,
		items: ids,
		filter: null,
		value: null,
		inputValue: search,
		onInputValueChange: (value, { reason }) => reason !== "item-press" && setSearch(value),
		onValueChange: (id) => id !== null && onChoose(id),
		children: [
			(0, import_jsx_runtime.jsx)(ComboboxInput, {
				ref: input,
				"aria-label": "Search agents",
				placeholder: "Search agents",
				className: `${INPUT_LOOK} shrink-0`
			}),
			(0, import_jsx_runtime.jsx)("p", {
				role: "status",
				className: "text-muted",
				children: found.length > MOST_LISTED ? `The first ${count(MOST_LISTED)} of ${count(found.length)} agents. Type to search the rest.` : found.length === 0 ? "No agent has this in its name or id." : ""
			}),
			(0, import_jsx_runtime.jsx)(ComboboxList, {
				"aria-label": "Agents",
				className: "-mx-2 flex flex-col overflow-y-auto",
				children: (id) => (0, import_jsx_runtime.jsxs)(ComboboxItem, {
					value: id,
					className: "flex cursor-default items-center justify-between gap-3 rounded-md px-2 py-1.5 data-highlighted:bg-sunken",
					children: [(0, import_jsx_runtime.jsx)(AgentName, {
						agent: byId.get(id) ?? {
							id,
							name: id
						},
						hasSwatch: false
					}), (0, import_jsx_runtime.jsx)("span", {
						className: "text-muted whitespace-nowrap",
						children: reservedWords(byId.get(id))
					})]
				}, id)
			})
		]
	});
}
function reservedWords(agent) {
	const reserved = agent?.reserved ?? 0;
	return reserved === 0 ? "no reservation" : `${count(reserved)} reserved`;
}
function NoAgents() {
	return (0, import_jsx_runtime.jsxs)(Empty, {
		title: "No agents yet",
		children: [
			"Slots are reserved for agents. Create one on the",
			" ",
			(0, import_jsx_runtime.jsx)(Link, {
				href: "/agents",
				className: "text-accent underline underline-offset-2",
				children: "Agents"
			}),
			" ",
			"page first."
		]
	});
}
// src/pages/concurrency/reserve/draft.ts
var MOST_SLOTS = 1e7;
function slotsOf(agent) {
	const { webcall, chat, outbound, inbound } = agent.types;
	return {
		webcall: webcall.reserved,
		chat: chat.reserved,
		outbound: outbound.reserved,
		inbound: inbound.reserved
	};
}
function sumOf(slots) {
	return CALL_TYPES.reduce((sum, type) => sum + slots[type], 0);
}
function areSame(a, b) {
	return CALL_TYPES.every((type) => a[type] === b[type]);
}
function withSlots(slots, type, value) {
	const whole = Number.isFinite(value) ? Math.trunc(value ?? 0) : 0;
	return {
		...slots,
		[type]: Math.min(MOST_SLOTS, Math.max(0, whole))
	};
}
function sumsOf(pool, agent, slots) {
	const own = sumOf(slots);
	const all = pool.reserved - agent.reserved + own;
	const sharedLeft = pool.limit - all;
	return {
		own,
		all,
		sharedLeft,
		left: agent.cap === null ? sharedLeft : Math.min(sharedLeft, agent.cap - own)
	};
}
function mostFor(slots, type, left) {
	return Math.max(0, slots[type] + left);
}
function scaleOf(slots, left) {
	return Math.max(1, sumOf(slots) + Math.max(0, left), ...CALL_TYPES.map((type) => slots[type]));
}
function misfit(pool, agent, slots) {
	const { own, sharedLeft } = sumsOf(pool, agent, slots);
	if (sharedLeft < 0) {
		const held = pool.reserved - agent.reserved;
		const free = pool.limit - held;
		const holders = held > 0 ? ` ${holdersOf(pool, agent)} the other ${count(held)}.` : "";
		return `You asked for ${count(own)} slots, but only ${count(free)} of ${count(pool.limit)} are left.${holders}`;
	}
	if (agent.cap !== null && own > agent.cap) return `${agent.name} has a cap of ${count(agent.cap)}, which is less than ${count(own)} reserved slots. Raise the cap on the Agents page, or reserve fewer.`;
}
var MOST_NAMED = 3;
function holdersOf(pool, agent) {
	const holders = pool.agents.filter(({ id, reserved }) => id !== agent.id && reserved > 0).sort((a, b) => b.reserved - a.reserved);
	const named = holders.length === 4 ? holders : holders.slice(0, MOST_NAMED);
	const rest = holders.slice(named.length);
	const parts = named.map(({ name, reserved }) => `${name} (${count(reserved)})`);
	if (rest.length > 0) {
		const slots = rest.reduce((sum, { reserved }) => sum + reserved, 0);
		parts.push(`${count(rest.length)} others (${count(slots)})`);
	}
	const last = parts.pop() ?? "";
	return `${parts.length === 0 ? last : `${parts.join(", ")} and ${last}`} ${holders.length === 1 ? "holds" : "hold"}`;
}
function withDraft(pool, agent, slots) {
	const change = new PoolChange(pool);
	change.reserve({
		version: pool.version,
		reservations: [{
			agent: agent.id,
			...slots
		}]
	});
	return change.done(pool.as_of);
}
// src/pages/concurrency/reserve/conflict-note.tsx
function ConflictNote(props) {
	const { agent, begun, theirs, mine, onKeepMine, onTakeTheirs } = props;
	return (0, import_jsx_runtime.jsx)(Note, {
		kind: "warning",
		role: "alert",
		children: (0, import_jsx_runtime.jsxs)("div", {
			className: "flex flex-col gap-3",
			children: [
				(0, import_jsx_runtime.jsxs)("div", { children: [(0, import_jsx_runtime.jsx)("p", {
					className: "font-medium",
					children: "Someone else changed reservations in the meantime."
				}), (0, import_jsx_runtime.jsx)("p", { children: areSame(begun, theirs) ? `The reservations of ${agent.name} are unchanged, but the number of slots left may not be.` : `They also changed the reservations of ${agent.name}.` })] }),
				(0, import_jsx_runtime.jsxs)("table", {
					className: "w-full text-text",
					children: [(0, import_jsx_runtime.jsx)("thead", {
						className: "text-muted",
						children: (0, import_jsx_runtime.jsxs)("tr", { children: [
							(0, import_jsx_runtime.jsx)("th", {
								scope: "col",
								className: "text-left font-normal",
								children: "Type"
							}),
							(0, import_jsx_runtime.jsx)("th", {
								scope: "col",
								className: "w-20 text-right font-normal",
								children: "Theirs"
							}),
							(0, import_jsx_runtime.jsx)("th", {
								scope: "col",
								className: "w-20 text-right font-normal",
								children: "Yours"
							})
						] })
					}), (0, import_jsx_runtime.jsxs)("tbody", { children: [CALL_TYPES.map((type) => (0, import_jsx_runtime.jsx)(Versions, {
						name: TYPE_LONG_NAME[type],
						theirs: theirs[type],
						mine: mine[type]
					}, type)), (0, import_jsx_runtime.jsx)(Versions, {
						name: "Total",
						theirs: sumOf(theirs),
						mine: sumOf(mine)
					})] })]
				}),
				(0, import_jsx_runtime.jsxs)("div", {
					className: "flex flex-wrap gap-2",
					children: [(0, import_jsx_runtime.jsx)(Button, {
						onClick: onKeepMine,
						children: "Keep mine"
					}), (0, import_jsx_runtime.jsx)(Button, {
						onClick: onTakeTheirs,
						children: "Take theirs"
					})]
				})
			]
		})
	});
}
function Versions({ name, theirs, mine }) {
	const weight = theirs === mine ? "" : "font-semibold";
	return (0, import_jsx_runtime.jsxs)("tr", { children: [
		(0, import_jsx_runtime.jsx)("th", {
			scope: "row",
			className: "text-left font-normal",
			children: name
		}),
		(0, import_jsx_runtime.jsx)("td", {
			className: `text-right ${weight}`,
			children: count(theirs)
		}),
		(0, import_jsx_runtime.jsx)("td", {
			className: `text-right ${weight}`,
			children: count(mine)
		})
	] });
}
// src/pages/concurrency/reserve/draft-sums.tsx
function DraftSums(props) {
	const { pool, agent, sums, wrong } = props;
	const isBelowZero = sums.sharedLeft < 0;
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col gap-2 rounded-md bg-sunken p-3",
		children: [(0, import_jsx_runtime.jsxs)("dl", {
			className: "grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1",
			children: [
				(0, import_jsx_runtime.jsx)("dt", { children: "Total reserved concurrency" }),
				(0, import_jsx_runtime.jsx)("dd", {
					className: "text-right font-semibold",
					children: count(sums.own)
				}),
				(0, import_jsx_runtime.jsx)("dt", {
					className: isBelowZero ? "text-danger" : "",
					children: "Shared concurrency left"
				}),
				(0, import_jsx_runtime.jsx)("dd", {
					className: `text-right font-semibold ${isBelowZero ? "text-danger" : ""}`,
					children: count(sums.sharedLeft).replace("-", "−")
				}),
				(0, import_jsx_runtime.jsx)("dt", {
					className: "text-muted",
					children: "Reserved for all agents"
				}),
				(0, import_jsx_runtime.jsxs)("dd", {
					className: "text-right text-muted",
					children: [
						count(sums.all),
						" of ",
						count(pool.limit)
					]
				}),
				agent.cap !== null && (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)("dt", {
					className: "text-muted",
					children: "The agent's cap"
				}), (0, import_jsx_runtime.jsx)("dd", {
					className: "text-right text-muted",
					children: count(agent.cap)
				})] })
			]
		}), (0, import_jsx_runtime.jsx)("p", {
			role: "status",
			className: "break-words text-danger empty:hidden",
			children: wrong
		})]
	});
}
// src/pages/concurrency/reserve/preview.tsx
function Preview(props) {
	const { pool, agent, colors, draft } = props;
	const { bar, settling } = (0, import_react.useMemo)(() => {
		const then = withDraft(pool, agent, draft);
		return {
			bar: barOf(then, agentColors(shownAgents(pool, agent.id), colors)),
			settling: then.reserved > then.limit ? 0 : then.settling
		};
	}, [
		pool,
		agent,
		colors,
		draft
	]);
	return (0, import_jsx_runtime.jsxs)("figure", {
		className: "flex flex-col gap-2",
		children: [
			(0, import_jsx_runtime.jsx)("figcaption", {
				className: "text-muted",
				children: "The pool after saving"
			}),
			(0, import_jsx_runtime.jsx)(PoolBar, {
				bar,
				label: "The pool after saving"
			}),
			(0, import_jsx_runtime.jsx)("p", {
				className: "min-h-[2lh] pt-2 text-muted",
				children: settling > 0 && `${counted(settling, "slot")} over the limit: no call is interrupted, and new calls get shared slots again once as many on them have ended.`
			})
		]
	});
}
// src/pages/concurrency/reserve/slots-field.tsx
function SlotsField(props) {
	const { type, value, most, scale, use, isWrong, inputRef, onChange } = props;
	const id = (0, import_react.useId)();
	const name = TYPE_LONG_NAME[type];
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1",
		children: [
			(0, import_jsx_runtime.jsxs)("p", {
				className: "flex flex-wrap gap-x-2",
				children: [(0, import_jsx_runtime.jsx)("label", {
					htmlFor: id,
					className: "font-medium",
					children: name
				}), (0, import_jsx_runtime.jsx)("span", {
					id: `${id}-use`,
					className: "text-muted",
					children: useWords(use)
				})]
			}),
			(0, import_jsx_runtime.jsx)(NumberFieldRoot, {
				id,
				value,
				min: 0,
				max: most,
				allowOutOfRange: true,
				format: { maximumFractionDigits: 0 },
				locale: "en-GB",
				onValueChange: onChange,
				className: "row-span-2",
				children: (0, import_jsx_runtime.jsxs)(NumberFieldGroup, {
					className: "flex",
					children: [
						(0, import_jsx_runtime.jsx)(NumberFieldDecrement, {
							"aria-label": `Less ${name}`,
							className: `${STEP_LOOK} rounded-l-md`,
							children: "−"
						}),
						(0, import_jsx_runtime.jsx)(NumberFieldInput, {
							ref: inputRef,
							"aria-describedby": `${id}-use`,
							"aria-invalid": isWrong || void 0,
							className: `${INPUT_LOOK} w-[4.5rem]! rounded-none! text-right`
						}),
						(0, import_jsx_runtime.jsx)(NumberFieldIncrement, {
							"aria-label": `More ${name}`,
							className: `${STEP_LOOK} rounded-r-md`,
							children: "+"
						})
					]
				})
			}),
			(0, import_jsx_runtime.jsx)(SliderRoot, {
				value: Math.min(value, scale),
				min: 0,
				max: scale,
				largeStep: 5,
				disabled: most === 0 && value === 0,
				thumbAlignment: "edge",
				onValueChange: (asked) => onChange(Math.min(asked, Math.max(most, 0))),
				children: (0, import_jsx_runtime.jsx)(SliderControl, {
					className: "flex touch-none items-center py-2 select-none",
					children: (0, import_jsx_runtime.jsxs)(SliderTrack, {
						className: "relative h-1.5 w-full rounded-full bg-line",
						children: [(0, import_jsx_runtime.jsx)(SliderIndicator, { className: "rounded-full bg-accent" }), (0, import_jsx_runtime.jsx)(SliderThumb, {
							getAriaLabel: () => `${name} slider`,
							getAriaValueText: (_, now) => `${count(now)}, at most ${count(most)}`,
							className: "size-4 rounded-full border-2 border-accent bg-surface shadow-card has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent has-[:focus-visible]:outline-offset-2 data-disabled:border-line-strong"
						})]
					})
				})
			})
		]
	});
}
var STEP_LOOK = "grid h-8 w-7 place-items-center border border-line-strong bg-surface text-muted first:border-r-0 last:border-l-0 hover:bg-sunken data-disabled:opacity-40";
function useWords({ active, queued }) {
	const words = `${count(active)} in use`;
	return queued > 0 ? `${words}, ${count(queued)} waiting` : words;
}
// src/pages/concurrency/reserve/reserve-form.tsx
function ReserveForm(props) {
	const { onClose } = props;
	const [begun, setBegun] = (0, import_react.useState)(() => begin(props.pool, props.agent));
	const [draft, setDraft] = (0, import_react.useState)(begun.slots);
	const save = useSave(begun.version);
	const firstInput = useFocusFirst();
	const { pool, agent } = newest(props.pool, props.agent, save.theirs);
	const isConflict = pool.version !== begun.version && !save.isPending && !save.isSuccess;
	const sums = sumsOf(pool, agent, draft);
	const wrong = misfit(pool, agent, draft);
	const whyNot = unsavable({
		wrong,
		isConflict,
		isChanged: !areSame(draft, begun.slots)
	});
	const decide = (kept) => {
		setBegun(begin(pool, agent));
		setDraft(kept);
		save.reset();
	};
	return (0, import_jsx_runtime.jsxs)("form", {
		noValidate: true,
		className: "flex flex-1 flex-col gap-5",
		onSubmit: (event) => {
			event.preventDefault();
			if (whyNot === void 0 && !save.isPending) save.mutate({
				agent,
				slots: draft
			}, { onSuccess: onClose });
		},
		children: [
			isConflict && (0, import_jsx_runtime.jsx)(ConflictNote, {
				agent,
				begun: begun.slots,
				theirs: slotsOf(agent),
				mine: draft,
				onKeepMine: () => decide(draft),
				onTakeTheirs: () => decide(slotsOf(agent))
			}),
			CALL_TYPES.map((type, index) => (0, import_jsx_runtime.jsx)(SlotsField, {
				type,
				value: draft[type],
				most: mostFor(draft, type, sums.left),
				scale: scaleOf(draft, sums.left),
				use: agent.types[type],
				inputRef: index === 0 ? firstInput : void 0,
				isWrong: wrong !== void 0 && draft[type] > 0,
				onChange: (value) => setDraft((slots) => withSlots(slots, type, value))
			}, type)),
			(0, import_jsx_runtime.jsx)(DraftSums, {
				pool,
				agent,
				sums,
				wrong
			}),
			(0, import_jsx_runtime.jsx)(Preview, {
				pool,
				agent,
				colors: props.colors,
				draft
			}),
			!isMismatch(save.error) && (0, import_jsx_runtime.jsx)(ProblemNote, { error: save.error }),
			(0, import_jsx_runtime.jsx)(Footer, {
				whyNot,
				isBusy: save.isPending,
				onCancel: onClose
			})
		]
	});
}
function Footer(props) {
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "sticky -bottom-5 -mx-5 mt-auto -mb-5 flex flex-wrap items-center justify-end gap-2 border-line border-t bg-raised px-5 py-3",
		children: [
			(0, import_jsx_runtime.jsx)("p", {
				className: "mr-auto text-muted",
				children: "Active calls continue."
			}),
			(0, import_jsx_runtime.jsx)(Button, {
				onClick: props.onCancel,
				children: "Cancel"
			}),
			(0, import_jsx_runtime.jsx)(Button, {
				kind: "primary",
				type: "submit",
				disabled: props.isBusy,
				disabledBecause: props.whyNot,
				children: "Save"
			})
		]
	});
}
function begin(pool, agent) {
	return {
		version: pool.version,
		slots: slotsOf(agent)
	};
}
function newest(live, agent, read) {
	const ofRead = read?.agents.find(({ id }) => id === agent.id);
	if (read === void 0 || ofRead === void 0 || read.version <= live.version) return {
		pool: live,
		agent
	};
	return {
		pool: read,
		agent: ofRead
	};
}
function unsavable(draft) {
	if (draft.isConflict) return "Someone else saved changes: keep yours or take theirs first.";
	if (draft.wrong !== void 0) return draft.wrong;
	return draft.isChanged ? void 0 : "Nothing has changed yet.";
}
function useSave(version) {
	const say = useSay();
	const [theirs, setTheirs] = (0, import_react.useState)();
	return {
		...useMutation({
			mutationFn: async ({ agent, slots }) => {
				try {
					return await bodyOf(api.PUT("/v1/reservations", {
						params: { header: { "if-match": `"${version}"` } },
						body: { reservations: [{
							agent: agent.id,
							...slots
						}] }
					}));
				} catch (error) {
					if (isMismatch(error)) setTheirs(await bodyOf(api.GET("/v1/concurrency")));
					throw error;
				}
			},
			onSuccess: (_, { agent, slots }) => {
				const sum = sumOf(slots);
				say(sum === 0 ? `${agent.name} no longer has a reservation. Its active calls continue.` : `${counted(sum, "slot")} ${sum === 1 ? "is" : "are"} reserved for ${agent.name}. Active calls continue.`);
			}
		}),
		theirs
	};
}
function isMismatch(error) {
	return error instanceof ProblemError && error.code === "version_mismatch";
}
// src/pages/concurrency/reserve/reserve-panel.tsx
function ReservePanel(props) {
	const { pool, reserveFor, onClose } = props;
	const shown = useLast(reserveFor);
	const isOpen = reserveFor !== void 0;
	if (shown === void 0) return null;
	if (shown === "choose") return (0, import_jsx_runtime.jsx)(Panel, {
		title: "Reserve concurrency",
		description: "Choose the agent to reserve slots for.",
		isOpen,
		onClose,
		children: (0, import_jsx_runtime.jsx)(ChooseAgent, {
			agents: pool.agents,
			onChoose: props.onChoose
		})
	});
	const agent = pool.agents.find(({ id }) => id === shown.agent);
	return (0, import_jsx_runtime.jsx)(Panel, {
		title: agent?.name ?? shown.agent,
		description: "Slots reserved for this agent, by call type. No other agent can use them, even while idle.",
		isOpen,
		onClose,
		children: agent === void 0 ? (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)(Note, {
			kind: "warning",
			role: "alert",
			children: "This agent was deleted in the meantime."
		}), (0, import_jsx_runtime.jsx)(Button, {
			onClick: props.onChooseAgain,
			children: "Choose another agent"
		})] }) : (0, import_jsx_runtime.jsx)(ReserveForm, {
			pool,
			agent,
			colors: props.colors,
			onClose
		}, agent.id)
	});
}
function useLast(reserveFor) {
	const [last, setLast] = (0, import_react.useState)(reserveFor);
	if (reserveFor !== void 0 && reserveFor !== last) setLast(reserveFor);
	return reserveFor ?? last;
}
// src/pages/concurrency/concurrency-page.tsx
function ConcurrencyPage() {
	const pool = useLive((live) => live.pool);
	const link = useLiveStatus();
	if (pool === void 0) return (0, import_jsx_runtime.jsxs)(Page, {
		title: "Concurrency",
		children: [!link.isFinal && (0, import_jsx_runtime.jsx)(Loading, { what: "the pool" }), (0, import_jsx_runtime.jsx)(ProblemNote, { error: link.problem })]
	});
	return (0, import_jsx_runtime.jsx)(Page, {
		title: "Concurrency",
		children: (0, import_jsx_runtime.jsx)(PoolNow, {
			pool,
			isStale: link.state === "stale"
		})
	});
}
var STALE_LOOK = "text-text opacity-90 grayscale [--text:var(--muted)] [--warning:var(--muted)] [--accent:var(--muted)]";
function PoolNow({ pool, isStale }) {
	const colors = useAgentColors(pool);
	const [reserveFor, setReserveFor] = (0, import_react.useState)();
	const [removeId, setRemoveId] = (0, import_react.useState)();
	const add = (0, import_react.useCallback)(() => setReserveFor("choose"), []);
	const edit = (0, import_react.useCallback)((agent) => setReserveFor({ agent }), []);
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
		(0, import_jsx_runtime.jsxs)("div", {
			className: `flex flex-col gap-6 transition-opacity ${isStale ? STALE_LOOK : ""}`,
			"data-stale": isStale || void 0,
			children: [
				(0, import_jsx_runtime.jsx)(Overview, {
					pool,
					colors
				}),
				(0, import_jsx_runtime.jsx)(Advice, {
					pool,
					onEdit: edit
				}),
				(0, import_jsx_runtime.jsx)(ReservedTable, {
					pool,
					colors,
					onAdd: add,
					onEdit: edit,
					onRemove: setRemoveId
				}),
				(0, import_jsx_runtime.jsx)(UnreservedTable, {
					pool,
					onReserve: edit
				}),
				(0, import_jsx_runtime.jsx)(QueueSection, { pool })
			]
		}),
		(0, import_jsx_runtime.jsx)(ReservePanel, {
			pool,
			colors,
			reserveFor,
			onChoose: edit,
			onChooseAgain: add,
			onClose: () => setReserveFor(void 0)
		}),
		(0, import_jsx_runtime.jsx)(RemoveReservations, {
			pool,
			agent: pool.agents.find(({ id }) => id === removeId),
			onClose: () => setRemoveId(void 0)
		})
	] });
}
// src/app.tsx
var AgentsPage = (0, import_react.lazy)(async () => ({ default: (await __vitePreload(async () => {
	const { AgentsPage } = await import("./agents-page.js");
	return { AgentsPage };
}, __vite__mapDeps([0,1,2,3]), import.meta.url)).AgentsPage }));
var CallsPage = (0, import_react.lazy)(async () => ({ default: (await __vitePreload(async () => {
	const { CallsPage } = await import("./calls-page.js");
	return { CallsPage };
}, __vite__mapDeps([4,1,2,3]), import.meta.url)).CallsPage }));
var DevelopersPage = (0, import_react.lazy)(async () => ({ default: (await __vitePreload(async () => {
	const { DevelopersPage } = await import("./developers-page.js");
	return { DevelopersPage };
}, __vite__mapDeps([5,1,2,3]), import.meta.url)).DevelopersPage }));
var HistoryPage = (0, import_react.lazy)(async () => ({ default: (await __vitePreload(async () => {
	const { HistoryPage } = await import("./history-page.js");
	return { HistoryPage };
}, __vite__mapDeps([6,1,2,3,7,8,9]), import.meta.url)).HistoryPage }));
var OrganisationsPage = (0, import_react.lazy)(async () => ({ default: (await __vitePreload(async () => {
	const { OrganisationsPage } = await import("./organisations-page.js");
	return { OrganisationsPage };
}, __vite__mapDeps([10,1,3,2]), import.meta.url)).OrganisationsPage }));
var PlansPage = (0, import_react.lazy)(async () => ({ default: (await __vitePreload(async () => {
	const { PlansPage } = await import("./plans-page.js");
	return { PlansPage };
}, __vite__mapDeps([11,1,3,2]), import.meta.url)).PlansPage }));
var queries = createQueries();
function App() {
	return (0, import_jsx_runtime.jsx)(CSPProvider, {
		disableStyleElements: true,
		children: (0, import_jsx_runtime.jsx)(QueryClientProvider, {
			client: queries,
			children: (0, import_jsx_runtime.jsx)(TooltipProvider, { children: (0, import_jsx_runtime.jsxs)(ToastProvider, { children: [(0, import_jsx_runtime.jsx)(Gate, { children: (0, import_jsx_runtime.jsx)(Pages, {}) }), (0, import_jsx_runtime.jsx)(Toasts, {})] }) })
		})
	});
}
function Pages() {
	const { org } = useSignedIn();
	const [location] = useLocation();
	if (org === "") return (0, import_jsx_runtime.jsx)(FirstOrg, {});
	return (0, import_jsx_runtime.jsx)(LiveProvider, {
		org,
		children: (0, import_jsx_runtime.jsx)(Shell, { children: (0, import_jsx_runtime.jsx)(ErrorBoundary, { children: (0, import_jsx_runtime.jsx)(import_react.Suspense, {
			fallback: (0, import_jsx_runtime.jsx)(Loading, { what: "the page" }),
			children: (0, import_jsx_runtime.jsxs)(Switch, { children: [
				(0, import_jsx_runtime.jsx)(Route, {
					path: "/concurrency",
					component: ConcurrencyPage
				}),
				(0, import_jsx_runtime.jsx)(Route, {
					path: "/calls",
					component: CallsPage
				}),
				(0, import_jsx_runtime.jsx)(Route, {
					path: "/agents",
					component: AgentsPage
				}),
				(0, import_jsx_runtime.jsx)(Route, {
					path: "/history",
					component: HistoryPage
				}),
				(0, import_jsx_runtime.jsx)(Route, {
					path: "/developers",
					component: DevelopersPage
				}),
				(0, import_jsx_runtime.jsx)(Route, {
					path: "/organisations",
					component: OrganisationsPage
				}),
				(0, import_jsx_runtime.jsx)(Route, {
					path: "/plans",
					component: PlansPage
				}),
				(0, import_jsx_runtime.jsx)(Route, { children: (0, import_jsx_runtime.jsx)(Redirect, {
					to: "/concurrency",
					replace: true
				}) })
			] })
		}) }, `${org} ${location}`) })
	});
}
function FirstOrg() {
	return (0, import_jsx_runtime.jsxs)("main", { children: [(0, import_jsx_runtime.jsx)(ErrorBoundary, { children: (0, import_jsx_runtime.jsx)(import_react.Suspense, {
		fallback: (0, import_jsx_runtime.jsx)(Loading, { what: "the page" }),
		children: (0, import_jsx_runtime.jsx)(OrganisationsPage, {})
	}) }), (0, import_jsx_runtime.jsx)("div", {
		className: "mx-auto max-w-6xl px-4 sm:px-6 lg:px-8",
		children: (0, import_jsx_runtime.jsx)(SignOut, {})
	})] });
}
// src/main.tsx
var root = document.getElementById("root");
if (root === null) throw new Error("index.html has lost its root");
(0, import_client.createRoot)(root).render((0, import_jsx_runtime.jsx)(import_react.StrictMode, { children: (0, import_jsx_runtime.jsx)(App, {}) }));
export { foundAgents };
