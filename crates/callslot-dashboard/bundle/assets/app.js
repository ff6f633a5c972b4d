const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["./agents-page.js","./rolldown-runtime.js","./packages.js","./shared.js","./calls-page.js","./developers-page.js","./secret-dialog.js","./history-page.js","./uplot.js","./uplot.css","./history-page.css","./organisations-page.js","./plans-page.js"])))=>i.map(i=>d[i]);
import { __toESM } from "./rolldown-runtime.js";
import { CSPProvider, ComboboxInput, ComboboxItem, ComboboxList, ComboboxRoot, Link, QueryClientProvider, Redirect, Route, Switch, TabsList, TabsPanel, TabsRoot, TabsTab, ToastProvider, TooltipProvider, __vitePreload, keepPreviousData, require_client, require_jsx_runtime, require_react, useLocation, useMutation, useQuery, useQueryClient, useSearch } from "./packages.js";
import { ABOVE_ROW_LINK, Button, CALL_TYPES, Card, Confirm, Dialog, END_REASON_TEXT, Empty, ErrorBoundary, Field, Gate, ID_PATTERN, INPUT_LOOK, LiveProvider, Loading, LongId, MOST_CALLS, Note, Panel, PoolChange, ProblemError, ProblemNote, RowLink, RowMenu, STRIPES, Shell, SignOut, SubmitButton, TYPE_NAME, TextInput, Tip, Toasts, Unsaved, WidePage, WindowedTable, about, agentColor, api, blockedIn, bodyOf, copyText, count, counted, createQueries, curl, duration, focusFirstInvalid, groundOf, isTime, localMidnight, partsOfToday, shortDuration, useAgentNames, useBarred, useLive, useLiveStatus, useNow, useSay, useServerNow, useSignedIn, wholeNumberIn, whyWaits } from "./shared.js";
// src/pages/concurrency/pool-bar/pool-bar-segments.ts
var import_react = __toESM(require_react(), 1);
var import_client = require_client();
function shownAgents(pool, alsoId) {
	const largest = pool.agents.filter((agent) => agent.reserved > 0).toSorted((a, b) => b.reserved - a.reserved || (a.id < b.id ? -1 : 1)).slice(0, 8);
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
		...sharedSegments(pool, colors)
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
		agent: agent.id,
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
		name: `${count(others.length)} more`,
		slots,
		inUse,
		says: usage(inUse, slots, "reserved slot")
	}];
}
function sharedSegments(pool, colors) {
	const size = Math.max(0, pool.limit - pool.reserved);
	const inUse = Math.min(pool.shared.in_use, size);
	const over = pool.shared.in_use - inUse;
	const segments = [];
	if (size > 0) {
		const users = sharedUsers(pool, colors);
		const says = usage(inUse, size, "shared slot") + usersWords(users);
		segments.push({
			kind: "shared",
			key: "shared",
			name: "Shared",
			slots: size,
			inUse,
			says,
			users
		});
	}
	if (over > 0) segments.push({
		kind: "over",
		key: "over",
		name: "Over the limit",
		slots: over,
		inUse: over,
		says: overWords(over)
	});
	return segments;
}
function overWords(calls) {
	const end = calls === 1 ? "it has ended" : `${count(calls)} have ended`;
	return `${counted(calls, "call")} over the new limit. ${calls === 1 ? "It continues" : "They continue"}; new shared calls start when ${end}.`;
}
function sharedUsers(pool, colors) {
	return pool.agents.map((agent) => ({
		name: agent.name,
		slots: agent.active - reservedInUse(agent),
		color: colors.get(agent.id)
	})).filter(({ slots }) => slots > 0).sort((a, b) => b.slots - a.slots);
}
var MOST_USERS = 3;
function usersWords(users) {
	if (users.length === 0) return "";
	const named = users.slice(0, MOST_USERS).map(({ name, slots }) => `${name} ${count(slots)}`);
	const rest = users.length - named.length;
	return `: ${named.join(", ")}${rest > 0 ? ` and ${counted(rest, "other")}` : ""}`;
}
function usage(inUse, slots, what) {
	return `${count(inUse)} of ${counted(slots, what)} in use`;
}
function reservedInUse(agent) {
	return CALL_TYPES.reduce((sum, type) => sum + agent.types[type].reserved_in_use, 0);
}
// src/pages/concurrency/reserve/draft.ts
function slotsOf(agent) {
	const { webcall, chat, outbound, inbound } = agent.types;
	return {
		webcall: webcall.reserved,
		chat: chat.reserved,
		outbound: outbound.reserved,
		inbound: inbound.reserved
	};
}
function sumOf$1(slots) {
	return CALL_TYPES.reduce((sum, type) => sum + slots[type], 0);
}
function areSame(a, b) {
	return CALL_TYPES.every((type) => a[type] === b[type]);
}
function sumsOf(pool, agent, slots) {
	const own = sumOf$1(slots);
	return {
		own,
		sharedLeft: pool.limit - (pool.reserved - agent.reserved + own)
	};
}
function misfit(pool, agent, slots, type) {
	const { own, sharedLeft } = sumsOf(pool, agent, slots);
	if (sharedLeft < 0) return `${leftWords(Math.max(0, slots[type] + sharedLeft))}${holders(pool, agent, slots, type)}`;
	if (agent.cap !== null && own > agent.cap) return `The cap of ${agent.name} is ${count(agent.cap)}, less than ${counted(own, "reserved slot")}. Raise it on the Agents page, or reserve fewer.`;
}
function leftWords(left) {
	if (left === 0) return "No slot is left.";
	return left === 1 ? "Only 1 slot is left." : `Only ${count(left)} slots are left.`;
}
var MOST_NAMED$1 = 3;
function holders(pool, agent, slots, type) {
	const others = pool.agents.filter(({ id, reserved }) => id !== agent.id && reserved > 0).map(({ name, reserved }) => ({
		name,
		held: reserved
	}));
	const own = CALL_TYPES.filter((each) => each !== type && slots[each] > 0).map((each) => ({
		name: `${agent.name}'s ${TYPE_NAME[each]}`,
		held: slots[each]
	}));
	const all = [...others, ...own].sort((a, b) => b.held - a.held);
	const [first, ...more] = all.slice(0, MOST_NAMED$1);
	if (first === void 0) return ` The limit is ${count(pool.limit)}.`;
	const rest = all.slice(MOST_NAMED$1);
	const held = rest.reduce((sum, each) => sum + each.held, 0);
	const named = more.map((each) => `, ${each.name} ${count(each.held)}`).join("");
	const remainder = rest.length === 0 ? "" : ` and ${counted(rest.length, "other")} ${count(held)}`;
	return ` ${first.name} holds ${count(first.held)}${named}${remainder}.`;
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
// src/pages/concurrency/advice/idle-slots.ts
function mostIdle(pool) {
	let most;
	let total = 0;
	for (const agent of pool.agents) {
		const slots = agent.reserved - reservedInUse(agent);
		total += slots;
		if (slots > (most?.slots ?? 0)) most = {
			agent,
			slots
		};
	}
	return most && {
		...most,
		total
	};
}
function without(agent, slots) {
	const left = { ...slotsOf(agent) };
	const idleOf = (type) => left[type] - agent.types[type].reserved_in_use;
	for (let given = 0; given < slots; given += 1) {
		const most = CALL_TYPES.reduce((a, b) => idleOf(b) > idleOf(a) ? b : a);
		if (idleOf(most) <= 0) break;
		left[most] -= 1;
	}
	return left;
}
// src/pages/concurrency/agents/calls-of.ts
var CALLS_OF = {
	webcall: ["webcall", "webcalls"],
	chat: ["chat", "chats"],
	outbound: ["outbound call", "outbound calls"],
	inbound: ["inbound call", "inbound calls"]
};
// src/pages/concurrency/advice/waiting-causes.ts
function causesIn(pool) {
	const reasonOf = blockedIn(pool);
	const causes = new Map();
	for (const agent of pool.agents) {
		if (agent.queued === 0) continue;
		for (const [reason, found] of heldOf(agent, (type) => reasonOf(agent.id, type).blocked_on)) causes.set(reason, withAgent(causes.get(reason), reason, agent, found));
	}
	return [...causes.values()].sort((a, b) => b.calls - a.calls);
}
function heldOf(agent, reasonOf) {
	const held = new Map();
	for (const type of CALL_TYPES) {
		const calls = agent.types[type].queued;
		if (calls === 0) continue;
		const known = held.get(reasonOf(type)) ?? {
			calls: 0,
			types: []
		};
		held.set(reasonOf(type), {
			calls: known.calls + calls,
			types: [...known.types, type]
		});
	}
	return held;
}
function withAgent(before, reason, agent, { calls, types }) {
	const isMost = before === void 0 || calls > before.mostCalls;
	return {
		reason,
		calls: (before?.calls ?? 0) + calls,
		agents: (before?.agents ?? 0) + 1,
		most: isMost ? agent : before.most,
		mostCalls: isMost ? calls : before.mostCalls,
		types: new Set([...before?.types ?? [], ...types])
	};
}
function whoWaits({ calls, agents, most, types }) {
	const [type, ...others] = types;
	const [one, many] = type !== void 0 && others.length === 0 ? CALLS_OF[type] : ["call", "calls"];
	const whose = agents === 1 ? most.name : `${count(agents)} agents`;
	return `${counted(calls, one, many)} of ${whose} ${calls === 1 ? "waits" : "wait"}`;
}
// src/pages/concurrency/advice/pool-notes.ts
function notesOn(pool) {
	return causesIn(pool).map((cause) => noteOn(pool, cause));
}
function noteOn(pool, cause) {
	const who = whoWaits(cause);
	const { reason, most } = cause;
	const note = (why, step) => ({
		key: reason,
		says: `${who} ${why}.`,
		...step && { step }
	});
	switch (reason) {
		case "limit": return note(`because all ${counted(pool.limit, "slot")} are in use`, { kind: "raise-limit" });
		case "shared_full": return forSlots(pool, cause, note, `because all ${count(pool.shared.size)} shared slots are in use`);
		case "settling": return forSlots(pool, cause, note, `until ${counted(pool.settling, "call")} over the limit ${pool.settling === 1 ? "has" : "have"} ended`);
		case "nothing_shared":
			if (pool.shared.size <= 0) return forSlots(pool, cause, note, "because every slot is reserved");
			return most.cap === 0 ? note(`because the cap of ${most.name} is 0`, { kind: "raise-cap" }) : note(`because the cap of ${typesOf(cause)} calls is 0`);
		case "agent_cap": return note(capWords(cause), { kind: "raise-cap" });
		case "type_cap": return note(`because ${typesOf(cause)} calls are at their cap${typeCap(pool, cause)}`);
	}
}
function forSlots(pool, { calls }, note, why) {
	const idle = mostIdle(pool);
	if (idle === void 0) return note(why, { kind: "raise-limit" });
	const { agent, slots, total } = idle;
	const given = Math.min(slots, calls);
	return note(`${why}, while ${slots === total ? `${agent.name} keeps ${counted(slots, "reserved slot")} idle` : `${counted(total, "reserved slot")} are idle, ${count(slots)} of them kept for ${agent.name}`}`, {
		kind: "free",
		agent: agent.id,
		name: agent.name,
		slots: given,
		draft: without(agent, given)
	});
}
function capWords({ agents, most, mostCalls }) {
	const cap = count(most.cap ?? 0);
	return agents === 1 ? `because ${most.name} is at its cap of ${cap}` : `because the agents are at their caps, ${count(mostCalls)} of them at the cap of ${most.name} (${cap})`;
}
function typesOf({ types }) {
	const names = CALL_TYPES.filter((type) => types.has(type)).map((type) => TYPE_NAME[type]);
	const last = names.pop() ?? "";
	return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}
function typeCap(pool, { types }) {
	const [type, ...others] = types;
	const cap = type === void 0 || others.length > 0 ? null : pool.type_caps[type];
	return cap === null ? "" : ` of ${count(cap)}`;
}
// src/pages/concurrency/advice/advice.tsx
var import_jsx_runtime = require_jsx_runtime();
function Advice(props) {
	const { pool, onSuggest } = props;
	const notes = (0, import_react.useMemo)(() => notesOn(pool), [pool]);
	const [isOpen, setOpen] = (0, import_react.useState)(false);
	if (notes.length === 0) return null;
	const [first, ...others] = notes;
	return (0, import_jsx_runtime.jsx)("section", {
		"aria-label": "What helps",
		children: (0, import_jsx_runtime.jsxs)(Note, {
			kind: "warning",
			children: [(0, import_jsx_runtime.jsx)("ul", {
				className: "flex flex-col gap-2",
				children: (isOpen ? notes : [first]).map((note) => note && (0, import_jsx_runtime.jsx)(OneNote, {
					note,
					onSuggest
				}, note.key))
			}), others.length > 0 && (0, import_jsx_runtime.jsx)("button", {
				type: "button",
				"aria-expanded": isOpen,
				onClick: () => setOpen(!isOpen),
				className: "mt-1 min-h-6 underline underline-offset-2",
				children: isOpen ? "Less" : `${count(others.length)} more`
			})]
		})
	});
}
function OneNote(props) {
	const { says, step } = props.note;
	return (0, import_jsx_runtime.jsxs)("li", {
		className: "flex flex-wrap items-center justify-between gap-x-6 gap-y-2",
		children: [(0, import_jsx_runtime.jsx)("p", {
			className: "min-w-0 flex-1 basis-72 font-medium",
			children: says
		}), step !== void 0 && (0, import_jsx_runtime.jsx)(StepButton, {
			step,
			onSuggest: props.onSuggest
		})]
	});
}
var LINK_LOOK = "inline-flex min-h-8 items-center rounded-md border border-line bg-surface px-3 py-1 font-medium text-text shadow-card hover:bg-sunken";
function StepButton(props) {
	const { step, onSuggest } = props;
	const barred = useBarred("admin");
	const barredFromLimit = useBarred("operator");
	switch (step.kind) {
		case "free": return (0, import_jsx_runtime.jsx)(Button, {
			disabledBecause: barred,
			onClick: () => onSuggest({
				agent: step.agent,
				slots: step.draft
			}),
			children: (0, import_jsx_runtime.jsxs)("span", {
				className: "max-w-60 truncate",
				children: [
					"Free ",
					count(step.slots),
					" from ",
					(0, import_jsx_runtime.jsx)("bdi", { children: step.name })
				]
			})
		});
		case "raise-cap": return barred === void 0 ? (0, import_jsx_runtime.jsx)(Link, {
			href: "/agents",
			className: LINK_LOOK,
			children: "Raise the cap"
		}) : (0, import_jsx_runtime.jsx)(Button, {
			disabledBecause: barred,
			children: "Raise the cap"
		});
		case "raise-limit": return barredFromLimit === void 0 ? (0, import_jsx_runtime.jsx)(Link, {
			href: "/organisations",
			className: LINK_LOOK,
			children: "Raise the limit"
		}) : (0, import_jsx_runtime.jsx)(Button, {
			disabledBecause: ASK_OPERATOR,
			children: "Raise the limit"
		});
	}
}
var ASK_OPERATOR = "Ask the operator of this server to raise the limit.";
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
function isSame$1(one, other) {
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
function CreateAgentDialog(props) {
	const { onCreated, onClose } = props;
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
			onCreated?.(draft.id);
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
				(0, import_jsx_runtime.jsx)(Unsaved, { when: !isSame$1(draft, NEW_AGENT) }),
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
// src/pages/concurrency/first-steps/steps.ts
var NOTHING_KEPT = {
	isBegun: false,
	isCopied: false,
	isCalled: false,
	isHidden: false
};
function doneSteps(pool, kept) {
	const done = {
		agent: pool.agents.length > 0,
		reserve: pool.reserved > 0,
		copy: kept.isCopied,
		call: kept.isCalled || pool.active + pool.queued > 0
	};
	return new Set(Object.keys(done).filter((step) => done[step]));
}
function noted(pool, kept) {
	const isBegun = kept.isBegun || pool.agents.length === 0;
	const isCalled = isBegun && (kept.isCalled || pool.active + pool.queued > 0);
	if (isBegun === kept.isBegun && isCalled === kept.isCalled) return kept;
	return {
		...kept,
		isBegun,
		isCalled
	};
}
function readKept(text) {
	try {
		const read = JSON.parse(text ?? "{}");
		if (typeof read !== "object" || read === null) return NOTHING_KEPT;
		const is = (field) => read[field] === true;
		return {
			isBegun: is("isBegun"),
			isCopied: is("isCopied"),
			isCalled: is("isCalled"),
			isHidden: is("isHidden")
		};
	} catch {
		return NOTHING_KEPT;
	}
}
// src/pages/concurrency/first-steps/first-steps.tsx
var TEST_CALL_S = 20;
function FirstSteps({ pool, onReserve }) {
	const [kept, keep] = useKept(pool);
	const [isCreating, setCreating] = (0, import_react.useState)(false);
	if (!kept.isBegun || kept.isHidden) return null;
	const done = doneSteps(pool, kept);
	const agent = pool.agents[0]?.id;
	const needsAgent = agent === void 0 ? "Create an agent first." : void 0;
	return (0, import_jsx_runtime.jsxs)("section", {
		"aria-label": "First steps",
		className: "flex flex-col gap-3 rounded-lg border border-line bg-surface p-4 shadow-card",
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-wrap items-center justify-between gap-2",
				children: [(0, import_jsx_runtime.jsx)("h2", {
					className: "font-semibold text-base",
					children: done.size === 4 ? "All first steps are done" : "First steps"
				}), (0, import_jsx_runtime.jsx)(Button, {
					kind: "quiet",
					onClick: () => keep({
						...kept,
						isHidden: true
					}),
					children: "Hide"
				})]
			}),
			(0, import_jsx_runtime.jsxs)("ol", {
				className: "flex flex-col gap-3",
				children: [
					(0, import_jsx_runtime.jsx)(StepLine, {
						title: "Create an agent",
						text: "The bot that handles calls.",
						isDone: done.has("agent"),
						action: (0, import_jsx_runtime.jsx)(AdminButton, {
							label: "Create agent",
							onPress: () => setCreating(true)
						})
					}),
					(0, import_jsx_runtime.jsx)(StepLine, {
						title: "Reserve slots for it",
						text: "Nobody else can use them, even while they are idle.",
						isDone: done.has("reserve"),
						action: (0, import_jsx_runtime.jsx)(AdminButton, {
							label: "Reserve slots for it",
							why: needsAgent,
							onPress: onReserve
						})
					}),
					(0, import_jsx_runtime.jsx)(StepLine, {
						title: "Copy a first request",
						text: (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
							"With curl. In other languages, and with a key:",
							" ",
							(0, import_jsx_runtime.jsx)(Link, {
								href: "/developers",
								className: "text-accent underline underline-offset-2",
								children: "Developers"
							}),
							"."
						] }),
						isDone: done.has("copy"),
						action: (0, import_jsx_runtime.jsx)(CopyRequest, {
							agent: agent ?? "support",
							onCopied: () => keep({
								...kept,
								isCopied: true
							})
						})
					}),
					(0, import_jsx_runtime.jsx)(StepLine, {
						title: "Start a test call",
						text: `It takes a slot for ${TEST_CALL_S} s, and ends by itself.`,
						isDone: done.has("call"),
						action: (0, import_jsx_runtime.jsx)(TestCall, {
							agent,
							onStarted: () => keep({
								...kept,
								isCalled: true
							})
						})
					})
				]
			}),
			isCreating && (0, import_jsx_runtime.jsx)(CreateAgentDialog, { onClose: () => setCreating(false) })
		]
	});
}
function StepLine(props) {
	const { title, text, isDone, action } = props;
	return (0, import_jsx_runtime.jsxs)("li", {
		className: "flex flex-wrap items-center justify-between gap-x-4 gap-y-2",
		children: [(0, import_jsx_runtime.jsxs)("div", {
			className: "flex min-w-0 items-start gap-2.5",
			children: [(0, import_jsx_runtime.jsx)("span", {
				"aria-hidden": "true",
				className: `mt-px grid size-5 shrink-0 place-items-center rounded-full border text-xs ${isDone ? "border-good bg-good-soft text-good" : "border-line-strong"}`,
				children: isDone ? "✓" : ""
			}), (0, import_jsx_runtime.jsxs)("div", {
				className: "min-w-0",
				children: [(0, import_jsx_runtime.jsxs)("p", {
					className: isDone ? "text-muted" : "font-medium",
					children: [title, (0, import_jsx_runtime.jsx)("span", {
						className: "sr-only",
						children: isDone ? ", done" : ", to do"
					})]
				}), (0, import_jsx_runtime.jsx)("p", {
					className: "text-muted",
					children: text
				})]
			})]
		}), !isDone && (0, import_jsx_runtime.jsx)("div", {
			className: "max-sm:pl-7.5",
			children: action
		})]
	});
}
function AdminButton(props) {
	const barred = useBarred("admin");
	return (0, import_jsx_runtime.jsx)(Button, {
		disabledBecause: barred ?? props.why,
		onClick: props.onPress,
		children: props.label
	});
}
function CopyRequest({ agent, onCopied }) {
	const { session, org } = useSignedIn();
	const say = useSay();
	const copy = async () => {
		const isCopied = await copyText(curl({
			method: "POST",
			origin: window.location.origin,
			path: "/v1/calls",
			body: {
				id: "call-1",
				agent,
				type: "inbound"
			},
			org: session.org === null ? org : void 0
		}));
		if (isCopied) onCopied();
		say(isCopied ? "Copied a request that starts a call." : "The browser does not allow this page to copy. The page Developers shows requests to copy by hand.");
	};
	return (0, import_jsx_runtime.jsx)(Button, {
		onClick: copy,
		children: "Copy request"
	});
}
function TestCall({ agent, onStarted }) {
	const barred = useBarred("engine");
	const start = useMutation({
		mutationFn: async (of) => {
			const body = {
				agent: of,
				type: "webcall",
				max_duration_s: TEST_CALL_S,
				max_wait_s: 60
			};
			await bodyOf(api.POST("/v1/calls", { body }));
		},
		onSuccess: onStarted
	});
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col items-end gap-2",
		children: [(0, import_jsx_runtime.jsx)(Button, {
			disabledBecause: barred ?? (agent === void 0 ? "Create an agent first." : void 0),
			disabled: start.isPending,
			focusableWhenDisabled: true,
			onClick: () => agent !== void 0 && start.mutate(agent),
			children: start.isPending ? "Starting…" : "Start test call"
		}), (0, import_jsx_runtime.jsx)(ProblemNote, { error: start.error })]
	});
}
function useKept(pool) {
	const place = `callslot.first-steps.${pool.org}`;
	const [kept, setKept] = (0, import_react.useState)(() => readKept(localStorage.getItem(place)));
	const now = noted(pool, kept);
	if (now !== kept) setKept(now);
	(0, import_react.useEffect)(() => {
		if (now.isBegun) localStorage.setItem(place, JSON.stringify(now));
	}, [place, now]);
	return [now, setKept];
}
// src/pages/concurrency/matrix/agent-menu.tsx
var Actions = (0, import_react.createContext)({
	barred: void 0,
	onEdit: () => {},
	onRemove: () => {}
});
function AgentMenu({ agent }) {
	const { barred, onEdit, onRemove } = (0, import_react.useContext)(Actions);
	const [, navigate] = useLocation();
	const { id, name } = agent;
	return (0, import_jsx_runtime.jsx)("div", {
		className: "flex justify-end",
		children: (0, import_jsx_runtime.jsx)(RowMenu, {
			label: `Actions for ${name}`,
			actions: [
				{
					label: "Edit reservations",
					onSelect: () => onEdit(id),
					disabledBecause: barred
				},
				{
					label: "Remove agent",
					onSelect: () => onRemove(id),
					isDangerous: true,
					disabledBecause: barred ?? (agent.reserved === 0 ? NOTHING_RESERVED : void 0)
				},
				{
					label: "History",
					onSelect: () => navigate("/history?by=agent")
				},
				{
					label: "Calls",
					onSelect: () => navigate(`/calls?agent=${encodeURIComponent(id)}`)
				}
			]
		})
	});
}
var NOTHING_RESERVED = "Nothing is reserved for it.";
// src/pages/concurrency/pool-bar/agent-color-classes.ts
var SHARED_GROUND = {
	solid: "bg-shared",
	pale: "border-shared bg-shared-idle"
};
var OVER_GROUND = {
	solid: "bg-warning",
	pale: "border-warning bg-warning-soft"
};
// src/pages/concurrency/pool-bar/segment-cells.tsx
function Cells$1({ segment }) {
	const { solid, pale } = groundOfSegment(segment);
	const ticks = ticksOf(segment);
	return Array.from({ length: segment.slots }, (_, slot) => {
		const isUsed = slot < segment.inUse;
		const tick = ticks[slot];
		return (0, import_jsx_runtime.jsx)("span", {
			className: `relative h-full min-w-0 flex-1 basis-0 overflow-hidden rounded-xs border transition-colors ${isUsed ? `border-transparent ${solid} ${FORCED_USED}` : `${pale} ${FORCED_IDLE}`}`,
			style: isUsed && isStriped(segment) ? STRIPES : void 0,
			children: isUsed && tick !== void 0 && (0, import_jsx_runtime.jsx)(Tick, { color: tick.color })
		}, slot);
	});
}
function Proportion({ segment }) {
	const { solid, pale } = groundOfSegment(segment);
	const usedPercent = segment.slots === 0 ? 0 : segment.inUse / segment.slots * 100;
	return (0, import_jsx_runtime.jsxs)("span", {
		className: `relative h-full w-full overflow-hidden rounded-sm border ${pale} ${FORCED_IDLE}`,
		children: [(0, import_jsx_runtime.jsx)("span", {
			className: `absolute inset-y-0 left-0 transition-[width] duration-200 ${solid} ${FORCED_USED}`,
			style: {
				width: `${usedPercent}%`,
				...isStriped(segment) && STRIPES
			}
		}), (0, import_jsx_runtime.jsx)("span", {
			className: "absolute bottom-0 left-0 flex h-1.5",
			style: { width: `${usedPercent}%` },
			children: partsOf(segment).map(({ key, slots, color }) => (0, import_jsx_runtime.jsx)("span", {
				className: `basis-0 ${groundOf(color).solid}`,
				style: { flexGrow: slots }
			}, key))
		})]
	});
}
var FORCED_USED = "forced-color-adjust-none forced-colors:bg-[CanvasText]";
var FORCED_IDLE = "forced-colors:border-[CanvasText]";
function Tick({ color }) {
	return (0, import_jsx_runtime.jsx)("span", { className: `absolute inset-x-0 bottom-0 h-1.5 border-surface border-t ${groundOf(color).solid}` });
}
function partsOf({ users = [] }) {
	const colored = users.filter(({ color }) => color !== void 0);
	const rest = users.reduce((sum, { slots, color }) => sum + (color === void 0 ? slots : 0), 0);
	const parts = colored.map(({ name, slots, color }) => ({
		key: `agent ${name}`,
		slots,
		color
	}));
	return rest === 0 ? parts : [...parts, {
		key: "others",
		slots: rest,
		color: void 0
	}];
}
function ticksOf({ users, inUse }) {
	return (users ?? []).flatMap(({ color, slots }) => Array(slots).fill({ color })).slice(0, inUse);
}
function groundOfSegment({ kind, color }) {
	if (kind === "shared") return SHARED_GROUND;
	if (kind === "over") return OVER_GROUND;
	return groundOf(color);
}
function isStriped({ kind, color }) {
	return kind === "over" || (color?.isStriped ?? false);
}
// src/pages/concurrency/pool-bar/pool-bar.tsx
var MOST_CELLS = 100;
function PoolBar(props) {
	const { bar, label, chosenKey, onChoose } = props;
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
			className: "flex h-14 w-full min-w-0 gap-1",
			children: segments.map((segment) => (0, import_jsx_runtime.jsx)(BarSegment, {
				segment,
				isInCells: slots <= MOST_CELLS,
				isReached: segment.key === reached,
				isChosen: segment.key === chosenKey,
				onReach: setReachedKey,
				onChoose
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
	const { segment, isInCells, isReached, isChosen, onReach, onChoose } = props;
	const { slots, name } = segment;
	const common = {
		"data-segment": segment.key,
		tabIndex: isReached ? 0 : -1,
		onFocus: () => onReach(segment.key),
		className: `@container flex h-full min-w-1 basis-0 flex-col gap-1 rounded-sm text-left ${isChosen ? "outline-2 outline-accent outline-offset-2" : ""}`,
		style: { flexGrow: slots }
	};
	const inside = (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)("span", {
		className: "block h-4 overflow-hidden text-muted text-xs leading-4",
		children: (0, import_jsx_runtime.jsx)("bdi", {
			className: "hidden truncate @min-[2.5rem]:block",
			children: name
		})
	}), (0, import_jsx_runtime.jsx)("span", {
		className: `flex min-h-0 flex-1 ${slots > 40 ? "gap-px" : "gap-0.5"}`,
		children: isInCells ? (0, import_jsx_runtime.jsx)(Cells$1, { segment }) : (0, import_jsx_runtime.jsx)(Proportion, { segment })
	})] });
	return (0, import_jsx_runtime.jsx)(Tip, {
		text: `${name}: ${segment.says}`,
		children: onChoose === void 0 ? (0, import_jsx_runtime.jsx)("div", {
			role: "img",
			"aria-label": name,
			...common,
			children: inside
		}) : (0, import_jsx_runtime.jsx)("button", {
			type: "button",
			"aria-label": name,
			"aria-pressed": isChosen,
			onClick: () => onChoose(segment),
			...common,
			children: inside
		})
	});
}
function LimitMark({ at, limit }) {
	return (0, import_jsx_runtime.jsx)("div", {
		"aria-hidden": "true",
		className: "pointer-events-none absolute top-4 -bottom-1 border-text border-l-2 border-dashed",
		style: { left: `${at * 100}%` },
		children: (0, import_jsx_runtime.jsxs)("span", {
			className: "absolute top-full right-1 text-muted text-xs whitespace-nowrap",
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
				(0, import_jsx_runtime.jsx)("bdi", {
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
		className: `size-2.5 shrink-0 rounded-sm forced-color-adjust-none ${groundOfSegment(segment).solid}`,
		style: isStriped(segment) ? STRIPES : void 0
	});
}
// src/pages/concurrency/pool-bar/overview.tsx
function Overview(props) {
	const { pool, colors, view, onShow } = props;
	const bar = (0, import_react.useMemo)(() => barOf(pool, colors), [pool, colors]);
	const reserved = `${count(pool.reserved)} of ${counted(pool.limit, "slot")} reserved`;
	const chosen = bar.segments.find((segment) => isChosen(segment, view));
	const choose = (segment) => onShow(segment === chosen ? {
		show: "all",
		agent: void 0
	} : viewOf(segment));
	return (0, import_jsx_runtime.jsx)(Card, { children: (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col gap-3",
		children: [
			(0, import_jsx_runtime.jsx)(PoolBar, {
				bar,
				label: `${reserved}, ${count(pool.active)} in use`,
				chosenKey: chosen?.key,
				onChoose: choose
			}),
			(0, import_jsx_runtime.jsx)(PoolLegend, { bar }),
			chosen !== void 0 && (0, import_jsx_runtime.jsxs)("p", {
				role: "status",
				children: [
					(0, import_jsx_runtime.jsx)("bdi", {
						className: "font-medium",
						children: chosen.name
					}),
					": ",
					chosen.says
				]
			}),
			pool.settling > 0 && (0, import_jsx_runtime.jsx)("p", {
				className: "text-warning",
				children: overWords(pool.settling)
			})
		]
	}) });
}
function viewOf({ kind, agent }) {
	if (agent !== void 0) return {
		show: "all",
		search: "",
		agent
	};
	if (kind === "others") return {
		show: "reserved",
		search: "",
		agent: void 0
	};
	return {
		show: "shared",
		search: "",
		agent: void 0
	};
}
function isChosen({ kind, agent }, view) {
	if (agent !== void 0) return view.agent === agent;
	return kind === "shared" && view.agent === void 0 && view.show === "shared";
}
// src/pages/concurrency/pool-bar/agent-colors.ts
function agentColors(ids) {
	return new Map(ids.map((id) => [id, agentColor(id)]));
}
// src/pages/concurrency/pool-bar/colored-agents.ts
function coloredAgents(pool, before) {
	const shown = shownAgents(pool);
	const left = 8 - shown.length;
	if (left <= 0) return shown;
	const has = new Set(shown);
	const known = new Set(pool.agents.map(({ id }) => id));
	const kept = before.filter((id) => known.has(id) && !has.has(id));
	for (const id of kept) has.add(id);
	const users = pool.agents.filter((agent) => !has.has(agent.id) && onShared(agent) > 0).sort((a, b) => onShared(b) - onShared(a)).map(({ id }) => id);
	return [...shown, ...[...kept, ...users].slice(0, left)];
}
function onShared({ types }) {
	return CALL_TYPES.reduce((sum, type) => sum + types[type].shared_in_use, 0);
}
// src/pages/concurrency/pool-bar/use-agent-colors.ts
function useAgentColors(pool) {
	const shown = coloredAgents(pool, []).join(" ");
	return (0, import_react.useMemo)(() => agentColors(shown === "" ? [] : shown.split(" ")), [shown]);
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
// src/pages/concurrency/agents/agent-lists.ts
function foundAgents(agents, search) {
	const words = search.toLowerCase().split(/\s+/).filter(Boolean);
	if (words.length === 0) return agents;
	return agents.filter(({ name, id }) => {
		const text = `${name} ${id}`.toLowerCase();
		return words.every((word) => text.includes(word));
	});
}
// src/pages/concurrency/agents/agent-name.tsx
function AgentName(props) {
	const { agent, color, hasSwatch = true } = props;
	return (0, import_jsx_runtime.jsxs)("span", {
		className: "flex min-w-0 items-center gap-2",
		children: [
			hasSwatch && (0, import_jsx_runtime.jsx)("span", {
				"aria-hidden": "true",
				className: `size-2.5 shrink-0 rounded-sm forced-color-adjust-none ${groundOf(color).solid}`,
				style: color?.isStriped ? STRIPES : void 0
			}),
			(0, import_jsx_runtime.jsx)("bdi", {
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
// src/pages/concurrency/reserve/use-focus-first.ts
function useFocusFirst() {
	const first = (0, import_react.useRef)(null);
	(0, import_react.useLayoutEffect)(() => first.current?.focus(), []);
	return first;
}
// src/pages/concurrency/reserve/choose-agent.tsx
var MOST_LISTED = 50;
function ChooseAgent({ agents, onChoose }) {
	const [isCreating, setCreating] = (0, import_react.useState)(false);
	const [created, setCreated] = (0, import_react.useState)();
	const barred = useBarred("admin");
	const isThere = created !== void 0 && agents.some(({ id }) => id === created);
	(0, import_react.useEffect)(() => {
		if (isThere) onChoose(created);
	}, [
		isThere,
		created,
		onChoose
	]);
	const create = (0, import_jsx_runtime.jsx)(Button, {
		disabledBecause: barred,
		onClick: () => setCreating(true),
		children: "Create agent"
	});
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [agents.length === 0 ? (0, import_jsx_runtime.jsx)(Empty, {
		title: "No agents yet",
		action: create,
		children: "Slots are reserved for agents. Create the first one here."
	}) : (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)(FindAgent, {
		agents,
		onChoose
	}), (0, import_jsx_runtime.jsx)("div", { children: create })] }), isCreating && (0, import_jsx_runtime.jsx)(CreateAgentDialog, {
		onCreated: setCreated,
		onClose: () => setCreating(false)
	})] });
}
function FindAgent({ agents, onChoose }) {
	const [search, setSearch] = (0, import_react.useState)("");
	const input = useFocusFirst();
	const found = (0, import_react.useMemo)(() => foundAgents(agents, search), [agents, search]);
	const byId = (0, import_react.useMemo)(() => new Map(agents.map((agent) => [agent.id, agent])), [agents]);
	const ids = found.slice(0, MOST_LISTED).map(({ id }) => id);
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
function startsOf(histories) {
	const starts = new Map();
	for (const { agent, points } of histories.flatMap(({ series }) => series)) {
		if (agent == null) continue;
		const started = points.reduce((sum, point) => sum + point.starts, 0);
		starts.set(agent, started + (starts.get(agent) ?? 0));
	}
	return starts;
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
// src/pages/concurrency/reserve/past-use-text.ts
function pastUseText(peak) {
	if (peak === 0) return "Used no slot in the last 7 days.";
	return `Used up to ${counted(peak, "slot")}${peak === 1 ? "" : " at once"} in the last 7 days, over all types.`;
}
// src/pages/concurrency/reserve/past-use.tsx
var DAY_S = 86400;
var HALF_AN_HOUR_MS = 18e5;
function PastUse({ agent }) {
	const { org } = useSignedIn();
	const serverNow = useServerNow();
	const { data } = useQuery({
		queryKey: [
			"concurrency",
			org,
			"peaks of a week"
		],
		queryFn: ({ signal }) => readPeaks$1(serverNow(), signal),
		staleTime: HALF_AN_HOUR_MS,
		retry: false
	});
	if (data === void 0) return null;
	return (0, import_jsx_runtime.jsx)("p", {
		className: "text-muted",
		children: pastUseText(Math.max(data.get(agent.id) ?? 0, agent.active))
	});
}
async function readPeaks$1(nowMs, signal) {
	const query = {
		by: "agent",
		from: new Date(nowMs - 7 * DAY_S * 1e3).toISOString(),
		to: new Date(nowMs).toISOString(),
		step_s: DAY_S
	};
	return peaksOf(await bodyOf(api.GET("/v1/history", {
		params: { query },
		signal
	})));
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
						name: TYPE_NAME[type],
						theirs: theirs[type],
						mine: mine[type]
					}, type)), (0, import_jsx_runtime.jsx)(Versions, {
						name: "Total",
						theirs: sumOf$1(theirs),
						mine: sumOf$1(mine)
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
// src/pages/concurrency/reserve/preview-words.ts
var MOST_NAMED = 3;
function previewWords(preview, pool) {
	const names = new Map(pool.agents.map(({ id, name }) => [id, name]));
	const nameOf = (id) => names.get(id) ?? id;
	return [
		...startWords(preview.starts, nameOf),
		...waitWords(preview.waits_longer, nameOf),
		sharedWords(Math.max(0, pool.shared.size), preview.shared_after),
		...preview.settling > pool.settling ? [overWords(preview.settling)] : []
	];
}
function startWords(starts, nameOf) {
	if (starts.length === 0) return [];
	const most = starts.toSorted((a, b) => b.count - a.count);
	const named = most.slice(0, MOST_NAMED).map(({ agent, type, count: calls }) => {
		const [one, many] = CALLS_OF[type];
		return `${counted(calls, one, many)} of ${nameOf(agent)}`;
	});
	const others = sumOf(most.slice(MOST_NAMED));
	if (others > 0) named.push(counted(others, "other call"));
	return [`${listed(named)} ${sumOf(starts) === 1 ? "starts" : "start"} at once.`];
}
function sumOf(starts) {
	return starts.reduce((sum, each) => sum + each.count, 0);
}
function waitWords(waits, nameOf) {
	const most = waits.toSorted((a, b) => b.queued - a.queued);
	const named = most.slice(0, MOST_NAMED).map((each) => waitSentence(each, nameOf));
	const others = most.slice(MOST_NAMED).reduce((sum, { queued }) => sum + queued, 0);
	return others === 0 ? named : [...named, `${counted(others, "other waiting call")} may wait longer too.`];
}
function waitSentence(waits, nameOf) {
	const { agent, type, queued, slots_now, slots_after } = waits;
	const [, calls] = CALLS_OF[type];
	const slots = slots_after < slots_now ? `at most ${counted(slots_after, "slot")} instead of ${count(slots_now)}` : "fewer slots of their own";
	const wait = `${count(queued)} ${queued === 1 ? "waits" : "wait"}`;
	return `${capitalised(calls)} of ${nameOf(agent)} then have ${slots}; ${wait}.`;
}
function sharedWords(now, then) {
	return now === then ? `${counted(then, "slot")} ${then === 1 ? "stays" : "stay"} shared.` : `Shared slots go from ${count(now)} to ${count(then)}.`;
}
function listed(parts) {
	const last = parts.at(-1) ?? "";
	return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}
function capitalised(words) {
	return words.charAt(0).toUpperCase() + words.slice(1);
}
// src/pages/concurrency/reserve/use-preview.ts
var PAUSE_MS = 250;
var EVERY_MS$3 = 5e3;
function usePreview(unsaved) {
	const { org } = useSignedIn();
	const text = unsaved === void 0 ? void 0 : JSON.stringify(unsaved);
	const settled = useSettled(text);
	const { data, isError, isPlaceholderData } = useQuery({
		queryKey: [
			"reservations preview",
			org,
			settled
		],
		queryFn: ({ signal }) => ask(settled, signal),
		enabled: text !== void 0 && settled !== void 0,
		placeholderData: keepPreviousData,
		refetchInterval: ({ state }) => state.status !== "error" && EVERY_MS$3,
		gcTime: 0,
		staleTime: 0,
		retry: false
	});
	if (text === void 0) return {
		preview: void 0,
		isOld: false
	};
	return {
		preview: isError ? void 0 : data,
		isOld: isPlaceholderData || settled !== text
	};
}
function ask(unsaved, signal) {
	const { agent, slots, version } = JSON.parse(unsaved ?? "");
	return bodyOf(api.POST("/v1/reservations/preview", {
		params: { header: { "if-match": `"${version}"` } },
		body: { reservations: [{
			agent,
			...slots
		}] },
		signal
	}));
}
function useSettled(text) {
	const [settled, setSettled] = (0, import_react.useState)(text);
	(0, import_react.useEffect)(() => {
		const timer = setTimeout(() => setSettled(text), PAUSE_MS);
		return () => clearTimeout(timer);
	}, [text]);
	return settled;
}
// src/pages/concurrency/reserve/what-happens.tsx
function WhatHappens({ pool, unsaved }) {
	const { preview, isOld } = usePreview(unsaved);
	return (0, import_jsx_runtime.jsxs)("div", {
		"aria-live": "polite",
		"aria-busy": isOld,
		className: `min-h-[3lh] pt-2 text-muted transition-opacity ${isOld ? "opacity-50" : ""}`,
		children: [preview?.fits === true && previewWords(preview, pool).map((sentence) => (0, import_jsx_runtime.jsx)("p", { children: sentence }, sentence)), preview?.problem != null && (0, import_jsx_runtime.jsxs)("p", {
			className: "text-danger",
			children: ["Not possible: ", preview.problem.detail]
		})]
	});
}
// src/pages/concurrency/reserve/preview.tsx
function Preview(props) {
	const { pool, agent, draft, unsaved } = props;
	const bar = (0, import_react.useMemo)(() => {
		const apart = agentColors(shownAgents(pool, agent.id));
		return barOf(withDraft(pool, agent, draft), apart);
	}, [
		pool,
		agent,
		draft
	]);
	return (0, import_jsx_runtime.jsxs)("figure", {
		className: "flex flex-col gap-2",
		children: [
			(0, import_jsx_runtime.jsx)("figcaption", {
				className: "text-muted",
				children: "The pool after you save"
			}),
			(0, import_jsx_runtime.jsx)(PoolBar, {
				bar,
				label: "The pool after you save"
			}),
			(0, import_jsx_runtime.jsx)(WhatHappens, {
				pool,
				unsaved
			})
		]
	});
}
// src/pages/concurrency/reserve/put-slots.ts
function putSlots(agent, slots, version) {
	return bodyOf(api.PUT("/v1/reservations", {
		params: { header: { "if-match": `"${version}"` } },
		body: { reservations: [{
			agent: agent.id,
			...slots
		}] }
	}));
}
function readPool() {
	return bodyOf(api.GET("/v1/concurrency"));
}
function isMismatch(error) {
	return error instanceof ProblemError && error.code === "version_mismatch";
}
var NumberConflict = class extends Error {
	theirs;
	constructor(theirs) {
		super(`someone else set this to ${theirs} in the meantime`);
		this.theirs = theirs;
	}
};
async function putNumber(pool, change) {
	try {
		await putOver(pool, change);
	} catch (error) {
		if (!isMismatch(error)) throw error;
		await putOver(await readPool(), change);
	}
}
async function putOver(pool, { agent: id, type, from, to }) {
	const agent = pool.agents.find((each) => each.id === id);
	if (agent === void 0) throw new Error("this agent was deleted in the meantime");
	const slots = slotsOf(agent);
	if (slots[type] !== from) throw new NumberConflict(slots[type]);
	await putSlots(agent, {
		...slots,
		[type]: to
	}, pool.version);
}
// src/pages/concurrency/reserve/slots-field.tsx
function SlotsField(props) {
	const { type, text, slots, use, wrong, inputRef, onChange } = props;
	const id = (0, import_react.useId)();
	const name = TYPE_NAME[type];
	const step = (by) => onChange(String(Math.max(0, (slots ?? 0) + by)));
	const onKeyDown = (event) => {
		const by = {
			ArrowUp: 1,
			ArrowDown: -1,
			PageUp: 5,
			PageDown: -5
		}[event.key];
		if (by === void 0) return;
		event.preventDefault();
		step(by);
	};
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4",
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-col",
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
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex",
				children: [
					(0, import_jsx_runtime.jsx)(Step, {
						label: `Less ${name}`,
						isOff: slots === 0,
						onStep: () => step(-1),
						children: "−"
					}),
					(0, import_jsx_runtime.jsx)("input", {
						ref: inputRef,
						id,
						type: "text",
						inputMode: "numeric",
						autoComplete: "off",
						value: text,
						onChange: (event) => onChange(event.target.value),
						onKeyDown,
						"aria-describedby": `${id}-use ${id}-wrong`,
						"aria-invalid": wrong !== void 0 || void 0,
						className: `${INPUT_LOOK} w-[4.5rem]! rounded-none! text-right`
					}),
					(0, import_jsx_runtime.jsx)(Step, {
						label: `More ${name}`,
						onStep: () => step(1),
						children: "+"
					})
				]
			}),
			(0, import_jsx_runtime.jsx)("p", {
				id: `${id}-wrong`,
				role: "status",
				className: "col-span-2 break-words text-danger",
				children: wrong
			})
		]
	});
}
function Step(props) {
	return (0, import_jsx_runtime.jsx)("button", {
		type: "button",
		tabIndex: -1,
		"aria-label": props.label,
		disabled: props.isOff,
		onClick: props.onStep,
		className: "grid h-8 w-8 place-items-center border border-line-strong bg-surface text-muted first:rounded-l-md first:border-r-0 last:rounded-r-md last:border-l-0 hover:bg-sunken disabled:opacity-40 pointer-coarse:w-11",
		children: props.children
	});
}
function useWords({ active, queued }) {
	const words = `uses ${count(active)} now`;
	return queued > 0 ? `${words}, ${count(queued)} waiting` : words;
}
// src/pages/concurrency/reserve/slots-text.ts
var MOST_SLOTS = 1e7;
function slotsIn(text) {
	const typed = text.trim();
	if (typed === "") return { wrong: "Type a number of slots, 0 or more." };
	if (/^[-−–]/.test(typed)) return { wrong: `${typed} is below zero. Type 0 or more.` };
	if (isFraction(typed)) return { wrong: `${typed} is not a whole number of slots.` };
	const slots = wholeNumberIn(typed);
	if (slots === void 0) return { wrong: `“${typed}” is not a number of slots.` };
	if (slots > 1e7) return { wrong: `More than ${count(MOST_SLOTS)} slots cannot be reserved.` };
	return { slots };
}
function isFraction(typed) {
	return /^\d*[.,]\d+$/.test(typed) && !/^\d{1,3}(,\d{3})+$/.test(typed);
}
// src/pages/concurrency/reserve/texts.ts
function textsOf({ webcall, chat, outbound, inbound }) {
	return {
		webcall: String(webcall),
		chat: String(chat),
		outbound: String(outbound),
		inbound: String(inbound)
	};
}
function areSameTexts(a, b) {
	return CALL_TYPES.every((type) => a[type].trim() === b[type].trim());
}
function slotsTyped(texts, before) {
	const of = (type) => slotsIn(texts[type]).slots ?? before[type];
	return {
		webcall: of("webcall"),
		chat: of("chat"),
		outbound: of("outbound"),
		inbound: of("inbound")
	};
}
function faultsOf(pool, agent, texts, before, last) {
	const faults = {};
	for (const type of CALL_TYPES) {
		const { wrong } = slotsIn(texts[type]);
		if (wrong !== void 0) faults[type] = wrong;
	}
	const slots = slotsTyped(texts, before);
	const cause = causeOf(slots, before, last);
	const wrong = misfit(pool, agent, slots, cause);
	return wrong === void 0 ? faults : {
		[cause]: wrong,
		...faults
	};
}
function causeOf(slots, before, last) {
	if (last !== void 0 && slots[last] > 0) return last;
	const growth = (type) => slots[type] - before[type];
	return CALL_TYPES.reduce((most, type) => growth(type) > growth(most) ? type : most);
}
// src/pages/concurrency/reserve/reserve-form.tsx
function ReserveForm(props) {
	const { onTyped, onCancel, onSaved } = props;
	const [begun, setBegun] = (0, import_react.useState)(() => begin(props.pool, props.agent));
	const [first, setFirst] = (0, import_react.useState)(() => textsOf(props.suggested ?? begun.slots));
	const [texts, setTexts] = (0, import_react.useState)(first);
	const [last, setLast] = (0, import_react.useState)();
	const save = useSave(begun.version);
	const firstInput = useFocusFirst();
	(0, import_react.useEffect)(() => onTyped(false), [onTyped]);
	const { pool, agent } = newest(props.pool, props.agent, save.theirs);
	const isConflict = pool.version !== begun.version && !save.isPending && !save.isSuccess;
	const draft = slotsTyped(texts, begun.slots);
	const faults = faultsOf(pool, agent, texts, begun.slots, last);
	const whyNot = unsavable({
		wrong: CALL_TYPES.map((of) => faults[of]).find((fault) => fault !== void 0),
		isConflict,
		isChanged: !areSame(draft, begun.slots)
	});
	const type = (next, from = first) => {
		setTexts(next);
		onTyped(!areSameTexts(next, from));
	};
	const decide = (kept) => {
		const next = begin(pool, agent);
		setBegun(next);
		setFirst(textsOf(next.slots));
		type(textsOf(kept), textsOf(next.slots));
		save.reset();
	};
	return (0, import_jsx_runtime.jsxs)("form", {
		noValidate: true,
		className: "flex flex-1 flex-col gap-4",
		onSubmit: (event) => {
			event.preventDefault();
			if (whyNot === void 0 && !save.isPending) save.mutate({
				agent,
				slots: draft
			}, { onSuccess: onSaved });
		},
		children: [
			(0, import_jsx_runtime.jsx)(Left, {
				pool,
				agent,
				draft
			}),
			props.past,
			isConflict && (0, import_jsx_runtime.jsx)(ConflictNote, {
				agent,
				begun: begun.slots,
				theirs: slotsOf(agent),
				mine: draft,
				onKeepMine: () => decide(draft),
				onTakeTheirs: () => decide(slotsOf(agent))
			}),
			CALL_TYPES.map((of, index) => (0, import_jsx_runtime.jsx)(SlotsField, {
				type: of,
				text: texts[of],
				slots: slotsIn(texts[of]).slots,
				use: agent.types[of],
				inputRef: index === 0 ? firstInput : void 0,
				wrong: faults[of],
				onChange: (text) => {
					setLast(of);
					type({
						...texts,
						[of]: text
					});
				}
			}, of)),
			(0, import_jsx_runtime.jsx)(Preview, {
				pool,
				agent,
				draft,
				unsaved: whyNot === void 0 ? {
					agent: agent.id,
					slots: draft,
					version: begun.version
				} : void 0
			}),
			!isMismatch(save.error) && (0, import_jsx_runtime.jsx)(ProblemNote, { error: save.error }),
			(0, import_jsx_runtime.jsx)(Footer, {
				whyNot,
				isBusy: save.isPending,
				onCancel
			})
		]
	});
}
function Left({ pool, agent, draft }) {
	const { own, sharedLeft } = sumsOf(pool, agent, draft);
	const { cap, name } = agent;
	return (0, import_jsx_runtime.jsxs)("p", {
		role: "status",
		className: "text-muted",
		children: [
			sharedLeft < 0 ? (0, import_jsx_runtime.jsxs)("span", {
				className: "font-medium text-danger",
				children: [
					counted(-sharedLeft, "slot"),
					" more than can be reserved.",
					" "
				]
			}) : (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
				(0, import_jsx_runtime.jsxs)("span", {
					className: "font-medium text-text",
					children: [
						count(sharedLeft),
						" of ",
						counted(pool.limit, "slot")
					]
				}),
				" ",
				"can still be reserved.",
				" "
			] }),
			(0, import_jsx_runtime.jsx)("bdi", { children: name }),
			" gets ",
			count(own),
			cap !== null && `, its cap is ${count(cap)}`,
			"."
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
				children: props.isBusy ? "Saving…" : "Save"
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
					return await putSlots(agent, slots, version);
				} catch (error) {
					if (isMismatch(error)) setTheirs(await readPool());
					throw error;
				}
			},
			onSuccess: (_, { agent, slots }) => {
				const sum = sumOf$1(slots);
				say(sum === 0 ? `${agent.name} no longer has a reservation. Its active calls continue.` : `${counted(sum, "slot")} ${sum === 1 ? "is" : "are"} reserved for ${agent.name}. Active calls continue.`);
			}
		}),
		theirs
	};
}
// src/pages/concurrency/reserve/use-discard.ts
function useDiscard(props) {
	const { reserveFor, onOpen, onClose } = props;
	const [held, setHeld] = (0, import_react.useState)(reserveFor);
	const [isTyped, setTyped] = (0, import_react.useState)(false);
	const [isAsked, setAsked] = (0, import_react.useState)(false);
	const isElsewhere = !isSame(reserveFor, held);
	if (isElsewhere && !isTyped) setHeld(reserveFor);
	(0, import_react.useEffect)(() => {
		if (!isTyped) return;
		const ask = (event) => event.preventDefault();
		window.addEventListener("beforeunload", ask);
		return () => window.removeEventListener("beforeunload", ask);
	}, [isTyped]);
	const leaveNow = () => {
		setTyped(false);
		setAsked(false);
		onClose();
	};
	return {
		open: isTyped ? held : reserveFor,
		isAsking: isTyped && (isAsked || isElsewhere),
		setTyped,
		leaveNow,
		leave: () => isTyped ? setAsked(true) : leaveNow(),
		keep: () => {
			setAsked(false);
			if (isElsewhere && held !== void 0) onOpen(held);
		},
		discard: () => {
			if (!isElsewhere) return leaveNow();
			setTyped(false);
			setAsked(false);
		}
	};
}
function isSame(a, b) {
	if (typeof a !== "object" || typeof b !== "object") return a === b;
	return a.agent === b.agent;
}
// src/pages/concurrency/reserve/reserve-panel.tsx
function ReservePanel(props) {
	const { pool, suggested, onOpen } = props;
	const { open, isAsking, setTyped, leave, leaveNow, keep, discard } = useDiscard(props);
	const shown = useLast(open);
	if (shown === void 0) return null;
	if (shown === "choose") return (0, import_jsx_runtime.jsx)(Panel, {
		title: "Reserve slots",
		description: "Choose the agent to reserve slots for.",
		isOpen: open !== void 0,
		onClose: leave,
		children: (0, import_jsx_runtime.jsx)(ChooseAgent, {
			agents: pool.agents,
			onChoose: (agent) => onOpen({ agent })
		})
	});
	const agent = pool.agents.find(({ id }) => id === shown.agent);
	return (0, import_jsx_runtime.jsxs)(Panel, {
		title: `Reserve slots for ${agent?.name ?? shown.agent}`,
		description: "No other agent can use its reserved slots, even while they are idle.",
		isOpen: open !== void 0,
		onClose: leave,
		children: [agent === void 0 ? (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsxs)(Note, {
			kind: "warning",
			role: "alert",
			children: [
				"There is no agent ",
				shown.agent,
				". It may have been deleted in the meantime."
			]
		}), (0, import_jsx_runtime.jsx)(Button, {
			onClick: () => onOpen("choose"),
			children: "Choose another agent"
		})] }) : (0, import_jsx_runtime.jsx)(ReserveForm, {
			pool,
			agent,
			suggested: suggested?.agent === agent.id ? suggested.slots : void 0,
			past: (0, import_jsx_runtime.jsx)(PastUse, { agent }),
			onTyped: setTyped,
			onCancel: leave,
			onSaved: leaveNow
		}, agent.id), (0, import_jsx_runtime.jsx)(Confirm, {
			title: "Discard your changes?",
			consequence: `What you typed for ${agent?.name ?? shown.agent} has not been saved.`,
			action: "Discard",
			isOpen: isAsking,
			isBusy: false,
			error: null,
			onConfirm: discard,
			onClose: keep
		})]
	});
}
function useLast(reserveFor) {
	const [last, setLast] = (0, import_react.useState)(reserveFor);
	if (reserveFor !== void 0 && reserveFor !== last) setLast(reserveFor);
	return reserveFor ?? last;
}
// src/pages/concurrency/use-recent.ts
var EVERY_MS$2 = 6e4;
function useRecent() {
	const { org } = useSignedIn();
	const { data, isError } = useQuery({
		queryKey: [
			"concurrency",
			org,
			"recent"
		],
		queryFn: ({ signal }) => bodyOf(api.GET("/v1/concurrency/recent", { signal })),
		refetchInterval: EVERY_MS$2,
		staleTime: EVERY_MS$2 / 2,
		retry: false
	});
	return isError ? void 0 : data;
}
// src/pages/concurrency/waiting/use-estimates.ts
var EVERY_MS$1 = 5e3;
var HEAD = 100;
var NONE = new Map();
function useEstimates(isAnyWaiting) {
	const { org } = useSignedIn();
	const { data } = useQuery({
		queryKey: ["estimates", org],
		queryFn: async ({ signal }) => {
			const query = {
				state: "queued",
				limit: HEAD
			};
			const { items } = await bodyOf(api.GET("/v1/calls", {
				params: { query },
				signal
			}));
			const known = items.flatMap(({ id, estimated_wait_ms }) => estimated_wait_ms === null ? [] : [[id, estimated_wait_ms]]);
			return new Map(known);
		},
		enabled: isAnyWaiting,
		refetchInterval: EVERY_MS$1,
		retry: false
	});
	return (isAnyWaiting ? data : void 0) ?? NONE;
}
function hourLine(name, points, of, top) {
	const [first, last] = [points[0], points.at(-1)];
	if (first === void 0 || last === void 0 || points.length < 2) return void 0;
	const numbers = points.map(of);
	const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)];
	const [fromMs, toMs] = [Date.parse(first.at), endOf(last)];
	const x = (ms) => round((ms - fromMs) / Math.max(1, toMs - fromMs) * 100);
	const y = (value) => round(20 * (1 - value / Math.max(1, top, highest)));
	const line = points.map((point, at) => {
		const level = y(numbers[at] ?? 0);
		return `${at === 0 ? `M${x(fromMs)},${level}` : `V${level}`}H${x(endOf(point))}`;
	}).join("");
	const range = lowest === highest ? count(lowest) : `between ${count(lowest)} and ${count(highest)}`;
	return {
		line,
		area: `${line}V20H0Z`,
		says: `${name} in the last hour, the most of each minute: ${range}`
	};
}
function endOf({ at, span_ms }) {
	return Date.parse(at) + span_ms;
}
function round(value) {
	return Math.round(value * 100) / 100;
}
// src/pages/concurrency/tiles/spark-line.tsx
function SparkLine({ line, area, says }) {
	return (0, import_jsx_runtime.jsxs)("svg", {
		role: "img",
		"aria-label": says,
		viewBox: `0 0 100 20`,
		preserveAspectRatio: "none",
		className: "h-5 min-w-0 flex-1 overflow-visible text-accent forced-colors:text-[CanvasText]",
		children: [(0, import_jsx_runtime.jsx)("path", {
			d: area,
			fill: "currentColor",
			fillOpacity: .12
		}), (0, import_jsx_runtime.jsx)("path", {
			d: line,
			fill: "none",
			stroke: "currentColor",
			strokeWidth: 1.5,
			strokeLinejoin: "round",
			vectorEffect: "non-scaling-stroke"
		})]
	});
}
// src/pages/concurrency/tiles/past.tsx
function Past(props) {
	const { hour, peak } = props;
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "mt-auto flex h-6 items-end gap-3",
		children: [hour === void 0 ? (0, import_jsx_runtime.jsx)("span", { className: "flex-1" }) : (0, import_jsx_runtime.jsx)(SparkLine, { ...hour }), peak !== void 0 && (0, import_jsx_runtime.jsxs)("span", {
			className: "text-muted text-xs whitespace-nowrap",
			children: ["Peak today ", count(peak)]
		})]
	});
}
// src/pages/concurrency/tiles/tile.tsx
var TONE = {
	plain: "",
	warning: "text-warning",
	danger: "text-danger"
};
function Tile(props) {
	const { name, value, more, tone } = props.text;
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "relative flex min-w-0 flex-col gap-1 rounded-lg border border-line bg-surface px-4 py-3 shadow-card hover:border-line-strong",
		children: [(0, import_jsx_runtime.jsxs)("button", {
			type: "button",
			onClick: props.onChoose,
			className: "flex flex-col items-start text-left outline-none after:absolute after:inset-0 after:rounded-lg focus-visible:after:outline-2 focus-visible:after:outline-accent print:flex!",
			children: [
				(0, import_jsx_runtime.jsx)("span", {
					className: "text-muted",
					children: name
				}),
				" ",
				(0, import_jsx_runtime.jsxs)("span", {
					className: "flex flex-wrap items-baseline gap-x-2",
					children: [
						(0, import_jsx_runtime.jsx)("span", {
							className: `font-semibold text-xl whitespace-nowrap ${TONE[tone]}`,
							"data-tile": name,
							children: value
						}),
						more !== "" && " ",
						more !== "" && (0, import_jsx_runtime.jsx)("span", {
							className: "text-muted",
							children: more
						})
					]
				})
			]
		}), props.children]
	});
}
// src/pages/concurrency/tiles/tile-texts.ts
var NEARLY_FULL_PERCENT = 85;
function inUseTile({ active, limit }) {
	const percent = limit > 0 ? Math.floor(active / limit * 100) : active > 0 ? 100 : 0;
	const tone = percent >= 100 ? "danger" : percent >= NEARLY_FULL_PERCENT ? "warning" : "plain";
	return {
		name: "In use",
		value: `${count(active)} / ${count(limit)}`,
		more: `(${count(percent)} %)`,
		tone
	};
}
function sharedTile({ shared }) {
	const size = Math.max(0, shared.size);
	return {
		name: "Shared free",
		value: `${count(shared.free)} / ${count(size)}`,
		more: size === 0 ? "every slot is reserved" : "",
		tone: "plain"
	};
}
function waitingTile({ queued }, longest, nextMs) {
	const parts = [];
	if (queued > 0 && longest !== void 0) parts.push(`longest ${longest}`);
	if (queued > 0 && nextMs !== void 0) parts.push(`next starts ${when(nextMs)}`);
	return {
		name: "Waiting",
		value: count(queued),
		more: parts.join(" · "),
		tone: queued > 0 ? "warning" : "plain"
	};
}
function reservedTile({ reserved, limit, active, shared }) {
	const idle = Math.max(0, reserved - (active - shared.in_use));
	return {
		name: "Reserved",
		value: `${count(reserved)} / ${count(limit)}`,
		more: reserved === 0 ? "" : `${count(idle)} idle`,
		tone: "plain"
	};
}
function when(ms) {
	const words = about(ms);
	return words.startsWith("about") ? `in ${words}` : words;
}
// src/pages/concurrency/tiles/peaks-today.ts
function peaksSince(fromMs, points) {
	return highestOf(points.filter(({ at }) => Date.parse(at) >= fromMs).map(({ peak_active, peak_queued }) => ({
		active: peak_active,
		queued: peak_queued
	})));
}
function highestOf(all) {
	return {
		active: all.reduce((most, { active }) => Math.max(most, active), 0),
		queued: all.reduce((most, { queued }) => Math.max(most, queued), 0)
	};
}
// src/pages/concurrency/tiles/use-peaks-today.ts
function usePeaksToday(recent) {
	const { org } = useSignedIn();
	const serverNow = useServerNow();
	const midnight = localMidnight(useNow(6e4));
	const { data } = useQuery({
		queryKey: [
			"concurrency",
			org,
			"peaks today",
			midnight
		],
		queryFn: ({ signal }) => readPeaks(midnight, serverNow(), signal),
		staleTime: 6e5,
		retry: false
	});
	return (0, import_react.useMemo)(() => {
		if (data === void 0 || recent === void 0) return void 0;
		return highestOf([data, peaksSince(midnight, recent.points)]);
	}, [
		data,
		recent,
		midnight
	]);
}
async function readPeaks(midnight, nowMs, signal) {
	const read = partsOfToday(midnight, nowMs).map((part) => readPart(part, signal));
	return peaksSince(midnight, (await Promise.all(read)).flat());
}
async function readPart({ fromMs, toMs, stepS }, signal) {
	const query = {
		from: new Date(fromMs).toISOString(),
		to: new Date(toMs).toISOString(),
		step_s: stepS
	};
	const { series } = await bodyOf(api.GET("/v1/history", {
		params: { query },
		signal
	}));
	return series.flatMap(({ points }) => points);
}
// src/pages/concurrency/tiles/tiles.tsx
function Tiles(props) {
	const { pool, onShow } = props;
	const recent = useRecent();
	const peaks = usePeaksToday(recent);
	const show = (view, tab) => () => onShow({
		search: "",
		agent: void 0,
		...view
	}, tab);
	return (0, import_jsx_runtime.jsxs)("section", {
		"aria-label": "The pool now",
		className: "grid grid-cols-2 gap-3 lg:grid-cols-4",
		children: [
			(0, import_jsx_runtime.jsx)(InUseTile, {
				pool,
				recent,
				peaks,
				onChoose: show({ show: "in-use" })
			}),
			(0, import_jsx_runtime.jsx)(Tile, {
				text: sharedTile(pool),
				onChoose: show({ show: "shared" })
			}),
			(0, import_jsx_runtime.jsx)(WaitingTile, {
				pool,
				recent,
				peaks,
				onChoose: show({ show: "all" }, "waiting")
			}),
			(0, import_jsx_runtime.jsx)(Tile, {
				text: reservedTile(pool),
				onChoose: show({ show: "reserved" })
			})
		]
	});
}
function InUseTile({ pool, recent, peaks, onChoose }) {
	const { active, limit } = pool;
	const hour = (0, import_react.useMemo)(() => hourLine("In use", recent?.points ?? [], ({ peak_active }) => peak_active, limit), [recent, limit]);
	return (0, import_jsx_runtime.jsx)(Tile, {
		text: inUseTile(pool),
		onChoose,
		children: (0, import_jsx_runtime.jsx)(Past, {
			hour,
			peak: peaks && Math.max(peaks.active, active)
		})
	});
}
function WaitingTile({ pool, recent, peaks, onChoose }) {
	const { queued } = pool;
	const oldest = useLive((live) => live.queue[0]);
	const nowMs = useNow(1e3);
	const estimates = useEstimates(queued > 0);
	const longest = oldest && duration(nowMs - Date.parse(oldest.requested_at));
	const next = estimates.size === 0 ? void 0 : Math.min(...estimates.values());
	const hour = (0, import_react.useMemo)(() => hourLine("Waiting", recent?.points ?? [], ({ peak_queued }) => peak_queued, 0), [recent]);
	return (0, import_jsx_runtime.jsx)(Tile, {
		text: waitingTile(pool, longest, next),
		onChoose,
		children: (0, import_jsx_runtime.jsx)(Past, {
			hour,
			peak: peaks && Math.max(peaks.queued, queued)
		})
	});
}
// src/pages/concurrency/matrix/matrix-rows.ts
var SHOWS = [
	"all",
	"reserved",
	"waiting",
	"at-cap",
	"in-use",
	"shared"
];
var SORT_KEYS$1 = [
	"agent",
	"in-use",
	"waiting",
	"wait-p95",
	"cap"
];
function matrixRows(agents, view, waits = new Map()) {
	return foundAgents(agents, view.search).filter((agent) => isShown(agent, view.show) && (view.agent === void 0 || agent.id === view.agent)).toSorted(orderOf(view.sort, waits));
}
function isShown(agent, show) {
	switch (show) {
		case "all": return true;
		case "reserved": return agent.reserved > 0;
		case "waiting": return agent.queued > 0;
		case "at-cap": return agent.cap !== null && agent.active >= agent.cap;
		case "in-use": return agent.active > 0;
		case "shared": return CALL_TYPES.some((type) => agent.types[type].shared_in_use > 0);
	}
}
function orderOf(sort, waits) {
	if (sort === void 0) return (a, b) => b.queued - a.queued || byUse(a, b);
	const ways = sort.isDescending ? -1 : 1;
	const { key } = sort;
	if (key === "agent") return (a, b) => ways * byName(a, b);
	const numbers = numbersOf(key, waits);
	return (a, b) => {
		const [ofA, ofB] = [numbers(a), numbers(b)];
		for (let at = 0; at < ofA.length; at += 1) {
			const more = (ofA[at] ?? 0) - (ofB[at] ?? 0);
			if (more !== 0) return ways * more;
		}
		return byUse(a, b);
	};
}
function numbersOf(key, waits) {
	if (key === "in-use") return ({ active }) => [active];
	if (key === "waiting") return ({ queued }) => [queued];
	if (key === "wait-p95") return ({ id }) => [waits.get(id) ?? -1];
	if (key === "cap") return ({ cap }) => [cap ?? Number.MAX_SAFE_INTEGER];
	return ({ types }) => [
		types[key].active,
		types[key].reserved,
		types[key].queued
	];
}
function byUse(a, b) {
	return b.active - a.active || b.reserved - a.reserved || byName(a, b);
}
var NAMES = new Intl.Collator("en", { numeric: true });
function byName(a, b) {
	return NAMES.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}
