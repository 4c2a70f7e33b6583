import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of the page that compares simulations with recordings of real controllers; it is shipped beside the program. */
export function accuracyPage(): string {
  // Beside the sources, or in a build below the folder that holds it.
  const places = ['../../', '../', '../../../', '../../../../'].map(
    (up) => new URL(`${up}docs/accuracy.md`, import.meta.url),
  );
  return fileURLToPath(places.find((place) => existsSync(place)) ?? (places[0] as URL));
}
