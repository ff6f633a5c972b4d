import { __toESM } from "./rolldown-runtime.js";
import { AlertDialogRoot, Button as Button$1, DialogBackdrop, DialogClose, DialogDescription, DialogPopup, DialogPortal, DialogRoot, DialogTitle, FieldControl, FieldDescription, FieldError, FieldLabel, FieldRoot, Link, MenuItem as MenuItem$1, MenuPopup, MenuPortal, MenuPositioner, MenuRadioGroup, MenuRadioItem, MenuRadioItemIndicator, MenuRoot, MenuTrigger, MutationCache, QueryCache, QueryClient, Separator, ToastAction, ToastClose, ToastDescription, ToastPortal, ToastRoot, ToastViewport, TooltipPopup, TooltipPortal, TooltipPositioner, TooltipRoot, TooltipTrigger, createClient, createParser, require_jsx_runtime, require_react, useInfiniteQuery, useLocation, useMutation, useQuery, useQueryClient, useRoute, useToastManager } from "./packages.js";
// src/ui/control/tip.tsx
var import_react = __toESM(require_react(), 1);
var import_jsx_runtime = require_jsx_runtime();
function Tip({ text, children }) {
	return (0, import_jsx_runtime.jsxs)(TooltipRoot, { children: [(0, import_jsx_runtime.jsx)(TooltipTrigger, {
		render: children,
		"aria-description": text,
		delay: 150
	}), (0, import_jsx_runtime.jsx)(TooltipPortal, { children: (0, import_jsx_runtime.jsx)(TooltipPositioner, {
		sideOffset: 6,
		children: (0, import_jsx_runtime.jsx)(TooltipPopup, {
			className: "z-50 max-w-72 rounded-md border border-line bg-raised px-2.5 py-1.5 text-text shadow-overlay",
			children: text
		})
	}) })] });
}
// src/ui/control/button.tsx
var LOOK$2 = {
	primary: "bg-accent text-on-accent hover:bg-accent-hover border-transparent",
	plain: "bg-surface text-text border-line hover:bg-sunken shadow-card",
	quiet: "bg-transparent text-text border-transparent hover:bg-sunken",
	danger: "bg-surface text-danger border-line hover:bg-danger-soft shadow-card"
};
function Button({ kind = "plain", disabledBecause, onClick, ...rest }) {
	const isDisabled = disabledBecause !== void 0;
	const button = (0, import_jsx_runtime.jsx)(Button$1, {
		type: "button",
		...rest,
		...isDisabled ? {
			"aria-disabled": true,
			onClick: (event) => event.preventDefault()
		} : { onClick },
		className: `inline-flex min-h-8 pointer-coarse:min-h-10 items-center justify-center gap-1.5 rounded-md border px-3 py-1 font-medium whitespace-nowrap transition-colors disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-60 ${LOOK$2[kind]}`
	});
	return isDisabled ? (0, import_jsx_runtime.jsx)(Tip, {
		text: disabledBecause,
		children: button
	}) : button;
}
// src/api/problem.ts
var ProblemError = class ProblemError extends Error {
	name = "ProblemError";
	status;
	code;
	requestId;
	constructor(status, code, detail, requestId) {
		super(detail);
		this.status = status;
		this.code = code;
		this.requestId = requestId;
	}
	static of(response, body) {
		const requestId = response.headers.get("x-request-id") ?? void 0;
		if (isProblem(body)) return new ProblemError(response.status, body.code, body.detail, body.request_id ?? requestId);
		return new ProblemError(response.status, "unexpected", `the server answered ${response.status} without a reason; try again, or check the server's log`, requestId);
	}
	static unreachable() {
		return new ProblemError(0, "unreachable", "the server does not respond; check that it is running and reachable from this machine");
	}
};
function isCursorLost({ code }) {
	return code === "cursor_expired" || code === "cursor_ahead";
}
function unreachable() {
	throw ProblemError.unreachable();
}
function isProblem(body) {
	return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}
