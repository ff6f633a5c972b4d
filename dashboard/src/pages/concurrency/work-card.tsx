import { memo } from "react";
import type { Pool } from "../../domain";
import { count } from "../../format";
import { Tabs } from "../../ui/control/tabs";
import type { Tab } from "./address";
import { AgentSearch } from "./matrix/agent-search";
import { Matrix } from "./matrix/matrix";
import type { View } from "./matrix/matrix-rows";
import type { AgentColor } from "./pool-bar/agent-colors";
import { Waiting } from "./waiting/waiting";

interface WorkCardProps {
  pool: Pool;
  colors: ReadonlyMap<string, AgentColor>;
  tab: Tab;
  view: View;
  onTab: (tab: Tab) => void;
  onShow: (view: Partial<View>) => void;
}

/** The agents, and the calls that wait, as two tabs of one card. */
export const WorkCard = memo(function WorkCard(props: WorkCardProps) {
  const { pool, colors, tab, view, onTab, onShow } = props;
  return (
    <Tabs
      label="What is listed"
      shown={tab}
      onShow={onTab}
      beside={
        tab === "agents" && (
          <AgentSearch value={view.search} onChange={(search) => onShow({ search })} />
        )
      }
      tabs={[
        {
          key: "agents",
          name: (
            <>
              Agents <span className="text-muted">{count(pool.agents.length)}</span>
            </>
          ),
          panel: <Matrix pool={pool} colors={colors} view={view} onShow={onShow} />,
        },
        {
          key: "waiting",
          name: (
            <>
              Waiting{" "}
              <span className={pool.queued > 0 ? "text-warning" : "text-muted"}>
                {count(pool.queued)}
              </span>
            </>
          ),
          panel: <Waiting pool={pool} />,
        },
      ]}
    />
  );
});
