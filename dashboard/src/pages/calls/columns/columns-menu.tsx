import { Menu } from "@base-ui/react/menu";
import { MENU_ITEM, MenuBelow } from "../../../ui/control/menu";
import { COLUMN_NAMES, COLUMN_TEXT, DEFAULT_COLUMNS } from "./column-names";
import type { ChosenColumns } from "./use-columns";

/** Which columns the table has. The browser keeps the choice. */
export function ColumnsMenu({ columns, choose }: ChosenColumns) {
  const isDefault = columns.join() === DEFAULT_COLUMNS.join();
  return (
    <MenuBelow label="Columns">
      {COLUMN_NAMES.map((name) => {
        const isShown = columns.includes(name);
        const others = COLUMN_NAMES.filter((each) =>
          each === name ? !isShown : columns.includes(each),
        );
        return (
          <Menu.CheckboxItem
            key={name}
            checked={isShown}
            // The last one stays, or the choice would be none at all.
            disabled={others.length === 0}
            onCheckedChange={() => choose(others)}
            closeOnClick={false}
            className={MENU_ITEM}
          >
            <span className="w-4">
              <Menu.CheckboxItemIndicator>✓</Menu.CheckboxItemIndicator>
            </span>
            {COLUMN_TEXT[name]}
          </Menu.CheckboxItem>
        );
      })}
      <Menu.Separator className="my-1 border-line border-t" />
      <Menu.Item
        disabled={isDefault}
        onClick={() => choose(undefined)}
        closeOnClick={false}
        className={MENU_ITEM}
      >
        Default columns
      </Menu.Item>
    </MenuBelow>
  );
}
