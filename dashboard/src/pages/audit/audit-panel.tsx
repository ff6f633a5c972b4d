import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, bodyOf } from "../../api/client";
import type { AuditEntry } from "../../api/named";
import { moment } from "../../format";
import { Button } from "../../ui/control/button";
import { Confirm, Panel } from "../../ui/dialog/dialog";
import { useSay } from "../../ui/message/toast-provider";
import { actorText } from "../shared/actor-text";
import { actionText, differences, isRevertible } from "./audit-words";
import { AUDIT } from "./use-audit";

/** A change: who made it, and each setting before and after. */
export function AuditPanel({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const told = differences(entry);
  return (
    <Panel
      title={actionText(entry)}
      description={`${actorText(entry.actor)}, ${moment(entry.at)}`}
      isOpen
      onClose={onClose}
    >
      {entry.object !== null && (
        <p>
          <span className="text-muted">Of </span>
          <bdi className="break-all">{entry.object}</bdi>
        </p>
      )}
      {told.length === 0 ? (
        <p className="text-muted">Nothing is known of what it was before.</p>
      ) : (
        <table className="w-full table-fixed text-left">
          <caption className="sr-only">What changed</caption>
          <thead className="text-muted">
            <tr>
              <th className="py-1 font-medium">Setting</th>
              <th className="py-1 font-medium">Before</th>
              <th className="py-1 font-medium">After</th>
            </tr>
          </thead>
          <tbody>
            {told.map(({ name, before, after }) => (
              <tr key={name} className="border-line border-t align-top">
                <th scope="row" className="py-1.5 pr-2 font-normal break-words">
                  {name}
                </th>
                <td className="py-1.5 pr-2 break-words">{before}</td>
                <td className="py-1.5 font-medium break-words">{after}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {isRevertible(entry) && (
        <div className="flex justify-end">
          <Button onClick={() => setAsking(true)}>Put back</Button>
        </div>
      )}
      {isAsking && <Revert entry={entry} onClose={() => setAsking(false)} onDone={onClose} />}
    </Panel>
  );
}

interface RevertProps {
  entry: AuditEntry;
  onClose: () => void;
  onDone: () => void;
}

/** Asks once before reservations become again what they were. */
function Revert({ entry, onClose, onDone }: RevertProps) {
  const say = useSay();
  const queries = useQueryClient();
  const revert = useMutation({
    mutationFn: () =>
      bodyOf(api.POST("/v1/audit/{seq}/revert", { params: { path: { seq: entry.seq } } })),
    onSuccess: () => {
      say("The reservations were put back.");
      void queries.invalidateQueries({ queryKey: [AUDIT] });
      onClose();
      onDone();
    },
  });
  return (
    <Confirm
      title="Put these reservations back?"
      action="Put back"
      isOpen
      isBusy={revert.isPending}
      error={revert.error}
      onConfirm={() => revert.mutate()}
      onClose={onClose}
      consequence={
        <div className="flex flex-col gap-2">
          <p>They become again, whatever happened since:</p>
          <ul className="list-disc pl-5 text-text">
            {differences(entry).map(({ name, before }) => (
              <li key={name}>
                {name}: {before === "–" ? "nothing" : before}
              </li>
            ))}
          </ul>
          <p>No call is interrupted. This is a change of its own in the audit.</p>
        </div>
      }
    />
  );
}
