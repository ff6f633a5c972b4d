import { createContext, useContext } from "react";
import { type CallType, type ClassUse, type PoolAgent, TYPE_NAME } from "../../../domain";
import { duration } from "../../../format";
import { useNow } from "../../../live/live-provider";
import { Tip } from "../../../ui/control/tip";
import { groundOf } from "../pool-bar/agent-color-classes";
import type { AgentColor } from "../pool-bar/agent-colors";
import { type CellEdits, Cells } from "./cell-edit";
import { CellEditor } from "./cell-editor";
import { type BarPart, barParts, classWords, usedText, waitingText } from "./class-words";
import { classKey, type OldestWaits } from "./oldest-waits";

/** What cells say of waits; apart from their columns, so that a queue that moves draws no other cell again. */
export const Waits = createContext<OldestWaits>(new Map());

interface TypeCellProps {
  agent: PoolAgent;
  type: CallType;
  color: AgentColor | undefined;
}

/** What an agent's calls of a type use: "2/3 +1" over a thin bar, blank when there is nothing. */
export function TypeCell(props: TypeCellProps) {
  const use = props.agent.types[props.type];
  return use.queued > 0 ? (
    <WaitingCell {...props} />
  ) : (
    <Numbers {...props} words={classWords(use)} />
  );
}

function WaitingCell(props: TypeCellProps) {
  const { agent, type } = props;
  const nowMs = useNow(1000);
  const oldest = useContext(Waits).get(classKey(agent.id, type));
  const wait = oldest === undefined ? undefined : duration(nowMs - Date.parse(oldest));
  return <Numbers {...props} words={classWords(agent.types[type], wait)} />;
}

function Numbers({ agent, type, color, words }: TypeCellProps & { words: string }) {
  const cells = useContext(Cells);
  const use = agent.types[type];
  if (cells?.edit?.agent === agent.id && cells.edit.type === type) {
    return <CellEditor name={agent.name} />;
  }
  const barred = cells?.barred;
  const numbers = [usedText(use), waitingText(use)].filter(Boolean).join(" ");
  return (
    <Tip text={`${TYPE_NAME[type]}: ${words}${barred === undefined ? "" : `. ${barred}`}`}>
      <button
        ref={(button) => takeFocus(button, cells, classKey(agent.id, type))}
        type="button"
        aria-label={`${agent.name}, ${TYPE_NAME[type]} ${numbers === "" ? "nothing" : numbers}`}
        aria-disabled={barred === undefined ? undefined : true}
        onClick={() => barred === undefined && cells?.begin(agent, type)}
        className="relative z-1 -mx-1 flex h-10 w-[calc(100%+0.5rem)] flex-col items-stretch justify-center rounded px-1 [text-align:inherit] hover:inset-ring hover:inset-ring-line-strong aria-disabled:cursor-default aria-disabled:hover:inset-ring-0"
      >
        <ClassNumbers use={use} color={color} />
      </button>
    </Tip>
  );
}

/** The keyboard goes on where a number was edited. */
function takeFocus(button: HTMLElement | null, cells: CellEdits | undefined, key: string): void {
  if (button === null || cells?.returnTo.current !== key) return;
  cells.returnTo.current = undefined;
  button.focus();
}

/** The numbers of a type and their bar. */
export function ClassNumbers({ use, color }: { use: ClassUse; color?: AgentColor | undefined }) {
  const [inUse, waiting] = [usedText(use), waitingText(use)];
  return (
    <>
      <span className="block h-[1lh] truncate">
        <span className={use.active === 0 ? "text-muted" : ""}>{inUse}</span>
        {waiting !== "" && (
          <span className="font-medium text-warning">{`${inUse === "" ? "" : " "}${waiting}`}</span>
        )}
      </span>
      <ClassBar use={use} color={color} />
    </>
  );
}

function ClassBar({ use, color }: { use: ClassUse; color: AgentColor | undefined }) {
  const parts = barParts(use);
  if (parts.length === 0) return null;
  return (
    <span aria-hidden="true" className="mt-0.5 flex h-1 gap-px forced-color-adjust-none">
      {parts.map(({ kind, share }) => (
        <span
          key={kind}
          className={`min-w-px basis-0 rounded-xs ${partLook(kind, color)}`}
          style={{ flexGrow: share }}
        />
      ))}
    </span>
  );
}

function partLook(kind: BarPart, color: AgentColor | undefined): string {
  switch (kind) {
    case "used":
      return groundOf(color).solid;
    case "idle":
      return "bg-line forced-colors:border forced-colors:border-[CanvasText] forced-colors:bg-[Canvas]";
    case "borrowed":
      return "bg-shared";
    case "waiting":
      return "bg-warning";
  }
}
