import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { all, heldIn, press, refusal, serve, showTo, type } from "../../app.fixture";
import type { Key } from "../../domain";
import { DevelopersPage } from "./developers-page";

const SECRET = "cs_engine_0f1e2d3c4b5a";

function keyOf(id: string, over: Partial<Key> = {}): Key {
  return {
    id,
    name: `name of ${id}`,
    role: "engine",
    org: "default",
    created_at: "2026-11-24T10:00:00.000Z",
    last_used_at: null,
    expires_at: null,
    old_secret_until: null,
    ...over,
  };
}

function copying(copy: (text: string) => Promise<void>): void {
  vi.stubGlobal("navigator", { clipboard: { writeText: copy } });
}

describe("API keys", () => {
  it("are listed for an admin, the newest first, with when they were used", async () => {
    serve({
      "GET /v1/keys": () =>
        all(
          keyOf("key_a", { last_used_at: "2026-11-24T11:00:00.000Z" }),
          keyOf("key_b", { created_at: "2026-11-24T12:00:00.000Z" }),
        ),
    });
    showTo("admin", <DevelopersPage />);
    await screen.findByText("key_a");
    const rows = screen.getAllByRole("row").slice(1);
    expect(rows.map((row) => row.textContent?.includes("key_b"))).toEqual([true, false]);
    expect(rows[0]?.textContent).toContain("never");
  });

  it.each(["viewer", "engine"] as const)(
    "are not asked for with the role %s, which is told why",
    async (role) => {
      const asked = serve({});
      showTo(role, <DevelopersPage />);
      await screen.findByText(new RegExp(`requires the role admin; your key has the role ${role}`));
      const create = screen.getByRole("button", { name: "Create key" });
      expect(create.getAttribute("aria-disabled")).toBe("true");
      press("Create key");
      expect(screen.queryByRole("dialog")).toBeNull();
      expect(asked).toEqual([]);
    },
  );

  it("of operators are read in no organisation, and revoked in none", async () => {
    const asked = serve({
      "GET /v1/keys": ({ org }) =>
        org === null
          ? all(keyOf("key_op", { role: "operator", org: null }), keyOf("key_a"))
          : all(keyOf("key_a")),
      "DELETE /v1/keys/key_op": () =>
        refusal(409, "key_in_use", "this is the last operator key; make another one first"),
    });
    showTo("operator", <DevelopersPage />);
    await screen.findByText("key_op");
    expect(screen.getAllByText("key_a")).toHaveLength(1);
    press("Revoke name of key_op");
    await screen.findByText("Revoke the key name of key_op?");
    press("Revoke");
    await screen.findByText(/This is the last operator key/);
    const revoked = asked.filter(({ line }) => line.startsWith("DELETE"));
    expect(revoked).toEqual([{ line: "DELETE /v1/keys/key_op", body: undefined, org: null }]);
  });

  it("are revoked after one question that says what stops working", async () => {
    const asked = serve({
      "GET /v1/keys": () => all(keyOf("key_own")),
      "DELETE /v1/keys/key_own": () => undefined,
    });
    showTo("admin", <DevelopersPage />);
    await screen.findByText("key_own");
    press("Revoke name of key_own");
    await screen.findByText(/live calls end with them/);
    screen.getByText(/this browser is signed out too/);
    expect(asked.some(({ line }) => line.startsWith("DELETE"))).toBe(false);
    press("Revoke");
    await screen.findByText("The key name of key_own was revoked.");
  });
});

describe("the end of a key", () => {
  it("is in the table, marked when it is near or past, beside that of an old secret", async () => {
    const inDays = (days: number) =>
      new Date(Date.now() + days * 86_400_000 + 60_000).toISOString();
    serve({
      "GET /v1/keys": () =>
        all(
          keyOf("key_a", { expires_at: inDays(89), old_secret_until: inDays(1) }),
          keyOf("key_b", { expires_at: inDays(6) }),
          keyOf("key_c", { expires_at: "2026-01-01T00:00:00.000Z" }),
          keyOf("key_d"),
        ),
    });
    showTo("admin", <DevelopersPage />);
    await screen.findByText("old secret ends in 1 day");
    expect(screen.getByText("in 89 days").className).not.toContain("warning");
    expect(screen.getByText("in 6 days").className).toContain("warning");
    expect(screen.getByText("expired").className).toContain("danger");
  });
});

