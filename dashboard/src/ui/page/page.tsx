import { type ReactNode, useEffect } from "react";

/** A page: its title, what can be done on it, and its sections. */
export function Page(props: { title: string; actions?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${props.title} · Callslot`;
  }, [props.title]);
  return (
    <div className="mx-auto flex w-full max-w-[1440px] flex-col gap-5 p-4 sm:p-6 lg:p-8">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="font-semibold text-xl">{props.title}</h1>
        {props.actions !== undefined && (
          <div className="flex flex-wrap items-end gap-2">{props.actions}</div>
        )}
      </header>
      {props.children}
    </div>
  );
}

/** A part of a page with a heading of its own. */
export function Section(props: {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-label={props.title} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h2 className="font-semibold text-base">{props.title}</h2>
          {props.description !== undefined && <p className="text-muted">{props.description}</p>}
        </div>
        {props.actions !== undefined && (
          <div className="flex flex-wrap items-end gap-2">{props.actions}</div>
        )}
      </div>
      {props.children}
    </section>
  );
}

/** A surface that holds what belongs together. */
export function Card({ children }: { children: ReactNode }) {
  return <div className="rounded-lg border border-line bg-surface p-4 shadow-card">{children}</div>;
}

/** Says what would be here, what it is for, and how to get it. */
export function Empty(props: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-lg border border-line border-dashed px-6 py-10 text-center">
      <p className="font-medium">{props.title}</p>
      <div className="max-w-prose text-muted">{props.children}</div>
      {props.action}
    </div>
  );
}

/** Shown while something loads. */
export function Loading({ what }: { what: string }) {
  return (
    <p role="status" className="py-6 text-center text-muted">
      Loading {what} …
    </p>
  );
}
