import { ProblemError } from "../../api/problem";
import { Note } from "./note";

/** What went wrong, in the server's words, with the number to ask about. Nothing when nothing did. */
export function ProblemNote({ error }: { error: Error | null | undefined }) {
  if (error === null || error === undefined) return null;
  const requestId = error instanceof ProblemError ? error.requestId : undefined;
  return (
    <Note kind="danger" role="alert">
      {sentence(error.message)}
      {requestId !== undefined && (
        <span className="block font-mono text-xs">request {requestId}</span>
      )}
    </Note>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
