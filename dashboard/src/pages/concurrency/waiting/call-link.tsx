import { Link } from "wouter";

const TAIL = 10;

/** A call's id as a link that covers its row. What is cut is its middle: ids differ at their ends. */
export function CallLink({ id }: { id: string }) {
  return (
    <Link
      href={`/calls?call=${encodeURIComponent(id)}`}
      title={id}
      className="flex min-w-0 font-mono text-[0.92em] outline-none after:absolute after:inset-0"
    >
      <span className="truncate">{id.slice(0, -TAIL)}</span>
      <span className="shrink-0">{id.slice(-TAIL)}</span>
    </Link>
  );
}
