import { __toESM } from "./rolldown-runtime.js";
import { require_jsx_runtime, require_react, useMutation, useQuery, useQueryClient } from "./packages.js";
import { Badge, Button, Card, CodeSample, Confirm, Dialog, Empty, Field, INPUT_LOOK, Loading, LongId, Note, ORG_HEADER, Page, ProblemNote, ROLES, Section, Select, SubmitButton, TextInput, Unsaved, WindowedTable, api, bodyOf, clock, copyText, counted, curl, includesRole, moment, signInLink, useBarred, useLive, useNow, useSay, useSignedIn } from "./shared.js";
// src/pages/developers/key-queries.ts
var import_react = __toESM(require_react(), 1);
var KEYS = "keys";
var PAGE = 1e3;
var MAX_PAGES = 20;
var inNoOrg = { onRequest({ request }) {
	request.headers.delete(ORG_HEADER);
	return request;
} };
function readOrgKeys(signal) {
	return readKeys([], signal);
}
async function readOperatorKeys(signal) {
	const { keys, hasMore } = await readKeys([inNoOrg], signal);
	return {
		keys: keys.filter(({ role }) => role === "operator"),
		hasMore
	};
}
async function readKeys(middleware, signal) {
	const keys = [];
	let cursor = null;
	for (let pages = 0; pages < MAX_PAGES; pages += 1) {
		const query = { limit: PAGE };
		if (cursor !== null) query.cursor = cursor;
		const page = await bodyOf(api.GET("/v1/keys", {
			params: { query },
			middleware,
			signal
		}));
		keys.push(...page.items);
		cursor = page.next ?? null;
		if (cursor === null) break;
	}
	return {
		keys,
		hasMore: cursor !== null
	};
}
function makeKey(name, role) {
	return bodyOf(api.POST("/v1/keys", { body: {
		name,
		role
	} }));
}
async function revokeKey({ id, org }) {
	const middleware = org === null ? [inNoOrg] : [];
	await bodyOf(api.DELETE("/v1/keys/{id}", {
		params: { path: { id } },
		middleware
	}));
}
// src/pages/developers/key-words.ts
var MIN_MS = 6e4;
var H_MS = 60 * MIN_MS;
var DAY_MS = 24 * H_MS;
function ago(at, nowMs) {
	const ms = nowMs - Date.parse(at);
	if (ms < 2 * MIN_MS) return "just now";
	if (ms < H_MS) return `${counted(Math.floor(ms / MIN_MS), "minute")} ago`;
	if (ms < DAY_MS) return `${counted(Math.floor(ms / H_MS), "hour")} ago`;
	return `${counted(Math.floor(ms / DAY_MS), "day")} ago`;
}
var ROLE_TEXT = {
	viewer: "reads the pool, calls and history; changes nothing",
	engine: "reads, starts and ends calls, holds leases: for call engines",
	admin: "everything in this organisation: agents, reservations, keys",
	operator: "every organisation, and the plans"
};
function whatStops(role) {
	if (role === "viewer") return "Requests with it are refused from now on, and browsers signed in with it are signed out.";
	return "Requests with it are refused from now on, and browsers signed in with it are signed out. A call engine that uses it can no longer start or end calls; its leases expire, and its live calls end with them.";
}
function newestFirst(keys) {
	return keys.toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
}
// src/pages/developers/new-secret.tsx
var import_jsx_runtime = require_jsx_runtime();
function NewSecret(props) {
	const { what } = props;
	const input = (0, import_react.useRef)(null);
	const [outcome, setOutcome] = (0, import_react.useState)();
	const copy = async () => {
		const isCopied = await copyText(props.secret);
		if (isCopied) props.onCopied();
		else input.current?.select();
		setOutcome(isCopied ? "copied" : "barred");
	};
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
		(0, import_jsx_runtime.jsxs)("div", {
			className: "flex gap-2",
			children: [(0, import_jsx_runtime.jsx)("input", {
				ref: input,
				readOnly: true,
				"aria-label": `The ${what}`,
				value: props.secret,
				onFocus: (event) => event.target.select(),
				onCopy: props.onCopied,
				className: `${INPUT_LOOK} min-w-0 font-mono text-xs`
			}), (0, import_jsx_runtime.jsx)(Button, {
				kind: "primary",
				autoFocus: true,
				onClick: copy,
				children: (0, import_jsx_runtime.jsx)("span", {
					className: "min-w-14",
					children: outcome === "copied" ? "Copied" : "Copy"
				})
			})]
		}),
		(0, import_jsx_runtime.jsx)("p", {
			role: "status",
			className: "sr-only",
			children: outcome === "copied" ? `Copied the ${what}.` : ""
		}),
		outcome === "barred" && (0, import_jsx_runtime.jsxs)(Note, {
			kind: "warning",
			role: "alert",
			children: [
				"The browser does not allow this page to copy. The ",
				what,
				" is selected: copy it with the keyboard."
			]
		}),
		props.isWarned && outcome !== "copied" && (0, import_jsx_runtime.jsx)(Note, {
			kind: "warning",
			role: "alert",
			children: "You have not copied the secret, and it cannot be shown again. Without it, the key is useless."
		}),
		(0, import_jsx_runtime.jsx)("p", {
			className: "text-muted",
			children: props.children
		}),
		(0, import_jsx_runtime.jsx)("div", {
			className: "flex justify-end",
			children: (0, import_jsx_runtime.jsx)(Button, {
				onClick: props.onClose,
				children: props.isWarned && outcome !== "copied" ? "Close without copying" : "Done"
			})
		})
	] });
}
// src/pages/developers/create-key.tsx
function CreateKey({ onClose }) {
	const queries = useQueryClient();
	const [made, setMade] = (0, import_react.useState)(null);
	const [isCopied, setCopied] = (0, import_react.useState)(false);
	const [isWarned, setWarned] = (0, import_react.useState)(false);
	const make = useMutation({
		mutationFn: async ({ name, role }) => {
			const { secret, ...key } = await makeKey(name, role);
			setMade({
				name: key.name,
				secret: secret ?? ""
			});
		},
		onSuccess: () => queries.invalidateQueries({ queryKey: [KEYS] })
	});
	const close = () => {
		if (made === null && make.isPending) return;
		if (made === null || isCopied || isWarned) onClose();
		else setWarned(true);
	};
	return made === null ? (0, import_jsx_runtime.jsx)(Dialog, {
		title: "Create key",
		isOpen: true,
		onClose: close,
		children: (0, import_jsx_runtime.jsx)(KeyForm, {
			isBusy: make.isPending,
			error: make.error,
			onSubmit: (name, role) => make.mutate({
				name,
				role
			})
		})
	}) : (0, import_jsx_runtime.jsx)(Dialog, {
		title: "Key created",
		description: `Copy the secret of ${made.name} now. You will not see it again.`,
		isOpen: true,
		onClose: close,
		children: (0, import_jsx_runtime.jsxs)(NewSecret, {
			what: "secret",
			secret: made.secret,
			isWarned,
			onCopied: () => setCopied(true),
			onClose: close,
			children: [
				"Keep it like a password. Programs read it from ",
				(0, import_jsx_runtime.jsx)("code", { children: "CALLSLOT_KEY" }),
				"."
			]
		})
	});
}
function KeyForm({ isBusy, error, onSubmit }) {
	const { session, org } = useSignedIn();
	const [name, setName] = (0, import_react.useState)("");
	const [role, setRole] = (0, import_react.useState)("engine");
	const submit = (event) => {
		event.preventDefault();
		if (name.trim() !== "" && !isBusy) onSubmit(name.trim(), role);
	};
	return (0, import_jsx_runtime.jsxs)("form", {
		onSubmit: submit,
		className: "flex flex-col gap-4",
		children: [
			(0, import_jsx_runtime.jsx)(Unsaved, { when: name !== "" && !isBusy }),
			(0, import_jsx_runtime.jsx)(Field, {
				label: "Name",
				hint: "Which program uses it, and where, so you can tell keys apart.",
				children: (0, import_jsx_runtime.jsx)(TextInput, {
					autoFocus: true,
					required: true,
					maxLength: 200,
					value: name,
					onChange: (event) => setName(event.target.value)
				})
			}),
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex flex-col gap-1",
				children: [(0, import_jsx_runtime.jsx)(Select, {
					label: "Role",
					value: role,
					choices: ROLES.filter((role) => includesRole(session.role, role)).map((role) => ({
						value: role,
						label: role
					})),
					onChange: setRole
				}), (0, import_jsx_runtime.jsx)("p", {
					"aria-live": "polite",
					className: "text-muted",
					children: role === "operator" ? `It belongs to no organisation: ${ROLE_TEXT[role]}.` : `For ${org}: ${ROLE_TEXT[role]}.`
				})]
			}),
			(0, import_jsx_runtime.jsx)(ProblemNote, { error }),
			(0, import_jsx_runtime.jsx)("div", {
				className: "flex justify-end",
				children: (0, import_jsx_runtime.jsx)(SubmitButton, {
					action: "Create key",
					isBusy
				})
			})
		]
	});
}
// src/pages/developers/keys-table.tsx
function KeysTable({ label, keys, onRevoke }) {
	const own = useSignedIn().session.key.id;
	const columns = (0, import_react.useMemo)(() => keyColumns(own, onRevoke), [own, onRevoke]);
	return (0, import_jsx_runtime.jsx)(WindowedTable, {
		label,
		columns,
		rows: keys,
		keyOf: ({ id }) => id,
		rowRem: 3.5
	});
}
function keyColumns(own, onRevoke) {
	return [
		{
			key: "name",
			head: "Name",
			width: 12,
			isWide: true,
			sortBy: ({ name }) => name,
			cell: (key) => (0, import_jsx_runtime.jsx)(NameAndId, {
				of: key,
				isOwn: key.id === own
			})
		},
		{
			key: "role",
			head: "Role",
			width: 7,
			sortBy: ({ role }) => ROLES.indexOf(role),
			cell: ({ role }) => (0, import_jsx_runtime.jsx)(Badge, { children: role })
		},
		{
			key: "used",
			head: "Last used",
			width: 9,
			isLong: true,
			sortBy: ({ last_used_at }) => last_used_at ?? void 0,
			cell: (key) => (0, import_jsx_runtime.jsx)(When, { at: key.last_used_at })
		},
		{
			key: "created",
			head: "Created",
			width: 9,
			isLong: true,
			extra: 1,
			sortBy: ({ created_at }) => created_at,
			cell: (key) => (0, import_jsx_runtime.jsx)(When, { at: key.created_at })
		},
		{
			key: "revoke",
			head: (0, import_jsx_runtime.jsx)("span", {
				className: "sr-only",
				children: "Revoke"
			}),
			width: 7,
			isNumber: true,
			cell: (key) => (0, import_jsx_runtime.jsx)(Button, {
				kind: "danger",
				"aria-label": `Revoke ${key.name}`,
				onClick: () => onRevoke(key),
				children: "Revoke"
			})
		}
	];
}
function NameAndId({ of: { id, name }, isOwn }) {
	return (0, import_jsx_runtime.jsxs)("span", {
		className: "flex flex-col",
		children: [(0, import_jsx_runtime.jsxs)("span", {
			className: "flex items-center gap-2",
			children: [(0, import_jsx_runtime.jsx)("bdi", {
				title: name,
				className: "truncate font-medium",
				children: name
			}), isOwn && (0, import_jsx_runtime.jsx)(Badge, {
				kind: "accent",
				children: "this browser"
			})]
		}), (0, import_jsx_runtime.jsx)("span", {
			className: "text-muted text-xs",
			children: (0, import_jsx_runtime.jsx)(LongId, { id })
		})]
	});
}
function When({ at }) {
	const now = useNow(6e4);
	if (at === null || at === void 0) return (0, import_jsx_runtime.jsx)("span", {
		className: "text-muted",
		children: "never"
	});
	return (0, import_jsx_runtime.jsx)("time", {
		dateTime: at,
		title: moment(at),
		children: ago(at, now)
	});
}
// src/pages/developers/revoke-key.tsx
function RevokeKey({ revoked, onClose }) {
	const { session } = useSignedIn();
	const queries = useQueryClient();
	const say = useSay();
	const revoke = useMutation({
		mutationFn: () => revokeKey(revoked),
		onSuccess: async () => {
			await queries.invalidateQueries({ queryKey: [KEYS] });
			say(`The key ${revoked.name} was revoked.`);
			onClose();
		}
	});
	return (0, import_jsx_runtime.jsx)(Confirm, {
		title: `Revoke the key ${revoked.name}?`,
		consequence: (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
			(0, import_jsx_runtime.jsx)("p", { children: whatStops(revoked.role) }),
			revoked.id === session.key.id && (0, import_jsx_runtime.jsx)("p", {
				className: "mt-2 font-medium text-danger",
				children: "You are signed in with this key, so this browser is signed out too."
			}),
			(0, import_jsx_runtime.jsx)("p", {
				className: "mt-2",
				children: "It cannot be taken back; a new key has a new secret."
			})
		] }),
		action: "Revoke",
		isOpen: true,
		isBusy: revoke.isPending,
		error: revoke.error,
		onConfirm: () => revoke.mutate(),
		onClose
	});
}
// src/pages/developers/keys.tsx
function Keys({ list, title, description }) {
	const barred = useBarred("admin");
	return (0, import_jsx_runtime.jsx)(Section, {
		title,
		description,
		children: barred === void 0 ? (0, import_jsx_runtime.jsx)(KeyList, {
			list,
			title
		}) : (0, import_jsx_runtime.jsxs)(Note, { children: [barred, " Ask an admin of your organisation for keys."] })
	});
}
function KeyList({ list, title }) {
	const { org } = useSignedIn();
	const [revoking, setRevoking] = (0, import_react.useState)(null);
	const read = list === "org" ? readOrgKeys : readOperatorKeys;
	const { data, error, isPending } = useQuery({
		queryKey: [
			KEYS,
			list,
			org
		],
		queryFn: ({ signal }) => read(signal)
	});
	if (isPending) return (0, import_jsx_runtime.jsx)(Loading, { what: "keys" });
	if (data === void 0) return (0, import_jsx_runtime.jsx)(ProblemNote, { error });
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
		(0, import_jsx_runtime.jsx)(ProblemNote, { error }),
		data.keys.length === 0 ? (0, import_jsx_runtime.jsxs)(Empty, {
			title: "No keys yet",
			children: [
				"Programs authenticate with a key. Create one with the role ",
				(0, import_jsx_runtime.jsx)("em", { children: "engine" }),
				" for a call engine, or ",
				(0, import_jsx_runtime.jsx)("em", { children: "viewer" }),
				" for programs that only read."
			]
		}) : (0, import_jsx_runtime.jsx)(KeysTable, {
			label: `Table of ${title}`,
			keys: newestFirst(data.keys),
			onRevoke: setRevoking
		}),
		data.hasMore && (0, import_jsx_runtime.jsxs)(Note, { children: [
			"There are more keys than are shown here. ",
			(0, import_jsx_runtime.jsx)("code", { children: "callslot key list" }),
			" shows all of them."
		] }),
		revoking !== null && (0, import_jsx_runtime.jsx)(RevokeKey, {
			revoked: revoking,
			onClose: () => setRevoking(null)
		})
	] });
}
// src/pages/developers/reference.tsx
function Reference() {
	return (0, import_jsx_runtime.jsx)(Section, {
		title: "Reference",
		children: (0, import_jsx_runtime.jsxs)("ul", {
			className: "grid gap-3 sm:grid-cols-2",
			children: [(0, import_jsx_runtime.jsx)(Document, {
				href: "/docs",
				title: "API reference",
				children: "Every endpoint, with its fields, limits and errors."
			}), (0, import_jsx_runtime.jsx)(Document, {
				href: "/openapi.json",
				title: "OpenAPI document",
				children: "The same for programs, to generate clients from."
			})]
		})
	});
}
function Document(props) {
	return (0, import_jsx_runtime.jsx)("li", { children: (0, import_jsx_runtime.jsxs)("a", {
		href: props.href,
		className: "block rounded-lg border border-line bg-surface p-4 shadow-card hover:bg-sunken",
		children: [(0, import_jsx_runtime.jsx)("span", {
			className: "font-medium text-accent",
			children: props.title
		}), (0, import_jsx_runtime.jsx)("span", {
			className: "block text-muted",
			children: props.children
		})]
	}) });
}
// src/pages/developers/snippets.ts
var CALL = "call-1";
function snippets({ origin, org, agent }) {
	const to = {
		origin,
		org
	};
	return [
		{
			what: "request that starts a call",
			title: "Start a call",
			explanation: "The response says active if the call got a slot, and queued if it has to wait. Repeating the id is safe.",
			text: curl({
				...to,
				method: "POST",
				path: "/v1/calls",
				body: {
					id: CALL,
					agent,
					type: "inbound"
				}
			})
		},
		{
			what: "request that ends it",
			title: "End it",
			explanation: "Its slot is free at once. Ending it again changes nothing.",
			text: curl({
				...to,
				method: "POST",
				path: `/v1/calls/${CALL}/end`
			})
		},
		{
			what: "request that reads the pool",
			title: "Read the pool",
			explanation: "The numbers on the Concurrency page.",
			text: curl({
				...to,
				method: "GET",
				path: "/v1/concurrency"
			})
		},
		{
			what: "request that follows the events",
			title: "Follow events",
			explanation: "Prints each event as it happens, until you stop it.",
			text: curl({
				...to,
				method: "GET",
				path: "/v1/events",
				isStream: true
			})
		}
	];
}
// src/pages/developers/requests.tsx
function Requests() {
	const { session, org } = useSignedIn();
	const agent = useLive((live) => live.pool.agents[0]?.id ?? null);
	const barred = useBarred("engine");
	const samples = snippets({
		origin: window.location.origin,
		org: session.org === null ? org : void 0,
		agent: agent ?? "support"
	});
	return (0, import_jsx_runtime.jsxs)(Section, {
		title: "Requests to copy",
		description: (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
			"With curl, for the organisation ",
			org,
			". The key is read from ",
			(0, import_jsx_runtime.jsx)("code", { children: "$CALLSLOT_KEY" }),
			"."
		] }),
		children: [
			agent === null && (0, import_jsx_runtime.jsxs)("p", {
				className: "text-muted",
				children: [
					"This organisation has no agents yet. Create one on the Agents page and use its id instead of ",
					(0, import_jsx_runtime.jsx)("code", { children: "support" }),
					"."
				]
			}),
			barred !== void 0 && (0, import_jsx_runtime.jsx)("p", {
				className: "text-muted",
				children: "Starting and ending calls requires a key with the role engine."
			}),
			(0, import_jsx_runtime.jsx)(Card, { children: (0, import_jsx_runtime.jsx)("ol", {
				className: "grid gap-5 lg:grid-cols-2",
				children: samples.map(({ what, title, explanation, text }) => (0, import_jsx_runtime.jsxs)("li", {
					className: "flex min-w-0 flex-col gap-2",
					children: [(0, import_jsx_runtime.jsxs)("div", { children: [(0, import_jsx_runtime.jsx)("h3", {
						className: "font-medium",
						children: title
					}), (0, import_jsx_runtime.jsx)("p", {
						className: "text-muted",
						children: explanation
					})] }), (0, import_jsx_runtime.jsx)(CodeSample, {
						text,
						what
					})]
				}, title))
			}) })
		]
	});
}
// src/pages/developers/sign-in-link.tsx
function SignInLink() {
	const { session } = useSignedIn();
	const [made, setMade] = (0, import_react.useState)(null);
	const make = useMutation({ mutationFn: async () => {
		const { code, expires_at } = await bodyOf(api.POST("/v1/session/codes"));
		setMade({
			link: signInLink(window.location.origin, code),
			until: expires_at
		});
	} });
	return (0, import_jsx_runtime.jsxs)(Section, {
		title: "Sign in elsewhere",
		description: `A link signs another browser in once, as ${session.key.name} with the role ${session.role}.`,
		actions: (0, import_jsx_runtime.jsx)(Button, {
			onClick: () => make.mutate(),
			disabled: make.isPending,
			children: "Create sign-in link"
		}),
		children: [(0, import_jsx_runtime.jsx)(ProblemNote, { error: make.error }), made !== null && (0, import_jsx_runtime.jsx)(Dialog, {
			title: "Sign-in link",
			description: `It works once, until ${clock(made.until)}. Anyone who opens it can do what you can do.`,
			isOpen: true,
			onClose: () => setMade(null),
			children: (0, import_jsx_runtime.jsx)(NewSecret, {
				what: "link",
				secret: made.link,
				isWarned: false,
				onCopied: () => void 0,
				onClose: () => setMade(null),
				children: "Open it in the other browser."
			})
		})]
	});
}
// src/pages/developers/developers-page.tsx
function DevelopersPage() {
	const { session } = useSignedIn();
	const barred = useBarred("admin");
	const [isCreating, setCreating] = (0, import_react.useState)(false);
	return (0, import_jsx_runtime.jsxs)(Page, {
		title: "Developers",
		actions: (0, import_jsx_runtime.jsx)(Button, {
			kind: "primary",
			disabledBecause: barred,
			onClick: () => setCreating(true),
			children: "Create key"
		}),
		children: [
			(0, import_jsx_runtime.jsx)(Keys, {
				list: "org",
				title: "API keys",
				description: "Give each program its own key, so that you can revoke it separately."
			}),
			session.role === "operator" && (0, import_jsx_runtime.jsx)(Keys, {
				list: "operators",
				title: "Operator keys",
				description: "They belong to no organisation and can do everything in each."
			}),
			(0, import_jsx_runtime.jsx)(Requests, {}),
			(0, import_jsx_runtime.jsx)(SignInLink, {}),
			(0, import_jsx_runtime.jsx)(Reference, {}),
			isCreating && (0, import_jsx_runtime.jsx)(CreateKey, { onClose: () => setCreating(false) })
		]
	});
}
export { DevelopersPage };
