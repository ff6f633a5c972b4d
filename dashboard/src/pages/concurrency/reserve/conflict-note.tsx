import { CALL_TYPES, type PoolAgent, TYPE_NAME } from "../../../domain";
import { count } from "../../../format";
import { Button } from "../../../ui/control/button";
import { Note } from "../../../ui/message/note";
import { areSame, type Slots, sumOf } from "./draft";

/** Says that someone else saved reservations in the meantime, and offers a choice. */
export function ConflictNote(props: {
  agent: PoolAgent;
  /** As they were when the change was begun. */
  begun: Slots;
  theirs: Slots;
  mine: Slots;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}) {
  const { agent, begun, theirs, mine, onKeepMine, onTakeTheirs } = props;
  return (
    <Note kind="warning" role="alert">
      <div className="flex flex-col gap-3">
        <div>
          <p className="font-medium">Someone else changed reservations in the meantime.</p>
          <p>
            {areSame(begun, theirs)
              ? `The reservations of ${agent.name} are unchanged, but the number of slots left may not be.`
              : `They also changed the reservations of ${agent.name}.`}
          </p>
        </div>
        <table className="w-full text-text">
          <thead className="text-muted">
            <tr>
              <th scope="col" className="text-left font-normal">
                Type
              </th>
              <th scope="col" className="w-20 text-right font-normal">
                Theirs
              </th>
              <th scope="col" className="w-20 text-right font-normal">
                Yours
              </th>
            </tr>
          </thead>
          <tbody>
            {CALL_TYPES.map((type) => (
              <Versions key={type} name={TYPE_NAME[type]} theirs={theirs[type]} mine={mine[type]} />
            ))}
            <Versions name="Total" theirs={sumOf(theirs)} mine={sumOf(mine)} />
          </tbody>
        </table>
        <div className="flex flex-wrap gap-2">
          <Button onClick={onKeepMine}>Keep mine</Button>
          <Button onClick={onTakeTheirs}>Take theirs</Button>
        </div>
      </div>
    </Note>
  );
}

function Versions({ name, theirs, mine }: { name: string; theirs: number; mine: number }) {
  const weight = theirs === mine ? "" : "font-semibold";
  return (
    <tr>
      <th scope="row" className="text-left font-normal">
        {name}
      </th>
      <td className={`text-right ${weight}`}>{count(theirs)}</td>
      <td className={`text-right ${weight}`}>{count(mine)}</td>
    </tr>
  );
}
