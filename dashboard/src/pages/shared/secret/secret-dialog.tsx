import { type ReactNode, useState } from "react";
import { Dialog } from "../../../ui/dialog/dialog";
import { NewSecret } from "./new-secret";

/** Shows a secret this once. One that nobody has is of no use, so closing without it is asked about. A key's, unless it says otherwise. */
export function SecretDialog(props: {
  title: string;
  description: string;
  secret: string;
  onClose: () => void;
  /** What to do with it. */
  use?: ReactNode;
  withoutIt?: string;
  /** What else there is to know. */
  children?: ReactNode;
}) {
  const [isCopied, setCopied] = useState(false);
  const [isWarned, setWarned] = useState(false);
  const close = () => {
    if (isCopied || isWarned) props.onClose();
    else setWarned(true);
  };
  return (
    <Dialog title={props.title} description={props.description} isOpen onClose={close}>
      {props.children}
      <NewSecret
        what="secret"
        secret={props.secret}
        isWarned={isWarned}
        withoutIt={props.withoutIt ?? "Without it, the key is useless."}
        onCopied={() => setCopied(true)}
        onClose={close}
      >
        {props.use ?? (
          <>
            Keep it like a password. Programs read it from <code>CALLSLOT_KEY</code>.
          </>
        )}
      </NewSecret>
    </Dialog>
  );
}
