import { Button } from "../../../ui/control/button";
import { CopyIcon } from "../../../ui/control/copy-icon";
import { Dialog } from "../../../ui/dialog/dialog";
import { useSay } from "../../../ui/message/toast-provider";
import { type SavedView, withoutView } from "./saved-views";

/** The saved views, to copy their addresses and to delete them. */
export function ManageViews(props: {
  isOpen: boolean;
  views: readonly SavedView[];
  onChange: (views: readonly SavedView[]) => void;
  onClose: () => void;
}) {
  const { isOpen, views, onChange, onClose } = props;
  const say = useSay();
  return (
    <Dialog
      title="Saved views"
      description="Everyone who may see these calls can open a view by its address."
      isOpen={isOpen}
      onClose={onClose}
    >
      {views.length === 0 ? (
        <p className="text-muted">No saved views are left.</p>
      ) : (
        <ul className="flex flex-col">
          {views.map(({ name, href }) => (
            <li key={name} className="flex items-center gap-2 border-line border-t py-1.5">
              <bdi className="min-w-0 flex-1 truncate">{name}</bdi>
              <CopyIcon text={window.location.origin + href} what={`address of ${name}`} />
              <Button
                kind="danger"
                aria-label={`Delete ${name}`}
                onClick={() => {
                  onChange(withoutView(views, name));
                  say(`The view “${name}” is deleted.`, { undo: () => onChange(views) });
                }}
              >
                Delete
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex justify-end">
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  );
}