describe("a rotated key", () => {
  it("gets a new secret, shown once, with the old one for as long as was chosen", async () => {
    const asked = serve({
      "GET /v1/keys": () => all(keyOf("key_a")),
      "POST /v1/keys/key_a/rotate": () =>
        keyOf("key_a", { secret: SECRET, old_secret_until: "2026-12-05T12:00:00.000Z" }),
    });
    const queries = showTo("admin", <DevelopersPage />);
    await screen.findByText("key_a");
    press("Rotate name of key_a");
    fireEvent.change(await screen.findByLabelText("The old secret works on"), {
      target: { value: "7d" },
    });
    press("Rotate key");
    expect((await screen.findByLabelText<HTMLInputElement>("The secret")).value).toBe(SECRET);
    screen.getByText(/The old secret works until 5 Dec 2026/);
    const rotated = asked.find(({ line }) => line.startsWith("POST"));
    expect(rotated?.body).toEqual({ grace_s: 604_800 });
    expect(heldIn(queries)).not.toContain(SECRET);
  });

  it("that has expired asks for its next end only", async () => {
    const asked = serve({
      "GET /v1/keys": () => all(keyOf("key_a", { expires_at: "2026-01-01T00:00:00.000Z" })),
      "POST /v1/keys/key_a/rotate": () => keyOf("key_a", { secret: SECRET }),
    });
    showTo("admin", <DevelopersPage />);
    await screen.findByText("key_a");
    press("Rotate name of key_a");
    await screen.findByLabelText("The key expires");
    expect(screen.queryByLabelText("The old secret works on")).toBeNull();
    press("Rotate key");
    await screen.findByText(/The old secret has stopped working/);
    const rotated = asked.find(({ line }) => line.startsWith("POST"));
    expect(rotated?.body).toEqual({ grace_s: 86_400, expires_in_s: 7_776_000 });
  });
});

describe("a new key", () => {
  async function make() {
    const asked = serve({
      "GET /v1/keys": () => all(),
      "POST /v1/keys": () => keyOf("key_new", { name: "Frankfurt", secret: SECRET }),
    });
    const queries = showTo("admin", <DevelopersPage />);
    await screen.findByText("No keys yet");
    press("Create key");
    type("Name", " Frankfurt ");
    // The one in the dialog.
    screen.getAllByRole("button", { name: "Create key" }).at(-1)?.click();
    await screen.findByLabelText("The secret");
    return { asked, queries };
  }

  it("shows its secret once; after closing it is nowhere any more", async () => {
    const copied: string[] = [];
    copying(async (text) => void copied.push(text));
    const { asked, queries } = await make();
    expect(asked.find(({ line }) => line === "POST /v1/keys")?.body).toEqual({
      name: "Frankfurt",
      role: "engine",
    });
    expect((screen.getByLabelText("The secret") as HTMLInputElement).value).toBe(SECRET);
    screen.getByText(/You will not see it again/);
    expect(heldIn(queries)).not.toContain(SECRET);
    press("Copy");
    await screen.findByText("Copied the secret.");
    expect(copied).toEqual([SECRET]);
    press("Done");
    await waitFor(() => expect(screen.queryByLabelText("The secret")).toBeNull());
    expect(document.documentElement.outerHTML).not.toContain(SECRET);
    expect(heldIn(queries)).not.toContain(SECRET);
  });

  it("is not closed while it is made: its secret comes only once", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    serve({
      "GET /v1/keys": () => all(),
      "POST /v1/keys": async () => {
        await held;
        return keyOf("key_new", { secret: SECRET });
      },
    });
    showTo("admin", <DevelopersPage />);
    await screen.findByText("No keys yet");
    press("Create key");
    type("Name", "Frankfurt");
    const submit = screen.getAllByRole("button", { name: "Create key" }).at(-1);
    submit?.click();
    await waitFor(() => expect(submit?.textContent).toBe("Creating…"));
    press("Close");
    release();
    expect((await screen.findByLabelText<HTMLInputElement>("The secret")).value).toBe(SECRET);
  });

  it("is not closed by mistake before its secret is copied", async () => {
    await make();
    press("Close");
    await screen.findByText(/You have not copied the secret/);
    press("Close without copying");
    await waitFor(() => expect(screen.queryByLabelText("The secret")).toBeNull());
  });

  it("has its secret selected where the browser lets no page copy", async () => {
    copying(async () => {
      throw new DOMException("not here", "NotAllowedError");
    });
    await make();
    press("Copy");
    await screen.findByText(/copy it with the keyboard/);
    const field = screen.getByLabelText("The secret") as HTMLInputElement;
    expect(field.selectionEnd).toBe(SECRET.length);
  });
});

describe("a sign-in link", () => {
  it("is made for another browser, and kept nowhere after closing", async () => {
    serve({
      "POST /v1/session/codes": () => ({ code: "c0de", expires_at: "2026-11-24T13:00:00.000Z" }),
    });
    const queries = showTo("viewer", <DevelopersPage />);
    press("Create sign-in link");
    const link = (await screen.findByLabelText("The link")) as HTMLInputElement;
    expect(link.value).toBe(`${window.location.origin}/sign-in#c0de`);
    press("Done");
    await waitFor(() => expect(screen.queryByLabelText("The link")).toBeNull());
    expect(heldIn(queries)).not.toContain("c0de");
  });
});
