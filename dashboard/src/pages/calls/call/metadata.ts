// A call's metadata, which is any JSON its client chose, as rows of texts.

interface MetadataRow {
  key: string;
  text: string;
  /** Whether the text is JSON: a list or an object. */
  isJson: boolean;
}

/** The top level as rows; what is nested stays JSON. */
export function metadataRows(metadata: object): MetadataRow[] {
  return Object.entries(metadata).map(([key, value]: [string, unknown]) => {
    if (typeof value === "string") return { key, text: value, isJson: false };
    const isJson = typeof value === "object" && value !== null;
    return { key, text: JSON.stringify(value, null, isJson ? 2 : 0), isJson };
  });
}

const textsMade = new WeakMap<object, string>();

/** What a search in a call's metadata looks through, in small letters: its rows. */
export function metadataText(metadata: object): string {
  const made = textsMade.get(metadata);
  if (made !== undefined) return made;
  const lines = metadataRows(metadata).map(({ key, text }) => `${key}: ${text}`);
  const text = lines.join("\n").toLowerCase();
  textsMade.set(metadata, text);
  return text;
}
