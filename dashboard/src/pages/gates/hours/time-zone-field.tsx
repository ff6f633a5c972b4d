import { useId, useMemo } from "react";
import { useNow } from "../../../live/live-provider";
import { Field, TextInput } from "../../../ui/form/field";
import { dayAndTime, isTimeZone, timeZones } from "./time-zones";

interface TimeZoneFieldProps {
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

/** A time zone: typing a part of its name finds it. */
export function TimeZoneField({ value, error, onChange }: TimeZoneFieldProps) {
  const id = useId();
  const nowMs = useNow(30_000);
  const zones = useMemo(timeZones, []);
  const hint = isTimeZone(value)
    ? `It is ${dayAndTime(nowMs, value)} there now. Changes of summer time are followed.`
    : "Type a part of its name, such as York.";
  return (
    <>
      <Field label="Time zone" hint={hint} error={error}>
        <TextInput
          name="tz"
          list={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
      <datalist id={id}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
