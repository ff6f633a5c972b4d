import { __toESM } from "./rolldown-runtime.js";
import { Button, Confirm, Dialog, Empty, Field, ID_PATTERN, Loading, LongId, MOST_CALLS, Note, ORGS, PLANS, Page, ProblemNote, RowMenu, SubmitButton, TextInput, Unsaved, WindowedTable, api, bodyOf, count, counted, focusFirstInvalid, useBarred, usePlans, useSay, wholeNumberIn } from "./shared.js";
import { require_jsx_runtime, require_react, useMutation, useQuery, useQueryClient } from "./packages.js";
// src/pages/plans/delete-plan.tsx
var import_react = __toESM(require_react(), 1);
var import_jsx_runtime = require_jsx_runtime();
function DeletePlan({ plan, onClose }) {
	const queries = useQueryClient();
	const say = useSay();
	const remove = useMutation({
		mutationFn: () => bodyOf(api.DELETE("/v1/plans/{id}", { params: { path: { id: plan.id } } })),
		onSuccess: async () => {
			await queries.invalidateQueries({ queryKey: [PLANS] });
			say(`The plan ${plan.name} was deleted.`);
			onClose();
		}
	});
	return (0, import_jsx_runtime.jsx)(Confirm, {
		title: `Delete the plan ${plan.name}?`,
		consequence: "It can no longer be chosen. A plan in use cannot be deleted: move its organisations to another plan first.",
		action: "Delete",
		isOpen: true,
		isBusy: remove.isPending,
		error: remove.error,
		onConfirm: () => remove.mutate(),
		onClose
	});
}
// src/pages/plans/plan-draft.ts
function problemsOf(draft, taken) {
	const problems = {};
	const limit = wholeNumberIn(draft.limit);
	if (draft.name.trim() === "") problems.name = "A plan has a name.";
	if (!ID_PATTERN.test(draft.id.trim())) problems.id = "1 to 64 letters, digits, and - _ . :";
	else if (taken.includes(draft.id.trim())) problems.id = "A plan with this id already exists. Edit it, or choose another id.";
	if (limit === void 0 || limit > 1e7) problems.limit = `A whole number from 0 to ${count(MOST_CALLS)}.`;
	return problems;
}
function planUses(orgs) {
	const uses = new Map();
	for (const { plan, limit_override } of orgs) {
		const use = uses.get(plan) ?? {
			orgs: 0,
			overridden: 0
		};
		use.orgs += 1;
		if (typeof limit_override === "number") use.overridden += 1;
		uses.set(plan, use);
	}
	return uses;
}
function whatLimitDoes(plan, limit, use) {
	const wanted = wholeNumberIn(limit);
	if (wanted === void 0 || wanted === plan.limit) return void 0;
	const change = `The limit of ${whom(use)} changes from ${count(plan.limit)} to ${count(wanted)} at once.`;
	const own = use === void 0 || use.overridden > 0 ? " Organisations with their own limit keep it." : "";
	const calls = wanted < plan.limit ? " No call is interrupted: where more are active, no new one starts until there is room." : " No call is interrupted; queued ones start where there is room.";
	return change + own + calls;
}
function whom(use) {
	if (use === void 0) return "all organisations on this plan";
	if (use.orgs === 0) return "this plan, which no organisation uses yet,";
	return use.orgs === 1 ? "the one organisation on this plan" : `all ${counted(use.orgs, "organisation")} on this plan`;
}
// src/pages/plans/plan-form.tsx
function PlanForm(props) {
	const { plan } = props;
	return (0, import_jsx_runtime.jsx)(Dialog, {
		title: plan === void 0 ? "Create plan" : `Edit ${plan.name}`,
		...plan !== void 0 && { description: `Id ${plan.id}` },
		isOpen: true,
		onClose: props.onClose,
		children: (0, import_jsx_runtime.jsx)(Fields, { ...props })
	});
}
function Fields({ plan, use, taken, onClose }) {
	const isNew = plan === void 0;
	const [begun] = (0, import_react.useState)(() => isNew ? {
		id: "",
		name: "",
		limit: ""
	} : {
		...plan,
		limit: String(plan.limit)
	});
	const [draft, setDraft] = (0, import_react.useState)(begun);
	const [isTried, setTried] = (0, import_react.useState)(false);
	const save = useSave(plan, onClose);
	const problems = problemsOf(draft, taken);
	const shown = isTried ? problems : {};
	const consequence = isNew ? void 0 : whatLimitDoes(plan, draft.limit, use);
	const submit = (event) => {
		event.preventDefault();
		setTried(true);
		if (Object.keys(problems).length === 0) save.mutate(draft);
		else focusFirstInvalid(event.currentTarget);
	};
	const put = (change) => setDraft({
		...draft,
		...change
	});
	return (0, import_jsx_runtime.jsxs)("form", {
		onSubmit: submit,
		noValidate: true,
		className: "flex flex-col gap-4",
		children: [
			(0, import_jsx_runtime.jsx)(Unsaved, { when: draft !== begun }),
			(0, import_jsx_runtime.jsx)(Field, {
				label: "Name",
				error: shown.name,
				children: (0, import_jsx_runtime.jsx)(TextInput, {
					value: draft.name,
					maxLength: 200,
					onChange: (event) => put({ name: event.target.value })
				})
			}),
			isNew && (0, import_jsx_runtime.jsx)(Field, {
				label: "Id",
				hint: "It names the plan in the API and never changes.",
				error: shown.id,
				children: (0, import_jsx_runtime.jsx)(TextInput, {
					value: draft.id,
					maxLength: 64,
					onChange: (event) => put({ id: event.target.value })
				})
			}),
			(0, import_jsx_runtime.jsx)(Field, {
				label: "Limit (calls)",
				hint: "How many calls an organisation on it may have active at once.",
				error: shown.limit,
				children: (0, import_jsx_runtime.jsx)(TextInput, {
					inputMode: "numeric",
					value: draft.limit,
					onChange: (event) => put({ limit: event.target.value })
				})
			}),
			(0, import_jsx_runtime.jsx)("div", {
				"aria-live": "polite",
				children: consequence !== void 0 && (0, import_jsx_runtime.jsx)(Note, {
					kind: "warning",
					children: consequence
				})
			}),
			(0, import_jsx_runtime.jsx)(ProblemNote, { error: save.error }),
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex justify-end gap-2",
				children: [(0, import_jsx_runtime.jsx)(Button, {
					onClick: onClose,
					children: "Cancel"
				}), (0, import_jsx_runtime.jsx)(SubmitButton, {
					action: isNew ? "Create" : "Save",
					isBusy: save.isPending
				})]
			})
		]
	});
}
function useSave(before, onClose) {
	const queries = useQueryClient();
	const say = useSay();
	const readAgain = () => Promise.all([queries.invalidateQueries({ queryKey: [PLANS] }), queries.invalidateQueries({ queryKey: [ORGS] })]);
	const putBack = useMutation({
		mutationFn: putPlan,
		onSuccess: async ({ name }) => {
			await readAgain();
			say(`The plan ${name} is as it was.`);
		},
		onError: ({ message }) => say(`It could not be undone: ${message}.`)
	});
	return useMutation({
		mutationFn: ({ id, name, limit }) => putPlan({
			id: id.trim(),
			name: name.trim(),
			limit: wholeNumberIn(limit) ?? 0
		}),
		onSuccess: async (saved) => {
			await readAgain();
			if (before === void 0) say(`The plan ${saved.name} is created.`);
			else say(`The plan ${saved.name} is saved.`, { undo: () => putBack.mutate(before) });
			onClose();
		}
	});
}
function putPlan({ id, name, limit }) {
	return bodyOf(api.PUT("/v1/plans/{id}", {
		params: { path: { id } },
		body: {
			name,
			limit
		}
	}));
}
// src/pages/plans/plans-table.tsx
function PlansTable({ plans, usageOf, onEdit, onDelete }) {
	const columns = (0, import_react.useMemo)(() => {
		return [
			{
				key: "name",
				head: "Name",
				width: 10,
				isWide: true,
				sortBy: ({ name }) => name,
				cell: ({ name }) => (0, import_jsx_runtime.jsx)("bdi", {
					title: name,
					className: "font-medium",
					children: name
				})
			},
			{
				key: "id",
				head: "Id",
				width: 10,
				isLong: true,
				extra: 1,
				sortBy: ({ id }) => id,
				cell: ({ id }) => (0, import_jsx_runtime.jsx)("span", {
					className: "text-muted",
					children: (0, import_jsx_runtime.jsx)(LongId, { id })
				})
			},
			{
				key: "limit",
				head: "Limit",
				width: 6,
				isNumber: true,
				sortBy: ({ limit }) => limit,
				cell: ({ limit }) => count(limit)
			},
			{
				key: "orgs",
				head: "Organisations",
				width: 13,
				isNumber: true,
				isLong: true,
				sortBy: ({ id }) => usageOf(id)?.orgs,
				cell: ({ id }) => (0, import_jsx_runtime.jsx)(Use, { use: usageOf(id) })
			},
			{
				key: "do",
				head: (0, import_jsx_runtime.jsx)("span", {
					className: "sr-only",
					children: "Actions"
				}),
				width: 4,
				isNumber: true,
				cell: (plan) => (0, import_jsx_runtime.jsx)("span", {
					className: "flex justify-end",
					children: (0, import_jsx_runtime.jsx)(RowMenu, {
						label: `Actions for ${plan.name}`,
						actions: [{
							label: "Edit",
							onSelect: () => onEdit(plan)
						}, {
							label: "Delete",
							isDangerous: true,
							onSelect: () => onDelete(plan)
						}]
					})
				})
			}
		];
	}, [
		usageOf,
		onEdit,
		onDelete
	]);
	return (0, import_jsx_runtime.jsx)(WindowedTable, {
		label: "Table of plans",
		columns,
		rows: plans,
		keyOf: ({ id }) => id,
		rowRem: 3.5
	});
}
function Use({ use }) {
	if (use === void 0) return (0, import_jsx_runtime.jsxs)("span", {
		title: "not counted here",
		className: "text-muted",
		children: ["–", (0, import_jsx_runtime.jsx)("span", {
			className: "sr-only",
			children: " not counted"
		})]
	});
	if (use.overridden === 0) return count(use.orgs);
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
		count(use.orgs),
		" ",
		(0, import_jsx_runtime.jsxs)("span", {
			className: "block text-muted text-xs",
			children: [count(use.overridden), " with a limit of their own"]
		})
	] });
}
// src/pages/plans/plans.tsx
function Plans() {
	const plans = usePlans();
	const uses = useUses();
	const [doing, setDoing] = (0, import_react.useState)(null);
	const items = plans.data?.items ?? [];
	const usageOf = (id) => uses === void 0 ? void 0 : uses.get(id) ?? {
		orgs: 0,
		overridden: 0
	};
	const stop = () => setDoing(null);
	return (0, import_jsx_runtime.jsxs)(Page, {
		title: "Plans",
		actions: (0, import_jsx_runtime.jsx)(Button, {
			kind: "primary",
			onClick: () => setDoing({ what: "create" }),
			children: "Create plan"
		}),
		children: [
			(0, import_jsx_runtime.jsx)("p", {
				className: "max-w-prose text-muted",
				children: "A plan sets how many calls an organisation can have active at once. An organisation can have its own limit instead."
			}),
			(0, import_jsx_runtime.jsx)(ProblemNote, { error: plans.error }),
			plans.isPending && (0, import_jsx_runtime.jsx)(Loading, { what: "plans" }),
			plans.data !== void 0 && items.length === 0 && (0, import_jsx_runtime.jsx)(Empty, {
				title: "No plans yet",
				children: "Every organisation is on a plan. Create the first one."
			}),
			items.length > 0 && (0, import_jsx_runtime.jsx)(PlansTable, {
				plans: items,
				usageOf,
				onEdit: (plan) => setDoing({
					what: "edit",
					plan
				}),
				onDelete: (plan) => setDoing({
					what: "delete",
					plan
				})
			}),
			doing?.what === "create" && (0, import_jsx_runtime.jsx)(PlanForm, {
				taken: items.map(({ id }) => id),
				onClose: stop
			}),
			doing?.what === "edit" && (0, import_jsx_runtime.jsx)(PlanForm, {
				plan: doing.plan,
				use: usageOf(doing.plan.id),
				taken: [],
				onClose: stop
			}),
			doing?.what === "delete" && (0, import_jsx_runtime.jsx)(DeletePlan, {
				plan: doing.plan,
				onClose: stop
			})
		]
	});
}
function useUses() {
	const orgs = useQuery({
		queryKey: [ORGS, "of-plans"],
		queryFn: ({ signal }) => bodyOf(api.GET("/v1/orgs", {
			params: { query: { limit: 1e3 } },
			signal
		}))
	});
	if (orgs.data === void 0 || orgs.data.next !== null) return void 0;
	return planUses(orgs.data.items);
}
// src/pages/plans/plans-page.tsx
function PlansPage() {
	const barred = useBarred("operator");
	if (barred === void 0) return (0, import_jsx_runtime.jsx)(Plans, {});
	return (0, import_jsx_runtime.jsx)(Page, {
		title: "Plans",
		children: (0, import_jsx_runtime.jsxs)(Note, { children: [barred, " The plan of your organisation is named in the sidebar."] })
	});
}
export { PlansPage };
