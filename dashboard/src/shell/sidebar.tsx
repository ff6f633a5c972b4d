import { Link, useRoute } from "wouter";
import { useSignedIn } from "../auth/session";
import { includesRole } from "../domain";
import { Tip } from "../ui/control/tip";
import icon from "../ui/icon.svg";
import { ConnectionStatus } from "./connection-status";
import { Icon } from "./icons";
import { OrgSwitcher } from "./org-switcher";
import { PAGES, type PageEntry } from "./pages";
import { UserMenu } from "./user-menu";

interface SidebarProps {
  onSearch: () => void;
  onShortcuts: () => void;
}

/** The pages, the organisation, and who is signed in. Between a phone and a wide screen it is a column of icons. */
export function Sidebar({ onSearch, onShortcuts }: SidebarProps) {
  return (
    <div className="flex min-h-full flex-col gap-3 p-3 md:max-lg:p-2">
      <p className="hidden items-center gap-2 px-2 pt-1 font-semibold text-base md:flex">
        <img src={icon} alt="" className="size-5" />
        <span className={LABEL}>Callslot</span>
      </p>
      <OrgSwitcher />
      <button
        type="button"
        title="Go to (Ctrl K)"
        aria-keyshortcuts="Control+K"
        onClick={onSearch}
        className="flex min-h-8 items-center gap-2 rounded-md px-2 py-1 text-left text-muted hover:bg-sunken"
      >
        <Icon name="search" />
        <span className={`flex flex-1 justify-between ${LABEL}`}>
          Go to…
          <span className="font-mono text-xs max-md:hidden">Ctrl K</span>
        </span>
      </button>
      <nav aria-label="Pages" className="flex flex-col gap-0.5">
        {PAGES.map((page) => (
          <PageLink key={page.to} page={page} />
        ))}
      </nav>
      <div className="mt-auto flex flex-col gap-2 border-line border-t pt-3">
        <ConnectionStatus />
        <UserMenu onShortcuts={onShortcuts} />
      </div>
    </div>
  );
}

/** Words beside an icon, which stay for those who hear them. */
const LABEL = "md:max-lg:sr-only";

function PageLink({ page: { to, icon: picture, name, least } }: { page: PageEntry }) {
  const { role } = useSignedIn().session;
  const [isHere] = useRoute(to);
  const look = "flex min-h-8 items-center gap-2 rounded-md px-2 py-1";
  if (least !== undefined && !includesRole(role, least)) {
    return (
      <Tip text={`This requires the role ${least}; your key has the role ${role}.`}>
        {/* biome-ignore lint/a11y/useValidAnchor: a link that leads nowhere has no address, and says why */}
        <a
          role="link"
          tabIndex={0}
          aria-disabled="true"
          className={`${look} cursor-not-allowed text-muted`}
        >
          <Icon name={picture} />
          <span className={LABEL}>{name}</span>
        </a>
      </Tip>
    );
  }
  return (
    <Link
      href={to}
      title={name}
      aria-current={isHere ? "page" : undefined}
      className={`${look} ${isHere ? "bg-accent-soft font-medium text-accent" : "hover:bg-sunken"}`}
    >
      <Icon name={picture} />
      <span className={LABEL}>{name}</span>
    </Link>
  );
}
