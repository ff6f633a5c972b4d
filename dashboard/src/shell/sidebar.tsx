import type { ReactNode } from "react";
import { Link, useRoute } from "wouter";
import { useBarred, useSignedIn } from "../auth/session";
import { SignOut } from "../auth/sign-out";
import { useLive } from "../live/live-provider";
import { Badge } from "../ui/badge";
import icon from "../ui/icon.svg";
import { Tip } from "../ui/tip";
import { ConnectionStatus } from "./connection-status";
import { Icon, type IconName } from "./icons";
import { OrgSwitcher } from "./org-switcher";
import { ThemeChoice } from "./theme-choice";

/** The pages, the organisation, and who is signed in. */
export function Sidebar() {
  const barred = useBarred("operator");
  return (
    <div className="flex min-h-full flex-col gap-4 p-3">
      <p className="hidden items-center gap-2 px-2 pt-1 font-semibold text-base md:flex">
        <img src={icon} alt="" className="size-5" />
        Callslot
      </p>
      <OrgSwitcher />
      <nav aria-label="Pages" className="flex flex-col gap-0.5">
        <PageLink to="/concurrency" icon="concurrency">
          Concurrency
        </PageLink>
        <PageLink to="/calls" icon="calls">
          Calls
        </PageLink>
        <PageLink to="/agents" icon="agents">
          Agents
        </PageLink>
        <PageLink to="/history" icon="history">
          History
        </PageLink>
        <PageLink to="/developers" icon="developers">
          Developers
        </PageLink>
        <PageLink to="/organisations" icon="organisations" barred={barred}>
          Organisations
        </PageLink>
        <PageLink to="/plans" icon="plans" barred={barred}>
          Plans
        </PageLink>
      </nav>
      <div className="mt-auto flex flex-col gap-3 border-line border-t px-2 pt-3">
        <ConnectionStatus />
        <WhoIsSignedIn />
        <ThemeChoice />
        <SignOut />
      </div>
    </div>
  );
}

function PageLink(props: {
  to: string;
  icon: IconName;
  barred?: string | undefined;
  children: ReactNode;
}) {
  const [isHere] = useRoute(props.to);
  const look = "flex min-h-8 items-center gap-2 rounded-md px-2 py-1";
  if (props.barred !== undefined) {
    return (
      <Tip text={props.barred}>
        {/* biome-ignore lint/a11y/useValidAnchor: a link that leads nowhere has no address, and says why */}
        <a
          role="link"
          tabIndex={0}
          aria-disabled="true"
          className={`${look} cursor-not-allowed text-muted`}
        >
          <Icon name={props.icon} />
          {props.children}
        </a>
      </Tip>
    );
  }
  return (
    <Link
      href={props.to}
      aria-current={isHere ? "page" : undefined}
      className={`${look} ${isHere ? "bg-accent-soft font-medium text-accent" : "hover:bg-sunken"}`}
    >
      <Icon name={props.icon} />
      {props.children}
    </Link>
  );
}

function WhoIsSignedIn() {
  const { role, key } = useSignedIn().session;
  const plan = useLive((live) => live.pool.plan);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <p title={key.name} className="truncate text-muted">
        <span className="sr-only">Signed in with the key </span>
        {key.name}
      </p>
      <div className="flex flex-wrap items-center gap-1.5">
        <Badge>{role}</Badge>
        {plan !== undefined && <Badge kind="accent">{plan} plan</Badge>}
      </div>
    </div>
  );
}
