import { __toESM } from "./rolldown-runtime.js";
import { require_jsx_runtime, require_react } from "./packages.js";
import { Button, Dialog, INPUT_LOOK, Note, ORG_HEADER, api, bodyOf, copyText } from "./shared.js";
// src/pages/developers/key-queries.ts
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
function makeKey(name, role, lastsS) {
	return bodyOf(api.POST("/v1/keys", { body: {
		name,
		role,
		...ending(lastsS)
	} }));
}
function makeFirstKey(org) {
	return bodyOf(api.POST("/v1/keys", {
		body: {
			name: "first admin",
			role: "admin"
		},
		middleware: [{ onRequest({ request }) {
			request.headers.set(ORG_HEADER, org);
			return request;
		} }]
	}));
}
function rotateKey({ id, org }, graceS, lastsS) {
	const body = {
		grace_s: graceS,
		...ending(lastsS)
	};
	const params = { path: { id } };
	return bodyOf(api.POST("/v1/keys/{id}/rotate", {
		params,
		body,
		middleware: toOrg(org)
	}));
}
async function revokeKey({ id, org }) {
	const params = { path: { id } };
	await bodyOf(api.DELETE("/v1/keys/{id}", {
		params,
		middleware: toOrg(org)
	}));
}
function toOrg(org) {
	return org === null ? [inNoOrg] : [];
}
function ending(lastsS) {
	return lastsS === void 0 ? {} : { expires_in_s: lastsS };
}
// src/pages/developers/new-secret.tsx
var import_react = __toESM(require_react(), 1);
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
// src/pages/developers/secret-dialog.tsx
function SecretDialog(props) {
	const [isCopied, setCopied] = (0, import_react.useState)(false);
	const [isWarned, setWarned] = (0, import_react.useState)(false);
	const close = () => {
		if (isCopied || isWarned) props.onClose();
		else setWarned(true);
	};
	return (0, import_jsx_runtime.jsxs)(Dialog, {
		title: props.title,
		description: props.description,
		isOpen: true,
		onClose: close,
		children: [props.children, (0, import_jsx_runtime.jsxs)(NewSecret, {
			what: "secret",
			secret: props.secret,
			isWarned,
			onCopied: () => setCopied(true),
			onClose: close,
			children: [
				"Keep it like a password. Programs read it from ",
				(0, import_jsx_runtime.jsx)("code", { children: "CALLSLOT_KEY" }),
				"."
			]
		})]
	});
}
export { KEYS, NewSecret, SecretDialog, makeFirstKey, makeKey, readOperatorKeys, readOrgKeys, revokeKey, rotateKey };
