import { type ReactNode, useState } from "react";
import { Dialog } from "../../ui/dialog/dialog";
import { NewSecret } from "./new-secret";

/** Shows a key's secret this once. A secret that nobody has is a key that nobody can use, so closing without it is asked about. */
export function SecretDialog(props: {
  title: string;
  description: string;
  secret: string;
  onClose: () => void;
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
        onCopied={() => setCopied(true)}
        onClose={close}
      >
        Keep it like a password. Programs read it from <code>CALLSLOT_KEY</code>.
      </NewSecret>
    </Dialog>
  );
}
