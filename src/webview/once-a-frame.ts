/** @returns what asks for `act`: it runs once in the next animation frame, however often it is asked for before */
export function onceAFrame(act: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      act();
    });
  };
}
