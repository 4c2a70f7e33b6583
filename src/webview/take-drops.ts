/** Hands on the addresses of files that are dropped on the page. */
export function takeDrops(dropped: (uris: readonly string[]) => void): void {
  document.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('text/uri-list') === true) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    const text = event.dataTransfer?.getData('text/uri-list') ?? '';
    if (text === '') return;
    event.preventDefault();
    dropped(text.split(/\r?\n/));
  });
}
