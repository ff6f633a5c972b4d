import { Tooltip } from "@base-ui/react/tooltip";
import type { ReactElement } from "react";

/** A few words about something, on hover and focus. They never hold what is said nowhere else but the reason of a refusal. */
export function Tip({ text, children }: { text: string; children: ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} aria-description={text} delay={150} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6}>
          <Tooltip.Popup className="z-50 max-w-72 rounded-md border border-line bg-raised px-2.5 py-1.5 text-text shadow-overlay">
            {text}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
