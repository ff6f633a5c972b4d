import { CopyIcon } from "../control/copy-icon";

/** Lines to copy into a terminal. */
export function CodeSample({ text, what }: { text: string; what: string }) {
  return (
    <div className="flex w-full items-start rounded-md border border-line bg-sunken text-left text-text">
      <section aria-label={what} tabIndex={0} className="min-w-0 flex-1 overflow-x-auto p-3">
        <pre className="font-mono text-xs">{text}</pre>
      </section>
      <div className="shrink-0 p-2">
        <CopyIcon text={text} what={what} />
      </div>
    </div>
  );
}
