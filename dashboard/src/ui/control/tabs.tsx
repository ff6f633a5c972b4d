import { type KeyboardEvent, type ReactNode, useId } from "react";

interface TabsProps<K extends string> {
  label: string;
  tabs: readonly { key: K; name: ReactNode; panel: ReactNode }[];
  shown: K;
  onShow: (key: K) => void;
  /** What stands beside the tabs. */
  beside?: ReactNode;
}

const LOOK =
  "inline-flex min-h-8 items-center gap-1.5 border-b-2 border-transparent text-base text-muted aria-selected:border-accent aria-selected:font-semibold aria-selected:text-text forced-colors:not-aria-selected:border-[Canvas]";

/** A card of which one tab is shown. One stop for the keyboard; the arrow keys go from tab to tab, Enter shows one. */
export function Tabs<K extends string>({ label, tabs, shown, onShow, beside }: TabsProps<K>) {
  const id = useId();
  return (
    <div className="rounded-lg border border-line bg-surface shadow-card">
      <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
        <div role="tablist" aria-label={label} onKeyDown={moveFocus} className="flex gap-4">
          {tabs.map(({ key, name }) => (
            <button
              key={key}
              type="button"
              role="tab"
              id={`${id}-${key}`}
              aria-selected={key === shown}
              aria-controls={key === shown ? `${id}-panel` : undefined}
              tabIndex={key === shown ? 0 : -1}
              onClick={() => onShow(key)}
              className={LOOK}
            >
              {name}
            </button>
          ))}
        </div>
        {beside}
      </div>
      <div
        key={shown}
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${shown}`}
        tabIndex={-1}
        className="outline-none"
      >
        {tabs.find(({ key }) => key === shown)?.panel}
      </div>
    </div>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")];
  const at = tabs.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  tabs.at(to % tabs.length)?.focus();
}