// src/ui/message/note.tsx
var LOOK$1 = {
	plain: "border-line bg-sunken text-text",
	warning: "border-warning/30 bg-warning-soft text-warning",
	danger: "border-danger/30 bg-danger-soft text-danger",
	good: "border-good/30 bg-good-soft text-good"
};
function Note(props) {
	return (0, import_jsx_runtime.jsx)("div", {
		role: props.role,
		className: `rounded-md border px-3 py-2 break-words ${LOOK$1[props.kind ?? "plain"]}`,
		children: props.children
	});
}
// src/ui/message/problem-note.tsx
function ProblemNote({ error }) {
	if (error === null || error === void 0) return null;
	const requestId = error instanceof ProblemError ? error.requestId : void 0;
	return (0, import_jsx_runtime.jsxs)(Note, {
		kind: "danger",
		role: "alert",
		children: [sentence(error.message), requestId !== void 0 && (0, import_jsx_runtime.jsxs)("span", {
			className: "block font-mono text-xs",
			children: ["request ", requestId]
		})]
	});
}
function sentence(text) {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
// src/ui/page/page.tsx
function Page(props) {
	(0, import_react.useEffect)(() => {
		document.title = `${props.title} · Callslot`;
	}, [props.title]);
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "mx-auto flex w-full max-w-[1440px] flex-col gap-5 p-4 sm:p-6 lg:p-8",
		children: [(0, import_jsx_runtime.jsxs)("header", {
			className: "flex flex-wrap items-center justify-between gap-3",
			children: [(0, import_jsx_runtime.jsx)("h1", {
				className: "font-semibold text-xl",
				children: props.title
			}), props.actions !== void 0 && (0, import_jsx_runtime.jsx)("div", {
				className: "flex flex-wrap items-end gap-2",
				children: props.actions
			})]
		}), props.children]
	});
}
function Section(props) {
	return (0, import_jsx_runtime.jsxs)("section", {
		"aria-label": props.title,
		className: "flex flex-col gap-3",
		children: [(0, import_jsx_runtime.jsxs)("div", {
			className: "flex flex-wrap items-end justify-between gap-3",
			children: [(0, import_jsx_runtime.jsxs)("div", { children: [(0, import_jsx_runtime.jsx)("h2", {
				className: "font-semibold text-base",
				children: props.title
			}), props.description !== void 0 && (0, import_jsx_runtime.jsx)("p", {
				className: "text-muted",
				children: props.description
			})] }), props.actions !== void 0 && (0, import_jsx_runtime.jsx)("div", {
				className: "flex flex-wrap items-end gap-2",
				children: props.actions
			})]
		}), props.children]
	});
}
function Card$1({ children }) {
	return (0, import_jsx_runtime.jsx)("div", {
		className: "rounded-lg border border-line bg-surface p-4 shadow-card",
		children
	});
}
function Empty(props) {
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col items-center gap-2 rounded-lg border border-line border-dashed px-6 py-10 text-center",
		children: [
			(0, import_jsx_runtime.jsx)("p", {
				className: "font-medium",
				children: props.title
			}),
			(0, import_jsx_runtime.jsx)("div", {
				className: "max-w-prose text-muted",
				children: props.children
			}),
			props.action
		]
	});
}
function Loading({ what }) {
	return (0, import_jsx_runtime.jsxs)("p", {
		role: "status",
		className: "py-6 text-center text-muted",
		children: [
			"Loading ",
			what,
			" …"
		]
	});
}
// src/auth/queries.ts
var SESSION_QUERY = ["session"];
var OF_NO_ORG = [
	SESSION_QUERY[0],
	"orgs",
	"plans",
	"org-looked-at"
];
function saysSignedOut(error) {
	return error instanceof ProblemError && error.status === 401;
}
function createQueries() {
	const queries = new QueryClient({
		queryCache: new QueryCache({ onError: (error, { queryKey }) => {
			if (queryKey[0] !== SESSION_QUERY[0]) noteRefusal(queries, error);
		} }),
		mutationCache: new MutationCache({ onError: (error) => noteRefusal(queries, error) }),
		defaultOptions: {
			queries: {
				retry: (failures, error) => failures < 3 && isWorthRepeating(error),
				refetchOnWindowFocus: true,
				staleTime: 2e3,
				networkMode: "always"
			},
			mutations: { networkMode: "always" }
		}
	});
	return queries;
}
function isWorthRepeating(error) {
	return error instanceof ProblemError && (error.status === 0 || error.status >= 500);
}
function noteRefusal(queries, error) {
	if (!saysSignedOut(error)) return;
	queries.refetchQueries({ queryKey: SESSION_QUERY }, { cancelRefetch: false });
}
var signedOutByHand = new WeakSet();
function hasEndedElsewhere(queries) {
	return !signedOutByHand.has(queries);
}
async function signedInAs(queries, session) {
	await queries.cancelQueries({ queryKey: SESSION_QUERY });
	if (session === null) signedOutByHand.add(queries);
	else signedOutByHand.delete(queries);
	queries.setQueryData(SESSION_QUERY, session);
	forgetAll(queries);
}
function forgetAll(queries) {
	queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_QUERY[0] });
}
function forgetOrg(queries) {
	queries.removeQueries({ predicate: ({ queryKey }) => !OF_NO_ORG.includes(queryKey[0]) });
}
// src/api/client.ts
var ORG_HEADER = "callslot-org";
var actingOrg = null;
function actIn(org) {
	actingOrg = org;
}
function orgHeaders() {
	return actingOrg === null ? {} : { [ORG_HEADER]: actingOrg };
}
var nameOrg = {
	onRequest({ request }) {
		if (actingOrg !== null) request.headers.set(ORG_HEADER, actingOrg);
		return request;
	},
	onError({ error }) {
		if (error instanceof DOMException && error.name === "AbortError") return error;
		return ProblemError.unreachable();
	}
};
var api = createClient({
	baseUrl: globalThis.location.origin,
	fetch: (request) => globalThis.fetch(request)
});
api.use(nameOrg);
async function bodyOf(asked) {
	const { data, error, response } = await asked;
	if (!response.ok) throw ProblemError.of(response, error);
	return data;
}
// src/domain.ts
var CALL_TYPES = [
	"webcall",
	"chat",
	"outbound",
	"inbound"
];
var TYPE_NAME = {
	webcall: "Webcall",
	chat: "Chat",
	outbound: "Outbound",
	inbound: "Inbound"
};
var BLOCKED_ON_TEXT = {
	nothing_shared: "no slot to share",
	limit: "limit reached",
	settling: "settling",
	agent_cap: "agent cap reached",
	type_cap: "type cap reached",
	shared_full: "shared pool full"
};
var END_REASON_TEXT = {
	completed: "completed",
	canceled: "canceled while queued",
	lease_expired: "lease expired",
	reconciled: "reconciled",
	max_duration: "maximum duration reached",
	max_wait: "maximum wait reached",
	unclaimed: "not claimed",
	declined: "declined"
};
var ID_PATTERN = /^[A-Za-z0-9_.:-]{1,64}$/;
var MOST_CALLS = 1e7;
function isTime(ms) {
	return ms >= 0 && ms < Date.UTC(1e4, 0);
}
var ROLES = [
	"viewer",
	"engine",
	"admin",
	"operator"
];
function includesRole(role, least) {
	return ROLES.indexOf(role) >= ROLES.indexOf(least);
}
// src/auth/session.tsx
function useSessionQuery() {
	const queries = useQueryClient();
	return useQuery({
		queryKey: SESSION_QUERY,
		queryFn: async ({ signal }) => {
			const session = await readSession(signal);
			const before = queries.getQueryData(SESSION_QUERY);
			if (before != null && before.key.id !== session?.key.id) forgetAll(queries);
			return session;
		},
		retry: false,
		staleTime: Number.POSITIVE_INFINITY,
		refetchOnWindowFocus: "always"
	});
}
async function readSession(signal) {
	try {
		return await bodyOf(api.GET("/v1/session", { signal }));
	} catch (error) {
		if (saysSignedOut(error)) return null;
		throw error;
	}
}
var Context$1 = (0, import_react.createContext)(void 0);
var CHOSEN_ORG = "callslot.org";
var LOOKED_AT = "org-looked-at";
function SignedInProvider(props) {
	const { session, children } = props;
	const queries = useQueryClient();
	const [chosen, setChosen] = (0, import_react.useState)(() => localStorage.getItem(CHOSEN_ORG));
	const isOperator = session.org === null;
	const lookedAt = useQuery({
		queryKey: [LOOKED_AT, chosen],
		queryFn: () => chosenOrFirstOrg(chosen),
		enabled: isOperator,
		staleTime: Number.POSITIVE_INFINITY
	});
	const org = session.org ?? lookedAt.data;
	const actsIn = isOperator && org !== void 0 && org !== "" ? org : null;
	(0, import_react.useLayoutEffect)(() => {
		actIn(actsIn);
		return () => actIn(null);
	}, [actsIn]);
	const value = (0, import_react.useMemo)(() => {
		if (org === void 0) return void 0;
		const chooseOrg = (next) => {
			forgetOrg(queries);
			if (next === null) {
				localStorage.removeItem(CHOSEN_ORG);
				queries.resetQueries({ queryKey: [LOOKED_AT] });
			} else {
				localStorage.setItem(CHOSEN_ORG, next);
				queries.setQueryData([LOOKED_AT, next], next);
			}
			setChosen(next);
		};
		return {
			session,
			org,
			chooseOrg
		};
	}, [
		session,
		org,
		queries
	]);
	if (value !== void 0) return (0, import_jsx_runtime.jsx)(Context$1.Provider, {
		value,
		children
	});
	if (lookedAt.error === null) return (0, import_jsx_runtime.jsx)(Loading, { what: "organisations" });
	return (0, import_jsx_runtime.jsxs)("main", {
		className: "mx-auto flex max-w-md flex-col gap-3 p-6",
		children: [(0, import_jsx_runtime.jsx)(ProblemNote, { error: lookedAt.error }), (0, import_jsx_runtime.jsx)(Button, {
			onClick: () => lookedAt.refetch(),
			children: "Try again"
		})]
	});
}
async function chosenOrFirstOrg(chosen) {
	if (chosen !== null) try {
		return (await bodyOf(api.GET("/v1/orgs/{id}", { params: { path: { id: chosen } } }))).id;
	} catch (error) {
		if (!(error instanceof ProblemError && [
			400,
			404,
			422
		].includes(error.status))) throw error;
	}
	const { items } = await bodyOf(api.GET("/v1/orgs", { params: { query: { limit: 1 } } }));
	return items[0]?.id ?? "";
}
function useSignedIn() {
	const value = (0, import_react.useContext)(Context$1);
	if (value === void 0) throw new Error("only those who are signed in see this");
	return value;
}
function useBarred(least) {
	const { role } = useSignedIn().session;
	return includesRole(role, least) ? void 0 : `This requires the role ${least}; your key has the role ${role}.`;
}
// src/auth/sign-in-code.ts
function codeIn(address) {
	const code = address.hash.slice(1);
	return address.pathname === "/sign-in" && code !== "" ? code : null;
}
function signInLink(origin, code) {
	return `${origin}/sign-in#${code}`;
}
// src/ui/form/field.tsx
var INPUT_LOOK = "h-8 pointer-coarse:h-10 w-full rounded-md border border-line-strong bg-surface px-2.5 text-text aria-invalid:border-danger disabled:opacity-60";
function Field(props) {
	const { label, hint, error, children } = props;
	return (0, import_jsx_runtime.jsxs)(FieldRoot, {
		invalid: error !== void 0,
		className: "flex flex-col gap-1",
		children: [
			(0, import_jsx_runtime.jsx)(FieldLabel, {
				className: "font-medium",
				children: label
			}),
			children,
			hint !== void 0 && (0, import_jsx_runtime.jsx)(FieldDescription, {
				className: "text-muted",
				children: hint
			}),
			error !== void 0 && (0, import_jsx_runtime.jsx)(FieldError, {
				match: true,
				className: "text-danger",
				children: error
			})
		]
	});
}
function TextInput(props) {
	return (0, import_jsx_runtime.jsx)(FieldControl, {
		autoComplete: "off",
		spellCheck: false,
		...props,
		className: INPUT_LOOK
	});
}
function SearchInput(props) {
	return (0, import_jsx_runtime.jsx)("input", {
		type: "search",
		"aria-label": props.label,
		placeholder: props.label,
		value: props.value,
		onChange: (event) => props.onChange(event.target.value),
		className: `${INPUT_LOOK} max-w-64`
	});
}
// src/ui/icon.svg
var icon_default = new URL("icon.svg", import.meta.url).href;
// src/auth/sign-in-page.tsx
function SignInPage(props) {
	const { code, session, ended, onDone } = props;
	const { signIn, isBusy, error } = useSignIn(onDone);
	const tried = (0, import_react.useRef)(null);
	const [refusedCode, setRefusedCode] = (0, import_react.useState)(null);
	(0, import_react.useEffect)(() => {
		document.title = "Sign in · Callslot";
	}, []);
	(0, import_react.useEffect)(() => {
		if (code === null || tried.current === code) return;
		tried.current = code;
		signIn({ code }).then((isIn) => !isIn && setRefusedCode(code));
	}, [code, signIn]);
	const isTakingCode = code !== null && code !== refusedCode;
	return (0, import_jsx_runtime.jsxs)("main", {
		className: "mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-5 p-6",
		children: [
			(0, import_jsx_runtime.jsxs)("div", {
				className: "flex items-center gap-2.5",
				children: [(0, import_jsx_runtime.jsx)("img", {
					src: icon_default,
					alt: "",
					className: "size-7"
				}), (0, import_jsx_runtime.jsx)("h1", {
					className: "font-semibold text-xl",
					children: "Sign in to Callslot"
				})]
			}),
			ended !== null && code === null && (0, import_jsx_runtime.jsxs)(Note, {
				kind: "warning",
				role: "alert",
				children: [
					"Your session with the key ",
					(0, import_jsx_runtime.jsx)("bdi", { children: ended.key.name }),
					" has ended: the key was revoked, it was signed out everywhere, or the session expired. Sign in again to go on where you were."
				]
			}),
			isTakingCode ? (0, import_jsx_runtime.jsx)(Loading, { what: "the sign-in link" }) : (0, import_jsx_runtime.jsx)(KeyForm, {
				isBusy,
				error,
				onKey: (key) => signIn({ key })
			}),
			session !== null && !isTakingCode && (0, import_jsx_runtime.jsxs)(Button, {
				onClick: onDone,
				children: ["Stay signed in as ", session.key.name]
			}),
			(0, import_jsx_runtime.jsxs)("p", {
				className: "text-muted",
				children: [
					"No key at hand? Run ",
					(0, import_jsx_runtime.jsx)("code", { children: "callslot dashboard" }),
					" on the server to get a one-time sign-in link."
				]
			})
		]
	});
}
function KeyForm(props) {
	const { isBusy, error, onKey } = props;
	const [key, setKey] = (0, import_react.useState)("");
	const input = (0, import_react.useRef)(null);
	(0, import_react.useEffect)(() => {
		if (error !== null) input.current?.select();
	}, [error]);
	const submit = (event) => {
		event.preventDefault();
		if (!isBusy && key.trim() !== "") onKey(key.trim());
	};
	return (0, import_jsx_runtime.jsxs)("form", {
		onSubmit: submit,
		className: "flex flex-col gap-4",
		children: [
			(0, import_jsx_runtime.jsx)(ProblemNote, { error }),
			(0, import_jsx_runtime.jsx)(Field, {
				label: "API key",
				hint: "It starts with cs_. An admin can create one on the Developers page or with callslot key create.",
				children: (0, import_jsx_runtime.jsx)(TextInput, {
					ref: input,
					type: "password",
					name: "key",
					autoComplete: "current-password",
					autoFocus: true,
					required: true,
					value: key,
					onChange: (event) => setKey(event.target.value)
				})
			}),
			(0, import_jsx_runtime.jsx)(Button, {
				kind: "primary",
				type: "submit",
				disabled: isBusy,
				focusableWhenDisabled: true,
				children: isBusy ? "Signing in …" : "Sign in"
			})
		]
	});
}
function useSignIn(onDone) {
	const queries = useQueryClient();
	const [isBusy, setBusy] = (0, import_react.useState)(false);
	const [error, setError] = (0, import_react.useState)(null);
	const done = (0, import_react.useRef)(onDone);
	done.current = onDone;
	return {
		signIn: (0, import_react.useCallback)(async (proof) => {
			setBusy(true);
			setError(null);
			try {
				await signedInAs(queries, await bodyOf(api.POST("/v1/session", { body: proof })));
				done.current();
				return true;
			} catch (refused) {
				setError(refused);
				return false;
			} finally {
				setBusy(false);
			}
		}, [queries]),
		isBusy,
		error
	};
}
// src/auth/gate.tsx
function Gate({ children }) {
	const { data: session, error, refetch } = useSessionQuery();
	const [code, forgetCode] = useCode();
	const ended = useEndedElsewhere(session);
	if (code === null && session === void 0) {
		if (error === null) return (0, import_jsx_runtime.jsx)(Loading, { what: "your session" });
		return (0, import_jsx_runtime.jsxs)("main", {
			className: "mx-auto flex max-w-md flex-col gap-3 p-6",
			children: [(0, import_jsx_runtime.jsx)(ProblemNote, { error }), (0, import_jsx_runtime.jsx)(Button, {
				onClick: () => refetch(),
				children: "Try again"
			})]
		});
	}
	if (code !== null || session === null || session === void 0) return (0, import_jsx_runtime.jsx)(SignInPage, {
		code,
		session: session ?? null,
		ended,
		onDone: forgetCode
	});
	return (0, import_jsx_runtime.jsx)(SignedInProvider, {
		session,
		children
	}, session.key.id);
}
function useEndedElsewhere(session) {
	const queries = useQueryClient();
	const [last, setLast] = (0, import_react.useState)(null);
	if (session != null && session !== last) setLast(session);
	return session === null && hasEndedElsewhere(queries) ? last : null;
}
function useCode() {
	const [code, setCode] = (0, import_react.useState)(() => codeIn(window.location));
	(0, import_react.useEffect)(() => {
		const take = () => {
			const found = codeIn(window.location);
			if (found === null) return;
			window.history.replaceState(null, "", "/sign-in");
			setCode(found);
		};
		take();
		window.addEventListener("hashchange", take);
		return () => window.removeEventListener("hashchange", take);
	}, []);
	return [code, () => setCode(null)];
}
// src/ui/form/submit-button.tsx
var DOING = {
	Save: "Saving…",
	Create: "Creating…",
	Delete: "Deleting…",
	Remove: "Removing…",
	Revoke: "Revoking…",
	End: "Ending…",
	Sign: "Signing out…"
};
function doing(action) {
	return DOING[action.split(" ")[0] ?? ""] ?? "Working…";
}
function SubmitButton(props) {
	const { action, isBusy, kind = "primary", disabledBecause } = props;
	return (0, import_jsx_runtime.jsx)(Button, {
		kind,
		type: "submit",
		disabled: isBusy,
		focusableWhenDisabled: true,
		disabledBecause,
		children: isBusy ? doing(action) : action
	});
}
// src/ui/dialog/unsaved.tsx
var UnsavedContext = (0, import_react.createContext)(() => void 0);
function Unsaved({ when }) {
	const tell = (0, import_react.useContext)(UnsavedContext);
	(0, import_react.useEffect)(() => {
		tell(when);
		return () => tell(false);
	}, [tell, when]);
	(0, import_react.useEffect)(() => {
		if (!when) return;
		const ask = (event) => event.preventDefault();
		window.addEventListener("beforeunload", ask);
		return () => window.removeEventListener("beforeunload", ask);
	}, [when]);
	return null;
}
// src/ui/dialog/use-opener.ts
function useOpener(isOpen) {
	const opener = (0, import_react.useRef)(null);
	const wasOpen = (0, import_react.useRef)(false);
	if (isOpen && !wasOpen.current) opener.current = document.activeElement;
	wasOpen.current = isOpen;
	(0, import_react.useEffect)(() => () => {
		setTimeout(() => {
			if (document.activeElement === document.body) there(opener.current)?.focus();
		});
	}, []);
	return () => there(opener.current) ?? true;
}
function there(element) {
	return element instanceof HTMLElement && element.isConnected && element !== document.body ? element : void 0;
}
// src/ui/dialog/dialog.tsx
var BACKDROP = "fixed inset-0 z-30 bg-black/40 transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0";
var MIDDLE = "fixed top-1/2 left-1/2 z-40 flex max-h-[calc(100dvh-2rem)] w-[calc(100%-2rem)] max-w-md -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-y-auto rounded-lg border border-line bg-raised p-5 shadow-overlay";
var RIGHT = "fixed inset-y-0 right-0 z-40 flex w-full max-w-md flex-col gap-4 overflow-y-auto border-line border-l bg-raised p-5 shadow-overlay transition-transform data-ending-style:translate-x-full data-starting-style:translate-x-full";
function Panel(props) {
	return (0, import_jsx_runtime.jsx)(Over, {
		...props,
		look: RIGHT
	});
}
function Dialog(props) {
	return (0, import_jsx_runtime.jsx)(Over, {
		...props,
		look: MIDDLE
	});
}
function Over({ look, title, description, isOpen, onClose, children }) {
	const { tell, isAsking, close, discard, keep } = useAsking(onClose);
	const opener = useOpener(isOpen);
	return (0, import_jsx_runtime.jsx)(DialogRoot, {
		open: isOpen,
		onOpenChange: (open) => !open && close(),
		children: (0, import_jsx_runtime.jsxs)(DialogPortal, { children: [(0, import_jsx_runtime.jsx)(DialogBackdrop, { className: BACKDROP }), (0, import_jsx_runtime.jsxs)(DialogPopup, {
			className: look,
			finalFocus: opener,
			children: [
				(0, import_jsx_runtime.jsx)(Heading, {
					title,
					description
				}),
				(0, import_jsx_runtime.jsx)(UnsavedContext, {
					value: tell,
					children
				}),
				(0, import_jsx_runtime.jsx)(Confirm, {
					title: "Discard what you typed?",
					consequence: "It has not been saved.",
					action: "Discard",
					cancel: "Keep editing",
					isOpen: isAsking,
					isBusy: false,
					error: null,
					onConfirm: discard,
					onClose: keep
				})
			]
		})] })
	});
}
function useAsking(onClose) {
	const isUnsaved = (0, import_react.useRef)(false);
	const [isAsking, setAsking] = (0, import_react.useState)(false);
	return {
		tell: (0, import_react.useCallback)((unsaved) => {
			isUnsaved.current = unsaved;
		}, []),
		isAsking,
		close: () => isUnsaved.current ? setAsking(true) : onClose(),
		discard: () => {
			setAsking(false);
			onClose();
		},
		keep: () => setAsking(false)
	};
}
function Heading(props) {
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex items-start justify-between gap-4",
		children: [(0, import_jsx_runtime.jsxs)("div", {
			className: "min-w-0",
			children: [(0, import_jsx_runtime.jsx)(DialogTitle, {
				className: "font-semibold text-lg break-words",
				children: props.title
			}), props.description !== void 0 && (0, import_jsx_runtime.jsx)(DialogDescription, {
				className: "text-muted",
				children: props.description
			})]
		}), (0, import_jsx_runtime.jsx)(DialogClose, {
			"aria-label": "Close",
			className: "-m-1 grid size-8 place-items-center rounded-md text-lg text-muted hover:bg-sunken",
			children: "×"
		})]
	});
}
function Confirm(props) {
	return (0, import_jsx_runtime.jsx)(AlertDialogRoot, {
		open: props.isOpen,
		onOpenChange: (open) => !open && props.onClose(),
		children: (0, import_jsx_runtime.jsxs)(DialogPortal, { children: [(0, import_jsx_runtime.jsx)(DialogBackdrop, {
			forceRender: true,
			className: BACKDROP
		}), (0, import_jsx_runtime.jsxs)(DialogPopup, {
			className: MIDDLE,
			children: [
				(0, import_jsx_runtime.jsx)(DialogTitle, {
					className: "font-semibold text-lg break-words",
					children: props.title
				}),
				(0, import_jsx_runtime.jsx)(DialogDescription, {
					render: (0, import_jsx_runtime.jsx)("div", {}),
					className: "break-words text-muted",
					children: props.consequence
				}),
				(0, import_jsx_runtime.jsx)(ProblemNote, { error: props.error }),
				(0, import_jsx_runtime.jsxs)("div", {
					className: "flex justify-end gap-2",
					children: [(0, import_jsx_runtime.jsx)(Button, {
						onClick: props.onClose,
						children: props.cancel ?? "Cancel"
					}), (0, import_jsx_runtime.jsx)(Button, {
						kind: "danger",
						onClick: props.onConfirm,
						disabled: props.isBusy,
						focusableWhenDisabled: true,
						children: props.isBusy ? doing(props.action) : props.action
					})]
				})
			]
		})] })
	});
}
// src/auth/sign-out.tsx
function SignOut() {
	const { isBusy, here, said } = useSignOut();
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col items-start gap-2",
		children: [(0, import_jsx_runtime.jsx)(Button, {
			onClick: here,
			disabled: isBusy,
			children: "Sign out"
		}), said]
	});
}
function useSignOut() {
	const { session } = useSignedIn();
	const queries = useQueryClient();
	const [isAsking, setAsking] = (0, import_react.useState)(false);
	const signOut = useMutation({
		mutationFn: (everywhere) => bodyOf(api.DELETE("/v1/session", { params: { query: { everywhere } } })),
		onSuccess: () => signedInAs(queries, null)
	});
	const close = () => {
		setAsking(false);
		signOut.reset();
	};
	const said = (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [!isAsking && (0, import_jsx_runtime.jsx)(ProblemNote, { error: signOut.error }), (0, import_jsx_runtime.jsx)(Confirm, {
		title: "Sign out everywhere?",
		consequence: `This signs out every browser that uses the key "${session.key.name}", including this one, and its unused sign-in links stop working. The key itself stays valid.`,
		action: "Sign out everywhere",
		isOpen: isAsking,
		isBusy: signOut.isPending,
		error: signOut.error,
		onConfirm: () => signOut.mutate(true),
		onClose: close
	})] });
	return {
		isBusy: signOut.isPending,
		here: () => signOut.mutate(false),
		everywhere: () => setAsking(true),
		said
	};
}
// src/live/state/blocked-on.ts
function blockedIn(pool) {
	const agents = new Map(pool.agents.map((agent) => [agent.id, agent]));
	const capped = CALL_TYPES.filter((type) => pool.type_caps[type] !== null);
	const types = new Map(capped.map((type) => [type, usageOf(pool.agents.map((agent) => agent.types[type]))]));
	return (id, type) => blocked(pool, agents.get(id), type, types.get(type));
}
function blocked(pool, agent, type, usageOfType) {
	const use = agent?.types[type];
	const [cap, typeCap] = [agent?.cap ?? null, pool.type_caps[type]];
	const byAgent = agent === void 0 ? null : { agent: agent.id };
	if (use === void 0 || use.reserved === 0) {
		if (pool.shared.size === 0) return {
			blocked_on: "nothing_shared",
			blocked_by: null
		};
		if (cap === 0) return {
			blocked_on: "nothing_shared",
			blocked_by: byAgent
		};
		if (typeCap === 0) return {
			blocked_on: "nothing_shared",
			blocked_by: { type }
		};
	}
	const takesReserved = use !== void 0 && use.active < use.reserved;
	const taken = ({ active, committed }) => takesReserved ? active : committed;
	if (pool.active >= pool.limit) return {
		blocked_on: "limit",
		blocked_by: null
	};
	if (!takesReserved && pool.settling > 0) return {
		blocked_on: "settling",
		blocked_by: null
	};
	if (agent !== void 0 && cap !== null) {
		if (taken(usageOf(CALL_TYPES.map((each) => agent.types[each]))) >= cap) return {
			blocked_on: "agent_cap",
			blocked_by: byAgent
		};
	}
	if (usageOfType !== void 0 && typeCap !== null && taken(usageOfType) >= typeCap) return {
		blocked_on: "type_cap",
		blocked_by: { type }
	};
	return {
		blocked_on: "shared_full",
		blocked_by: null
	};
}
function usageOf(classes) {
	let [active, committed] = [0, 0];
	for (const use of classes) {
		active += use.active;
		committed += Math.max(use.active, use.reserved);
	}
	return {
		active,
		committed
	};
}
// src/live/state/calls-change.ts
var CallsChange = class {
	isOrderUnknown = false;
	before;
	active;
	ranks;
	stayed;
	joined = new Map();
	constructor(before) {
		this.before = before;
		this.active = new Map(before.active);
		this.ranks = new Map(before.ranks);
		this.stayed = new Set(before.queue.map((call) => call.id));
	}
	whereabouts(id) {
		if (this.active.has(id)) return "active";
		return this.joined.has(id) || this.stayed.has(id) ? "queued" : void 0;
	}
	take(event) {
		const { kind, seq, call } = event;
		const { id } = call;
		if (isFirst(event) && (this.ranks.get(id) ?? -1) < 0) this.ranks.set(id, seq);
		this.active.delete(id);
		this.joined.delete(id);
		this.stayed.delete(id);
		if (kind === "call.started") this.active.set(id, call);
		else if (kind === "call.queued") this.joined.set(id, call);
		else this.ranks.delete(id);
	}
	done() {
		const kept = this.before.queue.filter((call) => this.stayed.has(call.id));
		const last = this.before.queue.at(-1);
		const queue = merge(kept, [...this.joined.values()].sort(this.byTicket), this.byTicket);
		this.isOrderUnknown = this.hasTie(queue);
		const { isQueueWhole } = this.before;
		return {
			queue: isQueueWhole ? queue : queue.filter((call) => last && this.byTicket(call, last) <= 0),
			active: this.active,
			ranks: this.ranks,
			isQueueWhole
		};
	}
	byTicket = (a, b) => {
		if (a.requested_at !== b.requested_at) return a.requested_at < b.requested_at ? -1 : 1;
		return (this.ranks.get(a.id) ?? 0) - (this.ranks.get(b.id) ?? 0);
	};
	hasTie(queue) {
		if ([...this.joined.keys()].every((id) => this.ranks.has(id))) return false;
		return queue.some((call, index) => {
			const next = queue[index + 1];
			if (next === void 0 || next.requested_at !== call.requested_at) return false;
			return !this.ranks.has(call.id) || !this.ranks.has(next.id);
		});
	}
};
function isFirst(event) {
	return event.kind !== "call.ended" && event.at === event.call.requested_at;
}
function merge(a, b, compare) {
	const [lastOfA, firstOfB] = [a.at(-1), b[0]];
	if (firstOfB === void 0) return a;
	if (lastOfA === void 0 || compare(lastOfA, firstOfB) <= 0) return a.concat(b);
	return a.concat(b).sort(compare);
}
function withBlockedOn(queue, blocked) {
	let changed;
	queue.forEach((call, index) => {
		const now = blocked(call.agent, call.type);
		if (now.blocked_on === call.blocked_on && isSame$1(now.blocked_by, call.blocked_by)) return;
		changed ??= queue.slice();
		changed[index] = {
			...call,
			...now
		};
	});
	return changed ?? queue;
}
function isSame$1(one, other) {
	if (one === null || other === null) return one === other;
	return "agent" in one === "agent" in other;
}
// src/format.ts
var number = new Intl.NumberFormat("en-GB");
function count(value) {
	return number.format(value);
}
function counted(value, one, many = `${one}s`) {
	return `${count(value)} ${value === 1 ? one : many}`;
}
function percent(share) {
	if (share > 0 && share < .01) return "< 1 %";
	return `${share < 1 ? Math.min(99, Math.round(share * 100)) : Math.round(share * 100)} %`;
}
function duration(ms) {
	const s = Math.max(0, Math.floor(ms / 1e3));
	if (s < 60) return `${s} s`;
	const min = Math.floor(s / 60);
	if (min < 60) return `${min} min ${pad$1(s % 60)} s`;
	const h = Math.floor(min / 60);
	if (h < 24) return `${h} h ${pad$1(min % 60)} min`;
	return `${Math.floor(h / 24)} d ${h % 24} h`;
}
function shortDuration(ms) {
	if (ms <= 0 || ms >= 1e3) return duration(ms);
	return ms < 100 ? "< 0.1 s" : `${Math.floor(ms / 100) / 10} s`;
}
function clock(at) {
	return new Date(at).toLocaleTimeString("en-GB");
}
function moment(at) {
	return new Date(at).toLocaleString("en-GB", {
		dateStyle: "medium",
		timeStyle: "medium"
	});
}
function pad$1(value) {
	return String(value).padStart(2, "0");
}
// src/live/state/event-sentence.ts
function happening(event) {
	switch (event.kind) {
		case "call.queued":
		case "call.started":
		case "call.ended": return ofCall(event);
		case "reservations.changed": return {
			...head(event),
			parts: reserved(event.reservations)
		};
		case "limit.changed": return {
			...head(event),
			parts: [{ text: `limit is ${event.limit}, plan ${event.plan}` }]
		};
		case "agent.changed": {
			const agent = {
				text: event.id,
				names: "agent"
			};
			return {
				...head(event),
				agent: event.id,
				parts: [agent, { text: ofAgent(event.agent) }]
			};
		}
		case "type.changed": {
			const type = {
				text: TYPE_NAME[event.type],
				names: "type"
			};
			return {
				...head(event),
				type: event.type,
				parts: [type, { text: ofCap(event.cap) }]
			};
		}
		case "unknown": return;
	}
}
function head(event) {
	return {
		seq: event.seq,
		at: event.at,
		kind: event.kind
	};
}
function ofCall(event) {
	const { id, agent, type } = event.call;
	const parts = [
		{
			text: id,
			names: "call"
		},
		{ text: " " },
		{
			text: agent,
			names: "agent"
		},
		{ text: " " },
		{
			text: TYPE_NAME[type],
			names: "type"
		},
		{ text: ` ${outcome(event)}` }
	];
	return {
		...head(event),
		call: id,
		agent,
		type,
		parts
	};
}
function outcome({ kind, at, call }) {
	const since = (begun) => shortDuration(Math.max(0, Date.parse(at) - Date.parse(begun)));
	switch (kind) {
		case "call.queued": return call.requested_at === at ? "queued" : "back in the queue, not claimed";
		case "call.started": return `started on a ${call.slot ?? "free"} slot after ${since(call.requested_at)}`;
		case "call.ended": return `${call.reason === null ? "ended" : END_REASON_TEXT[call.reason]} after ${since(call.started_at ?? call.requested_at)}`;
	}
}
function reserved(reservations) {
	return reservations.flatMap((of, index) => {
		const { webcall = 0, chat = 0, outbound = 0, inbound = 0 } = of;
		const total = webcall + chat + outbound + inbound;
		const shares = `${webcall}, ${chat}, ${outbound}, ${inbound}`;
		const words = total === 0 ? " reserves nothing" : ` reserves ${total} (${shares})`;
		return [
			...index === 0 ? [] : [{ text: "; " }],
			{
				text: of.agent,
				names: "agent"
			},
			{ text: words }
		];
	});
}
function ofAgent(agent) {
	if (agent === null) return " deleted";
	const cap = agent.cap ?? null;
	return cap === null ? ` is ${agent.name}, no cap` : ` is ${agent.name}, cap ${cap}`;
}
function ofCap(cap) {
	return cap === null ? " has no cap" : ` has a cap of ${cap}`;
}
// src/live/state/pool-change.ts
var NO_USE = {
	reserved: 0,
	active: 0,
	reserved_in_use: 0,
	shared_in_use: 0,
	queued: 0
};
var PoolChange = class {
	isImpossible = false;
	pool;
	agents;
	touched = new Set();
	settings = {};
	constructor(pool) {
		this.pool = pool;
		this.agents = new Map(pool.agents.map((agent) => [agent.id, agent]));
	}
	countActive(agent, type, more) {
		const use = this.classOf(agent, type);
		if (use === void 0) return;
		use.active += more;
		if (use.active < 0) this.isImpossible = true;
	}
	countQueued(agent, type, more) {
		const use = this.classOf(agent, type);
		if (use === void 0) return;
		use.queued += more;
		if (use.queued < 0) this.isImpossible = true;
	}
	reserve({ version, reservations }) {
		this.settings.version = version;
		for (const reservation of reservations) for (const type of CALL_TYPES) {
			const use = this.classOf(reservation.agent, type);
			if (use !== void 0) use.reserved = reservation[type] ?? 0;
		}
	}
	limit({ plan, limit }) {
		this.settings.plan = plan;
		this.settings.limit = limit;
	}
	capType({ type, cap }) {
		const before = this.settings.type_caps ?? this.pool.type_caps;
		this.settings.type_caps = {
			...before,
			[type]: cap
		};
	}
	putAgent({ id, agent }) {
		if (agent === null) {
			this.agents.delete(id);
			this.touched.delete(id);
			return;
		}
		const known = this.agents.has(id) ? this.touch(id) : void 0;
		const settings = {
			name: agent.name,
			cap: agent.cap ?? null
		};
		if (known !== void 0) Object.assign(known, settings);
		else this.agents.set(id, newAgent(id, settings));
	}
	done(asOf) {
		for (const id of this.touched) sumUp(this.agents.get(id));
		const before = {
			...this.pool,
			...this.settings,
			as_of: asOf,
			oldest_wait_ms: null
		};
		const agents = [...this.agents.values()];
		agents.sort((a, b) => a.id < b.id ? -1 : 1);
		return withSums({
			...before,
			agents
		});
	}
	classOf(agent, type) {
		const found = this.touch(agent);
		if (found === void 0) this.isImpossible = true;
		return found?.types[type];
	}
	touch(id) {
		const agent = this.agents.get(id);
		if (agent === void 0 || this.touched.has(id)) return agent;
		this.touched.add(id);
		const { webcall, chat, outbound, inbound } = agent.types;
		const copied = {
			...agent,
			types: {
				webcall: { ...webcall },
				chat: { ...chat },
				outbound: { ...outbound },
				inbound: { ...inbound }
			}
		};
		this.agents.set(id, copied);
		return copied;
	}
};
function newAgent(id, settings) {
	const types = {
		webcall: NO_USE,
		chat: NO_USE,
		outbound: NO_USE,
		inbound: NO_USE
	};
	return {
		id,
		...settings,
		reserved: 0,
		active: 0,
		queued: 0,
		types
	};
}
function sumUp(agent) {
	if (agent === void 0) return;
	agent.reserved = agent.active = agent.queued = 0;
	for (const type of CALL_TYPES) {
		const use = agent.types[type];
		use.reserved_in_use = Math.min(use.active, use.reserved);
		use.shared_in_use = Math.max(0, use.active - use.reserved);
		agent.reserved += use.reserved;
		agent.active += use.active;
		agent.queued += use.queued;
	}
}
function withSums(pool) {
	let [reserved, active, queued, sharedInUse] = [
		0,
		0,
		0,
		0
	];
	for (const agent of pool.agents) {
		reserved += agent.reserved;
		active += agent.active;
		queued += agent.queued;
		for (const type of CALL_TYPES) sharedInUse += agent.types[type].shared_in_use;
	}
	const size = pool.limit - reserved;
	const shared = {
		size,
		in_use: sharedInUse,
		free: Math.max(0, size - sharedInUse)
	};
	const settling = Math.max(0, sharedInUse + reserved - pool.limit);
	return {
		...pool,
		reserved,
		active,
		queued,
		shared,
		settling
	};
}
// src/live/state/live-state.ts
var MAX_CALLS = 2e4;
function begin(pool, calls, isComplete) {
	const queued = calls.filter((call) => call.state === "queued");
	const active = calls.filter((call) => call.state === "active");
	return withPool({
		pool,
		asOf: pool.as_of,
		queue: queued.map((call) => ({
			...call,
			position: null,
			position_in_class: null,
			estimated_wait_ms: null
		})),
		active: new Map(active.map((call) => [call.id, call])),
		ranks: new Map(queued.map((call, index) => [call.id, index - queued.length])),
		isQueueWhole: isComplete || queued.length === pool.queued,
		isComplete,
		happenings: [],
		isInDoubt: isComplete && (queued.length !== pool.queued || active.length !== pool.active)
	}, pool);
}
function withPool(state, pool) {
	return {
		...state,
		pool: {
			...pool,
			oldest_wait_ms: null
		},
		queue: withBlockedOn(state.queue, blockedIn(pool))
	};
}
function apply(state, events) {
	const change = new LiveChange(state);
	for (const event of events) change.take(event);
	return change.done();
}
var LiveChange = class {
	before;
	pool;
	calls;
	happened = [];
	asOf;
	isInDoubt;
	constructor(before) {
		this.before = before;
		this.pool = new PoolChange(before.pool);
		this.calls = new CallsChange(before);
		this.asOf = before.asOf;
		this.isInDoubt = before.isInDoubt;
	}
	take(event) {
		if (event.seq <= this.asOf) return;
		if (event.seq !== this.asOf + 1) this.isInDoubt = true;
		this.asOf = event.seq;
		const told = happening(event);
		if (told !== void 0) this.happened.push(told);
		this.change(event);
	}
	done() {
		const { before } = this;
		if (this.asOf === before.asOf) return before;
		const calls = this.calls.done();
		const pool = before.isComplete ? this.pool.done(this.asOf) : before.pool;
		const isBroken = this.pool.isImpossible || this.calls.isOrderUnknown;
		return bounded({
			...calls,
			pool,
			asOf: this.asOf,
			queue: withBlockedOn(calls.queue, blockedIn(pool)),
			isComplete: before.isComplete,
			happenings: this.happened.reverse().concat(before.happenings).slice(0, 200),
			isInDoubt: this.isInDoubt || before.isComplete && isBroken
		});
	}
	change(event) {
		switch (event.kind) {
			case "call.queued":
			case "call.started":
			case "call.ended":
				this.moveCall(event);
				break;
			case "reservations.changed":
				this.pool.reserve(event);
				break;
			case "limit.changed":
				this.pool.limit(event);
				break;
			case "agent.changed":
				this.pool.putAgent(event);
				break;
			case "type.changed":
				this.pool.capType(event);
				break;
			case "unknown": this.isInDoubt = true;
		}
	}
	moveCall(event) {
		const { id, agent, type } = event.call;
		const from = this.calls.whereabouts(id);
		if (from === void 0 && !isFirst(event) && this.before.isComplete) this.isInDoubt = true;
		this.calls.take(event);
		const to = this.calls.whereabouts(id);
		if (from === "queued") this.pool.countQueued(agent, type, -1);
		if (from === "active") this.pool.countActive(agent, type, -1);
		if (to === "queued") this.pool.countQueued(agent, type, 1);
		if (to === "active") this.pool.countActive(agent, type, 1);
	}
};
function bounded(state) {
	const { queue, active } = state;
	if (queue.length + active.size <= 2e4) return state;
	const kept = queue.slice(0, Math.max(0, MAX_CALLS - active.size));
	const isQueueWhole = state.isQueueWhole && kept.length === queue.length;
	return {
		...state,
		queue: kept,
		isQueueWhole,
		isComplete: false
	};
}
// src/live/state/events.ts
var KINDS = new Set([
	"call.queued",
	"call.started",
	"call.ended",
	"reservations.changed",
	"limit.changed",
	"agent.changed",
	"type.changed"
]);
function decode(lines) {
	const seq = Number(lines.id);
	if (lines.id === void 0 || lines.id === "" || !Number.isSafeInteger(seq)) return void 0;
	const data = parse(lines.data);
	if (data === void 0 || lines.event === void 0 || !KINDS.has(lines.event)) return {
		kind: "unknown",
		seq
	};
	return {
		...data,
		kind: lines.event,
		seq
	};
}
function parse(data) {
	try {
		const value = JSON.parse(data);
		return typeof value === "object" && value !== null ? value : void 0;
	} catch {
		return;
	}
}
// src/live/connection/event-stream.ts
var SILENCE_MS = 31e3;
async function followEvents(stream, signal) {
	const connection = new AbortController();
	const abort = () => connection.abort();
	signal.addEventListener("abort", abort, { once: true });
	if (signal.aborted) abort();
	const watch = new Watch(abort);
	try {
		const body = await open(stream, connection.signal);
		stream.onOpen();
		await readAll(body, stream, watch, connection.signal);
	} finally {
		signal.removeEventListener("abort", abort);
		watch.stop();
		abort();
	}
}
async function open(stream, signal) {
	const request = {
		headers: {
			...orgHeaders(),
			accept: "text/event-stream",
			"last-event-id": String(stream.after)
		},
		signal,
		cache: "no-store"
	};
	const response = await fetch("/v1/events", request).catch(unreachable);
	const date = response.headers.get("date");
	if (date !== null) stream.onDate?.(Date.parse(date));
	if (!response.ok) {
		const problem = await response.json().catch(() => void 0);
		throw ProblemError.of(response, problem);
	}
	if (response.body === null) unreachable();
	return response.body;
}
async function readAll(body, stream, watch, signal) {
	let events = [];
	const parser = createParser({ onEvent: (lines) => {
		const event = decode(lines);
		if (event !== void 0) events.push(event);
	} });
	const text = new TextDecoder();
	const reader = body.getReader();
	const cancel = () => void reader.cancel().catch(() => {});
	signal.addEventListener("abort", cancel, { once: true });
	try {
		for (;;) {
			const { done, value } = await reader.read().catch(unreachable);
			if (done) return;
			watch.heard();
			stream.onWord();
			parser.feed(text.decode(value, { stream: true }));
			if (events.length > 0) stream.onEvents(events);
			events = [];
		}
	} finally {
		signal.removeEventListener("abort", cancel);
		cancel();
	}
}
var Watch = class {
	onSilence;
	timer;
	heardMs = performance.now();
	constructor(onSilence) {
		this.onSilence = onSilence;
		this.timer = setTimeout(() => this.look(), SILENCE_MS);
	}
	heard() {
		this.heardMs = performance.now();
	}
	stop() {
		clearTimeout(this.timer);
	}
	look() {
		const leftMs = this.heardMs + SILENCE_MS - performance.now();
		if (leftMs <= 0) this.onSilence();
		else this.timer = setTimeout(() => this.look(), leftMs);
	}
};
// src/live/connection/server-requests.ts
var PAGE = 1e3;
function ownServer(hearDate) {
	const get = async (path, signal) => {
		const response = await fetch(path, {
			headers: orgHeaders(),
			signal
		}).catch(unreachable);
		const body = await response.json().catch(() => void 0);
		const date = response.headers.get("date");
		if (date !== null) hearDate(Date.parse(date));
		if (!response.ok) throw ProblemError.of(response, body);
		if (body === void 0) unreachable();
		return body;
	};
	return {
		readPool: (signal) => get("/v1/concurrency", signal),
		readCalls: (signal) => readCalls((path) => get(path, signal)),
		follow: (stream, signal) => followEvents({
			...stream,
			onDate: hearDate
		}, signal)
	};
}
async function readCalls(read) {
	const queued = new Listing(read, "queued");
	const active = new Listing(read, "active");
	await queued.readOn(MAX_CALLS / 2);
	await active.readOn(MAX_CALLS - queued.calls.length);
	await queued.readOn(MAX_CALLS - active.calls.length);
	return {
		calls: [...queued.calls, ...active.calls],
		isComplete: queued.isWhole && active.isWhole
	};
}
var Listing = class {
	calls = [];
	isWhole = false;
	cursor = "";
	read;
	state;
	constructor(read, state) {
		this.read = read;
		this.state = state;
	}
	async readOn(bound) {
		while (!this.isWhole && this.calls.length < bound) {
			const limit = Math.min(PAGE, bound - this.calls.length);
			const page = await this.read(`/v1/calls?state=${this.state}&limit=${limit}${this.cursor}`);
			for (const call of page.items) this.calls.push(call);
			this.isWhole = page.next === null;
			this.cursor = `&cursor=${page.next}`;
		}
	}
};
// src/live/shallow-equal.ts
function isShallowEqual(a, b) {
	if (Object.is(a, b)) return true;
	if (Array.isArray(a) && Array.isArray(b)) return isSameArray(a, b);
	if (a instanceof Map && b instanceof Map) return isSameMap(a, b);
	return isPlain(a) && isPlain(b) && isSameObject(a, b);
}
function isSameArray(a, b) {
	return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}
