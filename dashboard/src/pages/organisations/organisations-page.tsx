import { useBarred } from "../../auth/session";
import { Note } from "../../ui/message/note";
import { Page } from "../../ui/page/page";
import { Organisations } from "./organisations";

/** All organisations, for operators. */
export function OrganisationsPage() {
  const barred = useBarred("operator");
  if (barred === undefined) return <Organisations />;
  return (
    <Page title="Organisations">
      <Note>{barred} Your key sees its own organisation only, on the other pages.</Note>
    </Page>
  );
}
