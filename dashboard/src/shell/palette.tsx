import { useCallback } from "react";
import { useLocation } from "wouter";
import { useSignedIn } from "../auth/session";
import { useLive } from "../live/live-provider";
import { Picker } from "../ui/dialog/picker";
import { paletteChoices } from "./palette-choices";

const NO_AGENTS: readonly { id: string; name: string }[] = [];

/** Goes anywhere by name: a page, the calls of an agent, an action, a call. */
export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { role } = useSignedIn().session;
  const [, goTo] = useLocation();
  const agents = useLive((live) => live.pool.agents) ?? NO_AGENTS;
  const find = useCallback(
    (text: string) => paletteChoices(text, { agents, role, goTo }),
    [agents, role, goTo],
  );
  return (
    <Picker
      title="Go to"
      label="A page, an agent, an action, or the id of a call"
      nothing="Nothing has such a name."
      find={find}
      isOpen={isOpen}
      onClose={onClose}
    />
  );
}
