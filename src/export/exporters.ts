import { csvExporter } from './csv.ts';
import type { Exporter } from './exporter.ts';
import { htmlExporter } from './html.ts';
import { traceExporter } from './trace.ts';

/** An exporter is one file here and one place in this list: the command line, its help and VS Code's dialogs read it. */
export const EXPORTERS: readonly Exporter[] = [traceExporter, htmlExporter, csvExporter];

/** By its id; undefined for a format that is not there. */
export function exporterOf(id: string): Exporter | undefined {
  return EXPORTERS.find((exporter) => exporter.id === id);
}

/** The one whose files are called so; undefined where no format's are. */
export function exporterFor(file: string): Exporter | undefined {
  const name = file.toLowerCase();
  return EXPORTERS.find(({ extension }) => name.endsWith(`.${extension}`));
}
