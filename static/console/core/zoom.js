/** Where a picture lies on its stage: scale and shift from the middle. Pure. */
export const LARGEST = 8;

/** The scale at which the whole picture is seen; small ones are not blown up. */
export const fitScale = (picture, stage) => Math.min(1, stage.width / picture.width, stage.height / picture.height);

/** Never smaller than what fits, never beyond what makes sense. */
export const boundScale = (scale, fit) => Math.min(LARGEST, Math.max(fit, scale));

/** The view after a change of scale under which `point` (from the stage's middle) stays where it is. */
export function zoomAt(view, point, scale) {
  const ratio = scale / view.scale;
  return { scale, x: point.x - (point.x - view.x) * ratio, y: point.y - (point.y - view.y) * ratio };
}

/** A picture larger than its stage does not leave it; a smaller one stays in the middle. */
export function boundView(view, picture, stage) {
  const free = (length, room) => Math.max(0, (length * view.scale - room) / 2);
  const [across, down] = [free(picture.width, stage.width), free(picture.height, stage.height)];
  return { scale: view.scale, x: Math.min(across, Math.max(-across, view.x)), y: Math.min(down, Math.max(-down, view.y)) };
}

/** The pictures of a history, in its order, once each. */
export const picturesOf = (messages) => messages.filter(({ deleted_at: gone }) => !gone)
  .flatMap(({ attachments, author, created_at: at }) => attachments.filter(({ kind, state }) => kind === "IMAGE" && state === "READY").map((picture) => ({ ...picture, author: author.name, at })));
