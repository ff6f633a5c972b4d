import { MenuBelow } from "../../../ui/control/menu";
import { MenuItem, MenuLine } from "../../../ui/control/menu-item";
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
          <MenuItem
            key={name}
            kind="menuitemcheckbox"
            isChecked={isShown}
            // The last one stays, or the choice would be none at all.
            isDisabled={others.length === 0}
            onSelect={() => choose(others)}
            staysOpen
          >
            {COLUMN_TEXT[name]}
          </MenuItem>
        );
      })}
      <MenuLine />
      <MenuItem isDisabled={isDefault} onSelect={() => choose(undefined)} staysOpen>
        Default columns
      </MenuItem>
    </MenuBelow>
  );
}
