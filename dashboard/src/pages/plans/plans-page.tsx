import { useBarred } from "../../auth/session";
import { Note } from "../../ui/message/note";
import { Page } from "../../ui/page/page";
import { Plans } from "./plans";

/** All plans, for operators. */
export function PlansPage() {
  const barred = useBarred("operator");
  if (barred === undefined) return <Plans />;
  return (
    <Page title="Plans">
      <Note>{barred} The plan of your organisation is named in the sidebar.</Note>
    </Page>
  );
}
