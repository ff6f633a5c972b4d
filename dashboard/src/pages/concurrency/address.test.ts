import { expect, test } from "vitest";
import { type Address, hrefOf, readAddress } from "./address";

const PLAIN: Address = {
  tab: "agents",
  view: { show: "all", search: "", agent: undefined, sort: undefined },
  reserveFor: undefined,
};

test("a plain address shows all agents, and is as short as can be", () => {
  expect(readAddress("")).toEqual(PLAIN);
  expect(hrefOf(PLAIN)).toBe("/concurrency");
});

test("what is shown is in the address, and comes back from it", () => {
  const address: Address = {
    tab: "waiting",
    view: {
      show: "at-cap",
      search: "a & b",
      agent: "sales",
      sort: { key: "chat", isDescending: true },
    },
    reserveFor: { agent: "support" },
  };
  const href = hrefOf(address);
  expect(href).toBe(
    "/concurrency?tab=waiting&show=at-cap&q=a+%26+b&agent=sales&sort=-chat&edit=support",
  );
  expect(readAddress(href.split("?")[1] ?? "")).toEqual(address);
});

test("the panel can be open for the choice of an agent", () => {
  const href = hrefOf({ ...PLAIN, reserveFor: "choose" });
  expect(href).toBe("/concurrency?edit=");
  expect(readAddress("edit=").reserveFor).toBe("choose");
});

test("what cannot be is passed over", () => {
  expect(readAddress("tab=x&show=constructor&sort=-nothing&agent=%20")).toEqual(PLAIN);
});
