import { Link } from "wouter";
import { ABOVE_ROW_LINK } from "../../ui/table/row-link";
import { gateHref } from "./gate-address";
import type { Why } from "./why-waits";

/** Why a call waits, with a link to the gate that holds it. */
export function WhyItWaits({ why: { gate, text } }: { why: Why }) {
  if (gate === undefined) return text;
  return (
    <>
      <Link
        href={gateHref(gate.id)}
        className={`${ABOVE_ROW_LINK} inline-block max-w-full truncate align-bottom text-accent underline-offset-2 hover:underline`}
      >
        <bdi>{gate.name}</bdi>
      </Link>{" "}
      {text}
    </>
  );
}
