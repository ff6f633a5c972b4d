import { useRef } from "react";
import { type Call, TYPE_NAME } from "../../../domain";
import { count } from "../../../format";
import { usePageWindow } from "../../../ui/page-window";
import { remToPx } from "../../../ui/row-height";
import { CallLink } from "./call-link";
import { EndButton, Name, type Place, Since, type Told } from "./waiting-columns";
import { about, whyWaits } from "./why-waits";

const CARD_REM = 7;

/** The waiting calls where a table has no room. */
export function WaitingCards(props: {
  label: string;
  places: readonly Place[];
  told: Told;
  onEnd: (call: Call) => void;
}) {
  const { places, told, onEnd } = props;
  const list = useRef<HTMLOListElement>(null);
  const cardPx = remToPx(CARD_REM);
  const { first, end } = usePageWindow(list, places.length, cardPx);
  return (
    <ol
      ref={list}
      aria-label={props.label}
      style={{ paddingTop: first * cardPx, paddingBottom: (places.length - end) * cardPx }}
    >
      {places.slice(first, end).map(({ call, position }) => (
        <li
          key={call.id}
          aria-posinset={position}
          aria-setsize={places.length}
          className="relative flex flex-col justify-center gap-1 border-line border-t px-4"
          style={{ height: `${CARD_REM}rem` }}
        >
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
            <span className="min-w-0 truncate text-muted">{whyAndWhen(call, told)}</span>
            <EndButton
              label={`End call ${call.id}`}
              text="End"
              barred={told.barred}
              onEnd={() => onEnd(call)}
            />
          </div>
        </li>
      ))}
    </ol>
  );
}

function whyAndWhen(call: Call, { pool, estimates }: Told): string {
  const why = whyWaits(call, pool);
  const inMs = estimates.get(call.id);
  return inMs === undefined ? why : `${why} · ${about(inMs)}`;
}
