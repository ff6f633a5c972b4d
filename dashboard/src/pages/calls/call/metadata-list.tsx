import type { Call } from "../../../domain";
import { CopyIcon } from "../../../ui/control/copy-icon";
import { metadataRows } from "./metadata";

/** What the client said about a call when it started it. */
export function Metadata({ metadata }: { metadata: Call["metadata"] }) {
  const rows = metadataRows(metadata);
  return (
    <section aria-label="Metadata" className="flex flex-col gap-2">
      <div className="flex items-center gap-1">
        <h3 className="font-semibold">Metadata</h3>
        {rows.length > 0 && <CopyIcon text={JSON.stringify(metadata, null, 2)} what="metadata" />}
      </div>
      {rows.length === 0 ? (
        <p className="text-muted">
          None. A client can attach any JSON object of up to 4 KiB to a call.
        </p>
      ) : (
        <dl className="flex flex-col gap-1.5">
          {rows.map(({ key, text, isJson }) => (
            <div
              key={key}
              className={isJson ? "" : "grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-3"}
            >
              <dt className="break-words text-muted">{key}</dt>
              <dd className="min-w-0 break-words">
                {isJson ? (
                  <pre className="whitespace-pre-wrap break-words rounded bg-sunken p-2 font-mono text-xs">
                    {text}
                  </pre>
                ) : (
                  text
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
