import "../requests.fixture";

import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { ProblemError } from "../api/problem";
import { heldIn, press, refusal, serve, sessionOf, show, type } from "../app.fixture";
import { Gate } from "./gate";
import { createQueries, noteRefusal, signedInAs } from "./queries";
import { useSignedIn } from "./session";

const nobody = () => refusal(401, "unauthenticated", "nobody is signed in");

function Inside() {
  const { session, org } = useSignedIn();
  return (
    <p>
      inside as {session.key.name} in {org}
    </p>
  );
}

const gate = (
  <Gate>
    <Inside />
  </Gate>
);

function open(address: string): void {
  window.history.replaceState(null, "", address);
}

describe("the gate", () => {
  it("lets in a signed-in user", async () => {
    serve({ "GET /v1/session": () => sessionOf("viewer") });
    show(gate);
    await screen.findByText("inside as own viewer in default");
  });

  it("asks others for a key, and forgets it", async () => {
    const asked = serve({
      "GET /v1/session": nobody,
      "POST /v1/session": () => sessionOf("admin"),
    });
    const queries = show(gate);
    await screen.findByLabelText("API key");
    type("API key", "  cs_admin_secret ");
    press("Sign in");
    await screen.findByText("inside as own admin in default");
    expect(asked.at(-1)).toMatchObject({
      line: "POST /v1/session",
      body: { key: "cs_admin_secret" },
    });
    expect(heldIn(queries)).not.toContain("cs_admin_secret");
  });

  it.each([
    [401, "this key is unknown or revoked"],
    [429, "too many failed sign-ins from this address; come back in 30 s"],
  ])(
    "shows the server's words for a key that is refused with %i, and asks again",
    async (status, words) => {
      serve({
        "GET /v1/session": nobody,
        "POST /v1/session": () => refusal(status, "no", words),
      });
      show(gate);
      await screen.findByLabelText("API key");
      type("API key", "cs_bad");
      press("Sign in");
      const alert = await screen.findByRole("alert");
      expect(alert.textContent?.toLowerCase()).toContain(words);
      expect(document.activeElement).toBe(screen.getByLabelText("API key"));
    },
  );

  it("takes the code of a one-time link once, and out of the address", async () => {
    open("/sign-in#c0de");
    const asked = serve({
      "GET /v1/session": nobody,
      "POST /v1/session": () => sessionOf("admin"),
    });
    const queries = show(gate);
    await screen.findByText("inside as own admin in default");
    expect(asked.filter(({ line }) => line === "POST /v1/session")).toMatchObject([
      { body: { code: "c0de" } },
    ]);
    expect(window.location.hash).toBe("");
    expect(heldIn(queries)).not.toContain("c0de");
  });

  it("believes a sign-in, whatever an earlier question is answered later", async () => {
    open("/sign-in#c0de");
    let answer: (late: Response) => void = () => undefined;
    serve({
      "GET /v1/session": () =>
        new Promise<Response>((resolve) => {
          answer = resolve;
        }),
      "POST /v1/session": () => sessionOf("admin"),
    });
    const queries = show(gate);
    await screen.findByText("inside as own admin in default");
    answer(nobody());
    await waitFor(() => expect(queries.isFetching()).toBe(0));
    screen.getByText("inside as own admin in default");
  });

  it("shows why a code is refused, and the form", async () => {
    open("/sign-in#spent");
    serve({
      "GET /v1/session": nobody,
      "POST /v1/session": () => refusal(401, "unauthenticated", "this code was used"),
    });
    show(gate);
    await screen.findByText(/This code was used/);
    screen.getByLabelText("API key");
  });

  it("takes another link that is opened where a spent one was", async () => {
    open("/sign-in#spent");
    serve({
      "GET /v1/session": nobody,
      "POST /v1/session": ({ body }) =>
        (body as { code: string }).code === "fresh"
          ? sessionOf("admin")
          : refusal(401, "unauthenticated", "this code was used"),
    });
    show(gate);
    await screen.findByText(/This code was used/);
    open("/sign-in#fresh");
    fireEvent(window, new Event("hashchange"));
    await screen.findByText("inside as own admin in default");
  });

  it("keeps the form, and the key in it, when a key is refused after a spent link", async () => {
    open("/sign-in#spent");
    serve({
      "GET /v1/session": nobody,
      "POST /v1/session": ({ body }) =>
        refusal(401, "unauthenticated", "key" in (body as object) ? "no such key" : "spent"),
    });
    show(gate);
    await screen.findByText(/Spent/);
    const input = screen.getByLabelText<HTMLInputElement>("API key");
    type("API key", "cs_bad");
    press("Sign in");
    await screen.findByText(/No such key/);
    expect(screen.getByLabelText("API key")).toBe(input);
    expect(input.value).toBe("cs_bad");
  });

  it("leaves somebody signed in whose link is spent", async () => {
    open("/sign-in#spent");
    serve({
      "GET /v1/session": () => sessionOf("viewer"),
      "POST /v1/session": () => refusal(401, "unauthenticated", "this code was used"),
    });
    show(gate);
    await screen.findByText(/This code was used/);
    press("Stay signed in as own viewer");
    await screen.findByText("inside as own viewer in default");
  });

  it("says when the server does not respond, and tries again when asked", async () => {
    let isUp = false;
    serve({
      "GET /v1/session": () =>
        isUp ? sessionOf("viewer") : Promise.reject(new TypeError("failed to fetch")),
    });
    show(gate);
    await screen.findByText(/The server does not respond/);
    isUp = true;
    press("Try again");
    await screen.findByText("inside as own viewer in default");
  });
});

