import { __toESM } from "./rolldown-runtime.js";
import { Link, require_jsx_runtime, require_react, useLocation, useMutation, useQuery } from "./packages.js";
import { ABOVE_ROW_LINK, AgentLabel, Button, CALL_TYPES, CodeSample, Confirm, Dialog, Empty, Loading, LongId, Page, ProblemNote, RowLink, RowMenu, SearchInput, SubmitButton, Unsaved, WindowedTable, api, bodyOf, count, counted, curl, focusFirstInvalid, localMidnight, partsOfToday, percent, shortDuration, useBarred, useLive, useNow, useSay, useServerNow, useSignedIn } from "./shared.js";
import { AgentFields, CreateAgentDialog, draftErrors, draftOf, foundAgents, isSame, longWaits, merged, peaksOf, putOf, raised, startsOf, useRecent } from "./app.js";
// src/pages/agents/borrowed.ts
var import_react = __toESM(require_react(), 1);
function borrowedShare({ active, types }) {
	if (active === 0) return void 0;
	return CALL_TYPES.reduce((sum, type) => sum + types[type].shared_in_use, 0) / active;
}
// src/pages/agents/agent-columns.tsx
var import_jsx_runtime = require_jsx_runtime();
function callsOf(id) {
	return `/calls?agent=${encodeURIComponent(id)}`;
}
var HISTORY = "/history?by=agent";
function agentColumns(options) {
	const { peaks, starts, waits, barred, onEdit, onDelete, onGoTo } = options;
	return [
		{
			key: "name",
			head: "Agent",
			sortBy: ({ name }) => name,
			width: 8,
			isWide: true,
			cell: ({ id, name }) => (0, import_jsx_runtime.jsx)(RowLink, {
				href: callsOf(id),
				title: `${name}: see its calls`,
				className: "font-medium",
				children: (0, import_jsx_runtime.jsx)(AgentLabel, {
					id,
					name
				})
			})
		},
		{
			key: "id",
			head: "Id",
			isLong: true,
			extra: 6,
			sortBy: ({ id }) => id,
			width: 11,
			cell: ({ id }) => (0, import_jsx_runtime.jsx)("span", {
				className: "text-muted",
				children: (0, import_jsx_runtime.jsx)(LongId, { id })
			})
		},
		{
			key: "cap",
			head: "Cap",
			extra: 2,
			sortBy: ({ cap }) => cap ?? void 0,
			width: 5.5,
			isNumber: true,
			cell: ({ cap }) => cap === null ? (0, import_jsx_runtime.jsx)("span", {
				className: "text-muted",
				children: "no cap"
			}) : count(cap)
		},
		number("reserved", "Reserved", 6.5, ({ reserved }) => reserved),
		number("active", "In use", 5.5, ({ active }) => active),
		number("queued", "Waiting", 5.5, ({ queued }) => queued),
		number("peak", "Peak today", 7, ({ id }) => peaks && (peaks.get(id) ?? 0)),
		{
			...number("started", "Started today", 8.5, ({ id }) => starts && (starts.get(id) ?? 0)),
			extra: 3
		},
		{
			key: "wait",
			head: "Wait p95 1 h",
			extra: 4,
			sortBy: ({ id }) => waits?.get(id),
			width: 7.5,
			isNumber: true,
			cell: ({ id }) => orDash(waits?.get(id), shortDuration)
		},
		{
			key: "borrowed",
			head: "On shared",
			extra: 5,
			sortBy: borrowedShare,
			width: 6.5,
			isNumber: true,
			cell: (agent) => orDash(borrowedShare(agent), percent)
		},
		{
			key: "menu",
			head: (0, import_jsx_runtime.jsx)("span", {
				className: "sr-only",
				children: "Actions"
			}),
			width: 4,
			isNumber: true,
			cell: (agent) => (0, import_jsx_runtime.jsx)("span", {
				className: `flex justify-end ${ABOVE_ROW_LINK}`,
				children: (0, import_jsx_runtime.jsx)(RowMenu, {
					label: `Actions for ${agent.name}`,
					actions: [
						{
							label: "Calls",
							onSelect: () => onGoTo(callsOf(agent.id))
						},
						{
							label: "History",
							onSelect: () => onGoTo(HISTORY)
						},
						{
							label: "Edit",
							onSelect: () => onEdit(agent),
							disabledBecause: barred
						},
						{
							label: "Delete",
							onSelect: () => onDelete(agent),
							isDangerous: true,
							disabledBecause: barred
						}
					]
				})
			})
		}
	];
}
function number(key, head, width, numberOf) {
	return {
		key,
		head,
		width,
		isNumber: true,
		sortBy: numberOf,
		cell: (agent) => {
			const value = numberOf(agent);
			return value === 0 ? (0, import_jsx_runtime.jsx)("span", {
				className: "text-muted",
				children: "0"
			}) : orDash(value, count);
		}
	};
}
function orDash(value, inWords) {
	return value === void 0 ? (0, import_jsx_runtime.jsx)("span", {
		className: "text-muted",
		children: "–"
	}) : inWords(value);
}
// src/pages/agents/delete-agent.tsx
function DeleteAgent({ agent, onClose }) {
	const say = useSay();
	const now = useLive(({ pool }) => pool.agents.find(({ id }) => id === agent.id)) ?? agent;
	const remove = useMutation({
		mutationFn: () => bodyOf(api.DELETE("/v1/agents/{id}", { params: { path: { id: agent.id } } })),
		onSuccess: () => {
			say(`Agent ${agent.name} was deleted.`);
			onClose();
		}
	});
	return (0, import_jsx_runtime.jsx)(Confirm, {
		title: `Delete agent ${now.name}?`,
		action: "Delete agent",
		isOpen: true,
		isBusy: remove.isPending,
		error: remove.error,
		onConfirm: () => remove.mutate(),
		onClose,
		consequence: (0, import_jsx_runtime.jsxs)("div", {
			className: "flex flex-col gap-2",
			children: [(0, import_jsx_runtime.jsxs)("p", { children: [
				"Calls can no longer be started for ",
				agent.id,
				". Its ended calls and its history stay."
			] }), (0, import_jsx_runtime.jsx)(InTheWay, { agent: now })]
		})
	});
}
function InTheWay({ agent }) {
	const live = agent.active + agent.queued;
	if (live === 0 && agent.reserved === 0) return null;
	const link = "text-accent underline";
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "text-text",
		children: [(0, import_jsx_runtime.jsx)("p", { children: "Before it can be deleted:" }), (0, import_jsx_runtime.jsxs)("ul", {
			className: "list-disc pl-5",
			children: [agent.reserved > 0 && (0, import_jsx_runtime.jsxs)("li", { children: [
				(0, import_jsx_runtime.jsx)(Link, {
					href: "/concurrency",
					className: link,
					children: "remove its reservations"
				}),
				" ",
				"(",
				counted(agent.reserved, "slot"),
				")"
			] }), live > 0 && (0, import_jsx_runtime.jsxs)("li", { children: [
				(0, import_jsx_runtime.jsx)(Link, {
					href: `/calls?agent=${encodeURIComponent(agent.id)}`,
					className: link,
					children: "wait for its calls to end, or end them"
				}),
				" ",
				"(",
				count(agent.active),
				" active, ",
				count(agent.queued),
				" queued)"
			] })]
		})]
	});
}
// src/pages/agents/edit-agent-dialog.tsx
function EditAgentDialog({ agent, onClose }) {
	const say = useSay();
	const [draft, setDraft] = (0, import_react.useState)(() => draftOf(agent));
	const reserved = useLive(({ pool }) => pool.agents.find(({ id }) => id === agent.id)?.reserved);
	const put = (body) => bodyOf(api.PUT("/v1/agents/{id}", {
		params: { path: { id: agent.id } },
		body
	}));
	const putBack = useMutation({
		mutationFn: () => put(putOf(draftOf(agent))),
		onSuccess: ({ name }) => say(`Agent ${name} is as it was.`),
		onError: ({ message }) => say(`It could not be undone: ${message}.`)
	});
	const save = useMutation({
		mutationFn: () => put(putOf(draft)),
		onSuccess: ({ name }) => {
			say(`Agent ${name} was saved.`, { undo: () => putBack.mutate() });
			onClose();
		}
	});
	const errors = draftErrors(draft);
	const submit = (event) => {
		event.preventDefault();
		if (Object.keys(errors).length === 0) save.mutate();
		else focusFirstInvalid(event.currentTarget);
	};
	return (0, import_jsx_runtime.jsx)(Dialog, {
		title: "Edit agent",
		description: `Id ${agent.id}. It cannot be changed, because calls refer to the agent by it.`,
		isOpen: true,
		onClose,
		children: (0, import_jsx_runtime.jsxs)("form", {
			onSubmit: submit,
			noValidate: true,
			className: "flex flex-col gap-4",
			children: [
				(0, import_jsx_runtime.jsx)(Unsaved, { when: !isSame(draft, draftOf(agent)) }),
				(0, import_jsx_runtime.jsx)(AgentFields, {
					draft,
					errors,
					onChange: setDraft,
					capHint: capHint(reserved ?? agent.reserved)
				}),
				(0, import_jsx_runtime.jsx)(ProblemNote, { error: save.error }),
				(0, import_jsx_runtime.jsxs)("div", {
					className: "flex justify-end gap-2",
					children: [(0, import_jsx_runtime.jsx)(Button, {
						onClick: onClose,
						children: "Cancel"
					}), (0, import_jsx_runtime.jsx)(SubmitButton, {
						action: "Save",
						isBusy: save.isPending
					})]
				})
			]
		})
	});
}
function capHint(reserved) {
	return `The most calls it can have active at once, across all types.${reserved === 0 ? "" : ` At least the ${counted(reserved, "slot")} it has reserved.`} A lower cap ends no call.`;
}
// src/pages/agents/no-agents.tsx
function NoAgents({ action }) {
	const { session, org } = useSignedIn();
	const sample = curl({
		method: "PUT",
		origin: window.location.origin,
		path: "/v1/agents/support",
		body: { name: "Support" },
		org: session.org === null ? org : void 0
	});
	return (0, import_jsx_runtime.jsx)(Empty, {
		title: "No agents yet",
		action,
		children: (0, import_jsx_runtime.jsxs)("div", {
			className: "flex flex-col gap-3",
			children: [(0, import_jsx_runtime.jsx)("p", { children: "An agent is a bot that handles calls. Every call names the agent it is for; slots are reserved for an agent and a call type. Create one here, or with a key of the role admin:" }), (0, import_jsx_runtime.jsx)(CodeSample, {
				what: "command",
				text: sample
			})]
		})
	});
}
// src/pages/agents/use-today.ts
function useToday() {
	const { org } = useSignedIn();
	const serverNow = useServerNow();
	const midnight = localMidnight(useNow(6e4));
	const counted = useQuery({
		queryKey: [
			"agents",
			org,
			"peaks",
			midnight
		],
		queryFn: ({ signal }) => readToday(midnight, serverNow(), signal),
		staleTime: 6e4
	});
	const agents = useLive((live) => live.pool.agents) ?? [];
	const [seen, setSeen] = (0, import_react.useState)({
		midnight,
		peaks: new Map()
	});
	const before = seen.midnight === midnight ? seen.peaks : new Map();
	const now = raised(before, agents);
	if (now !== before || seen.midnight !== midnight) setSeen({
		midnight,
		peaks: now
	});
	return {
		peaks: counted.data === void 0 ? void 0 : merged(counted.data.peaks, now),
		starts: counted.data?.starts,
		error: counted.error
	};
}
async function readToday(midnight, nowMs, signal) {
	const read = partsOfToday(midnight, nowMs).map((part) => readPart(part, signal));
	const histories = await Promise.all(read);
	return {
		peaks: histories.map(peaksOf).reduce(merged, new Map()),
		starts: startsOf(histories)
	};
}
async function readPart({ fromMs, toMs, stepS }, signal) {
	const query = {
		by: "agent",
		from: new Date(fromMs).toISOString(),
		to: new Date(toMs).toISOString(),
		step_s: stepS
	};
	return await bodyOf(api.GET("/v1/history", {
		params: { query },
		signal
	}));
}
// src/pages/agents/agents-page.tsx
function AgentsPage() {
	const agents = useLive((live) => live.pool.agents);
	const barred = useBarred("admin");
	const [search, setSearch] = (0, import_react.useState)("");
	const [doing, setDoing] = (0, import_react.useState)();
	const stop = () => setDoing(void 0);
	const create = (0, import_jsx_runtime.jsx)(Button, {
		kind: "primary",
		disabledBecause: barred,
		onClick: () => setDoing({ kind: "create" }),
		children: "Create agent"
	});
	const isEmpty = agents !== void 0 && agents.length === 0;
	return (0, import_jsx_runtime.jsxs)(Page, {
		title: "Agents",
		actions: !isEmpty && (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)("div", {
			className: "w-52",
			children: (0, import_jsx_runtime.jsx)(SearchInput, {
				label: "Search agents",
				value: search,
				onChange: setSearch
			})
		}), create] }),
		children: [
			agents === void 0 && (0, import_jsx_runtime.jsx)(Loading, { what: "agents" }),
			isEmpty && (0, import_jsx_runtime.jsx)(NoAgents, { action: create }),
			agents !== void 0 && !isEmpty && (0, import_jsx_runtime.jsx)(Agents, {
				agents,
				search,
				barred,
				onDo: setDoing
			}),
			doing?.kind === "create" && (0, import_jsx_runtime.jsx)(CreateAgentDialog, { onClose: stop }),
			doing?.kind === "edit" && (0, import_jsx_runtime.jsx)(EditAgentDialog, {
				agent: doing.agent,
				onClose: stop
			}),
			doing?.kind === "delete" && (0, import_jsx_runtime.jsx)(DeleteAgent, {
				agent: doing.agent,
				onClose: stop
			})
		]
	});
}
function Agents({ agents, search, barred, onDo }) {
	const { peaks, starts, error } = useToday();
	const recent = useRecent();
	const [, goTo] = useLocation();
	const rows = (0, import_react.useMemo)(() => foundAgents(agents, search), [agents, search]);
	const columns = (0, import_react.useMemo)(() => agentColumns({
		peaks,
		starts,
		waits: longWaits(recent),
		barred,
		onEdit: (agent) => onDo({
			kind: "edit",
			agent
		}),
		onDelete: (agent) => onDo({
			kind: "delete",
			agent
		}),
		onGoTo: goTo
	}), [
		peaks,
		starts,
		recent,
		barred,
		onDo,
		goTo
	]);
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col gap-2",
		children: [
			error !== null && (0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-col gap-1",
				children: [(0, import_jsx_runtime.jsx)("p", {
					className: "text-muted",
					children: "Today's figures could not be read."
				}), (0, import_jsx_runtime.jsx)(ProblemNote, { error })]
			}),
			rows.length === 0 ? (0, import_jsx_runtime.jsx)(Empty, {
				title: "No agent matches",
				children: "Search for a part of a name or an id."
			}) : (0, import_jsx_runtime.jsx)(WindowedTable, {
				label: "Agents",
				columns,
				rows,
				keyOf: ({ id }) => id
			}),
			(0, import_jsx_runtime.jsxs)("p", {
				className: "text-muted",
				children: [counted(rows.length, "agent"), rows.length === agents.length ? "" : ` of ${count(agents.length)}`]
			})
		]
	});
}
export { AgentsPage };
