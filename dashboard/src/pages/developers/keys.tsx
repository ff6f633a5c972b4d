import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useBarred, useSignedIn } from "../../auth/session";
import type { Key } from "../../domain";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { Empty, Loading, Section } from "../../ui/page/page";
import { KEYS, readOperatorKeys, readOrgKeys } from "./key-queries";
import { newestFirst } from "./key-words";
import { KeysTable } from "./keys-table";
import { RevokeKey } from "./revoke-key";
import { RotateKey } from "./rotate-key";

interface KeysProps {
  /** Whose keys: the selected organisation's, or the operators'. */
  list: "org" | "operators";
  title: string;
  description: string;
}

/** A list of API keys, for those who may see it. */
export function Keys({ list, title, description }: KeysProps) {
  const barred = useBarred("admin");
  return (
    <Section title={title} description={description}>
      {barred === undefined ? (
        <KeyList list={list} title={title} />
      ) : (
        <Note>{barred} Ask an admin of your organisation for keys.</Note>
      )}
    </Section>
  );
}

function KeyList({ list, title }: { list: KeysProps["list"]; title: string }) {
  const { org } = useSignedIn();
  const [revoking, setRevoking] = useState<Key | null>(null);
  const [rotating, setRotating] = useState<Key | null>(null);
  const read = list === "org" ? readOrgKeys : readOperatorKeys;
  const { data, error, isPending } = useQuery({
    queryKey: [KEYS, list, org],
    queryFn: ({ signal }) => read(signal),
  });
  if (isPending) return <Loading what="keys" />;
  if (data === undefined) return <ProblemNote error={error} />;
  return (
    <>
      <ProblemNote error={error} />
      {data.keys.length === 0 ? (
        <Empty title="No keys yet">
          Programs authenticate with a key. Create one with the role <em>engine</em> for a call
          engine, or <em>viewer</em> for programs that only read.
        </Empty>
      ) : (
        <KeysTable
          label={`Table of ${title}`}
          keys={newestFirst(data.keys)}
          onRotate={setRotating}
          onRevoke={setRevoking}
        />
      )}
      {data.hasMore && (
        <Note>
          There are more keys than are shown here. <code>callslot key list</code> shows all of them.
        </Note>
      )}
      {rotating !== null && <RotateKey rotated={rotating} onClose={() => setRotating(null)} />}
      {revoking !== null && <RevokeKey revoked={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}
