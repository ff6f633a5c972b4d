import { type ReactNode, useEffect } from "react";

/** A page that uses wide screens, with a count in front of its name in the browser's tab while there is one. */
export function WidePage(props: {
  title: string;
  tabCount?: number | undefined;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { title, tabCount = 0 } = props;
  useEffect(() => {
    document.title = `${tabCount > 0 ? `(${tabCount}) ` : ""}${title} · Callslot`;
  }, [title, tabCount]);
  return (
    <div className="mx-auto flex w-full max-w-[1440px] flex-col gap-4 p-4 sm:p-6">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="font-semibold text-xl">{title}</h1>
        {props.actions !== undefined && (
          <div className="flex flex-wrap items-end gap-2">{props.actions}</div>
        )}
      </header>
      {props.children}
    </div>
  );
}
