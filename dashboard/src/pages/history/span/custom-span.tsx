import { type FormEvent, useState } from "react";
import { useServerNow } from "../../../live/live-provider";
import { Button } from "../../../ui/control/button";
import { Dialog } from "../../../ui/dialog/dialog";
import { Field, TextInput } from "../../../ui/form/field";
import { Note } from "../../../ui/message/note";
import { fromLocalField, toLocalField } from "../../shared/local-time-field";
import { type Span, spanProblem } from "./span";

/** Asks from when to when. */
export function CustomSpan(props: {
  initial: { fromMs: number; toMs: number } | undefined;
  onChoose: (span: Span) => void;
  onClose: () => void;
}) {
  const { initial, onChoose, onClose } = props;
  const serverNow = useServerNow();
  const [from, setFrom] = useState(initial === undefined ? "" : toLocalField(initial.fromMs));
  const [to, setTo] = useState(initial === undefined ? "" : toLocalField(initial.toMs));
  const [problem, setProblem] = useState<string | undefined>(undefined);

  const choose = (event: FormEvent) => {
    event.preventDefault();
    const [fromMs, toMs] = [fromLocalField(from), fromLocalField(to)];
    const wrong = spanProblem(fromMs, toMs, serverNow());
    setProblem(wrong);
    if (wrong === undefined && fromMs !== undefined && toMs !== undefined) {
      onChoose({ fromMs, toMs });
    }
  };
  return (
    <Dialog
      title="Choose a span"
      description="Times are in your time zone. You can also drag across a chart to choose a span."
      isOpen
      onClose={onClose}
    >
      <form onSubmit={choose} noValidate className="flex flex-col gap-3">
        <Field label="From">
          <TextInput
            type="datetime-local"
            value={from}
            onChange={({ target }) => setFrom(target.value)}
          />
        </Field>
        <Field label="To">
          <TextInput
            type="datetime-local"
            value={to}
            onChange={({ target }) => setTo(target.value)}
          />
        </Field>
        {problem !== undefined && (
          <Note kind="danger" role="alert">
            {problem}
          </Note>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit">
            Show
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
