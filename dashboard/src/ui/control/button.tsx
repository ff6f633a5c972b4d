import { Button as BaseButton } from "@base-ui/react/button";
import type { ComponentProps, ReactNode } from "react";
import { Tip } from "./tip";

type Kind = "primary" | "plain" | "quiet" | "danger";

const LOOK: Record<Kind, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover border-transparent",
  plain: "bg-surface text-text border-line hover:bg-sunken shadow-card",
  quiet: "bg-transparent text-text border-transparent hover:bg-sunken",
  danger: "bg-surface text-danger border-line hover:bg-danger-soft shadow-card",
};

interface ButtonProps extends Omit<ComponentProps<typeof BaseButton>, "className"> {
  kind?: Kind;
  /** Why it cannot be used now: it stays reachable by keyboard and tells this. */
  disabledBecause?: string | undefined;
  children: ReactNode;
}

/** A button. One that cannot be used says why. */
export function Button({ kind = "plain", disabledBecause, onClick, ...rest }: ButtonProps) {
  const isDisabled = disabledBecause !== undefined;
  const button = (
    <BaseButton
      type="button"
      {...rest}
      {...(isDisabled
        ? { "aria-disabled": true, onClick: (event) => event.preventDefault() }
        : { onClick })}
      className={`inline-flex min-h-8 pointer-coarse:min-h-10 items-center justify-center gap-1.5 rounded-md border px-3 py-1 font-medium whitespace-nowrap transition-colors disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-60 ${LOOK[kind]}`}
    />
  );
  return isDisabled ? <Tip text={disabledBecause}>{button}</Tip> : button;
}
