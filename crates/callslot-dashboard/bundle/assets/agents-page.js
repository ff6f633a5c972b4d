import { __toESM } from "./rolldown-runtime.js";
import { Link, require_jsx_runtime, require_react, useLocation, useMutation, useQuery } from "./packages.js";
import { ABOVE_ROW_LINK, AgentLabel, Button, CodeSample, Confirm, Dialog, Empty, Field, ID_PATTERN, Loading, LongId, MOST_CALLS, Page, ProblemError, ProblemNote, RowLink, RowMenu, SearchInput, SubmitButton, TextInput, Unsaved, WindowedTable, api, bodyOf, count, counted, curl, focusFirstInvalid, localMidnight, partsOfToday, useBarred, useLive, useNow, useSay, useServerNow, useSignedIn, wholeNumberIn } from "./shared.js";
import { foundAgents } from "./app.js";
// src/pages/agents/agent-columns.tsx
var import_react = __toESM(require_react(), 1);
var import_jsx_runtime = require_jsx_runtime();
function callsOf(id) {
	return `/calls?agent=${encodeURIComponent(id)}`;
}
function agentColumns(options) {
	const { peaks, barred, onEdit, onDelete, onGoTo } = options;
	return [
		{
			key: "name",
			head: "Agent",
			sortBy: ({ name }) => name,
			width: 9,
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
			extra: 1,
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
			width: 6,
			isNumber: true,
			cell: ({ cap }) => cap === null ? (0, import_jsx_runtime.jsx)("span", {
				className: "text-muted",
				children: "no cap"
			}) : count(cap)
		},
		number("reserved", "Reserved", ({ reserved }) => reserved),
		number("active", "Active now", ({ active }) => active),
		number("queued", "Queued", ({ queued }) => queued),
		number("peak", "Peak today", ({ id }) => peaks && (peaks.get(id) ?? 0)),
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
							onSelect: () => onGoTo("/history?by=agent")
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
function number(key, head, numberOf) {
	return {
		key,
		head,
		width: 7.5,
		isNumber: true,
		sortBy: numberOf,
		cell: (agent) => {
			const value = numberOf(agent);
			if (value === void 0) return (0, import_jsx_runtime.jsx)("span", {
				className: "text-muted",
				children: "–"
			});
			return value === 0 ? (0, import_jsx_runtime.jsx)("span", {
				className: "text-muted",
				children: "0"
			}) : count(value);
		}
	};
}
// src/pages/agents/agent-draft.ts
var NEW_AGENT = {
	id: "",
	name: "",
	cap: ""
};
var NAME_LENGTH = 200;
function draftOf({ id, name, cap }) {
	return {
		id,
		name,
		cap: cap === null ? "" : String(cap)
	};
}
function draftErrors(draft) {
	const errors = {};
	const id = idError(draft.id);
	const name = nameError(draft.name);
	const cap = capError(draft.cap);
	if (id !== void 0) errors.id = id;
	if (name !== void 0) errors.name = name;
	if (cap !== void 0) errors.cap = cap;
	return errors;
}
function isSame(one, other) {
	return one.id === other.id && one.name === other.name && one.cap === other.cap;
}
function suggestedId(name) {
	return name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+/, "").slice(0, 64).replace(/-+$/, "");
}
function putOf({ name, cap }) {
	return {
		name: name.trim(),
		cap: wholeNumberIn(cap) ?? null
	};
}
function idError(id) {
	if (id === "") return "Enter an id.";
	return ID_PATTERN.test(id) ? void 0 : "Only 1 to 64 letters A to Z, digits and - _ . : are allowed, no spaces.";
}
function nameError(name) {
	if (name.trim() === "") return "Enter a name.";
	const length = [...name].length;
	if (length > NAME_LENGTH) return `It has ${length} characters; the maximum is ${NAME_LENGTH}.`;
	if (/\p{Cc}/u.test(name)) return "Control characters are not allowed.";
}
function capError(cap) {
	if (cap.trim() === "") return void 0;
	const number = wholeNumberIn(cap);
	if (number === void 0) return "Enter a whole number, or leave it empty for no cap.";
	return number > 1e7 ? `The maximum is ${count(MOST_CALLS)}.` : void 0;
}
// src/pages/agents/agent-fields.tsx
function AgentFields(props) {
	const { draft, errors, onChange, capHint, isFocused = false, children } = props;
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
		(0, import_jsx_runtime.jsx)(Field, {
			label: "Name",
			hint: "Shown to people. Up to 200 characters.",
			error: errors.name,
			children: (0, import_jsx_runtime.jsx)(TextInput, {
				name: "name",
				autoFocus: isFocused,
				value: draft.name,
				onChange: (event) => onChange({
					...draft,
					name: event.target.value
				})
			})
		}),
		children,
		(0, import_jsx_runtime.jsx)(Field, {
			label: "Cap (optional)",
			hint: capHint ?? "The most calls it can have active at once, across all types.",
			error: errors.cap,
			children: (0, import_jsx_runtime.jsxs)("span", {
				className: "flex gap-2",
				children: [(0, import_jsx_runtime.jsx)(TextInput, {
					name: "cap",
					inputMode: "numeric",
					placeholder: "No cap",
					value: draft.cap,
					onChange: (event) => onChange({
						...draft,
						cap: event.target.value
					})
				}), draft.cap !== "" && (0, import_jsx_runtime.jsx)(Button, {
					onClick: () => onChange({
						...draft,
						cap: ""
					}),
					children: "No cap"
				})]
			})
		})
	] });
}
// src/pages/agents/create-agent.ts
var AgentExistsError = class extends Error {
	name = "AgentExistsError";
	constructor(id, agentName) {
		super(`the agent ${id} already exists, named "${agentName}"; edit it, or choose another id`);
	}
};
async function createAgent(id, put) {
	const params = { path: { id } };
	const existing = await bodyOf(api.GET("/v1/agents/{id}", { params })).catch(ifUnknown);
	if (existing !== void 0) throw new AgentExistsError(id, existing.name);
	const asked = api.PUT("/v1/agents/{id}", {
		params,
		body: put
	});
	await bodyOf(asked);
	return (await asked).response.status === 201 ? "created" : "replaced";
}
function ifUnknown(error) {
	if (error instanceof ProblemError && error.code === "unknown_agent") return void 0;
	throw error;
}
// src/pages/agents/create-agent-dialog.tsx
function CreateAgentDialog({ onClose }) {
	const say = useSay();
	const [draft, setDraft] = (0, import_react.useState)(NEW_AGENT);
	const [isTried, setTried] = (0, import_react.useState)(false);
	const [isOwnId, setOwnId] = (0, import_react.useState)(false);
	const put = (next) => {
		create.reset();
		setDraft(isOwnId ? next : {
			...next,
			id: suggestedId(next.name)
		});
	};
	const create = useMutation({
		mutationFn: () => createAgent(draft.id, putOf(draft)),
		onSuccess: (outcome) => {
			say(outcome === "created" ? `Agent ${draft.name} was created.` : `Someone else created ${draft.id} at the same time. It now has your name and cap.`);
			onClose();
		}
	});
	const errors = isTried ? draftErrors(draft) : {};
	const submit = (event) => {
		event.preventDefault();
		setTried(true);
		if (Object.keys(draftErrors(draft)).length === 0) create.mutate();
		else focusFirstInvalid(event.currentTarget);
	};
	return (0, import_jsx_runtime.jsx)(Dialog, {
		title: "Create agent",
		description: "An agent is a bot that handles calls. Calls refer to it by its id.",
		isOpen: true,
		onClose,
		children: (0, import_jsx_runtime.jsxs)("form", {
			onSubmit: submit,
			noValidate: true,
			className: "flex flex-col gap-4",
			children: [
				(0, import_jsx_runtime.jsx)(Unsaved, { when: !isSame(draft, NEW_AGENT) }),
				(0, import_jsx_runtime.jsx)(AgentFields, {
					draft,
					errors,
					onChange: put,
					isFocused: true,
					children: (0, import_jsx_runtime.jsx)(Field, {
						label: "Id",
						hint: "Suggested from the name. 1 to 64 letters, digits, - _ . and :. It cannot be changed later.",
						error: errors.id,
						children: (0, import_jsx_runtime.jsx)(TextInput, {
							name: "id",
							autoCapitalize: "none",
							value: draft.id,
							onChange: (event) => {
								create.reset();
								setOwnId(true);
								setDraft({
									...draft,
									id: event.target.value
								});
							}
						})
					})
				}),
				(0, import_jsx_runtime.jsx)(ProblemNote, { error: create.error }),
				(0, import_jsx_runtime.jsxs)("div", {
					className: "flex justify-end gap-2",
					children: [(0, import_jsx_runtime.jsx)(Button, {
						onClick: onClose,
						children: "Cancel"
					}), (0, import_jsx_runtime.jsx)(SubmitButton, {
						action: "Create agent",
						isBusy: create.isPending
					})]
				})
			]
		})
	});
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
// src/pages/agents/peaks.ts
function peaksOf(history) {
	const peaks = new Map();
	for (const { agent, points } of history.series) {
		if (agent == null) continue;
		const peak = points.reduce((most, { peak_active }) => Math.max(most, peak_active), 0);
		peaks.set(agent, Math.max(peak, peaks.get(agent) ?? 0));
	}
	return peaks;
}
function raised(peaks, agents) {
	const higher = agents.filter(({ id, active }) => active > (peaks.get(id) ?? 0));
	if (higher.length === 0) return peaks;
	return new Map([...peaks, ...higher.map(({ id, active }) => [id, active])]);
}
function merged(counted, seen) {
	return raised(counted, [...seen].map(([id, active]) => ({
		id,
		active
	})));
}
// src/pages/agents/use-peaks.ts
function usePeaks() {
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
		queryFn: ({ signal }) => readPeaks(midnight, serverNow(), signal),
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
		peaks: counted.data === void 0 ? void 0 : merged(counted.data, now),
		error: counted.error
	};
}
async function readPeaks(midnight, nowMs, signal) {
	const read = partsOfToday(midnight, nowMs).map((part) => readPart(part, signal));
	return (await Promise.all(read)).reduce(merged, new Map());
}
async function readPart({ fromMs, toMs, stepS }, signal) {
	const query = {
		by: "agent",
		from: new Date(fromMs).toISOString(),
		to: new Date(toMs).toISOString(),
		step_s: stepS
	};
	return peaksOf(await bodyOf(api.GET("/v1/history", {
		params: { query },
		signal
	})));
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
	const { peaks, error } = usePeaks();
	const [, goTo] = useLocation();
	const rows = (0, import_react.useMemo)(() => foundAgents(agents, search), [agents, search]);
	const columns = (0, import_react.useMemo)(() => agentColumns({
		peaks,
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
					children: "Today's peaks could not be read."
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
