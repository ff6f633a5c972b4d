/** Ids differ at their ends: that many characters of it are always shown. */
const END = 10;

/** An id that is cut in the middle where it does not fit. Read out and copied whole. */
export function LongId({ id }: { id: string }) {
  if (id.length <= END + 4) return <span className="font-mono text-[0.92em]">{id}</span>;
  return (
    <span
      title={id}
      className="inline-flex max-w-full min-w-0 align-middle font-mono text-[0.92em]"
    >
      <span className="truncate">{id.slice(0, -END)}</span>
      <span className="shrink-0 whitespace-nowrap">{id.slice(-END)}</span>
    </span>
  );
}
