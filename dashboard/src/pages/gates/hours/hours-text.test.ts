import { describe, expect, it } from "vitest";
import { readHours, writeHours } from "./hours-text";
import { NEVER, openOf, weekOf } from "./week";

describe("hours as a text", () => {
  it.each([
    ["Mon-Fri 08:00-21:00; Sat 10:00-14:00", undefined],
    ["mon – fri 8–21, SAT 10-14", "“mon-fri 8-21, sat 10-14”"],
    ["monday-friday 8-21\nsat 10-14", undefined],
    ["Mon Tue, Wed-Fri 08:00 - 21:00; sat 10-14:00", undefined],
  ])("%j are these or are said to be none", (text, wrong) => {
    const { week, error } = readHours(text);
    if (wrong === undefined) {
      expect(week && writeHours(week)).toBe("Mon-Fri 08:00-21:00; Sat 10:00-14:00");
    } else {
      expect(error).toBeTruthy();
    }
  });

  it.each([
    ["daily 00:00-24:00", "Mon-Sun 00:00-24:00"],
    ["Sat-Mon 10-12", "Mon 10:00-12:00; Sat-Sun 10:00-12:00"],
    ["Mon 14-18, 8-12", "Mon 08:00-12:00, 14:00-18:00"],
    ["never", "never"],
  ])("%j are %j", (text, written) => {
    const { week } = readHours(text);
    expect(week && writeHours(week)).toBe(written);
  });

  it.each([
    ["", /Enter when it is open/],
    ["Mon", /“mon” is not understood/],
    ["Mo-Xy 8-9", /is not understood/],
    ["8-12", /is not understood/],
    ["Mon 25:00-26:00", /“25:00-26:00” is no span/],
    ["Mon 8:75-9", /is no span/],
    ["Mon 22:00-02:00", /ends before it begins/],
    ["Mon 9-9", /ends before it begins/],
    [
      `daily ${Array.from({ length: 9 }, (_, hour) => `${hour}-${hour + 1}`).join(" ")}`,
      /63 spans/,
    ],
  ])("%j are said to be wrong", (text, error) => {
    expect(readHours(text).error).toMatch(error);
  });

  it("are read back as they are written", () => {
    const { week = NEVER } = readHours("Mon,Wed 08:15-12:45; Sun 00:00-24:00");
    expect(readHours(writeHours(week)).week).toEqual(week);
    expect(weekOf({ open: openOf(week) })).toEqual(week);
  });
});
