import { type Call, TYPE_NAME } from "../../../domain";
import { count } from "../../../format";
import type { OwnCard } from "../../../ui/table/table-column";
import { toldByServer } from "../../shared/told-by-server";
import { WhyItWaits } from "../../shared/why-it-waits";
import { why } from "../../shared/why-waits";
import { CallLink } from "./call-link";
import { EndButton, Name, type Place, Since, startWords, type Told } from "./waiting-columns";

/** A waiting call where the table has no room for its columns. */
export function waitingCard(told: Told, onEnd: (call: Call) => void): OwnCard<Place> {
  return { rem: 7, show: (place) => <WaitingFacts place={place} told={told} onEnd={onEnd} /> };
}

function WaitingFacts(props: { place: Place; told: Told; onEnd: (call: Call) => void }) {
  const { told, onEnd } = props;
  const { call, position } = props.place;
  return (
    <div className="flex h-full flex-col justify-center gap-1">
      <div className="flex items-baseline justify-between gap-3">
        <span className="flex min-w-0 gap-2 font-medium">
          <span className="text-muted">{count(position)}</span>
          <Name of={call.agent} names={told.names} />
          <span className="font-normal text-muted">{TYPE_NAME[call.type]}</span>
        </span>
        <span className="whitespace-nowrap">
          <Since at={call.requested_at} />
        </span>
      </div>
      <CallLink id={call.id} />
      <div className="flex items-center justify-between gap-3">
        <span className="min-w-0 truncate text-muted">
          <WhyAndWhen call={call} told={told} />
        </span>
        <EndButton
          label={`End call ${call.id}`}
          text="End"
          barred={told.barred}
          onEnd={() => onEnd(call)}
        />
      </div>
    </div>
  );
}

function WhyAndWhen({ call, told: { pool, gates, head } }: { call: Call; told: Told }) {
  const starts = startWords(call, head);
  return (
    <>
      <WhyItWaits why={why(toldByServer(call, head.get(call.id)), pool, gates)} />
      {starts === undefined ? "" : ` · ${starts}`}
    </>
  );
}
