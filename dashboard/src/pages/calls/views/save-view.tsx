import { useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../../../ui/control/button";
import { Dialog } from "../../../ui/dialog/dialog";
import { Field, TextInput } from "../../../ui/form/field";
import { SubmitButton } from "../../../ui/form/submit-button";
import { useSay } from "../../../ui/message/toast-provider";
import { type Filters, hrefOf } from "../filters/filters";
import { NAME_LENGTH, type SavedView, whyNot, withView } from "./saved-views";

interface SaveViewProps {
  isOpen: boolean;
  /** With the columns that are shown. */
  filters: Filters;
  views: readonly SavedView[];
  onSave: (views: readonly SavedView[]) => void;
  onClose: () => void;
}

/** Keeps what the page shows now under a name. */
export function SaveView(props: SaveViewProps) {
  return (
    <Dialog
      title="Save this view"
      description="The search, the filters, the order and the columns, in this browser."
      isOpen={props.isOpen}
      onClose={props.onClose}
    >
      <Naming {...props} />
    </Dialog>
  );
}

function Naming({ filters, views, onSave, onClose }: SaveViewProps) {
  const say = useSay();
  const [, navigate] = useLocation();
  const [name, setName] = useState("");
  const [isTold, setTold] = useState(false);
  const refused = whyNot(views, name);
  const isThere = views.some((view) => view.name === name.trim());
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setTold(true);
        if (refused !== undefined) return;
        onSave(withView(views, name, filters));
        // The address now says what the view says, so the view is the one that is shown.
        navigate(hrefOf(filters), { replace: true });
        say(`The view “${name.trim()}” is saved in this browser.`);
        onClose();
      }}
    >
      <Field
        label="Name"
        hint={isThere ? "This replaces the view of this name." : undefined}
        error={isTold ? refused : undefined}
      >
        <TextInput
          // The dialog was opened to type it.
          autoFocus
          value={name}
          maxLength={NAME_LENGTH}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <SubmitButton action="Save view" isBusy={false} />
      </div>
    </form>
  );
}
