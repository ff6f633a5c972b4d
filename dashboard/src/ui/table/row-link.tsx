import type { ReactNode } from "react";
import { Link } from "wouter";

/** A link that its whole row follows. What else can be pressed in the row stands above it: `ABOVE_ROW_LINK`. */
export function RowLink(props: {
  href: string;
  title?: string;
  className?: string;
  children: ReactNode;
}) {
  const { href, title, className = "", children } = props;
  return (
    <Link
      href={href}
      title={title}
      data-row-link=""
      className={`truncate outline-none after:absolute after:inset-0 ${className}`}
    >
      {children}
    </Link>
  );
}

/** For what can be pressed in a row that is a link. */
export const ABOVE_ROW_LINK = "relative z-10";
