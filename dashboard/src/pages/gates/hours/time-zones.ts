// Time zones as the browser knows them. Pure, but for the browser's own list.

/** The names of the time zones, for a search. */
export function timeZones(): readonly string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone")];
}

export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name !== "";
  } catch {
    return false;
  }
}

/** "Mon 08:00" there; in the reader's own zone where the browser does not know that one. */
export function dayAndTime(ms: number, timeZone: string): string {
  const of = { weekday: "short", hour: "2-digit", minute: "2-digit" } as const;
  const format = isTimeZone(timeZone) ? { ...of, timeZone } : of;
  return new Date(ms).toLocaleString("en-GB", format).replace(",", "");
}

/** "New York" */
export function placeOf(timeZone: string): string {
  return (timeZone.split("/").at(-1) ?? timeZone).replaceAll("_", " ");
}
