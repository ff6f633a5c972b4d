import { CodeSample } from "../../../ui/text/code-sample";

/** The call as the API has it, to copy. */
export function RawJson({ call }: { call: object }) {
  return (
    <details className="group">
      <summary className="w-fit cursor-pointer rounded font-semibold">Raw JSON</summary>
      <div className="pt-2">
        <CodeSample text={JSON.stringify(call, null, 2)} what="JSON of the call" />
      </div>
    </details>
  );
}
