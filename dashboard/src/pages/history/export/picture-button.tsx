import { useMutation } from "@tanstack/react-query";
import { useSignedIn } from "../../../auth/session";
import { Button } from "../../../ui/control/button";
import type { Picture } from "./picture";
import { savePicture } from "./save-picture";

/** Downloads what is shown as PNG, with its title, its span and its legends. */
export function PictureButton(props: {
  /** What is drawn, and an element that has the colours; undefined while nothing is shown. */
  take: () => { picture: Omit<Picture, "title">; within: HTMLElement } | undefined;
  name: (org: string) => string;
}) {
  const { org } = useSignedIn();
  const download = useMutation({
    mutationFn: async () => {
      const taken = props.take();
      if (taken === undefined) return;
      const picture = { title: `History of ${org}`, ...taken.picture };
      await savePicture(picture, taken.within, props.name(org));
    },
  });
  return (
    <>
      <Button disabled={download.isPending} onClick={() => download.mutate()}>
        Download PNG
      </Button>
      {download.error !== null && (
        <p role="alert" className="text-danger">
          {download.error.message}
        </p>
      )}
    </>
  );
}