function isSameMap(a, b) {
	if (a.size !== b.size) return false;
	for (const [key, value] of a) if (!b.has(key) || !Object.is(value, b.get(key))) return false;
	return true;
}
function isSameObject(a, b) {
	const keys = Object.keys(a);
	return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && Object.is(a[key], b[key]));
}
function isPlain(value) {
	if (typeof value !== "object" || value === null) return false;
	return Object.getPrototypeOf(value) === Object.prototype;
}
// src/live/server-clock.ts
var REMEMBER_MS = 12e4;
var DATE_MAY_LAG_MS = 6e3;
var ServerClock = class {
	offsets = [void 0, void 0];
	renewedMs = 0;
	hear(serverMs, hereMs) {
		if (!Number.isFinite(serverMs)) return;
		if (hereMs - this.renewedMs > REMEMBER_MS) {
			this.offsets = [void 0, this.offsets[0]];
			this.renewedMs = hereMs;
		}
		this.offsets[0] = Math.max(this.offsets[0] ?? Number.NEGATIVE_INFINITY, serverMs - hereMs);
	}
	hearDate(dateMs, hereMs) {
		const told = this.at(hereMs);
		if (told !== void 0 && told > dateMs + DATE_MAY_LAG_MS) this.offsets = [void 0, void 0];
		this.hear(dateMs, hereMs);
	}
	at(hereMs) {
		const heard = this.offsets.filter((offset) => offset !== void 0);
		return heard.length === 0 ? void 0 : hereMs + Math.max(...heard);
	}
};
// src/live/store.ts
var BATCH_EVERY_MS = 250;
var LiveStore = class {
	onDoubt = () => {};
	state;
	statusNow = {
		state: "connecting",
		sinceMs: Date.now()
	};
	clock = new ServerClock();
	listeners = new Set();
	pending = [];
	appliedMs = Number.NEGATIVE_INFINITY;
	timer;
	subscribe = (listener) => {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	};
	live = () => this.state;
	status = () => this.statusNow;
	serverNow = () => this.clock.at(performance.now()) ?? Date.now();
	shownNow = () => {
		const { state, sinceMs } = this.statusNow;
		const staleForMs = state === "stale" ? Math.max(0, Date.now() - sinceMs) : 0;
		return this.serverNow() - staleForMs;
	};
	current() {
		this.flush();
		return this.state;
	}
	begin(reading) {
		const { pool, calls, isComplete, events } = reading;
		this.hearWait(pool, calls);
		const happenings = this.state?.happenings ?? [];
		const begun = apply({
			...begin(pool, calls, isComplete),
			happenings
		}, events);
		const known = new Set(happenings.map(({ seq }) => seq));
		const fresh = begun.happenings.filter(({ seq }) => !known.has(seq));
		this.replace({
			...begun,
			happenings: fresh.concat(happenings).sort(newestFirst).slice(0, 200)
		});
	}
	replace(state) {
		this.pending = [];
		this.setState(state);
	}
	replacePool(pool) {
		const state = this.current();
		if (state === void 0 || state.isComplete || pool.as_of < state.pool.as_of) return;
		this.setState(withPool(state, pool));
	}
	take(events) {
		if (this.state === void 0) return;
		for (const event of events) {
			this.pending.push(event);
			if ("at" in event) this.hear(Date.parse(event.at));
		}
		const sinceMs = performance.now() - this.appliedMs;
		if (sinceMs >= BATCH_EVERY_MS) this.flush();
		else this.timer ??= setTimeout(() => this.flush(), BATCH_EVERY_MS - sinceMs);
	}
	hear(serverMs) {
		this.clock.hear(serverMs, performance.now());
	}
	hearDate = (dateMs) => {
		this.clock.hearDate(dateMs, performance.now());
	};
	setStatus(status) {
		this.statusNow = status;
		this.tell();
	}
	close() {
		clearTimeout(this.timer);
		this.timer = void 0;
	}
	hearWait({ oldest_wait_ms }, calls) {
		const oldest = calls.find((call) => call.state === "queued");
		if (oldest === void 0 || typeof oldest_wait_ms !== "number") return;
		this.hear(Date.parse(oldest.requested_at) + oldest_wait_ms);
	}
	flush() {
		this.close();
		if (this.pending.length === 0 || this.state === void 0) return;
		const events = this.pending;
		this.pending = [];
		this.appliedMs = performance.now();
		this.setState(apply(this.state, events));
	}
	setState(state) {
		if (state === this.state) return;
		this.state = state;
		this.tell();
		if (state.isInDoubt) this.onDoubt();
	}
	tell() {
		for (const listener of this.listeners) listener();
	}
};
function newestFirst(a, b) {
	return b.seq - a.seq;
}
// src/live/connection/backoff.ts
var FIRST_MS = 500;
var LONGEST_MS = 8e3;
var STEADY_MS = 1e4;
var Backoff = class {
	failures = 0;
	random;
	constructor(random = Math.random) {
		this.random = random;
	}
	nextMs() {
		const pause = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.failures);
		this.failures = Math.min(this.failures + 1, 10);
		return Math.round(pause * (1 - this.random() / 2));
	}
	wasLive(ms) {
		if (ms >= STEADY_MS) this.failures = 0;
	}
};
function pause(ms, signal) {
	return new Promise((resolve) => {
		const end = () => {
			clearTimeout(timer);
			globalThis.removeEventListener?.("online", end);
			signal.removeEventListener("abort", end);
			resolve();
		};
		const timer = setTimeout(end, ms);
		globalThis.addEventListener?.("online", end);
		signal.addEventListener("abort", end);
		if (signal.aborted) end();
	});
}
// src/live/connection/full-read.ts
function settled(listed, events) {
	const change = new CallsChange(asListed(listed));
	for (const event of events) if (event.kind === "call.queued" || event.kind === "call.started" || event.kind === "call.ended") change.take(event);
	const { queue, active } = change.done();
	return change.isOrderUnknown ? void 0 : [...queue, ...active.values()];
}
function asListed({ calls, isComplete }) {
	const active = new Map(calls.filter((call) => call.state === "active").map((call) => [call.id, call]));
	const queue = calls.filter((call) => call.state === "queued" && !active.has(call.id));
	return {
		queue,
		active,
		ranks: new Map(queue.map((call, index) => [call.id, index - queue.length])),
		isQueueWhole: isComplete
	};
}
var EventWindow = class {
	events = [];
	lastSeq;
	look = () => {};
	constructor(lastSeq) {
		this.lastSeq = lastSeq;
	}
	take(events) {
		for (const event of events) this.events.push(event);
		this.lastSeq = events.at(-1)?.seq ?? this.lastSeq;
		this.look();
	}
	reaches(seq, pauseMs) {
		if (this.lastSeq >= seq) return Promise.resolve(true);
		return new Promise((resolve) => {
			const wait = () => setTimeout(() => resolve(false), pauseMs);
			let timer = wait();
			this.look = () => {
				clearTimeout(timer);
				if (this.lastSeq >= seq) resolve(true);
				else timer = wait();
			};
		});
	}
	upTo(seq) {
		return this.events.filter((event) => event.seq <= seq);
	}
	since(seq) {
		return this.events.filter((event) => event.seq > seq);
	}
};
// src/live/connection/sleep.ts
var Sleep = class {
	wakeUp;
	isDue;
	timer;
	isOver = false;
	async untilDue(leastMs, mostMs, isDue) {
		const begunMs = performance.now();
		const passedMs = () => performance.now() - begunMs;
		this.isDue = () => passedMs() >= leastMs && isDue();
		while (passedMs() < mostMs && !this.isDue()) {
			const untilMs = passedMs() < leastMs ? leastMs : mostMs;
			await this.ms(untilMs - passedMs());
		}
		this.isDue = void 0;
	}
	async ms(ms) {
		await new Promise((resolve) => {
			if (this.isOver) return;
			this.wakeUp = resolve;
			this.timer = setTimeout(resolve, ms);
		});
		clearTimeout(this.timer);
		this.wakeUp = void 0;
	}
	end() {
		this.isOver = true;
		clearTimeout(this.timer);
		this.wakeUp = void 0;
	}
	wake() {
		this.wakeUp?.();
	}
	wakeIfDue() {
		if (this.isDue?.() === true) this.wake();
	}
};
// src/live/connection/event-connection.ts
var CHECK_EVERY_MS = 3e4;
var READ_AT_MOST_EVERY_MS = 1e3;
var BEHIND_MS = 5e3;
var Connection = class {
	canResume;
	lastWordMs = Date.now();
	liveSinceMs;
	sink;
	server;
	stop = new AbortController();
	windows = new Set();
	sleep = new Sleep();
	lastSeq = 0;
	hasNews = false;
	isOpen = false;
	constructor(sink, server, canResume) {
		this.sink = sink;
		this.server = server;
		this.canResume = canResume;
	}
	liveForMs() {
		return this.liveSinceMs === void 0 ? 0 : performance.now() - this.liveSinceMs;
	}
	async run(signal) {
		const abort = () => this.stop.abort();
		signal.addEventListener("abort", abort);
		if (signal.aborted) abort();
		this.sink.onDoubt = () => this.sleep.wake();
		try {
			await this.followAndRead();
			return;
		} catch (error) {
			return this.understood(error);
		} finally {
			signal.removeEventListener("abort", abort);
			this.sink.onDoubt = () => {};
			this.sleep.end();
			abort();
		}
	}
	understood(error) {
		if (this.stop.signal.aborted) return void 0;
		if (error instanceof ProblemError) {
			if (isCursorLost(error)) this.canResume = false;
			return error;
		}
		this.canResume = false;
		if (error instanceof Rewound) return void 0;
		console.error(error);
		return new ProblemError(0, "unexpected", "the page could not follow the server's events");
	}
	async followAndRead() {
		const { signal } = this.stop;
		this.lastSeq = await this.firstSeq();
		signal.throwIfAborted();
		const stream = {
			after: this.lastSeq,
			onOpen: () => {
				this.isOpen = true;
			},
			onWord: () => this.word(),
			onEvents: (events) => this.take(events)
		};
		const following = this.server.follow(stream, signal);
		await Promise.race([following, this.keepRight()]);
	}
	async firstSeq() {
		const known = this.canResume ? this.sink.current() : void 0;
		if (known !== void 0) return known.asOf;
		this.canResume = false;
		return (await this.server.readPool(this.stop.signal)).as_of;
	}
	word() {
		this.lastWordMs = Date.now();
		this.sink.heard();
	}
	take(events) {
		this.lastSeq = events.at(-1)?.seq ?? this.lastSeq;
		for (const window of this.windows) window.take(events);
		this.hasNews = true;
		if (this.canResume) this.sink.take(events);
		this.sleep.wakeIfDue();
	}
	async keepRight() {
		if (!(this.canResume && await this.isRight())) await this.readAll();
		this.sink.current();
		this.liveSinceMs = performance.now();
		this.sink.setStatus({
			state: "live",
			sinceMs: Date.now()
		});
		for (;;) {
			await this.untilDue();
			this.hasNews = false;
			if (this.sink.current()?.isComplete === false) await this.readPart();
			else if (!await this.isRight()) await this.readAll();
		}
	}
	async untilDue() {
		const checkEveryMs = this.isOpen ? CHECK_EVERY_MS : READ_AT_MOST_EVERY_MS;
		await this.sleep.untilDue(READ_AT_MOST_EVERY_MS, checkEveryMs, () => {
			const state = this.sink.shown();
			return state?.isInDoubt === true || state?.isComplete === false && this.hasNews;
		});
	}
	async isRight() {
		const state = this.sink.current();
		if (state === void 0 || state.isInDoubt || !state.isComplete) return false;
		return this.watching(async (window) => {
			const pool = await this.readPoolAfter(state.asOf, window);
			const told = apply(state, window.upTo(pool.as_of));
			return !told.isInDoubt && isSame(told.pool, pool);
		});
	}
	async readPart() {
		const state = this.sink.current();
		const pool = await this.server.readPool(this.stop.signal);
		this.stop.signal.throwIfAborted();
		this.sink.replacePool(pool);
		const isFew = pool.active + pool.queued <= MAX_CALLS * .9;
		const isShort = state !== void 0 && state.queue.length < Math.min(pool.queued, 5e3);
		if (isFew || isShort || state?.isInDoubt !== false) await this.readAll();
	}
	async readAll() {
		while (!await this.watching((window) => this.tryToReadAll(window))) await this.sleep.ms(READ_AT_MOST_EVERY_MS);
	}
	async tryToReadAll(window) {
		const firstSeq = this.lastSeq;
		const listed = await this.server.readCalls(this.stop.signal);
		const pool = await this.readPoolAfter(firstSeq, window);
		const calls = settled(listed, window.upTo(pool.as_of));
		if (calls === void 0) return false;
		const { isComplete } = listed;
		this.sink.begin({
			pool,
			calls,
			isComplete,
			events: window.since(pool.as_of)
		});
		this.canResume = true;
		return true;
	}
	async readPoolAfter(seq, window) {
		const pool = await this.server.readPool(this.stop.signal);
		if (pool.as_of < seq) throw new Rewound();
		if (!await window.reaches(pool.as_of, BEHIND_MS)) throw ProblemError.unreachable();
		this.stop.signal.throwIfAborted();
		return pool;
	}
	async watching(work) {
		const window = new EventWindow(this.lastSeq);
		this.windows.add(window);
		try {
			return await work(window);
		} finally {
			this.windows.delete(window);
		}
	}
};
var Rewound = class extends Error {};
function isSame(a, b) {
	const text = (pool) => JSON.stringify(sorted({
		...pool,
		oldest_wait_ms: null
	}));
	return text(a) === text(b);
}
function sorted(value) {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== "object" || value === null) return value;
	const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)]);
	return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : 1));
}
// src/live/connection/status.ts
function lost(status, lastWordMs, why) {
	return status.state !== "connecting" ? {
		state: "stale",
		sinceMs: lastWordMs,
		...why
	} : {
		state: "connecting",
		sinceMs: status.sinceMs,
		...why
	};
}
function told({ problem, ...rest }) {
	if (problem === void 0) return rest;
	const { status, code, message: detail, requestId } = problem;
	return {
		...rest,
		problem: {
			status,
			code,
			detail,
			requestId
		}
	};
}
function asTold({ problem, ...rest }) {
	if (problem === void 0) return rest;
	const { status, code, detail, requestId } = problem;
	return {
		...rest,
		problem: new ProblemError(status, code, detail, requestId)
	};
}
// src/live/connection/reconnect.ts
async function keepReading(sink, server, signal, backoff = new Backoff()) {
	let canResume = sink.current() !== void 0;
	while (!signal.aborted) {
		const connection = new Connection(sink, server, canResume);
		const problem = await connection.run(signal);
		if (signal.aborted) return void 0;
		if (problem !== void 0 && isFinal(problem)) {
			sink.setStatus(lost(sink.status(), lastWordMs(sink, connection), {
				problem,
				isFinal: true
			}));
			return problem;
		}
		canResume = connection.canResume;
		backoff.wasLive(connection.liveForMs());
		await sayAndPause(sink, connection, problem, backoff.nextMs(), signal);
	}
}
async function sayAndPause(sink, connection, problem, pauseMs, signal) {
	const why = problem === void 0 ? {} : { problem };
	const since = lastWordMs(sink, connection);
	sink.setStatus(lost(sink.status(), since, {
		...why,
		nextTryMs: Date.now() + pauseMs
	}));
	await pause(pauseMs, signal);
	if (!signal.aborted) sink.setStatus(lost(sink.status(), since, why));
}
function lastWordMs(sink, connection) {
	const before = sink.status();
	return before.state === "stale" ? before.sinceMs : connection.lastWordMs;
}
function isFinal(problem) {
	const { status } = problem;
	const mayPass = status === 408 || status === 429 || isCursorLost(problem);
	return status >= 400 && status < 500 && !mayPass;
}
// src/live/tab-leader.ts
var PROTOCOL = 1;
var LEADER_SILENT_MS = 4e4;
var LEADER_LATE_MS = 3e3;
var TAKE_OVER_MS = 2e3;
var WORD_EVERY_MS = 5e3;
var LOOK_EVERY_MS = 1e3;
function ownBrowser() {
	const locks = globalThis.navigator?.locks;
	if (locks === void 0 || globalThis.BroadcastChannel === void 0) return void 0;
	return {
		locks,
		openChannel: (name) => new BroadcastChannel(name),
		isHidden: () => document.visibilityState === "hidden"
	};
}
function share(org, store, server, browser) {
	if (browser !== void 0) return new Tab(org, store, server, browser).start();
	const stop = new AbortController();
	keepReading(sinkOf(store), server, stop.signal);
	return () => stop.abort();
}
function sinkOf(store) {
	const sink = {
		onDoubt: () => {},
		current: () => store.current(),
		shown: () => store.live(),
		begin: (reading) => store.begin(reading),
		replacePool: (pool) => store.replacePool(pool),
		take: (events) => store.take(events),
		heard: () => {},
		status: () => store.status(),
		setStatus: (status) => store.setStatus(status)
	};
	store.onDoubt = () => sink.onDoubt();
	return sink;
}
var Tab = class {
	id = Math.random().toString(36).slice(2);
	name;
	store;
	server;
	browser;
	channel;
	stop = new AbortController();
	asking;
	leading;
	timer;
	heardMs = performance.now();
	isRefused = false;
	constructor(org, store, server, browser) {
		this.name = `callslot-live-${PROTOCOL}:${org}`;
		this.store = store;
		this.server = server;
		this.browser = browser;
		this.channel = browser.openChannel(this.name);
	}
	start() {
		this.channel.onmessage = ({ data }) => this.hear(data);
		this.timer = setInterval(() => this.lookAtLeader(), LOOK_EVERY_MS);
		this.follow();
		this.askForLock({ steal: false });
		return () => {
			this.stop.abort();
			this.asking?.abort();
			this.leading?.abort();
			clearInterval(this.timer);
			this.channel.onmessage = null;
			this.channel.close();
		};
	}
	follow() {
		this.heardMs = performance.now();
		this.store.onDoubt = () => this.say({ kind: "hello" });
		this.say({ kind: "hello" });
	}
	askForLock({ steal }) {
		this.asking?.abort();
		const asking = new AbortController();
		this.asking = asking;
		const options = steal ? { steal } : { signal: asking.signal };
		const isOver = () => this.asking !== asking || this.stop.signal.aborted || this.isRefused;
		this.browser.locks.request(this.name, options, () => this.lead()).catch((error) => {
			if (isOver()) return;
			this.leading?.abort();
			this.leading = void 0;
			this.follow();
			if (isAbort(error)) this.askForLock({ steal: false });
			else this.lead();
		});
	}
	async lead() {
		if (this.stop.signal.aborted) return;
		const leading = new AbortController();
		this.leading = leading;
		this.say({ kind: "leads" });
		const sink = this.leadersSink();
		const takeOver = this.limitTakeOver(sink, leading.signal);
		const problem = await keepReading(sink, this.server, leading.signal);
		clearTimeout(takeOver);
		if (this.leading === leading) this.leading = void 0;
		if (problem !== void 0) this.isRefused = true;
	}
	limitTakeOver(sink, signal) {
		const inherited = this.store.status();
		const heardMs = Date.now() - (performance.now() - this.heardMs);
		return setTimeout(() => {
			if (this.store.status() === inherited && inherited.state === "live" && !signal.aborted) sink.setStatus(lost(inherited, heardMs, {}));
		}, TAKE_OVER_MS);
	}
	leadersSink() {
		const { store } = this;
		const sink = sinkOf(store);
		let saidMs = Number.NEGATIVE_INFINITY;
		return Object.assign(sink, {
			begin: (reading) => {
				store.begin(reading);
				this.sayState(null);
			},
			replacePool: (pool) => {
				store.replacePool(pool);
				this.say({
					kind: "pool",
					pool
				});
			},
			take: (events) => {
				this.say({
					kind: "events",
					events,
					serverNow: store.serverNow()
				});
				store.take(events);
			},
			heard: () => {
				if (performance.now() - saidMs < WORD_EVERY_MS) return;
				saidMs = performance.now();
				this.say({
					kind: "word",
					serverNow: store.serverNow()
				});
			},
			setStatus: (status) => {
				store.setStatus(status);
				this.say({
					kind: "link",
					link: told(status)
				});
			}
		});
	}
	hear(message) {
		if (message.kind === "hello") {
			if (this.leading !== void 0) this.sayState(message.from);
			return;
		}
		if (this.leading !== void 0 || this.isRefused) return;
		this.heardMs = performance.now();
		this.hearLeader(message);
	}
	hearLeader(message) {
		const { store } = this;
		if ("serverNow" in message) store.hear(message.serverNow);
		switch (message.kind) {
			case "leads":
				if (store.live()?.isInDoubt !== false) this.say({ kind: "hello" });
				break;
			case "state":
				if (message.to !== null && message.to !== this.id) break;
				store.replace(message.state);
				store.setStatus(asTold(message.link));
				break;
			case "events":
				store.take(message.events);
				break;
			case "pool":
				store.replacePool(message.pool);
				break;
			case "link": store.setStatus(asTold(message.link));
		}
	}
	lookAtLeader() {
		if (this.leading !== void 0 || this.isRefused || this.browser.isHidden()) return;
		const { nextTryMs } = this.store.status();
		const isLate = nextTryMs !== void 0 && Date.now() > nextTryMs + LEADER_LATE_MS;
		const isSilent = performance.now() - this.heardMs > LEADER_SILENT_MS;
		if (!isLate && !isSilent) return;
		this.heardMs = performance.now();
		this.askForLock({ steal: true });
	}
	sayState(to) {
		const state = this.store.current();
		const link = told(this.store.status());
		if (state === void 0) this.say({
			kind: "link",
			link
		});
		else this.say({
			kind: "state",
			to,
			state,
			link,
			serverNow: this.store.serverNow()
		});
	}
	say(said) {
		if (!this.stop.signal.aborted) this.channel.postMessage({
			...said,
			from: this.id
		});
	}
};
function isAbort(error) {
	return error instanceof DOMException && error.name === "AbortError";
}
// src/live/ticker.ts
var Ticker = class {
	value;
	store;
	everyMs;
	constructor(store, everyMs) {
		this.store = store;
		this.everyMs = everyMs;
		this.value = store.shownNow();
	}
	now = () => this.value;
	subscribe(listener) {
		let { state } = this.store.status();
		const look = () => {
			this.value = this.store.shownNow();
			listener();
		};
		const timer = setInterval(() => {
			if (this.store.status().state !== "stale") look();
		}, this.everyMs);
		const unsubscribe = this.store.subscribe(() => {
			if (this.store.status().state !== state) {
				state = this.store.status().state;
				look();
			}
		});
		this.value = this.store.shownNow();
		return () => {
			clearInterval(timer);
			unsubscribe();
		};
	}
};
// src/live/live-provider.tsx
var Store = (0, import_react.createContext)(void 0);
function LiveProvider({ org, children }) {
	const store = (0, import_react.useMemo)(() => new LiveStore(), [org]);
	(0, import_react.useEffect)(() => {
		const stop = share(org, store, ownServer(store.hearDate), ownBrowser());
		return () => {
			stop();
			store.close();
		};
	}, [org, store]);
	return (0, import_jsx_runtime.jsx)(Store, {
		value: store,
		children
	});
}
function useLive(select) {
	const store = useStore();
	const last = (0, import_react.useRef)({});
	const read = () => {
		const live = store.live();
		if (last.current.live !== live || last.current.select !== select) {
			const part = live === void 0 ? void 0 : select(live);
			const isSame = isShallowEqual(last.current.part, part);
			last.current = {
				live,
				select,
				part: isSame ? last.current.part : part
			};
		}
		return last.current.part;
	};
	return (0, import_react.useSyncExternalStore)(store.subscribe, read);
}
function useLiveStatus() {
	const store = useStore();
	return (0, import_react.useSyncExternalStore)(store.subscribe, store.status);
}
function useServerNow() {
	return useStore().serverNow;
}
function useNow(everyMs) {
	const store = useStore();
	const ticker = (0, import_react.useMemo)(() => new Ticker(store, everyMs), [store, everyMs]);
	const subscribe = (0, import_react.useCallback)((listener) => ticker.subscribe(listener), [ticker]);
	return (0, import_react.useSyncExternalStore)(subscribe, ticker.now);
}
function useStore() {
	const store = (0, import_react.useContext)(Store);
	if (store === void 0) throw new Error("the live state is read outside of a LiveProvider");
	return store;
}
// src/ui/page/wide-page.tsx
function WidePage(props) {
	const { title, tabCount = 0 } = props;
	(0, import_react.useEffect)(() => {
		document.title = `${tabCount > 0 ? `(${tabCount}) ` : ""}${title} · Callslot`;
	}, [title, tabCount]);
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "mx-auto flex w-full max-w-[1440px] flex-col gap-4 p-4 sm:p-6",
		children: [(0, import_jsx_runtime.jsxs)("header", {
			className: "flex flex-wrap items-center justify-between gap-3",
			children: [(0, import_jsx_runtime.jsx)("h1", {
				className: "font-semibold text-xl",
				children: title
			}), props.actions !== void 0 && (0, import_jsx_runtime.jsx)("div", {
				className: "flex flex-wrap items-end gap-2",
				children: props.actions
			})]
		}), props.children]
	});
}
// src/ui/control/clipboard-text.ts
async function copyText(text) {
	if (navigator.clipboard !== void 0) return navigator.clipboard.writeText(text).then(() => true, () => false);
	const area = document.createElement("textarea");
	area.value = text;
	area.setAttribute("readonly", "");
	area.className = "sr-only";
	(document.activeElement?.parentElement ?? document.body).append(area);
	area.select();
	const isCopied = document.execCommand("copy");
	area.remove();
	return isCopied;
}
// src/ui/message/toasts.tsx
var SHORT_MS = 6e3;
var UNDO_MS = 12e3;
function useSay() {
	const { add, close } = useToastManager();
	return (sentence, { undo } = {}) => {
		if (undo === void 0) {
			add({
				description: sentence,
				timeout: SHORT_MS
			});
			return;
		}
		const id = add({
			description: sentence,
			timeout: UNDO_MS,
			actionProps: {
				children: "Undo",
				onClick: () => {
					close(id);
					undo();
				}
			}
		});
	};
}
function Toasts() {
	const { toasts } = useToastManager();
	return (0, import_jsx_runtime.jsx)(ToastPortal, { children: (0, import_jsx_runtime.jsx)(ToastViewport, {
		"aria-label": "Messages",
		className: "fixed bottom-4 left-4 z-50 max-sm:top-14 max-sm:bottom-auto flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2 print:hidden",
		children: toasts.map((toast) => (0, import_jsx_runtime.jsxs)(ToastRoot, {
			toast,
			"aria-label": String(toast.description ?? "Message"),
			className: "flex items-start gap-3 rounded-md border border-line bg-raised px-3 py-2 shadow-overlay transition-opacity data-ending-style:opacity-0",
			children: [
				(0, import_jsx_runtime.jsx)(ToastDescription, { className: "min-w-0 flex-1 break-words" }),
				toast.actionProps !== void 0 && (0, import_jsx_runtime.jsx)(ToastAction, { className: "-my-1 min-h-8 shrink-0 rounded px-2 font-medium text-accent hover:bg-sunken" }),
				(0, import_jsx_runtime.jsx)(ToastClose, {
					"aria-label": "Dismiss",
					className: "-my-1 -mr-1 size-8 shrink-0 text-muted",
					children: "×"
				})
			]
		}, toast.id))
	}) });
}
// src/ui/form/focus-first-invalid.ts
function focusFirstInvalid(form) {
	setTimeout(() => form.querySelector("[aria-invalid=\"true\"]")?.focus());
}
// src/ui/form/number-text.ts
function wholeNumberIn(text) {
	const digits = text.replace(/[\s,_]/g, "");
	return /^\d{1,15}$/.test(digits) ? Number(digits) : void 0;
}
// src/pages/shared/curl.ts
function curl({ method, origin, path, body, org, isStream }) {
	const verb = method === "GET" ? "" : ` -X ${method}`;
	const lines = [`curl${isStream ? " -N" : ""}${verb} ${quoted(origin + path)}`, `  -H "authorization: Bearer $CALLSLOT_KEY"`];
	if (org !== void 0) lines.push(`  -H ${quoted(`callslot-org: ${org}`)}`);
	if (body !== void 0) lines.push("  -H 'content-type: application/json'", `  -d ${quoted(JSON.stringify(body))}`);
	return lines.join(" \\\n");
}
function quoted(text) {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
// src/ui/control/menu.tsx
function RowMenu({ label, actions }) {
	return (0, import_jsx_runtime.jsxs)(MenuRoot, { children: [(0, import_jsx_runtime.jsx)(MenuTrigger, {
		"aria-label": label,
		className: "grid size-8 pointer-coarse:size-10 place-items-center rounded-md text-muted hover:bg-sunken",
		children: "⋯"
	}), (0, import_jsx_runtime.jsx)(MenuPortal, {
		container: document.getElementById("content") ?? document.body,
		children: (0, import_jsx_runtime.jsx)(MenuPositioner, {
			align: "end",
			sideOffset: 4,
			className: "z-30",
			children: (0, import_jsx_runtime.jsx)(MenuPopup, {
				className: "min-w-44 rounded-md border border-line bg-raised p-1 shadow-overlay",
				children: actions.map((action) => (0, import_jsx_runtime.jsx)(MenuItem, { action }, action.label))
			})
		})
	})] });
}
function MenuItem({ action }) {
	return (0, import_jsx_runtime.jsxs)(MenuItem$1, {
		disabled: action.disabledBecause !== void 0,
		onClick: action.onSelect,
		className: `flex cursor-default flex-col rounded px-2 py-1.5 pointer-coarse:min-h-10 pointer-coarse:justify-center outline-none data-highlighted:bg-sunken data-disabled:opacity-60 ${action.isDangerous ? "text-danger" : ""}`,
		children: [action.label, action.disabledBecause !== void 0 && (0, import_jsx_runtime.jsx)("span", {
			className: "text-muted text-xs",
			children: action.disabledBecause
		})]
	});
}
var MENU_ITEM = "flex cursor-default items-center gap-2 rounded px-2 py-1.5 pointer-coarse:min-h-10 outline-none data-highlighted:bg-sunken data-disabled:opacity-60";
function MenuBelow({ label, children }) {
	return (0, import_jsx_runtime.jsxs)(MenuRoot, { children: [(0, import_jsx_runtime.jsx)(MenuTrigger, { render: (0, import_jsx_runtime.jsxs)(Button, { children: [
		label,
		" ",
		(0, import_jsx_runtime.jsx)("span", {
			"aria-hidden": "true",
			children: "▾"
		})
	] }) }), (0, import_jsx_runtime.jsx)(MenuPortal, {
		container: document.getElementById("content") ?? document.body,
		children: (0, import_jsx_runtime.jsx)(MenuPositioner, {
			align: "end",
			sideOffset: 4,
			className: "z-30",
			children: (0, import_jsx_runtime.jsx)(MenuPopup, {
				className: "max-h-(--available-height) min-w-44 max-w-80 overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-overlay",
				children
			})
		})
	})] });
}
// src/agent-color-classes.ts
var SOLID = [
	"bg-agent-1",
	"bg-agent-2",
	"bg-agent-3",
	"bg-agent-4",
	"bg-agent-5",
	"bg-agent-6",
	"bg-agent-7",
	"bg-agent-8",
	"bg-agent-9",
	"bg-agent-10",
	"bg-agent-11",
	"bg-agent-12"
];
var PALE = [
	"border-agent-1 bg-agent-1/20",
	"border-agent-2 bg-agent-2/20",
	"border-agent-3 bg-agent-3/20",
	"border-agent-4 bg-agent-4/20",
	"border-agent-5 bg-agent-5/20",
	"border-agent-6 bg-agent-6/20",
	"border-agent-7 bg-agent-7/20",
	"border-agent-8 bg-agent-8/20",
	"border-agent-9 bg-agent-9/20",
	"border-agent-10 bg-agent-10/20",
	"border-agent-11 bg-agent-11/20",
	"border-agent-12 bg-agent-12/20"
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
var STRIPES = { backgroundImage: "repeating-linear-gradient(135deg, transparent 0 4px, color-mix(in srgb, var(--surface) 55%, transparent) 4px 7px)" };
function agentColor(id) {
	const hash = hashOf(id);
	return {
		hue: hash % 12,
		isStriped: Math.floor(hash / 12) % 2 === 1
	};
}
function hashOf(text) {
	let hash = 2166136261;
	for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619) >>> 0;
	hash = Math.imul(hash ^ hash >>> 16, 73244475) >>> 0;
	return (hash ^ hash >>> 16) >>> 0;
}
// src/pages/shared/why-waits.ts
function whyWaits(call, pool) {
	switch (call.blocked_on) {
		case "limit": return pool.limit === 1 ? "The only slot is busy" : `All ${count(pool.limit)} slots are busy`;
		case "shared_full": return pool.shared.size === 1 ? "The only shared slot is busy" : `All ${count(pool.shared.size)} shared slots are busy`;
		case "settling": return `${counted(pool.settling, "call")} over the new limit must end first`;
		case "nothing_shared": return call.blocked_by === null ? "Every slot is reserved for others" : `The cap of ${cappedName(call, pool)} is 0`;
		case "agent_cap": return `${nameOf(call.agent, pool)} is at its cap${of(capOf(call.agent, pool))}`;
		case "type_cap": return `${TYPE_NAME[call.type]} is at its cap${of(pool.type_caps[call.type])}`;
		case null: return "";
	}
}
function of(cap) {
	return cap === null ? "" : ` of ${count(cap)}`;
}
function cappedName({ agent, type, blocked_by }, pool) {
	return blocked_by !== null && "type" in blocked_by ? TYPE_NAME[type] : nameOf(agent, pool);
}
function nameOf(id, pool) {
	return pool.agents.find((agent) => agent.id === id)?.name ?? id;
}
function capOf(id, pool) {
	return pool.agents.find((agent) => agent.id === id)?.cap ?? null;
}
function about(ms) {
	const s = ms / 1e3;
	if (s < 3) return "in a moment";
	if (s < 58) return `about ${Math.max(5, Math.round(s / 5) * 5)} s`;
	const min = Math.round(s / 60);
	return min < 60 ? `about ${min} min` : `about ${Math.round(min / 60)} h`;
}
// src/pages/shared/today.ts
var HOUR_MS = 36e5;
var HOURS = [
	24,
	12,
	8,
	6,
	4,
	3,
	2
];
function localMidnight(nowMs) {
	return new Date(nowMs).setHours(0, 0, 0, 0);
}
function partsOfToday(midnightMs, nowMs) {
	const hourMs = Math.min(Math.ceil(midnightMs / HOUR_MS) * HOUR_MS, nowMs);
	const hours = HOURS.find((length) => hourMs % (length * HOUR_MS) === 0) ?? 1;
	return [{
		fromMs: midnightMs,
		toMs: hourMs,
		stepS: 900
	}, {
		fromMs: hourMs,
		toMs: nowMs,
		stepS: hours * 3600
	}].filter(({ fromMs, toMs }) => fromMs < toMs);
}
// src/ui/table/fitting-columns.ts
function fittingColumns(columns, roomRem) {
	let left = columns;
	while (widthOf(left) > roomRem) {
		const next = leastImportant(left);
		if (next === void 0) return void 0;
		left = left.filter((column) => column !== next);
	}
	return left;
}
function widthsIn(columns, roomRem) {
	let left = Number.isFinite(roomRem) ? roomRem - widthOf(columns) : 0;
	return columns.map(({ width, isWide, percent }) => {
		if (percent === void 0) return isWide ? void 0 : width;
		const more = Math.min(left, Math.max(0, roomRem * percent / 100 - width));
		left -= more;
		return width + more;
	});
}
function widthOf(columns) {
	return columns.reduce((rem, { width }) => rem + width, 0);
}
function leastImportant(columns) {
	let found;
	for (const column of columns) if ((column.extra ?? 0) > (found?.extra ?? 0)) found = column;
	return found;
}
function useWidthRem(element) {
	const [rem, setRem] = (0, import_react.useState)(Number.POSITIVE_INFINITY);
	(0, import_react.useLayoutEffect)(() => {
		const { current } = element;
		if (current === null) return;
		const look = () => {
			if (current.clientWidth > 0) setRem(current.clientWidth / pxOfRem());
		};
		look();
		if (typeof ResizeObserver === "undefined") return;
		const watch = new ResizeObserver(look);
		watch.observe(current);
		return () => watch.disconnect();
	}, [element]);
	return rem;
}
function pxOfRem() {
	const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
	return Number.isFinite(size) && size > 0 ? size : 16;
}
// src/ui/form/select.tsx
function Select(props) {
	return (0, import_jsx_runtime.jsxs)("label", {
		className: "inline-flex flex-col gap-1",
		children: [(0, import_jsx_runtime.jsx)("span", {
			className: props.isLabelHidden ? "sr-only" : "font-medium",
			children: props.label
		}), (0, import_jsx_runtime.jsx)("select", {
			value: props.value,
			onChange: (event) => props.onChange(event.target.value),
			className: `${INPUT_LOOK} pr-7`,
			children: props.choices.map((choice) => (0, import_jsx_runtime.jsx)("option", {
				value: choice.value,
				children: choice.label
			}, choice.value))
		})]
	});
}
// src/ui/table/row-link.tsx
function RowLink(props) {
	const { href, title, className = "", children } = props;
	return (0, import_jsx_runtime.jsx)(Link, {
		href,
		title,
		"data-row-link": "",
		className: `truncate outline-none after:absolute after:inset-0 ${className}`,
		children
	});
}
var ABOVE_ROW_LINK = "relative z-10";
// src/ui/table/row-selection.tsx
var SELECT_REM = 2.5;
var Context = (0, import_react.createContext)(void 0);
function SelectionRows(props) {
	const { selection, rows, keyOf } = props;
	const anchor = (0, import_react.useRef)(void 0);
	const canSelect = selection?.canSelect;
	const keys = (0, import_react.useMemo)(() => new Set(canSelect === void 0 ? [] : rows.filter(canSelect).map(keyOf)), [
		canSelect,
		rows,
		keyOf
	]);
	const value = (0, import_react.useMemo)(() => {
		if (selection === void 0) return void 0;
		const { selected, onSelect, labelOf, allLabel } = selection;
		const choose = (key, isRange) => {
			const from = isRange ? anchor.current : void 0;
			anchor.current = key;
			onSelect(chosen([...keys], selected, key, from));
		};
		const chooseAll = () => {
			const isAll = [...keys].every((key) => selected.has(key));
			onSelect(new Set(isAll ? [] : keys));
		};
		return {
			selected,
			keys,
			labelOf,
			allLabel,
			choose,
			chooseAll
		};
	}, [selection, keys]);
	return (0, import_jsx_runtime.jsx)(Context, {
		value,
		children: props.children
	});
}
function chosen(keys, selected, key, from) {
	const isOn = !selected.has(key);
	const [at, begin] = [keys.indexOf(key), from === void 0 ? -1 : keys.indexOf(from)];
	const range = begin < 0 ? [key] : keys.slice(Math.min(at, begin), Math.max(at, begin) + 1);
	const next = new Set(selected);
	for (const each of range) if (isOn || begin >= 0) next.add(each);
	else next.delete(each);
	return next;
}
function useSelectsRows() {
	return (0, import_react.useContext)(Context) !== void 0;
}
var BOX = "size-4 pointer-coarse:size-5 accent-(--accent) align-middle cursor-pointer";
function SelectRow({ rowKey }) {
	const selecting = (0, import_react.useContext)(Context);
	if (selecting === void 0 || !selecting.keys.has(rowKey)) return null;
	const press = (event) => selecting.choose(rowKey, event.shiftKey);
	const hear = (event) => {
		const step = {
			ArrowDown: 1,
			ArrowUp: -1
		}[event.key];
		if (event.key === " " && event.shiftKey) selecting.choose(rowKey, true);
		else if (step !== void 0) moveFocus(event.currentTarget, step);
		else return;
		event.preventDefault();
	};
	return (0, import_jsx_runtime.jsx)("input", {
		type: "checkbox",
		"data-select-row": "",
		"aria-label": selecting.labelOf(rowKey),
		checked: selecting.selected.has(rowKey),
		onChange: () => void 0,
		onClick: press,
		onKeyDown: hear,
		className: `${BOX} ${ABOVE_ROW_LINK}`
	});
}
function SelectAll() {
	const selecting = (0, import_react.useContext)(Context);
	if (selecting === void 0) return null;
	const { selected, keys, allLabel, chooseAll } = selecting;
	const on = [...selected].filter((key) => keys.has(key)).length;
	return (0, import_jsx_runtime.jsx)("input", {
		ref: (box) => {
			if (box !== null) box.indeterminate = on > 0 && on < keys.size;
		},
		type: "checkbox",
		"aria-label": allLabel,
		disabled: keys.size === 0,
		checked: keys.size > 0 && on === keys.size,
		onChange: chooseAll,
		className: BOX
	});
}
function moveFocus(box, step) {
	const boxes = [...box.closest("table, ul")?.querySelectorAll("[data-select-row]") ?? []];
	const next = boxes[boxes.indexOf(box) + step];
	next?.focus();
	next?.scrollIntoView?.({ block: "nearest" });
}
// src/ui/table/rows-in-sight.ts
var FEW$1 = 100;
var BEYOND = 8;
var STEP = 4;
function rowsInSight(topPx, windowPx, rowPx, rows) {
	if (rows <= FEW$1) return {
		first: 0,
		end: rows
	};
	const inSight = Math.ceil(windowPx / rowPx) + 1;
	const passed = Math.floor(Math.max(0, -topPx) / rowPx);
	const first = Math.max(0, Math.min(passed, rows - inSight) - BEYOND);
	const stepped = first - first % STEP;
	return {
		first: stepped,
		end: Math.min(rows, stepped + inSight + 16 + STEP)
	};
}
function useRowsInSight(list, rows, rowPx) {
	const [seen, setSeen] = (0, import_react.useState)({
		first: 0,
		end: FEW$1
	});
	const isLong = rows > FEW$1;
	(0, import_react.useLayoutEffect)(() => {
		if (!isLong) return;
		const look = () => {
			const next = rowsInSight(list.current?.getBoundingClientRect().top ?? 0, window.innerHeight, rowPx, rows);
			setSeen((now) => now.first === next.first && now.end === next.end ? now : next);
		};
		look();
		window.addEventListener("scroll", look, { passive: true });
		window.addEventListener("resize", look);
		return () => {
			window.removeEventListener("scroll", look);
			window.removeEventListener("resize", look);
		};
	}, [
		list,
		isLong,
		rows,
		rowPx
	]);
	if (!isLong) return {
		first: 0,
		end: rows
	};
	return {
		first: Math.min(seen.first, rows),
		end: Math.min(seen.end, rows)
	};
}
// src/ui/table/table-column.ts
function rowHeadOf(columns) {
	return columns.find(({ isRowHead }) => isRowHead) ?? columns[0];
}
// src/ui/table/row-cards.tsx
var FEW = 4;
var TOP_REM = 3;
var LINE_REM = 1.75;
var END_REM = .5;
function RowCards({ label, columns, rows, keyOf, card }) {
	const list = (0, import_react.useRef)(null);
	const isSelectable = useSelectsRows();
	const cardRem = card?.rem ?? TOP_REM + lines(partsOf(columns).facts) * LINE_REM + END_REM;
	const cardPx = cardRem * pxOfRem();
	const { first, end } = useRowsInSight(list, rows.length, cardPx);
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(rows.length > FEW || isSelectable) && (0, import_jsx_runtime.jsx)(OrderChoice, { columns: rows.length > FEW ? columns : [] }), (0, import_jsx_runtime.jsx)("ul", {
		ref: list,
		"aria-label": label,
		style: {
			paddingTop: `${first * cardPx}px`,
			paddingBottom: `${(rows.length - end) * cardPx}px`
		},
		children: rows.slice(first, end).map((row, index) => (0, import_jsx_runtime.jsx)(Card, {
			columns,
			row,
			rowKey: keyOf(row),
			place: first + index + 1,
			of: rows.length,
			cardRem,
			own: card,
			isSelectable
		}, keyOf(row)))
	})] });
}
var Card = (0, import_react.memo)(function Card(props) {
	const { columns, row, rowKey, place, of, cardRem, own, isSelectable } = props;
	return (0, import_jsx_runtime.jsx)("li", {
		"aria-posinset": place,
		"aria-setsize": of,
		className: "group relative border-line/70 border-b px-3 last:border-b-0 has-[[data-row-link]:focus-visible]:-outline-offset-2 has-[[data-row-link]:focus-visible]:outline-2 has-[[data-row-link]:focus-visible]:outline-accent",
		style: { height: `${cardRem}rem` },
		children: own === void 0 ? (0, import_jsx_runtime.jsx)(Facts, {
			columns,
			row,
			box: isSelectable && (0, import_jsx_runtime.jsx)(SelectRow, { rowKey })
		}) : own.show(row)
	});
});
function Facts(props) {
	const { columns, row, box } = props;
	const { name, facts, actions } = partsOf(columns);
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsxs)("div", {
		className: "flex items-center justify-between gap-2",
		style: { height: `${TOP_REM}rem` },
		children: [
			box,
			(0, import_jsx_runtime.jsx)("div", {
				className: "min-w-0 flex-1 truncate font-medium",
				children: name?.cell(row)
			}),
			actions.map((column) => (0, import_jsx_runtime.jsx)("div", {
				className: "shrink-0",
				children: column.cell(row)
			}, column.key))
		]
	}), (0, import_jsx_runtime.jsx)("dl", {
		className: "grid grid-flow-row-dense grid-cols-2 gap-x-5",
		children: facts.map((column) => (0, import_jsx_runtime.jsxs)("div", {
			className: `flex min-w-0 items-center justify-between gap-2 ${isLong(column) ? "col-span-2" : ""}`,
			style: { height: `${LINE_REM}rem` },
			children: [(0, import_jsx_runtime.jsx)("dt", {
				className: "min-w-0 shrink-[99] truncate text-muted",
				children: column.head
			}), (0, import_jsx_runtime.jsx)("dd", {
				className: "min-w-0 truncate",
				children: column.cell(row)
			})]
		}, column.key))
	})] });
}
function partsOf(columns) {
	const name = rowHeadOf(columns);
	const others = columns.filter((column) => column !== name);
	const isFact = ({ head }) => typeof head === "string";
	return {
		name,
		facts: others.filter(isFact),
		actions: others.filter((column) => !isFact(column))
	};
}
function isLong({ isWide, isLong }) {
	return isWide === true || isLong === true;
}
function lines(facts) {
	const long = facts.filter(isLong).length;
	return long + Math.ceil((facts.length - long) / 2);
}
function OrderChoice({ columns }) {
	const isSelectable = useSelectsRows();
	const sortable = columns.filter(({ onOrder }) => onOrder !== void 0);
	if (sortable.length === 0 && !isSelectable) return null;
	const now = sortable.find(({ order }) => order !== void 0);
	const choices = sortable.map(({ key, head }) => ({
		value: key,
		label: `By ${head}`
	}));
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex items-center gap-2 border-line border-b px-3 py-2 [&_label]:min-w-0",
		children: [
			(0, import_jsx_runtime.jsx)(SelectAll, {}),
			sortable.length > 0 && (0, import_jsx_runtime.jsx)(Select, {
				label: "Order",
				isLabelHidden: true,
				value: now?.key ?? "",
				choices: [...now === void 0 ? [{
					value: "",
					label: "Default order"
				}] : [], ...choices],
				onChange: (chosen) => sortable.find(({ key }) => key === chosen)?.onOrder?.()
			}),
			now !== void 0 && (0, import_jsx_runtime.jsx)(Button, {
				kind: "quiet",
				onClick: () => now.onOrder?.(),
				children: now.order === "ascending" ? "Lowest first" : "Highest first"
			})
		]
	});
}
// src/ui/table/row-lines.tsx
function RowLines(props) {
	const { label, columns, rows, keyOf, rowRem, roomRem, foot } = props;
	const table = (0, import_react.useRef)(null);
	const isSelectable = useSelectsRows();
	const rowPx = rowRem * pxOfRem();
	const { first, end } = useRowsInSight(table, rows.length, rowPx);
	const widths = widthsIn(columns, roomRem);
	const span = columns.length + (isSelectable ? 1 : 0);
	return (0, import_jsx_runtime.jsxs)("table", {
		ref: table,
		"aria-label": label,
		"aria-rowcount": rows.length + (foot === void 0 ? 1 : 2),
		className: "w-full table-fixed border-separate border-spacing-0",
		children: [
			(0, import_jsx_runtime.jsxs)("colgroup", { children: [isSelectable && (0, import_jsx_runtime.jsx)("col", { style: { width: `2.5rem` } }), columns.map(({ key }, at) => (0, import_jsx_runtime.jsx)("col", { style: { width: widths[at] === void 0 ? void 0 : `${widths[at]}rem` } }, key))] }),
			(0, import_jsx_runtime.jsx)("thead", { children: (0, import_jsx_runtime.jsxs)("tr", {
				"aria-rowindex": 1,
				children: [isSelectable && (0, import_jsx_runtime.jsx)("th", {
					scope: "col",
					className: `${HEAD_LOOK} text-left`,
					children: (0, import_jsx_runtime.jsx)(SelectAll, {})
				}), columns.map((column, index) => (0, import_jsx_runtime.jsx)(Head, {
					column,
					before: columns[index - 1]
				}, column.key))]
			}) }),
			(0, import_jsx_runtime.jsx)(Gap, {
				height: first * rowPx,
				columns: span
			}),
			(0, import_jsx_runtime.jsx)("tbody", { children: rows.slice(first, end).map((row, index) => (0, import_jsx_runtime.jsx)(Row, {
				columns,
				row,
				rowKey: keyOf(row),
				index: first + index + 2,
				rowRem,
				isSelectable
			}, keyOf(row))) }),
			(0, import_jsx_runtime.jsx)(Gap, {
				height: (rows.length - end) * rowPx,
				columns: span
			}),
			foot !== void 0 && (0, import_jsx_runtime.jsx)("tfoot", { children: (0, import_jsx_runtime.jsxs)("tr", {
				"aria-rowindex": rows.length + 2,
				className: "h-10 text-muted",
				children: [isSelectable && (0, import_jsx_runtime.jsx)("td", {}), columns.map((column, at) => (0, import_jsx_runtime.jsx)(Cell, {
					look: "px-2 font-medium first:pl-3 last:pr-3",
					isRowHead: column === rowHeadOf(columns),
					column,
					before: columns[at - 1],
					children: foot[column.key]
				}, column.key))]
			}) })
		]
	});
}
var Row = (0, import_react.memo)(function Row(props) {
	const { columns, row, rowKey, index, rowRem, isSelectable } = props;
	const rowHead = rowHeadOf(columns);
	return (0, import_jsx_runtime.jsxs)("tr", {
		"aria-rowindex": index,
		className: "group relative has-data-row-link:hover:bg-sunken/60 has-[[data-select-row]:checked]:bg-accent-soft/60 has-[[data-row-link]:focus-visible]:-outline-offset-2 has-[[data-row-link]:focus-visible]:outline-2 has-[[data-row-link]:focus-visible]:outline-accent",
		style: { height: `${rowRem}rem` },
		children: [isSelectable && (0, import_jsx_runtime.jsx)("td", {
			className: CELL_LOOK,
			children: (0, import_jsx_runtime.jsx)(SelectRow, { rowKey })
		}), columns.map((column, at) => (0, import_jsx_runtime.jsx)(Cell, {
			look: `${CELL_LOOK} ${column.isFilled ? "" : "truncate"}`,
			isRowHead: column === rowHead,
			column,
			before: columns[at - 1],
			children: column.cell(row)
		}, column.key))]
	});
});
var HEAD_LOOK = "sticky top-(--heads-top) z-20 h-9 truncate rounded-t-lg border-line border-b bg-surface px-2 font-medium text-muted first:pl-3 last:pr-3";
var CELL_LOOK = "border-line/70 border-b px-2 py-0 font-normal first:pl-3 last:pr-3 group-last:border-b-0";
function side({ column, before }) {
	if (column.isNumber) return "text-right";
	return before?.isNumber ? "pl-5 text-left" : "text-left";
}
function Head({ column, before }) {
	const { head, hint, order, onOrder } = column;
	return (0, import_jsx_runtime.jsx)("th", {
		scope: "col",
		title: hint,
		"aria-sort": onOrder === void 0 ? void 0 : order ?? "none",
		className: `${HEAD_LOOK} ${side({
			column,
			before
		})}`,
		children: onOrder === void 0 ? head : (0, import_jsx_runtime.jsxs)("button", {
			type: "button",
			onClick: onOrder,
			className: "-mx-1 h-8 rounded px-1 hover:text-text focus-visible:-outline-offset-2",
			children: [head, (0, import_jsx_runtime.jsx)("span", {
				"aria-hidden": "true",
				children: order && (order === "ascending" ? " ↑" : " ↓")
			})]
		})
	});
}
function Cell(props) {
	const look = `${props.look} ${side(props)}`;
	if (!props.isRowHead) return (0, import_jsx_runtime.jsx)("td", {
		className: look,
		children: props.children
	});
	return (0, import_jsx_runtime.jsx)("th", {
		scope: "row",
		className: look,
		children: props.children
	});
}
function Gap({ height, columns }) {
	if (height <= 0) return null;
	return (0, import_jsx_runtime.jsx)("tbody", {
		"aria-hidden": "true",
		children: (0, import_jsx_runtime.jsx)("tr", { children: (0, import_jsx_runtime.jsx)("td", {
			colSpan: columns,
			className: "p-0",
			style: { height: `${height}px` }
		}) })
	});
}
// src/ui/table/row-order.ts
function nextOrder(order, column) {
	const isLargestFirst = column.isNumber === true;
	if (order?.key !== column.key) return {
		key: column.key,
		isDescending: isLargestFirst
	};
	if (order.isDescending === isLargestFirst) return {
		key: column.key,
		isDescending: !isLargestFirst
	};
}
function ordered(rows, columns, order) {
	const sortBy = columns.find(({ key }) => key === order?.key)?.sortBy;
	if (order === void 0 || sortBy === void 0) return rows;
	const sign = order.isDescending ? -1 : 1;
	const known = rows.map((row) => ({
		row,
		value: sortBy(row)
	}));
	known.sort((a, b) => {
		if (a.value === void 0 || b.value === void 0) return Number(a.value === void 0) - Number(b.value === void 0);
		return sign * compare(a.value, b.value);
	});
	return known.map(({ row }) => row);
}
var collator = new Intl.Collator("en", {
	numeric: true,
	sensitivity: "base"
});
function compare(a, b) {
	if (typeof a === "number" && typeof b === "number") return a - b;
	return collator.compare(String(a), String(b));
}
function useRowOrder(rows, columns) {
	const [order, setOrder] = (0, import_react.useState)();
	return {
		rows: (0, import_react.useMemo)(() => ordered(rows, columns, order), [
			rows,
			columns,
			order
		]),
		order,
		setOrder
	};
}
// src/ui/table/windowed-table.tsx
function WindowedTable(props) {
	const { label, columns: told, rows: given, keyOf, rowRem = 2.5, foot, card, selection } = props;
	const frame = (0, import_react.useRef)(null);
	const roomRem = useWidthRem(frame) - (selection === void 0 ? 0 : SELECT_REM);
	const { rows, order, setOrder } = useRowOrder(given, told);
	const columns = (0, import_react.useMemo)(() => told.map((column) => {
		if (column.onOrder !== void 0 || column.sortBy === void 0) return column;
		const direction = order?.isDescending ? "descending" : "ascending";
		return {
			...column,
			order: order?.key === column.key ? direction : void 0,
			onOrder: () => setOrder(nextOrder(order, column))
		};
	}), [
		told,
		order,
		setOrder
	]);
	const shown = (0, import_react.useMemo)(() => fittingColumns(columns, roomRem), [columns, roomRem]);
	return (0, import_jsx_runtime.jsx)("div", {
		ref: frame,
		className: props.isFramed ? "" : "rounded-lg border border-line bg-surface shadow-card",
		children: (0, import_jsx_runtime.jsx)(SelectionRows, {
			selection,
			rows,
			keyOf,
			children: shown === void 0 ? (0, import_jsx_runtime.jsx)(RowCards, {
				label,
				columns,
				rows,
				keyOf,
				card
			}) : (0, import_jsx_runtime.jsx)(RowLines, {
				label,
				columns: shown,
				rows,
				keyOf,
				rowRem,
				roomRem,
				foot
			})
		})
	});
}
// src/pages/shared/agent-names.ts
var NO_NAMES = new Map();
function useAgentNames() {
	return useLive((live) => namesOf(live.pool.agents)) ?? NO_NAMES;
}
function namesOf(agents) {
	return new Map(agents.map(({ id, name }) => [id, name]));
}
// src/ui/text/long-id.tsx
function LongId({ id }) {
	if (id.length <= 14) return (0, import_jsx_runtime.jsx)("span", {
		className: "font-mono text-[0.92em]",
		children: id
	});
	return (0, import_jsx_runtime.jsxs)("span", {
		title: id,
		className: "inline-flex max-w-full min-w-0 align-middle font-mono text-[0.92em]",
		children: [(0, import_jsx_runtime.jsx)("span", {
			className: "truncate",
			children: id.slice(0, -10)
		}), (0, import_jsx_runtime.jsx)("span", {
			className: "shrink-0 whitespace-nowrap",
			children: id.slice(-10)
		})]
	});
}
// src/shell/error-boundary.tsx
var ErrorBoundary = class extends import_react.Component {
	state = { hasFailed: false };
	static getDerivedStateFromError() {
		return { hasFailed: true };
	}
	render() {
		if (!this.state.hasFailed) return this.props.children;
		return (0, import_jsx_runtime.jsxs)(Page, {
			title: "This page cannot be shown",
			children: [(0, import_jsx_runtime.jsx)(Note, {
				kind: "danger",
				role: "alert",
				children: "It failed to load, or crashed. Check that the server responds, then reload the page."
			}), (0, import_jsx_runtime.jsx)("div", { children: (0, import_jsx_runtime.jsx)(Button, {
				onClick: () => window.location.reload(),
				children: "Reload"
			}) })]
		});
	}
};
// src/ui/dialog/picker.tsx
function Picker({ title, isOpen, onClose, ...search }) {
	return (0, import_jsx_runtime.jsx)(Dialog, {
		title,
		isOpen,
		onClose,
		children: (0, import_jsx_runtime.jsx)(Search, {
			...search,
			onClose
		})
	});
}
function Search(props) {
	const { label, find, nothing, onClose } = props;
	const id = (0, import_react.useId)();
	const [search, setSearch] = (0, import_react.useState)("");
	const [at, setAt] = (0, import_react.useState)(0);
	const found = find(search.trim());
	const marked = Math.min(at, found.length - 1);
	const pick = (chosen) => {
		if (chosen === void 0) return;
		onClose();
		chosen.onPick();
	};
	const onKeyDown = (event) => {
		const step = {
			ArrowDown: 1,
			ArrowUp: -1
		}[event.key];
		if (step !== void 0) setAt((marked + step + found.length) % Math.max(1, found.length));
		else if (event.key === "Enter") pick(found[marked]);
		else return;
		event.preventDefault();
	};
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [
		(0, import_jsx_runtime.jsx)("input", {
			autoFocus: true,
			role: "combobox",
			"aria-label": label,
			"aria-expanded": "true",
			"aria-controls": id,
			"aria-activedescendant": marked < 0 ? void 0 : `${id}-${marked}`,
			autoComplete: "off",
			spellCheck: false,
			placeholder: label,
			value: search,
			onChange: (event) => {
				setSearch(event.target.value);
				setAt(0);
			},
			onKeyDown,
			className: INPUT_LOOK
		}),
		(0, import_jsx_runtime.jsx)("div", {
			id,
			role: "listbox",
			"aria-label": label,
			className: "-mx-2 max-h-80 overflow-y-auto",
			children: found.map((choice, index) => (0, import_jsx_runtime.jsxs)("div", {
				id: `${id}-${index}`,
				role: "option",
				tabIndex: -1,
				"aria-selected": index === marked,
				ref: (element) => {
					if (index === marked) element?.scrollIntoView?.({ block: "nearest" });
				},
				onMouseMove: () => setAt(index),
				onClick: () => pick(choice),
				className: `flex cursor-default items-baseline justify-between gap-3 rounded px-2 py-1.5 ${index === marked ? "bg-sunken" : ""}`,
				children: [(0, import_jsx_runtime.jsx)("bdi", {
					className: "min-w-0 truncate",
					children: choice.name
				}), (0, import_jsx_runtime.jsx)("span", {
					className: "max-w-1/2 shrink-0 truncate text-muted text-xs",
					children: choice.hint
				})]
			}, choice.key))
		}),
		found.length === 0 && (0, import_jsx_runtime.jsx)("p", {
			role: "status",
			className: "text-muted",
			children: nothing
		})
	] });
}
// src/shell/pages.ts
var PAGES = [
	{
		to: "/concurrency",
		icon: "concurrency",
		name: "Concurrency"
	},
	{
		to: "/calls",
		icon: "calls",
		name: "Calls"
	},
	{
		to: "/agents",
		icon: "agents",
		name: "Agents"
	},
	{
		to: "/history",
		icon: "history",
		name: "History"
	},
	{
		to: "/developers",
		icon: "developers",
		name: "Developers"
	},
	{
		to: "/organisations",
		icon: "organisations",
		name: "Organisations",
		least: "operator"
	},
	{
		to: "/plans",
		icon: "plans",
		name: "Plans",
		least: "operator"
	}
];
// src/shell/palette-choices.ts
var MOST_SHOWN$1 = 50;
var CALL_ID = /^[!-~]{1,255}$/;
var LIKE_AN_ID = /[\d_.:-]/;
function paletteChoices(text, { agents, role, goTo }) {
	const pages = PAGES.filter(({ least }) => least === void 0 || includesRole(role, least)).map(({ to, name }) => ({
		key: to,
		name,
		hint: "Page",
		onPick: () => goTo(to)
	}));
	const ofAgents = agents.map(({ id, name }) => ({
		key: `agent ${id}`,
		name,
		hint: id === name ? "Calls of the agent" : `Calls of the agent ${id}`,
		onPick: () => goTo(`/calls?agent=${encodeURIComponent(id)}`)
	}));
	if (text === "") return [...pages, ...ofAgents].slice(0, MOST_SHOWN$1);
	const found = ranked([...pages, ...ofAgents], text).slice(0, MOST_SHOWN$1);
	if (!CALL_ID.test(text) || found.length > 0 && !LIKE_AN_ID.test(text)) return found;
	const call = {
		key: "call",
		name: text,
		hint: "Open the call of this id",
		onPick: () => goTo(`/calls?call=${encodeURIComponent(text)}`)
	};
	return [...found, call];
}
function ranked(choices, text) {
	const wanted = text.toLowerCase();
	const rank = ({ key, name }) => {
		const [shown, id] = [name.toLowerCase(), key.toLowerCase()];
		if (shown.startsWith(wanted)) return 0;
		if (shown.includes(wanted)) return 1;
		return id.includes(wanted) ? 2 : 3;
	};
	return choices.map((choice) => ({
		choice,
		rank: rank(choice)
	})).filter((it) => it.rank < 3).sort((a, b) => a.rank - b.rank).map(({ choice }) => choice);
}
// src/shell/palette.tsx
var NO_AGENTS = [];
function Palette({ isOpen, onClose }) {
	const { role } = useSignedIn().session;
	const [, goTo] = useLocation();
	const agents = useLive((live) => live.pool.agents) ?? NO_AGENTS;
	const find = (0, import_react.useCallback)((text) => paletteChoices(text, {
		agents,
		role,
		goTo
	}), [
		agents,
		role,
		goTo
	]);
	return (0, import_jsx_runtime.jsx)(Picker, {
		title: "Go to",
		label: "A page, an agent, or the id of a call",
		nothing: "Nothing has such a name.",
		find,
		isOpen,
		onClose
	});
}
// src/shell/shortcuts.ts
var SHORTCUTS = [
	{
		keys: "Ctrl K",
		does: "Go to a page, an agent or a call"
	},
	{
		keys: "/",
		does: "Search on this page"
	},
	{
		keys: "?",
		does: "Show the keyboard shortcuts"
	},
	{
		keys: "Esc",
		does: "Close what is open"
	},
	{
		keys: "← →",
		does: "Move within the pool bar and the charts"
	}
];
function useShortcuts({ onPalette, onHelp }) {
	(0, import_react.useEffect)(() => {
		const hear = (event) => {
			if (event.defaultPrevented || event.altKey) return;
			if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") onPalette();
			else if (event.ctrlKey || event.metaKey || isTaken(event)) return;
			else if (event.key === "?") onHelp();
			else if (event.key !== "/" || !focusSearch()) return;
			event.preventDefault();
		};
		window.addEventListener("keydown", hear);
		return () => window.removeEventListener("keydown", hear);
	}, [onPalette, onHelp]);
}
function isTaken({ target }) {
	const isOpen = [...document.querySelectorAll("[role=\"dialog\"], [role=\"alertdialog\"]")].some((dialog) => dialog.closest("[role=\"region\"]") === null);
	const isTyping = target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
	return isOpen || isTyping;
}
function focusSearch() {
	const field = document.querySelector("main input[type=\"search\"]");
	field?.focus();
	field?.select();
	return field !== null;
}
// src/shell/shortcut-sheet.tsx
function ShortcutSheet({ isOpen, onClose }) {
	return (0, import_jsx_runtime.jsx)(Dialog, {
		title: "Keyboard shortcuts",
		isOpen,
		onClose,
		children: (0, import_jsx_runtime.jsx)("dl", {
			className: "grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-5 gap-y-2",
			children: SHORTCUTS.map(({ keys, does }) => (0, import_jsx_runtime.jsxs)("div", {
				className: "contents",
				children: [(0, import_jsx_runtime.jsx)("dt", {
					className: "flex gap-1",
					children: keys.split(" ").map((key) => (0, import_jsx_runtime.jsx)("kbd", {
						className: "min-w-6 rounded border border-line-strong bg-sunken px-1.5 text-center font-mono text-xs",
						children: key
					}, key))
				}), (0, import_jsx_runtime.jsx)("dd", { children: does })]
			}, keys))
		})
	});
}
// src/shell/connection-status.tsx
var WORDS = {
	connecting: "Connecting …",
	live: "Live",
	stale: "Disconnected, reconnecting"
};
var FINAL_WORDS = {
	...WORDS,
	connecting: "Not connected",
	stale: "Disconnected"
};
var DOT = {
	connecting: "bg-warning",
	live: "bg-good",
	stale: "bg-danger"
};
function ConnectionStatus() {
	const { state, isFinal } = useLiveStatus();
	return (0, import_jsx_runtime.jsxs)("p", {
		role: "status",
		title: (isFinal ? FINAL_WORDS : WORDS)[state],
		className: "flex min-h-6 items-center gap-2 px-2 text-muted",
		children: [(0, import_jsx_runtime.jsx)("span", {
			"aria-hidden": "true",
			className: `size-2 rounded-full forced-color-adjust-none ${DOT[state]}`
		}), (0, import_jsx_runtime.jsx)("span", {
			className: "md:max-lg:sr-only",
			children: (isFinal ? FINAL_WORDS : WORDS)[state]
		})]
	});
}
// src/shell/icons.tsx
var SHAPES = {
	concurrency: (0, import_jsx_runtime.jsx)("path", { d: "M2.5 5.5h11v5h-11zM6 5.5v5M9.5 5.5v5" }),
	calls: (0, import_jsx_runtime.jsx)("path", { d: "M5.6 2.8 3.7 3.2c-.6 5.3 3.8 9.7 9.1 9.1l.4-1.9-2.7-1.4-1.2 1.2a7.2 7.2 0 0 1-3.5-3.5L7 5.5z" }),
	agents: (0, import_jsx_runtime.jsx)("path", {
		d: "M3.5 6h9v6.5h-9zM8 6V3.5M6 9v.8M10 9v.8M1.8 8.3v2M14.2 8.3v2",
		strokeLinecap: "round"
	}),
	history: (0, import_jsx_runtime.jsx)("path", {
		d: "M2.5 13.5h11M2.5 10.5 6 6.5l3 2.5 4.5-5.5",
		strokeLinecap: "round"
	}),
	developers: (0, import_jsx_runtime.jsx)("path", {
		d: "M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5",
		strokeLinecap: "round"
	}),
	organisations: (0, import_jsx_runtime.jsx)("path", { d: "M3 13.5v-11h6v11M9 6.5h4v7M2 13.5h12M5.2 5.2h1.6M5.2 8h1.6M5.2 10.8h1.6" }),
	search: (0, import_jsx_runtime.jsx)("path", { d: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.4 10.4l3.3 3.3" }),
	account: (0, import_jsx_runtime.jsx)("path", { d: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zM2.8 13.8c.5-2.6 2.6-4 5.2-4s4.7 1.4 5.2 4" }),
	plans: (0, import_jsx_runtime.jsx)("path", { d: "m8 2.5 6 3-6 3-6-3zM2 8.2l6 3 6-3M2 10.7l6 3 6-3" })
};
function Icon({ name }) {
	return (0, import_jsx_runtime.jsx)("svg", {
		"aria-hidden": "true",
		viewBox: "0 0 16 16",
		fill: "none",
		stroke: "currentColor",
		strokeWidth: "1.3",
		strokeLinejoin: "round",
		className: "size-4 shrink-0 opacity-80",
		children: SHAPES[name]
	});
}
// src/ui/text/badge.tsx
var LOOK = {
	plain: "bg-sunken text-muted",
	accent: "bg-accent-soft text-accent",
	warning: "bg-warning-soft text-warning",
	good: "bg-good-soft text-good",
	danger: "bg-danger-soft text-danger"
};
function Badge({ kind = "plain", children }) {
	return (0, import_jsx_runtime.jsx)("span", {
		className: `inline-flex items-center rounded px-1.5 py-px font-medium text-xs whitespace-nowrap ${LOOK[kind]}`,
		children
	});
}
// src/shell/org-choices.ts
var MOST_SHOWN = 50;
function foundOrgs(orgs, text, current) {
	const all = orgs.some(({ id }) => id === current) ? orgs : [{
		id: current,
		name: current
	}, ...orgs];
	const wanted = text.toLowerCase();
	return all.filter(({ id, name }) => `${name}\n${id}`.toLowerCase().includes(wanted)).slice(0, MOST_SHOWN);
}
// src/shell/org-switcher.tsx
function OrgSwitcher() {
	const { session, org } = useSignedIn();
	if (session.org === null) return (0, import_jsx_runtime.jsx)(Choose, {});
	return (0, import_jsx_runtime.jsxs)("div", {
		title: org,
		className: "flex min-h-9 items-center gap-2 px-2",
		children: [(0, import_jsx_runtime.jsx)(Icon, { name: "organisations" }), (0, import_jsx_runtime.jsxs)("span", {
			className: "flex min-w-0 flex-1 items-center gap-2 md:max-lg:sr-only",
			children: [
				(0, import_jsx_runtime.jsx)("span", {
					className: "sr-only",
					children: "Organisation: "
				}),
				(0, import_jsx_runtime.jsx)("bdi", {
					className: "min-w-0 flex-1 truncate font-medium",
					children: org
				}),
				(0, import_jsx_runtime.jsx)(PlanBadge, {})
			]
		})]
	});
}
function Choose() {
	const { org, chooseOrg } = useSignedIn();
	const [, goTo] = useLocation();
	const [isOpen, setOpen] = (0, import_react.useState)(false);
	const read = useQuery({
		queryKey: ["orgs", "choices"],
		queryFn: ({ signal }) => bodyOf(api.GET("/v1/orgs", {
			params: { query: { limit: 1e3 } },
			signal
		})),
		staleTime: 6e4
	}).data;
	const name = read?.items.find(({ id }) => id === org)?.name ?? org;
	const find = (0, import_react.useCallback)((text) => {
		const found = foundOrgs(read?.items ?? [], text, org).map((it) => ({
			key: it.id,
			name: it.name,
			hint: it.id === org ? `${it.id} · open` : it.id,
			onPick: () => chooseOrg(it.id)
		}));
		if (read == null || read.next == null) return found;
		const all = {
			key: "/all",
			name: "More organisations…",
			onPick: () => goTo("/organisations")
		};
		return [...found, all];
	}, [
		read,
		org,
		chooseOrg,
		goTo
	]);
	return (0, import_jsx_runtime.jsxs)(import_jsx_runtime.Fragment, { children: [(0, import_jsx_runtime.jsxs)("button", {
		type: "button",
		"aria-haspopup": "dialog",
		title: name,
		onClick: () => setOpen(true),
		className: "flex min-h-9 min-w-0 items-center gap-2 rounded-md border border-line px-2 text-left hover:bg-sunken",
		children: [(0, import_jsx_runtime.jsx)(Icon, { name: "organisations" }), (0, import_jsx_runtime.jsxs)("span", {
			className: "flex min-w-0 flex-1 items-center gap-2 md:max-lg:sr-only",
			children: [
				(0, import_jsx_runtime.jsx)("span", {
					className: "sr-only",
					children: "Organisation: "
				}),
				(0, import_jsx_runtime.jsx)("bdi", {
					className: "min-w-0 flex-1 truncate font-medium",
					children: name
				}),
				(0, import_jsx_runtime.jsx)(PlanBadge, {})
			]
		})]
	}), (0, import_jsx_runtime.jsx)(Picker, {
		title: "Organisation",
		label: "Search organisations",
		nothing: "No organisation has such a name or id.",
		find,
		isOpen,
		onClose: () => setOpen(false)
	})] });
}
function PlanBadge() {
	const plan = useLive((live) => live.pool.plan);
	if (plan === void 0) return null;
	return (0, import_jsx_runtime.jsx)("span", {
		title: `Plan ${plan}`,
		className: "max-w-20 truncate",
		children: (0, import_jsx_runtime.jsx)(Badge, {
			kind: "accent",
			children: plan
		})
	});
}
// src/shell/theme.ts
var THEMES = [
	{
		value: "system",
		label: "System theme"
	},
	{
		value: "light",
		label: "Light"
	},
	{
		value: "dark",
		label: "Dark"
	}
];
var KEPT_AS = "callslot.theme";
function useTheme() {
	const [theme, setTheme] = (0, import_react.useState)(() => THEMES.find(({ value }) => value === document.documentElement.dataset.theme)?.value ?? "system");
	const choose = (chosen) => {
		setTheme(chosen);
		if (chosen === "system") {
			delete document.documentElement.dataset.theme;
			localStorage.removeItem(KEPT_AS);
		} else {
			document.documentElement.dataset.theme = chosen;
			localStorage.setItem(KEPT_AS, chosen);
		}
	};
	return [theme, choose];
}
// src/shell/user-menu.tsx
var ITEM = "flex cursor-default items-center gap-2 rounded px-2 py-1.5 outline-none data-highlighted:bg-sunken";
function UserMenu({ onShortcuts }) {
	const { role, key } = useSignedIn().session;
	const [theme, chooseTheme] = useTheme();
	const { here, everywhere, said } = useSignOut();
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex flex-col gap-2",
		children: [(0, import_jsx_runtime.jsxs)(MenuRoot, { children: [(0, import_jsx_runtime.jsxs)(MenuTrigger, {
			title: key.name,
			className: "flex min-h-9 min-w-0 items-center gap-2 rounded-md px-2 text-left hover:bg-sunken data-popup-open:bg-sunken",
			children: [(0, import_jsx_runtime.jsx)(Icon, { name: "account" }), (0, import_jsx_runtime.jsxs)("span", {
				className: "flex min-w-0 flex-1 items-center gap-2 md:max-lg:sr-only",
				children: [
					(0, import_jsx_runtime.jsx)("span", {
						className: "sr-only",
						children: "Account: "
					}),
					(0, import_jsx_runtime.jsx)("bdi", {
						className: "min-w-0 flex-1 truncate",
						children: key.name
					}),
					(0, import_jsx_runtime.jsx)(Badge, { children: role })
				]
			})]
		}), (0, import_jsx_runtime.jsx)(MenuPortal, {
			container: document.getElementById("content") ?? document.body,
			children: (0, import_jsx_runtime.jsx)(MenuPositioner, {
				side: "top",
				align: "start",
				sideOffset: 4,
				className: "z-30",
				children: (0, import_jsx_runtime.jsxs)(MenuPopup, {
					className: "min-w-52 rounded-md border border-line bg-raised p-1 shadow-overlay",
					children: [
						(0, import_jsx_runtime.jsx)(MenuRadioGroup, {
							value: theme,
							onValueChange: (chosen) => chooseTheme(chosen),
							children: THEMES.map(({ value, label }) => (0, import_jsx_runtime.jsxs)(MenuRadioItem, {
								value,
								closeOnClick: false,
								className: ITEM,
								children: [(0, import_jsx_runtime.jsx)("span", {
									className: "w-4",
									children: (0, import_jsx_runtime.jsx)(MenuRadioItemIndicator, { children: "✓" })
								}), label]
							}, value))
						}),
						(0, import_jsx_runtime.jsx)(Separator, { className: "my-1 border-line border-t" }),
						(0, import_jsx_runtime.jsx)(MenuItem$1, {
							onClick: onShortcuts,
							className: ITEM,
							children: "Keyboard shortcuts"
						}),
						(0, import_jsx_runtime.jsx)(MenuItem$1, {
							onClick: here,
							className: ITEM,
							children: "Sign out"
						}),
						(0, import_jsx_runtime.jsx)(MenuItem$1, {
							onClick: everywhere,
							className: `${ITEM} text-danger`,
							children: "Sign out everywhere"
						})
					]
				})
			})
		})] }), said]
	});
}
// src/shell/sidebar.tsx
function Sidebar({ onSearch, onShortcuts }) {
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex min-h-full flex-col gap-3 p-3 md:max-lg:p-2",
		children: [
			(0, import_jsx_runtime.jsxs)("p", {
				className: "hidden items-center gap-2 px-2 pt-1 font-semibold text-base md:flex",
				children: [(0, import_jsx_runtime.jsx)("img", {
					src: icon_default,
					alt: "",
					className: "size-5"
				}), (0, import_jsx_runtime.jsx)("span", {
					className: LABEL,
					children: "Callslot"
				})]
			}),
			(0, import_jsx_runtime.jsx)(OrgSwitcher, {}),
			(0, import_jsx_runtime.jsxs)("button", {
				type: "button",
				title: "Go to (Ctrl K)",
				"aria-keyshortcuts": "Control+K",
				onClick: onSearch,
				className: "flex min-h-8 items-center gap-2 rounded-md px-2 py-1 text-left text-muted hover:bg-sunken",
				children: [(0, import_jsx_runtime.jsx)(Icon, { name: "search" }), (0, import_jsx_runtime.jsxs)("span", {
					className: `flex flex-1 justify-between ${LABEL}`,
					children: ["Go to…", (0, import_jsx_runtime.jsx)("span", {
						className: "font-mono text-xs max-md:hidden",
						children: "Ctrl K"
					})]
				})]
			}),
			(0, import_jsx_runtime.jsx)("nav", {
				"aria-label": "Pages",
				className: "flex flex-col gap-0.5",
				children: PAGES.map((page) => (0, import_jsx_runtime.jsx)(PageLink, { page }, page.to))
			}),
			(0, import_jsx_runtime.jsxs)("div", {
				className: "mt-auto flex flex-col gap-2 border-line border-t pt-3",
				children: [(0, import_jsx_runtime.jsx)(ConnectionStatus, {}), (0, import_jsx_runtime.jsx)(UserMenu, { onShortcuts })]
			})
		]
	});
}
var LABEL = "md:max-lg:sr-only";
function PageLink({ page: { to, icon: picture, name, least } }) {
	const { role } = useSignedIn().session;
	const [isHere] = useRoute(to);
	const look = "flex min-h-8 items-center gap-2 rounded-md px-2 py-1";
	if (least !== void 0 && !includesRole(role, least)) return (0, import_jsx_runtime.jsx)(Tip, {
		text: `This requires the role ${least}; your key has the role ${role}.`,
		children: (0, import_jsx_runtime.jsxs)("a", {
			role: "link",
			tabIndex: 0,
			"aria-disabled": "true",
			className: `${look} cursor-not-allowed text-muted`,
			children: [(0, import_jsx_runtime.jsx)(Icon, { name: picture }), (0, import_jsx_runtime.jsx)("span", {
				className: LABEL,
				children: name
			})]
		})
	});
	return (0, import_jsx_runtime.jsxs)(Link, {
		href: to,
		title: name,
		"aria-current": isHere ? "page" : void 0,
		className: `${look} ${isHere ? "bg-accent-soft font-medium text-accent" : "hover:bg-sunken"}`,
		children: [(0, import_jsx_runtime.jsx)(Icon, { name: picture }), (0, import_jsx_runtime.jsx)("span", {
			className: LABEL,
			children: name
		})]
	});
}
// src/shell/stale-banner.tsx
function StaleBanner() {
	const { state, sinceMs, isFinal, problem } = useLiveStatus();
	if (state !== "stale") return null;
	return (0, import_jsx_runtime.jsxs)("div", {
		"data-stale-banner": "",
		className: "sticky top-0 z-30 border-danger/30 border-b bg-danger-soft px-4 py-2 break-words text-danger sm:px-6 lg:px-8",
		children: [(0, import_jsx_runtime.jsxs)("p", {
			role: "alert",
			className: "sr-only",
			children: ["The numbers are out of date", problem && `: ${problem.message}`]
		}), (0, import_jsx_runtime.jsxs)("p", {
			"aria-hidden": "true",
			children: [
				(0, import_jsx_runtime.jsxs)("strong", { children: [
					"Disconnected ",
					(0, import_jsx_runtime.jsx)(Since, { ms: sinceMs }),
					" ago.",
					" ",
					isFinal ? "Reload the page to try again." : "Reconnecting…"
				] }),
				" ",
				"Numbers are as of ",
				clock(sinceMs),
				problem && `: ${problem.message}`,
				problem?.requestId && ` (request ${problem.requestId})`,
				"."
			]
		})]
	});
}
function Since({ ms }) {
	const [now, setNow] = (0, import_react.useState)(() => Date.now());
	(0, import_react.useEffect)(() => {
		const timer = setInterval(() => setNow(Date.now()), 1e3);
		return () => clearInterval(timer);
	}, []);
	return (0, import_jsx_runtime.jsx)(import_jsx_runtime.Fragment, { children: duration(now - ms) });
}
// src/shell/shell.tsx
function Shell({ children }) {
	const menu = useMenu();
	const content = useFocusOnNewPage();
	useSignedOutByStream();
	const [open, setOpen] = (0, import_react.useState)();
	const openPalette = (0, import_react.useCallback)(() => setOpen("palette"), []);
	const openSheet = (0, import_react.useCallback)(() => setOpen("sheet"), []);
	const close = () => setOpen(void 0);
	useShortcuts({
		onPalette: openPalette,
		onHelp: openSheet
	});
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "md:grid md:min-h-dvh md:grid-cols-[3.5rem_minmax(0,1fr)] lg:grid-cols-[13rem_minmax(0,1fr)]",
		children: [
			(0, import_jsx_runtime.jsx)("a", {
				href: "#content",
				className: "sr-only rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50",
				children: "Skip to content"
			}),
			(0, import_jsx_runtime.jsxs)("header", {
				className: "flex h-12 items-center justify-between border-line border-b bg-surface px-4 md:hidden",
				children: [(0, import_jsx_runtime.jsxs)("span", {
					className: "flex items-center gap-2 font-semibold",
					children: [(0, import_jsx_runtime.jsx)("img", {
						src: icon_default,
						alt: "",
						className: "size-5"
					}), "Callslot"]
				}), (0, import_jsx_runtime.jsx)("button", {
					ref: menu.button,
					type: "button",
					"aria-expanded": menu.isOpen,
					"aria-controls": "sidebar",
					onClick: menu.toggle,
					onKeyDown: menu.onKeyDown,
					className: "min-h-8 rounded-md border border-line px-3",
					children: "Menu"
				})]
			}),
			(0, import_jsx_runtime.jsx)("aside", {
				id: "sidebar",
				"aria-label": "Pages and session",
				onKeyDown: menu.onKeyDown,
				className: `${menu.isOpen ? "block" : "hidden"} border-line border-b bg-surface md:sticky md:top-0 md:block md:h-dvh md:overflow-y-auto md:border-r md:border-b-0`,
				children: (0, import_jsx_runtime.jsx)(Sidebar, {
					onSearch: openPalette,
					onShortcuts: openSheet
				})
			}),
			(0, import_jsx_runtime.jsxs)("main", {
				ref: content,
				id: "content",
				tabIndex: -1,
				className: "min-w-0 outline-none",
				children: [(0, import_jsx_runtime.jsx)(StaleBanner, {}), children]
			}),
			(0, import_jsx_runtime.jsx)(Palette, {
				isOpen: open === "palette",
				onClose: close
			}),
			(0, import_jsx_runtime.jsx)(ShortcutSheet, {
				isOpen: open === "sheet",
				onClose: close
			})
		]
	});
}
function useMenu() {
	const [isOpen, setOpen] = (0, import_react.useState)(false);
	const [location] = useLocation();
	const [shownAt, setShownAt] = (0, import_react.useState)(location);
	const button = (0, import_react.useRef)(null);
	if (location !== shownAt) {
		setShownAt(location);
		setOpen(false);
	}
	const onKeyDown = (event) => {
		const isInside = event.currentTarget.contains(event.target);
		if (event.key !== "Escape" || !isOpen || !isInside || event.defaultPrevented) return;
		setOpen(false);
		button.current?.focus();
	};
	return {
		isOpen,
		button,
		onKeyDown,
		toggle: () => setOpen(!isOpen)
	};
}
function useFocusOnNewPage() {
	const content = (0, import_react.useRef)(null);
	const [location] = useLocation();
	const shownAt = (0, import_react.useRef)(location);
	(0, import_react.useEffect)(() => {
		if (location === shownAt.current) return;
		shownAt.current = location;
		if (document.activeElement !== null && document.activeElement !== document.body) content.current?.focus({ preventScroll: true });
		window.scrollTo(0, 0);
	}, [location]);
	return content;
}
function useSignedOutByStream() {
	const queries = useQueryClient();
	const { problem } = useLiveStatus();
	(0, import_react.useEffect)(() => noteRefusal(queries, problem), [queries, problem]);
}
// src/ui/text/agent-label.tsx
function AgentLabel({ id, name }) {
	const color = agentColor(id);
	return (0, import_jsx_runtime.jsxs)("span", {
		className: "inline-flex max-w-full min-w-0 items-center gap-2 align-middle",
		children: [(0, import_jsx_runtime.jsx)("span", {
			"aria-hidden": "true",
			className: `size-2.5 shrink-0 rounded-sm forced-color-adjust-none ${groundOf(color).solid}`,
			style: color.isStriped ? STRIPES : void 0
		}), (0, import_jsx_runtime.jsx)("bdi", {
			className: "truncate",
			children: name
		})]
	});
}
// src/ui/control/copy-icon.tsx
function CopyIcon({ text, what }) {
	const say = useSay();
	const [isCopied, setCopied] = (0, import_react.useState)(false);
	const copy = async () => {
		const isDone = await copyText(text);
		setCopied(isDone);
		say(isDone ? `Copied the ${what}.` : `The browser does not allow this page to copy. Select the ${what} and copy it by hand.`);
	};
	return (0, import_jsx_runtime.jsx)("button", {
		type: "button",
		"aria-label": `Copy the ${what}`,
		onClick: copy,
		onBlur: () => setCopied(false),
		className: "grid size-6 shrink-0 place-items-center rounded text-muted hover:bg-sunken hover:text-text",
		children: (0, import_jsx_runtime.jsx)("svg", {
			viewBox: "0 0 16 16",
			"aria-hidden": "true",
			className: "size-3.5",
			fill: "none",
			children: isCopied ? (0, import_jsx_runtime.jsx)("path", {
				d: "M3 8.5l3.2 3.2L13 5",
				stroke: "currentColor",
				strokeWidth: "1.6"
			}) : (0, import_jsx_runtime.jsxs)("g", {
				stroke: "currentColor",
				strokeWidth: "1.3",
				children: [(0, import_jsx_runtime.jsx)("rect", {
					x: "5.2",
					y: "5.2",
					width: "8",
					height: "8",
					rx: "1.5"
				}), (0, import_jsx_runtime.jsx)("path", { d: "M10.8 2.8h-6.5a1.5 1.5 0 0 0-1.5 1.5v6.5" })]
			})
		})
	});
}
// src/ui/text/code-sample.tsx
function CodeSample({ text, what }) {
	return (0, import_jsx_runtime.jsxs)("div", {
		className: "flex w-full items-start rounded-md border border-line bg-sunken text-left text-text",
		children: [(0, import_jsx_runtime.jsx)("section", {
			"aria-label": what,
			tabIndex: 0,
			className: "min-w-0 flex-1 overflow-x-auto p-3",
			children: (0, import_jsx_runtime.jsx)("pre", {
				className: "font-mono text-xs",
				children: text
			})
		}), (0, import_jsx_runtime.jsx)("div", {
			className: "shrink-0 p-2",
			children: (0, import_jsx_runtime.jsx)(CopyIcon, {
				text,
				what
			})
		})]
	});
}
// src/pages/shared/stored.ts
var listeners = new Set();
function subscribe(listener) {
	listeners.add(listener);
	window.addEventListener("storage", listener);
	return () => {
		listeners.delete(listener);
		window.removeEventListener("storage", listener);
	};
}
function useStored(name, read) {
	const text = (0, import_react.useSyncExternalStore)(subscribe, () => localStorage.getItem(name));
	return [(0, import_react.useMemo)(() => read(parsed(text)), [text, read]), (0, import_react.useCallback)((next) => {
		if (next === void 0) localStorage.removeItem(name);
		else localStorage.setItem(name, JSON.stringify(next));
		for (const listener of listeners) listener();
	}, [name])];
}
function parsed(text) {
	try {
		return text === null ? void 0 : JSON.parse(text);
	} catch {
		return;
	}
}
// src/pages/shared/csv.ts
function csvReader() {
	const headers = {
		accept: "text/csv",
		...orgHeaders()
	};
	return async (address) => {
		const response = await fetch(address, { headers }).catch(() => {
			throw ProblemError.unreachable();
		});
		if (response.ok) return response;
		throw ProblemError.of(response, await response.json().catch(() => void 0));
	};
}
function saveCsv(text, name) {
	saveFile(new Blob([text], { type: "text/csv;charset=utf-8" }), name);
}
function saveFile(content, name) {
	const address = URL.createObjectURL(content);
	const link = document.createElement("a");
	link.href = address;
	link.download = name;
	link.click();
	URL.revokeObjectURL(address);
}
// src/pages/shared/local-time-field.ts
function toLocalField(ms) {
	const at = new Date(ms);
	return `${[
		at.getFullYear(),
		pad(at.getMonth() + 1),
		pad(at.getDate())
	].join("-")}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}
function fromLocalField(text) {
	const ms = new Date(text).getTime();
	return isTime(ms) ? ms : void 0;
}
function pad(value) {
	return String(value).padStart(2, "0");
}
// src/pages/shared/org-queries.ts
var ORGS = "orgs";
var PLANS = "plans";
function useOrgs(isSearching) {
	const orgs = useInfiniteQuery({
		queryKey: [ORGS, "pages"],
		queryFn: ({ pageParam, signal }) => {
			const query = { limit: 1e3 };
			if (pageParam !== null) query.cursor = pageParam;
			return bodyOf(api.GET("/v1/orgs", {
				params: { query },
				signal
			}));
		},
		initialPageParam: null,
		getNextPageParam: ({ next }) => next ?? null
	});
	const { hasNextPage, isFetching, isError, fetchNextPage } = orgs;
	const pages = orgs.data?.pages.length;
	(0, import_react.useEffect)(() => {
		if (isSearching && hasNextPage && !isFetching && !isError) fetchNextPage();
	}, [
		isSearching,
		pages,
		hasNextPage,
		isFetching,
		isError,
		fetchNextPage
	]);
	return orgs;
}
function usePlans() {
	return useQuery({
		queryKey: [PLANS],
		queryFn: ({ signal }) => bodyOf(api.GET("/v1/plans", {
			params: { query: { limit: 1e3 } },
			signal
		}))
	});
}
function createOrg(create) {
	return bodyOf(api.POST("/v1/orgs", { body: create }));
}
function changeOrg(id, patch) {
	return bodyOf(api.PATCH("/v1/orgs/{id}", {
		params: { path: { id } },
		body: patch
	}));
}
async function deleteOrg(id) {
	await bodyOf(api.DELETE("/v1/orgs/{id}", { params: { path: { id } } }));
}
export { ABOVE_ROW_LINK, AgentLabel, BLOCKED_ON_TEXT, Badge, Button, CALL_TYPES, Card$1 as Card, CodeSample, Confirm, CopyIcon, Dialog, END_REASON_TEXT, Empty, ErrorBoundary, Field, Gate, ID_PATTERN, INPUT_LOOK, LiveProvider, Loading, LongId, MENU_ITEM, MOST_CALLS, MenuBelow, Note, ORGS, ORG_HEADER, PLANS, Page, Panel, PoolChange, ProblemError, ProblemNote, ROLES, RowLink, RowMenu, STRIPES, SearchInput, Section, Select, Shell, SignOut, SubmitButton, TYPE_NAME, TextInput, Tip, Toasts, Unsaved, WidePage, WindowedTable, about, agentColor, api, blockedIn, bodyOf, changeOrg, clock, copyText, count, counted, createOrg, createQueries, csvReader, curl, deleteOrg, duration, focusFirstInvalid, fromLocalField, groundOf, includesRole, isTime, localMidnight, moment, partsOfToday, percent, saveCsv, saveFile, shortDuration, signInLink, toLocalField, useAgentNames, useBarred, useLive, useLiveStatus, useNow, useOrgs, usePlans, useSay, useServerNow, useSignedIn, useStored, wholeNumberIn, whyWaits };
