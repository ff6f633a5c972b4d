import { type ReactNode, useRef, useState } from "react";
import { Button } from "../../../ui/control/button";
import { copyText } from "../../../ui/control/clipboard-text";
import { INPUT_LOOK } from "../../../ui/form/field";
import { Note } from "../../../ui/message/note";

/** Something that is shown once, to be copied. */
export function NewSecret(props: {
  what: "secret" | "link";
  secret: string;
  /** Whether somebody tried to close it without having copied it. */
  isWarned: boolean;
  /** What is so for somebody who has not copied it. */
  withoutIt?: string;
  onCopied: () => void;
  onClose: () => void;
  /** What to do with it. */
  children: ReactNode;
}) {
  const { what } = props;
  const input = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState<"copied" | "barred" | undefined>();
  const copy = async () => {
    const isCopied = await copyText(props.secret);
    if (isCopied) props.onCopied();
    else input.current?.select();
    setOutcome(isCopied ? "copied" : "barred");
  };
  return (
    <>
      <div className="flex gap-2">
        <input
          ref={input}
          readOnly
          aria-label={`The ${what}`}
          value={props.secret}
          onFocus={(event) => event.target.select()}
          onCopy={props.onCopied}
          className={`${INPUT_LOOK} min-w-0 font-mono text-xs`}
        />
        <Button kind="primary" autoFocus onClick={copy}>
          <span className="min-w-14">{outcome === "copied" ? "Copied" : "Copy"}</span>
        </Button>
      </div>
      <p role="status" className="sr-only">
        {outcome === "copied" ? `Copied the ${what}.` : ""}
      </p>
      {outcome === "barred" && (
        <Note kind="warning" role="alert">
          The browser does not allow this page to copy. The {what} is selected: copy it with the
          keyboard.
        </Note>
      )}
      {props.isWarned && outcome !== "copied" && (
        <Note kind="warning" role="alert">
          You have not copied the secret, and it cannot be shown again. {props.withoutIt}
        </Note>
      )}
      <p className="text-muted">{props.children}</p>
      <div className="flex justify-end">
        <Button onClick={props.onClose}>
          {props.isWarned && outcome !== "copied" ? "Close without copying" : "Done"}
        </Button>
      </div>
    </>
  );
}