describe("a session that ends elsewhere", () => {
  it.each(["a read", "a change", "the event stream"])(
    "brings back the sign-in page when %s is answered 401",
    async (what) => {
      let isOver = false;
      serve({
        "GET /v1/session": () => (isOver ? nobody() : sessionOf("viewer")),
        "GET /v1/agents": nobody,
      });
      const queries = show(gate);
      await screen.findByText(/inside as/);
      queries.setQueryData(["agents"], "read before");
      isOver = true;
      const refused = new ProblemError(401, "unauthenticated", "this session has ended");
      const fail = () => Promise.reject(refused);
      await act(async () => {
        if (what === "a read") {
          await queries.fetchQuery({ queryKey: ["x"], queryFn: fail }).catch(() => undefined);
        } else if (what === "a change") {
          const change = queries.getMutationCache().build(queries, { mutationFn: fail });
          await change.execute(undefined).catch(() => undefined);
        } else {
          noteRefusal(queries, refused);
        }
      });
      await screen.findByLabelText("API key");
      expect(queries.getQueryData(["agents"])).toBeUndefined();
      expect(screen.getByRole("alert").textContent).toMatch(/own viewer has ended: .* revoked/);
    },
  );

  it("is not explained to somebody who signed out, nor to a stranger", async () => {
    serve({ "GET /v1/session": () => sessionOf("viewer") });
    const queries = show(gate);
    await screen.findByText(/inside as/);
    await act(() => signedInAs(queries, null));
    await screen.findByLabelText("API key");
    expect(screen.queryByRole("alert")).toBeNull();
    cleanup();
    serve({ "GET /v1/session": nobody });
    show(gate);
    await screen.findByLabelText("API key");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("is not taken for one that only may not do something", async () => {
    const asked = serve({ "GET /v1/session": () => sessionOf("viewer") });
    const queries = show(gate);
    await screen.findByText(/inside as/);
    const before = asked.length;
    noteRefusal(queries, new ProblemError(403, "forbidden", "this needs admin"));
    expect(queries.isFetching()).toBe(0);
    expect(asked).toHaveLength(before);
  });

  it("leaves everything in place when the server says that it goes on", async () => {
    serve({ "GET /v1/session": () => sessionOf("viewer") });
    const queries = createQueries();
    show(gate, queries);
    await screen.findByText(/inside as/);
    queries.setQueryData(["agents"], "read before");
    noteRefusal(queries, new ProblemError(401, "unauthenticated", "a stray answer"));
    await waitFor(() => expect(queries.isFetching()).toBe(0));
    screen.getByText(/inside as/);
    expect(queries.getQueryData(["agents"])).toBe("read before");
  });

  it("drops what another key had read when another tab signed in", async () => {
    let who = sessionOf("viewer");
    serve({ "GET /v1/session": () => who });
    const queries = show(gate);
    await screen.findByText(/inside as own viewer/);
    queries.setQueryData(["agents"], "read before");
    who = { ...sessionOf("admin"), key: { id: "key_other", name: "other" } };
    await act(() => queries.refetchQueries({ queryKey: ["session"] }));
    await screen.findByText(/inside as other/);
    expect(queries.getQueryData(["agents"])).toBeUndefined();
  });
});

describe("the organisation that an operator looks at", () => {
  const orgs = { "GET /v1/orgs": () => ({ items: [{ id: "acme" }], next: "more" }) };

  it("is the one chosen the last time, wherever it stands in the list", async () => {
    localStorage.setItem("callslot.org", "zeta");
    serve({
      ...orgs,
      "GET /v1/session": () => sessionOf("operator"),
      "GET /v1/orgs/zeta": () => ({ id: "zeta" }),
    });
    show(gate);
    await screen.findByText("inside as own operator in zeta");
  });

  it("is the first when the chosen one is gone", async () => {
    localStorage.setItem("callslot.org", "gone");
    serve({ ...orgs, "GET /v1/session": () => sessionOf("operator") });
    show(gate);
    await screen.findByText("inside as own operator in acme");
  });
});
