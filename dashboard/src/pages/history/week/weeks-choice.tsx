import { Select } from "../../../ui/form/select";
import { WEEKS, type Weeks } from "../url-state";

const CHOICES = WEEKS.map((weeks) => ({
  value: String(weeks),
  label: `Last ${weeks} weeks`,
}));

/** Over how many weeks the hours of the week are shown. */
export function WeeksChoice(props: { weeks: Weeks; onChoose: (weeks: Weeks) => void }) {
  const choose = (value: string) => {
    const weeks = WEEKS.find((it) => String(it) === value);
    if (weeks !== undefined) props.onChoose(weeks);
  };
  return <Select label="Weeks" value={String(props.weeks)} choices={CHOICES} onChange={choose} />;
}
