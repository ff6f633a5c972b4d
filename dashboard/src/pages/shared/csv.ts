// Tables that the server writes as CSV, read and saved as files.

import { orgHeaders } from "../../api/client";
import { ProblemError } from "../../api/problem";

/** Asks for CSV in the organisation that is selected now, even if another one is selected before the reading ends. */
export function csvReader(): (address: string) => Promise<Response> {
  const headers = { accept: "text/csv", ...orgHeaders() };
  return async (address) => {
    const response = await fetch(address, { headers }).catch(() => {
      throw ProblemError.unreachable();
    });
    if (response.ok) return response;
    throw ProblemError.of(response, await response.json().catch(() => undefined));
  };
}

/** Saves CSV as a file. */
export function saveCsv(text: string, name: string): void {
  saveFile(new Blob([text], { type: "text/csv;charset=utf-8" }), name);
}

/** Saves a file. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
