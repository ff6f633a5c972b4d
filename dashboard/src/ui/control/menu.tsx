import { type ComponentProps, type ReactNode, useCallback, useId, useRef, useState } from "react";
import { Button } from "./button";
import { CloseMenu, MenuItem } from "./menu-item";
import { MenuPopup } from "./menu-popup";
import type { Placing } from "./place";

const BELOW: Placing = { side: "below", align: "end", gapPx: 4 };

/** What the button of a menu needs to be that. */
export type MenuButtonProps = Pick<
  ComponentProps<"button">,
  "ref" | "id" | "aria-haspopup" | "aria-expanded" | "aria-controls" | "onClick" | "onKeyDown"
>;

interface MenuProps {
  button: (props: MenuButtonProps) => ReactNode;
  placing?: Placing;
  width?: string;
  children: ReactNode;
}

/** A button that opens a list of things to choose from. */
export function Menu({ button, placing = BELOW, width = "min-w-44", children }: MenuProps) {
  const id = useId();
  const [first, setFirst] = useState<"first" | "last" | "none">();
  const anchor = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const isOpen = first !== undefined;
  const close = useCallback((focus: "back" | "elsewhere") => {
    if (focus === "back") anchor.current?.focus();
    setFirst(undefined);
  }, []);
  const chosen = useCallback(() => close("back"), [close]);
  return (
    <>
      {button({
        ref: anchor,
        id: `${id}-button`,
        "aria-haspopup": "menu",
        "aria-expanded": isOpen,
        "aria-controls": isOpen ? id : undefined,
        // A press of a key has no clicks to count.
        onClick: ({ detail }) =>
          isOpen ? close("back") : setFirst(detail === 0 ? "first" : "none"),
        onKeyDown: (event) => {
          const opens = ({ ArrowDown: "first", ArrowUp: "last" } as const)[event.key];
          if (opens === undefined) return;
          event.preventDefault();
          setFirst(opens);
        },
      })}
      {isOpen && (
        <MenuPopup {...{ id, anchor, popup, placing, first, width, close }}>
          <CloseMenu value={chosen}>{children}</CloseMenu>
        </MenuPopup>
      )}
    </>
  );
}

interface MenuAction {
  label: string;
  onSelect: () => void;
  isDangerous?: boolean;
  disabledBecause?: string | undefined;
}

/** The "⋯" of a row, with what can be done to it. */
export function RowMenu({ label, actions }: { label: string; actions: readonly MenuAction[] }) {
  return (
    <Menu
      button={(menu) => (
        <button
          {...menu}
          type="button"
          aria-label={label}
          className="grid size-8 pointer-coarse:size-10 place-items-center rounded-md text-muted hover:bg-sunken"
        >
          ⋯
        </button>
      )}
    >
      {actions.map((action) => (
        <MenuItem
          key={action.label}
          onSelect={action.onSelect}
          isDangerous={action.isDangerous ?? false}
          isDisabled={action.disabledBecause !== undefined}
        >
          <span className="flex flex-col">
            {action.label}
            {action.disabledBecause !== undefined && (
              <span className="text-muted text-xs">{action.disabledBecause}</span>
            )}
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}

/** A button with a menu of choices below it. */
export function MenuBelow({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <Menu
      width="min-w-44 max-w-80"
      button={(menu) => (
        <Button {...menu}>
          {label} <span aria-hidden="true">▾</span>
        </Button>
      )}
    >
      {children}
    </Menu>
  );
}