function nextSort$1(sort, key) {
	const isMostFirst = key !== "agent";
	if (sort?.key !== key) return {
		key,
		isDescending: isMostFirst
	};
	return sort.isDescending === isMostFirst ? {
		key,
		isDescending: !isMostFirst
	} : void 0;
}
function inOrder(rows, before) {
	const places = new Map(before.map((id, at) => [id, at]));
	const placeOf = ({ id }) => places.get(id) ?? before.length;
	return rows.toSorted((a, b) => placeOf(a) - placeOf(b));
}
function totalsOf(agents) {
	const of = (type) => {
		const sum = {
			reserved: 0,
			active: 0,
			queued: 0,
			reserved_in_use: 0,
			shared_in_use: 0
		};
		for (const { types } of agents) {
			const use = types[type];
			sum.reserved += use.reserved;
			sum.active += use.active;
			sum.queued += use.queued;
			sum.reserved_in_use += use.reserved_in_use;
			sum.shared_in_use += use.shared_in_use;
		}
		return sum;
	};
	return {
		types: {
			webcall: of("webcall"),
			chat: of("chat"),
			outbound: of("outbound"),
			inbound: of("inbound")
		},
		active: agents.reduce((sum, { active }) => sum + active, 0),
		queued: agents.reduce((sum, { queued }) => sum + queued, 0)
	};
}
// src/pages/concurrency/address.ts
var TABS = ["agents", "waiting"];
var PATH = "/concurrency";
function readAddress(search) {
	const params = new URLSearchParams(search);
	const agent = params.get("agent") ?? "";
	return {
		tab: TABS.find((tab) => tab === params.get("tab")) ?? "agents",
		view: {
			show: SHOWS.find((show) => show === params.get("show")) ?? "all",
			search: params.get("q") ?? "",
			agent: ID_PATTERN.test(agent) ? agent : void 0,
			sort: readSort$1(params.get("sort"))
		},
		reserveFor: readEdit(params.get("edit"))
	};
}
function hrefOf$1({ tab, view, reserveFor }) {
	const params = new URLSearchParams();
	if (tab !== "agents") params.set("tab", tab);
	if (view.show !== "all") params.set("show", view.show);
	if (view.search !== "") params.set("q", view.search);
	if (view.agent !== void 0) params.set("agent", view.agent);
	if (view.sort !== void 0) params.set("sort", `${view.sort.isDescending ? "-" : ""}${view.sort.key}`);
	if (reserveFor !== void 0) params.set("edit", reserveFor === "choose" ? "" : reserveFor.agent);
	const query = params.toString();
	return query === "" ? PATH : `${PATH}?${query}`;
}
function readEdit(text) {
	if (text === null) return void 0;
	return ID_PATTERN.test(text) ? { agent: text } : "choose";
}
function readSort$1(text) {
	const isDescending = text?.startsWith("-") ?? false;
	const name = isDescending ? text?.slice(1) : text;
	const key = [...SORT_KEYS$1, ...CALL_TYPES].find((known) => known === name);
	return key === void 0 ? void 0 : {
		key,
		isDescending
	};
}
// src/pages/concurrency/use-address.ts
function useAddress() {
	const search = useSearch();
	const [, navigate] = useLocation();
	return (0, import_react.useMemo)(() => {
		const address = readAddress(search);
		const replace = (next) => navigate(hrefOf$1({
			...address,
			...next
		}), { replace: true });
		return {
			...address,
			show: (view, tab = "agents") => replace({
				view: {
					...address.view,
					...view
				},
				tab
			}),
			chooseTab: (tab) => replace({ tab }),
			openPanel: (reserveFor) => navigate(hrefOf$1({
				...address,
				reserveFor
			})),
			closePanel: () => replace({ reserveFor: void 0 })
		};
	}, [search, navigate]);
}
// src/pages/concurrency/matrix/agent-search.tsx
function AgentSearch(props) {
	const input = (0, import_react.useRef)(null);
	(0, import_react.useEffect)(() => {
		const listen = (event) => {
			if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
			if (isTyping(event.target) || document.querySelector("[role=dialog]") !== null) return;
			event.preventDefault();
			input.current?.focus();
		};
		document.addEventListener("keydown", listen);
		return () => document.removeEventListener("keydown", listen);
	}, []);
	return (0, import_jsx_runtime.jsx)("input", {
		ref: input,
		type: "search",
		"aria-label": "Search agents",
		"aria-keyshortcuts": "/",
		placeholder: "Search agents  /",
		value: props.value,
		onChange: (event) => props.onChange(event.target.value),
		onKeyDown: (event) => event.key === "Escape" && props.onChange(""),
		className: `${INPUT_LOOK} w-48! max-sm:w-full!`
	});
}
function isTyping(target) {
	return target instanceof HTMLElement && target.matches("input, textarea, select");
}
// src/pages/concurrency/matrix/cell-edit.ts
var Cells = (0, import_react.createContext)(void 0);
function wrongWith(pool, { agent: id, type, text }) {
	const typed = slotsIn(text);
	if (typed.wrong !== void 0) return typed.wrong;
	const agent = pool.agents.find((each) => each.id === id);
	if (agent === void 0) return "This agent was deleted in the meantime.";
	return misfit(pool, agent, {
		...slotsOf(agent),
		[type]: typed.slots
	}, type);
}
function useCellEdits(pool, barred, onSaved) {
	const [edit, setEdit] = (0, import_react.useState)();
	const [notice, setNotice] = (0, import_react.useState)();
	const latest = (0, import_react.useRef)({
		pool,
		onSaved
	});
	latest.current = {
		pool,
		onSaved
	};
	const returnTo = (0, import_react.useRef)(void 0);
	const { mutate, isPending } = useMutation({
		mutationFn: (change) => putNumber(latest.current.pool, change),
		onSuccess: (_, change) => {
			returnTo.current = `${change.agent} ${change.type}`;
			setEdit(void 0);
			latest.current.onSaved(change);
		},
		onError: (error, change) => {
			if (!(error instanceof NumberConflict)) return setNotice(sentence(error.message));
			setEdit((now) => now && {
				...now,
				from: error.theirs
			});
			setNotice(`Someone else set this to ${error.theirs} in the meantime. Enter saves ${change.to} all the same, Esc keeps theirs.`);
		}
	});
	const typedWrong = edit && wrongWith(pool, edit);
	return (0, import_react.useMemo)(() => {
		const isChanged = edit !== void 0 && edit.text.trim() !== String(edit.from);
		const begin = (agent, type) => {
			if (isChanged) return setNotice("Save this number (Enter) or restore it (Esc) first.");
			const from = agent.types[type].reserved;
			setNotice(void 0);
			setEdit({
				agent: agent.id,
				type,
				from,
				text: String(from)
			});
		};
		const restore = () => {
			if (edit !== void 0) returnTo.current = `${edit.agent} ${edit.type}`;
			setNotice(void 0);
			setEdit(void 0);
		};
		const save = () => {
			if (edit === void 0 || isPending || typedWrong !== void 0) return;
			const { slots } = slotsIn(edit.text);
			if (slots === void 0 || slots === edit.from) return restore();
			setNotice(void 0);
			mutate({
				agent: edit.agent,
				type: edit.type,
				from: edit.from,
				to: slots
			});
		};
		const change = (text) => {
			setNotice(void 0);
			setEdit((now) => now && {
				...now,
				text
			});
		};
		return {
			barred,
			edit,
			wrong: notice ?? (isChanged ? typedWrong : void 0),
			isSaving: isPending,
			begin,
			change,
			save,
			restore,
			returnTo
		};
	}, [
		edit,
		notice,
		typedWrong,
		isPending,
		barred,
		mutate
	]);
}
function sentence(text) {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
// src/pages/concurrency/matrix/cell-editor.tsx
function CellEditor({ name }) {
	const cells = (0, import_react.useContext)(Cells);
	const input = (0, import_react.useRef)(null);
	const hint = (0, import_react.useId)();
	(0, import_react.useEffect)(() => {
		input.current?.focus();
		input.current?.select();
	}, []);
	if (cells?.edit === void 0) return null;
	const { edit, wrong, isSaving, change, save, restore } = cells;
	const onKeyDown = (event) => {
		if (event.key === "Enter") save();
		if (event.key === "Escape") restore();
		if (event.key === "ArrowUp" || event.key === "ArrowDown") {
			event.preventDefault();
			change(stepped(edit.text, event.key === "ArrowUp" ? 1 : -1));
		}
	};
	return (0, import_jsx_runtime.jsxs)("span", {
		className: "relative z-5 block",
		children: [(0, import_jsx_runtime.jsx)("input", {
			ref: input,
			"aria-label": `Slots reserved for ${TYPE_NAME[edit.type]} of ${name}`,
			"aria-invalid": wrong !== void 0 || void 0,
			"aria-describedby": hint,
			inputMode: "numeric",
			autoComplete: "off",
			value: edit.text,
			readOnly: isSaving,
			onChange: (event) => change(event.target.value),
			onKeyDown,
			onBlur: () => edit.text.trim() === String(edit.from) && restore(),
			className: "h-9 w-full min-w-14 rounded-md border border-accent bg-surface px-2 text-right text-text aria-invalid:border-danger"
		}), (0, import_jsx_runtime.jsxs)("span", {
			id: hint,
			className: "absolute top-full right-0 z-20 mt-1 flex w-max max-w-64 flex-col gap-1 rounded-md border border-line bg-raised px-2.5 py-1.5 text-left text-xs whitespace-normal shadow-overlay",
			children: [wrong === void 0 ? (0, import_jsx_runtime.jsx)("span", {
				className: "text-muted",
				children: isSaving ? "Saving…" : "Slots to reserve. Enter saves, Esc restores."
			}) : (0, import_jsx_runtime.jsx)("span", {
				role: "alert",
				className: "text-danger",
				children: wrong
			}), (0, import_jsx_runtime.jsxs)("span", {
				className: "flex gap-3",
				children: [(0, import_jsx_runtime.jsx)(TextButton, {
					onClick: save,
					children: "Save"
				}), (0, import_jsx_runtime.jsx)(TextButton, {
					onClick: restore,
					children: "Cancel"
				})]
			})]
		})]
	});
}
function TextButton(props) {
	return (0, import_jsx_runtime.jsx)("button", {
		type: "button",
		tabIndex: -1,
		onPointerDown: (event) => event.preventDefault(),
		onClick: props.onClick,
		className: "min-h-6 font-medium text-accent pointer-coarse:min-h-10",
		children: props.children
	});
}
function stepped(text, by) {
	return /^\d{1,8}$/.test(text.trim()) ? String(Math.max(0, Number(text) + by)) : text;
}
// src/pages/concurrency/matrix/class-words.ts
function usedText({ active, reserved }) {
	if (reserved > 0) return `${count(active)}/${count(reserved)}`;
	return active > 0 ? count(active) : "";
}
function waitingText({ queued }) {
	return queued > 0 ? `+${count(queued)}` : "";
}
function classWords(use, oldestWait) {
	const { reserved, reserved_in_use, shared_in_use, queued } = use;
	const words = [];
	if (reserved > 0) words.push(`${count(reserved_in_use)} of ${counted(reserved, "reserved slot")} in use`);
	if (shared_in_use > 0) words.push(`${counted(shared_in_use, "shared slot")} in use`);
	if (queued > 0) {
		const longest = oldestWait === void 0 ? "" : `, ${queued > 1 ? "longest " : ""}${oldestWait}`;
		words.push(`${count(queued)} waiting${longest}`);
	}
	return words.length === 0 ? "Nothing reserved, nothing in use" : words.join(" · ");
}
function barParts(use) {
	const slots = use.reserved + use.shared_in_use;
	return [
		{
			kind: "used",
			share: use.reserved_in_use
		},
		{
			kind: "idle",
			share: use.reserved - use.reserved_in_use
		},
		{
			kind: "borrowed",
			share: use.shared_in_use
		},
		{
			kind: "waiting",
			share: Math.min(use.queued, Math.max(1, slots / 2))
		}
	].filter(({ share }) => share > 0);
}
// src/pages/concurrency/matrix/oldest-waits.ts
function oldestWaits(queue) {
	const found = new Map();
	for (const { agent, type, requested_at } of queue) {
		const key = classKey(agent, type);
		if (!found.has(key)) found.set(key, requested_at);
	}
	return found;
}
function classKey(agent, type) {
	return `${agent} ${type}`;
}
// src/pages/concurrency/matrix/type-cell.tsx
var Waits = (0, import_react.createContext)(new Map());
function TypeCell(props) {
	const use = props.agent.types[props.type];
	return use.queued > 0 ? (0, import_jsx_runtime.jsx)(WaitingCell, { ...props }) : (0, import_jsx_runtime.jsx)(Numbers, {
		...props,
		words: classWords(use)
	});
}
function WaitingCell(props) {
	const { agent, type } = props;
	const nowMs = useNow(1e3);
	const oldest = (0, import_react.useContext)(Waits).get(classKey(agent.id, type));
	const wait = oldest === void 0 ? void 0 : duration(nowMs - Date.parse(oldest));
	return (0, import_jsx_runtime.jsx)(Numbers, {
		...props,
		words: classWords(agent.types[type], wait)
	});
}
function Numbers({ agent, type, color, words }) {
	const cells = (0, import_react.useContext)(Cells);
	const use = agent.types[type];
	if (cells?.edit?.agent === agent.id && cells.edit.type === type) return (0, import_jsx_runtime.jsx)(CellEditor, { name: agent.name });
	const barred = cells?.barred;
	const numbers = [usedText(use), waitingText(use)].filter(Boolean).join(" ");
	return (0, import_jsx_runtime.jsx)(Tip, {
		text: `${TYPE_NAME[type]}: ${words}${barred === void 0 ? "" : `. ${barred}`}`,
		children: (0, import_jsx_runtime.jsx)("button", {
			ref: (button) => takeFocus(button, cells, classKey(agent.id, type)),
			type: "button",
			"aria-label": `${agent.name}, ${TYPE_NAME[type]} ${numbers === "" ? "nothing" : numbers}`,
			"aria-disabled": barred === void 0 ? void 0 : true,
			onClick: () => barred === void 0 && cells?.begin(agent, type),
			className: "relative z-1 -mx-1 flex h-10 w-[calc(100%+0.5rem)] flex-col items-stretch justify-center rounded px-1 [text-align:inherit] hover:inset-ring hover:inset-ring-line-strong aria-disabled:cursor-default aria-disabled:hover:inset-ring-0",
			children: (0, import_jsx_runtime.jsx)(ClassNumbers, {
				use,
				color
			})
		})
	});
}
function takeFocus(button, cells, key) {
	if (button === null || cells?.returnTo.current !== key) return;
	cells.returnTo.current = void 0;
	button.focus();
}
function ClassNumbers({ use, color }) {
	const [inUse, waiting] = [usedText(use), waitingText(use)];
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsxs)("span", {
		className: "block h-[1lh] truncate",
		children: [(0, import_jsx_runtime.jsx)("span", {
			className: use.active === 0 ? "text-muted" : "",
			children: inUse
		}), waiting !== "" && (0, import_jsx_runtime.jsx)("span", {
			className: "font-medium text-warning",
			children: `${inUse === "" ? "" : " "}${waiting}`
		})]
	}), (0, import_jsx_runtime.jsx)(ClassBar, {
		use,
		color
	})] });
}
function ClassBar({ use, color }) {
	const parts = barParts(use);
	if (parts.length === 0) return null;
	return (0, import_jsx_runtime.jsx)("span", {
		"aria-hidden": "true",
		className: "mt-0.5 flex h-1 gap-px forced-color-adjust-none",
		children: parts.map(({ kind, share }) => (0, import_jsx_runtime.jsx)("span", {
			className: `min-w-px basis-0 rounded-xs ${partLook(kind, color)}`,
			style: { flexGrow: share }
		}, kind))
	});
}
function partLook(kind, color) {
	switch (kind) {
		case "used": return groundOf(color).solid;
		case "idle": return "bg-line forced-colors:border forced-colors:border-[CanvasText] forced-colors:bg-[Canvas]";
		case "borrowed": return "bg-shared";
		case "waiting": return "bg-warning";
	}
}
// src/pages/concurrency/matrix/matrix-columns.tsx
function matrixColumns(options) {
	const { colors, sort, onSort, waits } = options;
	const sortable = (key) => ({
		order: sort?.key === key ? sort.isDescending ? "descending" : "ascending" : void 0,
		onOrder: () => onSort(nextSort$1(sort, key))
	});
	const typeColumn = (type) => ({
		key: type,
		head: TYPE_NAME[type],
		width: 4.25,
		percent: 11,
		isNumber: true,
		isFilled: true,
		cell: (agent) => (0, import_jsx_runtime.jsx)(TypeCell, {
			agent,
			type,
			color: colors.get(agent.id)
		}),
		...sortable(type)
	});
	const waitColumn = (known) => ({
		key: "wait-p95",
		head: "Wait p95 1 h",
		hint: "95 of 100 calls of the last hour waited no longer",
		width: 7.5,
		extra: 1,
		isNumber: true,
		cell: ({ id }) => (0, import_jsx_runtime.jsx)(LongWait, { ms: known.get(id) }),
		...sortable("wait-p95")
	});
	return [
		{
			key: "agent",
			head: "Agent",
			width: 7,
			isWide: true,
			cell: (agent) => (0, import_jsx_runtime.jsx)(AgentName, {
				agent,
				color: colors.get(agent.id)
			}),
			...sortable("agent")
		},
		...CALL_TYPES.map(typeColumn),
		{
			key: "in-use",
			head: "In use",
			width: 4.5,
			isNumber: true,
			cell: ({ active }) => (0, import_jsx_runtime.jsx)(InUse, { active }),
			...sortable("in-use")
		},
		{
			key: "waiting",
			head: "Waiting",
			width: 5,
			isNumber: true,
			cell: ({ queued }) => (0, import_jsx_runtime.jsx)(WaitingCount, { queued }),
			...sortable("waiting")
		},
		...waits === void 0 ? [] : [waitColumn(waits)],
		{
			key: "cap",
			head: "Cap",
			width: 3.5,
			isNumber: true,
			cell: (agent) => (0, import_jsx_runtime.jsx)(Cap, { agent }),
			...sortable("cap")
		},
		{
			key: "actions",
			head: (0, import_jsx_runtime.jsx)("span", {
				className: "sr-only",
				children: "Actions"
			}),
			width: 3.25,
			isNumber: true,
			cell: (agent) => (0, import_jsx_runtime.jsx)(AgentMenu, { agent })
		}
	];
}
function matrixFoot(totals, agents) {
	const types = CALL_TYPES.map((type) => [type, (0, import_jsx_runtime.jsx)(ClassNumbers, { use: totals.types[type] }, type)]);
	return {
		agent: agents,
		...Object.fromEntries(types),
		"in-use": (0, import_jsx_runtime.jsx)(InUse, { active: totals.active }),
		waiting: (0, import_jsx_runtime.jsx)(WaitingCount, { queued: totals.queued })
	};
}
function InUse({ active }) {
	return (0, import_jsx_runtime.jsx)("span", {
		className: active === 0 ? "text-muted" : "font-medium",
		children: count(active)
	});
}
function WaitingCount({ queued }) {
	return queued === 0 ? null : (0, import_jsx_runtime.jsx)("span", {
		className: "font-medium text-warning",
		children: count(queued)
	});
}
function LongWait({ ms }) {
	return ms === void 0 ? null : (0, import_jsx_runtime.jsx)("span", {
		className: `whitespace-nowrap ${ms === 0 ? "text-muted" : ""}`,
		children: shortDuration(ms)
	});
}
function Cap({ agent: { active, cap } }) {
	if (cap === null) return null;
	return active >= cap ? (0, import_jsx_runtime.jsx)("span", {
		className: "font-medium text-warning",
		title: "At its cap",
		children: count(cap)
	}) : (0, import_jsx_runtime.jsx)("span", {
		className: "text-muted",
		children: count(cap)
	});
}
// src/pages/concurrency/matrix/agent-card.tsx
function agentCard(colors) {
	return {
		rem: 8,
		show: (agent) => (0, import_jsx_runtime.jsx)(AgentFacts, {
			agent,
			color: colors.get(agent.id)
		})
	};
}
function AgentFacts({ agent, color }) {
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex h-full flex-col justify-between py-2",
		children: [(0, import_jsx_runtime.jsxs)("div", {
			className: "flex items-center gap-3",
			children: [
				(0, import_jsx_runtime.jsx)("span", {
					className: "min-w-0 flex-1 font-medium",
					children: (0, import_jsx_runtime.jsx)(AgentName, {
						agent,
						color
					})
				}),
				(0, import_jsx_runtime.jsxs)("span", {
					className: "whitespace-nowrap",
					children: [
						(0, import_jsx_runtime.jsx)(InUse, { active: agent.active }),
						" ",
						(0, import_jsx_runtime.jsx)("span", {
							className: "text-muted",
							children: "in use"
						})
					]
				}),
				agent.queued > 0 && (0, import_jsx_runtime.jsxs)("span", {
					className: "whitespace-nowrap",
					children: [
						(0, import_jsx_runtime.jsx)(WaitingCount, { queued: agent.queued }),
						" ",
						(0, import_jsx_runtime.jsx)("span", {
							className: "text-muted",
							children: "waiting"
						})
					]
				}),
				(0, import_jsx_runtime.jsx)(AgentMenu, { agent })
			]
		}), (0, import_jsx_runtime.jsx)("dl", {
			className: "grid grid-cols-4 gap-3",
			children: CALL_TYPES.map((type) => (0, import_jsx_runtime.jsxs)("div", {
				className: "min-w-0",
				children: [(0, import_jsx_runtime.jsx)("dt", {
					className: "truncate text-muted text-xs",
					children: TYPE_NAME[type]
				}), (0, import_jsx_runtime.jsx)("dd", { children: (0, import_jsx_runtime.jsx)(TypeCell, {
					agent,
					type,
					color
				}) })]
			}, type))
		})]
	});
}
// src/pages/concurrency/matrix/chips.tsx
var CHIPS = [
	{
		show: "all",
		label: "All",
		isAlways: true
	},
	{
		show: "reserved",
		label: "Reserved",
		isAlways: true
	},
	{
		show: "waiting",
		label: "Waiting",
		isAlways: true
	},
	{
		show: "at-cap",
		label: "At cap",
		isAlways: true
	},
	{
		show: "in-use",
		label: "In use",
		isAlways: false
	},
	{
		show: "shared",
		label: "On shared slots",
		isAlways: false
	}
];
function Chips(props) {
	const { agents, view, onShow } = props;
	const only = agents.find(({ id }) => id === view.agent);
	return (0, import_jsx_runtime.jsxs)("fieldset", {
		className: "flex flex-wrap gap-1.5",
		children: [
			(0, import_jsx_runtime.jsx)("legend", {
				className: "sr-only",
				children: "Which agents are listed"
			}),
			CHIPS.filter(({ show, isAlways }) => isAlways || show === view.show).map(({ show, label }) => (0, import_jsx_runtime.jsxs)(Chip, {
				isOn: view.show === show && view.agent === void 0,
				onChoose: () => onShow({
					show,
					agent: void 0
				}),
				children: [
					label,
					" ",
					(0, import_jsx_runtime.jsx)("span", {
						className: "text-muted",
						children: count(agents.filter((agent) => isShown(agent, show)).length)
					})
				]
			}, show)),
			view.agent !== void 0 && (0, import_jsx_runtime.jsxs)(Chip, {
				isOn: true,
				onChoose: () => onShow({ agent: void 0 }),
				children: [
					(0, import_jsx_runtime.jsx)("bdi", {
						className: "max-w-40 truncate",
						children: only?.name ?? view.agent
					}),
					(0, import_jsx_runtime.jsx)("span", {
						"aria-hidden": "true",
						children: "×"
					}),
					(0, import_jsx_runtime.jsx)("span", {
						className: "sr-only",
						children: ": list the others as well"
					})
				]
			})
		]
	});
}
function Chip(props) {
	return (0, import_jsx_runtime.jsx)("button", {
		type: "button",
		"aria-pressed": props.isOn,
		onClick: props.onChoose,
		className: `inline-flex min-h-7 items-center gap-1.5 rounded-full border px-2.5 pointer-coarse:min-h-10 ${props.isOn ? "border-accent bg-accent-soft font-medium text-accent" : "border-line hover:bg-sunken"}`,
		children: props.children
	});
}
// src/pages/concurrency/matrix/held-order.ts
var EVERY_MS = 2e3;
function useHeldOrder(rows, asked) {
	const [isPointed, setPointed] = (0, import_react.useState)(false);
	const [isFocused, setFocused] = (0, import_react.useState)(false);
	const isHeld = isPointed || isFocused;
	const turn = useTurns();
	const last = (0, import_react.useRef)(void 0);
	return {
		ordered: (0, import_react.useMemo)(() => {
			const before = last.current;
			const isTimely = before?.turn !== turn || before.isHeld;
			const shown = before?.asked === asked && before.ids.length > 0 && (isHeld || !isTimely) ? inOrder(rows, before.ids) : rows;
			last.current = {
				asked,
				turn,
				isHeld,
				ids: shown.map(({ id }) => id)
			};
			return shown;
		}, [
			rows,
			asked,
			isHeld,
			turn
		]),
		hold: (0, import_react.useMemo)(() => ({
			onPointerEnter: () => setPointed(true),
			onPointerLeave: () => setPointed(false),
			onFocus: () => setFocused(true),
			onBlur: () => setFocused(false)
		}), [])
	};
}
function useTurns() {
	const [turn, setTurn] = (0, import_react.useState)(0);
	(0, import_react.useEffect)(() => {
		const timer = setInterval(() => setTurn((now) => now + 1), EVERY_MS);
		return () => clearInterval(timer);
	}, []);
	return turn;
}
// src/pages/concurrency/matrix/long-waits.ts
var UNREAD = new Map();
function longWaits(recent) {
	if (recent === void 0) return UNREAD;
	if (recent.agents === null) return void 0;
	return new Map(recent.agents.flatMap(({ agent, wait_ms }) => wait_ms === null ? [] : [[agent, wait_ms.p95]]));
}
// src/pages/concurrency/matrix/undo-note.tsx
var FOR_MS = 1e4;
function UndoNote(props) {
	const { pool, change, onGone } = props;
	const { agent, type, from, to } = change;
	const undo = useMutation({
		mutationFn: () => putNumber(pool, {
			agent,
			type,
			from: to,
			to: from
		}),
		onSuccess: onGone
	});
	const isTried = !undo.isIdle;
	(0, import_react.useEffect)(() => {
		if (isTried) return;
		const timer = setTimeout(onGone, FOR_MS);
		return () => clearTimeout(timer);
	}, [isTried, onGone]);
	const name = pool.agents.find(({ id }) => id === agent)?.name ?? agent;
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col gap-2 px-4 pb-3",
		children: [(0, import_jsx_runtime.jsxs)("p", {
			role: "status",
			className: "flex flex-wrap items-center gap-x-3",
			children: [(0, import_jsx_runtime.jsxs)("span", { children: [
				"Saved: ",
				(0, import_jsx_runtime.jsx)("bdi", { children: name }),
				", ",
				TYPE_NAME[type],
				", ",
				count(from),
				" → ",
				count(to),
				"."
			] }), (0, import_jsx_runtime.jsx)("button", {
				type: "button",
				disabled: undo.isPending,
				onClick: () => undo.mutate(),
				className: "font-medium text-accent underline underline-offset-2",
				children: "Undo"
			})]
		}), (0, import_jsx_runtime.jsx)(ProblemNote, { error: undo.error })]
	});
}
// src/pages/concurrency/matrix/matrix.tsx
function Matrix({ pool, colors, view, onShow }) {
	const queue = useLive((live) => live.queue);
	const oldest = (0, import_react.useMemo)(() => oldestWaits(queue ?? []), [queue]);
	const recent = useRecent();
	const waits = (0, import_react.useMemo)(() => longWaits(recent), [recent]);
	const { show, search, agent, sort } = view;
	const { ordered, hold } = useHeldOrder((0, import_react.useMemo)(() => matrixRows(pool.agents, {
		show,
		search,
		agent,
		sort
	}, waits), [
		pool.agents,
		show,
		search,
		agent,
		sort,
		waits
	]), JSON.stringify(view));
	const [saved, setSaved] = (0, import_react.useState)();
	const cells = useCellEdits(pool, useBarred("admin"), setSaved);
	const forget = (0, import_react.useCallback)(() => setSaved(void 0), []);
	return (0, import_jsx_runtime.jsx)(Cells, {
		value: cells,
		children: (0, import_jsx_runtime.jsx)(Waits, {
			value: oldest,
			children: (0, import_jsx_runtime.jsxs)("div", {
				...hold,
				children: [
					(0, import_jsx_runtime.jsx)("div", {
						className: "px-4 pb-3",
						children: (0, import_jsx_runtime.jsx)(Chips, {
							agents: pool.agents,
							view,
							onShow
						})
					}),
					saved !== void 0 && (0, import_jsx_runtime.jsx)(UndoNote, {
						pool,
						change: saved,
						onGone: forget
					}, JSON.stringify(saved)),
					ordered.length === 0 ? (0, import_jsx_runtime.jsx)(NoAgents, {
						isNarrowed: pool.agents.length > 0,
						view,
						onShow
					}) : (0, import_jsx_runtime.jsx)(Table, {
						agents: ordered,
						colors,
						view,
						waits,
						onShow
					})
				]
			})
		})
	});
}
function Table({ agents, colors, view: { sort }, waits, onShow }) {
	const show = (0, import_react.useRef)(onShow);
	show.current = onShow;
	const columns = (0, import_react.useMemo)(() => matrixColumns({
		colors,
		sort,
		waits,
		onSort: (next) => show.current({ sort: next })
	}), [
		colors,
		sort,
		waits
	]);
	const foot = (0, import_react.useMemo)(() => matrixFoot(totalsOf(agents), `Total of ${counted(agents.length, "agent")}`), [agents]);
	const card = (0, import_react.useMemo)(() => agentCard(colors), [colors]);
	return (0, import_jsx_runtime.jsx)(WindowedTable, {
		label: "Agents by call type",
		columns,
		rows: agents,
		keyOf: idOf$1,
		rowRem: 3,
		foot,
		card,
		isFramed: true
	});
}
function idOf$1({ id }) {
	return id;
}
function NoAgents(props) {
	const { isNarrowed, view, onShow } = props;
	return (0, import_jsx_runtime.jsx)("div", {
		className: "flex flex-col items-center gap-2 border-line border-t px-6 py-10 text-center",
		children: isNarrowed ? (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
			(0, import_jsx_runtime.jsx)("p", {
				className: "font-medium",
				children: view.search === "" ? "No agent is so now" : "No agent found"
			}),
			(0, import_jsx_runtime.jsx)("p", {
				className: "max-w-prose break-words text-muted",
				children: view.search === "" ? "Agents appear here as soon as they fit the choice above." : `No agent of this choice has “${view.search}” in its name or id.`
			}),
			(0, import_jsx_runtime.jsx)(Button, {
				onClick: () => onShow({
					show: "all",
					search: "",
					agent: void 0
				}),
				children: "Show all agents"
			})
		] }) : (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)("p", {
			className: "font-medium",
			children: "No agents yet"
		}), (0, import_jsx_runtime.jsxs)("p", {
			className: "max-w-prose text-muted",
			children: [
				"Calls are for agents, and slots are reserved for them. Create the first one on the",
				" ",
				(0, import_jsx_runtime.jsx)(Link, {
					href: "/agents",
					className: "text-accent underline underline-offset-2",
					children: "Agents"
				}),
				" ",
				"page."
			]
		})] })
	});
}
// src/pages/calls/call/end-note.tsx
var NOTE_LENGTH = 1e3;
function EndNote({ note, onChange }) {
	const field = (0, import_react.useId)();
	return (0, import_jsx_runtime.jsxs)("label", {
		htmlFor: field,
		className: "flex flex-col gap-1 text-text",
		children: [(0, import_jsx_runtime.jsx)("span", {
			className: "font-medium",
			children: "Note (optional)"
		}), (0, import_jsx_runtime.jsx)("input", {
			id: field,
			value: note,
			maxLength: NOTE_LENGTH,
			onChange: (event) => onChange(event.target.value),
			placeholder: "Reason for ending",
			className: INPUT_LOOK
		})]
	});
}
function noteOf(note) {
	return note.trim() === "" ? {} : { note: note.trim() };
}
// src/pages/calls/call/confirm-end.tsx
function ConfirmEnd(props) {
	const { title, action, consequence, note, onNote, end, onClose } = props;
	return (0, import_jsx_runtime.jsx)(Confirm, {
		title,
		action,
		isOpen: true,
		isBusy: end.isPending,
		error: end.error,
		onConfirm: () => end.mutate(),
		onClose,
		consequence: (0, import_jsx_runtime.jsxs)("div", {
			className: "flex flex-col gap-3",
			children: [consequence.map((sentence) => (0, import_jsx_runtime.jsx)("p", { children: sentence }, sentence)), (0, import_jsx_runtime.jsx)(EndNote, {
				note,
				onChange: onNote
			})]
		})
	});
}
// src/pages/calls/columns/column-names.ts
var COLUMN_NAMES = [
	"agent",
	"type",
	"state",
	"slot",
	"position",
	"requested",
	"started",
	"ended",
	"waited",
	"lasted",
	"why",
	"note",
	"lease",
	"metadata"
];
var COLUMN_TEXT = {
	agent: "Agent",
	type: "Type",
	state: "State",
	slot: "Slot",
	position: "Position",
	requested: "Requested",
	started: "Started",
	ended: "Ended",
	waited: "Waited",
	lasted: "Duration",
	why: "Why",
	note: "Note",
	lease: "Lease",
	metadata: "Metadata"
};
var DEFAULT_COLUMNS = [
	"agent",
	"type",
	"state",
	"slot",
	"position",
	"ended",
	"waited",
	"lasted",
	"why",
	"note"
];
var SAYS_NOTHING = {
	all: [],
	live: ["ended", "note"],
	queued: [
		"state",
		"slot",
		"started",
		"ended",
		"lasted",
		"note"
	],
	active: [
		"state",
		"position",
		"ended",
		"why",
		"note"
	],
	ended: ["state", "position"]
};
function columnsOf(view, chosen) {
	return chosen.filter((name) => !SAYS_NOTHING[view].includes(name));
}
function knownColumns(names) {
	if (!Array.isArray(names)) return void 0;
	const known = COLUMN_NAMES.filter((name) => names.includes(name));
	return known.length === 0 ? void 0 : known;
}
// src/pages/calls/filters/filters.ts
var VIEWS = [
	"all",
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
	"ended",
	"waited",
	"lasted"
];
var NO_FILTERS = {
	view: "all",
	text: "",
	agent: void 0,
	type: void 0,
	leastWaitS: void 0,
	reason: void 0,
	span: { kind: "any" },
	sort: void 0,
	columns: void 0
};
var CALL_ID = /^[!-~]{1,255}$/;
var LONGEST_TEXT = 255;
var END_REASONS = Object.keys(END_REASON_TEXT);
var LASTS = Object.keys(LAST_MINUTES);
function readFilters(search) {
	const params = new URLSearchParams(search);
	const view = oneOf(VIEWS, params.get("state")) ?? "all";
	const agent = params.get("agent") ?? "";
	const filters = {
		...NO_FILTERS,
		view,
		text: (params.get("q") ?? "").trim().slice(0, LONGEST_TEXT),
		agent: ID_PATTERN.test(agent) ? agent : void 0,
		type: oneOf(CALL_TYPES, params.get("type")),
		leastWaitS: wholeSeconds(params.get("wait_s")),
		sort: readSort(params.get("sort")),
		columns: knownColumns(params.get("columns")?.split("."))
	};
	if (!mayHaveEnded(view)) return filters;
	return {
		...filters,
		reason: oneOf(END_REASONS, params.get("reason")),
		span: readSpan(params)
	};
}
function readCallId(search) {
	const id = new URLSearchParams(search).get("call") ?? "";
	return CALL_ID.test(id) ? id : void 0;
}
function hrefOf(filters, callId) {
	const { view, text, agent, type, leastWaitS, reason, span, sort, columns } = filters;
	const params = new URLSearchParams();
	const set = (name, value) => {
		if (value !== void 0) params.set(name, value);
	};
	set("state", view === "all" ? void 0 : view);
	set("q", text === "" ? void 0 : text);
	set("agent", agent);
	set("type", type);
	set("wait_s", leastWaitS?.toString());
	if (mayHaveEnded(view)) {
		set("reason", reason);
		if (span.kind === "last") set("last", span.last);
		if (span.kind === "between") {
			set("from", span.from);
			set("to", span.to);
		}
	}
	set("sort", sort && `${sort.isDescending ? "-" : ""}${sort.key}`);
	set("columns", columns?.join("."));
	set("call", callId);
	const search = params.toString();
	return search === "" ? "/calls" : `/calls?${search}`;
}
function isNarrowed(filters) {
	return isNarrowedAmongLive(filters) || !isAboutLive(filters);
}
function isNarrowedAmongLive({ text, agent, type, leastWaitS }) {
	return text !== "" || [
		agent,
		type,
		leastWaitS
	].some((filter) => filter !== void 0);
}
function mayHaveEnded(view) {
	return view === "all" || view === "ended";
}
function showsLive(filters) {
	return filters.view !== "ended" && isAboutLive(filters);
}
function isAboutLive({ reason, span }) {
	return reason === void 0 && span.kind === "any";
}
function showsEnded({ view, text }) {
	return mayHaveEnded(view) && (text === "" || CALL_ID.test(text));
}
function isListedByServer({ agent, type }, isComplete) {
	return !isComplete && (agent !== void 0 || type !== void 0);
}
function nextSort(sort, key) {
	const isLongestFirst = key === "ended" || key === "waited" || key === "lasted";
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
// src/pages/calls/bulk/to-end.ts
var MOST_IDS = 1e4;
function theseCalls(calls) {
	const ids = calls.map(({ id }) => id);
	const asks = [];
	for (let at = 0; at < ids.length; at += MOST_IDS) asks.push({ ids: ids.slice(at, at + MOST_IDS) });
	const queued = calls.filter(({ state }) => state === "queued").length;
	return {
		queued,
		active: calls.length - queued,
		asks
	};
}
function callsOfClass({ agent, type, calls }, name) {
	return {
		queued: calls,
		active: 0,
		asks: [{
			agent,
			type,
			state: "queued"
		}],
		of: `${TYPE_NAME[type]}, ${name}`
	};
}
function allCalls(filters, shown, pool, nameOf) {
	const { view, text, agent, type, leastWaitS } = filters;
	if (!showsLive(filters)) return void 0;
	if (text !== "" || leastWaitS !== void 0) return theseCalls(shown);
	const state = view === "queued" || view === "active" ? view : void 0;
	if (state === void 0 && agent === void 0 && type === void 0) return void 0;
	const ask = {
		...agent !== void 0 && { agent },
		...type !== void 0 && { type },
		...state !== void 0 && { state }
	};
	const { queued, active } = countOf(pool, agent, type);
	return {
		queued: state === "active" ? 0 : queued,
		active: state === "queued" ? 0 : active,
		asks: [ask],
		of: [...type === void 0 ? [] : [TYPE_NAME[type]], ...agent === void 0 ? [] : [nameOf(agent)]].join(", ")
	};
}
function countOf(pool, agent, type) {
	if (agent === void 0 && type === void 0) return pool;
	const uses = pool.agents.filter(({ id }) => agent === void 0 || id === agent).map((each) => type === void 0 ? each : each.types[type]);
	return {
		queued: uses.reduce((sum, use) => sum + use.queued, 0),
		active: uses.reduce((sum, use) => sum + use.active, 0)
	};
}
function howMany({ queued, active }) {
	const state = queued === 0 ? "active " : active === 0 ? "queued " : "";
	return counted(queued + active, `${state}call`);
}
function consequence$1({ queued, active }) {
	return [...queued === 0 ? [] : [`${counted(queued, "queued call")} will leave the queue as canceled, without a slot.`], ...active === 0 ? [] : [`Callslot frees the ${active === 1 ? "slot" : "slots"} of ${counted(active, "active call")} and records ${active === 1 ? "it" : "them"} as completed. The callers are cut off only if the engines hang up.`]];
}
// src/pages/calls/bulk/end-calls.tsx
function EndCalls({ calls, onClose, onEnded }) {
	const [note, setNote] = (0, import_react.useState)("");
	const queries = useQueryClient();
	const say = useSay();
	const sent = (0, import_react.useRef)({
		asks: 0,
		ended: 0
	});
	const end = useMutation({
		mutationFn: async () => {
			for (const ask of calls.asks.slice(sent.current.asks)) {
				const body = {
					...ask,
					...noteOf(note)
				};
				const { ended } = await bodyOf(api.POST("/v1/calls/end", { body }));
				sent.current = {
					asks: sent.current.asks + 1,
					ended: sent.current.ended + ended
				};
			}
			return sent.current.ended;
		},
		onSuccess: (ended) => {
			say(`${counted(ended, "call")} ended.`);
			onEnded?.();
			onClose();
		},
		onSettled: () => queries.invalidateQueries({ queryKey: ["calls"] })
	});
	const whose = calls.of ? ` (${calls.of})` : "";
	return (0, import_jsx_runtime.jsx)(ConfirmEnd, {
		title: `End ${howMany(calls)}${whose}?`,
		action: `End ${howMany(calls)}`,
		consequence: consequence$1(calls),
		note,
		onNote: setNote,
		end,
		onClose
	});
}
// src/pages/calls/call/current-call.ts
function findLive(live, id) {
	const active = live.active.get(id);
	if (active !== void 0) return {
		call: active,
		position: void 0
	};
	const index = live.queue.findIndex((call) => call.id === id);
	const queued = live.queue[index];
	return queued && {
		call: queued,
		position: index + 1
	};
}
function currentCall(live, read) {
	if (live !== void 0 && read?.state !== "ended") {
		const isWaiting = live.call.state === "queued" && read?.state === "queued";
		return {
			...live,
			estimatedWaitMs: isWaiting ? read.estimated_wait_ms ?? void 0 : void 0
		};
	}
	if (read === void 0) return void 0;
	return {
		call: read,
		position: read.position ?? void 0,
		estimatedWaitMs: read.estimated_wait_ms ?? void 0
	};
}
// src/pages/calls/call/end-call.tsx
function EndCall({ call, onClose }) {
	const listed = {
		call,
		position: call.position ?? void 0
	};
	const live = useLive((state) => findLive(state, call.id) ?? (state.isComplete ? void 0 : listed));
	const [note, setNote] = (0, import_react.useState)("");
	const queries = useQueryClient();
	const say = useSay();
	const end = useMutation({
		mutationFn: () => bodyOf(api.POST("/v1/calls/{id}/end", {
			params: { path: { id: call.id } },
			body: noteOf(note)
		})),
		onSuccess: (ended) => {
			say(`Call ${ended.id} has ended: ${ended.reason ? END_REASON_TEXT[ended.reason] : "ended"}.`);
			onClose();
			return queries.invalidateQueries({ queryKey: ["calls"] });
		}
	});
	return (0, import_jsx_runtime.jsx)(ConfirmEnd, {
		title: `End call ${call.id}?`,
		action: "End call",
		consequence: [consequence(live)],
		note,
		onNote: setNote,
		end,
		onClose
	});
}
function consequence(live) {
	if (live === void 0) return "It is no longer live. If it has already ended, nothing changes.";
	if (live.call.state === "queued") return `It is queued${live.position === void 0 ? "" : ` at position ${count(live.position)}`}. It will leave the queue as canceled, without taking a slot.`;
	return "It is active. Callslot frees its slot and records the call as completed. Callslot carries no media: the caller is cut off only if the engine hangs up.";
}
// src/pages/concurrency/waiting/class-groups.ts
function classGroups(queue) {
	const groups = new Map();
	queue.forEach((call, index) => {
		const { agent, type } = call;
		const key = `${agent} ${type}`;
		const known = groups.get(key);
		if (known !== void 0) known.calls += 1;
		else groups.set(key, {
			agent,
			type,
			calls: 1,
			first: {
				call,
				position: index + 1
			}
		});
	});
	return [...groups.values()];
}
// src/pages/concurrency/waiting/call-link.tsx
function CallLink({ id }) {
	return (0, import_jsx_runtime.jsx)(RowLink, {
		href: `/calls?call=${encodeURIComponent(id)}`,
		title: id,
		children: (0, import_jsx_runtime.jsx)(LongId, { id })
	});
}
// src/pages/concurrency/waiting/waiting-columns.tsx
function callColumns({ pool, names, estimates, barred }, onEnd) {
	return [
		{
			key: "position",
			head: "#",
			width: 3.5,
			isNumber: true,
			cell: ({ position }) => count(position)
		},
		{
			key: "call",
			head: "Call",
			isRowHead: true,
			width: 7,
			percent: 16,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(CallLink, { id: call.id })
		},
		{
			key: "agent",
			head: "Agent",
			width: 6,
			isWide: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Name, {
				of: call.agent,
				names
			})
		},
		{
			key: "type",
			head: "Type",
			width: 6,
			extra: 1,
			cell: ({ call }) => TYPE_NAME[call.type]
		},
		{
			key: "waited",
			head: "Waited",
			width: 6.5,
			isNumber: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Since, { at: call.requested_at })
		},
		{
			key: "why",
			head: "Why",
			width: 10,
			percent: 24,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Why, { text: whyWaits(call, pool) })
		},
		{
			key: "starts",
			head: "Starts",
			width: 7.25,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(Starts, { inMs: estimates.get(call.id) })
		},
		{
			key: "actions",
			head: (0, import_jsx_runtime.jsx)("span", {
				className: "sr-only",
				children: "Actions"
			}),
			width: 4.75,
			isNumber: true,
			isFilled: true,
			cell: ({ call }) => (0, import_jsx_runtime.jsx)(EndButton, {
				label: `End call ${call.id}`,
				text: "End",
				barred,
				onEnd: () => onEnd(call)
			})
		}
	];
}
function classColumns({ pool, names, estimates, barred }, onEndAll) {
	return [
		{
			key: "agent",
			head: "Agent",
			width: 7,
			isWide: true,
			cell: ({ agent, type }) => (0, import_jsx_runtime.jsx)(RowLink, {
				href: `/calls?state=queued&agent=${encodeURIComponent(agent)}&type=${type}`,
				children: (0, import_jsx_runtime.jsx)(Name, {
					of: agent,
					names
				})
			})
		},
		{
			key: "type",
			head: "Type",
			width: 6,
			cell: ({ type }) => TYPE_NAME[type]
		},
		{
			key: "calls",
			head: "Waiting",
			width: 5.5,
			isNumber: true,
			cell: ({ calls }) => count(calls)
		},
		{
			key: "position",
			head: "First is #",
			width: 6,
			extra: 1,
			isNumber: true,
			cell: ({ first }) => count(first.position)
		},
		{
			key: "waited",
			head: "Longest",
			width: 7,
			isNumber: true,
			cell: ({ first }) => (0, import_jsx_runtime.jsx)(Since, { at: first.call.requested_at })
		},
		{
			key: "why",
			head: "Why",
			width: 10,
			percent: 24,
			isLong: true,
			cell: ({ first }) => (0, import_jsx_runtime.jsx)(Why, { text: whyWaits(first.call, pool) })
		},
		{
			key: "starts",
			head: "Next starts",
			width: 7.25,
			cell: ({ first }) => (0, import_jsx_runtime.jsx)(Starts, { inMs: estimates.get(first.call.id) })
		},
		{
			key: "actions",
			head: (0, import_jsx_runtime.jsx)("span", {
				className: "sr-only",
				children: "Actions"
			}),
			width: 6,
			isNumber: true,
			isFilled: true,
			cell: (group) => (0, import_jsx_runtime.jsx)(EndButton, {
				label: `End all ${TYPE_NAME[group.type]} calls of ${names.get(group.agent) ?? group.agent} that wait`,
				text: "End all",
				barred,
				onEnd: () => onEndAll(group)
			})
		}
	];
}
function Name({ of, names }) {
	const name = names.get(of) ?? of;
	return (0, import_jsx_runtime.jsx)("bdi", {
		className: "block truncate",
		title: name,
		children: name
	});
}
function Since({ at }) {
	return duration(useNow(1e3) - Date.parse(at));
}
function Why({ text }) {
	return (0, import_jsx_runtime.jsx)("span", {
		className: "block truncate",
		title: text,
		children: text
	});
}
function Starts({ inMs }) {
	if (inMs !== void 0) return about(inMs);
	return (0, import_jsx_runtime.jsx)("span", {
		className: "text-muted",
		title: "Nothing supports an estimate",
		children: "–"
	});
}
function EndButton(props) {
	return (0, import_jsx_runtime.jsx)("span", {
		className: ABOVE_ROW_LINK,
		children: (0, import_jsx_runtime.jsx)(Button, {
			kind: "quiet",
			"aria-label": props.label,
			disabledBecause: props.barred,
			onClick: props.onEnd,
			children: props.text
		})
	});
}
// src/pages/concurrency/waiting/waiting-card.tsx
function waitingCard(told, onEnd) {
	return {
		rem: 7,
		show: (place) => (0, import_jsx_runtime.jsx)(WaitingFacts, {
			place,
			told,
			onEnd
		})
	};
}
function WaitingFacts(props) {
	const { told, onEnd } = props;
	const { call, position } = props.place;
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex h-full flex-col justify-center gap-1",
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex items-baseline justify-between gap-3",
				children: [(0, import_jsx_runtime.jsxs)("span", {
					className: "flex min-w-0 gap-2 font-medium",
					children: [
						(0, import_jsx_runtime.jsx)("span", {
							className: "text-muted",
							children: count(position)
						}),
						(0, import_jsx_runtime.jsx)(Name, {
							of: call.agent,
							names: told.names
						}),
						(0, import_jsx_runtime.jsx)("span", {
							className: "font-normal text-muted",
							children: TYPE_NAME[call.type]
						})
					]
				}), (0, import_jsx_runtime.jsx)("span", {
					className: "whitespace-nowrap",
					children: (0, import_jsx_runtime.jsx)(Since, { at: call.requested_at })
				})]
			}),
			(0, import_jsx_runtime.jsx)(CallLink, { id: call.id }),
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex items-center justify-between gap-3",
				children: [(0, import_jsx_runtime.jsx)("span", {
					className: "min-w-0 truncate text-muted",
					children: whyAndWhen(call, told)
				}), (0, import_jsx_runtime.jsx)(EndButton, {
					label: `End call ${call.id}`,
					text: "End",
					barred: told.barred,
					onEnd: () => onEnd(call)
				})]
			})
		]
	});
}
function whyAndWhen(call, { pool, estimates }) {
	const why = whyWaits(call, pool);
	const inMs = estimates.get(call.id);
	return inMs === void 0 ? why : `${why} · ${about(inMs)}`;
}
// src/pages/concurrency/waiting/waiting.tsx
var NO_CALLS = [];
function Waiting({ pool }) {
	const queue = useLive((live) => live.queue) ?? NO_CALLS;
	const [isGrouped, setGrouped] = (0, import_react.useState)(false);
	if (queue.length === 0) return (0, import_jsx_runtime.jsx)(NobodyWaits, {});
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-wrap items-center justify-between gap-3 px-4 pb-3",
		children: [(0, import_jsx_runtime.jsx)("p", {
			className: "text-muted",
			children: queue.length < pool.queued ? `The first ${count(queue.length)} of ${counted(pool.queued, "waiting call")}.` : "Within an agent and type, the earliest starts first."
		}), (0, import_jsx_runtime.jsx)(Grouping, {
			isGrouped,
			onChange: setGrouped
		})]
	}), (0, import_jsx_runtime.jsx)(Calls, {
		pool,
		queue,
		isGrouped
	})] });
}
function Grouping(props) {
	const look = (isOn) => `rounded px-2.5 py-0.5 ${isOn ? "bg-surface font-medium shadow-card" : "text-muted"}`;
	return (0, import_jsx_runtime.jsxs)("fieldset", {
		className: "flex rounded-md border border-line bg-sunken p-0.5",
		children: [(0, import_jsx_runtime.jsx)("legend", {
			className: "sr-only",
			children: "How waiting calls are shown"
		}), [false, true].map((isGrouped) => (0, import_jsx_runtime.jsx)("button", {
			type: "button",
			"aria-pressed": isGrouped === props.isGrouped,
			onClick: () => props.onChange(isGrouped),
			className: look(isGrouped === props.isGrouped),
			children: isGrouped ? "By agent and type" : "Each call"
		}, String(isGrouped)))]
	});
}
function Calls(props) {
	const { pool, queue, isGrouped } = props;
	const names = useAgentNames();
	const estimates = useEstimates(true);
	const barred = useBarred("engine");
	const [ending, setEnding] = (0, import_react.useState)();
	const [endingAll, setEndingAll] = (0, import_react.useState)();
	const told = (0, import_react.useMemo)(() => ({
		pool,
		names,
		estimates,
		barred
	}), [
		pool,
		names,
		estimates,
		barred
	]);
	const columns = (0, import_react.useMemo)(() => callColumns(told, setEnding), [told]);
	const card = (0, import_react.useMemo)(() => waitingCard(told, setEnding), [told]);
	const places = (0, import_react.useMemo)(() => queue.map((call, at) => ({
		call,
		position: at + 1
	})), [queue]);
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
		isGrouped ? (0, import_jsx_runtime.jsx)(Groups, {
			queue,
			told,
			onEndAll: setEndingAll
		}) : (0, import_jsx_runtime.jsx)(WindowedTable, {
			label: "Waiting calls",
			columns,
			rows: places,
			keyOf: idOf,
			rowRem: 3,
			card,
			isFramed: true
		}),
		ending !== void 0 && (0, import_jsx_runtime.jsx)(EndCall, {
			call: ending,
			onClose: () => setEnding(void 0)
		}),
		endingAll !== void 0 && (0, import_jsx_runtime.jsx)(EndCalls, {
			calls: callsOfClass(endingAll, names.get(endingAll.agent) ?? endingAll.agent),
			onClose: () => setEndingAll(void 0)
		})
	] });
}
function Groups(props) {
	const { queue, told, onEndAll } = props;
	const groups = (0, import_react.useMemo)(() => classGroups(queue), [queue]);
	const columns = (0, import_react.useMemo)(() => classColumns(told, onEndAll), [told, onEndAll]);
	return (0, import_jsx_runtime.jsx)(WindowedTable, {
		label: "Waiting calls by agent and type",
		columns,
		rows: groups,
		keyOf: classOf,
		rowRem: 3,
		isFramed: true
	});
}
function idOf({ call }) {
	return call.id;
}
function classOf({ agent, type }) {
	return `${agent} ${type}`;
}
function NobodyWaits() {
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col items-center gap-2 border-line border-t px-6 py-10 text-center",
		children: [(0, import_jsx_runtime.jsx)("p", {
			className: "font-medium",
			children: "No calls are waiting"
		}), (0, import_jsx_runtime.jsx)("p", {
			className: "max-w-prose text-muted",
			children: "A call waits when its agent's reserved slots for its type are busy and no shared slot is free, or when its agent is at its cap. It starts by itself as soon as it can."
		})]
	});
}
// src/pages/concurrency/work-card.tsx
function WorkCard({ pool, colors, tab, view, onTab, onShow }) {
	return (0, import_jsx_runtime.jsxs)(TabsRoot, {
		value: tab,
		onValueChange: (chosen) => onTab(TABS.find((known) => known === chosen) ?? "agents"),
		className: "rounded-lg border border-line bg-surface shadow-card",
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-wrap items-center justify-between gap-3 px-4 py-3",
				children: [(0, import_jsx_runtime.jsxs)(TabsList, {
					"aria-label": "What is listed",
					className: "flex gap-4",
					children: [(0, import_jsx_runtime.jsxs)(TabsTab, {
						value: "agents",
						className: TAB_LOOK,
						children: ["Agents ", (0, import_jsx_runtime.jsx)("span", {
							className: "text-muted",
							children: count(pool.agents.length)
						})]
					}), (0, import_jsx_runtime.jsxs)(TabsTab, {
						value: "waiting",
						className: TAB_LOOK,
						children: [
							"Waiting",
							" ",
							(0, import_jsx_runtime.jsx)("span", {
								className: pool.queued > 0 ? "text-warning" : "text-muted",
								children: count(pool.queued)
							})
						]
					})]
				}), tab === "agents" && (0, import_jsx_runtime.jsx)(AgentSearch, {
					value: view.search,
					onChange: (search) => onShow({ search })
				})]
			}),
			(0, import_jsx_runtime.jsx)(TabsPanel, {
				value: "agents",
				tabIndex: -1,
				className: "outline-none",
				children: (0, import_jsx_runtime.jsx)(Matrix, {
					pool,
					colors,
					view,
					onShow
				})
			}),
			(0, import_jsx_runtime.jsx)(TabsPanel, {
				value: "waiting",
				tabIndex: -1,
				className: "outline-none",
				children: (0, import_jsx_runtime.jsx)(Waiting, { pool })
			})
		]
	});
}
var TAB_LOOK = "inline-flex min-h-8 items-center gap-1.5 border-b-2 border-transparent text-base text-muted data-active:border-accent data-active:font-semibold data-active:text-text forced-colors:not-data-active:border-[Canvas]";
// src/pages/concurrency/concurrency-page.tsx
function ConcurrencyPage() {
	const pool = useLive((live) => live.pool);
	const link = useLiveStatus();
	if (pool === void 0) return (0, import_jsx_runtime.jsxs)(WidePage, {
		title: "Concurrency",
		children: [!link.isFinal && (0, import_jsx_runtime.jsx)(Loading, { what: "the pool" }), (0, import_jsx_runtime.jsx)(ProblemNote, { error: link.problem })]
	});
	return (0, import_jsx_runtime.jsx)(PoolNow, {
		pool,
		isStale: link.state === "stale"
	});
}
var STALE_LOOK = "text-text opacity-90 grayscale [--text:var(--muted)] [--warning:var(--muted)] [--accent:var(--muted)]";
function PoolNow({ pool, isStale }) {
	const colors = useAgentColors(pool);
	const { tab, view, reserveFor, show, chooseTab, openPanel, closePanel } = useAddress();
	const [removeId, setRemoveId] = (0, import_react.useState)();
	const [suggested, setSuggested] = (0, import_react.useState)();
	const barred = useBarred("admin");
	const actions = (0, import_react.useMemo)(() => ({
		barred,
		onEdit: (agent) => {
			setSuggested(void 0);
			openPanel({ agent });
		},
		onRemove: setRemoveId
	}), [barred, openPanel]);
	const suggest = (next) => {
		setSuggested(next);
		openPanel({ agent: next.agent });
	};
	const choose = () => {
		setSuggested(void 0);
		openPanel("choose");
	};
	return (0, import_jsx_runtime.jsxs)(Actions, {
		value: actions,
		children: [
			(0, import_jsx_runtime.jsx)(WidePage, {
				title: "Concurrency",
				tabCount: pool.queued,
				actions: (0, import_jsx_runtime.jsx)(Button, {
					kind: "primary",
					disabledBecause: barred,
					onClick: choose,
					children: "Reserve slots"
				}),
				children: (0, import_jsx_runtime.jsxs)("div", {
					className: `flex flex-col gap-4 transition-opacity ${isStale ? STALE_LOOK : ""}`,
					"data-stale": isStale || void 0,
					children: [
						(0, import_jsx_runtime.jsx)(FirstSteps, {
							pool,
							onReserve: choose
						}, pool.org),
						(0, import_jsx_runtime.jsx)(Tiles, {
							pool,
							onShow: show
						}),
						(0, import_jsx_runtime.jsx)(Overview, {
							pool,
							colors,
							view,
							onShow: show
						}),
						(0, import_jsx_runtime.jsx)(Advice, {
							pool,
							onSuggest: suggest
						}),
						(0, import_jsx_runtime.jsx)(WorkCard, {
							pool,
							colors,
							tab,
							view,
							onTab: chooseTab,
							onShow: show
						})
					]
				})
			}),
			(0, import_jsx_runtime.jsx)(ReservePanel, {
				pool,
				reserveFor,
				suggested,
				onOpen: openPanel,
				onClose: closePanel
			}),
			(0, import_jsx_runtime.jsx)(RemoveReservations, {
				pool,
				agent: pool.agents.find(({ id }) => id === removeId),
				onClose: () => setRemoveId(void 0)
			})
		]
	});
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
}, __vite__mapDeps([5,1,2,3,6]), import.meta.url)).DevelopersPage }));
var HistoryPage = (0, import_react.lazy)(async () => ({ default: (await __vitePreload(async () => {
	const { HistoryPage } = await import("./history-page.js");
	return { HistoryPage };
}, __vite__mapDeps([7,1,2,3,8,9,10]), import.meta.url)).HistoryPage }));
var OrganisationsPage = (0, import_react.lazy)(async () => ({ default: (await __vitePreload(async () => {
	const { OrganisationsPage } = await import("./organisations-page.js");
	return { OrganisationsPage };
}, __vite__mapDeps([11,1,3,2,6]), import.meta.url)).OrganisationsPage }));
var PlansPage = (0, import_react.lazy)(async () => ({ default: (await __vitePreload(async () => {
	const { PlansPage } = await import("./plans-page.js");
	return { PlansPage };
}, __vite__mapDeps([12,1,3,2]), import.meta.url)).PlansPage }));
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
		className: "mx-auto max-w-[1440px] px-4 sm:px-6 lg:px-8",
		children: (0, import_jsx_runtime.jsx)(SignOut, {})
	})] });
}
// src/main.tsx
var root = document.getElementById("root");
if (root === null) throw new Error("index.html has lost its root");
(0, import_client.createRoot)(root).render((0, import_jsx_runtime.jsx)(import_react.StrictMode, { children: (0, import_jsx_runtime.jsx)(App, {}) }));
export { AgentFields, COLUMN_NAMES, COLUMN_TEXT, CreateAgentDialog, DEFAULT_COLUMNS, EndCall, EndCalls, LAST_MINUTES, NO_FILTERS, VIEWS, allCalls, columnsOf, currentCall, draftErrors, draftOf, findLive, foundAgents, howMany, hrefOf, isListedByServer, isNarrowed, isSame$1 as isSame, knownColumns, longWaits, mayHaveEnded, merged, nextSort, peaksOf, putOf, raised, readCallId, readFilters, showsEnded, showsLive, startsOf, theseCalls, useRecent };
