// Saves a picture as PNG, in the colours of the theme.

import { readColors } from "../../../chart/colors";
import { saveFile } from "../../shared/csv";
import { drawPicture, type Picture, sizeOf } from "./picture";

/** Saves it under a name. `within` has the colours and the font. */
export async function savePicture(
  picture: Picture,
  within: HTMLElement,
  name: string,
): Promise<void> {
  const look = {
    colors: readColors(within),
    fontFamily: getComputedStyle(within).fontFamily,
  };
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser cannot draw pictures.");
  const { width, height } = sizeOf(picture, drawPicture(context, picture, look));
  const ratio = devicePixelRatio;
  // A canvas forgets everything when its size changes, so what was drawn to measure is gone.
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context.scale(ratio, ratio);
  context.fillStyle = look.colors.surface;
  context.fillRect(0, 0, width, height);
  drawPicture(context, picture, look);
  const png = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (png === null) throw new Error("This browser could not save the picture.");
  saveFile(png, name);
}
