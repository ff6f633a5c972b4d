import { agentColor } from "../../agent-color";
import { groundOf, STRIPES } from "../../agent-color-classes";

/** An agent's name beside its colour. A name may be written from right to left: it turns nothing that stands beside it. */
export function AgentLabel({ id, name }: { id: string; name: string }) {
  const color = agentColor(id);
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-2 align-middle">
      <span
        aria-hidden="true"
        className={`size-2.5 shrink-0 rounded-sm forced-color-adjust-none ${groundOf(color).solid}`}
        style={color.isStriped ? STRIPES : undefined}
      />
      <bdi className="truncate">{name}</bdi>
    </span>
  );
}
