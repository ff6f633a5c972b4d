/** The place of a table that is being read. */
export function SkeletonRows({ what }: { what: string }) {
  return (
    <div
      role="status"
      className="flex flex-col divide-y divide-line rounded-lg border border-line bg-surface shadow-card"
    >
      <span className="sr-only">Loading {what} …</span>
      {[48, 32, 40].map((rem) => (
        <div key={rem} aria-hidden="true" className="flex h-10 items-center px-3">
          <span
            className="h-3 max-w-[80%] animate-pulse rounded bg-sunken motion-reduce:animate-none"
            style={{ width: `${rem}%` }}
          />
        </div>
      ))}
    </div>
  );
}
