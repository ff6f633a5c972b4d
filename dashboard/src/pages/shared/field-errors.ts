// What is wrong with an id, a name or a cap as it is typed. Pure.

import { ID_PATTERN, MOST_CALLS } from "../../domain";
import { count } from "../../format";
import { wholeNumberIn } from "../../ui/form/number-text";

const NAME_LENGTH = 200;

/** An id for something of a name: "Après-vente 2" is "apres-vente-2". Empty where nothing of the name can be in an id. */
export function suggestedId(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const id = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+/, "");
  return id.slice(0, 64).replace(/-+$/, "");
}

export function idError(id: string): string | undefined {
  if (id === "") return "Enter an id.";
  return ID_PATTERN.test(id)
    ? undefined
    : "Only 1 to 64 letters A to Z, digits and - _ . : are allowed, no spaces.";
}

export function nameError(name: string): string | undefined {
  if (name.trim() === "") return "Enter a name.";
  // As the server counts them.
  const length = [...name].length;
  if (length > NAME_LENGTH) return `It has ${length} characters; the maximum is ${NAME_LENGTH}.`;
  if (/\p{Cc}/u.test(name)) return "Control characters are not allowed.";
  return undefined;
}

export function capError(cap: string): string | undefined {
  if (cap.trim() === "") return undefined;
  const number = wholeNumberIn(cap);
  if (number === undefined) return "Enter a whole number, or leave it empty for no cap.";
  return number > MOST_CALLS ? `The maximum is ${count(MOST_CALLS)}.` : undefined;
}
