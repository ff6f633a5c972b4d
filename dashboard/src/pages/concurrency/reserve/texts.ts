// A draft as it is typed: a text for each type, each right or wrong on its own. Pure.

import { CALL_TYPES, type CallType, type Pool, type PoolAgent } from "../../../domain";
import { misfit, type Slots } from "./draft";
import { slotsIn } from "./slots-text";

export type Texts = Readonly<Record<CallType, string>>;

export function textsOf({ webcall, chat, outbound, inbound }: Slots): Texts {
  return {
    webcall: String(webcall),
    chat: String(chat),
    outbound: String(outbound),
    inbound: String(inbound),
  };
}

export function areSameTexts(a: Texts, b: Texts): boolean {
  return CALL_TYPES.every((type) => a[type].trim() === b[type].trim());
}

/** The slots that were typed; where a text is wrong, what was before. */
export function slotsTyped(texts: Texts, before: Slots): Slots {
  const of = (type: CallType) => slotsIn(texts[type]).slots ?? before[type];
  return {
    webcall: of("webcall"),
    chat: of("chat"),
    outbound: of("outbound"),
    inbound: of("inbound"),
  };
}

export type Faults = Partial<Record<CallType, string>>;

/** What is wrong, by the field that caused it: what does not fit is the fault of the number changed last. */
export function faultsOf(
  pool: Pool,
  agent: PoolAgent,
  texts: Texts,
  before: Slots,
  last: CallType | undefined,
): Faults {
  const faults: Faults = {};
  for (const type of CALL_TYPES) {
    const { wrong } = slotsIn(texts[type]);
    if (wrong !== undefined) faults[type] = wrong;
  }
  const slots = slotsTyped(texts, before);
  const cause = causeOf(slots, before, last);
  const wrong = misfit(pool, agent, slots, cause);
  return wrong === undefined ? faults : { [cause]: wrong, ...faults };
}

/** The number that was changed last, or else the one that grew most. */
function causeOf(slots: Slots, before: Slots, last: CallType | undefined): CallType {
  if (last !== undefined && slots[last] > 0) return last;
  const growth = (type: CallType) => slots[type] - before[type];
  return CALL_TYPES.reduce((most, type) => (growth(type) > growth(most) ? type : most));
}
