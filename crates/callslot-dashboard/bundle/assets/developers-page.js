import { __toESM } from "./rolldown-runtime.js";
import { Link, require_jsx_runtime, require_react, useMutation, useQuery, useQueryClient } from "./packages.js";
import { Badge, Button, Card, CodeSample, Confirm, Dialog, Empty, Field, Loading, LongId, Note, Page, ProblemNote, ROLES, Section, Select, SubmitButton, TYPE_NAME, TextInput, Unsaved, WindowedTable, api, bodyOf, clock, counted, curl, duration, includesRole, moment, signInLink, useBarred, useLive, useNow, useSay, useSignedIn } from "./shared.js";
import { KEYS, NewSecret, SecretDialog, makeKey, readOperatorKeys, readOrgKeys, revokeKey, rotateKey } from "./secret-dialog.js";
// src/pages/developers/key-words.ts
var import_react = __toESM(require_react(), 1);
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
// src/pages/developers/lifetimes.ts
var HOUR_S = 3600;
var DAY_S = 24 * HOUR_S;
var WARNED_MS = 7 * DAY_S * 1e3;
var SECONDS = {
	never: void 0,
	"7d": 7 * DAY_S,
	"30d": 30 * DAY_S,
	"90d": 90 * DAY_S,
	"1y": 365 * DAY_S
};
var LIFETIMES = [
	{
		value: "never",
		label: "never"
	},
	{
		value: "7d",
		label: "in 7 days"
	},
	{
		value: "30d",
		label: "in 30 days"
	},
	{
		value: "90d",
		label: "in 90 days"
	},
	{
		value: "1y",
		label: "in a year"
	}
];
function secondsOf(lifetime) {
	return SECONDS[lifetime];
}
var GRACES = [
	{
		value: "24h",
		label: "for 24 hours"
	},
	{
		value: "7d",
		label: "for 7 days"
	},
	{
		value: "1h",
		label: "for an hour"
	},
	{
		value: "0",
		label: "not at all: it stops now"
	}
];
var GRACE_S = {
	"0": 0,
	"1h": HOUR_S,
	"24h": DAY_S,
	"7d": 7 * DAY_S
};
function graceSeconds(grace) {
	return GRACE_S[grace];
}
function endingOf(at, nowMs) {
	const left = Date.parse(at) - nowMs;
	if (left <= 0) return {
		text: "expired",
		isOver: true,
		isSoon: true
	};
	const days = Math.floor(left / (DAY_S * 1e3));
	return {
		text: days < 1 ? `in ${duration(left)}` : `in ${counted(days, "day")}`,
		isOver: false,
		isSoon: left <= WARNED_MS
	};
}
// src/pages/developers/create-key.tsx
var import_jsx_runtime = require_jsx_runtime();
function CreateKey({ onClose }) {
	const queries = useQueryClient();
	const [made, setMade] = (0, import_react.useState)(null);
	const make = useMutation({
		mutationFn: async (asked) => {
			const { secret, ...key } = await makeKey(asked.name, asked.role, secondsOf(asked.lifetime));
			setMade({
				name: key.name,
				secret: secret ?? ""
			});
		},
		onSuccess: () => queries.invalidateQueries({ queryKey: [KEYS] })
	});
	return made === null ? (0, import_jsx_runtime.jsx)(Dialog, {
		title: "Create key",
		isOpen: true,
		onClose: () => !make.isPending && onClose(),
		children: (0, import_jsx_runtime.jsx)(KeyForm, {
			isBusy: make.isPending,
			error: make.error,
			onSubmit: make.mutate
		})
	}) : (0, import_jsx_runtime.jsx)(SecretDialog, {
		title: "Key created",
		description: `Copy the secret of ${made.name} now. You will not see it again.`,
		secret: made.secret,
		onClose
	});
}
function KeyForm({ isBusy, error, onSubmit }) {
	const { session, org } = useSignedIn();
	const [name, setName] = (0, import_react.useState)("");
	const [role, setRole] = (0, import_react.useState)("engine");
	const [lifetime, setLifetime] = (0, import_react.useState)("never");
	const submit = (event) => {
		event.preventDefault();
		if (name.trim() !== "" && !isBusy) onSubmit({
			name: name.trim(),
			role,
			lifetime
		});
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
			(0, import_jsx_runtime.jsx)(Select, {
				label: "Expires",
				value: lifetime,
				choices: LIFETIMES,
				onChange: setLifetime
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
// src/pages/developers/first-call/arrival.tsx
function Arrival({ id }) {
	const call = useLive((live) => callIn(live, id));
	const [arrived, setArrived] = (0, import_react.useState)();
	if (call !== void 0 && call !== arrived) setArrived(call);
	const barred = useBarred("engine");
	const { mutate, isIdle, isSuccess, error } = useMutation({ mutationFn: async () => {
		await bodyOf(api.POST("/v1/calls/{id}/end", {
			params: { path: { id } },
			body: {}
		}));
	} });
	const isToEnd = call !== void 0 && barred === void 0 && isIdle;
	(0, import_react.useEffect)(() => {
		if (isToEnd) mutate();
	}, [isToEnd, mutate]);
	if (arrived === void 0) return (0, import_jsx_runtime.jsxs)("p", {
		role: "status",
		className: "text-muted",
		children: [
			"Waiting for the call ",
			(0, import_jsx_runtime.jsx)("code", { children: id }),
			" …"
		]
	});
	const isOver = isSuccess || call === void 0;
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsxs)(Note, {
		kind: "good",
		role: "status",
		children: [
			(0, import_jsx_runtime.jsx)("span", {
				"aria-hidden": "true",
				children: "✓ "
			}),
			arrivalText(arrived),
			" ",
			isOver ? "It was ended, and holds nothing any more." : "",
			" ",
			(0, import_jsx_runtime.jsx)(Link, {
				href: `/calls/${encodeURIComponent(id)}`,
				className: "underline underline-offset-2",
				children: "See the call"
			})
		]
	}), (0, import_jsx_runtime.jsx)(ProblemNote, { error })] });
}
function callIn(live, id) {
	return live.active.get(id) ?? live.queue.find((call) => call.id === id);
}
function arrivalText({ agent, type, state, slot, requested_at }) {
	const how = state === "queued" ? "waits for a slot" : `took a ${slot ?? "shared"} slot at once`;
	return `Your call arrived at ${clock(requested_at)}: ${agent}, ${TYPE_NAME[type]}. It ${how}.`;
}
// src/pages/developers/first-call/first-call-code.ts
var LANGUAGES = [
	"curl",
	"Python",
	"TypeScript"
];
function firstCallCode(language, { origin, id, agent }) {
	const body = {
		id,
		agent,
		type: "inbound"
	};
	const address = JSON.stringify(`${origin}/v1/calls`);
	switch (language) {
		case "curl": return curl({
			method: "POST",
			origin,
			path: "/v1/calls",
			body,
			org: void 0
		});
		case "Python": return `import json, os, urllib.request

request = urllib.request.Request(
    ${address},
    data=json.dumps(${JSON.stringify(body)}).encode(),
    headers={
        "authorization": "Bearer " + os.environ["CALLSLOT_KEY"],
        "content-type": "application/json",
    },
)
with urllib.request.urlopen(request) as response:
    print(response.status, json.load(response))`;
		case "TypeScript": return `const response = await fetch(${address}, {
  method: "POST",
  headers: {
    authorization: \`Bearer \${process.env.CALLSLOT_KEY}\`,
    "content-type": "application/json",
  },
  body: JSON.stringify(${JSON.stringify(body)}),
});
console.log(response.status, await response.json());`;
	}
}
function exportLine(secret) {
	return `export CALLSLOT_KEY=${secret ?? "…"}`;
}
// src/pages/developers/first-call/first-key.tsx
var WEEK_S = 604800;
function FirstKey(props) {
	const barred = useBarred("admin");
	const queries = useQueryClient();
	const make = useMutation({
		mutationFn: async () => {
			const { secret } = await makeKey("first call", "engine", WEEK_S);
			props.onMade(secret ?? "");
		},
		onSuccess: () => queries.invalidateQueries({ queryKey: [KEYS] })
	});
	if (props.isMade) return (0, import_jsx_runtime.jsx)("p", {
		role: "status",
		className: "text-muted",
		children: "A key with the role engine was created. It expires in 7 days, and its secret is shown only here and now."
	});
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-wrap items-center gap-3",
		children: [(0, import_jsx_runtime.jsx)(Button, {
			disabledBecause: barred,
			disabled: make.isPending,
			focusableWhenDisabled: true,
			onClick: () => make.mutate(),
			children: make.isPending ? "Creating…" : "Create a key for this"
		}), (0, import_jsx_runtime.jsx)("span", {
			className: "text-muted",
			children: "or use one that you have, with the role engine."
		})]
	}), (0, import_jsx_runtime.jsx)(ProblemNote, { error: make.error })] });
}
// src/pages/developers/first-call/first-call.tsx
var CHOICES = LANGUAGES.map((language) => ({
	value: language,
	label: language
}));
function FirstCall() {
	const agent = useLive((live) => live.pool.agents[0]?.id ?? null);
	const [id] = (0, import_react.useState)(() => `first-call-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36)}`);
	const [secret, setSecret] = (0, import_react.useState)();
	const [language, setLanguage] = (0, import_react.useState)("curl");
	return (0, import_jsx_runtime.jsx)(Section, {
		title: "Make a first call",
		description: "Run a few lines, and see the call arrive here.",
		children: (0, import_jsx_runtime.jsx)(Card, { children: agent === null ? (0, import_jsx_runtime.jsxs)("p", {
			className: "text-muted",
			children: [
				"A call is for an agent, and there is none yet. Create one on the",
				" ",
				(0, import_jsx_runtime.jsx)(Link, {
					href: "/agents",
					className: "text-accent underline underline-offset-2",
					children: "Agents"
				}),
				" ",
				"page first."
			]
		}) : (0, import_jsx_runtime.jsxs)("ol", {
			className: "flex flex-col gap-5",
			children: [
				(0, import_jsx_runtime.jsxs)("li", {
					className: "flex flex-col gap-2",
					children: [
						(0, import_jsx_runtime.jsx)("h3", {
							className: "font-medium",
							children: "1. Have a key"
						}),
						(0, import_jsx_runtime.jsx)(FirstKey, {
							isMade: secret !== void 0,
							onMade: setSecret
						}),
						(0, import_jsx_runtime.jsx)(CodeSample, {
							text: exportLine(secret),
							what: "line that sets the key"
						})
					]
				}),
				(0, import_jsx_runtime.jsxs)("li", {
					className: "flex flex-col gap-2",
					children: [(0, import_jsx_runtime.jsxs)("div", {
						className: "flex flex-wrap items-center justify-between gap-2",
						children: [(0, import_jsx_runtime.jsx)("h3", {
							className: "font-medium",
							children: "2. Run this"
						}), (0, import_jsx_runtime.jsx)(Select, {
							label: "Language",
							isLabelHidden: true,
							value: language,
							choices: CHOICES,
							onChange: setLanguage
						})]
					}), (0, import_jsx_runtime.jsx)(CodeSample, {
						text: firstCallCode(language, {
							origin: window.location.origin,
							id,
							agent: agent ?? "support"
						}),
						what: "code that starts a call"
					})]
				}),
				(0, import_jsx_runtime.jsxs)("li", {
					className: "flex flex-col gap-2",
					children: [(0, import_jsx_runtime.jsx)("h3", {
						className: "font-medium",
						children: "3. See it arrive"
					}), (0, import_jsx_runtime.jsx)(Arrival, { id })]
				})
			]
		}) })
	});
}
// src/pages/developers/keys-table.tsx
function KeysTable({ label, keys, onRotate, onRevoke }) {
	const own = useSignedIn().session.key.id;
	const columns = (0, import_react.useMemo)(() => keyColumns(own, onRotate, onRevoke), [
		own,
		onRotate,
		onRevoke
	]);
	return (0, import_jsx_runtime.jsx)(WindowedTable, {
		label,
		columns,
		rows: keys,
		keyOf: ({ id }) => id,
		rowRem: 3.5
	});
}
function keyColumns(own, onRotate, onRevoke) {
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
			key: "expires",
			head: "Expires",
			width: 11.5,
			isLong: true,
			sortBy: ({ expires_at }) => expires_at ?? void 0,
			cell: (key) => (0, import_jsx_runtime.jsx)(End, { of: key })
		},
		{
			key: "change",
			head: (0, import_jsx_runtime.jsx)("span", {
				className: "sr-only",
				children: "Rotate or revoke"
			}),
			width: 12,
			isNumber: true,
			cell: (key) => (0, import_jsx_runtime.jsxs)("span", {
				className: "inline-flex gap-2",
				children: [(0, import_jsx_runtime.jsx)(Button, {
					"aria-label": `Rotate ${key.name}`,
					onClick: () => onRotate(key),
					children: "Rotate"
				}), (0, import_jsx_runtime.jsx)(Button, {
					kind: "danger",
					"aria-label": `Revoke ${key.name}`,
					onClick: () => onRevoke(key),
					children: "Revoke"
				})]
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
function End({ of: { expires_at, old_secret_until } }) {
	const now = useNow(6e4);
	const end = expires_at === null ? null : endingOf(expires_at, now);
	const old = old_secret_until === null ? null : endingOf(old_secret_until, now);
	return (0, import_jsx_runtime.jsxs)("span", {
		className: "flex flex-wrap items-baseline gap-x-2",
		children: [expires_at === null || end === null ? (0, import_jsx_runtime.jsx)("span", {
			className: "text-muted",
			children: "never"
		}) : (0, import_jsx_runtime.jsx)("time", {
			dateTime: expires_at,
			title: moment(expires_at),
			children: end.isSoon ? (0, import_jsx_runtime.jsx)(Badge, {
				kind: end.isOver ? "danger" : "warning",
				children: end.text
			}) : end.text
		}), old !== null && !old.isOver && (0, import_jsx_runtime.jsxs)("span", {
			className: "text-muted text-xs",
			children: ["old secret ends ", old.text]
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
// src/pages/developers/rotate-key.tsx
function RotateKey({ rotated, onClose }) {
	const queries = useQueryClient();
	const [made, setMade] = (0, import_react.useState)(null);
	const rotate = useMutation({
		mutationFn: async ({ graceS, lastsS }) => {
			const { secret, old_secret_until } = await rotateKey(rotated, graceS, lastsS);
			setMade({
				secret: secret ?? "",
				oldUntil: old_secret_until
			});
		},
		onSuccess: () => queries.invalidateQueries({ queryKey: [KEYS] })
	});
	if (made === null) return (0, import_jsx_runtime.jsx)(Dialog, {
		title: `Rotate the key ${rotated.name}`,
		description: "It gets a new secret. Its name, role and id stay.",
		isOpen: true,
		onClose: () => !rotate.isPending && onClose(),
		children: (0, import_jsx_runtime.jsx)(RotateForm, {
			of: rotated,
			isBusy: rotate.isPending,
			error: rotate.error,
			onSubmit: (graceS, lastsS) => rotate.mutate({
				graceS,
				lastsS
			})
		})
	});
	const old = made.oldUntil === null ? "The old secret has stopped working." : `The old secret works until ${moment(made.oldUntil)}.`;
	return (0, import_jsx_runtime.jsx)(SecretDialog, {
		title: "Key rotated",
		description: `Copy the new secret of ${rotated.name} now. You will not see it again. ${old}`,
		secret: made.secret,
		onClose
	});
}
function RotateForm(props) {
	const { session } = useSignedIn();
	const { id, expires_at } = props.of;
	const ending = endingOf(expires_at ?? "", useNow(6e4));
	const [grace, setGrace] = (0, import_react.useState)("24h");
	const [end, setEnd] = (0, import_react.useState)(expires_at !== null && ending.isSoon ? "90d" : "same");
	const submit = (event) => {
		event.preventDefault();
		const lastsS = end === "same" ? void 0 : secondsOf(end);
		if (!props.isBusy) props.onSubmit(graceSeconds(grace), lastsS);
	};
	const same = expires_at === null ? "never, as before" : `at ${moment(expires_at)}, as before`;
	const ends = LIFETIMES.flatMap(({ value, label }) => value === "never" ? [] : [{
		value,
		label
	}]);
	return (0, import_jsx_runtime.jsxs)("form", {
		onSubmit: submit,
		className: "flex flex-col gap-4",
		children: [
			!ending.isOver && (0, import_jsx_runtime.jsx)(Select, {
				label: "The old secret works on",
				value: grace,
				choices: GRACES,
				onChange: setGrace
			}),
			(0, import_jsx_runtime.jsx)(Select, {
				label: "The key expires",
				value: end,
				choices: ending.isOver ? ends : [{
					value: "same",
					label: same
				}, ...ends],
				onChange: setEnd
			}),
			grace === "0" && !ending.isOver && (0, import_jsx_runtime.jsxs)(Note, {
				kind: "warning",
				children: [
					"Programs that send the old secret are refused from now on, and browsers signed in with it are signed out",
					id === session.key.id ? ", except this one" : "",
					"."
				]
			}),
			(0, import_jsx_runtime.jsx)(ProblemNote, { error: props.error }),
			(0, import_jsx_runtime.jsx)("div", {
				className: "flex justify-end",
				children: (0, import_jsx_runtime.jsx)(SubmitButton, {
					action: "Rotate key",
					isBusy: props.isBusy
				})
			})
		]
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
	const [rotating, setRotating] = (0, import_react.useState)(null);
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
			onRotate: setRotating,
			onRevoke: setRevoking
		}),
		data.hasMore && (0, import_jsx_runtime.jsxs)(Note, { children: [
			"There are more keys than are shown here. ",
			(0, import_jsx_runtime.jsx)("code", { children: "callslot key list" }),
			" shows all of them."
		] }),
		rotating !== null && (0, import_jsx_runtime.jsx)(RotateKey, {
			rotated: rotating,
			onClose: () => setRotating(null)
		}),
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
			(0, import_jsx_runtime.jsx)(FirstCall, {}),
			(0, import_jsx_runtime.jsx)(Requests, {}),
			(0, import_jsx_runtime.jsx)(SignInLink, {}),
			(0, import_jsx_runtime.jsx)(Reference, {}),
			isCreating && (0, import_jsx_runtime.jsx)(CreateKey, { onClose: () => setCreating(false) })
		]
	});
}
export { DevelopersPage };
