import { Menu } from "@base-ui/react/menu";
import { useSignedIn } from "../auth/session";
import { useSignOut } from "../auth/sign-out";
import { Badge } from "../ui/text/badge";
import { Icon } from "./icons";
import { THEMES, type Theme, useTheme } from "./theme";

const ITEM =
  "flex cursor-default items-center gap-2 rounded px-2 py-1.5 outline-none data-highlighted:bg-sunken";

/** Who is signed in, with the theme, the shortcuts and the ways out. */
export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { role, key } = useSignedIn().session;
  const [theme, chooseTheme] = useTheme();
  const { here, everywhere, said } = useSignOut();
  return (
    <div className="flex flex-col gap-2">
      <Menu.Root>
        <Menu.Trigger
          title={key.name}
          className="flex min-h-9 min-w-0 items-center gap-2 rounded-md px-2 text-left hover:bg-sunken data-popup-open:bg-sunken"
        >
          <Icon name="account" />
          <span className="flex min-w-0 flex-1 items-center gap-2 md:max-lg:sr-only">
            <span className="sr-only">Account: </span>
            <bdi className="min-w-0 flex-1 truncate">{key.name}</bdi>
            <Badge>{role}</Badge>
          </span>
        </Menu.Trigger>
        {/* Inside the page, so that people who navigate by landmarks find it; the sidebar would cut it. */}
        <Menu.Portal container={document.getElementById("content") ?? document.body}>
          <Menu.Positioner side="top" align="start" sideOffset={4} className="z-30">
            <Menu.Popup className="min-w-52 rounded-md border border-line bg-raised p-1 shadow-overlay">
              <Menu.RadioGroup value={theme} onValueChange={(chosen: Theme) => chooseTheme(chosen)}>
                {THEMES.map(({ value, label }) => (
                  <Menu.RadioItem key={value} value={value} closeOnClick={false} className={ITEM}>
                    <span className="w-4">
                      <Menu.RadioItemIndicator>✓</Menu.RadioItemIndicator>
                    </span>
                    {label}
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
              <Menu.Separator className="my-1 border-line border-t" />
              <Menu.Item onClick={onShortcuts} className={ITEM}>
                Keyboard shortcuts
              </Menu.Item>
              <Menu.Item onClick={here} className={ITEM}>
                Sign out
              </Menu.Item>
              <Menu.Item onClick={everywhere} className={`${ITEM} text-danger`}>
                Sign out everywhere
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {said}
    </div>
  );
}
