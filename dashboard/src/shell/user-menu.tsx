import { useSignedIn } from "../auth/session";
import { useSignOut } from "../auth/sign-out";
import { useZone, ZONES } from "../time-zone";
import { Menu } from "../ui/control/menu";
import { MenuItem, MenuLine } from "../ui/control/menu-item";
import { DENSITIES, useDensity } from "../ui/table/density";
import { Badge } from "../ui/text/badge";
import { Icon } from "./icons";
import { THEMES, useTheme } from "./theme";

const ABOVE = { side: "above", align: "start", gapPx: 4 } as const;

/** Who is signed in, with how the pages look, the shortcuts and the ways out. */
export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { role, key } = useSignedIn().session;
  const [theme, chooseTheme] = useTheme();
  const [zone, chooseZone] = useZone();
  const [density, chooseDensity] = useDensity();
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
        <Choices choices={THEMES} chosen={theme} onChoose={chooseTheme} />
        <Choices choices={ZONES} chosen={zone} onChoose={chooseZone} />
        <Choices choices={DENSITIES} chosen={density} onChoose={chooseDensity} />
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

/** A few things of which one is so, and a line below them. */
function Choices<V extends string>(props: {
  choices: readonly { value: V; label: string }[];
  chosen: V;
  onChoose: (value: V) => void;
}) {
  return (
    <>
      {props.choices.map(({ value, label }) => (
        <MenuItem
          key={value}
          kind="menuitemradio"
          isChecked={value === props.chosen}
          onSelect={() => props.onChoose(value)}
          staysOpen
        >
          {label}
        </MenuItem>
      ))}
      <MenuLine />
    </>
  );
}
