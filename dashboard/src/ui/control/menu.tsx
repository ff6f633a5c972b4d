import { Menu as BaseMenu } from "@base-ui/react/menu";
import type { ReactNode } from "react";
import { Button } from "./button";

interface MenuAction {
  label: string;
  onSelect: () => void;
  isDangerous?: boolean;
  disabledBecause?: string | undefined;
}

/** The "⋯" of a row, with what can be done to it. */
export function RowMenu({ label, actions }: { label: string; actions: readonly MenuAction[] }) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger
        aria-label={label}
        className="grid size-8 pointer-coarse:size-10 place-items-center rounded-md text-muted hover:bg-sunken"
      >
        ⋯
      </BaseMenu.Trigger>
      {/* Inside the page, so that people who navigate by landmarks find it. */}
      <BaseMenu.Portal container={document.getElementById("content") ?? document.body}>
        <BaseMenu.Positioner align="end" sideOffset={4} className="z-30">
          <BaseMenu.Popup className="min-w-44 rounded-md border border-line bg-raised p-1 shadow-overlay">
            {actions.map((action) => (
              <MenuItem key={action.label} action={action} />
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

function MenuItem({ action }: { action: MenuAction }) {
  return (
    <BaseMenu.Item
      disabled={action.disabledBecause !== undefined}
      onClick={action.onSelect}
      className={`flex cursor-default flex-col rounded px-2 py-1.5 pointer-coarse:min-h-10 pointer-coarse:justify-center outline-none data-highlighted:bg-sunken data-disabled:opacity-60 ${action.isDangerous ? "text-danger" : ""}`}
    >
      {action.label}
      {action.disabledBecause !== undefined && (
        <span className="text-muted text-xs">{action.disabledBecause}</span>
      )}
    </BaseMenu.Item>
  );
}

/** How what can be chosen in a menu looks. */
export const MENU_ITEM =
  "flex cursor-default items-center gap-2 rounded px-2 py-1.5 pointer-coarse:min-h-10 outline-none data-highlighted:bg-sunken data-disabled:opacity-60";

/** A button with a menu of choices below it. */
export function MenuBelow({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger
        render={
          <Button>
            {label} <span aria-hidden="true">▾</span>
          </Button>
        }
      />
      <BaseMenu.Portal container={document.getElementById("content") ?? document.body}>
        <BaseMenu.Positioner align="end" sideOffset={4} className="z-30">
          <BaseMenu.Popup className="max-h-(--available-height) min-w-44 max-w-80 overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-overlay">
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}
