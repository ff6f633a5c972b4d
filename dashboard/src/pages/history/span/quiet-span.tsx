import { Link } from "wouter";
import { Button } from "../../../ui/control/button";
import { Empty } from "../../../ui/page/page";
import type { View } from "../url-state";
import { PRESETS, type Span } from "./span";

/** Shown in place of the charts if nothing happened. */
export function QuietSpan(props: { span: Span; onShow: (change: Partial<View>) => void }) {
  const { span, onShow } = props;
  const longest = PRESETS.at(-1);
  const isLongest = "preset" in span && span.preset === longest;
  return (
    <Empty
      title="No calls in this span"
      action={
        !isLongest &&
        longest !== undefined && (
          <Button onClick={() => onShow({ span: { preset: longest } })}>
            Show the last 30 days
          </Button>
        )
      }
    >
      <p>
        As soon as calls start, this page shows how many were active against the limit, how many
        waited and for how long.{" "}
        <Link href="/developers" className="text-accent underline">
          Developers
        </Link>{" "}
        has a request to start one.
      </p>
    </Empty>
  );
}
