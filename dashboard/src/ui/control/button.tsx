import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { Tip } from "./tip";

type Kind = "primary" | "plain" | "quiet" | "danger";

const LOOK: Record<Kind, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover border-transparent",
  plain: "bg-surface text-text border-line hover:bg-sunken shadow-card",
  quiet: "bg-transparent text-text border-transparent hover:bg-sunken",
  danger: "bg-surface text-danger border-line hover:bg-danger-soft shadow-card",
};

interface ButtonProps extends Omit<ComponentProps<"button">, "className"> {
  kind?: Kind;
  /** Why it cannot be used now: it stays reachable by keyboard and tells this. */
  disabledBecause?: string | undefined;
  /** Whether it keeps the focus while it is disabled. */
  focusableWhenDisabled?: boolean;
  children: ReactNode;
}

/** A button. One that cannot be used says why. */
export function Button(props: ButtonProps) {
  const { kind = "plain", disabledBecause, focusableWhenDisabled = false, ...rest } = props;
  const isBarred = disabledBecause !== undefined;
  const doesNothing = isBarred || (rest.disabled === true && focusableWhenDisabled);
  const button = (
    <button
      type="button"
      {...rest}
      {...(doesNothing && { disabled: false, "aria-disabled": true, onClick: refuse })}
      className={`inline-flex min-h-8 pointer-coarse:min-h-10 items-center justify-center gap-1.5 rounded-md border px-3 py-1 font-medium whitespace-nowrap transition-colors disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-60 ${LOOK[kind]}`}
    />
  );
  return isBarred ? <Tip text={disabledBecause}>{button}</Tip> : button;
}

/** A button of a form sends nothing while it is disabled. */
function refuse(event: MouseEvent): void {
  event.preventDefault();
}
