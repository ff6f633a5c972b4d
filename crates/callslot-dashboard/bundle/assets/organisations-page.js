import { __toESM } from "./rolldown-runtime.js";
import { Badge, Button, CALL_TYPES, Dialog, Empty, Field, ID_PATTERN, Loading, LongId, MOST_CALLS, Note, ORGS, Page, Panel, ProblemNote, RowMenu, SearchInput, Select, SubmitButton, TYPE_NAME, TextInput, Unsaved, WindowedTable, changeOrg, clock, count, counted, createOrg, deleteOrg, duration, focusFirstInvalid, percent, useBarred, useOrgs, usePlans, useSay, useSignedIn, wholeNumberIn } from "./shared.js";
import { require_jsx_runtime, require_react, useLocation, useMutation, useQueryClient } from "./packages.js";
import { SecretDialog, makeFirstKey } from "./secret-dialog.js";
// src/pages/organisations/delete-org.tsx
var import_react = __toESM(require_react(), 1);
var import_jsx_runtime = require_jsx_runtime();
function DeleteOrg({ org, onClose }) {
	const { org: current, chooseOrg } = useSignedIn();
	const queries = useQueryClient();
	const say = useSay();
	const [typed, setTyped] = (0, import_react.useState)("");
	const remove = useMutation({
		mutationFn: () => deleteOrg(org.id),
		onSuccess: async () => {
			await queries.invalidateQueries({ queryKey: [ORGS] });
			say(`${org.name} was deleted.`);
			onClose();
			if (org.id === current) chooseOrg(null);
		}
	});
	const isSame = typed.trim() === org.id;
	const submit = (event) => {
		event.preventDefault();
		if (isSame && !remove.isPending) remove.mutate();
	};
	return (0, import_jsx_runtime.jsx)(Dialog, {
		title: `Delete ${org.name}?`,
		description: "Its agents, reservations and settings are deleted too, and its API keys stop working. This cannot be undone.",
		isOpen: true,
		onClose,
		children: (0, import_jsx_runtime.jsxs)("form", {
			onSubmit: submit,
			className: "flex flex-col gap-4",
			children: [
				org.live_calls > 0 && (0, import_jsx_runtime.jsxs)(Note, {
					kind: "warning",
					children: [
						"It has ",
						counted(org.live_calls, "live call"),
						". It can be deleted once they have ended."
					]
				}),
				(0, import_jsx_runtime.jsx)(Field, {
					label: `Type its id, ${org.id}, to confirm`,
					children: (0, import_jsx_runtime.jsx)(TextInput, {
						autoFocus: true,
						value: typed,
						onChange: (event) => setTyped(event.target.value)
					})
				}),
				(0, import_jsx_runtime.jsx)(ProblemNote, { error: remove.error }),
				(0, import_jsx_runtime.jsxs)("div", {
					className: "flex justify-end gap-2",
					children: [(0, import_jsx_runtime.jsx)(Button, {
						onClick: onClose,
						children: "Cancel"
					}), (0, import_jsx_runtime.jsx)(SubmitButton, {
						kind: "danger",
						action: "Delete",
						isBusy: remove.isPending,
						disabledBecause: isSame ? void 0 : "Type the id first."
					})]
				})
			]
		})
	});
}
// src/pages/organisations/org-list.ts
function found(orgs, text) {
	const wanted = text.trim().toLowerCase();
	if (wanted === "") return orgs;
	return orgs.filter(({ id, name, plan }) => [
		id,
		name,
		plan
	].some((word) => word.toLowerCase().includes(wanted)));
}
function extentInWords(shown, read, hasMore) {
	if (shown < read) return `${count(shown)} of ${hasMore ? "the first " : ""}${orgs(read)}`;
	return hasMore ? `The first ${orgs(read)}` : orgs(read);
}
function orgs(value) {
	return counted(value, "organisation");
}
function longestCallInWords(seconds) {
	return seconds === 0 ? "unlimited" : duration(seconds * 1e3);
}
function utilisation({ active, limit }) {
	if (limit === 0) return active === 0 ? 0 : 1;
	return active / limit;
}
// src/pages/organisations/org-draft.ts
var MAX_DURATION_S = 31536e3;
var MAX_WAIT_S = 2592e3;
function newDraft(plan) {
	return {
		id: "",
		name: "",
		plan,
		limitOverride: "",
		maxCallDurationS: "",
		maxQueued: "",
		maxWaitS: {
			webcall: "",
			chat: "",
			outbound: "",
			inbound: ""
		}
	};
}
function draftOf(org) {
	const wait = (type) => text(org.max_wait_s[type]);
	return {
		id: org.id,
		name: org.name,
		plan: org.plan,
		limitOverride: text(org.limit_override),
		maxCallDurationS: text(org.max_call_duration_s),
		maxQueued: text(org.max_queued),
		maxWaitS: {
			webcall: wait("webcall"),
			chat: wait("chat"),
			outbound: wait("outbound"),
			inbound: wait("inbound")
		}
	};
}
function problemsOf(draft, isNew) {
	const problems = {};
	const check = (field, value, most, mayBeEmpty) => {
		const problem = numberProblem(value, most, mayBeEmpty);
		if (problem !== void 0) problems[field] = problem;
	};
	if (draft.name.trim() === "") problems.name = "An organisation has a name.";
	if (isNew && draft.id.trim() !== "" && !ID_PATTERN.test(draft.id.trim())) problems.id = "Up to 64 letters, digits, and - _ . :";
	if (draft.plan === "") problems.plan = "An organisation is on a plan. Create one first.";
	check("limitOverride", draft.limitOverride, MOST_CALLS, true);
	check("maxCallDurationS", draft.maxCallDurationS, MAX_DURATION_S, isNew);
	check("maxQueued", draft.maxQueued, MOST_CALLS, isNew);
	for (const type of CALL_TYPES) check(type, draft.maxWaitS[type], MAX_WAIT_S, true);
	return problems;
}
function numberProblem(value, most, mayBeEmpty) {
	if (value.trim() === "") return mayBeEmpty ? void 0 : "A number is missing.";
	const number = wholeNumberIn(value);
	return number === void 0 || number > most ? `A whole number from 0 to ${count(most)}.` : void 0;
}
function createOf(draft) {
	const create = {
		name: draft.name.trim(),
		plan: draft.plan
	};
	if (draft.id.trim() !== "") create.id = draft.id.trim();
	const limit = wholeNumberIn(draft.limitOverride);
	if (limit !== void 0) create.limit_override = limit;
	const duration = wholeNumberIn(draft.maxCallDurationS);
	if (duration !== void 0) create.max_call_duration_s = duration;
	const queued = wholeNumberIn(draft.maxQueued);
	if (queued !== void 0) create.max_queued = queued;
	const waits = Object.fromEntries(CALL_TYPES.flatMap((type) => {
		const wait = wholeNumberIn(draft.maxWaitS[type]);
		return wait === void 0 ? [] : [[type, wait]];
	}));
	if (Object.keys(waits).length > 0) create.max_wait_s = waits;
	return create;
}
function patchOf(org, draft) {
	const patch = {};
	if (draft.name.trim() !== org.name) patch.name = draft.name.trim();
	if (draft.plan !== org.plan) patch.plan = draft.plan;
	const limit = wholeNumberIn(draft.limitOverride) ?? null;
	if (limit !== (org.limit_override ?? null)) patch.limit_override = limit;
	const duration = wholeNumberIn(draft.maxCallDurationS);
	if (duration !== void 0 && duration !== org.max_call_duration_s) patch.max_call_duration_s = duration;
	const queued = wholeNumberIn(draft.maxQueued);
	if (queued !== void 0 && queued !== org.max_queued) patch.max_queued = queued;
	const waits = Object.fromEntries(CALL_TYPES.flatMap((type) => {
		const wait = wholeNumberIn(draft.maxWaitS[type]) ?? null;
		return wait === (org.max_wait_s[type] ?? null) ? [] : [[type, wait]];
	}));
	if (Object.keys(waits).length > 0) patch.max_wait_s = waits;
	return Object.keys(patch).length === 0 ? void 0 : patch;
}
function secondsInWords(value, zero, empty) {
	if (value.trim() === "") return empty;
	const seconds = wholeNumberIn(value);
	if (seconds === void 0) return "";
	return seconds === 0 ? zero : duration(seconds * 1e3);
}
function text(value) {
	return value === null || value === void 0 ? "" : String(value);
}
// src/pages/organisations/org-fields.tsx
function OrgFields(props) {
	const { draft, problems, isNew, onChange } = props;
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
		(0, import_jsx_runtime.jsx)(Field, {
			label: "Name",
			error: problems.name,
			children: (0, import_jsx_runtime.jsx)(TextInput, {
				value: draft.name,
				maxLength: 200,
				onChange: (event) => onChange({ name: event.target.value })
			})
		}),
		isNew && (0, import_jsx_runtime.jsx)(Field, {
			label: "Id (optional)",
			hint: "It identifies the organisation in the API and never changes. Leave it empty to have one generated.",
			error: problems.id,
			children: (0, import_jsx_runtime.jsx)(TextInput, {
				value: draft.id,
				maxLength: 64,
				onChange: (event) => onChange({ id: event.target.value })
			})
		}),
		(0, import_jsx_runtime.jsx)(LimitFields, { ...props }),
		(0, import_jsx_runtime.jsx)(Field, {
			label: "Maximum call duration without a lease (seconds)",
			hint: secondsInWords(draft.maxCallDurationS, "Unlimited.", isNew ? "Empty: 4 h, the default. 0: unlimited." : "0: unlimited."),
			error: problems.maxCallDurationS,
			children: (0, import_jsx_runtime.jsx)(TextInput, {
				inputMode: "numeric",
				value: draft.maxCallDurationS,
				onChange: (event) => onChange({ maxCallDurationS: event.target.value })
			})
		}),
		(0, import_jsx_runtime.jsx)(WaitFields, { ...props }),
		(0, import_jsx_runtime.jsx)(Field, {
			label: "Max queued (calls)",
			hint: isNew ? "Empty: 1,000,000, the default." : "Further calls are refused.",
			error: problems.maxQueued,
			children: (0, import_jsx_runtime.jsx)(TextInput, {
				inputMode: "numeric",
				value: draft.maxQueued,
				onChange: (event) => onChange({ maxQueued: event.target.value })
			})
		})
	] });
}
function LimitFields({ draft, problems, plans, onChange }) {
	const plan = plans.find(({ id }) => id === draft.plan);
	const choices = plans.map(({ id, name, limit }) => ({
		value: id,
		label: `${name} (limit ${count(limit)})`
	}));
	if (plan === void 0 && draft.plan !== "") choices.push({
		value: draft.plan,
		label: draft.plan
	});
	const plansLimit = plan === void 0 ? "the plan's limit" : `the plan's ${count(plan.limit)}`;
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col gap-1 [&_label]:w-full",
		children: [(0, import_jsx_runtime.jsx)(Select, {
			label: "Plan",
			value: draft.plan,
			choices,
			onChange: (id) => onChange({ plan: id })
		}), problems.plan !== void 0 && (0, import_jsx_runtime.jsx)("p", {
			className: "text-danger",
			children: problems.plan
		})]
	}), (0, import_jsx_runtime.jsx)(Field, {
		label: "Own limit (calls)",
		hint: draft.limitOverride.trim() === "" ? `Empty: ${plansLimit}.` : `Instead of ${plansLimit}.`,
		error: problems.limitOverride,
		children: (0, import_jsx_runtime.jsxs)("div", {
			className: "flex gap-2",
			children: [(0, import_jsx_runtime.jsx)(TextInput, {
				inputMode: "numeric",
				value: draft.limitOverride,
				onChange: (event) => onChange({ limitOverride: event.target.value })
			}), (0, import_jsx_runtime.jsx)(Button, {
				disabledBecause: draft.limitOverride === "" ? "The plan's limit applies already." : void 0,
				onClick: () => onChange({ limitOverride: "" }),
				children: "Use the plan's"
			})]
		})
	})] });
}
function WaitFields({ draft, problems, onChange }) {
	return (0, import_jsx_runtime.jsxs)("fieldset", {
		className: "flex flex-col gap-2",
		children: [
			(0, import_jsx_runtime.jsx)("legend", {
				className: "mb-1 font-medium",
				children: "Maximum wait in the queue (seconds)"
			}),
			(0, import_jsx_runtime.jsx)("p", {
				className: "text-muted",
				children: "For calls that do not set their own. Empty: they wait indefinitely. Queued calls keep theirs."
			}),
			(0, import_jsx_runtime.jsx)("div", {
				className: "grid grid-cols-1 gap-3 sm:grid-cols-2",
				children: CALL_TYPES.map((type) => (0, import_jsx_runtime.jsx)(Field, {
					label: TYPE_NAME[type],
					hint: secondsInWords(draft.maxWaitS[type], "A call without a free slot ends at once.", "Unlimited"),
					error: problems[type],
					children: (0, import_jsx_runtime.jsx)(TextInput, {
						inputMode: "numeric",
						value: draft.maxWaitS[type],
						onChange: (event) => onChange({ maxWaitS: {
							...draft.maxWaitS,
							[type]: event.target.value
						} })
					})
				}, type))
			})
		]
	});
}
// src/pages/organisations/org-panel.tsx
function OrgPanel({ org, onClose }) {
	const plans = usePlans();
	const [made, setMade] = (0, import_react.useState)();
	if (made !== void 0) return (0, import_jsx_runtime.jsx)(SecretDialog, {
		title: `${made.name} was created`,
		description: "Copy the secret of its admin key now. You will not see it again.",
		secret: made.secret,
		onClose,
		children: (0, import_jsx_runtime.jsx)("p", { children: "Its admin signs in with it, creates agents and reserves slots for them, and makes further keys." })
	});
	return (0, import_jsx_runtime.jsxs)(Panel, {
		title: org === void 0 ? "Create organisation" : `Edit ${org.name}`,
		...org !== void 0 && { description: `Id ${org.id}` },
		isOpen: true,
		onClose,
		children: [
			(0, import_jsx_runtime.jsx)(ProblemNote, { error: plans.error }),
			plans.isPending && (0, import_jsx_runtime.jsx)(Loading, { what: "plans" }),
			plans.data !== void 0 && (0, import_jsx_runtime.jsx)(OrgForm, {
				org,
				plans: plans.data.items,
				onMade: setMade,
				onClose
			})
		]
	});
}
var FOOTER = "-mx-5 -mb-5 flex flex-col gap-3 border-line border-t bg-raised px-5 py-4 [@media(min-height:32rem)]:sticky [@media(min-height:32rem)]:-bottom-5";
function OrgForm({ org, plans, onMade, onClose }) {
	const isNew = org === void 0;
	const [begun] = (0, import_react.useState)(() => isNew ? newDraft(smallest(plans)?.id ?? "") : draftOf(org));
	const [draft, setDraft] = (0, import_react.useState)(begun);
	const [isTried, setTried] = (0, import_react.useState)(false);
	const [hasKey, setHasKey] = (0, import_react.useState)(isNew);
	const save = useSave({
		org,
		hasKey,
		onMade,
		onClose
	});
	const problems = problemsOf(draft, isNew);
	const submit = (event) => {
		event.preventDefault();
		setTried(true);
		if (Object.keys(problems).length === 0) save.mutate(draft);
		else focusFirstInvalid(event.currentTarget);
	};
	const isUnchanged = !isNew && patchOf(org, draft) === void 0;
	return (0, import_jsx_runtime.jsxs)("form", {
		onSubmit: submit,
		noValidate: true,
		className: "flex flex-col gap-4",
		children: [
			(0, import_jsx_runtime.jsx)(Unsaved, { when: draft !== begun }),
			(0, import_jsx_runtime.jsx)(OrgFields, {
				draft,
				problems: isTried ? problems : {},
				plans,
				isNew,
				onChange: (change) => setDraft({
					...draft,
					...change
				})
			}),
			isNew && (0, import_jsx_runtime.jsxs)("label", {
				className: "flex items-start gap-2",
				children: [(0, import_jsx_runtime.jsx)("input", {
					type: "checkbox",
					checked: hasKey,
					onChange: (event) => setHasKey(event.target.checked),
					className: "mt-0.5 size-4 accent-(--accent)"
				}), (0, import_jsx_runtime.jsxs)("span", { children: ["Create the first key of its admin too", (0, import_jsx_runtime.jsx)("span", {
					className: "block text-muted",
					children: "Its secret is shown once, in the next step."
				})] })]
			}),
			(0, import_jsx_runtime.jsxs)("div", {
				className: FOOTER,
				children: [(0, import_jsx_runtime.jsx)(ProblemNote, { error: save.error }), (0, import_jsx_runtime.jsxs)("div", {
					className: "flex flex-wrap items-center justify-end gap-2",
					children: [
						!isNew && (0, import_jsx_runtime.jsx)("p", {
							className: "mr-auto text-muted",
							children: "No call is interrupted."
						}),
						(0, import_jsx_runtime.jsx)(Button, {
							onClick: onClose,
							children: "Cancel"
						}),
						(0, import_jsx_runtime.jsx)(SubmitButton, {
							action: isNew ? "Create" : "Save",
							isBusy: save.isPending,
							disabledBecause: isUnchanged ? "Nothing has changed yet." : void 0
						})
					]
				})]
			})
		]
	});
}
function smallest(plans) {
	return plans.toSorted((a, b) => a.limit - b.limit)[0];
}
function useSave({ org, hasKey, onMade, onClose }) {
	const created = (0, import_react.useRef)(void 0);
	const queries = useQueryClient();
	const say = useSay();
	const { org: current, chooseOrg } = useSignedIn();
	return useMutation({
		mutationFn: async (draft) => {
			if (org === void 0) {
				created.current ??= await createOrg(createOf(draft));
				const { id, name } = created.current;
				if (hasKey) onMade({
					name,
					secret: (await makeFirstKey(id)).secret ?? ""
				});
				return created.current;
			}
			const patch = patchOf(org, draft);
			return patch === void 0 ? org : changeOrg(org.id, patch);
		},
		onSuccess: async (saved) => {
			await queries.invalidateQueries({ queryKey: [ORGS] });
			say(`${saved.name} is ${org === void 0 ? "created" : "saved"}.`);
			if (org !== void 0 || !hasKey) onClose();
			if (current === "") chooseOrg(saved.id);
		}
	});
}
// src/pages/organisations/orgs-table.tsx
function OrgsTable(props) {
	return (0, import_jsx_runtime.jsx)(WindowedTable, {
		label: "Organisations",
		columns: columns(props),
		rows: props.orgs,
		keyOf: ({ id }) => id
	});
}
function columns(props) {
	return [
		{
			key: "name",
			head: "Name",
			width: 10,
			isWide: true,
			sortBy: ({ name }) => name,
			cell: ({ name }) => (0, import_jsx_runtime.jsx)(Name, { name })
		},
		{
			key: "id",
			head: "Id",
			width: 9,
			isLong: true,
			extra: 3,
			sortBy: ({ id }) => id,
			cell: ({ id }) => (0, import_jsx_runtime.jsx)(Id, { id })
		},
		{
			key: "plan",
			head: "Plan",
			width: 7.5,
			isLong: true,
			extra: 1,
			sortBy: ({ plan }) => plan,
			cell: ({ plan }) => (0, import_jsx_runtime.jsx)("span", {
				title: plan,
				children: plan
			})
		},
		{
			key: "use",
			head: "In use",
			width: 11,
			isNumber: true,
			isLong: true,
			sortBy: utilisation,
			cell: (org) => (0, import_jsx_runtime.jsx)(Use, { of: org })
		},
		{
			key: "waiting",
			head: "Waiting",
			width: 6,
			isNumber: true,
			sortBy: ({ queued }) => queued,
			cell: ({ queued }) => (0, import_jsx_runtime.jsx)(Waiting, { calls: queued })
		},
		{
			key: "limit",
			head: "Limit",
			width: 8,
			isNumber: true,
			extra: 5,
			sortBy: ({ limit }) => limit,
			cell: (org) => (0, import_jsx_runtime.jsx)(Limit, { of: org })
		},
		{
			key: "queued",
			head: "Max queued",
			isLong: true,
			width: 7.5,
			isNumber: true,
			extra: 4,
			sortBy: (org) => org.max_queued,
			cell: (org) => count(org.max_queued)
		},
		{
			key: "duration",
			head: "Max duration",
			isLong: true,
			width: 8,
			isNumber: true,
			extra: 2,
			sortBy: (org) => org.max_call_duration_s,
			cell: (org) => longestCallInWords(org.max_call_duration_s)
		},
		{
			key: "do",
			head: (0, import_jsx_runtime.jsx)("span", {
				className: "sr-only",
				children: "Actions"
			}),
			width: 10.5,
			cell: (org) => (0, import_jsx_runtime.jsx)(Actions, {
				of: org,
				...props
			})
		}
	];
}
function Name({ name }) {
	return (0, import_jsx_runtime.jsx)("bdi", {
		title: name,
		className: "font-medium",
		children: name
	});
}
function Id({ id }) {
	return (0, import_jsx_runtime.jsx)("span", {
		className: "text-muted",
		children: (0, import_jsx_runtime.jsx)(LongId, { id })
	});
}
function Use({ of: { active, limit } }) {
	const share = utilisation({
		active,
		limit
	});
	return (0, import_jsx_runtime.jsxs)("span", {
		className: "flex flex-col items-stretch gap-0.5",
		children: [(0, import_jsx_runtime.jsxs)("span", {
			className: "whitespace-nowrap",
			children: [
				count(active),
				" / ",
				count(limit),
				" ",
				(0, import_jsx_runtime.jsxs)("span", {
					className: share >= .85 ? "text-warning" : "text-muted",
					children: [
						"(",
						percent(share),
						")"
					]
				})
			]
		}), (0, import_jsx_runtime.jsx)("span", {
			"aria-hidden": "true",
			className: "block h-1 overflow-hidden rounded-full bg-sunken forced-colors:border",
			children: (0, import_jsx_runtime.jsx)("span", {
				className: `block h-full ${share >= .85 ? "bg-warning" : "bg-accent"} forced-colors:bg-[CanvasText]`,
				style: { width: `${Math.min(1, share) * 100}%` }
			})
		})]
	});
}
function Waiting({ calls }) {
	return (0, import_jsx_runtime.jsx)("span", {
		className: calls > 0 ? "text-warning" : "text-muted",
		children: count(calls)
	});
}
function Limit({ of: { limit, limit_override } }) {
	return (0, import_jsx_runtime.jsxs)("span", {
		className: "inline-flex items-center gap-1.5",
		children: [limit_override !== null && limit_override !== void 0 && (0, import_jsx_runtime.jsx)(Badge, { children: "override" }), count(limit)]
	});
}
function Actions({ of: org, ...props }) {
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex items-center justify-end gap-1",
		children: [org.id === props.current ? (0, import_jsx_runtime.jsx)(Badge, {
			kind: "accent",
			children: "open"
		}) : (0, import_jsx_runtime.jsx)(Button, {
			kind: "quiet",
			"aria-label": `Open ${org.name}`,
			onClick: () => props.onLookAt(org),
			children: "Open"
		}), (0, import_jsx_runtime.jsx)(RowMenu, {
			label: `Actions for ${org.name}`,
			actions: [{
				label: "Edit",
				onSelect: () => props.onEdit(org)
			}, {
				label: "Delete",
				isDangerous: true,
				onSelect: () => props.onDelete(org)
			}]
		})]
	});
}
// src/pages/organisations/organisations.tsx
function Organisations() {
	const { org: current, chooseOrg } = useSignedIn();
	const [, goTo] = useLocation();
	const [search, setSearch] = (0, import_react.useState)("");
	const [doing, setDoing] = (0, import_react.useState)(null);
	const orgs = useOrgs(true);
	const read = orgs.data?.pages.flatMap(({ items }) => items) ?? [];
	const shown = found(read, search);
	const lookAt = ({ id }) => {
		chooseOrg(id);
		goTo("/concurrency");
	};
	const stop = () => setDoing(null);
	return (0, import_jsx_runtime.jsxs)(Page, {
		title: "Organisations",
		actions: (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsx)("div", {
			className: "w-56 max-w-full",
			children: (0, import_jsx_runtime.jsx)(SearchInput, {
				label: "Search organisations",
				value: search,
				onChange: setSearch
			})
		}), (0, import_jsx_runtime.jsx)(Button, {
			kind: "primary",
			onClick: () => setDoing({ what: "create" }),
			children: "Create organisation"
		})] }),
		children: [
			(0, import_jsx_runtime.jsx)(ProblemNote, { error: orgs.error }),
			orgs.isPending && (0, import_jsx_runtime.jsx)(Loading, { what: "organisations" }),
			orgs.data !== void 0 && shown.length === 0 && !orgs.hasNextPage && (0, import_jsx_runtime.jsx)(NothingToShow, { search }),
			shown.length > 0 && (0, import_jsx_runtime.jsx)(OrgsTable, {
				orgs: shown,
				current,
				onLookAt: lookAt,
				onEdit: (org) => setDoing({
					what: "edit",
					org
				}),
				onDelete: (org) => setDoing({
					what: "delete",
					org
				})
			}),
			orgs.data !== void 0 && (0, import_jsx_runtime.jsx)(Extent, {
				shown: shown.length,
				read: read.length,
				readAt: orgs.dataUpdatedAt,
				hasMore: orgs.hasNextPage,
				isBusy: orgs.isFetching,
				onMore: () => orgs.fetchNextPage(),
				onAgain: () => orgs.refetch()
			}),
			doing?.what === "create" && (0, import_jsx_runtime.jsx)(OrgPanel, { onClose: stop }),
			doing?.what === "edit" && (0, import_jsx_runtime.jsx)(OrgPanel, {
				org: doing.org,
				onClose: stop
			}),
			doing?.what === "delete" && (0, import_jsx_runtime.jsx)(DeleteOrg, {
				org: doing.org,
				onClose: stop
			})
		]
	});
}
function NothingToShow({ search }) {
	if (search.trim() !== "") return (0, import_jsx_runtime.jsx)(Empty, {
		title: `Nothing found for "${search.trim()}"`,
		children: "The search covers names, ids and plans."
	});
	return (0, import_jsx_runtime.jsx)(Empty, {
		title: "No organisations yet",
		children: "An organisation has one pool of call slots, with its own agents, reservations and keys. Create the first one, then open it."
	});
}
function Extent(props) {
	const { shown, read, readAt, hasMore, isBusy } = props;
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-wrap items-center justify-between gap-3 text-muted",
		children: [(0, import_jsx_runtime.jsxs)("p", { children: [
			(0, import_jsx_runtime.jsx)("span", {
				role: "status",
				children: extentInWords(shown, read, hasMore)
			}),
			", as of ",
			clock(readAt)
		] }), (0, import_jsx_runtime.jsxs)("div", {
			className: "flex gap-2",
			children: [hasMore && (0, import_jsx_runtime.jsx)(Button, {
				onClick: props.onMore,
				disabled: isBusy,
				focusableWhenDisabled: true,
				children: "Read more"
			}), (0, import_jsx_runtime.jsx)(Button, {
				onClick: props.onAgain,
				disabled: isBusy,
				focusableWhenDisabled: true,
				children: "Refresh"
			})]
		})]
	});
}
// src/pages/organisations/organisations-page.tsx
function OrganisationsPage() {
	const barred = useBarred("operator");
	if (barred === void 0) return (0, import_jsx_runtime.jsx)(Organisations, {});
	return (0, import_jsx_runtime.jsx)(Page, {
		title: "Organisations",
		children: (0, import_jsx_runtime.jsxs)(Note, { children: [barred, " Your key sees its own organisation only, on the other pages."] })
	});
}
export { OrganisationsPage };
