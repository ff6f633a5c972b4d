import { Menu as BaseMenu } from "@base-ui/react/menu";

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
