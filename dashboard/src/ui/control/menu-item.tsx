import { createContext, type ReactNode, useContext } from "react";

const LOOK =
  "flex w-full cursor-default items-center gap-2 rounded px-2 py-1.5 pointer-coarse:min-h-10 text-left outline-none focus:bg-sunken aria-disabled:opacity-60 forced-colors:focus:outline-2";

/** Closes the menu around and gives the focus back to its button. */
export const CloseMenu = createContext<() => void>(() => undefined);

interface MenuItemProps {
  onSelect: () => void;
  isDangerous?: boolean;
  isDisabled?: boolean;
  /** Whether it is where one is. */
  isCurrent?: boolean;
  /** For one that is chosen or not: which. */
  isChecked?: boolean;
  /** Whether it is one of several to choose from, or is checked by itself. */
  kind?: "menuitem" | "menuitemradio" | "menuitemcheckbox";
  /** Whether the menu stays open after it. */
  staysOpen?: boolean;
  children: ReactNode;
}

/** One thing that can be chosen in a menu. */
export function MenuItem(props: MenuItemProps) {
  const close = useContext(CloseMenu);
  const { kind = "menuitem", isChecked, isDisabled = false } = props;
  const select = () => {
    if (isDisabled) return;
    if (!props.staysOpen) close();
    props.onSelect();
  };
  return (
    <button
      type="button"
      {...{ role: kind, "aria-checked": isChecked }}
      tabIndex={-1}
      aria-disabled={isDisabled || undefined}
      aria-current={props.isCurrent ? "true" : undefined}
      onPointerMove={({ currentTarget }) => currentTarget.focus({ preventScroll: true })}
      onClick={select}
      className={`${LOOK} ${props.isDangerous ? "text-danger" : ""}`}
    >
      {isChecked !== undefined && (
        <span aria-hidden="true" className="w-4 shrink-0">
          {isChecked && "✓"}
        </span>
      )}
      {props.children}
    </button>
  );
}

export function MenuLine() {
  return <hr className="my-1 border-line border-t" />;
}
