// What the command palette finds. Pure.

import { includesRole, type Role } from "../domain";
import type { PickerChoice } from "../ui/dialog/picker";
import { PAGES } from "./pages";

interface Known {
  agents: readonly { id: string; name: string }[];
  role: Role;
  goTo: (address: string) => void;
}

const MOST_SHOWN = 50;
/** What the id of a call may look like, and what few names have. */
const CALL_ID = /^[!-~]{1,255}$/;
const LIKE_AN_ID = /[\d_.:-]/;

/** Pages and agents with the text in their names or ids, the ones that begin with it first, then actions, and a call of such an id. */
export function paletteChoices(text: string, { agents, role, goTo }: Known): PickerChoice[] {
  const pages = PAGES.filter(({ least }) => least === undefined || includesRole(role, least)).map(
    ({ to, name }): PickerChoice => ({ key: to, name, hint: "Page", onPick: () => goTo(to) }),
  );
  const ofAgents = agents.map(
    ({ id, name }): PickerChoice => ({
      key: `agent ${id}`,
      name,
      hint: id === name ? "Calls of the agent" : `Calls of the agent ${id}`,
      onPick: () => goTo(`/calls?agent=${encodeURIComponent(id)}`),
    }),
  );
  const all = [...pages, ...ofAgents];
  if (text === "") return all.slice(0, MOST_SHOWN);
  const actions = actionsOf({ agents, role, goTo }).filter(({ name }) => isMeant(text, name));
  const found = [...ranked(all, text), ...actions].slice(0, MOST_SHOWN);
  if (!CALL_ID.test(text) || (found.length > 0 && !LIKE_AN_ID.test(text))) return found;
  const call: PickerChoice = {
    key: "call",
    name: text,
    hint: "Open the call of this id",
    onPick: () => goTo(`/calls?call=${encodeURIComponent(text)}`),
  };
  return [...found, call];
}

/** What can be done at once; each has an address. */
function actionsOf({ agents, role, goTo }: Known): PickerChoice[] {
  const action = (name: string, address: string): PickerChoice => ({
    key: `action ${address}`,
    name,
    hint: "Action",
    onPick: () => goTo(address),
  });
  const look = [
    action("See who waits", "/concurrency?tab=waiting"),
    action("See who is at a cap", "/concurrency?show=at-cap"),
  ];
  if (!includesRole(role, "admin")) return look;
  return [
    ...look,
    action("Reserve slots", "/concurrency?edit="),
    ...agents.map(({ id, name }) =>
      action(`Reserve slots for ${name}`, `/concurrency?edit=${encodeURIComponent(id)}`),
    ),
  ];
}

/** Whether the words of a text begin words of an action, the first of them its first: "res sup" is "Reserve slots for Support". */
function isMeant(text: string, action: string): boolean {
  const words = action.toLowerCase().split(" ");
  return text
    .toLowerCase()
    .split(" ")
    .every((wanted, at) =>
      (at === 0 ? words.slice(0, 1) : words).some((it) => it.startsWith(wanted)),
    );
}

function ranked(choices: readonly PickerChoice[], text: string): PickerChoice[] {
  const wanted = text.toLowerCase();
  const rank = ({ key, name }: PickerChoice) => {
    const [shown, id] = [name.toLowerCase(), key.toLowerCase()];
    if (shown.startsWith(wanted)) return 0;
    if (shown.includes(wanted)) return 1;
    return id.includes(wanted) ? 2 : 3;
  };
  const known = choices.map((choice) => ({ choice, rank: rank(choice) }));
  return known
    .filter((it) => it.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ choice }) => choice);
}
