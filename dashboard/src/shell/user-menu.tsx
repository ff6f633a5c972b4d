import { useSignedIn } from "../auth/session";
import { useSignOut } from "../auth/sign-out";
import { Menu } from "../ui/control/menu";
import { MenuItem, MenuLine } from "../ui/control/menu-item";
import { Badge } from "../ui/text/badge";
import { Icon } from "./icons";
import { THEMES, useTheme } from "./theme";

const ABOVE = { side: "above", align: "start", gapPx: 4 } as const;

/** Who is signed in, with the theme, the shortcuts and the ways out. */
export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { role, key } = useSignedIn().session;
  const [theme, chooseTheme] = useTheme();
  const { here, everywhere, said } = useSignOut();
  return (
    <div className="flex flex-col gap-2">
      <Menu
        placing={ABOVE}
        width="min-w-52"
        button={(menu) => (
          <button
            {...menu}
            type="button"
            title={key.name}
            className="flex min-h-9 min-w-0 items-center gap-2 rounded-md px-2 text-left hover:bg-sunken aria-expanded:bg-sunken"
          >
            <Icon name="account" />
            <span className="flex min-w-0 flex-1 items-center gap-2 md:max-lg:sr-only">
              <span className="sr-only">Account: </span>
              <bdi className="min-w-0 flex-1 truncate">{key.name}</bdi>
              <Badge>{role}</Badge>
            </span>
          </button>
        )}
      >
        {THEMES.map(({ value, label }) => (
          <MenuItem
            key={value}
            kind="menuitemradio"
            isChecked={value === theme}
            onSelect={() => chooseTheme(value)}
            staysOpen
          >
            {label}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem onSelect={onShortcuts}>Keyboard shortcuts</MenuItem>
        <MenuItem onSelect={here}>Sign out</MenuItem>
        <MenuItem onSelect={everywhere} isDangerous>
          Sign out everywhere
        </MenuItem>
      </Menu>
      {said}
    </div>
  );
}
