import { Button } from "../control/button";

const DOING: Readonly<Record<string, string>> = {
  Save: "Saving…",
  Create: "Creating…",
  Delete: "Deleting…",
  Remove: "Removing…",
  Revoke: "Revoking…",
  End: "Ending…",
  Sign: "Signing out…",
};

/** What a button says while its action runs: "Save" is "Saving…" then. */
export function doing(action: string): string {
  return DOING[action.split(" ")[0] ?? ""] ?? "Working…";
}

/** The button that sends a form. While that goes on it says so, and keeps the focus. */
export function SubmitButton(props: {
  action: string;
  isBusy: boolean;
  kind?: "primary" | "danger";
  disabledBecause?: string | undefined;
}) {
  const { action, isBusy, kind = "primary", disabledBecause } = props;
  return (
    <Button
      kind={kind}
      type="submit"
      disabled={isBusy}
      focusableWhenDisabled
      disabledBecause={disabledBecause}
    >
      {isBusy ? doing(action) : action}
    </Button>
  );
}
